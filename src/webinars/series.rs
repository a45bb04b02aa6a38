//! The `webinar_series` table: webinars that belong together.

use sea_orm::entity::prelude::*;

use crate::{
    clock::Instant,
    ids::{UserId, WebinarSeriesId},
    language::Language,
    visibility::Visibility,
};

/// A series of webinars.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webinar_series")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WebinarSeriesId,
    /// Address part; unique.
    pub slug: String,
    /// Who made it.
    pub owner_id: UserId,
    /// Who may see it.
    pub visibility: Visibility,
    /// Language that it is written in first.
    pub original_language: Language,
    /// The project that it belongs to; may be empty.
    pub project: String,
    /// Of a webinar's minutes, how many of a hundred one must be present for to have attended: 1 to 100.
    pub attendance_percent: i32,
    /// When it was closed to new webinars.
    pub archived_at: Option<Instant>,
    /// When it was made.
    pub created_at: Instant,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
