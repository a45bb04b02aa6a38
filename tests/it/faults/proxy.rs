//! A proxy for TCP that does to what passes through it what the test says, at any time.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::sleep,
};

/// What happens to what passes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mode {
    /// Nothing.
    Pass,
    /// It comes that much later.
    Delay(Duration),
    /// It waits, and goes on where it was when the mode changes.
    Hang,
    /// Connections are refused, and those that were there break.
    Refuse,
    /// Of what the server says, a connection breaks after so many bytes.
    Truncate(usize),
    /// Every request gets these bytes, and the server none.
    Answer(&'static str),
    /// What the server answers to bytes with this text in them is lost with the connection; once.
    LoseAnswerTo(&'static str),
    /// Bytes with this text in them are lost with the connection; once.
    LoseRequest(&'static str),
}

#[derive(Clone, Copy, Debug)]
struct State {
    mode: Mode,
    /// Connections with lower numbers carry nothing any more, and do not end.
    lost: u64,
    /// How many changes there were.
    change: u64,
}

/// A proxy before one server.
pub struct Proxy {
    pub address: SocketAddr,
    state: watch::Sender<State>,
    /// The last change that connections heed.
    heeded: watch::Receiver<u64>,
    connections: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Proxy {
    /// Before the server at `to`, a host and a port.
    pub async fn before(to: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it has an address");
        let (state, seen) = watch::channel(State { mode: Mode::Pass, lost: 0, change: 0 });
        let (heeding, heeded) = watch::channel(0);
        let connections = Arc::new(AtomicU64::new(0));
        let line = Line { to: to.to_owned(), state: state.clone(), seen };
        let task = tokio::spawn(listen(listener, line, heeding, connections.clone()));
        Self { address, state, heeded, connections, task }
    }

    /// From now on; it holds when this returns.
    pub async fn set(&self, mode: Mode) {
        self.change(|state| state.mode = mode).await;
    }

    /// Loses the connections that are there, without a word to either side. New ones pass.
    pub async fn lose_connections(&self) {
        let begun = self.connections.load(SeqCst);
        self.change(|state| state.lost = begun).await;
    }

    /// How many connections there have been.
    pub fn connections(&self) -> u64 {
        self.connections.load(SeqCst)
    }

    async fn change(&self, how: impl FnOnce(&mut State)) {
        self.state.send_modify(|state| {
            how(state);
            state.change += 1;
        });
        let change = self.state.borrow().change;
        self.heeded.clone().wait_for(|heeded| *heeded >= change).await.expect("the proxy runs");
    }
}

/// What a connection goes by.
#[derive(Clone)]
struct Line {
    to: String,
    state: watch::Sender<State>,
    seen: watch::Receiver<State>,
}

async fn listen(listener: TcpListener, mut line: Line, heeding: watch::Sender<u64>, connections: Arc<AtomicU64>) {
    let address = listener.local_addr().expect("it has an address");
    let (mut listener, mut carried) = (Some(listener), JoinSet::new());
    loop {
        let State { mode, change, .. } = *line.seen.borrow_and_update();
        if mode == Mode::Refuse {
            listener = None;
            carried.shutdown().await;
        } else if listener.is_none() {
            listener = Some(TcpListener::bind(address).await.expect("the port is still ours"));
        }
        heeding.send_replace(change);
        tokio::select! {
            _ = line.seen.changed() => {}
            stream = accept(listener.as_ref()) => {
                let number = connections.fetch_add(1, SeqCst);
                carried.spawn(carry(stream, number, line.clone()));
            }
        }
        while carried.try_join_next().is_some() {}
    }
}

async fn accept(listener: Option<&TcpListener>) -> TcpStream {
    match listener {
        Some(listener) => listener.accept().await.expect("a connection").0,
        None => std::future::pending().await,
    }
}

/// Carries one connection until either side ends it, or the mode does.
async fn carry(mut client: TcpStream, number: u64, mut line: Line) {
    let mode = line.seen.borrow_and_update().mode;
    if let Mode::Answer(text) = mode {
        let mut request = [0; 16 << 10];
        let _ = client.read(&mut request).await;
        let _ = client.write_all(text.as_bytes()).await;
        return;
    }
    let Ok(server) = TcpStream::connect(&line.to).await else { return };
    for stream in [&client, &server] {
        let _ = stream.set_nodelay(true);
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let loses_answer = Arc::new(AtomicBool::new(false));
    let there = Way { number, line: line.clone(), is_back: false, loses_answer: loses_answer.clone() };
    let back = Way { number, line, is_back: true, loses_answer };
    tokio::select! {
        () = there.pump(from_client, to_server) => {}
        () = back.pump(from_server, to_client) => {}
    }
}

/// One direction of a connection.
struct Way {
    number: u64,
    line: Line,
    is_back: bool,
    /// The answer that comes next is to be lost.
    loses_answer: Arc<AtomicBool>,
}

impl Way {
    async fn pump(mut self, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
        let (mut buffer, mut passed) = (vec![0; 16 << 10], 0);
        while let Ok(count @ 1..) = from.read(&mut buffer).await {
            let bytes = &buffer[..count];
            match self.mode().await {
                Mode::Delay(time) => sleep(time).await,
                Mode::Truncate(most) if self.is_back && passed + count > most => {
                    let _ = to.write_all(&bytes[..most.saturating_sub(passed)]).await;
                    return;
                }
                Mode::LoseAnswerTo(text) if !self.is_back && contains(bytes, text) => {
                    self.is_over();
                    self.loses_answer.store(true, SeqCst);
                }
                Mode::LoseRequest(text) if !self.is_back && contains(bytes, text) => return self.is_over(),
                // Only a connection that begins can be answered so.
                Mode::Answer(_) => return,
                _ => {}
            }
            if self.is_back && self.loses_answer.load(SeqCst) {
                return;
            }
            passed += count;
            if to.write_all(bytes).await.is_err() {
                return;
            }
        }
    }

    /// The mode, once it lets something pass.
    async fn mode(&mut self) -> Mode {
        let number = self.number;
        let state = self.line.seen.wait_for(|state| state.mode != Mode::Hang && number >= state.lost).await;
        state.map_or(Mode::Pass, |state| state.mode)
    }

    /// What happens once has happened.
    fn is_over(&self) {
        self.line.state.send_modify(|state| state.mode = Mode::Pass);
    }
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
