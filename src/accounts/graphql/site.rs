//! What clients must know of a deployment.

use async_graphql::{Context, Object};

use crate::{
    config::SignUpPolicy,
    error::Result,
    files,
    graphql::context::ContextExt,
    language::{self, Language, TextDirection},
    recordings,
    scalars::ByteCount,
};

/// What clients must know of this deployment.
pub struct Site;

/// What clients must know of this deployment.
#[Object]
impl Site {
    /// What the site calls itself.
    async fn name(&self, ctx: &Context<'_>) -> String {
        ctx.app().config.site_name.clone()
    }
    /// Languages in which texts are kept, in display order.
    async fn languages(&self) -> Vec<SiteLanguage> {
        language::OF_SITE.iter().filter_map(|(tag, _)| Language::parse(tag)).map(SiteLanguage).collect()
    }
    /// What happens when an address is confirmed.
    async fn sign_up_policy(&self, ctx: &Context<'_>) -> SignUpPolicy {
        ctx.app().config.sign_up
    }
    /// Largest recording that may be uploaded.
    async fn upload_limit(&self) -> ByteCount {
        ByteCount(recordings::uploading::MOST_BYTES)
    }
    /// Largest small file (captions, documents) that may be uploaded.
    async fn file_limit(&self) -> ByteCount {
        ByteCount(files::uploading::MOST_BYTES)
    }
    /// True when a worker with ffmpeg was seen in the last five minutes. Without one, a recording plays only where browsers
    /// can play it as uploaded.
    async fn can_transcode(&self, ctx: &Context<'_>) -> Result<bool> {
        recordings::transcoding::is_possible(ctx.app()).await
    }
    /// Version of the terms that `accountSignUp` must accept.
    async fn terms_version(&self, ctx: &Context<'_>) -> String {
        ctx.app().config.terms_version.clone()
    }
    /// Address of these terms, in the reader's language if they are there in several; null where whoever runs the site has not
    /// said where they are.
    async fn terms_url(&self, ctx: &Context<'_>) -> Option<String> {
        let url = ctx.app().config.terms_url.as_ref()?;
        Some(url.replace("{language}", ctx.viewer().speaks().tag()))
    }
    /// Version of this server.
    async fn version(&self) -> &str {
        env!("CARGO_PKG_VERSION")
    }
}

/// A language of the site.
pub struct SiteLanguage(Language);

/// A language of the site.
#[Object]
impl SiteLanguage {
    /// Its tag.
    async fn tag(&self) -> &Language {
        &self.0
    }
    /// Its name in itself.
    async fn name(&self) -> String {
        self.0.own_name().into_owned()
    }
    /// Its writing direction.
    async fn direction(&self) -> TextDirection {
        self.0.direction()
    }
}
