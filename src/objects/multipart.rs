//! Multipart uploads: a large object sent in parts, in any order, over any time, then joined.

use aws_sdk_s3::Config;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use data_encoding::HEXLOWER_PERMISSIVE;
use md5::{Digest, Md5};

use super::storing::size;
use super::{Error, Objects, Result, bare};

/// One part of an upload, as the storage has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// 1 to 10,000; parts are joined in this order.
    pub number: i32,
    /// Length in bytes. S3 wants at least 5 MiB of all parts but the last.
    pub size: u64,
    /// `ETag` without quotes.
    pub etag: String,
}

impl Objects {
    /// Begins an upload and returns its id, which stays valid until it is completed or aborted.
    ///
    /// Never tried twice by itself: an upload whose id nobody learned could not be aborted.
    ///
    /// # Errors
    /// [`Error::Refused`] for a key that the storage does not take, [`Error::Unavailable`].
    pub async fn create_upload(&self, key: &str, content_type: &str) -> Result<String> {
        let request = self.0.control.create_multipart_upload().bucket(&self.0.bucket).key(key).content_type(content_type);
        let once = Config::builder().retry_config(RetryConfig::disabled());
        let created = request.customize().config_override(once).send().await?;
        created.upload_id.ok_or_else(|| Error::Unavailable("the storage named no upload".into()))
    }

    /// The parts that have arrived, in order.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the upload was completed or aborted, [`Error::Unavailable`].
    pub async fn list_parts(&self, key: &str, upload_id: &str) -> Result<Vec<Part>> {
        let mut pages = self.0.control.list_parts().bucket(&self.0.bucket).key(key).upload_id(upload_id).into_paginator().send();
        let mut parts = Vec::new();
        while let Some(page) = pages.next().await {
            parts.extend(page?.parts().iter().map(|part| Part {
                number: part.part_number().unwrap_or_default(),
                size: size(part.size()),
                etag: bare(part.e_tag().unwrap_or_default()),
            }));
        }
        Ok(parts)
    }

    /// Joins the parts into the object and returns its `ETag`. Completing again with the same parts answers the same.
    ///
    /// # Errors
    /// [`Error::Refused`] when a part is missing, differs or is too small; [`Error::NotFound`] when the upload was aborted;
    /// [`Error::Unavailable`].
    pub async fn complete_upload(&self, key: &str, upload_id: &str, parts: &[Part]) -> Result<String> {
        let mut parts = parts.to_vec();
        parts.sort_by_key(|part| part.number);
        let list = parts.iter().map(|part| CompletedPart::builder().part_number(part.number).e_tag(&part.etag).build()).collect();
        let list = CompletedMultipartUpload::builder().set_parts(Some(list)).build();
        let request = self.0.transfer.complete_multipart_upload().bucket(&self.0.bucket).key(key).upload_id(upload_id);
        match request.multipart_upload(list).send().await.map_err(Error::from) {
            Ok(done) => Ok(bare(done.e_tag().unwrap_or_default())),
            // The answer to an earlier try was lost and the storage has forgotten the upload since.
            Err(Error::NotFound) => {
                let expected = etag_of_parts(parts.iter().map(|part| part.etag.as_str()));
                let stored = self.head(key).await?.map(|object| object.etag);
                stored.filter(|etag| expected.as_ref() == Some(etag)).ok_or(Error::NotFound)
            }
            Err(error) => Err(error),
        }
    }

    /// Gives an upload up and frees its parts; one that is not there is given up already.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn abort_upload(&self, key: &str, upload_id: &str) -> Result<()> {
        let request = self.0.control.abort_multipart_upload().bucket(&self.0.bucket).key(key).upload_id(upload_id);
        match request.send().await.map_err(Error::from) {
            Ok(_) | Err(Error::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// The `ETag` that S3 gives to an object of parts: MD5 of their MD5s, a hyphen and their number. None when one is no MD5.
pub(super) fn etag_of_parts<'a>(etags: impl ExactSizeIterator<Item = &'a str>) -> Option<String> {
    let count = etags.len();
    let mut digests = Md5::new();
    for etag in etags {
        digests.update(HEXLOWER_PERMISSIVE.decode(etag.as_bytes()).ok()?);
    }
    Some(format!("{}-{count}", HEXLOWER_PERMISSIVE.encode(&digests.finalize())))
}
