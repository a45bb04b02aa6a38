//! Questions that are asked of the database together.

use std::{
    collections::HashMap,
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use futures_util::{FutureExt as _, future::join_all};
use lyceum::{
    app::App,
    error::{Error, Result},
    gathering::{self, Question},
};
use tokio::{sync::Semaphore, time::timeout};

use crate::app::with_app;

/// A kind of question for one test: what was asked so far, and how its answers come.
macro_rules! kind {
    ($name:ident, $answer:expr) => {
        #[derive(Clone, PartialEq, Eq, Hash)]
        struct $name(u32);

        impl $name {
            fn asked() -> &'static Mutex<Vec<Vec<u32>>> {
                static ASKED: Mutex<Vec<Vec<u32>>> = Mutex::new(Vec::new());
                &ASKED
            }
        }

        impl Question for $name {
            type Answer = u32;

            async fn answer(_: &App, questions: Vec<Self>) -> Result<HashMap<Self, u32>> {
                let mut numbers: Vec<_> = questions.iter().map(|question| question.0).collect();
                numbers.sort_unstable();
                Self::asked().lock().expect("a lock").push(numbers.clone());
                let answer: fn(Vec<u32>) -> futures_util::future::BoxFuture<'static, Result<Vec<u32>>> = $answer;
                let answers = answer(numbers).await?;
                Ok(answers.into_iter().map(|number| ($name(number), number * 2)).collect())
            }
        }
    };
}

#[tokio::test]
async fn those_who_ask_at_once_are_answered_by_one_statement_each_with_their_own() {
    kind!(Even, |numbers| async move { Ok(numbers.into_iter().filter(|number| number % 2 == 0).collect()) }.boxed());
    with_app(async |app| {
        let answers = join_all([4, 7, 4, 8].map(|number| gathering::ask(app, Even(number)))).await;
        let answers: Vec<_> = answers.into_iter().map(|answer| answer.expect("an answer")).collect();
        assert_eq!(answers, [Some(8), None, Some(8), Some(16)]);
        assert_eq!(*Even::asked().lock().expect("a lock"), [[4, 7, 8]]);
    })
    .await;
}

#[tokio::test]
async fn a_question_that_is_alone_waits_for_its_like_only_and_fails_nobody_else() {
    static MAY_ANSWER: Semaphore = Semaphore::const_new(0);
    static ASKED: AtomicU32 = AtomicU32::new(0);
    #[derive(Clone, PartialEq, Eq, Hash)]
    struct Page(u32);
    impl Question for Page {
        type Answer = u32;
        const IS_ALONE: bool = true;

        async fn answer(_: &App, questions: Vec<Self>) -> Result<HashMap<Self, u32>> {
            assert_eq!(questions.len(), 1);
            ASKED.fetch_add(1, Ordering::Relaxed);
            match questions[0].0 {
                1 => MAY_ANSWER.acquire().await.expect("it stays open").forget(),
                2 => return Err(Error::BadInput("two".into())),
                _ => {}
            }
            Ok(questions.into_iter().map(|page| (page.clone(), page.0)).collect())
        }
    }
    with_app(async |app| {
        let slow = async { gathering::answer(app, Page(1)).await.map_err(drop) };
        let others = async {
            let others = join_all([2, 3, 3, 2].map(|number| gathering::answer(app, Page(number)))).await;
            MAY_ANSWER.add_permits(1);
            others
        };
        let (slow, others) = tokio::join!(slow, others);
        assert_eq!(slow, Ok(1));
        let others: Vec<_> = others.into_iter().map(|answer| answer.map_err(drop)).collect();
        assert_eq!(others, [Err(()), Ok(3), Ok(3), Err(())]);
        assert_eq!(ASKED.load(Ordering::Relaxed), 3, "each page once");
        for number in 4..200 {
            assert_eq!(gathering::answer(app, Page(number)).await.map_err(drop), Ok(number));
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_comes_while_others_are_answered_is_asked_for_anew() {
    static MAY_ANSWER: Semaphore = Semaphore::const_new(0);
    kind!(Slow, |numbers| async move {
        MAY_ANSWER.acquire().await.expect("it stays open").forget();
        Ok(numbers)
    }
    .boxed());
    with_app(async |app| {
        let first = gathering::ask(app, Slow(1));
        let others = async {
            while Slow::asked().lock().expect("a lock").is_empty() {
                tokio::task::yield_now().await;
            }
            // The same question, too: its answer may have been read before it was asked.
            let others = join_all([1, 2].map(|number| gathering::ask(app, Slow(number))));
            let ((), others) = tokio::join!(async { MAY_ANSWER.add_permits(2) }, others);
            others
        };
        let (first, others) = tokio::join!(first, others);
        assert_eq!(first.expect("an answer"), Some(2));
        assert!(others.into_iter().map(|answer| answer.expect("an answer")).eq([Some(2), Some(4)]));
        assert_eq!(*Slow::asked().lock().expect("a lock"), [vec![1], vec![1, 2]]);
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_does_not_come_holds_up_nobody_who_asks_later() {
    kind!(Stuck, |numbers| async move {
        if numbers == [1] {
            std::future::pending::<()>().await;
        }
        Ok(numbers)
    }
    .boxed());
    with_app(async |app| {
        let stuck = tokio::spawn({
            let app = (**app).clone();
            async move { gathering::ask(&app, Stuck(1)).await }
        });
        while Stuck::asked().lock().expect("a lock").is_empty() {
            tokio::task::yield_now().await;
        }
        let later = timeout(Duration::from_secs(5), gathering::ask(app, Stuck(2))).await;
        assert_eq!(later.expect("it does not wait").expect("an answer"), Some(4));
        stuck.abort();
    })
    .await;
}

#[tokio::test]
async fn a_failure_is_everybodys_and_the_next_are_answered() {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    kind!(Failing, |numbers| async move {
        match ASKED.fetch_add(1, Ordering::Relaxed) {
            0 => Err(Error::Unavailable("database")),
            1 => panic!("a fault of ours"),
            _ => Ok(numbers),
        }
    }
    .boxed());
    with_app(async |app| {
        for _ in 0..2 {
            let failed = join_all([1, 2].map(|number| gathering::ask(app, Failing(number)))).await;
            assert!(failed.iter().all(|answer| matches!(answer, Err(Error::Unavailable("database")))), "{failed:?}");
        }
        assert_eq!(gathering::ask(app, Failing(3)).await.expect("an answer"), Some(6));
    })
    .await;
}

#[tokio::test]
async fn whoever_goes_away_takes_nobodys_answer_along() {
    static MAY_ANSWER: Semaphore = Semaphore::const_new(0);
    kind!(Left, |numbers| async move {
        MAY_ANSWER.acquire().await.expect("it stays open").forget();
        Ok(numbers)
    }
    .boxed());
    with_app(async |app| {
        let (mut goes, mut stays) = (Box::pin(gathering::ask(app, Left(1))), Box::pin(gathering::ask(app, Left(2))));
        while Left::asked().lock().expect("a lock").is_empty() {
            assert!(goes.as_mut().now_or_never().is_none() && stays.as_mut().now_or_never().is_none());
            tokio::task::yield_now().await;
        }
        drop(goes);
        MAY_ANSWER.add_permits(1);
        assert_eq!(stays.await.expect("an answer"), Some(4));
        assert_eq!(*Left::asked().lock().expect("a lock"), [[1, 2]]);
    })
    .await;
}
