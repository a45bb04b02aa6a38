//! Who was present, and for how long: by the organiser's list where there is one, else by the code that was shown in the
//! session, else by having joined through our link.

use async_graphql::Enum;
use chrono::Duration;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};

use super::{
    attendance_line, policy,
    registration::{self, RegistrationState},
    webinar,
};
use crate::{
    app::App,
    audit::{self, Action},
    clock::Instant,
    database::Tx,
    error::{Error, Problem, Result, UserErrorCode},
    ids::WebinarId,
    transact,
    viewer::Viewer,
};

/// How long before the start and after the end the code counts.
const AROUND: Duration = Duration::minutes(15);
/// Digits of a code.
const DIGITS: usize = 6;
/// Wrong codes that one person may type.
const MOST_WRONG: i32 = 10;

/// How it is known that somebody was present.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AttendanceSource {
    /// The organiser's list says so.
    List,
    /// They typed the code that was shown.
    Code,
    /// They joined through our link; they count as present until the end.
    Link,
}

/// How long somebody was present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presence {
    /// Minutes within the webinar.
    pub minutes: i32,
    /// How that is known.
    pub source: AttendanceSource,
}

impl Presence {
    /// Of a registration at `now`; `None` when nothing says that they were there. Of those without a seat the list alone says it.
    #[must_use]
    pub fn of(registration: &registration::Model, webinar: &webinar::Model, now: Instant) -> Option<Self> {
        let found = |minutes, source| Some(Self { minutes, source });
        if let Some(minutes) = registration.listed_minutes {
            return found(minutes, AttendanceSource::List);
        }
        // Who gave up the seat that they came by may have left then, also when they wait for another now.
        if registration.state != RegistrationState::Registered {
            return None;
        }
        if registration.checked_in_at.is_some() {
            return found(webinar.duration_minutes, AttendanceSource::Code);
        }
        let from = registration.joined_at?.max(webinar.starts_at);
        let minutes = (now.min(webinar.ends_at) - from).num_minutes().max(0);
        found(i32::try_from(minutes).unwrap_or(i32::MAX), AttendanceSource::Link)
    }

    /// Whether that is the share of a webinar, in hundredths, that counts as attending it.
    #[must_use]
    pub fn is_enough(self, webinar: &webinar::Model, percent: i32) -> bool {
        i64::from(self.minutes) * 100 >= i64::from(webinar.duration_minutes) * i64::from(percent)
    }
}

/// Forgets who was present at a webinar, which takes place at another time.
pub(super) async fn forget(tx: &Tx, id: WebinarId) -> Result<()> {
    let nobody = registration::ActiveModel {
        joined_at: Set(None),
        checked_in_at: Set(None),
        wrong_codes: Set(0),
        listed_minutes: Set(None),
        ..Default::default()
    };
    registration::Entity::update_many().set(nobody).filter(registration::Column::WebinarId.eq(id)).exec(tx).await?;
    attendance_line::Entity::delete_many().filter(attendance_line::Column::WebinarId.eq(id)).exec(tx).await?;
    Ok(())
}

/// Makes a new code, to be shown in the session; the one before ends.
pub async fn renew_code(app: &App, viewer: &Viewer, id: WebinarId) -> Result<String> {
    let code = new_code()?;
    transact!(app, |tx| {
        let webinar = policy::editable(tx, viewer, id).await?;
        let mut change = webinar.into_active_model();
        change.check_in_code = Set(Some(code.clone()));
        change.update(tx).await?;
        audit::record(tx, viewer, Action::new("webinar.code_renewed").on(id)).await?;
        Ok(code.clone())
    })
}

/// Six random digits.
fn new_code() -> Result<String> {
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes).map_err(|err| Error::internal(anyhow::anyhow!("no random bytes: {err}")))?;
    Ok(format!("{:06}", u64::from_le_bytes(bytes) % 1_000_000))
}

/// The digits of a text in ASCII, which keyboards of some languages write otherwise.
fn digits(text: &str) -> String {
    let digit = |c: char| {
        let zero = ['0', '\u{660}', '\u{6f0}', '\u{966}', '\u{ff10}']
            .into_iter()
            .find(|zero| (*zero..).take(10).any(|each| each == c))?;
        char::from_digit(u32::from(c) - u32::from(zero), 10)
    };
    text.chars().filter_map(digit).collect()
}

/// Says that the viewer, who has a seat, is there. A wrong code of six digits is counted, also when it is refused; twice is once.
pub async fn check_in(app: &App, viewer: &Viewer, id: WebinarId, code: &str) -> Result<()> {
    let typed = digits(code);
    let is_right = transact!(app, |tx| {
        let seen = policy::locked(tx, viewer, id).await?;
        let (webinar, has_seat) = (&seen.webinar, seen.has_seat());
        let Some(registration) = seen.registration.filter(|_| has_seat) else { return Err(Error::Forbidden) };
        if registration.checked_in_at.is_some() {
            return Ok(true);
        }
        if webinar.state == webinar::State::Cancelled {
            return Err(Problem::at(UserErrorCode::WrongState, "id").into());
        }
        if tx.now() < webinar.starts_at - AROUND {
            return Err(Problem::at(UserErrorCode::WrongState, "id").saying("problem-join-not-yet").into());
        }
        if tx.now() >= webinar.ends_at + AROUND {
            return Err(Problem::at(UserErrorCode::TooLate, "id").into());
        }
        if registration.wrong_codes >= MOST_WRONG {
            return Err(Problem::at(UserErrorCode::LimitReached, "code").into());
        }
        if typed.len() != DIGITS {
            return Ok(false);
        }
        let is_right = webinar.check_in_code.as_deref() == Some(typed.as_str());
        let (registration_id, wrong_codes) = (registration.id, registration.wrong_codes + 1);
        let mut change = registration.into_active_model();
        if is_right {
            change.checked_in_at = Set(Some(tx.now()));
            audit::record(tx, viewer, Action::new("registration.checked_in").on(registration_id)).await?;
        } else {
            change.wrong_codes = Set(wrong_codes);
        }
        change.update(tx).await?;
        Ok(is_right)
    })?;
    if is_right { Ok(()) } else { Err(Problem::at(UserErrorCode::Invalid, "code").saying("problem-wrong-code").into()) }
}
