//! What the server says of itself at its public address, in every place where clients look (RFC 8414, RFC 9728).

use serde_json::Value;

use crate::cli::doctor::report::Report;
use crate::cli::doctor::report::quoted;
use crate::http::paths;
use crate::introspection::stranger::Question;
use crate::introspection::stranger::Reply;
use crate::introspection::stranger::Stranger;
use crate::jose::jwk_set::JwkSet;
use crate::model::issuer::Issuer;

/// Members of the metadata that hold addresses of the server's own.
const ENDPOINTS: &str = "_endpoint";

/// A place where a document should stand.
struct Place {
    /// Below the issuer's origin.
    path: String,
    /// The member that says whose it is.
    member: &'static str,
}

/// Asks for each document. `false` where nobody answers.
pub async fn check(issuer: &Issuer, stranger: &Stranger, report: &mut Report) -> bool {
    let places = places(issuer);
    for (number, place) in places.iter().enumerate() {
        let reply = match get(stranger, &place.path).await {
            Ok(reply) => reply,
            Err(why) if number == 0 => {
                let mend = "is the server running, and does this name lead to it or to its proxy?";
                report.bad("reachable", "issuer", format!("{issuer} does not answer: {why}; {mend}"));
                return false;
            }
            Err(why) => {
                report.bad("discovery", None, format!("{}{}: {why}", issuer.origin(), place.path));
                continue;
            }
        };
        if number == 0 {
            report.good("reachable", format!("{issuer} answers"));
        }
        document(issuer, place, &reply, number == 0, report);
    }
    signing_keys(issuer, stranger, report).await;
    challenge(issuer, stranger, report).await;
    true
}

pub(super) async fn get(stranger: &Stranger, path: &str) -> Result<Reply, String> {
    stranger.ask(Question { method: "GET", path, headers: Vec::new(), form: None }).await
}

/// Behind the issuer, and where it has a path also before that path (RFC 8414 §3.1, RFC 9728 §3.1).
fn places(issuer: &Issuer) -> Vec<Place> {
    let documents = [
        (paths::WELL_KNOWN_AUTHORIZATION_SERVER, "issuer"),
        (paths::WELL_KNOWN_PROTECTED_RESOURCE, "resource"),
        (paths::WELL_KNOWN_OPENID_CONFIGURATION, "issuer"),
    ];
    let mut places = Vec::new();
    for (document, member) in documents {
        places.push(Place { path: format!("{}{document}", issuer.path()), member });
        if !issuer.path().is_empty() {
            places.push(Place { path: format!("{document}{}", issuer.path()), member });
        }
    }
    places
}

/// Looks at one document, the first of which also says who the server takes itself for.
fn document(issuer: &Issuer, place: &Place, reply: &Reply, is_first: bool, report: &mut Report) {
    let shown = format!("{}{}", issuer.origin(), place.path);
    let proxy = "the proxy in front has to pass this path on unchanged";
    if reply.status != 200 {
        report.bad("discovery", None, format!("{shown} answers with status {} instead of 200: {proxy}", reply.status));
        return;
    }
    let json = serde_json::from_str::<Value>(&reply.body).ok().filter(|_| is_json(reply.header("content-type")));
    let Some(json) = json else {
        report.bad("discovery", None, format!("{shown} is no JSON: {proxy}"));
        return;
    };
    let named = json[place.member].as_str().unwrap_or_default();
    if named != issuer.as_str() {
        let seen = format!(
            "{shown} says that `{}` is {}, and here {} is configured: they have to be equal byte for byte",
            place.member,
            quoted(named),
            quoted(issuer.as_str())
        );
        report.bad("issuer", "issuer", seen);
        return;
    }
    if is_first {
        report.good("issuer", format!("the server calls itself {issuer}, byte for byte as it is configured here"));
    }
    if let Some((member, address)) = elsewhere(issuer, &json) {
        report.bad("discovery", "issuer", format!("{shown} has {member} outside of the issuer: {}", quoted(address)));
    } else if reply.header("access-control-allow-origin") != "*" {
        let seen = "cannot be read by browser applications: the proxy took away Access-Control-Allow-Origin: *";
        report.bad("discovery", None, format!("{shown} {seen}"));
    } else {
        report.good("discovery", format!("{shown} names the issuer byte for byte"));
    }
}

fn is_json(content_type: &str) -> bool {
    content_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

/// The first address that does not begin with the issuer.
fn elsewhere<'d>(issuer: &Issuer, document: &'d Value) -> Option<(&'d str, &'d str)> {
    let below = |address: &str| address.strip_prefix(issuer.as_str()).is_some_and(|rest| rest.starts_with('/'));
    let members = document.as_object()?;
    let endpoints = members.iter().filter(|(name, _)| name.ends_with(ENDPOINTS) || *name == "jwks_uri");
    let mut addresses = endpoints.filter_map(|(name, address)| Some((name.as_str(), address.as_str()?)));
    let servers = members.get("authorization_servers").and_then(Value::as_array).into_iter().flatten();
    let mut servers = servers.filter_map(Value::as_str).map(|server| ("authorization_servers", server));
    let wrong = addresses.find(|(_, address)| !below(address));
    wrong.or_else(|| servers.find(|(_, server)| *server != issuer.as_str()))
}

/// Whether clients can read the keys by which they verify what the server signs.
async fn signing_keys(issuer: &Issuer, stranger: &Stranger, report: &mut Report) {
    let address = issuer.url(paths::WELL_KNOWN_JWKS);
    let reply = match get(stranger, &format!("{}{}", issuer.path(), paths::WELL_KNOWN_JWKS)).await {
        Ok(reply) => reply,
        Err(why) => return report.bad("signing_keys", None, format!("{address}: {why}")),
    };
    let keys = serde_json::from_str::<Value>(&reply.body).ok().filter(|_| reply.status == 200);
    let count = keys.as_ref().and_then(|keys| keys["keys"].as_array()).map_or(0, Vec::len);
    match JwkSet::parse(&reply.body) {
        Ok(_) if reply.status == 200 => {
            report.good("signing_keys", format!("{count} keys are published at {address}"));
        }
        Ok(_) => report.bad("signing_keys", None, format!("{address} answers with status {}", reply.status)),
        Err(error) => report.bad("signing_keys", None, format!("{address} cannot be read by clients: {error}")),
    }
}

/// What a stranger is told who calls the API: where to begin (RFC 9728 §5.1).
async fn challenge(issuer: &Issuer, stranger: &Stranger, report: &mut Report) {
    let reply = match get(stranger, &format!("{}{}", issuer.path(), paths::API_ME)).await {
        Ok(reply) => reply,
        Err(why) => return report.bad("challenge", None, why),
    };
    let expected = format!("resource_metadata=\"{}\"", issuer.url(paths::WELL_KNOWN_PROTECTED_RESOURCE));
    if reply.status != 401 {
        let seen = format!("a call without a credential is answered with status {} instead of 401", reply.status);
        report.bad("challenge", None, format!("{seen}: does the proxy let somebody in by itself?"));
    } else if !reply.all("www-authenticate").iter().any(|challenge| challenge.contains(&expected)) {
        let seen =
            "a 401 does not name this server's metadata in WWW-Authenticate: the proxy took it away or changed it";
        report.bad("challenge", None, seen);
    } else {
        report.good("challenge", "a 401 says where clients begin");
    }
}
