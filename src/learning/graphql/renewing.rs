//! Renewing the names on certificates, in the API.

use async_graphql::{Context, Object};

use crate::{
    error::Result,
    graphql::{context::ContextExt, payload::payload},
    learning::renewing::{self, CertificateNamesRenewInput},
};

payload!(
    /// Answer of `certificateNamesRenew`.
    CertificateNamesRenewPayload {
        /// How many certificates bore other names.
        renewed_count: i32,
    }
);

/// Changing certificates of every kind.
#[derive(Default)]
pub struct CertificateMutation;

#[Object]
impl CertificateMutation {
    /// Lets all certificates of a person bear the names that their profile has now, which they otherwise do not follow; for
    /// administrators, who say which names they saw there. The person is told if any bore others: badges with another full name
    /// are no longer valid and are to be downloaded again. Codes: BLANK, TOO_LONG, INVALID, WRONG_STATE, KEY_REUSED.
    async fn certificate_names_renew(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person, the names seen and the reason.")] input: CertificateNamesRenewInput,
    ) -> Option<Result<CertificateNamesRenewPayload>> {
        let renewed = renewing::renew_names(ctx.app(), ctx.viewer(), &input).await;
        CertificateNamesRenewPayload::of(renewed.map(|count| i32::try_from(count).unwrap_or(i32::MAX)))
    }
}
