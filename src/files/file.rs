//! The `file` table: small files.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

use crate::{
    clock::Instant,
    ids::{FileId, ObjectId, UserId},
};

/// What a small file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize)]
#[graphql(name = "FilePurpose")]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum Purpose {
    /// WebVTT captions of a recording.
    #[sea_orm(string_value = "captions")]
    Captions,
    /// A document of a lesson: PDF, Office or OpenDocument, or plain text.
    #[sea_orm(string_value = "document")]
    Document,
    /// The emblem of a funder: a picture in PNG, at most 1 MiB and 4 million pixels.
    #[sea_orm(string_value = "emblem")]
    Emblem,
}

/// Where a small file stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, EnumIter, DeriveActiveEnum)]
#[graphql(name = "FileState")]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum State {
    /// The address was given out; the bytes are not confirmed.
    #[sea_orm(string_value = "expected")]
    Expected,
    /// Checked and in use or ready for it.
    #[sea_orm(string_value = "ready")]
    Ready,
    /// What arrived is not what was announced.
    #[sea_orm(string_value = "refused")]
    Refused,
}

/// A small file.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "file")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FileId,
    /// Who sent it.
    pub owner_id: UserId,
    /// Its bytes.
    pub object_id: ObjectId,
    /// What it is for.
    pub purpose: Purpose,
    /// Where it stands.
    pub state: State,
    /// Name as the uploader gave it.
    pub name: String,
    /// Media type, one of those its purpose allows.
    pub content_type: String,
    /// Bytes, as announced and then as checked.
    pub size: i64,
    /// When it was announced.
    pub created_at: Instant,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
