//! What stands in calendars, and the addresses that they read it at. Whoever has an address reads what is there, since
//! calendars can't sign in; the address of a person's calendar can be made anew, which ends the old one.

use chrono::{Duration, NaiveDateTime};
use chrono_tz::Tz;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use super::{
    super::{
        calendar_feed, policy,
        registration::{self, RegistrationState},
        scheduling::LOCAL,
        webinar::{self, State},
        webinar_text,
    },
    ics::{self, Event, Method, Status},
};
use crate::{
    accounts::{user, viewing},
    app::App,
    audit::{self, Action},
    error::{Error, Result},
    ids::{CalendarFeedId, RegistrationId, UserId, WebinarId},
    language::translated::choose,
    rows::{among, grouped, keyed},
    token, transact,
    viewer::Viewer,
};

/// What the tokens in addresses are for.
const FEED: &str = "calendar-feed";
const ENTRY: &str = "calendar-entry";
/// The most entries of one calendar.
const MOST: u64 = 500;
/// How long webinars stay in calendars when they are over.
const KEPT: Duration = Duration::days(365);

/// A registration as an event.
#[must_use]
pub fn event(app: &App, registration: &registration::Model, webinar: &webinar::Model, summary: String, attendee: &str) -> Event {
    let host = app.config.public_url.split("://").nth(1).unwrap_or("lyceum");
    let status = match (webinar.state, registration.state) {
        (State::Published, RegistrationState::Registered) => Status::Confirmed,
        (State::Published, RegistrationState::Waiting) => Status::Tentative,
        _ => Status::Cancelled,
    };
    Event {
        uid: format!("{}@{host}", registration.id),
        sequence: webinar.calendar_sequence + registration.calendar_sequence,
        local_start: NaiveDateTime::parse_from_str(&webinar.local_start, LOCAL).unwrap_or_else(|_| webinar.starts_at.naive_utc()),
        starts_at: webinar.starts_at,
        zone: webinar.time_zone.parse().unwrap_or(Tz::UTC),
        minutes: webinar.duration_minutes,
        summary,
        url: app.config.page(&format!("#/webinars/{}", webinar.id)),
        status,
        organizer: (app.config.site_name.clone(), app.config.mail_from.email.to_string()),
        attendee: attendee.to_owned(),
    }
}

/// Where a registration is to be had for a calendar.
#[must_use]
pub fn address_of_entry(app: &App, id: RegistrationId) -> String {
    format!("{}/calendar/{}.ics", app.config.public_url, token::of_row(app, ENTRY, id.0))
}

fn address_of_feed(app: &App, id: CalendarFeedId) -> String {
    format!("{}/calendar/{}.ics", app.config.public_url, token::of_row(app, FEED, id.0))
}

/// Where the viewer's calendar is; `None` until they ask for one with [`renew`].
pub async fn address(app: &App, viewer: &Viewer) -> Result<Option<String>> {
    let Some(user) = viewer.user_id() else { return Ok(None) };
    let feed = calendar_feed::Entity::find().filter(calendar_feed::Column::UserId.eq(user)).one(app.db.read()).await?;
    Ok(feed.map(|feed| address_of_feed(app, feed.id)))
}

/// Gives the viewer's calendar an address, in place of the one it had.
pub async fn renew(app: &App, viewer: &Viewer) -> Result<String> {
    let user = viewer.signed_in()?.id;
    transact!(app, |tx| {
        let own = calendar_feed::Entity::delete_many().filter(calendar_feed::Column::UserId.eq(user));
        own.exec(tx).await?;
        let id = CalendarFeedId::new();
        calendar_feed::ActiveModel { id: Set(id), user_id: Set(user) }.insert(tx).await.map_err(Error::collided)?;
        audit::record(tx, viewer, Action::new("user.calendar_renewed").on(user)).await?;
        Ok(address_of_feed(app, id))
    })
}

/// What is at an address: `token` as it stands there. [`Error::NotFound`] when it is not ours, or ended.
pub async fn read(app: &App, token: &str) -> Result<String> {
    if let Some(id) = token::row_of(app, FEED, token) {
        return feed(app, CalendarFeedId(id)).await;
    }
    let id = token::row_of(app, ENTRY, token).ok_or(Error::NotFound("calendar"))?;
    let found = registration::Entity::find_by_id(RegistrationId(id)).one(app.db.read()).await?;
    let registration = found.ok_or(Error::NotFound("calendar"))?;
    let person = reader(app, registration.user_id).await?;
    let events = events(app, &person, vec![registration]).await?;
    Ok(ics::calendar(Method::Publish, None, &events, app.clock.now()))
}

async fn reader(app: &App, id: UserId) -> Result<user::Model> {
    let person = user::Entity::find_by_id(id).filter(user::Column::SuspendedAt.is_null()).one(app.db.read()).await?;
    person.ok_or(Error::NotFound("calendar"))
}

async fn feed(app: &App, id: CalendarFeedId) -> Result<String> {
    let feed = calendar_feed::Entity::find_by_id(id).one(app.db.read()).await?.ok_or(Error::NotFound("calendar"))?;
    let person = reader(app, feed.user_id).await?;
    let newest = registration::Entity::find()
        .filter(registration::Column::UserId.eq(person.id))
        .order_by_desc(registration::Column::Id)
        .limit(MOST)
        .all(app.db.read())
        .await?;
    let events = events(app, &person, newest).await?;
    Ok(ics::calendar(Method::Publish, Some(&app.config.site_name), &events, app.clock.now()))
}

async fn events(app: &App, person: &user::Model, registrations: Vec<registration::Model>) -> Result<Vec<Event>> {
    let db = app.db.read();
    let ids: Vec<WebinarId> = registrations.iter().map(|registration| registration.webinar_id).collect();
    // What they no longer see is gone from their calendar too.
    let webinars = policy::visible(&viewing::as_seen_by(person)).filter(among(app.db.backend(), webinar::Column::Id, &ids));
    let webinars = webinars.filter(webinar::Column::EndsAt.gt(app.clock.now() - KEPT)).all(db).await?;
    let texts =
        webinar_text::Entity::find().filter(among(app.db.backend(), webinar_text::Column::WebinarId, &ids)).all(db).await?;
    let (webinars, texts) = (keyed(webinars, |webinar| webinar.id), grouped(texts, |text| text.webinar_id));
    let event = |registration: &registration::Model| {
        let webinar = webinars.get(&registration.webinar_id)?;
        let text = choose(texts.get(&webinar.id)?, [&person.language], &webinar.original_language)?;
        Some(event(app, registration, webinar, text.title.clone(), &person.email))
    };
    Ok(registrations.iter().filter_map(event).collect())
}
