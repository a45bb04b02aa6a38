//! Slowing down those who guess passwords. Failures are counted in the database, so that the counts outlive processes and
//! Redis: for each account from one address, for each address, and for each account from anywhere.
//!
//! An attempt counts before the password is looked at, and is taken back when it was right. So many attempts at once count
//! as so many, and forty people who sign in from one address are not slowed down.

use chrono::Duration;
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};

use crate::{
    app::App,
    clock::Instant,
    database::{Database, Tx},
    error::{Error, Result},
    sessions::hash,
    transact,
    viewer::Viewer,
};

/// The `sign_in_failure` table.
pub mod entity {
    use sea_orm::entity::prelude::*;

    use crate::clock::Instant;

    /// Failures of one kind.
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

/// Attempts that count against a limit, until they turn out right.
pub struct Attempt {
    keys: [(String, Limit); 3],
}

#[derive(Clone, Copy)]
struct Limit {
    /// Failures allowed within the window.
    failures: i32,
    window: Duration,
    /// Past the limit the wait doubles with each failure, up to this.
    longest_wait: Duration,
}

const PAIR: Limit = Limit { failures: 5, window: Duration::minutes(5), longest_wait: Duration::minutes(15) };
const ADDRESS: Limit = Limit { failures: 10, window: Duration::minutes(1), longest_wait: Duration::minutes(1) };
const ACCOUNT: Limit = Limit { failures: 100, window: Duration::days(1), longest_wait: Duration::minutes(15) };
const FIRST_WAIT: Duration = Duration::seconds(10);

/// Counts an attempt to sign in to the account of `email_key`; refuses it while too many have failed.
pub async fn attempt(app: &App, viewer: &Viewer, email_key: &str) -> Result<Attempt> {
    let address = viewer.address;
    let keys = [
        (hash(&format!("pair {email_key} {address}")), PAIR),
        (hash(&format!("address {address}")), ADDRESS),
        (hash(&format!("account {email_key}")), ACCOUNT),
    ];
    transact!(app, |tx| {
        for (key, limit) in &keys {
            count(tx, key, *limit).await?;
        }
        Ok(())
    })?;
    Ok(Attempt { keys })
}

async fn count(tx: &Tx, key: &str, limit: Limit) -> Result<()> {
    let now = tx.now();
    let found = entity::Entity::find_by_id(key.to_owned()).lock_exclusive().one(tx).await?;
    let (failures, since) = match &found {
        Some(row) if now - row.since < limit.window || now - row.last_at < limit.longest_wait => (row.failures, row.since),
        _ => (0, now),
    };
    if let Some(row) = found.as_ref().filter(|_| failures >= limit.failures) {
        let doublings = Ord::min(u32::try_from(failures - limit.failures).unwrap_or(0), 10);
        let wait = (FIRST_WAIT * 2_i32.pow(doublings)).min(limit.longest_wait);
        let left = row.last_at + wait - now;
        if left > Duration::zero() {
            return Err(Error::RateLimited(left.to_std().unwrap_or_default()));
        }
    }
    let row = entity::ActiveModel { key: Set(key.to_owned()), failures: Set(failures + 1), since: Set(since), last_at: Set(now) };
    let update = OnConflict::column(entity::Column::Key)
        .update_columns([entity::Column::Failures, entity::Column::Since, entity::Column::LastAt])
        .to_owned();
    entity::Entity::insert(row).on_conflict(update).exec_without_returning(tx).await?;
    Ok(())
}

impl Attempt {
    /// Takes the attempt back: the password was right. What had failed from this address for this account is forgotten.
    pub async fn succeeded(&self, tx: &Tx) -> Result<()> {
        let [(pair, _), (address, _), (account, _)] = self.keys.clone();
        entity::Entity::delete_by_id(pair).exec(tx).await?;
        entity::Entity::update_many()
            .col_expr(entity::Column::Failures, Expr::col(entity::Column::Failures).sub(1))
            .filter(entity::Column::Key.is_in([address, account]))
            .filter(entity::Column::Failures.gt(0))
            .exec(tx)
            .await?;
        Ok(())
    }
}

/// Forgets counts after a day.
pub async fn sweep(db: &Database, now: Instant) -> Result<()> {
    entity::Entity::delete_many().filter(entity::Column::LastAt.lt(now - Duration::days(1))).exec(db.write()).await?;
    Ok(())
}
