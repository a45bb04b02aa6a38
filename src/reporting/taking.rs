//! Taking counts: once a day, of series with webinars that are over. When a webinar is over nobody registers for it any more, so
//! nobody learns what somebody told of themselves by counting before and after they register. What still moves then (lists of who
//! was present, recordings that are watched, tests) moves the count only once people have done at least five things.

use chrono::Duration;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait as _, Set, sea_query::OnConflict};
use serde::{Deserialize, Serialize};

use super::{counts::Counts, gathering, series_count, suppressing::LEAST, tallying};
use crate::{
    app::App,
    error::{Error, Result},
    ids::WebinarSeriesId,
    jobs::{Job, Run, Scheduled},
    webinars::{
        series,
        webinar::{self, State},
    },
};

/// How long after its last webinar a series is counted anew; its last count stays.
const COUNTED: Duration = Duration::days(400);
/// Series that are looked for at once.
const AT_ONCE: u64 = 100;

/// Counts the series that may have changed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TakeCounts {}

impl Scheduled for TakeCounts {
    const EVERY: Duration = Duration::days(1);
}

impl Job for TakeCounts {
    const KIND: &'static str = "reporting.take_counts";

    async fn run(self, app: &App, _: &Run) -> Result<()> {
        let now = app.clock.now();
        let mut last = None;
        loop {
            let mut over = webinar::Entity::find()
                .select_only()
                .column(webinar::Column::SeriesId)
                .distinct()
                .filter(webinar::Column::State.eq(State::Published))
                .filter(webinar::Column::EndsAt.lte(now))
                .filter(webinar::Column::EndsAt.gt(now - COUNTED))
                .order_by_asc(webinar::Column::SeriesId)
                .limit(AT_ONCE);
            if let Some(last) = last {
                over = over.filter(webinar::Column::SeriesId.gt(last));
            }
            let some: Vec<WebinarSeriesId> = over.into_tuple().all(app.db.read()).await?;
            for id in &some {
                take(app, *id).await?;
            }
            match some.last() {
                Some(id) => last = Some(*id),
                None => return Ok(()),
            }
        }
    }
}

/// Counts a series, unless too little has happened since it was counted.
async fn take(app: &App, id: WebinarSeriesId) -> Result<()> {
    let (db, now) = (app.db.read(), app.clock.now());
    let Some(series) = series::Entity::find_by_id(id).one(db).await? else { return Ok(()) };
    let gathered = gathering::gather(db, &series, now).await?;
    let deeds = gathered.facts.iter().flat_map(|fact| fact.stages).filter(|stage| *stage).count();
    let deeds = i64::try_from(deeds).map_err(Error::internal)?;
    if let Some((before, counts)) = newest(app, id).await?
        && counts.webinars == gathered.webinars
        && (before.deeds - deeds).abs() < LEAST
    {
        return Ok(());
    }
    let tallies = tallying::tally(&gathered.facts, gathered.webinars.len());
    let counts = Counts::of(&tallies, gathered.webinars, gathered.closed);
    let counts = serde_json::to_string(&counts).map_err(Error::internal)?;
    let row = series_count::ActiveModel { series_id: Set(id), taken_at: Set(now), deeds: Set(deeds), counts: Set(counts) };
    let instead = OnConflict::column(series_count::Column::SeriesId)
        .update_columns([series_count::Column::TakenAt, series_count::Column::Deeds, series_count::Column::Counts])
        .to_owned();
    app.write(&series_count::Entity::insert(row).on_conflict(instead).into_query()).await?;
    Ok(())
}

/// The newest count of a series; ask only for those who may change it. One that an older server wrote otherwise is taken anew.
pub async fn newest(app: &App, id: WebinarSeriesId) -> Result<Option<(series_count::Model, Counts)>> {
    let Some(row) = series_count::Entity::find_by_id(id).one(app.db.read()).await? else { return Ok(None) };
    Ok(serde_json::from_str(&row.counts).ok().map(|counts| (row, counts)))
}
