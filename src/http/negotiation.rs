//! Media types of requests and answers.

use http::{HeaderMap, header};

use super::session::text;

/// Media type of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// `application/graphql-response+json`: the status tells whether the request was executed.
    GraphQl,
    /// `application/json`, for older clients: 200 also for well-formed requests that are refused.
    Json,
}

impl Media {
    /// Value of `Content-Type`.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::GraphQl => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }
}

/// The media type that `Accept` prefers; `None` when it takes neither (RFC 9110, 12.5.1).
pub fn accepted(headers: &HeaderMap) -> Option<Media> {
    let Some(accept) = text(headers, header::ACCEPT).filter(|accept| !accept.trim().is_empty()) else { return Some(Media::Json) };
    let ranges = accept.split(',').filter_map(range).filter(|(_, weight, _)| *weight > 0);
    ranges.max_by_key(|(media, weight, is_exact)| (*weight, *is_exact, *media == Media::GraphQl)).map(|(media, ..)| media)
}

/// One range of `Accept`, if it is for us: its media type, its weight in thousandths, whether it names the type in full.
fn range(range: &str) -> Option<(Media, u16, bool)> {
    let mut parts = range.split(';').map(str::trim);
    let (media, is_exact) = match parts.next()?.to_ascii_lowercase().as_str() {
        "application/graphql-response+json" => (Media::GraphQl, true),
        "application/json" => (Media::Json, true),
        "application/*" | "*/*" => (Media::Json, false),
        _ => return None,
    };
    let mut weight = 1000;
    for (name, value) in parts.filter_map(|part| part.split_once('=')) {
        match name.trim().to_ascii_lowercase().as_str() {
            "q" => weight = thousandths(value)?,
            "charset" if !is_utf8(value) => return None,
            _ => {}
        }
    }
    Some((media, weight, is_exact))
}

fn thousandths(weight: &str) -> Option<u16> {
    let (whole, fraction) = weight.trim().split_once('.').unwrap_or((weight.trim(), ""));
    let fraction: u16 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    Some((whole.parse::<u16>().ok()?.min(1) * 1000 + fraction).min(1000))
}

fn is_utf8(charset: &str) -> bool {
    let charset = charset.trim().trim_matches('"');
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

/// Whether the body is JSON in UTF-8, as it stands. What pages of other sites may send without a preflight is not.
pub fn is_json(headers: &HeaderMap) -> bool {
    let Some(kind) = text(headers, header::CONTENT_TYPE) else { return false };
    let mut parts = kind.split(';').map(str::trim);
    let is_named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("application/json"));
    let mut charsets = parts.filter_map(|part| part.split_once('=')).filter(|(name, _)| name.eq_ignore_ascii_case("charset"));
    let is_plain = text(headers, header::CONTENT_ENCODING).is_none_or(|coding| coding.eq_ignore_ascii_case("identity"));
    is_named && is_plain && charsets.all(|(_, charset)| is_utf8(charset))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(value: &str) -> Option<Media> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, value.parse().expect("a header"));
        accepted(&headers)
    }

    #[test]
    fn the_preferred_media_type_is_sent() {
        assert_eq!(accepted(&HeaderMap::new()), Some(Media::Json));
        assert_eq!(accept("*/*"), Some(Media::Json));
        assert_eq!(accept("application/graphql-response+json, application/json;q=0.9"), Some(Media::GraphQl));
        assert_eq!(accept("application/graphql-response+json;q=0.5, application/json;q=0.75"), Some(Media::Json));
        assert_eq!(accept("application/json, application/graphql-response+json"), Some(Media::GraphQl));
        assert_eq!(accept("text/html, */*;q=0.1"), Some(Media::Json));
        assert_eq!(accept("application/json; charset=iso-8859-1"), None);
        assert_eq!(accept("application/json;q=0"), None);
        assert_eq!(accept("text/html"), None);
    }
}
