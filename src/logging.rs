//! The log: one line for each event on standard error, written by a thread of its own.

use std::cell::RefCell;
use std::fmt;
use std::fmt::Write;
use std::io;
use std::panic;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use std::time::SystemTime;

use tracing::Event;
use tracing::Metadata;
use tracing::Subscriber;
use tracing::field::Field;
use tracing::field::Visit;
use tracing::level_filters::LevelFilter;
use tracing::span;
use tracing::subscriber::Interest;

use crate::config::log::Log;
use crate::config::log::LogFormat;
use crate::config::log::LogLevel;
use crate::model::time::Timestamp;

/// How many bytes of lines wait for standard error; what comes when so many wait is lost. No request waits for its log
/// line.
const MOST_WAITING: usize = 4 * 1024 * 1024;
/// For how long lines are gathered behind one that was written at once: many lines are one write to the system.
const GATHERING: Duration = Duration::from_millis(10);
/// What the writer keeps of its memory when much has been written.
const KEPT: usize = 64 * 1024;
/// How long the end of the process waits for somebody to read the last lines.
const PATIENCE: Duration = Duration::from_secs(1);

/// Keeps the log going; dropping it writes what still waits.
#[must_use = "the log ends when this is dropped"]
pub struct Logging {
    queue: Arc<Queue>,
    written: mpsc::Receiver<()>,
}

impl Drop for Logging {
    fn drop(&mut self) {
        self.queue.end();
        // Whoever does not read the log does not keep the process.
        let _written_or_given_up = self.written.recv_timeout(PATIENCE);
    }
}

/// Starts the log of this process, and sends panics there too, for the standard hook writes to standard error by
/// itself and would wait where nobody reads it.
///
/// Standard error that is closed, full or not read costs lines, never a request.
///
/// # Errors
/// The log of this process was started before, or there is no thread for it.
pub fn start(log: &Log) -> io::Result<Logging> {
    let queue = Arc::new(Queue::default());
    let logging = write_from(Arc::clone(&queue), io::stderr())?;
    tracing::subscriber::set_global_default(Lines::new(log, queue)).map_err(io::Error::other)?;
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let message = panic.payload_as_str().unwrap_or("no message");
        tracing::error!(place, message, "a thread panicked; this is a fault of Hallpass");
    }));
    Ok(logging)
}

/// Starts the thread that writes what comes into `queue` to `to`.
fn write_from(queue: Arc<Queue>, mut to: impl io::Write + Send + 'static) -> io::Result<Logging> {
    let (has_written, written) = mpsc::channel();
    let lines = Arc::clone(&queue);
    thread::Builder::new().name("hallpass-log".to_owned()).spawn(move || {
        let mut batch = Vec::new();
        while lines.take(&mut batch) {
            // Lines that nobody can be told of are lost.
            drop(to.write_all(&batch).and_then(|()| to.flush()));
            batch.clear();
            batch.shrink_to(KEPT);
            lines.gather();
        }
        let _nobody_may_wait = has_written.send(());
    })?;
    Ok(Logging { queue, written })
}

/// Lines on their way to the thread that writes them.
#[derive(Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    stirred: Condvar,
}

#[derive(Default)]
struct Waiting {
    lines: Vec<u8>,
    /// Whether the writer sleeps until there is a line.
    is_idle: bool,
    has_ended: bool,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a line, if there is room. Only the first one after a pause costs a call to the system.
    fn push(&self, line: &[u8]) {
        let mut waiting = self.lock();
        if waiting.lines.len() + line.len() > MOST_WAITING {
            return;
        }
        waiting.lines.extend_from_slice(line);
        if waiting.is_idle {
            waiting.is_idle = false;
            self.stirred.notify_one();
        }
    }

    /// Waits for lines and puts them into `batch`, which is empty; says no when there are none and the log has ended.
    fn take(&self, batch: &mut Vec<u8>) -> bool {
        let mut waiting = self.lock();
        while waiting.lines.is_empty() && !waiting.has_ended {
            waiting.is_idle = true;
            waiting = self.stirred.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        waiting.is_idle = false;
        std::mem::swap(&mut waiting.lines, batch);
        !batch.is_empty()
    }

    /// Lets lines come together, but at the end.
    fn gather(&self) {
        let goes_on = |waiting: &mut Waiting| !waiting.has_ended;
        drop(self.stirred.wait_timeout_while(self.lock(), GATHERING, goes_on));
    }

    fn end(&self) {
        self.lock().has_ended = true;
        self.stirred.notify_one();
    }
}

/// Makes a line of each event. It knows no spans.
struct Lines {
    format: LogFormat,
    level: LevelFilter,
    queue: Arc<Queue>,
}

impl Lines {
    fn new(log: &Log, queue: Arc<Queue>) -> Self {
        Self { format: log.format, level: log.level.into(), queue }
    }

    /// Other crates are heard only where something is wrong: what they tell at finer levels may hold headers and bodies.
    fn hears(&self, metadata: &Metadata<'_>) -> bool {
        let is_ours = metadata.target().starts_with("hallpass");
        let level = if is_ours { self.level } else { self.level.min(LevelFilter::WARN) };
        metadata.is_event() && *metadata.level() <= level
    }
}

impl Subscriber for Lines {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.hears(metadata) { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.hears(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level)
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        thread_local! {
            /// Each thread's paper, used again and again.
            static LINE: RefCell<Line> = RefCell::default();
        }
        let write = |line: &mut Line| self.queue.push(line.of(event, self.format).as_bytes());
        let written = LINE.try_with(|line| line.try_borrow_mut().map(|mut line| write(&mut line)));
        // A value that writes a line of its own while it is written, or a thread that is about to end.
        if !matches!(written, Ok(Ok(()))) {
            write(&mut Line::default());
        }
    }
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

/// A line that is being written.
#[derive(Default)]
struct Line {
    text: String,
    /// The second of the last one, and how that is written.
    second: Option<u64>,
    date: String,
}

impl Line {
    /// The line of `event`, with its end.
    fn of(&mut self, event: &Event<'_>, format: LogFormat) -> &str {
        let (metadata, micros) = (event.metadata(), self.turn_to_now());
        let (text, date) = (&mut self.text, &self.date);
        text.clear();
        match format {
            LogFormat::Text => {
                put(text, format_args!("{date}.{micros:06}Z {:>5} {}:", metadata.level().as_str(), metadata.target()));
                event.record(&mut TextFields(text));
            }
            LogFormat::Json => {
                let level = metadata.level().as_str();
                put(text, format_args!("{{\"timestamp\":\"{date}.{micros:06}Z\",\"level\":\"{level}\""));
                event.record(&mut JsonFields(text));
                text.push_str(",\"target\":");
                push_json(text, metadata.target());
                text.push('}');
            }
        }
        keep_on_one_line(text);
        text.push('\n');
        text
    }

    /// Notes the second that it is, and gives the microseconds of it.
    #[expect(clippy::disallowed_methods, reason = "a line says when the machine wrote it; nothing is decided by that")]
    fn turn_to_now(&mut self) -> u32 {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        if self.second != Some(now.as_secs()) {
            self.second = Some(now.as_secs());
            let second = Timestamp::from_seconds(i64::try_from(now.as_secs()).unwrap_or(i64::MAX));
            self.date = second.to_string().trim_end_matches('Z').to_owned();
        }
        now.subsec_micros()
    }
}

/// Writes into a text, which never fails but by a value that cannot be shown.
fn put(text: &mut String, value: fmt::Arguments<'_>) {
    let _never_fails = text.write_fmt(value);
}

/// Keeps an event on one line, whatever text of strangers it holds: no line can be forged, and no terminal be spoken to.
fn keep_on_one_line(text: &mut String) {
    // Without a way out of the loop, so that it looks at many bytes at once.
    if text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~')) {
        return;
    }
    let mut plain = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if character.is_control() || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}') {
            // As JSON writes it, so that a line of JSON stays one. All of these have four digits.
            put(&mut plain, format_args!("\\u{:04x}", u32::from(character)));
        } else {
            plain.push(character);
        }
    }
    *text = plain;
}

/// What an event says in words stands without a name.
const MESSAGE: &str = "message";

/// Fields as people read them: `name=value`.
struct TextFields<'l>(&'l mut String);

impl TextFields<'_> {
    fn begin(&mut self, field: &Field) {
        self.0.push(' ');
        if field.name() != MESSAGE {
            self.0.push_str(field.name());
            self.0.push('=');
        }
    }
}

impl Visit for TextFields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.begin(field);
        if field.name() == MESSAGE {
            self.0.push_str(value);
        } else if value
            .bytes()
            .fold(true, |plain, byte| plain & matches!(byte, b' ' | b'!' | b'#'..=b'[' | b']'..=b'~'))
        {
            // What `{value:?}` would come to, in one step.
            self.0.push('"');
            self.0.push_str(value);
            self.0.push('"');
        } else {
            put(self.0, format_args!("{value:?}"));
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.begin(field);
        put(self.0, format_args!("{value:?}"));
    }
}

/// Fields as programs read them: `,"name":value`.
struct JsonFields<'l>(&'l mut String);

impl JsonFields<'_> {
    fn begin(&mut self, field: &Field) {
        self.0.push(',');
        push_json(self.0, field.name());
        self.0.push(':');
    }

    fn plain(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        self.begin(field);
        put(self.0, value);
    }
}

impl Visit for JsonFields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.begin(field);
        push_json(self.0, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.plain(field, format_args!("{value}"));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.plain(field, format_args!("{value}"));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.plain(field, format_args!("{value}"));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        // JSON has no infinity.
        if value.is_finite() {
            self.plain(field, format_args!("{value:?}"))
        } else {
            self.plain(field, format_args!("null"))
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.begin(field);
        self.0.push('"');
        let _never_fails = write!(Escaped(self.0), "{value:?}");
        self.0.push('"');
    }
}

/// The inside of a text in JSON.
struct Escaped<'l>(&'l mut String);

impl Write for Escaped<'_> {
    fn write_str(&mut self, value: &str) -> fmt::Result {
        if !value.bytes().fold(false, |escapes, byte| escapes | matches!(byte, 0..=0x1f | b'"' | b'\\')) {
            self.0.push_str(value);
            return Ok(());
        }
        for character in value.chars() {
            match character {
                '"' => self.0.push_str("\\\""),
                '\\' => self.0.push_str("\\\\"),
                '\n' => self.0.push_str("\\n"),
                '\r' => self.0.push_str("\\r"),
                '\t' => self.0.push_str("\\t"),
                '\0'..='\u{1f}' => put(self.0, format_args!("\\u{:04x}", u32::from(character))),
                _ => self.0.push(character),
            }
        }
        Ok(())
    }
}

fn push_json(text: &mut String, value: &str) {
    text.push('"');
    let _never_fails = Escaped(text).write_str(value);
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is written of the events in `events`.
    fn written(format: LogFormat, level: LogLevel, events: impl FnOnce()) -> String {
        let queue = Arc::new(Queue::default());
        let lines = Lines::new(&Log { format, level, refusals_kept: 0 }, Arc::clone(&queue));
        tracing::subscriber::with_default(lines, events);
        String::from_utf8(queue.lock().lines.clone()).unwrap()
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
        impl io::Write for Stuck {
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
        let queue = Arc::new(Queue::default());
        let logging = write_from(Arc::clone(&queue), Stuck(Arc::clone(&stuck))).unwrap();
        let log = Log { format: LogFormat::Text, level: LogLevel::Info, refusals_kept: 0 };
        tracing::subscriber::with_default(Lines::new(&log, Arc::clone(&queue)), || {
            (0..MOST_WAITING / 32).for_each(|number| tracing::info!(number, "a line"));
        });
        let waiting = queue.lock().lines.len();
        assert!(waiting > MOST_WAITING - 200 && waiting <= MOST_WAITING, "{waiting}");
        drop(logging);
        drop(held);
    }

    #[test]
    fn a_line_says_what_happened_and_then_the_rest() {
        let events = || {
            let (nobody, address): (Option<&str>, _) = (None, std::net::IpAddr::from([127, 0, 0, 1]));
            tracing::info!(id = "a \"b\" \\", count = 7_u64, less = -7, is = true, nobody, %address, list = ?["x"], "done");
        };
        let text = written(LogFormat::Text, LogLevel::Info, events);
        let (time, rest) = text.split_once("Z  INFO hallpass::logging::tests: ").unwrap();
        assert_eq!(time.len(), "2026-11-24T09:30:00.123456".len(), "{time}");
        let fields = r#"done id="a \"b\" \\" count=7 less=-7 is=true address=127.0.0.1 list=["x"]"#;
        assert_eq!(rest.trim_end(), fields);
        let line: serde_json::Value = serde_json::from_str(&written(LogFormat::Json, LogLevel::Info, events)).unwrap();
        let mut expected = serde_json::json!({
            "level": "INFO", "message": "done", "id": "a \"b\" \\", "count": 7, "less": -7, "is": true,
            "address": "127.0.0.1", "list": "[\"x\"]", "target": "hallpass::logging::tests",
        });
        expected["timestamp"] = line["timestamp"].clone();
        assert_eq!(line, expected);
    }

    #[test]
    fn what_waits_is_written_when_the_log_ends() {
        struct Kept(Arc<Mutex<Vec<u8>>>);
        impl io::Write for Kept {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.lock().unwrap().extend_from_slice(bytes);
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let kept = Arc::new(Mutex::new(Vec::new()));
        let queue = Arc::new(Queue::default());
        let logging = write_from(Arc::clone(&queue), Kept(Arc::clone(&kept))).unwrap();
        (0..1_000).for_each(|number| queue.push(format!("{number}\n").as_bytes()));
        drop(logging);
        let expected: String = (0..1_000).map(|number| format!("{number}\n")).collect();
        assert_eq!(String::from_utf8(kept.lock().unwrap().clone()).unwrap(), expected);
    }
}
