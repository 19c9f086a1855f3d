//! From a Frappe site: its users with their keys, and its OAuth clients.

use crate::config::secret_key::SecretKeys;
use crate::domain::act::Act;
use crate::domain::import::Fate;
use crate::domain::import::ImportError;
use crate::domain::import::Manner;
use crate::domain::import::RecordKind;
use crate::domain::import::Report;
use crate::domain::import::frappe_clients;
use crate::domain::import::frappe_users;
use crate::domain::import::rows::Rows;
use crate::domain::roles;
use crate::domain::roles::RoleError;
use crate::model::role::RoleName;
use crate::model::user::Roles;
use crate::store::StoreError;
use crate::store::Tx;

/// Roles that everybody has there, and that mean nothing here.
const EVERYBODYS: [&str; 3] = ["All", "Guest", "Desk User"];

/// What a site exports.
#[derive(Debug, Default)]
pub struct Site {
    /// The records of `User`.
    pub users: Rows,
    /// The records of `OAuth Client`.
    pub clients: Rows,
    /// What roles are called here.
    pub roles: RoleMap,
}

/// What roles are called here that have another name there.
#[derive(Debug, Clone, Default)]
pub struct RoleMap(Vec<(String, Option<RoleName>)>);

impl RoleMap {
    /// Reads `There=here`, once for each role; `There=` brings that role along to nobody.
    ///
    /// # Errors
    /// What is wrong, as a sentence.
    pub fn parse<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, String> {
        let pairs = pairs.into_iter().map(|(there, here)| {
            let here = match here.trim() {
                "" => None,
                here => Some(RoleName::parse(here).map_err(|why| format!("the role {here:?} {why}"))?),
            };
            if there.trim().is_empty() {
                return Err("a role of the site has no name".to_owned());
            }
            Ok((there.trim().to_lowercase(), here))
        });
        pairs.collect::<Result<_, _>>().map(Self)
    }

    /// What `there` is called here; `None` where it is not brought along.
    pub(super) fn find(&self, there: &str) -> Option<Result<RoleName, String>> {
        let mapped = self.0.iter().find(|(name, _)| *name == there.to_lowercase());
        match mapped {
            Some((_, here)) => here.clone().map(Ok),
            None if EVERYBODYS.contains(&there) => None,
            None => match RoleName::parse(there) {
                // Whatever it was over there: nobody becomes an administrator here unless somebody says so.
                Ok(role) if role.is_admin() => None,
                role => Some(role.map_err(|why| format!("the role {there:?} {why}; give it another name"))),
            },
        }
    }
}

/// Brings all of it here.
///
/// # Errors
/// [`ImportError`]; then nothing was changed.
pub fn run(tx: &mut Tx<'_>, site: &Site, keys: &SecretKeys, manner: Manner, act: &Act) -> Result<Report, ImportError> {
    let mut report = Report::default();
    for row in site.users.iter() {
        frappe_users::bring(tx, row, &site.roles, keys, &mut report, act)?;
    }
    for row in site.clients.iter() {
        frappe_clients::bring(tx, row, keys, &mut report, act)?;
    }
    manner.conclude(report)
}

/// The roles of these names as they are called here, made where they are missing; and what is to be said about them.
pub(super) fn known_roles(
    tx: &mut Tx<'_>,
    names: &[String],
    map: &RoleMap,
    report: &mut Report,
    act: &Act,
) -> Result<(Roles, Vec<String>), StoreError> {
    let (mut known, mut notes) = (Vec::new(), Vec::new());
    for name in names {
        let role = match map.find(name) {
            None => continue,
            Some(Ok(role)) => role,
            Some(Err(why)) => {
                notes.push(format!("it does not hold a role that it held there: {why}"));
                continue;
            }
        };
        if let Some(found) = tx.roles().find(&role)? {
            known.push(found);
            continue;
        }
        let description = "Brought here from a Frappe site";
        match roles::create_role(tx, &role, description, act) {
            Ok(()) => report.note(RecordKind::Role, role.as_str(), Fate::Created, Vec::new()),
            Err(RoleError::Store(error)) => return Err(error),
            Err(error) => {
                notes.push(format!("it does not hold a role that it held there: {error}"));
                continue;
            }
        }
        known.push(role);
    }
    Ok((known.into_iter().collect(), notes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_called_as_the_map_says() {
        let map = RoleMap::parse([("System Manager", "admin"), ("Blogger", ""), (" HR ", "People")]).unwrap();
        let name = |there: &str| map.find(there).map(|role| role.map(|role| role.as_str().to_owned()).ok());
        assert_eq!(name("system manager"), Some(Some("admin".to_owned())));
        assert_eq!(name("HR"), Some(Some("People".to_owned())));
        assert_eq!((name("Blogger"), name("All")), (None, None));
        assert_eq!((name("Sales User"), name("R & D")), (Some(Some("Sales User".to_owned())), Some(None)));
        assert!(RoleMap::parse([("x", "a,b")]).is_err() && RoleMap::parse([("", "admin")]).is_err());
    }
}
