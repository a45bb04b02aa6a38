//! The `webinar` table: webinars.

use sea_orm::entity::prelude::*;

use crate::{
    clock::Instant,
    ids::{TopicId, UserId, WebinarId, WebinarSeriesId},
    language::Language,
    visibility::Visibility,
};

/// Where a webinar stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum State {
    /// Only its staff and speakers see it.
    #[sea_orm(string_value = "draft")]
    Draft,
    /// Its audience sees it.
    #[sea_orm(string_value = "published")]
    Published,
    /// It will not take place.
    #[sea_orm(string_value = "cancelled")]
    Cancelled,
}

/// A webinar, from the first invitation to the recording.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webinar")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WebinarId,
    /// Its series.
    pub series_id: WebinarSeriesId,
    /// Address part; unique.
    pub slug: String,
    /// Who made it.
    pub owner_id: UserId,
    /// Who may see it.
    pub visibility: Visibility,
    /// Where it stands.
    pub state: State,
    /// Language that it is written in first.
    pub original_language: Language,
    /// The activity of the project that it belongs to; may be empty.
    pub activity: String,
    /// Start on the clocks of its zone, `YYYY-MM-DDTHH:MM`; it wins when a country moves its clocks.
    pub local_start: String,
    /// IANA zone.
    pub time_zone: String,
    /// Minutes from start to end, 1 to 1440.
    pub duration_minutes: i32,
    /// The start as an instant, by the rules of the zone as we know them.
    pub starts_at: Instant,
    /// The end likewise.
    pub ends_at: Instant,
    /// Seats; without end when absent.
    pub capacity: Option<i32>,
    /// Seats taken.
    pub seats_taken: i32,
    /// When registration opens; at once when absent.
    pub registration_opens_at: Option<Instant>,
    /// When it closes; at the end of the webinar when absent.
    pub registration_closes_at: Option<Instant>,
    /// Where the live picture is.
    pub join_url: Option<String>,
    /// How many minutes before the start that is shown.
    pub join_opens_minutes: i32,
    /// What registrants type to say that they are there.
    pub check_in_code: Option<String>,
    /// Languages spoken, tags with commas between.
    pub spoken_languages: String,
    /// Languages interpreted into, likewise.
    pub interpretation_languages: String,
    /// It is recorded.
    pub is_recorded: bool,
    /// Registrants see each other's names.
    pub shows_registrants: bool,
    /// How often what calendars show of it has changed (RFC 5545, SEQUENCE).
    pub calendar_sequence: i32,
    /// The start that registrants were reminded of a day before.
    pub reminded_day_for: Option<Instant>,
    /// The start that they were reminded of an hour before.
    pub reminded_hour_for: Option<Instant>,
    /// Why it was cancelled.
    pub cancelled_because: Option<String>,
    /// Where it is discussed.
    pub topic_id: Option<TopicId>,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

/// How many minutes before the start registrants can join, unless the webinar says otherwise.
pub const JOIN_OPENS_MINUTES: i32 = 15;

impl Model {
    /// When registrants can join.
    #[must_use]
    pub fn joinable_from(&self) -> Instant {
        self.starts_at - chrono::Duration::minutes(i64::from(self.join_opens_minutes))
    }

    /// Seats left; `None` when there is no end of them.
    #[must_use]
    pub fn seats_left(&self) -> Option<i32> {
        self.capacity.map(|seats| (seats - self.seats_taken).max(0))
    }

    /// The seats left as all but those who may change it are told: those taken count in whole fives until none is left. Else each
    /// registration could be followed from outside, and the first few be counted.
    #[must_use]
    pub fn about_seats_left(&self) -> Option<i32> {
        let seats = self.capacity?;
        let are_left = self.seats_taken < seats;
        Some(if are_left { seats - self.seats_taken / 5 * 5 } else { 0 })
    }

    /// Why nobody can register at `now`; `None` when people can.
    #[must_use]
    pub fn closed_for(&self, now: Instant) -> Option<Closed> {
        match self.state {
            State::Draft | State::Cancelled => Some(Closed::NotOffered),
            State::Published if now >= self.ends_at => Some(Closed::Over),
            State::Published if self.registration_opens_at.is_some_and(|opens| now < opens) => Some(Closed::NotYet),
            State::Published if self.registration_closes_at.is_some_and(|closes| now >= closes) => Some(Closed::Over),
            State::Published => None,
        }
    }
}

/// Why nobody can register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// It is a draft, or was cancelled.
    NotOffered,
    /// Registration opens later.
    NotYet,
    /// Registration has closed, or the webinar is over.
    Over,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
