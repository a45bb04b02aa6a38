//! Learning and letting people in, in the API.

pub mod access;
pub mod checking;
pub mod lessons;
pub mod renewing;

pub use self::{
    access::{Access, AccessConnection, AccessMutation, access_to},
    checking::CheckQuery,
    lessons::{LessonMutation, has_unpublished_changes},
    renewing::CertificateMutation,
};
