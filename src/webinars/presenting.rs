//! Who speaks in a webinar, and the files that it gives to those who have a seat.

use async_graphql::InputObject;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, ModelTrait, PaginatorTrait, QueryFilter, Set};
use serde::Serialize;
use uuid::Uuid;

use super::{material, policy, speaker, speaker_text};
use crate::{
    app::App,
    audit::{self, Action},
    error::{Problem, Problems, Result, UserErrorCode},
    files::{self, file::Purpose},
    ids::{FileId, WebinarId, WebinarSpeakerId},
    language::{
        Language,
        texts::{self, of_site},
    },
    markdown, naming,
    scalars::Markdown,
    text, transact, transact_once,
    viewer::Viewer,
};

/// The most speakers, and the most files, of one webinar.
const MOST: u64 = 50;

/// What is said of a speaker in one language.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct WebinarSpeakerTextInput {
    /// One of the site's languages.
    pub language: Language,
    /// Function, at most 200 characters.
    #[graphql(default)]
    pub role: String,
    /// At most 5,000 characters.
    #[graphql(default)]
    pub biography: Markdown,
    /// True when a machine translated it and nobody has confirmed it.
    #[graphql(default)]
    pub is_machine: bool,
}

/// A speaker of a webinar.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct WebinarSpeakerAddInput {
    /// Idempotency key.
    pub key: Uuid,
    /// The webinar.
    pub webinar_id: WebinarId,
    /// 1 to 200 characters.
    pub name: String,
    /// What is said of them in the webinar's original language.
    pub text: WebinarSpeakerTextInput,
}

impl WebinarSpeakerTextInput {
    fn parse(&self, problems: &mut Problems, path: &str) -> Self {
        Self {
            language: problems.take(&format!("{path}.language"), of_site(&self.language)),
            role: problems.take(&format!("{path}.role"), text::optional_line(&self.role, 200)),
            biography: problems.take(&format!("{path}.biography"), text::optional_body(&self.biography.0, 5_000)).into(),
            is_machine: self.is_machine,
        }
    }

    fn row(&self, speaker_id: WebinarSpeakerId) -> speaker_text::Model {
        speaker_text::Model {
            speaker_id,
            language: self.language.clone(),
            source_revision: 0,
            is_machine: self.is_machine,
            role: self.role.clone(),
            biography: self.biography.0.clone(),
            biography_html: markdown::to_html(&self.biography.0),
        }
    }
}

/// Adds a speaker, last in order. To see the draft and to join, they are let in as SPEAKER by their address.
pub async fn add_speaker(app: &App, viewer: &Viewer, input: WebinarSpeakerAddInput) -> Result<WebinarId> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let name = problems.take("input.name", naming::name(&input.name));
    let text = input.text.parse(&mut problems, "input.text");
    problems.done()?;
    transact_once!(app, viewer, input.key, "webinarSpeakerAdd", &input, |tx| {
        let webinar = policy::editable(tx, viewer, input.webinar_id).await?;
        texts::of_original(&text.language, &webinar.original_language, "input.text.language")?;
        let count = speaker::Entity::find().filter(speaker::Column::WebinarId.eq(webinar.id)).count(tx).await?;
        if count >= MOST {
            return Err(Problem::at(UserErrorCode::LimitReached, "input.webinarId").into());
        }
        let id = WebinarSpeakerId::new();
        let row = speaker::ActiveModel {
            id: Set(id),
            webinar_id: Set(webinar.id),
            position: Set(i32::try_from(count).unwrap_or(i32::MAX)),
            name: Set(name.clone()),
        };
        row.insert(tx).await?;
        texts::set::<speaker_text::Entity>(tx, &webinar.original_language, text.row(id)).await?;
        let action = Action::new("webinar_speaker.added").on(id).with("webinar", webinar.id.to_string());
        audit::record(tx, viewer, action).await?;
        Ok(webinar.id)
    })
}

/// Writes what is said of a speaker in one language.
pub async fn set_speaker_text(
    app: &App,
    viewer: &Viewer,
    id: WebinarSpeakerId,
    input: WebinarSpeakerTextInput,
) -> Result<WebinarId> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let text = input.parse(&mut problems, "input");
    problems.done()?;
    let row = text.row(id);
    transact!(app, |tx| {
        let (_, webinar) = policy::editable_speaker(tx, viewer, id).await?;
        if texts::set::<speaker_text::Entity>(tx, &webinar.original_language, row.clone()).await? {
            let action = Action::new("webinar_speaker.text_set").on(id).with("language", text.language.tag());
            audit::record(tx, viewer, action).await?;
        }
        Ok(webinar.id)
    })
}

/// Takes a speaker from the webinar.
pub async fn remove_speaker(app: &App, viewer: &Viewer, id: WebinarSpeakerId) -> Result<WebinarId> {
    transact!(app, |tx| {
        let (speaker, webinar) = policy::editable_speaker(tx, viewer, id).await?;
        speaker.delete(tx).await?;
        let action = Action::new("webinar_speaker.removed").on(id).with("webinar", webinar.id.to_string());
        audit::record(tx, viewer, action).await?;
        Ok(webinar.id)
    })
}

/// Gives one's own checked document to those who have a seat. Twice changes nothing.
pub async fn add_material(app: &App, viewer: &Viewer, id: WebinarId, file: FileId) -> Result<()> {
    transact!(app, |tx| {
        let webinar = policy::editable(tx, viewer, id).await?;
        let given = || material::Entity::find().filter(material::Column::WebinarId.eq(webinar.id));
        if given().filter(material::Column::FileId.eq(file)).one(tx).await?.is_some() {
            return Ok(());
        }
        let file = files::policy::usable(tx, viewer, file, Purpose::Document, "fileId").await?;
        let count = given().count(tx).await?;
        if count >= MOST {
            return Err(Problem::at(UserErrorCode::LimitReached, "id").into());
        }
        let position = Set(i32::try_from(count).unwrap_or(i32::MAX));
        material::ActiveModel { webinar_id: Set(webinar.id), file_id: Set(file.id), position }.insert(tx).await?;
        audit::record(tx, viewer, Action::new("webinar.material_added").on(id).with("file", file.id.to_string())).await
    })
}

/// Takes a file from those who have a seat. One that is not given changes nothing.
pub async fn remove_material(app: &App, viewer: &Viewer, id: WebinarId, file: FileId) -> Result<()> {
    transact!(app, |tx| {
        let webinar = policy::editable(tx, viewer, id).await?;
        if material::Entity::delete_by_id((webinar.id, file)).exec(tx).await?.rows_affected == 0 {
            return Ok(());
        }
        audit::record(tx, viewer, Action::new("webinar.material_removed").on(id).with("file", file.to_string())).await
    })
}
