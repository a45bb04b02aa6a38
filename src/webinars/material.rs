//! The `webinar_material` table: files that a webinar gives to those who registered.

use sea_orm::entity::prelude::*;

use crate::ids::{FileId, WebinarId};

/// A file of a webinar.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webinar_material")]
pub struct Model {
    /// The webinar.
    #[sea_orm(primary_key, auto_increment = false)]
    pub webinar_id: WebinarId,
    /// The file.
    #[sea_orm(primary_key, auto_increment = false)]
    pub file_id: FileId,
    /// Order, from 0.
    pub position: i32,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
