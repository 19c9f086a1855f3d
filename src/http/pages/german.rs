//! Whether German has what handlers say.

use std::sync::Arc;

use actix_web::test::TestRequest;

use crate::app::languages::Language;
use crate::app::languages::Languages;
use crate::app::languages::Text;
use crate::http::pages::bulk::Ticked;
use crate::http::pages::listing::Search;
use crate::http::pages::views::search::SearchForm;

/// German, which keeps what it was asked for and does not have.
pub fn german() -> Arc<Language> {
    Languages::open(None, "de").unwrap().usual()
}

/// What is done to several records of a list at once, and what it can be narrowed by.
pub fn check_list<R: Ticked>(form: impl Fn(&Search) -> SearchForm) {
    let german = german();
    let two = |text| Text::new(text).counting("count", 2);
    german.fill(&two(R::COUNTED));
    for deed in R::DEEDS {
        assert_eq!(deed.question.is_empty(), deed.consequences.is_empty(), "{}", deed.code);
        german.say(deed.label);
        deed.consequences.iter().for_each(|sentence| drop(german.say(sentence)));
        if !deed.question.is_empty() {
            german.fill(&two(deed.question));
            let one = Text::new(deed.question).counting("count", 1).to_string();
            assert!(!one.ends_with("s?"), "{one}");
        }
    }
    let search = Search::read(&TestRequest::default().to_http_request(), R::PATH, R::FIELDS).unwrap();
    let form = form(&search);
    german.say(form.hint);
    form.texts.iter().for_each(|(_, label, _)| drop(german.say(label)));
    for (_, label, choices) in &form.choices {
        german.say(label);
        choices.options.iter().for_each(|choice| drop(german.say(&choice.label)));
    }
    assert_eq!(german.missing(), Vec::<String>::new());
}
