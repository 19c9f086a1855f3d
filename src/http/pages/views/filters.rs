//! Filters of the templates: English is what stands there, and `|say` says it in the language of the page.

use std::any::Any;
use std::sync::Arc;

use askama::Values;

use crate::app::languages::Language;
use crate::app::languages::Text;

/// The name of the page's language among the values of a rendering.
const LANGUAGE: &str = "language";

/// What a page is written in, for the filters.
pub struct Spoken(pub Arc<Language>);

impl Values for Spoken {
    fn get_value<'a>(&'a self, key: &str) -> Option<&'a dyn Any> {
        (key == LANGUAGE).then_some(&self.0 as &dyn Any)
    }
}

/// A text with places to fill, `{$name}` in English.
pub const fn text(english: &'static str) -> Text {
    Text::new(english)
}

/// What can be said in a language.
pub trait Say {
    /// In this one.
    fn say(&self, language: &Language) -> String;

    /// In English.
    fn english(&self) -> String;
}

impl Say for str {
    fn say(&self, language: &Language) -> String {
        language.say(self).into_owned()
    }

    fn english(&self) -> String {
        self.to_owned()
    }
}

impl Say for String {
    fn say(&self, language: &Language) -> String {
        language.say(self).into_owned()
    }

    fn english(&self) -> String {
        self.clone()
    }
}

impl Say for Text {
    fn say(&self, language: &Language) -> String {
        language.fill(self)
    }

    fn english(&self) -> String {
        self.to_string()
    }
}

impl<T: Say + ?Sized> Say for &T {
    fn say(&self, language: &Language) -> String {
        (**self).say(language)
    }

    fn english(&self) -> String {
        (**self).english()
    }
}

/// The text in the language of the page.
#[askama::filter_fn]
pub fn say(text: impl Say, values: &dyn Values) -> askama::Result<String> {
    Ok(match askama::get_value::<Arc<Language>>(values, LANGUAGE) {
        Ok(language) => text.say(language),
        Err(_) => text.english(),
    })
}

/// The text in the language of the page where it is one of ours; it may be somebody's own words: the sentence of a scope or a
/// role, and what a sentence of ours was filled with. Names of people's things never pass here.
///
/// Words that an administrator wrote, and that are ours letter for letter, are so said in the reader's language too. That is
/// left so on purpose: the sentences of built-in scopes and roles can be changed, and stand in the same column as those of
/// others; what is said is no more than the same words, as escaped as any; and English pages show all words as they are.
#[askama::filter_fn]
pub fn say_if_known(text: impl AsRef<str>, values: &dyn Values) -> askama::Result<String> {
    Ok(match askama::get_value::<Arc<Language>>(values, LANGUAGE) {
        Ok(language) => language.say_if_known(text.as_ref()).into_owned(),
        Err(_) => text.as_ref().to_owned(),
    })
}

/// What is a whole number.
pub trait Whole {
    /// The number.
    fn whole(&self) -> i64;
}

impl Whole for i64 {
    fn whole(&self) -> i64 {
        *self
    }
}

impl<T: Whole + ?Sized> Whole for &T {
    fn whole(&self) -> i64 {
        (**self).whole()
    }
}

/// A number as it is written in the language of the page.
#[askama::filter_fn]
pub fn number(number: impl Whole, values: &dyn Values) -> askama::Result<String> {
    Ok(match askama::get_value::<Arc<Language>>(values, LANGUAGE) {
        Ok(language) => language.number(number.whole()),
        Err(_) => Language::of_the_source().number(number.whole()),
    })
}
