//! Tickets: what stands in the address of a certificate's file. A ticket is signed and short-lived, as presigned addresses
//! of object storage are, and stands for one file; whether that is still to be had is judged when it is fetched.

use chrono::{DateTime, Duration};

use crate::{app::App, clock::Instant, language::Language, token};

/// How long a ticket lives.
pub const LIFE: Duration = Duration::minutes(5);

const PURPOSE: &str = "certificate";

/// A file of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For people.
    Pdf,
    /// For programs.
    Badge,
}

impl Form {
    /// Ending of the file's name.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Badge => "json",
        }
    }
}

/// What an address was given out for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Which file.
    pub form: Form,
    /// Id of the record that the certificate is of, with its kind.
    pub record: String,
    /// Language of the certificate.
    pub language: Language,
    /// When the address ends.
    pub expires_at: Instant,
}

impl Ticket {
    /// A ticket from now on.
    #[must_use]
    pub fn new(app: &App, form: Form, record: impl ToString, language: &Language) -> Self {
        Self { form, record: record.to_string(), language: language.clone(), expires_at: app.clock.now() + LIFE }
    }

    /// The address with the ticket in it.
    #[must_use]
    pub fn address(&self, app: &App) -> String {
        let Self { form, record, language, expires_at } = self;
        let content = format!("{} {record} {} {}", form.ending(), language.tag(), expires_at.timestamp_micros());
        format!("{}/certificates/{}", app.config.public_url, token::seal(app, PURPOSE, content.as_bytes()))
    }

    /// Reads a ticket that we gave out and that is not too old.
    #[must_use]
    pub fn open(app: &App, sealed: &str) -> Option<Self> {
        let content = token::unseal(app, PURPOSE, sealed)?;
        let mut parts = std::str::from_utf8(&content).ok()?.split(' ');
        let form = match parts.next()? {
            "pdf" => Form::Pdf,
            _ => Form::Badge,
        };
        let (record, language) = (parts.next()?.to_owned(), Language::parse(parts.next()?)?);
        let expires_at = DateTime::from_timestamp_micros(parts.next()?.parse().ok()?)?;
        (app.clock.now() < expires_at).then_some(Self { form, record, language, expires_at })
    }
}
