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
    /// An attempt was handed in.
    pub has_handed_in: bool,
    /// An attempt was passed.
    pub is_passed: bool,
    /// Attempts left; `None` is no limit but that of the server. None are left once the quiz is passed.
    pub attempts_left: Option<i32>,
    /// With a pre-test, what the post-test lets be shown of it; `None` with all other quizzes.
    pub release: Option<Release>,
}

impl Standing {
    /// While an attempt is under way, nothing else matters to what may be shown.
    pub const UNDER_WAY: Self =
        Self { is_under_way: true, has_handed_in: false, is_passed: false, attempts_left: None, release: None };

    /// Nothing can be gained any more by knowing what is right.
    fn is_finished(&self) -> bool {
        !self.is_under_way && (self.is_passed || self.attempts_left == Some(0))
    }
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
        has_handed_in: attempts.iter().any(|attempt| !attempt.is_under_way()),
        is_passed,
        attempts_left: if is_passed { Some(0) } else { left },
        release: None,
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

/// What may be shown of a person's attempts at a pre-test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Release {
    results: bool,
    key: bool,
}

/// The pre-test of a webinar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PreTest<Quiz> {
    /// The post-test, if one is published.
    pub post_test: Option<Quiz>,
    /// The webinar has ended.
    pub is_over: bool,
    /// The webinar will not take place.
    pub is_cancelled: bool,
}

impl<Quiz> PreTest<Quiz> {
    /// The one rule on pre-tests, which as a rule ask what the post-tests ask. Which answers were right is shown once the person
    /// has handed in a post-test, and the key when that of the post-test is; `at_post_test` is where they stand with it. Where
    /// no post-test is published, both are shown once the webinar is over, and where none can begin any more, at once.
    #[must_use]
    pub fn release(&self, at_post_test: Option<&Standing>) -> Release {
        let Some(standing) = at_post_test else {
            let nothing_to_gain = self.is_over || self.is_cancelled;
            return Release { results: nothing_to_gain, key: nothing_to_gain };
        };
        let none_begins = self.is_cancelled && !standing.is_under_way;
        Release { results: standing.has_handed_in || none_begins, key: standing.is_finished() || none_begins }
    }
}

/// The one rule on what leaves the server of an attempt's results and key. The person learns their results once the attempt
/// is handed in, and the key once nothing can be gained by it: no attempt is under way, and the quiz was passed or no
/// attempt is left; of a pre-test, once [`PreTest::release`] says so. Staff, who wrote the key, see it at any time in the
/// attempts of others.
#[must_use]
pub fn reveals(viewer: &Viewer, attempt: &attempt::Model, standing: Standing) -> Reveals {
    let handed_in = !attempt.is_under_way();
    if !viewer.is(attempt.user_id) {
        return Reveals { results: handed_in, key: true };
    }
    match standing.release {
        None => Reveals { results: handed_in, key: handed_in && standing.is_finished() },
        Some(release) => {
            Reveals { results: handed_in && release.results, key: handed_in && !standing.is_under_way && release.key }
        }
    }
}
