//! The way in: HTTP/1.1 and WebSocket. GraphQL is at `/graphql`, over both.
//!
//! A request passes `envelope` (its id, time limit, log line, security headers, CORS), where `overload` refuses an operation for
//! which there is no place, then its route. `session` makes headers into a viewer; `graphql` and `websocket` read, judge and
//! execute operations and answer them.

mod asked;
mod calendar;
mod certificates;
mod compressing;
mod counting;
mod envelope;
mod graphql;
mod health;
mod limiting;
mod making;
mod media;
mod metrics;
mod negotiation;
mod origin;
mod overload;
mod page;
mod refusing;
mod reports;
mod server;
mod session;
mod sharing;
mod timer;
mod turning;
mod websocket;

use std::{sync::Arc, time::Duration};

use async_graphql::Executor;
use poem::{Route, get};
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;

pub use self::metrics::serve as serve_metrics;
use self::{
    envelope::Envelope,
    limiting::Limits,
    overload::Overload,
    sharing::{Connections, Room, Sockets},
    turning::Lookups,
};
use crate::{app::App, graphql::document::Documents, stopping::Stop, turns::Turns};

/// Operations at once, and as many requests of other routes that look something up. More would only wait for the database's
/// connections, and make each other and health checks slower.
const OPERATIONS: usize = 64;
/// Those that may wait for their turn: as many as are done well within the time that a turn is waited for.
const WAITING: usize = 192;
/// For a request to be answered, its body included; and for a query or mutation over a socket.
const LIMIT: Duration = Duration::from_secs(10);

/// What the endpoints share.
struct Shared<E> {
    app: App,
    executor: E,
    documents: Documents,
    limits: Limits,
    /// Turns of operations.
    operations: Turns,
    /// Room for large requests.
    room: Room,
    sockets: Sockets,
    /// Connections and sockets: what the end of the server waits for.
    tasks: TaskTracker,
    stop: Stop,
}

/// Serves `schema` on `listener` until `stop`: told to leave, it is not ready and keeps no connection for a second request;
/// told to stop, it takes no more connections, lets requests end and closes sockets, for at most 15 s.
pub async fn serve<E: Executor>(app: App, schema: E, listener: TcpListener, stop: Stop) {
    let (connections, metrics) = (server::most_connections(), &app.metrics);
    metrics.running.are(OPERATIONS);
    let operations = Turns::new(OPERATIONS, WAITING);
    let shared = Arc::new(Shared {
        app: app.clone(),
        executor: schema,
        documents: Documents::default(),
        limits: Limits::new(app.redis.clone(), metrics.limited.clone()),
        operations: operations.clone(),
        room: Room::new(),
        sockets: Sockets::new(connections / 2, metrics.sockets.clone()),
        tasks: TaskTracker::new(),
        stop: stop.clone(),
    });
    let tasks = shared.tasks.clone();
    let connections = Connections::new(connections, app.config.trusted_proxies.clone(), metrics.connections.clone());
    let endpoint = Envelope::new(app.clone(), Overload::new(operations).await, routes(&app, shared));
    server::run(listener, Arc::new(endpoint), connections, tasks, stop).await;
}

fn routes<E: Executor>(app: &App, shared: Arc<Shared<E>>) -> Route {
    let (stop, lookups) = (shared.stop.clone(), Lookups::new());
    Route::new()
        .at("/graphql", graphql::GraphQl(shared))
        .at("/schema.graphql", get(graphql::sdl(app)))
        .at("/media/:ticket/:file", get(lookups.of(media::Media(app.clone()))))
        .at("/calendar/:file", get(lookups.of(calendar::Calendar(app.clone()))))
        .at("/certificates/:ticket", get(lookups.of(certificates::Certificates::new(app.clone()))))
        .at("/reports/:ticket", get(lookups.of(reports::Reports::new(app.clone()))))
        .at("/badges/:code/:mark", get(lookups.of(certificates::badges(app.clone()))))
        .at("/badges/:code/:mark/status", get(lookups.of(certificates::status(app.clone()))))
        .at("/.well-known/did.json", get(certificates::did(app.clone())))
        .at("/health/live", get(health::live()))
        .at("/health/ready", get(health::ready(app.clone(), stop)))
        .at("/", get(page::redirect()))
        .at("/demo", get(page::redirect()))
        .at("/demo/*file", get(page::files(app.clone())))
}
