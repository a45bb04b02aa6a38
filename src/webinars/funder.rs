//! The `webinar_funder` table: who pays for a series, and is credited for it.

use sea_orm::entity::prelude::*;

use crate::ids::{FileId, WebinarFunderId, WebinarSeriesId};

/// A funder of a series.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webinar_funder")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WebinarFunderId,
    /// The series.
    pub series_id: WebinarSeriesId,
    /// Order, from 0.
    pub position: i32,
    /// Their emblem, a picture in PNG.
    pub emblem_id: Option<FileId>,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
