//! `/metrics`, on an address of its own: what was counted, with a look at the database.

use std::sync::Arc;

use http::header;
use poem::{Response, Route, endpoint, get};
use tokio::{net::TcpListener, sync::Mutex};
use tokio_util::task::TaskTracker;

use super::{server, sharing::Connections};
use crate::{
    app::App,
    config::Proxies,
    jobs,
    metrics::{Kind, Places, Pool, Queued},
    stopping::Stop,
};

/// Connections at once.
const CONNECTIONS: usize = 16;
const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Serves the counts of `app` on `listener` until `stop`.
pub async fn serve(app: App, listener: TcpListener, stop: Stop) {
    // One look at a time, or they would disturb each other's findings.
    let turn = Arc::new(Mutex::new(()));
    let metrics = endpoint::make(move |_| {
        let (app, turn) = (app.clone(), turn.clone());
        async move {
            let _turn = turn.lock().await;
            look(&app).await;
            Response::builder().header(header::CONTENT_TYPE, TEXT).body(app.metrics.text())
        }
    });
    let routes = Arc::new(Route::new().at("/metrics", get(metrics)));
    let connections = Connections::new(CONNECTIONS, Proxies::default(), Places::default());
    server::run(listener, routes, connections, TaskTracker::new(), stop).await;
}

/// Looks at the pools and the queue. What can't be found out is left out.
async fn look(app: &App) {
    let (found, now) = (&app.metrics.found, app.clock.now());
    for pool in app.db.pools().await {
        let labels = Pool { pool: pool.name };
        for (family, number) in [(&found.open, pool.open), (&found.used, pool.used), (&found.most, pool.most)] {
            family.get_or_create(&labels).set(i64::try_from(number).unwrap_or(i64::MAX));
        }
        found.wait.get_or_create(&labels).set(pool.wait.as_secs_f64());
    }
    let standing = jobs::standing(&app.db, now).await;
    found.database_up.set(standing.is_ok().into());
    found.clear();
    for jobs in standing.unwrap_or_default() {
        let (kind, state) = (jobs.kind, jobs.standing);
        if state == "due" {
            let age = (now - jobs.since).as_seconds_f64();
            found.oldest_due.get_or_create(&Kind { kind: kind.clone() }).set(age.max(0.0));
        }
        found.jobs.get_or_create(&Queued { kind, state }).set(jobs.number);
    }
}
