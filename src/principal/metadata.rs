//! A service's own metadata document (RFC 9728): where a caller without a token learns who gives one.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::header;
use serde_json::Value;
use serde_json::json;

use crate::jose::algorithm::Algorithm;
use crate::principal::refusal::Refusal;
use crate::principal::service::Service;

/// Answers with the document, at [`Service::metadata_path`]. Scripts of all origins may read it.
///
/// # Errors
/// 404 for a service that has not said which resource it is.
pub async fn protected_resource(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let service = Service::of(&request)?;
    let Some(document) = document(&service) else { return Ok(HttpResponse::NotFound().finish()) };
    Ok(HttpResponse::Ok().insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")).json(document))
}

fn document(service: &Service) -> Option<Value> {
    let mut document = json!({
        "resource": service.resource_uri()?.as_str(),
        "authorization_servers": service.issuer().into_iter().collect::<Vec<_>>(),
        "bearer_methods_supported": ["header"],
    });
    if service.knows_proofs() {
        document["dpop_signing_alg_values_supported"] = Algorithm::names().into();
    }
    Some(document)
}
