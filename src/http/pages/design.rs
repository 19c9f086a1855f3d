//! `/design`: what pages are made of, for whoever makes one or changes how they look.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::app::App;
use crate::http::failure::Failure;
use crate::http::pages::frame;
use crate::http::pages::views::design::DesignPage;
use crate::http::pages::views::time::Moment;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;

/// `GET /design`.
///
/// # Errors
/// Those of the guard.
pub async fn get(who: Principal<(Admin, ViaSession)>, app: Data<App>) -> Result<HttpResponse, Failure> {
    respond::page(&DesignPage::new(frame::signed_in(&app, &who, paths::DESIGN), Moment::new(app.now())))
}
