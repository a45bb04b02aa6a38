//! Communities, and the discussion in them and in courses.

use serde_json::json;

use super::{
    AUTHOR, COMMUNITY_EDITORS, MEMBERS, MODERATORS, MODERATORS_IN_SECRET, Row, SEE, SEE_COMMUNITY, STAFF, TRAINERS, World, alike,
    by_id, list, live, row, updating, with_input, worlds,
};
use crate::permissions::outcomes::KEY;

pub fn rows(w: &World) -> Vec<Row> {
    [reading(w), following(w), founding(w), shelving(w), posting(w), moderating(w)].into_iter().flatten().collect()
}

fn reading(w: &World) -> Vec<Row> {
    let moderators = alike("- - - - - -  - - ok  - ok ok");
    vec![
        by_id("community", &w["community"], SEE_COMMUNITY),
        row("community", json!({ "slug": "prosecutors" }), SEE_COMMUNITY),
        list("communities", json!({}), &w["community"], SEE_COMMUNITY),
        by_id("category", &w["category"], SEE_COMMUNITY),
        by_id("topic", &w["topic"], SEE_COMMUNITY),
        by_id("topic", &w["hidden topic"], moderators.clone()),
        by_id("topic", &w["course topic"], SEE),
        by_id("post", &w["post of topic"], SEE_COMMUNITY),
        by_id("post", &w["post of hidden topic"], moderators),
        by_id("post", &w["post of course topic"], SEE),
    ]
}

fn following(w: &World) -> Vec<Row> {
    let readers = worlds("N N N N N N  ok N ok  N ok ok", "ok ok ok ok ok ok  ok ok ok  ok ok ok");
    let topic = json!({ "topicId": w["topic"] });
    let post = json!({ "input": { "key": KEY, "topicId": w["topic"], "body": "More", "language": "en" } });
    let edit = json!({ "id": w["owner's post"], "input": { "body": "Better" } });
    vec![
        live("postAdded", topic.clone(), ("postCreate", post), readers.clone()),
        live("postChanged", topic, ("postUpdate", edit), readers),
    ]
}

fn founding(w: &World) -> Vec<Row> {
    let community = &w["community"];
    let text = json!({ "language": "en", "title": "Taken over" });
    let member = |reason: Option<&str>, kind: &str| match reason {
        Some(reason) => json!({ "id": community, "userId": w[kind], "reason": reason }),
        None => json!({ "id": community, "userId": w[kind] }),
    };
    vec![
        with_input("communityCreate", json!({ "key": KEY, "text": text }), TRAINERS),
        updating("communityUpdate", community, json!({ "visibility": "MEMBERS" }), COMMUNITY_EDITORS),
        updating("communityTextSet", community, text, COMMUNITY_EDITORS),
        row("communityTextRemove", json!({ "id": community, "language": "fr" }), COMMUNITY_EDITORS),
        by_id("communityArchive", community, COMMUNITY_EDITORS),
        by_id("communityRestore", community, COMMUNITY_EDITORS),
        row("communityMemberRemove", member(Some("Insults"), "@learner"), MODERATORS),
        row("communityMemberReinstate", member(None, "@removed"), MODERATORS),
    ]
}

fn shelving(w: &World) -> Vec<Row> {
    let (community, category) = (&w["community"], &w["category"]);
    let text = json!({ "language": "en", "title": "Taken over" });
    let order = [&w["other category"], category];
    vec![
        with_input("categoryCreate", json!({ "key": KEY, "parentId": community, "text": text }), COMMUNITY_EDITORS),
        with_input("categoryCreate", json!({ "key": KEY, "parentId": w["course"], "text": text }), STAFF),
        updating("categoryTextSet", category, text.clone(), COMMUNITY_EDITORS),
        updating("categoryTextSet", &w["course category"], text, STAFF),
        row("categoryTextRemove", json!({ "id": category, "language": "fr" }), COMMUNITY_EDITORS),
        row("categoriesReorder", json!({ "parentId": community, "categoryIds": order }), COMMUNITY_EDITORS),
        by_id("categoryArchive", category, COMMUNITY_EDITORS),
        by_id("categoryRestore", category, COMMUNITY_EDITORS),
    ]
}

fn posting(w: &World) -> Vec<Row> {
    let (category, topic, post) = (&w["category"], &w["topic"], &w["post of topic"]);
    let new_topic =
        |category: &str| json!({ "key": KEY, "categoryId": category, "title": "New", "body": "New", "language": "en" });
    let new_post = |topic: &str| json!({ "key": KEY, "topicId": topic, "body": "New", "language": "en" });
    let author_and_moderators = worlds("U U F N N N  ok N ok  N ok ok", "U U F F F F  ok F ok  F ok ok");
    // Who was removed may take back what they wrote, where they see it, but not write it anew.
    let of_removed = worlds("U U N N N N  F N F  N F F", "U U F F F F  F ok F  F F F");
    let readers = worlds("U U N N N N  ok N ok  N ok ok", "U U ok ok ok ok  ok ok ok  ok ok ok");
    let learners = worlds("U U F N N N  ok N N  ok ok ok", "U U F F F F  ok F F  ok ok ok");
    vec![
        with_input("topicCreate", new_topic(category), MEMBERS),
        with_input("topicCreate", new_topic(&w["course category"]), learners.clone()),
        with_input("postCreate", new_post(topic), MEMBERS),
        with_input("postCreate", new_post(&w["course topic"]), learners),
        with_input("postCreate", new_post(&w["hidden topic"]), MODERATORS_IN_SECRET.always("unvetted", "F")),
        updating("postUpdate", post, json!({ "body": "Better" }), AUTHOR.always("unvetted", "F")),
        by_id("postDelete", post, AUTHOR),
        updating(
            "postUpdate",
            &w["removed's post"],
            json!({ "body": "Better" }),
            of_removed.clone().but("removed", "F").always("unvetted", "F"),
        ),
        by_id("postDelete", &w["removed's post"], of_removed),
        with_input("postFlag", json!({ "postId": post, "reason": "SPAM" }), MEMBERS),
        row("topicRename", json!({ "id": topic, "title": "Better" }), author_and_moderators),
        row("topicMarkRead", json!({ "id": topic, "number": 1 }), readers),
    ]
}

fn moderating(w: &World) -> Vec<Row> {
    let (topic, post) = (&w["topic"], &w["post of topic"]);
    let because = |id: &str| json!({ "id": id, "reason": "Against our rules" });
    vec![
        by_id("topicPin", topic, MODERATORS),
        by_id("topicUnpin", topic, MODERATORS),
        by_id("topicLock", topic, MODERATORS),
        by_id("topicUnlock", topic, MODERATORS),
        row("topicMove", json!({ "id": topic, "categoryId": w["other category"] }), MODERATORS),
        row("topicHide", because(topic), MODERATORS),
        row("topicHide", because(&w["course topic"]), STAFF),
        by_id("topicUnhide", &w["hidden topic"], MODERATORS_IN_SECRET),
        row("postHide", because(post), MODERATORS),
        row("postHide", because(&w["post of course topic"]), STAFF),
        by_id("postUnhide", &w["hidden post"], MODERATORS),
        row("postRedact", because(post), MODERATORS),
        by_id("flagUphold", &w["flag"], MODERATORS_IN_SECRET),
        by_id("flagDismiss", &w["flag"], MODERATORS_IN_SECRET),
    ]
}
