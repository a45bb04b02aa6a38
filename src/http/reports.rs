//! Files of counts.

use bytes::Bytes;
use http::{StatusCode, header};
use poem::{Endpoint, Request, Response};

use super::refusing::Refused;
use crate::{
    app::App,
    error::{Error, Result},
    reporting::{
        picture, report,
        report::Report,
        table,
        ticket::{Form, Ticket},
        workbook,
    },
    turns::Turns,
};

/// Files that are made at once.
const AT_ONCE: usize = 2;
/// Requests that may wait for their turn.
const WAITING: usize = 32;

/// `/reports/<ticket>`: a file of counts, made as it is fetched.
pub struct Reports {
    app: App,
    turns: Turns,
}

impl Reports {
    /// The endpoint.
    pub fn new(app: App) -> Self {
        Self { app, turns: Turns::new(AT_ONCE, WAITING) }
    }

    async fn file(&self, sealed: &str) -> Result<Response, Refused> {
        let app = &self.app;
        let ticket = Ticket::open(app, sealed)
            .ok_or_else(|| Refused::new(StatusCode::FORBIDDEN, "FORBIDDEN", "This address is too old. Ask for a new one."))?;
        let busy = || Refused::unavailable("maker of reports");
        let turn = self.turns.place().ok_or_else(busy)?.turn().await.ok_or_else(busy)?;
        let (content_type, body) = made(app, &ticket, turn).await.map_err(|err| refused(&err))?;
        let disposition = format!("attachment; filename=\"{}\"", ticket.file_name());
        let response = Response::builder().content_type(content_type).header(header::CONTENT_DISPOSITION, disposition);
        Ok(response.header(header::CACHE_CONTROL, "private, no-store").body(Bytes::from(body)))
    }
}

impl Endpoint for Reports {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let sealed = request.path_params::<String>()?;
        Ok(self.file(&sealed).await.unwrap_or_else(Refused::into_response))
    }
}

/// The file of a ticket, if its holder may have it now. The turn ends with the work, also when nobody waits for that any more.
async fn made(app: &App, ticket: &Ticket, turn: impl Send + 'static) -> Result<(&'static str, Vec<u8>)> {
    let viewer = ticket.viewer(app).await?;
    let report = report::load(app, &viewer, ticket.subject, &ticket.language).await?;
    let form = ticket.form;
    let written = move || {
        let _turn = turn;
        written(&report, form)
    };
    tokio::task::spawn_blocking(written).await.map_err(Error::internal)?
}

fn written(report: &Report, form: Form) -> Result<(&'static str, Vec<u8>)> {
    Ok(match form {
        Form::Csv => ("text/csv; charset=utf-8", table::csv(report)),
        Form::Xlsx => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook::write(report)?),
        Form::Svg => ("image/svg+xml", picture::draw(report).into_bytes()),
    })
}

fn refused(error: &Error) -> Refused {
    match error {
        Error::NotFound(_) => Refused::new(StatusCode::NOT_FOUND, "NOT_FOUND", "There is no such report."),
        Error::Unavailable(what) => Refused::unavailable(what),
        error => {
            tracing::error!(?error, "a report can't be served");
            Refused::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_SERVER_ERROR", "Something went wrong on our side.")
        }
    }
}
