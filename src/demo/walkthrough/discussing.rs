//! Discussion: a topic, a live reply, a flag, and what a moderator does.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use super::{People, Walk, key, list, same, text};

const POSTS: &str = "query($id: ID!) { topic(id: $id) { viewerUnreadCount posts(first: 10) { nodes {
    number state body bodyHtml } } } }";

/// Opens a community and discusses in it.
pub async fn discuss(walk: &mut Walk<'_>, people: &People) -> anyhow::Result<()> {
    let trainer = &people.trainer;
    let texts = json!({ "language": "en", "title": "Central authorities" });
    let input = json!({ "key": key(), "slug": format!("walkthrough-{}", walk.run), "visibility": "MEMBERS", "text": texts });
    let community = trainer.create("communityCreate", "CommunityCreateInput", input, "community").await?;
    let text = json!({ "language": "en", "title": "Questions" });
    let input = json!({ "key": key(), "parentId": community, "text": text });
    let category = trainer.create("categoryCreate", "CategoryCreateInput", input, "category").await?;
    let input = json!({
        "key": key(), "categoryId": category, "title": "Which form?", "language": "en",
        "body": "Is there a **form**? <script>alert(1)</script>",
    });
    let topic = people.practitioner.create("topicCreate", "TopicCreateInput", input, "topic").await?;
    let posts = people.other.ask(POSTS, json!({ "id": topic })).await?["topic"]["posts"]["nodes"].clone();
    let html = self::text(&posts[0]["bodyHtml"]);
    ensure!(html.contains("<strong>form</strong>") && !html.contains("<script"), "{html}");
    walk.did("the practitioner starts a topic", "Markdown shown as clean HTML, the script gone");

    reply_live(walk, people, &topic).await?;
    let spam = post(people, &topic, "Cheap tickets, call 0000!").await?;
    moderate(walk, people, &community, &topic, &spam).await
}

async fn post(people: &People, topic: &Value, body: &str) -> anyhow::Result<Value> {
    let input = json!({ "key": key(), "topicId": topic, "language": "en", "body": body });
    people.other.create("postCreate", "PostCreateInput", input, "post").await
}

async fn reply_live(walk: &mut Walk<'_>, people: &People, topic: &Value) -> anyhow::Result<()> {
    let document = "subscription($id: ID!) { postAdded(topicId: $id) { number author { fullName } body } }";
    let mut following = people.practitioner.follow(document, json!({ "id": topic })).await?;
    post(people, topic, "Yes: see annex A.").await?;
    let event = following.next(Duration::from_secs(10)).await?.context("nothing came live")?["postAdded"].clone();
    same("the number", &event["number"], 2)?;
    let author = text(&event["author"]["fullName"]);
    let unread = people.practitioner.ask(POSTS, json!({ "id": topic })).await?["topic"]["viewerUnreadCount"].clone();
    let arguments = [("id: ID!", topic.clone()), ("number: Int!", json!(2))];
    let read = people.practitioner.change("topicMarkRead", &arguments, "topic { viewerUnreadCount }").await?;
    let left = &read["topic"]["viewerUnreadCount"];
    walk.did("sees a reply arrive live", &format!("post 2 by {author} over WebSocket; unread {unread}, then {left}"));
    Ok(())
}

async fn moderate(walk: &mut Walk<'_>, people: &People, community: &Value, topic: &Value, spam: &Value) -> anyhow::Result<()> {
    let (moderator, reader) = (&people.trainer, &people.practitioner);
    let input = json!({ "postId": spam, "reason": "SPAM", "comment": "Not our subject." });
    reader.change("postFlag", &[("input: PostFlagInput!", input)], "").await?;
    let query = "query($id: ID!) { community(id: $id) { flags(first: 10) { nodes { id post { id } reason } } } }";
    let hidden = reader.ask(query, json!({ "id": community })).await?["community"]["flags"].clone();
    same("the queue, as members see it", &hidden, Value::Null)?;
    let queue = moderator.ask(query, json!({ "id": community })).await?["community"]["flags"]["nodes"].clone();
    same("the post flagged", &queue[0]["post"]["id"], spam.clone())?;
    walk.did("reports a post", &format!("{} in the moderators' queue of {}", text(&queue[0]["reason"]), list(&queue).count()));

    let reason = ("reason: String!", json!("Advertising"));
    let refused = reader.refused("postHide", &[("id: ID!", spam.clone()), reason.clone()]).await?;
    moderator.change("postHide", &[("id: ID!", spam.clone()), reason.clone()], "").await?;
    let posts = reader.ask(POSTS, json!({ "id": topic })).await?["topic"]["posts"]["nodes"].clone();
    let hidden = list(&posts).find(|post| post["number"] == 3).cloned().unwrap_or_default();
    same("the text of a hidden post", &hidden["body"], Value::Null)?;
    walk.did("a moderator hides it", &format!("its text is gone for members; by a member: {refused}"));

    moderator.change("postRedact", &[("id: ID!", spam.clone()), reason], "").await?;
    let left = moderator.ask(query, json!({ "id": community })).await?["community"]["flags"]["nodes"].clone();
    same("the queue", &left, json!([]))?;
    let query = "query($id: ID!) { post(id: $id) { state body bodyHtml revisions { body } } }";
    let redacted = moderator.ask(query, json!({ "id": spam })).await?["post"].clone();
    ensure!(!redacted.to_string().contains("tickets"), "{redacted}");
    walk.did("and redacts it", &format!("{}: gone from history too; the queue is empty", text(&redacted["state"])));
    Ok(())
}
