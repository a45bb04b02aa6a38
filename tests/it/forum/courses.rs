//! The discussion of a course.

use std::time::Duration;

use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{
    CATEGORY_CREATE, POST, POST_CREATE, POST_FLAG, TOPIC_CREATE, by_id, category, let_in, post, post_input, topic, topic_input,
    with_reason,
};
use crate::app::{Client, key, with_app};

const ENROL: &str = "mutation($id: ID!) { courseEnrol(id: $id) { userErrors { code field } } }";
const WITHDRAW: &str = "mutation($id: ID!) { courseWithdraw(id: $id) { userErrors { code field } } }";
const FLAGS: &str = "query($id: ID!) { course(id: $id) { flags { nodes { id post { body } } } } }";

/// The id of a new course with one article, published.
async fn course(trainer: &Client<'_>, visibility: &str) -> String {
    let made = |answer: &Value, field: &str, object: &str| answer[field][object]["id"].clone();
    let create =
        "mutation($input: CourseCreateInput!) { courseCreate(input: $input) { course { id } userErrors { code field } } }";
    let text = json!({ "language": "en", "title": "Extradition" });
    let input = json!({ "key": key(), "visibility": visibility, "text": text });
    let course = made(&trainer.runs(create, &json!({ "input": input })).await, "courseCreate", "course");
    let create =
        "mutation($input: ModuleCreateInput!) { moduleCreate(input: $input) { module { id } userErrors { code field } } }";
    let input = json!({ "key": key(), "courseId": course, "text": text });
    let module = made(&trainer.runs(create, &json!({ "input": input })).await, "moduleCreate", "module");
    let create =
        "mutation($input: LessonCreateInput!) { lessonCreate(input: $input) { lesson { id } userErrors { code field } } }";
    let text = json!({ "language": "en", "title": "Article 9", "body": "Extradite or prosecute." });
    let input = json!({ "key": key(), "moduleId": module, "kind": "ARTICLE", "text": text });
    trainer.runs(create, &json!({ "input": input })).await;
    trainer.runs(&by_id("coursePublish"), &json!({ "id": course })).await;
    course.as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn the_staff_of_a_course_arrange_and_moderate_its_discussion_and_learners_take_part() {
    with_app(async |app| {
        let (owner, staff, learner) = (app.trainer().await, app.practitioner().await, app.practitioner().await);
        let (outsider, visitor) = (app.practitioner().await, app.visitor());
        let course = course(&owner, "PUBLIC").await;
        let_in(app, &course, &staff, "STAFF").await;
        learner.runs(ENROL, &json!({ "id": course })).await;
        let input = json!({ "input": { "key": key(), "parentId": course, "text": { "language": "en", "title": "Questions" } } });
        assert_eq!(learner.fails(CATEGORY_CREATE, &input).await, "FORBIDDEN");
        assert_eq!(visitor.fails(CATEGORY_CREATE, &input).await, "UNAUTHENTICATED");
        let shelf = category(&staff, &course).await;
        let asked = topic(&learner, &shelf, "Which treaty?").await;
        let answer = post(&staff, &asked, "This one").await;

        let new = (topic_input(&shelf, "Mine"), post_input(&asked, "Me too"));
        for (person, code) in [(&outsider, "FORBIDDEN"), (&visitor, "UNAUTHENTICATED")] {
            assert_eq!(person.fails(TOPIC_CREATE, &new.0).await, code);
            assert_eq!(person.fails(POST_CREATE, &new.1).await, code);
            assert_eq!(person.runs(POST, &json!({ "id": answer })).await["post"]["body"], "This one");
        }
        let rights =
            "query($id: ID!) { topic(id: $id) { viewerCanPost viewerCanModerate category { course { id } community { id } } } }";
        let admin = app.administrator().await;
        for (person, posts, moderates) in [
            (&owner, true, true),
            (&staff, true, true),
            (&admin, true, true),
            (&learner, true, false),
            (&outsider, false, false),
            (&visitor, false, false),
        ] {
            let seen = person.runs(rights, &json!({ "id": asked })).await["topic"].clone();
            assert_eq!(
                (&seen["viewerCanPost"], &seen["viewerCanModerate"]),
                (&json!(posts), &json!(moderates)),
                "{}",
                person.email
            );
            assert_eq!(seen["category"], json!({ "course": { "id": course }, "community": null }));
        }
        for document in [by_id("topicLock"), by_id("topicUnlock")] {
            assert_eq!(learner.fails(&document, &json!({ "id": asked })).await, "FORBIDDEN");
            staff.runs(&document, &json!({ "id": asked })).await;
        }
        assert_eq!(learner.fails(&with_reason("postHide"), &json!({ "id": answer })).await, "FORBIDDEN");
        staff.runs(&with_reason("postHide"), &json!({ "id": answer })).await;
        assert_eq!(learner.runs(POST, &json!({ "id": answer })).await["post"]["body"], Value::Null);
        assert_eq!(owner.runs(POST, &json!({ "id": answer })).await["post"]["body"], "This one");

        let of_course = "query($id: ID!) { course(id: $id) { topics { nodes { title } } viewerCanPost viewerCanModerate } }";
        for (person, posts, moderates) in
            [(&owner, true, true), (&learner, true, false), (&outsider, false, false), (&visitor, false, false)]
        {
            let seen = person.runs(of_course, &json!({ "id": course })).await["course"].clone();
            let topics = json!({ "nodes": [{ "title": "Which treaty?" }] });
            assert_eq!(seen, json!({ "topics": topics, "viewerCanPost": posts, "viewerCanModerate": moderates }));
        }

        learner.runs(WITHDRAW, &json!({ "id": course })).await;
        assert_eq!(learner.fails(POST_CREATE, &new.1).await, "FORBIDDEN");
    })
    .await;
}

#[tokio::test]
async fn the_discussion_of_a_course_is_seen_by_those_who_see_the_course() {
    with_app(async |app| {
        let (owner, guest, outsider) = (app.trainer().await, app.practitioner().await, app.practitioner().await);
        let course = course(&owner, "INVITED").await;
        let_in(app, &course, &guest, "MEMBER").await;
        let shelf = category(&owner, &course).await;
        let asked = topic(&owner, &shelf, "Which treaty?").await;
        let found = "query($course: ID!, $ids: [ID!]!) { course(id: $course) { categories { id topics { nodes { title } } } }
            nodes(ids: $ids) { id } }";
        let variables = json!({ "course": course, "ids": [shelf, asked] });
        let seen = guest.runs(found, &variables).await;
        assert_eq!(seen["course"]["categories"], json!([{ "id": shelf, "topics": { "nodes": [{ "title": "Which treaty?" }] } }]));
        assert_eq!(seen["nodes"], json!([{ "id": shelf }, { "id": asked }]));
        for person in [&outsider, &app.visitor()] {
            assert_eq!(person.runs(found, &variables).await, json!({ "course": null, "nodes": [null, null] }));
        }
        assert_eq!(outsider.fails(POST_CREATE, &post_input(&asked, "Hello")).await, "NOT_FOUND");
    })
    .await;
}

#[tokio::test]
async fn who_no_longer_sees_a_course_follows_its_discussion_no_more() {
    with_app(async |app| {
        let (owner, learner) = (app.trainer().await, app.practitioner().await);
        let course = course(&owner, "MEMBERS").await;
        learner.runs(ENROL, &json!({ "id": course })).await;
        let asked = topic(&owner, &category(&owner, &course).await, "Which treaty?").await;
        let follow = "subscription($id: ID!) { postAdded(topicId: $id) { body } }";
        let mut events = learner.follows(follow, &json!({ "id": asked })).await;
        assert!(timeout(Duration::from_millis(500), events.next()).await.is_err(), "it listens");
        let close = "mutation($id: ID!) { courseUpdate(id: $id, input: { visibility: INVITED }) { userErrors { code } } }";
        owner.runs(close, &json!({ "id": course })).await;
        post(&owner, &asked, "For those invited").await;
        assert_eq!(timeout(Duration::from_secs(10), events.next()).await.expect("it ends in time"), None);
    })
    .await;
}

#[tokio::test]
async fn flags_in_a_course_come_to_its_staff() {
    with_app(async |app| {
        let (owner, learner) = (app.trainer().await, app.practitioner().await);
        let course = course(&owner, "MEMBERS").await;
        learner.runs(ENROL, &json!({ "id": course })).await;
        let asked = topic(&owner, &category(&owner, &course).await, "Which treaty?").await;
        let made = post(&owner, &asked, "Buy this").await;
        assert_eq!(app.practitioner().await.fails(POST_FLAG, &json!({ "id": made })).await, "FORBIDDEN");
        learner.runs(POST_FLAG, &json!({ "id": made })).await;
        let queue = owner.runs(FLAGS, &json!({ "id": course })).await["course"]["flags"]["nodes"].clone();
        assert_eq!(queue[0]["post"]["body"], "Buy this");
        assert_eq!(learner.runs(FLAGS, &json!({ "id": course })).await["course"]["flags"], Value::Null);
        owner.runs(&by_id("flagUphold"), &json!({ "id": queue[0]["id"] })).await;
    })
    .await;
}
