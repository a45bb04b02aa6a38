//! What calendars fetch: `/calendar/<token>.ics`. They can't sign in, so the address is all that they show.

use http::{HeaderValue, header};
use poem::{Endpoint, Request, Response};

use super::refusing::Refused;
use crate::{
    app::App,
    error::{Error, Result},
    webinars::calendar::entries,
};

/// The endpoint.
pub struct Calendar(pub App);

impl Endpoint for Calendar {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let file = request.path_params::<String>()?;
        let read: Result<String> = match file.strip_suffix(".ics") {
            Some(token) => entries::read(&self.0, token).await,
            None => Err(Error::NotFound("calendar")),
        };
        let mut response = match read {
            Ok(body) => Response::builder()
                .content_type("text/calendar; charset=utf-8")
                .header(header::CONTENT_DISPOSITION, "attachment; filename=\"webinars.ics\"")
                .body(body),
            Err(error) => {
                Refused::failed(&error, "a calendar", "There is no calendar at this address, or it has moved.").into_response()
            }
        };
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        Ok(response)
    }
}
