//! `/clients…`: applications registered for OAuth, for administrators.

pub mod bulk;
pub mod edit;
mod form;
pub mod list;
pub mod new;
pub mod show;
pub mod state;

use crate::app::App;
use crate::http::failure::Failure;
use crate::model::client::Client;

/// The client that a path names by its `client_id`.
///
/// # Errors
/// [`Failure::NotFound`] where there is none.
async fn find(app: &App, client_id: &str) -> Result<Client, Failure> {
    let client_id = client_id.to_owned();
    app.store.look_up(move |tx| tx.clients().find_by_client_id(&client_id)).await?.ok_or(Failure::NotFound)
}
