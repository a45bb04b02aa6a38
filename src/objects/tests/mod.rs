//! The embedded service, driven by our own client and by plain HTTP as browsers do.
//!
//! Results are unwrapped here as in all tests of the crate: a panic is how a test fails, and it names the line.

mod addresses;
mod storing;
mod uploads;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tempfile::TempDir;

use super::{EmbeddedSettings, Error, Objects, Presigned};

/// A fresh storage with its bucket, and the folder that ends with it.
async fn storage() -> (Objects, TempDir) {
    let dir = TempDir::new().expect("a temporary folder");
    (opened(dir.path()).await, dir)
}

/// A storage on a folder that may have been used before.
async fn opened(dir: &Path) -> Objects {
    let settings = EmbeddedSettings {
        dir: dir.to_owned(),
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        public_endpoint: None,
        secret: "a secret for tests".to_owned().into(),
    };
    let objects = Objects::embedded(settings).await.expect("the embedded storage starts");
    objects.ensure_bucket().await.expect("the bucket is made");
    objects
}

/// Sends one plain HTTP request and reads the whole answer.
async fn send(method: Method, url: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Response<Bytes> {
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Full::new(body.into())).expect("a request");
    let answer = Client::builder(TokioExecutor::new()).build_http().request(request).await.expect("an answer");
    let (head, body) = answer.into_parts();
    Response::from_parts(head, body.collect().await.expect("a body").to_bytes())
}

/// Sends what a presigned request allows.
async fn put(to: &Presigned, body: impl Into<Bytes>) -> Response<Bytes> {
    let headers: Vec<_> = to.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    send(Method::PUT, &to.url, &headers, body).await
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().expect("text"))
}

/// The code with which something was refused.
fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Refused { code, .. }) => code,
        other => panic!("not refused: {other:?}"),
    }
}

/// Names of the files under a folder of the storage.
fn files(dir: &TempDir, folder: &str) -> Vec<String> {
    let folder = dir.path().join("lyceum").join(folder);
    let entries = std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").file_name());
    entries.map(|name| name.to_string_lossy().into_owned()).collect()
}
