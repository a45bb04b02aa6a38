//! Courses: a course is the lasting thing that people enrol in; what it says is a version of modules and lessons. Staff
//! change the draft; published versions never change, so learners' ground does not move under them. Progress belongs to a
//! lesson's permanent id and so lives through versions.

pub mod completion;
pub mod course;
pub mod course_text;
pub mod enrolment;
pub mod lesson;
pub mod lesson_progress;
pub mod lesson_text;
pub mod module;
pub mod module_text;
pub mod policy;
pub mod version;
