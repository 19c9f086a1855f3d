//! How the server stops when it is told to: SIGTERM loses nothing that has begun or waits at the door, SIGINT and
//! SIGQUIT stop at once.
//!
//! actix closes the listener with what waits there, and drops what it was handed a moment before; so nothing may come in
//! any more when it is told to stop.

use std::future::poll_fn;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::task::Poll;
use std::time::Duration;

use actix_web::dev::Extensions;
use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use tokio::signal::unix::Signal;
use tokio::signal::unix::SignalKind;
use tokio::signal::unix::signal;

use crate::app::App;

/// How often it is looked whether connections are open.
const LOOK: Duration = Duration::from_millis(10);
/// How many looks a connection has to bring its next request, which is answered as the last one, before it counts as
/// idle and is closed.
const LOOKS: usize = 30;

/// How many connections are open.
#[derive(Debug, Clone, Default)]
pub struct Connections(Arc<AtomicUsize>);

/// Counts as one connection while it lives.
struct Open(Arc<AtomicUsize>);

impl Connections {
    /// Counts a connection until its `extensions` go, which is when it is closed.
    pub fn count(&self, extensions: &mut Extensions) {
        self.0.fetch_add(1, Ordering::Relaxed);
        extensions.insert(Open(Arc::clone(&self.0)));
    }

    fn are_open(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 0
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What the process is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    ToFinish,
    ToStopNow,
}

/// The signals that stop the server.
pub struct Signals {
    to_finish: Signal,
    to_stop_now: [Signal; 2],
}

impl Signals {
    /// From now on they don't end the process by themselves.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn heed() -> io::Result<Self> {
        Ok(Self {
            to_finish: signal(SignalKind::terminate())?,
            to_stop_now: [signal(SignalKind::interrupt())?, signal(SignalKind::quit())?],
        })
    }

    async fn next(&mut self) -> Told {
        poll_fn(|context| {
            if self.to_stop_now.iter_mut().any(|signal| signal.poll_recv(context).is_ready()) {
                return Poll::Ready(Told::ToStopNow);
            }
            self.to_finish.poll_recv(context).map(|_| Told::ToFinish)
        })
        .await
    }
}

/// Stops `server` when a signal says so. `door` is its listener.
pub async fn when_told(
    mut signals: Signals,
    app: Data<App>,
    door: TcpListener,
    connections: Connections,
    server: ServerHandle,
) {
    if signals.next().await == Told::ToStopNow {
        return server.stop(false).await;
    }
    app.stopping.begin();
    let drain = app.config.http.drain.to_std();
    tracing::info!(seconds = drain.as_secs(), "stopping: requests are still taken");
    // A second signal is impatience.
    if tokio::time::timeout(drain, signals.next()).await == Ok(Told::ToStopNow) {
        return server.stop(false).await;
    }
    if let Err(error) = turn_away(&door) {
        tracing::debug!(%error, "connections that come while the listener closes may be cut off");
    }
    for _ in 0..LOOKS {
        tokio::time::sleep(LOOK).await;
        if !connections.are_open() {
            break;
        }
    }
    // The listener is closed once nobody has it any more.
    drop(door);
    server.stop(true).await;
}

/// Lets the kernel swallow each packet that would open a new connection, so that all that was opened before can be taken
/// in. Whoever knocks tries again a second later, and finds the door closed or another server behind it.
#[cfg(target_os = "linux")]
fn turn_away(door: &TcpListener) -> io::Result<()> {
    use socket2::SockFilter;
    use socket2::SockRef;
    // Byte 13 of TCP's header has the flags (RFC 9293 §3.1); BPF: load it, and take no byte of the packet where it has
    // SYN, all of it where not.
    const LOAD_BYTE: u16 = 0x30;
    const JUMP_IF_ANY_BIT: u16 = 0x45;
    const TAKE: u16 = 0x06;
    const SYN: u32 = 0x02;
    SockRef::from(door).attach_filter(&[
        SockFilter::new(LOAD_BYTE, 0, 0, 13),
        SockFilter::new(JUMP_IF_ANY_BIT, 0, 1, SYN),
        SockFilter::new(TAKE, 0, 0, 0),
        SockFilter::new(TAKE, 0, 0, u32::MAX),
    ])
}

#[cfg(not(target_os = "linux"))]
fn turn_away(_: &TcpListener) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
