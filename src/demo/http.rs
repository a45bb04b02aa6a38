//! A small HTTP client.

use anyhow::Context as _;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;

/// Sends requests; keeps connections.
#[derive(Clone)]
pub struct Http(Client<HttpConnector, Full<Bytes>>);

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Http {
    pub fn new() -> Self {
        Self(Client::builder(TokioExecutor::new()).build_http())
    }

    /// Sends a request. Redirects are answered, not followed.
    pub async fn send(
        &self,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> anyhow::Result<Answer> {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = self.0.request(request.body(Full::new(body.into()))?).await.with_context(|| short(url))?;
        let (parts, body) = answer.into_parts();
        Ok(Answer { status: parts.status, headers: parts.headers, body: body.collect().await?.to_bytes() })
    }

    /// Sends bytes where a `FileAddress` of the API says.
    pub async fn put(&self, address: &Value, bytes: impl Into<Bytes>) -> anyhow::Result<()> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let headers = address["headers"].as_array().into_iter().flatten();
        let headers: Vec<_> = headers.map(|header| (text(&header["name"]), text(&header["value"]))).collect();
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = self.send(Method::PUT, &text(&address["url"]), &headers, bytes).await?;
        anyhow::ensure!(answer.status.is_success(), "object storage answered {}", answer.status);
        Ok(())
    }
}

impl Answer {
    /// A header, if it is text.
    pub fn header(&self, name: header::HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// An address without its query, which may hold a signature.
fn short(url: &str) -> String {
    url.split('?').next().unwrap_or_default().to_owned()
}
