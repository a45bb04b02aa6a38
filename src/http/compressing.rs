//! Compression of large answers. Small ones cost more to compress than to send.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};
use poem::{
    Body, IntoResponse, Response,
    web::{Compress, CompressionAlgo, CompressionLevel},
};

use super::session::text;

/// Bytes from which an answer is compressed.
const LARGE: usize = 8 << 10;

/// `response` with `body`, compressed if that is worth it and the client takes it.
pub fn with_body(asked: &HeaderMap, mut response: Response, body: impl Into<Bytes>) -> Response {
    let body = body.into();
    let is_worth_it = body.len() >= LARGE;
    response.set_body(Body::from_bytes(body));
    if !is_worth_it {
        return response;
    }
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
    if !accepts_gzip(asked) {
        return response;
    }
    Compress::new(response, CompressionAlgo::GZIP).with_quality(CompressionLevel::Fastest).into_response()
}

fn accepts_gzip(asked: &HeaderMap) -> bool {
    let codings = text(asked, header::ACCEPT_ENCODING).unwrap_or_default().split(',');
    codings.map(|coding| coding.split_once(';').unwrap_or((coding, ""))).any(|(name, weight)| {
        let weight = weight.replace(' ', "");
        name.trim().eq_ignore_ascii_case("gzip") && !(weight.starts_with("q=0") && weight.trim_end_matches(['0', '.']) == "q=")
    })
}
