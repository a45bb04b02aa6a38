//! Files of certificates, and what others check badges by: the key of the site and which are revoked.

use http::{HeaderValue, StatusCode, header};
use poem::{Endpoint, Request, Response, endpoint};

use super::{
    making::{Makers, attachment, too_old},
    refusing::Refused,
};
use crate::{
    app::App,
    certificates::{
        badge, printing,
        signing::Signer,
        ticket::{Form, Ticket},
    },
    error::{Error, Result},
    learning::checking::{self, Record},
};

/// `/certificates/<ticket>`: a file of a certificate, made as it is fetched.
pub struct Certificates {
    app: App,
    makers: Makers,
}

impl Certificates {
    /// The endpoint.
    pub fn new(app: App) -> Self {
        Self { app, makers: Makers::of("maker of certificates") }
    }

    async fn file(&self, sealed: &str) -> Result<Response, Refused> {
        let app = &self.app;
        let ticket = Ticket::open(app, sealed).ok_or_else(too_old)?;
        let found = checking::certificate(app, &ticket.record, ticket.language).await.map_err(|err| refused(&err))?;
        let (record, certificate) = found.ok_or_else(nothing)?;
        if record.revoked_at().is_some() {
            return Err(Refused::new(StatusCode::GONE, "GONE", "This certificate was revoked."));
        }
        let certificate = certificate.ok_or_else(nothing)?;
        let name = certificate.file_name(ticket.form);
        let (content_type, body) = match ticket.form {
            Form::Pdf => {
                let turn = self.makers.turn().await?;
                ("application/pdf", printing::print(certificate, turn).await.map_err(|err| refused(&err))?)
            }
            Form::Badge => {
                let badge = badge::sign(app, &certificate).map_err(|err| refused(&err))?;
                ("application/ld+json", serde_json::to_vec_pretty(&badge).unwrap_or_default())
            }
        };
        Ok(attachment(&name, content_type, body))
    }
}

impl Endpoint for Certificates {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let sealed = request.path_params::<String>()?;
        Ok(self.file(&sealed).await.unwrap_or_else(Refused::into_response))
    }
}

/// `/badges/<code>/<mark>`: the id of a badge leads to the page where it is checked.
pub fn badges(app: App) -> impl Endpoint<Output = Response> {
    endpoint::make(move |request: Request| {
        let app = app.clone();
        async move {
            match of_code(&app, &request).await {
                Ok(record) => {
                    let page = app.config.page(&format!("#/check/{}", record.code()));
                    Response::builder().status(StatusCode::SEE_OTHER).header(header::LOCATION, page).finish()
                }
                Err(err) => refused(&err).into_response(),
            }
        }
    })
}

/// `/badges/<code>/<mark>/status`: whether a badge is revoked, for programs. It is when its record is, and when that bears
/// another full name than the badge.
pub fn status(app: App) -> impl Endpoint<Output = Response> {
    endpoint::make(move |request: Request| {
        let app = app.clone();
        async move {
            let status = of_code(&app, &request).await.and_then(|record| {
                let (code, mark) = (record.code(), request.raw_path_param("mark").unwrap_or_default());
                let is_good = record.revoked_at().is_none() && mark == badge::mark(&app, &code, record.full_name());
                badge::status(&app, &code, mark, !is_good)
            });
            status.map_or_else(|err| refused(&err).into_response(), |status| open("application/json", &status))
        }
    })
}

async fn of_code(app: &App, request: &Request) -> Result<Record> {
    let code = request.raw_path_param("code").unwrap_or_default();
    checking::of_code(app, code).await?.ok_or(Error::NotFound("badge"))
}

/// `/.well-known/did.json`: the key that badges are signed with.
pub fn did(app: App) -> impl Endpoint<Output = Response> {
    endpoint::make_sync(move |_| match Signer::of(&app) {
        Ok(signer) => open("application/did+json", &signer.document()),
        Err(err) => refused(&err).into_response(),
    })
}

/// What pages of any origin may read: it is the same for everybody.
fn open(content_type: &str, value: &serde_json::Value) -> Response {
    Response::builder()
        .content_type(content_type)
        .header(header::CACHE_CONTROL, "no-cache")
        .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"))
        .body(value.to_string())
}

/// What is told of a certificate that is not there.
const MISSING: &str = "There is no such certificate.";

fn nothing() -> Refused {
    Refused::new(StatusCode::NOT_FOUND, "NOT_FOUND", MISSING)
}

fn refused(error: &Error) -> Refused {
    if let Error::Invalid(_) = error {
        return Refused::new(StatusCode::CONFLICT, error.code(), "No font here has all letters of the name or title.");
    }
    Refused::failed(error, "a certificate", MISSING)
}
