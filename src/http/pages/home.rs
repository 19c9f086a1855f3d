//! `/`: the front door.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::app::App;
use crate::http::failure::Failure;
use crate::http::guard::Public;
use crate::http::paths;
use crate::http::respond;

/// `GET /`: on to the account, and from there to sign-in if need be.
///
/// # Errors
/// None.
pub async fn get(_: Public, app: Data<App>) -> Result<HttpResponse, Failure> {
    Ok(respond::see(&app, paths::ACCOUNT))
}
