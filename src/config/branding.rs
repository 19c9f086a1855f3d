//! Section `branding`: how pages are called and look.

use std::path::PathBuf;

use super::kinds::FilePath;
use super::setting::Form;
use super::setting::Kind;
use super::setting::section;
use crate::model::colour::Colour;

section! {
    /// How pages are called and look. People should recognise at a glance whose sign-in page they are on.
    pub struct Branding in "branding." {
        /// What stands beside the mark and in the title of each page.
        name: String = "name", Name, "Hallpass";
        /// A file with a picture that stands in place of the mark: SVG, PNG or WebP of 32 KiB at most, square. The path begins
        /// at the working folder unless it begins with `/`.
        logo_file: Option<PathBuf> = "logo_file", FilePath, "";
        /// The colour of links and buttons.
        accent: Option<Colour> = "accent", Accent { ground: Colour::LIGHT_GROUND, place: "white" }, "";
        /// The same where the system is dark. By default it is made of `branding.accent`.
        accent_dark: Option<Colour> = "accent_dark", Accent { ground: Colour::DARK_GROUND, place: "the dark ground" }, "";
        /// The language of pages for whoever's browser asks for none that there is: `en`, `de`, or one of `branding.languages_folder`.
        language: String = "language", Tag, "en";
        /// A folder with files of more languages in the form of Project Fluent: `fr.ftl` is French. One that is built in is replaced
        /// by its file. `locales/de.ftl` of the source has all texts.
        languages_folder: Option<PathBuf> = "languages_folder", FilePath, "";
    }
}

/// The tag of a language (BCP 47).
struct Tag;

impl Kind for Tag {
    type Value = String;
    const FORM: Form = Form::Text;

    fn parse(&self, text: &str) -> Result<String, String> {
        let is_part = |part: &str| matches!(part.len(), 1..=8) && part.chars().all(|c| c.is_ascii_alphanumeric());
        if text.split('-').all(is_part) { Ok(text.to_owned()) } else { Err(format!("{text:?} is no language")) }
    }

    fn allowed(&self) -> String {
        "a tag such as `de` or `pt-BR`".to_owned()
    }
}

/// What a server calls itself.
struct Name;

impl Kind for Name {
    type Value = String;
    const FORM: Form = Form::Text;

    fn parse(&self, text: &str) -> Result<String, String> {
        if text.trim() != text || text.is_empty() || text.chars().count() > 40 || text.chars().any(char::is_control) {
            return Err(format!("{text:?} is no name of a server"));
        }
        Ok(text.to_owned())
    }

    fn allowed(&self) -> String {
        "1 to 40 characters".to_owned()
    }
}

/// A colour that can be read on its ground.
struct Accent {
    ground: Colour,
    place: &'static str,
}

impl Kind for Accent {
    type Value = Option<Colour>;
    const FORM: Form = Form::Text;

    fn parse(&self, text: &str) -> Result<Option<Colour>, String> {
        if text.is_empty() {
            return Ok(None);
        }
        let colour = Colour::parse(text).ok_or_else(|| format!("{text:?} is not written as #rrggbb"))?;
        let contrast = colour.contrast(self.ground);
        if contrast < Colour::NEEDED_CONTRAST {
            let (place, needed) = (self.place, Colour::NEEDED_CONTRAST);
            return Err(format!("{text:?} could not be read: its contrast to {place} is {contrast:.1}, not {needed}"));
        }
        Ok(Some(colour))
    }

    fn allowed(&self) -> String {
        format!("`#rrggbb`, with a contrast of {} to {} at least", Colour::NEEDED_CONTRAST, self.place)
    }
}
