//! What a quiz asks, and apart from it what is right. A [`Paper`] may be shown to anybody who may attempt the quiz; its
//! [`Key`] may not, so nothing that is made for learners holds one before feedback is due.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{question::QuestionKind, question_text, question_version, quiz_text};
use crate::{
    ids::{ChoiceId, QuestionId, QuestionVersionId},
    language::{Language, texts::translated},
};

/// The rules of a quiz.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Attempts that a person has.
    pub attempt_limit: Option<i32>,
    /// Length of an attempt in seconds.
    pub time_limit_seconds: Option<i32>,
    /// Share of the points needed to pass, 0 to 100.
    pub pass_mark_percent: i32,
    /// Each attempt has its own order of questions.
    pub shuffles_questions: bool,
    /// Each attempt has its own order of choices.
    pub shuffles_choices: bool,
}

/// What a quiz asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// Language that it was written in first.
    pub original_language: Language,
    /// Its rules.
    pub rules: Rules,
    /// What it says, in each language.
    pub texts: Vec<quiz_text::Model>,
    /// Its questions, in order.
    pub questions: Vec<Asked>,
}

/// A question as it is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The question.
    pub id: QuestionId,
    /// The version of it.
    pub version_id: QuestionVersionId,
    /// How it is answered.
    pub kind: QuestionKind,
    /// What a right answer gives.
    pub points: i32,
    /// Its choices, in order.
    pub choices: Vec<ChoiceId>,
    /// What it says, in each language.
    pub wordings: Vec<Wording>,
}

/// What a question says in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// The language.
    pub language: Language,
    /// Revision of the original that it was made from; of the original, its own.
    pub source_revision: i32,
    /// A machine made it and nobody has confirmed it.
    pub is_machine: bool,
    /// What is asked, Markdown.
    pub prompt: String,
    /// What the choices say, in their order.
    pub choices: Vec<String>,
}

/// What is right, for each question of a paper in its order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key(pub Vec<Answer>);

/// What is right of one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The right choices; at least one.
    pub correct: BTreeSet<ChoiceId>,
    /// Why, Markdown, for each wording in its order.
    pub explanations: Vec<String>,
}

translated!(Wording);

impl Paper {
    /// Points to reach.
    #[must_use]
    pub fn max_points(&self) -> i32 {
        self.questions.iter().map(|question| question.points).sum()
    }
}

/// Parts a version of a question into what is asked and what is right. `texts` are in the order of their languages.
#[must_use]
pub fn part(
    id: QuestionId,
    kind: QuestionKind,
    version: &question_version::Model,
    texts: &[question_text::Model],
) -> (Asked, Answer) {
    let wordings = texts.iter().map(|text| Wording {
        language: text.language.clone(),
        source_revision: text.source_revision,
        is_machine: text.is_machine,
        prompt: text.prompt.clone(),
        choices: text.choices.0.clone(),
    });
    let choices = &version.choices.0;
    let asked = Asked {
        id,
        version_id: version.id,
        kind,
        points: version.points,
        choices: choices.iter().map(|choice| choice.id).collect(),
        wordings: wordings.collect(),
    };
    let answer = Answer {
        correct: choices.iter().filter(|choice| choice.is_correct).map(|choice| choice.id).collect(),
        explanations: texts.iter().map(|text| text.explanation.clone()).collect(),
    };
    (asked, answer)
}
