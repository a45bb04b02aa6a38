//! The tests of a webinar: a pre-test for registrants before it begins, and a post-test from shortly before its end on. They
//! are quizzes, which belong to the webinar; what is written, attempted and graded is told by [`crate::quizzes`].

pub mod counting;
pub mod preparing;
pub mod sitting;
pub mod test;
