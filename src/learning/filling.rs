//! Filling in the names that records lack. A server of the release before, which knows of no names on records, makes such ones
//! while servers are upgraded one by one.

use chrono::Duration;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};

use crate::{
    app::App,
    error::Result,
    jobs::{Job, Run, Scheduled},
    transact,
};

/// Lets records that bear no name bear those of their holder's profile.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct FillNames {}

impl Scheduled for FillNames {
    const EVERY: Duration = Duration::hours(1);
}

impl Job for FillNames {
    const KIND: &'static str = "learning.fill_names";

    async fn run(self, app: &App, _: &Run) -> Result<()> {
        for table in ["attendance", "completion"] {
            let fill = format!(
                "UPDATE {table} SET full_name = person.full_name, latin_name = person.latin_name \
                 FROM \"user\" AS person WHERE person.id = {table}.user_id AND {table}.full_name = ''"
            );
            transact!(app, |tx| Ok(tx.execute_unprepared(&fill).await?))?;
        }
        Ok(())
    }
}
