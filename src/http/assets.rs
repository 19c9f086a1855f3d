//! The files of `static/`, embedded in the program, each under an address that holds a hash of its content.

use std::io::Write;
use std::sync::LazyLock;
use std::sync::OnceLock;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::http::header::AcceptEncoding;
use actix_web::http::header::Encoding;
use actix_web::http::header::Header;
use actix_web::web::Path;
use flate2::Compression;
use flate2::write::GzEncoder;
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

/// A file with what it is sent as.
pub struct Served {
    file: String,
    asset: Asset,
    gzipped: OnceLock<Vec<u8>>,
}

impl Served {
    /// The answer that carries it, compressed where the browser takes that: it holds no secret that its length could
    /// betray, as pages might. It says itself how long it may be kept.
    fn respond(&'static self, accepted: &AcceptEncoding) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        response
            .insert_header((header::CACHE_CONTROL, CACHE_CONTROL))
            .insert_header((header::CONTENT_TYPE, self.asset.content_type))
            .insert_header((header::VARY, "Accept-Encoding"));
        if accepted.negotiate([Encoding::identity(), Encoding::gzip()].iter()) == Some(Encoding::gzip()) {
            return response.insert_header((header::CONTENT_ENCODING, "gzip")).body(self.gzipped());
        }
        response.body(self.asset.body)
    }

    /// It is compressed when it is first asked for, so that a start does not wait for that.
    fn gzipped(&'static self) -> &'static [u8] {
        self.gzipped.get_or_init(|| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            // Into memory nothing fails; what is empty would be sent as such and be seen.
            encoder.write_all(self.asset.body).and_then(|()| encoder.finish()).unwrap_or_default()
        })
    }
}

/// The file whose address ends with `file` (what follows `/static/`), or `None` where the name is unknown or the
/// hash is not that of its present content.
pub fn find(file: &str) -> Option<&'static Served> {
    SERVED.iter().find(|served| served.file == file)
}

/// The address of the file `name`, without the issuer's path: `/static/<hash>/css/hallpass.css`.
///
/// A name that is not embedded gives an address that answers 404; a test renders all pages and looks for those.
pub fn url(name: &str) -> String {
    match SERVED.iter().find(|served| served.asset.name == name) {
        Some(served) => format!("/static/{}", served.file),
        None => format!("/static/{name}"),
    }
}

/// `GET /static/…`.
///
/// # Errors
/// 404 for all that is not embedded, an old hash included.
pub async fn get(_: Public, request: HttpRequest, file: Path<String>) -> Result<HttpResponse, Failure> {
    let served = find(&file).ok_or(Failure::NotFound)?;
    // What cannot be read asks for nothing.
    let accepted = AcceptEncoding::parse(&request).unwrap_or_else(|_| AcceptEncoding(Vec::new()));
    Ok(served.respond(&accepted))
}

static SERVED: LazyLock<Vec<Served>> = LazyLock::new(|| {
    let hashed = ASSETS.iter().map(|asset| {
        let digest = Sha256::digest(asset.body);
        let hash: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Served { file: format!("{hash}/{}", asset.name), asset: *asset, gzipped: OnceLock::new() }
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
        name: "js/passkey.js",
        content_type: JAVASCRIPT,
        body: include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/static/js/passkey.js")),
    },
    Asset {
        name: "js/post.js",
        content_type: JAVASCRIPT,
        body: include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/static/js/post.js")),
    },
    Asset {
        name: "js/shortcuts.js",
        content_type: JAVASCRIPT,
        body: include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/static/js/shortcuts.js")),
    },
    Asset {
        name: "js/strength.js",
        content_type: JAVASCRIPT,
        body: include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/static/js/strength.js")),
    },
    Asset {
        name: "js/ticks.js",
        content_type: JAVASCRIPT,
        body: include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/static/js/ticks.js")),
    },
    Asset {
        name: "js/working.js",
        content_type: JAVASCRIPT,
        body: include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/static/js/working.js")),
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
            assert_eq!(find(file).unwrap().asset.body, asset.body, "{url}");
            assert!(find(asset.name).is_none(), "{} is served without its hash", asset.name);
        }
        assert!(find("0000000000000000/css/hallpass.css").is_none());
        assert!(find("").is_none());
        assert!(find("../Cargo.toml").is_none());
    }

    #[test]
    fn an_asset_is_kept_for_good_under_its_own_type() {
        let url = url("css/hallpass.css");
        let response = find(url.strip_prefix("/static/").unwrap()).unwrap().respond(&AcceptEncoding(Vec::new()));
        assert_eq!(response.headers().get("cache-control").unwrap(), "public, max-age=31536000, immutable");
        assert_eq!(response.headers().get("content-type").unwrap(), "text/css; charset=utf-8");
    }

    #[test]
    fn it_is_compressed_for_those_who_take_that_and_for_nobody_else() {
        use std::io::Read;

        let sent = |accepted: Option<&str>| {
            let request = actix_web::test::TestRequest::default();
            let request = match accepted {
                Some(accepted) => request.insert_header((header::ACCEPT_ENCODING, accepted)),
                None => request,
            };
            let accepted = AcceptEncoding::parse(&request.to_http_request());
            let accepted = accepted.unwrap_or_else(|_| AcceptEncoding(Vec::new()));
            let response = SERVED[0].respond(&accepted);
            assert_eq!(response.headers().get(header::VARY).unwrap(), "Accept-Encoding");
            response.headers().get(header::CONTENT_ENCODING).map(|encoding| encoding.to_str().unwrap().to_owned())
        };
        for taken in ["gzip", "gzip, deflate, br, zstd", "br;q=1, gzip;q=0.5"] {
            assert_eq!(sent(Some(taken)).as_deref(), Some("gzip"), "{taken}");
        }
        for other in ["br", "gzip;q=0", "identity", "", "gzip;q=0, *"] {
            assert_eq!(sent(Some(other)), None, "{other}");
        }
        assert_eq!(sent(None), None);
        let (served, mut read) = (&SERVED[0], Vec::new());
        flate2::read::GzDecoder::new(served.gzipped()).read_to_end(&mut read).unwrap();
        assert_eq!(read, served.asset.body);
        assert!(served.gzipped().len() * 3 < served.asset.body.len());
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
