//! Devices that people signed in on before. Whoever guesses at an account locks it for strangers, but not for these: each
//! has a counter of its own (see [`super::throttle`]). A token says which device it is; it signs nobody in.

use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::{
    clock::Instant,
    database::{Database, Tx},
    error::Result,
    ids::UserId,
    sessions::{DEVICE_LIFE, hash, random_token},
};

/// Devices that are known of one person; the oldest is forgotten for a further one.
const MOST: u64 = 20;

/// The `device` table.
pub mod entity {
    use sea_orm::entity::prelude::*;

    use crate::{clock::Instant, ids::UserId};

    /// A device that somebody signed in on.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "device")]
    pub struct Model {
        /// SHA-256 of its token, hexadecimal.
        #[sea_orm(primary_key, auto_increment = false)]
        pub token_hash: String,
        /// Who signed in.
        pub user_id: UserId,
        /// When it became known.
        pub created_at: Instant,
    }

    /// None: policies and operations say what they join.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The device of a token, as the hash of it, if this person signed in on it before.
pub async fn known(db: &impl ConnectionTrait, user: UserId, token: &str, now: Instant) -> Result<Option<String>> {
    let device = entity::Entity::find_by_id(hash(token))
        .filter(entity::Column::UserId.eq(user))
        .filter(entity::Column::CreatedAt.gt(now - DEVICE_LIFE))
        .one(db)
        .await?;
    Ok(device.map(|device| device.token_hash))
}

/// Makes a device known to a person; its token, which is not kept.
pub async fn remember(tx: &Tx, user: UserId) -> Result<String> {
    let of_person = || entity::Entity::find().filter(entity::Column::UserId.eq(user));
    let too_many = of_person().order_by_desc(entity::Column::CreatedAt).offset(MOST - 1).one(tx).await?;
    if let Some(oldest) = too_many {
        let old = entity::Entity::delete_many().filter(entity::Column::UserId.eq(user));
        old.filter(entity::Column::CreatedAt.lte(oldest.created_at)).exec(tx).await?;
    }
    let token = random_token()?;
    let row = entity::ActiveModel { token_hash: Set(hash(&token)), user_id: Set(user), created_at: Set(tx.now()) };
    row.insert(tx).await?;
    Ok(token)
}

/// Forgets all devices of a person.
pub async fn forget(tx: &Tx, user: UserId) -> Result<()> {
    entity::Entity::delete_many().filter(entity::Column::UserId.eq(user)).exec(tx).await?;
    Ok(())
}

/// Forgets devices after [`DEVICE_LIFE`].
pub async fn sweep(db: &Database, now: Instant) -> Result<()> {
    entity::Entity::delete_many().filter(entity::Column::CreatedAt.lt(now - DEVICE_LIFE)).exec(db.write()).await?;
    Ok(())
}
