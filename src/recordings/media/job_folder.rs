//! A private folder for one run of ffmpeg, gone afterwards, whatever ends the run.

use std::{
    fs::{self, File, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use uuid::Uuid;

/// Lock files younger than this may not have been locked by their owner yet.
const SETTLED: Duration = Duration::from_mins(1);

/// A new folder that only this user may enter, with a name nobody can guess. Dropping it removes it; after a crash
/// [`sweep`] does, since the lock held beside it dies with the process.
#[derive(Debug)]
pub struct JobFolder {
    path: PathBuf,
    lock: PathBuf,
    _held: File,
}

impl JobFolder {
    /// Makes one inside `parent`, which is made too where it is missing.
    pub fn create(parent: &Path) -> io::Result<Self> {
        fs::create_dir_all(parent)?;
        let name = Uuid::new_v4().to_string();
        let lock = parent.join(format!("{name}.lock"));
        let held = File::create_new(&lock)?;
        held.lock()?;
        let folder = Self { path: parent.join(name), lock, _held: held };
        fs::create_dir(&folder.path)?;
        fs::set_permissions(&folder.path, Permissions::from_mode(0o700))?;
        Ok(folder)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for JobFolder {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next sweep.
        if fs::remove_dir_all(&self.path).is_ok() {
            let _ = fs::remove_file(&self.lock);
        }
    }
}

/// Removes the folders in `parent` whose process is gone; answers how many.
pub fn sweep(parent: &Path) -> io::Result<usize> {
    let mut swept = 0;
    for entry in fs::read_dir(parent)? {
        let lock = entry?.path();
        if lock.extension().is_some_and(|extension| extension == "lock") && is_orphan(&lock) {
            let folder = lock.with_extension("");
            if !folder.exists() || fs::remove_dir_all(&folder).is_ok() {
                fs::remove_file(&lock)?;
                swept += 1;
            }
        }
    }
    Ok(swept)
}

fn is_orphan(lock: &Path) -> bool {
    let settled =
        fs::metadata(lock).and_then(|file| file.modified()).is_ok_and(|made| made.elapsed().is_ok_and(|age| age > SETTLED));
    settled && File::open(lock).is_ok_and(|file| file.try_lock().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_goes_with_its_owner() {
        let parent = tempfile::tempdir().unwrap();
        let folder = JobFolder::create(parent.path()).unwrap();
        fs::write(folder.path().join("source"), b"bytes").unwrap();
        assert_eq!(fs::metadata(folder.path()).unwrap().permissions().mode() & 0o777, 0o700);
        drop(folder);
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_sweep_takes_orphans_and_spares_the_living() {
        let parent = tempfile::tempdir().unwrap();
        let living = JobFolder::create(parent.path()).unwrap();
        let orphan = parent.path().join("orphan");
        fs::create_dir(&orphan).unwrap();
        for lock in [orphan.with_extension("lock"), living.lock.clone()] {
            let old = std::time::SystemTime::now() - 2 * SETTLED;
            File::options().append(true).create(true).open(lock).unwrap().set_modified(old).unwrap();
        }
        assert_eq!(sweep(parent.path()).unwrap(), 1);
        assert!(living.path().exists() && !orphan.exists());
    }
}
