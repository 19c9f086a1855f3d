//! What a setting is: its name, what it takes, its default and its sentence, in one place for parsing and for the docs.

use super::layers::Values;
use super::problem::Problem;

/// One setting, as the table of settings has it.
pub(super) struct Setting {
    /// The name in the file, with its section: `tokens.code_lifetime_seconds`.
    pub key: &'static str,
    /// What it takes.
    pub kind: &'static dyn AnyKind,
    /// The default as one would write it in the environment; empty where there is none.
    pub default: &'static str,
    /// The lines of its doc comment.
    pub about: &'static [&'static str],
}

impl Setting {
    /// The name in the environment: `HALLPASS_TOKENS__CODE_LIFETIME_SECONDS`.
    pub fn variable(&self) -> String {
        format!("HALLPASS_{}", self.key.replace('.', "__").to_ascii_uppercase())
    }

    /// The name in the file under which a file that holds the value may be named: `secret_key_file`.
    pub fn file_key(&self) -> Option<String> {
        self.kind.is_secret().then(|| format!("{}_file", self.key))
    }
}

/// The settings of one section, in the order of the docs.
pub(super) struct Table {
    /// The lines of the section's doc comment.
    pub about: &'static [&'static str],
    pub settings: &'static [Setting],
}

/// How a value is written in TOML. In the environment and in flags everything is text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `3600`
    Integer,
    /// `true`
    Boolean,
    /// `"text"`
    Text,
    /// `["one", "two"]`; comma-separated in the environment.
    List,
    /// Sections whose names are the operator's, below the setting's own. They stand in the file alone.
    Sections,
}

impl Form {
    /// How to write it, for an error's sentence.
    pub fn example(self) -> &'static str {
        match self {
            Self::Integer => "a whole number, without quotes",
            Self::Boolean => "true or false, without quotes",
            Self::Text => "text in quotes",
            Self::List => "a list of texts, such as [\"one\", \"two\"]",
            Self::Sections => "sections, each with a name of its own",
        }
    }
}

/// What a setting takes. Numbers and lists come as text here, a list with commas between its items.
pub(super) trait Kind: Sync {
    /// What the text means.
    type Value;

    /// How it is written in TOML.
    const FORM: Form;

    /// Whether `config show` hides it and a file may be named in its place.
    const SECRET: bool = false;

    /// Reads what was written.
    ///
    /// # Errors
    /// What is wrong with it, as the rest of a sentence that begins with the setting's name. Where the setting is
    /// secret the sentence does not repeat the value.
    fn parse(&self, text: &str) -> Result<Self::Value, String>;

    /// What is allowed, in words.
    fn allowed(&self) -> String;

    /// The value as `config show` prints it.
    fn show(&self, text: &str) -> String {
        text.to_owned()
    }
}

/// A [`Kind`] whose value does not matter: for the table of settings.
pub(super) trait AnyKind: Sync {
    /// Whether the text can be read.
    fn check(&self, text: &str) -> Result<(), String>;
    /// See [`Kind::allowed`].
    fn allowed(&self) -> String;
    /// See [`Kind::show`].
    fn show(&self, text: &str) -> String;
    /// See [`Kind::FORM`].
    fn form(&self) -> Form;
    /// See [`Kind::SECRET`].
    fn is_secret(&self) -> bool;
}

impl<K: Kind> AnyKind for K {
    fn check(&self, text: &str) -> Result<(), String> {
        self.parse(text).map(|_| ())
    }

    fn allowed(&self) -> String {
        Kind::allowed(self)
    }

    fn show(&self, text: &str) -> String {
        Kind::show(self, text)
    }

    fn form(&self) -> Form {
        K::FORM
    }

    fn is_secret(&self) -> bool {
        K::SECRET
    }
}

/// A section of the configuration as a struct of typed values, filled from the settings in force.
pub(super) trait Section: Sized {
    /// Its part of the table of settings.
    const TABLE: Table;

    /// Reads them.
    ///
    /// # Errors
    /// The first setting whose value can't be read; `Config::load` has checked them all before.
    fn read(values: &Values) -> Result<Self, Problem>;
}

/// Declares a section: a struct with one field for each setting, its part of the table of settings, and how it is read.
///
/// `field: Type = "name in the file", kind, default;`
macro_rules! section {
    (
        $(#[doc = $about:literal])+
        $visibility:vis struct $name:ident in $section:literal {
            $($(#[doc = $doc:literal])+ $field:ident: $type:ty = $key:literal, $kind:expr, $default:literal;)+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone)]
        $visibility struct $name {
            $($(#[doc = $doc])+ pub $field: $type,)+
        }

        impl $crate::config::setting::Section for $name {
            const TABLE: $crate::config::setting::Table = $crate::config::setting::Table {
                about: &[$($about),+],
                settings: &[
                    $($crate::config::setting::Setting {
                        key: concat!($section, $key),
                        kind: &$kind,
                        default: $default,
                        about: &[$($doc),+],
                    }),+
                ],
            };

            fn read(
                values: &$crate::config::layers::Values,
            ) -> Result<Self, $crate::config::problem::Problem> {
                Ok(Self { $($field: values.read(concat!($section, $key), &$kind)?,)+ })
            }
        }
    };
}
pub(super) use section;
