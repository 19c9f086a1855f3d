//! Tests of redirect URIs: what may be registered, and what then matches.

use super::*;
use proptest::prelude::*;

fn uri(text: &str) -> RedirectUri {
    RedirectUri::parse(text).unwrap_or_else(|error| panic!("{text} {error}"))
}

#[test]
fn these_can_be_registered() {
    for text in [
        "https://rp.test/cb",
        "https://rp.test",
        "https://rp.test?a=1",
        "https://RP.test:443/cb/?a=1&b=%20c",
        "https://xn--bcher-kva.example/cb",
        "https://192.0.2.1:8443/cb",
        "https://[2001:db8::1]/cb",
        "https://localhost/cb",
        "https://rp.test/a@b:c;d=e,f/(g)'!$+~",
        "https://rp.test/cb?encode=1&statement=2",
        "http://127.0.0.1/cb",
        "http://127.0.0.1:9876/callback",
        "http://[::1]/cb",
        "http://[::1]:1/cb?x=1",
        "http://localhost:3118/callback",
        "com.example.app:/cb",
        "com.example.MyApp://callback/x?y=1",
        "com.googleusercontent.apps.123-abc:/oauth2redirect",
        "com.example.app:cb",
    ] {
        assert_eq!(uri(text).as_str(), text);
    }
    assert!(RedirectUri::parse(&format!("https://rp.test/{}", "x".repeat(1_984))).is_ok());
}

/// RFC 6749 §3.1.2, RFC 8252 §7.1, RFC 9700 §4.1
#[test]
fn these_cannot() {
    use RedirectUriError::*;
    for (text, error) in [
        ("", NotAbsolute),
        ("/cb", NotAbsolute),
        ("rp.test/cb", NotAbsolute),
        ("https:", NotAbsolute),
        ("https:/rp.test/cb", NotAbsolute),
        ("https:rp.test", NotAbsolute),
        ("https://", Host),
        ("https:///cb", Host),
        ("https://:443/cb", Host),
        ("https://rp.test/cb#x", Fragment),
        ("https://rp.test/cb#", Fragment),
        ("https://user@rp.test/cb", UserInformation),
        ("https://user:pass@rp.test/cb", UserInformation),
        ("http://attacker@127.0.0.1/cb", UserInformation),
        ("com.example.app://a@b/cb", UserInformation),
        ("https://*.rp.test/cb", Wildcard),
        ("https://rp.test/*", Wildcard),
        ("https://rp.test\\@evil.test/cb", Character),
        ("https://rp.test/c b", Character),
        (" https://rp.test/cb", Character),
        ("https://rp.test/cb\n", Character),
        ("https://rp.test/\tcb", Character),
        ("https://rp.test/cb\0", Character),
        ("https://bücher.example/cb", Character),
        ("https://rp.test/\u{202e}cb", Character),
        ("https://rp.test/<script>", Character),
        ("https://rp.test/\"x", Character),
        ("https://rp.test/[x]", Character),
        ("https://rp.test/%zz", PercentEncoding),
        ("https://rp.test/%4", PercentEncoding),
        ("https://rp.test/cb%", PercentEncoding),
        ("https://rp%2etest/cb", Host),
        ("https://rp..test/cb", Host),
        ("https://rp.test./cb", Host),
        ("https://127.1/cb", Host),
        ("https://0x7f000001/cb", Host),
        ("https://2130706433/cb", Host),
        ("https://[::0:1]/cb", Host),
        ("https://[::1/cb", Host),
        ("https://[::1]x/cb", Host),
        ("https://rp.test:/cb", Port),
        ("https://rp.test:0/cb", Port),
        ("https://rp.test:0443/cb", Port),
        ("https://rp.test:65536/cb", Port),
        ("https://rp.test:+443/cb", Port),
        ("https://rp.test:80:80/cb", Port),
        ("http://rp.test/cb", PlainHttp),
        ("http://127.0.0.2/cb", PlainHttp),
        ("http://0.0.0.0/cb", PlainHttp),
        ("http://127.1/cb", PlainHttp),
        ("http://[::2]/cb", PlainHttp),
        ("http://LOCALHOST/cb", PlainHttp),
        ("http://localhost.evil.test/cb", PlainHttp),
        ("http://localhost./cb", PlainHttp),
        ("HTTPS://rp.test/cb", SchemeCase),
        ("Http://127.0.0.1/cb", SchemeCase),
        ("javascript:alert(1)", DangerousScheme),
        ("JaVaScRiPt:alert(1)", DangerousScheme),
        ("javascript://rp.test/%0aalert(1)", DangerousScheme),
        ("data:text/html,x", DangerousScheme),
        ("vbscript:x", DangerousScheme),
        ("file:///etc/passwd", DangerousScheme),
        ("blob:https://rp.test/x", DangerousScheme),
        ("about:blank", DangerousScheme),
        ("view-source:https://rp.test", DangerousScheme),
        ("myapp:/cb", SchemeWithoutDomain),
        ("urn:ietf:wg:oauth:2.0:oob", SchemeWithoutDomain),
        ("com..example:/cb", SchemeWithoutDomain),
        (".example:/cb", SchemeWithoutDomain),
        ("9.example:/cb", SchemeWithoutDomain),
        ("com.exa/mple:/cb", SchemeWithoutDomain),
        ("com.example.app:", NotAbsolute),
        ("https://rp.test/a/../cb", DotSegment),
        ("https://rp.test/a/%2E%2e/cb", DotSegment),
        ("https://rp.test/./cb", DotSegment),
        ("https://rp.test/cb?code=1", ResponseParameter),
        ("https://rp.test/cb?a=1&state", ResponseParameter),
        ("https://rp.test/cb?is%73=1", ResponseParameter),
        ("https://rp.test/cb?error=x", ResponseParameter),
        ("com.example.app:/cb?response=x", ResponseParameter),
    ] {
        assert_eq!(RedirectUri::parse(text), Err(error), "{text:?}");
    }
    assert_eq!(RedirectUri::parse(&format!("https://rp.test/{}", "x".repeat(1_985))), Err(TooLong));
}

#[test]
fn only_the_same_bytes_match() {
    let registered = uri("https://rp.test/cb?a=1");
    assert_eq!(registered.matches("https://rp.test/cb?a=1").unwrap().as_str(), "https://rp.test/cb?a=1");
    for presented in [
        "https://rp.test/cb?a=2",
        "https://rp.test/cb",
        "https://rp.test/cb?a=1&b=2",
        "https://rp.test/cb/?a=1",
        "https://rp.test/%63b?a=1",
        "https://rp.test:443/cb?a=1",
        "https://RP.test/cb?a=1",
        "https://rp.test.evil.test/cb?a=1",
        "https://evilrp.test/cb?a=1",
        "https://rp.test@evil.test/cb?a=1",
        "https://rp.test/cb?a=1#x",
        "https://rp.test/cb?a=1 ",
        "http://rp.test/cb?a=1",
        "",
    ] {
        assert_eq!(registered.matches(presented), None, "{presented}");
    }
}

/// RFC 8252 §7.3
#[test]
fn a_loopback_uri_matches_with_any_port_and_nothing_else_changed() {
    for (registered, presented) in [
        ("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb"),
        ("http://127.0.0.1:9876/cb", "http://127.0.0.1:1/cb"),
        ("http://127.0.0.1:9876/cb", "http://127.0.0.1/cb"),
        ("http://[::1]/cb", "http://[::1]:65535/cb"),
        ("http://localhost/cb?x=1", "http://localhost:3118/cb?x=1"),
        ("http://localhost", "http://localhost:3118"),
    ] {
        assert_eq!(uri(registered).matches(presented).unwrap().as_str(), presented);
    }
    for (registered, presented) in [
        ("http://127.0.0.1/cb", "http://127.0.0.1:49152/other"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb?x=1"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb/"),
        ("http://127.0.0.1/cb", "http://attacker@127.0.0.1/cb"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:80@evil.test/cb"),
        ("http://127.0.0.1/cb", "http://127.0.0.1.evil.test/cb"),
        ("http://127.0.0.1/cb", "http://localhost/cb"),
        ("http://127.0.0.1/cb", "https://127.0.0.1/cb"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:/cb"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:0/cb"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:080/cb"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:65536/cb"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:+80/cb"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:8 0/cb"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:80/x/cb"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:\u{661}/cb"),
        ("http://localhost", "http://localhost:80/"),
        ("http://localhost/cb", "http://localhost.evil.test/cb"),
        ("http://localhost/cb", "http://localhost@evil.test/cb"),
        ("https://localhost/cb", "https://localhost:8443/cb"),
        ("com.example.app:/cb", "com.example.app:1/cb"),
    ] {
        assert_eq!(uri(registered).matches(presented), None, "{presented}");
    }
}

#[test]
fn an_answer_is_added_to_the_query() {
    let pairs = [("code", "a b&c"), ("state", "=?#%ü")];
    for (registered, location) in [
        ("https://rp.test/cb", "https://rp.test/cb?code=a+b%26c&state=%3D%3F%23%25%C3%BC"),
        ("https://rp.test", "https://rp.test?code=a+b%26c&state=%3D%3F%23%25%C3%BC"),
        ("https://rp.test/cb?", "https://rp.test/cb?code=a+b%26c&state=%3D%3F%23%25%C3%BC"),
        ("https://rp.test/cb?x=1", "https://rp.test/cb?x=1&code=a+b%26c&state=%3D%3F%23%25%C3%BC"),
        ("https://rp.test/cb?x=1&", "https://rp.test/cb?x=1&code=a+b%26c&state=%3D%3F%23%25%C3%BC"),
        ("com.example.app:/cb", "com.example.app:/cb?code=a+b%26c&state=%3D%3F%23%25%C3%BC"),
        ("com.example.app://cb", "com.example.app://cb?code=a+b%26c&state=%3D%3F%23%25%C3%BC"),
    ] {
        assert_eq!(uri(registered).as_target().with_query(&pairs), location);
    }
    assert_eq!(uri("https://rp.test/cb").as_target().with_query(&[]), "https://rp.test/cb");
}

#[test]
fn a_person_is_told_where_the_answer_goes() {
    for (registered, shown) in [
        ("https://RP.test/cb", "rp.test"),
        ("https://rp.test:8443", "rp.test:8443"),
        ("https://[2001:db8::1]:1/x?y", "[2001:db8::1]:1"),
        ("http://127.0.0.1/cb", "127.0.0.1"),
        ("com.example.app://evil.test/cb", "com.example.app:"),
    ] {
        assert_eq!(uri(registered).host_for_display(), shown);
    }
    assert_eq!(uri("http://[::1]/cb").matches("http://[::1]:49152/cb").unwrap().host_for_display(), "[::1]:49152");
    assert!(uri("http://[::1]/cb").is_loopback());
    assert!(uri("https://localhost/cb").is_https() && !uri("https://localhost/cb").is_loopback());
    assert!(uri("com.example.app:/cb").is_private_scheme());
}

/// What is left of a loopback address without its port; anything else as it is.
fn without_loopback_port(text: &str) -> String {
    for host in ["http://127.0.0.1:", "http://[::1]:", "http://localhost:"] {
        if let Some(rest) = text.strip_prefix(host) {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            return format!("{}{}", host.trim_end_matches(':'), rest.split_at(digits).1);
        }
    }
    text.to_owned()
}

/// Texts near to redirect URIs: good ones, and ones with a part changed.
fn near_a_uri() -> impl Strategy<Value = String> {
    let start = prop::sample::select(vec!["http://", "https://", "com.example.app:", "com.example.app://", "HTTP://"]);
    let host =
        prop::sample::select(vec!["127.0.0.1", "[::1]", "localhost", "rp.test", "a@127.0.0.1", "localhost.", ""]);
    let port = prop_oneof![Just(String::new()), "(:[0-9]{0,6})", ":[0-9@/.]{0,4}"];
    let path = prop::sample::select(vec!["", "/", "/cb", "/cb?a=1", "/cb#x", "?a=1", "/:80/cb", ".evil.test/cb"]);
    (start, host, port, path).prop_map(|(start, host, port, path)| format!("{start}{host}{port}{path}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn what_matches_is_registered_but_for_a_loopback_port(registered in near_a_uri(), presented in near_a_uri()) {
        if let Ok(uri) = RedirectUri::parse(&registered) {
            prop_assert_eq!(uri.as_str(), &registered);
            prop_assert_eq!(uri.matches(&registered).map(|t| t.as_str().to_owned()), Some(registered.clone()));
            if let Some(target) = uri.matches(&presented) {
                prop_assert_eq!(target.as_str(), &presented);
                prop_assert!(RedirectUri::parse(&presented).is_ok());
                prop_assert!(
                    presented == registered
                        || (uri.is_loopback()
                            && without_loopback_port(&presented) == without_loopback_port(&registered))
                );
            }
        }
    }

    #[test]
    fn no_text_is_too_strange_to_be_judged(text in "\\PC{0,40}", presented in any::<String>()) {
        if let Ok(uri) = RedirectUri::parse(&text) {
            prop_assert!(uri.as_str().is_ascii());
        }
        prop_assert_eq!(uri("https://rp.test/cb").matches(&presented).is_some(), presented == "https://rp.test/cb");
    }

    #[test]
    fn the_answer_is_read_as_it_was_given(code in ".{0,20}", state in ".{0,20}", base in near_a_uri()) {
        if let Ok(uri) = RedirectUri::parse(&base) {
            let location = uri.as_target().with_query(&[("code", &code), ("state", &state)]);
            let read = Url::parse(&location).unwrap();
            let pairs: Vec<_> = read.query_pairs().into_owned().collect();
            let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
            prop_assert_eq!(&pairs[pairs.len() - 2..], &[pair("code", &code), pair("state", &state)]);
            prop_assert!(location.starts_with(&base));
        }
    }
}
