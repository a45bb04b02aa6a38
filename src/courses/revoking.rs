//! Revoking completion records, and taking that back.

use async_graphql::InputObject;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QuerySelect, Set};
use serde::Serialize;

use super::{completion, policy};
use crate::{
    accounts::user,
    app::App,
    audit::{self, Action},
    database::Tx,
    error::{Error, Problems, Result},
    ids::CompletionId,
    jobs,
    mail::{Letter, Link},
    text, transact,
    viewer::Viewer,
};

/// A record to revoke.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct CompletionRevokeInput {
    /// The record.
    pub id: CompletionId,
    /// Why, 1 to 500 characters; the holder and the course's staff can read it.
    pub reason: String,
}

/// Revokes a record: its certificate and badge are no longer valid. For the course's staff; the holder is told. Once more it
/// changes nothing, whatever the reason.
pub async fn revoke(app: &App, viewer: &Viewer, input: &CompletionRevokeInput) -> Result<completion::Model> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let reason = problems.take("input.reason", text::line(&input.reason, 500));
    problems.done()?;
    transact!(app, |tx| {
        let record = editable(tx, viewer, input.id).await?;
        if record.revoked_at.is_some() {
            return Ok(record);
        }
        let mut change = record.into_active_model();
        change.revoked_at = Set(Some(tx.now()));
        change.revocation_reason = Set(Some(reason.clone()));
        changed(tx, viewer, change, "completion.revoked", "completion-revoked").await
    })
}

/// Makes a revoked record valid again; for the course's staff. The holder is told.
pub async fn restore(app: &App, viewer: &Viewer, id: CompletionId) -> Result<completion::Model> {
    viewer.signed_in()?;
    transact!(app, |tx| {
        let record = editable(tx, viewer, id).await?;
        if record.revoked_at.is_none() {
            return Ok(record);
        }
        let mut change = record.into_active_model();
        change.revoked_at = Set(None);
        change.revocation_reason = Set(None);
        changed(tx, viewer, change, "completion.restored", "completion-restored").await
    })
}

/// Loads and locks a record of a course that `viewer` may change. Its holder sees it and may not; for others there is none.
async fn editable(tx: &Tx, viewer: &Viewer, id: CompletionId) -> Result<completion::Model> {
    let record = completion::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    let record = record.ok_or(Error::NotFound("completion"))?;
    match policy::editable(tx, viewer, record.course_id).await {
        Ok(_) => Ok(record),
        Err(Error::NotFound(_) | Error::Forbidden) if !viewer.is(record.user_id) => Err(Error::NotFound("completion")),
        Err(Error::NotFound(_)) => Err(Error::Forbidden),
        Err(err) => Err(err),
    }
}

/// Saves the change and tells the holder, with nothing of the course: it may be closed.
async fn changed(
    tx: &Tx,
    viewer: &Viewer,
    change: completion::ActiveModel,
    action: &'static str,
    letter: &str,
) -> Result<completion::Model> {
    let record = change.update(tx).await?;
    let action = Action::new(action).on(record.id).with("course", record.course_id.to_string());
    audit::record(tx, viewer, action).await?;
    if let Some(holder) = user::Entity::find_by_id(record.user_id).one(tx).await? {
        let letter = Letter::new(letter, &holder.email, &holder.language).linking(Link::Page("#/sign-in".into()));
        jobs::enqueue(tx, &letter).await?;
    }
    Ok(record)
}
