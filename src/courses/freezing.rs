//! Freezing a draft: its rows are copied into a new version, and a fingerprint tells whether anything differs from the
//! version that stands.

use std::collections::HashMap;

use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Set};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{content::Content, course, course_text, lesson, lesson_text, module, module_text, version};
use crate::{
    database::Tx,
    error::Result,
    ids::{CourseVersionId, LessonId, ModuleId, QuizId, QuizVersionId},
    language::{
        Language,
        translated::{Translated, mark},
    },
    text,
};

/// Rows that one statement inserts.
const AT_ONCE: usize = 100;

/// The questions that each quiz of a draft is frozen with.
pub type Quizzes = HashMap<QuizId, QuizVersionId>;

/// A draft with the bodies of its lessons.
#[derive(Clone, Debug)]
pub struct Whole {
    /// All but the bodies.
    pub content: Content,
    bodies: HashMap<LessonId, Vec<lesson_text::Model>>,
}

/// Reads all of a draft.
pub async fn whole(db: &impl ConnectionTrait, content: Content) -> Result<Whole> {
    let lessons = lesson::Entity::find()
        .select_only()
        .column(lesson::Column::Id)
        .filter(lesson::Column::VersionId.eq(content.version.id))
        .into_query();
    let bodies = lesson_text::Entity::find().filter(lesson_text::Column::LessonId.in_subquery(lessons)).all(db).await?;
    Ok(Whole { content, bodies: crate::rows::grouped(bodies, |body| body.lesson_id) })
}

/// Texts in one order, each with what readers are told of it: revisions count edits, which readers do not see.
fn texts<T: Translated>(texts: &[T], original: &Language, say: impl Fn(&T) -> Value) -> Vec<Value> {
    let mut said: Vec<&T> = texts.iter().collect();
    said.sort_by_key(|text| text.language().clone());
    said.into_iter()
        .map(|text| {
            let mark = mark(text, texts, original);
            json!([text.language(), mark.is_outdated, mark.is_machine, say(text)])
        })
        .collect()
}

impl Whole {
    /// Whether a lesson says something in a language.
    #[must_use]
    pub fn says(&self, lesson: LessonId, language: &Language) -> bool {
        let mut bodies = self.bodies.get(&lesson).into_iter().flatten();
        bodies.any(|text| text.language == *language && !text::is_blank(&text.body))
    }

    /// The languages in which a lesson has a title and says nothing.
    #[must_use]
    pub fn silent_in(&self, lesson: LessonId) -> Vec<&Language> {
        let bodies = self.bodies.get(&lesson).into_iter().flatten();
        let mut languages: Vec<_> = bodies.filter(|text| text::is_blank(&text.body)).map(|text| &text.language).collect();
        languages.sort();
        languages
    }

    /// SHA-256 of all that readers can see, hexadecimal.
    pub fn fingerprint(&self, original: &Language, quizzes: &Quizzes) -> String {
        let course = texts(&self.content.texts, original, |text| json!([text.title, text.summary, text.description]));
        let modules: Vec<Value> = self
            .content
            .modules
            .iter()
            .map(|module| {
                let said = texts(&module.texts, original, |text| json!([text.title, text.summary]));
                let lessons: Vec<_> = module.lessons.iter().map(|lesson| self.lesson(&lesson.row, original, quizzes)).collect();
                json!([module.row.permanent_id, said, lessons])
            })
            .collect();
        data_encoding::HEXLOWER.encode(&Sha256::digest(json!([course, modules]).to_string()))
    }

    fn lesson(&self, row: &lesson::Model, original: &Language, quizzes: &Quizzes) -> Value {
        let bodies = self.bodies.get(&row.id).map(Vec::as_slice).unwrap_or_default();
        json!([
            row.permanent_id,
            row.kind,
            row.is_required,
            row.estimated_minutes,
            row.recording_id,
            row.quiz_id,
            row.quiz_id.and_then(|quiz| quizzes.get(&quiz)),
            row.file_id,
            row.url,
            texts(bodies, original, |text| json!([text.title, text.body])),
        ])
    }

    /// Copies it as the version `number`.
    pub async fn freeze(self, tx: &Tx, course: &course::Model, number: i32, quizzes: &Quizzes) -> Result<version::Model> {
        let fingerprint = self.fingerprint(&course.original_language, quizzes);
        let version = version::ActiveModel {
            id: Set(CourseVersionId::new()),
            course_id: Set(course.id),
            number: Set(Some(number)),
            published_at: Set(Some(tx.now())),
            fingerprint: Set(Some(fingerprint)),
        };
        let version = version.insert(tx).await?;
        self.copy(tx, version.id, quizzes).await?;
        Ok(version)
    }

    async fn copy(mut self, tx: &Tx, version: CourseVersionId, quizzes: &Quizzes) -> Result<()> {
        let (mut modules, mut module_texts, mut lessons, mut lesson_texts) = (vec![], vec![], vec![], vec![]);
        for module in self.content.modules {
            let id = ModuleId::new();
            modules.push(module::Model { id, version_id: version, ..module.row });
            module_texts.extend(module.texts.into_iter().map(|text| module_text::Model { module_id: id, ..text }));
            for lesson in module.lessons {
                let bodies = self.bodies.remove(&lesson.row.id).unwrap_or_default();
                let lesson_id = LessonId::new();
                let quiz_version_id = lesson.row.quiz_id.and_then(|quiz| quizzes.get(&quiz).copied());
                let row = lesson::Model { id: lesson_id, version_id: version, module_id: id, quiz_version_id, ..lesson.row };
                lessons.push(row);
                lesson_texts.extend(bodies.into_iter().map(|text| lesson_text::Model { lesson_id, ..text }));
            }
        }
        let course_texts = self.content.texts.into_iter().map(|text| course_text::Model { version_id: version, ..text });
        insert::<course_text::Entity>(tx, course_texts.collect()).await?;
        insert::<module::Entity>(tx, modules).await?;
        insert::<module_text::Entity>(tx, module_texts).await?;
        insert::<lesson::Entity>(tx, lessons).await?;
        insert::<lesson_text::Entity>(tx, lesson_texts).await
    }
}

/// Inserts rows, some hundred a statement.
async fn insert<E>(tx: &Tx, rows: Vec<E::Model>) -> Result<()>
where
    E: EntityTrait,
    E::Model: sea_orm::IntoActiveModel<E::ActiveModel> + Clone,
    E::ActiveModel: Send,
{
    for rows in rows.chunks(AT_ONCE) {
        let rows =
            rows.iter().cloned().map(sea_orm::IntoActiveModel::into_active_model).map(sea_orm::ActiveModelTrait::reset_all);
        E::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}
