//! What is given for a question, and whether it can be answered.

use std::collections::BTreeSet;

use async_graphql::InputObject;
use serde::Serialize;
use uuid::Uuid;

use super::question::QuestionKind;
use crate::{
    error::{Problem, Problems, UserErrorCode},
    ids::QuizId,
    language::{Language, texts::of_site},
    scalars::Markdown,
    text,
};

/// A question in one language.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct QuestionTextInput {
    /// One of the site's languages.
    pub language: Language,
    /// 1 to 5,000 characters.
    pub prompt: Markdown,
    /// As many as the question has, in its order, 1 to 1,000 characters each.
    pub choices: Vec<String>,
    /// Shown as feedback; at most 5,000 characters.
    #[graphql(default)]
    pub explanation: Markdown,
    /// True when a machine translated it and nobody has confirmed it.
    #[graphql(default)]
    pub is_machine: bool,
}

/// A new question at the end of a quiz.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct QuestionCreateInput {
    /// Idempotency key.
    pub key: Uuid,
    /// The quiz.
    pub quiz_id: QuizId,
    /// How it is answered; never changes.
    pub kind: QuestionKind,
    /// 1 to 100.
    #[graphql(default = 1)]
    pub points: i32,
    /// In the quiz's original language; 2 to 20 choices, 2 for TRUE_FALSE.
    pub text: QuestionTextInput,
    /// Which choices are right, counted from 0; exactly one but for MULTIPLE_CHOICE, which has at least one.
    pub correct_choices: Vec<i32>,
}

/// A new version of a question in its original language. What is absent stays.
#[derive(Clone, Debug, InputObject)]
pub struct QuestionUpdateInput {
    /// 1 to 100.
    pub points: Option<i32>,
    /// In the quiz's original language, in place of all that stood there: what is absent is empty. Translations become outdated,
    /// and go when the number of choices changes.
    pub text: Option<QuestionTextInput>,
    /// Which choices are right, counted from 0; exactly one but for MULTIPLE_CHOICE, which has at least one.
    pub correct_choices: Option<Vec<i32>>,
}

/// Checks a text at `path`; it comes back as it is to be stored.
pub(super) fn parse_text(problems: &mut Problems, path: &str, input: &QuestionTextInput) -> QuestionTextInput {
    let at = |field: &str| format!("{path}.{field}");
    let choices = input.choices.iter().take(20).enumerate();
    QuestionTextInput {
        language: problems.take(&at("language"), of_site(&input.language)),
        prompt: problems.take(&at("prompt"), text::body(&input.prompt.0, 5000)).into(),
        choices: choices.map(|(n, choice)| problems.take(&at(&format!("choices.{n}")), text::line(choice, 1000))).collect(),
        explanation: problems.take(&at("explanation"), text::optional_body(&input.explanation.0, 5000)).into(),
        is_machine: input.is_machine,
    }
}

/// How many choices a question of `kind` may have: 2 to 20, TRUE_FALSE exactly 2.
pub(super) fn check_count(problems: &mut Problems, path: &str, kind: QuestionKind, count: usize) {
    let most = if kind == QuestionKind::TrueFalse { 2 } else { 20 };
    let out_of_range = || Problem::at(UserErrorCode::OutOfRange, &format!("{path}.choices")).with("min", 2).with("max", most);
    problems.check((2..=most).contains(&count), out_of_range);
}

/// Which of `count` choices are right: at least one, and exactly one but for MULTIPLE_CHOICE.
pub(super) fn check_correct(problems: &mut Problems, kind: QuestionKind, correct: &[i32], count: usize) -> BTreeSet<usize> {
    let places: Option<BTreeSet<usize>> =
        correct.iter().map(|&n| usize::try_from(n).ok().filter(|place| *place < count)).collect();
    let Some(places) = places else {
        let last = count.saturating_sub(1);
        problems.add(Problem::at(UserErrorCode::OutOfRange, "input.correctChoices").with("min", 0).with("max", last));
        return BTreeSet::new();
    };
    let takes_several = kind == QuestionKind::MultipleChoice;
    let fits = places.len() == 1 || places.len() > 1 && takes_several;
    problems.check(fits, || {
        let message = if takes_several { "problem-no-right-choice" } else { "problem-one-right-choice" };
        Problem::at(UserErrorCode::Invalid, "input.correctChoices").saying(message)
    });
    places
}
