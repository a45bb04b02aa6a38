//! Loading webinars and what belongs to them, each kind with one statement a request. Parts are loaded by the id of a thing
//! that the viewer was shown.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use sea_orm::{EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::SimpleExpr};

use crate::{
    error::{Error, Result},
    graphql::batch::Batch,
    ids::{RecordingId, RegistrationId, WebinarFunderId, WebinarId, WebinarQuestionId, WebinarSeriesId, WebinarSpeakerId},
    language::Language,
    rows::{among, grouped, keyed},
    webinars::{
        answer, funder, funder_text, material, policy, question, question_text, recording,
        seeing::{self, Seen},
        series, series_text, speaker, speaker_text, webinar_text,
    },
};

/// A series that the viewer may see, and whether they may change it.
#[derive(Clone, Debug)]
pub struct SeenSeries {
    /// The series.
    pub series: series::Model,
    /// The viewer may change it.
    pub edits: bool,
}

impl Loader<WebinarSeriesId> for Batch {
    type Value = SeenSeries;
    type Error = Error;

    async fn load(&self, ids: &[WebinarSeriesId]) -> Result<HashMap<WebinarSeriesId, SeenSeries>> {
        let of = among(self.app.db.backend(), series::Column::Id, ids);
        let rows = policy::visible_series(&self.viewer)
            .filter(of)
            .expr_as(SimpleExpr::from(policy::changes_series(&self.viewer)), "edits")
            .into_model::<Row>();
        let seen = rows.all(self.app.db.read()).await?.into_iter();
        Ok(seen.map(|row| (row.series.id, SeenSeries { series: row.series, edits: row.edits })).collect())
    }
}

#[derive(sea_orm::FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    series: series::Model,
    edits: bool,
}

impl Loader<WebinarId> for Batch {
    type Value = Seen;
    type Error = Error;

    async fn load(&self, ids: &[WebinarId]) -> Result<HashMap<WebinarId, Seen>> {
        Ok(keyed(seeing::by_ids(self.app.db.read(), &self.viewer, ids).await?, |seen| seen.webinar.id))
    }
}

/// All texts of something that the viewer sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TextsOf<T>(pub T);

/// Writes the loader of a table of texts.
macro_rules! texts {
    ($($of:ty: $table:ident, $column:ident, $key:ident;)*) => {
        $(
            impl Loader<TextsOf<$of>> for Batch {
                type Value = Vec<$table::Model>;
                type Error = Error;

                async fn load(&self, of: &[TextsOf<$of>]) -> Result<HashMap<TextsOf<$of>, Vec<$table::Model>>> {
                    let ids: Vec<_> = of.iter().map(|of| of.0).collect();
                    let of = among(self.app.db.backend(), $table::Column::$column, &ids);
                    let found = $table::Entity::find().filter(of).order_by_asc($table::Column::Language);
                    Ok(grouped(found.all(self.app.db.read()).await?, |text| TextsOf(text.$key)))
                }
            }
        )*
    };
}

texts! {
    WebinarSeriesId: series_text, SeriesId, series_id;
    WebinarFunderId: funder_text, FunderId, funder_id;
    WebinarId: webinar_text, WebinarId, webinar_id;
    WebinarSpeakerId: speaker_text, SpeakerId, speaker_id;
    WebinarQuestionId: question_text, QuestionId, question_id;
}

/// What belongs to a series or webinar, in its order.
macro_rules! parts {
    ($($(#[$doc:meta])* $name:ident($of:ty): $table:ident, $column:ident, $key:ident, $last:ident;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            pub struct $name(pub $of);

            impl Loader<$name> for Batch {
                type Value = Vec<$table::Model>;
                type Error = Error;

                async fn load(&self, of: &[$name]) -> Result<HashMap<$name, Vec<$table::Model>>> {
                    let ids: Vec<_> = of.iter().map(|of| of.0).collect();
                    let of = among(self.app.db.backend(), $table::Column::$column, &ids);
                    let found = $table::Entity::find()
                        .filter(of)
                        .order_by_asc($table::Column::Position)
                        .order_by_asc($table::Column::$last);
                    Ok(grouped(found.all(self.app.db.read()).await?, |row| $name(row.$key)))
                }
            }
        )*
    };
}

parts! {
    /// Who is credited for a series.
    FundersOf(WebinarSeriesId): funder, SeriesId, series_id, Id;
    /// Who speaks in a webinar.
    SpeakersOf(WebinarId): speaker, WebinarId, webinar_id, Id;
    /// What registrants of a webinar are asked.
    QuestionsOf(WebinarId): question, WebinarId, webinar_id, Id;
    /// Files of a webinar.
    MaterialsOf(WebinarId): material, WebinarId, webinar_id, FileId;
}

/// What holds for a webinar by its series, wherever the webinar is seen: in which language funders are credited first, and which
/// share of it counts as attending.
#[derive(Clone, Debug)]
pub struct Ground {
    /// Language that the series is written in first.
    pub original: Language,
    /// Hundredths.
    pub attendance_percent: i32,
}

/// The [`Ground`] of the webinars of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GroundOf(pub WebinarSeriesId);

impl Loader<GroundOf> for Batch {
    type Value = Ground;
    type Error = Error;

    async fn load(&self, of: &[GroundOf]) -> Result<HashMap<GroundOf, Ground>> {
        let ids: Vec<_> = of.iter().map(|of| of.0).collect();
        let found = series::Entity::find().filter(among(self.app.db.backend(), series::Column::Id, &ids));
        let found = found.all(self.app.db.read()).await?.into_iter();
        let ground =
            |series: series::Model| Ground { original: series.original_language, attendance_percent: series.attendance_percent };
        Ok(found.map(|series| (GroundOf(series.id), ground(series))).collect())
    }
}

/// The recordings of a webinar, in order; those that the viewer does not see are left out where they are loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RecordingsOf(pub WebinarId);

impl Loader<RecordingsOf> for Batch {
    type Value = Vec<RecordingId>;
    type Error = Error;

    async fn load(&self, of: &[RecordingsOf]) -> Result<HashMap<RecordingsOf, Vec<RecordingId>>> {
        let ids: Vec<_> = of.iter().map(|of| of.0).collect();
        let found = recording::Entity::find()
            .filter(among(self.app.db.backend(), recording::Column::WebinarId, &ids))
            .order_by_asc(recording::Column::Position)
            .order_by_asc(recording::Column::RecordingId);
        let groups = grouped(found.all(self.app.db.read()).await?, |row| RecordingsOf(row.webinar_id));
        Ok(groups.into_iter().map(|(of, rows)| (of, rows.into_iter().map(|row| row.recording_id).collect())).collect())
    }
}

/// What a registrant answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AnswersOf(pub RegistrationId);

impl Loader<AnswersOf> for Batch {
    type Value = Vec<answer::Model>;
    type Error = Error;

    async fn load(&self, of: &[AnswersOf]) -> Result<HashMap<AnswersOf, Vec<answer::Model>>> {
        let ids: Vec<_> = of.iter().map(|of| of.0).collect();
        let of = among(self.app.db.backend(), answer::Column::RegistrationId, &ids);
        let found = answer::Entity::find().filter(of).order_by_asc(answer::Column::QuestionId);
        Ok(grouped(found.all(self.app.db.read()).await?, |row| AnswersOf(row.registration_id)))
    }
}
