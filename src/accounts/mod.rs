//! People and their accounts: signing up and in, profiles, vetting, roles, and who was let in where.

pub mod access;
pub mod admin;
pub mod graphql;
pub mod policy;
pub mod user;
pub mod viewing;
