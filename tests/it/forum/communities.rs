//! Communities and their categories.

use lyceum::role::{Roles, SiteRole};
use serde_json::{Value, json};

use super::{
    CATEGORY_CREATE, COMMUNITY_CREATE, MEMBER_REINSTATE, MEMBER_REMOVE, Place, audited, by_id, category, community, id, let_in,
    topic_input,
};
use crate::{
    app::{Client, key, with_app},
    forum::{POST_CREATE, TOPIC_CREATE, post_input},
};

const UPDATE: &str = "mutation($id: ID!, $input: CommunityUpdateInput!) {
    communityUpdate(id: $id, input: $input) { community { slug visibility } userErrors { code field } } }";
const TEXT_SET: &str = "mutation($id: ID!, $input: CommunityTextInput!) {
    communityTextSet(id: $id, input: $input) { userErrors { code field } } }";
const TEXT_REMOVE: &str = "mutation($id: ID!, $language: Language!) {
    communityTextRemove(id: $id, language: $language) { userErrors { code field } } }";
const CATEGORY_TEXT_SET: &str = "mutation($id: ID!, $input: CategoryTextInput!) {
    categoryTextSet(id: $id, input: $input) { category { title } userErrors { code field } } }";
const CATEGORY_TEXT_REMOVE: &str = "mutation($id: ID!, $language: Language!) {
    categoryTextRemove(id: $id, language: $language) { category { title } userErrors { code field } } }";
const REORDER: &str = "mutation($id: ID!, $order: [ID!]!) {
    categoriesReorder(parentId: $id, categoryIds: $order) { categories { id position } userErrors { code field } } }";
const TEXTS: &str = "query($id: ID!, $language: Language) { community(id: $id) { title
    text(language: $language) { title descriptionHtml language direction isOriginal isOutdated }
    translations { language } } }";

fn new_community(slug: Option<&str>, title: &str) -> Value {
    json!({ "input": { "key": key(), "slug": slug, "text": { "language": "en", "title": title } } })
}

#[tokio::test]
async fn trainers_and_administrators_make_communities_and_nobody_else_does() {
    with_app(async |app| {
        let input = new_community(None, "Prosecutors");
        assert_eq!(app.visitor().fails(COMMUNITY_CREATE, &input).await, "UNAUTHENTICATED");
        assert_eq!(app.practitioner().await.fails(COMMUNITY_CREATE, &input).await, "FORBIDDEN");
        let unvetted = app.person(Roles::default().with(SiteRole::Trainer), false).await;
        assert_eq!(unvetted.fails(COMMUNITY_CREATE, &input).await, "FORBIDDEN");
        app.trainer().await.runs(COMMUNITY_CREATE, &input).await;
        app.administrator().await.runs(COMMUNITY_CREATE, &new_community(None, "Judges")).await;
    })
    .await;
}

#[tokio::test]
async fn a_community_is_made_once_for_its_key() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let mut input = new_community(None, "Prosecutors");
        let first = trainer.runs(COMMUNITY_CREATE, &input).await;
        assert_eq!(trainer.runs(COMMUNITY_CREATE, &input).await, first);
        input["input"]["text"]["title"] = json!("Judges");
        assert_eq!(trainer.problems(COMMUNITY_CREATE, &input).await, ["KEY_REUSED input.key"]);
    })
    .await;
}

#[tokio::test]
async fn an_address_part_is_made_from_the_title_and_belongs_to_one_community() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let slug =
            async |input: Value| trainer.runs(COMMUNITY_CREATE, &input).await["communityCreate"]["community"]["slug"].clone();
        assert_eq!(slug(new_community(None, "Jeunes magistrats : été")).await, "jeunes-magistrats-ete");
        assert_ne!(slug(new_community(None, "Jeunes magistrats : été")).await, "jeunes-magistrats-ete");
        assert_eq!(slug(new_community(Some("judges"), "Judges")).await, "judges");
        let taken = trainer.problems(COMMUNITY_CREATE, &new_community(Some("judges"), "Others")).await;
        assert_eq!(taken, ["TAKEN input.slug"]);

        let other = community(&trainer, "PUBLIC").await;
        let taken = trainer.problems(UPDATE, &json!({ "id": other, "input": { "slug": "judges" } })).await;
        assert_eq!(taken, ["TAKEN input.slug"]);
        let moved = trainer.runs(UPDATE, &json!({ "id": other, "input": { "slug": "jurists" } })).await;
        assert_eq!(moved["communityUpdate"]["community"], json!({ "slug": "jurists", "visibility": "PUBLIC" }));
        let found = app.visitor().runs("{ community(slug: \"jurists\") { id } }", &json!({})).await;
        assert_eq!(found["community"]["id"], json!(other));
    })
    .await;
}

#[tokio::test]
async fn all_that_is_wrong_with_a_community_is_said_at_once() {
    with_app(async |app| {
        let text = json!({ "language": "tlh", "title": " ", "description": "a".repeat(20_001) });
        let input = json!({ "input": { "key": key(), "slug": "Not a slug", "text": text } });
        let problems = app.trainer().await.problems(COMMUNITY_CREATE, &input).await;
        assert_eq!(
            problems,
            ["INVALID input.text.language", "TOO_LONG input.text.description", "BLANK input.text.title", "INVALID input.slug"]
        );
    })
    .await;
}

/// Whether a person finds a place, which must be the same by every way to it.
async fn sees(person: &Client<'_>, place: &Place) -> bool {
    let ways = "query($community: ID!, $category: ID!, $topic: ID!, $post: ID!) {
        communities { nodes { id } } community(id: $community) { id } category(id: $category) { id } topic(id: $topic) { id }
        post(id: $post) { id } nodes(ids: [$community, $category, $topic, $post]) { id } }";
    let post = person.app.first_post(&place.topic).await;
    let variables = json!({ "community": place.community, "category": place.category, "topic": place.topic, "post": post });
    let found = person.runs(ways, &variables).await;
    let mut answers: Vec<bool> = vec![!found["communities"]["nodes"].as_array().expect("a list").is_empty()];
    answers.extend(["community", "category", "topic", "post"].map(|way| !found[way].is_null()));
    answers.extend(found["nodes"].as_array().expect("a list").iter().map(|node| !node.is_null()));
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{found:#}");
    answers[0]
}

impl crate::app::TestApp {
    /// The id of the first post of a topic.
    async fn first_post(&self, topic: &str) -> String {
        let admin = self.administrator().await;
        let found = admin.runs("query($id: ID!) { topic(id: $id) { posts { nodes { id } } } }", &json!({ "id": topic })).await;
        id(&found["topic"]["posts"]["nodes"][0])
    }
}

#[tokio::test]
async fn a_community_and_all_in_it_is_seen_by_its_mark_alone() {
    with_app(async |app| {
        let owner = app.trainer().await;
        let admin = app.administrator().await;
        let (practitioner, unvetted, guest) = (app.practitioner().await, app.unvetted().await, app.practitioner().await);
        let visitor = app.visitor();
        let place = Place::new(&owner, "INVITED").await;
        let_in(app, &place.community, &guest, "MEMBER").await;
        for (mark, expected) in [
            ("INVITED", [true, true, true, false, false, false]),
            ("MEMBERS", [true, true, true, true, false, false]),
            ("PUBLIC", [true, true, true, true, true, true]),
        ] {
            owner.runs(UPDATE, &json!({ "id": place.community, "input": { "visibility": mark } })).await;
            let people = [&owner, &admin, &guest, &practitioner, &unvetted, &visitor];
            for (person, expected) in people.into_iter().zip(expected) {
                assert_eq!(sees(person, &place).await, expected, "{mark} {}", person.email);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn who_is_removed_sees_a_community_only_where_anyone_may_and_posts_nowhere_in_it() {
    with_app(async |app| {
        let (owner, person) = (app.trainer().await, app.practitioner().await);
        let place = Place::new(&owner, "MEMBERS").await;
        let_in(app, &place.community, &person, "MEMBER").await;
        let both = json!({ "id": place.community, "user": person.id() });
        let post = post_input(&place.topic, "Hello");
        person.runs(POST_CREATE, &post_input(&place.topic, "Before")).await;
        owner.runs(MEMBER_REMOVE, &both).await;

        owner.runs(MEMBER_REMOVE, &both).await;
        for mark in ["MEMBERS", "INVITED"] {
            owner.runs(UPDATE, &json!({ "id": place.community, "input": { "visibility": mark } })).await;
            assert!(!sees(&person, &place).await, "{mark}");
            assert_eq!(person.fails(POST_CREATE, &post).await, "NOT_FOUND");
        }
        owner.runs(UPDATE, &json!({ "id": place.community, "input": { "visibility": "PUBLIC" } })).await;
        assert!(sees(&person, &place).await);
        assert_eq!(person.fails(POST_CREATE, &post).await, "FORBIDDEN");
        assert_eq!(person.fails(TOPIC_CREATE, &topic_input(&place.category, "New")).await, "FORBIDDEN");
        let can = person.runs("query($id: ID!) { topic(id: $id) { viewerCanPost } }", &json!({ "id": place.topic })).await;
        assert_eq!(can["topic"]["viewerCanPost"], false);

        owner.runs(MEMBER_REINSTATE, &both).await;
        owner.runs(MEMBER_REINSTATE, &both).await;
        person.runs(POST_CREATE, &post).await;
    })
    .await;
}

#[tokio::test]
async fn owners_are_never_removed_and_moderators_only_by_those_who_may_change_the_community() {
    with_app(async |app| {
        let (owner, moderator, other) = (app.trainer().await, app.practitioner().await, app.practitioner().await);
        let place = Place::new(&owner, "MEMBERS").await;
        for person in [&moderator, &other] {
            let_in(app, &place.community, person, "MODERATOR").await;
        }
        let remove = |person: &Client<'_>| json!({ "id": place.community, "user": person.id() });
        assert_eq!(moderator.problems(MEMBER_REMOVE, &remove(&owner)).await, ["WRONG_STATE userId"]);
        assert_eq!(moderator.problems(MEMBER_REMOVE, &remove(&other)).await, ["WRONG_STATE userId"]);
        assert_eq!(moderator.problems(MEMBER_REMOVE, &remove(&moderator)).await, ["WRONG_STATE userId"]);
        let nobody = json!({ "id": place.community, "user": lyceum::ids::UserId::new().to_string() });
        assert_eq!(moderator.problems(MEMBER_REMOVE, &nobody).await, ["NOT_FOUND userId"]);
        let blank = json!({ "id": place.community, "user": other.id(), "reason": " " });
        assert_eq!(moderator.problems(MEMBER_REMOVE, &blank).await, ["BLANK reason"]);

        owner.runs(MEMBER_REMOVE, &remove(&other)).await;
        assert_eq!(other.fails(MEMBER_REMOVE, &remove(&moderator)).await, "NOT_FOUND");
        let removals = "query($id: ID!) { community(id: $id) { removals { nodes { user { id } reason removedBy { id } } } } }";
        let seen = moderator.runs(removals, &json!({ "id": place.community })).await;
        let expected = json!([{ "user": { "id": other.id() }, "reason": "Insults", "removedBy": { "id": owner.id() } }]);
        assert_eq!(seen["community"]["removals"]["nodes"], expected);
        let seen = app.practitioner().await.runs(removals, &json!({ "id": place.community })).await;
        assert_eq!(seen["community"]["removals"], json!(null));
    })
    .await;
}

#[tokio::test]
async fn only_those_who_may_change_a_community_change_it_or_its_categories() {
    with_app(async |app| {
        let owner = app.trainer().await;
        let (open, closed) = (Place::new(&owner, "PUBLIC").await, Place::new(&owner, "INVITED").await);
        let moderator = app.practitioner().await;
        let_in(app, &open.community, &moderator, "MODERATOR").await;
        let (visitor, trainer) = (app.visitor(), app.trainer().await);
        let text = json!({ "language": "fr", "title": "Procureurs" });
        let attempts = |place: &Place| {
            let (community, category) = (json!(place.community), json!(place.category));
            [
                (UPDATE.to_owned(), json!({ "id": community, "input": { "visibility": "PUBLIC" } })),
                (TEXT_SET.to_owned(), json!({ "id": community, "input": text })),
                (TEXT_REMOVE.to_owned(), json!({ "id": community, "language": "fr" })),
                (by_id("communityArchive"), json!({ "id": community })),
                (by_id("communityRestore"), json!({ "id": community })),
                (REORDER.to_owned(), json!({ "id": community, "order": [category] })),
                (CATEGORY_CREATE.to_owned(), json!({ "input": { "key": key(), "parentId": community, "text": text } })),
                (CATEGORY_TEXT_SET.to_owned(), json!({ "id": category, "input": text })),
                (CATEGORY_TEXT_REMOVE.to_owned(), json!({ "id": category, "language": "fr" })),
                (by_id("categoryArchive"), json!({ "id": category })),
                (by_id("categoryRestore"), json!({ "id": category })),
            ]
        };
        for (document, variables) in attempts(&open) {
            assert_eq!(visitor.fails(&document, &variables).await, "UNAUTHENTICATED", "{document}");
            assert_eq!(trainer.fails(&document, &variables).await, "FORBIDDEN", "{document}");
            assert_eq!(moderator.fails(&document, &variables).await, "FORBIDDEN", "{document}");
        }
        for (document, variables) in attempts(&closed) {
            assert_eq!(trainer.fails(&document, &variables).await, "NOT_FOUND", "{document}");
        }
        let admin = app.administrator().await;
        for (document, variables) in attempts(&closed) {
            admin.runs(&document, &variables).await;
        }
    })
    .await;
}

#[tokio::test]
async fn readers_get_a_community_in_their_language_and_learn_when_it_is_outdated() {
    with_app(async |app| {
        let (owner, reader) = (app.trainer().await, app.practitioner().await);
        let id = community(&owner, "PUBLIC").await;
        let arabic = json!({ "language": "ar", "title": "المدعون العامون", "description": "<script>alert(1)</script>" });
        owner.runs(TEXT_SET, &json!({ "id": id, "input": arabic })).await;

        let read = async |language: &str| {
            let found = reader.runs(TEXTS, &json!({ "id": id, "language": language })).await;
            found["community"].clone()
        };
        let text = read("ar").await["text"].clone();
        assert_eq!(text["direction"], "RTL");
        assert_eq!((&text["isOriginal"], &text["isOutdated"]), (&json!(false), &json!(false)));
        assert!(!text["descriptionHtml"].as_str().expect("HTML").contains("<script"), "{text}");
        let visiting = app.visitor().accepting("ar").runs(TEXTS, &json!({ "id": id })).await;
        assert_eq!(visiting["community"]["title"], "المدعون العامون");
        assert_eq!(read("zh").await["text"]["language"], "en");
        assert_eq!(read("zh").await["translations"], json!([]));

        let english = json!({ "language": "en", "title": "Public prosecutors" });
        owner.runs(TEXT_SET, &json!({ "id": id, "input": english })).await;
        assert_eq!(read("ar").await["text"]["isOutdated"], true);
        let all = owner.runs(TEXTS, &json!({ "id": id })).await;
        assert_eq!(all["community"]["translations"], json!([{ "language": "ar" }, { "language": "en" }]));

        let remove = async |language: &str| owner.sends(TEXT_REMOVE, &json!({ "id": id, "language": language })).await;
        let code = |answer: &Value| answer["data"]["communityTextRemove"]["userErrors"][0]["code"].clone();
        assert_eq!(code(&remove("en").await), "WRONG_STATE");
        assert_eq!(code(&remove("ar").await), json!(null));
        assert_eq!(code(&remove("ar").await), "NOT_FOUND");
        assert_eq!(read("ar").await["text"]["language"], "en");
    })
    .await;
}

#[tokio::test]
async fn the_same_text_again_outdates_no_translation_and_is_no_change() {
    with_app(async |app| {
        let owner = app.trainer().await;
        let place = Place::new(&owner, "PUBLIC").await;
        for (set, field, id) in [(TEXT_SET, "community", &place.community), (CATEGORY_TEXT_SET, "category", &place.category)] {
            let english = json!({ "language": "en", "title": "Extradition", "description": "For all." });
            let french = json!({ "language": "fr", "title": "Extradition", "description": "Pour tous." });
            for input in [&english, &french, &english, &french] {
                owner.runs(set, &json!({ "id": id, "input": input })).await;
            }
            let read = format!("query($id: ID!) {{ {field}(id: $id) {{ translations {{ language isOutdated }} }} }}");
            let seen = owner.runs(&read, &json!({ "id": id })).await[field]["translations"].clone();
            let current = |language: &str| json!({ "language": language, "isOutdated": false });
            assert_eq!(seen, json!([current("en"), current("fr")]), "{field}");
            let (set, made) = (format!("{field}.text_set"), format!("{field}.created"));
            assert_eq!(audited(app, id).await, [set.as_str(), &set, &made]);
        }
    })
    .await;
}

#[tokio::test]
async fn a_community_that_is_as_asked_is_not_changed() {
    with_app(async |app| {
        let owner = app.trainer().await;
        let made = owner.runs(COMMUNITY_CREATE, &new_community(Some("judges"), "Judges")).await;
        let id = id(&made["communityCreate"]["community"]);
        let input = json!({ "slug": "judges", "visibility": "MEMBERS" });
        owner.runs(UPDATE, &json!({ "id": id, "input": input })).await;
        assert_eq!(audited(app, &id).await, ["community.created"]);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_posted_in_an_archived_community_until_it_is_restored() {
    with_app(async |app| {
        let owner = app.trainer().await;
        let place = Place::new(&owner, "MEMBERS").await;
        let (archive, restore) = (by_id("communityArchive"), by_id("communityRestore"));
        let its = json!({ "id": place.community });
        owner.runs(&restore, &its).await;
        for _ in 0..2 {
            owner.runs(&archive, &its).await;
        }

        let post = post_input(&place.topic, "Hello");
        assert_eq!(owner.problems(POST_CREATE, &post).await, ["WRONG_STATE input.topicId"]);
        let topic = topic_input(&place.category, "New");
        assert_eq!(owner.problems(TOPIC_CREATE, &topic).await, ["WRONG_STATE input.categoryId"]);
        let state = "query($id: ID!) { community(id: $id) { isArchived viewerCanPost viewerCanEdit categories { viewerCanPost } } }";
        let seen = owner.runs(state, &its).await;
        let expected = json!({ "isArchived": true, "viewerCanPost": false, "viewerCanEdit": true, "categories": [{ "viewerCanPost": false }] });
        assert_eq!(seen["community"], expected);

        for _ in 0..2 {
            owner.runs(&restore, &its).await;
        }
        owner.runs(POST_CREATE, &post).await;
        let entries = audited(app, &place.community).await;
        assert_eq!(entries, ["community.restored", "community.archived", "community.created"], "again is no change");
    })
    .await;
}

#[tokio::test]
async fn who_made_a_community_is_shown_as_their_account_allows() {
    with_app(async |app| {
        let owner = app.trainer().await;
        let id = community(&owner, "PUBLIC").await;
        let read = "query($id: ID!) { community(id: $id) { owner { id fullName email } } }";
        let seen = app.practitioner().await.runs(read, &json!({ "id": id })).await["community"]["owner"].clone();
        assert_eq!(seen, json!({ "id": owner.id(), "fullName": "Person 1", "email": null }));
        assert_eq!(app.visitor().runs(read, &json!({ "id": id })).await["community"]["owner"]["fullName"], json!(null));
    })
    .await;
}

#[tokio::test]
async fn categories_stand_in_the_order_given() {
    with_app(async |app| {
        let owner = app.trainer().await;
        let (one, other) = (community(&owner, "PUBLIC").await, community(&owner, "PUBLIC").await);
        let (a, b, c) = (category(&owner, &one).await, category(&owner, &one).await, category(&owner, &one).await);
        let foreign = category(&owner, &other).await;
        let order = |ids: &[&String]| json!({ "id": one, "order": ids });
        assert_eq!(owner.problems(REORDER, &order(&[&b, &a])).await, ["INCOMPLETE categoryIds"]);
        assert_eq!(owner.problems(REORDER, &order(&[&b, &a, &a, &c])).await, ["NOT_FOUND categoryIds.2"]);
        assert_eq!(
            owner.problems(REORDER, &order(&[&b, &a, &foreign])).await,
            ["NOT_FOUND categoryIds.2", "INCOMPLETE categoryIds"]
        );
        let done = owner.runs(REORDER, &order(&[&c, &a, &b])).await;
        let expected = json!([{ "id": c, "position": 1 }, { "id": a, "position": 2 }, { "id": b, "position": 3 }]);
        assert_eq!(done["categoriesReorder"]["categories"], expected);
        let list = "query($id: ID!) { community(id: $id) { categories { id position } } }";
        let read = app.visitor().runs(list, &json!({ "id": one })).await;
        assert_eq!(read["community"]["categories"], expected);
    })
    .await;
}

#[tokio::test]
async fn a_category_that_is_archived_takes_no_new_topics() {
    with_app(async |app| {
        let owner = app.trainer().await;
        let place = Place::new(&owner, "MEMBERS").await;
        let its = json!({ "id": place.category });
        for _ in 0..2 {
            owner.runs(&by_id("categoryArchive"), &its).await;
        }
        let topic = topic_input(&place.category, "New");
        assert_eq!(owner.problems(TOPIC_CREATE, &topic).await, ["WRONG_STATE input.categoryId"]);
        owner.runs(POST_CREATE, &post_input(&place.topic, "Still open")).await;
        owner.runs(&by_id("categoryRestore"), &its).await;
        owner.runs(TOPIC_CREATE, &topic).await;
    })
    .await;
}

#[tokio::test]
async fn a_community_has_a_hundred_categories_at_most_and_only_communities_and_courses_have_any() {
    with_app(async |app| {
        let owner = app.trainer().await;
        let full = community(&owner, "PUBLIC").await;
        for _ in 0..100 {
            category(&owner, &full).await;
        }
        let input = |parent: &str| json!({ "input": { "key": key(), "parentId": parent, "text": { "language": "en", "title": "More" } } });
        assert_eq!(owner.problems(CATEGORY_CREATE, &input(&full)).await, ["LIMIT_REACHED input.parentId"]);
        assert_eq!(owner.fails(CATEGORY_CREATE, &input(&owner.id())).await, "NOT_FOUND");
    })
    .await;
}

#[tokio::test]
async fn a_category_speaks_its_readers_language() {
    with_app(async |app| {
        let owner = app.trainer().await;
        let place = Place::new(&owner, "PUBLIC").await;
        let text = json!({ "language": "ru", "title": "Выдача", "description": "О выдаче." });
        owner.runs(CATEGORY_TEXT_SET, &json!({ "id": place.category, "input": text })).await;
        let read = "query($id: ID!) { category(id: $id) { title text { language description } translations { language } } }";
        let seen = app.visitor().accepting("ru").runs(read, &json!({ "id": place.category })).await;
        let expected = json!({ "title": "Выдача", "text": { "language": "ru", "description": "О выдаче." }, "translations": [] });
        assert_eq!(seen["category"], expected);
        let its = json!({ "id": place.category, "language": "ru" });
        owner.runs(CATEGORY_TEXT_REMOVE, &its).await;
        assert_eq!(owner.problems(CATEGORY_TEXT_REMOVE, &its).await, ["NOT_FOUND language"]);
        let original = json!({ "id": place.category, "language": "en" });
        assert_eq!(owner.problems(CATEGORY_TEXT_REMOVE, &original).await, ["WRONG_STATE language"]);
        let wrong = json!({ "id": place.category, "input": { "language": "xx", "title": "" } });
        assert_eq!(owner.problems(CATEGORY_TEXT_SET, &wrong).await, ["INVALID input.language", "BLANK input.title"]);
    })
    .await;
}

#[tokio::test]
async fn those_who_may_change_a_community_see_who_was_let_in_and_nobody_is_its_staff() {
    with_app(async |app| {
        let (owner, member) = (app.trainer().await, app.practitioner().await);
        let its = json!({ "id": community(&owner, "INVITED").await });
        let grant = "mutation($input: AccessGrantInput!) { accessGrant(input: $input) { access { id } userErrors { code field } } }";
        let input = |role: &str| json!({ "input": { "key": key(), "subjectId": its["id"], "email": member.email, "role": role } });
        assert_eq!(owner.problems(grant, &input("STAFF")).await, ["UNSUPPORTED input.role"]);
        let given = owner.runs(grant, &input("MEMBER")).await["accessGrant"]["access"]["id"].clone();
        let access = "query($id: ID!, $access: ID!) { community(id: $id) { access { nodes { user { id } role } } } node(id: $access) { id } }";
        let variables = json!({ "id": its["id"], "access": given });
        let seen = owner.runs(access, &variables).await;
        assert_eq!(seen["community"]["access"]["nodes"], json!([{ "user": null, "role": "MEMBER" }]));
        assert_eq!(seen["node"]["id"], given);
        assert_eq!(member.runs(access, &variables).await, json!({ "community": { "access": null }, "node": null }));
        let revoke = "mutation($input: AccessRevokeInput!) { accessRevoke(input: $input) { userErrors { code field } } }";
        owner.runs(revoke, &json!({ "input": { "subjectId": its["id"], "email": member.email } })).await;
        assert_eq!(member.runs(access, &variables).await["community"], Value::Null);
    })
    .await;
}

#[tokio::test]
async fn a_stranger_is_let_in_to_a_community_by_mail_that_names_nothing_of_it() {
    with_app(async |app| {
        let owner = app.trainer().await;
        let input = json!({ "key": key(), "subjectId": community(&owner, "INVITED").await, "email": "stranger@example.org" });
        let grant = "mutation($input: AccessGrantInput!) { accessGrant(input: $input) { userErrors { code field } } }";
        owner.runs(grant, &json!({ "input": input })).await;
        let mails = app.mails().await;
        assert!(mails.iter().any(|mail| mail.contains("stranger@example.org")), "{mails:?}");
        assert!(!mails.iter().any(|mail| mail.contains("Prosecutors")), "{mails:?}");
    })
    .await;
}
