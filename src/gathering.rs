//! Gathering questions: what several requests ask the database at the same time goes into one statement.
//!
//! Whoever asks while nothing of the kind is being answered is asked for at once. Whoever comes meanwhile waits for the end of
//! that answer, and is asked for with all who came. So nobody waits for company, and the more there are, the less each costs.
//! Every answer is read after its question was asked: nothing is kept.

use std::{
    any::{Any, TypeId},
    collections::{HashMap, HashSet, VecDeque},
    fmt,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
    time::Duration,
};

use tokio::{sync::oneshot, time::timeout};

use crate::{
    app::App,
    error::{Error, Result},
};

/// Questions of one statement.
const MOST: usize = 100;
/// An answer that takes longer is not waited for by those who come after it: its connection may be lost.
const LATE: Duration = Duration::from_millis(20);

/// A question that is asked together with others of its kind.
pub trait Question: Clone + Eq + Hash + Send + Sync + 'static {
    /// What answers it.
    type Answer: Clone + Send + 'static;

    /// Answers questions, of which no two are equal; those that are left out have no answer.
    fn answer(app: &App, questions: Vec<Self>) -> impl Future<Output = Result<HashMap<Self, Self::Answer>>> + Send;
}

/// The questions of a process, by their kinds.
#[derive(Default)]
pub struct Questions(RwLock<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl fmt::Debug for Questions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Questions")
    }
}

impl Questions {
    fn queue<Q: Question>(&self) -> Arc<Queue<Q>> {
        let kind = TypeId::of::<Q>();
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&kind).cloned();
        let queue = known.unwrap_or_else(|| {
            let mut kinds = self.0.write().unwrap_or_else(PoisonError::into_inner);
            kinds.entry(kind).or_insert_with(|| Arc::new(Queue::<Q>::default())).clone()
        });
        queue.downcast().expect("a queue is kept under its kind")
    }
}

/// Asks a question together with whoever asks one of its kind now; `None` when it has no answer.
pub async fn ask<Q: Question>(app: &App, question: Q) -> Result<Option<Q::Answer>> {
    let queue = app.questions.queue::<Q>();
    let mut turn = None;
    loop {
        let (sender, mut told) = oneshot::channel();
        queue.lock().waiting.push_back((question.clone(), sender));
        turn = turn.or_else(|| Turn::first(&queue));
        let next = loop {
            if let Some(turn) = turn.take() {
                turn.answer(app).await;
            }
            match timeout(LATE, &mut told).await {
                Ok(Ok(Told::Answer(answer))) => return answer,
                Ok(Ok(Told::Turn(next))) => break next,
                Ok(Err(_)) => return Err(Error::Unavailable("database")),
                Err(_) => turn = Turn::another(&queue),
            }
        };
        turn = Some(next);
    }
}

/// What one who waits is told.
enum Told<Q: Question> {
    /// What they asked for.
    Answer(Result<Option<Q::Answer>>),
    /// To ask for all who wait.
    Turn(Turn<Q>),
}

/// A question with whom to tell.
type Asked<Q> = (Q, oneshot::Sender<Told<Q>>);

/// Those who wait to be asked for.
struct Queue<Q: Question>(Mutex<Waiting<Q>>);

struct Waiting<Q: Question> {
    waiting: VecDeque<Asked<Q>>,
    turns: usize,
}

impl<Q: Question> Default for Queue<Q> {
    fn default() -> Self {
        Self(Mutex::new(Waiting { waiting: VecDeque::new(), turns: 0 }))
    }
}

impl<Q: Question> Queue<Q> {
    fn lock(&self) -> MutexGuard<'_, Waiting<Q>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The turn to ask for all who wait. One of them does it, so that nothing has to be started for that; when it ends, also because
/// that one goes away, the next of them has it.
struct Turn<Q: Question> {
    /// `None` once it is over.
    queue: Option<Arc<Queue<Q>>>,
    /// Who is being asked for.
    asked: Vec<Asked<Q>>,
}

impl<Q: Question> Turn<Q> {
    /// If nobody has it.
    fn first(queue: &Arc<Queue<Q>>) -> Option<Self> {
        Self::begin(queue, |waiting| waiting.turns == 0)
    }

    /// Beside one that is late, if somebody waits for that.
    fn another(queue: &Arc<Queue<Q>>) -> Option<Self> {
        Self::begin(queue, |waiting| !waiting.waiting.is_empty())
    }

    fn begin(queue: &Arc<Queue<Q>>, may: impl FnOnce(&Waiting<Q>) -> bool) -> Option<Self> {
        let mut waiting = queue.lock();
        may(&waiting).then(|| {
            waiting.turns += 1;
            Self { queue: Some(Arc::clone(queue)), asked: Vec::new() }
        })
    }

    async fn answer(mut self, app: &App) {
        // Whoever is ready to ask, too, does so now.
        tokio::task::yield_now().await;
        if let Some(queue) = &self.queue {
            let mut queue = queue.lock();
            let some = queue.waiting.len().min(MOST);
            self.asked.extend(queue.waiting.drain(..some));
        }
        let questions: HashSet<&Q> = self.asked.iter().map(|(question, _)| question).collect();
        if questions.is_empty() {
            return;
        }
        let answers = Q::answer(app, questions.into_iter().cloned().collect()).await;
        for (question, sender) in self.asked.drain(..) {
            let answer = answers.as_ref().map(|answers| answers.get(&question).cloned()).map_err(Clone::clone);
            // Whoever has gone needs none.
            drop(sender.send(Told::Answer(answer)));
        }
    }
}

impl<Q: Question> Drop for Turn<Q> {
    fn drop(&mut self) {
        let Some(queue) = self.queue.take() else { return };
        // What made us panic would do so again: whoever asked with us is told that there is no answer.
        let left = std::mem::take(&mut self.asked);
        let left = if std::thread::panicking() { Vec::new() } else { left };
        queue.lock().waiting.extend(left);
        loop {
            let mut waiting = queue.lock();
            let Some((_, next)) = waiting.waiting.pop_front() else {
                waiting.turns -= 1;
                return;
            };
            drop(waiting);
            match next.send(Told::Turn(Self { queue: Some(Arc::clone(&queue)), asked: Vec::new() })) {
                // Has gone meanwhile.
                Err(Told::Turn(mut turn)) => turn.queue = None,
                _ => return,
            }
        }
    }
}
