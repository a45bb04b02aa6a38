//! Who speaks in a recording, and whether each of them agreed to its publication. A recording is never shown without: who
//! withdraws, and a speaker added later, take it from its audience at once.

use async_graphql::InputObject;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, Set};
use serde::Serialize;
use uuid::Uuid;

use super::{
    policy, publishing,
    recording::{self, State},
    speaker,
};
use crate::{
    app::App,
    audit::{self, Action},
    clock::Instant,
    database::Tx,
    error::{Error, Problem, Problems, Result, UserErrorCode},
    ids::{RecordingId, SpeakerId},
    naming, text, transact, transact_once,
    viewer::Viewer,
};

/// The most speakers of one recording.
const MOST: u64 = 100;

/// A person who speaks in a recording.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct SpeakerAddInput {
    /// Idempotency key.
    pub key: Uuid,
    /// The recording.
    pub recording_id: RecordingId,
    /// 1 to 200 characters.
    pub name: String,
    /// At most 200 characters.
    #[graphql(default)]
    pub role: String,
}

/// That a speaker agreed.
#[derive(Clone, Debug, InputObject)]
pub struct SpeakerConsentInput {
    /// When, not in the future.
    pub agreed_at: Instant,
    /// The text that they agreed to, at most 5,000 characters.
    pub consent_text: String,
}

/// Adds a speaker, last in order.
pub async fn add(app: &App, viewer: &Viewer, input: SpeakerAddInput) -> Result<speaker::Model> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let name = problems.take("input.name", naming::name(&input.name));
    let role = problems.take("input.role", text::optional_line(&input.role, 200));
    problems.done()?;
    let id = transact_once!(app, viewer, input.key, "speakerAdd", &input, |tx| {
        let recording = policy::editable(tx, viewer, input.recording_id).await?;
        let of_recording = speaker::Entity::find().filter(speaker::Column::RecordingId.eq(recording.id));
        let count = of_recording.count(tx).await?;
        if count >= MOST {
            return Err(Problem::at(UserErrorCode::LimitReached, "input.recordingId").into());
        }
        let id = SpeakerId::new();
        let row = speaker::ActiveModel {
            id: Set(id),
            recording_id: Set(recording.id),
            position: Set(i32::try_from(count).unwrap_or(i32::MAX)),
            name: Set(name.clone()),
            role: Set(role.clone()),
            agreed_at: Set(None),
            consent_text: Set(None),
            withdrawn_at: Set(None),
        };
        row.insert(tx).await?;
        audit::record(tx, viewer, Action::new("speaker.added").on(id).with("recording", recording.id.to_string())).await?;
        without_consent(tx, viewer, recording).await?;
        Ok(id)
    })?;
    speaker::Entity::find_by_id(id).one(app.db.read()).await?.ok_or(Error::NotFound("speaker"))
}

/// Records that a speaker agreed.
pub async fn agree(app: &App, viewer: &Viewer, id: SpeakerId, input: SpeakerConsentInput) -> Result<speaker::Model> {
    let mut problems = Problems::new();
    let consent = problems.take("input.consentText", text::body(&input.consent_text, 5000));
    problems.check(input.agreed_at <= app.clock.now(), || {
        Problem::at(UserErrorCode::OutOfRange, "input.agreedAt").saying("problem-in-the-future")
    });
    problems.done()?;
    transact!(app, |tx| {
        let (speaker, _) = policy::editable_speaker(tx, viewer, id).await?;
        let mut change = speaker.into_active_model();
        change.agreed_at = Set(Some(input.agreed_at));
        change.consent_text = Set(Some(consent.clone()));
        change.withdrawn_at = Set(None);
        audit::record(tx, viewer, Action::new("speaker.agreed").on(id)).await?;
        Ok(change.update(tx).await?)
    })
}

/// Records that a speaker withdrew; the recording is hidden at once.
pub async fn withdraw(app: &App, viewer: &Viewer, id: SpeakerId) -> Result<speaker::Model> {
    transact!(app, |tx| {
        let (speaker, recording) = policy::editable_speaker(tx, viewer, id).await?;
        if speaker.agreed_at.is_none() {
            return Err(Problem::at(UserErrorCode::WrongState, "id").into());
        }
        if speaker.withdrawn_at.is_some() {
            return Ok(speaker);
        }
        let mut change = speaker.into_active_model();
        change.withdrawn_at = Set(Some(tx.now()));
        audit::record(tx, viewer, Action::new("speaker.withdrew").on(id)).await?;
        without_consent(tx, viewer, recording).await?;
        Ok(change.update(tx).await?)
    })
}

/// Removes a speaker from a recording that is not published.
pub async fn remove(app: &App, viewer: &Viewer, id: SpeakerId) -> Result<recording::Model> {
    transact!(app, |tx| {
        let (speaker, recording) = policy::editable_speaker(tx, viewer, id).await?;
        if recording.state == State::Published {
            return Err(Problem::at(UserErrorCode::WrongState, "id").into());
        }
        speaker::Entity::delete_by_id(speaker.id).exec(tx).await?;
        audit::record(tx, viewer, Action::new("speaker.removed").on(id).with("recording", recording.id.to_string())).await?;
        Ok(recording)
    })
}

async fn without_consent(tx: &Tx, viewer: &Viewer, recording: recording::Model) -> Result<()> {
    if recording.state == State::Published {
        publishing::hide(tx, viewer, recording, State::Draft, "recording.hidden_for_consent").await?;
    }
    Ok(())
}
