//! What needs courses and what they are made of together: the content of lessons, publishing a version, learning,
//! letting people in, checking what records prove, and the names on them.

pub mod checking;
pub mod filling;
pub mod granting;
pub mod graphql;
pub mod lesson_content;
pub mod lessons;
pub mod policy;
pub mod publishing;
pub mod renewing;
pub mod studying;
