//! What the configuration accepts, refuses, and says about it.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;

use super::*;
use crate::config::layers::Flags;
use crate::config::log::LogFormat;
use crate::model::time::Lifetime;

const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

fn no_files(_: &Path) -> io::Result<String> {
    Err(io::Error::from(io::ErrorKind::NotFound))
}

fn load(flags: Flags, file: &str, environment: &[(&str, &str)]) -> Result<Config, Problems> {
    Config::load(&Sources {
        flags,
        file: Some(("hallpass.toml", file)),
        environment: environment.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))).collect(),
        read_file: &|path| match path.to_str() {
            Some("/run/key") => Ok(format!("{KEY}\n")),
            Some("/run/url") => Ok("postgres://ada:hunter2@db.example/hallpass".to_owned()),
            _ => no_files(path),
        },
    })
}

fn from_file(file: &str) -> Result<Config, Problems> {
    load(Flags::default(), file, &[])
}

fn from_environment(environment: &[(&str, &str)]) -> Result<Config, Problems> {
    load(Flags::default(), "", environment)
}

/// The problems of a configuration, one a line.
fn refusals(result: Result<Config, Problems>) -> String {
    let problems = result.expect_err("this must be refused");
    problems.iter().map(|problem| format!("{problem}\n")).collect()
}

fn shown(config: &Config, key: &str) -> (String, String) {
    let shown = config.show().iter().find(|shown| shown.key == key).unwrap();
    (shown.value.clone(), shown.origin.clone())
}

#[test]
fn without_any_configuration_the_defaults_hold() {
    let config = Config::load(&Sources {
        flags: Flags::default(),
        file: None,
        environment: vec![(OsString::from("PATH"), OsString::from("/bin"))],
        read_file: &no_files,
    })
    .unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8000");
    assert_eq!(config.issuer_for(config.listen).as_str(), "http://127.0.0.1:8000");
    assert_eq!(config.database_url.to_string(), "sqlite://hallpass.db");
    assert_eq!(config.tokens.code_lifetime, Lifetime::from_seconds(60));
    assert_eq!(config.tokens.access_token_lifetime, Lifetime::from_hours(1));
    assert_eq!(config.tokens.refresh_token_idle, Lifetime::from_days(30));
    assert_eq!(config.tokens.refresh_token_lifetime, Lifetime::from_days(90));
    assert_eq!(config.tokens.refresh_replay_window, Lifetime::from_seconds(30));
    assert_eq!(config.sessions.idle, Lifetime::from_hours(12));
    assert_eq!(config.sessions.lifetime, Lifetime::from_days(7));
    assert!(!config.clients.require_pkce);
    assert!(config.limits.login_per_account().is_some());
    assert!(config.http.trusted_proxies.is_empty());
}

#[test]
fn flags_win_over_the_environment_which_wins_over_the_file() {
    let file = "listen = \"127.0.0.1:1\"\ndatabase_url = \"sqlite://file.db\"\n[log]\nformat = \"json\"\n";
    let flags = Flags { listen: Some("127.0.0.1:3".to_owned()), ..Flags::default() };
    let environment = [("HALLPASS_LISTEN", "127.0.0.1:2"), ("HALLPASS_DATABASE_URL", "sqlite://env.db")];
    let config = load(flags, file, &environment).unwrap();
    assert_eq!(shown(&config, "listen"), ("127.0.0.1:3".to_owned(), "--listen".to_owned()));
    assert_eq!(
        shown(&config, "database_url"),
        ("sqlite://env.db".to_owned(), "environment variable HALLPASS_DATABASE_URL".to_owned())
    );
    assert_eq!(shown(&config, "log.format"), ("json".to_owned(), "hallpass.toml line 4".to_owned()));
    assert_eq!(shown(&config, "log.level"), ("info".to_owned(), "default".to_owned()));
    assert_eq!(config.log.format, LogFormat::Json);
}

#[test]
fn every_problem_is_named_at_once_with_its_place_and_what_is_allowed() {
    let file = "lisen = \"127.0.0.1:1\"
issuer = \"http://id.example/\"

[tokens]
code_lifetime_seconds = 3600
access_token_lifetime_seconds = \"3600\"
access_token_lifetime = 5

[http]
trusted_proxies = [\"10.0.0.0/33\"]
workers = -1

[colour]
paper = \"white\"
";
    let environment = [("HALLPASS_LOG__LEVEL", "loud"), ("HALLPASS_ISUER", "https://id.example")];
    insta::assert_snapshot!(refusals(load(Flags::default(), file, &environment)), @r#"
    HALLPASS_ISUER (environment): is no setting of Hallpass; did you mean HALLPASS_ISSUER?
    log.level (environment variable HALLPASS_LOG__LEVEL): "loud" is none of the choices; allowed: `error`, `warn`, `info`, `debug`, `trace`
    lisen (hallpass.toml line 1): is no setting of Hallpass; did you mean listen?
    issuer (hallpass.toml line 2): is plain http on a host that is not loopback, so passwords and tokens could be read on their way; use https (a proxy in front may provide it); allowed: an `https` URL without query and fragment, such as `https://id.example`; `http` only for a loopback host
    tokens.code_lifetime_seconds (hallpass.toml line 5): 3600 is too large; allowed: 1 to 600
    tokens.access_token_lifetime_seconds (hallpass.toml line 6): must be a whole number, without quotes
    tokens.access_token_lifetime (hallpass.toml line 7): is no setting of Hallpass; did you mean tokens.access_token_lifetime_seconds?
    http.trusted_proxies (hallpass.toml line 10): "10.0.0.0/33" is neither an address nor a network; allowed: addresses and networks, such as `10.0.0.1`, `10.0.0.0/8`, `fd00::/8`
    http.workers (hallpass.toml line 11): -1 is too small; allowed: 0 to 1024
    colour (hallpass.toml line 13): is no setting of Hallpass
    "#);
}

#[test]
fn broken_toml_is_named_by_its_line_without_its_text() {
    let refusals = refusals(from_file("log.level = \"info\"\nsecret_key = hunter2!\nlisten = \"127.0.0.1:x\"\n"));
    assert!(refusals.contains("hallpass.toml line 2: is not TOML"), "{refusals}");
    assert!(refusals.contains("listen (hallpass.toml line 3)"), "{refusals}");
    assert!(!refusals.contains("hunter2"), "{refusals}");
}

#[test]
fn a_setting_written_twice_is_refused() {
    let twice = refusals(from_file("[log]\nlevel = \"info\"\nlevel = \"warn\"\n"));
    assert!(twice.contains("line 3"), "{twice}");
    let section_twice = refusals(from_file("[log]\nlevel = \"info\"\n[log]\nformat = \"text\"\n"));
    assert!(section_twice.contains("line 3"), "{section_twice}");
}

#[test]
fn a_dot_inside_of_quotes_does_not_name_a_section() {
    assert!(from_file("log.level = \"warn\"").is_ok());
    assert!(refusals(from_file("\"log.level\" = \"warn\"")).contains("is no setting"));
}

#[test]
fn a_section_written_as_a_value_is_refused() {
    assert!(refusals(from_file("tokens = 5")).contains("write [tokens] above its settings"));
    assert!(from_file("tokens = { code_lifetime_seconds = 5 }").is_ok());
}

#[test]
fn lifetimes_go_down_to_a_second_and_not_beyond_their_bounds() {
    let config = from_file(
        "[tokens]\ncode_lifetime_seconds = 1\naccess_token_lifetime_seconds = 1\nrefresh_token_idle_seconds = 1\n\
         refresh_token_lifetime_seconds = 1\nrefresh_replay_window_seconds = 0\n\
         [sessions]\nidle_seconds = 1\nlifetime_seconds = 1\n",
    );
    assert_eq!(config.unwrap().tokens.code_lifetime, Lifetime::from_seconds(1));
    for (key, value) in [
        ("tokens.code_lifetime_seconds", 0),
        ("tokens.code_lifetime_seconds", -1),
        ("tokens.code_lifetime_seconds", 601),
        ("tokens.access_token_lifetime_seconds", 315_360_000),
        ("sessions.idle_seconds", i64::MAX),
    ] {
        let refusals = refusals(from_file(&format!("{key} = {value}")));
        assert!(refusals.starts_with(&format!("{key} (hallpass.toml line 1): {value} is too")), "{refusals}");
    }
}

#[test]
fn the_same_bounds_hold_in_the_environment_and_in_flags() {
    let refused = refusals(from_environment(&[("HALLPASS_TOKENS__CODE_LIFETIME_SECONDS", "601")]));
    assert_eq!(
        refused,
        "tokens.code_lifetime_seconds (environment variable HALLPASS_TOKENS__CODE_LIFETIME_SECONDS): \
         601 is too large; allowed: 1 to 600\n"
    );
    let flags = Flags { issuer: Some("http://id.example".to_owned()), ..Flags::default() };
    assert!(refusals(load(flags, "", &[])).starts_with("issuer (--issuer): is plain http"));
}

#[test]
fn a_variable_that_is_not_utf_8_is_refused() {
    let result = Config::load(&Sources {
        flags: Flags::default(),
        file: None,
        environment: vec![(OsString::from("HALLPASS_ISSUER"), OsString::from_vec(vec![0xff]))],
        read_file: &no_files,
    });
    assert!(refusals(result).contains("is not UTF-8"));
}

#[test]
fn what_kubernetes_sets_for_a_service_of_our_name_is_passed_over() {
    let links = [
        ("HALLPASS_SERVICE_HOST", "10.0.0.1"),
        ("HALLPASS_SERVICE_PORT", "8000"),
        ("HALLPASS_SERVICE_PORT_HTTP", "8000"),
        ("HALLPASS_PORT", "tcp://10.0.0.1:8000"),
        ("HALLPASS_PORT_8000_TCP_ADDR", "10.0.0.1"),
    ];
    assert!(from_environment(&links).is_ok());
    assert!(refusals(from_environment(&[("HALLPASS_PORT", "8000")])).contains("is no setting"));
}

#[test]
fn a_secret_may_stand_in_a_file() {
    let config = from_file("secret_key_file = \"/run/key\"\ndatabase_url_file = \"/run/url\"").unwrap();
    assert_eq!(shown(&config, "secret_key"), ("[secret]".into(), "hallpass.toml line 1, file /run/key".into()));
    assert_eq!(shown(&config, "database_url").0, "postgres://ada:[secret]@db.example/hallpass");
    assert!(from_environment(&[("HALLPASS_SECRET_KEY_FILE", "/run/key")]).is_ok());
    assert!(refusals(from_file("secret_key_file = \"/run/none\"")).contains("the file /run/none can't be read"));
    assert!(refusals(from_file("listen_file = \"/run/key\"")).contains("is no setting"));
}

#[test]
fn a_secret_given_in_both_forms_is_refused() {
    let file = format!("secret_key_file = \"/run/key\"\nsecret_key = \"{KEY}\"");
    assert!(refusals(from_file(&file)).contains("secret_key_file (hallpass.toml line 1): is given beside secret_key"));
    let environment = [("HALLPASS_SECRET_KEY_FILE", "/run/key"), ("HALLPASS_SECRET_KEY", KEY)];
    assert!(refusals(from_environment(&environment)).contains("is given beside secret_key"));
}

#[test]
fn a_flag_replaces_the_file_that_a_lower_layer_names() {
    let flags = Flags { database_url: Some("sqlite://other.db".to_owned()), ..Flags::default() };
    let config = load(flags, "database_url_file = \"/run/none\"", &[]).unwrap();
    assert_eq!(config.database_url.to_string(), "sqlite://other.db");
}

#[test]
fn secrets_are_neither_shown_nor_printed() {
    let file = format!("secret_key = \"{KEY}\"\nprevious_secret_keys = [\"{KEY}\"]\ndatabase_url_file = \"/run/url\"");
    let config = from_file(&file).unwrap();
    for text in [format!("{config:?}"), serde_json::to_string(config.show()).unwrap()] {
        assert!(!text.contains("0011") && !text.contains("hunter2"), "{text}");
    }
    let refusals = refusals(from_file("secret_key = \"hunter2\"\nprevious_secret_keys = [\"hunter2\"]\n"));
    assert!(!refusals.contains("hunter2"), "{refusals}");
}

#[test]
fn a_listener_that_others_can_reach_needs_an_issuer() {
    let refused = refusals(from_file("listen = \"0.0.0.0:8000\""));
    assert!(refused.starts_with("issuer (hallpass.toml line 1): is not set"), "{refused}");
    let config = from_file("listen = \"0.0.0.0:0\"\nissuer = \"https://id.example/\"").unwrap();
    assert_eq!(config.issuer_for("0.0.0.0:4711".parse().unwrap()).as_str(), "https://id.example");
}

#[test]
fn with_port_0_the_issuer_gets_the_bound_port() {
    let config = from_file("listen = \"127.0.0.1:0\"").unwrap();
    assert_eq!(config.issuer_for("127.0.0.1:4711".parse().unwrap()).as_str(), "http://127.0.0.1:4711");
}

#[test]
fn each_limit_can_be_switched_off() {
    let config = from_file(
        "[limits]\nlogin_failures_per_account = 0\nlogin_failures_per_device = 0\nlogin_failures_per_address = 0\n\
         client_secret_failures = 0\n",
    )
    .unwrap();
    let limits = config.limits;
    let all =
        [limits.login_per_account(), limits.login_per_device(), limits.login_per_address(), limits.client_secret()];
    assert_eq!(all, [None; 4]);
}

#[test]
fn argon2_needs_memory_for_each_lane() {
    let refused = refusals(from_file("[passwords]\nmemory_kib = 31\nparallelism = 4\n"));
    assert!(refused.starts_with("passwords.memory_kib (hallpass.toml line 2): must be at least 32"), "{refused}");
}

#[test]
fn every_default_is_allowed() {
    for setting in all_settings() {
        assert_eq!(setting.kind.check(setting.default), Ok(()), "{}", setting.key);
    }
}

#[test]
fn no_text_breaks_the_reader() {
    proptest::proptest!(|(text in "[a-z\\[\\]=\"'.,#\\n\\\\{}0-9 é-]{0,60}")| {
        drop(from_file(&text));
    });
}

/// Compares docs/CONFIGURATION.md with the table of settings; with `REWRITE_DOCS` set it writes it instead.
#[test]
#[expect(clippy::disallowed_methods, reason = "the switch is for whoever runs the test, not for the program")]
fn configuration_docs() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/CONFIGURATION.md");
    if std::env::var_os("REWRITE_DOCS").is_some() {
        fs::write(path, docs::configuration()).unwrap();
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(
        found == docs::configuration(),
        "docs/CONFIGURATION.md is out of date; REWRITE_DOCS=1 cargo test --lib configuration_docs"
    );
}

#[test]
fn policies_are_read_and_shown() {
    let file = "[verify]\nallowed_hosts = [\"files.example:443\"]\n[verify.policies.reports]\nroles = [\"staff\"]
scopes = [\"reports:read\", \"reports:write\"]\nresource = \"https://reports.example/\"\n[verify.policies.all]\n";
    let config = from_file(file).unwrap();
    let reports = &config.verify.policies["reports"];
    assert_eq!(reports.scopes.to_string(), "reports:read reports:write");
    assert_eq!(reports.roles.iter().map(|role| role.as_str()).collect::<Vec<_>>(), ["staff"]);
    assert_eq!(reports.resources.iter().count(), 1);
    assert_eq!(config.verify.policies["all"], crate::model::demand::Demand::default());
    assert_eq!(
        shown(&config, "verify.policies"),
        (
            "all (nothing), reports (roles staff; scopes reports:read, reports:write; resource https://reports.example/)"
                .to_owned(),
            "hallpass.toml line 3".to_owned()
        )
    );
    assert!(from_file("").unwrap().verify.policies.is_empty());
}

#[test]
fn everything_that_is_wrong_with_policies_is_named_with_its_line() {
    let file = "[verify.policies.reports]
role = [\"staff\"]
scopes = \"a\"
roles = [\"a,b\", \"c\"]
resource = [\"/relative\"]

[verify.policies.\"a b\"]

[verify.policies.empty]
scopes = []
x.y = 1

[verify.policies]
text = \"x\"
";
    assert_eq!(
        refusals(from_file(file)),
        "verify.policies.reports.role (hallpass.toml line 2): is no part of a policy; did you mean roles?
verify.policies.reports.scopes (hallpass.toml line 3): must be a list of texts, such as [\"one\", \"two\"]
verify.policies.reports.roles (hallpass.toml line 4): \"a,b\" is no role's name: has a character that is not allowed: use letters, digits, spaces and . _ : -
verify.policies.reports.resource (hallpass.toml line 5): the resource's URI is not absolute; it begins with a scheme, as in \
         https://api.example.com/
verify.policies.a b (hallpass.toml line 7): a policy's name holds 1 to 64 letters, digits and - _
verify.policies.empty.scopes (hallpass.toml line 10): is empty; leave it out where nothing is needed
verify.policies.empty.x (hallpass.toml line 11): is no part of a policy
verify.policies.text (hallpass.toml line 14): is a section: write [verify.policies.text] above its settings
"
    );
    let wrong = refusals(from_file("[verify]\npolicies = \"x\"\n"));
    assert!(wrong.contains("line 2): must be sections"), "{wrong}");
    let wrong = refusals(from_environment(&[("HALLPASS_VERIFY__POLICIES", "{}")]));
    assert!(wrong.contains("is no setting"), "{wrong}");
}
