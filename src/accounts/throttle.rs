//! Slowing down those who guess passwords, and those who make us hash or mail. All is counted in the database, so that the
//! counts outlive processes and Redis.
//!
//! An attempt to sign in counts for the account, from its network and from anywhere, before the password is looked at, and
//! is taken back unless it was wrong: so many attempts at once count as so many. For the network alone only failures
//! count, and forty people who sign in from one address are not slowed down. A device that is known to the account has a
//! counter of its own instead, so that strangers can't lock its owner out.

use chrono::Duration;
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set, Unchanged,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};

use crate::{
    app::App,
    clock::Instant,
    database::{Database, Tx},
    error::{Error, Result},
    ids::UserId,
    sessions::hash,
    transact,
    viewer::Viewer,
};

/// The `sign_in_failure` table.
pub mod entity {
    use sea_orm::entity::prelude::*;

    use crate::clock::Instant;

    /// How often something was done or failed.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sign_in_failure")]
    pub struct Model {
        /// What is counted, hashed.
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        /// How many.
        pub failures: i32,
        /// Since when.
        pub since: Instant,
        /// The last one.
        pub last_at: Instant,
    }

    /// None: policies and operations say what they join.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[derive(Clone, Copy)]
struct Limit {
    /// How many are allowed within the window.
    most: i32,
    window: Duration,
    /// Past the limit the wait doubles each time, up to this; `None` waits for the end of the window.
    longest_wait: Option<Duration>,
}

const PAIR: Limit = Limit { most: 5, window: Duration::minutes(5), longest_wait: Some(Duration::minutes(15)) };
const ACCOUNT: Limit = Limit { most: 100, window: Duration::days(1), longest_wait: Some(Duration::minutes(15)) };
const NETWORK: Limit = Limit { most: 10, window: Duration::minutes(1), longest_wait: None };
const VISITS: Limit = Limit { most: 20, window: Duration::minutes(1), longest_wait: None };
const LETTERS: Limit = Limit { most: 5, window: Duration::hours(1), longest_wait: None };
const LETTER: Limit = Limit { most: 1, window: Duration::hours(1), longest_wait: None };
const FIRST_WAIT: Duration = Duration::seconds(10);
/// Clocks of servers differ a little, and a transaction may wait for one that began later: only what is further ahead was counted
/// while the clock had leapt.
const SKEW: Duration = Duration::minutes(1);

/// An attempt to sign in that counts until it turns out not to have failed.
pub struct Attempt {
    /// The counter that success forgets.
    own: String,
    /// The account's, from anywhere; not for known devices.
    account: Option<String>,
    /// That of the network; not for known devices.
    network: Option<String>,
}

/// Counts an attempt to sign in to the account of `email_key`; refuses it while too many have failed. `known` names a
/// device or session that belongs to the account.
pub async fn attempt(app: &App, viewer: &Viewer, email_key: &str, known: Option<&str>) -> Result<Attempt> {
    let network = viewer.network();
    let attempt = match known {
        Some(known) => Attempt { own: hash(&format!("known {email_key} {known}")), account: None, network: None },
        None => Attempt {
            own: hash(&format!("pair {email_key} {network}")),
            account: Some(hash(&format!("account {email_key}"))),
            network: Some(hash(&format!("network {network}"))),
        },
    };
    transact!(app, |tx| {
        if let Some(network) = &attempt.network {
            refuse_over(&lock(tx, network, NETWORK).await?, NETWORK, tx.now())?;
        }
        count(tx, &attempt.own, PAIR).await?;
        match &attempt.account {
            Some(account) => count(tx, account, ACCOUNT).await,
            None => Ok(()),
        }
    })?;
    Ok(attempt)
}

/// Counts something that a network may do 20 times a minute, for each `what`; refuses more.
pub async fn visit(app: &App, viewer: &Viewer, what: &str) -> Result<()> {
    let key = hash(&format!("{what} {}", viewer.network()));
    transact!(app, |tx| count(tx, &key, VISITS).await)
}

/// Counts a letter that a person gets five times an hour, for each `name`; `false` when this one is too many.
pub async fn may_write(tx: &Tx, person: UserId, name: &str) -> Result<bool> {
    match count(tx, &hash(&format!("letter {name} {person}")), LETTERS).await {
        Ok(()) => Ok(true),
        Err(Error::RateLimited(_)) => Ok(false),
        Err(err) => Err(err),
    }
}

/// Counts a letter that an address gets once an hour, for each `name`; how long to wait, when this one is too many.
pub async fn wait_to_write(tx: &Tx, email_key: &str, name: &str) -> Result<Option<std::time::Duration>> {
    match count(tx, &hash(&format!("letter {name} to {email_key}")), LETTER).await {
        Ok(()) => Ok(None),
        Err(Error::RateLimited(wait)) => Ok(Some(wait)),
        Err(err) => Err(err),
    }
}

/// Counts so many times what may be done `most` times within a day, for each `what`; `false`, and none counted, when that is
/// too often.
pub async fn may_today(tx: &Tx, what: &str, times: i32, most: i32) -> Result<bool> {
    let limit = Limit { most, window: Duration::days(1), longest_wait: None };
    let row = lock(tx, &hash(&format!("today {what}")), limit).await?;
    if times > most.saturating_sub(row.failures) {
        return Ok(false);
    }
    add(tx, row, times).await?;
    Ok(true)
}

async fn count(tx: &Tx, key: &str, limit: Limit) -> Result<()> {
    let row = lock(tx, key, limit).await?;
    refuse_over(&row, limit, tx.now())?;
    add(tx, row, 1).await
}

/// The counter of a key, locked; at nothing when its window is over, or when it was counted at a time that is yet to come: the
/// clock had leapt ahead.
async fn lock(tx: &Tx, key: &str, limit: Limit) -> Result<entity::Model> {
    let now = tx.now();
    let new = entity::ActiveModel { key: Set(key.to_owned()), failures: Set(0), since: Set(now), last_at: Set(now) };
    // There must be a row to lock, or the first of many at once would all count as one.
    let there = OnConflict::column(entity::Column::Key).do_nothing().to_owned();
    entity::Entity::insert(new).on_conflict(there).exec_without_returning(tx).await?;
    let row = entity::Entity::find_by_id(key.to_owned()).lock_exclusive().one(tx).await?;
    let row = row.ok_or_else(|| Error::internal(anyhow::anyhow!("a counter is gone")))?;
    let is_recent = now - row.since < limit.window || limit.longest_wait.is_some_and(|longest| now - row.last_at < longest);
    let has_leapt = Ord::max(row.since, row.last_at) > now + SKEW;
    Ok(if is_recent && !has_leapt { row } else { entity::Model { failures: 0, since: now, ..row } })
}

fn refuse_over(row: &entity::Model, limit: Limit, now: Instant) -> Result<()> {
    if row.failures < limit.most {
        return Ok(());
    }
    let until = match limit.longest_wait {
        None => row.since + limit.window,
        Some(longest) => {
            let doublings = Ord::min(u32::try_from(row.failures - limit.most).unwrap_or(0), 10);
            row.last_at + (FIRST_WAIT * 2_i32.pow(doublings)).min(longest)
        }
    };
    // Rounded up: who waits as long as was said is let in.
    let left = u64::try_from((until - now).num_milliseconds()).unwrap_or(0).div_ceil(1000);
    if left > 0 { Err(Error::RateLimited(std::time::Duration::from_secs(left))) } else { Ok(()) }
}

async fn add(tx: &Tx, row: entity::Model, times: i32) -> Result<()> {
    let change = entity::ActiveModel {
        key: Unchanged(row.key),
        failures: Set(row.failures + times),
        since: Set(row.since),
        last_at: Set(tx.now()),
    };
    entity::Entity::update(change).exec(tx).await?;
    Ok(())
}

impl Attempt {
    /// Settles the attempt by what came of it. Success settles itself, by [`Attempt::succeeded`].
    pub async fn settle<T>(&self, app: &App, outcome: Result<T>) -> Result<T> {
        match &outcome {
            Ok(_) => {}
            Err(Error::Invalid(_)) => self.failed(app).await?,
            // Nothing was learnt about the password: the next attempt must not be refused for this one.
            Err(_) => self.withdraw(app).await?,
        }
        outcome
    }

    /// Takes the attempt back: the password was right. What had failed from here for this account is forgotten.
    pub async fn succeeded(&self, tx: &Tx) -> Result<()> {
        entity::Entity::delete_by_id(self.own.clone()).exec(tx).await?;
        take_back(tx, self.account.iter().cloned()).await
    }

    async fn failed(&self, app: &App) -> Result<()> {
        let Some(network) = &self.network else { return Ok(()) };
        transact!(app, |tx| {
            let row = lock(tx, network, NETWORK).await?;
            add(tx, row, 1).await
        })
    }

    async fn withdraw(&self, app: &App) -> Result<()> {
        transact!(app, |tx| take_back(tx, [&self.own].into_iter().chain(&self.account).cloned()).await)
    }
}

async fn take_back(tx: &Tx, keys: impl Iterator<Item = String>) -> Result<()> {
    entity::Entity::update_many()
        .col_expr(entity::Column::Failures, Expr::col(entity::Column::Failures).sub(1))
        .filter(entity::Column::Key.is_in(keys))
        .filter(entity::Column::Failures.gt(0))
        .exec(tx)
        .await?;
    Ok(())
}

/// Forgets counts after a day.
pub async fn sweep(db: &Database, now: Instant) -> Result<()> {
    entity::Entity::delete_many().filter(entity::Column::LastAt.lt(now - Duration::days(1))).exec(db.write()).await?;
    Ok(())
}
