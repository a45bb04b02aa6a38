//! Tables of texts: writing a text in a language and removing a translation, the same for all things that have texts. The
//! caller holds the lock of the thing.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Iterable, ModelTrait, PrimaryKeyToColumn,
    QueryFilter, sea_query::OnConflict,
};

use super::{
    Language, OF_SITE,
    translated::{Translated, next_revision},
};
use crate::{
    error::{Problem, Result, UserErrorCode},
    ids::Id,
};

/// A table of texts: one row for each language of a thing. Write `text_table!(Column::…)` beside the model, with the column
/// that names the thing.
pub trait TextTable:
    EntityTrait<Model: Translated + PartialEq + Send + Sync + IntoActiveModel<Self::ActiveModel>, ActiveModel: Send>
{
    /// The column of the thing that the texts are of.
    const OF: Self::Column;
    /// The column of the language.
    const LANGUAGE: Self::Column;

    /// The revision of a row, to be set.
    fn revision(row: &mut Self::Model) -> &mut i32;
}

/// Says of a `Model` with the columns `language`, `source_revision` and `is_machine` that it is a text of what the column
/// given names.
macro_rules! text_table {
    ($of:expr) => {
        $crate::language::texts::translated!(Model);
        impl $crate::language::texts::TextTable for Entity {
            const OF: Column = $of;
            const LANGUAGE: Column = Column::Language;

            fn revision(row: &mut Model) -> &mut i32 {
                &mut row.source_revision
            }
        }
    };
}

/// Says that a struct with the fields `language`, `source_revision` and `is_machine` is a text.
macro_rules! translated {
    ($model:ident) => {
        impl $crate::language::translated::Translated for $model {
            fn language(&self) -> &$crate::language::Language {
                &self.language
            }
            fn source_revision(&self) -> i32 {
                self.source_revision
            }
            fn is_machine(&self) -> bool {
                self.is_machine
            }
        }
    };
}
pub(crate) use {text_table, translated};

/// One of the site's languages, which texts may be written in.
pub fn of_site(language: &Language) -> Result<Language, Problem> {
    if language.is_of_site() { Ok(language.clone()) } else { Err(not_of_site()) }
}

/// What is said of a language that is none of the site's.
#[must_use]
pub fn not_of_site() -> Problem {
    let languages = OF_SITE.map(|(tag, _)| tag).join(", ");
    Problem::new(UserErrorCode::Invalid).saying("problem-not-of-site").with("languages", languages)
}

/// That a text which must be in the original language of its thing is in it; `path` names the argument.
pub fn of_original(language: &Language, original: &Language, path: &str) -> Result<(), Problem> {
    if language == original {
        return Ok(());
    }
    Err(Problem::at(UserErrorCode::Invalid, path).saying("problem-not-original").with("language", original.own_name()))
}

/// Writes a text in place of the one in its language, whatever revision `row` says. What stands there already stays, so
/// that a call sent twice outdates no translation: false then.
pub async fn set<T: TextTable>(db: &impl ConnectionTrait, original: &Language, mut row: T::Model) -> Result<bool> {
    let texts = T::find().filter(T::OF.eq(row.get(T::OF))).all(db).await?;
    let revision = next_revision(&texts, row.language(), original);
    if let Some(before) = texts.iter().find(|text| text.language() == row.language()) {
        *T::revision(&mut row) = before.source_revision();
        // A translation that is sent again after its original has changed is confirmed by that.
        if row == *before && (row.language() == original || before.source_revision() == revision) {
            return Ok(false);
        }
    }
    *T::revision(&mut row) = revision;
    let keys: Vec<T::Column> = T::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column).collect();
    let others = T::Column::iter().filter(|column| T::PrimaryKey::from_column(*column).is_none());
    let instead = OnConflict::columns(keys).update_columns(others).to_owned();
    T::insert(row.into_active_model().reset_all()).on_conflict(instead).exec_without_returning(db).await?;
    Ok(true)
}

/// Removes a translation of the thing `of`; the original stays.
pub async fn remove<T: TextTable>(
    db: &impl ConnectionTrait,
    original: &Language,
    of: impl Id,
    language: &Language,
) -> Result<()> {
    if language == original {
        return Err(Problem::at(UserErrorCode::WrongState, "language").saying("problem-original-stays").into());
    }
    let translation = T::delete_many().filter(T::OF.eq(of.uuid())).filter(T::LANGUAGE.eq(language.clone()));
    if translation.exec(db).await?.rows_affected == 0 {
        return Err(Problem::at(UserErrorCode::NotFound, "language").into());
    }
    Ok(())
}
