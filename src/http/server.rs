//! Connections. Our own loop around hyper, since poem's sets no timer, and so no time limit for headers, and spins when
//! connections can't be accepted.

use std::{convert::Infallible, io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header, request::Parts, uri::Scheme};
use http_body_util::{BodyExt as _, combinators::BoxBody};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use poem::{
    Addr, Body, Endpoint as _, Request, RequestParts, Route,
    web::{LocalAddr, RemoteAddr},
};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::{
    net::{TcpListener, TcpStream},
    time,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    sharing::{Connection, Connections},
    timer::ConnectionTimer,
};
use crate::{
    stalling::{STALL, Stalling},
    stopping::Stop,
};

/// For a new connection to say something.
const SILENCE: Duration = Duration::from_secs(5);
/// For the headers of a request, and between two requests of a connection.
const HEADERS: Duration = Duration::from_secs(10);
/// For what runs when the server is to stop: a request has ten seconds, the rest is for a slow reader of its answer.
const GRACE: Duration = Duration::from_secs(15);
/// After a connection could not be accepted.
const PAUSE: Duration = Duration::from_millis(200);
/// Bytes of a request's line and headers that are held; hyper may have read as many again before it counts.
const HEADER_BYTES: usize = 32 << 10;
/// Files that are kept for all but connections: the database, objects, programs.
const OTHER_FILES: usize = 256;

/// The most connections, however many files may be open.
const MOST: usize = 8192;

/// Connections at once: what the process may open, less what the rest of it needs. Most systems let a process raise what
/// they begin with, and this does.
pub fn most_connections() -> usize {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = (MOST + OTHER_FILES) as u64;
    let raised = maximum.map_or(wanted, |most| most.min(wanted));
    let files = match current {
        Some(few) if few < raised => {
            let set = setrlimit(Resource::Nofile, Rlimit { current: Some(raised), maximum });
            if set.is_ok() { raised } else { few }
        }
        _ => current.unwrap_or(wanted),
    };
    usize::try_from(files).unwrap_or(MOST).saturating_sub(OTHER_FILES).clamp(64, MOST)
}

/// An answer, as hyper writes it.
pub type Answer = hyper::Response<BoxBody<Bytes, io::Error>>;

/// Answers requests as hyper reads them: to make poem's request costs more than to refuse one.
pub trait Service: Send + Sync + 'static {
    /// Answers one request.
    fn answer(&self, head: Parts, body: Incoming, connection: &ConnectionInfo) -> impl Future<Output = Answer> + Send;
}

/// Routes alone, with nothing around them.
impl Service for Route {
    async fn answer(&self, head: Parts, body: Incoming, connection: &ConnectionInfo) -> Answer {
        let body = body.map_err(io::Error::other).boxed();
        self.get_response(connection.request(head, body.into())).await.into()
    }
}

/// What requests are told of the connection that they came over.
pub struct ConnectionInfo {
    remote: RemoteAddr,
    /// Requests hold it too, for a socket that one of them may become.
    place: Arc<Connection>,
}

impl ConnectionInfo {
    /// A request that came over this connection, as poem has it.
    pub fn request(&self, mut head: Parts, body: Body) -> Request {
        head.extensions.insert(self.place.clone());
        // Nothing asks where it arrived, and the system would have to be asked for each connection.
        let head = RequestParts::from((head, LocalAddr::default(), self.remote.clone(), Scheme::HTTP));
        Request::from_parts(head, body)
    }
}

/// Accepts connections and answers their requests by `service` until `stop`; what runs then is waited for.
pub async fn run<S: Service>(listener: TcpListener, service: Arc<S>, places: Connections, tasks: TaskTracker, stop: Stop) {
    let end = CancellationToken::new();
    while let Some(accepted) = stop.stopping().run_until_cancelled(accept(&listener, &places)).await {
        match accepted {
            Ok((stream, remote, Some(place))) => {
                let (service, stop, end) = (service.clone(), stop.clone(), end.clone());
                tasks.spawn(async move {
                    // What connections need that ask something, those that are only opened do not take.
                    let begins = tokio::select! {
                        // Of those who were accepted, who has asked is answered, also when the server is to stop just now.
                        biased;
                        begins = has_begun(&stream) => begins,
                        () = stop.stopping().cancelled() => false,
                    };
                    if begins {
                        Box::pin(connection(stream, remote, service, place, stop, end)).await;
                    }
                });
            }
            Ok((_, remote, None)) => tracing::debug!(address = %remote.ip(), "a network has its share of connections"),
            Err(err) => {
                // For example no file descriptor is left: others have to close first.
                tracing::warn!(error = %err, "a connection can't be accepted");
                time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    tasks.close();
    if time::timeout(GRACE, tasks.wait()).await.is_err() {
        tracing::warn!("connections are cut off");
        end.cancel();
    }
}

/// The next connection, with its place if it may have one.
async fn accept(listener: &TcpListener, places: &Connections) -> io::Result<(TcpStream, SocketAddr, Option<Connection>)> {
    let place = places.place().await.ok_or(io::ErrorKind::BrokenPipe)?;
    let (stream, remote) = listener.accept().await?;
    Ok((stream, remote, places.open(place, remote.ip())))
}

/// Whether the other side says something while that is waited for.
async fn has_begun(stream: &TcpStream) -> bool {
    // It is looked for a byte, since tokio takes a new connection to be readable until a read says otherwise.
    let mut first = [0];
    matches!(time::timeout(SILENCE, stream.peek(&mut first)).await, Ok(Ok(1..)))
}

/// Serves a connection until `stop`, then what runs on it until `end`.
async fn connection<S: Service>(
    stream: TcpStream,
    remote: SocketAddr,
    service: Arc<S>,
    place: Connection,
    stop: Stop,
    end: CancellationToken,
) {
    let info = ConnectionInfo { remote: RemoteAddr(Addr::SocketAddr(remote)), place: Arc::new(place) };
    let shared = Arc::new((service, info, stop.leaving().clone()));
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let shared = shared.clone();
        // Boxed: between two requests, a connection keeps no room for one.
        Box::pin(async move {
            let (service, info, leaving) = &*shared;
            let (head, body) = request.into_parts();
            let mut answer = service.answer(head, body, info).await;
            // Whoever holds an idle connection may be sending the next request just when we close it; now they know.
            if leaving.is_cancelled() && answer.status() != StatusCode::SWITCHING_PROTOCOLS {
                answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            Ok::<_, Infallible>(answer)
        })
    });
    // Whoever closes their side gives up what they asked for, as with nginx: those who leave can't be told from those who only
    // send no more, and what nobody waits for would go on under load.
    let mut connection = pin!(
        http1::Builder::new()
            .half_close(false)
            .timer(ConnectionTimer::default())
            .header_read_timeout(HEADERS)
            .max_buf_size(HEADER_BYTES)
            .serve_connection(TokioIo::new(Stalling::new(stream, STALL)), service)
            .with_upgrades()
    );
    tokio::select! {
        // A request that has come is read before the connection is told to end, so that it is answered.
        biased;
        result = connection.as_mut() => return gone(result),
        () = stop.stopping().cancelled() => connection.as_mut().graceful_shutdown(),
    }
    if let Some(result) = end.run_until_cancelled(connection).await {
        gone(result);
    }
}

fn gone(result: hyper::Result<()>) {
    if let Err(err) = result {
        tracing::debug!(error = %err, "a connection broke");
    }
}
