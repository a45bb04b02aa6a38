//! The recordings of a webinar. Those with a seat see each once it is published, and are told; for all others recordings keep
//! their own marks: a webinar shows those that its reader may see.

use chrono::Duration;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait as _, Set,
    sea_query::{Expr, ExprTrait as _},
};
use serde::{Deserialize, Serialize};

use super::{
    policy, recording as shown,
    telling::{self, News},
    webinar,
};
use crate::{
    app::App,
    audit::{self, Action},
    error::{Problem, Result, UserErrorCode},
    ids::{RecordingId, WebinarId},
    jobs::{Job, Run, Scheduled},
    recordings::{
        self,
        recording::{self, State},
    },
    transact,
    viewer::Viewer,
};

/// The most recordings of one webinar.
const MOST: u64 = 20;

/// Hangs a recording that the viewer may change on a webinar that they may change, last in order. Twice changes nothing.
pub async fn add(app: &App, viewer: &Viewer, id: WebinarId, recording: RecordingId) -> Result<()> {
    transact!(app, |tx| {
        let webinar = policy::editable(tx, viewer, id).await?;
        let of_webinar = || shown::Entity::find().filter(shown::Column::WebinarId.eq(webinar.id));
        if of_webinar().filter(shown::Column::RecordingId.eq(recording)).one(tx).await?.is_some() {
            return Ok(());
        }
        if recordings::policy::editable(tx, viewer, recording).await.is_err() {
            return Err(Problem::at(UserErrorCode::NotFound, "recordingId").into());
        }
        let count = of_webinar().count(tx).await?;
        if count >= MOST {
            return Err(Problem::at(UserErrorCode::LimitReached, "id").into());
        }
        let row = shown::ActiveModel {
            webinar_id: Set(id),
            recording_id: Set(recording),
            position: Set(i32::try_from(count).unwrap_or(i32::MAX)),
            told_at: Set(None),
        };
        row.insert(tx).await?;
        audit::record(tx, viewer, Action::new("webinar.recording_added").on(id).with("recording", recording.to_string())).await
    })
}

/// Takes a recording from a webinar; the recording stays. One that does not hang there changes nothing.
pub async fn remove(app: &App, viewer: &Viewer, id: WebinarId, recording: RecordingId) -> Result<()> {
    transact!(app, |tx| {
        let webinar = policy::editable(tx, viewer, id).await?;
        if shown::Entity::delete_by_id((webinar.id, recording)).exec(tx).await?.rows_affected == 0 {
            return Ok(());
        }
        audit::record(tx, viewer, Action::new("webinar.recording_removed").on(id).with("recording", recording.to_string())).await
    })
}

/// Tells registrants of recordings that were published.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TellOfRecordings {}

impl Scheduled for TellOfRecordings {
    const EVERY: Duration = Duration::minutes(5);
}

impl Job for TellOfRecordings {
    const KIND: &'static str = "webinars.tell_of_recordings";

    async fn run(self, app: &App, _: &Run) -> Result<()> {
        transact!(app, |tx| {
            let published = recording::Entity::find()
                .select_only()
                .column(recording::Column::Id)
                .filter(recording::Column::Id.into_expr().equals(shown::Column::RecordingId.as_column_ref()))
                .filter(recording::Column::State.eq(State::Published));
            let news = shown::Entity::find()
                .filter(shown::Column::ToldAt.is_null())
                .filter(Expr::exists(published.into_query()))
                .limit(100)
                .lock_exclusive();
            for shown in news.all(tx).await? {
                if let Some(webinar) = webinar::Entity::find_by_id(shown.webinar_id).one(tx).await? {
                    telling::tell_all(tx, &webinar, News::RecordingPublished).await?;
                }
                let mut change = shown.into_active_model();
                change.told_at = Set(Some(tx.now()));
                change.update(tx).await?;
            }
            Ok(())
        })
    }
}
