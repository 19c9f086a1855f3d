//! A password for a user: read from standard input, or made.

use std::io;
use std::io::BufRead;

use zeroize::Zeroizing;

use crate::cli::failure::Failure;
use crate::config::Config;
use crate::model::password;
use crate::model::password::PasswordHash;
use crate::model::secret::Secret;
use crate::random::Random;
use crate::server;

/// The most bytes that are read of a line; a password has far fewer.
const LONGEST_LINE: u64 = 16 * 1024;

/// Letters and digits that nobody takes for one another; 32 of them, so that each byte's lower bits choose evenly.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A password's hash, and the password itself where it was made here and has to be shown. It may hold none of the
/// user's own `names`.
pub async fn choose(
    config: &Config,
    from_input: bool,
    names: &[&str],
) -> Result<(Option<Secret>, PasswordHash), Failure> {
    let (password, made) = if from_input {
        (first_line(io::stdin().lock())?, None)
    } else {
        let made = make();
        (made.clone(), Some(made))
    };
    let allowed = password::check_new_password(&password, names);
    allowed.map_err(|error| Failure(format!("the password {error}")))?;
    let hash = server::open_passwords(config).hash(password).await?;
    Ok((made, hash))
}

/// The first line, without its end.
fn first_line(input: impl BufRead) -> Result<Secret, Failure> {
    let mut line = Zeroizing::new(String::new());
    let read = input.take(LONGEST_LINE).read_line(&mut line);
    read.map_err(|error| Failure(format!("the password can't be read from standard input: {error}")))?;
    let line = line.strip_suffix('\n').unwrap_or(&line);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() {
        return Err(Failure("there is no password on the first line of standard input".to_owned()));
    }
    Ok(Secret::from(line))
}

/// A password of 100 random bits, in groups that can be read out: `xxxx-xxxx-xxxx-xxxx-xxxx`.
pub fn make() -> Secret {
    let bytes = Zeroizing::new(Random.bytes::<20>());
    let mut text = String::with_capacity(24);
    for (index, byte) in bytes.iter().enumerate() {
        if index > 0 && index % 4 == 0 {
            text.push('-');
        }
        text.push(char::from(ALPHABET[usize::from(byte & 31)]));
    }
    Secret::new(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_the_first_line_without_its_end() {
        for (input, password) in [("pässword\n", "pässword"), ("a b \r\nc", "a b "), ("x", "x")] {
            assert_eq!(first_line(input.as_bytes()).unwrap().expose(), password);
        }
        assert!(first_line("\n".as_bytes()).is_err());
        assert!(first_line("".as_bytes()).is_err());
        assert!(first_line(&b"\xff\n"[..]).is_err());
    }

    #[test]
    fn a_made_password_can_be_read_out() {
        let made = make();
        assert_eq!(made.expose().len(), 24);
        assert!(made.expose().split('-').all(|group| group.len() == 4));
        assert_ne!(made.expose(), make().expose());
    }
}
