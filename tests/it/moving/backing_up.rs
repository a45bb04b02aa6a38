//! Backing up while the site is used.

use std::{os::unix::fs::PermissionsExt as _, path::Path, time::Duration};

use lyceum::files::{object, storing};
use rustix::process::{Pid, Signal, kill_process};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tokio::process::Child;

use super::{ONE_FOLDER, Stage, command, differing, does, film, findings, folder, refuses, start_in, with_folder};
use crate::{
    app::{TestApp, with_app_set},
    recordings::{CLIP, created, uploaded},
};

/// The rows of stored objects, oldest first.
async fn stored(app: &TestApp) -> Vec<object::Model> {
    let stored = object::Entity::find().filter(object::Column::State.eq(object::State::Stored));
    let mut rows = stored.all(app.db.read()).await.expect("they can be read");
    rows.sort_by_key(|row| row.id);
    rows
}

#[tokio::test]
async fn a_site_is_backed_up_while_people_change_it_and_restored_whole() {
    with_app_set(&ONE_FOLDER, async |app| {
        let stage = Stage::on(app).await;
        let place = folder();
        let path = |name: &str| place.path().join(name).display().to_string();
        let busy = async {
            does(app.settings(), &["admin", "backup", &path("busy.tar")]).await;
            does(app.settings(), &["admin", "backup", &path("again.tar")]).await;
        };
        stage.goes_on_during(app, busy).await;
        let said = does(app.settings(), &["admin", "backup", &path("quiet.tar")]).await;
        assert!(said.contains(&format!("{} objects", stored(app).await.len())), "{said}");

        for name in ["busy", "again", "quiet"] {
            let site = place.path().join(name);
            does(&with_folder(app.settings(), &site), &["admin", "restore", &path(&format!("{name}.tar"))]).await;
            let restored = start_in(&site).await;
            if name == "quiet" {
                assert_eq!(differing(app, &restored).await, ["upload"], "but for what storage called the open upload");
            }
            assert_eq!(findings(&restored).await, [""; 0], "{name}");
            stage.lives_on(&restored).await;
            assert_eq!(std::fs::read(site.join("secret")).ok(), std::fs::read(app.config.data.join("secret")).ok());
        }
    })
    .await;
}

#[tokio::test]
async fn a_backup_is_for_its_owner_alone_and_leaves_nothing_beside_it() {
    with_app_set(&ONE_FOLDER, async |app| {
        let place = folder();
        let file = place.path().join("backup.tar");
        let name = file.to_str().expect("text");
        does(app.settings(), &["admin", "backup", name]).await;
        assert_eq!(std::fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o600);
        refuses(app.settings(), &["admin", "backup", name], "exists already").await;
        assert_eq!(std::fs::read_dir(place.path()).expect("a folder").count(), 1);
    })
    .await;
}

/// Waits until `archive`, which is being made in `place`, has a megabyte.
async fn is_begun(place: &Path) {
    for _ in 0..20_000 {
        let folders = std::fs::read_dir(place).expect("a folder").flatten();
        let sizes = folders.filter_map(|folder| Some(folder.path().join("archive").metadata().ok()?.len()));
        if sizes.max().is_some_and(|size| size > 1 << 20) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("no backup was begun");
}

/// A backup that was halted when it had begun.
async fn halted(app: &TestApp, place: &Path, file: &str) -> (Child, Pid) {
    let backup = command(app.settings(), &["admin", "backup", file]).spawn().expect("it can be run");
    let id = backup.id().and_then(|id| Pid::from_raw(id.cast_signed())).expect("it runs");
    is_begun(place).await;
    kill_process(id, Signal::STOP).expect("it halts");
    (backup, id)
}

#[tokio::test]
async fn a_backup_that_is_stopped_leaves_nothing() {
    with_app_set(&ONE_FOLDER, async |app| {
        let trainer = app.trainer().await;
        let talk = created(&trainer, "MEMBERS").await;
        uploaded(app, &trainer, &talk, &film(96 << 20)).await;
        let place = folder();
        let file = place.path().join("backup.tar").display().to_string();
        let (backup, id) = halted(app, place.path(), &file).await;
        kill_process(id, Signal::TERM).expect("it is told to stop");
        kill_process(id, Signal::CONT).expect("it goes on");
        let output = backup.wait_with_output().await.expect("it ends");
        assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("stopped"));
        assert_eq!(std::fs::read_dir(place.path()).expect("a folder").count(), 0);
    })
    .await;
}

#[tokio::test]
async fn an_object_that_is_deleted_during_a_backup_is_in_neither_part_of_it() {
    with_app_set(&ONE_FOLDER, async |app| {
        let trainer = app.trainer().await;
        let (large, small) = (created(&trainer, "MEMBERS").await, created(&trainer, "MEMBERS").await);
        uploaded(app, &trainer, &large, &film(96 << 20)).await;
        uploaded(app, &trainer, &small, CLIP).await;
        let last = stored(app).await.pop().expect("an object");

        let place = folder();
        let file = place.path().join("backup.tar").display().to_string();
        let (backup, id) = halted(app, place.path(), &file).await;
        // The snapshot is taken, the large film is being copied, the small one is not: it goes now.
        lyceum::transact!(app, |tx| storing::doom(tx, last.id).await).expect("it is doomed");
        app.run_jobs().await;
        assert!(!Path::new(&file).exists());
        kill_process(id, Signal::CONT).expect("it goes on");
        let output = backup.wait_with_output().await.expect("it ends");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

        let site = place.path().join("site");
        does(&with_folder(app.settings(), &site), &["admin", "restore", &file]).await;
        let restored = start_in(&site).await;
        assert_eq!(stored(&restored).await, stored(app).await);
        assert_eq!(findings(&restored).await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn an_object_that_is_lost_or_damaged_is_named_and_no_backup_is_made() {
    with_app_set(&ONE_FOLDER, async |app| {
        let trainer = app.trainer().await;
        let talk = created(&trainer, "MEMBERS").await;
        uploaded(app, &trainer, &talk, CLIP).await;
        let key = stored(app).await.pop().expect("an object").key;
        let place = folder();
        let file = place.path().join("backup.tar").display().to_string();
        let whole = app.objects.get(&key).await.expect("its bytes");

        let mut damaged = whole.to_vec();
        damaged[100] ^= 1;
        app.objects.put(&key, damaged, "video/mp4").await.expect("it is stored");
        refuses(app.settings(), &["admin", "backup", &file], &format!("the bytes of {key}")).await;
        app.objects.delete(&key).await.expect("it is deleted");
        refuses(app.settings(), &["admin", "backup", &file], &format!("the object {key} is missing")).await;
        assert_eq!(std::fs::read_dir(place.path()).expect("a folder").count(), 0);
        app.objects.put(&key, whole, "video/mp4").await.expect("it is stored");
        does(app.settings(), &["admin", "backup", &file]).await;
    })
    .await;
}

#[tokio::test]
async fn a_folder_without_a_site_is_not_backed_up_and_stays_as_it_is() {
    let place = folder();
    let (data, file) = (place.path().join("none"), place.path().join("backup.tar").display().to_string());
    let settings = with_folder(&std::collections::BTreeMap::new(), &data);
    refuses(&settings, &["admin", "backup", &file], "there is no site in").await;
    let mut elsewhere = settings.clone();
    elsewhere.insert("DATABASE_URL".into(), "postgres://nobody@127.0.0.1:1/none".into());
    refuses(&elsewhere, &["admin", "restore", &file], "docs/backup.md").await;
    assert!(!data.exists());
}
