//! Subscriptions over WebSocket, by the `graphql-transport-ws` protocol.

use std::time::Duration;

use anyhow::{Context as _, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest as _, http::HeaderValue},
};

/// How long the server may take to answer on a socket.
const PATIENCE: Duration = Duration::from_secs(10);

/// A subscription under way.
pub struct Following(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Following {
    /// Connects and subscribes.
    pub async fn begin(
        at: &str,
        authorization: Option<String>,
        cookie: Option<&str>,
        document: &str,
        variables: Value,
    ) -> anyhow::Result<Self> {
        let mut request = format!("{}/graphql", at.replacen("http", "ws", 1)).into_client_request()?;
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", HeaderValue::from_static("graphql-transport-ws"));
        if let Some(cookie) = cookie {
            headers.insert("cookie", cookie.parse()?);
            headers.insert("origin", at.parse()?);
        }
        let (socket, _) = connect_async(request).await.context("no socket")?;
        let mut following = Self(socket);
        following.send(json!({ "type": "connection_init", "payload": { "authorization": authorization } })).await?;
        following.expect("connection_ack").await?;
        let payload = json!({ "query": document, "variables": variables });
        following.send(json!({ "type": "subscribe", "id": "1", "payload": payload })).await?;
        // The protocol does not say when a subscription has begun; a pong says at least that the server has read it.
        following.send(json!({ "type": "ping" })).await?;
        following.expect("pong").await?;
        tokio::time::sleep(Duration::from_millis(200)).await;
        Ok(following)
    }

    /// The data of the next event; `None` when none came in time.
    pub async fn next(&mut self, within: Duration) -> anyhow::Result<Option<Value>> {
        match timeout(within, self.receive("next")).await {
            Ok(message) => Ok(Some(message?["payload"]["data"].clone())),
            Err(_) => Ok(None),
        }
    }

    async fn send(&mut self, message: Value) -> anyhow::Result<()> {
        Ok(self.0.send(Message::text(message.to_string())).await?)
    }

    async fn expect(&mut self, kind: &str) -> anyhow::Result<()> {
        timeout(PATIENCE, self.receive(kind)).await.with_context(|| format!("no {kind}"))?.map(drop)
    }

    /// The next message of a kind; others are passed over.
    async fn receive(&mut self, kind: &str) -> anyhow::Result<Value> {
        while let Some(message) = self.0.next().await {
            let Message::Text(text) = message? else { continue };
            let message: Value = serde_json::from_str(&text)?;
            match message["type"].as_str() {
                Some(found) if found == kind => return Ok(message),
                Some("error" | "complete") => bail!("the subscription ended: {message}"),
                _ => {}
            }
        }
        bail!("the socket was closed")
    }
}
