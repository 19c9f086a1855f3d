//! What is said of a refused request beside its checks, read back. It is kept in English, as the API and the command line
//! show it; pages say it in their language, as far as it is ours.

use crate::app::languages::Text;
use crate::domain::refusals::check::Check;
use crate::http::present::sentence;

/// What holds no value.
const FIXED: &[&str] = &[
    // Credentials.
    "a client in its own name",
    "a cookie that is not known here, or whose session has ended",
    "a credential of a user",
    "a credential with none",
    "a credential without it",
    "a decoy",
    "a key that has not expired",
    "a key that is enabled",
    "a key that is no decoy",
    "a key that was not revoked",
    "a person in a session",
    "a secret that has not expired",
    "a secret that no key has",
    "a session, an API key or an access token",
    "a sign-in and a grant that hold",
    "a token for none",
    "a token that is meant for another API",
    "a user who is enabled",
    "access token",
    "an access token that is not known here, or was deleted after its end",
    "an address that is not known",
    "an application that is enabled",
    "another address",
    "another scheme",
    "api key",
    "full access, for the check names no scope and no resource that a lesser credential could hold",
    "no good proof",
    "none",
    "one of a disabled application",
    "one of a disabled user",
    "one that came of a credential which holds",
    "one that is disabled",
    "one that is refused",
    "one that this server made and keeps",
    "one that was not revoked",
    "one that was replaced or used up meanwhile",
    "one who is disabled",
    "one whose sign-in or grant has ended",
    "one whose time is not over",
    "somebody who does not hold it",
    "somebody with the roles none",
    "the scheme Bearer, for the credential is bound to no key",
    "the scheme DPoP",
    "the scheme DPoP with a proof, for the token is bound to a key",
    // The header.
    "a pair that this server did not make, or not the whole of it",
    "a pair; the secret stands alone behind it",
    "a scheme that is none of Bearer, Basic, DPoP and token",
    "a secret whose checksum is wrong: something was cut off or mistyped",
    "a text that is no secret of this server",
    "bytes that are no text",
    "more than one header",
    "no pair KEY:SECRET",
    "nothing",
    "one word, without a scheme before it",
    "what is no base64 of a pair KEY:SECRET, or a pair that this server did not make",
    // Sign-in, devices.
    "a name that none of them has",
    "the name of a policy that stands in verify.policies",
    "a device that asks for none of them",
    "a passkey of this server and its signature",
    "a password alone",
    "a password that was given a moment ago and is still the user's",
    "a second factor",
    "a user with a password",
    "another code",
    "another one",
    "another text",
    "one that is mistyped, over, or decided about already",
    "one that is too old, or was replaced",
    "one that nobody has",
    "one who has none",
    "scopes that the user's roles allow",
    "the code of a device that waits",
    "the code of now, or an unused recovery code",
    "the name or address of a user",
    "the user's password",
    // Clients and tokens.
    "a client that is enabled",
    "client_id alone",
    "private_key_jwt by a key that is not registered any more",
    "a client with a secret and the scope introspect",
    "a code that has not expired",
    "a code that is not known, or was deleted after its end",
    "a code that was given to another client",
    "a code that was given to this client",
    "a code that was not used",
    "a device code that has not expired",
    "a refresh token that has not expired",
    "a refresh token that is not known, or was deleted after its end",
    "a refresh token that was given to another client",
    "a refresh token that was given to this client",
    "a refresh token that was not used",
    "a resource that is registered",
    "a scope that all of client, grant, roles and resource have",
    "a scope that the client's roles and the resource allow",
    "a secret of this client that holds",
    "a text that is no code of this server, or not the whole of it",
    "a text that is no refresh token of this server, or not the whole of it",
    "a text that is no secret of this server, nor one that was brought here",
    "a text that is no secret of this server, or not the whole of it",
    "an assertion that is good (RFC 7523 3)",
    "an empty one",
    "an initial access token that is good",
    "another grant_type",
    "another secret of this server, or one that was replaced",
    "no proof",
    "one of another client, or one that was replaced",
    "one that is not known, has expired, or was used as often as it may be",
    "the client's registration access token",
    // Forms, records, limits.
    "a text that is no address",
    "an id of nothing in reach",
    "few wrong secrets in one window",
    "fewer failures in one window than the section limits has",
    "neither Origin nor Sec-Fetch-Site",
    "one more wrong secret or assertion than limits.client_secret_failures lets pass",
];

/// What pages themselves say of a failure, as [`sentence`] has it.
const SENTENCES: &[&str] = &[
    "After is none of this list; begin at its first page.",
    "It contradicts what is there already.",
    "It was used already, is more than a minute old, or is for another host.",
    "People do not delete their own accounts here; ask whoever runs this server.",
    "People do not make accounts by themselves here; ask whoever runs this server for one.",
    "Rd is missing: the address to come back to.",
    "The form's security token is missing or has expired; go back, reload the page and try again.",
    "There is no second factor that recovery codes could stand in for.",
    "These are a user's own records, and a client that acts in its own name has none.",
    "This code was entered in another session; whoever entered it first decides.",
    "This is the last enabled administrator; make another one first.",
    "This page is for people who are signed in; API keys and access tokens do not open it.",
    "This request was decided already, or waited too long; begin again at the application.",
    "This setup address is not valid, or was used already; sign in, or make an administrator on the command line \
     (hallpass user create --role admin).",
    "Your account has no e-mail address yet.",
];

/// What holds a value: `{$value}` is one that stays as it is, `{$text}` a text of ours. The first that fits counts.
const FILLED: &[&str] = &[
    "one that ended {$text}",
    "one that expired {$text}",
    "one that was revoked {$text}",
    "one that was used {$text}",
    "one that came of a credential that is refused itself: {$text}",
    "the key {$value} with a secret that is none of its own",
    "the scope {$value}",
    "the role {$value}",
    "somebody with the roles {$value}",
    "a credential with {$value}",
    "one with {$value}",
    "a token for this server, {$value}, or for no resource",
    "a token for the resource that is demanded: {$value}",
    "a token for {$value}",
    "a proof by the key {$value}",
    "a proof with {$value}",
    "a client for {$value}",
    "only scopes among {$value}",
    "beside others {$value}",
    "a client_id of {$value} characters, of another form than those made here",
    "{$value}: this client has none",
    "{$value}: it differs in its punctuation",
    "{$value}: it differs at its scheme",
    "{$value}: it differs at its host",
    "{$value}: it differs at its port",
    "{$value}: it differs at its path",
    "{$value}: it differs at its query",
    "{$value}: it has a fragment (#)",
    "{$value}: it has spaces or control characters in it",
    "{$value}: it has a user name before its host",
    "{$value}: it has http in place of https",
    "{$value}: it has https in place of http",
    "{$value}: its host has other capital and small letters",
    "{$value}: its host differs: 127.0.0.1, [::1] and localhost count as different",
    "{$value}: its port is not a number from 1 to 65535",
    "{$value}: it has a slash too many at its end",
    "{$value}: it lacks the slash at its end",
    "{$value}: its path has other capital and small letters",
    "{$value}: it has a query, and the registered one has none",
    "{$value}: it lacks the query of the registered one",
    "{$text}, which nobody has",
    "{$text}, which nobody has, or which is disabled",
    "{$text}, which is disabled",
    "more; there is room again in {$value} s",
    "one more; there is room again in {$value} s",
    "no more requests than the key's limit {$value} has",
    "Basic with a secret of the kind {$value}",
    "Bearer with a secret of the kind {$value}",
    "DPoP with a secret of the kind {$value}",
    "token with a secret of the kind {$value}",
    "Basic with {$text}",
    "Bearer with {$text}",
    "DPoP with {$text}",
    "token with {$text}",
    "{$value} s ago",
    "{$value} min ago",
    "{$value} h ago",
    "{$value} days ago",
];

/// `text` as a text of ours where it is one; other words stay as they are.
pub fn read(text: &str) -> Text {
    let holds = Check::ALL.iter().map(|check| check.holds());
    if let Some(fixed) = FIXED.iter().copied().chain(holds).find(|fixed| *fixed == text) {
        return Text::new(fixed);
    }
    for filled in FILLED.iter().copied() {
        let Some((before, behind)) = filled.split_once("{$") else { continue };
        let Some((name, after)) = behind.split_once('}') else { continue };
        if let Some(value) = text.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)) {
            // It is shorter than `text`, so this comes to an end.
            let value = if name == "text" { read(value) } else { Text::of_words(value) };
            return Text::new(filled).with_text(name, value);
        }
    }
    let said = sentence(text);
    match SENTENCES.iter().copied().find(|known| *known == said) {
        Some(known) => Text::new(known),
        None => Text::of_words(text),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::http::pages::german::german;

    /// The literals among the arguments of each `call` in `source`, but for those within further calls.
    fn literals(source: &str, call: &str) -> Vec<String> {
        let mut found = Vec::new();
        for arguments in source.split(call).skip(1) {
            let (mut depth, mut literal, mut letters) = (0, None::<String>, arguments.chars());
            while let Some(letter) = letters.next() {
                match (&mut literal, letter) {
                    (Some(_), '"') => found.extend(literal.take().filter(|_| depth == 0)),
                    (Some(text), '\\') => text.extend(letters.next()),
                    (Some(text), letter) => text.push(letter),
                    (None, '"') => literal = Some(String::new()),
                    (None, '(' | '[' | '{') => depth += 1,
                    (None, ')') if depth == 0 => break,
                    (None, ')' | ']' | '}') => depth -= 1,
                    (None, _) => {}
                }
            }
        }
        found.retain(|text| text.contains(' '));
        found
    }

    fn sources(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else {
                let source = fs::read_to_string(&path).unwrap_or_default();
                found.extend(source.split("#[cfg(test)]").next().map(str::to_owned));
            }
        }
    }

    #[test]
    fn what_the_code_says_of_a_refusal_is_known_here() {
        let mut all = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
        let said: Vec<String> = all.iter().flat_map(|source| literals(source, "Finding::new(")).collect();
        assert!(said.len() > 30, "{said:#?}");
        let unknown: Vec<&String> = said.iter().filter(|text| !FIXED.contains(&text.as_str())).collect();
        assert!(unknown.is_empty(), "not in FIXED: {unknown:#?}");
    }

    #[test]
    fn german_has_each_of_them() {
        let german = german();
        FIXED.iter().chain(SENTENCES).for_each(|text| drop(german.say(text)));
        for filled in FILLED {
            let name = if filled.contains("{$text}") { "text" } else { "value" };
            let said = german.fill(&Text::new(filled).with(name, "<x>"));
            assert!(said.contains("<x>"), "{said}");
        }
        assert_eq!(german.missing(), Vec::<String>::new());
    }

    #[test]
    fn a_text_of_ours_is_said_in_the_language_and_other_words_stay() {
        let german = german();
        for (english, said) in [
            ("a code that has not expired", "ein Code, der nicht abgelaufen ist"),
            ("one that ended 12 s ago", "abgelaufen vor 12 s"),
            ("one that was revoked 2 days ago", "widerrufen vor 2 Tagen"),
            ("The code has not expired", "Der Code ist nicht abgelaufen"),
            ("somebody with the roles none", "jemand ohne Rollen"),
            ("client_01, which nobody has", "client_01, die es nicht gibt"),
            ("https://a.test/cb: it differs at its host", "https://a.test/cb: Ihr Host weicht ab"),
            ("Bearer with nothing", "Bearer mit nichts"),
            // Names that are words of ours, too.
            ("profile", "profile"),
            ("the scope profile", "die Berechtigung profile"),
            ("the scope none", "die Berechtigung none"),
            ("a proof by the key {$text}", "ein Nachweis mit dem Schlüssel {$text}"),
            ("", ""),
        ] {
            let text = read(english);
            assert_eq!(german.fill(&text), said);
            assert_eq!(text.to_string(), english);
        }
        let told = read("it contradicts what is there already");
        assert_eq!(german.fill(&told), "Es widerspricht dem, was schon da ist.");
        assert_eq!(german.missing(), Vec::<String>::new());
    }
}
