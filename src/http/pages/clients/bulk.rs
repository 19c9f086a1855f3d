//! `/clients/bulk`: what is done to several applications at once.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::app::App;
use crate::app::languages::Text;
use crate::domain::act::Act;
use crate::domain::clients;
use crate::domain::clients::ClientError;
use crate::domain::reach::Reach;
use crate::http::failure::Failure;
use crate::http::guard::PageForm;
use crate::http::pages::bulk;
use crate::http::pages::bulk::Deed;
use crate::http::pages::bulk::GONE;
use crate::http::pages::bulk::Records;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;
use crate::store::StoreError;
use crate::store::Tx;

/// Applications that are ticked, by their `client_id`.
#[derive(Debug, Clone, Copy)]
pub struct TickedClients;

impl Records for TickedClients {
    const PATH: &'static str = paths::CLIENTS;
    const BULK_PATH: &'static str = paths::CLIENTS_BULK;
    const FIELDS: &'static [&'static str] = &["state", "use"];
    const COUNTED: &'static str = "{$count} applications";
    const DEEDS: &'static [Deed] = &[
        Deed { code: "enable", label: "Enable", question: "", consequences: &[], is_dangerous: false },
        Deed {
            code: "disable",
            label: "Disable",
            question: "Disable {$count} applications?",
            consequences: &[
                "Their tokens stop working at once, and they can't ask for new ones.",
                "They can be enabled again, with the access that people gave them.",
            ],
            is_dangerous: false,
        },
        Deed {
            code: "cut-off",
            label: "End all access",
            question: "End all access of {$count} applications?",
            consequences: &[
                "All their tokens stop working at once, whosever they are.",
                "What people let them do is taken back; they have to ask each of them again.",
            ],
            is_dangerous: true,
        },
        Deed {
            code: "delete",
            label: "Delete",
            question: "Delete {$count} applications?",
            consequences: &[
                "Their tokens stop working at once, and what people let them do goes with them.",
                "This can't be undone.",
            ],
            is_dangerous: true,
        },
    ];

    fn name(&self, tx: &mut Tx<'_>, id: &str) -> Result<Option<Text>, StoreError> {
        Ok(tx.clients().find_by_client_id(id)?.map(|client| Text::of_words(client.name)))
    }

    fn carry_out(
        &self,
        tx: &mut Tx<'_>,
        deed: &str,
        id: &str,
        _: &Reach,
        act: &Act,
    ) -> Result<Result<(), String>, StoreError> {
        let Some(client) = tx.clients().find_by_client_id(id)? else { return Ok(Err(GONE.to_owned())) };
        let done = match deed {
            "enable" => clients::set_enabled(tx, client.id, true, act).map(drop),
            "disable" => clients::set_enabled(tx, client.id, false, act).map(drop),
            "cut-off" => clients::cut_off(tx, client.id, act).map(drop),
            _ => clients::delete(tx, client.id, act),
        };
        match done {
            Err(ClientError::Store(error)) => Err(error),
            done => Ok(done.map_err(|error| error.to_string())),
        }
    }
}

/// `POST /clients/bulk`: `act` to each `record`.
///
/// # Errors
/// 400 where nothing is ticked.
pub async fn post(
    who: Principal<(Admin, ViaSession)>,
    form: PageForm,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    bulk::post(&app, &who, &request, &form.0, TickedClients).await
}
