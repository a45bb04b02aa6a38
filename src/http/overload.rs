//! Operations for which there is no place. While more is asked than can be done, most answers say so, and what they cost is
//! missing for those who have a place: they are given before a route is looked for, and are all alike.

use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Instant,
};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use poem::{Request, Response};

use super::{asked::Asked, refusing::Refused};
use crate::turns::Turns;

/// What is said to them.
pub struct Overload {
    operations: Turns,
    headers: HeaderMap,
    body: Bytes,
    since: Instant,
    told: AtomicU64,
}

impl Overload {
    /// Of these turns.
    pub async fn new(operations: Turns) -> Self {
        let (head, body) = Refused::busy().into_response().into_parts();
        let body = body.into_bytes().await.unwrap_or_default();
        Self { operations, headers: head.headers, body, since: Instant::now(), told: AtomicU64::new(u64::MAX) }
    }

    /// The answer to an operation without a place; `None` if there may be one. Bodies that are larger than usual are for
    /// their route, which knows whether there is room for them.
    pub async fn refuse(&self, request: &mut Request) -> Option<Response> {
        if !(self.operations.are_full()
            && request.uri().path() == "/graphql"
            && Asked::is_usual(request.method(), request.headers()))
        {
            return None;
        }
        // Read first: a client that still writes would see a broken connection instead of the answer, and by the time that a
        // slow one has written, there may be a place.
        match Asked::usual(request.take_body()).await {
            Err(refused) => return Some(refused.into_response()),
            Ok(body) if !self.operations.are_full() => {
                request.set_body(body);
                return None;
            }
            Ok(_) => self.tell(),
        }
        let mut response = Response::builder().status(StatusCode::SERVICE_UNAVAILABLE).body(self.body.clone());
        *response.headers_mut() = self.headers.clone();
        Some(response)
    }

    /// Tells the log, once in a second.
    fn tell(&self) {
        let second = self.since.elapsed().as_secs();
        if self.told.swap(second, Relaxed) != second {
            tracing::warn!("more is asked than can be done: operations are refused");
        }
    }
}

#[cfg(test)]
mod tests {
    use http::Method;
    use poem::Body;

    use super::*;

    fn asks(method: Method, path: &'static str, length: &'static str) -> Request {
        let uri = path.parse().expect("an address");
        Request::builder().method(method).uri(uri).header("content-length", length).body("{}")
    }

    #[tokio::test]
    async fn usual_operations_are_refused_while_there_is_no_place_and_nothing_else_is() {
        let turns = Turns::new(1, 1);
        let overload = Overload::new(turns.clone()).await;
        let refused = async || overload.refuse(&mut asks(Method::POST, "/graphql", "2")).await.map(|answer| answer.status());
        assert_eq!(refused().await, None);
        let places = [turns.place(), turns.place()];
        assert_eq!(refused().await, Some(StatusCode::SERVICE_UNAVAILABLE));
        for (method, path, length) in [
            (Method::GET, "/graphql", "2"),
            (Method::POST, "/media/a/b", "2"),
            (Method::POST, "/graphql", "20000"),
            (Method::POST, "/graphql", "many"),
        ] {
            assert!(overload.refuse(&mut asks(method, path, length)).await.is_none(), "{path} {length}");
        }
        drop(places);
        assert_eq!(refused().await, None);
    }

    #[tokio::test]
    async fn who_has_written_slowly_gets_a_place_that_is_free_by_then() {
        let turns = Turns::new(1, 0);
        let overload = Overload::new(turns.clone()).await;
        let place = turns.place();
        let mut request = asks(Method::POST, "/graphql", "2");
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let written = futures_util::stream::once(async move { receiver.await.map_err(std::io::Error::other) });
        request.set_body(Body::from_bytes_stream(written));
        let writes = async {
            drop(place);
            sender.send("{}").expect("it is read");
        };
        let (refused, ()) = tokio::join!(overload.refuse(&mut request), writes);
        assert!(refused.is_none());
        assert_eq!(request.take_body().into_string().await.expect("text"), "{}");
    }
}
