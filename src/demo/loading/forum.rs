//! The community and its discussion, which goes back a month.

use std::collections::HashMap;

use anyhow::Context as _;
use serde_json::{Value, json};

use super::{Loader, key, original};
use crate::demo::content::{Community, Post, Topic};

/// A topic that was loaded: its id and those of its posts.
struct Loaded {
    id: Value,
    posts: Vec<Value>,
}

/// When the discussion begins.
pub fn begins_hours_ago(community: &Community) -> i64 {
    community.topic.iter().flat_map(|topic| &topic.post).map(|post| post.hours_ago).max().unwrap_or_default()
}

/// Loads the community, moving the clock with its posts; the ids of its topics.
pub async fn load(loader: &mut Loader<'_>, community: &Community) -> anyhow::Result<Vec<Value>> {
    let (author, language) = (&community.author, &community.original_language);
    let input = json!({
        "key": key("community"), "slug": community.slug, "visibility": community.visibility,
        "text": original(&community.text, language)?,
    });
    let id = loader.create(author, "communityCreate", "CommunityCreateInput", input, "community").await?;
    loader.translate(author, "communityTextSet", "CommunityTextInput", &id, &community.text, language).await?;
    for name in &community.moderators {
        let email = &loader.person(name)?.1.email;
        let input = json!({ "key": key(&format!("moderator {name}")), "subjectId": id, "email": email, "role": "MODERATOR" });
        loader.create(author, "accessGrant", "AccessGrantInput", input, "access").await?;
    }
    let mut categories = HashMap::new();
    for category in &community.category {
        let key = key(&format!("category {}", category.name));
        let input = json!({ "key": key, "parentId": id, "text": original(&category.text, language)? });
        let category_id = loader.create(author, "categoryCreate", "CategoryCreateInput", input, "category").await?;
        loader.translate(author, "categoryTextSet", "CategoryTextInput", &category_id, &category.text, language).await?;
        categories.insert(category.name.as_str(), category_id);
    }
    let topics = discuss(loader, community, &categories).await?;
    settle(loader, community, &topics).await?;
    Ok((0..community.topic.len()).filter_map(|number| Some(topics.get(&number)?.id.clone())).collect())
}

/// Posts everything in the order in which it was said.
async fn discuss(
    loader: &mut Loader<'_>,
    community: &Community,
    categories: &HashMap<&str, Value>,
) -> anyhow::Result<HashMap<usize, Loaded>> {
    let mut said: Vec<(usize, usize, &Post)> = Vec::new();
    for (number, topic) in community.topic.iter().enumerate() {
        said.extend(topic.post.iter().enumerate().map(|(place, post)| (number, place, post)));
    }
    said.sort_by_key(|(number, place, post)| (-post.hours_ago, *number, *place));
    let mut topics = HashMap::new();
    for (number, place, post) in said {
        loader.stand(chrono::Duration::hours(post.hours_ago));
        let topic = &community.topic[number];
        let key = format!("topic {number} post {place}");
        match topics.get_mut(&number) {
            None => {
                let category = categories.get(topic.category.as_str()).context("a topic in no category")?;
                topics.insert(number, start(loader, topic, category, post, &key).await?);
            }
            Some(begun) => reply(loader, begun, post, &key).await?,
        }
    }
    Ok(topics)
}

async fn start(loader: &Loader<'_>, topic: &Topic, category: &Value, post: &Post, name: &str) -> anyhow::Result<Loaded> {
    let input = json!({
        "key": key(name), "categoryId": category, "title": topic.title, "language": topic.language, "body": post.body,
    });
    let answer = "topic { id posts(first: 1) { nodes { id } } }";
    let started = loader.change(&post.author, "topicCreate", &[("input: TopicCreateInput!", input)], answer).await?;
    let topic = &started["topic"];
    Ok(Loaded { id: topic["id"].clone(), posts: vec![topic["posts"]["nodes"][0]["id"].clone()] })
}

async fn reply(loader: &Loader<'_>, topic: &mut Loaded, post: &Post, name: &str) -> anyhow::Result<()> {
    let answered = post.in_reply_to.and_then(|number| topic.posts.get(number - 1));
    let input = json!({
        "key": key(name), "topicId": topic.id, "body": post.body, "language": post.language, "inReplyToId": answered,
    });
    topic.posts.push(loader.create(&post.author, "postCreate", "PostCreateInput", input, "post").await?);
    Ok(())
}

/// Pins, locks and flags what is to be.
async fn settle(loader: &Loader<'_>, community: &Community, topics: &HashMap<usize, Loaded>) -> anyhow::Result<()> {
    let moderator = community.moderators.first().context("the demo's community has no moderator")?;
    for (number, topic) in community.topic.iter().enumerate() {
        let begun = topics.get(&number).context("a topic without posts")?;
        if topic.pinned {
            loader.change(moderator, "topicPin", &[("id: ID!", begun.id.clone())], "").await?;
        }
        if topic.locked {
            loader.change(moderator, "topicLock", &[("id: ID!", begun.id.clone())], "").await?;
        }
        for (post, id) in topic.post.iter().zip(&begun.posts) {
            let Some(flag) = &post.flag else { continue };
            let input = json!({ "postId": id, "reason": flag.reason, "comment": flag.comment });
            loader.change(&flag.by, "postFlag", &[("input: PostFlagInput!", input)], "").await?;
        }
    }
    Ok(())
}
