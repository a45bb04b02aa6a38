//! The `series_following` table: beside the newest count of each series, what all of them tell together. It is read only to count anew.

use sea_orm::entity::prelude::*;

use crate::ids::WebinarSeriesId;

/// The groups of a series.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "series_following")]
pub struct Model {
    /// The series.
    #[sea_orm(primary_key, auto_increment = false)]
    pub series_id: WebinarSeriesId,
    /// [`super::following::Following`] as JSON.
    pub following: String,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
