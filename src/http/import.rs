//! Bringing users, clients and keys here from elsewhere, for the page and for the API.

use crate::app::App;
use crate::domain::api_keys::ApiKeyError;
use crate::domain::import;
use crate::domain::import::ImportError;
use crate::domain::import::Manner;
use crate::domain::import::Report;
use crate::domain::import::frappe::Site;
use crate::domain::import::rows::Rows;
use crate::domain::reach::Reach;
use crate::http::failure::Failure;
use crate::http::failure::Refused;
use crate::http::principal::Principal;
use crate::model::api_key::KeyAccess;
use crate::model::identity::Identity;
use crate::model::user::Roles;

/// What came of an import: what became of each record, and whether it stands.
pub struct Done {
    /// What became of each record, or would have.
    pub report: Report,
    /// Whether some of it is refused, so that nothing was done.
    pub is_refused: bool,
}

/// Brings a Frappe site and keys here, as far as `who` reaches.
///
/// # Errors
/// 403 where the credential does not reach so far.
pub async fn run<N>(app: &App, who: &Principal<N>, site: Site, rows: Rows, manner: Manner) -> Result<Done, Failure> {
    let (identity, act, keys) = (Identity::clone(who), who.act(app), app.keys.clone());
    let done = app
        .store
        .write(move |tx| {
            check(&Reach::of(tx, &identity, &act)?)?;
            Ok::<_, Refused>(import::run(tx, &site, &rows, &keys, manner, &act)?)
        })
        .await;
    match done {
        Ok(report) => {
            app.imported.found();
            Ok(Done { report, is_refused: false })
        }
        Err(Refused::Import(ImportError::DryRun(report))) => Ok(Done { report: *report, is_refused: false }),
        Err(Refused::Import(ImportError::Refused(report))) => Ok(Done { report: *report, is_refused: true }),
        Err(error) => Err(error.into()),
    }
}

/// What is brought here has full access, all roles of its user, no end and no bounds, and may be an administrator's.
fn check(reach: &Reach) -> Result<(), ApiKeyError> {
    reach.check_administrator()?;
    Ok(reach.check_key(&KeyAccess::Full, None, &Roles::default(), &[], None)?)
}
