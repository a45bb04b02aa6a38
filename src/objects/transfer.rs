//! Moving whole files between this machine and the storage, in bounded memory.

use std::path::{Path, PathBuf};

use aws_sdk_s3::primitives::{ByteStream, Length};
use tokio::fs::{self, OpenOptions};
use tokio::io::AsyncWriteExt;

use super::{Error, ObjectInfo, Objects, Part, Result, bare};

/// Files up to this size go in one request; larger ones in parts of at least this.
pub(super) const PART_SIZE: u64 = 16 << 20;
/// As many parts as S3 takes.
pub(super) const MAX_PARTS: u64 = 10_000;

impl Objects {
    /// Downloads an object to `path`, which appears only when it is whole and on disk.
    ///
    /// What had arrived before an interruption lies beside it, named after the `ETag`, and is continued, once at once and
    /// otherwise by the next call. Two downloads to one path at a time would disturb each other.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Unavailable`], [`Error::File`]; [`Error::Refused`] when the object was replaced meanwhile.
    pub async fn download_to(&self, key: &str, path: &Path) -> Result<ObjectInfo> {
        let info = self.head(key).await?.ok_or(Error::NotFound)?;
        let partial = partial_path(path, &info.etag);
        if let Err(error) = self.continue_download(key, &info, &partial).await {
            let Error::Unavailable(_) = error else {
                return Err(error);
            };
            self.continue_download(key, &info, &partial).await?;
        }
        fs::rename(&partial, path).await?;
        Ok(info)
    }

    async fn continue_download(&self, key: &str, info: &ObjectInfo, partial: &Path) -> Result<()> {
        let mut file = OpenOptions::new().create(true).append(true).open(partial).await?;
        let mut have = file.metadata().await?.len();
        if have > info.size {
            file.set_len(0).await?;
            have = 0;
        }
        if have < info.size {
            let request = self.0.control.get_object().bucket(&self.0.bucket).key(key).if_match(format!("\"{}\"", info.etag));
            let mut body = request.range(format!("bytes={have}-")).send().await?.body;
            while let Some(chunk) = body.next().await {
                let chunk = chunk.map_err(|error| Error::Unavailable(error.into()))?;
                file.write_all(&chunk).await?;
                have += chunk.len() as u64;
            }
        }
        file.flush().await?;
        file.sync_all().await?;
        if have == info.size { Ok(()) } else { Err(Error::Unavailable("the object ended early".into())) }
    }

    /// Uploads a file: in one request, or in parts when it is larger than 16 MiB. Nothing is stored unless all of it is.
    ///
    /// # Errors
    /// [`Error::File`] when it cannot be read; [`Error::Refused`], [`Error::Unavailable`].
    pub async fn upload_file(&self, key: &str, path: &Path, content_type: &str) -> Result<ObjectInfo> {
        let size = fs::metadata(path).await?.len();
        let etag = if size <= PART_SIZE {
            let body = slice(path, 0, size).await?;
            let request = self.0.transfer.put_object().bucket(&self.0.bucket).key(key).content_type(content_type);
            bare(request.body(body).send().await?.e_tag().unwrap_or_default())
        } else {
            let upload_id = self.create_upload(key, content_type).await?;
            match self.upload_parts(key, &upload_id, path, size).await {
                Ok(etag) => etag,
                Err(error) => {
                    self.abort_upload(key, &upload_id).await.ok();
                    return Err(error);
                }
            }
        };
        Ok(ObjectInfo { size, content_type: Some(content_type.to_owned()), etag })
    }

    async fn upload_parts(&self, key: &str, upload_id: &str, path: &Path, size: u64) -> Result<String> {
        let part_size = PART_SIZE.max(size.div_ceil(MAX_PARTS));
        let mut parts = Vec::new();
        for (number, start) in (1..).zip((0..size).step_by(usize::try_from(part_size).unwrap_or(usize::MAX))) {
            let length = part_size.min(size - start);
            let body = slice(path, start, length).await?;
            let request = self.0.transfer.upload_part().bucket(&self.0.bucket).key(key).upload_id(upload_id);
            let sent = request.part_number(number).content_length(length.cast_signed()).body(body).send().await?;
            parts.push(Part { number, size: length, etag: bare(sent.e_tag().unwrap_or_default()) });
        }
        self.complete_upload(key, upload_id, &parts).await
    }
}

/// `length` bytes of a file from `start`, read as they are sent and read again when they are sent again.
async fn slice(path: &Path, start: u64, length: u64) -> Result<ByteStream> {
    let read = ByteStream::read_from().path(path).offset(start).length(Length::Exact(length)).build().await;
    read.map_err(|error| Error::File(std::io::Error::other(error)))
}

fn partial_path(path: &Path, etag: &str) -> PathBuf {
    let etag: String = etag.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{etag}.part"));
    name.into()
}
