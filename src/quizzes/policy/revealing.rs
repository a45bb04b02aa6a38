//! Where a person stands with a quiz, and what may be shown of an attempt for that.

use crate::{
    quizzes::{allowance, attempt},
    viewer::Viewer,
};

/// Attempts that a person has where the quiz sets no limit: what lists of attempts are bounded by.
const MOST_ATTEMPTS: i32 = 100;

/// Where a person stands with a quiz.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// An attempt is under way.
    pub is_under_way: bool,
    /// An attempt was passed.
    pub is_passed: bool,
    /// Attempts left; `None` is no limit but that of the server. None are left once the quiz is passed.
    pub attempts_left: Option<i32>,
}

impl Standing {
    /// While an attempt is under way, nothing else matters to what may be shown.
    pub const UNDER_WAY: Self = Self { is_under_way: true, is_passed: false, attempts_left: None };
}

/// Judges where a person stands from all their attempts at a quiz, its attempt limit and what they were allowed besides.
#[must_use]
pub fn standing(attempts: &[attempt::Model], attempt_limit: Option<i32>, allowed: allowance::Total) -> Standing {
    let made = i32::try_from(attempts.len()).unwrap_or(i32::MAX);
    let is_passed = attempts.iter().any(|attempt| attempt.is_passed == Some(true));
    let most = attempt_limit.unwrap_or(MOST_ATTEMPTS).saturating_add(allowed.attempts);
    let left = Some(Ord::max(most.saturating_sub(made), 0)).filter(|left| attempt_limit.is_some() || *left == 0);
    Standing {
        is_under_way: attempts.iter().any(attempt::Model::is_under_way),
        is_passed,
        attempts_left: if is_passed { Some(0) } else { left },
    }
}

/// What may be shown of an attempt besides what it asks and what was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reveals {
    /// Which answers were right, and their points.
    pub results: bool,
    /// The right choices and the explanations.
    pub key: bool,
}

/// The one rule on what leaves the server of an attempt's results and key. The person learns their results once the attempt
/// is handed in, and the key once nothing can be gained by it: no attempt is under way, and the quiz was passed or no
/// attempt is left. Staff, who wrote the key, see it at any time in the attempts of others.
#[must_use]
pub fn reveals(viewer: &Viewer, attempt: &attempt::Model, standing: Standing) -> Reveals {
    let results = !attempt.is_under_way();
    let finished = !standing.is_under_way && (standing.is_passed || standing.attempts_left == Some(0));
    Reveals { results, key: !viewer.is(attempt.user_id) || results && finished }
}
