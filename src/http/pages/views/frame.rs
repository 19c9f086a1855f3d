//! What surrounds every page: header, navigation, links, the notice on top.

use std::sync::Arc;

use super::notice::Notice;
use crate::app::brand::Brand;
use crate::app::languages::Language;
use crate::http::assets;
use crate::http::branding;
use crate::model::colour::Accent;

/// The surroundings of a page. Every page has one in its field `frame`.
pub struct Frame {
    /// The path of the issuer, `""` or `/auth`: no `/` at its end. It stands before every link.
    pub base_path: String,
    /// The path of the page itself, without the base path; the navigation marks where one is.
    pub path: String,
    /// The token for the forms of this page; it belongs to the session, or to the visit before one.
    pub csrf_token: String,
    /// Who is signed in; `None` shows no navigation.
    pub visitor: Option<Visitor>,
    /// What was just done, or is wrong with the page as a whole.
    pub alert: Option<Alert>,
    /// What the server is called, and how it looks.
    pub brand: Arc<Brand>,
    /// The colour of the application that the page leads to, where that has one of its own.
    pub accent: Option<Accent>,
    /// What it is written in.
    pub language: Arc<Language>,
}

/// The person who is signed in.
pub struct Visitor {
    /// The full name, or where there is none the user name.
    pub name: String,
    /// Whether the pages for administrators stand in the navigation.
    pub is_admin: bool,
}

/// One sentence on top of a page.
pub struct Alert {
    /// How it looks.
    pub kind: AlertKind,
    /// The sentence.
    pub text: String,
}

/// How an [`Alert`] looks, and whether a screen reader interrupts for it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum AlertKind {
    /// It was done.
    Success,
    /// Good to know.
    Note,
    /// It was not done.
    Problem,
}

impl Frame {
    /// The surroundings of a page at `path`, nobody signed in, nothing to tell.
    pub fn new(base_path: &str, path: &str, csrf_token: &str) -> Self {
        Self {
            base_path: base_path.trim_end_matches('/').to_owned(),
            path: path.to_owned(),
            csrf_token: csrf_token.to_owned(),
            visitor: None,
            alert: None,
            brand: Arc::default(),
            accent: None,
            language: Language::of_the_source(),
        }
    }

    /// The same, of a server that is called and looks like this.
    pub fn branded(mut self, brand: &Arc<Brand>) -> Self {
        self.brand = Arc::clone(brand);
        self
    }

    /// The same, in the colour of the application that the page leads to.
    pub fn coloured(mut self, accent: Option<Accent>) -> Self {
        self.accent = accent;
        self
    }

    /// The same, in this language.
    pub fn in_language(mut self, language: Arc<Language>) -> Self {
        self.language = language;
        self
    }

    /// The link to the picture that stands in place of the mark.
    pub fn logo(&self) -> Option<String> {
        self.brand.logo.as_ref().map(|logo| self.to(branding::logo_path(&logo.version)))
    }

    /// The link to the style sheet of the application's colours, or of the server's own.
    pub fn colours(&self) -> Option<String> {
        let accent = self.accent.map(Accent::pair).or(self.brand.accent);
        accent.map(|accent| self.to(branding::colours_path(accent)))
    }

    /// The same, with `visitor` signed in.
    pub fn signed_in(mut self, visitor: Visitor) -> Self {
        self.visitor = Some(visitor);
        self
    }

    /// The same, with the notice of what was just done.
    pub fn with_notice(mut self, notice: Option<Notice>) -> Self {
        self.alert = notice.map(|notice| Alert { kind: AlertKind::Success, text: notice.text().to_owned() });
        self
    }

    /// The same, with a sentence that says what went wrong.
    pub fn with_problem(mut self, text: &str) -> Self {
        self.alert = Some(Alert { kind: AlertKind::Problem, text: text.to_owned() });
        self
    }

    /// `path` (see [`paths`](crate::http::paths)) as a link.
    pub fn to(&self, path: impl AsRef<str>) -> String {
        format!("{}{}", self.base_path, path.as_ref())
    }

    /// The link to the embedded file `name`.
    pub fn asset(&self, name: &str) -> String {
        self.to(assets::url(name))
    }

    /// Whether this page is the one at `path` or stands below it.
    pub fn is_within(&self, path: &str) -> bool {
        self.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

impl Alert {
    /// The end of the class name.
    pub fn style(&self) -> &'static str {
        match self.kind {
            AlertKind::Success => "success",
            AlertKind::Note => "note",
            AlertKind::Problem => "problem",
        }
    }

    /// `alert` interrupts a screen reader, `status` waits.
    pub fn role(&self) -> &'static str {
        match self.kind {
            AlertKind::Success | AlertKind::Note => "status",
            AlertKind::Problem => "alert",
        }
    }
}

/// The way through a long list. Cursors are opaque, so there is a way on and a way to the start, and none back.
#[derive(Default)]
pub struct Pagination {
    /// The path of the first page, with its query; `None` on the first page.
    pub first: Option<String>,
    /// The path of the next page, with its query; `None` on the last page.
    pub next: Option<String>,
}

/// The frames of samples.
#[cfg(test)]
pub(super) mod sample {
    use super::Frame;
    use super::Visitor;

    pub(in super::super) fn anonymous(path: &str) -> Frame {
        Frame::new("", path, "c5rfT0kenForSamples")
    }

    pub(in super::super) fn admin(path: &str) -> Frame {
        anonymous(path).signed_in(Visitor { name: "Ada Lovelace".to_owned(), is_admin: true })
    }

    pub(in super::super) fn user(path: &str) -> Frame {
        Frame::new("/auth", path, "c5rfT0kenForSamples")
            .signed_in(Visitor { name: "grace".to_owned(), is_admin: false })
    }
}
