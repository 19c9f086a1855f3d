//! The languages of the pages. English stands in the code and the templates, where one reads it; a file in the form of
//! Project Fluent has another language, each text under a name that is made of the English one ([`name_of`]).

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::LazyLock;

use fluent_bundle::FluentArgs;
use fluent_bundle::FluentResource;
use fluent_bundle::FluentValue;
use fluent_bundle::concurrent::FluentBundle;
use unic_langid::LanguageIdentifier;

/// English texts whose words depend on a number.
const ENGLISH: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/locales/en.ftl"));
/// The languages that are built in, beside English.
const BUILT_IN: [(&str, &str); 1] = [("de", include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/locales/de.ftl")))];
/// The ending of a language's file.
const ENDING: &str = "ftl";
/// The message that says what stands between the thousands of a number. No English text makes this name.
const GROUPING: &str = "number_grouping";

/// The tag of [`Language::marked`].
#[cfg(test)]
const MARKED: &str = "en-XA";

/// One language.
pub struct Language {
    tag: String,
    /// Texts without places to fill, as they are.
    plain: HashMap<String, String>,
    /// What stands between the thousands of a number.
    grouping: Grouping,
    bundle: FluentBundle<FluentResource>,
    /// Texts that it was asked for and does not have.
    #[cfg(test)]
    missing: std::sync::Mutex<std::collections::BTreeSet<String>>,
}

/// The text of [`Text::of_words`].
const WORDS: &str = "{$words}";

/// What stands between the thousands of a number.
#[derive(Clone, Copy)]
enum Grouping {
    Comma,
    Point,
    /// U+202F, which is read everywhere.
    Space,
}

impl Grouping {
    fn of(mark: Option<&String>) -> Self {
        match mark.map(String::as_str) {
            Some(",") => Grouping::Comma,
            Some(".") => Grouping::Point,
            _ => Grouping::Space,
        }
    }

    fn mark(self) -> char {
        match self {
            Grouping::Comma => ',',
            Grouping::Point => '.',
            Grouping::Space => '\u{202f}',
        }
    }

    /// How a bundle writes its numbers; what it calls carries nothing along.
    fn formatter<M>(self) -> fn(&FluentValue<'_>, &M) -> Option<String> {
        fn written(value: &FluentValue<'_>, grouping: Grouping) -> Option<String> {
            let FluentValue::Number(number) = value else { return None };
            Some(grouped(&number.as_string(), grouping))
        }
        match self {
            Grouping::Comma => |value, _| written(value, Grouping::Comma),
            Grouping::Point => |value, _| written(value, Grouping::Point),
            Grouping::Space => |value, _| written(value, Grouping::Space),
        }
    }
}

/// A whole number with `grouping` between its thousands.
fn grouped(number: &str, grouping: Grouping) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let mut text = sign.to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(grouping.mark());
        }
        text.push(digit);
    }
    text
}

/// What fills a place of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filling {
    /// Words, which stay as they are.
    Words(String),
    /// English words of ours, which are said in the same language.
    Said(Cow<'static, str>),
    /// A text of ours with places of its own, which is said in the same language.
    Text(Text),
    /// A number, by which words are chosen.
    Number(i64),
}

/// A text with places to fill, `{$name}` in English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    english: &'static str,
    fillings: Vec<(&'static str, Filling)>,
}

impl Text {
    /// An English text.
    pub const fn new(english: &'static str) -> Self {
        Self { english, fillings: Vec::new() }
    }

    /// Words that are the same in every language: a name.
    pub fn of_words(words: impl Into<String>) -> Self {
        Self::new(WORDS).with("words", words)
    }

    /// The same with words in the place `{$name}`.
    pub fn with(mut self, name: &'static str, words: impl Into<String>) -> Self {
        self.fillings.push((name, Filling::Words(words.into())));
        self
    }

    /// The same with English words of ours in the place `{$name}`.
    pub fn saying(mut self, name: &'static str, words: impl Into<Cow<'static, str>>) -> Self {
        self.fillings.push((name, Filling::Said(words.into())));
        self
    }

    /// The same with another text in the place `{$name}`.
    pub fn with_text(mut self, name: &'static str, text: Text) -> Self {
        self.fillings.push((name, Filling::Text(text)));
        self
    }

    /// The same with a number in the place `{$name}`.
    pub fn counting(mut self, name: &'static str, number: impl TryInto<i64>) -> Self {
        self.fillings.push((name, Filling::Number(number.try_into().unwrap_or(i64::MAX))));
        self
    }
}

impl fmt::Display for Text {
    /// In English.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Language::of_the_source().fill(self))
    }
}

impl From<&'static str> for Text {
    fn from(english: &'static str) -> Self {
        Self::new(english)
    }
}

impl Language {
    /// English, read once: a page is not to read a file.
    pub fn of_the_source() -> Arc<Self> {
        static LANGUAGE: LazyLock<Arc<Language>> = LazyLock::new(|| Arc::new(Language::english()));
        Arc::clone(&LANGUAGE)
    }

    /// English.
    pub fn english() -> Self {
        Self::read("en", ENGLISH).unwrap_or_else(|why| unreachable!("locales/en.ftl: {why}"))
    }

    /// A language of which `source` is the file.
    ///
    /// # Errors
    /// What is wrong with the tag or the file.
    fn read(tag: &str, source: &str) -> Result<Self, String> {
        let id: LanguageIdentifier = tag.parse().map_err(|_| format!("{tag} is no language (BCP 47)"))?;
        let resource = FluentResource::try_new(source.to_owned()).map_err(|(_, errors)| {
            let first = errors.first();
            first.map_or_else(String::new, |error| format!("line {}: {error}", line_of(source, error.pos.start)))
        })?;
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // Marks around what is filled in are for texts of mixed direction; they are no part of a name that is compared.
        bundle.set_use_isolating(false);
        bundle.add_resource(resource).map_err(|errors| errors.first().map_or_else(String::new, ToString::to_string))?;
        let mut language = Self {
            tag: tag.to_owned(),
            plain: HashMap::new(),
            grouping: Grouping::Comma,
            bundle,
            #[cfg(test)]
            missing: std::sync::Mutex::default(),
        };
        for name in names_in(source) {
            if let Some(text) = language.format(&name, None) {
                language.plain.insert(name, text);
            }
        }
        if !tag.starts_with("en") {
            language.grouping = Grouping::of(language.plain.get(GROUPING));
        }
        language.bundle.set_formatter(Some(language.grouping.formatter()));
        Ok(language)
    }

    /// English in which all that is said stands between marks, U+27E6 and U+27E7.
    #[cfg(test)]
    pub fn marked() -> Self {
        Self::read(MARKED, "").unwrap()
    }

    /// Its tag (BCP 47): `de`.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    fn is_english(&self) -> bool {
        self.tag == "en"
    }

    /// `english` in this language; in English where it is not known.
    pub fn say<'t>(&'t self, english: &'t str) -> Cow<'t, str> {
        if self.is_english() || english.trim().is_empty() {
            return Cow::Borrowed(english);
        }
        #[cfg(test)]
        if self.tag == MARKED {
            return Cow::Owned(format!("\u{27e6}{english}\u{27e7}"));
        }
        match self.plain.get(&name_of(english)) {
            Some(text) => Cow::Borrowed(text),
            None => {
                #[cfg(test)]
                self.missing.lock().unwrap().insert(english.to_owned());
                Cow::Borrowed(english)
            }
        }
    }

    /// `english` in this language where it is known; it may be somebody's own words, which are said as they are.
    pub fn say_if_known<'t>(&'t self, english: &'t str) -> Cow<'t, str> {
        #[cfg(test)]
        if self.tag == MARKED {
            return self.say(english);
        }
        self.plain.get(&name_of(english)).map_or(Cow::Borrowed(english), |text| Cow::Borrowed(text))
    }

    /// `text` in this language, its places filled.
    pub fn fill(&self, text: &Text) -> String {
        match text.fillings.as_slice() {
            [] => return self.say(text.english).into_owned(),
            [(_, Filling::Words(words))] if text.english == WORDS => return words.clone(),
            _ => {}
        }
        let mut args = FluentArgs::new();
        for (name, filling) in &text.fillings {
            let value: FluentValue<'_> = match filling {
                Filling::Words(words) => FluentValue::from(words.as_str()),
                Filling::Said(words) => FluentValue::from(self.say(words)),
                Filling::Text(text) => FluentValue::from(self.fill(text)),
                Filling::Number(number) => FluentValue::from(*number),
            };
            args.set(*name, value);
        }
        #[cfg(test)]
        if self.tag == MARKED {
            return format!("\u{27e6}{text}\u{27e7}");
        }
        if let Some(said) = self.format(&name_of(text.english), Some(&args)) {
            return said;
        }
        #[cfg(test)]
        if !self.is_english() {
            self.missing.lock().unwrap().insert(text.english.to_owned());
        }
        let filled = |filling: &Filling| match filling {
            Filling::Words(words) => words.clone(),
            Filling::Said(words) => self.say(words).into_owned(),
            Filling::Text(text) => self.fill(text),
            Filling::Number(number) => self.number(*number),
        };
        // From left to right, so that words which look like a place are no place.
        let (mut said, mut rest) = (String::new(), text.english);
        while let Some((before, behind)) = rest.split_once("{$")
            && let Some((name, after)) = behind.split_once('}')
        {
            said.push_str(before);
            if let Some((_, filling)) = text.fillings.iter().find(|(known, _)| *known == name) {
                said.push_str(&filled(filling));
            }
            rest = after;
        }
        said + rest
    }

    /// A number as it is written in this language.
    pub fn number(&self, number: i64) -> String {
        grouped(&number.to_string(), self.grouping)
    }

    /// The message called `name`; `None` where there is none, or a place of it is not filled.
    fn format(&self, name: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
        let pattern = self.bundle.get_message(name)?.value()?;
        let mut errors = Vec::new();
        let said = self.bundle.format_pattern(pattern, args, &mut errors).into_owned();
        errors.is_empty().then_some(said)
    }

    /// What it was asked for and does not have.
    #[cfg(test)]
    pub fn missing(&self) -> Vec<String> {
        self.missing.lock().unwrap().iter().cloned().collect()
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Language").field(&self.tag).finish()
    }
}

/// All languages of a server; the first is the one for whoever asks for none that is there.
#[derive(Debug, Clone)]
pub struct Languages(Vec<Arc<Language>>);

impl Default for Languages {
    fn default() -> Self {
        Self(vec![Language::of_the_source()])
    }
}

impl Languages {
    /// Those that are built in, and each that has a file in `folder`, which comes before a built-in one; `usual` is the one
    /// for whoever asks for none that is there.
    ///
    /// # Errors
    /// What is wrong with the folder, a file in it, or `usual`, beginning with the setting's name.
    pub fn open(folder: Option<&Path>, usual: &str) -> Result<Self, String> {
        let mut all = vec![Language::english()];
        for (tag, source) in BUILT_IN {
            all.push(Language::read(tag, source).map_err(|why| format!("locales/{tag}.ftl: {why}"))?);
        }
        for (tag, source) in folder.map(files).transpose()?.unwrap_or_default() {
            let read = Language::read(&tag, &source)
                .map_err(|why| format!("branding.languages_folder: {tag}.{ENDING}: {why}"))?;
            all.retain(|known| known.tag != read.tag);
            all.push(read);
        }
        let at = all.iter().position(|language| language.tag.eq_ignore_ascii_case(usual)).ok_or_else(|| {
            let known: Vec<&str> = all.iter().map(Language::tag).collect();
            format!("branding.language: {usual:?} is none of {}", known.join(", "))
        })?;
        let mut all: Vec<Arc<Language>> = all.into_iter().map(Arc::new).collect();
        all.swap(0, at);
        Ok(Self(all))
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Language>> {
        self.0.iter()
    }

    /// The one for whoever asks for none that is there.
    pub fn usual(&self) -> Arc<Language> {
        self.0.first().map_or_else(Language::of_the_source, Arc::clone)
    }

    /// The language of the first of `wanted` (tags of BCP 47, the best first) that there is: `de-AT` is served by `de`.
    pub fn find<'w>(&self, wanted: impl IntoIterator<Item = &'w str>) -> Option<Arc<Language>> {
        wanted.into_iter().find_map(|tag| {
            let same = |language: &&Arc<Language>| language.tag.eq_ignore_ascii_case(tag);
            let kin = |language: &&Arc<Language>| primary(&language.tag).eq_ignore_ascii_case(primary(tag));
            self.0.iter().find(same).or_else(|| self.0.iter().find(kin)).map(Arc::clone)
        })
    }
}

fn primary(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or(tag)
}

/// The name under which files have an English text: its letters and digits, with one hyphen where anything else stands,
/// at its end too; the marks of places are nothing. `Sign in` is `sign-in`, `Sign in.` is `sign-in-`, `Key of {$name}` is
/// `key-of-name`.
pub fn name_of(english: &str) -> String {
    let mut name = String::with_capacity(english.len());
    for letter in english.chars() {
        if letter.is_ascii_alphanumeric() {
            // A name begins with a letter (Project Fluent, Identifier).
            if name.is_empty() && letter.is_ascii_digit() {
                name.push('n');
            }
            name.push(letter.to_ascii_lowercase());
        } else if !matches!(letter, '{' | '$' | '}') && !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    name
}

/// The tags and the contents of the files of a folder.
fn files(folder: &Path) -> Result<Vec<(String, String)>, String> {
    let wrong = |error: &std::io::Error, path: &Path| {
        format!("branding.languages_folder: {} cannot be read: {error}", path.display())
    };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| wrong(&error, folder))? {
        let path = entry.map_err(|error| wrong(&error, folder))?.path();
        let tag = path.file_stem().and_then(|name| name.to_str());
        if let (Some(tag), Some(true)) = (tag, path.extension().map(|ending| ending == ENDING)) {
            let source = fs::read_to_string(&path).map_err(|error| wrong(&error, &path))?;
            found.push((tag.to_owned(), source));
        }
    }
    found.sort();
    Ok(found)
}

/// The names of the messages in a file.
fn names_in(source: &str) -> Vec<String> {
    let names = source.lines().filter_map(|line| line.split_once('=').map(|(name, _)| name.trim_end()));
    names.filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic())).map(str::to_owned).collect()
}

fn line_of(source: &str, at: usize) -> usize {
    source.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(source: &str) -> Language {
        Language::read("de", source).unwrap()
    }

    #[test]
    fn a_text_is_found_under_a_name_that_is_made_of_it() {
        for (english, name) in [
            ("Sign in", "sign-in"),
            ("Sign in.", "sign-in-"),
            ("You can't: \"no\"", "you-can-t-no-"),
            ("10 codes", "n10-codes"),
            ("{$count} users", "count-users"),
        ] {
            assert_eq!(name_of(english), name);
        }
        let german = language("sign-in = Anmelden\nsign-in- = Melden Sie sich an.\n");
        assert_eq!(german.say("Sign in"), "Anmelden");
        assert_eq!(german.say("Sign in."), "Melden Sie sich an.");
        assert_eq!(german.say("Not there"), "Not there");
        assert_eq!(german.missing(), ["Not there"]);
        assert_eq!(Language::english().say("Sign in"), "Sign in");
    }

    #[test]
    fn places_are_filled_and_numbers_choose_words() {
        let german = language(
            "delete-count-users- =\n    { $count ->\n        [one] Einen Benutzer löschen?\n       *[other] { $count } Benutzer löschen?\n    }\n\
             key-of-name = Schlüssel von { $name }\n",
        );
        let ask = |count: usize| Text::new("Delete {$count} users?").counting("count", count);
        assert_eq!(german.fill(&ask(1)), "Einen Benutzer löschen?");
        assert_eq!(german.fill(&ask(3)), "3 Benutzer löschen?");
        assert_eq!(german.fill(&Text::new("Key of {$name}").with("name", "<ada>")), "Schlüssel von <ada>");
        // Words that look like a place stay words.
        let pair = Text::new("{$one} or {$other}").with("one", "{$other}").with("other", "x");
        assert_eq!(pair.to_string(), "{$other} or x");
        // What a file does not have is said in English.
        assert_eq!(german.fill(&Text::new("Nothing by {$name}").with("name", "ada")), "Nothing by ada");
    }

    #[test]
    fn numbers_are_grouped_as_in_the_language() {
        let much = Text::new("{$count} requests").counting("count", 12_345);
        let german = language("number_grouping = .\ncount-requests = { $count } Anfragen\n");
        assert_eq!(german.fill(&much), "12.345 Anfragen");
        assert_eq!((german.number(-1_000), german.number(999)), ("-1.000".to_owned(), "999".to_owned()));
        assert_eq!(much.to_string(), "12,345 requests");
        assert_eq!(language("a = b\n").fill(&much), "12\u{202f}345 requests");
    }

    #[test]
    fn a_text_may_stand_in_a_place_of_another() {
        let german = language("for-time = Für { $time }\ncount-days = { $count } Tage\n");
        let text = Text::new("For {$time}").with_text("time", Text::new("{$count} days").counting("count", 3));
        assert_eq!(german.fill(&text), "Für 3 Tage");
        assert_eq!(text.to_string(), "For 3 days");
    }

    #[test]
    fn the_language_is_the_first_wanted_one_that_there_is() {
        let all = Languages::open(None, "en").unwrap();
        let found = |wanted: &[&str]| all.find(wanted.iter().copied()).map(|language| language.tag().to_owned());
        assert_eq!(found(&["fr", "de-AT", "en"]).as_deref(), Some("de"));
        assert_eq!(found(&["EN-gb"]).as_deref(), Some("en"));
        assert_eq!(found(&["fr", "*"]), None);
        assert_eq!(Languages::open(None, "de").unwrap().usual().tag(), "de");
        assert!(Languages::open(None, "fr").unwrap_err().starts_with("branding.language: \"fr\" is none of en, de"));
    }

    #[test]
    fn a_file_in_the_folder_is_one_more_language_or_stands_in_for_one() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("fr.ftl"), "sign-in = Se connecter\n").unwrap();
        fs::write(folder.path().join("de.ftl"), "sign-in = Einloggen\n").unwrap();
        fs::write(folder.path().join("notes.txt"), "not a language").unwrap();
        let all = Languages::open(Some(folder.path()), "fr").unwrap();
        assert_eq!(all.usual().say("Sign in"), "Se connecter");
        assert_eq!(all.find(["de"]).unwrap().say("Sign in"), "Einloggen");
        fs::write(folder.path().join("fr.ftl"), "sign-in = Se connecter\nthis is wrong\n").unwrap();
        let why = Languages::open(Some(folder.path()), "fr").unwrap_err();
        assert!(why.starts_with("branding.languages_folder: fr.ftl: line "), "{why}");
        assert!(Languages::open(Some(&folder.path().join("none")), "en").is_err());
    }
}
