//! The operations that run on a socket.

use std::{collections::HashMap, panic::AssertUnwindSafe, sync::Arc};

use async_graphql::{Executor, Request};
use futures_util::{
    StreamExt as _,
    stream::{self, BoxStream, SelectAll},
};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::graphql::answer::Answer;

/// Operations at once.
pub const MOST: usize = 20;

/// What an operation does next.
pub enum Step {
    /// It has a result.
    Next(Answer),
    /// It was refused, and is over.
    Failed(Answer),
    /// It is over.
    Done,
}

/// The operations that run on a socket, by their ids.
pub struct Operations {
    /// Id of the request that the socket began with, for people to report.
    request_id: Arc<str>,
    /// Ends an operation when it is dropped.
    running: HashMap<String, DropGuard>,
    steps: SelectAll<BoxStream<'static, (String, Step)>>,
}

impl Operations {
    /// None yet.
    pub fn new(request_id: String) -> Self {
        Self { request_id: request_id.into(), running: HashMap::new(), steps: SelectAll::new() }
    }

    /// Whether an operation `id` runs.
    pub fn has(&self, id: &str) -> bool {
        self.running.contains_key(id)
    }

    /// Whether no further operation may begin.
    pub fn are_full(&self) -> bool {
        self.running.len() >= MOST
    }

    /// Begins an operation; a query or mutation is a stream of one result.
    pub fn begin<E: Executor>(&mut self, id: String, executor: &E, request: Request) {
        let token = CancellationToken::new();
        let request_id = self.request_id.clone();
        let results = AssertUnwindSafe(executor.execute_stream(request, None)).catch_unwind();
        let results = results.map(move |result| match result {
            Ok(response) => Answer::new(response, &request_id),
            Err(_) => Answer::internal(&request_id),
        });
        let steps = results
            .map(|answer| if answer.is_refusal() { Step::Failed(answer) } else { Step::Next(answer) })
            .chain(stream::once(async { Step::Done }));
        let name = id.clone();
        let named = steps.map(move |step| (name.clone(), step)).take_until(token.clone().cancelled_owned());
        self.steps.push(named.boxed());
        self.running.insert(id, token.drop_guard());
    }

    /// Ends an operation; nothing more comes from it.
    pub fn end(&mut self, id: &str) {
        self.running.remove(id);
    }

    /// The next step of any operation; waits for ever while there is none.
    pub async fn step(&mut self) -> (String, Step) {
        match self.steps.next().await {
            Some(step) => step,
            None => std::future::pending().await,
        }
    }
}
