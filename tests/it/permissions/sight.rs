//! Some rules are judged of rows that were read by their keys, since that costs the database less than the rule as SQL. Both
//! say the same, of everything and to everybody.

use std::collections::BTreeSet;

use lyceum::{
    courses::{self, course},
    forum::{self, community, topic},
    ids::{Id, QuizAttemptId, TopicId},
    quizzes::{self, attempt},
    recordings::{self, recording},
    role::Roles,
    viewer::Viewer,
};
use sea_orm::{EntityTrait, QuerySelect};

use super::{people::KINDS, stage::Stage};
use crate::app::TestApp;

/// The ids of those found.
fn set<T, I: Id + ToString>(rows: impl IntoIterator<Item = T>, id: impl Fn(T) -> I) -> BTreeSet<String> {
    rows.into_iter().map(|row| id(row).to_string()).collect()
}

/// Asserts that `viewer` finds the same recordings, topics and attempts both ways; how many they find, and how many there are.
async fn compare(app: &TestApp, viewer: &Viewer, kind: &str) -> (usize, usize) {
    let db = app.db.read();
    let recordings = recording::Entity::find().all(db).await.expect("recordings");
    let seen = recordings::policy::visible(viewer).all(db).await.expect("recordings");
    let seen_recordings = set(&seen, |recording| recording.id);
    for recording in &recordings {
        let is_seen = seen_recordings.contains(&recording.id.to_string());
        let judged = recordings::policy::at_sight(viewer, recording);
        assert!(judged.is_none_or(|judged| judged == is_seen), "{kind}: {recording:?} is judged {judged:?}");
    }

    let courses = course::Entity::find().all(db).await.expect("courses");
    let ids: Vec<_> = courses.iter().map(|course| course.id).collect();
    let found = courses::seeing::by_ids(db, viewer, &ids).await.expect("courses");
    let seen = courses::policy::visible(viewer).all(db).await.expect("courses");
    assert_eq!(set(&found, |found| found.course.id), set(&seen, |course| course.id), "courses of {kind}");

    let communities = community::Entity::find().all(db).await.expect("communities");
    let seen = forum::policy::visible(viewer).all(db).await.expect("communities");
    let seen = set(&seen, |community| community.id);
    for community in &communities {
        let found = forum::policy::community_at(app, viewer, community.slug.clone()).await.expect("a community");
        assert_eq!(found.is_some(), seen.contains(&community.id.to_string()), "{kind}: {community:?}");
    }

    let topics: Vec<TopicId> =
        topic::Entity::find().select_only().column(topic::Column::Id).into_tuple().all(db).await.expect("ids");
    let seen = forum::policy::topics(viewer).all(db).await.expect("topics");
    let seen_topics = set(&seen, |topic| topic.id);
    let found = forum::reading::topics(db, viewer, &topics).await.expect("topics");
    assert_eq!(set(found.keys(), |id| *id), seen_topics, "topics of {kind}");

    let attempts: Vec<QuizAttemptId> =
        attempt::Entity::find().select_only().column(attempt::Column::Id).into_tuple().all(db).await.expect("ids");
    let seen = quizzes::policy::attempts(viewer).all(db).await.expect("attempts");
    let seen_attempts = set(&seen, |attempt| attempt.id);
    let found = quizzes::policy::load_attempts(db, viewer, &attempts).await.expect("attempts");
    assert_eq!(set(&found, |attempt| attempt.id), seen_attempts, "attempts of {kind}");
    (seen_recordings.len() + seen_topics.len() + seen_attempts.len(), recordings.len() + topics.len() + attempts.len())
}

#[tokio::test]
async fn what_is_judged_at_sight_is_what_the_rules_say() {
    for visibility in ["INVITED", "MEMBERS", "PUBLIC"] {
        let mut stage = Stage::of(visibility).await;
        let mut counts = BTreeSet::new();
        for kind in KINDS {
            let viewer = stage.client(kind).await.viewer().await;
            let (seen, all) = compare(&stage.app, &viewer, kind).await;
            assert!(kind != "administrator" || seen == all, "an administrator sees {seen} of {all}");
            counts.insert(seen);
        }
        // To whom nothing is given by name, and who may no longer make what they own.
        let mut former = stage.client("owner").await.viewer().await;
        former.account.as_mut().expect("signed in").roles = Roles::default();
        compare(&stage.app, &former, "former owner").await;
        assert!(counts.len() > 2, "they see different things: {counts:?}");
        stage.app.stop().await;
    }
}
