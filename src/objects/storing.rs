//! Storing and fetching whole objects, and what is known of them.

use std::ops::Range;
use std::time::SystemTime;

use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use bytes::Bytes;

use super::{Error, Objects, Result, bare};

/// As many keys as one `DeleteObjects` may name.
const DELETE_BATCH: usize = 1000;

/// What the storage knows of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectInfo {
    /// Length in bytes.
    pub size: u64,
    /// MIME type given when it was stored. Chosen by the uploader: evidence of nothing.
    pub content_type: Option<String>,
    /// `ETag` without quotes; another one means other bytes.
    pub etag: String,
}

/// An object in a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedObject {
    /// Its key.
    pub key: String,
    /// Length in bytes.
    pub size: u64,
    /// `ETag` without quotes.
    pub etag: String,
    /// When it was stored, by the storage's clock.
    pub modified: Option<SystemTime>,
}

impl Objects {
    /// Stores a small object that is in memory, over any that the key had. Files: [`Objects::upload_file`].
    ///
    /// # Errors
    /// [`Error::Refused`] for a key that the storage does not take, [`Error::Unavailable`].
    pub async fn put(&self, key: &str, bytes: impl Into<Bytes>, content_type: &str) -> Result<ObjectInfo> {
        let bytes = bytes.into();
        let size = bytes.len() as u64;
        let request = self.0.transfer.put_object().bucket(&self.0.bucket).key(key);
        let stored = request.content_type(content_type).body(bytes.into()).send().await?;
        Ok(ObjectInfo { size, content_type: Some(content_type.to_owned()), etag: bare(stored.e_tag().unwrap_or_default()) })
    }

    /// All bytes of a small object. Large ones: [`Objects::download_to`].
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Unavailable`].
    pub async fn get(&self, key: &str) -> Result<Bytes> {
        self.fetch(key, None).await
    }

    /// The bytes `range` of an object; fewer when it ends before.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] when the range is empty or begins past the end; [`Error::Unavailable`].
    pub async fn get_range(&self, key: &str, range: Range<u64>) -> Result<Bytes> {
        if range.is_empty() {
            return Err(Error::refused("InvalidRange", "an empty range"));
        }
        self.fetch(key, Some(format!("bytes={}-{}", range.start, range.end - 1))).await
    }

    async fn fetch(&self, key: &str, range: Option<String>) -> Result<Bytes> {
        let request = self.0.control.get_object().bucket(&self.0.bucket).key(key).set_range(range);
        let body = request.send().await?.body;
        Ok(body.collect().await.map_err(|error| Error::Unavailable(error.into()))?.into_bytes())
    }

    /// Size, type and `ETag`, or none when there is no such object.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn head(&self, key: &str) -> Result<Option<ObjectInfo>> {
        match self.0.control.head_object().bucket(&self.0.bucket).key(key).send().await.map_err(Error::from) {
            Ok(head) => Ok(Some(ObjectInfo {
                size: size(head.content_length()),
                content_type: head.content_type().map(str::to_owned),
                etag: bare(head.e_tag().unwrap_or_default()),
            })),
            Err(Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Copies an object to another key, within the storage.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Unavailable`].
    pub async fn copy(&self, from: &str, to: &str) -> Result<()> {
        let source = format!("{}/{from}", self.0.bucket);
        self.0.transfer.copy_object().bucket(&self.0.bucket).copy_source(source).key(to).send().await?;
        Ok(())
    }

    /// Deletes an object; one that is not there is deleted already.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn delete(&self, key: &str) -> Result<()> {
        self.0.control.delete_object().bucket(&self.0.bucket).key(key).send().await?;
        Ok(())
    }

    /// Deletes many objects, in requests of a thousand.
    ///
    /// # Errors
    /// [`Error::Refused`] names the first object that stayed; those after it may be gone. Safe to run again.
    pub async fn delete_many(&self, keys: &[String]) -> Result<()> {
        for batch in keys.chunks(DELETE_BATCH) {
            let objects: Vec<_> = batch.iter().filter_map(|key| ObjectIdentifier::builder().key(key).build().ok()).collect();
            let delete = Delete::builder().set_objects(Some(objects)).quiet(true).build();
            let delete = delete.map_err(|error| Error::refused("MalformedXML", error))?;
            let done = self.0.control.delete_objects().bucket(&self.0.bucket).delete(delete).send().await?;
            if let Some(stayed) = done.errors().first() {
                let (key, code) = (stayed.key().unwrap_or_default(), stayed.code().unwrap_or_default());
                return Err(Error::refused(code, format!("{key} could not be deleted")));
            }
        }
        Ok(())
    }

    /// At most a thousand objects whose keys begin with `prefix`, in the order of their keys' bytes, beginning after the key
    /// `after`. An empty answer means that there are no more.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn list(&self, prefix: &str, after: Option<&str>) -> Result<Vec<ListedObject>> {
        let request = self.0.control.list_objects_v2().bucket(&self.0.bucket).prefix(prefix);
        let page = request.set_start_after(after.map(str::to_owned)).send().await?;
        let listed = page.contents().iter().map(|object| ListedObject {
            key: object.key().unwrap_or_default().to_owned(),
            size: size(object.size()),
            etag: bare(object.e_tag().unwrap_or_default()),
            modified: object.last_modified().and_then(|time| SystemTime::try_from(*time).ok()),
        });
        Ok(listed.collect())
    }
}

/// The protocol's signed length as what it is.
pub(super) fn size(length: Option<i64>) -> u64 {
    length.and_then(|length| u64::try_from(length).ok()).unwrap_or_default()
}
