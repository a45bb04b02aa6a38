//! Copying a site that is in one folder to PostgreSQL and an S3 service: first its objects, each under the same key, then all rows
//! in one transaction. What breaks off is done again: objects that are there stay, and rows are all there or none.

use anyhow::{Context as _, bail, ensure};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter, Set, Statement, StreamTrait as _,
    TransactionTrait as _,
};
use secrecy::ExposeSecret as _;

use super::{
    Progress, in_folder,
    tables::{self, Table},
};
use crate::{
    app::App,
    clock::Clock,
    config::{Config, DatabaseUrl, Storage},
    files::object::{self, State},
    ids::ObjectId,
    migrating,
    objects::ObjectInfo,
    recordings::discarding,
    running::{self, explain},
};

/// Objects that are copied at a time.
const AT_A_TIME: usize = 4;
/// Bytes of rows that are sent at a time, roughly.
const BATCH: usize = 1 << 20;

/// What was copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Number of tables.
    pub tables: usize,
    /// Number of rows.
    pub rows: u64,
    /// Number of objects.
    pub objects: usize,
}

/// That a site can be copied to where these settings say.
fn check_target(config: &Config) -> anyhow::Result<()> {
    let is_server = matches!((&config.database, &config.storage), (DatabaseUrl::Postgres(_), Storage::S3 { .. }));
    ensure!(is_server, "the settings to copy to must have DATABASE_URL (postgres://) and S3_BUCKET");
    Ok(())
}

/// Copies all of the site of `config`, which must be stopped, to the empty one of the settings `to`.
pub async fn copy(config: &Config, to: Config, progress: &Progress) -> anyhow::Result<Copied> {
    check_target(&to)?;
    let source = in_folder(config, "copy").await?;
    // After it is known to be there: the lock would make its folder.
    let _lock = running::lock(config)?;
    let target = App::build(to, Clock::System).await.map_err(|err| explain(&err))?;
    let (source, target) = (&source, &target);
    ensure!(
        source.secret.expose_secret() == target.secret.expose_secret(),
        "the settings to copy to need this site's LYCEUM_SECRET, by which links in mails are signed: {}",
        if source.config.secret.is_some() { "it is in your settings" } else { "it is the file `secret` in LYCEUM_DATA" }
    );
    for app in [source, target] {
        migrating::migrate(&app.db).await.map_err(|err| explain(&err))?;
    }
    let tables = tables::parents_first(source.db.read()).await?;
    check_same(&tables, &tables::all(target.db.read()).await?)?;
    check_empty(&tables, target).await?;
    let stored = object::Entity::find().filter(object::Column::State.eq(State::Stored)).all(source.db.read()).await?;
    let etags = copy_objects(source, target, &stored, progress).await?;
    let rows = copy_rows(source, target, &tables, etags).await?;
    progress.end();
    Ok(Copied { tables: tables.len(), rows, objects: stored.len() })
}

/// That both databases have the same tables with the same columns.
fn check_same(source: &[Table], target: &[Table]) -> anyhow::Result<()> {
    for (some, others, whose) in [(source, target, "the database to copy to"), (target, source, "this site's database")] {
        if let Some(table) = some.iter().find(|table| !others.contains(table)) {
            bail!("{whose} lacks the table {}, or it has other columns there", table.name);
        }
    }
    Ok(())
}

async fn check_empty(tables: &[Table], target: &App) -> anyhow::Result<()> {
    for table in tables {
        let any = Statement::from_string(DbBackend::Postgres, format!("SELECT 1 FROM \"{}\" LIMIT 1", table.name));
        if target.db.read().query_one_raw(any).await?.is_some() {
            bail!("the database to copy to is not empty: its table {} has rows", table.name);
        }
    }
    Ok(())
}

/// Copies the bytes; gives the objects that the other storage calls by another `ETag`, with that.
async fn copy_objects(
    source: &App,
    target: &App,
    stored: &[object::Model],
    progress: &Progress,
) -> anyhow::Result<Vec<(ObjectId, String)>> {
    let size = |row: &object::Model| row.size.and_then(|size| u64::try_from(size).ok()).unwrap_or_default();
    progress.begin("Copying objects", stored.iter().map(size).sum());
    let copies = stream::iter(stored).map(async |row| {
        let etag = row.etag.clone().unwrap_or_default();
        let info = ObjectInfo { size: size(row), content_type: Some(row.content_type.clone()), etag };
        let copied = target.objects.copy_from(&source.objects, &row.key, &info).await;
        let copied = copied.with_context(|| format!("the object {}", row.key))?;
        progress.advance(info.size)?;
        anyhow::Ok((copied.etag != info.etag).then_some((row.id, copied.etag)))
    });
    let etags: Vec<_> = copies.buffer_unordered(AT_A_TIME).try_collect().await?;
    Ok(etags.into_iter().flatten().collect())
}

/// Copies the rows and what of them differs there, in one transaction; tells how many there are.
async fn copy_rows(source: &App, target: &App, tables: &[Table], etags: Vec<(ObjectId, String)>) -> anyhow::Result<u64> {
    let tx = target.db.unlimited().begin().await?;
    tx.execute_unprepared("SET LOCAL statement_timeout = 0").await?;
    let mut rows = 0;
    for table in tables {
        insert(source, &tx, table).await.with_context(|| format!("the table {}", table.name))?;
        let (here, there) = (table.contents(source.db.unlimited()).await?, table.contents(&tx).await?);
        ensure!(here == there, "the table {} did not arrive as it is: {} rows, {} arrived", table.name, here.rows, there.rows);
        rows += here.rows;
    }
    for (id, etag) in etags {
        let change = object::ActiveModel { etag: Set(Some(etag)), ..Default::default() };
        object::Entity::update_many().set(change).filter(object::Column::Id.eq(id)).exec(&tx).await?;
    }
    discarding::lose_parts(&tx).await.map_err(|err| explain(&err))?;
    target.sessions.take_over(&tx, target.clock.now()).await.map_err(|err| explain(&err))?;
    tx.commit().await?;
    Ok(rows)
}

async fn insert(source: &App, tx: &DatabaseTransaction, table: &Table) -> anyhow::Result<()> {
    let mut rows = source.db.unlimited().stream_raw(table.select(DbBackend::Sqlite)).await?;
    let mut batch = String::new();
    while let Some(row) = rows.try_next().await? {
        let row: String = row.try_get("", "row")?;
        batch.push(if batch.is_empty() { '[' } else { ',' });
        batch.push_str(&row);
        if batch.len() > BATCH {
            batch.push(']');
            tx.execute_raw(table.insert(std::mem::take(&mut batch))).await?;
        }
    }
    if !batch.is_empty() {
        batch.push(']');
        tx.execute_raw(table.insert(batch)).await?;
    }
    Ok(())
}
