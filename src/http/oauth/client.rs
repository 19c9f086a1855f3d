//! [`AuthenticatedClient`]: the client that a request to the token endpoint and its like proves (RFC 6749 §2.3).

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header;

use crate::app::App;
use crate::domain::attempts;
use crate::domain::attempts::Bucket;
use crate::domain::login;
use crate::domain::oauth::assertion::Assertion;
use crate::domain::oauth::client_auth;
use crate::domain::oauth::client_auth::ClientCredentials;
use crate::domain::oauth::client_auth::NotAuthenticated;
use crate::domain::oauth::client_auth::PresentedSecret;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::domain::oauth::once;
use crate::domain::oauth::once::Kind;
use crate::domain::oauth::once::Once;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::finding::About;
use crate::domain::refusals::finding::Finding;
use crate::http::context;
use crate::http::context::Context;
use crate::http::context::Who;
use crate::http::csrf;
use crate::http::dpop;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::guard::Argument;
use crate::http::guard::Guard;
use crate::http::oauth::assertion;
use crate::http::oauth::assertion::Proved;
use crate::http::oauth::assertion::Purpose;
use crate::http::oauth::assertion::Refused;
use crate::http::oauth::metadata_document;
use crate::jose::jws::Jws;
use crate::jose::proof::InvalidProof;
use crate::model::client::Client;
use crate::model::thumbprint::Thumbprint;
use crate::principal::authorization;

/// A client that has proved who it is, as far as it can, with the parameters it sent.
pub struct AuthenticatedClient {
    /// The client.
    pub client: Arc<Client>,
    /// The key whose possession the request proves beside that (RFC 9449 §5).
    pub key: Option<Thumbprint>,
    /// Whom the request's assertion acts as (RFC 7523 §2.1).
    pub subject: Option<String>,
    /// By what it proved it, to be asked for once more where something is given to it.
    pub credentials: ClientCredentials,
    /// The body's parameters, each at most once.
    pub parameters: Parameters,
    /// What is known of the request.
    pub context: Context,
}

impl Guard for AuthenticatedClient {
    fn describe() -> String {
        "client".to_owned()
    }
}

/// A client, or somebody who does not say at all who they are: no header, no `client_id`.
pub enum MaybeClient {
    /// A client that has proved who it is, as far as it can.
    Client(Box<AuthenticatedClient>),
    /// Nobody.
    Nobody {
        /// The body's parameters, each at most once.
        parameters: Parameters,
        /// What is known of the request.
        context: Context,
    },
}

impl MaybeClient {
    /// The body's parameters.
    pub fn parameters(&self) -> &Parameters {
        match self {
            MaybeClient::Client(client) => &client.parameters,
            MaybeClient::Nobody { parameters, .. } => parameters,
        }
    }
}

impl Guard for MaybeClient {
    fn describe() -> String {
        "maybe client".to_owned()
    }
}

impl Argument for MaybeClient {
    async fn of(request: &HttpRequest) -> Result<Self, Failure> {
        let context = Context::of(request)?;
        let parameters = parameters(request, &context)?;
        let names = ["client_id", "client_secret", "client_assertion", "client_assertion_type"];
        let says_who = names.into_iter().any(|name| parameters.get(name).is_some());
        if !says_who && !request.headers().contains_key(header::AUTHORIZATION) {
            return Ok(MaybeClient::Nobody { parameters, context });
        }
        authenticate(request).await.map(|client| MaybeClient::Client(Box::new(client)))
    }
}

impl Argument for AuthenticatedClient {
    async fn of(request: &HttpRequest) -> Result<Self, Failure> {
        authenticate(request).await
    }
}

async fn authenticate(request: &HttpRequest) -> Result<AuthenticatedClient, Failure> {
    let app = context::app(request)?;
    let context = Context::of(request)?;
    let parameters = parameters(request, &context)?;
    let mut once = Vec::new();
    let presented = presented(request, &app, &parameters)?;
    let now = app.now();
    metadata_document::refresh(&app, &context, request, &presented.client_id()).await?;
    let (client, credentials, mut subject) = match presented {
        Presented::Credentials(credentials) => {
            let (client, credentials) = by_credentials(&app, &context, credentials).await?;
            (client, credentials, None)
        }
        Presented::Assertion(presented) => {
            let proved = by_assertion(&app, &context, request, presented).await?;
            once.push(proved.once);
            (Arc::new(proved.client), proved.credentials, proved.subject)
        }
    };
    metadata_document::check_fresh(request, &client, now)?;
    if let Some(presented) = assertion::of_grant(&parameters).filter(|_| subject.is_none()) {
        let checked = acts_as(&app, &context, request, &client, &presented).await?;
        once.push(checked.once);
        subject = Some(checked.subject);
    }
    let proof = dpop::read(request, &app, None).map_err(|error| dpop::refusal(request, &app, &error))?;
    let key = proof.map(|proof| {
        once.push(proof.once);
        proof.key
    });
    spend(&app, &context, request, &client, once).await?;
    let credential = client.client_id.clone();
    *context.who.borrow_mut() = Some(Who { subject: client.client_id.clone(), credential });
    Ok(AuthenticatedClient { client, key, subject, credentials, parameters, context })
}

async fn by_credentials(
    app: &App,
    context: &Context,
    credentials: ClientCredentials,
) -> Result<(Arc<Client>, ClientCredentials), Failure> {
    match client_auth::find(&app.memory, &credentials, app.now()).await? {
        Ok(client) => Ok((client, credentials)),
        Err(failed) => {
            let basic = matches!(credentials, ClientCredentials::Basic { .. });
            let refused =
                Refused { client_id: credentials.client_id().to_owned(), code: ErrorCode::InvalidClient, failed };
            Err(refuse(app, context, refused, basic).await)
        }
    }
}

async fn by_assertion(
    app: &App,
    context: &Context,
    request: &HttpRequest,
    presented: assertion::Presented,
) -> Result<Proved, Failure> {
    match assertion::authenticate(app, context, request, presented).await? {
        Ok(proved) => Ok(proved),
        Err(refused) => Err(refuse(app, context, refused, false).await),
    }
}

/// Whom the assertion of a client acts as that has shown who it is in another way.
async fn acts_as(
    app: &App,
    context: &Context,
    request: &HttpRequest,
    client: &Client,
    presented: &assertion::Presented,
) -> Result<Assertion, Failure> {
    let purpose = presented.purpose;
    let checked = match Jws::parse(presented.assertion.expose()) {
        Ok(signed) => assertion::check(app, context, request, client, &signed, purpose).await,
        Err(error) => Err(NotAuthenticated::by_assertion(assertion::refusal(purpose, &error.to_string()), true)),
    };
    match checked {
        Ok(checked) => Ok(checked),
        Err(failed) => {
            let refused = Refused { client_id: client.client_id.clone(), code: purpose.error(), failed };
            Err(refuse(app, context, refused, false).await)
        }
    }
}

/// Assertions and proofs are used up here, in a write of its own, whatever the endpoint does then: so no endpoint can
/// forget it.
async fn spend(
    app: &App,
    context: &Context,
    request: &HttpRequest,
    client: &Client,
    once: Vec<Once>,
) -> Result<(), Failure> {
    if once.is_empty() {
        return Ok(());
    }
    let why = "it was used before; each one needs a jti of its own";
    let purpose = match app.store.write(move |tx| once::spend(tx, &once)).await? {
        None => return Ok(()),
        Some(Kind::Assertion) => Purpose::Authentication,
        Some(Kind::Grant) => Purpose::Grant,
        Some(Kind::Proof) => return Err(dpop::refusal(request, app, &InvalidProof(why.to_owned()).into())),
    };
    let failed = NotAuthenticated::by_assertion(assertion::refusal(purpose, why), true);
    let refused = Refused { client_id: client.client_id.clone(), code: purpose.error(), failed };
    Err(refuse(app, context, refused, false).await)
}

/// What a client is told that did not prove who it is. A wrong secret or signature is counted first.
async fn refuse(app: &App, context: &Context, refused: Refused, basic: bool) -> Failure {
    let Refused { client_id, code, failed } = refused;
    if failed.wrong_secret {
        let named = if failed.client_exists { client_id.as_str() } else { "" };
        if let Err(failure) = count(app, context, named).await {
            let about = About { client: (!named.is_empty()).then(|| named.to_owned()), ..About::default() };
            let came = "one more wrong secret or assertion than limits.client_secret_failures lets pass";
            context.explain(Finding::new(Check::NotTooOften, "few wrong secrets in one window", came).about(about));
            return failure;
        }
    }
    Failure::OAuth { refusal: failed.into_refusal(code), basic }
}

/// The body's parameters. The query is not read at all (RFC 6749 §3.2), and one in it is a mistake worth telling.
///
/// # Errors
/// `invalid_request`.
pub fn parameters(request: &HttpRequest, context: &Context) -> Result<Parameters, Failure> {
    if !request.query_string().is_empty() {
        let why = "parameters belong into the body, not into the query (RFC 6749 3.2)";
        return Err(Failure::oauth(ErrorCode::InvalidRequest, why));
    }
    if !csrf::is_form(request) {
        let why = "the body must be application/x-www-form-urlencoded (RFC 6749 3.2)";
        return Err(Failure::oauth(ErrorCode::InvalidRequest, why));
    }
    Parameters::parse_oauth(&context.body).map_err(|error| Failure::oauth(ErrorCode::InvalidRequest, error.to_string()))
}

/// How a client says who it is.
enum Presented {
    Credentials(ClientCredentials),
    Assertion(assertion::Presented),
}

impl Presented {
    /// The client that is claimed, wherever it stands; empty where nothing claims any.
    fn client_id(&self) -> String {
        match self {
            Presented::Credentials(credentials) => credentials.client_id().to_owned(),
            Presented::Assertion(presented) => presented.client_id(),
        }
    }
}

/// One way, never two (RFC 6749 §2.3).
fn presented(request: &HttpRequest, app: &App, parameters: &Parameters) -> Result<Presented, Failure> {
    let invalid = |why: &str| {
        let refusal = Refusal::new(ErrorCode::InvalidRequest, why).on(Check::ClientOneWay);
        Failure::OAuth { refusal, basic: false }
    };
    let shows_secret =
        parameters.get("client_secret").is_some() || request.headers().contains_key(header::AUTHORIZATION);
    match assertion::of_client(parameters).map_err(invalid)? {
        Some(_) if shows_secret => {
            Err(invalid("the client authenticates twice: by client_assertion and by a secret (RFC 6749 2.3)"))
        }
        Some(presented) => Ok(Presented::Assertion(presented)),
        None if shows_secret => credentials(request, app, parameters).map(Presented::Credentials),
        None => match assertion::of_grant(parameters) {
            Some(presented) => Ok(Presented::Assertion(presented)),
            None => credentials(request, app, parameters).map(Presented::Credentials),
        },
    }
}

fn credentials(request: &HttpRequest, app: &App, parameters: &Parameters) -> Result<ClientCredentials, Failure> {
    let invalid = |why: &str| {
        let refusal = Refusal::new(ErrorCode::InvalidRequest, why).on(Check::ClientOneWay);
        Failure::OAuth { refusal, basic: false }
    };
    let in_body = parameters.get("client_id");
    let secret_in_body = parameters.get("client_secret");
    let mut headers = request.headers().get_all(header::AUTHORIZATION);
    let Some(authorization) = headers.next() else {
        return match (in_body, secret_in_body) {
            (Some(client_id), Some(secret)) => {
                let secret = PresentedSecret::read(secret, &app.keys);
                Ok(ClientCredentials::Post { client_id: client_id.to_owned(), secret })
            }
            (Some(client_id), None) => Ok(ClientCredentials::None { client_id: client_id.to_owned() }),
            (None, _) => {
                let why = "the client does not say who it is: send HTTP Basic, or client_id";
                let refusal = Refusal::new(ErrorCode::InvalidClient, why).on(Check::ClientNamed);
                Err(Failure::OAuth { refusal, basic: false })
            }
        };
    };
    if headers.next().is_some() {
        return Err(invalid("there are two Authorization headers"));
    }
    let Some((client_id, secret)) = authorization::parse_basic_client(authorization.as_bytes()) else {
        let why = "the Authorization header is not well-formed HTTP Basic (RFC 7617)";
        let refusal = Refusal::new(ErrorCode::InvalidClient, why).on(Check::ClientNamed);
        return Err(Failure::OAuth { refusal, basic: true });
    };
    if secret_in_body.is_some() {
        return Err(invalid("the client authenticates twice: by HTTP Basic and by client_secret (RFC 6749 2.3)"));
    }
    if in_body.is_some_and(|in_body| in_body != client_id) {
        return Err(invalid("client_id in the body is another one than in the Authorization header"));
    }
    let secret = PresentedSecret::read(secret.expose(), &app.keys);
    Ok(ClientCredentials::Basic { client_id, secret })
}

/// Counts a wrong secret for this client from this address. Only then is anybody turned away: a right secret is
/// never refused for somebody else's wrong ones. Names of no client are counted as one: a stranger has many.
async fn count(app: &App, context: &Context, client_id: &str) -> Result<(), Failure> {
    let Some(limit) = app.client_secret_limit() else { return Ok(()) };
    let address = context.address.map(login::network).unwrap_or_default();
    let buckets = vec![(Bucket::new("client secret", &[client_id, &address]), limit)];
    let now = app.now();
    match app.store.write(move |tx| attempts::reserve(tx, &buckets, now)).await? {
        Ok(()) => Ok(()),
        Err(retry_after) => Err(Failure::TooMany { retry_after }),
    }
}
