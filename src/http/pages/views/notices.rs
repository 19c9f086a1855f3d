//! What happened to the credentials of whoever is signed in: it stands on the account page until it is taken away.

use super::time::Moment;
use crate::app::languages::Text;
use crate::http::paths;

/// The notices, the newest first.
#[derive(Default)]
pub struct NoticesView {
    /// Those that are shown.
    pub rows: Vec<NoticeRow>,
    /// How many there are besides.
    pub more: usize,
}

/// One notice.
pub struct NoticeRow {
    /// Its id.
    pub id: String,
    /// What happened, as a sentence.
    pub what: Text,
    /// What to do about it.
    pub advice: &'static str,
    /// When.
    pub at: Moment,
    /// From where and by what, as far as that is known.
    pub facts: Vec<Text>,
    /// The page of the key that it is about, if that is still there.
    pub page: Option<String>,
}

impl NoticesView {
    /// Whether there are so many that one wants them all gone at once.
    pub fn are_many(&self) -> bool {
        self.rows.len() + self.more > 1
    }
}

impl NoticeRow {
    /// Where it is taken away.
    pub fn dismiss_path(&self) -> String {
        paths::account_notice_dismiss(&self.id)
    }
}

/// The notices of samples.
#[cfg(test)]
pub(super) mod sample {
    use super::super::filters::text;
    use super::super::keys::sample::at;
    use super::*;

    pub(in super::super) fn notices() -> NoticesView {
        let decoy = NoticeRow {
            id: "notice_01".to_owned(),
            what: text("Somebody tried the decoy {$name}.").with("name", "Backup of production"),
            advice: "Whoever did it has read the place where you left it: look who can.",
            at: at(-5_000),
            facts: vec![Text::of_words("198.51.100.4"), Text::of_words("Python requests 2.31.0")],
            page: Some(paths::of_account_key(paths::ACCOUNT_KEY, "key_04")),
        };
        let leaked = NoticeRow {
            id: "notice_02".to_owned(),
            what: text("A secret of yours ({$name}) was found where it should not be, and was put out of use.")
                .with("name", "Old laptop"),
            advice: "Give whatever uses it a new one, and find out how it got there.",
            at: at(-90_000),
            facts: Vec::new(),
            page: None,
        };
        NoticesView { rows: vec![decoy, leaked], more: 3 }
    }
}
