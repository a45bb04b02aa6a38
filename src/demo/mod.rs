//! The demo: content in six languages for an empty site, people of every role, a page at `/demo`, and a walkthrough that
//! does the whole job as clients do.
//!
//! What is loaded stands in `content/`; the page in `page/`.

mod content;
mod http;
pub mod loading;
mod request;
mod running;
pub mod walkthrough;

pub use self::{
    content::{Person, people},
    loading::{load, password_file},
    running::{Options, run},
};
