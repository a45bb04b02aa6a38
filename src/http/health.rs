//! For supervisors: whether the process runs, and whether it can do its work.

use std::time::Duration;

use http::StatusCode;
use poem::{Endpoint, Response, endpoint};
use serde_json::{Value, json};

use crate::{app::App, error::Result, migrating, stopping::Stop};

/// For each part to answer.
const LIMIT: Duration = Duration::from_secs(1);

/// `/health/live`: the process runs.
pub fn live() -> impl Endpoint<Output = Response> {
    endpoint::make_sync(|_| respond(StatusCode::OK, &json!({ "status": "ok" })))
}

/// `/health/ready`: the database is there and migrated, and so is the session store; else 503, and always once it leaves.
pub fn ready(app: App, stop: Stop) -> impl Endpoint<Output = Response> {
    endpoint::make(move |_| {
        let (app, stop) = (app.clone(), stop.clone());
        async move {
            if stop.leaving().is_cancelled() {
                return respond(StatusCode::SERVICE_UNAVAILABLE, &json!({ "status": "stopping" }));
            }
            let (database, sessions) = tokio::join!(
                is_well(migrating::check(&app.db)),
                is_well(app.sessions.find("a token that is nobody's", app.clock.now())),
            );
            let word = |well: bool| if well { "ok" } else { "unavailable" };
            let status = if database && sessions { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
            let parts = json!({ "database": word(database), "sessions": word(sessions) });
            respond(status, &json!({ "status": word(database && sessions), "parts": parts }))
        }
    })
}

async fn is_well<T>(part: impl Future<Output = Result<T>>) -> bool {
    matches!(tokio::time::timeout(LIMIT, part).await, Ok(Ok(_)))
}

fn respond(status: StatusCode, body: &Value) -> Response {
    Response::builder().status(status).content_type("application/json; charset=utf-8").body(body.to_string())
}
