//! Our own small S3 for one machine, on a folder, in this process.
//!
//! s3s brings the protocol and checks the signatures; here are the dozen operations that Lyceum uses. What it acknowledges is on
//! disk: every file is written beside its place, synced, and renamed into it, so that a crash leaves the old file or the new
//! one and at most a temporary file, which the next start removes.
//!
//! ```text
//! <dir>/<bucket>/objects/recording.d/0198….d/index.m3u8.o   one file an object (see `stored`)
//!                uploads/<upload id>/upload.json, 00001, …  parts that have arrived
//!                temp/                                      half-written files
//! ```

mod disk;
mod folder;
mod listener;
mod service;
mod signed;
mod stored;
mod uploads;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use s3s::auth::SimpleAuth;
use s3s::config::{S3Config, StaticConfigProvider};
use s3s::service::S3ServiceBuilder;
use s3s::{S3Error, S3ErrorCode, S3Result};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::listening;
use disk::Disk;
pub use folder::{Folder, FolderObject};

/// Largest XML body: the list of an upload's 10,000 parts.
const LARGEST_XML: usize = 4 << 20;

/// Who uses the folder.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Users {
    /// This process alone: what is half written was left by a crash.
    One,
    /// Another process may be serving it.
    Several,
}

/// The running service. Dropping it stops it.
pub(super) struct Embedded {
    address: SocketAddr,
    stop: CancellationToken,
    running: Mutex<Option<JoinHandle<()>>>,
}

impl Embedded {
    /// Binds the address, clears what a crash left unless others use the folder, and serves. Requests are refused unless signed with the one key.
    ///
    /// # Errors
    /// The address cannot be bound, or the folder cannot be made.
    pub async fn start(dir: PathBuf, listen: SocketAddr, access_key: &str, secret_key: &str, users: Users) -> io::Result<Self> {
        // First the address: a second process on it stops here, before it could clear the first one's temporary files.
        let socket = listening::listen(listen)?;
        let address = socket.local_addr()?;
        let disk = tokio::task::spawn_blocking(move || Disk::open(dir, users)).await.map_err(io::Error::other)??;

        let mut limits = S3Config::default();
        limits.xml_max_body_size = LARGEST_XML;
        let mut builder = S3ServiceBuilder::new(service::Service(Arc::new(disk)));
        builder.set_auth(SimpleAuth::from_single(access_key, secret_key));
        builder.set_access(signed::Signed);
        builder.set_config(Arc::new(StaticConfigProvider::new(Arc::new(limits))));

        let stop = CancellationToken::new();
        let running = tokio::spawn(listener::serve(socket, builder.build(), stop.clone()));
        Ok(Self { address, stop, running: Mutex::new(Some(running)) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no new connections and lets running requests end for up to `wait`. Closing twice is closing once.
    pub async fn close(&self, wait: Duration) {
        self.stop.cancel();
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(mut running) = running
            && tokio::time::timeout(wait, &mut running).await.is_err()
        {
            running.abort();
        }
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Runs file work where it blocks nobody.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> S3Result<T> + Send + 'static) -> S3Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(S3Error::internal_error)?
}

/// A failure of the disk in the words of S3: a full one passes, so the client may try again.
fn disk_failure(error: io::Error) -> S3Error {
    tracing::error!(%error, "the embedded storage's disk failed");
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            S3Error::with_message(S3ErrorCode::ServiceUnavailable, "The disk is full.")
        }
        _ => S3Error::internal_error(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_a_failure_that_passes() {
        let code = |kind: io::ErrorKind| disk_failure(kind.into()).code().clone();
        assert_eq!(code(io::ErrorKind::StorageFull), S3ErrorCode::ServiceUnavailable);
        assert_eq!(code(io::ErrorKind::QuotaExceeded), S3ErrorCode::ServiceUnavailable);
        assert_eq!(code(io::ErrorKind::InvalidData), S3ErrorCode::InternalError);
    }
}
