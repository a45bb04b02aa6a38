//! The folder as files, for backups: an object's file is replaced whole and never changed, so it can be read beside the process
//! that serves it, and a folder that is put together from such files can be served.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use s3s::S3ErrorCode;

use super::disk::{Bucket, Disk};
use super::stored::Stored;
use crate::objects::connecting::EMBEDDED_BUCKET;

/// A folder of the embedded storage, which nothing is changed in.
pub struct Folder {
    root: PathBuf,
    bucket: Bucket,
}

/// An object as a file.
pub struct FolderObject {
    /// Path of the file in the folder.
    pub path: PathBuf,
    /// The file, at its first byte: the object, and behind it what is known of it.
    pub file: File,
    /// Length of the file.
    pub length: u64,
    /// Length of the object.
    pub size: u64,
}

impl Folder {
    /// The folder `root`.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), bucket: Disk::named(root, EMBEDDED_BUCKET) }
    }

    /// The object `key`, or none when it is not there.
    ///
    /// # Errors
    /// The file cannot be read, or is none of ours.
    pub fn object(&self, key: &str) -> io::Result<Option<FolderObject>> {
        let found = self.bucket.path(key).and_then(|path| Ok((self.bucket.object(key)?, path)));
        let (Stored { file, size, .. }, path) = match found {
            Err(error) if *error.code() == S3ErrorCode::NoSuchKey => return Ok(None),
            found => found.map_err(io::Error::other)?,
        };
        let path = path.strip_prefix(&self.root).map_err(io::Error::other)?.to_owned();
        Ok(Some(FolderObject { path, length: file.metadata()?.len(), file, size }))
    }
}
