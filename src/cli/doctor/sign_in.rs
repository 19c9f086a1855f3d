//! One whole sign-in at the public address, by a client and a user that are made for it and removed after it.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::time::timeout;

use crate::cli::doctor::address;
use crate::cli::doctor::address::Seen;
use crate::cli::doctor::browser;
use crate::cli::doctor::browser::Browser;
use crate::cli::doctor::database;
use crate::cli::doctor::headers;
use crate::cli::doctor::report::Report;
use crate::cli::doctor::throwaway;
use crate::cli::doctor::throwaway::ThrowAway;
use crate::cli::passwords;
use crate::config::Config;
use crate::domain::act::Act;
use crate::http::paths;
use crate::introspection::stranger::Question;
use crate::introspection::stranger::Reply;
use crate::introspection::stranger::Stranger;
use crate::model::audit::By;
use crate::model::issuer::Issuer;
use crate::model::pkce::CodeChallenge;
use crate::model::pkce::CodeVerifier;
use crate::model::secret::Secret;
use crate::model::time::Timestamp;
use crate::principal::authorization::encode_basic;
use crate::server;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::TrialLock;

/// How long all of it may take.
const WHOLE: Duration = Duration::from_secs(60);
/// What the token is asked for.
const SCOPE: &str = "profile";
/// An address that nobody has (RFC 5737 §3), as a stranger might claim to come from it.
pub const CLAIMED: &str = "192.0.2.99";

/// What the trial works with.
pub struct Trial<'t> {
    /// What is configured.
    pub config: &'t Config,
    /// The database.
    pub store: &'t Store,
    /// The public address.
    pub issuer: &'t Issuer,
    /// Who goes there.
    pub stranger: &'t Stranger,
}

impl Trial<'_> {
    /// Signs in, and removes what was made for it, also where it fails halfway.
    pub async fn check(&self, now: impl Fn() -> Timestamp, report: &mut Report) {
        let act = || Act { by: By::command_line(), now: now() };
        let Some(_lock) = tidy(self.store, &act(), report).await else { return };
        let tried = timeout(WHOLE, self.go(&now, report)).await;
        let tried = tried.unwrap_or_else(|_| Err(format!("it took longer than {} seconds", WHOLE.as_secs())));
        match tried {
            Ok(()) => {
                let seen = "a throw-away user signed in and consented; a throw-away client redeemed the code with PKCE, \
                            used its token, asked about it and revoked it";
                report.good("sign_in", seen);
            }
            Err(why) => report.bad("sign_in", None, why),
        }
        match throwaway::remove(self.store, &act()).await {
            Ok(_) => report.good("leftovers", "the throw-away user and client are gone again"),
            Err(error) => {
                let mend = "run this again; their names begin with hallpass-doctor- and Throw-away";
                report.bad(
                    "leftovers",
                    None,
                    format!("the throw-away user and client are still there: {error}; {mend}"),
                );
            }
        }
    }

    async fn go(&self, now: &impl Fn() -> Timestamp, report: &mut Report) -> Result<(), String> {
        let password = passwords::make();
        let hash = server::open_passwords(self.config).hash(password.clone()).await.map_err(|busy| busy.to_string())?;
        let act = Act { by: By::command_line(), now: now() };
        let unique = passwords::make();
        let made = throwaway::make(self.store, unique.expose(), hash, act).await;
        let made = made.map_err(|error| format!("no throw-away user and client could be made: {error}"))?;
        let verifier = Secret::new(format!("{}-{}", passwords::make().expose(), passwords::make().expose()));
        let state = passwords::make();
        let code = self.code(&made, &password, &verifier, &state, now, report).await?;
        self.use_token(&made, &code, &verifier).await
    }

    /// From the client's request to its code, as a browser goes.
    async fn code(
        &self,
        made: &ThrowAway,
        password: &Secret,
        verifier: &Secret,
        state: &Secret,
        now: &impl Fn() -> Timestamp,
        report: &mut Report,
    ) -> Result<Secret, String> {
        let step = |what: &'static str| move |why: String| format!("{what}: {why}");
        let mut browser = Browser::new(self.stranger, self.issuer);
        let request = self.request(made, verifier, state)?;
        let asked = browser.get(&request).await.map_err(step("the authorization request"))?;
        let login = browser.next(&asked).map_err(step("the authorization request without a session"))?;
        let page = expect(browser.get(&login).await, 200).map_err(step("the sign-in page"))?;
        let csrf_token = field(&page, "csrf_token").map_err(step("the sign-in page"))?;
        let return_to = browser::input(&page.body, "return_to").unwrap_or_default();
        let fields = [
            ("username", made.user.username.as_str()),
            ("password", password.expose()),
            ("csrf_token", &csrf_token),
            ("return_to", &return_to),
        ];
        let path = format!("{}{}", self.issuer.path(), paths::LOGIN);
        let claim = self.claim(page.from);
        let signed_in = browser.post(&path, &fields, &claim).await.map_err(step("the sign-in form"))?;
        let onwards = browser.next(&signed_in).map_err(step("the sign-in form"))?;
        let session = signed_in.all("set-cookie").into_iter().find(|cookie| cookie.contains("hallpass_session="));
        headers::cookie("hallpass_session", session.unwrap_or_default(), self.issuer, report);
        self.look_at_session(made, !claim.is_empty(), signed_in.from, now, report).await?;
        let page = expect(browser.get(&onwards).await, 200).map_err(step("the consent page"))?;
        let request = field(&page, "request").map_err(step("the consent page"))?;
        let csrf_token = field(&page, "csrf_token").map_err(step("the consent page"))?;
        let scopes: Vec<String> = browser::inputs(&page.body, "scope").collect();
        let mut fields = vec![
            ("request", request.as_str()),
            ("decision", "allow"),
            ("duration", "1h"),
            ("csrf_token", csrf_token.as_str()),
        ];
        fields.extend(scopes.iter().map(|scope| ("scope", scope.as_str())));
        let path = format!("{}{}", self.issuer.path(), paths::OAUTH_CONSENT);
        let decided = expect(browser.post(&path, &fields, &[]).await, 303).map_err(step("the consent form"))?;
        self.answer(decided.header("location"), state).map_err(step("the answer to the client"))
    }

    /// The path of the authorization request.
    fn request(&self, made: &ThrowAway, verifier: &Secret, state: &Secret) -> Result<String, String> {
        let verifier = CodeVerifier::parse(verifier.expose()).map_err(|error| error.to_string())?;
        let challenge = CodeChallenge::of(&verifier).to_string();
        let query = browser::form(&[
            ("response_type", "code"),
            ("client_id", &made.client.client_id),
            ("redirect_uri", throwaway::REDIRECT_URI),
            ("scope", SCOPE),
            ("state", state.expose()),
            ("code_challenge", &challenge),
            ("code_challenge_method", CodeChallenge::METHOD),
        ]);
        Ok(format!("{}{}?{query}", self.issuer.path(), paths::OAUTH_AUTHORIZE))
    }

    /// What a stranger might say of where he comes from. Whoever is trusted may say so, so then nothing is claimed.
    fn claim(&self, from: Option<IpAddr>) -> Vec<(&'static str, &'static str)> {
        let trusted = &self.config.http.trusted_proxies;
        let is_trusted = from.is_none_or(|from| trusted.iter().any(|network| network.contains(&from)));
        if is_trusted { Vec::new() } else { vec![("x-forwarded-for", CLAIMED)] }
    }

    /// What the server noted of the browser: from where it came, and when.
    async fn look_at_session(
        &self,
        made: &ThrowAway,
        claimed: bool,
        from: Option<IpAddr>,
        now: &impl Fn() -> Timestamp,
        report: &mut Report,
    ) -> Result<(), String> {
        let user = made.user.id;
        let beginning = Timestamp::from_seconds(0);
        let found = self.store.read(move |tx| tx.sessions().list_live_of(user, beginning)).await;
        let sessions = found.map_err(|error: StoreError| error.to_string())?;
        let Some(session) = sessions.first() else {
            return Err(
                "the sign-in form was answered, but this database has no such session: the server at the public \
                        address uses another one (database_url)"
                    .to_owned(),
            );
        };
        database::compare("the server", session.authenticated_at, now(), report);
        let seen = Seen {
            noted: &session.address,
            from,
            claimed,
            is_https: self.issuer.is_https(),
            trusted: &self.config.http.trusted_proxies,
        };
        address::check(&seen, report);
        Ok(())
    }

    /// The code in the address that the browser is sent to (RFC 6749 §4.1.2, RFC 9207 §2).
    fn answer(&self, location: &str, state: &Secret) -> Result<Secret, String> {
        let query = location.strip_prefix(throwaway::REDIRECT_URI).and_then(|rest| rest.strip_prefix('?'));
        let query = query.ok_or("it does not go to the client's redirect URI")?;
        let answer: BTreeMap<_, _> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let get = |name: &str| answer.get(name).map(String::as_str).unwrap_or_default();
        if let Some(error) = answer.get("error") {
            return Err(format!("error {error:?}"));
        }
        if get("iss") != self.issuer.as_str() {
            return Err(format!("iss is {:?}, not the issuer (setting issuer)", get("iss")));
        }
        if get("state") != state.expose() {
            return Err("the state is not the one that was sent".to_owned());
        }
        answer.get("code").map(|code| Secret::from(code.as_str())).ok_or_else(|| "there is no code".to_owned())
    }

    /// Redeems the code, uses the token, asks about it, revokes it, and sees that it is over.
    async fn use_token(&self, made: &ThrowAway, code: &Secret, verifier: &Secret) -> Result<(), String> {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.expose()),
            ("redirect_uri", throwaway::REDIRECT_URI),
            ("code_verifier", verifier.expose()),
        ];
        let answer = self.as_client(made, paths::OAUTH_TOKEN, &fields).await?;
        let token = answer["access_token"].as_str().map(Secret::from);
        let token = token.ok_or("the token endpoint: there is no access token in its answer")?;
        let me = self.me(&token).await?;
        if me.status != 200 || !me.body.contains(&made.user.id.to_string()) {
            return Err(format!("{}: status {} instead of 200 and the user", paths::API_ME, me.status));
        }
        let fields = [("token", token.expose())];
        let known = self.as_client(made, paths::OAUTH_INTROSPECT, &fields).await?;
        if known["active"] != true || known["username"] != made.user.username.as_str() {
            return Err("introspection does not know the token".to_owned());
        }
        self.as_client(made, paths::OAUTH_REVOKE, &fields).await?;
        let over = self.me(&token).await?;
        if over.status != 401 {
            return Err(format!("a revoked token is answered with status {} instead of 401", over.status));
        }
        match self.as_client(made, paths::OAUTH_INTROSPECT, &fields).await?["active"] {
            Value::Bool(false) => Ok(()),
            _ => Err("introspection still calls a revoked token active".to_owned()),
        }
    }

    async fn me(&self, token: &Secret) -> Result<Reply, String> {
        let headers = vec![("authorization", format!("Bearer {}", token.expose()))];
        let path = format!("{}{}", self.issuer.path(), paths::API_ME);
        let asked = self.stranger.ask(Question { method: "GET", path: &path, headers, form: None }).await;
        asked.map_err(|why| format!("{}: {why}", paths::API_ME))
    }

    /// Calls an endpoint as the client. What is no JSON counts as null.
    async fn as_client(&self, made: &ThrowAway, path: &str, fields: &[(&str, &str)]) -> Result<Value, String> {
        // Neither half has a character that would have to be encoded first (RFC 6749 §2.3.1).
        let basic = encode_basic(&made.client.client_id, made.secret.reveal());
        let headers = vec![("authorization", (*basic).clone())];
        let below = format!("{}{path}", self.issuer.path());
        let form = Some(browser::form(fields));
        let asked = self.stranger.ask(Question { method: "POST", path: &below, headers, form }).await;
        let reply = expect(asked, 200).map_err(|why| format!("{path}: {why}"))?;
        Ok(serde_json::from_str(&reply.body).unwrap_or_default())
    }
}

/// Removes what an earlier trial left behind. `None` where another one is under way, or the database does not answer;
/// else none begins before what is returned is dropped.
pub async fn tidy(store: &Store, act: &Act, report: &mut Report) -> Option<TrialLock> {
    let lock = match store.lock_for_trial() {
        Ok(Some(lock)) => lock,
        Ok(None) => {
            let seen = "another doctor is trying the server out at this moment: ask that one, or run this one again";
            report.warn("sign_in", None, seen);
            return None;
        }
        Err(error) => {
            report.bad("sign_in", None, error.to_string());
            return None;
        }
    };
    match throwaway::remove(store, act).await {
        Ok(0) => {}
        Ok(count) => {
            report.good("leftovers", format!("{count} records that an earlier doctor could not remove are gone now"));
        }
        Err(error) => report.bad("leftovers", None, format!("what an earlier doctor left is still there: {error}")),
    }
    Some(lock)
}

/// A reply with this status; for any other one what the server calls it, but never its body.
fn expect(reply: Result<Reply, String>, status: u16) -> Result<Reply, String> {
    let reply = reply?;
    if reply.status == status {
        return Ok(reply);
    }
    let json = serde_json::from_str::<Value>(&reply.body).unwrap_or_default();
    let error = json["error"].as_str().map(|error| format!(" ({error:?})")).unwrap_or_default();
    Err(format!("status {}{error} instead of {status}", reply.status))
}

/// The value of a field that the page must have.
fn field(page: &Reply, name: &str) -> Result<String, String> {
    browser::input(&page.body, name).ok_or_else(|| format!("it has no field {name}"))
}
