//! The builders of paths, and how paths are read.

use super::*;

#[test]
fn a_builder_fills_its_pattern() {
    assert_eq!(user("user_01"), "/users/user_01");
    assert_eq!(of_user_key(USER_KEY_ROTATE, "user_01", "key_02"), "/users/user_01/keys/key_02/rotate");
    assert_eq!(user_settings("user_01"), "/users/user_01?tab=settings");
}

#[test]
fn a_method_of_frappes_is_written_in_many_ways() {
    let written = ["/api/method/ping", "/api/v1/method/ping", "/api/v2/method/ping/", "/api/method/ping/a/b"];
    for path in written {
        assert_eq!(frappe_method(path).as_deref(), Some(FRAPPE_PING), "{path}");
    }
    for path in ["/api/v3/method/ping", "/api/ping", "/ping", "/api/methods/ping"] {
        assert_eq!(frappe_method(path), None, "{path}");
    }
    assert_eq!(frappe_spellings(API_ME), None);
    assert_eq!(frappe_spellings(FRAPPE_PING).map(|patterns| patterns.len()), Some(6));
    let authorize = format!("{}/?client_id=a", FRAPPE_AUTHORIZE.replace("/api", "/api/v2"));
    assert_eq!(authorization_query(&authorize), Some("client_id=a"));
    assert_eq!(authorization_query("/oauth/authorize?a=b?c"), Some("a=b?c"));
    assert_eq!(authorization_query("/login?return_to=/oauth/authorize?a"), None);
}

#[test]
fn an_id_never_leaves_its_segment() {
    assert_eq!(client("https://app.example/id?a#b"), "/clients/https:%2F%2Fapp.example%2Fid%3Fa%23b");
}
