//! Which pages may call us: the check against cross-site requests, and CORS (<https://fetch.spec.whatwg.org/#http-cors-protocol>).

use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use poem::{Request, Response};

use super::session::text;
use crate::config::Config;

/// Whether a request that browsers send cookies with comes from a page that may send it. Without `Origin`, which browsers
/// leave out of some same-origin requests, `Sec-Fetch-Site` must say so; without either it may be any page's.
pub fn may_use_cookie(config: &Config, headers: &HeaderMap) -> bool {
    match text(headers, header::ORIGIN) {
        Some(origin) => is_ours(config, headers, origin) || is_allowed(config, origin),
        None => matches!(text(headers, "sec-fetch-site"), Some("same-origin" | "none")),
    }
}

/// Whether a page of another site sends this.
pub fn is_foreign(config: &Config, headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return false };
    origin.to_str().map_or(true, |origin| !is_ours(config, headers, origin) && !is_allowed(config, origin))
}

/// The page was loaded from the address that we are known by, or from the host that this very request goes to: a cookie
/// is sent to its own host only.
fn is_ours(config: &Config, headers: &HeaderMap, origin: &str) -> bool {
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    origin == config.public_url || (authority.is_some() && authority == text(headers, header::HOST))
}

fn is_allowed(config: &Config, origin: &str) -> bool {
    config.allowed_origins.iter().any(|allowed| allowed == origin)
}

/// The allowed foreign origin that a request comes from.
pub fn allowed(config: &Config, headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    is_allowed(config, origin.to_str().ok()?).then(|| origin.clone())
}

/// The answer to a preflight request; `None` if it is not one.
pub fn preflight(request: &Request) -> Option<Response> {
    let asks = request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    asks.then(|| {
        Response::builder()
            .status(StatusCode::NO_CONTENT)
            .header(header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST")
            .header(
                header::ACCESS_CONTROL_ALLOW_HEADERS,
                "accept-language, authorization, content-type, graphql-require-preflight",
            )
            .header(header::ACCESS_CONTROL_MAX_AGE, "600")
            .finish()
    })
}

/// Lets a page of `origin` read an answer.
pub fn open_to(origin: HeaderValue, headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("ratelimit, ratelimit-policy, retry-after, x-request-id"),
    );
}
