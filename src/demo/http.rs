//! A small HTTP client.

use std::sync::Arc;

use anyhow::Context as _;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header, uri::Scheme};
use http_body_util::{BodyExt as _, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;

/// Sends requests; keeps connections.
#[derive(Clone)]
pub struct Http(Arc<Clients>);

struct Clients {
    plain: Client<HttpConnector, Full<Bytes>>,
    /// For https, if this machine says whom it trusts.
    secure: Option<Client<HttpsConnector<HttpConnector>, Full<Bytes>>>,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Http {
    pub fn new() -> Self {
        let builder = || Client::builder(TokioExecutor::new());
        let secure = HttpsConnectorBuilder::new().with_native_roots().ok();
        let secure = secure.map(|secure| builder().build(secure.https_only().enable_http1().build()));
        Self(Arc::new(Clients { plain: builder().build_http(), secure }))
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
        let request = request.body(Full::new(body.into()))?;
        let answer = if request.uri().scheme() == Some(&Scheme::HTTPS) {
            let secure = self.0.secure.as_ref();
            secure.context("https takes the certificates that this machine trusts: install ca-certificates")?.request(request)
        } else {
            self.0.plain.request(request)
        };
        let answer = answer.await.with_context(|| short(url))?;
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

#[cfg(test)]
mod tests {
    use tokio::{io::AsyncReadExt as _, net::TcpListener};

    use super::*;

    #[tokio::test]
    async fn an_address_of_https_is_asked_by_tls() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let asks = async { Http::new().send(Method::GET, &format!("https://{address}/"), &[], "").await };
        let hears = async {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            stream.read_u8().await.expect("a byte")
        };
        tokio::select! {
            begins = hears => assert_eq!(begins, 0x16, "a handshake (RFC 8446, section 5.1)"),
            // On a machine that trusts nobody.
            answer = asks => assert!(answer.is_err_and(|error| error.to_string().contains("ca-certificates"))),
        }
    }
}
