//! Sending bytes to object storage and fetching them, as browsers do, with nothing but the address given.

use bytes::Bytes;
use http::Request;
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
    send(Request::get(url).body(Full::default()).expect("a request")).await
}

async fn send(request: Request<Full<Bytes>>) -> (u16, Bytes) {
    let client = Client::builder(TokioExecutor::new()).build_http();
    let response = client.request(request).await.expect("storage answers");
    let status = response.status().as_u16();
    (status, response.into_body().collect().await.expect("a whole body").to_bytes())
}
