//! The answers given for idempotency keys, so that a call whose answer was lost can be sent again.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    app::KEYS_KEPT,
    clock::Instant,
    database::{Database, Tx},
    error::{Error, Problem, Result, UserErrorCode},
    viewer::Viewer,
};

/// The `idempotency_key` table.
pub mod entity {
    use sea_orm::entity::prelude::*;

    use crate::clock::Instant;

    /// A key and what was answered.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "idempotency_key")]
    pub struct Model {
        /// Whose key; the nil UUID for visitors.
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
        /// The key.
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: Uuid,
        /// The operation it was for.
        pub operation: String,
        /// SHA-256 of the input, hexadecimal.
        pub input_hash: String,
        /// What was answered, JSON.
        pub answer: String,
        /// When.
        pub created_at: Instant,
    }

    /// None: policies and operations say what they join.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// One call with a key.
#[derive(Debug)]
pub struct Call {
    user: Uuid,
    key: Uuid,
    operation: &'static str,
    input_hash: String,
    path: &'static str,
}

impl Call {
    /// A call of `operation` by `viewer`.
    pub fn new(viewer: &Viewer, key: Uuid, operation: &'static str, input: &impl Serialize) -> Result<Self> {
        let input = serde_json::to_vec(input).map_err(Error::internal)?;
        Ok(Self {
            user: viewer.user_id().map_or(Uuid::nil(), |user| user.0),
            key,
            operation,
            input_hash: data_encoding::HEXLOWER.encode(&Sha256::digest(&input)),
            path: "input.key",
        })
    }

    /// Says where the key stands when it is not in an input.
    #[must_use]
    pub fn at(self, path: &'static str) -> Self {
        Self { path, ..self }
    }

    /// What was answered before; fails when the key was used for something else.
    pub async fn answered<T: DeserializeOwned>(&self, tx: &Tx) -> Result<Option<T>> {
        let Some(row) = entity::Entity::find_by_id((self.user, self.key)).one(tx).await? else { return Ok(None) };
        if row.operation != self.operation || row.input_hash != self.input_hash {
            return Err(Problem::at(UserErrorCode::KeyReused, self.path).into());
        }
        Ok(Some(serde_json::from_str(&row.answer).map_err(Error::internal)?))
    }

    /// Keeps the answer. Of two calls at once one collides here, and finds the answer when it is tried again.
    pub async fn remember(&self, tx: &Tx, answer: &impl Serialize) -> Result<()> {
        let row = entity::ActiveModel {
            user_id: Set(self.user),
            key: Set(self.key),
            operation: Set(self.operation.to_owned()),
            input_hash: Set(self.input_hash.clone()),
            answer: Set(serde_json::to_string(answer).map_err(Error::internal)?),
            created_at: Set(tx.now()),
        };
        entity::Entity::insert(row).exec_without_returning(tx).await.map_err(Error::collided)?;
        Ok(())
    }
}

/// Forgets keys after [`KEYS_KEPT`].
pub async fn sweep(db: &Database, now: Instant) -> Result<()> {
    entity::Entity::delete_many().filter(entity::Column::CreatedAt.lt(now - KEYS_KEPT)).exec(db.write()).await?;
    Ok(())
}
