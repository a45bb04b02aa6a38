//! Forgetting people who were named or invited: their names, functions and addresses go, what is counted stays.

use chrono::Duration;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set,
    sea_query::{Expr, ExprTrait as _},
};
use serde::{Deserialize, Serialize};

use super::{
    super::webinar,
    admitting, delivery, invitation,
    nominee::{self, State},
    policy,
};
use crate::{
    app::App,
    audit::{self, Action},
    error::{Error, Problem, Result, UserErrorCode},
    ids::{NomineeId, WebinarId},
    jobs::{Job, Run, Scheduled},
    transact,
    viewer::Viewer,
};

/// How long after a webinar the people who were named or invited are remembered.
const KEPT: Duration = Duration::days(365);

/// Forgets a nominee who asks for it; for those who may change the webinar. Not while a seat is held for them, or theirs. Twice
/// changes nothing.
pub async fn forget(app: &App, viewer: &Viewer, id: NomineeId) -> Result<WebinarId> {
    viewer.signed_in()?;
    transact!(app, |tx| {
        let missing = || Error::NotFound("nominee");
        policy::nominees(viewer).filter(nominee::Column::Id.eq(id)).one(tx).await?.ok_or_else(missing)?;
        let (nominee, webinar) = policy::locked_nominee(tx, id).await?.ok_or_else(missing)?;
        let comes = matches!(nominee.state, State::Accepted | State::Confirmed) && tx.now() < webinar.ends_at;
        if comes {
            return Err(Problem::at(UserErrorCode::WrongState, "id").saying("problem-nominee-comes").into());
        }
        if !nominee.email.is_empty() {
            admitting::shut_out(tx, viewer, webinar.id, &nominee.email_key, &[id]).await?;
            forgotten(nominee).update(tx).await?;
            let action = Action::new("nominee.forgotten").on(id).with("webinar", webinar.id.to_string());
            audit::record(tx, viewer, action).await?;
        }
        Ok(webinar.id)
    })
}

/// The change by which a nominee is forgotten.
fn forgotten(nominee: nominee::Model) -> nominee::ActiveModel {
    // Addresses are unique within a list.
    let instead = nominee.id.to_string();
    // Nobody can be told of a seat any more.
    let is_undecided = matches!(nominee.state, State::Named | State::Waiting);
    let mut change = nominee.into_active_model();
    change.full_name = Set(String::new());
    change.function = Set(String::new());
    change.email = Set(String::new());
    change.email_key = Set(instead);
    change.answers = Set(None);
    if is_undecided {
        change.state = Set(State::Declined);
    }
    change
}

/// Forgets those who were named or invited in person, a year after the webinar.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Forget {}

impl Scheduled for Forget {
    const EVERY: Duration = Duration::days(1);
}

impl Job for Forget {
    const KIND: &'static str = "webinars.forget_invited";

    async fn run(self, app: &App, _: &Run) -> Result<()> {
        while nominees(app).await? || invited(app).await? {}
        Ok(())
    }
}

/// The webinars that were long ago, for an `EXISTS`.
fn long_ago(app: &App, column: impl ColumnTrait) -> sea_orm::sea_query::SelectStatement {
    use sea_orm::QueryTrait as _;
    let webinars = webinar::Entity::find()
        .select_only()
        .column(webinar::Column::Id)
        .filter(webinar::Column::Id.into_expr().equals(column.as_column_ref()))
        .filter(webinar::Column::EndsAt.lt(app.clock.now() - KEPT));
    webinars.into_query()
}

/// Forgets some nominees; whether there were any.
async fn nominees(app: &App) -> Result<bool> {
    transact!(app, |tx| {
        let some = nominee::Entity::find()
            .filter(nominee::Column::Email.ne(""))
            .filter(Expr::exists(long_ago(app, nominee::Column::WebinarId)))
            .order_by_asc(nominee::Column::Id)
            .limit(100)
            .lock_exclusive()
            .all(tx)
            .await?;
        let any = !some.is_empty();
        for nominee in some {
            admitting::shut_out(tx, &Viewer::visitor(), nominee.webinar_id, &nominee.email_key, &[nominee.id]).await?;
            forgotten(nominee).update(tx).await?;
        }
        Ok(any)
    })
}

/// Forgets some people who were invited by name, and where the letters to them went; whether there were any.
async fn invited(app: &App) -> Result<bool> {
    transact!(app, |tx| {
        let some = invitation::Entity::find()
            .filter(invitation::Column::ContactId.is_null())
            .filter(invitation::Column::Name.ne(""))
            .filter(Expr::exists(long_ago(app, invitation::Column::WebinarId)))
            .order_by_asc(invitation::Column::Id)
            .limit(100)
            .lock_exclusive()
            .all(tx)
            .await?;
        let any = !some.is_empty();
        for invitation in some {
            let letters = delivery::Entity::delete_many().filter(delivery::Column::InvitationId.eq(invitation.id));
            letters.exec(tx).await?;
            let (webinar, instead) = (invitation.webinar_id, invitation.id.to_string());
            let email_key = invitation.email_key.clone().unwrap_or_default();
            let mut change = invitation.into_active_model();
            change.name = Set(String::new());
            change.email_key = Set(Some(instead));
            change.update(tx).await?;
            admitting::forget(tx, webinar, &email_key).await?;
        }
        Ok(any)
    })
}
