//! `/clients/bulk`: what is done to several applications at once.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::app::App;
use crate::app::languages::Text;
use crate::domain::bulk::Clients;
use crate::http::failure::Failure;
use crate::http::guard::PageForm;
use crate::http::pages::bulk;
use crate::http::pages::bulk::Deed;
use crate::http::pages::bulk::Ticked;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::model::client::Client;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;

impl Ticked for Clients {
    const PATH: &'static str = paths::CLIENTS;
    const BULK_PATH: &'static str = paths::CLIENTS_BULK;
    const FIELDS: &'static [&'static str] = &["state", "use"];
    const COUNTED: &'static str = "{$count} applications";
    const DEEDS: &'static [Deed] = &[
        bulk::ENABLE,
        Deed {
            code: "disable",
            label: "Disable",
            question: "Disable {$count} applications?",
            consequences: &[
                "Their tokens stop working at once, and they can't ask for new ones.",
                "They can be enabled again, with the access that people gave them.",
            ],
            is_dangerous: false,
            wants_sign_in: false,
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
            wants_sign_in: false,
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
            wants_sign_in: false,
        },
    ];

    fn name(client: &Client) -> Text {
        Text::of_words(&client.name)
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
    bulk::post(&app, &who, &request, &form.0, Clients).await
}
