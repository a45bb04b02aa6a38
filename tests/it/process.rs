//! `lyceum` as a process of its own, which a test can stop and kill.

use std::{
    collections::BTreeMap,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    net::TcpStream,
    process::{Child, Command},
    time::sleep,
};

use crate::http_client::Server;

/// Longest for a start, and for an end.
const LIMIT: Duration = Duration::from_secs(40);

/// A running server or worker. It dies with the test.
pub struct Process {
    child: Child,
    address: SocketAddr,
    log: PathBuf,
}

/// An address on which nobody listens.
pub fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port")
}

impl Process {
    /// Runs `lyceum` with these arguments and settings, behind the words of `through`: a program that runs it.
    pub fn begin(through: &[&str], arguments: &[&str], settings: &BTreeMap<String, String>, folder: &Path) -> Self {
        let address = free_address();
        let log = folder.join(format!("log-{}", address.port()));
        let words = [through, &[env!("CARGO_BIN_EXE_lyceum")], arguments].concat();
        let child = Command::new(words[0])
            .args(&words[1..])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").expect("a PATH"))
            .env("LYCEUM_LISTEN", address.to_string())
            .env("LYCEUM_MEDIA_LISTEN", free_address().to_string())
            .env("LYCEUM_SECRET", "a secret of the tests, long enough to sign")
            .envs(settings)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(&log).expect("a log"))
            .kill_on_drop(true)
            .spawn()
            .expect("it starts");
        Self { child, address, log }
    }

    /// A server, once it is ready.
    pub async fn ready(through: &[&str], arguments: &[&str], settings: &BTreeMap<String, String>, folder: &Path) -> Self {
        let mut process = Self::begin(through, arguments, settings, folder);
        let begun = Instant::now();
        while !process.is_ready().await {
            let ended = process.child.try_wait().expect("it can be asked");
            assert!(ended.is_none() && begun.elapsed() < LIMIT, "{ended:?}\n{}", process.log());
            sleep(Duration::from_millis(50)).await;
        }
        process
    }

    /// Where it answers.
    pub fn server(&self) -> Server {
        Server::at(self.address)
    }

    /// Whether it takes requests.
    pub async fn is_ready(&self) -> bool {
        TcpStream::connect(self.address).await.is_ok() && self.server().is_ready().await
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// The id of the process, until it has ended.
    pub fn id(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    /// Asks it to stop, as supervisors do.
    pub fn terminate(&self) {
        self.signal(Signal::TERM);
    }

    /// Asks it to stop, as Ctrl-C does.
    pub fn interrupt(&self) {
        self.signal(Signal::INT);
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(self.id().cast_signed()).expect("an id");
        kill_process(pid, signal).expect("it is told");
    }

    /// How it ended.
    pub async fn ended(&mut self) -> ExitStatus {
        tokio::time::timeout(LIMIT, self.child.wait()).await.expect("it ends in time").expect("its end is known")
    }
}
