//! Presigned addresses: whoever holds one may do that one thing until it ends. They are secrets: never log them.

use std::time::Duration;

use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};

use super::{Error, Objects, Result};

/// A presigned request for a client to send.
#[derive(Clone, PartialEq, Eq)]
pub struct Presigned {
    /// The address, signature included.
    pub url: String,
    /// Headers to send exactly so. `Host` and `Content-Length` are signed too; every HTTP client sends those by itself.
    pub headers: Vec<(String, String)>,
}

/// Headers that the storage answers with, in place of what it would.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResponseHeaders {
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `Content-Disposition`, such as `attachment; filename="slides.pdf"`.
    pub disposition: Option<String>,
}

impl Objects {
    /// Lets a client send one part of exactly `size` bytes for `ttl` (at most 7 days). A body of another size is refused.
    ///
    /// # Errors
    /// [`Error::Refused`] when `ttl` or `size` is out of range.
    pub async fn presign_part(
        &self,
        key: &str,
        upload_id: &str,
        part_number: i32,
        size: u64,
        ttl: Duration,
    ) -> Result<Presigned> {
        let request = self.0.public.upload_part().bucket(&self.0.bucket).key(key).upload_id(upload_id);
        let request = request.part_number(part_number).content_length(length(size)?);
        Ok(request.presigned(lasting(ttl)?).await?.into())
    }

    /// Lets a client store one object of exactly this type and `size` in bytes, for `ttl` (at most 7 days).
    ///
    /// It stores once: as `If-None-Match: *` is signed, a second body is refused with 412 while the object is there, so nothing
    /// can be swapped after it was checked. (Servers older than that condition ignore it; a client that sends again after a lost
    /// answer takes 412 for success.)
    ///
    /// # Errors
    /// [`Error::Refused`] when `ttl` or `size` is out of range.
    pub async fn presign_put(&self, key: &str, content_type: &str, size: u64, ttl: Duration) -> Result<Presigned> {
        let request = self.0.public.put_object().bucket(&self.0.bucket).key(key);
        let request = request.content_type(content_type).content_length(length(size)?).if_none_match("*");
        Ok(request.presigned(lasting(ttl)?).await?.into())
    }

    /// An address that serves the object, ranges included, for `ttl` (at most 7 days).
    ///
    /// # Errors
    /// [`Error::Refused`] when `ttl` is out of range.
    pub async fn presign_get(&self, key: &str, ttl: Duration, answer: &ResponseHeaders) -> Result<String> {
        let request = self.0.public.get_object().bucket(&self.0.bucket).key(key);
        let request = request
            .set_response_content_type(answer.content_type.clone())
            .set_response_content_disposition(answer.disposition.clone());
        Ok(request.presigned(lasting(ttl)?).await?.uri().to_owned())
    }
}

fn lasting(ttl: Duration) -> Result<PresigningConfig> {
    PresigningConfig::expires_in(ttl).map_err(|error| Error::refused("InvalidArgument", error))
}

fn length(size: u64) -> Result<i64> {
    i64::try_from(size).map_err(|error| Error::refused("EntityTooLarge", error))
}

impl From<PresignedRequest> for Presigned {
    fn from(request: PresignedRequest) -> Self {
        let implied = |name: &str| name.eq_ignore_ascii_case("host") || name.eq_ignore_ascii_case("content-length");
        let headers = request.headers().filter(|(name, _)| !implied(name));
        Self {
            url: request.uri().to_owned(),
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        }
    }
}
