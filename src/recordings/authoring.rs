//! Making recordings and saying what they are: everything but their media.

use async_graphql::{InputObject, MaybeUndefined};
use chrono::NaiveDate;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use serde::Serialize;
use uuid::Uuid;

use super::{
    policy,
    recording::{self, MediaState, State},
    recording_text,
};
use crate::{
    app::App,
    audit::{self, Action},
    database::Tx,
    error::{Problem, Problems, Result, UserErrorCode},
    ids::RecordingId,
    language::{Language, texts::of_site, translated},
    scalars::Date,
    text, transact, transact_once,
    viewer::Viewer,
    visibility::Visibility,
};

/// Texts of a recording in one language.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct RecordingTextInput {
    /// One of the site's languages.
    pub language: Language,
    /// 1 to 200 characters.
    pub title: String,
    /// At most 2,000 characters.
    #[graphql(default)]
    pub summary: String,
    /// True when a machine translated it and nobody has confirmed it.
    #[graphql(default)]
    pub is_machine: bool,
}

/// A new recording, without media yet.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct RecordingCreateInput {
    /// Idempotency key.
    pub key: Uuid,
    /// Who may see it.
    #[graphql(default_with = "Visibility::Invited")]
    pub visibility: Visibility,
    /// Language mostly spoken in it.
    pub spoken_language: Language,
    /// Day it was recorded.
    pub recorded_on: Option<Date>,
    /// Its text in the language it is written in first.
    pub text: RecordingTextInput,
}

/// Changes of a recording. What is absent stays; null clears.
#[derive(Clone, Debug, InputObject)]
pub struct RecordingUpdateInput {
    /// Who may see it; takes effect at once.
    pub visibility: Option<Visibility>,
    /// Language mostly spoken in it.
    pub spoken_language: Option<Language>,
    /// Day it was recorded.
    pub recorded_on: MaybeUndefined<Date>,
}

/// Texts, parsed.
struct Texts {
    title: String,
    summary: String,
}

impl Texts {
    fn are_in(&self, row: &recording_text::Model, is_machine: bool) -> bool {
        row.title == self.title && row.summary == self.summary && row.is_machine == is_machine
    }
}

impl RecordingTextInput {
    /// Notes problems below the argument `path`.
    fn parse(&self, path: &str, problems: &mut Problems) -> Texts {
        problems.take(&format!("{path}.language"), of_site(&self.language));
        Texts {
            title: problems.take(&format!("{path}.title"), text::line(&self.title, 200)),
            summary: problems.take(&format!("{path}.summary"), text::optional_body(&self.summary, 2000)),
        }
    }
}

/// A day as people write it in the API.
fn day(value: &str) -> Result<String, Problem> {
    let day = NaiveDate::parse_from_str(value, "%Y-%m-%d").map(|day| day.to_string());
    day.ok().filter(|day| day == value).ok_or_else(|| Problem::new(UserErrorCode::Invalid))
}

/// Makes a recording, a draft without media.
pub async fn create(app: &App, viewer: &Viewer, input: RecordingCreateInput) -> Result<recording::Model> {
    let owner = policy::maker(viewer)?.id;
    let mut problems = Problems::new();
    let texts = input.text.parse("input.text", &mut problems);
    let recorded_on = input.recorded_on.as_ref().map(|Date(value)| problems.take("input.recordedOn", day(value)));
    problems.done()?;
    let id = transact_once!(app, viewer, input.key, "recordingCreate", &input, |tx| {
        let id = RecordingId::new();
        let row = recording::ActiveModel {
            id: Set(id),
            owner_id: Set(owner),
            visibility: Set(input.visibility),
            state: Set(State::Draft),
            original_language: Set(input.text.language.clone()),
            spoken_language: Set(input.spoken_language.clone()),
            recorded_on: Set(recorded_on.clone()),
            media_state: Set(MediaState::Missing),
            media_problem: Set(None),
            transcode_permille: Set(0),
            source_object_id: Set(None),
            is_source_playable: Set(false),
            duration_ms: Set(None),
            created_at: Set(tx.now()),
            listed_at: Set(tx.now()),
            published_at: Set(None),
        };
        row.insert(tx).await?;
        write_text(tx, id, &input.text, &texts, 1).await?;
        audit::record(tx, viewer, Action::new("recording.created").on(id)).await?;
        Ok(id)
    })?;
    policy::find(app.db.read(), viewer, id).await
}

/// Changes a recording.
pub async fn update(app: &App, viewer: &Viewer, id: RecordingId, input: RecordingUpdateInput) -> Result<recording::Model> {
    let mut problems = Problems::new();
    let recorded_on = input.recorded_on.map_value(|value| problems.take("input.recordedOn", day(&value.0)));
    problems.done()?;
    transact!(app, |tx| {
        let recording = policy::editable(tx, viewer, id).await?;
        let (mut change, mut fields) = (recording.clone().into_active_model(), Vec::new());
        if let Some(visibility) = input.visibility.filter(|wanted| *wanted != recording.visibility) {
            change.visibility = Set(visibility);
            fields.push("visibility");
        }
        if let Some(language) = input.spoken_language.clone().filter(|wanted| *wanted != recording.spoken_language) {
            change.spoken_language = Set(language);
            fields.push("spokenLanguage");
        }
        if !recorded_on.is_undefined() && recorded_on.value() != recording.recorded_on.as_ref() {
            change.recorded_on = Set(recorded_on.clone().take());
            fields.push("recordedOn");
        }
        if fields.is_empty() {
            return Ok(recording);
        }
        audit::record(tx, viewer, Action::new("recording.updated").on(id).fields(fields)).await?;
        Ok(change.update(tx).await?)
    })
}

/// Writes the texts of one language. Those that stand there already are no change, and outdate no translation.
pub async fn set_text(app: &App, viewer: &Viewer, id: RecordingId, input: RecordingTextInput) -> Result<recording::Model> {
    let mut problems = Problems::new();
    let parsed = input.parse("input", &mut problems);
    problems.done()?;
    transact!(app, |tx| {
        let recording = policy::editable(tx, viewer, id).await?;
        let texts = recording_text::Entity::find().filter(recording_text::Column::RecordingId.eq(id)).all(tx).await?;
        let next = translated::next_revision(&texts, &input.language, &recording.original_language);
        let is_original = input.language == recording.original_language;
        let stands = |row: &recording_text::Model| is_original || row.source_revision == next;
        if texts.iter().any(|row| row.language == input.language && parsed.are_in(row, input.is_machine) && stands(row)) {
            return Ok(recording);
        }
        recording_text::Entity::delete_by_id((id, input.language.clone())).exec(tx).await?;
        write_text(tx, id, &input, &parsed, next).await?;
        let action = Action::new("recording.text_set").on(id).with("language", input.language.tag());
        audit::record(tx, viewer, action).await?;
        Ok(recording)
    })
}

async fn write_text(tx: &Tx, id: RecordingId, input: &RecordingTextInput, texts: &Texts, revision: i32) -> Result<()> {
    let row = recording_text::ActiveModel {
        recording_id: Set(id),
        language: Set(input.language.clone()),
        source_revision: Set(revision),
        is_machine: Set(input.is_machine),
        title: Set(texts.title.clone()),
        summary: Set(texts.summary.clone()),
    };
    row.insert(tx).await?;
    Ok(())
}

/// Removes a translation; the original stays.
pub async fn remove_text(app: &App, viewer: &Viewer, id: RecordingId, language: Language) -> Result<recording::Model> {
    transact!(app, |tx| {
        let recording = policy::editable(tx, viewer, id).await?;
        if language == recording.original_language {
            return Err(Problem::at(UserErrorCode::WrongState, "language").saying("problem-original-stays").into());
        }
        let removed = recording_text::Entity::delete_by_id((id, language.clone())).exec(tx).await?;
        if removed.rows_affected == 0 {
            return Err(Problem::at(UserErrorCode::NotFound, "language").into());
        }
        let action = Action::new("recording.text_removed").on(id).with("language", language.tag());
        audit::record(tx, viewer, action).await?;
        Ok(recording)
    })
}
