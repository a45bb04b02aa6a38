//! The audit: a row for each change that matters, written in its transaction. It holds ids and names of fields, never
//! personal values; network addresses go after 90 days.

pub mod entity;
pub mod graphql;
mod reading;

use sea_orm::{EntityTrait, Set};
use serde_json::json;

pub use self::reading::{by_id, list, sweep};
use crate::{
    database::Tx,
    error::Result,
    ids::{AuditEntryId, Id},
    viewer::Viewer,
};

/// A change, to be recorded with [`record`].
#[derive(Clone, Debug)]
pub struct Action {
    name: &'static str,
    subject: Option<String>,
    fields: Vec<String>,
    details: serde_json::Map<String, serde_json::Value>,
}

impl Action {
    /// What happened, for example `course.published`.
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        Self { name, subject: None, fields: Vec::new(), details: serde_json::Map::new() }
    }

    /// To which object.
    #[must_use]
    pub fn on(self, subject: impl Id + std::fmt::Display) -> Self {
        Self { subject: Some(subject.to_string()), ..self }
    }

    /// Which fields changed.
    #[must_use]
    pub fn fields(self, fields: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { fields: fields.into_iter().map(Into::into).collect(), ..self }
    }

    /// A further id, number or reason given by staff; never a personal value.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl serde::Serialize) -> Self {
        self.details.insert(name.to_owned(), json!(value));
        self
    }
}

/// Records a change in its transaction.
pub async fn record(tx: &Tx, viewer: &Viewer, action: Action) -> Result<()> {
    let row = entity::ActiveModel {
        id: Set(AuditEntryId::new()),
        at: Set(tx.now()),
        actor_id: Set(viewer.user_id()),
        address: Set(viewer.account.as_ref().map(|_| viewer.address.to_string())),
        action: Set(action.name.to_owned()),
        subject_id: Set(action.subject),
        fields: Set(action.fields.join(",")),
        details: Set(serde_json::Value::Object(action.details).to_string()),
    };
    entity::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}
