//! Restoring: all, or nothing.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Read as _,
    path::Path,
};

use super::{ONE_FOLDER, does, folder, refuses, with_folder};
use crate::{
    app::with_app_set,
    recordings::{CLIP, created, uploaded},
};

/// Names and bytes of an archive's files.
type Files = Vec<(String, Vec<u8>)>;

fn read(archive: &Path) -> Files {
    let mut tar = tar::Archive::new(File::open(archive).expect("a file"));
    let entries = tar.entries().expect("a tar").map(|entry| {
        let mut entry = entry.expect("an entry");
        let (name, mut bytes) = (String::from_utf8(entry.path_bytes().into_owned()).expect("text"), Vec::new());
        entry.read_to_end(&mut bytes).expect("its bytes");
        (name, bytes)
    });
    entries.collect()
}

fn write(archive: &Path, files: &Files) {
    let mut tar = tar::Builder::new(File::create(archive).expect("a file"));
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        if name.contains("..") || name.starts_with('/') {
            // As nobody's program would write it.
            header.as_gnu_mut().expect("such a header").name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_cksum();
            tar.append(&header, &bytes[..]).expect("it is written");
        } else {
            tar.append_data(&mut header, name, &bytes[..]).expect("it is written");
        }
    }
    tar.into_inner().expect("it is whole");
}

/// A backup of a small site; the settings of that.
async fn backed_up(archive: &Path) -> BTreeMap<String, String> {
    let mut settings = BTreeMap::new();
    with_app_set(&ONE_FOLDER, async |app| {
        let trainer = app.trainer().await;
        let film = created(&trainer, "MEMBERS").await;
        uploaded(app, &trainer, &film, CLIP).await;
        does(app.settings(), &["admin", "backup", archive.to_str().expect("text")]).await;
        settings = app.settings().clone();
    })
    .await;
    settings
}

#[tokio::test]
async fn a_broken_or_foreign_archive_is_refused_and_leaves_nothing() {
    let place = folder();
    let (good, broken, site) = (place.path().join("good.tar"), place.path().join("broken.tar"), place.path().join("site"));
    let settings = with_folder(&backed_up(&good).await, &site);
    let restore = ["admin", "restore", broken.to_str().expect("text")];
    let (files, bytes) = (read(&good), fs::read(&good).expect("bytes"));
    let at = |name: &str| files.iter().position(|(file, _)| file.starts_with(name)).expect("a file");

    let attempt = async |why: &str| {
        refuses(&settings, &restore, why).await;
        assert!(!site.exists(), "{why}: something is left");
    };
    fs::write(&broken, b"").expect("written");
    attempt("is no backup that lyceum made").await;
    fs::write(&broken, &CLIP[..4096]).expect("written");
    attempt("is no backup that lyceum made").await;
    for end in [bytes.len() / 3, bytes.len() * 2 / 3, bytes.len() - 4096] {
        fs::write(&broken, &bytes[..end]).expect("written");
        attempt("the archive").await;
    }
    for (name, why) in [("objects/", "is damaged in the archive"), ("lyceum.sqlite", "is damaged in the archive")] {
        let mut files = files.clone();
        let middle = files[at(name)].1.len() / 2;
        files[at(name)].1[middle] ^= 1;
        write(&broken, &files);
        attempt(why).await;
    }
    for (name, why) in [("objects/", "is missing in the archive"), ("lyceum.sqlite", "is missing in the archive")] {
        let mut files = files.clone();
        files.remove(at(name));
        write(&broken, &files);
        attempt(why).await;
    }
    for name in ["../outside", "objects/../../outside", "/tmp/outside", "objects", "lyceum.sqlite-wal"] {
        let mut files = files.clone();
        files.insert(1, (name.to_owned(), b"?".to_vec()));
        write(&broken, &files);
        attempt("a file that is not of a site").await;
    }
    let mut files = files.clone();
    files[0].1 = b"2".to_vec();
    write(&broken, &files);
    attempt("was made by a newer lyceum").await;
    assert!(!place.path().join("outside").exists());
}

/// An archive in which the manifest was made to fit the files.
fn consistent(mut files: Files) -> Files {
    use sha2::{Digest as _, Sha256};
    let (_, manifest) = files.pop().expect("a manifest");
    let mut manifest: serde_json::Value = serde_json::from_slice(&manifest).expect("JSON");
    let listed = files[1..].iter().map(|(name, bytes)| {
        let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(bytes));
        (name.clone(), serde_json::json!({ "size": bytes.len(), "sha256": sha256 }))
    });
    manifest["files"] = serde_json::Value::Object(listed.collect());
    files.push(("manifest.json".to_owned(), manifest.to_string().into_bytes()));
    files
}

/// The archive's database after `change`.
async fn changed(files: &Files, change: &str) -> Files {
    use sea_orm::ConnectionTrait as _;
    let place = folder();
    let path = place.path().join("changed.sqlite");
    let database = files.iter().position(|(name, _)| name == "lyceum.sqlite").expect("a database");
    fs::write(&path, &files[database].1).expect("written");
    let db = sea_orm::Database::connect(format!("sqlite://{}", path.display())).await.expect("it opens");
    db.execute_unprepared(change).await.expect("it is changed");
    db.close().await.expect("it closes");
    let mut files = files.clone();
    files[database].1 = fs::read(&path).expect("bytes");
    consistent(files)
}

#[tokio::test]
async fn an_archive_whose_database_and_objects_do_not_fit_is_refused() {
    let place = folder();
    let (good, broken, site) = (place.path().join("good.tar"), place.path().join("broken.tar"), place.path().join("site"));
    let settings = with_folder(&backed_up(&good).await, &site);
    let restore = ["admin", "restore", broken.to_str().expect("text")];
    let files = read(&good);
    for (change, why) in [
        ("UPDATE object SET size = size + 1", "is not the one of the database"),
        ("UPDATE object SET key = key || 'x'", "is missing in the archive"),
        ("INSERT INTO seaql_migrations VALUES ('m20991231_000001_later', 0)", "was made by a newer lyceum"),
        ("PRAGMA foreign_keys = OFF; DELETE FROM recording", "rows that are not there"),
    ] {
        write(&broken, &changed(&files, change).await);
        refuses(&settings, &restore, why).await;
        assert!(!site.exists(), "{why}: something is left");
    }
    let mut no_database = files.clone();
    no_database.retain(|(name, _)| name != "lyceum.sqlite");
    write(&broken, &consistent(no_database));
    refuses(&settings, &restore, "the archive has no database").await;
    let mut garbage = files;
    let database = garbage.iter().position(|(name, _)| name == "lyceum.sqlite").expect("a database");
    garbage[database].1 = vec![7; 8192];
    write(&broken, &consistent(garbage));
    refuses(&settings, &restore, "the database in the archive").await;
}

#[tokio::test]
async fn a_folder_in_use_is_left_alone() {
    let place = folder();
    let (archive, site) = (place.path().join("backup.tar"), place.path().join("site"));
    let settings = with_folder(&backed_up(&archive).await, &site);
    let restore = ["admin", "restore", archive.to_str().expect("text")];
    fs::create_dir(&site).expect("a folder");
    fs::write(site.join("thesis.txt"), "mine").expect("written");
    refuses(&settings, &restore, "is not empty").await;
    fs::remove_file(site.join("thesis.txt")).expect("removed");
    does(&settings, &restore).await;
    refuses(&settings, &restore, "is not empty").await;
    let config = lyceum::config::Config::from_values(settings.clone()).expect("they hold");
    let _lock = lyceum::running::lock(&config).expect("it is free");
    refuses(&settings, &restore, "is in use by another lyceum").await;
    assert_eq!(fs::read_dir(&site).expect("a folder").count(), 4, "lock, secret, database, objects");
}
