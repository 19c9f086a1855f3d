//! Rules of the house that the compiler does not check: who may import whom, and what no file has.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;

/// A Rust file of the repository.
struct File {
    /// Its path from the repository's root, with `/` between.
    path: String,
    text: String,
}

impl File {
    /// The room below `src` that it stands in: `store`, `http`, `main`.
    fn room(&self) -> &str {
        let below = self.path.strip_prefix("src/").expect("a file of src");
        below.split(['/', '.']).next().unwrap()
    }

    /// Its lines of code with their numbers: no comments, whose links may lead anywhere, and no texts.
    fn code(&self) -> impl Iterator<Item = (usize, String)> {
        let lines = self.text.lines().enumerate().map(|(at, line)| (at + 1, line));
        lines.map(|(at, line)| (at, without_texts(line.split("//").next().unwrap())))
    }

    /// What stands behind `crate::` in its code: a room, and where it says so the next segment.
    fn imports(&self) -> Vec<(usize, String)> {
        let mut imports = Vec::new();
        for (at, line) in self.code() {
            for (before, _) in line.match_indices("crate::") {
                // `$crate` and the ends of longer words are none.
                if line[..before].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                    continue;
                }
                let rest = &line[before + "crate::".len()..];
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').unwrap_or(rest.len());
                imports.push((at, rest[..end].trim_end_matches(':').to_owned()));
            }
        }
        imports
    }
}

/// The line without what stands between quotation marks.
fn without_texts(line: &str) -> String {
    let line = line.replace("\\\"", "");
    line.split('"').enumerate().filter(|(at, _)| at % 2 == 0).map(|(_, part)| part).collect::<Vec<_>>().join("\"\"")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn rust_files(folder: &str) -> Vec<File> {
    let mut files = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let path = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
                files.push(File { path, text });
            }
        }
    }
    assert!(!files.is_empty(), "{folder}");
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}

/// Files of the repository that are Rust, wherever they stand.
fn all_rust_files() -> Vec<File> {
    ["src", "tests", "benches", "examples"].into_iter().flat_map(rust_files).collect()
}

/// The table of docs/ARCHITECTURE.md. `None`: anything.
const MAY_IMPORT: &[(&str, Option<&[&str]>)] = &[
    ("json", Some(&[])),
    ("tls", Some(&[])),
    ("model", Some(&[])),
    ("jose", Some(&["model", "json"])),
    ("webauthn", Some(&["json", "jose"])),
    ("clock", Some(&["model"])),
    ("random", Some(&["model"])),
    ("config", Some(&["model"])),
    ("store", Some(&["model", "config"])),
    ("principal", Some(&["model", "clock", "jose"])),
    ("introspection", Some(&["model", "clock", "json", "tls", "principal"])),
    ("outbound", Some(&["model", "config", "tls"])),
    ("domain", Some(&["model", "json", "jose", "webauthn", "store", "config", "clock", "random"])),
    ("metrics", Some(&[])),
    ("app", Some(&["model", "metrics", "store", "config", "clock", "random", "outbound", "domain"])),
    ("http", Some(&["model", "metrics", "json", "jose", "principal", "domain", "app", "config", "random", "outbound"])),
    ("logging", None),
    ("server", None),
    ("cli", None),
    ("main", None),
    ("lib", None),
];

#[test]
fn imports_point_downwards() {
    let mut wrong = Vec::new();
    for file in rust_files("src") {
        let rule = MAY_IMPORT.iter().find(|(room, _)| *room == file.room());
        let (room, may) = rule.unwrap_or_else(|| panic!("{}: docs/ARCHITECTURE.md has no room for it", file.path));
        let Some(may) = may else { continue };
        for (line, import) in file.imports() {
            let other = import.split("::").next().unwrap();
            if other == *room || may.contains(&other) {
                continue;
            }
            // What the database says becomes what the answer says; that is all that `http` knows of the store.
            if file.path == "src/http/failure.rs" && import == "store::StoreError" {
                continue;
            }
            wrong.push(format!("{}:{line}: {room} may not import crate::{import}", file.path));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The library's own name would be a way around the table.
#[test]
fn nobody_goes_around_by_the_crates_own_name() {
    for file in rust_files("src").iter().filter(|file| file.room() != "main") {
        for (line, code) in file.code() {
            assert!(!code.contains("hallpass::"), "{}:{line}: {code}", file.path);
        }
    }
}

/// Each crate that decides something stands behind one door, so that another can take its place.
const THIRD_PARTIES: &[(&str, &[&str])] = &[
    ("actix_web", &["src/http/", "src/principal/", "src/server.rs", "src/server/"]),
    ("askama", &["src/http/"]),
    ("serde_path_to_error", &["src/http/"]),
    ("utoipa", &["src/http/api/"]),
    ("qrcodegen", &["src/http/pages/views/qr.rs"]),
    ("diesel", &["src/store/"]),
    ("diesel_migrations", &["src/store/"]),
    ("r2d2", &["src/store/"]),
    ("libsqlite3_sys", &[]),
    ("openssl", &["src/jose/", "src/tls.rs", "src/webauthn/tests.rs"]),
    ("openssl_probe", &["src/tls.rs"]),
    ("tokio_openssl", &["src/tls.rs"]),
    ("prometheus_client", &["src/metrics.rs"]),
    ("hyper", &["src/outbound/", "src/introspection/"]),
    ("hyper_util", &["src/outbound/", "src/introspection/"]),
    ("http_body_util", &["src/outbound/", "src/introspection/"]),
    ("lettre", &["src/outbound/smtp.rs"]),
    ("pq_sys", &[]),
    ("oxide_auth", &["src/domain/oauth/engine.rs"]),
    ("chrono", &["src/domain/oauth/engine.rs"]),
    ("argon2", &["src/domain/passwords.rs"]),
    ("boon", &["src/domain/detail_schema.rs"]),
    ("rustix", &["src/domain/passwords.rs"]),
    ("socket2", &["src/server/stopping.rs"]),
    (
        "base64",
        &[
            "src/principal/authorization.rs",
            "src/model/pkce.rs",
            "src/model/digest.rs",
            "src/model/thumbprint.rs",
            "src/domain/csrf.rs",
            "src/domain/cursor.rs",
            "src/domain/factors/",
            "src/jose/",
            "src/webauthn/",
            "src/domain/oauth/dpop.rs",
        ],
    ),
    ("minicbor", &["src/webauthn/cbor.rs"]),
    ("crc32fast", &["src/model/token.rs"]),
    ("hmac", &["src/domain/"]),
    ("subtle", &["src/model/pkce.rs", "src/domain/passwords.rs"]),
    ("getrandom", &["src/random.rs"]),
    ("uuid", &["src/model/id.rs", "src/random.rs"]),
    ("caseless", &["src/model/"]),
    ("unicode_security", &["src/model/"]),
    ("clap", &["src/cli/"]),
    ("config", &["src/config/"]),
    ("toml", &["src/config/"]),
    ("strsim", &["src/config/"]),
];

#[test]
fn third_parties_keep_to_their_rooms() {
    let mut wrong = Vec::new();
    for file in rust_files("src") {
        for (line, code) in file.code() {
            for (name, rooms) in THIRD_PARTIES {
                if names_crate(&code, name) && !rooms.iter().any(|room| file.path.starts_with(room)) {
                    wrong.push(format!("{}:{line}: {name} is not for this room", file.path));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // A crate that is no longer used would leave a rule that says nothing.
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    for (name, _) in THIRD_PARTIES {
        let known =
            |line: &str| line.split(['=', '.', ' ']).next().is_some_and(|known| known.replace('-', "_") == *name);
        assert!(manifest.lines().any(known), "{name} is no dependency any more");
    }
}

/// Whether `code` begins a path with this crate, and not with a module or a variable of the same name.
fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(&format!("{name}::")).any(|(at, _)| {
        let before = &code[..at];
        let is_whole = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let is_first = !before.ends_with("::") || before.ends_with(" ::");
        // `config` is also a module and an argument; the crate is meant where a `use` begins with it.
        is_whole && is_first && (name != "config" || before.trim_end().ends_with("use"))
    })
}

/// One line, one name: a change shows what it changed, and two changes don't meet in one line.
#[test]
fn each_use_names_one_thing() {
    for file in all_rust_files() {
        for (line, code) in file.code() {
            let code = code.trim_start();
            let is_use =
                ["use ", "pub use ", "pub(super) use ", "pub(crate) use "].iter().any(|way| code.starts_with(way));
            if !is_use {
                continue;
            }
            assert!(!code.contains('{'), "{}:{line}: {code}", file.path);
            // What a crate made for this, and a file's own names in its tests.
            let is_meant = code.ends_with("::prelude::*;") || code == "use super::*;";
            assert!(
                !code.contains('*') || is_meant || file.path.ends_with("_tests.rs"),
                "{}:{line}: {code}",
                file.path
            );
            // A room shows what is its own, nothing of another room's or crate's.
            if code.starts_with("pub") && code.contains("::") {
                let shown = code.split("use ").nth(1).unwrap();
                let from = shown.split("::").next().unwrap();
                let neighbours = Path::new(&file.path).parent().unwrap();
                let is_own =
                    ["rs", ""].iter().any(|end| root().join(neighbours).join(from).with_extension(end).exists());
                assert!(is_own, "{}:{line}: {code}", file.path);
            }
        }
    }
}

#[test]
fn no_file_says_what_no_file_may_say() {
    let words = ["unsafe ", "unsafe{", "#[allow", "#![allow", "todo!", "unimplemented!", "dbg!", "static mut "];
    for file in all_rust_files() {
        let here = file.path == "tests/suite/architecture.rs";
        for (line, code) in file.code() {
            for word in words {
                assert!(!code.contains(word), "{}:{line}: {code}", file.path);
            }
        }
        for (line, text) in file.text.lines().enumerate() {
            let note = ["TODO", "FIXME", "XXX", "HACK"].into_iter().find(|note| text.contains(note));
            assert!(here || note.is_none(), "{}:{}: {text}", file.path, line + 1);
        }
    }
}

/// A file that says what it is, and is no longer than one can keep in mind.
#[test]
fn each_file_begins_with_what_it_is_and_ends_in_time() {
    for file in all_rust_files() {
        assert!(file.text.starts_with("//! "), "{} does not say what it is", file.path);
    }
    for file in rust_files("src") {
        let length = file.text.lines().count();
        assert!(length <= 600, "{} has {length} lines; it is more than one thing", file.path);
    }
}

/// `RFC 6749 §4.1` and in no other way, so that a search finds all that rests on a section. (RFC 6749 §5.2 keeps `§` out
/// of what is sent, so texts go without.)
#[test]
fn sections_are_cited_in_one_way() {
    for file in all_rust_files() {
        for (line, text) in file.text.lines().enumerate() {
            let Some((_, comment)) = text.split_once("//") else { continue };
            for (at, _) in comment.match_indices("RFC") {
                let rest = &comment[at + 3..];
                let number = rest.strip_prefix(' ').map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
                let Some(behind) = number.filter(|behind| behind.len() < rest.len() - 1) else {
                    assert!(
                        !rest.starts_with(|c: char| c.is_ascii_digit() || c == '-'),
                        "{}:{}: {text}",
                        file.path,
                        line + 1
                    );
                    continue;
                };
                for word in [" section", " Section", " Sec.", " S.", "§", ", section", " sect"] {
                    assert!(!behind.starts_with(word), "{}:{}: {text}", file.path, line + 1);
                }
            }
        }
    }
}

/// A test that nobody runs shows nothing.
#[test]
fn each_file_of_tests_is_registered() {
    for (folder, list) in [("tests/suite", "main.rs"), ("tests/suite/support", "mod.rs")] {
        let registered: BTreeSet<String> = std::fs::read_to_string(root().join(folder).join(list))
            .unwrap()
            .lines()
            .filter_map(|line| {
                line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';').map(str::to_owned)
            })
            .collect();
        let there: BTreeSet<String> = std::fs::read_dir(root().join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.file_name().is_some_and(|name| name != list))
            .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
            .collect();
        assert_eq!(registered, there, "{folder}");
    }
}

/// Each test is alone: what one needs of others stands in `support`.
#[test]
fn tests_import_no_other_tests() {
    for file in rust_files("tests/suite") {
        for (line, import) in file.imports() {
            assert!(import.starts_with("support"), "{}:{line}: crate::{import}", file.path);
        }
    }
}

/// Grants are ways to a token that know nothing of each other.
#[test]
fn grants_do_not_import_each_other() {
    for file in rust_files("src/domain/oauth/grants") {
        for (line, import) in file.imports() {
            assert!(!import.starts_with("domain::oauth::grants"), "{}:{line}: crate::{import}", file.path);
        }
    }
}

/// The table above is the one that people read.
#[test]
fn the_documented_table_is_this_one() {
    let text = std::fs::read_to_string(root().join("docs/ARCHITECTURE.md")).unwrap();
    let mut documented: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let quoted = |cell: &str| -> BTreeSet<String> {
        let words = cell.split('`').enumerate().filter(|(at, _)| at % 2 == 1);
        words.map(|(_, word)| word.to_owned()).collect()
    };
    let rows = text.lines().skip_while(|line| !line.starts_with("| floor |")).skip(2);
    for row in rows.take_while(|row| row.starts_with('|')) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
        for room in quoted(cells[0]) {
            documented.insert(room, quoted(cells[1].split(';').next().unwrap()));
        }
    }
    for (room, may) in MAY_IMPORT.iter().filter(|(room, _)| !matches!(*room, "app" | "lib")) {
        let expected: BTreeSet<String> = may.unwrap_or_default().iter().map(|other| (*other).to_owned()).collect();
        assert_eq!(documented.get(*room), Some(&expected), "{room}");
    }
}
