//! Servers in processes of their own, and what the system knows of them.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Seek;
use std::io::Write;
use std::net::TcpListener;
use std::net::TcpStream;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

use crate::Failed;
use crate::database::Place;
use crate::options::Options;

/// Ticks of the processor's time in a second, as Linux counts them in `/proc`.
const TICKS: f64 = 100.0;
/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_secs(60);
/// The key of the servers that are measured.
const SECRET_KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// A server in a process of its own; it ends with this.
pub struct Process {
    child: Child,
    /// Host and port.
    pub address: String,
    /// How long it took from its start to its first answer.
    pub took: Duration,
}

/// Hallpass.
pub struct Server {
    /// Its process.
    pub process: Process,
    figures: Option<String>,
}

/// An address of this machine that nobody listens on.
pub fn free_address() -> Result<String, Failed> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

impl Process {
    /// Starts it in `folder`, and waits until it answers at `path`.
    pub fn start(command: &mut Command, folder: &Path, address: String, path: &str) -> Result<Self, Failed> {
        let began = Instant::now();
        let mut child = command.current_dir(folder).stdin(Stdio::null()).spawn()?;
        if let Some(output) = child.stderr.take() {
            // What it logs has to be read, as a shipped server's log is.
            std::thread::spawn(move || BufReader::new(output).lines().for_each(drop));
        }
        let mut process = Self { child, address, took: Duration::ZERO };
        while get(&process.address, path).is_none() {
            if began.elapsed() > PATIENCE || process.child.try_wait()?.is_some() {
                return Err("a server does not start".into());
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        process.took = began.elapsed();
        Ok(process)
    }

    /// Its number.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as an operator does, and waits for that.
    pub fn stop(mut self) -> Result<(), Failed> {
        rustix::process::kill_process(rustix::process::Pid::from_child(&self.child), rustix::process::Signal::TERM)?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let (killed, waited) = (self.child.kill(), self.child.wait());
        drop((killed, waited)); // It may have ended by itself.
    }
}

impl Server {
    /// Starts it with a listener for its figures.
    pub fn start(options: &Options, folder: &Path, database: &str) -> Result<Self, Failed> {
        Self::start_as(options, folder, database, true)
    }

    /// Starts it as it is without any setting.
    pub fn start_plain(options: &Options, folder: &Path, database: &str) -> Result<Self, Failed> {
        Self::start_as(options, folder, database, false)
    }

    fn start_as(options: &Options, folder: &Path, database: &str, with_figures: bool) -> Result<Self, Failed> {
        let address = free_address()?;
        let program = std::path::absolute(&options.server)?;
        let mut command = match options.under.split_first() {
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(program);
                command
            }
            None => Command::new(program),
        };
        command.args(["--database-url", database, "serve", "--listen", &address]);
        command.env("HALLPASS_SECRET_KEY", SECRET_KEY).stdout(Stdio::null()).stderr(Stdio::piped());
        let figures = if with_figures { Some(free_address()?) } else { None };
        if let Some(figures) = &figures {
            command.env("HALLPASS_METRICS__LISTEN", figures);
        }
        Ok(Self { process: Process::start(&mut command, folder, address, "/health/ready")?, figures })
    }

    /// Its number.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Writes that were made durable so far, and the syncs that they took; `None` on PostgreSQL.
    pub fn writes(&self) -> Option<(f64, f64)> {
        let text = get(self.figures.as_deref()?, "/metrics")?;
        let figure = |name: &str| text.lines().find_map(|line| line.strip_prefix(name))?.trim().parse().ok();
        let (writes, syncs) = (figure("hallpass_store_writes_total ")?, figure("hallpass_store_syncs_total ")?);
        if syncs > 0.0 { Some((writes, syncs)) } else { None }
    }
}

/// Brings the database up to date, without serving.
pub fn migrate(options: &Options, folder: &Path, database: &str) -> Result<(), Failed> {
    let mut command = Command::new(std::path::absolute(&options.server)?);
    command.args(["--database-url", database, "migrate"]).env("HALLPASS_SECRET_KEY", SECRET_KEY);
    let ended = command.current_dir(folder).stdout(Stdio::null()).status()?;
    if ended.success() { Ok(()) } else { Err("the database could not be brought up to date".into()) }
}

/// Makes a user with a password, as an operator does.
pub fn make_user(options: &Options, folder: &Path, database: &str, name: &str, password: &str) -> Result<(), Failed> {
    let mut command = Command::new(std::path::absolute(&options.server)?);
    command.args(["--database-url", database, "user", "create", name, "--password-stdin"]);
    command.env("HALLPASS_SECRET_KEY", SECRET_KEY).current_dir(folder);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
    child.stdin.take().ok_or("no input")?.write_all(format!("{password}\n").as_bytes())?;
    if child.wait()?.success() { Ok(()) } else { Err("no user could be made".into()) }
}

/// Seconds of processor time of the process so far.
pub fn processor(pid: u32) -> Result<f64, Failed> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let (_, fields) = stat.rsplit_once(')').ok_or("the statistics of a process have another form")?;
    let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<f64>).sum::<Result<f64, _>>()?;
    Ok(ticks / TICKS)
}

/// Anonymous memory that the process has in the machine's, in megabytes of 10^6 bytes.
pub fn anonymous(pid: u32) -> Result<f64, Failed> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).ok_or("no RssAnon")?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib * 1024.0 / 1e6)
}

/// What is answered at `path`, where that is 200.
pub fn get(address: &str, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.starts_with("HTTP/1.1 200").then_some(answer)
}

/// How long a sync of the disk takes that databases are on, in seconds: the median of many, each after a page was
/// written over as a write-ahead log is.
pub fn sync_time(place: &Place) -> Result<f64, Failed> {
    let mut file = std::fs::File::create(place.folder().join("sync"))?;
    file.write_all(&[0; 200 * 4096])?;
    file.sync_all()?;
    file.rewind()?;
    let mut times = Vec::new();
    for _ in 0..200 {
        file.write_all(&[1; 4096])?;
        let began = Instant::now();
        file.sync_data()?;
        times.push(began.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}
