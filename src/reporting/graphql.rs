//! Counts in the API.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, Object, SimpleObject, dataloader::Loader};
use sea_orm::{EntityTrait, QueryFilter};

use super::{
    counts::{Breakdown, Counts, Line, Population},
    dimension::Dimension,
    report::Subject,
    series_count,
    stage::Stage,
    ticket::{Form, Ticket},
    wording::Words,
};
use crate::{
    clock::Instant,
    error::{Error, Result},
    graphql::{batch::Batch, context::ContextExt},
    ids::{WebinarId, WebinarSeriesId},
    language::Language,
    rows::among,
    scalars::Url,
};

/// The newest count of a series; load it for those who may change the series or the webinar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CountsOf(pub WebinarSeriesId);

impl Loader<CountsOf> for Batch {
    type Value = (Instant, Arc<Counts>);
    type Error = Error;

    async fn load(&self, of: &[CountsOf]) -> Result<HashMap<CountsOf, Self::Value>> {
        let ids: Vec<_> = of.iter().map(|of| of.0).collect();
        let rows = series_count::Entity::find().filter(among(self.app.db.backend(), series_count::Column::SeriesId, &ids));
        let counts = |row: series_count::Model| {
            let counts = serde_json::from_str(&row.counts).ok()?;
            Some((CountsOf(row.series_id), (row.taken_at, Arc::new(counts))))
        };
        Ok(rows.all(self.app.db.read()).await?.into_iter().filter_map(counts).collect())
    }
}

/// How many people came how far, of a series or a webinar.
pub struct WebinarCounts {
    subject: Subject,
    taken_at: Instant,
    counts: Arc<Counts>,
}

impl WebinarCounts {
    /// That of a series, or of one of its webinars, if it was counted.
    pub async fn load(ctx: &Context<'_>, series: WebinarSeriesId, webinar: Option<WebinarId>) -> Result<Option<Self>> {
        let Some((taken_at, counts)) = ctx.load(CountsOf(series)).await? else { return Ok(None) };
        let is_counted = webinar.is_none_or(|id| counts.of_webinar(id).is_some());
        Ok(is_counted.then_some(Self { subject: Subject { series, webinar }, taken_at, counts }))
    }

    fn population(&self) -> &Population {
        self.subject.webinar.and_then(|id| self.counts.of_webinar(id)).unwrap_or(&self.counts.series)
    }
}

/// The language of the site that is asked for, else the viewer's.
fn language(ctx: &Context<'_>, asked: Option<&Language>) -> Language {
    ctx.viewer().languages(asked).find_map(Language::of_site).unwrap_or_default()
}

/// How many people came how far, of a series or a webinar. In a series each person counts once, by what they had told last. No number
/// is about one to four people, and none such can be reckoned from those given; where one would, there is null.
#[Object]
impl WebinarCounts {
    /// When people were counted: once a day, when something has happened. Only webinars that are over are counted.
    async fn taken_at(&self) -> Instant {
        self.taken_at
    }
    /// How many webinars are counted.
    async fn webinar_count(&self) -> i32 {
        let all = i32::try_from(self.counts.webinars.len()).unwrap_or(i32::MAX);
        if self.subject.webinar.is_some() { 1 } else { all }
    }
    /// Everybody.
    async fn total(&self) -> StageCounts {
        StageCounts(self.population().total.clone())
    }
    /// Of a series, the sums over its webinars, in which a person counts once for each webinar; null of a webinar.
    async fn sums(&self) -> Option<StageCounts> {
        self.population().sums.clone().map(StageCounts)
    }
    /// By what people had told of themselves, as it stood when they registered, were named or were invited.
    async fn breakdown(&self, #[graphql(desc = "By what.")] by: Dimension) -> Option<CountBreakdown> {
        let breakdowns = self.population().breakdowns.iter();
        breakdowns.filter(|breakdown| breakdown.dimension == by).map(|breakdown| CountBreakdown(breakdown.clone())).next()
    }
    /// A file to download.
    async fn file(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its form.")] format: Form,
        #[graphql(desc = "One of the site's; else the viewer's.")] language: Option<Language>,
    ) -> Result<CountsFile> {
        let language = self::language(ctx, language.as_ref());
        let ticket = Ticket::new(ctx.app(), ctx.viewer().signed_in()?, format, self.subject, &language);
        Ok(CountsFile { url: Url(ticket.address(ctx.app())), name: ticket.file_name(), expires_at: ticket.expires_at })
    }
}

/// People by one thing.
pub struct CountBreakdown(Breakdown);

/// People by one thing.
#[Object]
impl CountBreakdown {
    /// By what.
    async fn dimension(&self) -> Dimension {
        self.0.dimension
    }
    /// The categories of which something may be known, the largest first.
    async fn categories(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of the labels; else the viewer's.")] language: Option<Language>,
    ) -> Vec<CountCategory> {
        let language = self::language(ctx, language.as_ref());
        let category = |it: &super::counts::Category| CountCategory {
            label: Words(&language).category(self.0.dimension, &it.code),
            code: it.code.clone(),
            counts: StageCounts(it.line.clone()),
        };
        self.0.categories.iter().map(category).collect()
    }
    /// At each stage, all whom no category counts there; null when there are none.
    async fn others(&self) -> Option<StageCounts> {
        self.0.others.clone().map(StageCounts)
    }
}

/// A category.
#[derive(SimpleObject)]
pub struct CountCategory {
    /// Its code: as in the enum of the field counted by, ISO 3166-1 alpha-2 of a country, UN M49 of a region (NONE where the standard
    /// names none), BCP 47 of a language; NOT_TOLD of those who did not tell.
    code: String,
    /// Its name; of countries the code.
    label: String,
    /// Its people.
    counts: StageCounts,
}

/// How many people came how far. Null stands for what may not be known.
#[derive(Clone)]
pub struct StageCounts(Line);

/// How many people came how far. Null stands for what may not be known: because it, or what it would reveal, is about one to four
/// people, or because it would say of all of a category that they did something or that they did not.
#[Object]
impl StageCounts {
    /// Invited: offices and people who were written to.
    async fn invited(&self) -> Option<i32> {
        self.0.at(Stage::Invited)
    }
    /// Nominated: people whom offices named.
    async fn nominated(&self) -> Option<i32> {
        self.0.at(Stage::Nominated)
    }
    /// Registered: people with a seat. All that follow are counted among them.
    async fn registered(&self) -> Option<i32> {
        self.0.at(Stage::Registered)
    }
    /// Attended: present for the series' `attendancePercent` of the minutes.
    async fn attended(&self) -> Option<i32> {
        self.0.at(Stage::Attended)
    }
    /// Watched a recording of the webinar.
    async fn watched_recording(&self) -> Option<i32> {
        self.0.at(Stage::Watched)
    }
    /// Passed the test before the webinar.
    async fn passed_pre_test(&self) -> Option<i32> {
        self.0.at(Stage::PassedPreTest)
    }
    /// Passed the test after the webinar.
    async fn passed_post_test(&self) -> Option<i32> {
        self.0.at(Stage::PassedPostTest)
    }
    /// Took both tests.
    async fn took_both_tests(&self) -> Option<i32> {
        self.0.at(Stage::TookBothTests)
    }
    /// Learning gain: of those who took both tests, the mean of the result after less the result before, in percentage points.
    async fn learning_gain(&self) -> Option<f64> {
        self.0.gain
    }
}

/// A file to download for five minutes, as long as who asked for it stays signed in and may see it.
#[derive(SimpleObject)]
pub struct CountsFile {
    /// Where it is.
    url: Url,
    /// Its name.
    name: String,
    /// When the address ends.
    expires_at: Instant,
}
