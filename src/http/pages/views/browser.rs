//! The browser of a session, in words. It helps its owner to tell sessions apart, and decides nothing.

use crate::app::languages::Text;

/// `Firefox on Linux`, from the header `User-Agent` (RFC 9110 §10.1.5); a text that tells nothing gives
/// `Unknown browser`.
pub fn browser(user_agent: &str) -> String {
    browser_text(user_agent).to_string()
}

/// The same, to be said in any language.
pub fn browser_text(user_agent: &str) -> Text {
    let find = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    match (find(BROWSERS), find(SYSTEMS)) {
        (Some(browser), Some(system)) => {
            Text::new("{$browser} on {$system}").with("browser", browser).with("system", system)
        }
        (Some(browser), None) => Text::of_words(browser),
        (None, Some(system)) => Text::new("Unknown browser on {$system}").with("system", system),
        (None, None) => Text::new("Unknown browser"),
    }
}

/// Marks and names. Most browsers name others too, so the order is that of the rarer mark first.
const BROWSERS: &[(&str, &str)] = &[
    ("curl/", "curl"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

const SYSTEMS: &[(&str, &str)] = &[
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
];

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn a_browser_is_told_by_its_rarer_mark() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0";
        assert_eq!(browser(edge), "Edge on Windows");
        assert_eq!(
            browser("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"),
            "Firefox on Linux"
        );
        assert_eq!(
            browser("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"),
            "Safari on iPhone"
        );
        assert_eq!(browser("curl/8.5.0"), "curl");
        assert_eq!(browser("<script>"), "Unknown browser");
        assert_eq!(browser(""), "Unknown browser");
    }
}
