//! `/account/profile`: what applications may learn of a person who lets them, as the person writes it down (OpenID Connect
//! Core §5.1).

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;

use crate::app::App;
use crate::app::languages::Text;
use crate::domain::users;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::guard::PageForm;
use crate::http::pages::account::own;
use crate::http::pages::account::save_name;
use crate::http::pages::frame;
use crate::http::pages::login;
use crate::http::pages::views::account_profile::AccountProfilePage;
use crate::http::pages::views::account_profile::ProfileFields;
use crate::http::pages::views::notice::Notice;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::name::DisplayName;
use crate::model::user::UserChanges;
use crate::model::user_claims::Address;
use crate::model::user_claims::ClaimError;
use crate::model::user_claims::LONGEST;
use crate::model::user_claims::UserClaims;
use crate::principal::need::ViaSession;

/// The hidden field that says that all of the form is there: what is empty in it is to be forgotten.
const WHOLE: &str = "details";

/// `GET /account/profile`.
///
/// # Errors
/// Those of the guard.
pub async fn get(who: Principal<ViaSession>, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let notice = login::query(&request)?.get("done").and_then(Notice::find);
    let user = own(&app, &who).await?;
    let fields = ProfileFields::of(|name| value(&user.full_name, &user.claims, name).to_owned());
    show(&app, &who, StatusCode::OK, notice, fields)
}

/// `POST /account/profile`: keeps what is known of oneself, or how one is called alone.
///
/// # Errors
/// Those of the guard.
pub async fn post(who: Principal<ViaSession>, form: PageForm, app: Data<App>) -> Result<HttpResponse, Failure> {
    if form.0.get(WHOLE).is_none() {
        return save_name(who, form, app).await;
    }
    let before = own(&app, &who).await?;
    let mut fields = ProfileFields::of(|name| text(&form.0, name).unwrap_or_default().to_owned());
    let claims = claims(&form.0, &before.claims);
    let full_name = text(&form.0, "full_name").map(DisplayName::parse).transpose();
    match &full_name {
        Err(error) => fields.refuse("full_name", &format!("The full name {error}.")),
        Ok(_) => {
            if let Err(error) = claims.check() {
                fields.refuse(error.claim(), &who.context().language(&app).fill(&text_of(&error)));
            }
        }
    }
    let full_name = match full_name {
        Ok(name) if fields.problems().is_empty() => name.map(|name| name.as_str().to_owned()).unwrap_or_default(),
        _ => return show(&app, &who, StatusCode::UNPROCESSABLE_ENTITY, None, fields),
    };
    let (user, act) = (before.id, who.act(&app));
    let changes = UserChanges { full_name: Some(full_name), email: None, claims: Some(claims) };
    app.store.write(move |tx| users::change_profile(tx, user, &changes, &act)).await?;
    Ok(respond::see(&app, &Notice::ProfileSaved.on(paths::ACCOUNT_PROFILE)))
}

fn show(
    app: &App,
    who: &Principal<ViaSession>,
    status: StatusCode,
    notice: Option<Notice>,
    fields: ProfileFields,
) -> Result<HttpResponse, Failure> {
    let frame = frame::signed_in(app, who, paths::ACCOUNT_PROFILE).with_notice(notice);
    respond::page_with(HttpResponse::build(status), &AccountProfilePage { frame, fields })
}

fn text<'f>(form: &'f Parameters, name: &str) -> Option<&'f str> {
    form.get(name).map(str::trim).filter(|text| !text.is_empty())
}

/// What is wrong, in words for the page: `given name` for `given_name`.
fn text_of(error: &ClaimError) -> Text {
    let text = match error {
        ClaimError::Text(_) => {
            Text::new("The {$name} must have 1 to {$most} characters, none of them a control character.")
                .counting("most", LONGEST)
        }
        ClaimError::Url(_) => Text::new("The {$name} must be a URL that begins with https:// or http://."),
        ClaimError::Birthdate => {
            return Text::new("The birthdate must be YYYY-MM-DD, YYYY, or 0000-MM-DD where the year is not known.");
        }
    };
    text.with("name", error.claim().replace('_', " "))
}

/// What the form says, beside what it can't: whether somebody made sure of an address or a number. A number that is
/// another one is nobody's yet.
fn claims(form: &Parameters, before: &UserClaims) -> UserClaims {
    let own = |name: &str| text(form, name).map(str::to_owned);
    let phone_number = own("phone_number");
    let phone_number_verified = before.phone_number_verified.filter(|_| phone_number == before.phone_number);
    let written = Address {
        formatted: None,
        street_address: own("street_address"),
        locality: own("locality"),
        region: own("region"),
        postal_code: own("postal_code"),
        country: own("country"),
    };
    // How all of it stands on a letter is not in the form, and holds as long as its parts do.
    let formatted = before.address.as_ref().and_then(|address| address.formatted.clone());
    let kept = Address { formatted: formatted.clone(), ..written.clone() };
    let address = if before.address.as_ref() == Some(&kept) { kept } else { written };
    UserClaims {
        given_name: own("given_name"),
        family_name: own("family_name"),
        middle_name: own("middle_name"),
        nickname: own("nickname"),
        profile: own("profile"),
        picture: own("picture"),
        website: own("website"),
        gender: own("gender"),
        birthdate: own("birthdate"),
        zoneinfo: own("zoneinfo"),
        locale: own("locale"),
        phone_number,
        phone_number_verified,
        email_verified: before.email_verified,
        address: (address != Address::default()).then_some(address),
    }
}

/// What is known, by the name of its field.
fn value<'u>(full_name: &'u str, claims: &'u UserClaims, name: &str) -> &'u str {
    let address = claims.address.as_ref();
    let known = match name {
        "full_name" => return full_name,
        "given_name" => &claims.given_name,
        "family_name" => &claims.family_name,
        "middle_name" => &claims.middle_name,
        "nickname" => &claims.nickname,
        "profile" => &claims.profile,
        "picture" => &claims.picture,
        "website" => &claims.website,
        "gender" => &claims.gender,
        "birthdate" => &claims.birthdate,
        "zoneinfo" => &claims.zoneinfo,
        "locale" => &claims.locale,
        "phone_number" => &claims.phone_number,
        "street_address" => return address.and_then(|of| of.street_address.as_deref()).unwrap_or_default(),
        "locality" => return address.and_then(|of| of.locality.as_deref()).unwrap_or_default(),
        "region" => return address.and_then(|of| of.region.as_deref()).unwrap_or_default(),
        "postal_code" => return address.and_then(|of| of.postal_code.as_deref()).unwrap_or_default(),
        "country" => return address.and_then(|of| of.country.as_deref()).unwrap_or_default(),
        _ => return "",
    };
    known.as_deref().unwrap_or_default()
}
