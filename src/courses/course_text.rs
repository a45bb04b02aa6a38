//! The `course_text` table: what a version says of the course, in each language.

use sea_orm::entity::prelude::*;

use crate::{
    ids::CourseVersionId,
    language::{Language, texts::text_table},
};

/// Texts of a course in one language.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "course_text")]
pub struct Model {
    /// The version.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version_id: CourseVersionId,
    /// Language of the text.
    #[sea_orm(primary_key, auto_increment = false)]
    pub language: Language,
    /// Revision of the original that it was made from; of the original, its own.
    pub source_revision: i32,
    /// A machine made it and nobody has confirmed it.
    pub is_machine: bool,
    /// Title.
    pub title: String,
    /// One or two sentences, plain.
    pub summary: String,
    /// What it is about, Markdown.
    pub description: String,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

text_table!(Column::VersionId);
