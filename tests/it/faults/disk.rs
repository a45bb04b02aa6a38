//! A disk that is full: a small one in the memory of this machine, which only the server under test sees.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use lyceum::{config::DatabaseUrl, database::Database};
use sea_orm::{ConnectionTrait as _, Statement};

use super::{PUBLIC, assert_away, within};
use crate::{
    accounts::{SIGN_UP, sign_up},
    http_client::{Reply, Server},
    process::Process,
    skipping::skipped,
};

/// Runs the words after it with a disk of 16 MiB, and no privileges, at the folder of its data.
const ON_A_DISK: [&str; 6] = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"];
const MOUNT: &str = "mount -t tmpfs -o size=16m lyceum \"$LYCEUM_DATA\" && exec \"$0\" \"$@\"";

/// Whether this system lets us have one.
fn may_mount() -> bool {
    let tried = Command::new(ON_A_DISK[0])
        .args(&ON_A_DISK[1..])
        .arg("mount -t tmpfs -o size=1m lyceum /mnt && /usr/bin/python3 -c 'import sqlite3'")
        .output();
    let may = tried.as_ref().is_ok_and(|tried| tried.status.success());
    if !may {
        skipped(format_args!("this system allows no disk of our own: {tried:?}"));
    }
    may
}

/// Signs up somebody new, from a network of their own: the most that a visitor can write.
async fn signs_up(server: &Server, number: usize) -> Reply {
    let address = format!("198.18.{}.{}", number >> 8, number & 255);
    let variables = sign_up(&format!("person-{number}@example.org"));
    server.asks_with(SIGN_UP, &variables, &[("x-forwarded-for", &address)]).await
}

/// Fills the disk to its last byte; the file that does so.
fn fill(data: &Path) -> PathBuf {
    let path = data.join("ballast");
    let mut file = std::fs::File::create(&path).expect("a file");
    for size in [1 << 16, 1 << 10, 1] {
        while file.write_all(&vec![0; size]).is_ok() {}
    }
    path
}

/// Leaves no room in the journal either, which is kept at its size. SQLite itself can't be led to a file of another process's
/// disk, so a program that stands on it does so.
fn empty_journal(process: &Process, database: &Path) {
    let code = "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('PRAGMA wal_checkpoint(TRUNCATE)').fetchone())";
    let target = process.id().to_string();
    let done = Command::new("nsenter")
        .args(["--target", &target, "--user", "--preserve-credentials", "--mount", "/usr/bin/python3", "-c", code])
        .arg(database)
        .output()
        .expect("nsenter is where unshare is");
    assert_eq!(String::from_utf8_lossy(&done.stdout), "(0, 0, 0)\n", "{}", String::from_utf8_lossy(&done.stderr));
}

/// What SQLite thinks of a copy of the database.
async fn judged(data: &Path) -> Vec<String> {
    let copy = tempfile::tempdir().expect("a folder");
    for name in ["lyceum.sqlite", "lyceum.sqlite-wal"] {
        std::fs::copy(data.join(name), copy.path().join(name)).expect("it is copied");
    }
    let database = Database::connect(&DatabaseUrl::Sqlite(copy.path().join("lyceum.sqlite"))).await.expect("it opens");
    let mut said = Vec::new();
    for check in ["PRAGMA integrity_check", "PRAGMA foreign_key_check"] {
        let rows = database.read().query_all_raw(Statement::from_string(database.backend(), check)).await.expect("rows");
        said.extend(rows.iter().map(|row| row.try_get_by_index::<String>(0).expect("text")));
    }
    database.close().await;
    said
}

#[tokio::test]
async fn while_the_disk_is_full_people_read_and_nothing_breaks_and_writing_goes_on_once_there_is_room() {
    if !may_mount() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let settings =
        [("LYCEUM_DATA", folder.path().join("data").display().to_string()), ("LYCEUM_TRUSTED_PROXIES", "127.0.0.1".into())];
    std::fs::create_dir(folder.path().join("data")).expect("a folder");
    let settings = settings.map(|(name, value)| (name.to_owned(), value)).into();
    let process = Process::ready(&[&ON_A_DISK[..], &[MOUNT]].concat(), &["serve", "--no-worker"], &settings, folder.path()).await;
    let (server, data) = (process.server(), PathBuf::from(format!("/proc/{}/root", process.id())));
    let data = data.join(folder.path().join("data").strip_prefix("/").expect("a whole path"));
    assert_eq!(signs_up(&server, 0).await.status, 200);

    empty_journal(&process, &folder.path().join("data/lyceum.sqlite"));
    let ballast = fill(&data);
    for number in 1..=5 {
        assert_away(&signs_up(&server, number).await);
        let read = server.asks(PUBLIC, &[]).await;
        assert_eq!((read.status, read.json()["errors"].is_null()), (200, true));
    }
    assert_eq!(super::health(&server).await, (200, 200));

    std::fs::remove_file(ballast).expect("room again");
    within(Duration::from_secs(10), async || signs_up(&server, 1).await.status == 200).await;
    assert_eq!(signs_up(&server, 2).await.status, 200);
    assert_eq!(judged(&data).await, ["ok"], "{}", process.log());
}
