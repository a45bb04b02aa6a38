//! What moderators do, and who they are.

use data_encoding::BASE64URL_NOPAD;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{
    MEMBER_REINSTATE, MEMBER_REMOVE, POST, POST_CREATE, POST_DELETE, POST_FLAG, POST_UPDATE, Place, audited, by_id, category,
    everything_stored, let_in, post, post_input, topic, with_reason,
};
use crate::app::{Client, TestApp, with_app};

const MOVE: &str = "mutation($id: ID!, $category: ID!) {
    topicMove(id: $id, categoryId: $category) { topic { category { id } } userErrors { code field } } }";
const QUEUE: &str = "query($id: ID!, $state: FlagState! = OPEN) { community(id: $id) { flags(state: $state) {
    nodes { id reason comment state reportedBy { id } resolvedBy { id } resolvedAt post { body } } } } }";

/// The queue of a community.
async fn queue(person: &Client<'_>, community: &str, state: &str) -> Value {
    person.runs(QUEUE, &json!({ "id": community, "state": state })).await["community"]["flags"].clone()
}

#[tokio::test]
async fn moderators_are_the_owner_administrators_and_those_let_in_as_such() {
    with_app(async |app| {
        let owner = app.trainer().await;
        let place = Place::new(&owner, "MEMBERS").await;
        let (moderator, member, removed) = (app.practitioner().await, app.practitioner().await, app.practitioner().await);
        let_in(app, &place.community, &moderator, "MODERATOR").await;
        let_in(app, &place.community, &removed, "MODERATOR").await;
        let_in(app, &place.community, &member, "MEMBER").await;
        owner.runs("mutation($id: ID!) { communityUpdate(id: $id, input: { visibility: PUBLIC }) { userErrors { code } } }", &json!({ "id": place.community })).await;
        owner.runs(MEMBER_REMOVE, &json!({ "id": place.community, "user": removed.id() })).await;
        let read = "query($id: ID!) { topic(id: $id) { viewerCanModerate category { viewerCanModerate community { viewerCanModerate } } } }";
        let admin = app.administrator().await;
        let visitor = app.visitor();
        for (person, expected) in
            [(&owner, true), (&admin, true), (&moderator, true), (&member, false), (&removed, false), (&visitor, false)]
        {
            let seen = person.runs(read, &json!({ "id": place.topic })).await;
            let expected = json!({ "viewerCanModerate": expected, "category": {
                "viewerCanModerate": expected, "community": { "viewerCanModerate": expected } } });
            assert_eq!(seen["topic"], expected, "{}", person.email);
        }
    })
    .await;
}

/// Every act of a moderator on a place and one post in it.
fn acts(place: &Place, post: &str, person: &str) -> Vec<(String, Value)> {
    let (topic, post) = (json!({ "id": place.topic }), json!({ "id": post }));
    let person = json!({ "id": place.community, "user": person });
    let mut acts: Vec<(String, Value)> =
        ["topicLock", "topicUnlock", "topicPin", "topicUnpin", "topicUnhide"].map(|field| (by_id(field), topic.clone())).into();
    acts.push((with_reason("topicHide"), topic));
    acts.push((MOVE.to_owned(), json!({ "id": place.topic, "category": place.category })));
    acts.push((with_reason("postHide"), post.clone()));
    acts.push((by_id("postUnhide"), post.clone()));
    acts.push((with_reason("postRedact"), post));
    acts.push((MEMBER_REMOVE.to_owned(), person.clone()));
    acts.push((MEMBER_REINSTATE.to_owned(), person));
    acts
}

#[tokio::test]
async fn nobody_but_moderators_moderates_and_none_where_they_may_not_read() {
    with_app(async |app| {
        let owner = app.trainer().await;
        let (open, closed) = (Place::new(&owner, "PUBLIC").await, Place::new(&owner, "INVITED").await);
        let (author, elsewhere) = (app.practitioner().await, app.practitioner().await);
        let other = Place::new(&app.trainer().await, "PUBLIC").await;
        let_in(app, &other.community, &elsewhere, "MODERATOR").await;
        let in_open = post(&author, &open.topic, "Hello").await;
        let in_closed = post(&owner, &closed.topic, "Hello").await;
        for (document, variables) in acts(&open, &in_open, &author.id()) {
            assert_eq!(app.visitor().fails(&document, &variables).await, "UNAUTHENTICATED", "{document}");
            assert_eq!(author.fails(&document, &variables).await, "FORBIDDEN", "{document}");
            assert_eq!(elsewhere.fails(&document, &variables).await, "FORBIDDEN", "{document}");
        }
        for (document, variables) in acts(&closed, &in_closed, &author.id()) {
            assert_eq!(elsewhere.fails(&document, &variables).await, "NOT_FOUND", "{document}");
        }
        let moderator = app.practitioner().await;
        let_in(app, &closed.community, &moderator, "MODERATOR").await;
        for (document, variables) in acts(&closed, &in_closed, &author.id()) {
            moderator.runs(&document, &variables).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_locked_topic_takes_no_posts_and_no_edits() {
    with_app(async |app| {
        let (owner, author) = (app.trainer().await, app.practitioner().await);
        let place = Place::new(&owner, "MEMBERS").await;
        let made = post(&author, &place.topic, "Hello").await;
        let its = json!({ "id": place.topic });
        for _ in 0..2 {
            owner.runs(&by_id("topicLock"), &its).await;
        }
        for person in [&owner, &author] {
            let problems = person.problems(POST_CREATE, &post_input(&place.topic, "More")).await;
            assert_eq!(problems, ["WRONG_STATE input.topicId"]);
            let state = person.runs("query($id: ID!) { topic(id: $id) { isLocked viewerCanPost } }", &its).await;
            assert_eq!(state["topic"], json!({ "isLocked": true, "viewerCanPost": false }));
        }
        assert_eq!(author.problems(POST_UPDATE, &json!({ "id": made, "body": "Goodbye" })).await, ["WRONG_STATE id"]);
        owner.runs(&by_id("topicUnlock"), &its).await;
        author.runs(POST_CREATE, &post_input(&place.topic, "More")).await;
    })
    .await;
}

#[tokio::test]
async fn a_topic_moves_within_its_community_only() {
    with_app(async |app| {
        let owner = app.trainer().await;
        let (place, other) = (Place::new(&owner, "MEMBERS").await, Place::new(&owner, "MEMBERS").await);
        let target = category(&owner, &place.community).await;
        let foreign = json!({ "id": place.topic, "category": other.category });
        assert_eq!(owner.problems(MOVE, &foreign).await, ["NOT_FOUND categoryId"]);
        let moved = owner.runs(MOVE, &json!({ "id": place.topic, "category": target })).await;
        assert_eq!(moved["topicMove"]["topic"]["category"]["id"], json!(target));
        let listed = "query($id: ID!) { category(id: $id) { topics { nodes { id } } } }";
        let of =
            async |category: &String| owner.runs(listed, &json!({ "id": category })).await["category"]["topics"]["nodes"].clone();
        assert_eq!(of(&place.category).await, json!([]));
        assert_eq!(of(&target).await, json!([{ "id": place.topic }]));
    })
    .await;
}

/// All that a person can find of a topic and a post in it, by every way to them.
async fn everything_seen(person: &Client<'_>, place: &Place, post: &str, reply: &str) -> String {
    let ways = "query($community: ID!, $category: ID!, $topic: ID!, $post: ID!, $reply: ID!) {
        community(id: $community) { topics { nodes { ...topic } } flags { nodes { comment post { ...post } } } }
        category(id: $category) { topics { nodes { ...topic } } }
        topic(id: $topic) { ...topic }
        post(id: $post) { ...post topic { title } }
        answer: post(id: $reply) { ...post }
        node(id: $post) { ... on Post { ...post } }
        nodes(ids: [$topic, $post, $reply]) { ... on Topic { ...topic } ... on Post { ...post } } }
    fragment topic on Topic { title posts { nodes { ...post } } postsSince(number: 0) { ...post } }
    fragment post on Post { body bodyHtml author { id } revisions { body bodyHtml } inReplyTo { body bodyHtml author { id } } }";
    let variables =
        json!({ "community": place.community, "category": place.category, "topic": place.topic, "post": post, "reply": reply });
    person.runs(ways, &variables).await.to_string()
}

/// A post that says `zebrafish` in all its texts, and an answer to it.
async fn with_answer(app: &TestApp, place: &Place) -> (String, String, String) {
    let author = app.practitioner().await;
    let made = post(&author, &place.topic, "A zebrafish").await;
    author.runs(POST_UPDATE, &json!({ "id": made, "body": "Another zebrafish" })).await;
    let mut answer = post_input(&place.topic, "No such thing");
    answer["input"]["inReplyToId"] = json!(made);
    let answer = author.runs(POST_CREATE, &answer).await["postCreate"]["post"]["id"].as_str().expect("an id").to_owned();
    (made, answer, author.id())
}

#[tokio::test]
async fn a_hidden_post_is_read_by_moderators_and_by_nobody_else_on_any_way() {
    with_app(async |app| {
        let owner = app.trainer().await;
        let place = Place::new(&owner, "PUBLIC").await;
        let (made, answer, author) = with_answer(app, &place).await;
        let (reader, visitor) = (app.practitioner().await, app.visitor());
        let unread = "query($id: ID!) { topic(id: $id) { viewerUnreadCount postCount } }";
        assert!(everything_seen(&reader, &place, &made, &answer).await.contains("zebrafish"));
        assert_eq!(reader.runs(unread, &json!({ "id": place.topic })).await["topic"]["viewerUnreadCount"], 3);

        let hide = with_reason("postHide");
        assert_eq!(owner.problems(&hide, &json!({ "id": made, "reason": "" })).await, ["BLANK reason"]);
        for _ in 0..2 {
            owner.runs(&hide, &json!({ "id": made })).await;
        }
        for person in [&reader, &visitor] {
            let seen = everything_seen(person, &place, &made, &answer).await;
            assert!(!seen.contains("zebrafish"), "{seen}");
            let post = person.runs(POST, &json!({ "id": made })).await["post"].clone();
            assert_eq!((&post["state"], &post["author"], &post["editedAt"]), (&json!("HIDDEN"), &Value::Null, &Value::Null));
        }
        let counted = reader.runs(unread, &json!({ "id": place.topic })).await;
        assert_eq!(counted["topic"], json!({ "viewerUnreadCount": 2, "postCount": 3 }));
        let seen = owner.runs(POST, &json!({ "id": made })).await["post"].clone();
        assert_eq!((&seen["body"], &seen["author"]["id"]), (&json!("Another zebrafish"), &json!(author)));
        assert_eq!(seen["revisions"], json!([{ "body": "A zebrafish" }]));

        for _ in 0..2 {
            owner.runs(&by_id("postUnhide"), &json!({ "id": made })).await;
        }
        let entries = audited(app, &made).await;
        assert_eq!(entries[..2], ["post.unhidden", "post.hidden"], "again is no change");
        assert!(everything_seen(&reader, &place, &made, &answer).await.contains("zebrafish"));
    })
    .await;
}

#[tokio::test]
async fn what_is_hidden_or_destroyed_is_in_no_cursor_and_no_mail() {
    with_app(async |app| {
        let (owner, author, reader) = (app.trainer().await, app.practitioner().await, app.practitioner().await);
        let place = Place::new(&owner, "PUBLIC").await;
        let hidden = post(&author, &place.topic, "zebrafish").await;
        let quoting = topic(&author, &place.category, "zebrafish").await;
        reader.runs(POST_FLAG, &json!({ "id": hidden })).await;
        owner.runs(&with_reason("postHide"), &json!({ "id": hidden })).await;
        owner.runs(&with_reason("topicHide"), &json!({ "id": quoting })).await;
        let pages = "query($community: ID!, $topic: ID!) {
            community(id: $community) { topics { edges { cursor node { title } } } }
            topic(id: $topic) { posts { edges { cursor node { number body } } } } }";
        let seen = reader.runs(pages, &json!({ "community": place.community, "topic": place.topic })).await;
        assert_eq!(seen["community"]["topics"]["edges"].as_array().map(Vec::len), Some(1));
        let lists = [&seen["community"]["topics"]["edges"], &seen["topic"]["posts"]["edges"]];
        for edge in lists.iter().flat_map(|list| list.as_array().into_iter().flatten()) {
            let cursor = BASE64URL_NOPAD.decode(edge["cursor"].as_str().expect("a cursor").as_bytes()).expect("a cursor");
            let keys = String::from_utf8(cursor).expect("text");
            assert!(!keys.contains("zebrafish") && !keys.contains(&author.id()), "{keys}");
        }
        assert!(!seen.to_string().contains("zebrafish"), "{seen}");
        assert!(!app.mails().await.iter().any(|mail| mail.contains("zebrafish")));
    })
    .await;
}

#[tokio::test]
async fn a_post_flagged_ten_times_at_once_by_one_person_has_one_flag() {
    with_app(async |app| {
        let (owner, reader) = (app.trainer().await, app.practitioner().await);
        let place = Place::new(&owner, "PUBLIC").await;
        let made = post(&owner, &place.topic, "Buy this").await;
        join_all((0..10).map(async |_| reader.runs(POST_FLAG, &json!({ "id": made })).await)).await;
        assert_eq!(queue(&owner, &place.community, "OPEN").await["nodes"].as_array().map(Vec::len), Some(1));
        assert_eq!(audited(app, &made).await, ["post.flagged", "post.created"]);
    })
    .await;
}

#[tokio::test]
async fn an_author_neither_edits_nor_deletes_nor_reads_what_was_hidden() {
    with_app(async |app| {
        let (owner, author) = (app.trainer().await, app.practitioner().await);
        let place = Place::new(&owner, "PUBLIC").await;
        let made = post(&author, &place.topic, "zebrafish").await;
        owner.runs(&with_reason("postHide"), &json!({ "id": made })).await;
        assert_eq!(author.problems(POST_UPDATE, &json!({ "id": made, "body": "x" })).await, ["WRONG_STATE id"]);
        assert_eq!(author.problems(POST_DELETE, &json!({ "id": made })).await, ["WRONG_STATE id"]);
        let seen = author.runs(POST, &json!({ "id": made })).await;
        assert_eq!((&seen["post"]["body"], &seen["post"]["viewerCanEdit"]), (&Value::Null, &json!(false)));
    })
    .await;
}

#[tokio::test]
async fn a_hidden_topic_exists_for_moderators_only() {
    with_app(async |app| {
        let (owner, author) = (app.trainer().await, app.practitioner().await);
        let place = Place::new(&owner, "PUBLIC").await;
        let hidden = topic(&author, &place.category, "zebrafish").await;
        let inside = post(&author, &hidden, "zebrafish").await;
        let place = Place { topic: hidden, ..place };
        for _ in 0..2 {
            owner.runs(&with_reason("topicHide"), &json!({ "id": place.topic })).await;
        }
        for person in [&author, &app.practitioner().await, &app.visitor()] {
            let seen = everything_seen(person, &place, &inside, &inside).await;
            assert!(!seen.contains("zebrafish"), "{seen}");
            assert!(person.runs(POST, &json!({ "id": inside })).await["post"].is_null());
        }
        assert_eq!(author.fails(POST_CREATE, &post_input(&place.topic, "x")).await, "NOT_FOUND");
        assert_eq!(author.fails(POST_DELETE, &json!({ "id": inside })).await, "NOT_FOUND");
        let read = "query($id: ID!) { topic(id: $id) { isHidden } }";
        assert_eq!(owner.runs(read, &json!({ "id": place.topic })).await["topic"]["isHidden"], true);
        for _ in 0..2 {
            owner.runs(&by_id("topicUnhide"), &json!({ "id": place.topic })).await;
        }
        assert_eq!(author.runs(read, &json!({ "id": place.topic })).await["topic"]["isHidden"], false);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_left_of_a_redacted_text_for_anyone_nor_in_any_row() {
    with_app(async |app| {
        let (owner, admin) = (app.trainer().await, app.administrator().await);
        let place = Place::new(&owner, "PUBLIC").await;
        let (made, answer, author) = with_answer(app, &place).await;
        owner.runs(&with_reason("postHide"), &json!({ "id": made })).await;
        let redact = with_reason("postRedact");
        assert_eq!(owner.problems(&redact, &json!({ "id": made, "reason": "r".repeat(501) })).await, ["TOO_LONG reason"]);
        for _ in 0..2 {
            owner.runs(&redact, &json!({ "id": made })).await;
        }
        for person in [&owner, &admin, &app.practitioner().await, &app.visitor()] {
            let seen = everything_seen(person, &place, &made, &answer).await;
            assert!(!seen.contains("zebrafish"), "{seen}");
        }
        let stored = everything_stored(app).await;
        assert!(!stored.contains("zebrafish"));
        assert!(stored.contains("Against our rules"), "the reason is in the audit");
        let seen = owner.runs(POST, &json!({ "id": made })).await["post"].clone();
        assert_eq!((&seen["state"], &seen["number"], &seen["author"]["id"]), (&json!("REDACTED"), &json!(2), &json!(author)));
        assert_eq!(owner.problems(&by_id("postUnhide"), &json!({ "id": made })).await, ["WRONG_STATE id"]);
    })
    .await;
}

#[tokio::test]
async fn a_person_flags_a_post_once_and_only_moderators_learn_of_it() {
    with_app(async |app| {
        let (owner, one, other) = (app.trainer().await, app.practitioner().await, app.practitioner().await);
        let place = Place::new(&owner, "PUBLIC").await;
        let made = post(&one, &place.topic, "Buy this").await;
        let spam = json!({ "id": made });
        assert_eq!(app.visitor().fails(POST_FLAG, &spam).await, "UNAUTHENTICATED");
        assert_eq!(app.unvetted().await.fails(POST_FLAG, &spam).await, "FORBIDDEN");
        assert_eq!(other.problems(POST_FLAG, &json!({ "id": made, "reason": "OTHER" })).await, ["BLANK input.comment"]);
        for _ in 0..2 {
            let done = other.runs(POST_FLAG, &spam).await;
            assert_eq!(done["postFlag"]["post"]["viewerHasFlagged"], true);
        }
        one.runs(POST_FLAG, &json!({ "id": made, "reason": "OTHER", "comment": "I am sorry" })).await;

        let seen = queue(&owner, &place.community, "OPEN").await["nodes"].clone();
        let brief: Vec<_> = seen
            .as_array()
            .into_iter()
            .flatten()
            .map(|flag| (&flag["reason"], &flag["comment"], &flag["reportedBy"]["id"]))
            .collect();
        let (first, second) = (json!(other.id()), json!(one.id()));
        let expected = [(&json!("SPAM"), &json!(""), &first), (&json!("OTHER"), &json!("I am sorry"), &second)];
        assert_eq!(brief, expected);
        let flag = seen[0]["id"].clone();
        for person in [&one, &other, &app.visitor()] {
            assert_eq!(queue(person, &place.community, "OPEN").await, Value::Null);
            assert_eq!(
                person.runs("query($id: ID!) { node(id: $id) { id } }", &json!({ "id": flag })).await["node"],
                Value::Null
            );
        }
        let has_flagged = "query($id: ID!) { post(id: $id) { viewerHasFlagged } }";
        let flagged = app.practitioner().await.runs(has_flagged, &json!({ "id": made })).await;
        assert_eq!(flagged["post"]["viewerHasFlagged"], false);
        for field in ["flagUphold", "flagDismiss"] {
            assert_eq!(other.fails(&by_id(field), &json!({ "id": flag })).await, "NOT_FOUND");
            assert_eq!(app.visitor().fails(&by_id(field), &json!({ "id": flag })).await, "UNAUTHENTICATED");
        }
    })
    .await;
}

#[tokio::test]
async fn flags_leave_the_queue_once_a_moderator_decides_or_acts() {
    with_app(async |app| {
        let (owner, reader) = (app.trainer().await, app.practitioner().await);
        let place = Place::new(&owner, "MEMBERS").await;
        let mut posts = Vec::new();
        for n in 0..4 {
            posts.push(post(&owner, &place.topic, &format!("Post {n}")).await);
            reader.runs(POST_FLAG, &json!({ "id": posts[n] })).await;
        }
        let open = queue(&owner, &place.community, "OPEN").await["nodes"].clone();
        for (field, other, flag) in [("flagUphold", "flagDismiss", &open[0]), ("flagDismiss", "flagUphold", &open[1])] {
            for _ in 0..2 {
                owner.runs(&by_id(field), &json!({ "id": flag["id"] })).await;
            }
            assert_eq!(owner.problems(&by_id(other), &json!({ "id": flag["id"] })).await, ["WRONG_STATE id"]);
        }
        owner.runs(&with_reason("postHide"), &json!({ "id": posts[2] })).await;
        owner.runs(&with_reason("postRedact"), &json!({ "id": posts[3] })).await;

        assert_eq!(queue(&owner, &place.community, "OPEN").await["nodes"], json!([]));
        let upheld = queue(&owner, &place.community, "UPHELD").await["nodes"].clone();
        assert_eq!(upheld.as_array().map(Vec::len), Some(3));
        assert_eq!(upheld[0]["resolvedBy"]["id"], json!(owner.id()));
        assert!(upheld[0]["resolvedAt"].is_string());
        let bodies: Vec<_> = upheld.as_array().into_iter().flatten().map(|flag| flag["post"]["body"].clone()).collect();
        assert_eq!(bodies, [json!("Post 0"), json!("Post 2"), Value::Null]);
        assert_eq!(queue(&owner, &place.community, "DISMISSED").await["nodes"].as_array().map(Vec::len), Some(1));
        assert_eq!(reader.problems(POST_FLAG, &json!({ "id": posts[2] })).await, ["WRONG_STATE input.postId"]);
    })
    .await;
}
