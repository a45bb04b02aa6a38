//! Certificates in the API.

use async_graphql::{Context, Object, SimpleObject};

use super::{
    certificate::Certificate as Said,
    printing,
    ticket::{Form, Ticket},
};
use crate::{
    clock::Instant,
    error::Result,
    graphql::{context::ContextExt, payload::UserError},
    language::{Language, OF_SITE},
    scalars::Url,
};

/// A certificate in one language. It bears the names that its holder went by when they got it, unless these were renewed.
pub struct Certificate {
    record: String,
    said: Said,
}

impl Certificate {
    /// The certificate of the record with this id.
    #[must_use]
    pub fn new(record: impl ToString, said: Said) -> Self {
        Self { record: record.to_string(), said }
    }

    fn file(&self, ctx: &Context<'_>, form: Form) -> CertificateFile {
        let ticket = Ticket::new(ctx.app(), form, &self.record, &self.said.language);
        CertificateFile { url: Url(ticket.address(ctx.app())), name: self.said.file_name(form), expires_at: ticket.expires_at }
    }
}

/// A certificate in one language. It bears the names that its holder went by when they got it, unless these were renewed.
#[Object]
impl Certificate {
    /// Its language.
    async fn language(&self) -> &Language {
        &self.said.language
    }
    /// The languages that it can be had in.
    async fn languages(&self) -> Vec<Language> {
        OF_SITE.iter().filter_map(|(tag, _)| Language::parse(tag)).collect()
    }
    /// The certificate for people, as PDF; null where something is in the way.
    async fn pdf(&self, ctx: &Context<'_>) -> Option<Result<CertificateFile>> {
        match printing::obstacle(self.said.clone()).await {
            Ok(None) => Some(Ok(self.file(ctx, Form::Pdf))),
            Ok(Some(_)) => None,
            Err(err) => Some(Err(err)),
        }
    }
    /// What is in the way of the PDF: a name or title in letters that no font here has. Null when nothing is.
    async fn pdf_problem(&self) -> Option<Result<UserError>> {
        printing::obstacle(self.said.clone()).await.map(|problem| problem.map(UserError)).transpose()
    }
    /// The certificate for programs: an Open Badge 3.0, which is JSON-LD with a signature of the site.
    async fn badge(&self, ctx: &Context<'_>) -> CertificateFile {
        self.file(ctx, Form::Badge)
    }
}

/// A file to download for five minutes. Whoever has the address gets the file.
#[derive(SimpleObject)]
pub struct CertificateFile {
    /// Where it is.
    pub url: Url,
    /// Its name.
    pub name: String,
    /// When the address ends.
    pub expires_at: Instant,
}
