//! The topic where a webinar is discussed. It stands in its community or course by the rules of that: who sees the webinar but
//! not the topic sees none.

use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};

use super::policy;
use crate::{
    app::App,
    audit::{self, Action},
    error::{Error, Problem, Result, UserErrorCode},
    forum,
    ids::{TopicId, WebinarId},
    transact,
    viewer::Viewer,
};

/// Names the topic where a webinar is discussed, one that the viewer sees, or none. The same again changes nothing.
pub async fn set_topic(app: &App, viewer: &Viewer, id: WebinarId, topic: Option<TopicId>) -> Result<()> {
    transact!(app, |tx| {
        let webinar = policy::editable(tx, viewer, id).await?;
        if webinar.topic_id == topic {
            return Ok(());
        }
        if let Some(topic) = topic {
            let missing = |error| match error {
                Error::NotFound(_) => Problem::at(UserErrorCode::NotFound, "topicId").into(),
                error => error,
            };
            forum::policy::topic(tx, viewer, topic).await.map_err(missing)?;
        }
        let mut change = webinar.into_active_model();
        change.topic_id = Set(topic);
        change.update(tx).await?;
        audit::record(tx, viewer, Action::new("webinar.topic_set").on(id)).await
    })
}
