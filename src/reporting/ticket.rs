//! Tickets: what stands in the address of a report's file. A ticket is signed and short-lived, and stands for one file and the
//! session that it was given to; whether that may still have the file is judged when it is fetched.

use async_graphql::Enum;
use chrono::{DateTime, Duration};

use super::report::Subject;
use crate::{
    accounts::viewing,
    app::App,
    clock::Instant,
    error::Result,
    ids::{Id as _, SessionId, UserId, WebinarId, WebinarSeriesId},
    language::Language,
    role::Roles,
    token,
    viewer::{SignedIn, Viewer},
};

/// How long a ticket lives.
const LIFE: Duration = Duration::minutes(5);
const PURPOSE: &str = "report";
/// Stands for no webinar.
const NONE: &str = "-";

/// The form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "CountsFileFormat")]
pub enum Form {
    /// One table, in UTF-8.
    Csv,
    /// A workbook with a sheet for each thing that people are counted by.
    Xlsx,
    /// One page of bars.
    Svg,
}

impl Form {
    const ALL: [Self; 3] = [Self::Csv, Self::Xlsx, Self::Svg];

    /// Ending of the file's name.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Svg => "svg",
        }
    }
}

/// What an address was given out for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Which file.
    pub form: Form,
    /// What it counts.
    pub subject: Subject,
    /// Its language.
    pub language: Language,
    /// When the address ends.
    pub expires_at: Instant,
    /// Whose session.
    holder: (UserId, SessionId, String),
}

impl Ticket {
    /// A ticket for somebody from now on.
    #[must_use]
    pub fn new(app: &App, account: &SignedIn, form: Form, subject: Subject, language: &Language) -> Self {
        let holder = (account.id, account.session, account.session_hash.clone());
        Self { form, subject, language: language.clone(), expires_at: app.clock.now() + LIFE, holder }
    }

    /// The name of the file.
    #[must_use]
    pub fn file_name(&self) -> String {
        let what = self.subject.webinar.map_or_else(|| self.subject.series.to_string(), |webinar| webinar.to_string());
        format!("counts-{what}-{}.{}", self.language.tag(), self.form.ending())
    }

    /// The address with the ticket in it.
    #[must_use]
    pub fn address(&self, app: &App) -> String {
        let Self { form, subject, language, expires_at, holder: (user, session, hash) } = self;
        let webinar = subject.webinar.map_or_else(|| NONE.to_owned(), |webinar| webinar.to_string());
        let (form, series, language, until) = (form.ending(), subject.series, language.tag(), expires_at.timestamp_micros());
        let content = format!("{form} {series} {webinar} {language} {until} {user} {session} {hash}");
        format!("{}/reports/{}", app.config.public_url, token::seal(app, PURPOSE, content.as_bytes()))
    }

    /// Reads a ticket that we gave out and that is not too old.
    #[must_use]
    pub fn open(app: &App, sealed: &str) -> Option<Self> {
        let content = token::unseal(app, PURPOSE, sealed)?;
        let mut parts = std::str::from_utf8(&content).ok()?.split(' ');
        let ending = parts.next()?;
        let form = Form::ALL.into_iter().find(|form| form.ending() == ending)?;
        let series = WebinarSeriesId::parse(parts.next()?)?;
        let webinar = match parts.next()? {
            NONE => None,
            id => Some(WebinarId::parse(id)?),
        };
        let language = Language::parse(parts.next()?)?;
        let expires_at = DateTime::from_timestamp_micros(parts.next()?.parse().ok()?)?;
        let holder = (UserId::parse(parts.next()?)?, SessionId::parse(parts.next()?)?, parts.next()?.to_owned());
        (app.clock.now() < expires_at).then_some(Self {
            form,
            subject: Subject { series, webinar },
            language,
            expires_at,
            holder,
        })
    }

    /// Who its holder is now; nobody once their session has ended.
    pub async fn viewer(&self, app: &App) -> Result<Viewer> {
        let (id, session, session_hash) = self.holder.clone();
        let language = self.language.clone();
        let account = SignedIn { id, session, session_hash, vetted: false, roles: Roles::default(), language };
        viewing::again(app, &Viewer { account: Some(account), ..Viewer::visitor() }).await
    }
}
