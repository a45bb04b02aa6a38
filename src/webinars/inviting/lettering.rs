//! What invitations to a webinar say, by audience and language. Where its organisers wrote nothing, there is a letter of the
//! site's in each of its languages.

use async_graphql::InputObject;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use super::{
    super::policy,
    letter::{self, Audience},
    letter_text, templating,
};
use crate::{
    app::App,
    audit::{self, Action},
    error::{Error, Problem, Problems, Result, UserErrorCode},
    ids::{InvitationLetterId, WebinarId},
    language::{
        Language,
        texts::{self, of_site},
    },
    text, transact,
    viewer::Viewer,
};

/// A letter in one language. In braces it names what is filled in for each recipient, see `letterFields`.
#[derive(Clone, Debug, InputObject)]
pub struct InvitationTextInput {
    /// One of the site's languages.
    pub language: Language,
    /// 1 to 200 characters.
    pub subject: String,
    /// Plain text of at most 10,000 characters, with `{link}` in it.
    pub body: String,
    /// True when a machine translated it and nobody has confirmed it.
    #[graphql(default)]
    pub is_machine: bool,
}

/// Writes the letter of a webinar for an audience in one language. Letters that have gone out stay as they were.
pub async fn set_text(app: &App, viewer: &Viewer, id: WebinarId, audience: Audience, input: InvitationTextInput) -> Result<()> {
    viewer.vetted()?;
    let mut problems = Problems::new();
    let language = problems.take("input.language", of_site(&input.language));
    let known = |text: String| templating::check(audience, &text).map(|()| text);
    let subject = problems.take("input.subject", text::line(&input.subject, 200).and_then(known));
    let body = problems.take("input.body", text::body(&input.body, 10_000).and_then(known));
    problems.check(templating::has(&input.body, "link"), || {
        Problem::at(UserErrorCode::Incomplete, "input.body").saying("problem-letter-without-link")
    });
    problems.done()?;
    transact!(app, |tx| {
        let webinar = policy::editable(tx, viewer, id).await?;
        let letter = if let Some(letter) = of(tx, id, audience).await? {
            letter.id
        } else {
            let row = letter::ActiveModel { id: Set(InvitationLetterId::new()), webinar_id: Set(id), audience: Set(audience) };
            row.insert(tx).await.map_err(Error::collided)?.id
        };
        let row = letter_text::Model {
            letter_id: letter,
            language: language.clone(),
            source_revision: 0,
            is_machine: input.is_machine,
            subject: subject.clone(),
            body: body.clone(),
        };
        if texts::set::<letter_text::Entity>(tx, &webinar.original_language, row).await? {
            let action = Action::new("invitation_letter.text_set").on(letter).with("webinar", id.to_string());
            audit::record(tx, viewer, action.with("audience", audience).with("language", language.tag())).await?;
        }
        Ok(())
    })
}

/// Removes the letter of one language. Without any, the site's own is sent again.
pub async fn remove_text(app: &App, viewer: &Viewer, id: WebinarId, audience: Audience, language: Language) -> Result<()> {
    viewer.signed_in()?;
    transact!(app, |tx| {
        policy::editable(tx, viewer, id).await?;
        let missing = || Problem::at(UserErrorCode::NotFound, "language");
        let letter = of(tx, id, audience).await?.ok_or_else(missing)?;
        let removed = letter_text::Entity::delete_by_id((letter.id, language.clone())).exec(tx).await?;
        if removed.rows_affected == 0 {
            return Err(missing().into());
        }
        let action = Action::new("invitation_letter.text_removed").on(letter.id).with("webinar", id.to_string());
        audit::record(tx, viewer, action.with("audience", audience).with("language", language.tag())).await
    })
}

async fn of(db: &impl ConnectionTrait, webinar: WebinarId, audience: Audience) -> Result<Option<letter::Model>> {
    let letters = letter::Entity::find().filter(letter::Column::WebinarId.eq(webinar));
    Ok(letters.filter(letter::Column::Audience.eq(audience)).one(db).await?)
}

/// What the organisers of a webinar wrote for an audience; ask only for those who may change it, or to write letters.
pub async fn texts_of(db: &impl ConnectionTrait, webinar: WebinarId, audience: Audience) -> Result<Vec<letter_text::Model>> {
    let Some(letter) = of(db, webinar, audience).await? else { return Ok(Vec::new()) };
    let texts = letter_text::Entity::find().filter(letter_text::Column::LetterId.eq(letter.id));
    Ok(texts.order_by_asc(letter_text::Column::Language).all(db).await?)
}
