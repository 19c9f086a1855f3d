//! The files of `static/`, embedded in the program, each under an address that holds a hash of its content.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Path;
use sha2::Digest;
use sha2::Sha256;

use crate::http::failure::Failure;
use crate::http::guard::Public;

/// How browsers and proxies may keep an asset: for good, because other content has another address.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

/// One embedded file.
#[derive(Clone, Copy)]
pub struct Asset {
    /// Its path below `static/`.
    pub name: &'static str,
    /// Its media type, for `Content-Type`.
    pub content_type: &'static str,
    /// Its content.
    pub body: &'static [u8],
}

/// The file whose address ends with `file` (what follows `/static/`), or `None` where the name is unknown or the
/// hash is not that of its present content.
pub fn find(file: &str) -> Option<Asset> {
    HASHED.iter().find(|hashed| hashed.file == file).map(|hashed| hashed.asset)
}

/// The address of the file `name`, without the issuer's path: `/static/<hash>/css/hallpass.css`.
///
/// A name that is not embedded gives an address that answers 404; a test renders all pages and looks for those.
pub fn url(name: &str) -> String {
    match HASHED.iter().find(|hashed| hashed.asset.name == name) {
        Some(hashed) => format!("/static/{}", hashed.file),
        None => format!("/static/{name}"),
    }
}

/// The answer that carries `asset`. It says itself how long it may be kept.
pub fn respond(asset: Asset) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, CACHE_CONTROL))
        .insert_header((header::CONTENT_TYPE, asset.content_type))
        .body(asset.body)
}

/// `GET /static/…`.
///
/// # Errors
/// 404 for all that is not embedded, an old hash included.
pub async fn get(_: Public, file: Path<String>) -> Result<HttpResponse, Failure> {
    find(&file).map(respond).ok_or(Failure::NotFound)
}

struct Hashed {
    file: String,
    asset: Asset,
}

static HASHED: LazyLock<Vec<Hashed>> = LazyLock::new(|| {
    let hashed = ASSETS.iter().map(|asset| {
        let digest = Sha256::digest(asset.body);
        let hash: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Hashed { file: format!("{hash}/{}", asset.name), asset: *asset }
    });
    hashed.collect()
});

const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

const ASSETS: &[Asset] = &[
    Asset {
        name: "css/hallpass.css",
        content_type: CSS,
        body: include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/static/css/hallpass.css")),
    },
    Asset {
        name: "js/copy.js",
        content_type: JAVASCRIPT,
        body: include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/static/js/copy.js")),
    },
    Asset {
        name: "js/dialog.js",
        content_type: JAVASCRIPT,
        body: include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/static/js/dialog.js")),
    },
    Asset {
        name: "js/post.js",
        content_type: JAVASCRIPT,
        body: include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/static/js/post.js")),
    },
    Asset {
        name: "js/strength.js",
        content_type: JAVASCRIPT,
        body: include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/static/js/strength.js")),
    },
    Asset {
        name: "img/icon.svg",
        content_type: SVG,
        body: include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/static/img/icon.svg")),
    },
    Asset {
        name: "img/favicon.svg",
        content_type: SVG,
        body: include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/static/img/favicon.svg")),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_asset_is_found_at_its_address_and_nowhere_else() {
        for asset in ASSETS {
            let url = url(asset.name);
            let file = url.strip_prefix("/static/").unwrap();
            assert_eq!(find(file).unwrap().body, asset.body, "{url}");
            assert!(find(asset.name).is_none(), "{} is served without its hash", asset.name);
        }
        assert!(find("0000000000000000/css/hallpass.css").is_none());
        assert!(find("").is_none());
        assert!(find("../Cargo.toml").is_none());
    }

    #[test]
    fn an_asset_is_kept_for_good_under_its_own_type() {
        let url = url("css/hallpass.css");
        let response = respond(find(url.strip_prefix("/static/").unwrap()).unwrap());
        assert_eq!(response.headers().get("cache-control").unwrap(), "public, max-age=31536000, immutable");
        assert_eq!(response.headers().get("content-type").unwrap(), "text/css; charset=utf-8");
    }

    #[test]
    fn every_file_of_static_is_embedded() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("static");
        let mut folders = vec![root.clone()];
        let mut count = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                count += 1;
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                assert!(ASSETS.iter().any(|asset| asset.name == name), "{name} is not embedded");
            }
        }
        assert_eq!(count, ASSETS.len());
    }
}
