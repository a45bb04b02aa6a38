//! The `webinar_funder_text` table: the credit of a funder, by language.

use sea_orm::entity::prelude::*;

use crate::{
    ids::WebinarFunderId,
    language::{Language, texts::text_table},
};

/// Texts in one language.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webinar_funder_text")]
pub struct Model {
    /// The funder.
    #[sea_orm(primary_key, auto_increment = false)]
    pub funder_id: WebinarFunderId,
    /// Language of this row.
    #[sea_orm(primary_key, auto_increment = false)]
    pub language: Language,
    /// Revision of the original that it was made from.
    pub source_revision: i32,
    /// A machine made it.
    pub is_machine: bool,
    /// Name as credited.
    pub name: String,
    /// The sentence of credit; may be empty.
    pub sentence: String,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

text_table!(Column::FunderId);
