//! Loading scattered references together. Each domain writes `impl Loader<ItsId> for Batch` in its `graphql.rs`, starting
//! from its policy's `visible`, so that nesting leaks nothing.

use crate::{app::App, viewer::Viewer};

/// Loads rows by key for one viewer.
pub struct Batch {
    /// The app.
    pub app: App,
    /// Who is asking.
    pub viewer: Viewer,
}
