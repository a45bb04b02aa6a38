//! The bucket itself: made when missing, and open to pages of other origins.

use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata};
use aws_sdk_s3::types::{BucketLocationConstraint, CorsConfiguration, CorsRule, CreateBucketConfiguration};

use super::{Error, Objects, Result};

/// The region that S3 means when a bucket names none.
const DEFAULT_REGION: &str = "us-east-1";
/// Name of the one rule for other origins that we set.
const OUR_RULE: &str = "lyceum";

impl Objects {
    /// Checks that the bucket is there and ours; creates it where the settings allow that, and says so; lets browsers use it.
    ///
    /// Rules for other origins (CORS) that the bucket already has are the operator's and stay, but for our own of earlier
    /// settings.
    ///
    /// # Errors
    /// The bucket is missing and may not be created, is somebody else's, or the storage does not answer.
    pub async fn ensure_bucket(&self) -> Result<()> {
        let Err(error) = self.0.control.head_bucket().bucket(&self.0.bucket).send().await else {
            return self.allow_origins().await;
        };
        let status = error.raw_response().map(|response| response.status().as_u16());
        match (Error::from(error), status) {
            (Error::NotFound, _) if self.0.create_bucket => {
                self.create_bucket().await?;
                if self.0.embedded.is_none() {
                    tracing::warn!(bucket = self.0.bucket, "there was no such bucket, and it was made: is S3_BUCKET right?");
                }
            }
            (Error::NotFound, _) => {
                return Err(Error::refused("NoSuchBucket", format!("there is no bucket {}", self.0.bucket)));
            }
            // The answer to this request has no body, which would say what is wrong.
            (_, Some(status @ (301 | 400 | 401 | 403))) => {
                let why = "are AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY those of the bucket in S3_BUCKET, may that key \
                           list it, and is this machine's clock right?";
                return Err(Error::refused(&format!("status {status}"), why));
            }
            (error, _) => return Err(error),
        }
        self.allow_origins().await
    }

    async fn create_bucket(&self) -> Result<()> {
        let place = (self.0.region != DEFAULT_REGION && self.0.embedded.is_none()).then(|| {
            CreateBucketConfiguration::builder()
                .location_constraint(BucketLocationConstraint::from(self.0.region.as_str()))
                .build()
        });
        let request = self.0.control.create_bucket().bucket(&self.0.bucket).set_create_bucket_configuration(place);
        match request.send().await {
            // Another node was faster.
            Err(error) if error.code() == Some("BucketAlreadyOwnedByYou") => Ok(()),
            result => Ok(result.map(drop)?),
        }
    }

    /// Best effort: many servers know no such rules or keep them elsewhere, and uploads from our own host work without.
    async fn allow_origins(&self) -> Result<()> {
        // The embedded service answers other origins by itself.
        if self.0.embedded.is_some() {
            return Ok(());
        }
        let current = self.0.control.get_bucket_cors().bucket(&self.0.bucket).send().await;
        if current.is_ok_and(|cors| cors.cors_rules().iter().any(|rule| rule.id() != Some(OUR_RULE))) {
            return Ok(());
        }
        let origins = if self.0.origins.is_empty() { vec!["*".to_owned()] } else { self.0.origins.clone() };
        let rule = CorsRule::builder()
            .id(OUR_RULE)
            .set_allowed_origins(Some(origins))
            .set_allowed_methods(Some(["GET", "HEAD", "PUT"].map(str::to_owned).to_vec()))
            .allowed_headers("*")
            .set_expose_headers(Some(["ETag", "Content-Range", "Accept-Ranges", "Content-Length"].map(str::to_owned).to_vec()))
            .max_age_seconds(3600)
            .build();
        let rules = rule.and_then(|rule| CorsConfiguration::builder().cors_rules(rule).build());
        let rules = rules.map_err(|error| Error::refused("MalformedXML", error))?;
        let request = self.0.control.put_bucket_cors().bucket(&self.0.bucket).cors_configuration(rules);
        if let Err(error) = request.send().await {
            tracing::warn!(error = %DisplayErrorContext(&error), "the bucket's rules for other origins could not be set");
        }
        Ok(())
    }
}
