//! "Did you mean …?" for names that are nearly right.

/// How near a name must be, from 0 (nothing in common) to 1 (the same).
const NEAR: f64 = 0.85;

/// `; did you mean …?` where one of `known` is near to `name`, else nothing.
pub(super) fn suggestion<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let scored = known.map(|candidate| (nearness(name, candidate), candidate));
    match scored.max_by(|(a, _), (b, _)| a.total_cmp(b)) {
        Some((score, candidate)) if score >= NEAR => format!("; did you mean {candidate}?"),
        Some(_) | None => String::new(),
    }
}

/// How near two names are; a right name in the wrong section is near too.
fn nearness(name: &str, candidate: &str) -> f64 {
    let whole = strsim::jaro_winkler(name, candidate);
    let last = strsim::jaro_winkler(last_part(name), last_part(candidate));
    whole.max(last * 0.95)
}

/// What stands behind the section.
fn last_part(name: &str) -> &str {
    let name = name.strip_prefix("HALLPASS_").unwrap_or(name);
    let name = name.rsplit_once("__").map_or(name, |(_, last)| last);
    name.rsplit_once('.').map_or(name, |(_, last)| last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_name_is_suggested_and_a_far_one_is_not() {
        let known = || ["listen", "issuer", "tokens.access_token_lifetime_seconds", "log.level"].into_iter();
        assert_eq!(suggestion("isuer", known()), "; did you mean issuer?");
        assert_eq!(
            suggestion("access_token_lifetime", known()),
            "; did you mean tokens.access_token_lifetime_seconds?"
        );
        assert_eq!(suggestion("logging.level", known()), "; did you mean log.level?");
        assert_eq!(suggestion("color", known()), "");
    }
}
