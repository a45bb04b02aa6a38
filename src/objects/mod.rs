//! Object storage: where recordings, renditions, captions and documents lie.
//!
//! There is one code path, the AWS client. [`Objects::connect`] talks to any S3; [`Objects::embedded`] starts our own small S3 on
//! a folder of this machine and then talks to that. Browsers and players never pass their bytes through the API:
//! they get presigned addresses ([`Presigned`]), signed by a client of their own because the host is part of a signature.
//!
//! Control operations fail after 5 seconds, transfers after 10 seconds without a byte; each is tried twice at most.

mod bucket;
mod checksum;
mod connecting;
mod copying;
mod embedded;
mod error;
mod multipart;
mod presigning;
mod storing;
mod timing;
mod transfer;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_s3::Client;

pub use checksum::EtagCheck;
pub use connecting::{EmbeddedSettings, Settings};
pub use embedded::{Folder, FolderObject};
pub use error::{Error, Result};
pub use multipart::Part;
pub use presigning::{Presigned, ResponseHeaders};
pub use storing::{ListedObject, ObjectInfo};

use crate::metrics::{Timings, Transfer};

/// One bucket and the clients that reach it. Cloning is cheap; all clones share their connections.
#[derive(Clone)]
pub struct Objects(Arc<Inner>);

struct Inner {
    /// Short requests: 5 seconds in all.
    control: Client,
    /// Requests that carry bytes or wait for the storage to move them: limited by silence, not by length.
    transfer: Client,
    /// Signs for the address that browsers reach, and sends nothing.
    public: Client,
    bucket: String,
    region: String,
    create_bucket: bool,
    origins: Vec<String>,
    timings: Timings<Transfer>,
    /// Our own S3, when this process runs it. It stops with the last clone.
    embedded: Option<embedded::Embedded>,
}

impl std::fmt::Debug for Objects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Objects")
    }
}

impl Objects {
    /// How long requests took until their answer began, tries again included.
    #[must_use]
    pub fn timings(&self) -> &Timings<Transfer> {
        &self.0.timings
    }

    /// Stops the embedded service, if there is one: no new connections, and up to `wait` for running requests.
    pub async fn close(&self, wait: Duration) {
        if let Some(service) = &self.0.embedded {
            service.close(wait).await;
        }
    }
}

/// An `ETag` without the quotes that HTTP puts around it.
fn bare(etag: &str) -> String {
    etag.trim_matches('"').to_owned()
}
