//! Topics and posts, by those who take part.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{
    MEMBER_REMOVE, POST, POST_CREATE, POST_DELETE, POST_UPDATE, Place, TOPIC_CREATE, audited, by_id, everything_stored, post,
    post_input, topic, topic_input,
};
use crate::app::{Client, with_app};

const RENAME: &str = "mutation($id: ID!, $title: String!) {
    topicRename(id: $id, title: $title) { topic { title } userErrors { code field } } }";

#[tokio::test]
async fn only_vetted_accounts_post() {
    with_app(async |app| {
        let place = Place::new(&app.trainer().await, "PUBLIC").await;
        let (post, topic) = (post_input(&place.topic, "Hello"), topic_input(&place.category, "New"));
        for (person, code) in [(app.visitor(), "UNAUTHENTICATED"), (app.unvetted().await, "FORBIDDEN")] {
            assert_eq!(person.fails(POST_CREATE, &post).await, code);
            assert_eq!(person.fails(TOPIC_CREATE, &topic).await, code);
        }
        let practitioner = app.practitioner().await;
        practitioner.runs(POST_CREATE, &post).await;
        practitioner.runs(TOPIC_CREATE, &topic).await;
    })
    .await;
}

#[tokio::test]
async fn a_topic_begins_with_its_first_post_and_posts_are_numbered() {
    with_app(async |app| {
        let (owner, other) = (app.trainer().await, app.practitioner().await);
        let place = Place::new(&owner, "MEMBERS").await;
        app.clock.advance(chrono::Duration::minutes(5));
        post(&other, &place.topic, "We did.").await;
        let read = "query($id: ID!) { topic(id: $id) { title language author { id } postCount createdAt lastPostAt
            category { id } posts { nodes { number body language direction author { fullName } } } } }";
        let seen = owner.runs(read, &json!({ "id": place.topic })).await["topic"].clone();
        assert_eq!(seen["postCount"], 2);
        assert_eq!(seen["category"]["id"], json!(place.category));
        assert_eq!(seen["author"]["id"], json!(owner.id()));
        assert!(seen["lastPostAt"].as_str() > seen["createdAt"].as_str());
        let expected = json!([
            { "number": 1, "body": "Who has done this?", "language": "en", "direction": "LTR", "author": { "fullName": "Person 1" } },
            { "number": 2, "body": "We did.", "language": "en", "direction": "LTR", "author": { "fullName": "Person 2" } },
        ]);
        assert_eq!(seen["posts"]["nodes"], expected);
    })
    .await;
}

#[tokio::test]
async fn a_post_that_is_sent_again_is_made_once() {
    with_app(async |app| {
        let owner = app.trainer().await;
        let place = Place::new(&owner, "MEMBERS").await;
        let mut input = post_input(&place.topic, "Hello");
        let first = owner.runs(POST_CREATE, &input).await;
        assert_eq!(owner.runs(POST_CREATE, &input).await, first);
        input["input"]["body"] = json!("Something else");
        assert_eq!(owner.problems(POST_CREATE, &input).await, ["KEY_REUSED input.key"]);
        let mut input = topic_input(&place.category, "New");
        let first = owner.runs(TOPIC_CREATE, &input).await;
        assert_eq!(owner.runs(TOPIC_CREATE, &input).await, first);
        input["input"]["title"] = json!("Newer");
        assert_eq!(owner.problems(TOPIC_CREATE, &input).await, ["KEY_REUSED input.key"]);
    })
    .await;
}

#[tokio::test]
async fn people_who_post_at_once_get_numbers_without_gaps() {
    with_app(async |app| {
        let place = Place::new(&app.trainer().await, "MEMBERS").await;
        let mut people = Vec::new();
        for _ in 0..4 {
            people.push(app.practitioner().await);
        }
        let posting = (0..12).map(async |n: usize| {
            let made = people[n % 4].runs(POST_CREATE, &post_input(&place.topic, &format!("Post {n}"))).await;
            made["postCreate"]["post"]["number"].as_i64().expect("a number")
        });
        let mut numbers = join_all(posting).await;
        numbers.sort_unstable();
        assert_eq!(numbers, (2..=13).collect::<Vec<i64>>());
    })
    .await;
}

#[tokio::test]
async fn the_rendering_of_a_post_is_inert() {
    with_app(async |app| {
        let owner = app.trainer().await;
        let place = Place::new(&owner, "PUBLIC").await;
        let body = "**Bold** [x](javascript:alert(1)) <img src=x onerror=alert(1)>\n\n<svg onload=alert(1)>";
        let made = post(&owner, &place.topic, body).await;
        let check = async |body: &str| {
            let seen = app.visitor().runs(POST, &json!({ "id": made })).await;
            assert_eq!(seen["post"]["body"], json!(body));
            let html = seen["post"]["bodyHtml"].as_str().expect("HTML").to_owned();
            assert!(html.contains("<strong>"), "{html}");
            for active in ["javascript:", "<img", "<svg", "<script"] {
                assert!(!html.contains(active), "{html}");
            }
        };
        check(body).await;
        let edited = "**Edited** <script>alert(1)</script>";
        owner.runs(POST_UPDATE, &json!({ "id": made, "body": edited })).await;
        check(edited).await;
        let old = owner.runs("query($id: ID!) { post(id: $id) { revisions { bodyHtml } } }", &json!({ "id": made })).await;
        assert!(!old["post"]["revisions"][0]["bodyHtml"].as_str().expect("HTML").contains("<svg"));
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_topic_or_post_is_said() {
    with_app(async |app| {
        let owner = app.trainer().await;
        let place = Place::new(&owner, "MEMBERS").await;
        let mut input = topic_input(&place.category, " ");
        input["input"]["body"] = json!("a".repeat(20_001));
        assert_eq!(owner.problems(TOPIC_CREATE, &input).await, ["BLANK input.title", "TOO_LONG input.body"]);
        assert_eq!(owner.problems(POST_CREATE, &post_input(&place.topic, "\n")).await, ["BLANK input.body"]);
        assert_eq!(owner.problems(POST_CREATE, &post_input(&place.topic, "a\u{0}b")).await, ["INVALID input.body"]);
        let its = json!({ "id": place.topic, "title": "t".repeat(201) });
        assert_eq!(owner.problems(RENAME, &its).await, ["TOO_LONG title"]);
    })
    .await;
}

#[tokio::test]
async fn a_post_answers_one_of_its_own_topic() {
    with_app(async |app| {
        let owner = app.trainer().await;
        let place = Place::new(&owner, "MEMBERS").await;
        let question = post(&owner, &place.topic, "Which treaty?").await;
        let elsewhere = topic(&owner, &place.category, "Other").await;
        let mut answer = post_input(&elsewhere, "This one");
        answer["input"]["inReplyToId"] = json!(question);
        assert_eq!(owner.problems(POST_CREATE, &answer).await, ["NOT_FOUND input.inReplyToId"]);
        answer["input"]["topicId"] = json!(place.topic);
        let made = owner.runs(POST_CREATE, &answer).await;
        let seen = owner.runs(POST, &json!({ "id": made["postCreate"]["post"]["id"] })).await;
        assert_eq!(seen["post"]["inReplyTo"]["body"], "Which treaty?");

        owner.runs(POST_DELETE, &json!({ "id": question })).await;
        let seen = owner.runs(POST, &json!({ "id": made["postCreate"]["post"]["id"] })).await;
        assert_eq!(seen["post"]["inReplyTo"]["body"], json!(null));
        let mut late = post_input(&place.topic, "Too late");
        late["input"]["inReplyToId"] = json!(question);
        assert_eq!(owner.problems(POST_CREATE, &late).await, ["NOT_FOUND input.inReplyToId"]);
    })
    .await;
}

#[tokio::test]
async fn an_edited_post_keeps_its_history_for_its_author_and_moderators() {
    with_app(async |app| {
        let (moderator, author, reader) = (app.trainer().await, app.practitioner().await, app.practitioner().await);
        let place = Place::new(&moderator, "PUBLIC").await;
        let made = post(&author, &place.topic, "An earlier text").await;
        let its = json!({ "id": made });
        for body in ["First", "First", "First of all"] {
            author.runs(POST_UPDATE, &json!({ "id": made, "body": body })).await;
        }
        for person in [&author, &moderator] {
            let seen = person.runs(POST, &its).await;
            assert_eq!(seen["post"]["body"], "First of all");
            assert_eq!(seen["post"]["revisions"], json!([{ "body": "An earlier text" }, { "body": "First" }]));
        }
        for person in [&reader, &app.visitor()] {
            let seen = person.runs(POST, &its).await;
            assert_eq!(seen["post"]["revisions"], json!(null));
            assert!(seen["post"]["editedAt"].is_string());
        }
    })
    .await;
}

#[tokio::test]
async fn a_post_is_edited_a_hundred_times_at_most() {
    with_app(async |app| {
        let owner = app.trainer().await;
        let place = Place::new(&owner, "MEMBERS").await;
        let made = post(&owner, &place.topic, "0").await;
        for n in 1..=100 {
            owner.runs(POST_UPDATE, &json!({ "id": made, "body": n.to_string() })).await;
        }
        let more = json!({ "id": made, "body": "101" });
        assert_eq!(owner.problems(POST_UPDATE, &more).await, ["LIMIT_REACHED id"]);
        let seen = owner.runs(POST, &json!({ "id": made })).await;
        assert_eq!(seen["post"]["body"], "100");
        assert_eq!(seen["post"]["revisions"].as_array().map(Vec::len), Some(100));
    })
    .await;
}

#[tokio::test]
async fn nobody_edits_or_deletes_the_post_of_another() {
    with_app(async |app| {
        let (moderator, author) = (app.trainer().await, app.practitioner().await);
        let place = Place::new(&moderator, "PUBLIC").await;
        let made = post(&author, &place.topic, "Mine").await;
        let (edit, its) = (json!({ "id": made, "body": "Yours" }), json!({ "id": made }));
        let reader = app.practitioner().await;
        for person in [&moderator, &reader] {
            assert_eq!(person.fails(POST_UPDATE, &edit).await, "FORBIDDEN");
            assert_eq!(person.fails(POST_DELETE, &its).await, "FORBIDDEN");
            assert_eq!(person.runs(POST, &its).await["post"]["viewerCanEdit"], false);
        }
        assert_eq!(app.visitor().fails(POST_UPDATE, &edit).await, "UNAUTHENTICATED");
        assert_eq!(app.visitor().fails(POST_DELETE, &its).await, "UNAUTHENTICATED");
        assert_eq!(author.runs(POST, &its).await["post"]["viewerCanEdit"], true);
    })
    .await;
}

#[tokio::test]
async fn who_was_removed_may_still_delete_what_they_said_in_public_but_not_edit_it() {
    with_app(async |app| {
        let (owner, author) = (app.trainer().await, app.practitioner().await);
        let place = Place::new(&owner, "PUBLIC").await;
        let made = post(&author, &place.topic, "Mine").await;
        owner.runs(MEMBER_REMOVE, &json!({ "id": place.community, "user": author.id() })).await;
        assert_eq!(author.fails(POST_UPDATE, &json!({ "id": made, "body": "Ours" })).await, "FORBIDDEN");
        author.runs(POST_DELETE, &json!({ "id": made })).await;
    })
    .await;
}

#[tokio::test]
async fn a_deleted_post_keeps_its_number_and_its_text_is_nowhere() {
    with_app(async |app| {
        let (owner, author) = (app.trainer().await, app.practitioner().await);
        let place = Place::new(&owner, "PUBLIC").await;
        let made = post(&author, &place.topic, "zebrafish one").await;
        author.runs(POST_UPDATE, &json!({ "id": made, "body": "zebrafish two" })).await;
        assert!(everything_stored(app).await.contains("zebrafish"));
        let done = author.runs(POST_DELETE, &json!({ "id": made })).await;
        assert_eq!(done["postDelete"]["post"], json!({ "number": 2, "state": "DELETED" }));
        assert_eq!(author.runs(POST_DELETE, &json!({ "id": made })).await, done, "an answer that was lost comes again");
        assert_eq!(author.problems(POST_UPDATE, &json!({ "id": made, "body": "Again" })).await, ["WRONG_STATE id"]);

        assert!(!everything_stored(app).await.contains("zebrafish"));
        let reader = app.practitioner().await;
        for (person, is_moderator) in [(&owner, true), (&author, false), (&reader, false), (&app.visitor(), false)] {
            let seen = person.runs(POST, &json!({ "id": made })).await;
            assert_eq!((&seen["post"]["body"], &seen["post"]["bodyHtml"]), (&Value::Null, &Value::Null));
            assert_eq!((&seen["post"]["revisions"], &seen["post"]["editedAt"]), (&Value::Null, &Value::Null));
            assert_eq!(seen["post"]["author"].is_object(), is_moderator);
        }
        let next = owner.runs(POST_CREATE, &post_input(&place.topic, "Next")).await;
        assert_eq!(next["postCreate"]["post"]["number"], 3);
    })
    .await;
}

#[tokio::test]
async fn a_topic_is_renamed_by_its_author_while_it_is_open_and_by_moderators() {
    with_app(async |app| {
        let (owner, author) = (app.trainer().await, app.practitioner().await);
        let place = Place::new(&owner, "PUBLIC").await;
        let made = topic(&author, &place.category, "An earlier text").await;
        let to = |title: &str| json!({ "id": made, "title": title });
        let done = author.runs(RENAME, &to("First")).await;
        assert_eq!(done["topicRename"]["topic"]["title"], "First");
        author.runs(RENAME, &to("First")).await;
        assert_eq!(audited(app, &made).await, ["topic.renamed", "topic.created"], "the same title is no change");
        assert_eq!(app.practitioner().await.fails(RENAME, &to("Mine")).await, "FORBIDDEN");
        assert_eq!(app.visitor().fails(RENAME, &to("Mine")).await, "UNAUTHENTICATED");
        let can = async |person: &Client<'_>| {
            let can = "query($id: ID!) { topic(id: $id) { direction viewerCanRename } }";
            person.runs(can, &json!({ "id": made })).await["topic"].clone()
        };
        assert_eq!(can(&author).await, json!({ "direction": "LTR", "viewerCanRename": true }));
        assert_eq!(can(&app.practitioner().await).await["viewerCanRename"], false);
        assert_eq!(can(&app.visitor()).await["viewerCanRename"], false);
        owner.runs(&by_id("topicLock"), &json!({ "id": made })).await;
        assert_eq!(
            (&can(&author).await["viewerCanRename"], &can(&owner).await["viewerCanRename"]),
            (&json!(false), &json!(true))
        );
        assert_eq!(author.problems(RENAME, &to("Second")).await, ["WRONG_STATE id"]);
        owner.runs(RENAME, &to("Second")).await;
    })
    .await;
}

#[tokio::test]
async fn an_author_learns_what_they_may_do_with_a_post_now() {
    with_app(async |app| {
        let (owner, author) = (app.trainer().await, app.practitioner().await);
        let place = Place::new(&owner, "PUBLIC").await;
        let made = post(&author, &place.topic, "Mine").await;
        let can = "query($id: ID!) { post(id: $id) { viewerCanEdit viewerCanDelete } }";
        let can = async |person: &Client<'_>| {
            let seen = person.runs(can, &json!({ "id": made })).await["post"].clone();
            (seen["viewerCanEdit"].clone(), seen["viewerCanDelete"].clone())
        };
        assert_eq!(can(&author).await, (json!(true), json!(true)));
        assert_eq!(can(&owner).await, (json!(false), json!(false)), "a moderator hides and redacts");
        owner.runs(&by_id("topicLock"), &json!({ "id": place.topic })).await;
        assert_eq!(can(&author).await, (json!(false), json!(true)));
        author.runs(POST_DELETE, &json!({ "id": made })).await;
        assert_eq!(can(&author).await, (json!(false), json!(false)));
    })
    .await;
}

#[tokio::test]
async fn names_of_authors_are_shown_as_their_accounts_allow() {
    with_app(async |app| {
        let owner = app.trainer().await;
        let place = Place::new(&owner, "PUBLIC").await;
        let names = async |person: &Client<'_>| {
            let read =
                "query($id: ID!) { topic(id: $id) { author { fullName email } posts { nodes { author { fullName email } } } } }";
            person.runs(read, &json!({ "id": place.topic })).await["topic"]["posts"]["nodes"][0]["author"].clone()
        };
        assert_eq!(names(&app.practitioner().await).await, json!({ "fullName": "Person 1", "email": null }));
        assert_eq!(names(&app.visitor()).await, json!({ "fullName": null, "email": null }));
    })
    .await;
}

#[tokio::test]
async fn what_happens_in_a_forum_is_in_the_audit_without_its_words() {
    with_app(async |app| {
        let (owner, admin) = (app.trainer().await, app.administrator().await);
        let place = Place::new(&owner, "MEMBERS").await;
        let made = post(&owner, &place.topic, "zebrafish").await;
        owner.runs(POST_UPDATE, &json!({ "id": made, "body": "zebrafish again" })).await;
        owner.runs(POST_DELETE, &json!({ "id": made })).await;
        let entries = "query($id: ID!) { auditEntries(subjectId: $id) { nodes { action actor { id } fields details } } }";
        let of_post = admin.runs(entries, &json!({ "id": made })).await["auditEntries"]["nodes"].clone();
        let actions: Vec<_> = of_post.as_array().into_iter().flatten().map(|entry| entry["action"].clone()).collect();
        assert_eq!(actions, ["post.deleted", "post.edited", "post.created"]);
        assert!(!of_post.to_string().contains("zebrafish"));
        for (subject, action) in
            [(&place.community, "community.created"), (&place.category, "category.created"), (&place.topic, "topic.created")]
        {
            let seen = admin.runs(entries, &json!({ "id": subject })).await;
            let newest = &seen["auditEntries"]["nodes"][0];
            assert_eq!((&newest["action"], &newest["actor"]["id"]), (&json!(action), &json!(owner.id())));
        }
    })
    .await;
}
