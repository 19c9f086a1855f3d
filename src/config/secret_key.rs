//! The server's secret key: from the configuration, or from a file that is made at the first start.

use std::fmt;
use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::path::PathBuf;

use zeroize::Zeroizing;

use super::Config;
use super::database_url::DatabaseUrl;
use super::setting::Form;
use super::setting::Kind;

/// 256 bits that nobody else knows.
#[derive(Clone)]
pub struct SecretKey(Zeroizing<[u8; 32]>);

impl SecretKey {
    /// Reads 64 hex digits.
    ///
    /// # Errors
    /// What is wrong, as the rest of a sentence, without what was read.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut key = Zeroizing::new([0; 32]);
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(format!("must be 64 hex digits, not {} characters", text.chars().count()));
        }
        for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
            let [high, low] = [pair[0], pair[1]].map(|digit| char::from(digit).to_digit(16));
            let value = high.zip(low).and_then(|(high, low)| u8::try_from(high << 4 | low).ok());
            *byte = value.ok_or("must be 64 hex digits, but holds something else")?;
        }
        if key.iter().all(|byte| *byte == key[0]) {
            return Err("is one byte repeated, which is no secret; make one with `openssl rand -hex 32`".to_owned());
        }
        Ok(Self(key))
    }

    /// The key itself.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// 64 hex digits and a line end.
    fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(65));
        for byte in *self.0 {
            for digit in [byte >> 4, byte & 15] {
                text.extend(char::from_digit(digit.into(), 16));
            }
        }
        text.push('\n');
        text
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// The key in use, and those that it replaced.
#[derive(Debug, Clone)]
pub struct SecretKeys {
    current: SecretKey,
    previous: Vec<SecretKey>,
}

impl SecretKeys {
    /// The keys that `config` names; where it names none, the key in the file beside the database, which is made where
    /// it does not exist, from what `fill` gives. Of several processes that make it at once one wins, and all use its
    /// key.
    ///
    /// # Errors
    /// The file can't be read or made, or does not hold a key.
    pub fn open(config: &Config, fill: impl Fn(&mut [u8])) -> Result<Self, SecretKeyError> {
        let current = match &config.secret_key {
            Some(key) => key.clone(),
            None => read_or_create(&key_file(&config.database_url), fill)?,
        };
        Ok(Self { current, previous: config.previous_secret_keys.clone() })
    }

    /// The key that everything new is made with.
    pub fn current(&self) -> &[u8; 32] {
        self.current.expose()
    }

    /// The key in use and then those that it replaced, to try in this order on what was made before.
    pub fn all(&self) -> impl Iterator<Item = &[u8; 32]> {
        std::iter::once(self.current()).chain(self.previous.iter().map(SecretKey::expose))
    }
}

/// Why there is no secret key.
#[derive(Debug, thiserror::Error)]
pub enum SecretKeyError {
    /// The file exists and can't be read.
    #[error("the secret key can't be read from {}: {cause}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// The file does not hold a key.
    #[error(
        "the secret key in {} {wrong}; put the file back as it was, for what it encrypted is lost without it",
        path.display()
    )]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        wrong: String,
    },
    /// The file can't be made.
    #[error(
        "the secret key can't be kept in {}: {cause}; make that folder writable, or set HALLPASS_SECRET_KEY or \
         secret_key_file",
        path.display()
    )]
    NotCreated {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
}

/// The file that the key is kept in; `None` where the configuration itself holds it, or says where it is.
pub fn file(config: &Config) -> Option<PathBuf> {
    config.secret_key.is_none().then(|| key_file(&config.database_url))
}

/// The file of the key: beside a database that is a file, else in the working folder.
fn key_file(database: &DatabaseUrl) -> PathBuf {
    let mut name = database.sqlite_path().unwrap_or(Path::new("hallpass")).as_os_str().to_owned();
    name.push(".key");
    PathBuf::from(name)
}

/// Reads the key; makes it first where there is none.
fn read_or_create(path: &Path, fill: impl Fn(&mut [u8])) -> Result<SecretKey, SecretKeyError> {
    if let Some(key) = read(path)? {
        return Ok(key);
    }
    create(path, fill).map_err(|cause| SecretKeyError::NotCreated { path: path.to_owned(), cause })?;
    read(path)?.ok_or_else(|| SecretKeyError::NotCreated {
        path: path.to_owned(),
        cause: io::Error::new(io::ErrorKind::NotFound, "it vanished right after it was made"),
    })
}

/// Reads the key; `None` where there is no such file.
fn read(path: &Path) -> Result<Option<SecretKey>, SecretKeyError> {
    let unreadable = |cause| SecretKeyError::Unreadable { path: path.to_owned(), cause };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    let mode = file.metadata().map_err(unreadable)?.permissions().mode();
    if mode & 0o077 != 0 {
        tracing::warn!(
            file = %path.display(),
            mode = format!("{:o}", mode & 0o777),
            "others on this machine can read the secret key; run `chmod 600` on it, and replace the key if they might have"
        );
    }
    let text = Zeroizing::new(io::read_to_string(file).map_err(unreadable)?);
    let key = SecretKey::parse(text.trim());
    key.map(Some).map_err(|wrong| SecretKeyError::Malformed { path: path.to_owned(), wrong })
}

/// Makes the file, whole and readable by its owner alone, or leaves the one that somebody else made meanwhile.
fn create(path: &Path, fill: impl Fn(&mut [u8])) -> io::Result<()> {
    let mut key = SecretKey(Zeroizing::new([0; 32]));
    fill(&mut *key.0);
    let mut unique = [0; 8];
    fill(&mut unique);
    let mut draft = path.to_owned().into_os_string();
    draft.push(format!(".{:016x}", u64::from_ne_bytes(unique)));
    let draft = PathBuf::from(draft);

    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    let written = file.write_all(key.to_text().as_bytes()).and_then(|()| file.sync_all());
    // A link takes the name only where it is free, and what it then names is whole.
    let linked = written.and_then(|()| fs::hard_link(&draft, path));
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// The kind of the setting `secret_key`; empty means that it is kept in a file beside the database.
pub(super) struct Key;

impl Kind for Key {
    type Value = Option<SecretKey>;
    const FORM: Form = Form::Text;
    const SECRET: bool = true;

    fn parse(&self, text: &str) -> Result<Option<SecretKey>, String> {
        if text.is_empty() { Ok(None) } else { SecretKey::parse(text).map(Some) }
    }

    fn allowed(&self) -> String {
        "64 hex digits, such as `openssl rand -hex 32` prints".to_owned()
    }

    fn show(&self, _text: &str) -> String {
        "[secret]".to_owned()
    }
}

/// The kind of the setting `previous_secret_keys`; in a file each may stand on a line of its own.
pub(super) struct Keys;

impl Kind for Keys {
    type Value = Vec<SecretKey>;
    const FORM: Form = Form::List;
    const SECRET: bool = true;

    fn parse(&self, text: &str) -> Result<Vec<SecretKey>, String> {
        let keys = text.split(|c: char| c == ',' || c.is_whitespace()).filter(|key| !key.is_empty());
        let parse = |(index, key)| SecretKey::parse(key).map_err(|wrong| format!("number {} {wrong}", index + 1));
        keys.enumerate().map(parse).collect()
    }

    fn allowed(&self) -> String {
        "keys of 64 hex digits".to_owned()
    }

    fn show(&self, _text: &str) -> String {
        "[secret]".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU8;
    use std::sync::atomic::Ordering;

    use super::*;

    const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF";

    #[test]
    fn a_key_is_64_hex_digits() {
        let key = SecretKey::parse(KEY).unwrap();
        assert_eq!(key.expose()[..3], [0x00, 0x11, 0x22]);
        assert_eq!(key.to_text().trim(), KEY.to_lowercase());
        assert_eq!(format!("{key:?}"), "[secret]");
        let zeros = "0".repeat(64);
        let foreign = format!("{}é", "0".repeat(62));
        for text in [
            "",
            "00",
            KEY.trim_start_matches("00"),
            "zz112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
            &zeros,
            &foreign,
        ] {
            assert!(SecretKey::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_wrong_key_is_not_repeated_in_the_error() {
        let wrong = format!("hunter2{}", "0".repeat(57));
        assert!(!SecretKey::parse(&wrong).unwrap_err().contains("hunter2"));
    }

    #[test]
    fn keys_in_a_file_may_stand_on_lines() {
        assert_eq!(Keys.parse(&format!("{KEY}\n{KEY}\n")).unwrap().len(), 2);
        assert!(Keys.parse(&format!("{KEY},00")).unwrap_err().starts_with("number 2"));
    }

    #[test]
    fn the_first_start_makes_a_key_that_only_the_owner_can_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hallpass.db.key");
        let made = read_or_create(&path, |bytes| (0..).zip(bytes).for_each(|(i, byte)| *byte = i)).unwrap();
        let found = read_or_create(&path, |_| panic!("there is a key")).unwrap();
        assert_eq!(made.expose(), found.expose());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn processes_that_start_at_once_end_with_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hallpass.db.key");
        let next = AtomicU8::new(1);
        let fill = |bytes: &mut [u8]| bytes.fill_with(|| next.fetch_add(1, Ordering::Relaxed));
        let keys: Vec<_> = std::thread::scope(|scope| {
            let started: Vec<_> = (0..16).map(|_| scope.spawn(|| read_or_create(&path, fill).unwrap())).collect();
            started.into_iter().map(|thread| *thread.join().unwrap().expose()).collect()
        });
        assert!(keys.iter().all(|key| *key == keys[0]));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_without_a_key_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hallpass.db.key");
        fs::write(&path, "").unwrap();
        assert!(matches!(read_or_create(&path, |_| {}), Err(SecretKeyError::Malformed { .. })));
        assert_eq!(fs::read(&path).unwrap(), b"");
    }
}
