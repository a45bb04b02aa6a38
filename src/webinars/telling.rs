//! Telling registrants, by mail in their language. A letter is written when it is sent, from what is so then; its job names
//! the registration and the news only. Letters carry an entry for the reader's calendar, which follows what changes
//! (RFC 6047). Of a webinar for the invited they name nothing.

use chrono::Duration;
use chrono_tz::Tz;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    calendar::{
        entries,
        ics::{self, Method},
    },
    crediting, inviting,
    registration::{self, RegistrationState},
    testing::counting::pre_test_waits,
    webinar,
    webinar::State,
    webinar_text,
};
use crate::{
    accounts::user,
    app::App,
    clock::Instant,
    database::Tx,
    error::Result,
    ids::{RegistrationId, WebinarId},
    jobs::{self, Job, Run, Scheduled, Urgency},
    language::{Language, messages, translated::choose},
    mail::Attachment,
    transact,
    visibility::Visibility,
};

/// Registrants told in one go.
const AT_ONCE: u64 = 200;

/// What registrants are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// You have a seat.
    Registered,
    /// You wait for one.
    Waiting,
    /// You waited, and have one now.
    MovedUp,
    /// Your registration was cancelled.
    RegistrationCancelled,
    /// The webinar takes place at another time.
    Moved,
    /// The webinar will not take place.
    Cancelled,
    /// It begins in a day.
    DayBefore,
    /// It begins in an hour.
    HourBefore,
    /// A recording of it can be watched.
    RecordingPublished,
    /// You have a certificate that you attended it.
    CertificateIssued,
    /// That certificate is no longer valid.
    CertificateRevoked,
    /// It is valid again.
    CertificateRestored,
}

impl News {
    const fn letter(self) -> &'static str {
        match self {
            Self::Registered => "webinar-registered",
            Self::Waiting => "webinar-waiting",
            Self::MovedUp => "webinar-moved-up",
            Self::RegistrationCancelled => "webinar-registration-cancelled",
            Self::Moved => "webinar-moved",
            Self::Cancelled => "webinar-cancelled",
            Self::DayBefore => "webinar-day-before",
            Self::HourBefore => "webinar-hour-before",
            Self::RecordingPublished => "webinar-recording-published",
            Self::CertificateIssued => "webinar-certificate-issued",
            Self::CertificateRevoked => "webinar-certificate-revoked",
            Self::CertificateRestored => "webinar-certificate-restored",
        }
    }

    /// Whether it is still so, and of use to know. What has changed since is told by a letter of its own.
    fn holds(self, registration: &registration::Model, webinar: &webinar::Model, now: Instant) -> bool {
        let (registered, is_to_come) = (registration.state, webinar.state == State::Published && now < webinar.ends_at);
        match self {
            Self::Registered | Self::MovedUp => registered == RegistrationState::Registered && is_to_come,
            Self::DayBefore | Self::HourBefore => {
                registered == RegistrationState::Registered && is_to_come && now < webinar.starts_at
            }
            Self::Waiting => registered == RegistrationState::Waiting && is_to_come,
            Self::RegistrationCancelled => registered == RegistrationState::Cancelled,
            Self::RecordingPublished => registered == RegistrationState::Registered,
            Self::Moved => registered != RegistrationState::Cancelled && is_to_come,
            Self::Cancelled => registered != RegistrationState::Cancelled && webinar.state == State::Cancelled,
            Self::CertificateIssued | Self::CertificateRevoked | Self::CertificateRestored => true,
        }
    }

    /// Whether all registrants are told at once.
    const fn is_for_all(self) -> bool {
        matches!(
            self,
            Self::Moved
                | Self::Cancelled
                | Self::DayBefore
                | Self::HourBefore
                | Self::RecordingPublished
                | Self::CertificateIssued
        )
    }

    /// Whether a pre-test that waits for the person is told of besides.
    const fn tells_of_pre_test(self) -> bool {
        matches!(self, Self::Registered | Self::MovedUp | Self::DayBefore | Self::HourBefore)
    }

    /// What it does to the entry in the reader's calendar.
    const fn method(self) -> Option<Method> {
        match self {
            Self::Registered | Self::MovedUp | Self::Moved => Some(Method::Request),
            Self::RegistrationCancelled | Self::Cancelled => Some(Method::Cancel),
            _ => None,
        }
    }
}

/// Tells one registrant.
pub async fn tell(tx: &Tx, registration: RegistrationId, news: News) -> Result<()> {
    jobs::enqueue(tx, &Tell { id: Uuid::now_v7(), registration, news }).await
}

/// Tells all who are registered for a webinar or wait; of what comes before its start, those registered by then.
pub async fn tell_all(tx: &Tx, webinar: &webinar::Model, news: News) -> Result<()> {
    jobs::enqueue(tx, &TellAll { webinar: webinar.id, news, registered_until: tx.now(), after: None }).await
}

/// Tells those registered for a webinar, some at a time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TellAll {
    webinar: WebinarId,
    news: News,
    registered_until: Instant,
    after: Option<RegistrationId>,
}

impl Job for TellAll {
    const KIND: &'static str = "webinars.tell_all";

    fn dedupe_key(&self) -> Option<String> {
        // Who registered between two of the same news is told of the second.
        let (after, until) = (self.after.map(|after| after.to_string()).unwrap_or_default(), self.registered_until);
        Some(format!("{} {} {:?} {after} {}", Self::KIND, self.webinar, self.news, until.timestamp_micros()))
    }

    async fn run(self, app: &App, _: &Run) -> Result<()> {
        transact!(app, |tx| {
            use registration::Column;
            let mut told = registration::Entity::find()
                .filter(Column::WebinarId.eq(self.webinar))
                .filter(Column::State.ne(RegistrationState::Cancelled))
                .filter(Column::RegisteredAt.lte(self.registered_until));
            if let Some(after) = self.after {
                told = told.filter(Column::Id.gt(after));
            }
            let told = told.order_by_asc(Column::Id).limit(AT_ONCE).all(tx).await?;
            for registration in &told {
                tell(tx, registration.id, self.news).await?;
            }
            if self.after.is_none() {
                inviting::telling::tell_all(tx, self.webinar, self.news, self.registered_until).await?;
            }
            match told.last() {
                Some(last) => jobs::enqueue(tx, &Self { after: Some(last.id), ..self.clone() }).await,
                None => Ok(()),
            }
        })
    }
}

/// Tells one registrant. What is so is written when the letter is sent, so of what all are told one that waits is enough.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Tell {
    id: Uuid,
    registration: RegistrationId,
    news: News,
}

impl Job for Tell {
    const KIND: &'static str = "webinars.tell";
    /// About a day: relays are down for hours.
    const ATTEMPTS: i32 = 30;

    fn dedupe_key(&self) -> Option<String> {
        self.news.is_for_all().then(|| format!("{} {} {:?}", Self::KIND, self.registration, self.news))
    }

    fn urgency(&self) -> Urgency {
        if self.news.is_for_all() { Urgency::Bulk } else { Urgency::Usual }
    }

    async fn run(self, app: &App, _: &Run) -> Result<()> {
        let Some(mut facts) = Facts::of(app, self.registration).await? else { return Ok(()) };
        let is_reachable = facts.person.confirmed_at.is_some() && facts.person.suspended_at.is_none();
        if !is_reachable || !self.news.holds(&facts.registration, &facts.webinar, app.clock.now()) {
            return Ok(());
        }
        if self.news.tells_of_pre_test() && app.clock.now() < facts.webinar.starts_at {
            facts.pre_test_waits = pre_test_waits(app.db.read(), facts.webinar.id, facts.person.id).await?;
        }
        let (subject, body) = (facts.says(app, self.news, "subject"), facts.says(app, self.news, "body"));
        let attached = self.news.method().map(|method| facts.entry(app, method));
        let subject: String = subject.chars().filter(|c| !c.is_control()).collect();
        app.mailer.send_with(&self.id.to_string(), &facts.person.email, &subject, body, attached).await
    }
}

/// What a letter is written from.
struct Facts {
    registration: registration::Model,
    webinar: webinar::Model,
    person: user::Model,
    texts: Vec<webinar_text::Model>,
    credits: Vec<String>,
    pre_test_waits: bool,
}

impl Facts {
    async fn of(app: &App, id: RegistrationId) -> Result<Option<Self>> {
        let db = app.db.read();
        let Some(registration) = registration::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
        let Some(webinar) = webinar::Entity::find_by_id(registration.webinar_id).one(db).await? else { return Ok(None) };
        let Some(person) = user::Entity::find_by_id(registration.user_id).one(db).await? else { return Ok(None) };
        let texts = webinar_text::Entity::find().filter(webinar_text::Column::WebinarId.eq(webinar.id)).all(db).await?;
        let credits = credits(app, &webinar, &person.language).await?;
        Ok(Some(Self { registration, webinar, person, texts, credits, pre_test_waits: false }))
    }

    fn is_closed(&self) -> bool {
        self.webinar.visibility == Visibility::Invited
    }

    fn title(&self) -> String {
        let language = &self.person.language;
        let text = choose(&self.texts, [language], &self.webinar.original_language).filter(|_| !self.is_closed());
        text.map_or_else(|| messages::text(language, "webinar-unnamed", &[]), |text| text.title.clone())
    }

    fn says(&self, app: &App, news: News, part: &str) -> String {
        let language = &self.person.language;
        let because = self.webinar.cancelled_because.clone().filter(|_| !self.is_closed());
        let values = [
            ("site", app.config.site_name.clone()),
            ("title", self.title()),
            ("when", when(self.webinar.starts_at, &self.person.time_zone)),
            ("reason", because.unwrap_or_else(|| "-".into())),
            ("link", app.config.page(&format!("#/webinars/{}", self.webinar.id))),
        ];
        let mut text = messages::text(language, &format!("mail-{}-{part}", news.letter()), &values);
        if part == "body" && self.pre_test_waits {
            text.push_str("\n\n");
            text.push_str(&messages::text(language, "mail-webinar-pre-test-waits", &values));
        }
        if part == "body" && !self.is_closed() {
            for credit in &self.credits {
                text.push_str("\n\n");
                text.push_str(credit);
            }
        }
        text
    }

    fn entry(&self, app: &App, method: Method) -> Attachment {
        let event = entries::event(app, &self.registration, &self.webinar, self.title(), &self.person.email);
        let body = ics::calendar(method, None, &[event], app.clock.now());
        Attachment {
            name: "webinar.ics".into(),
            content_type: format!("text/calendar; charset=utf-8; method={}", method.name()),
            body: body.into_bytes(),
        }
    }
}

/// The sentences of credit of the funders of a webinar's series, in the language of a reader.
pub(super) async fn credits(app: &App, webinar: &webinar::Model, language: &Language) -> Result<Vec<String>> {
    let credits = crediting::credits(app, webinar.series_id, language).await?;
    Ok(credits.into_iter().map(|credit| if credit.sentence.is_empty() { credit.name } else { credit.sentence }).collect())
}

/// An instant on the clocks of a reader and in UTC. Written so, it is the same in all languages.
pub(super) fn when(instant: Instant, zone: &str) -> String {
    let utc = instant.format("%Y-%m-%d %H:%M UTC");
    match zone.parse::<Tz>() {
        Ok(zone) if zone != Tz::UTC => {
            let local = instant.with_timezone(&zone).format("%Y-%m-%d %H:%M");
            format!("{local} ({}), {utc}", zone.name())
        }
        _ => utc.to_string(),
    }
}

/// Reminds registrants a day and an hour before.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Remind {}

impl Scheduled for Remind {
    const EVERY: Duration = Duration::minutes(5);
}

impl Job for Remind {
    const KIND: &'static str = "webinars.remind";

    async fn run(self, app: &App, _: &Run) -> Result<()> {
        remind(app, News::DayBefore, Duration::days(1), webinar::Column::RemindedDayFor).await?;
        remind(app, News::HourBefore, Duration::hours(1), webinar::Column::RemindedHourFor).await
    }
}

/// Of webinars that begin within `ahead`, reminds those who registered before that time began; each start once, which the
/// column `done` remembers.
async fn remind(app: &App, news: News, ahead: Duration, done: webinar::Column) -> Result<()> {
    transact!(app, |tx| {
        use sea_orm::sea_query::{Expr, ExprTrait as _};
        let (now, column) = (tx.now(), webinar::Column::StartsAt);
        let is_done = Expr::col(done).equals(column);
        let due = webinar::Entity::find()
            .filter(webinar::Column::State.eq(State::Published))
            .filter(column.gt(now).and(column.lte(now + ahead)))
            .filter(Condition::any().add(done.is_null()).add(is_done.not()))
            .limit(100)
            .lock_exclusive();
        for webinar in due.all(tx).await? {
            let registered_until = webinar.starts_at - ahead;
            jobs::enqueue(tx, &TellAll { webinar: webinar.id, news, registered_until, after: None }).await?;
            let starts_at = Some(webinar.starts_at);
            let mut change = webinar.into_active_model();
            if news == News::DayBefore {
                change.reminded_day_for = Set(starts_at);
            } else {
                change.reminded_hour_for = Set(starts_at);
            }
            change.update(tx).await?;
        }
        Ok(())
    })
}
