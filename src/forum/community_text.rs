//! The `community_text` table: what a community says of itself, by language.

use sea_orm::entity::prelude::*;

use crate::{
    ids::CommunityId,
    language::{Language, texts::text_table},
};

/// Texts of a community in one language.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "community_text")]
pub struct Model {
    /// The community.
    #[sea_orm(primary_key, auto_increment = false)]
    pub community_id: CommunityId,
    /// Language of this row.
    #[sea_orm(primary_key, auto_increment = false)]
    pub language: Language,
    /// Revision of the original that it was made from.
    pub source_revision: i32,
    /// A machine made it.
    pub is_machine: bool,
    /// Title.
    pub title: String,
    /// What it is for, Markdown.
    pub description: String,
    /// The description, rendered.
    pub description_html: String,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

text_table!(Column::CommunityId);
