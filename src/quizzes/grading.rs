//! Grading: pure, so that the same answers to the same paper always give the same grade.

use std::{
    cmp::Ordering,
    collections::{BTreeSet, HashMap},
};

use super::paper::{Answer, Key, Paper};
use crate::ids::{ChoiceId, QuestionId};

/// What an attempt reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grade {
    /// Points reached.
    pub points: i32,
    /// Whether they are enough.
    pub is_passed: bool,
}

/// Whether exactly the right choices were chosen. For questions with one right choice that is this choice; for
/// MULTIPLE_CHOICE it is all or nothing. Nothing chosen is never right.
#[must_use]
pub fn is_correct(answer: &Answer, chosen: &[ChoiceId]) -> bool {
    !chosen.is_empty() && chosen.iter().copied().collect::<BTreeSet<_>>() == answer.correct
}

/// Grades what was chosen for each question; those without an answer give nothing.
#[must_use]
pub fn grade(paper: &Paper, key: &Key, chosen: &HashMap<QuestionId, Vec<ChoiceId>>) -> Grade {
    let right = paper
        .questions
        .iter()
        .zip(&key.0)
        .filter(|(question, answer)| chosen.get(&question.id).is_some_and(|chosen| is_correct(answer, chosen)));
    let points = right.map(|(question, _)| question.points).sum();
    Grade { points, is_passed: passes(points, paper.max_points(), paper.rules.pass_mark_percent) }
}

/// Whether `points` of `max` reach the mark, counted in whole points so that nothing is rounded.
fn passes(points: i32, max: i32, pass_mark_percent: i32) -> bool {
    i64::from(points) * 100 >= i64::from(max) * i64::from(pass_mark_percent)
}

/// How the shares of two counts of points out of points to reach compare, with nothing rounded.
#[must_use]
pub fn compare((points, max): (i32, i32), (other, other_max): (i32, i32)) -> Ordering {
    (i64::from(points) * i64::from(other_max.max(1))).cmp(&(i64::from(other) * i64::from(max.max(1))))
}

/// The share of the points, 0 to 100, cut to two digits after the point: only all points are 100.
#[must_use]
pub fn percent(points: i32, max: i32) -> f64 {
    (f64::from(points) * 10_000.0 / f64::from(max.max(1))).floor() / 100.0
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::{
        ids::QuestionVersionId,
        language::Language,
        quizzes::{
            paper::{Asked, Rules},
            question::QuestionKind,
        },
    };

    /// A paper of questions with these points and right choices of four.
    fn paper(questions: &[(i32, BTreeSet<usize>)], pass_mark_percent: i32) -> (Paper, Key) {
        let rules = Rules {
            attempt_limit: None,
            time_limit_seconds: None,
            pass_mark_percent,
            shuffles_questions: false,
            shuffles_choices: false,
        };
        let (mut asked, mut answers) = (Vec::new(), Vec::new());
        for (points, correct) in questions {
            let choices: Vec<ChoiceId> = (0..4).map(|_| ChoiceId::new()).collect();
            answers.push(Answer { correct: correct.iter().map(|&n| choices[n]).collect(), explanations: Vec::new() });
            asked.push(Asked {
                id: QuestionId::new(),
                version_id: QuestionVersionId::new(),
                kind: QuestionKind::MultipleChoice,
                points: *points,
                choices,
                wordings: Vec::new(),
            });
        }
        (Paper { original_language: Language::english(), rules, texts: Vec::new(), questions: asked }, Key(answers))
    }

    fn questions() -> impl Strategy<Value = Vec<(i32, BTreeSet<usize>)>> {
        vec((1..=100_i32, proptest::collection::btree_set(0..4_usize, 1..=4)), 1..30)
    }

    proptest! {
        #[test]
        fn all_right_gives_all_points_and_none_gives_none(questions in questions(), mark in 1..=100_i32) {
            let (paper, key) = paper(&questions, mark);
            let right: HashMap<_, Vec<_>> = paper.questions.iter().zip(&key.0)
                .map(|(asked, answer)| (asked.id, answer.correct.iter().rev().copied().collect())).collect();
            prop_assert_eq!(grade(&paper, &key, &right), Grade { points: paper.max_points(), is_passed: true });
            prop_assert_eq!(grade(&paper, &key, &HashMap::new()), Grade { points: 0, is_passed: false });
        }

        #[test]
        fn points_are_those_of_the_questions_with_exactly_the_right_choices(
            questions in questions(), mark in 0..=100_i32, picks in vec(proptest::collection::btree_set(0..4_usize, 0..=4), 30),
        ) {
            let (paper, key) = paper(&questions, mark);
            let chosen = paper.questions.iter().zip(&picks)
                .map(|(asked, pick)| (asked.id, pick.iter().map(|&n| asked.choices[n]).collect())).collect();
            let expected: i32 = questions.iter().zip(&picks)
                .filter(|((_, correct), pick)| correct == *pick).map(|((points, _), _)| points).sum();
            let grade = grade(&paper, &key, &chosen);
            prop_assert_eq!(grade.points, expected);
            let share = f64::from(expected) / f64::from(paper.max_points()) * 100.0;
            if (share - f64::from(mark)).abs() > 1e-6 {
                prop_assert_eq!(grade.is_passed, share > f64::from(mark));
            }
        }

        #[test]
        fn a_percentage_is_from_0_to_100_and_full_only_for_all_points(max in 1..=20_000_i32, part in 0.0..=1.0_f64) {
            #[allow(clippy::cast_possible_truncation)]
            let points = (f64::from(max) * part) as i32;
            let share = percent(points, max);
            prop_assert!((0.0..=100.0).contains(&share));
            prop_assert_eq!(share >= 100.0, points == max);
        }
    }

    #[test]
    fn the_mark_itself_passes() {
        assert!(passes(3, 5, 60));
        assert!(!passes(59, 100, 60));
        assert!(passes(2, 3, 66));
        assert!(!passes(2, 3, 67));
        assert!(passes(0, 5, 0));
    }

    #[test]
    fn one_choice_too_many_or_too_few_is_wrong() {
        let ids: Vec<ChoiceId> = (0..3).map(|_| ChoiceId::new()).collect();
        let answer = Answer { correct: ids[..2].iter().copied().collect(), explanations: Vec::new() };
        assert!(is_correct(&answer, &[ids[1], ids[0]]));
        assert!(!is_correct(&answer, &ids));
        assert!(!is_correct(&answer, &ids[..1]));
        assert!(!is_correct(&answer, &[]));
    }
}
