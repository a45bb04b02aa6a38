//! Backing up a site that is in one folder, while it is served.
//!
//! First come the objects of a snapshot of the database, then those of a newer one, and so on until one is found whose objects
//! are all in the archive; that one closes it. An object's bytes never change, and they go only after its row said so: what is
//! missing was given up meanwhile and is not in the next snapshot, so rounds get short.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File, Permissions},
    io::{self, Read},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, Statement};
use tempfile::TempPath;
use tokio::task::spawn_blocking;

use super::{DATABASE, KEYS, OBJECTS, Progress, archive::Writer, in_folder, snapshot};
use crate::{
    app::App,
    config::Config,
    files::object::{self, State},
    objects::{EtagCheck, Folder, FolderObject},
    recordings::discarding,
    running::explain,
};

/// Snapshots that are tried at most.
const ROUNDS: u32 = 20;

/// What was backed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackedUp {
    /// Number of objects.
    pub objects: usize,
    /// Length of the archive.
    pub bytes: u64,
}

/// Backs the site of the settings up into the new file `archive`, which appears only when it is whole and on disk.
pub async fn back_up(config: &Config, archive: &Path, progress: &Progress) -> anyhow::Result<BackedUp> {
    let app = in_folder(config, "backup").await?;
    ensure!(!archive.exists(), "{} exists already", archive.display());
    let folder = archive.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut work = tempfile::Builder::new();
    let work = work.prefix(".lyceum-backup-").permissions(Permissions::from_mode(0o700)).tempdir_in(folder);
    let work = work.with_context(|| folder.display().to_string())?;
    let half = work.path().join("archive");
    let mut backup =
        Backup { data: config.data.clone(), writer: Writer::create(&half, app.clock.now())?, paths: BTreeMap::new() };
    let mut missing = Vec::new();
    for round in 1..=ROUNDS {
        let database = work.path().join(format!("{round}.sqlite"));
        let objects = taken(&app, &database).await?;
        let (number, progress) = (objects.len(), progress.clone());
        let added = spawn_blocking(move || backup.add(&objects, &database, &progress)).await??;
        match added {
            Added::All => {
                let bytes = fs::metadata(&half)?.len();
                TempPath::try_from_path(half)?.persist_noclobber(archive).with_context(|| archive.display().to_string())?;
                File::open(folder)?.sync_all()?;
                return Ok(BackedUp { objects: number, bytes });
            }
            Added::But(gone, so_far) => {
                // Rows that have bytes outlive them in no snapshot, so these were lost some other way.
                if let Some(lost) = gone.iter().find(|key| missing.contains(*key)) {
                    bail!("the object {lost} is missing; `lyceum admin storage-check` lists what else is");
                }
                (missing, backup) = (gone, so_far);
            }
        }
    }
    bail!("objects are deleted faster than they can be copied: try again")
}

/// Takes a snapshot of the database, and tells which objects it has.
async fn taken(app: &App, path: &Path) -> anyhow::Result<Vec<object::Model>> {
    let target = path.to_str().context("the archive's path is not text")?;
    let vacuum = Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO ?", [target.into()]);
    app.db.write().execute_raw(vacuum).await?;
    let db = snapshot::open(path).await?;
    // The parts of open uploads are not in the archive.
    discarding::lose_parts(&db).await.map_err(|err| explain(&err))?;
    let stored = object::Entity::find().filter(object::Column::State.eq(State::Stored)).order_by_asc(object::Column::Id);
    let objects = stored.all(&db).await?;
    db.close().await?;
    Ok(objects)
}

/// An archive that is being made.
struct Backup {
    data: PathBuf,
    writer: Writer,
    /// The objects that are in it, by key, with their paths there.
    paths: BTreeMap<String, String>,
}

/// What came of a round.
enum Added {
    /// The archive is whole.
    All,
    /// These keys are missing in storage.
    But(Vec<String>, Backup),
}

impl Backup {
    /// Adds objects that are not there yet and, if none is missing, all else, which ends the archive.
    fn add(mut self, objects: &[object::Model], database: &Path, progress: &Progress) -> anyhow::Result<Added> {
        let folder = Folder::new(&self.data.join(OBJECTS));
        let sizes = objects.iter().filter_map(|object| u64::try_from(object.size?).ok());
        progress.begin("Backing up", sizes.sum::<u64>() + fs::metadata(database)?.len());
        let (mut files, mut missing) = (BTreeSet::new(), Vec::new());
        for object in objects {
            if let Some(path) = self.paths.get(&object.key) {
                files.insert(path.clone());
                progress.advance(object.size.and_then(|size| u64::try_from(size).ok()).unwrap_or_default())?;
                continue;
            }
            let Some(found) = folder.object(&object.key)? else {
                missing.push(object.key.clone());
                continue;
            };
            let path = self.add_object(object, found, progress)?;
            files.insert(path.clone());
            self.paths.insert(object.key.clone(), path);
        }
        if !missing.is_empty() {
            return Ok(Added::But(missing, self));
        }
        self.add_file(DATABASE, database, progress)?;
        files.insert(DATABASE.to_owned());
        for key in KEYS {
            let path = self.data.join(key);
            if path.exists() {
                self.add_file(key, &path, progress)?;
                files.insert(key.to_owned());
            }
        }
        self.writer.finish(|path| files.contains(path))?;
        progress.end();
        Ok(Added::All)
    }

    fn add_file(&mut self, name: &str, path: &Path, progress: &Progress) -> io::Result<()> {
        let file = File::open(path)?;
        self.writer.add(name, file.metadata()?.len(), progress.reading(file))
    }

    /// Adds an object whose bytes must be those that its row stands for; gives its name in the archive.
    fn add_object(&mut self, row: &object::Model, found: FolderObject, progress: &Progress) -> anyhow::Result<String> {
        let path = Path::new(OBJECTS).join(&found.path).to_str().context("the object's path is not text")?.to_owned();
        let (size, etag) = (row.size.and_then(|size| u64::try_from(size).ok()).unwrap_or_default(), row.etag.as_deref());
        let mut checked =
            Checked { inner: progress.reading(found.file), left: size, check: EtagCheck::new(size, etag.unwrap_or_default()) };
        self.writer.add(&path, found.length, &mut checked)?;
        ensure!(found.size == size && checked.check.holds(), "the bytes of {} are not those that were stored", row.key);
        Ok(path)
    }
}

/// Checks the object at the beginning of what is read.
struct Checked<R> {
    inner: R,
    left: u64,
    check: EtagCheck,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let of_object = usize::try_from(self.left).unwrap_or(usize::MAX).min(read);
        self.check.update(&buffer[..of_object]);
        self.left -= of_object as u64;
        Ok(read)
    }
}
