//! What can be seen of the configuration alone.

use crate::cli::doctor::report::Report;
use crate::config::Config;
use crate::config::clients::Registration;
use crate::model::issuer::Issuer;

/// Looks at the configuration, and returns the address that people and programs know, if there is one.
pub fn check(config: &Config, report: &mut Report) -> Option<Issuer> {
    match config.clients.registration {
        Registration::Closed => report.good("registration", "closed: administrators alone register clients"),
        Registration::Token => report.good("registration", "with an initial access token of an administrator's"),
        Registration::Open => {
            let seen = "open: everybody can register clients, within the limits; `token` or `closed` ends that";
            report.warn("registration", "clients.registration", seen);
        }
    }
    if config.issuer().is_none() && config.listen.port() == 0 {
        let seen = "it follows from `listen`, whose port is any free one: set it, or give this command --issuer";
        report.bad("issuer", "issuer", seen);
        return None;
    }
    let issuer = config.issuer_for(config.listen);
    if issuer.is_https() {
        report.good("scheme", format!("{issuer} is https"));
    } else {
        let seen = "is plain http, so that this machine alone can use it; others need an https address, and a proxy \
                    that has it";
        report.warn("scheme", "issuer", format!("{issuer} {seen}"));
    }
    Some(issuer)
}
