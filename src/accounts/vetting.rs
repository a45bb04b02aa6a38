//! Telling administrators that accounts wait to be vetted.

use chrono::Duration;
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use super::{policy, throttle, user};
use crate::{
    app::App,
    config::SignUpPolicy,
    database::Tx,
    error::Result,
    jobs::{self, Job, Run, Scheduled},
    mail::{Letter, Link},
    transact,
};

/// For so long an account that waits is news: an administrator hears of it once or twice, and not for ever of one that they
/// leave as it is.
const NEWS: Duration = Duration::days(2);

/// Tells administrators how many accounts wait to be vetted, once some have begun to; each administrator once a day at most.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TellOfWaiting {}

impl Scheduled for TellOfWaiting {
    const EVERY: Duration = Duration::hours(1);
}

impl Job for TellOfWaiting {
    const KIND: &'static str = "accounts.tell_of_waiting";

    async fn run(self, app: &App, _: &Run) -> Result<()> {
        match app.config.sign_up {
            SignUpPolicy::Open => Ok(()),
            SignUpPolicy::Vetted => transact!(app, |tx| tell(tx).await),
        }
    }
}

async fn tell(tx: &Tx) -> Result<()> {
    if policy::waiting().filter(user::Column::ConfirmedAt.gt(tx.now() - NEWS)).count(tx).await? == 0 {
        return Ok(());
    }
    let count = policy::waiting().count(tx).await?;
    for administrator in policy::administrators().all(tx).await? {
        if throttle::may_today(tx, &format!("vetting {}", administrator.id), 1, 1).await? {
            let letter = Letter::new("vetting", &administrator.email, &administrator.language).with("count", count);
            jobs::enqueue(tx, &letter.linking(Link::Page(String::new()))).await?;
        }
    }
    Ok(())
}
