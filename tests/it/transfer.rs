//! Sending bytes to object storage and fetching them, as browsers do, with nothing but the address given.

use bytes::Bytes;
use http::{HeaderMap, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::Value;

/// PUTs `bytes` where a `FileAddress` says; the status.
pub async fn put(address: &Value, bytes: impl Into<Bytes>) -> u16 {
    let mut request = Request::put(address["url"].as_str().expect("an address"));
    for header in address["headers"].as_array().expect("headers") {
        request = request.header(header["name"].as_str().expect("a name"), header["value"].as_str().expect("a value"));
    }
    send(request.body(Full::new(bytes.into())).expect("a request")).await.0
}

/// GETs `url`; status and body.
pub async fn get(url: &str) -> (u16, Bytes) {
    let (status, _, body) = fetch(url, &[]).await;
    (status, body)
}

/// GETs `url` with these headers; status, headers and body.
pub async fn fetch(url: &str, headers: &[(&str, &str)]) -> (u16, HeaderMap, Bytes) {
    let request = headers.iter().fold(Request::get(url), |request, (name, value)| request.header(*name, *value));
    send(request.body(Full::default()).expect("a request")).await
}

async fn send(request: Request<Full<Bytes>>) -> (u16, HeaderMap, Bytes) {
    let client = Client::builder(TokioExecutor::new()).build_http();
    let response = client.request(request).await.expect("storage answers");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, headers, response.into_body().collect().await.expect("a whole body").to_bytes())
}
