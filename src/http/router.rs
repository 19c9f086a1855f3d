//! Finds the place that a path leads to: by one look into a table where the path is fixed, and else by the patterns.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::dev::Path;
use actix_web::dev::ResourceDef;
use actix_web::dev::Url;
use actix_web::http::Method;

use crate::http::Route;
use crate::http::failure::Failure;
use crate::http::paths;

/// Answers a request that its route was found for.
pub type Handle = Box<dyn Fn(HttpRequest) -> Answering>;
/// What it comes to.
pub type Answering = Pin<Box<dyn Future<Output = Result<HttpResponse, Failure>>>>;

/// Where paths lead.
#[derive(Default)]
pub struct Router {
    /// By the path itself.
    fixed: HashMap<String, Rc<Place>>,
    /// The others, in the order of the table.
    open: Vec<Open>,
}

/// A place whose path has parts that may be anything.
struct Open {
    /// All such paths begin with this: quicker to compare than to match.
    beginning: String,
    pattern: ResourceDef,
    place: Rc<Place>,
}

impl Open {
    fn is_match(&self, path: &str) -> bool {
        path.starts_with(&self.beginning) && self.pattern.is_match(path)
    }
}

/// What stands at one path.
pub struct Place {
    /// The path as the table has it, below the issuer's.
    pub pattern: String,
    routes: Rc<[Route]>,
}

impl Place {
    /// What answers `method` here.
    ///
    /// # Errors
    /// 405 with the methods that there are.
    pub fn handle(&self, method: &Method) -> Result<&Handle, Failure> {
        let route = self.routes.iter().find(|route| route.takes(method));
        route.map(|route| &route.handle).ok_or_else(|| Failure::MethodNotAllowed { allow: allowed(&self.routes) })
    }
}

impl Place {
    /// What stands at the door for `method`, as the table of routes describes it.
    pub fn guard(&self, method: &Method) -> &str {
        self.routes.iter().find(|route| route.takes(method)).map_or("", |route| &route.guard)
    }
}

impl Router {
    /// Puts `routes` below `base_path`, the issuer's path.
    pub fn new(routes: Vec<Route>, base_path: &str) -> Self {
        let mut places: Vec<(&'static str, Vec<Route>)> = Vec::new();
        for route in routes {
            match places.iter_mut().find(|(path, _)| *path == route.path) {
                Some((_, routes)) => routes.push(route),
                None => places.push((route.path, vec![route])),
            }
        }
        let places: Vec<(&str, Rc<[Route]>)> = places.into_iter().map(|(path, routes)| (path, routes.into())).collect();
        let mut router = Self::default();
        if !base_path.is_empty() {
            for (path, routes) in &places {
                // The well-known segment also stands between host and path (RFC 8414 §3.1, RFC 9728 §3.1); on the host
                // of a service there is nothing of ours but the callback.
                if path.starts_with("/.well-known/") {
                    router.add(format!("{path}{base_path}"), routes);
                } else if *path == paths::VERIFY_CALLBACK {
                    router.add((*path).to_owned(), routes);
                } else if *path == paths::HOME {
                    // The issuer's own address has no slash at its end.
                    router.add(base_path.to_owned(), routes);
                }
            }
        }
        for (path, routes) in &places {
            for pattern in patterns(path) {
                router.add(format!("{base_path}{pattern}"), routes);
            }
        }
        router
    }

    /// The place of `path`; what stands there for the parts of a pattern is noted in it.
    pub fn find(&self, path: &mut Path<Url>) -> Option<Rc<Place>> {
        if let Some(place) = self.fixed.get(path.as_str()) {
            return Some(Rc::clone(place));
        }
        let found = self
            .open
            .iter()
            .find(|open| path.as_str().starts_with(&open.beginning) && open.pattern.capture_match_info(path));
        found.map(|open| Rc::clone(&open.place))
    }

    /// Adds a place behind all others: a path that an earlier one matches stays with that.
    fn add(&mut self, pattern: String, routes: &Rc<[Route]>) {
        let place = Rc::new(Place { pattern: pattern.clone(), routes: Rc::clone(routes) });
        match pattern.split_once('{') {
            Some((beginning, _)) => {
                let beginning = beginning.to_owned();
                self.open.push(Open { beginning, pattern: ResourceDef::new(pattern), place });
            }
            None if self.open.iter().any(|open| open.is_match(&pattern)) => {}
            None => drop(self.fixed.entry(pattern).or_insert(place)),
        }
    }
}

/// Where the routes of `path` are found. Frappe's methods have several spellings, and behind a well-known document may
/// stand the path of what it is asked about.
fn patterns(path: &str) -> Vec<String> {
    if let Some(patterns) = paths::frappe_spellings(path) {
        return patterns;
    }
    match path.starts_with("/.well-known/") {
        true => vec![path.to_owned(), format!("{path}/{{about:.*}}")],
        false => vec![path.to_owned()],
    }
}

fn allowed(routes: &[Route]) -> String {
    let mut methods: Vec<&str> = routes.iter().map(|route| route.method.as_str()).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::routes;

    fn found(base_path: &str, path: &str) -> Option<(String, Vec<String>)> {
        let mut path = Path::new(Url::new(path.parse().unwrap()));
        let place = Router::new(routes(), base_path).find(&mut path)?;
        Some((place.pattern.clone(), path.iter().map(|(name, value)| format!("{name}={value}")).collect()))
    }

    fn pattern(base_path: &str, path: &str) -> Option<String> {
        found(base_path, path).map(|(pattern, _)| pattern)
    }

    #[test]
    fn the_first_of_two_that_match_has_a_path() {
        assert_eq!(pattern("", paths::USERS_NEW).as_deref(), Some(paths::USERS_NEW));
        let user = Some((paths::USER.to_owned(), vec!["user=newer".to_owned()]));
        assert_eq!(found("", "/users/newer"), user);
        let mut router = Router::default();
        let nothing: Rc<[Route]> = Vec::new().into();
        router.add("/a/{any}".to_owned(), &nothing);
        router.add("/a/b".to_owned(), &nothing);
        let mut path = Path::new(Url::new("/a/b".parse().unwrap()));
        assert_eq!(router.find(&mut path).map(|place| place.pattern.clone()).as_deref(), Some("/a/{any}"));
    }

    #[test]
    fn all_stands_below_the_issuers_path_but_for_what_belongs_to_the_host() {
        for (path, is_there) in [
            ("/auth", true),
            ("/auth/", true),
            ("/auth/login", true),
            ("/auth/.well-known/oauth-authorization-server", true),
            ("/.well-known/oauth-authorization-server/auth", true),
            ("/.hallpass/callback", true),
            ("/login", false),
            ("/", false),
            ("/authx/login", false),
            ("/.well-known/oauth-authorization-server", false),
        ] {
            assert_eq!(found("/auth", path).is_some(), is_there, "{path}");
        }
    }

    #[test]
    fn a_path_leads_nowhere_that_is_longer_or_shorter() {
        for path in ["/login/", "/logi", "/api/v1/me/", "/users/a/", "//", "/api/v1/users/a/b"] {
            assert_eq!(found("", path), None, "{path}");
        }
        assert_eq!(pattern("", "/api/v2/method/ping/x/y").as_deref(), Some("/api/v2/method/ping/{more:.*}"));
    }
}
