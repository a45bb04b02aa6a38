//! Files that are made as they are fetched, by the ticket in their address.

use bytes::Bytes;
use http::{StatusCode, header};
use poem::Response;

use super::refusing::Refused;
use crate::turns::{Turn, Turns};

/// Files of a kind that are made at once: each has a core for some hundredths of a second.
const AT_ONCE: usize = 2;
/// Requests that may wait for their turn.
const WAITING: usize = 32;

/// Who makes files of a kind.
pub struct Makers {
    what: &'static str,
    turns: Turns,
}

impl Makers {
    /// Makers of `what`.
    pub fn of(what: &'static str) -> Self {
        Self { what, turns: Turns::new(AT_ONCE, WAITING) }
    }

    /// A turn at making one; refused where too many wait.
    pub async fn turn(&self) -> Result<Turn, Refused> {
        let busy = || Refused::unavailable(self.what);
        self.turns.place().ok_or_else(busy)?.turn().await.ok_or_else(busy)
    }
}

/// The ticket of an address is not ours, or too old.
pub fn too_old() -> Refused {
    Refused::new(StatusCode::FORBIDDEN, "FORBIDDEN", "This address is too old. Ask for a new one.")
}

/// A file to be saved, for whoever fetches it now.
pub fn attachment(name: &str, content_type: &str, body: Vec<u8>) -> Response {
    Response::builder()
        .content_type(content_type)
        .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))
        .header(header::CACHE_CONTROL, "private, no-store")
        .body(Bytes::from(body))
}
