//! Where the next page of a list begins: a text that only this server can make, so that nobody builds on what is in it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Hmac;
use hmac::Mac;
use sha2::Sha256;

use crate::domain::keyed_hash;

/// How much of the hash a cursor carries: nothing is won by guessing it.
const TAG: usize = 16;

/// The cursor that leads on behind `position` in the list called `list`.
pub fn seal(key: &[u8; 32], list: &str, position: &str) -> String {
    let tag = mac(key, list, position.as_bytes()).finalize().into_bytes();
    let tag = tag.iter().take(TAG);
    URL_SAFE_NO_PAD.encode(tag.chain(position.as_bytes()).copied().collect::<Vec<u8>>())
}

/// The position in a cursor of this list; `None` for everything that [`seal`] has not made with one of `keys`.
pub fn open<'k>(keys: impl Iterator<Item = &'k [u8; 32]>, list: &str, cursor: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (tag, position) = bytes.split_at_checked(TAG)?;
    let mut keys = keys;
    keys.any(|key| mac(key, list, position).verify_truncated_left(tag).is_ok())
        .then(|| String::from_utf8(position.to_vec()).ok())?
}

fn mac(key: &[u8; 32], list: &str, position: &[u8]) -> Hmac<Sha256> {
    let mut mac = keyed_hash::begin(key);
    for part in [b"cursor", list.as_bytes()] {
        mac.update(part);
        mac.update(&[0]);
    }
    mac.update(position);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_on_in_its_own_list_and_in_no_other() {
        let cursor = seal(&[1; 32], "users", "user_1");
        let keys = [[2; 32], [1; 32]];
        assert_eq!(open(keys.iter(), "users", &cursor).as_deref(), Some("user_1"));
        assert_eq!(open(keys.iter(), "keys", &cursor), None);
        assert_eq!(open([[2; 32]].iter(), "users", &cursor), None);
    }

    #[test]
    fn what_was_changed_is_none() {
        let cursor = seal(&[1; 32], "users", "user_1");
        for at in 0..cursor.len() {
            let mut changed = cursor.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(open([[1; 32]].iter(), "users", &changed), None, "{changed}");
        }
        for text in
            ["", "x", "user_1", cursor.get(1..).unwrap_or_default(), &format!("{cursor}A"), &format!("{cursor}=")]
        {
            assert_eq!(open([[1; 32]].iter(), "users", text), None, "{text}");
        }
    }
}
