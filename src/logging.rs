//! The log: one line for each event on standard error, written by a thread of its own.

use std::io;
use std::io::Write;
use std::panic;

use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_appender::non_blocking::NonBlocking;
use tracing_appender::non_blocking::NonBlockingBuilder;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::Registry;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::util::TryInitError;

use crate::config::log::Log;
use crate::config::log::LogFormat;
use crate::config::log::LogLevel;

/// How many lines wait for standard error; what comes when so many wait is lost. No request waits for its log line.
const WAITING_LINES: usize = 16_384;

/// Keeps the log going; dropping it writes what still waits.
#[must_use = "the log ends when this is dropped"]
pub struct Logging(#[expect(dead_code, reason = "held for what its drop does")] WorkerGuard);

/// Starts the log of this process, and sends panics there too, for the standard hook writes to standard error by
/// itself and would wait where nobody reads it.
///
/// Standard error that is closed, full or not read costs lines, never a request.
///
/// # Errors
/// The log of this process was started before.
pub fn start(log: &Log) -> Result<Logging, TryInitError> {
    // A whole batch is one write to the system; the thread flushes when nothing more waits.
    let (writer, guard) = off_the_request_path(io::BufWriter::new(io::stderr()));
    subscriber(log, writer).try_init()?;
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let message = panic.payload_as_str().unwrap_or("no message");
        tracing::error!(place, message, "a thread panicked; this is a fault of Hallpass");
    }));
    Ok(Logging(guard))
}

/// A writer that hands lines to a thread, which writes them to `to`, and that drops them where too many wait.
fn off_the_request_path(to: impl Write + Send + 'static) -> (NonBlocking, WorkerGuard) {
    NonBlockingBuilder::default().lossy(true).buffered_lines_limit(WAITING_LINES).thread_name("hallpass-log").finish(to)
}

/// What turns events into lines. Other crates are heard only where something is wrong: what they tell at finer levels
/// may hold headers and bodies.
fn subscriber<W>(log: &Log, writer: W) -> impl Subscriber + Send + Sync + 'static
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(OneLine(writer));
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match log.format {
        LogFormat::Text => Box::new(lines),
        LogFormat::Json => Box::new(lines.json().flatten_event(true).with_span_list(false)),
    };
    let level = LevelFilter::from(log.level);
    let heard = Targets::new().with_default(level.min(LevelFilter::WARN)).with_target("hallpass", level);
    tracing_subscriber::registry().with(lines.with_filter(heard))
}

impl From<LogLevel> for LevelFilter {
    fn from(level: LogLevel) -> Self {
        match level {
            LogLevel::Error => Self::ERROR,
            LogLevel::Warn => Self::WARN,
            LogLevel::Info => Self::INFO,
            LogLevel::Debug => Self::DEBUG,
            LogLevel::Trace => Self::TRACE,
        }
    }
}

/// Makes writers that keep each event on one line, whatever text of strangers it holds: no line can be forged, and no
/// terminal be spoken to.
struct OneLine<W>(W);

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for OneLine<W> {
    type Writer = OneLine<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        OneLine(self.0.make_writer())
    }
}

impl<W: Write> Write for OneLine<W> {
    /// Takes one whole event, as the formatting layer writes it.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let line = event.strip_suffix(b"\n").unwrap_or(event);
        if line.is_ascii() && !line.iter().any(u8::is_ascii_control) {
            self.0.write_all(event)?;
            return Ok(event.len());
        }
        let mut plain = String::with_capacity(event.len() + 16);
        for character in String::from_utf8_lossy(line).chars() {
            if character.is_control() || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}') {
                // As JSON writes it, so that a line of JSON stays one. All of these have four digits.
                plain.push_str(&format!("\\u{:04x}", u32::from(character)));
            } else {
                plain.push(character);
            }
        }
        plain.push('\n');
        self.0.write_all(plain.as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::Mutex;
    use std::sync::MutexGuard;

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is written of the events in `events`.
    fn written(format: LogFormat, level: LogLevel, events: impl FnOnce()) -> String {
        let kept = Kept::default();
        let writer = kept.clone();
        tracing::subscriber::with_default(subscriber(&Log { format, level }, move || writer.clone()), events);
        let bytes: MutexGuard<'_, Vec<u8>> = kept.0.lock().unwrap();
        String::from_utf8(bytes.clone()).unwrap()
    }

    #[test]
    fn an_event_is_one_line_whatever_it_holds() {
        let hostile = "x\n2026-11-24T09:30:00Z  INFO forged \u{1b}[2J\u{202e}";
        for format in [LogFormat::Text, LogFormat::Json] {
            let text = written(format, LogLevel::Info, || tracing::info!(name = %hostile, "{hostile} ü"));
            assert_eq!(text.matches('\n').count(), 1, "{text}");
            assert!(text.ends_with('\n') && text.contains('ü'));
            assert!(!text.contains(['\u{1b}', '\u{202e}']) && text.contains("\\u202e"), "{text}");
            assert!(format == LogFormat::Text || serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{text}");
        }
    }

    #[test]
    fn json_lines_hold_the_fields_at_the_top() {
        let text = written(LogFormat::Json, LogLevel::Info, || tracing::info!(request_id = "r1", "answered"));
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&line["request_id"], &line["message"]), (&"r1".into(), &"answered".into()));
    }

    #[test]
    fn other_crates_are_heard_only_where_something_is_wrong() {
        let text = written(LogFormat::Text, LogLevel::Trace, || {
            tracing::trace!("ours");
            tracing::info!(target: "actix_http", "a header");
            tracing::warn!(target: "actix_http", "a warning");
        });
        assert!(text.contains("ours") && text.contains("a warning") && !text.contains("a header"), "{text}");
        let quiet = written(LogFormat::Text, LogLevel::Error, || tracing::warn!(target: "actix_http", "a warning"));
        assert_eq!(quiet, "");
    }

    #[test]
    fn a_reader_that_does_not_read_stops_nobody() {
        struct Stuck(Arc<Mutex<()>>);
        impl Write for Stuck {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                let _waits = self.0.lock().unwrap();
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let stuck = Arc::new(Mutex::new(()));
        let held = stuck.lock().unwrap();
        let (writer, guard) = off_the_request_path(Stuck(Arc::clone(&stuck)));
        let log = Log { format: LogFormat::Text, level: LogLevel::Info };
        tracing::subscriber::with_default(subscriber(&log, writer), || {
            (0..2 * WAITING_LINES).for_each(|number| tracing::info!(number, "a line"));
        });
        drop(held);
        drop(guard);
    }
}
