//! What people have watched, read and written together with what others have: reports are what players send most.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait as _, EntityTrait, QueryFilter, Value,
    sea_query::{Expr, ExprTrait as _, Query},
};

use super::watch;
use crate::{
    app::App,
    error::Result,
    ids::{RecordingId, UserId},
    rows::{among_pairs, given, given_column, keyed},
    together::Question,
};

/// What somebody has watched of a recording.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct WatchOf(pub RecordingId, pub UserId);

impl Question for WatchOf {
    type Answer = watch::Model;

    async fn answer(app: &App, questions: Vec<Self>) -> Result<HashMap<Self, watch::Model>> {
        let (db, pairs) = (app.db.read(), questions.into_iter().map(|WatchOf(recording, user)| (recording, user)));
        let columns = (watch::Column::RecordingId, watch::Column::UserId);
        let its = among_pairs(db.get_database_backend(), columns, &pairs.collect::<Vec<_>>());
        Ok(keyed(watch::Entity::find().filter(its).all(db).await?, |row| WatchOf(row.recording_id, row.user_id)))
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

    /// Of two that replace one row, the first does.
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
