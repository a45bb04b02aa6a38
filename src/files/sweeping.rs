//! Sweeping small files that nothing came of: never sent, refused, read once as captions, or shown by no lesson.

use chrono::Duration;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};

use super::{
    file::{self, State},
    policy, storing,
    uploading::KEPT_UNUSED,
};
use crate::{
    app::App,
    error::Result,
    jobs::{Job, Run, Scheduled},
    transact,
};

/// Removes files that no lesson shows a week after they were announced.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Sweep {}

impl Scheduled for Sweep {
    const EVERY: Duration = Duration::hours(6);
}

impl Job for Sweep {
    const KIND: &'static str = "file.sweep";

    async fn run(self, app: &App, _: &Run) -> Result<()> {
        transact!(app, |tx| {
            let late = file::Column::CreatedAt.lt(tx.now() - KEPT_UNUSED);
            let old = file::Entity::find().filter(late).filter(policy::unused()).lock_exclusive().limit(1000);
            for file in old.all(tx).await? {
                // Asked again now that it is locked: a lesson may have taken it meanwhile.
                let still = file::Entity::delete_many().filter(file::Column::Id.eq(file.id)).filter(policy::unused());
                let is_gone = still.exec(tx).await?.rows_affected > 0;
                // To another one somebody may still have an address; it is swept when that has surely ended.
                if is_gone && file.state == State::Ready {
                    storing::doom(tx, file.object_id).await?;
                }
            }
            Ok(())
        })
    }
}
