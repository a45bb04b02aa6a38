//! Showing a recording to its audience, and taking it back.

use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};

use super::{
    announce, policy,
    recording::{self, State},
    rendition, speaker,
};
use crate::{
    app::App,
    audit::{self, Action},
    database::Tx,
    error::{Problem, Problems, Result, UserErrorCode},
    ids::RecordingId,
    transact,
    viewer::Viewer,
};

/// Shows a recording to its audience, when it can be played and everybody who speaks in it has agreed.
pub async fn publish(app: &App, viewer: &Viewer, id: RecordingId) -> Result<recording::Model> {
    transact!(app, |tx| {
        let recording = policy::editable(tx, viewer, id).await?;
        if recording.state == State::Published {
            return Ok(recording);
        }
        check_complete(tx, &recording).await?;
        let mut change = recording.into_active_model();
        change.state = Set(State::Published);
        change.published_at = Set(Some(tx.now()));
        change.listed_at = Set(tx.now());
        audit::record(tx, viewer, Action::new("recording.published").on(id)).await?;
        announce(tx, id);
        Ok(change.update(tx).await?)
    })
}

async fn check_complete(tx: &Tx, recording: &recording::Model) -> Result<()> {
    let mut problems = Problems::new();
    let speakers = speaker::Entity::find().filter(speaker::Column::RecordingId.eq(recording.id)).all(tx).await?;
    let lacks = |message| Problem::new(UserErrorCode::Incomplete).saying(message);
    problems.check(is_playable(tx, recording).await?, || lacks("recording-needs-media"));
    problems.check(!speakers.is_empty(), || lacks("recording-needs-speakers"));
    for speaker in speakers.iter().filter(|speaker| !speaker.agrees()) {
        problems.add(lacks("recording-needs-consent").with("name", &speaker.name));
    }
    problems.done()
}

/// Whether there is anything to play.
async fn is_playable(tx: &Tx, recording: &recording::Model) -> Result<bool> {
    let renditions = rendition::Entity::find().filter(rendition::Column::RecordingId.eq(recording.id));
    Ok(recording.is_source_playable || renditions.one(tx).await?.is_some())
}

/// Takes a recording back into draft.
pub async fn unpublish(app: &App, viewer: &Viewer, id: RecordingId) -> Result<recording::Model> {
    transact!(app, |tx| {
        let recording = policy::editable(tx, viewer, id).await?;
        match recording.state {
            State::Draft => Ok(recording),
            State::Archived => Err(Problem::at(UserErrorCode::WrongState, "id").into()),
            State::Published => hide(tx, viewer, recording, State::Draft, "recording.unpublished").await,
        }
    })
}

/// Takes a recording out of use.
pub async fn archive(app: &App, viewer: &Viewer, id: RecordingId) -> Result<recording::Model> {
    transact!(app, |tx| {
        let recording = policy::editable(tx, viewer, id).await?;
        if recording.state == State::Archived {
            return Ok(recording);
        }
        hide(tx, viewer, recording, State::Archived, "recording.archived").await
    })
}

/// Takes a recording from its audience: it becomes `state`.
pub(super) async fn hide(
    tx: &Tx,
    viewer: &Viewer,
    recording: recording::Model,
    state: State,
    action: &'static str,
) -> Result<recording::Model> {
    audit::record(tx, viewer, Action::new(action).on(recording.id)).await?;
    announce(tx, recording.id);
    let mut change = recording.into_active_model();
    change.state = Set(state);
    Ok(change.update(tx).await?)
}
