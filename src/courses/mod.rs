//! Courses: a course is the lasting thing that people enrol in; what it says is a version of modules and lessons. Staff
//! change the draft; published versions never change, so learners' ground does not move under them. Progress belongs to a
//! lesson's permanent id and so lives through versions.

pub mod authoring;
pub mod catalog;
pub mod certifying;
pub mod completing;
pub mod completion;
pub mod content;
pub mod course;
pub mod course_text;
pub mod drafting;
pub mod enrolling;
pub mod enrolment;
pub mod finding;
pub mod freezing;
pub mod graphql;
pub mod lesson;
pub mod lesson_progress;
pub mod lesson_text;
pub mod module;
pub mod module_text;
pub mod modules;
pub mod policy;
pub mod progress;
pub mod revoking;
pub mod seeing;
pub mod texts;
pub mod version;
