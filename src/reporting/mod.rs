//! Reporting: how many were invited to webinars, registered, came and learnt, by what they had told of themselves, for
//! organisers and those who fund them.
//!
//! `gathering` reads who did what; `tallying` counts them; `suppressing` says which of the numbers may be known; what is left are
//! `counts`, and they alone are kept, shown and written to files. They are taken once a day, of webinars that are over.

pub mod counts;
pub mod dimension;
pub mod gathering;
pub mod graphql;
pub mod picture;
pub mod regions;
pub mod report;
pub mod series_count;
pub mod stage;
pub mod suppressing;
pub mod table;
pub mod taking;
pub mod tallying;
pub mod ticket;
pub mod tree;
pub mod wording;
pub mod workbook;
