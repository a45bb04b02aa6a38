//! The operations that run on a socket.

use std::{collections::HashMap, panic::AssertUnwindSafe, sync::Arc};

use async_graphql::{Executor, Response, parser::types::OperationType};
use futures_util::{
    FutureExt as _, Stream, StreamExt as _,
    stream::{self, BoxStream, SelectAll},
};
use tokio::{sync::mpsc, time::timeout};
use tokio_util::{
    sync::{CancellationToken, DropGuard},
    task::AbortOnDropHandle,
};
use tracing::Instrument as _;

use super::super::{LIMIT, Shared, counting::Counting, refusing::Refused};
use crate::{
    graphql::{answer::Answer, document::Operation},
    metrics::Taken,
};

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
    /// Their kinds, and what ends them when it is dropped.
    running: HashMap<String, (OperationType, DropGuard)>,
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

    /// Whether none runs.
    pub fn are_none(&self) -> bool {
        self.running.is_empty()
    }

    /// Begins an operation; a query or mutation is a stream of one result, and waits for its turn.
    pub fn begin<E: Executor>(&mut self, id: String, operation: Operation, shared: &Arc<Shared<E>>) {
        let token = CancellationToken::new();
        let request_id = self.request_id.clone();
        let kind = operation.kind;
        let answers = if kind == OperationType::Subscription {
            let results = AssertUnwindSafe(shared.executor.execute_stream(operation.request, None)).catch_unwind();
            let running = Taken::one_of(&shared.app.metrics.subscriptions);
            results.map(move |result| (answer(result, &request_id), &running).0).boxed()
        } else {
            stream::once(once(shared.clone(), operation, request_id)).boxed()
        };
        let steps = detached(answers)
            .map(|answer| if answer.is_refusal() { Step::Failed(answer) } else { Step::Next(answer) })
            .chain(stream::once(async { Step::Done }));
        let name = id.clone();
        let named = steps.map(move |step| (name.clone(), step)).take_until(token.clone().cancelled_owned());
        self.steps.push(named.boxed());
        self.running.insert(id, (kind, token.drop_guard()));
    }

    /// Ends an operation; nothing more comes from it.
    pub fn end(&mut self, id: &str) {
        self.running.remove(id);
    }

    /// Ends all subscriptions, which would never end by themselves.
    pub fn end_subscriptions(&mut self) {
        self.running.retain(|_, (kind, _)| *kind != OperationType::Subscription);
    }

    /// The next step of any operation; waits for ever while there is none.
    pub async fn step(&mut self) -> (String, Step) {
        match self.steps.next().await {
            Some(step) => step,
            None => std::future::pending().await,
        }
    }
}

/// Has `answers` come about in a task of its own, one ahead: while the other side of a socket does not read, what runs on it gives
/// back what it holds, such as a turn or a connection to the database. Ends the task when it is dropped.
fn detached<T: Send + 'static>(mut answers: BoxStream<'static, T>) -> impl Stream<Item = T> + Send {
    // Boxed, since a channel has room for 32 from the beginning.
    let (sender, receiver) = mpsc::channel(1);
    let task = AbortOnDropHandle::new(tokio::spawn(async move {
        while let Some(answer) = answers.next().await {
            if sender.send(Box::new(answer)).await.is_err() {
                return;
            }
        }
    }));
    stream::unfold((receiver, task), |(mut receiver, task)| async { Some((*receiver.recv().await?, (receiver, task))) })
}

/// Runs a query or mutation as it would run over HTTP.
async fn once<E: Executor>(shared: Arc<Shared<E>>, operation: Operation, request_id: Arc<str>) -> Answer {
    let Shared { app, executor, operations, .. } = &*shared;
    let counting = Counting::begin(&operation);
    let Some(place) = operations.place() else { return busy() };
    let Some(turn) = place.turn().await else { return busy() };
    let running = app.metrics.running.take();
    let execution = executor.execute(operation.request).instrument(counting.span.clone());
    let result = timeout(LIMIT, AssertUnwindSafe(execution).catch_unwind()).await;
    drop((turn, place, running));
    let answer = result.map_or_else(|_| Refused::unavailable("answer").refusal.into(), |result| answer(result, &request_id));
    counting.end(&app.metrics, &answer);
    answer
}

fn answer<P>(result: Result<Response, P>, request_id: &str) -> Answer {
    match result {
        Ok(response) => Answer::new(response, request_id),
        Err(_) => Answer::internal(request_id),
    }
}

fn busy() -> Answer {
    Refused::busy().refusal.into()
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn what_runs_on_a_socket_goes_on_while_nobody_reads_and_ends_with_it() {
        let (ended, has_ended) = oneshot::channel();
        let first = stream::once(async move { ended.send(()).expect("somebody waits") });
        let (held, is_free) = oneshot::channel::<()>();
        let second = stream::once(async move {
            let _held = held;
            std::future::pending::<()>().await;
        });
        let answers = detached(first.chain(second).boxed());
        has_ended.await.expect("nobody has read so far");
        drop(answers);
        assert!(is_free.await.is_err(), "what it held is free");
    }
}
