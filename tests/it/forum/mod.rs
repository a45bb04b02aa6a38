//! Discussion: communities, categories, topics and posts.

mod communities;
mod courses;
mod discussing;
mod following;
mod moderating;
mod reading;

use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::app::{Client, TestApp, key};

pub const COMMUNITY_CREATE: &str = "mutation($input: CommunityCreateInput!) {
    communityCreate(input: $input) { community { id slug } userErrors { code field } } }";
pub const CATEGORY_CREATE: &str = "mutation($input: CategoryCreateInput!) {
    categoryCreate(input: $input) { category { id position } userErrors { code field } } }";
pub const TOPIC_CREATE: &str = "mutation($input: TopicCreateInput!) {
    topicCreate(input: $input) { topic { id posts { nodes { id } } } userErrors { code field } } }";
pub const POST_CREATE: &str = "mutation($input: PostCreateInput!) {
    postCreate(input: $input) { post { id number } userErrors { code field } } }";
pub const POST_UPDATE: &str = "mutation($id: ID!, $body: Markdown!) {
    postUpdate(id: $id, input: { body: $body }) { post { body editedAt } userErrors { code field } } }";
pub const POST_DELETE: &str = "mutation($id: ID!) { postDelete(id: $id) { post { number state } userErrors { code field } } }";
pub const POST_FLAG: &str = "mutation($id: ID!, $reason: FlagReason! = SPAM, $comment: String! = \"\") {
    postFlag(input: { postId: $id, reason: $reason, comment: $comment }) {
        post { viewerHasFlagged } userErrors { code field } } }";
pub const MEMBER_REMOVE: &str = "mutation($id: ID!, $user: ID!, $reason: String! = \"Insults\") {
    communityMemberRemove(id: $id, userId: $user, reason: $reason) { community { id } userErrors { code field } } }";
pub const MEMBER_REINSTATE: &str = "mutation($id: ID!, $user: ID!) {
    communityMemberReinstate(id: $id, userId: $user) { community { id } userErrors { code field } } }";
pub const POST: &str = "query($id: ID!) { post(id: $id) {
    number state body bodyHtml editedAt author { id } revisions { body } inReplyTo { body } viewerCanEdit } }";

/// A mutation of one object by its id alone.
pub fn by_id(field: &str) -> String {
    format!("mutation($id: ID!) {{ {field}(id: $id) {{ userErrors {{ code field }} }} }}")
}

/// A mutation of one object by its id, with a reason.
pub fn with_reason(field: &str) -> String {
    format!(
        "mutation($id: ID!, $reason: String! = \"Against our rules\") {{
            {field}(id: $id, reason: $reason) {{ userErrors {{ code field }} }} }}"
    )
}

/// The id of a new community.
pub async fn community(maker: &Client<'_>, visibility: &str) -> String {
    let text = json!({ "language": "en", "title": "Prosecutors", "description": "For *all* of us." });
    let input = json!({ "key": key(), "visibility": visibility, "text": text });
    let made = maker.runs(COMMUNITY_CREATE, &json!({ "input": input })).await;
    id(&made["communityCreate"]["community"])
}

/// The id of a new category.
pub async fn category(maker: &Client<'_>, parent: &str) -> String {
    let input = json!({ "key": key(), "parentId": parent, "text": { "language": "en", "title": "Extradition" } });
    id(&maker.runs(CATEGORY_CREATE, &json!({ "input": input })).await["categoryCreate"]["category"])
}

/// What a new topic is made with.
pub fn topic_input(category: &str, title: &str) -> Value {
    json!({ "input": { "key": key(), "categoryId": category, "title": title, "body": "Who has done this?", "language": "en" } })
}

/// The id of a new topic.
pub async fn topic(author: &Client<'_>, category: &str, title: &str) -> String {
    id(&author.runs(TOPIC_CREATE, &topic_input(category, title)).await["topicCreate"]["topic"])
}

/// What a new post is made with.
pub fn post_input(topic: &str, body: &str) -> Value {
    json!({ "input": { "key": key(), "topicId": topic, "body": body, "language": "en" } })
}

/// The id of a new post.
pub async fn post(author: &Client<'_>, topic: &str, body: &str) -> String {
    id(&author.runs(POST_CREATE, &post_input(topic, body)).await["postCreate"]["post"])
}

/// The `id` of an answer.
pub fn id(object: &Value) -> String {
    object["id"].as_str().expect("an id").to_owned()
}

/// A community with a category and a topic.
pub struct Place {
    pub community: String,
    pub category: String,
    pub topic: String,
}

impl Place {
    pub async fn new(maker: &Client<'_>, visibility: &str) -> Self {
        let community = community(maker, visibility).await;
        let category = category(maker, &community).await;
        let topic = topic(maker, &category, "Dual criminality").await;
        Self { community, category, topic }
    }
}

/// Actions of the audit on a thing, newest first.
pub async fn audited(app: &TestApp, subject: &str) -> Vec<String> {
    let entries = "query($id: ID!) { auditEntries(subjectId: $id) { nodes { action } } }";
    let found = app.administrator().await.runs(entries, &json!({ "id": subject })).await;
    let entries = found["auditEntries"]["nodes"].as_array().cloned().unwrap_or_default();
    entries.iter().filter_map(|entry| entry["action"].as_str().map(str::to_owned)).collect()
}

/// Lets somebody in to a community or course.
pub async fn let_in(app: &TestApp, subject: &str, person: &Client<'_>, role: &str) {
    let input = json!({ "key": key(), "subjectId": subject, "email": person.email, "role": role });
    let grant = "mutation($input: AccessGrantInput!) { accessGrant(input: $input) { userErrors { code field } } }";
    app.administrator().await.runs(grant, &json!({ "input": input })).await;
}

/// Every text column of the tables that a post could leave something in.
pub async fn everything_stored(app: &TestApp) -> String {
    let columns = [
        ("post", "COALESCE(body, '') || COALESCE(body_html, '')"),
        ("post_revision", "body || body_html"),
        ("topic", "title"),
        ("audit_entry", "action || fields || details"),
        ("idempotency_key", "answer || input_hash"),
        ("job", "payload"),
    ];
    let mut all = String::new();
    for (table, text) in columns {
        let sql = format!("SELECT {text} AS stored FROM {table}");
        let rows = app.db.read().query_all_raw(Statement::from_string(app.db.backend(), sql)).await.expect("rows");
        for row in rows {
            all.push_str(&row.try_get::<String>("", "stored").expect("text"));
            all.push('\n');
        }
    }
    all
}
