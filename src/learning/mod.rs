//! What needs courses and what they are made of together: the content of lessons, publishing a version, learning,
//! letting people in, and checking what records prove.

pub mod checking;
pub mod granting;
pub mod graphql;
pub mod lesson_content;
pub mod lessons;
pub mod policy;
pub mod publishing;
pub mod studying;
