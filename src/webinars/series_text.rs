//! The `webinar_series_text` table: what a series says of itself, by language.

use sea_orm::entity::prelude::*;

use crate::{
    ids::WebinarSeriesId,
    language::{Language, texts::text_table},
};

/// Texts in one language.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webinar_series_text")]
pub struct Model {
    /// The series.
    #[sea_orm(primary_key, auto_increment = false)]
    pub series_id: WebinarSeriesId,
    /// Language of this row.
    #[sea_orm(primary_key, auto_increment = false)]
    pub language: Language,
    /// Revision of the original that it was made from.
    pub source_revision: i32,
    /// A machine made it.
    pub is_machine: bool,
    /// Title.
    pub title: String,
    /// What it is about, Markdown.
    pub summary: String,
    /// The summary, rendered.
    pub summary_html: String,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

text_table!(Column::SeriesId);
