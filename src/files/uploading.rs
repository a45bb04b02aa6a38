//! Sending a small file: announce it, PUT it to storage, have it checked. Type and size of what arrived are found out by
//! the server; nothing that a client says about them is believed.

use std::time::Duration;

use async_graphql::InputObject;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};
use serde::Serialize;
use uuid::Uuid;

use super::{
    file::{self, Purpose, State},
    object, policy, storing,
};
use crate::{
    accounts::user,
    app::App,
    audit::{self, Action},
    certificates::certificate::Emblem,
    database::Tx,
    error::{Error, Problem, Problems, Result, UserErrorCode},
    ids::{FileId, UserId},
    objects::{self, ObjectInfo, Presigned, ResponseHeaders},
    recordings::media::webvtt,
    scalars::ByteCount,
    text, transact, transact_once,
    viewer::Viewer,
};

/// The largest small file, in bytes.
pub const MOST_BYTES: i64 = 25 << 20;
/// The largest emblem.
const MOST_EMBLEM_BYTES: i64 = 1 << 20;
/// How long the address to send a file to lives.
pub const ADDRESS_LIFE: Duration = Duration::from_hours(1);
/// How long a file is kept that no lesson shows.
pub const KEPT_UNUSED: chrono::Duration = chrono::Duration::days(7);
/// The most files of one person that no lesson shows, and their bytes.
const MOST_UNUSED: usize = 200;
const MOST_UNUSED_BYTES: i64 = 1 << 30;
/// How long the address to download a file from lives.
const DOWNLOAD_LIFE: Duration = Duration::from_mins(5);

/// Announcing a small file.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct FileUploadStartInput {
    /// Idempotency key.
    pub key: Uuid,
    /// What it is for.
    pub purpose: Purpose,
    /// File name, at most 200 characters.
    pub name: String,
    /// Media type, one of those its purpose allows.
    pub content_type: String,
    /// Exact size.
    pub size: ByteCount,
}

/// What a document may be, and how its bytes begin: PDF, the zip of Office and OpenDocument, plain text.
const DOCUMENTS: [(&str, &[u8]); 8] = [
    ("application/pdf", b"%PDF-"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03\x04"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", b"PK\x03\x04"),
    ("application/vnd.oasis.opendocument.text", b"PK\x03\x04"),
    ("application/vnd.oasis.opendocument.spreadsheet", b"PK\x03\x04"),
    ("application/vnd.oasis.opendocument.presentation", b"PK\x03\x04"),
    ("text/plain", b""),
];

impl Purpose {
    fn allows(self, content_type: &str) -> bool {
        match self {
            Self::Captions => content_type == "text/vtt",
            Self::Document => DOCUMENTS.iter().any(|(known, _)| *known == content_type),
            Self::Emblem => content_type == "image/png",
        }
    }

    fn most_bytes(self) -> i64 {
        match self {
            Self::Captions => i64::try_from(webvtt::MOST_BYTES).unwrap_or(i64::MAX),
            Self::Document => MOST_BYTES,
            Self::Emblem => MOST_EMBLEM_BYTES,
        }
    }

    /// Bytes from the start that say whether it is what it is said to be, unless it is text.
    const fn telling_bytes(self) -> u64 {
        match self {
            Self::Captions | Self::Document => 8,
            Self::Emblem => 33,
        }
    }

    /// Whether `bytes` are how something of `content_type` begins.
    fn begins(self, content_type: &str, bytes: &[u8]) -> bool {
        match self {
            Self::Captions => true,
            Self::Document => {
                let known = DOCUMENTS.iter().find(|(known, _)| *known == content_type);
                known.is_none_or(|(_, start)| bytes.starts_with(start))
            }
            Self::Emblem => Emblem::png(bytes.to_vec()).is_some(),
        }
    }
}

/// Announces a file; gives it with the address to send it to, unless it was sent and checked already.
pub async fn start(app: &App, viewer: &Viewer, input: FileUploadStartInput) -> Result<(file::Model, Option<Address>)> {
    let account = policy::sender(app.db.read(), viewer).await?;
    let mut problems = Problems::new();
    let name = problems.take("input.name", text::line(&input.name, 200));
    problems.check(input.purpose.allows(&input.content_type), || Problem::at(UserErrorCode::Unsupported, "input.contentType"));
    let most = input.purpose.most_bytes();
    problems.check(input.size.0 > 0, || Problem::at(UserErrorCode::OutOfRange, "input.size").with("min", 1).with("max", most));
    problems.check(input.size.0 <= most, || Problem::at(UserErrorCode::TooLarge, "input.size").with("max", most));
    problems.done()?;
    let id = transact_once!(app, viewer, input.key, "fileUploadStart", &input, |tx| {
        check_room(tx, account.id, input.size.0).await?;
        let id = FileId::new();
        let object = storing::expect(tx, "files", id.0, "file", &input.content_type).await?;
        let row = file::ActiveModel {
            id: Set(id),
            owner_id: Set(account.id),
            object_id: Set(object.id),
            purpose: Set(input.purpose),
            state: Set(State::Expected),
            name: Set(name.clone()),
            content_type: Set(input.content_type.clone()),
            size: Set(input.size.0),
            created_at: Set(tx.now()),
        };
        row.insert(tx).await?;
        audit::record(tx, viewer, Action::new("file.announced").on(id)).await?;
        Ok(id)
    })?;
    let file = file::Entity::find_by_id(id).one(app.db.read()).await?.ok_or(Error::NotFound("file"))?;
    let address = address(app, &file).await?;
    Ok((file, address))
}

/// That a person has room for one more file of `size` bytes. Their row is locked, so that two at once are counted in turn.
async fn check_room(tx: &Tx, owner: UserId, size: i64) -> Result<()> {
    user::Entity::find_by_id(owner).lock_exclusive().one(tx).await?;
    let unused = file::Entity::find().filter(file::Column::OwnerId.eq(owner)).filter(policy::unused());
    let sizes: Vec<i64> = unused.select_only().column(file::Column::Size).into_tuple().all(tx).await?;
    if sizes.len() >= MOST_UNUSED || sizes.iter().sum::<i64>() + size > MOST_UNUSED_BYTES {
        return Err(Problem::at(UserErrorCode::LimitReached, "input").saying("problem-unused-files").into());
    }
    Ok(())
}

/// Where to send a file that is still expected.
async fn address(app: &App, file: &file::Model) -> Result<Option<Address>> {
    if file.state != State::Expected {
        return Ok(None);
    }
    let object = storing::row(app.db.read(), file.object_id).await?;
    let size = u64::try_from(file.size).map_err(Error::internal)?;
    let presigned = app.objects.presign_put(&object.key, &file.content_type, size, ADDRESS_LIFE).await?;
    Ok(Some(Address { presigned, expires_at: app.clock.now() + ADDRESS_LIFE }))
}

/// Where to send bytes, and until when.
pub struct Address {
    /// The request to send.
    pub presigned: Presigned,
    /// When it ends.
    pub expires_at: crate::clock::Instant,
}

/// Checks what arrived. Doing so again answers the same.
pub async fn complete(app: &App, viewer: &Viewer, id: FileId) -> Result<file::Model> {
    viewer.signed_in()?;
    let seen = policy::own(app.db.read(), viewer, id).await?;
    if seen.state != State::Expected {
        return Ok(seen);
    }
    let (copy, info) = copied(app, &seen).await?;
    let kept = kept(app, &seen, &copy, info).await?;
    let is_fine = kept.is_some();
    transact!(app, |tx| {
        let file = policy::own(tx, viewer, id).await?;
        if !is_fine || file.state != State::Expected {
            storing::doom(tx, copy.id).await?;
        }
        if file.state != State::Expected {
            return Ok(file);
        }
        let action = if is_fine { "file.checked" } else { "file.refused" };
        audit::record(tx, viewer, Action::new(action).on(id)).await?;
        let mut change = file.into_active_model();
        if let Some(info) = &kept {
            storing::stored(tx, copy.id, info).await?;
            change.object_id = Set(copy.id);
            change.size = Set(i64::try_from(info.size).map_err(Error::internal)?);
        }
        change.state = Set(if is_fine { State::Ready } else { State::Refused });
        Ok(change.update(tx).await?)
    })
}

/// A copy of what arrived, under a key that nobody was given an address for: what is checked can't be swapped afterwards.
/// What was sent stays expected, so that it is swept once its address has ended for long.
async fn copied(app: &App, file: &file::Model) -> Result<(object::Model, ObjectInfo)> {
    let incomplete = || Problem::at(UserErrorCode::Incomplete, "id");
    let sent = storing::row(app.db.read(), file.object_id).await?;
    if app.objects.head(&sent.key).await?.is_none() {
        return Err(incomplete().into());
    }
    let copy = transact!(app, |tx| storing::expect(tx, "files", file.id.0, "file", &file.content_type).await)?;
    app.objects.copy(&sent.key, &copy.key).await?;
    let info = app.objects.head(&copy.key).await?.ok_or_else(incomplete)?;
    Ok((copy, info))
}

/// What is kept of a file that arrived as it was announced: of a picture one that was written anew.
async fn kept(app: &App, file: &file::Model, object: &object::Model, info: ObjectInfo) -> Result<Option<ObjectInfo>> {
    if !is_as_announced(app, file, object, &info).await? {
        return Ok(None);
    }
    if file.purpose != Purpose::Emblem {
        return Ok(Some(info));
    }
    let sent = app.objects.get(&object.key).await?;
    let rewritten = tokio::task::spawn_blocking(move || Emblem::rewritten(&sent)).await.map_err(Error::internal)?;
    match rewritten {
        Some(bytes) => Ok(Some(app.objects.put(&object.key, bytes, &file.content_type).await?)),
        None => Ok(None),
    }
}

/// Whether what lies in storage has the size announced and begins like its type.
async fn is_as_announced(app: &App, file: &file::Model, object: &object::Model, info: &ObjectInfo) -> Result<bool> {
    if i64::try_from(info.size) != Ok(file.size) {
        return Ok(false);
    }
    let is_text = file.content_type.starts_with("text/");
    let wanted = if is_text { info.size } else { info.size.min(file.purpose.telling_bytes()) };
    let bytes = match app.objects.get_range(&object.key, 0..wanted).await {
        Err(objects::Error::NotFound | objects::Error::Refused { .. }) => return Ok(false),
        bytes => bytes?,
    };
    let text_is_fine = !is_text || std::str::from_utf8(&bytes).is_ok_and(|text| !text.contains('\0'));
    Ok(text_is_fine && file.purpose.begins(&file.content_type, &bytes))
}

/// An address to download a checked file from, always as an attachment.
pub async fn download(app: &App, file: &file::Model) -> Result<Option<String>> {
    if file.state != State::Ready {
        return Ok(None);
    }
    let object = storing::row(app.db.read(), file.object_id).await?;
    let answer = ResponseHeaders {
        content_type: Some(file.content_type.clone()),
        disposition: Some(format!("attachment; filename*=UTF-8''{}", percent_encoded(&file.name))),
    };
    Ok(Some(app.objects.presign_get(&object.key, DOWNLOAD_LIFE, &answer).await?))
}

/// As RFC 8187 (3.2.1) writes a file name in a header.
fn percent_encoded(name: &str) -> String {
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push_str(&data_encoding::HEXUPPER.encode(&[byte]));
        }
    }
    encoded
}
