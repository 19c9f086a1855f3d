//! What stands at the door of each route. A handler's first argument is a guard, or it does not compile into the
//! table of routes.

use std::future::Ready;
use std::future::ready;

use actix_web::Error;
use actix_web::FromRequest;
use actix_web::HttpRequest;
use actix_web::HttpResponseBuilder;
use actix_web::dev::Payload;

use crate::app::App;
use crate::domain::csrf as csrf_token;
use crate::http::context;
use crate::http::context::Context;
use crate::http::cookies::CookieName;
use crate::http::csrf;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::random::Random;

/// Says what a route asks of whoever calls it.
pub trait Guard: FromRequest {
    /// For the table of routes and the test that walks it.
    fn describe() -> String;
}

/// Arguments of a handler, of which the first is a guard.
pub trait Guarded: Sized {
    /// See [`Guard::describe`].
    fn describe() -> String;

    /// The arguments, one after the other. actix's own way asks for all of them at once, and then whoever may not
    /// come in at all is told what is wrong with their form, if that is known sooner.
    ///
    /// # Errors
    /// The guard's; only where it has none, those of the others.
    async fn extract(request: &HttpRequest) -> Result<Self, Error>;
}

macro_rules! guarded {
    ($($rest:ident),*) => {
        impl<G: Guard, $($rest: FromRequest),*> Guarded for (G, $($rest,)*) {
            fn describe() -> String {
                G::describe()
            }

            async fn extract(request: &HttpRequest) -> Result<Self, Error> {
                // The outermost layer has read the body.
                let mut payload = Payload::None;
                let guard = G::from_request(request, &mut payload).await.map_err(Into::into)?;
                Ok((guard, $($rest::from_request(request, &mut payload).await.map_err(Into::into)?,)*))
            }
        }
    };
}
guarded!();
guarded!(A);
guarded!(A, B);
guarded!(A, B, C);
guarded!(A, B, C, D);
guarded!(A, B, C, D, E);

/// Everybody may.
pub struct Public(
    /// What is known of the request.
    pub Context,
);

impl Guard for Public {
    fn describe() -> String {
        "public".to_owned()
    }
}

impl FromRequest for Public {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Context::of(request).map(Public))
    }
}

/// A visitor who is not signed in, with a form that belongs to their browser: an unsafe request carries the token that
/// the page before it gave to the same browser.
pub struct Visitor {
    /// What is known of the request.
    pub context: Context,
    /// The token for the forms of the answer.
    pub csrf_token: String,
    bound_to: String,
    is_new: bool,
}

impl Visitor {
    /// What only this browser has.
    pub fn browser(&self) -> &str {
        &self.bound_to
    }

    /// Gives the browser the cookie that the token belongs to, if it has none yet.
    pub fn remember(&self, app: &App, response: &mut HttpResponseBuilder) {
        if self.is_new {
            response.cookie(CookieName::Form.set(&app.issuer, self.bound_to.clone(), None));
        }
    }
}

impl Guard for Visitor {
    fn describe() -> String {
        "visitor".to_owned()
    }
}

impl FromRequest for Visitor {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(visitor(request))
    }
}

fn visitor(request: &HttpRequest) -> Result<Visitor, Failure> {
    let app = context::app(request)?;
    let context = Context::of(request)?;
    let cookie = CookieName::Form.read(request, &app.issuer).filter(|value| value.len() <= 100);
    let is_new = cookie.is_none();
    // Any random text will do: what makes the token is the server's key.
    let bound_to = cookie.unwrap_or_else(random_text);
    csrf::check_visitor(request, &app, &context, bound_to.as_bytes())?;
    let csrf_token = csrf_token::token(app.keys.current(), csrf_token::Purpose::Form, bound_to.as_bytes());
    Ok(Visitor { context, csrf_token, bound_to, is_new })
}

fn random_text() -> String {
    format!("{:032x}", u128::from_be_bytes(Random.bytes()))
}

/// A page's form: each name once, but for those that may come several times.
pub struct PageForm(
    /// Its fields.
    pub Parameters,
);

impl FromRequest for PageForm {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(page_form(request))
    }
}

fn page_form(request: &HttpRequest) -> Result<PageForm, Failure> {
    if !csrf::is_form(request) {
        return Err(Failure::UnsupportedMediaType("application/x-www-form-urlencoded"));
    }
    let context = Context::of(request)?;
    let parameters = Parameters::parse_page_body(&context.body);
    parameters.map(PageForm).map_err(|error| Failure::BadRequest(error.to_string()))
}
