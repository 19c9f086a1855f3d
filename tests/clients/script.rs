//! [`Script`]: a program in another language that uses a library of that language.

use std::net::TcpListener;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;

use crate::support::database::Database;
use crate::support::process;
use crate::support::process::Process;
use crate::support::publisher::Authority;
use crate::support::publisher::Publisher;
use crate::support::publisher::Reply;

/// Where a client publishes its metadata.
const DOCUMENT: &str = "/client.json";

/// A script, what runs it, and where the server is that it talks to.
pub struct Script {
    runner: PathBuf,
    file: PathBuf,
    issuer_path: &'static str,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of `language` in which `tests/run` has installed the libraries that `list` names.
fn installed(language: &str, list: &str) -> PathBuf {
    let folder = root().join("target/clients").join(language);
    let wanted = std::fs::read(root().join("tests/clients").join(language).join(list)).unwrap();
    let is_current = std::fs::read(folder.join(list)).is_ok_and(|installed| installed == wanted);
    assert!(is_current, "the libraries in tests/clients/{language}/{list} are not installed; tests/run installs them");
    folder
}

impl Script {
    /// One for Python.
    pub fn python(name: &str) -> Self {
        let runner = installed("python", "requirements.txt").join("bin/python");
        Self { runner, file: root().join("tests/clients/python").join(name), issuer_path: "" }
    }

    /// One for Node.js. It finds its libraries in a folder above its own, so the scripts are copied to where these are.
    pub fn node(name: &str) -> Self {
        let folder = installed("node", "package-lock.json");
        for entry in std::fs::read_dir(root().join("tests/clients/node")).unwrap() {
            let from = entry.unwrap().path();
            if from.extension().is_some_and(|extension| extension == "mjs") {
                let to = folder.join(from.file_name().unwrap());
                // Another test may be reading it: it is replaced as a whole, or not at all.
                let new = to.with_extension(format!("{name}.new"));
                std::fs::copy(&from, &new).unwrap();
                std::fs::rename(&new, &to).unwrap();
            }
        }
        Self { runner: PathBuf::from("node"), file: folder.join(name), issuer_path: "" }
    }

    /// The same with a server whose issuer has this path: everything lies below it.
    pub fn below(self, issuer_path: &'static str) -> Self {
        Self { issuer_path, ..self }
    }

    /// Starts a server of its own at which everybody may register clients, and runs the script beside it to its end.
    pub fn run(&self) {
        let database = Database::create();
        let authority = Authority::new();
        let publisher = Publisher::start(&authority);
        let document = publisher.url(DOCUMENT);
        publisher.publish(DOCUMENT, Reply::json(&metadata_document(&document), &[]));
        let settings = format!(
            "[clients]\nregistration = \"open\"\n[outbound]\nallowed_hosts = [\"{}\"]\nca_file = \"{}\"\n",
            publisher.host(),
            authority.file().display()
        );
        std::fs::write(database.folder().join("hallpass.toml"), settings).unwrap();
        // Free a moment ago; nobody else asks the system for this very one.
        let address = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).unwrap().to_string();
        let issuer = format!("http://{address}{}", self.issuer_path);
        let arguments = ["serve", "--listen", &address, "--issuer", &issuer];
        let server = Process::spawn(process::command(database.folder(), &database.url, &arguments));

        let program = process::command(database.folder(), &database.url, &[]);
        let mut command = Command::new(&self.runner);
        command
            .arg(&self.file)
            .current_dir(database.folder())
            .envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))))
            .env("PROGRAM", program.get_program())
            .env("SERVER_URL", &server.url)
            .env("CLIENT_ID_DOCUMENT", &document)
            .env("NO_PROXY", "127.0.0.1,localhost")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null());
        let runner = self.runner.display();
        let done = command.output().unwrap_or_else(|error| panic!("{runner}: {error}; tests/run installs it"));
        let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        println!("{out}{err}");
        if !done.status.success() {
            let (_, log) = server.stop();
            panic!("{} ended with {}; the server said:\n{}", self.file.display(), done.status, log.join("\n"));
        }
        assert!(out.lines().any(|line| line.starts_with("ok ")), "it checks something");
    }
}

/// What a program on people's own computers publishes of itself (client-id metadata document), as its `client_id`.
fn metadata_document(client_id: &str) -> String {
    serde_json::json!({
        "client_id": client_id,
        "client_name": "Notes",
        "redirect_uris": ["http://127.0.0.1/callback"],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    })
    .to_string()
}
