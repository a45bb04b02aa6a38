//! Captions: a WebVTT file that somebody sent is read strictly, written anew, and becomes the captions of a language.

use async_graphql::InputObject;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};

use super::{
    captions,
    media::webvtt::{self, Trouble},
    policy, recording,
};
use crate::{
    app::App,
    audit::{self, Action},
    error::{Error, Problem, Result, UserErrorCode},
    files::{self, file::Purpose},
    ids::{CaptionsId, FileId, RecordingId},
    language::Language,
    transact,
    viewer::Viewer,
};

/// The most languages that a recording has captions in.
const MOST: usize = 50;

/// Captions in one language; they replace those that stand.
#[derive(Clone, Debug, InputObject)]
pub struct CaptionsSetInput {
    /// The recording.
    pub recording_id: RecordingId,
    /// Language of the captions.
    pub language: Language,
    /// A file of the viewer with purpose CAPTIONS.
    pub file_id: FileId,
}

/// Makes a file the captions of a language.
pub async fn set(app: &App, viewer: &Viewer, input: CaptionsSetInput) -> Result<captions::Model> {
    viewer.signed_in()?;
    let recording = policy::find(app.db.read(), viewer, input.recording_id).await?;
    if !policy::edits(app.db.read(), viewer, &recording).await? {
        return Err(viewer.refused());
    }
    let file = files::policy::usable(app.db.read(), viewer, input.file_id, Purpose::Captions, "input.fileId").await?;
    let object = files::storing::row(app.db.read(), file.object_id).await?;
    let bytes = app.objects.get(&object.key).await?;
    write(app, viewer, &input, &bytes).await
}

/// Reads `bytes` and makes them the captions of `input.recording_id` in `input.language`.
pub async fn write(app: &App, viewer: &Viewer, input: &CaptionsSetInput, bytes: &[u8]) -> Result<captions::Model> {
    let cues = webvtt::parse(bytes).map_err(|problem| {
        let said = Problem::at(UserErrorCode::Invalid, "input.fileId").saying(message(problem.trouble));
        Error::from(said.with("line", problem.line))
    })?;
    let webvtt = webvtt::render(&cues);
    transact!(app, |tx| {
        let recording = policy::editable(tx, viewer, input.recording_id).await?;
        let standing = captions::Entity::find().filter(captions::Column::RecordingId.eq(recording.id)).all(tx).await?;
        let same = standing.iter().find(|captions| captions.language == input.language);
        if same.is_none() && standing.len() >= MOST {
            return Err(Problem::at(UserErrorCode::LimitReached, "input.language").into());
        }
        let captions = if let Some(captions) = same {
            captions::body::Entity::delete_by_id(captions.id).exec(tx).await?;
            let mut change = captions.clone().into_active_model();
            change.updated_at = Set(tx.now());
            change.update(tx).await?
        } else {
            let row = captions::ActiveModel {
                id: Set(CaptionsId::new()),
                recording_id: Set(recording.id),
                language: Set(input.language.clone()),
                updated_at: Set(tx.now()),
            };
            row.insert(tx).await?
        };
        let body = captions::body::ActiveModel { captions_id: Set(captions.id), webvtt: Set(webvtt.clone()) };
        body.insert(tx).await?;
        let action = Action::new("captions.set").on(captions.id).with("recording", recording.id.to_string());
        audit::record(tx, viewer, action.with("language", input.language.tag())).await?;
        Ok(captions)
    })
}

fn message(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::TooLarge => "captions-too-large",
        Trouble::NotUtf8 => "captions-not-utf8",
        Trouble::NoSignature => "captions-no-signature",
        Trouble::NoTimes => "captions-no-times",
        Trouble::BadTime => "captions-bad-time",
        Trouble::EndsTooEarly => "captions-ends-too-early",
        Trouble::TimesInText => "captions-times-in-text",
        Trouble::TextTooLong => "captions-text-too-long",
        Trouble::TooManyCues => "captions-too-many-cues",
        Trouble::NoCues => "captions-no-cues",
    }
}

/// Removes captions.
pub async fn remove(app: &App, viewer: &Viewer, id: CaptionsId) -> Result<recording::Model> {
    transact!(app, |tx| {
        let (captions, recording) = policy::editable_captions(tx, viewer, id).await?;
        captions::Entity::delete_by_id(captions.id).exec(tx).await?;
        let action = Action::new("captions.removed").on(id).with("recording", recording.id.to_string());
        audit::record(tx, viewer, action.with("language", captions.language.tag())).await?;
        Ok(recording)
    })
}

/// The file of captions, as rendered by us.
pub async fn body(app: &App, id: CaptionsId) -> Result<String> {
    let body = captions::body::Entity::find_by_id(id).one(app.db.read()).await?;
    Ok(body.ok_or(Error::NotFound("captions"))?.webvtt)
}
