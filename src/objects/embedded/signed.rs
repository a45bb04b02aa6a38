//! What a signature must cover.

use http::HeaderName;
use s3s::access::{S3Access, S3AccessContext};
use s3s::{S3Result, s3_error};

/// Lets in what is signed. Where the signature stands in the address, each header of S3 that comes with it must be signed, too,
/// as with AWS: one can make another request of it, as `x-amz-copy-source` makes of an upload a copy of somebody else's object.
pub struct Signed;

#[async_trait::async_trait]
impl S3Access for Signed {
    async fn check(&self, cx: &mut S3AccessContext<'_>) -> S3Result<()> {
        if cx.credentials().is_none() {
            return Err(s3_error!(AccessDenied, "Signature is required"));
        }
        let query = cx.uri().query().unwrap_or_default();
        let signed = signed_headers(query);
        let is_added = |name: &HeaderName| {
            let name = name.as_str();
            // CloudFront adds its own to whatever passes through it.
            name.starts_with("x-amz-") && name != "x-amz-cf-id" && !signed.split(';').any(|one| one == name)
        };
        if may_sign(query) && cx.headers().keys().any(is_added) {
            return Err(s3_error!(AccessDenied, "There were headers present in the request which were not signed"));
        }
        Ok(())
    }
}

/// Whether the signature may stand in a query: there it counts before one in a header. A name with an escape may be any, and our
/// own client, which signs in a header, sends none.
fn may_sign(query: &str) -> bool {
    let mut names = query.split('&').map(|pair| pair.split('=').next().unwrap_or_default());
    names.any(|name| name.contains('%') || name == "X-Amz-Signature")
}

/// Names of the headers that the signature in a query covers, divided by semicolons; none where they stand otherwise than we
/// write them.
fn signed_headers(query: &str) -> String {
    let names = query.split('&').find_map(|pair| pair.strip_prefix("X-Amz-SignedHeaders="));
    names.unwrap_or_default().replace("%3B", ";").replace("%3b", ";")
}
