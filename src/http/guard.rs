//! What stands at the door of each route. A handler's first argument is a guard, or it does not compile into the
//! table of routes.

use actix_web::FromRequest as _;
use actix_web::HttpRequest;
use actix_web::HttpResponseBuilder;
use actix_web::web::Data;
use actix_web::web::Path;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::domain::csrf as csrf_token;
use crate::http::context;
use crate::http::context::Context;
use crate::http::cookies::CookieName;
use crate::http::csrf;
use crate::http::failure::Failure;
use crate::http::form::Parameters;

/// What a handler takes of a request.
pub trait Argument: Sized {
    /// That of `request`.
    ///
    /// # Errors
    /// What the caller is told instead of the handler's answer.
    async fn of(request: &HttpRequest) -> Result<Self, Failure>;
}

impl Argument for HttpRequest {
    async fn of(request: &HttpRequest) -> Result<Self, Failure> {
        Ok(request.clone())
    }
}

impl Argument for Data<App> {
    async fn of(request: &HttpRequest) -> Result<Self, Failure> {
        context::app(request)
    }
}

/// What stands in the path.
impl<T: DeserializeOwned + 'static> Argument for Path<T> {
    async fn of(request: &HttpRequest) -> Result<Self, Failure> {
        // No text that does not fit names anything that is there.
        Path::extract(request).await.map_err(|_| Failure::NotFound)
    }
}

/// The argument that says what a route asks of whoever calls it.
pub trait Guard: Argument {
    /// For the table of routes and the test that walks it.
    fn describe() -> String;
}

/// Arguments of a handler, of which the first is a guard.
pub trait Guarded: Sized {
    /// See [`Guard::describe`].
    fn describe() -> String;

    /// The arguments, one after the other: whoever may not come in at all is not told what is wrong with their form.
    ///
    /// # Errors
    /// The guard's; only where it has none, those of the others.
    async fn extract(request: &HttpRequest) -> Result<Self, Failure>;
}

macro_rules! guarded {
    ($($rest:ident),*) => {
        impl<G: Guard, $($rest: Argument),*> Guarded for (G, $($rest,)*) {
            fn describe() -> String {
                G::describe()
            }

            async fn extract(request: &HttpRequest) -> Result<Self, Failure> {
                Ok((G::of(request).await?, $($rest::of(request).await?,)*))
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

impl Argument for Public {
    async fn of(request: &HttpRequest) -> Result<Self, Failure> {
        Context::of(request).map(Public)
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

impl Argument for Visitor {
    async fn of(request: &HttpRequest) -> Result<Self, Failure> {
        visitor(request)
    }
}

fn visitor(request: &HttpRequest) -> Result<Visitor, Failure> {
    let app = context::app(request)?;
    let context = Context::of(request)?;
    let cookie = CookieName::Form.read(request, &app.issuer).filter(|value| value.len() <= 100);
    let is_new = cookie.is_none();
    let bound_to = cookie.unwrap_or_else(csrf_token::new_browser);
    csrf::check_visitor(request, &app, &context, bound_to.as_bytes())?;
    let csrf_token = csrf_token::token(app.begun(), csrf_token::Purpose::Form, bound_to.as_bytes());
    Ok(Visitor { context, csrf_token, bound_to, is_new })
}

/// A page's form: each name once, but for those that may come several times.
pub struct PageForm(
    /// Its fields.
    pub Parameters,
);

impl Argument for PageForm {
    async fn of(request: &HttpRequest) -> Result<Self, Failure> {
        page_form(request)
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
