//! Routes beside GraphQL that look something up. They take turns as operations do, but turns of their own: a class whose players
//! all begin at once keeps nobody from asking, and many who ask interrupt no player.

use poem::{Endpoint, Request, Response};

use super::{OPERATIONS, WAITING, refusing::Refused};
use crate::turns::Turns;

/// The turns of such routes, which share them.
#[derive(Clone)]
pub struct Lookups(Turns);

/// A route whose requests wait for their turn.
pub struct Turning<E> {
    turns: Turns,
    route: E,
}

impl Lookups {
    /// As many as operations have.
    pub fn new() -> Self {
        Self(Turns::new(OPERATIONS, WAITING))
    }

    /// A route that takes these turns.
    pub fn of<E>(&self, route: E) -> Turning<E> {
        Turning { turns: self.0.clone(), route }
    }
}

impl<E: Endpoint<Output = Response>> Endpoint for Turning<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let busy = || Ok(Refused::busy().into_response());
        let Some(place) = self.turns.place() else { return busy() };
        let Some(_turn) = place.turn().await else { return busy() };
        self.route.call(request).await
    }
}
