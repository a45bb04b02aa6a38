//! Making webinars, and changing what they are and say.

use async_graphql::{InputObject, MaybeUndefined};
use chrono::Datelike as _;
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use serde::Serialize;
use uuid::Uuid;

use super::{
    founding::WebinarTextInput,
    policy, registering,
    scheduling::{self, WebinarTimeInput},
    webinar, webinar_text,
};
use crate::{
    app::App,
    audit::{self, Action},
    clock::Instant,
    error::{Error, Problem, Problems, Result, UserErrorCode},
    ids::{WebinarId, WebinarSeriesId},
    language::{Language, texts},
    markdown,
    scalars::Url,
    slugs, text, transact, transact_once,
    viewer::Viewer,
    visibility::Visibility,
};

/// The most languages of one kind of a webinar.
const LANGUAGES: usize = 20;
/// The most seats that can be counted.
const SEATS: i32 = 100_000;

/// A new webinar, a draft.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct WebinarCreateInput {
    /// Idempotency key.
    pub key: Uuid,
    /// Its series.
    pub series_id: WebinarSeriesId,
    /// Address part, which nothing of the kind has, not even what the viewer may not see; made from the title when absent.
    pub slug: Option<String>,
    /// Who may see it once it is published.
    #[graphql(default_with = "Visibility::Invited")]
    pub visibility: Visibility,
    /// When it takes place.
    pub time: WebinarTimeInput,
    /// Its text in the language it is written in first.
    pub text: WebinarTextInput,
}

/// Changes of a webinar. What is absent stays; null clears.
#[derive(Clone, Debug, InputObject)]
pub struct WebinarUpdateInput {
    /// Address part; cannot be cleared.
    pub slug: MaybeUndefined<String>,
    /// Who may see it; takes effect at once; cannot be cleared.
    pub visibility: MaybeUndefined<Visibility>,
    /// The activity of the project that it belongs to, at most 200 characters.
    pub activity: MaybeUndefined<String>,
    /// Seats, from those taken to 100,000; without end when null. More seats go to those who wait.
    pub capacity: MaybeUndefined<i32>,
    /// When registration opens; at once when null.
    pub registration_opens_at: MaybeUndefined<Instant>,
    /// When it closes; at the end of the webinar when null.
    pub registration_closes_at: MaybeUndefined<Instant>,
    /// Where the live picture is.
    pub join_url: MaybeUndefined<Url>,
    /// How many minutes before the start registrants can join, 0 to 1440; 15 when null.
    pub join_opens_minutes: MaybeUndefined<i32>,
    /// Languages spoken, at most 20.
    pub spoken_languages: MaybeUndefined<Vec<Language>>,
    /// Languages interpreted into, at most 20.
    pub interpretation_languages: MaybeUndefined<Vec<Language>>,
    /// Whether it is recorded. What registrants were told can't become more while some have registered.
    pub is_recorded: MaybeUndefined<bool>,
    /// Whether registrants see each other's names; likewise.
    pub shows_registrants: MaybeUndefined<bool>,
}

fn row_of(text: &WebinarTextInput, webinar_id: WebinarId) -> webinar_text::Model {
    webinar_text::Model {
        webinar_id,
        language: text.language.clone(),
        source_revision: 0,
        is_machine: text.is_machine,
        title: text.title.clone(),
        summary: text.summary.0.clone(),
        summary_html: markdown::to_html(&text.summary.0),
    }
}

/// Makes a webinar; for those who may change its series.
pub async fn create(app: &App, viewer: &Viewer, input: WebinarCreateInput) -> Result<WebinarId> {
    let owner = viewer.signed_in()?.id;
    let mut problems = Problems::new();
    let text = input.text.parse(&mut problems, "input.text");
    let wanted = input.slug.as_ref().map(|slug| problems.take("input.slug", text::slug(slug)));
    let time = input.time.parse(&mut problems, "input.time");
    problems.done()?;
    let Some(time) = time else { return Err(Problem::at(UserErrorCode::Invalid, "input.time").into()) };
    transact_once!(app, viewer, input.key, "webinarCreate", &input, |tx| {
        let series = policy::editable_series(tx, viewer, input.series_id).await?;
        if series.archived_at.is_some() {
            return Err(Problem::at(UserErrorCode::WrongState, "input.seriesId").into());
        }
        let id = WebinarId::new();
        let slug = match &wanted {
            Some(slug) => slugs::wanted::<webinar::Entity>(tx, webinar::Column::Slug, slug).await?,
            None => slugs::free::<webinar::Entity, _>(tx, webinar::Column::Slug, &text.title, id).await?,
        };
        let row = webinar::ActiveModel {
            id: Set(id),
            series_id: Set(series.id),
            slug: Set(slug),
            owner_id: Set(owner),
            visibility: Set(input.visibility),
            state: Set(webinar::State::Draft),
            original_language: Set(text.language.clone()),
            activity: Set(String::new()),
            local_start: Set(time.local_start.clone()),
            time_zone: Set(time.time_zone.clone()),
            duration_minutes: Set(time.duration_minutes),
            starts_at: Set(time.starts_at),
            ends_at: Set(time.ends_at),
            capacity: Set(None),
            seats_taken: Set(0),
            registration_opens_at: Set(None),
            registration_closes_at: Set(None),
            join_url: Set(None),
            join_opens_minutes: Set(webinar::JOIN_OPENS_MINUTES),
            check_in_code: Set(None),
            spoken_languages: Set(text.language.tag().to_owned()),
            interpretation_languages: Set(String::new()),
            is_recorded: Set(false),
            shows_registrants: Set(false),
            calendar_sequence: Set(0),
            reminded_day_for: Set(None),
            reminded_hour_for: Set(None),
            cancelled_because: Set(None),
            topic_id: Set(None),
            created_at: Set(tx.now()),
            updated_at: Set(tx.now()),
        };
        row.insert(tx).await.map_err(Error::collided)?;
        texts::set::<webinar_text::Entity>(tx, &text.language, row_of(&text, id)).await?;
        audit::record(tx, viewer, Action::new("webinar.created").on(id)).await?;
        Ok(id)
    })
}

/// Changes what holds for a webinar in all languages.
pub async fn update(app: &App, viewer: &Viewer, id: WebinarId, input: WebinarUpdateInput) -> Result<()> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let changes = Changes::parse(input, &mut problems);
    problems.done()?;
    transact!(app, |tx| {
        let webinar = policy::editable(tx, viewer, id).await?;
        let (mut row, mut fields) = (webinar.clone().into_active_model(), Vec::new());
        if let Some(slug) = changes.slug.as_ref().filter(|slug| **slug != webinar.slug) {
            row.slug = Set(slugs::wanted::<webinar::Entity>(tx, webinar::Column::Slug, slug).await?);
            fields.push("slug");
        }
        let has_audience = webinar.seats_taken > 0 || registering::are_awaited(tx, id).await?;
        changes.check(&webinar, has_audience)?;
        changes.apply(&webinar, &mut row, &mut fields);
        if fields.is_empty() {
            return Ok(());
        }
        row.updated_at = Set(tx.now());
        let webinar = row.update(tx).await.map_err(Error::collided)?;
        if fields.contains(&"capacity") {
            registering::move_up(tx, webinar).await?;
        }
        audit::record(tx, viewer, Action::new("webinar.updated").on(id).fields(fields)).await
    })
}

/// Changes that were parsed; of those that can be cleared, the inner `None` does so.
#[allow(clippy::option_option)]
#[derive(Clone)]
struct Changes {
    slug: Option<String>,
    visibility: Option<Visibility>,
    activity: Option<String>,
    capacity: Option<Option<i32>>,
    registration_opens_at: Option<Option<Instant>>,
    registration_closes_at: Option<Option<Instant>>,
    join_url: Option<Option<String>>,
    join_opens_minutes: Option<i32>,
    spoken_languages: Option<String>,
    interpretation_languages: Option<String>,
    is_recorded: Option<bool>,
    shows_registrants: Option<bool>,
}

/// What was given for a field that can be cleared.
#[allow(clippy::option_option)]
fn clearable<T>(given: MaybeUndefined<T>) -> Option<Option<T>> {
    match given {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}

/// What was given for a field that can't be cleared.
fn fixed<T>(problems: &mut Problems, given: MaybeUndefined<T>, field: &str) -> Option<T> {
    problems.check(!given.is_null(), || Problem::at(UserErrorCode::Blank, &format!("input.{field}")));
    given.take()
}

fn within(problems: &mut Problems, number: i32, max: i32, field: &str) -> i32 {
    problems.check((0..=max).contains(&number), || {
        Problem::at(UserErrorCode::OutOfRange, &format!("input.{field}")).with("min", 0).with("max", max)
    });
    number
}

fn tags(problems: &mut Problems, given: MaybeUndefined<Vec<Language>>, field: &str) -> Option<String> {
    let languages = clearable(given)?.unwrap_or_default();
    problems.check(languages.len() <= LANGUAGES, || Problem::at(UserErrorCode::LimitReached, &format!("input.{field}")));
    let mut tags: Vec<&str> = Vec::new();
    for language in &languages {
        if !tags.contains(&language.tag()) {
            tags.push(language.tag());
        }
    }
    Some(tags.join(","))
}

impl Changes {
    fn parse(input: WebinarUpdateInput, problems: &mut Problems) -> Self {
        let instants =
            [(input.registration_opens_at, "registrationOpensAt"), (input.registration_closes_at, "registrationClosesAt")];
        for (at, field) in instants {
            if let MaybeUndefined::Value(at) = at {
                scheduling::check_year(problems, at.year(), &format!("input.{field}"));
            }
        }
        let slug = fixed(problems, input.slug, "slug").map(|slug| problems.take("input.slug", text::slug(&slug)));
        let activity = clearable(input.activity)
            .map(|activity| problems.take("input.activity", text::optional_line(&activity.unwrap_or_default(), 200)));
        let join_url =
            clearable(input.join_url).map(|url| url.map(|url| problems.take("input.joinUrl", text::web_address(&url.0))));
        let minutes = clearable(input.join_opens_minutes)
            .map(|minutes| within(problems, minutes.unwrap_or(webinar::JOIN_OPENS_MINUTES), 24 * 60, "joinOpensMinutes"));
        Self {
            slug,
            visibility: fixed(problems, input.visibility, "visibility"),
            activity,
            capacity: clearable(input.capacity).map(|seats| seats.map(|seats| within(problems, seats, SEATS, "capacity"))),
            registration_opens_at: clearable(input.registration_opens_at),
            registration_closes_at: clearable(input.registration_closes_at),
            join_url,
            join_opens_minutes: minutes,
            spoken_languages: tags(problems, input.spoken_languages, "spokenLanguages"),
            interpretation_languages: tags(problems, input.interpretation_languages, "interpretationLanguages"),
            is_recorded: fixed(problems, input.is_recorded, "isRecorded"),
            shows_registrants: fixed(problems, input.shows_registrants, "showsRegistrants"),
        }
    }

    /// What the state of the webinar does not allow; `has_audience` when people were told of its conditions.
    fn check(&self, webinar: &webinar::Model, has_audience: bool) -> Result<()> {
        let mut problems = Problems::new();
        if let Some(Some(seats)) = self.capacity {
            problems.check(seats >= webinar.seats_taken, || {
                Problem::at(UserErrorCode::OutOfRange, "input.capacity").with("min", webinar.seats_taken).with("max", SEATS)
            });
        }
        let opens = self.registration_opens_at.unwrap_or(webinar.registration_opens_at);
        let closes = self.registration_closes_at.unwrap_or(webinar.registration_closes_at);
        let is_window = opens.zip(closes).is_none_or(|(opens, closes)| opens < closes);
        problems.check(is_window, || Problem::at(UserErrorCode::Invalid, "input.registrationClosesAt"));
        let told = |now: bool, then: Option<bool>| !has_audience || now || then != Some(true);
        problems.check(told(webinar.is_recorded, self.is_recorded), || {
            Problem::at(UserErrorCode::WrongState, "input.isRecorded").saying("problem-registrants-were-told")
        });
        problems.check(told(webinar.shows_registrants, self.shows_registrants), || {
            Problem::at(UserErrorCode::WrongState, "input.showsRegistrants").saying("problem-registrants-were-told")
        });
        problems.done()
    }

    fn apply(&self, webinar: &webinar::Model, row: &mut webinar::ActiveModel, fields: &mut Vec<&'static str>) {
        macro_rules! set {
            ($($field:ident as $name:literal),*) => { $(
                if let Some(value) = self.$field.as_ref().filter(|value| **value != webinar.$field) {
                    row.$field = Set(value.clone());
                    fields.push($name);
                }
            )* };
        }
        set!(
            visibility as "visibility",
            activity as "activity",
            capacity as "capacity",
            registration_opens_at as "registrationOpensAt",
            registration_closes_at as "registrationClosesAt",
            join_url as "joinUrl",
            join_opens_minutes as "joinOpensMinutes",
            spoken_languages as "spokenLanguages",
            interpretation_languages as "interpretationLanguages",
            is_recorded as "isRecorded",
            shows_registrants as "showsRegistrants"
        );
    }
}

/// Writes what a webinar says in one language.
pub async fn set_text(app: &App, viewer: &Viewer, id: WebinarId, input: WebinarTextInput) -> Result<()> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let text = input.parse(&mut problems, "input");
    problems.done()?;
    let row = row_of(&text, id);
    transact!(app, |tx| {
        let webinar = policy::editable(tx, viewer, id).await?;
        if texts::set::<webinar_text::Entity>(tx, &webinar.original_language, row.clone()).await? {
            let sequence = webinar.calendar_sequence + 1;
            let mut change = webinar.into_active_model();
            change.calendar_sequence = Set(sequence);
            change.update(tx).await?;
            audit::record(tx, viewer, Action::new("webinar.text_set").on(id).with("language", text.language.tag())).await?;
        }
        Ok(())
    })
}

/// Removes a translation; the original stays.
pub async fn remove_text(app: &App, viewer: &Viewer, id: WebinarId, language: Language) -> Result<()> {
    viewer.signed_in()?;
    transact!(app, |tx| {
        let webinar = policy::editable(tx, viewer, id).await?;
        texts::remove::<webinar_text::Entity>(tx, &webinar.original_language, id, &language).await?;
        audit::record(tx, viewer, Action::new("webinar.text_removed").on(id).with("language", language.tag())).await
    })
}
