//! People and their accounts: signing up and in, profiles, vetting, roles, and who was let in where.

pub mod access;
pub mod admin;
mod devices;
mod given;
pub mod graphql;
pub mod joined;
pub mod managing;
pub mod passwords;
pub mod policy;
pub mod profile;
pub mod signing_in;
pub mod signing_up;
mod throttle;
mod tokens;
pub mod user;
pub mod vetting;
pub mod viewing;

pub use self::{
    devices::sweep as sweep_devices,
    throttle::{may_today, sweep as sweep_counts, visit, wait_to_write},
    tokens::sweep as sweep_tokens,
};
