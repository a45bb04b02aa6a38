//! The S3 operations that Lyceum uses, on [`Disk`]. All others answer `NotImplemented`.

use std::io::{Seek, SeekFrom};
use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;
use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput, CompleteMultipartUploadOutput,
    CopyObjectInput, CopyObjectOutput, CopyObjectResult, CopySource, CreateBucketInput, CreateBucketOutput,
    CreateMultipartUploadInput, CreateMultipartUploadOutput, Delete, DeleteObjectInput, DeleteObjectOutput, DeleteObjectsInput,
    DeleteObjectsOutput, DeletedObject, ETag, ETagCondition, GetObjectInput, GetObjectOutput, HeadBucketInput, HeadBucketOutput,
    HeadObjectInput, HeadObjectOutput, ListObjectsV2Input, ListObjectsV2Output, ListPartsInput, ListPartsOutput, Object, Part,
    PutObjectInput, PutObjectOutput, StreamingBlob, UploadPartInput, UploadPartOutput,
};
use s3s::header;
use s3s::{S3, S3Error, S3Request, S3Response, S3Result, s3_error};
use tokio::io::AsyncReadExt;
use tokio_util::io::ReaderStream;

use super::disk::{Bucket, Disk};
use super::stored::{Meta, Stored, Temp, receive};
use super::{blocking, disk_failure};

/// How much of a file is read at a time.
const READ: usize = 128 << 10;
/// Largest page of a listing, as in S3.
const LARGEST_PAGE: i32 = 1000;
/// Part numbers that S3 takes.
const PART_NUMBERS: std::ops::RangeInclusive<i32> = 1..=10_000;

/// The service over a folder of buckets.
pub struct Service(pub Arc<Disk>);

type Answer<T> = S3Result<S3Response<T>>;

impl Service {
    /// Does file work in a bucket that is there.
    async fn at<T: Send + 'static>(
        &self,
        bucket: String,
        work: impl FnOnce(Bucket) -> S3Result<T> + Send + 'static,
    ) -> S3Result<T> {
        let disk = self.0.clone();
        blocking(move || work(disk.bucket(&bucket)?)).await
    }
}

#[async_trait::async_trait]
impl S3 for Service {
    async fn create_bucket(&self, req: S3Request<CreateBucketInput>) -> Answer<CreateBucketOutput> {
        let disk = self.0.clone();
        blocking(move || disk.create(&req.input.bucket)).await?;
        Ok(S3Response::new(CreateBucketOutput::default()))
    }

    async fn head_bucket(&self, req: S3Request<HeadBucketInput>) -> Answer<HeadBucketOutput> {
        self.at(req.input.bucket, |_| Ok(())).await?;
        Ok(S3Response::new(HeadBucketOutput::default()))
    }

    async fn put_object(&self, req: S3Request<PutObjectInput>) -> Answer<PutObjectOutput> {
        let input = req.input;
        if input.if_match.is_some() || input.if_none_match.as_ref().is_some_and(|condition| !condition.is_any()) {
            return Err(s3_error!(NotImplemented));
        }
        let (replace, key) = (input.if_none_match.is_none(), input.key);
        let temp = self.at(input.bucket.clone(), |bucket| Temp::create(&bucket.temp()).map_err(disk_failure)).await?;
        let mut received = receive(input.body, temp, input.content_length, input.content_md5.as_deref()).await?;
        let meta = Meta { key, content_type: input.content_type, etag: received.etag, upload: None };
        let e_tag = Some(ETag::Strong(meta.etag.clone()));
        let keep = move |bucket: Bucket| {
            received.temp.seal(&meta).map_err(disk_failure)?;
            bucket.keep(&received.temp, &meta.key, replace)
        };
        self.at(input.bucket, keep).await?;
        Ok(S3Response::new(PutObjectOutput { e_tag, ..Default::default() }))
    }

    async fn copy_object(&self, req: S3Request<CopyObjectInput>) -> Answer<CopyObjectOutput> {
        let input = req.input;
        let source = match input.copy_source {
            CopySource::Bucket { bucket, key, .. } if *bucket == *input.bucket => key,
            _ => return Err(s3_error!(NotImplemented)),
        };
        let e_tag = Some(ETag::Strong(self.at(input.bucket, move |bucket| bucket.copy(&source, input.key)).await?));
        let copied = CopyObjectResult { e_tag, ..Default::default() };
        Ok(S3Response::new(CopyObjectOutput { copy_object_result: Some(copied), ..Default::default() }))
    }

    async fn get_object(&self, req: S3Request<GetObjectInput>) -> Answer<GetObjectOutput> {
        let input = req.input;
        let open = move |bucket: Bucket| {
            let mut object = bucket.object(&input.key)?;
            check_conditions(&object, input.if_match.as_ref(), input.if_none_match.as_ref())?;
            let range = input.range.map(|range| range.check(object.size)).transpose()?;
            object.file.seek(SeekFrom::Start(range.as_ref().map_or(0, |range| range.start))).map_err(disk_failure)?;
            Ok((object, range))
        };
        let (object, range) = self.at(input.bucket, open).await?;
        let length = range.as_ref().map_or(object.size, |range| range.end - range.start);
        let file = tokio::fs::File::from_std(object.file).take(length);
        Ok(S3Response::new(GetObjectOutput {
            body: Some(StreamingBlob::wrap(ReaderStream::with_capacity(file, READ))),
            content_length: Some(length.cast_signed()),
            content_range: range.map(|range| format!("bytes {}-{}/{}", range.start, range.end - 1, object.size)),
            accept_ranges: Some("bytes".to_owned()),
            content_type: object.meta.content_type,
            e_tag: Some(ETag::Strong(object.meta.etag)),
            last_modified: Some(object.modified.into()),
            ..Default::default()
        }))
    }

    async fn head_object(&self, req: S3Request<HeadObjectInput>) -> Answer<HeadObjectOutput> {
        let input = req.input;
        let open = move |bucket: Bucket| {
            let object = bucket.object(&input.key)?;
            check_conditions(&object, input.if_match.as_ref(), input.if_none_match.as_ref())?;
            Ok(object)
        };
        let object = self.at(input.bucket, open).await?;
        Ok(S3Response::new(HeadObjectOutput {
            content_length: Some(object.size.cast_signed()),
            accept_ranges: Some("bytes".to_owned()),
            content_type: object.meta.content_type,
            e_tag: Some(ETag::Strong(object.meta.etag)),
            last_modified: Some(object.modified.into()),
            ..Default::default()
        }))
    }

    async fn delete_object(&self, req: S3Request<DeleteObjectInput>) -> Answer<DeleteObjectOutput> {
        let key = req.input.key;
        self.at(req.input.bucket, move |bucket| bucket.delete(&key)).await?;
        Ok(S3Response::new(DeleteObjectOutput::default()))
    }

    async fn delete_objects(&self, req: S3Request<DeleteObjectsInput>) -> Answer<DeleteObjectsOutput> {
        let Delete { objects, quiet } = req.input.delete;
        let delete = move |bucket: Bucket| {
            let (mut deleted, mut errors) = (Vec::new(), Vec::new());
            for key in objects.into_iter().map(|object| object.key) {
                match bucket.delete(&key) {
                    Ok(()) => deleted.push(DeletedObject { key: Some(key), ..Default::default() }),
                    Err(error) => errors.push(refused(key, &error)),
                }
            }
            Ok((deleted, errors))
        };
        let (deleted, errors) = self.at(req.input.bucket, delete).await?;
        let deleted = (quiet != Some(true)).then_some(deleted);
        Ok(S3Response::new(DeleteObjectsOutput { deleted, errors: Some(errors), ..Default::default() }))
    }

    async fn list_objects_v2(&self, req: S3Request<ListObjectsV2Input>) -> Answer<ListObjectsV2Output> {
        let input = req.input;
        if input.delimiter.is_some() {
            return Err(s3_error!(NotImplemented));
        }
        let prefix = input.prefix.clone().unwrap_or_default();
        let after = match &input.continuation_token {
            Some(token) => read_token(token)?,
            None => input.start_after.clone().unwrap_or_default(),
        };
        let max_keys = input.max_keys.unwrap_or(LARGEST_PAGE).clamp(0, LARGEST_PAGE);
        let limit = usize::try_from(max_keys).unwrap_or_default();
        let (objects, last) = self.at(input.bucket.clone(), move |bucket| bucket.list(&prefix, &after, limit)).await?;
        let last = last.map(|key| BASE64URL_NOPAD.encode(key.as_bytes()));
        let contents: Vec<_> = objects.into_iter().map(listed).collect();
        Ok(S3Response::new(ListObjectsV2Output {
            name: Some(input.bucket),
            prefix: input.prefix,
            max_keys: Some(max_keys),
            key_count: i32::try_from(contents.len()).ok(),
            is_truncated: Some(last.is_some()),
            next_continuation_token: last,
            continuation_token: input.continuation_token,
            start_after: input.start_after,
            contents: Some(contents),
            ..Default::default()
        }))
    }

    async fn create_multipart_upload(&self, req: S3Request<CreateMultipartUploadInput>) -> Answer<CreateMultipartUploadOutput> {
        let CreateMultipartUploadInput { bucket, key, content_type, .. } = req.input;
        let named = key.clone();
        let id = self.at(bucket.clone(), move |bucket| bucket.begin_upload(named, content_type)).await?;
        Ok(S3Response::new(CreateMultipartUploadOutput {
            bucket: Some(bucket),
            key: Some(key),
            upload_id: Some(id),
            ..Default::default()
        }))
    }

    async fn upload_part(&self, req: S3Request<UploadPartInput>) -> Answer<UploadPartOutput> {
        let input = req.input;
        if !PART_NUMBERS.contains(&input.part_number) {
            return Err(s3_error!(InvalidArgument, "Part numbers go from 1 to 10000."));
        }
        let (key, id) = (input.key, input.upload_id);
        let open = move |bucket: Bucket| {
            let upload = bucket.upload(&key, &id)?;
            Ok((upload, Temp::create(&bucket.temp()).map_err(disk_failure)?))
        };
        let (upload, temp) = self.at(input.bucket, open).await?;
        let received = receive(input.body, temp, input.content_length, input.content_md5.as_deref()).await?;
        let e_tag = Some(ETag::Strong(received.etag.clone()));
        blocking(move || upload.keep(input.part_number, received)).await?;
        Ok(S3Response::new(UploadPartOutput { e_tag, ..Default::default() }))
    }

    async fn list_parts(&self, req: S3Request<ListPartsInput>) -> Answer<ListPartsOutput> {
        let ListPartsInput { bucket, key, upload_id, part_number_marker, max_parts, .. } = req.input;
        let (named, id) = (key.clone(), upload_id.clone());
        let after = part_number_marker.unwrap_or_default();
        let mut parts = self.at(bucket.clone(), move |bucket| bucket.upload(&named, &id)?.parts(after)).await?;
        let max_parts = max_parts.unwrap_or(LARGEST_PAGE).clamp(1, LARGEST_PAGE);
        let all = parts.len();
        parts.truncate(usize::try_from(max_parts).unwrap_or_default());
        let listed = |part: super::uploads::ArrivedPart| Part {
            part_number: Some(part.number),
            size: Some(part.stored.size.cast_signed()),
            e_tag: Some(ETag::Strong(part.stored.meta.etag)),
            last_modified: Some(part.stored.modified.into()),
            ..Default::default()
        };
        Ok(S3Response::new(ListPartsOutput {
            bucket: Some(bucket),
            key: Some(key),
            upload_id: Some(upload_id),
            max_parts: Some(max_parts),
            part_number_marker,
            is_truncated: Some(parts.len() < all),
            next_part_number_marker: parts.last().map(|part| part.number),
            parts: Some(parts.into_iter().map(listed).collect()),
            ..Default::default()
        }))
    }

    async fn complete_multipart_upload(
        &self,
        req: S3Request<CompleteMultipartUploadInput>,
    ) -> Answer<CompleteMultipartUploadOutput> {
        let CompleteMultipartUploadInput { bucket, key, upload_id, multipart_upload, .. } = req.input;
        let parts = multipart_upload.and_then(|upload| upload.parts).unwrap_or_default();
        let named = key.clone();
        let complete = move |bucket: Bucket| bucket.complete_upload(&named, &upload_id, &parts);
        let e_tag = Some(ETag::Strong(self.at(bucket.clone(), complete).await?));
        Ok(S3Response::new(CompleteMultipartUploadOutput { bucket: Some(bucket), key: Some(key), e_tag, ..Default::default() }))
    }

    async fn abort_multipart_upload(&self, req: S3Request<AbortMultipartUploadInput>) -> Answer<AbortMultipartUploadOutput> {
        let id = req.input.upload_id;
        self.at(req.input.bucket, move |bucket| bucket.forget_upload(&id)).await?;
        Ok(S3Response::new(AbortMultipartUploadOutput::default()))
    }
}

/// `If-Match` and `If-None-Match` (RFC 9110, 13.1) on an object that is there.
fn check_conditions(object: &Stored, if_match: Option<&ETagCondition>, if_none_match: Option<&ETagCondition>) -> S3Result<()> {
    let holds = |condition: &ETagCondition| {
        condition.is_any() || condition.as_etag().is_some_and(|etag| etag.value() == object.meta.etag)
    };
    if if_match.is_some_and(|condition| !holds(condition)) {
        return Err(s3_error!(PreconditionFailed));
    }
    if if_none_match.is_some_and(holds) {
        let mut unchanged = s3_error!(NotModified);
        let etag = ETag::Strong(object.meta.etag.clone()).to_http_header();
        unchanged.set_headers(etag.into_iter().map(|etag| (header::ETAG, etag)).collect());
        return Err(unchanged);
    }
    Ok(())
}

fn listed(object: Stored) -> Object {
    Object {
        key: Some(object.meta.key),
        size: Some(object.size.cast_signed()),
        e_tag: Some(ETag::Strong(object.meta.etag)),
        last_modified: Some(object.modified.into()),
        ..Default::default()
    }
}

fn refused(key: String, error: &S3Error) -> s3s::dto::Error {
    let (code, message) = (error.code().as_str().to_owned(), error.message().map(str::to_owned));
    s3s::dto::Error { key: Some(key), code: Some(code), message, ..Default::default() }
}

fn read_token(token: &str) -> S3Result<String> {
    let key = BASE64URL_NOPAD.decode(token.as_bytes()).ok().and_then(|key| String::from_utf8(key).ok());
    key.ok_or_else(|| s3_error!(InvalidArgument, "This is no continuation token of ours."))
}
