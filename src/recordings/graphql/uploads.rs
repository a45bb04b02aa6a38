//! Uploads, for staff.

use async_graphql::{Context, Object, SimpleObject};

use crate::{
    clock::Instant,
    error::Result,
    files::graphql::FileAddress,
    graphql::context::ContextExt,
    ids::UploadId,
    recordings::{
        upload::{self, PART_BYTES},
        uploading,
    },
    scalars::ByteCount,
};

/// A file on its way into object storage, in parts.
pub struct Upload(pub upload::Model);

/// A file on its way into object storage, in parts.
#[Object]
impl Upload {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> UploadId {
        self.0.id
    }
    /// Name as the uploader gave it.
    async fn file_name(&self) -> &str {
        &self.0.file_name
    }
    /// Size as announced.
    async fn size(&self) -> ByteCount {
        ByteCount(self.0.size)
    }
    /// Bytes in each part but the last.
    async fn part_size(&self) -> i32 {
        small(PART_BYTES)
    }
    /// Number of parts.
    async fn part_count(&self) -> i32 {
        self.0.part_count()
    }
    /// Parts that object storage has.
    async fn parts(&self, ctx: &Context<'_>) -> Result<Vec<UploadedPart>> {
        let parts = Box::pin(uploading::parts(ctx.app(), &self.0)).await?;
        let sizes = parts.into_iter().map(|part| (part.number, i64::try_from(part.size).unwrap_or(i64::MAX)));
        Ok(sizes.map(|(number, size)| UploadedPart { number, size: small(size) }).collect())
    }
    /// Parts that it lacks.
    async fn missing_part_numbers(&self, ctx: &Context<'_>) -> Result<Vec<i32>> {
        if self.0.state == upload::State::Completed {
            return Ok(Vec::new());
        }
        Ok(uploading::missing(&self.0, &Box::pin(uploading::parts(ctx.app(), &self.0)).await?))
    }
    /// Presigned addresses, each good for an hour or more.
    async fn part_addresses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "1 to partCount, at most 100.")] numbers: Vec<i32>,
    ) -> Result<Vec<PartAddress>> {
        let addresses = Box::pin(uploading::addresses(ctx.app(), &self.0, &numbers)).await?;
        let part = |(number, address)| PartAddress { number, size: small(self.0.size_of_part(number)), address };
        Ok(addresses.into_iter().map(|(number, address)| part((number, FileAddress::from(address)))).collect())
    }
    /// When an upload left alone is thrown away.
    async fn expires_at(&self) -> Instant {
        self.0.expires_at
    }
}

/// The size of a part, which is far below what fits.
fn small(size: i64) -> i32 {
    i32::try_from(size).unwrap_or(i32::MAX)
}

/// A part that has arrived.
#[derive(SimpleObject)]
pub struct UploadedPart {
    /// 1, 2, 3 …
    pub number: i32,
    /// Bytes.
    pub size: i32,
}

/// Where to send a part.
#[derive(SimpleObject)]
pub struct PartAddress {
    /// 1, 2, 3 …
    pub number: i32,
    /// Exactly so many bytes.
    pub size: i32,
    /// Where to PUT them.
    pub address: FileAddress,
}
