//! Lists of topics and posts, and how far people have read.

use futures_util::future::join_all;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use super::{MEMBER_REMOVE, POST_DELETE, Place, by_id, category, post, topic, with_reason};
use crate::app::{Client, with_app};

const MARK: &str = "mutation($id: ID!, $number: Int!) {
    topicMarkRead(id: $id, number: $number) { topic { viewerReadNumber viewerUnreadCount } userErrors { code field } } }";
const READ: &str = "query($id: ID!) { topic(id: $id) { viewerReadNumber viewerUnreadCount } }";

/// How far a person has read a topic, and how much is unread.
async fn read(person: &Client<'_>, topic: &str) -> (Value, Value) {
    let seen = person.runs(READ, &json!({ "id": topic })).await["topic"].clone();
    (seen["viewerReadNumber"].clone(), seen["viewerUnreadCount"].clone())
}

#[tokio::test]
async fn topics_come_pinned_first_and_then_by_their_last_post_on_every_page() {
    with_app(async |app| {
        let owner = app.trainer().await;
        let place = Place::new(&owner, "PUBLIC").await;
        let second = category(&owner, &place.community).await;
        let mut topics = vec![place.topic.clone()];
        for n in 0..4 {
            app.clock.advance(chrono::Duration::seconds(1));
            let shelf = if n % 2 == 0 { &place.category } else { &second };
            topics.push(topic(&owner, shelf, &format!("Topic {n}")).await);
        }
        app.clock.advance(chrono::Duration::seconds(1));
        post(&owner, &topics[1], "Up again").await;
        owner.runs(&by_id("topicPin"), &json!({ "id": topics[2] })).await;
        let order = [2, 1, 4, 3, 0].map(|n| json!(topics[n]));

        let list = "query($id: ID!, $first: Int, $after: String) { community(id: $id) {
            topics(first: $first, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } } }";
        let mut found = Vec::new();
        let mut after = Value::Null;
        loop {
            let variables = json!({ "id": place.community, "first": 2, "after": after });
            let page = app.visitor().runs(list, &variables).await["community"]["topics"].clone();
            found.extend(page["nodes"].as_array().into_iter().flatten().map(|node| node["id"].clone()));
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(found, order);
        let list = "query($id: ID!) { category(id: $id) { topics { nodes { id } } } }";
        let of_shelf = app.visitor().runs(list, &json!({ "id": place.category })).await;
        let expected = [1, 3, 0].map(|n| json!({ "id": topics[n] }));
        assert_eq!(of_shelf["category"]["topics"]["nodes"], json!(expected));
        owner.runs(&by_id("topicUnpin"), &json!({ "id": topics[2] })).await;
        let first = "query($id: ID!) { community(id: $id) { topics(first: 1) { nodes { id } } } }";
        let first = app.visitor().runs(first, &json!({ "id": place.community })).await;
        assert_eq!(first["community"]["topics"]["nodes"][0]["id"], order[1]);
    })
    .await;
}

#[tokio::test]
async fn posts_come_in_order_from_either_end_and_those_since_a_number() {
    with_app(async |app| {
        let owner = app.trainer().await;
        let place = Place::new(&owner, "PUBLIC").await;
        for n in 2..=5 {
            post(&owner, &place.topic, &n.to_string()).await;
        }
        let list = "query($id: ID!) { topic(id: $id) { first: posts(first: 2) { nodes { number } } last: posts(last: 2) { nodes { number } }
            postsSince(number: 3) { number } } }";
        let seen = app.visitor().runs(list, &json!({ "id": place.topic })).await["topic"].clone();
        let numbers = |list: &[i32]| json!(list.iter().map(|number| json!({ "number": number })).collect::<Vec<_>>());
        assert_eq!(seen["first"]["nodes"], numbers(&[1, 2]));
        assert_eq!(seen["last"]["nodes"], numbers(&[4, 5]));
        assert_eq!(seen["postsSince"], numbers(&[4, 5]));
        for (name, argument) in [("first", "0"), ("first", "101"), ("last", "-1"), ("after", "\"forged\"")] {
            let list = format!("query($id: ID!) {{ topic(id: $id) {{ posts({name}: {argument}) {{ nodes {{ number }} }} }} }}");
            assert_eq!(app.visitor().fails(&list, &json!({ "id": place.topic })).await, "BAD_USER_INPUT", "{name}: {argument}");
        }
    })
    .await;
}

#[tokio::test]
async fn how_far_one_has_read_never_goes_back() {
    with_app(async |app| {
        let (owner, reader) = (app.trainer().await, app.practitioner().await);
        let place = Place::new(&owner, "PUBLIC").await;
        for n in 2..=5 {
            post(&owner, &place.topic, &n.to_string()).await;
        }
        assert_eq!(read(&reader, &place.topic).await, (json!(0), json!(5)));
        let mark = async |number: i32| {
            let done = reader.runs(MARK, &json!({ "id": place.topic, "number": number })).await;
            let topic = &done["topicMarkRead"]["topic"];
            (topic["viewerReadNumber"].clone(), topic["viewerUnreadCount"].clone())
        };
        assert_eq!(mark(3).await, (json!(3), json!(2)));
        assert_eq!(mark(1).await, (json!(3), json!(2)));
        assert_eq!(mark(5).await, (json!(5), json!(0)));
        for number in [0, -1, 6] {
            let problems = reader.problems(MARK, &json!({ "id": place.topic, "number": number })).await;
            assert_eq!(problems, ["OUT_OF_RANGE number"]);
        }
        assert_eq!(app.visitor().fails(MARK, &json!({ "id": place.topic, "number": 1 })).await, "UNAUTHENTICATED");
        assert_eq!(read(&app.visitor(), &place.topic).await, (Value::Null, Value::Null));
    })
    .await;
}

#[tokio::test]
async fn ones_own_posts_count_as_read_and_hide_none_of_others() {
    with_app(async |app| {
        let (owner, other) = (app.trainer().await, app.practitioner().await);
        let place = Place::new(&owner, "PUBLIC").await;
        assert_eq!(read(&owner, &place.topic).await, (json!(1), json!(0)));
        post(&other, &place.topic, "2").await;
        assert_eq!(read(&other, &place.topic).await, (json!(0), json!(1)));
        post(&owner, &place.topic, "3").await;
        assert_eq!(read(&owner, &place.topic).await, (json!(1), json!(1)));
        assert_eq!(read(&other, &place.topic).await, (json!(0), json!(2)));
    })
    .await;
}

/// What `person` has not read: counted post by post.
async fn counted(person: &Client<'_>, topic: &str, read: i64) -> usize {
    let posts = "query($id: ID!) { viewer { user { id } } topic(id: $id) { posts(first: 100) { nodes { number state author { id } } } } }";
    let seen = person.runs(posts, &json!({ "id": topic })).await;
    let is_unread = |post: &&Value| {
        post["number"].as_i64() > Some(read) && post["state"] == "SHOWN" && post["author"]["id"] != seen["viewer"]["user"]["id"]
    };
    seen["topic"]["posts"]["nodes"].as_array().into_iter().flatten().filter(is_unread).count()
}

#[tokio::test]
async fn people_who_read_a_list_at_once_are_each_told_what_they_have_not_read() {
    with_app(async |app| {
        let (owner, place) = (app.trainer().await, Place::new(&app.trainer().await, "PUBLIC").await);
        let people = join_all((0..4).map(async |_| app.practitioner().await)).await;
        let mut topics = vec![place.topic.clone()];
        for n in 0..3 {
            topics.push(topic(&owner, &place.category, &format!("Topic {n}")).await);
        }
        for (n, topic) in topics.iter().enumerate() {
            for number in 0..12 {
                let author = &people[(number * (n + 1) + n) % people.len()];
                let made = post(author, topic, "An answer").await;
                match (number + n) % 6 {
                    1 => drop(author.runs(POST_DELETE, &json!({ "id": made })).await),
                    4 if topic != &place.topic => {
                        let administrator = app.administrator().await;
                        administrator.runs(&with_reason("postHide"), &json!({ "id": made })).await;
                    }
                    _ => {}
                }
            }
            for (at, person) in people.iter().enumerate().skip(1) {
                person.runs(MARK, &json!({ "id": topic, "number": 3 * at + n })).await;
            }
        }

        let list = "query($id: ID!) { category(id: $id) { topics { nodes { id viewerReadNumber viewerUnreadCount } } } }";
        let its = json!({ "id": place.category });
        let seen = join_all(people.iter().map(|person| person.runs(list, &its))).await;
        let mut told = Vec::new();
        for (person, seen) in people.iter().zip(&seen) {
            for topic in seen["category"]["topics"]["nodes"].as_array().into_iter().flatten() {
                let (id, read_to) = (topic["id"].as_str().unwrap_or(""), topic["viewerReadNumber"].as_i64().unwrap_or(-1));
                let unread = &topic["viewerUnreadCount"];
                assert_eq!(*unread, json!(counted(person, id, read_to).await), "{topic}");
                assert_eq!(read(person, id).await, (json!(read_to), unread.clone()), "alone as in the list");
                told.push(unread.clone());
            }
        }
        assert_eq!(told.len(), people.len() * topics.len());
        told.dedup();
        assert!(told.len() > 8, "they are told different things: {told:?}");
    })
    .await;
}

#[tokio::test]
async fn people_who_read_at_once_each_see_what_they_may() {
    with_app(async |app| {
        let (owner, member, removed, visitor) =
            (app.trainer().await, app.practitioner().await, app.practitioner().await, app.visitor());
        let place = Place::new(&owner, "MEMBERS").await;
        let (hidden, made) = (topic(&owner, &place.category, "Hidden").await, post(&member, &place.topic, "Zebrafish").await);
        owner.runs(&with_reason("topicHide"), &json!({ "id": hidden })).await;
        owner.runs(&with_reason("postHide"), &json!({ "id": made })).await;
        owner.runs(MEMBER_REMOVE, &json!({ "id": place.community, "user": removed.id() })).await;
        let slug = owner.runs("query($id: ID!) { community(id: $id) { slug } }", &json!({ "id": place.community })).await;
        let list = "query($slug: String!) { community(slug: $slug) { topics { nodes { title } } } }";
        let page = "query($id: ID!) { topic(id: $id) { title viewerCanModerate posts { nodes { body author { id } } } } }";
        for _ in 0..3 {
            let its = json!({ "slug": slug["community"]["slug"] });
            let lists = join_all([&owner, &member, &removed, &visitor].map(|person| person.runs(list, &its))).await;
            let counts: Vec<_> = lists.iter().map(|seen| seen["community"]["topics"]["nodes"].as_array().map(Vec::len)).collect();
            assert_eq!(counts, [Some(2), Some(1), None, None]);
            let its = json!({ "id": place.topic });
            let pages = join_all([&owner, &member, &removed, &visitor].map(|person| person.runs(page, &its))).await;
            let seen: Vec<_> = pages.iter().map(|seen| seen["topic"]["posts"]["nodes"][1]["body"].clone()).collect();
            assert_eq!(seen, [json!("Zebrafish"), Value::Null, Value::Null, Value::Null]);
            assert_eq!(
                pages.iter().map(|seen| seen["topic"]["viewerCanModerate"].clone()).collect::<Vec<_>>(),
                [json!(true), json!(false), Value::Null, Value::Null,]
            );
            let its = json!({ "id": hidden });
            let pages = join_all([&owner, &member].map(|person| person.runs(page, &its))).await;
            assert_eq!((&pages[0]["topic"]["title"], &pages[1]["topic"]), (&json!("Hidden"), &Value::Null));
        }
    })
    .await;
}

#[tokio::test]
async fn a_cursor_of_another_list_harms_nobody_who_reads_beside() {
    with_app(async |app| {
        let (owner, reader) = (app.trainer().await, app.practitioner().await);
        let place = Place::new(&owner, "PUBLIC").await;
        let page = "query($id: ID!, $after: String) { topic(id: $id) { posts(after: $after) { nodes { number } } } }";
        let list = "query($id: ID!, $after: String) { community(id: $id) { topics(after: $after) { nodes { title } } } }";
        let far = data_encoding::BASE64URL_NOPAD.encode(b"b0\nt-8000000000000000000\nu00000000000000000000000000000000");
        for (document, id, foreign) in
            [(page, &place.topic, "YjA"), (list, &place.community, "aTE"), (list, &place.community, &far)]
        {
            let (bad, good) = (json!({ "id": id, "after": foreign }), json!({ "id": id }));
            let (refused, read) = tokio::join!(
                async { app.visitor().fails(document, &bad).await },
                join_all((0..5).map(|_| reader.runs(document, &good))),
            );
            assert_eq!(refused, "BAD_USER_INPUT", "{foreign}");
            assert!(read.iter().all(|read| read.to_string().contains("nodes")), "{read:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn posts_of_those_who_are_gone_are_unread_and_redacted_ones_are_not() {
    with_app(async |app| {
        let (owner, author, reader) = (app.trainer().await, app.practitioner().await, app.practitioner().await);
        let place = Place::new(&owner, "PUBLIC").await;
        let made = post(&author, &place.topic, "2").await;
        post(&author, &place.topic, "3").await;
        assert_eq!(read(&reader, &place.topic).await.1, json!(3));
        let administrator = app.administrator().await;
        administrator.runs(&with_reason("postRedact"), &json!({ "id": made })).await;
        assert_eq!(read(&reader, &place.topic).await.1, json!(2));
        let gone = "UPDATE post SET author_id = NULL";
        app.db.write().execute_unprepared(gone).await.expect("no authors");
        assert_eq!((read(&reader, &place.topic).await.1, read(&author, &place.topic).await.1), (json!(2), json!(2)));
    })
    .await;
}

#[tokio::test]
async fn a_place_that_is_not_seen_is_not_marked_as_read() {
    with_app(async |app| {
        let place = Place::new(&app.trainer().await, "INVITED").await;
        let mark = json!({ "id": place.topic, "number": 1 });
        assert_eq!(app.practitioner().await.fails(MARK, &mark).await, "NOT_FOUND");
    })
    .await;
}
