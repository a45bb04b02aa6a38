//! One stored file: the object's bytes, then what is known of it. So one rename replaces both.
//!
//! ```text
//! bytes … | JSON of `Meta` | its length, u32 little-endian | MAGIC
//! ```
//!
//! The bytes come first: ordinary programs open such a file, and nothing has to be known before they have arrived.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use data_encoding::{BASE64, HEXLOWER};
use futures_util::StreamExt;
use md5::{Digest, Md5};
use s3s::dto::StreamingBlob;
use s3s::{S3Result, s3_error};
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use super::disk_failure;

const MAGIC: &[u8; 8] = b"LYCEUM1\n";
const TAIL: usize = 4 + MAGIC.len();
/// Longest pause between two pieces of a body.
const IDLE: Duration = Duration::from_secs(30);

/// What is known of an object or part besides its bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Meta {
    /// The object's key.
    pub key: String,
    /// MIME type given by the uploader.
    pub content_type: Option<String>,
    /// `ETag` without quotes.
    pub etag: String,
    /// The upload that made it, so that completing it again can answer the same.
    pub upload: Option<String>,
}

/// A file that was read back; its cursor stands at the first byte.
pub struct Stored {
    pub meta: Meta,
    /// Length of the object in bytes.
    pub size: u64,
    pub modified: SystemTime,
    pub file: File,
}

impl Stored {
    /// Opens a stored file. Fails with `InvalidData` when it is none.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let (length, modified) = (file.metadata()?.len(), file.metadata()?.modified()?);
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, "not a stored object");

        let tail_at = length.checked_sub(TAIL as u64).ok_or_else(damaged)?;
        let mut tail = [0; TAIL];
        file.seek(SeekFrom::Start(tail_at))?;
        file.read_exact(&mut tail)?;
        let [a, b, c, d, magic @ ..] = tail;
        let size = tail_at.checked_sub(u32::from_le_bytes([a, b, c, d]).into());
        let size = size.filter(|_| magic == *MAGIC).ok_or_else(damaged)?;

        file.seek(SeekFrom::Start(size))?;
        let meta = serde_json::from_reader((&mut file).take(tail_at - size))?;
        file.rewind()?;
        Ok(Self { meta, size, modified, file })
    }
}

/// A temporary file; gone when dropped, unless it was renamed into its place.
pub struct Temp {
    pub path: PathBuf,
    pub file: File,
}

impl Temp {
    /// A new empty file in the folder `temp`.
    pub fn create(temp: &Path) -> io::Result<Self> {
        let path = temp.join(Uuid::new_v4().simple().to_string());
        let file = File::options().read(true).write(true).create_new(true).open(&path)?;
        Ok(Self { path, file })
    }

    /// Writes what is known of the bytes behind them and brings all to disk.
    pub fn seal(&mut self, meta: &Meta) -> io::Result<()> {
        let json = serde_json::to_vec(meta)?;
        let length = u32::try_from(json.len()).map_err(io::Error::other)?;
        self.file.seek(SeekFrom::End(0))?;
        self.file.write_all(&json)?;
        self.file.write_all(&length.to_le_bytes())?;
        self.file.write_all(MAGIC)?;
        self.file.sync_all()
    }
}

impl Drop for Temp {
    fn drop(&mut self) {
        // After the rename nothing has this name any more; what a failure leaves, the next start clears.
        fs::remove_file(&self.path).ok();
    }
}

/// A body that has arrived whole.
pub struct Received {
    pub temp: Temp,
    /// MD5 of the bytes, in hexadecimal.
    pub etag: String,
}

/// Writes a body to a temporary file and checks it against what the request said of it.
pub async fn receive(body: Option<StreamingBlob>, temp: Temp, length: Option<i64>, md5: Option<&str>) -> S3Result<Received> {
    let mut file = tokio::fs::File::from_std(temp.file.try_clone().map_err(disk_failure)?);
    let (mut digest, mut size) = (Md5::new(), 0_u64);
    if let Some(mut body) = body {
        while let Some(chunk) = tokio::time::timeout(IDLE, body.next()).await.map_err(|_| s3_error!(RequestTimeout))? {
            let chunk = chunk.map_err(|_| s3_error!(IncompleteBody))?;
            digest.update(&chunk);
            size += chunk.len() as u64;
            file.write_all(&chunk).await.map_err(disk_failure)?;
        }
    }
    file.flush().await.map_err(disk_failure)?;
    let digest = digest.finalize();
    if length.is_some_and(|length| u64::try_from(length) != Ok(size)) {
        return Err(s3_error!(IncompleteBody));
    }
    if md5.is_some_and(|md5| md5 != BASE64.encode(&digest)) {
        return Err(s3_error!(BadDigest));
    }
    Ok(Received { temp, etag: HEXLOWER.encode(&digest) })
}
