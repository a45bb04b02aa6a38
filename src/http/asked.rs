//! What is asked, as it came over HTTP: a query string, or a body, of which no more is held than there is room for.

use std::{net::IpAddr, time::Duration};

use bytes::{Bytes, BytesMut};
use http::{Method, StatusCode, header};
use http_body_util::{BodyExt as _, combinators::BoxBody};
use poem::{Body, RequestParts};
use tokio::time::{Instant, timeout_at};

use super::{
    LIMIT, negotiation,
    refusing::Refused,
    session,
    sharing::{LARGEST, Room},
};
use crate::graphql::parameters::Parameters;

/// Bytes of a request that is nothing special: it needs no room of its own.
const USUAL: usize = 16 << 10;
/// Bytes that are read of a request that is too large, and thrown away: a client that still writes would see a broken
/// connection instead of the answer.
const DRAINED: usize = 4 << 20;
/// For a body to come: the client is told before its time for the whole answer is over.
const COMING: Duration = LIMIT.saturating_sub(Duration::from_secs(1));

/// What is asked.
pub enum Asked {
    /// By GET.
    Query(String),
    /// By POST.
    Body(Bytes),
}

impl Asked {
    /// Reads it. Of requests that are larger than usual, those from `address` may hold their share of `room`.
    pub async fn read(head: &RequestParts, body: Body, room: &Room, address: impl FnOnce() -> IpAddr) -> Result<Self, Refused> {
        match head.method {
            Method::GET => Ok(Self::Query(head.uri.query().unwrap_or_default().to_owned())),
            Method::POST => {
                let length = session::text(&head.headers, header::CONTENT_LENGTH).and_then(|length| length.parse().ok());
                if length.is_some_and(|length: usize| length > LARGEST) && head.headers.contains_key(header::EXPECT) {
                    // Not sent yet; reading would say "100 Continue" (RFC 9110, 10.1.1).
                    return Err(too_large());
                }
                // Read even if it is no JSON, for the same reason as what is too large.
                let body = come(body.into(), room, address).await?;
                if !negotiation::is_json(&head.headers) {
                    let message = "Send application/json in UTF-8, not compressed.";
                    return Err(Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", message));
                }
                Ok(Self::Body(body))
            }
            _ => Err(Refused::method("GET, POST", "Use GET or POST.")),
        }
    }

    /// The parameters of the request.
    pub fn parameters(&self) -> Result<Parameters, Refused> {
        let parameters = match self {
            Self::Query(query) => Parameters::from_query(query),
            Self::Body(body) => Parameters::from_body(body),
        };
        parameters.map_err(|refusal| Refused { refusal, ..Refused::new(StatusCode::BAD_REQUEST, "", "") })
    }
}

type Coming = BoxBody<Bytes, std::io::Error>;

/// A body in one piece, if it comes in time.
async fn come(mut body: Coming, room: &Room, address: impl FnOnce() -> IpAddr) -> Result<Bytes, Refused> {
    let end = Instant::now() + COMING;
    let Ok(whole) = timeout_at(end, whole(&mut body, room, address)).await else {
        let message = "The body did not come in time; send it again.";
        return Err(Refused::new(StatusCode::REQUEST_TIMEOUT, "REQUEST_TIMEOUT", message).with(header::CONNECTION, "close"));
    };
    if whole.as_ref().is_err_and(|refused| refused.status == StatusCode::PAYLOAD_TOO_LARGE) {
        // Whether or not all of it comes: the answer stands.
        let _ = timeout_at(end, drain(&mut body)).await;
    }
    whole
}

/// Copied together: what came in many small pieces takes no more room than it has bytes.
async fn whole(body: &mut Coming, room: &Room, address: impl FnOnce() -> IpAddr) -> Result<Bytes, Refused> {
    let (mut whole, mut address, mut hold) = (BytesMut::new(), Some(address), None);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refused::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", "The body could not be read."))?;
        let Ok(data) = frame.into_data() else { continue };
        let bytes = whole.len() + data.len();
        if bytes > LARGEST {
            return Err(too_large());
        }
        if bytes > USUAL {
            if let Some(address) = address.take() {
                hold = room.hold(address());
            }
            if !hold.as_mut().is_some_and(|hold| hold.grow(bytes)) {
                return Err(Refused::unavailable("server"));
            }
        }
        whole.extend_from_slice(&data);
    }
    Ok(whole.freeze())
}

async fn drain(body: &mut Coming) {
    let mut bytes = 0;
    while bytes < DRAINED {
        let Some(Ok(frame)) = body.frame().await else { return };
        bytes += frame.data_ref().map_or(0, Bytes::len);
    }
}

fn too_large() -> Refused {
    Refused::new(StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", "A request may have 256 KiB.")
}
