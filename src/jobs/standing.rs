//! How the queue stands, for those who watch over it.

use sea_orm::{ConnectionTrait as _, FromQueryResult, Statement};

use crate::{clock::Instant, database::Database, error::Result};

/// Jobs of a kind that stand alike.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Standing {
    /// Their kind.
    pub kind: String,
    /// `later`, `due`, `running` or `dead`. One whose worker died is due once its lease is over.
    pub standing: String,
    /// How many.
    pub number: i64,
    /// The earliest time for which one was planned.
    pub since: Instant,
}

const SQL: &str = "SELECT kind, COUNT(*) AS number, MIN(run_at) AS since, \
     CASE WHEN state = 'dead' THEN 'dead' WHEN state = 'running' AND lease_until > $1 THEN 'running' \
       WHEN state = 'waiting' AND run_at > $1 THEN 'later' ELSE 'due' END AS standing FROM job GROUP BY 1, 4";

/// How all jobs stand.
pub async fn standing(db: &Database, now: Instant) -> Result<Vec<Standing>> {
    let rows = db.read().query_all_raw(Statement::from_sql_and_values(db.backend(), SQL, [now.into()])).await?;
    Ok(rows.iter().map(|row| Standing::from_query_result(row, "")).collect::<Result<_, _>>()?)
}
