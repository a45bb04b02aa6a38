//! The `series_count` table: the newest count of each series. It holds only what may be known.

use sea_orm::entity::prelude::*;

use crate::{clock::Instant, ids::WebinarSeriesId};

/// The count of a series.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "series_count")]
pub struct Model {
    /// The series.
    #[sea_orm(primary_key, auto_increment = false)]
    pub series_id: WebinarSeriesId,
    /// When it was taken.
    pub taken_at: Instant,
    /// How many things people had done that it counts: by this it is seen how much has happened since.
    pub deeds: i64,
    /// [`super::counts::Counts`] as JSON.
    pub counts: String,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
