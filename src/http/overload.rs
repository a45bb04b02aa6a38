//! Operations for which there is no place. While more is asked than can be done, most answers say so, and what they cost is
//! missing for those who have a place: they are given before a route is looked for, and are all alike.

use std::{
    io,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Instant,
};

use bytes::Bytes;
use http::{HeaderMap, StatusCode, request::Parts};
use http_body_util::{BodyExt as _, Full};
use poem::Body;

use super::{
    asked::{Asked, BoxError},
    refusing::Refused,
    server::Answer,
};
use crate::turns::Turns;

/// What becomes of a request.
pub enum Admission {
    /// It may be served, with this body.
    Admitted(Body),
    /// There is no place for it: what it is answered.
    Refused(Answer),
}

/// Refuses operations while all places are taken, with an answer that is made once.
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

    /// Refuses an operation for which there is no place; all else may have one. Bodies that are larger than usual are for
    /// their route, which knows whether there is room for them.
    pub async fn admit<B>(&self, head: &Parts, body: B) -> Admission
    where
        B: hyper::body::Body<Data = Bytes, Error: Into<BoxError>> + Send + Sync + 'static,
    {
        if !(self.operations.are_full() && head.uri.path() == "/graphql" && Asked::is_usual(&head.method, &head.headers)) {
            return Admission::Admitted(body.map_err(io::Error::other).boxed().into());
        }
        // Read first: a client that still writes would see a broken connection instead of the answer, and by the time that a
        // slow one has written, there may be a place.
        match Asked::usual(body).await {
            Err(refused) => return Admission::Refused(refused.into_response().into()),
            Ok(body) if !self.operations.are_full() => return Admission::Admitted(body.into()),
            Ok(_) => self.tell(),
        }
        let mut answer = Answer::new(Full::new(self.body.clone()).map_err(|never| match never {}).boxed());
        *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        *answer.headers_mut() = self.headers.clone();
        Admission::Refused(answer)
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
    use http::{Method, Request};
    use http_body_util::combinators::BoxBody;
    use tokio::sync::oneshot;

    use super::*;

    fn asks(method: Method, path: &'static str, length: &'static str) -> Parts {
        let request = Request::builder().method(method).uri(path).header("content-length", length).body(());
        request.expect("a request").into_parts().0
    }

    fn operation() -> Parts {
        asks(Method::POST, "/graphql", "2")
    }

    async fn refused(overload: &Overload, head: &Parts) -> Option<StatusCode> {
        match overload.admit(head, Full::from("{}")).await {
            Admission::Refused(answer) => Some(answer.status()),
            Admission::Admitted(_) => None,
        }
    }

    #[tokio::test]
    async fn usual_operations_are_refused_while_there_is_no_place_and_nothing_else_is() {
        let turns = Turns::new(1, 1);
        let overload = Overload::new(turns.clone()).await;
        assert_eq!(refused(&overload, &operation()).await, None);
        let places = [turns.place(), turns.place()];
        assert_eq!(refused(&overload, &operation()).await, Some(StatusCode::SERVICE_UNAVAILABLE));
        for (method, path, length) in [
            (Method::GET, "/graphql", "2"),
            (Method::POST, "/media/a/b", "2"),
            (Method::POST, "/graphql", "20000"),
            (Method::POST, "/graphql", "many"),
        ] {
            assert_eq!(refused(&overload, &asks(method, path, length)).await, None, "{path} {length}");
        }
        drop(places);
        assert_eq!(refused(&overload, &operation()).await, None);
    }

    #[tokio::test]
    async fn who_has_written_slowly_gets_a_place_that_is_free_by_then() {
        let turns = Turns::new(1, 0);
        let overload = Overload::new(turns.clone()).await;
        let (head, place) = (operation(), turns.place());
        let (sender, receiver) = oneshot::channel();
        let written = futures_util::stream::once(async move { receiver.await.map_err(io::Error::other) });
        let body = BoxBody::from(Body::from_bytes_stream(written));
        let writes = async {
            drop(place);
            sender.send("{}").expect("it is read");
        };
        match tokio::join!(overload.admit(&head, body), writes).0 {
            Admission::Admitted(body) => assert_eq!(body.into_string().await.expect("text"), "{}"),
            Admission::Refused(answer) => panic!("refused with {}", answer.status()),
        }
    }
}
