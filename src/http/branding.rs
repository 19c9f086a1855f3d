//! The picture and the colours of this server, as browsers load them.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;

use crate::app::App;
use crate::http::assets;
use crate::http::failure::Failure;
use crate::http::guard::Public;
use crate::http::pages::login;
use crate::http::paths;
use crate::model::colour::Colour;

/// The address of the picture, by its version.
pub fn logo_path(version: &str) -> String {
    format!("{}?v={version}", paths::BRANDING_LOGO)
}

/// The address of a style sheet that puts these colours in the place of the usual ones, in the light and in the dark.
pub fn colours_path((light, dark): (Colour, Colour)) -> String {
    let digits = |colour: Colour| colour.to_string().replace('#', "");
    format!("{}?light={}&dark={}", paths::BRANDING_COLOURS, digits(light), digits(dark))
}

/// `GET /branding/logo`. A picture can be a document that runs: as one it may do nothing.
///
/// # Errors
/// 404 where there is none.
pub async fn logo(_: Public, app: Data<App>) -> Result<HttpResponse, Failure> {
    let logo = app.brand.logo.as_ref().ok_or(Failure::NotFound)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, assets::CACHE_CONTROL))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox"))
        .insert_header((header::CONTENT_TYPE, logo.content_type))
        .body(logo.body.clone()))
}

/// `GET /branding/colours.css`: what the query asks for, which is two colours that can be read and nothing else.
///
/// # Errors
/// 404 for any other query.
pub async fn colours(_: Public, request: HttpRequest) -> Result<HttpResponse, Failure> {
    let query = login::query(&request)?;
    let read = |name: &str, ground: Colour| {
        let colour = Colour::parse(&format!("#{}", query.get(name)?))?;
        (colour.contrast(ground) >= Colour::NEEDED_CONTRAST).then_some(colour)
    };
    let light = read("light", Colour::LIGHT_GROUND).ok_or(Failure::NotFound)?;
    let dark = read("dark", Colour::DARK_GROUND).ok_or(Failure::NotFound)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, assets::CACHE_CONTROL))
        .insert_header((header::CONTENT_TYPE, "text/css; charset=utf-8"))
        .body(style_sheet(light, dark)))
}

/// The tinted grounds and lines are made of the colour. Whoever asks for more contrast has the usual colours.
fn style_sheet(light: Colour, dark: Colour) -> String {
    format!(
        "@layer tokens {{
  @media (prefers-contrast: no-preference) {{
    :root {{
      --accent: {light};
      --accent-strong: color-mix(in srgb, var(--accent) 80%, #000000);
      --accent-wash: color-mix(in srgb, var(--accent) 8%, var(--surface));
      --accent-line: color-mix(in srgb, var(--accent) 35%, var(--surface));
    }}
    @media (prefers-color-scheme: dark) {{
      :root {{
        --accent: {dark};
        --accent-strong: color-mix(in srgb, var(--accent) 75%, #ffffff);
        --accent-wash: color-mix(in srgb, var(--accent) 10%, var(--surface));
        --on-accent: #0d1311;
      }}
    }}
  }}
}}
"
    )
}
