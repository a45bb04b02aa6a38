//! The `invitation_letter_text` table: letters, by language.

use sea_orm::entity::prelude::*;

use crate::{
    ids::InvitationLetterId,
    language::{Language, texts::text_table},
};

/// A letter in one language, with fields that are filled in for each recipient.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation_letter_text")]
pub struct Model {
    /// The letter.
    #[sea_orm(primary_key, auto_increment = false)]
    pub letter_id: InvitationLetterId,
    /// Language of this row.
    #[sea_orm(primary_key, auto_increment = false)]
    pub language: Language,
    /// Revision of the original that it was made from.
    pub source_revision: i32,
    /// A machine made it.
    pub is_machine: bool,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

text_table!(Column::LetterId);
