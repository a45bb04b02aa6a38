//! Letters to nominees, in the language that was told of them. Of a webinar for the invited, an offer names what it offers; to
//! those who are not let in, nothing is named.

use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    super::{
        telling::{self as registrants, credits, when},
        webinar::{self, State as WebinarState},
    },
    nominee::{self, State},
    policy, unwanted,
    writing::Facts,
};
use crate::{
    app::App,
    clock::Instant,
    database::Tx,
    error::Result,
    ids::{NomineeId, WebinarId},
    jobs::{self, Job, Run, Urgency},
    language::messages,
    mail::Outcome,
    transact,
    visibility::Visibility,
};

/// Nominees told in one go.
const AT_ONCE: u64 = 200;

/// What nominees are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// A seat is held for you: do you come?
    Offered,
    /// You are on the waiting list.
    Waiting,
    /// There is no seat for you.
    Declined,
    /// The seat is yours; join with this address to get in.
    Confirmed,
    /// The webinar takes place at another time.
    Moved,
    /// The webinar will not take place.
    Cancelled,
    /// It begins soon, and you have not joined with this address.
    Soon,
}

impl News {
    const fn letter(self) -> &'static str {
        match self {
            Self::Offered => "nominee-offered",
            Self::Waiting => "nominee-waiting",
            Self::Declined => "nominee-declined",
            Self::Confirmed => "nominee-confirmed",
            Self::Moved => "nominee-moved",
            Self::Cancelled => "nominee-cancelled",
            Self::Soon => "nominee-soon",
        }
    }

    /// Whether it is still so.
    fn holds(self, nominee: &nominee::Model, webinar: &webinar::Model, now: Instant) -> bool {
        let is_to_come = webinar.state == WebinarState::Published && now < webinar.ends_at;
        match self {
            Self::Offered => nominee.state == State::Accepted && is_to_come,
            Self::Waiting => nominee.state == State::Waiting && is_to_come,
            Self::Declined => nominee.state == State::Declined && now < webinar.ends_at,
            Self::Confirmed => nominee.state == State::Confirmed && nominee.holds_seat() && is_to_come,
            Self::Moved => nominee.holds_seat() && is_to_come,
            Self::Cancelled => nominee.holds_seat() && webinar.state == WebinarState::Cancelled,
            Self::Soon => nominee.state == State::Confirmed && nominee.holds_seat() && is_to_come && now < webinar.starts_at,
        }
    }

    /// Whether all who hold seats are told at once.
    const fn is_for_all(self) -> bool {
        matches!(self, Self::Moved | Self::Cancelled | Self::Soon)
    }

    /// Whether its reader has been let in.
    const fn is_of_guests(self) -> bool {
        !matches!(self, Self::Waiting | Self::Declined)
    }
}

/// Tells one nominee.
pub async fn tell(tx: &Tx, nominee: NomineeId, news: News) -> Result<()> {
    jobs::enqueue(tx, &TellNominee { id: Uuid::now_v7(), nominee, news }).await
}

/// Tells those for whom seats are held what registrants are told; of what comes before the start, those who had answered by
/// then.
pub async fn tell_all(tx: &Tx, webinar: WebinarId, news: registrants::News, answered_until: Instant) -> Result<()> {
    let news = match news {
        registrants::News::Moved => News::Moved,
        registrants::News::Cancelled => News::Cancelled,
        registrants::News::DayBefore | registrants::News::HourBefore => News::Soon,
        _ => return Ok(()),
    };
    jobs::enqueue(tx, &TellNominees { webinar, news, answered_until, after: None }).await
}

/// Tells those for whom seats are held, some at a time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TellNominees {
    webinar: WebinarId,
    news: News,
    answered_until: Instant,
    after: Option<NomineeId>,
}

impl Job for TellNominees {
    const KIND: &'static str = "webinars.tell_nominees";

    async fn run(self, app: &App, _: &Run) -> Result<()> {
        transact!(app, |tx| {
            use nominee::Column;
            let mut told = nominee::Entity::find()
                .filter(Column::WebinarId.eq(self.webinar))
                .filter(Column::State.is_in([State::Accepted, State::Confirmed]))
                .filter(Column::RegistrationId.is_null());
            if self.news == News::Soon {
                told = told.filter(Column::AnsweredAt.lte(self.answered_until));
            }
            if let Some(after) = self.after {
                told = told.filter(Column::Id.gt(after));
            }
            let told = told.order_by_asc(Column::Id).limit(AT_ONCE).all(tx).await?;
            for nominee in &told {
                tell(tx, nominee.id, self.news).await?;
            }
            match told.last() {
                Some(last) => jobs::enqueue(tx, &Self { after: Some(last.id), ..self.clone() }).await,
                None => Ok(()),
            }
        })
    }
}

/// Tells one nominee. What is so is written when the letter is sent, so of what all are told one that waits is enough.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TellNominee {
    id: Uuid,
    nominee: NomineeId,
    news: News,
}

impl Job for TellNominee {
    const KIND: &'static str = "webinars.tell_nominee";
    /// About a day: relays are down for hours.
    const ATTEMPTS: i32 = 30;

    fn dedupe_key(&self) -> Option<String> {
        self.news.is_for_all().then(|| format!("{} {} {:?}", Self::KIND, self.nominee, self.news))
    }

    fn urgency(&self) -> Urgency {
        if self.news.is_for_all() { Urgency::Bulk } else { Urgency::Usual }
    }

    async fn run(self, app: &App, _: &Run) -> Result<()> {
        let db = app.db.read();
        let Some(nominee) = nominee::Entity::find_by_id(self.nominee).one(db).await? else { return Ok(()) };
        let Some(facts) = Facts::of(app, nominee.webinar_id).await? else { return Ok(()) };
        if !self.news.holds(&nominee, &facts.webinar, app.clock.now()) {
            return Ok(());
        }
        let outcome = if unwanted::is_unwanted(app, db, &nominee.email).await? {
            Outcome::Refused
        } else {
            let (subject, body) = write(app, &nominee, &facts, self.news).await?;
            app.mailer.try_send(&self.id.to_string(), &nominee.email, &subject, body, None).await?
        };
        if outcome == Outcome::Taken {
            return Ok(());
        }
        transact!(app, |tx| {
            let Some(nominee) = nominee::Entity::find_by_id(self.nominee).one(tx).await? else { return Ok(()) };
            let mut change = nominee.into_active_model();
            change.bounced_at = Set(Some(tx.now()));
            change.update(tx).await?;
            Ok(())
        })
    }
}

async fn write(app: &App, nominee: &nominee::Model, facts: &Facts, news: News) -> Result<(String, String)> {
    let (language, webinar) = (&nominee.language, &facts.webinar);
    let is_named = news.is_of_guests() || webinar.visibility != Visibility::Invited;
    let title = if is_named { facts.title(language) } else { messages::text(language, "webinar-unnamed", &[]) };
    let values = [
        ("site", app.config.site_name.clone()),
        ("name", nominee.full_name.clone()),
        ("organisation", nominee.organisation.clone()),
        ("title", title),
        ("when", when(webinar.starts_at, &webinar.time_zone)),
        ("reason", webinar.cancelled_because.clone().unwrap_or_else(|| "-".into())),
        ("link", app.config.page(&format!("#/place?token={}", policy::place_token(app, nominee.id)))),
        ("join", app.config.page("#/sign-up")),
    ];
    let say = |part: &str| messages::text(language, &format!("mail-{}-{part}", news.letter()), &values);
    let (mut subject, mut body) = (say("subject"), say("body"));
    subject.retain(|c| !c.is_control());
    if is_named {
        for credit in credits(app, webinar, language).await? {
            body = format!("{body}\n\n{credit}");
        }
    }
    Ok((subject, body))
}
