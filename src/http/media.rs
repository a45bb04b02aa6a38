//! What players fetch: `/media/<ticket>/<file>`. Playlists and captions are answered here, media by a redirect.

use std::net::SocketAddr;

use http::{HeaderValue, StatusCode, header};
use poem::{Endpoint, Request, Response};

use super::{
    refusing::Refused,
    session::{self, Credential},
};
use crate::{
    app::App,
    error::{Error, Result},
    recordings::playback::{self, Answer},
    viewer::Viewer,
};

/// The endpoint.
pub struct Media(pub App);

impl Endpoint for Media {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let (ticket, file) = request.path_params::<(String, String)>()?;
        // No name of ours has one, and PostgreSQL refuses to look for it.
        if file.contains('\0') {
            return Ok(refused(&Error::NotFound("media")).into_response());
        }
        let answer = match self.viewer(&request).await {
            Ok(viewer) => playback::serve(&self.0, &viewer, &ticket, &file).await,
            Err(error) => Err(error),
        };
        let mut response = match answer {
            Ok(Answer::Text { content_type, body }) => Response::builder().content_type(content_type).body(body),
            Ok(Answer::Redirect(address)) => {
                Response::builder().status(StatusCode::FOUND).header(header::LOCATION, address).finish()
            }
            Err(error) => refused(&error).into_response(),
        };
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        Ok(response)
    }
}

impl Media {
    /// Reading is all that happens here, so a cookie counts whatever page the player stands on.
    async fn viewer(&self, request: &Request) -> Result<Viewer> {
        let peer = request.remote_addr().as_socket_addr().map(SocketAddr::ip);
        let visitor = session::visitor(&self.0.config, request.headers(), peer);
        match Credential::of(&self.0.config, request.headers()) {
            Some(credential) => credential.sign_in(&self.0, visitor).await,
            None => Ok(visitor),
        }
    }
}

fn refused(error: &Error) -> Refused {
    match error {
        Error::NotFound(_) => Refused::new(StatusCode::NOT_FOUND, "NOT_FOUND", "There is nothing to play at this address."),
        Error::Forbidden | Error::Unauthenticated => {
            Refused::new(StatusCode::FORBIDDEN, "FORBIDDEN", "This address was given to somebody else, or you are signed out.")
        }
        Error::Unavailable(what) => Refused::unavailable(what),
        error => {
            tracing::error!(?error, "media can't be served");
            Refused::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_SERVER_ERROR", "Something went wrong on our side.")
        }
    }
}
