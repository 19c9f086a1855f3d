//! TLS to others: whom we believe to be who they say they are.

use std::path::Path;
use std::pin::Pin;
use std::sync::OnceLock;

use openssl::error::ErrorStack;
use openssl::ssl::SslConnector;
use openssl::ssl::SslMethod;
use openssl::ssl::SslVersion;
use openssl::x509::X509;
use tokio::net::TcpStream;
use tokio_openssl::SslStream;

/// The certificate authorities that are believed: the system's, and those that are configured.
pub(crate) struct Authorities {
    configured: Vec<X509>,
    connector: OnceLock<Result<SslConnector, ErrorStack>>,
}

impl Authorities {
    /// Reads those that are configured. The system's are read when they are first needed.
    ///
    /// # Errors
    /// Where the file can't be read or holds no certificate, as the rest of a sentence.
    pub(crate) fn open(file: Option<&Path>) -> Result<Self, String> {
        let configured = match file {
            None => Vec::new(),
            Some(path) => {
                let pem = std::fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
                let read = X509::stack_from_pem(&pem)
                    .map_err(|error| format!("{} does not hold certificates in PEM form: {error}", path.display()))?;
                if read.is_empty() {
                    return Err(format!("{} holds no certificate in PEM form", path.display()));
                }
                read
            }
        };
        Ok(Self { configured, connector: OnceLock::new() })
    }

    /// Makes a connection of `tcp` on which `host` has proved to be `host`.
    ///
    /// # Errors
    /// Why it has not.
    pub(crate) async fn connect(&self, host: &str, tcp: TcpStream) -> Result<SslStream<TcpStream>, String> {
        let connector = self.connector.get_or_init(|| self.connector()).as_ref().map_err(ToString::to_string)?;
        let ssl = connector.configure().and_then(|tls| tls.into_ssl(host)).map_err(|error| error.to_string())?;
        let mut stream = SslStream::new(ssl, tcp).map_err(|error| error.to_string())?;
        if let Err(error) = Pin::new(&mut stream).connect().await {
            let verified = stream.ssl().verify_result();
            let is_certificate = verified != openssl::x509::X509VerifyResult::OK;
            return Err(if is_certificate { verified.error_string().to_owned() } else { error.to_string() });
        }
        Ok(stream)
    }

    fn connector(&self) -> Result<SslConnector, ErrorStack> {
        let mut builder = SslConnector::builder(SslMethod::tls_client())?;
        builder.set_min_proto_version(Some(SslVersion::TLS1_2))?;
        builder.set_alpn_protos(b"\x08http/1.1")?;
        let system = openssl_probe::probe();
        // A folder that is empty or a file that went away leaves fewer authorities, never more.
        let folder = system.cert_dir.first().map(std::path::PathBuf::as_path);
        if system.cert_file.is_some() || folder.is_some() {
            if let Err(error) = builder.load_verify_locations(system.cert_file.as_deref(), folder) {
                tracing::warn!(%error, "the system's certificate authorities could not be read");
            }
        } else {
            tracing::warn!("this system has no certificate authorities; outbound.ca_file can name some");
        }
        for certificate in &self.configured {
            builder.cert_store_mut().add_cert(certificate.clone())?;
        }
        Ok(builder.build())
    }
}
