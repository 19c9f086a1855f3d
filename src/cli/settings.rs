//! `hallpass config`.

use std::io;

use crate::cli::args::ConfigCommand;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::output::Record;
use crate::config::Config;
use crate::config::problem::Problems;
use crate::domain::scan_rules;
use crate::domain::scan_rules::ScanFormat;
use crate::http::paths;

/// Carries out a command about the configuration, however bad that is.
pub fn run(command: &ConfigCommand, loaded: Result<Config, Problems>, json: bool) -> Result<(), Failure> {
    let mut output = Output::new(json, io::stdout());
    match command {
        ConfigCommand::Check => check(loaded, json, &mut output),
        ConfigCommand::Show => {
            let config = loaded?;
            let records = config.show().iter().map(|shown| {
                let (value, origin) = (shown.value.as_str(), shown.origin.as_str());
                Record::new([("key", shown.key.into()), ("value", value.into()), ("origin", origin.into())])
            });
            Ok(output.list(&["key", "value", "origin"], records.collect())?)
        }
    }
}

/// Names every problem. Programs get them all on standard output.
fn check(loaded: Result<Config, Problems>, json: bool, output: &mut Output<io::Stdout>) -> Result<(), Failure> {
    let problems = match loaded {
        Ok(_) => {
            return Ok(output
                .done("The configuration is in order.", Record::new([("problems", Vec::<String>::new().into())]))?);
        }
        Err(problems) => problems,
    };
    if json {
        let list = problems
            .iter()
            .map(|problem| serde_json::json!({ "key": problem.key, "origin": problem.origin, "wrong": problem.wrong }));
        output.record(Record::new([("problems", list.collect::<Vec<_>>().into())]))?;
    }
    Err(problems.into())
}

/// `scan-rules`: for the configured issuer.
pub fn scan_rules(config: &Config, format: ScanFormat) -> Result<(), Failure> {
    let issuer = config.issuer_for(config.listen);
    let report_at = format!("{}{}", issuer.as_str(), paths::API_LEAKED_SECRETS);
    let rules = scan_rules::write(format, issuer.as_str(), &report_at);
    Ok(Output::new(false, io::stdout()).line(rules.trim_end())?)
}
