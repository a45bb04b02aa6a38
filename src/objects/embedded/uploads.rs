//! Multipart uploads on disk. An upload is a folder; it is forgotten only when its object is in place. Everything here blocks.

use std::fs;
use std::io;
use std::path::PathBuf;

use s3s::dto::CompletedPart;
use s3s::{S3Error, S3ErrorCode, S3Result, s3_error};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::disk::{Bucket, check_key, remove, sync_dir};
use super::disk_failure;
use super::stored::{Meta, Received, Stored, Temp};
use crate::objects::multipart::etag_of_parts;

/// S3's least size of all parts but the last, in bytes.
const SMALLEST_PART: u64 = 5 << 20;
const DESCRIPTION: &str = "upload.json";

/// An upload that is neither completed nor aborted.
pub struct Upload {
    dir: PathBuf,
    id: String,
    about: About,
}

/// What the upload will be.
#[derive(Serialize, Deserialize)]
struct About {
    key: String,
    content_type: Option<String>,
}

/// A part that has arrived.
pub struct ArrivedPart {
    pub number: i32,
    pub stored: Stored,
}

impl Bucket {
    /// Begins an upload and returns its id.
    pub fn begin_upload(&self, key: String, content_type: Option<String>) -> S3Result<String> {
        check_key(&key)?;
        let id = Uuid::new_v4().simple().to_string();
        let half = self.temp().join(&id);
        let begin = || {
            fs::create_dir(&half)?;
            let about = serde_json::to_vec(&About { key, content_type })?;
            let path = half.join(DESCRIPTION);
            fs::write(&path, about)?;
            fs::File::open(&path)?.sync_all()?;
            sync_dir(&half)?;
            fs::rename(&half, self.uploads().join(&id))?;
            sync_dir(&self.uploads())
        };
        begin().map_err(disk_failure)?;
        Ok(id)
    }

    /// An upload that runs, for this key.
    pub fn upload(&self, key: &str, id: &str) -> S3Result<Upload> {
        check_upload_id(id)?;
        let dir = self.uploads().join(id);
        let about = fs::read(dir.join(DESCRIPTION)).map_err(no_such_upload)?;
        let about: About = serde_json::from_slice(&about).map_err(|error| disk_failure(error.into()))?;
        if about.key == key { Ok(Upload { dir, id: id.to_owned(), about }) } else { Err(s3_error!(NoSuchUpload)) }
    }

    /// Joins the listed parts into the object and then forgets the upload. Returns the `ETag`.
    pub fn complete_upload(&self, key: &str, id: &str, listed: &[CompletedPart]) -> S3Result<String> {
        let listed = Listed::read(listed)?;
        if let Some(etag) = self.completed_before(key, id, &listed)? {
            self.forget_upload(id)?;
            return Ok(etag);
        }
        match self.upload(key, id).and_then(|upload| self.join(&upload, &listed)) {
            Ok(()) => self.forget_upload(id)?,
            // The same request, sent twice, may have won in between and taken the parts away.
            Err(error) => return self.completed_before(key, id, &listed)?.ok_or(error),
        }
        Ok(listed.etag)
    }

    /// The object's `ETag`, when this upload with these parts has made it.
    fn completed_before(&self, key: &str, id: &str, listed: &Listed) -> S3Result<Option<String>> {
        match self.object(key) {
            Ok(object) if object.meta.upload.as_deref() == Some(id) => {
                if object.meta.etag == listed.etag {
                    Ok(Some(object.meta.etag))
                } else {
                    Err(s3_error!(InvalidPart))
                }
            }
            Err(error) if *error.code() != S3ErrorCode::NoSuchKey => Err(error),
            _ => Ok(None),
        }
    }

    fn join(&self, upload: &Upload, listed: &Listed) -> S3Result<()> {
        let mut temp = Temp::create(&self.temp()).map_err(disk_failure)?;
        for (position, (number, etag)) in listed.parts.iter().enumerate() {
            let part = Stored::open(&upload.part(*number)).map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => s3_error!(InvalidPart, "Part {number} has not arrived."),
                _ => disk_failure(error),
            })?;
            if part.meta.etag != *etag {
                return Err(s3_error!(InvalidPart, "Part {number} is not the one that was listed."));
            }
            if part.size < SMALLEST_PART && position + 1 < listed.parts.len() {
                return Err(s3_error!(EntityTooSmall));
            }
            let copied = io::copy(&mut io::Read::take(part.file, part.size), &mut temp.file).map_err(disk_failure)?;
            if copied != part.size {
                return Err(disk_failure(io::ErrorKind::UnexpectedEof.into()));
            }
        }
        let About { key, content_type } = &upload.about;
        let (etag, upload) = (listed.etag.clone(), Some(upload.id.clone()));
        temp.seal(&Meta { key: key.clone(), content_type: content_type.clone(), etag, upload }).map_err(disk_failure)?;
        self.keep(&temp, key, true)
    }

    /// Forgets an upload and its parts, at once for everybody; unknown ones are forgotten already.
    pub fn forget_upload(&self, id: &str) -> S3Result<()> {
        check_upload_id(id)?;
        let grave = self.temp().join(Uuid::new_v4().simple().to_string());
        match fs::rename(self.uploads().join(id), &grave) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            renamed => renamed.and_then(|()| sync_dir(&self.uploads())).map_err(disk_failure)?,
        }
        // What stays, the next start clears.
        remove(&grave).ok();
        Ok(())
    }
}

impl Upload {
    /// Keeps a part in place of any with its number.
    pub fn keep(&self, number: i32, mut part: Received) -> S3Result<()> {
        let meta = Meta { key: self.about.key.clone(), content_type: None, etag: part.etag, upload: None };
        part.temp.seal(&meta).map_err(disk_failure)?;
        let kept = fs::rename(&part.temp.path, self.part(number)).and_then(|()| sync_dir(&self.dir));
        kept.map_err(no_such_upload)
    }

    /// The parts that have arrived with numbers above `after`, in order.
    pub fn parts(&self, after: i32) -> S3Result<Vec<ArrivedPart>> {
        let names = fs::read_dir(&self.dir).map_err(no_such_upload)?;
        let mut numbers: Vec<i32> = names.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
        numbers.retain(|number| *number > after);
        numbers.sort_unstable();
        let open = |number| Stored::open(&self.part(number)).map(|stored| ArrivedPart { number, stored });
        numbers.into_iter().map(open).collect::<io::Result<_>>().map_err(no_such_upload)
    }

    fn part(&self, number: i32) -> PathBuf {
        self.dir.join(format!("{number:05}"))
    }
}

/// The parts as a client lists them, checked for form.
struct Listed {
    parts: Vec<(i32, String)>,
    /// `ETag` of the object that they make.
    etag: String,
}

impl Listed {
    fn read(listed: &[CompletedPart]) -> S3Result<Self> {
        let read = |part: &CompletedPart| Some((part.part_number?, part.e_tag.as_ref()?.as_strong()?.to_ascii_lowercase()));
        let parts: Option<Vec<_>> = listed.iter().map(read).collect();
        let parts = parts.filter(|parts| !parts.is_empty()).ok_or_else(|| s3_error!(MalformedXML))?;
        if !parts.is_sorted_by(|(a, _), (b, _)| a < b) {
            return Err(s3_error!(InvalidPartOrder));
        }
        let etag = etag_of_parts(parts.iter().map(|(_, etag)| etag.as_str())).ok_or_else(|| s3_error!(InvalidPart))?;
        Ok(Self { parts, etag })
    }
}

/// Only what we gave out names a folder.
fn check_upload_id(id: &str) -> S3Result<()> {
    match Uuid::try_parse(id) {
        Ok(uuid) if uuid.simple().to_string() == id => Ok(()),
        _ => Err(s3_error!(NoSuchUpload)),
    }
}

fn no_such_upload(error: io::Error) -> S3Error {
    if error.kind() == io::ErrorKind::NotFound { s3_error!(NoSuchUpload) } else { disk_failure(error) }
}
