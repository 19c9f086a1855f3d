//! A service that keeps notes, and lets people and programs in by Hallpass's credentials.
//!
//! `notes LISTEN ISSUER CLIENT_ID SECRET_FILE URL`: where it listens, whom it asks, as which client and with which
//! secret, and its own public address, which is also the resource that tokens are made for.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Mutex;
use std::sync::PoisonError;

use actix_web::App;
use actix_web::HttpServer;
use actix_web::web;
use actix_web::web::Data;
use hallpass::Admin;
use hallpass::InScope;
use hallpass::Introspection;
use hallpass::MaybePrincipal;
use hallpass::Principal;
use hallpass::ScopeName;
use hallpass::Service;

/// The scope `notes:read`.
struct ReadNotes;

impl ScopeName for ReadNotes {
    const NAME: &'static str = "notes:read";
}

/// The scope `notes:write`.
struct WriteNotes;

impl ScopeName for WriteNotes {
    const NAME: &'static str = "notes:write";
}

/// Everybody's notes, by the id of whose they are: names can change, ids cannot.
#[derive(Default)]
struct Notes(Mutex<BTreeMap<String, Vec<String>>>);

/// Everybody may; who shows a credential is greeted by name.
async fn greeting(who: MaybePrincipal) -> String {
    match who.identity() {
        Some(identity) => format!("Good day, {}.\n", identity.username().unwrap_or("program")),
        None => "Good day.\n".to_owned(),
    }
}

/// Whoever has the scope: by an access token, an API key with it, or one with full access.
async fn read(who: Principal<InScope<ReadNotes>>, notes: Data<Notes>) -> String {
    let notes = notes.0.lock().unwrap_or_else(PoisonError::into_inner);
    notes.get(who.subject.id()).map(|own| own.join("\n") + "\n").unwrap_or_default()
}

async fn write(who: Principal<InScope<WriteNotes>>, note: String, notes: Data<Notes>) -> &'static str {
    let mut notes = notes.0.lock().unwrap_or_else(PoisonError::into_inner);
    notes.entry(who.subject.id().to_owned()).or_default().push(note);
    "Noted.\n"
}

/// Administrators only.
async fn count(_: Principal<Admin>, notes: Data<Notes>) -> String {
    let notes = notes.0.lock().unwrap_or_else(PoisonError::into_inner);
    format!("{} notes of {}\n", notes.values().map(Vec::len).sum::<usize>(), notes.len())
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [listen, issuer, client_id, secret_file, url] = &arguments[..] else {
        return Err("usage: notes LISTEN ISSUER CLIENT_ID SECRET_FILE URL".into());
    };
    let secret = std::fs::read_to_string(secret_file)?;
    let introspection = Introspection::of(issuer).client(client_id, secret.trim()).build()?;
    let service = Service::asking(introspection).resource(url).build()?;
    let metadata = service.metadata_path().ok_or("URL must begin with https:// or http://")?.to_owned();
    let notes = Data::new(Notes::default());
    let app = move || {
        App::new()
            .app_data(service.clone())
            .app_data(notes.clone())
            .route("/", web::get().to(greeting))
            .route("/notes", web::get().to(read))
            .route("/notes", web::post().to(write))
            .route("/count", web::get().to(count))
            // Where agents learn who gives tokens for this service.
            .route(&metadata, web::get().to(hallpass::protected_resource))
    };
    let server = HttpServer::new(app).workers(1).bind(listen.as_str())?;
    for address in server.addrs() {
        eprintln!("listening on http://{address}");
    }
    Ok(server.run().await?)
}
