//! Reminding those who were invited and have not reacted, at most once a day.

use chrono::Duration;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::{Deserialize, Serialize};

use super::{
    super::{policy, webinar},
    delivery::State,
    invitation,
    sending::{self, Deliver},
};
use crate::{
    app::App,
    audit::{self, Action},
    clock::Instant,
    error::Result,
    ids::{InvitationId, WebinarId},
    jobs::{self, Job, Run},
    transact,
    viewer::Viewer,
};

/// Invitations that are looked after in one go.
const AT_ONCE: u64 = 100;
/// For a letter to be read.
const PAUSE: Duration = Duration::days(1);

/// Reminds those invited to a webinar who have neither named anybody nor registered, and have had a day since the last letter;
/// how many those are.
pub async fn remind(app: &App, viewer: &Viewer, id: WebinarId) -> Result<i32> {
    viewer.vetted()?;
    transact!(app, |tx| {
        use invitation::Column;
        let webinar = policy::editable(tx, viewer, id).await?;
        sending::check_open(&webinar, tx.now(), "webinarId")?;
        let (now, before) = (tx.now(), tx.now() - PAUSE);
        let had_time = Condition::any().add(Column::RemindedAt.is_null()).add(Column::RemindedAt.lte(before));
        let asked = invitation::Entity::update_many()
            .set(invitation::ActiveModel { reminded_at: Set(Some(now)), ..Default::default() })
            .filter(Column::WebinarId.eq(id))
            .filter(Column::ReactedAt.is_null())
            .filter(Column::InvitedAt.lte(before))
            .filter(had_time)
            .filter(leads_on(&webinar, now))
            .exec(tx)
            .await?;
        let count = i32::try_from(asked.rows_affected).unwrap_or(i32::MAX);
        if count > 0 {
            jobs::enqueue(tx, &RemindAll { webinar: id, asked: now, after: None }).await?;
            audit::record(tx, viewer, Action::new("invitations.reminded").on(id).with("count", count)).await?;
        }
        Ok(count)
    })
}

/// Invitations that lead to no list that is closed, as [`invitation::Model::is_closed`] says of one.
fn leads_on(webinar: &webinar::Model, now: Instant) -> Condition {
    use invitation::Column;
    let mut leads_on = Condition::any().add(Column::ContactId.is_null());
    if now < webinar.starts_at {
        leads_on = leads_on.add(Column::NamesUntil.gt(now));
        if webinar.registration_closes_at.is_none_or(|closes| now < closes) {
            leads_on = leads_on.add(Column::NamesUntil.is_null());
        }
    }
    leads_on
}

/// Sends the reminders that were asked for at one time, some at a time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RemindAll {
    webinar: WebinarId,
    asked: Instant,
    after: Option<InvitationId>,
}

impl Job for RemindAll {
    const KIND: &'static str = "webinars.remind_invited";

    async fn run(self, app: &App, _: &Run) -> Result<()> {
        transact!(app, |tx| {
            use invitation::Column;
            let mut asked =
                invitation::Entity::find().filter(Column::WebinarId.eq(self.webinar)).filter(Column::RemindedAt.eq(self.asked));
            if let Some(after) = self.after {
                asked = asked.filter(Column::Id.gt(after));
            }
            let asked = asked.order_by_asc(Column::Id).limit(AT_ONCE).all(tx).await?;
            for invitation in &asked {
                for letter in sending::of_invitation(tx, invitation.id).await? {
                    if letter.state == State::Sent {
                        jobs::enqueue(tx, &Deliver { delivery: letter.id, reminder: Some(self.asked) }).await?;
                    }
                }
            }
            match asked.last() {
                Some(last) => jobs::enqueue(tx, &Self { after: Some(last.id), ..self.clone() }).await,
                None => Ok(()),
            }
        })
    }
}
