//! Making a quiz and changing its draft: rules and texts. What learners see changes with the next publication of the course.

use async_graphql::{InputObject, MaybeUndefined};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set, sea_query::OnConflict};
use serde::Serialize;
use uuid::Uuid;

use super::{drafting, policy, quiz, quiz_text};
use crate::{
    app::App,
    audit::{self, Action},
    courses,
    database::Tx,
    error::{Problem, Problems, Result, UserErrorCode},
    ids::{CourseId, QuizId},
    language::{Language, translated},
    scalars::Markdown,
    text, transact, transact_once,
    viewer::Viewer,
};

/// Texts of a quiz in one language.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct QuizTextInput {
    /// One of the site's languages.
    pub language: Language,
    /// 1 to 200 characters.
    pub title: String,
    /// At most 10,000 characters.
    #[graphql(default)]
    pub instructions: Markdown,
    /// True when a machine translated it and nobody has confirmed it.
    #[graphql(default)]
    pub is_machine: bool,
}

/// A new quiz.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct QuizCreateInput {
    /// Idempotency key.
    pub key: Uuid,
    /// The course it belongs to.
    pub course_id: CourseId,
    /// Its text in the course's original language.
    pub text: QuizTextInput,
    /// 1 to 100; absent is no limit.
    pub attempt_limit: Option<i32>,
    /// 30 to 86,400; absent is no limit.
    pub time_limit_seconds: Option<i32>,
    /// 0 to 100.
    #[graphql(default = 60)]
    pub pass_mark_percent: i32,
    /// Own order of questions in each attempt.
    #[graphql(default)]
    pub shuffles_questions: bool,
    /// Own order of choices in each attempt; TRUE_FALSE questions keep theirs.
    #[graphql(default)]
    pub shuffles_choices: bool,
}

/// Changes of a quiz. What is absent stays; null clears. Learners get them with the next publication of the course.
#[derive(Clone, Debug, InputObject)]
pub struct QuizUpdateInput {
    /// 1 to 100; null is no limit.
    pub attempt_limit: MaybeUndefined<i32>,
    /// 30 to 86,400; null is no limit.
    pub time_limit_seconds: MaybeUndefined<i32>,
    /// 0 to 100.
    pub pass_mark_percent: Option<i32>,
    /// Own order of questions in each attempt.
    pub shuffles_questions: Option<bool>,
    /// Own order of choices in each attempt; TRUE_FALSE questions keep theirs.
    pub shuffles_choices: Option<bool>,
}

/// A number from `min` to `max`.
pub(super) fn within(value: i32, min: i32, max: i32) -> Result<i32, Problem> {
    let refusal = || Problem::new(UserErrorCode::OutOfRange).with("min", min).with("max", max);
    if (min..=max).contains(&value) { Ok(value) } else { Err(refusal()) }
}

fn check_rules(problems: &mut Problems, attempts: Option<i32>, seconds: Option<i32>, pass_mark: Option<i32>) {
    for (path, value, min, max) in [
        ("input.attemptLimit", attempts, 1, 100),
        ("input.timeLimitSeconds", seconds, 30, 86_400),
        ("input.passMarkPercent", pass_mark, 0, 100),
    ] {
        if let Some(value) = value {
            problems.take(path, within(value, min, max));
        }
    }
}

/// Checks a text at `path`; it comes back as it is to be stored.
fn parse_text(problems: &mut Problems, path: &str, input: &QuizTextInput) -> QuizTextInput {
    problems.check(input.language.is_of_site(), || Problem::at(UserErrorCode::Invalid, &format!("{path}.language")));
    QuizTextInput {
        language: input.language.clone(),
        title: problems.take(&format!("{path}.title"), text::line(&input.title, 200)),
        instructions: problems.take(&format!("{path}.instructions"), text::optional_body(&input.instructions.0, 10_000)).into(),
        is_machine: input.is_machine,
    }
}

async fn store_text(tx: &Tx, quiz: QuizId, text: QuizTextInput, source_revision: i32) -> Result<()> {
    let row = quiz_text::ActiveModel {
        quiz_id: Set(quiz),
        language: Set(text.language),
        source_revision: Set(source_revision),
        is_machine: Set(text.is_machine),
        title: Set(text.title),
        instructions: Set(text.instructions.0),
    };
    let replace = OnConflict::columns([quiz_text::Column::QuizId, quiz_text::Column::Language])
        .update_columns([
            quiz_text::Column::SourceRevision,
            quiz_text::Column::IsMachine,
            quiz_text::Column::Title,
            quiz_text::Column::Instructions,
        ])
        .to_owned();
    quiz_text::Entity::insert(row).on_conflict(replace).exec_without_returning(tx).await?;
    Ok(())
}

/// Makes a quiz in a course.
pub async fn create(app: &App, viewer: &Viewer, input: QuizCreateInput) -> Result<QuizId> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let text = parse_text(&mut problems, "input.text", &input.text);
    check_rules(&mut problems, input.attempt_limit, input.time_limit_seconds, Some(input.pass_mark_percent));
    problems.done()?;
    transact_once!(app, viewer, input.key, "quizCreate", &input, |tx| {
        let course = courses::policy::editable(tx, viewer, input.course_id).await?;
        if text.language != course.original_language {
            return Err(Problem::at(UserErrorCode::Invalid, "input.text.language").into());
        }
        let id = QuizId::new();
        let row = quiz::ActiveModel {
            id: Set(id),
            course_id: Set(course.id),
            original_language: Set(course.original_language),
            attempt_limit: Set(input.attempt_limit),
            time_limit_seconds: Set(input.time_limit_seconds),
            pass_mark_percent: Set(input.pass_mark_percent),
            shuffles_questions: Set(input.shuffles_questions),
            shuffles_choices: Set(input.shuffles_choices),
            frozen_version_id: Set(None),
            created_at: Set(tx.now()),
        };
        quiz::Entity::insert(row).exec_without_returning(tx).await?;
        store_text(tx, id, text.clone(), 1).await?;
        audit::record(tx, viewer, Action::new("quiz.created").on(id).with("course", course.id.to_string())).await?;
        Ok(id)
    })
}

/// Changes the rules of a quiz.
pub async fn update(app: &App, viewer: &Viewer, id: QuizId, input: QuizUpdateInput) -> Result<QuizId> {
    let mut problems = Problems::new();
    check_rules(&mut problems, input.attempt_limit.take(), input.time_limit_seconds.take(), input.pass_mark_percent);
    problems.done()?;
    transact!(app, |tx| {
        let quiz = policy::editable(tx, viewer, id).await?;
        let before = quiz.clone();
        let mut change = quiz.into_active_model();
        change.attempt_limit.set_if_not_equals(Option::from(input.attempt_limit).unwrap_or(before.attempt_limit));
        change.time_limit_seconds.set_if_not_equals(Option::from(input.time_limit_seconds).unwrap_or(before.time_limit_seconds));
        change.pass_mark_percent.set_if_not_equals(input.pass_mark_percent.unwrap_or(before.pass_mark_percent));
        change.shuffles_questions.set_if_not_equals(input.shuffles_questions.unwrap_or(before.shuffles_questions));
        change.shuffles_choices.set_if_not_equals(input.shuffles_choices.unwrap_or(before.shuffles_choices));
        let fields = [
            ("attemptLimit", change.attempt_limit.is_set()),
            ("timeLimitSeconds", change.time_limit_seconds.is_set()),
            ("passMarkPercent", change.pass_mark_percent.is_set()),
            ("shufflesQuestions", change.shuffles_questions.is_set()),
            ("shufflesChoices", change.shuffles_choices.is_set()),
        ];
        let changed: Vec<_> = fields.into_iter().filter_map(|(name, is_changed)| is_changed.then_some(name)).collect();
        if !changed.is_empty() {
            change.update(tx).await?;
            audit::record(tx, viewer, Action::new("quiz.updated").on(id).fields(changed)).await?;
        }
        Ok(id)
    })
}

/// Writes the texts of a quiz in one language; a new original makes its translations outdated.
pub async fn set_text(app: &App, viewer: &Viewer, id: QuizId, input: QuizTextInput) -> Result<QuizId> {
    let mut problems = Problems::new();
    let text = parse_text(&mut problems, "input", &input);
    problems.done()?;
    transact!(app, |tx| {
        let quiz = policy::editable(tx, viewer, id).await?;
        let texts = drafting::texts(tx, &[id]).await?.remove(&id).unwrap_or_default();
        let standing = texts.iter().find(|standing| standing.language == text.language);
        let is_same = standing.is_some_and(|standing| {
            standing.title == text.title && standing.instructions == text.instructions.0 && standing.is_machine == text.is_machine
        });
        if is_same && text.language == quiz.original_language {
            return Ok(id);
        }
        let revision = translated::next_revision(&texts, &text.language, &quiz.original_language);
        store_text(tx, id, text.clone(), revision).await?;
        audit::record(tx, viewer, Action::new("quiz.text_set").on(id).with("language", text.language.tag())).await?;
        Ok(id)
    })
}

/// Removes a translation.
pub async fn remove_text(app: &App, viewer: &Viewer, id: QuizId, language: Language) -> Result<QuizId> {
    transact!(app, |tx| {
        let quiz = policy::editable(tx, viewer, id).await?;
        if language == quiz.original_language {
            return Err(Problem::at(UserErrorCode::WrongState, "language").into());
        }
        let removed = quiz_text::Entity::delete_many()
            .filter(quiz_text::Column::QuizId.eq(id))
            .filter(quiz_text::Column::Language.eq(language.clone()))
            .exec(tx)
            .await?;
        if removed.rows_affected == 0 {
            return Err(Problem::at(UserErrorCode::NotFound, "language").into());
        }
        audit::record(tx, viewer, Action::new("quiz.text_removed").on(id).with("language", language.tag())).await?;
        Ok(id)
    })
}
