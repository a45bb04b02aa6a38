//! Buckets and objects on disk. Everything here blocks.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use s3s::{S3ErrorCode, S3Result, s3_error};

use super::stored::{Meta, Stored, Temp};
use super::{Users, disk_failure};

/// A key may have this many bytes; S3 says 1024, and a path has to fit what the system takes.
const LONGEST_KEY: usize = 900;
/// What lies between two slashes becomes a file name, which may have 255 bytes.
const LONGEST_SEGMENT: usize = 250;
/// Folders and objects end differently, so the keys `p` and `p/q` live side by side.
const FOLDER: &str = ".d";
const OBJECT: &str = ".o";

/// All buckets.
pub struct Disk {
    root: PathBuf,
    names: Arc<Mutex<()>>,
}

/// One bucket.
#[derive(Clone)]
pub struct Bucket {
    dir: PathBuf,
    /// Held while names change, so that no folder is removed as empty under an object that is just arriving.
    names: Arc<Mutex<()>>,
}

impl Disk {
    /// Opens the folder, makes it when missing, and clears what a crash left, if nobody else uses it.
    pub fn open(root: PathBuf, users: Users) -> io::Result<Self> {
        fs::create_dir_all(&root)?;
        if users == Users::Several {
            return Ok(Self { root, names: Arc::default() });
        }
        for bucket in fs::read_dir(&root)? {
            for left in fs::read_dir(bucket?.path().join("temp")).into_iter().flatten() {
                remove(&left?.path())?;
            }
        }
        Ok(Self { root, names: Arc::default() })
    }

    /// Makes a bucket; s3s has checked its name.
    pub fn create(&self, name: &str) -> S3Result<()> {
        let dir = self.root.join(name);
        for folder in ["objects", "uploads", "temp"] {
            create_dirs(&dir.join(folder)).map_err(disk_failure)?;
        }
        Ok(())
    }

    /// A bucket, whether it is there or not.
    pub fn named(root: &Path, name: &str) -> Bucket {
        Bucket { dir: root.join(name), names: Arc::default() }
    }

    /// A bucket that is there.
    pub fn bucket(&self, name: &str) -> S3Result<Bucket> {
        let dir = self.root.join(name);
        // The last folder that creation makes.
        if !dir.join("temp").is_dir() {
            return Err(s3_error!(NoSuchBucket));
        }
        Ok(Bucket { dir, names: self.names.clone() })
    }
}

impl Bucket {
    /// The folder of half-written files.
    pub fn temp(&self) -> PathBuf {
        self.dir.join("temp")
    }

    /// The folder of unfinished uploads.
    pub fn uploads(&self) -> PathBuf {
        self.dir.join("uploads")
    }

    fn objects(&self) -> PathBuf {
        self.dir.join("objects")
    }

    /// Opens an object. Its key is where it lies: a file that somebody moved says another, and whoever goes on from that in a
    /// listing never comes to the end.
    pub fn object(&self, key: &str) -> S3Result<Stored> {
        let mut object = Stored::open(&self.path(key)?).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => s3_error!(NoSuchKey),
            _ => disk_failure(error),
        })?;
        key.clone_into(&mut object.meta.key);
        Ok(object)
    }

    /// Renames a sealed file into the place of `key`. Unless `replace`, an object that is there already stays.
    pub fn keep(&self, temp: &Temp, key: &str, replace: bool) -> S3Result<()> {
        let path = self.path(key)?;
        let _held = self.hold_names();
        if !replace && path.exists() {
            return Err(s3_error!(PreconditionFailed));
        }
        let folder = path.parent().unwrap_or(&self.dir);
        let renamed = create_dirs(folder).and_then(|()| fs::rename(&temp.path, &path)).and_then(|()| sync_dir(folder));
        renamed.map_err(disk_failure)
    }

    /// Copies an object over any that the key `to` has; its `ETag`.
    pub fn copy(&self, from: &str, to: String) -> S3Result<String> {
        let source = self.object(from)?;
        let mut temp = Temp::create(&self.temp()).map_err(disk_failure)?;
        let copied = io::copy(&mut io::Read::take(source.file, source.size), &mut temp.file).map_err(disk_failure)?;
        if copied != source.size {
            return Err(disk_failure(io::ErrorKind::UnexpectedEof.into()));
        }
        let meta = Meta { key: to, upload: None, ..source.meta };
        temp.seal(&meta).map_err(disk_failure)?;
        self.keep(&temp, &meta.key, true)?;
        Ok(meta.etag)
    }

    /// Removes an object, if it is there, and the folders that it leaves empty.
    pub fn delete(&self, key: &str) -> S3Result<()> {
        let path = self.path(key)?;
        let _held = self.hold_names();
        if let Err(error) = fs::remove_file(&path) {
            return if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(disk_failure(error)) };
        }
        let top = self.objects();
        let left = path.ancestors().skip(1).find(|folder| **folder == *top || fs::remove_dir(folder).is_err());
        sync_dir(left.unwrap_or(&top)).map_err(disk_failure)
    }

    /// The first `limit` objects after the key `after` whose keys begin with `prefix`, in the order of the keys' bytes, and the
    /// last of those keys when there are more.
    pub fn list(&self, prefix: &str, after: &str, limit: usize) -> S3Result<(Vec<Stored>, Option<String>)> {
        let mut keys = Vec::new();
        collect(&self.objects(), "", &Wanted { prefix, after }, &mut keys).map_err(disk_failure)?;
        keys.sort_unstable();
        let more = keys.len() > limit;
        keys.truncate(limit);
        let deleted_since = |object: &S3Result<Stored>| matches!(object, Err(error) if *error.code() == S3ErrorCode::NoSuchKey);
        let objects = keys.iter().map(|key| self.object(key)).filter(|object| !deleted_since(object));
        let objects = objects.collect::<S3Result<_>>()?;
        Ok((objects, keys.pop().filter(|_| more)))
    }

    fn hold_names(&self) -> MutexGuard<'_, ()> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where an object lies. Refuses keys that could mean another place or that no listing could show.
    pub fn path(&self, key: &str) -> S3Result<PathBuf> {
        check_key(key)?;
        let (folders, name) = key.rsplit_once('/').map_or((None, key), |(folders, name)| (Some(folders), name));
        let mut path = self.objects();
        path.extend(folders.into_iter().flat_map(|folders| folders.split('/')).map(|segment| format!("{segment}{FOLDER}")));
        path.push(format!("{name}{OBJECT}"));
        Ok(path)
    }
}

/// Refuses empty segments, `.`, `..`, backslashes, control characters and what is too long for a file name.
pub fn check_key(key: &str) -> S3Result<()> {
    if key.len() > LONGEST_KEY || key.split('/').any(|segment| segment.len() > LONGEST_SEGMENT) {
        return Err(s3_error!(KeyTooLongError));
    }
    let bad = key.split('/').any(|segment| matches!(segment, "" | "." | ".."));
    if bad || key.chars().any(|c| c == '\\' || c.is_control()) {
        return Err(s3_error!(InvalidURI, "This key is not accepted."));
    }
    Ok(())
}

/// Which keys a listing is about.
struct Wanted<'a> {
    prefix: &'a str,
    after: &'a str,
}

impl Wanted<'_> {
    fn object(&self, key: &str) -> bool {
        key.starts_with(self.prefix) && key > self.after
    }

    /// Whether any key that begins with `path`, which ends with a slash, could be wanted.
    fn folder(&self, path: &str) -> bool {
        (path.starts_with(self.prefix) || self.prefix.starts_with(path)) && (path > self.after || self.after.starts_with(path))
    }
}

/// Adds the wanted keys under a folder whose keys begin with `path`.
fn collect(folder: &Path, path: &str, wanted: &Wanted, keys: &mut Vec<String>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        // Its last object was deleted just now.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        if let Some(segment) = name.strip_suffix(OBJECT) {
            let key = format!("{path}{segment}");
            if wanted.object(&key) {
                keys.push(key);
            }
        } else if let Some(segment) = name.strip_suffix(FOLDER) {
            let path = format!("{path}{segment}/");
            if wanted.folder(&path) {
                collect(&entry.path(), &path, wanted, keys)?;
            }
        }
    }
    Ok(())
}

/// Removes a file or a folder with all in it.
pub fn remove(path: &Path) -> io::Result<()> {
    if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }
}

/// Makes a folder and those above it, each on disk before the next.
fn create_dirs(dir: &Path) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let Some(parent) = dir.parent() else {
        return Ok(());
    };
    create_dirs(parent)?;
    match fs::create_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made.and_then(|()| sync_dir(parent)),
    }
}

/// Brings a folder's names to disk: after this a rename or removal in it outlives a power cut.
pub fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}
