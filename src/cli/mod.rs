//! The command line: `hallpass <command>`, beside a running server or without one.

mod access;
mod args;
mod backup;
mod clients;
mod context;
mod detail_types;
mod doctor;
mod failure;
mod import;
mod import_args;
mod key_args;
mod key_uses;
mod keys;
mod notices;
mod output;
mod pages;
mod passwords;
mod registration_tokens;
mod resources;
mod roles;
mod serve;
mod settings;
mod signing_keys;
mod users;
mod why;
mod words;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use self::args::Arguments;
use self::args::Command;
use self::args::ServeArguments;
use self::context::Context;
use self::failure::Failure;
use crate::config::Config;
use crate::config::layers::Flags;
use crate::config::surroundings;

/// Does what `arguments` say, the first of which is the program's name, and returns how the process ends: 0 done,
/// 1 failed, 2 wrong usage.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(usage) => {
            // Help and the version are asked for, and go to standard output.
            let wrong = usage.use_stderr();
            return match usage.print() {
                Ok(()) if !wrong => ExitCode::SUCCESS,
                Ok(()) => ExitCode::from(2),
                // `--help | head` has read enough.
                Err(error) if !wrong && error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
                Err(_) => ExitCode::FAILURE,
            };
        }
    };
    match carry_out(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say(&format!("hallpass: {failure}"));
            ExitCode::FAILURE
        }
    }
}

/// Writes a line to standard error. Where nobody reads it, nothing can be done about that.
fn say(line: &str) {
    drop(writeln!(std::io::stderr(), "{line}"));
}

fn carry_out(arguments: Arguments) -> Result<(), Failure> {
    let command = arguments.command.unwrap_or(Command::Serve(ServeArguments::default()));
    let (listen, issuer) = match &command {
        Command::Serve(serve) => (serve.listen.clone(), serve.issuer.clone()),
        Command::Doctor(doctor) => (doctor.server.listen.clone(), doctor.server.issuer.clone()),
        _ => (None, None),
    };
    let flags = Flags { listen, issuer, database_url: arguments.database_url };
    let loaded = surroundings::load(flags, arguments.config.as_deref());
    match command {
        Command::Serve(_) => serve::run(loaded?),
        Command::Config(config) => settings::run(&config.command, loaded, config.json),
        Command::Backup(arguments) => backup::run(&loaded?, &arguments),
        Command::Doctor(doctor) => doctor::run(&loaded?, doctor.json),
        Command::Migrate => serve::migrate(&loaded?),
        Command::User(user) => block_on(loaded?, user.json, |context| users::run(context, user.command)),
        Command::Role(role) => block_on(loaded?, role.json, |context| roles::run(context, role.command)),
        Command::Resource(resource) => {
            block_on(loaded?, resource.json, |context| resources::run(context, resource.command))
        }
        Command::DetailType(detail_type) => {
            block_on(loaded?, detail_type.json, |context| detail_types::run(context, detail_type.command))
        }
        Command::Scope(scope) => block_on(loaded?, scope.json, |context| roles::run_scope(context, scope.command)),
        Command::Client(client) => block_on(loaded?, client.json, |context| clients::run(context, client.command)),
        Command::RegistrationToken(token) => {
            block_on(loaded?, token.json, |context| registration_tokens::run(context, token.command))
        }
        Command::Key(key) => block_on(loaded?, key.json, |context| keys::run(context, key.command)),
        Command::Notice(notice) => block_on(loaded?, notice.json, |context| notices::run(context, notice.command)),
        Command::Session(session) => {
            block_on(loaded?, session.json, |context| access::run_session(context, session.command))
        }
        Command::Grant(grant) => block_on(loaded?, grant.json, |context| access::run_grant(context, grant.command)),
        Command::SigningKey(key) => block_on(loaded?, key.json, |context| signing_keys::run(context, key.command)),
        Command::Import(import) => block_on(loaded?, import.json, |context| import::run(context, import.command)),
        Command::ScanRules(arguments) => settings::scan_rules(&loaded?, arguments.format),
        Command::Why(arguments) => block_on(loaded?, arguments.json, |context| why::run(context, arguments)),
        Command::Audit(audit) => block_on(loaded?, audit.json, |context| access::run_audit(context, audit.command)),
    }
}

/// Opens the database and runs a command on it to its end.
fn block_on<F: Future<Output = Result<(), Failure>>>(
    config: Config,
    json: bool,
    command: impl FnOnce(Context) -> F,
) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let context = Context::open(config, json)?;
    let store = context.store.clone();
    let done = runtime.block_on(command(context));
    // When the command has ended, what it ended is over everywhere.
    store.wait_until_heard();
    done
}
