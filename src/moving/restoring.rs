//! Restoring a site from an archive into an empty folder: all of it, or nothing.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tokio::task::spawn_blocking;

use super::{DATABASE, KEYS, OBJECTS, Progress, archive, check_embedded, snapshot};
use crate::{
    clock::Instant,
    config::Config,
    files::object::{self, State},
    objects::Folder,
    running,
};

/// What may lie in a folder that counts as empty: our own lock, and what file systems put there.
const NOTHING: [&str; 2] = ["lock", "lost+found"];

/// What was restored.
#[derive(Clone, Debug)]
pub struct Restored {
    /// When the backup was begun.
    pub made_at: Instant,
    /// Number of objects.
    pub objects: usize,
    /// The secret came with it; else it is a setting.
    pub has_secret: bool,
}

/// Restores the site in `archive` into the folder of the settings. The archive is unpacked beside its place and checked whole;
/// only then it is put there, the database last.
pub async fn restore(config: &Config, archive: &Path, progress: &Progress) -> anyhow::Result<Restored> {
    check_embedded(config, "restore")?;
    ensure!(archive.is_file(), "{}: there is no such file", archive.display());
    let is_new = !config.data.exists();
    let _lock = running::lock(config)?;
    let restored = restore_into(&config.data, archive, progress).await;
    if restored.is_err() && is_new {
        // Nobody else can use it while it is locked.
        fs::remove_file(config.data.join("lock")).and_then(|()| fs::remove_dir(&config.data)).ok();
    }
    restored
}

async fn restore_into(data: &Path, archive: &Path, progress: &Progress) -> anyhow::Result<Restored> {
    for entry in fs::read_dir(data)? {
        let name = entry?.file_name();
        if !NOTHING.iter().any(|nothing| name == *nothing) {
            bail!("{} is not empty: restore into another folder (LYCEUM_DATA), or move what is there away", data.display());
        }
    }
    let staging = tempfile::Builder::new().prefix(".restoring-").tempdir_in(data)?;
    let (from, into, shown) = (archive.to_owned(), staging.path().to_owned(), progress.clone());
    let manifest = spawn_blocking(move || archive::unpack(&from, &into, &shown)).await??;
    ensure!(manifest.files.contains_key(DATABASE), "the archive has no database");
    let objects = check(staging.path()).await?;
    place(staging.path(), data)?;
    progress.end();
    Ok(Restored { made_at: manifest.made_at, objects, has_secret: manifest.files.contains_key(KEYS[0]) })
}

/// That the database is sound and each object that it has is there; tells how many there are.
async fn check(site: &Path) -> anyhow::Result<usize> {
    let db = snapshot::open(&site.join(DATABASE)).await.context("the database in the archive can't be opened")?;
    snapshot::check(&db).await?;
    let rows = object::Entity::find().filter(object::Column::State.eq(State::Stored)).all(&db).await?;
    db.close().await?;
    let folder = Folder::new(&site.join(OBJECTS));
    spawn_blocking(move || {
        for row in &rows {
            let found = folder.object(&row.key).with_context(|| format!("the object {} in the archive", row.key))?;
            let found = found.with_context(|| format!("the object {} is missing in the archive", row.key))?;
            ensure!(
                i64::try_from(found.size).ok() == row.size,
                "the object {} in the archive is not the one of the database",
                row.key
            );
        }
        Ok(rows.len())
    })
    .await?
}

/// Moves what was unpacked into its place, the database last: without it there is no site.
fn place(staging: &Path, data: &Path) -> anyhow::Result<()> {
    rustix::fs::syncfs(File::open(staging)?).map_err(io::Error::from)?;
    let mut placed: Vec<PathBuf> = Vec::new();
    for name in [&[OBJECTS][..], &KEYS, &[DATABASE]].concat().into_iter().filter(|name| staging.join(name).exists()) {
        let target = data.join(name);
        if let Err(error) = fs::rename(staging.join(name), &target) {
            for path in placed.iter().rev() {
                let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
            }
            return Err(error).with_context(|| target.display().to_string());
        }
        placed.push(target);
    }
    Ok(File::open(data)?.sync_all()?)
}
