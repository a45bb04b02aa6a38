//! Checking what a code proves, in the API.

use async_graphql::{Context, Object};

use crate::{
    certificates::certificate::Kind,
    clock::Instant,
    error::Result,
    graphql::context::ContextExt,
    learning::checking::{self, Check},
};

/// What a code proves. It shows no profile.
pub struct CertificateCheck(Check);

/// What a code proves. It shows no profile.
#[Object]
impl CertificateCheck {
    /// What the certificate is for.
    async fn kind(&self) -> Kind {
        self.0.record.kind()
    }
    /// Title of the course or webinar as it stood.
    async fn title(&self) -> &str {
        self.0.record.title()
    }
    /// Version of the course that was completed; null for webinars.
    async fn version_number(&self) -> Option<i32> {
        self.0.record.version_number()
    }
    /// When the course was completed, or the webinar began.
    async fn achieved_at(&self) -> Instant {
        self.0.record.at()
    }
    /// When it was revoked: it then proves nothing any more.
    async fn revoked_at(&self) -> Option<Instant> {
        self.0.record.revoked_at()
    }
    /// The name on the certificate, where its holder shows their name to visitors.
    async fn holder_name(&self) -> Option<&str> {
        self.0.holder_name.as_deref()
    }
    /// Whether the name given in the argument is one that the record bears, in full or in Latin letters, but for case and spaces;
    /// null when none was given.
    async fn name_matches(&self) -> Option<bool> {
        self.0.name_matches
    }
}

/// Checking what codes prove.
#[derive(Default)]
pub struct CheckQuery;

#[Object]
impl CheckQuery {
    /// What a code proves; null when there is no such record.
    async fn certificate_check(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "As on the certificate; case, spaces and hyphens do not matter.")] code: String,
        #[graphql(desc = "Name to compare with that on the certificate.")] name: Option<String>,
    ) -> Option<Result<CertificateCheck>> {
        let check = checking::check(ctx.app(), &code, name.as_deref()).await.transpose()?;
        Some(check.map(CertificateCheck))
    }
}
