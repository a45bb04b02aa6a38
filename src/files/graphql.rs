//! Small files in the API.

use std::collections::HashMap;

use async_graphql::{Context, Object, SimpleObject, dataloader::Loader};
use sea_orm::QueryFilter;

use super::{
    file::{self, Purpose, State},
    policy,
    uploading::{self, Address, FileUploadStartInput},
};
use crate::{
    clock::Instant,
    error::{Error, Result},
    graphql::batch::Batch,
    graphql::{
        context::ContextExt,
        payload::{self, payload},
    },
    ids::FileId,
    rows::{among, keyed},
    scalars::{ByteCount, Url},
};

impl Loader<FileId> for Batch {
    type Value = file::Model;
    type Error = Error;

    async fn load(&self, ids: &[FileId]) -> Result<HashMap<FileId, file::Model>> {
        let db = self.app.db.read();
        let files = policy::visible(&self.viewer).filter(among(self.app.db.backend(), file::Column::Id, ids));
        Ok(keyed(files.all(db).await?, |file| file.id))
    }
}

/// A small file in object storage.
pub struct File(pub file::Model);

/// A small file in object storage.
#[Object]
impl File {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> FileId {
        self.0.id
    }
    /// Name as the uploader gave it.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// Media type, as checked.
    async fn content_type(&self) -> &str {
        &self.0.content_type
    }
    /// Size.
    async fn size(&self) -> ByteCount {
        ByteCount(self.0.size)
    }
    /// What it is for.
    async fn purpose(&self) -> Purpose {
        self.0.purpose
    }
    /// Where it stands.
    async fn state(&self) -> State {
        self.0.state
    }
    /// Presigned address to download it, for 5 minutes; null unless READY.
    async fn url(&self, ctx: &Context<'_>) -> Option<Result<Url>> {
        Box::pin(uploading::download(ctx.app(), &self.0)).await.transpose().map(|url| url.map(Url))
    }
}

/// A presigned address in object storage.
#[derive(SimpleObject)]
pub struct FileAddress {
    /// Where to send the bytes with PUT.
    pub url: Url,
    /// Headers to send exactly so.
    pub headers: Vec<HttpHeader>,
    /// When the address ends.
    pub expires_at: Instant,
}

/// A header of an HTTP request.
#[derive(SimpleObject)]
pub struct HttpHeader {
    /// Name, in lower case.
    pub name: String,
    /// Value.
    pub value: String,
}

impl From<Address> for FileAddress {
    fn from(address: Address) -> Self {
        let headers = address.presigned.headers.into_iter().map(|(name, value)| HttpHeader { name: name.to_lowercase(), value });
        Self { url: Url(address.presigned.url), headers: headers.collect(), expires_at: address.expires_at }
    }
}

payload!(
    @type
    /// Answer of `fileUploadStart`.
    FileUploadStartPayload {
        /// The file expected.
        file: File,
        /// Where to send the bytes; null once they were sent and checked.
        address: FileAddress,
    }
);

impl FileUploadStartPayload {
    /// The answer for what an operation gave.
    pub fn of(started: Result<(file::Model, Option<Address>)>) -> Option<Result<Self>> {
        Some(payload::part(started).map(|(started, user_errors)| {
            let (file, address) = started.unzip();
            Self { file: file.map(File), address: address.flatten().map(FileAddress::from), user_errors }
        }))
    }
}

payload!(
    /// Answer of `fileUploadComplete`.
    FileUploadCompletePayload {
        /// The file as checked: READY or REFUSED.
        file: File,
    }
);

/// Sending small files.
#[derive(Default)]
pub struct FileMutation;

#[Object]
impl FileMutation {
    /// Announces a small file and gives an address to send it to; for trainers and the staff of courses and recordings. A file
    /// that no lesson shows a week later is removed. Codes: BLANK, TOO_LONG, TOO_LARGE, OUT_OF_RANGE, UNSUPPORTED, LIMIT_REACHED
    /// (200 files or 1 GiB that no lesson shows), KEY_REUSED.
    async fn file_upload_start(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file.")] input: FileUploadStartInput,
    ) -> Option<Result<FileUploadStartPayload>> {
        FileUploadStartPayload::of(Box::pin(uploading::start(ctx.app(), ctx.viewer(), input)).await)
    }

    /// Says that the bytes were sent; the server checks them. Codes: INCOMPLETE.
    async fn file_upload_complete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file.")] id: FileId,
    ) -> Option<Result<FileUploadCompletePayload>> {
        FileUploadCompletePayload::of(Box::pin(uploading::complete(ctx.app(), ctx.viewer(), id)).await.map(File))
    }
}
