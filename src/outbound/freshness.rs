//! How long what was fetched may be used again (RFC 9111 §4.2, §5.2.2).

use hyper::HeaderMap;
use hyper::header;

use crate::model::time::Lifetime;

/// What the response says about being kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Nothing.
    Unsaid,
    /// For so long from now.
    For(Lifetime),
}

impl Freshness {
    /// How long it may be used, at least `floor` and at most `ceiling`, and `unsaid` where the response does not say.
    pub fn within(self, floor: Lifetime, unsaid: Lifetime, ceiling: Lifetime) -> Lifetime {
        let said = match self {
            Self::Unsaid => unsaid,
            Self::For(lifetime) => lifetime,
        };
        said.clamp(floor, ceiling)
    }

    /// Reads the headers: `Cache-Control` first, less `Age`, else `Expires` less `Date`.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut max_age = None;
        for value in headers.get_all(header::CACHE_CONTROL) {
            let Ok(value) = value.to_str() else { return Self::For(Lifetime::ZERO) };
            for directive in value.split(',').map(str::trim) {
                let (name, argument) = directive.split_once('=').unwrap_or((directive, ""));
                match name.to_ascii_lowercase().as_str() {
                    "no-store" | "no-cache" => return Self::For(Lifetime::ZERO),
                    "max-age" => max_age = Some(argument.trim_matches('"').parse::<u32>().unwrap_or(0)),
                    _ => {}
                }
            }
        }
        if let Some(max_age) = max_age {
            let age = text(headers, header::AGE).and_then(|age| age.parse::<u32>().ok()).unwrap_or(0);
            return Self::For(Lifetime::from_seconds(max_age.saturating_sub(age).into()));
        }
        let Some(expires) = text(headers, header::EXPIRES) else { return Self::Unsaid };
        let instant = |text: &str| jiff::fmt::rfc2822::parse(text).ok().map(|at| at.timestamp().as_second());
        let left = instant(expires).zip(text(headers, header::DATE).and_then(instant));
        let seconds = left.and_then(|(end, now)| u64::try_from(end.saturating_sub(now)).ok()).unwrap_or(0);
        Self::For(Lifetime::from_seconds(seconds))
    }
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headers: &[(&'static str, &'static str)]) -> Freshness {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        Freshness::of(&map)
    }

    /// RFC 9111 §4.2, §5.2.2
    #[test]
    fn headers_say_how_long() {
        let seconds = |seconds| Freshness::For(Lifetime::from_seconds(seconds));
        assert_eq!(of(&[]), Freshness::Unsaid);
        assert_eq!(of(&[("cache-control", "public")]), Freshness::Unsaid);
        assert_eq!(of(&[("cache-control", "public, Max-Age=\"60\"")]), seconds(60));
        assert_eq!(of(&[("cache-control", "max-age=60"), ("age", "20")]), seconds(40));
        assert_eq!(of(&[("cache-control", "max-age=60"), ("age", "70")]), seconds(0));
        assert_eq!(of(&[("cache-control", "max-age=60"), ("cache-control", "no-store")]), seconds(0));
        assert_eq!(of(&[("cache-control", "max-age=soon")]), seconds(0));
        assert_eq!(of(&[("cache-control", "max-age=60"), ("expires", "0")]), seconds(60));
        assert_eq!(of(&[("expires", "0"), ("date", "Tue, 24 Nov 2026 09:30:00 GMT")]), seconds(0));
        let both = [("expires", "Tue, 24 Nov 2026 09:31:00 GMT"), ("date", "Tue, 24 Nov 2026 09:30:00 GMT")];
        assert_eq!(of(&both), seconds(60));
        assert_eq!(of(&[("expires", "Tue, 24 Nov 2026 09:31:00 GMT")]), seconds(0));
    }

    #[test]
    fn bounds_hold() {
        let [one, two, three] = [1, 2, 3].map(Lifetime::from_hours);
        assert_eq!(Freshness::Unsaid.within(one, two, three), two);
        assert_eq!(Freshness::For(Lifetime::ZERO).within(one, two, three), one);
        assert_eq!(Freshness::For(Lifetime::from_days(9)).within(one, two, three), three);
    }
}
