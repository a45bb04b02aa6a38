//! Making a quiz and changing its draft: rules and texts. What learners see changes with the next publication of its course,
//! or of it as the test of a webinar.

use async_graphql::{InputObject, MaybeUndefined};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use serde::Serialize;
use uuid::Uuid;

use super::{home::Home, paper::Rules, policy, quiz, quiz_text};
use crate::{
    app::App,
    audit::{self, Action},
    courses,
    database::Tx,
    error::{Problem, Problems, Result, UserErrorCode},
    ids::{CourseId, QuizId},
    language::{
        Language,
        texts::{self, of_site},
    },
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

/// Changes of a quiz. What is absent stays; null clears. Learners get them with the next publication of the course, or of the
/// test.
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

impl QuizTextInput {
    /// Parses it; problems are noted under `path`.
    fn parse(&self, problems: &mut Problems, path: &str) -> Self {
        Self {
            language: problems.take(&format!("{path}.language"), of_site(&self.language)),
            title: problems.take(&format!("{path}.title"), text::line(&self.title, 200)),
            instructions: problems
                .take(&format!("{path}.instructions"), text::optional_body(&self.instructions.0, 10_000))
                .into(),
            is_machine: self.is_machine,
        }
    }

    /// The row of a parsed text.
    fn row(&self, quiz_id: QuizId) -> quiz_text::Model {
        quiz_text::Model {
            quiz_id,
            language: self.language.clone(),
            source_revision: 0,
            is_machine: self.is_machine,
            title: self.title.clone(),
            instructions: self.instructions.0.clone(),
        }
    }
}

/// Makes a quiz in a course.
pub async fn create(app: &App, viewer: &Viewer, input: QuizCreateInput) -> Result<QuizId> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let text = input.text.parse(&mut problems, "input.text");
    check_rules(&mut problems, input.attempt_limit, input.time_limit_seconds, Some(input.pass_mark_percent));
    problems.done()?;
    transact_once!(app, viewer, input.key, "quizCreate", &input, |tx| {
        let course = courses::policy::editable(tx, viewer, input.course_id).await?;
        texts::of_original(&text.language, &course.original_language, "input.text.language")?;
        let rules = Rules {
            attempt_limit: input.attempt_limit,
            time_limit_seconds: input.time_limit_seconds,
            pass_mark_percent: input.pass_mark_percent,
            shuffles_questions: input.shuffles_questions,
            shuffles_choices: input.shuffles_choices,
        };
        let id = store(tx, Home::Course(course.id), course.original_language, rules).await?;
        texts::set::<quiz_text::Entity>(tx, &text.language, text.row(id)).await?;
        audit::record(tx, viewer, Action::new("quiz.created").on(id).with("course", course.id.to_string())).await?;
        Ok(id)
    })
}

/// Stores a new quiz, which says and asks nothing yet.
pub async fn store(tx: &Tx, home: Home, original_language: Language, rules: Rules) -> Result<QuizId> {
    let id = QuizId::new();
    let row = quiz::ActiveModel {
        id: Set(id),
        course_id: Set(home.course()),
        webinar_id: Set(home.webinar()),
        original_language: Set(original_language),
        attempt_limit: Set(rules.attempt_limit),
        time_limit_seconds: Set(rules.time_limit_seconds),
        pass_mark_percent: Set(rules.pass_mark_percent),
        shuffles_questions: Set(rules.shuffles_questions),
        shuffles_choices: Set(rules.shuffles_choices),
        frozen_version_id: Set(None),
        created_at: Set(tx.now()),
    };
    quiz::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(id)
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
    let text = input.parse(&mut problems, "input");
    problems.done()?;
    transact!(app, |tx| {
        let quiz = policy::editable(tx, viewer, id).await?;
        if texts::set::<quiz_text::Entity>(tx, &quiz.original_language, text.row(id)).await? {
            audit::record(tx, viewer, Action::new("quiz.text_set").on(id).with("language", text.language.tag())).await?;
        }
        Ok(id)
    })
}

/// Removes a translation.
pub async fn remove_text(app: &App, viewer: &Viewer, id: QuizId, language: Language) -> Result<QuizId> {
    transact!(app, |tx| {
        let quiz = policy::editable(tx, viewer, id).await?;
        texts::remove::<quiz_text::Entity>(tx, &quiz.original_language, id, &language).await?;
        audit::record(tx, viewer, Action::new("quiz.text_removed").on(id).with("language", language.tag())).await?;
        Ok(id)
    })
}
