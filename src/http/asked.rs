//! What is asked, as it came over HTTP: a query string, or a body, of which no more is held than there is room for.

use std::{net::IpAddr, time::Duration};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method, StatusCode, Version, header};
use http_body_util::{BodyExt as _, Limited, combinators::BoxBody};
use poem::{Body, RequestParts};
use tokio::time::{Instant, timeout_at};

use super::{LIMIT, negotiation, refusing::Refused, session, sharing::Room};
use crate::graphql::parameters::Parameters;

/// Bytes of a request at most: a list of two thousand people who were present fits in.
const LARGEST: usize = 256 << 10;
/// Bytes of a request that is nothing special: it needs no room of its own.
const USUAL: usize = 16 << 10;
/// Bytes that are read of a refused request and thrown away: a client that still writes would see a broken connection
/// instead of the answer.
const DRAINED: usize = 4 << 20;
/// For a body to come: the client is told before its time for the whole answer is over.
const COMING: Duration = LIMIT.saturating_sub(Duration::from_secs(1));

type Coming = BoxBody<Bytes, std::io::Error>;

/// Any error of a body, as `Limited` gives it.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

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
                let is_too_large = length(&head.headers).is_some_and(|length| length > LARGEST);
                if is_too_large && waits_for_leave(head) {
                    return Err(too_large().with(header::CONNECTION, "close"));
                }
                // Read even if it is no JSON, for the same reason as what is refused.
                let body = come(body.into(), is_too_large, room, address).await?;
                if !negotiation::is_json(&head.headers) {
                    let message = "Send application/json in UTF-8, not compressed.";
                    return Err(Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", message));
                }
                Ok(Self::Body(body))
            }
            _ => Err(Refused::method("GET, POST", "Use GET or POST.")),
        }
    }

    /// Whether it is a body that says it is of the usual size.
    pub fn is_usual(method: &Method, headers: &HeaderMap) -> bool {
        method == Method::POST && length(headers).is_some_and(|length| length <= USUAL)
    }

    /// Reads a body of the usual size.
    pub async fn usual(body: impl hyper::body::Body<Data = Bytes, Error: Into<BoxError>>) -> Result<Bytes, Refused> {
        let read = timeout_at(Instant::now() + COMING, Limited::new(body, USUAL).collect()).await;
        Ok(read.map_err(|_| late())?.map_err(|_| unreadable())?.to_bytes())
    }

    /// The parameters of the request.
    pub fn parameters(self) -> Result<Parameters, Refused> {
        let parameters = match self {
            Self::Query(query) => Parameters::from_query(&query),
            Self::Body(body) => Parameters::from_body(&body),
        };
        parameters.map_err(|refusal| Refused { refusal, ..Refused::new(StatusCode::BAD_REQUEST, "", "") })
    }
}

/// What a body says that it has, in bytes.
fn length(headers: &HeaderMap) -> Option<usize> {
    session::text(headers, header::CONTENT_LENGTH)?.parse().ok()
}

/// Whether the client sends the body only once it is told to go on, which reading does (RFC 9110, 10.1.1).
fn waits_for_leave(head: &RequestParts) -> bool {
    let expected = session::text(&head.headers, header::EXPECT);
    head.version == Version::HTTP_11 && expected.is_some_and(|expected| expected.eq_ignore_ascii_case("100-continue"))
}

/// A body in one piece, if it comes in time.
async fn come(mut body: Coming, is_too_large: bool, room: &Room, address: impl FnOnce() -> IpAddr) -> Result<Bytes, Refused> {
    let end = Instant::now() + COMING;
    let whole = async { if is_too_large { Err(too_large()) } else { whole(&mut body, room, address).await } };
    let Ok(whole) = timeout_at(end, whole).await else {
        return Err(late());
    };
    if whole.is_err() {
        drain(&mut body, end).await;
    }
    whole
}

/// Copied together: what came in many small pieces takes no more room than what came in one.
async fn whole(body: &mut Coming, room: &Room, address: impl FnOnce() -> IpAddr) -> Result<Bytes, Refused> {
    let (mut whole, mut address, mut hold) = (BytesMut::new(), Some(address), None);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| unreadable())?;
        let Ok(data) = frame.into_data() else { continue };
        let bytes = whole.len() + data.len();
        if bytes > LARGEST {
            return Err(too_large());
        }
        if bytes > whole.capacity() {
            // As many as are allocated then, `LARGEST` at most.
            let size = bytes.next_power_of_two();
            if size > USUAL {
                if let Some(address) = address.take() {
                    hold = room.hold(address());
                }
                if !hold.as_mut().is_some_and(|hold| hold.grow(size)) {
                    return Err(Refused::busy());
                }
            }
            whole.reserve(size - whole.len());
        }
        whole.extend_from_slice(&data);
    }
    Ok(whole.freeze())
}

/// Reads what comes of a refused body until `end`. Whether or not all of it comes, the answer stands.
async fn drain(body: &mut Coming, end: Instant) {
    let drained = async {
        let mut bytes = 0;
        while bytes < DRAINED {
            let Some(Ok(frame)) = body.frame().await else { return };
            bytes += frame.data_ref().map_or(0, Bytes::len);
        }
    };
    let _ = timeout_at(end, drained).await;
}

fn late() -> Refused {
    let message = "The body did not come in time; send it again.";
    Refused::new(StatusCode::REQUEST_TIMEOUT, "REQUEST_TIMEOUT", message).with(header::CONNECTION, "close")
}

fn unreadable() -> Refused {
    Refused::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", "The body could not be read.")
}

fn too_large() -> Refused {
    Refused::new(StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", "A request may have 256 KiB.")
}
