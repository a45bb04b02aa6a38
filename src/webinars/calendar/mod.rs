//! Webinars in calendars: a file for one registration, and a private address of all of a person's, which calendars follow.

pub mod entries;
pub mod ics;
mod zone;
