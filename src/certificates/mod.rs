//! Certificates, whatever they are for: setting them as PDF, signing them as Open Badges 3.0, and the addresses that give
//! them out. What a certificate says comes as a plain value; who may have it is for those to say who know what was achieved.
//!
//! - [`certificate`] is the value; [`printing`] makes a PDF of it: `wording` says what stands on it, `fonts` and `lines` set
//!   text in any script, `page` says what stands where.
//! - [`badge`] makes the credential, as `statements`; [`signing`] has the key.
//! - [`ticket`] is what stands in addresses, [`code`] what people show to others.

#![allow(clippy::cast_precision_loss, reason = "what is drawn is counted in hundreds")]

pub mod badge;
pub mod certificate;
pub mod code;
mod fonts;
pub mod graphql;
mod lines;
mod page;
pub mod printing;
pub mod signing;
mod statements;
pub mod ticket;
mod wording;
