//! The archive of a site: an ordinary tar whose files are those of the site's folder, between a mark at the beginning, which tells
//! what it is, and a list at the end, which tells what belongs to the site and proves that all of it is there.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::OpenOptionsExt as _,
    path::{Component, Path},
};

use anyhow::{Context as _, bail, ensure};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tar::{Archive, Builder, EntryType, Header};

use super::{DATABASE, KEYS, OBJECTS, Progress};
use crate::clock::Instant;

const MARK: &str = "lyceum-backup";
const MANIFEST: &str = "manifest.json";
/// The format that we write; we read it and those before.
const FORMAT: u32 = 1;
/// How much is copied at a time.
const CHUNK: usize = 1 << 20;

/// What an archive holds.
#[derive(Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the program that made it.
    pub program: String,
    /// When it was begun.
    pub made_at: Instant,
    /// The files of the site.
    pub files: BTreeMap<String, Content>,
}

/// The content of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    size: u64,
    sha256: String,
}

/// An archive that is being written.
pub struct Writer {
    tar: Builder<File>,
    manifest: Manifest,
}

impl Writer {
    /// A new archive, readable by its owner only.
    pub fn create(path: &Path, now: Instant) -> io::Result<Self> {
        let tar = Builder::new(new_file(path)?);
        let manifest = Manifest { program: env!("CARGO_PKG_VERSION").to_owned(), made_at: now, files: BTreeMap::new() };
        let mut writer = Self { tar, manifest };
        writer.append(MARK, FORMAT.to_string().as_bytes())?;
        Ok(writer)
    }

    fn header(&self, length: u64) -> Header {
        let mut header = Header::new_gnu();
        header.set_entry_type(EntryType::Regular);
        header.set_mode(0o600);
        header.set_size(length);
        header.set_mtime(u64::try_from(self.manifest.made_at.timestamp()).unwrap_or_default());
        header
    }

    fn append(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let mut header = self.header(bytes.len() as u64);
        self.tar.append_data(&mut header, path, bytes)
    }

    /// Adds a file of `length` bytes.
    pub fn add(&mut self, path: &str, length: u64, source: impl Read) -> io::Result<()> {
        let mut header = self.header(length);
        let mut hashed = Hashed::new(source);
        self.tar.append_data(&mut header, path, hashed.by_ref().take(length))?;
        let content = hashed.content();
        if content.size != length {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, format!("{path} ended early")));
        }
        self.manifest.files.insert(path.to_owned(), content);
        Ok(())
    }

    /// Ends the archive, of whose files `belongs` tells which are the site's, and brings it to disk.
    pub fn finish(mut self, belongs: impl Fn(&str) -> bool) -> io::Result<()> {
        self.manifest.files.retain(|path, _| belongs(path));
        let manifest = serde_json::to_vec(&self.manifest)?;
        self.append(MANIFEST, &manifest)?;
        self.tar.into_inner()?.sync_all()
    }
}

/// Unpacks an archive into the empty folder `into` and checks all of it against its list. What fails leaves files there.
pub fn unpack(archive: &Path, into: &Path, progress: &Progress) -> anyhow::Result<Manifest> {
    let file = File::open(archive)?;
    progress.begin("Reading", file.metadata()?.len());
    let mut tar = Archive::new(progress.reading(file));
    let mut entries = tar.entries()?;
    let strange = || format!("{} is no backup that lyceum made", archive.display());
    let mut mark = entries.next().transpose().ok().flatten().with_context(strange)?;
    ensure!(mark.path_bytes() == MARK.as_bytes() && mark.size() < 10, strange());
    let mut format = String::new();
    mark.read_to_string(&mut format)?;
    let format: u32 = format.parse().with_context(strange)?;
    ensure!(format <= FORMAT, "{} was made by a newer lyceum (format {format}): use that one", archive.display());

    let mut files = BTreeMap::new();
    for entry in entries {
        let mut entry = entry.context("the archive is damaged")?;
        let path = String::from_utf8(entry.path_bytes().into_owned()).context("the archive has a file with a strange name")?;
        ensure!(entry.header().entry_type() == EntryType::Regular, "the archive has something else than files: {path:?}");
        if path == MANIFEST {
            let manifest: Manifest = serde_json::from_reader(entry).context("the archive's list of files is damaged")?;
            return checked(manifest, files, into);
        }
        check_path(&path)?;
        let (length, target) = (entry.size(), into.join(&path));
        let unpacked = target.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| new_file(&target));
        let content = unpacked.and_then(|file| copy(&mut entry, file)).with_context(|| format!("{path:?} in the archive"))?;
        ensure!(content.size == length, "the archive is cut short");
        files.insert(path, content);
    }
    bail!("the archive is cut short")
}

/// That the files of the list are there as it says; others, which were given up while the archive was written, go.
fn checked(manifest: Manifest, files: BTreeMap<String, Content>, into: &Path) -> anyhow::Result<Manifest> {
    for (path, content) in &manifest.files {
        let unpacked = files.get(path).with_context(|| format!("{path} is missing in the archive"))?;
        ensure!(unpacked == content, "{path} is damaged in the archive");
    }
    for path in files.keys().filter(|path| !manifest.files.contains_key(*path)) {
        fs::remove_file(into.join(path))?;
    }
    Ok(manifest)
}

/// That a file of an archive may lie where it says.
fn check_path(path: &str) -> anyhow::Result<()> {
    let is_plain = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let is_object = path.strip_prefix(OBJECTS).is_some_and(|rest| rest.starts_with('/') && !rest.ends_with('/'));
    ensure!(
        is_plain && (is_object || path == DATABASE || KEYS.contains(&path)),
        "the archive has a file that is not of a site: {path:?}"
    );
    Ok(())
}

fn new_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

fn copy(source: impl Read, mut target: File) -> io::Result<Content> {
    let mut hashed = Hashed::new(source);
    let mut buffer = vec![0; CHUNK];
    loop {
        match hashed.read(&mut buffer)? {
            0 => return Ok(hashed.content()),
            read => target.write_all(&buffer[..read])?,
        }
    }
}

/// Hashes what is read.
struct Hashed<R> {
    inner: R,
    size: u64,
    sha256: Sha256,
}

impl<R: Read> Hashed<R> {
    fn new(inner: R) -> Self {
        Self { inner, size: 0, sha256: Sha256::new() }
    }

    fn content(self) -> Content {
        Content { size: self.size, sha256: HEXLOWER.encode(&self.sha256.finalize()) }
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.sha256.update(&buffer[..read]);
        self.size += read as u64;
        Ok(read)
    }
}
