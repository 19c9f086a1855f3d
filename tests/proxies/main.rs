//! The examples of proxies in `examples/proxies`, as they stand there, in the proxies themselves: each test starts one in
//! front of a small service and asks for it in every way. Beside them Apache as a relying party. On SQLite, or on
//! PostgreSQL where `TEST_DATABASE_URL` is set. `tests/run` installs the proxies.

#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test that fails says where")]
#![expect(clippy::disallowed_methods, reason = "a test is told its database by the environment")]

#[path = "../suite/support/mod.rs"]
#[expect(dead_code, reason = "the suite's support; what tests call by themselves is not used here")]
mod support;

mod rolling;

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;

use support::database::Database;
use support::process;

/// Runs `front.py` for one proxy to its end.
fn front(proxy: &str, programs: &[&Path]) {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/proxies").join(proxy);
    run("front.py", &[proxy.into(), example.into()], programs);
}

/// Runs a script to its end, which starts the program, a server in front and a service of its own.
fn run(script: &str, arguments: &[OsString], programs: &[&Path]) {
    let database = Database::create();
    let program = process::command(database.folder(), &database.url, &[]);
    // Where Debian has what only root runs as a rule.
    let mut path: Vec<_> = programs.iter().map(|program| program.to_path_buf()).collect();
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    path.push("/usr/sbin".into());
    let path: OsString = std::env::join_paths(path).unwrap();
    let done = Command::new("python3")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/proxies").join(script))
        .args(arguments)
        .current_dir(database.folder())
        .envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .env("PROGRAM", program.get_program())
        .env("PATH", path)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("python3: {error}; tests/run installs it"));
    let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    println!("{out}{err}");
    assert!(done.status.success(), "{script} {arguments:?} ended with {}", done.status);
    assert!(out.lines().any(|line| line.starts_with("ok ")), "it checks something");
}

/// The same with a proxy of `requirements.txt`, which `tests/run` puts into `target/proxies/`.
fn front_installed(proxy: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("target/proxies");
    let wanted = std::fs::read(root.join("tests/proxies/requirements.txt")).unwrap();
    let is_current = std::fs::read(folder.join("requirements.txt")).is_ok_and(|installed| installed == wanted);
    assert!(is_current, "what tests/proxies/requirements.txt names is not installed; tests/run installs it");
    front(proxy, &[&folder.join("bin")]);
}

#[test]
fn nginx() {
    front("nginx", &[]);
}

#[test]
fn caddy() {
    front("caddy", &[]);
}

#[test]
fn haproxy() {
    front("haproxy", &[]);
}

#[test]
fn envoy() {
    front_installed("envoy");
}

#[test]
fn traefik() {
    front_installed("traefik");
}

/// OpenID Connect Core §3.1, §12, RP-Initiated Logout, Back-Channel Logout: Apache's module as Debian has it.
#[test]
fn mod_auth_openidc_signs_people_in_and_out() {
    run("relying_party.py", &[], &[]);
}
