//! GraphQL over WebSocket, `graphql-transport-ws`
//! (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>).
//!
//! One task serves a socket: it reads messages, runs operations and writes answers, so that a client that does not read
//! holds up its own operations and nothing piles up.

mod operations;
mod protocol;
mod socket;

use std::{net::SocketAddr, sync::Arc};

use async_graphql::Executor;
use http::{HeaderMap, Method, StatusCode, header};
use poem::{Request, Response};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        handshake::derive_accept_key,
        protocol::{Role, WebSocketConfig},
    },
};

use super::{
    Shared,
    envelope::RequestId,
    origin,
    refusing::Refused,
    session::{self, Credential, text},
    sharing::Connection,
};

/// Bytes of a message.
const LARGEST: usize = 64 << 10;

/// Whether a request asks for a WebSocket.
pub fn is_asked_for(headers: &HeaderMap) -> bool {
    text(headers, header::UPGRADE).is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket"))
}

/// Opens a socket, unless a page of a foreign site asks: browsers send cookies with it, and CORS does not hold for it.
pub fn upgrade<E: Executor>(shared: &Arc<Shared<E>>, request: &Request) -> Result<Response, Refused> {
    let (config, headers) = (&shared.app.config, request.headers());
    if origin::is_foreign(config, headers) {
        let message = "A socket must come from a page of this site or of an allowed origin.";
        return Err(Refused::new(StatusCode::FORBIDDEN, "FORBIDDEN", message));
    }
    let accept = handshake(request)?;
    let peer = request.remote_addr().as_socket_addr().map(SocketAddr::ip);
    let visitor = session::visitor(config, headers, peer);
    let place = shared.sockets.open(&visitor).ok_or_else(|| Refused::unavailable("live service"))?;
    let upgrade = request.take_upgrade().map_err(|_| bad("This connection can't become a WebSocket."))?;
    let credential = Credential::of(config, headers);
    let id = request.data::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    // Its connection goes on, and keeps its place.
    let held = request.data::<Arc<Connection>>().cloned();
    let shared = shared.clone();
    shared.tasks.clone().spawn(async move {
        let Ok(connection) = upgrade.await else { return };
        let limits = WebSocketConfig::default().max_message_size(Some(LARGEST)).max_frame_size(Some(LARGEST));
        let stream = WebSocketStream::from_raw_socket(connection, Role::Server, Some(limits)).await;
        socket::serve(shared, stream, id, place, visitor, credential).await;
        drop(held);
    });
    Ok(Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(header::CONNECTION, "upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_ACCEPT, accept)
        .header(header::SEC_WEBSOCKET_PROTOCOL, protocol::NAME)
        .finish())
}

/// The answer to the client's key, if the handshake is one (RFC 6455, 4.2.1) for our subprotocol.
fn handshake(request: &Request) -> Result<String, Refused> {
    let headers = request.headers();
    let names = |name, word: &str| text(headers, name).is_some_and(|list| list.split(',').any(|part| part.trim() == word));
    if request.method() != Method::GET
        || !text(headers, header::CONNECTION).is_some_and(|it| it.to_ascii_lowercase().contains("upgrade"))
    {
        return Err(bad("This is not a WebSocket handshake."));
    }
    if !names(header::SEC_WEBSOCKET_VERSION, "13") {
        let message = "The version of the WebSocket protocol must be 13.";
        let refused = Refused::new(StatusCode::UPGRADE_REQUIRED, "BAD_REQUEST", message);
        return Err(refused.with(header::SEC_WEBSOCKET_VERSION, "13"));
    }
    if !names(header::SEC_WEBSOCKET_PROTOCOL, protocol::NAME) {
        return Err(bad("The subprotocol must be graphql-transport-ws."));
    }
    let key = text(headers, header::SEC_WEBSOCKET_KEY).ok_or_else(|| bad("The handshake has no key."))?;
    Ok(derive_accept_key(key.as_bytes()))
}

fn bad(message: &str) -> Refused {
    Refused::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", message)
}
