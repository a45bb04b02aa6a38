//! The queue: enqueueing, claiming, finishing. Claims are fenced by a lease, a fresh UUID for each.

use chrono::Duration;
use sea_orm::{
    ActiveEnum as _, ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, QueryFilter, Set,
    Statement, Value,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};
use uuid::Uuid;

use super::{
    Job,
    entity::{self, State, Urgency},
};
use crate::{
    clock::Instant,
    database::{Database, Tx},
    error::{Error, Result},
    ids::JobId,
};

/// Enqueues a job in the transaction of the change that wants it.
pub async fn enqueue<J: Job>(tx: &Tx, job: &J) -> Result<()> {
    enqueue_at(tx, job, tx.now()).await
}

/// Enqueues a job that is not to run before `at`.
pub async fn enqueue_at<J: Job>(tx: &Tx, job: &J, at: Instant) -> Result<()> {
    insert(tx, job, at, job.dedupe_key(), tx.now()).await?;
    if at <= tx.now() {
        tx.ring();
    }
    Ok(())
}

/// Takes back a waiting job by its dedupe key; one that runs already goes on.
pub async fn cancel<J: Job>(tx: &Tx, job: &J) -> Result<()> {
    let Some(key) = job.dedupe_key() else { return Ok(()) };
    let waiting = entity::Column::State.eq(State::Waiting).and(entity::Column::DedupeKey.eq(key));
    entity::Entity::delete_many().filter(waiting).exec(tx).await?;
    Ok(())
}

pub(super) async fn insert<J: Job>(
    db: &impl ConnectionTrait,
    job: &J,
    at: Instant,
    dedupe_key: Option<String>,
    now: Instant,
) -> Result<()> {
    let row = entity::ActiveModel {
        id: Set(JobId::new()),
        kind: Set(J::KIND.to_owned()),
        payload: Set(serde_json::to_string(job).map_err(Error::internal)?),
        dedupe_key: Set(dedupe_key),
        state: Set(State::Waiting),
        urgency: Set(job.urgency()),
        run_at: Set(at),
        attempts: Set(0),
        lease: Set(None),
        lease_until: Set(None),
        last_error: Set(None),
        created_at: Set(now),
    };
    let waiting = OnConflict::column(entity::Column::DedupeKey)
        // In words, since values bound to the statement would not match the partial index.
        .target_and_where(Expr::cust("state = 'waiting' AND dedupe_key IS NOT NULL"))
        .do_nothing()
        .to_owned();
    entity::Entity::insert(row).on_conflict(waiting).exec_without_returning(db).await?;
    Ok(())
}

/// Gives one due job of the kinds and urgencies named to a worker, the most urgent first; jobs whose lease ran out are due again.
pub(super) async fn claim(
    db: &Database,
    kinds: &[&str],
    urgencies: &[Urgency],
    lease_for: Duration,
    now: Instant,
) -> Result<Option<entity::Model>> {
    let locked = if db.backend() == DbBackend::Postgres { "FOR UPDATE SKIP LOCKED" } else { "" };
    let names = (0..kinds.len()).map(|n| format!("${}", n + 4)).collect::<Vec<_>>().join(", ");
    // A look for each urgency, the next only if the one before finds nothing: so none passes over what is planned for later.
    let looks = urgencies.iter().map(|urgency| {
        format!(
            "(SELECT id FROM job WHERE urgency = {} AND run_at <= $3 AND state <> 'dead' \
               AND (state = 'waiting' OR lease_until <= $3) AND kind IN ({names}) ORDER BY run_at LIMIT 1 {locked})",
            urgency.to_value()
        )
    });
    let first = looks.collect::<Vec<_>>().join(", ");
    let sql = format!(
        "UPDATE job SET state = 'running', attempts = attempts + 1, lease = $1, lease_until = $2 \
           WHERE id = COALESCE({first}, NULL) RETURNING *"
    );
    let mut values: Vec<Value> = vec![Uuid::new_v4().into(), (now + lease_for).into(), now.into()];
    values.extend(kinds.iter().map(|kind| Value::from(*kind)));
    let statement = Statement::from_sql_and_values(db.backend(), sql, values);
    let row = db.write().query_one_raw(statement).await?;
    Ok(row.map(|row| entity::Model::from_query_result(&row, "")).transpose()?)
}

fn held(id: JobId, lease: Uuid) -> Condition {
    Condition::all().add(entity::Column::Id.eq(id)).add(entity::Column::Lease.eq(lease))
}

/// Keeps a job a while longer; false when another worker has it.
pub(super) async fn renew(db: &Database, id: JobId, lease: Uuid, until: Instant) -> Result<bool> {
    let change = entity::ActiveModel { lease_until: Set(Some(until)), ..Default::default() };
    let done = entity::Entity::update_many().set(change).filter(held(id, lease)).exec(db.write()).await?;
    Ok(done.rows_affected == 1)
}

/// Says that a job is done.
pub(super) async fn finish(db: &Database, id: JobId, lease: Uuid) -> Result<()> {
    entity::Entity::delete_many().filter(held(id, lease)).exec(db.write()).await?;
    Ok(())
}

/// Says that a try failed: the job waits for the next, or is dead. `retry_at` without an error hands it back unharmed.
pub(super) async fn release(
    db: &Database,
    job: &entity::Model,
    lease: Uuid,
    why: Option<String>,
    retry_at: Option<Instant>,
) -> Result<()> {
    let mut change = entity::ActiveModel { lease: Set(None), lease_until: Set(None), ..Default::default() };
    match retry_at {
        Some(at) => {
            change.state = Set(State::Waiting);
            change.run_at = Set(at);
        }
        None => change.state = Set(State::Dead),
    }
    match why {
        Some(why) => change.last_error = Set(Some(why)),
        None => change.attempts = Set(job.attempts - 1),
    }
    let released = entity::Entity::update_many().set(change).filter(held(job.id, lease)).exec(db.write()).await;
    match released {
        // A newer job with the same key waits already: this one is not needed any more.
        Err(err) if Error::is_duplicate(&err) => finish(db, job.id, lease).await,
        other => Ok(other.map(|_| ())?),
    }
}

/// Forgets jobs that have been dead for 90 days.
pub async fn sweep(db: &Database, now: Instant) -> Result<()> {
    let old = entity::Column::State.eq(State::Dead).and(entity::Column::CreatedAt.lt(now - Duration::days(90)));
    entity::Entity::delete_many().filter(old).exec(db.write()).await?;
    Ok(())
}
