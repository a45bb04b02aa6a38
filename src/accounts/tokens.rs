//! The `mailed_token` table: what a mailed link stands for, once and for a time. The link's token is made from the row's id
//! when the mail is sent (see [`crate::token`]); it is kept nowhere.

use chrono::Duration;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set, entity::prelude::*,
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

/// Makes what a link of this purpose stands for, and makes older ones void.
pub async fn issue(tx: &Tx, user: UserId, purpose: Purpose) -> Result<Uuid> {
    entity::Entity::update_many()
        .set(entity::ActiveModel { used_at: Set(Some(tx.now())), ..Default::default() })
        .filter(entity::Column::UserId.eq(user))
        .filter(entity::Column::Purpose.eq(name(purpose)))
        .filter(entity::Column::UsedAt.is_null())
        .exec(tx)
        .await?;
    let id = Uuid::now_v7();
    let row = entity::ActiveModel {
        id: Set(id),
        user_id: Set(user),
        purpose: Set(name(purpose).to_owned()),
        created_at: Set(tx.now()),
        used_at: Set(None),
    };
    entity::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(id)
}

/// Loads and locks what a token stands for, used or not, while it is young enough.
pub async fn find(app: &App, tx: &Tx, purpose: Purpose, token: &str) -> Result<Option<entity::Model>> {
    let Some(id) = token::verify(app, purpose, token) else { return Ok(None) };
    let row = entity::Entity::find_by_id(id).filter(entity::Column::Purpose.eq(name(purpose))).lock_exclusive().one(tx).await?;
    Ok(row.filter(|row| tx.now() - row.created_at < life(purpose)))
}

/// Marks it as used.
pub async fn consume(tx: &Tx, row: entity::Model) -> Result<()> {
    let mut change = row.into_active_model();
    change.used_at = Set(Some(tx.now()));
    change.update(tx).await?;
    Ok(())
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
