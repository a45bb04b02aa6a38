//! Reading objects to the last byte: to check them, and to copy them into another storage.

use std::ops::Range;

use bytes::Bytes;
use data_encoding::BASE64;
use md5::{Digest, Md5};

use super::transfer::{MAX_PARTS, PART_SIZE};
use super::{Error, EtagCheck, ObjectInfo, Objects, Part, Result, bare};

/// The code with which damaged bytes are refused.
const BAD_DIGEST: &str = "BadDigest";

impl Objects {
    /// Reads all of an object; whether its bytes are those that it was stored with.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Unavailable`].
    pub async fn is_intact(&self, key: &str, stored: &ObjectInfo) -> Result<bool> {
        let mut check = EtagCheck::new(stored.size, &stored.etag);
        for range in ranges(stored.size, PART_SIZE) {
            check.update(&self.get_range(key, range).await?);
        }
        Ok(check.holds())
    }

    /// Copies an object of `source` to the same key here, in parts when it is large. Its bytes are checked against what it was
    /// stored with, and by this storage against their MD5 as they arrive. One of the same size that is here already was copied
    /// before and stays: a key never gets other bytes.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] with `BadDigest` when the bytes are damaged, and then nothing is stored;
    /// [`Error::Unavailable`].
    pub async fn copy_from(&self, source: &Objects, key: &str, stored: &ObjectInfo) -> Result<ObjectInfo> {
        if let Some(there) = self.head(key).await?.filter(|there| there.size == stored.size) {
            return Ok(there);
        }
        let content_type = stored.content_type.as_deref().unwrap_or("application/octet-stream");
        let etag = if stored.size <= PART_SIZE {
            let bytes = if stored.size == 0 { Bytes::new() } else { source.get_range(key, 0..stored.size).await? };
            let mut check = EtagCheck::new(stored.size, &stored.etag);
            check.update(&bytes);
            intact(key, check)?;
            let request = self.0.transfer.put_object().bucket(&self.0.bucket).key(key).content_type(content_type);
            let sent = request.content_md5(md5(&bytes)).body(bytes.into()).send().await?;
            bare(sent.e_tag().unwrap_or_default())
        } else {
            let upload_id = self.create_upload(key, content_type).await?;
            match self.copy_parts(source, key, stored, &upload_id).await {
                Ok(etag) => etag,
                Err(error) => {
                    self.abort_upload(key, &upload_id).await.ok();
                    return Err(error);
                }
            }
        };
        Ok(ObjectInfo { etag, ..stored.clone() })
    }

    async fn copy_parts(&self, source: &Objects, key: &str, stored: &ObjectInfo, upload_id: &str) -> Result<String> {
        let mut check = EtagCheck::new(stored.size, &stored.etag);
        let mut parts = Vec::new();
        for (number, range) in (1..).zip(ranges(stored.size, PART_SIZE.max(stored.size.div_ceil(MAX_PARTS)))) {
            let bytes = source.get_range(key, range).await?;
            check.update(&bytes);
            let (size, md5) = (bytes.len() as u64, md5(&bytes));
            let request = self.0.transfer.upload_part().bucket(&self.0.bucket).key(key).upload_id(upload_id);
            let sent = request.part_number(number).content_md5(md5).body(bytes.into()).send().await?;
            parts.push(Part { number, size, etag: bare(sent.e_tag().unwrap_or_default()) });
        }
        intact(key, check)?;
        self.complete_upload(key, upload_id, &parts).await
    }
}

fn intact(key: &str, check: EtagCheck) -> Result<()> {
    if check.holds() {
        Ok(())
    } else {
        Err(Error::refused(BAD_DIGEST, format!("the bytes of {key} are not those that were stored")))
    }
}

fn md5(bytes: &[u8]) -> String {
    BASE64.encode(&Md5::digest(bytes))
}

/// The pieces of an object.
fn ranges(size: u64, piece: u64) -> impl Iterator<Item = Range<u64>> {
    (0..size.div_ceil(piece)).map(move |number| number * piece..size.min((number + 1) * piece))
}
