//! Reads the tags of a rendered page, for the test that renders them all. It knows the HTML that our templates
//! write, and fails on anything else.

/// One start tag, or end tag (`/form`).
pub(super) struct Tag {
    /// Its name; that of an end tag begins with `/`.
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    /// The text up to the next tag.
    pub(super) text: String,
}

impl Tag {
    /// The value of an attribute; that of one without a value is empty.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The names of its attributes.
    pub(super) fn attribute_names(&self) -> impl Iterator<Item = &str> {
        self.attributes.iter().map(|(name, _)| name.as_str())
    }
}

/// The tags of `page`, in order.
pub(super) fn tags(page: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some((_, from_tag)) = rest.split_once('<') {
        let (tag, after) = read_tag(from_tag);
        let (text, _) = after.split_once('<').unwrap_or((after, ""));
        if let Some((name, attributes)) = tag {
            tags.push(Tag { name, attributes, text: text.trim().to_owned() });
        }
        rest = after;
    }
    tags
}

type NameAndAttributes = (String, Vec<(String, String)>);

fn read_tag(text: &str) -> (Option<NameAndAttributes>, &str) {
    if text.starts_with('!') {
        let (_, after) = text.split_once('>').expect("a declaration ends");
        return (None, after);
    }
    let end = text.find(|c: char| c.is_whitespace() || c == '>').expect("a tag ends");
    let (name, mut rest) = text.split_at(end);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix("/>").or_else(|| rest.strip_prefix('>')) {
            return (Some((name.to_owned(), attributes)), after);
        }
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>')).expect("an attribute ends");
        let (attribute, after) = rest.split_at(end);
        assert!(!attribute.contains(['"', '<', '\'']), "not an attribute: {attribute}");
        match after.strip_prefix("=\"") {
            Some(quoted) => {
                let (value, after) = quoted.split_once('"').expect("a value ends");
                attributes.push((attribute.to_owned(), value.to_owned()));
                rest = after;
            }
            None => {
                assert!(!after.starts_with('='), "the value of {attribute} is not quoted");
                attributes.push((attribute.to_owned(), String::new()));
                rest = after;
            }
        }
    }
}
