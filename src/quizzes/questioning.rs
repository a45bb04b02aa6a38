//! Writing questions. Each change of what is asked, what it gives or what is right makes a new version; translations are
//! carried along while they fit.

use std::collections::BTreeSet;

use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, Set};

use super::{
    authoring::within,
    ordering::standing,
    policy, question,
    question_input::{QuestionCreateInput, QuestionTextInput, QuestionUpdateInput, check_correct, check_count, parse_text},
    question_text::{self, ChoiceTexts},
    question_version::{self, Choice, Choices},
    quiz,
};
use crate::{
    app::App,
    audit::{self, Action},
    database::Tx,
    error::{Error, Problem, Problems, Result, UserErrorCode},
    ids::{ChoiceId, QuestionId, QuestionVersionId},
    language::{Language, texts, translated},
    transact, transact_once,
    viewer::Viewer,
};

/// Questions that a quiz may have.
const MOST: u64 = 200;

/// A version to be stored.
pub(super) struct Numbered {
    pub id: QuestionVersionId,
    pub question: QuestionId,
    pub number: i32,
}

/// Stores a version, with choices whose ids are new.
pub(super) async fn store_version(
    tx: &Tx,
    version: Numbered,
    points: i32,
    correct: &BTreeSet<usize>,
    texts: Vec<question_text::Model>,
) -> Result<()> {
    let Numbered { id, question, number } = version;
    let count = texts.first().map_or(0, |text| text.choices.0.len());
    let choices = (0..count).map(|place| Choice { id: ChoiceId::new(), is_correct: correct.contains(&place) }).collect();
    let row = question_version::ActiveModel {
        id: Set(id),
        question_id: Set(question),
        number: Set(number),
        points: Set(points),
        choices: Set(Choices(choices)),
        created_at: Set(tx.now()),
    };
    question_version::Entity::insert(row).exec_without_returning(tx).await?;
    let rows = texts.into_iter().map(|text| question_text::Model { version_id: id, ..text }.into_active_model().reset_all());
    question_text::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

fn text_row(version_id: QuestionVersionId, text: &QuestionTextInput, source_revision: i32) -> question_text::Model {
    question_text::Model {
        version_id,
        language: text.language.clone(),
        source_revision,
        is_machine: text.is_machine,
        prompt: text.prompt.0.clone(),
        choices: ChoiceTexts(text.choices.clone()),
        explanation: text.explanation.0.clone(),
    }
}

/// Adds a question at the end of a quiz.
pub async fn create(app: &App, viewer: &Viewer, input: QuestionCreateInput) -> Result<QuestionId> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let text = parse_text(&mut problems, "input.text", &input.text);
    problems.take("input.points", within(input.points, 1, 100));
    check_count(&mut problems, "input.text", input.kind, input.text.choices.len());
    let correct = check_correct(&mut problems, input.kind, &input.correct_choices, input.text.choices.len());
    problems.done()?;
    transact_once!(app, viewer, input.key, "questionCreate", &input, |tx| {
        let quiz = policy::editable(tx, viewer, input.quiz_id).await?;
        texts::of_original(&text.language, &quiz.original_language, "input.text.language")?;
        let standing = standing(quiz.id).count(tx).await?;
        if standing >= MOST {
            return Err(Problem::new(UserErrorCode::LimitReached).into());
        }
        let (id, version) = (QuestionId::new(), QuestionVersionId::new());
        let row = question::ActiveModel {
            id: Set(id),
            quiz_id: Set(quiz.id),
            kind: Set(input.kind),
            position: Set(i32::try_from(standing).unwrap_or(i32::MAX) + 1),
            version_id: Set(version),
            removed_at: Set(None),
        };
        question::Entity::insert(row).exec_without_returning(tx).await?;
        store_version(
            tx,
            Numbered { id: version, question: id, number: 1 },
            input.points,
            &correct,
            vec![text_row(version, &text, 1)],
        )
        .await?;
        audit::record(tx, viewer, Action::new("question.created").on(id).with("quiz", quiz.id.to_string())).await?;
        Ok(id)
    })
}

/// A version with its texts.
async fn version(tx: &Tx, id: QuestionVersionId) -> Result<(question_version::Model, Vec<question_text::Model>)> {
    let version = question_version::Entity::find_by_id(id).one(tx).await?.ok_or(Error::NotFound("question"))?;
    let texts = question_text::Entity::find()
        .filter(question_text::Column::VersionId.eq(id))
        .order_by_asc(question_text::Column::Language)
        .all(tx)
        .await?;
    Ok((version, texts))
}

/// Makes a new version of a question; without a change the standing one stays.
pub async fn update(app: &App, viewer: &Viewer, id: QuestionId, input: QuestionUpdateInput) -> Result<QuestionId> {
    let mut problems = Problems::new();
    let text = input.text.as_ref().map(|text| parse_text(&mut problems, "input.text", text));
    if let Some(points) = input.points {
        problems.take("input.points", within(points, 1, 100));
    }
    problems.done()?;
    transact!(app, |tx| {
        let (quiz, question) = policy::editable_question(tx, viewer, id).await?;
        if let Some(text) = &text {
            texts::of_original(&text.language, &quiz.original_language, "input.text.language")?;
            let mut problems = Problems::new();
            check_count(&mut problems, "input.text", question.kind, input.text.as_ref().map_or(0, |text| text.choices.len()));
            problems.done()?;
        }
        revise(tx, viewer, &quiz, question, &input, text.as_ref()).await?;
        Ok(id)
    })
}

async fn revise(
    tx: &Tx,
    viewer: &Viewer,
    quiz: &quiz::Model,
    question: question::Model,
    input: &QuestionUpdateInput,
    text: Option<&QuestionTextInput>,
) -> Result<()> {
    let (before, mut texts) = version(tx, question.version_id).await?;
    let places = |choices: &[Choice]| -> Vec<i32> {
        (0..).zip(choices).filter(|(_, choice)| choice.is_correct).map(|(place, _)| place).collect()
    };
    let correct = input.correct_choices.clone().unwrap_or_else(|| places(&before.choices.0));
    let count = text.map_or(before.choices.0.len(), |text| text.choices.len());
    let mut problems = Problems::new();
    let correct = check_correct(&mut problems, question.kind, &correct, count);
    problems.done()?;

    let mut fields = Vec::new();
    let points = input.points.unwrap_or(before.points);
    if points != before.points {
        fields.push("points");
    }
    if correct.iter().filter_map(|&place| i32::try_from(place).ok()).ne(places(&before.choices.0)) {
        fields.push("correctChoices");
    }
    if let Some(text) = text.filter(|text| !says(&texts, text)) {
        fields.push("text");
        let revision = translated::next_revision(&texts, &quiz.original_language, &quiz.original_language);
        texts.retain(|standing| standing.language != text.language && standing.choices.0.len() == count);
        texts.insert(0, text_row(before.id, text, revision));
    }
    if fields.is_empty() {
        return Ok(());
    }
    let (id, version, number) = (question.id, QuestionVersionId::new(), before.number + 1);
    store_version(tx, Numbered { id: version, question: id, number }, points, &correct, texts).await?;
    let mut change = question.into_active_model();
    change.version_id = Set(version);
    change.update(tx).await?;
    audit::record(tx, viewer, Action::new("question.updated").on(id).fields(fields).with("version", number)).await
}

/// Whether `texts` say exactly this already.
fn says(texts: &[question_text::Model], text: &QuestionTextInput) -> bool {
    texts.iter().any(|standing| *standing == text_row(standing.version_id, text, standing.source_revision))
}

/// Writes a translation of a question; its original language makes a new version, as [`update`] does.
pub async fn set_text(app: &App, viewer: &Viewer, id: QuestionId, input: QuestionTextInput) -> Result<QuestionId> {
    let mut problems = Problems::new();
    let text = parse_text(&mut problems, "input", &input);
    problems.done()?;
    transact!(app, |tx| {
        let (quiz, question) = policy::editable_question(tx, viewer, id).await?;
        let (version, _) = version(tx, question.version_id).await?;
        let count = version.choices.0.len();
        if input.choices.len() != count {
            let problem = Problem::at(UserErrorCode::Invalid, "input.choices").saying("problem-choices-number");
            return Err(problem.with("count", count).into());
        }
        if text.language == quiz.original_language {
            let unchanged = QuestionUpdateInput { points: None, text: None, correct_choices: None };
            revise(tx, viewer, &quiz, question, &unchanged, Some(&text)).await?;
            return Ok(id);
        }
        if texts::set::<question_text::Entity>(tx, &quiz.original_language, text_row(version.id, &text, 0)).await? {
            audit::record(tx, viewer, Action::new("question.text_set").on(id).with("language", text.language.tag())).await?;
        }
        Ok(id)
    })
}

/// Removes a translation.
pub async fn remove_text(app: &App, viewer: &Viewer, id: QuestionId, language: Language) -> Result<QuestionId> {
    transact!(app, |tx| {
        let (quiz, question) = policy::editable_question(tx, viewer, id).await?;
        texts::remove::<question_text::Entity>(tx, &quiz.original_language, question.version_id, &language).await?;
        audit::record(tx, viewer, Action::new("question.text_removed").on(id).with("language", language.tag())).await?;
        Ok(id)
    })
}
