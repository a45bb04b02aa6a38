//! The `module` table: the parts of a version.

use sea_orm::entity::prelude::*;

use crate::ids::{CourseVersionId, ModuleId, PermanentModuleId};

/// A module in one version.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "module")]
pub struct Model {
    /// The module in this version.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ModuleId,
    /// The version.
    pub version_id: CourseVersionId,
    /// The module through all versions.
    pub permanent_id: PermanentModuleId,
    /// From 1, without gaps in its version.
    pub position: i32,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
