//! Quizzes: staff write questions, a publication freezes them, learners attempt them and are graded at once. A quiz belongs to
//! a course, or to a webinar as its pre-test or post-test ([`home::Home`]).
//!
//! What is asked and what is right lie apart ([`paper`]): a [`paper::Paper`] holds nothing that a learner may not see, and
//! its [`paper::Key`] goes only where [`policy::reveals`] says so. Deadlines are judged by the server's clock at the receipt
//! of a request: an answer that arrives up to the deadline counts, one a microsecond later is refused.

pub mod allowance;
pub mod allowing;
pub mod attempt;
pub mod attempting;
pub mod authoring;
pub mod copying;
pub mod drafting;
pub mod freezing;
pub mod grading;
pub mod graphql;
pub mod handing_in;
pub mod home;
pub mod layout;
pub mod ordering;
pub mod paper;
pub mod policy;
pub mod question;
pub mod question_input;
pub mod question_text;
pub mod question_version;
pub mod questioning;
pub mod quiz;
pub mod quiz_text;
pub mod quiz_version;
pub mod response;
pub mod reviewing;
mod saves;
pub mod saving;
