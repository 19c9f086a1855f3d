//! Where the data is: the setting `database_url`.

use std::fmt;
use std::path::Path;

use super::setting::Form;
use super::setting::Kind;
use crate::model::secret::Secret;

/// Where the data is: a file of ours, or a PostgreSQL server.
#[derive(Clone)]
pub struct DatabaseUrl(Secret);

/// What begins the URL of a file.
const SQLITE: &str = "sqlite://";

impl DatabaseUrl {
    /// Reads `sqlite://PATH` or `postgres://…` (also `postgresql://…`).
    ///
    /// # Errors
    /// What is wrong, as the rest of a sentence, without the URL itself.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.contains('\0') {
            return Err("holds a NUL character".to_owned());
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self(Secret::from(text)));
        }
        let Some(path) = text.strip_prefix(SQLITE) else {
            return Err("begins with neither sqlite:// nor postgres://".to_owned());
        };
        if path.contains(['?', '#']) {
            return Err("has options behind its path, which sqlite:// does not take".to_owned());
        }
        if path.is_empty() || path.ends_with('/') || path == ":memory:" {
            return Err("names no file".to_owned());
        }
        Ok(Self(Secret::from(text)))
    }

    /// The whole URL; it may hold a password. PostgreSQL's is as libpq reads it.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// The file, taken as it stands, where the data is in one; a path without a first `/` begins at the working
    /// folder.
    pub fn sqlite_path(&self) -> Option<&Path> {
        self.expose().strip_prefix(SQLITE).map(Path::new)
    }
}

impl fmt::Display for DatabaseUrl {
    /// The URL with `[secret]` in place of every password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.sqlite_path() {
            Some(_) => f.write_str(self.expose()),
            None => f.write_str(&without_password(self.expose())),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// `url` with `[secret]` in place of its password and of the value of every parameter but the harmless ones.
///
/// It rather hides too much: all between the first `:` behind the scheme and the last `@`.
fn without_password(url: &str) -> String {
    const HARMLESS: &[&str] =
        &["host", "hostaddr", "port", "dbname", "user", "sslmode", "application_name", "target_session_attrs"];
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let (place, parameters) = match rest.rsplit_once('@') {
        // A `?` before the `@` belongs to the password.
        Some((user, place)) => {
            let (host, parameters) = place.split_once('?').map_or((place, None), |(a, b)| (a, Some(b)));
            let user = match user.split_once(':') {
                Some((name, _)) => format!("{name}:[secret]"),
                None => user.split_once('?').map_or(user.to_owned(), |(before, _)| format!("{before}?[secret]")),
            };
            (format!("{user}@{host}"), parameters)
        }
        None => {
            let (host, parameters) = rest.split_once('?').map_or((rest, None), |(a, b)| (a, Some(b)));
            (host.to_owned(), parameters)
        }
    };
    let parameters =
        parameters.into_iter().flat_map(|list| list.split('&')).map(|parameter| match parameter.split_once('=') {
            Some((name, _)) if !HARMLESS.contains(&name) => format!("{name}=[secret]"),
            Some(_) | None => parameter.to_owned(),
        });
    let parameters = parameters.collect::<Vec<_>>().join("&");
    let question_mark = if parameters.is_empty() { "" } else { "?" };
    format!("{scheme}://{place}{question_mark}{parameters}")
}

/// The kind of the setting.
pub(super) struct Database;

impl Kind for Database {
    type Value = DatabaseUrl;
    const FORM: Form = Form::Text;
    const SECRET: bool = true;

    fn parse(&self, text: &str) -> Result<DatabaseUrl, String> {
        DatabaseUrl::parse(text)
    }

    fn allowed(&self) -> String {
        "`sqlite://PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`".to_owned()
    }

    fn show(&self, text: &str) -> String {
        DatabaseUrl::parse(text).map_or_else(|_| "[secret]".to_owned(), |url| url.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_taken_as_it_stands() {
        for (text, path) in [
            ("sqlite://hallpass.db", "hallpass.db"),
            ("sqlite:///var/lib/hallpass/hallpass.db", "/var/lib/hallpass/hallpass.db"),
            ("sqlite://a b%20c.db", "a b%20c.db"),
        ] {
            let url = DatabaseUrl::parse(text).unwrap();
            assert_eq!((url.sqlite_path(), url.expose()), (Some(Path::new(path)), text));
        }
    }

    #[test]
    fn what_is_no_database_is_refused() {
        for text in ["", "hallpass.db", "sqlite://", "sqlite://:memory:", "sqlite://a.db?mode=ro", "mysql://host/db"] {
            assert!(DatabaseUrl::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_password_is_not_shown() {
        for (url, shown) in [
            ("postgres://host/db", "postgres://host/db"),
            ("postgres://ada@host/db", "postgres://ada@host/db"),
            ("postgres://ada:pw@host:5432/db?sslmode=require", "postgres://ada:[secret]@host:5432/db?sslmode=require"),
            ("postgres://ada:p?w@x@host/db", "postgres://ada:[secret]@host/db"),
            ("postgres:///db?host=/run&password=pw", "postgres:///db?host=/run&password=[secret]"),
            ("postgres:///db?password=a@b", "postgres:///db?[secret]@b"),
        ] {
            assert_eq!(format!("{:?}", DatabaseUrl::parse(url).unwrap()), shown);
        }
    }
}
