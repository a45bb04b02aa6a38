//! The `mailed_token` table: what a link that is mailed or printed stands for, once and for a time. The link's token is made from
//! the row's id when the mail is sent or the link printed (see [`crate::token`]); it is kept nowhere.

use chrono::Duration;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, Set, entity::prelude::*,
    sea_query::ExprTrait as _,
};
use uuid::Uuid;

use crate::{
    app::App,
    clock::Instant,
    database::{Database, Tx},
    error::Result,
    ids::UserId,
    token::{self, Purpose},
};

/// The table.
pub mod entity {
    use sea_orm::entity::prelude::*;

    use crate::{clock::Instant, ids::UserId};

    /// What a mailed link stands for.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "mailed_token")]
    pub struct Model {
        /// What the token names.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// Whose.
        pub user_id: UserId,
        /// What for.
        pub purpose: String,
        /// For confirming: what the sign-up gave, as JSON; gone once the address is confirmed.
        pub account: Option<String>,
        /// When it was made.
        pub created_at: Instant,
        /// When it was used, or made void by a newer one.
        pub used_at: Option<Instant>,
    }

    /// None: policies and operations say what they join.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

const fn life(purpose: Purpose) -> Duration {
    match purpose {
        Purpose::Confirmation => Duration::days(7),
        Purpose::PasswordReset => Duration::minutes(30),
    }
}

const fn name(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Confirmation => "confirmation",
        Purpose::PasswordReset => "password_reset",
    }
}

/// Makes what a link to set a new password stands for, and makes older ones void.
pub async fn issue_reset(tx: &Tx, user: UserId) -> Result<Uuid> {
    void(tx, user, Purpose::PasswordReset).await?;
    issue(tx, user, Purpose::PasswordReset, None).await
}

/// Makes what a link to confirm an address stands for. Each is for the sign-up that gave `account`, so that older ones
/// stay: whoever signs up last must not decide whose password the account gets.
pub async fn issue_confirmation(tx: &Tx, user: UserId, account: String) -> Result<Uuid> {
    issue(tx, user, Purpose::Confirmation, Some(account)).await
}

async fn issue(tx: &Tx, user: UserId, purpose: Purpose, account: Option<String>) -> Result<Uuid> {
    let id = Uuid::now_v7();
    let row = entity::ActiveModel {
        id: Set(id),
        user_id: Set(user),
        purpose: Set(name(purpose).to_owned()),
        account: Set(account),
        created_at: Set(tx.now()),
        used_at: Set(None),
    };
    entity::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(id)
}

/// What a token stands for, used or not, while it is young enough.
pub async fn find(app: &App, db: &impl ConnectionTrait, purpose: Purpose, token: &str) -> Result<Option<entity::Model>> {
    let Some(rows) = of_token(app, purpose, token) else { return Ok(None) };
    let row = rows.one(db).await?;
    Ok(row.filter(|row| app.clock.now() - row.created_at < life(purpose)))
}

/// As [`find`], and locks it.
pub async fn lock(app: &App, tx: &Tx, purpose: Purpose, token: &str) -> Result<Option<entity::Model>> {
    let Some(rows) = of_token(app, purpose, token) else { return Ok(None) };
    let row = rows.lock_exclusive().one(tx).await?;
    Ok(row.filter(|row| tx.now() - row.created_at < life(purpose)))
}

fn of_token(app: &App, purpose: Purpose, token: &str) -> Option<Select<entity::Entity>> {
    let id = token::verify(app, purpose, token)?;
    Some(entity::Entity::find_by_id(id).filter(entity::Column::Purpose.eq(name(purpose))))
}

/// Makes all of a person's tokens for a purpose void, and forgets what their sign-ups gave.
pub async fn void(tx: &Tx, user: UserId, purpose: Purpose) -> Result<()> {
    entity::Entity::update_many()
        .set(entity::ActiveModel { used_at: Set(Some(tx.now())), account: Set(None), ..Default::default() })
        .filter(entity::Column::UserId.eq(user))
        .filter(entity::Column::Purpose.eq(name(purpose)))
        .filter(entity::Column::UsedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// What the sign-ups gave that still may confirm an account, each once.
pub async fn pending(tx: &Tx, user: UserId) -> Result<Vec<String>> {
    let rows = entity::Entity::find()
        .filter(entity::Column::UserId.eq(user))
        .filter(entity::Column::Purpose.eq(name(Purpose::Confirmation)))
        .filter(entity::Column::UsedAt.is_null())
        .filter(entity::Column::CreatedAt.gt(tx.now() - life(Purpose::Confirmation)))
        .order_by_asc(entity::Column::Account)
        .all(tx)
        .await?;
    let mut accounts: Vec<_> = rows.into_iter().filter_map(|row| row.account).collect();
    accounts.dedup();
    Ok(accounts)
}

/// How many were made for a person since an instant.
pub async fn count_since(db: &impl ConnectionTrait, user: UserId, purpose: Purpose, since: Instant) -> Result<u64> {
    let made = entity::Column::UserId.eq(user).and(entity::Column::Purpose.eq(name(purpose)));
    Ok(entity::Entity::find().filter(made.and(entity::Column::CreatedAt.gt(since))).count(db).await?)
}

/// Forgets those that are too old.
pub async fn sweep(db: &Database, now: Instant) -> Result<()> {
    entity::Entity::delete_many()
        .filter(entity::Column::CreatedAt.lt(now - life(Purpose::Confirmation)))
        .exec(db.write())
        .await?;
    Ok(())
}
