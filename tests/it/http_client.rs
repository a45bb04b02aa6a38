//! Servers on free ports, in this process and in their own, and a client that says exactly what a test wants said.

use std::{
    fmt::Write as _,
    net::SocketAddr,
    ops::Deref,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
};

use async_graphql::{Context, Executor, Object, Schema, Subscription};
use futures_util::{Stream, stream};
use lyceum::{
    app::App,
    config::{DatabaseUrl, Storage},
    error::{Error, Result},
    graphql::{self, context::ContextExt as _},
    http::serve,
    role::SiteRole,
    stopping::Stop,
};
use rustix::process::{Pid, Signal, kill_process};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::{Duration, sleep},
};

use crate::app::TestApp;

/// What a server is reached by.
pub struct Wire {
    pub address: SocketAddr,
}

/// A server that a test talks to through sockets. It stops with the test.
pub struct Server {
    wire: Wire,
    stop: Stop,
    task: JoinHandle<()>,
}

impl Deref for Server {
    type Target = Wire;
    fn deref(&self) -> &Wire {
        &self.wire
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// Serves the real schema.
    pub async fn start(app: &App) -> Self {
        Self::with(app, graphql::schema(app.config.introspection)).await
    }

    /// Serves a schema of faults and counters ([`Query`], [`Mutation`], [`Ticks`]).
    pub async fn of_faults(app: &App) -> Self {
        Self::with(app, Schema::new(Query, Mutation, Ticks)).await
    }

    async fn with<E: Executor>(app: &App, schema: E) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it has an address");
        let stop = Stop::default();
        let task = tokio::spawn(serve(app.clone(), schema, listener, stop.clone()));
        Self { wire: Wire { address }, stop, task }
    }

    /// One that somebody else runs.
    pub fn at(address: SocketAddr) -> Self {
        Self { wire: Wire { address }, stop: Stop::default(), task: tokio::spawn(async {}) }
    }

    /// Asks the server to leave.
    pub fn leaves(&self) {
        self.stop.leave();
    }

    /// Asks the server to stop; `true` once it has, `false` if it takes longer than `limit`.
    pub async fn stops_within(&mut self, limit: Duration) -> bool {
        self.stop.stop();
        tokio::time::timeout(limit, &mut self.task).await.is_ok()
    }
}

/// The program itself, as a process of its own on the site of a [`TestApp`], whose embedded object storage has to be closed
/// first. It is killed with the test.
pub struct Process {
    wire: Wire,
    child: Child,
    log: PathBuf,
}

impl Deref for Process {
    type Target = Wire;
    fn deref(&self) -> &Wire {
        &self.wire
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Process {
    /// Runs `lyceum` with `arguments`, and with `settings` besides those of the site.
    pub fn start(app: &TestApp, arguments: &[&str], settings: &[(&str, &str)]) -> Self {
        let address = free_address();
        let log = app.config.data.join(format!("{}.log", address.port()));
        let mut command = Command::new(env!("CARGO_BIN_EXE_lyceum"));
        command.args(arguments).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("LYCEUM_LISTEN", address.to_string()).env("LYCEUM_MEDIA_LISTEN", "127.0.0.1:0");
        command.env("LYCEUM_DATA", &app.config.data).env("LYCEUM_SECRET", app.secret.expose_secret());
        if let DatabaseUrl::Postgres(url) = &app.config.database {
            command.env("DATABASE_URL", url.expose_secret());
        }
        if let Some(redis) = &app.config.redis {
            command.env("REDIS_URL", redis.expose_secret());
        }
        if let Storage::S3 { bucket, endpoint, region, access_key_id, secret_access_key, .. } = &app.config.storage {
            command.env("S3_BUCKET", bucket).env("AWS_REGION", region).env("AWS_ACCESS_KEY_ID", access_key_id);
            command
                .env("AWS_SECRET_ACCESS_KEY", secret_access_key.expose_secret())
                .envs(endpoint.as_ref().map(|it| ("AWS_ENDPOINT_URL_S3", it)));
        }
        command.envs(settings.iter().copied()).stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(std::fs::File::create(&log).expect("a file for the log"));
        Self { wire: Wire { address }, child: command.spawn().expect("the program starts"), log }
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).expect("a log")
    }

    /// Waits until it can do its work.
    pub async fn is_ready(&mut self) {
        for _ in 0..1200 {
            if TcpStream::connect(self.address).await.is_ok() && self.gets("/health/ready", &[]).await.status == 200 {
                return;
            }
            let ended = self.child.try_wait().expect("it can be asked");
            assert!(ended.is_none(), "it ended: {}", self.log());
            sleep(Duration::from_millis(50)).await;
        }
        panic!("it is not ready within a minute: {}", self.log());
    }

    /// Tells it to stop, as supervisors do.
    pub fn terminates(&self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).expect("it is there");
    }

    /// Tells it to stop, as Ctrl-C does.
    pub fn is_interrupted(&self) {
        kill_process(Pid::from_child(&self.child), Signal::INT).expect("it is there");
    }

    /// How it ends, within 25 seconds.
    pub async fn ends(&mut self) -> ExitStatus {
        for _ in 0..500 {
            if let Some(status) = self.child.try_wait().expect("it can be asked") {
                return status;
            }
            sleep(Duration::from_millis(50)).await;
        }
        panic!("it goes on: {}", self.log());
    }
}

/// Serves what an app counts, for the rest of the test.
pub async fn serve_metrics(app: &TestApp) -> Wire {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it has an address");
    tokio::spawn(lyceum::http::serve_metrics((**app).clone(), listener, Stop::default()));
    Wire { address }
}

/// An address on which nobody listens.
pub fn free_address() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("it has an address")
}

impl Wire {
    /// Waits until somebody listens.
    pub async fn listens(&self) {
        for _ in 0..1200 {
            if TcpStream::connect(self.address).await.is_ok() {
                return;
            }
            sleep(Duration::from_millis(50)).await;
        }
        panic!("nobody listens within a minute");
    }

    /// Sends a GraphQL request as most clients do.
    pub async fn asks(&self, document: &str, headers: &[(&str, &str)]) -> Reply {
        self.asks_with(document, &json!({}), headers).await
    }

    /// As [`Server::asks`], with variables.
    pub async fn asks_with(&self, document: &str, variables: &Value, headers: &[(&str, &str)]) -> Reply {
        let body = json!({ "query": document, "variables": variables }).to_string();
        let json = [("content-type", "application/json"), ("accept", "application/graphql-response+json")];
        self.posts(&[&json, headers].concat(), body.as_bytes()).await
    }

    /// Sends a body to `/graphql`.
    pub async fn posts(&self, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        self.sends("POST", "/graphql", headers, body).await
    }

    /// Whether it takes requests, and can do its work.
    pub async fn is_ready(&self) -> bool {
        let request = format!("GET /health/ready HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address);
        self.sends_bytes(request.as_bytes()).await.is_some_and(|reply| reply.status == 200)
    }

    /// Sends a request without a body.
    pub async fn gets(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        self.sends("GET", path, headers, b"").await
    }

    /// Sends a request.
    pub async fn sends(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let mut head = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "host") {
            let _ = write!(head, "host: {}\r\n", self.address);
        }
        if !body.is_empty() {
            let _ = write!(head, "content-length: {}\r\n", body.len());
        }
        for (name, value) in headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        let reply = self.sends_bytes(&[head.as_bytes(), b"\r\n", body].concat()).await;
        reply.unwrap_or_else(|| panic!("{method} {path} was not answered"))
    }

    /// Sends bytes on a connection of their own; `None` when it ends without an answer, or the server is away.
    pub async fn sends_bytes(&self, bytes: &[u8]) -> Option<Reply> {
        sends_bytes(self.address, bytes).await
    }
}

/// Sends bytes to a server, as [`Server::sends_bytes`] does.
pub async fn sends_bytes(address: SocketAddr, bytes: &[u8]) -> Option<Reply> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    // The server may answer before it has read all: then writing fails, and the answer counts.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    Reply::parse(&answer)
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    fn parse(answer: &[u8]) -> Option<Self> {
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&answer[..end]);
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers = lines.filter_map(|line| line.split_once(": ")).map(|(n, v)| (n.to_lowercase(), v.to_owned())).collect();
        let mut reply = Self { status, headers, body: answer[end + 4..].to_vec() };
        if reply.header("transfer-encoding") == Some("chunked") {
            reply.body = unchunked(&reply.body);
        }
        Some(reply)
    }

    /// The first header of a name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All headers of a name, joined.
    pub fn all(&self, name: &str) -> String {
        let values: Vec<_> = self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect();
        values.join(", ")
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        let text = String::from_utf8_lossy(&self.body);
        serde_json::from_str(&text).unwrap_or_else(|err| panic!("{}: {err}: {text}", self.status))
    }

    /// The code of the first error.
    pub fn code(&self) -> String {
        let body = self.json();
        body["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("no code: {body:#}")).to_owned()
    }

    /// Status and code of a refused request, which has no data.
    pub fn refusal(&self) -> String {
        let body = self.json();
        assert!(body.get("data").is_none(), "it has data: {body:#}");
        format!("{} {}", self.status, self.code())
    }
}

fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = body.windows(2).position(|window| window == b"\r\n") {
        let length = usize::from_str_radix(&String::from_utf8_lossy(&body[..end]), 16).unwrap_or(0);
        let Some(chunk) = body.get(end + 2..end + 2 + length).filter(|chunk| !chunk.is_empty()) else { break };
        whole.extend_from_slice(chunk);
        body = &body[(end + 4 + length).min(body.len())..];
    }
    whole
}

/// What can go wrong, as fields.
pub struct Query;

#[Object]
impl Query {
    async fn one(&self) -> i32 {
        1
    }

    async fn list(&self, first: i32) -> Vec<i32> {
        (0..first).collect()
    }

    /// The same again, one level deeper.
    async fn deeper(&self) -> Self {
        Self
    }

    async fn pages(&self, first: Option<i32>, last: Option<i32>) -> Page {
        let _ = (first, last);
        Page
    }

    async fn things(&self, ids: Vec<i32>) -> Vec<Self> {
        ids.into_iter().map(|_| Self).collect()
    }

    async fn text(&self, length: usize) -> String {
        "ab".repeat(length / 2)
    }

    async fn echo(&self, value: String) -> String {
        value
    }

    async fn viewer(&self, ctx: &Context<'_>) -> Option<String> {
        ctx.viewer().user_id().map(|id| id.to_string())
    }

    async fn address(&self, ctx: &Context<'_>) -> String {
        ctx.viewer().address.to_string()
    }

    async fn leaks(&self) -> Option<async_graphql::Result<i32>> {
        Some(Err("postgres://user:secret@db/lyceum".into()))
    }

    async fn breaks(&self) -> Option<Result<i32>> {
        Some(Err(Error::internal(anyhow::anyhow!("/var/lib/secret"))))
    }

    async fn panics(&self) -> i32 {
        i32::try_from(i64::MAX).expect("a fault on purpose")
    }

    async fn limited(&self) -> Option<Result<i32>> {
        Some(Err(Error::RateLimited(Duration::from_secs(7))))
    }

    async fn away(&self) -> Option<Result<i32>> {
        Some(Err(Error::Unavailable("database")))
    }

    async fn sleeps(&self, milliseconds: u64) -> i32 {
        sleep(Duration::from_millis(milliseconds)).await;
        1
    }

    async fn administers(&self, ctx: &Context<'_>) -> Option<Result<bool>> {
        Some(ctx.viewer().holding(SiteRole::Administrator).map(|_| true))
    }
}

/// An empty page.
pub struct Page;

#[Object]
impl Page {
    async fn nodes(&self) -> Vec<Query> {
        Vec::new()
    }
}

pub struct Mutation;

#[Object]
impl Mutation {
    async fn signs_in(&self, ctx: &Context<'_>) -> bool {
        ctx.append_http_header("set-cookie", "a=1");
        ctx.append_http_header("set-cookie", "b=2");
        true
    }
}

pub struct Ticks;

#[Subscription]
impl Ticks {
    async fn ticks(&self, to: i32) -> impl Stream<Item = i32> {
        stream::unfold(0, move |n| async move {
            sleep(Duration::from_millis(20)).await;
            (n < to).then_some((n + 1, n + 1))
        })
    }

    /// Live events of a channel.
    async fn events(&self, ctx: &Context<'_>, channel: String) -> impl Stream<Item = String> + use<> {
        ctx.app().live.subscribe(&channel)
    }
}
