//! The bare server that ours is measured by: actix-web without middleware and without a store, one route, and as many
//! bytes as ours answers.

use std::path::Path;
use std::process::Command;
use std::process::Stdio;

use actix_web::App;
use actix_web::HttpResponse;
use actix_web::HttpServer;
use actix_web::web;
use actix_web::web::Bytes;

use crate::Failed;
use crate::process;
use crate::process::Process;

/// What the head of its answers takes, with a length of three digits.
const HEAD: usize = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\ncontent-type: application/json\r\n\
                     date: Thu, 01 Jan 2026 00:00:00 GMT\r\n\r\n"
    .len();

/// What the bare server is to answer.
pub struct Bare {
    address: String,
    path: String,
    bytes: usize,
}

/// What this process is to be, where it was started as the bare server.
pub fn asked() -> Result<Option<Bare>, Failed> {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--bare").skip(1);
    let Some(address) = arguments.next() else { return Ok(None) };
    let (Some(path), Some(bytes)) = (arguments.next(), arguments.next()) else { return Err("--bare: what?".into()) };
    Ok(Some(Bare { address, path, bytes: bytes.parse()? }))
}

/// Answers until it is killed.
pub async fn serve(bare: Bare) -> Result<(), Failed> {
    let body = Bytes::from(vec![b'x'; bare.bytes.saturating_sub(HEAD)]);
    let (path, address) = (bare.path, bare.address);
    let server = HttpServer::new(move || {
        let (for_get, for_post) = (body.clone(), body.clone());
        let answer = |body: &Bytes| HttpResponse::Ok().content_type("application/json").body(body.clone());
        let get = web::get().to(move || std::future::ready(answer(&for_get)));
        let post = web::post().to(move |_: Bytes| std::future::ready(answer(&for_post)));
        App::new().route(&path, get).route(&path, post)
    });
    Ok(server.bind(address)?.run().await?)
}

/// Starts it in a process of its own, for `path` and answers of `bytes` bytes.
pub fn start(path: &str, bytes: usize) -> Result<Process, Failed> {
    let address = process::free_address()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--bare", &address, path.split('?').next().unwrap_or(path), &bytes.to_string()]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    Process::start(&mut command, Path::new("."), address, path)
}
