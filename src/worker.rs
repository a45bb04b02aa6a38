//! What a worker knows: every kind of job, put together from the domains.

use chrono::Duration;
use serde::{Deserialize, Serialize};

use crate::{
    accounts,
    app::App,
    audit,
    config::Config,
    error::Result,
    files, idempotency,
    jobs::{self, Job, Kinds, Run, Scheduled},
    learning::{filling::FillNames, publishing::JudgeLearners},
    mail::Letter,
    quizzes::handing_in::{HandIn, HandInAll},
    recordings,
    reporting::taking::TakeCounts,
    webinars::{inviting, listing, replaying::TellOfRecordings, scheduling::KeepWallTime, telling},
};

/// Every kind of job that a process with these settings takes. One that leaves transcoding to others leaves its jobs, too.
#[must_use]
pub fn kinds(config: &Config) -> Kinds {
    let kinds = Kinds::new()
        .with::<Letter>()
        .with_scheduled::<Sweep>()
        .with::<JudgeLearners>()
        .with_scheduled::<FillNames>()
        .with::<HandIn>()
        .with::<HandInAll>()
        .with::<files::storing::Delete>()
        .with_scheduled::<files::storing::Sweep>()
        .with_scheduled::<files::sweeping::Sweep>()
        .with::<recordings::checking::Check>()
        .with::<recordings::discarding::Forget>()
        .with_scheduled::<recordings::discarding::Sweep>()
        .with::<telling::Tell>()
        .with::<telling::TellAll>()
        .with_scheduled::<telling::Remind>()
        .with::<inviting::sending::Deliver>()
        .with::<inviting::reminding::RemindAll>()
        .with::<inviting::telling::TellNominee>()
        .with::<inviting::telling::TellNominees>()
        .with::<accounts::joined::Joined>()
        .with_scheduled::<accounts::vetting::TellOfWaiting>()
        .with_scheduled::<KeepWallTime>()
        .with_scheduled::<TellOfRecordings>()
        .with_scheduled::<listing::Sweep>()
        .with_scheduled::<inviting::forgetting::Forget>()
        .with_scheduled::<TakeCounts>();
    if config.transcodes {
        kinds.with::<recordings::transcoding::Transcode>().with_scheduled::<recordings::resuming::Resume>()
    } else {
        kinds
    }
}

/// Forgets what is kept for a time only.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Sweep {}

impl Scheduled for Sweep {
    const EVERY: Duration = Duration::hours(1);
}

impl Job for Sweep {
    const KIND: &'static str = "sweep";

    async fn run(self, app: &App, _: &Run) -> Result<()> {
        let now = app.clock.now();
        idempotency::sweep(&app.db, now).await?;
        audit::sweep(&app.db, now).await?;
        accounts::sweep_counts(&app.db, now).await?;
        accounts::sweep_devices(&app.db, now).await?;
        accounts::sweep_tokens(&app.db, now).await?;
        jobs::sweep(&app.db, now).await?;
        app.sessions.sweep(now).await
    }
}
