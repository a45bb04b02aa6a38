//! Pages of what has grown large: a forum of ten thousand topics, a topic of as many posts, a course of as many learners. That a
//! page takes the statements and about the time that it took when there were sixty shows that indexes find its rows: more
//! would show nothing else, and `benches/run` measures that in CPU time.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use lyceum::{
    accounts::user,
    courses::enrolment,
    forum::{post, topic},
    ids::{EnrolmentId, PostId, TopicId, UserId},
};
use sea_orm::{ActiveModelTrait, ConnectionTrait as _, DbBackend, EntityTrait, IntoActiveModel as _, sea_query::Expr};
use serde_json::{Value, json};

use crate::{
    app::{Client, TestApp, with_app},
    forum::Place,
    teaching::{ENROL, Taught},
};

const FEW: i32 = 60;
const MANY: i32 = 10_000;
/// Rows of one statement.
const AT_ONCE: usize = 500;

const TOPICS: &str = "query($id: ID!, $first: Int, $last: Int, $before: String) { community(id: $id) {
    list: topics(first: $first, last: $last, before: $before) {
        nodes { title postCount viewerUnreadCount author { fullName } } pageInfo { startCursor } } } }";
const POSTS: &str = "query($id: ID!, $first: Int, $last: Int, $before: String) { topic(id: $id) {
    list: posts(first: $first, last: $last, before: $before) {
        nodes { number body author { fullName } } pageInfo { startCursor } } } }";
const LEARNERS: &str = "query($id: ID!, $first: Int, $last: Int, $before: String) { course(id: $id) {
    list: enrolments(first: $first, last: $last, before: $before) {
        nodes { state user { fullName } } pageInfo { startCursor } } } }";

async fn insert<A: ActiveModelTrait>(app: &TestApp, rows: impl Iterator<Item = A>) {
    for some in rows.collect::<Vec<_>>().chunks(AT_ONCE) {
        let rows = some.iter().map(|row| row.clone().reset_all());
        A::Entity::insert_many(rows).exec_without_returning(app.db.write()).await.expect("rows are written");
    }
}

/// What there is one of, of which others are made.
struct Grown {
    person: user::Model,
    enrolment: enrolment::Model,
    topic: topic::Model,
    post: post::Model,
}

impl Grown {
    async fn of(app: &TestApp) -> Self {
        let db = app.db.read();
        let enrolment = enrolment::Entity::find().one(db).await.expect("read").expect("one");
        let person = user::Entity::find_by_id(enrolment.user_id).one(db).await.expect("read").expect("one");
        let topic = topic::Entity::find().one(db).await.expect("read").expect("one");
        let post = post::Entity::find().one(db).await.expect("read").expect("one");
        Self { person, enrolment, topic, post }
    }

    /// Makes as many more of each as there are from one number to another.
    async fn grow(&self, app: &TestApp, from: i32, to: i32) {
        let people: Vec<_> = (from..to).map(|n| (n, UserId::new())).collect();
        let before = |n: i32| TimeDelta::seconds(n.into());
        let other = |(n, id): &(i32, UserId)| {
            let email = format!("learner{n}@example.org");
            user::Model { id: *id, email: email.clone(), email_key: email, ..self.person.clone() }.into_active_model()
        };
        insert(app, people.iter().map(other)).await;
        let enrolled = |(n, user_id): &(i32, UserId)| {
            let enrolled_at = self.enrolment.enrolled_at - before(*n);
            let id = EnrolmentId::new();
            enrolment::Model { id, user_id: *user_id, enrolled_at, ..self.enrolment.clone() }.into_active_model()
        };
        insert(app, people.iter().map(enrolled)).await;
        let topic = |n: i32| {
            let last_post_at = self.topic.last_post_at - before(n);
            topic::Model { id: TopicId::new(), last_post_at, ..self.topic.clone() }.into_active_model()
        };
        insert(app, (from..to).map(topic)).await;
        let post = |n: i32| post::Model { id: PostId::new(), number: n + 1, ..self.post.clone() }.into_active_model();
        insert(app, (from..to).map(post)).await;
        let count = topic::Entity::update_many().col_expr(topic::Column::PostCount, Expr::val(to)).exec(app.db.write()).await;
        count.expect("it is counted");
        if app.db.backend() == DbBackend::Postgres {
            app.db.write().execute_unprepared("ANALYZE").await.expect("as it does by itself in time");
        }
    }
}

/// The first page, the last, and the last but one.
async fn pages(client: &Client<'_>, document: &str, id: &str) -> [Value; 3] {
    let end = json!({ "id": id, "last": 25 });
    let start = list(&client.runs(document, &end).await)["pageInfo"]["startCursor"].clone();
    [json!({ "id": id, "first": 25 }), end, json!({ "id": id, "last": 25, "before": start })]
}

/// The list that an answer shows.
fn list(answer: &Value) -> Value {
    answer.as_object().and_then(|data| data.values().next()).expect("it is seen")["list"].clone()
}

/// The shortest time that a page takes in so many tries, or until it is short enough: others use this machine, too.
async fn shortest(client: &Client<'_>, document: &str, page: &Value, tries: u32, enough: Duration) -> Duration {
    let mut shortest = Duration::MAX;
    for _ in 0..tries {
        let begun = Instant::now();
        let seen = list(&client.runs(document, page).await);
        shortest = shortest.min(begun.elapsed());
        assert_eq!(seen["nodes"].as_array().map(Vec::len), Some(25), "{page}");
        if shortest < enough {
            break;
        }
    }
    shortest
}

#[tokio::test]
async fn a_page_of_ten_thousand_takes_what_a_page_of_sixty_does() {
    with_app(async |app| {
        let (trainer, learner) = (app.trainer().await, app.practitioner().await);
        let place = Place::new(&trainer, "MEMBERS").await;
        let course = Taught::with_articles(&trainer, &["Article"]).await;
        learner.runs(ENROL, &json!({ "id": course.id })).await;
        let grown = Grown::of(app).await;
        let lists = [(&learner, TOPICS, &place.community), (&learner, POSTS, &place.topic), (&trainer, LEARNERS, &course.id)];
        grown.grow(app, 1, FEW).await;
        let mut before = Vec::new();
        for (client, document, id) in lists {
            for page in pages(client, document, id).await {
                let took = shortest(client, document, &page, 9, Duration::ZERO).await;
                before.push((client.costs(document, &page).await, took));
            }
        }
        grown.grow(app, FEW, MANY).await;
        let mut before = before.into_iter();
        for (client, document, id) in lists {
            for (page, (statements, took)) in pages(client, document, id).await.into_iter().zip(before.by_ref()) {
                assert_eq!(client.costs(document, &page).await, statements, "statements of {page} of {document}");
                let bound = took * 3 / 2 + Duration::from_millis(5);
                let takes = shortest(client, document, &page, 50, bound).await;
                assert!(takes < bound, "{takes:?}, and {took:?} when there were few: {page} of {document}");
            }
        }
    })
    .await;
}
