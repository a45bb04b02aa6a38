//! Reading drafts: the questions and texts that staff work on and that freezing takes.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    paper::{Answer, Asked, part},
    policy::{self, Seen},
    question, question_text, question_version, quiz, quiz_text,
};
use crate::{
    app::App,
    error::{Error, Result},
    ids::{CourseId, QuestionVersionId, QuizId},
    paging::{Direction, Page, Paged, Slice},
    rows::{among, grouped, keyed},
    viewer::Viewer,
};

/// A question of a draft.
#[derive(Clone, Debug)]
pub struct Draft {
    /// From 1.
    pub position: i32,
    /// Number of its version.
    pub number: i32,
    /// Its quiz.
    pub quiz_id: QuizId,
    /// What is asked.
    pub asked: Asked,
    /// What is right.
    pub answer: Answer,
}

/// The quizzes of a course, newest first; for its staff.
pub async fn list(app: &App, viewer: &Viewer, course: CourseId, page: &Page) -> Result<Slice<Seen>> {
    let slice = policy::staffed(viewer)
        .filter(quiz::Column::CourseId.eq(course))
        .page(app.db.read(), page, &[(quiz::Column::Id, Direction::Descending)])
        .await?;
    let ids: Vec<QuizId> = slice.rows.iter().map(|(_, quiz)| quiz.id).collect();
    let mut seen = policy::load(app, viewer, &ids).await?;
    let rows = slice.rows.into_iter().filter_map(|(cursor, quiz)| Some((cursor, seen.remove(&quiz.id)?))).collect();
    Ok(Slice { rows, has_next: slice.has_next, has_previous: slice.has_previous })
}

/// The questions of a draft, in order.
pub async fn questions(db: &impl ConnectionTrait, quiz: QuizId) -> Result<Vec<Draft>> {
    let questions = question::Entity::find()
        .filter(question::Column::QuizId.eq(quiz))
        .filter(question::Column::RemovedAt.is_null())
        .order_by_asc(question::Column::Position)
        .all(db)
        .await?;
    whole(db, questions).await
}

/// Adds to questions what their versions hold.
pub async fn whole(db: &impl ConnectionTrait, questions: Vec<question::Model>) -> Result<Vec<Draft>> {
    let ids: Vec<QuestionVersionId> = questions.iter().map(|question| question.version_id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let backend = db.get_database_backend();
    let versions = question_version::Entity::find().filter(among(backend, question_version::Column::Id, &ids)).all(db).await?;
    let versions = keyed(versions, |version| version.id);
    let texts = question_text::Entity::find()
        .filter(among(backend, question_text::Column::VersionId, &ids))
        .order_by_asc(question_text::Column::Language)
        .all(db)
        .await?;
    let texts = grouped(texts, |text| text.version_id);
    let drafts = questions.into_iter().map(|question| {
        let version = versions.get(&question.version_id);
        let version = version.ok_or_else(|| Error::internal(anyhow::anyhow!("{} has no version", question.id)))?;
        let texts = texts.get(&version.id).map_or(&[][..], Vec::as_slice);
        let (asked, answer) = part(question.id, question.kind, version, texts);
        Ok(Draft { position: question.position, number: version.number, quiz_id: question.quiz_id, asked, answer })
    });
    drafts.collect()
}

/// The texts of quizzes, in the order of their languages.
pub async fn texts(db: &impl ConnectionTrait, quizzes: &[QuizId]) -> Result<HashMap<QuizId, Vec<quiz_text::Model>>> {
    if quizzes.is_empty() {
        return Ok(HashMap::new());
    }
    let texts = quiz_text::Entity::find()
        .filter(among(db.get_database_backend(), quiz_text::Column::QuizId, quizzes))
        .order_by_asc(quiz_text::Column::Language)
        .all(db)
        .await?;
    Ok(grouped(texts, |text| text.quiz_id))
}

/// How many questions the drafts of quizzes have.
pub async fn counts(db: &impl ConnectionTrait, quizzes: &[QuizId]) -> Result<HashMap<QuizId, usize>> {
    if quizzes.is_empty() {
        return Ok(HashMap::new());
    }
    let counts = question::Entity::find()
        .select_only()
        .column(question::Column::QuizId)
        .column_as(question::Column::Id.count(), "count")
        .filter(among(db.get_database_backend(), question::Column::QuizId, quizzes))
        .filter(question::Column::RemovedAt.is_null())
        .group_by(question::Column::QuizId)
        .into_tuple::<(QuizId, i64)>()
        .all(db)
        .await?;
    Ok(counts.into_iter().map(|(quiz, count)| (quiz, usize::try_from(count).unwrap_or(0))).collect())
}
