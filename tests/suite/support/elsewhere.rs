//! Somebody else's service: a second real server, whose handlers say in their signatures whom they let in.

use std::net::TcpListener;
use std::sync::mpsc;
use std::thread::JoinHandle;

use actix_web::App;
use actix_web::HttpServer;
use actix_web::dev::ServerHandle;
use actix_web::web;
use actix_web::web::Json;
use actix_web::web::Path;
use hallpass::Admin;
use hallpass::Identity;
use hallpass::InRole;
use hallpass::InScope;
use hallpass::MaybePrincipal;
use hallpass::Principal;
use hallpass::Refusal;
use hallpass::RoleNamed;
use hallpass::ScopeName;
use hallpass::Service;
use hallpass::server::block_on;
use serde_json::Value;
use serde_json::json;

use super::caller::Script;

/// A running service.
pub struct Elsewhere {
    /// Its base URL, without a last slash.
    pub url: String,
    handle: Option<ServerHandle>,
    thread: Option<JoinHandle<()>>,
}

struct Read;

impl ScopeName for Read {
    const NAME: &'static str = "read";
}

struct Editor;

impl RoleNamed for Editor {
    const NAME: &'static str = "editor";
}

fn told(who: &Identity) -> Json<Value> {
    Json(json!({
        "id": who.subject.id(), "username": who.username(), "roles": who.roles.names(),
        "scope": who.scopes.to_string(), "full_access": who.full_access,
    }))
}

async fn anyone(who: Principal) -> Json<Value> {
    told(&who)
}

async fn read(who: Principal<InScope<Read>>) -> Json<Value> {
    told(&who)
}

async fn admin(who: Principal<Admin>) -> Json<Value> {
    told(&who)
}

async fn editor(who: Principal<InRole<Editor>>) -> Json<Value> {
    told(&who)
}

async fn editor_reads(who: Principal<(InRole<Editor>, InScope<Read>)>) -> Json<Value> {
    told(&who)
}

/// Two arguments that ask who it is: the second has the first one's answer.
async fn twice(who: Principal<InScope<Read>>, _: Principal) -> Json<Value> {
    told(&who)
}

async fn maybe(who: MaybePrincipal) -> Json<Value> {
    who.identity().map_or_else(|| Json(Value::Null), told)
}

async fn by_value(who: Principal<InScope<Read>>, scope: Path<String>) -> Result<Json<Value>, Refusal> {
    who.require_scope(&scope)?;
    Ok(told(&who))
}

impl Elsewhere {
    /// A port of its own, and the base URL that it makes.
    pub fn place() -> (TcpListener, String) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        (listener, url)
    }

    /// Starts it there.
    pub fn start((listener, url): (TcpListener, String), service: Service) -> Self {
        let (tell, handle) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            block_on(async move {
                let app = move || {
                    let metadata = service.metadata_path().unwrap_or("/nowhere").to_owned();
                    App::new()
                        .app_data(service.clone())
                        .route("/anyone", web::to(anyone))
                        .route("/read", web::to(read))
                        .route("/read/{scope}", web::to(by_value))
                        .route("/admin", web::to(admin))
                        .route("/editor", web::to(editor))
                        .route("/editor/read", web::to(editor_reads))
                        .route("/twice", web::to(twice))
                        .route("/maybe", web::to(maybe))
                        .route(&metadata, web::get().to(hallpass::protected_resource))
                };
                let server = HttpServer::new(app).workers(2).disable_signals().listen(listener).unwrap().run();
                tell.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        Self { url, handle: Some(handle.recv().unwrap()), thread: Some(thread) }
    }

    /// Somebody with this `Authorization`.
    pub fn script(&self, authorization: &str) -> Script {
        self.stranger().with("authorization", authorization)
    }

    /// Somebody without any credential.
    pub fn stranger(&self) -> Script {
        Script::new(&self.url)
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        if let Some(handle) = self.handle.take() {
            // The order to stop is sent when the future is made; it need not be waited for to be carried out.
            drop(handle.stop(false));
        }
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}
