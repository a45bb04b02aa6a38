//! The life of an object: expected, stored, doomed, deleted.

use chrono::Duration;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::object::{self, State};
use crate::{
    app::App,
    database::Tx,
    error::{Error, Result},
    ids::ObjectId,
    jobs::{self, Job, Run, Scheduled},
    objects::ObjectInfo,
    transact,
};

/// Uploads and addresses end after a week at most, so what is still expected after this never comes.
const EXPECTED_FOR: Duration = Duration::days(8);

/// Writes the row of an object whose bytes are to come. `kind` and `name` are ours; `owner` is the thing it belongs to.
pub async fn expect(tx: &Tx, kind: &str, owner: Uuid, name: &str, content_type: &str) -> Result<object::Model> {
    let id = ObjectId::new();
    let row = object::ActiveModel {
        id: Set(id),
        key: Set(format!("{kind}/{owner}/{}/{name}", id.0)),
        content_type: Set(content_type.to_owned()),
        size: Set(None),
        etag: Set(None),
        state: Set(State::Expected),
        created_at: Set(tx.now()),
    };
    Ok(row.insert(tx).await?)
}

/// Notes that the bytes of an object are there.
pub async fn stored(tx: &Tx, id: ObjectId, info: &ObjectInfo) -> Result<()> {
    let change = object::ActiveModel {
        size: Set(Some(i64::try_from(info.size).map_err(Error::internal)?)),
        etag: Set(Some(info.etag.clone())),
        state: Set(State::Stored),
        ..Default::default()
    };
    object::Entity::update_many().set(change).filter(object::Column::Id.eq(id)).exec(tx).await?;
    Ok(())
}

/// The row of an object.
pub async fn row(db: &impl ConnectionTrait, id: ObjectId) -> Result<object::Model> {
    object::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound("object"))
}

/// Gives an object up: a job deletes its bytes, then its row.
pub async fn doom(tx: &Tx, id: ObjectId) -> Result<()> {
    let change = object::ActiveModel { state: Set(State::Doomed), ..Default::default() };
    object::Entity::update_many().set(change).filter(object::Column::Id.eq(id)).exec(tx).await?;
    jobs::enqueue(tx, &Delete { object: id }).await
}

/// Deletes a doomed object.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Delete {
    object: ObjectId,
}

impl Job for Delete {
    const KIND: &'static str = "object.delete";

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("object.delete/{}", self.object))
    }

    async fn run(self, app: &App, _: &Run) -> Result<()> {
        let doomed = object::Entity::find_by_id(self.object).filter(object::Column::State.eq(State::Doomed));
        let Some(object) = doomed.one(app.db.read()).await? else { return Ok(()) };
        app.objects.delete(&object.key).await?;
        transact!(app, |tx| {
            object::Entity::delete_by_id(self.object).exec(tx).await?;
            Ok(())
        })
    }
}

/// Gives up objects whose bytes never came.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Sweep {}

impl Scheduled for Sweep {
    const EVERY: Duration = Duration::hours(6);
}

impl Job for Sweep {
    const KIND: &'static str = "object.sweep";

    async fn run(self, app: &App, _: &Run) -> Result<()> {
        transact!(app, |tx| {
            let late = object::Entity::find()
                .filter(object::Column::State.eq(State::Expected))
                .filter(object::Column::CreatedAt.lt(tx.now() - EXPECTED_FOR));
            for object in late.limit(1000).all(tx).await? {
                doom(tx, object.id).await?;
            }
            Ok(())
        })
    }
}
