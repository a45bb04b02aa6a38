//! Traces reach a collector, continue those of clients, and hold nothing that is anybody's.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use lyceum::{jobs, transact, worker};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

use crate::{app::TestApp, http_client::Process};

/// A collector that keeps the bodies it was sent, which are protobuf: names stand in it as they are, ids as bytes.
struct Collector {
    address: SocketAddr,
    sent: Arc<Mutex<Vec<u8>>>,
}

impl Collector {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let collector = Self { address: listener.local_addr().expect("an address"), sent: Arc::default() };
        let sent = collector.sent.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(collect(stream, sent.clone()));
            }
        });
        collector
    }

    fn has(&self, part: &[u8]) -> bool {
        self.sent.lock().expect("no panic").windows(part.len()).any(|window| window == part)
    }

    async fn gets(&self, part: &[u8]) {
        for _ in 0..800 {
            if self.has(part) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{:?} did not come", String::from_utf8_lossy(part));
    }
}

async fn collect(stream: TcpStream, sent: Arc<Mutex<Vec<u8>>>) {
    let mut stream = BufReader::new(stream);
    loop {
        let (mut line, mut length, mut first) = (String::new(), 0, String::new());
        while stream.read_line(&mut line).await.is_ok_and(|read| read > 2) {
            if let Some((_, value)) = line.to_ascii_lowercase().split_once("content-length:") {
                length = value.trim().parse().expect("a length");
            }
            if first.is_empty() {
                first = std::mem::take(&mut line);
            }
            line.clear();
        }
        if first.is_empty() {
            return;
        }
        assert_eq!(first, "POST /v1/traces HTTP/1.1\r\n");
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.expect("a body");
        sent.lock().expect("no panic").extend(body);
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.expect("it is answered");
    }
}

#[tokio::test]
async fn requests_operations_and_jobs_are_traced_without_anything_personal() {
    let app = TestApp::start(&[]).await;
    let person = app.practitioner().await;
    app.objects.close(Duration::from_secs(5)).await;
    let collector = Collector::start().await;
    let endpoint = format!("http://{}", collector.address);
    let settings = [("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str()), ("OTEL_BSP_SCHEDULE_DELAY", "50")];
    let mut server = Process::start(&app, &["serve"], &settings);
    server.is_ready().await;

    let bearer = format!("Bearer {}", person.token.clone().expect("signed in"));
    let headers = [
        ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        ("authorization", bearer.as_str()),
        ("user-agent", "Some Browser"),
    ];
    let document = format!("query Named {{ viewer {{ user {{ email }} }} }} # {}", person.email);
    assert_eq!(server.asks(&document, &headers).await.status, 200);
    server.gets("/media/a-ticket/master.m3u8?x=y", &headers).await;
    transact!(app, |tx| jobs::enqueue(tx, &worker::Sweep::default()).await).expect("enqueued");

    let trace = 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c_u128.to_be_bytes();
    let parent = 0xb7ad_6b71_6920_3331_u64.to_be_bytes();
    for part in
        [&trace[..], &parent, b"POST graphql", b"GET media", b"viewer", b"http.response.status_code", b"job sweep", b"done"]
    {
        collector.gets(part).await;
    }
    assert!(collector.has(b"lyceum") && collector.has(b"service.version"));
    server.gets("/health/live", &[]).await;
    server.is_interrupted();
    assert_eq!(server.ends().await.code(), Some(0), "{}", server.log());
    assert!(collector.has(b"GET health"), "the last ones were not sent");
    let token = bearer.trim_start_matches("Bearer ").as_bytes();
    for private in [token, person.email.as_bytes(), b"a-ticket", b"Some Browser", b"127.0.0.1", b"Named"] {
        assert!(!collector.has(private), "{} was sent", String::from_utf8_lossy(private));
    }
    let log = server.log();
    assert!(log.contains(r#""message":"answered""#) && !log.contains("lyceum::traces"), "{log}");
    app.stop().await;
}
