//! Files of counts.

use poem::{Endpoint, Request, Response};

use super::{
    making::{Makers, attachment, too_old},
    refusing::Refused,
};
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
};

/// `/reports/<ticket>`: a file of counts, made as it is fetched.
pub struct Reports {
    app: App,
    makers: Makers,
}

impl Reports {
    /// The endpoint.
    pub fn new(app: App) -> Self {
        Self { app, makers: Makers::of("maker of reports") }
    }

    async fn file(&self, sealed: &str) -> Result<Response, Refused> {
        let app = &self.app;
        let ticket = Ticket::open(app, sealed).ok_or_else(too_old)?;
        let turn = self.makers.turn().await?;
        let (content_type, body) = made(app, &ticket, turn).await.map_err(|err| refused(&err))?;
        Ok(attachment(&ticket.file_name(), content_type, body))
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
    Refused::failed(error, "a report", "There is no such report.")
}
