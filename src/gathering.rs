//! Gathering questions: what several requests ask the database or Redis at the same time is asked once, for all of them.
//!
//! Whoever asks while nothing of the kind is being answered is asked for at once. Whoever comes meanwhile waits for the end of
//! that answer, and is asked for with all who came. So nobody waits for company, and the more there are, the less each costs.
//! Every answer is read after its question was asked: nothing is kept. What one request asks for many things of a list is
//! gathered in `graphql`, by its loaders.

use std::{
    any::{Any, TypeId},
    collections::{HashMap, HashSet},
    fmt,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, Weak},
    time::Duration,
};

use tokio::{sync::oneshot, time::timeout};

use crate::{
    app::App,
    error::{Error, Result},
};

/// Questions that are answered at once.
const MOST: usize = 100;
/// An answer that takes longer is not waited for by those who come after it: its connection may be lost.
const LATE: Duration = Duration::from_millis(20);

/// A question that is asked together with others of its kind.
pub trait Question: Clone + Eq + Hash + Send + Sync + 'static {
    /// What answers it.
    type Answer: Clone + Send + 'static;

    /// It takes statements of its own: it is gathered with those only that are equal to it, and waits for no other. Where that is
    /// so, what fails it fails no other either.
    const IS_ALONE: bool = false;

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
    fn queue<Q: Question>(&self, question: &Q) -> Arc<Queue<Q>> {
        let kind = TypeId::of::<Q>();
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&kind).cloned();
        let queues = known.unwrap_or_else(|| {
            let mut kinds = self.0.write().unwrap_or_else(PoisonError::into_inner);
            kinds.entry(kind).or_insert_with(|| Arc::new(Queues::<Q>::default())).clone()
        });
        queues.downcast_ref::<Queues<Q>>().expect("queues are kept under their kind").of(question)
    }
}

/// The queues of a kind: one for all questions, or one for each that is under way.
struct Queues<Q: Question> {
    all: Arc<Queue<Q>>,
    alone: Mutex<HashMap<Q, Weak<Queue<Q>>>>,
}

impl<Q: Question> Default for Queues<Q> {
    fn default() -> Self {
        Self { all: Arc::default(), alone: Mutex::default() }
    }
}

impl<Q: Question> Queues<Q> {
    fn of(&self, question: &Q) -> Arc<Queue<Q>> {
        if !Q::IS_ALONE {
            return Arc::clone(&self.all);
        }
        let mut alone = self.alone.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(queue) = alone.get(question).and_then(Weak::upgrade) {
            return queue;
        }
        if alone.len() == alone.capacity() {
            alone.retain(|_, queue| queue.strong_count() > 0);
        }
        let queue = Arc::default();
        alone.insert(question.clone(), Arc::downgrade(&queue));
        queue
    }
}

/// Asks a question together with whoever asks one of its kind now; `None` when it has no answer.
pub async fn ask<Q: Question>(app: &App, question: Q) -> Result<Option<Q::Answer>> {
    let queue = app.questions.queue(&question);
    let (sender, mut answer) = oneshot::channel();
    queue.lock().waiting.push((question, sender));
    let (mut turn, mut patience) = (Turn::first(&queue), LATE);
    loop {
        // In a task of its own: nobody's answer hangs on whether somebody else reads theirs.
        if let Some(turn) = turn {
            tokio::spawn(turn.answer(app.clone()));
        }
        if let Ok(answered) = timeout(patience, &mut answer).await {
            return answered.unwrap_or(Err(Error::Unavailable("database")));
        }
        (turn, patience) = (Turn::another(&queue), 2 * patience);
    }
}

/// Asks a question of a kind that always has an answer, likewise.
pub async fn answer<Q: Question>(app: &App, question: Q) -> Result<Q::Answer> {
    let missing = || Error::internal(anyhow::anyhow!("a {} has no answer", std::any::type_name::<Q>()));
    ask(app, question).await?.ok_or_else(missing)
}

/// A question with whom to tell.
type Asked<Q> = (Q, oneshot::Sender<Result<Option<<Q as Question>::Answer>>>);

/// Those who wait to be asked for.
struct Queue<Q: Question>(Mutex<Waiting<Q>>);

struct Waiting<Q: Question> {
    waiting: Vec<Asked<Q>>,
    turns: usize,
}

impl<Q: Question> Default for Queue<Q> {
    fn default() -> Self {
        Self(Mutex::new(Waiting { waiting: Vec::new(), turns: 0 }))
    }
}

impl<Q: Question> Queue<Q> {
    fn lock(&self) -> MutexGuard<'_, Waiting<Q>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asks for those who wait, until nobody does.
struct Turn<Q: Question> {
    queue: Arc<Queue<Q>>,
    is_over: bool,
}

impl<Q: Question> Turn<Q> {
    /// If there is none.
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
            Self { queue: Arc::clone(queue), is_over: false }
        })
    }

    async fn answer(mut self, app: App) {
        // Whoever is ready to ask, too, does so now.
        tokio::task::yield_now().await;
        while let Some(asked) = self.next() {
            let questions: HashSet<&Q> = asked.iter().map(|(question, _)| question).collect();
            let answers = Q::answer(&app, questions.into_iter().cloned().collect()).await;
            for (question, sender) in asked {
                let answer = answers.as_ref().map(|answers| answers.get(&question).cloned()).map_err(Clone::clone);
                // Whoever has gone needs none.
                drop(sender.send(answer));
            }
        }
    }

    fn next(&mut self) -> Option<Vec<Asked<Q>>> {
        let mut waiting = self.queue.lock();
        if waiting.waiting.is_empty() {
            waiting.turns -= 1;
            self.is_over = true;
            return None;
        }
        let some = waiting.waiting.len().min(MOST);
        Some(waiting.waiting.drain(..some).collect())
    }
}

impl<Q: Question> Drop for Turn<Q> {
    fn drop(&mut self) {
        if !self.is_over {
            self.queue.lock().turns -= 1;
        }
    }
}
