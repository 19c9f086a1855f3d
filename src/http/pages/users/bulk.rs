//! `/users/bulk`: what is done to several users at once.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::app::App;
use crate::app::languages::Text;
use crate::domain::bulk::Users;
use crate::http::failure::Failure;
use crate::http::guard::PageForm;
use crate::http::pages::bulk;
use crate::http::pages::bulk::Deed;
use crate::http::pages::bulk::Ticked;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::model::user::User;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;

impl Ticked for Users {
    const PATH: &'static str = paths::USERS;
    const BULK_PATH: &'static str = paths::USERS_BULK;
    const FIELDS: &'static [&'static str] = &["role", "kind", "state"];
    const COUNTED: &'static str = "{$count} users";
    const DEEDS: &'static [Deed] = &[
        bulk::ENABLE,
        Deed {
            code: "disable",
            label: "Disable",
            question: "Disable {$count} users?",
            consequences: &[
                "Nobody can sign in as these users, and their sessions, tokens and API keys stop working at once.",
                "They can be enabled again.",
            ],
            is_dangerous: false,
            wants_sign_in: true,
        },
        Deed {
            code: "delete",
            label: "Delete",
            question: "Delete {$count} users?",
            consequences: &[
                "The accounts go, and with them their sessions, their API keys, and all access that they gave to applications.",
                "What these users did stays in the audit log.",
                "This can't be undone.",
            ],
            is_dangerous: true,
            wants_sign_in: false,
        },
    ];

    fn name(user: &User) -> Text {
        Text::of_words(user.username.as_str())
    }
}

/// `POST /users/bulk`: `act` to each `record`.
///
/// # Errors
/// 400 where nothing is ticked.
pub async fn post(
    who: Principal<(Admin, ViaSession)>,
    form: PageForm,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    bulk::post(&app, &who, &request, &form.0, Users).await
}
