//! What surrounds a page: who is signed in, and the token for its forms.

use crate::app::App;
use crate::http::context::Context;
use crate::http::guard::Visitor;
use crate::http::pages::views::frame::Frame;
use crate::http::pages::views::frame::Visitor as Person;
use crate::http::principal::Principal;
use crate::model::identity::Subject;

/// The surroundings of a page at `path` for somebody who is signed in.
pub fn signed_in<N>(app: &App, who: &Principal<N>, path: &str) -> Frame {
    let name = match &who.subject {
        Subject::User { full_name, username, .. } if full_name.is_empty() => username.clone(),
        Subject::User { full_name, .. } => full_name.clone(),
        Subject::Client { client_id, .. } => client_id.clone(),
    };
    let person = Person { name, is_admin: who.roles.is_admin() };
    of(app, who.context(), path, &who.csrf_token(app)).signed_in(person)
}

/// The surroundings of a page at `path` for a visitor.
pub fn visitor(app: &App, visitor: &Visitor, path: &str) -> Frame {
    of(app, &visitor.context, path, &visitor.csrf_token)
}

/// The surroundings of a page at `path` without a form of ours, in the server's usual language.
pub fn bare(app: &App, path: &str) -> Frame {
    Frame::new(app.issuer.path(), path, "").branded(&app.brand).in_language(app.languages.usual())
}

/// The surroundings of a page at `path` with this token for its forms, for nobody in particular.
pub fn of(app: &App, context: &Context, path: &str, csrf_token: &str) -> Frame {
    Frame::new(app.issuer.path(), path, csrf_token).branded(&app.brand).in_language(context.language(app))
}
