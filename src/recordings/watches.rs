//! What people have watched, read and written together with what others have: reports are what players send most.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait as _, EntityTrait, FromQueryResult as _, IdenStatic as _, Iterable as _, JoinType, QuerySelect,
    QueryTrait, Value,
    sea_query::{Expr, ExprTrait as _, Query},
};

use super::{recording, watch};
use crate::{
    app::App,
    error::Result,
    gathering::Question,
    ids::{RecordingId, UserId},
    rows::{given, given_column},
};

/// A recording with what somebody has watched of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct WatchOf(pub RecordingId, pub UserId);

impl Question for WatchOf {
    type Answer = (recording::Model, Option<watch::Model>);

    async fn answer(app: &App, questions: Vec<Self>) -> Result<HashMap<Self, Self::Answer>> {
        const WATCH: &str = "watch_";
        let rows = questions.into_iter().map(|Self(recording, user)| vec![recording.into(), user.into()]);
        let mut select = recording::Entity::find().expr_as(given_column(2), "asked_by");
        for column in watch::Column::iter() {
            select = select.column_as(column, format!("{WATCH}{}", column.as_str()));
        }
        let of_recording = Expr::col(watch::Column::RecordingId.as_column_ref()).eq(given_column(1));
        let of_user = Expr::col(watch::Column::UserId.as_column_ref()).eq(given_column(2));
        QueryTrait::query(&mut select)
            .join(JoinType::InnerJoin, given(rows.collect()), recording::Column::Id.into_expr().eq(given_column(1)))
            .join(JoinType::LeftJoin, watch::Entity, of_recording.and(of_user));
        let mut found = HashMap::new();
        for row in app.db.read().query_all(select.as_query()).await? {
            let recording = recording::Model::from_query_result(&row, "")?;
            let watch = watch::Model::from_query_result_optional(&row, WATCH)?;
            found.insert(Self(recording.id, row.try_get("", "asked_by")?), (recording, watch));
        }
        Ok(found)
    }
}

/// That a row is replaced, if it is still as it was.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Replacing {
    /// As it was.
    pub row: watch::Model,
    /// As it is to be.
    pub by: watch::Model,
}

impl Question for Replacing {
    type Answer = ();

    /// Of two that replace one row, one does.
    async fn answer(app: &App, questions: Vec<Self>) -> Result<HashMap<Self, ()>> {
        use watch::Column;
        let of = |row: &watch::Model| WatchOf(row.recording_id, row.user_id);
        let mut replacing: HashMap<WatchOf, Self> = HashMap::new();
        for question in questions {
            replacing.entry(of(&question.row)).or_insert(question);
        }
        let values = |Self { row, by }: &Self| -> Vec<Value> {
            vec![
                row.recording_id.into(),
                row.user_id.into(),
                row.granted_at.into(),
                row.intervals.as_str().into(),
                by.granted_at.into(),
                by.intervals.as_str().into(),
                by.covered_ms.into(),
                by.position_ms.into(),
                by.updated_at.into(),
            ]
        };
        let mut update = Query::update();
        update.table(watch::Entity).from(given(replacing.values().map(values).collect()));
        let kept = [Column::RecordingId, Column::UserId, Column::GrantedAt, Column::Intervals];
        for (column, number) in kept.into_iter().zip(1..) {
            update.and_where(Expr::col(column.as_column_ref()).eq(given_column(number)));
        }
        let change = [Column::GrantedAt, Column::Intervals, Column::CoveredMs, Column::PositionMs, Column::UpdatedAt];
        update.values(change.into_iter().zip((5..).map(given_column)));
        update.returning(Query::returning().columns([Column::RecordingId, Column::UserId]));
        let mut written = HashMap::new();
        for row in app.write_returning(&update).await? {
            let its = WatchOf(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            written.extend(replacing.remove(&its).map(|question| (question, ())));
        }
        Ok(written)
    }
}
