//! The HTTP side of the embedded S3: connections, and the headers that keep uploaded files harmless in browsers.

use std::sync::Arc;
use std::time::Duration;

use http::header::{self, HeaderMap, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use s3s::service::S3Service;
use s3s::{Body, HttpError};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::stalling::{STALL, Stalling};

/// A client has this long to send a request's head, and an idle connection to begin the next one.
const HEADERS: Duration = Duration::from_secs(10);
/// More wait in the kernel, so that a flood leaves file descriptors for the rest of the process.
const CONNECTIONS: usize = 1024;
/// Pause after the system refused a connection (out of file descriptors, mostly).
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// Bytes of a body read at a time, and more than any request's head.
const BUFFER: usize = 256 << 10;

/// Serves until `stop`, then lets running requests end.
pub async fn serve(socket: TcpListener, service: S3Service, stop: CancellationToken) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    while let Some(accepted) = stop.run_until_cancelled(accept(&socket, &room)).await {
        while connections.try_join_next().is_some() {}
        let Some((stream, place)) = accepted else {
            continue;
        };
        let service = service.clone();
        let requests = service_fn(move |request| respond(service.clone(), request));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADERS)
            .max_buf_size(BUFFER)
            .serve_connection(TokioIo::new(Stalling::new(stream, STALL)), requests);
        let connection = graceful.watch(connection);
        connections.spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection to the embedded storage broke");
            }
            drop(place);
        });
    }
    drop(socket);
    graceful.shutdown().await;
}

async fn accept(socket: &TcpListener, room: &Arc<Semaphore>) -> Option<(TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let place = room.clone().acquire_owned().await.ok()?;
    match socket.accept().await {
        Ok((stream, _)) => Some((stream, place)),
        Err(error) => {
            tracing::warn!(%error, "the embedded storage could not accept a connection");
            tokio::time::sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}

async fn respond(service: S3Service, request: Request<Incoming>) -> Result<Response<Body>, HttpError> {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let mut response = if let Some(answer) = preflight(&request) {
        answer
    } else if is_form(&request) {
        plain(StatusCode::FORBIDDEN)
    } else {
        service.call(request.map(Body::from)).await?
    };
    if response.status() == StatusCode::NOT_MODIFIED {
        *response.body_mut() = Body::empty();
        response.headers_mut().remove(header::CONTENT_TYPE);
    }
    make_harmless(response.headers_mut());
    if let Some(origin) = origin {
        open_to(origin, response.headers_mut());
    }
    Ok(response)
}

/// Uploads by HTML form would be read before their signature is checked, and nothing here uses them.
fn is_form(request: &Request<Incoming>) -> bool {
    let content_type = request.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    request.method() == Method::POST && content_type.to_ascii_lowercase().starts_with(b"multipart/")
}

fn plain(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// The answer to a browser that asks whether a page of another origin may send a request (Fetch standard, CORS preflight).
fn preflight(request: &Request<Incoming>) -> Option<Response<Body>> {
    if request.method() != Method::OPTIONS || !request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD) {
        return None;
    }
    let mut response = plain(StatusCode::NO_CONTENT);
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD, PUT"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("3600"));
    if let Some(asked) = request.headers().get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
    }
    Some(response)
}

/// Lets a page of any origin read the answer. The signature in the address is the right to it, and no cookie means anything
/// here, so credentials may come along, as they do when a page is redirected to us.
fn open_to(origin: HeaderValue, headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    let exposed = HeaderValue::from_static("ETag, Content-Range, Accept-Ranges, Content-Length");
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
}

/// Uploaded files are strangers' files: no guessing of types, no scripts, and nothing but media opens in the browser.
fn make_harmless(headers: &mut HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox"));
    let attached = |value: &HeaderValue| value.as_bytes().to_ascii_lowercase().starts_with(b"attachment");
    let kept = headers.get(header::CONTENT_DISPOSITION).is_some_and(attached);
    if !kept && !headers.get(header::CONTENT_TYPE).is_some_and(is_media) {
        headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    }
}

fn is_media(content_type: &HeaderValue) -> bool {
    let content_type = content_type.to_str().unwrap_or_default().to_ascii_lowercase();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.starts_with("video/")
        || essence.starts_with("audio/")
        || matches!(essence, "application/vnd.apple.mpegurl" | "text/vtt")
}
