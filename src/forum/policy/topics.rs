//! What may be seen and done of topics.

use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Select};

use super::{Standing, moderates, sees, standing};
use crate::{
    error::{Error, Result},
    forum::topic,
    ids::TopicId,
    viewer::Viewer,
};

/// The topics that `viewer` may see: of hidden ones, those they moderate.
pub fn topics(viewer: &Viewer) -> Select<topic::Entity> {
    topic::Entity::find()
        .filter(sees(viewer, topic::Column::ParentId))
        .filter(Condition::any().add(topic::Column::HiddenAt.is_null()).add(moderates(viewer, topic::Column::ParentId)))
}

/// Of the topics in a place that is seen, those that a viewer may see who `moderates` there or does not.
pub fn topics_within(moderates: bool) -> Select<topic::Entity> {
    let topics = topic::Entity::find();
    if moderates { topics } else { topics.filter(topic::Column::HiddenAt.is_null()) }
}

/// A topic that `viewer` may see.
pub async fn topic(db: &impl ConnectionTrait, viewer: &Viewer, id: TopicId) -> Result<topic::Model> {
    topics(viewer).filter(topic::Column::Id.eq(id)).one(db).await?.ok_or(Error::NotFound("topic"))
}

/// Loads and locks a topic that `viewer` may see, with what they may do there.
pub async fn locked_topic(db: &impl ConnectionTrait, viewer: &Viewer, id: TopicId) -> Result<(topic::Model, Standing)> {
    let topic = topics(viewer).filter(topic::Column::Id.eq(id)).lock_exclusive().one(db).await?;
    let topic = topic.ok_or(Error::NotFound("topic"))?;
    let standing = standing(db, viewer, topic.parent_id).await?;
    Ok((topic, standing))
}

/// Loads and locks a topic that `viewer` moderates.
pub async fn moderated_topic(db: &impl ConnectionTrait, viewer: &Viewer, id: TopicId) -> Result<topic::Model> {
    let (topic, standing) = locked_topic(db, viewer, id).await?;
    if standing.moderates { Ok(topic) } else { Err(viewer.refused()) }
}
