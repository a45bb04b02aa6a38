//! Storing, fetching and deleting whole objects.
//!
//! Results are unwrapped: a panic is how a test fails, and it names the line (`clippy.toml` allows that in tests only).

use super::*;
use crate::objects::{ResponseHeaders, Settings};

#[tokio::test]
async fn an_object_is_stored_fetched_described_and_deleted() {
    let (objects, dir) = storage().await;
    let stored = objects.put("captions/a/b/ar.vtt", "WEBVTT", "text/vtt").await.unwrap();
    // MD5 of the six bytes, as S3 has it.
    assert_eq!(stored.etag, "a1a10e841c3f544047518e14a531b5d1");
    assert_eq!(objects.get("captions/a/b/ar.vtt").await.unwrap(), "WEBVTT");
    assert_eq!(objects.head("captions/a/b/ar.vtt").await.unwrap(), Some(stored));

    objects.delete("captions/a/b/ar.vtt").await.unwrap();
    objects.delete("captions/a/b/ar.vtt").await.unwrap();
    assert_eq!(objects.head("captions/a/b/ar.vtt").await.unwrap(), None);
    assert!(matches!(objects.get("captions/a/b/ar.vtt").await, Err(Error::NotFound)));
    assert!(files(&dir, "objects").is_empty(), "empty folders are left");
}

#[tokio::test]
async fn a_copy_is_an_object_of_its_own() {
    let (objects, _dir) = storage().await;
    let stored = objects.put("a/1", "text", "text/plain").await.expect("stored");
    objects.copy("a/1", "b/2").await.expect("copied");
    objects.put("a/1", "other", "text/html").await.expect("replaced");
    assert_eq!(objects.head("b/2").await.expect("answered"), Some(stored));
    assert_eq!(&objects.get("b/2").await.expect("fetched")[..], b"text");
    assert!(matches!(objects.copy("a/9", "b/9").await, Err(Error::NotFound)));
}

#[tokio::test]
async fn an_empty_object_is_an_object() {
    let (objects, dir) = storage().await;
    assert_eq!(objects.put("empty", "", "text/plain").await.unwrap().size, 0);
    assert_eq!(objects.get("empty").await.unwrap(), "");
    let path = dir.path().join("empty-file");
    std::fs::write(&path, "").unwrap();
    assert_eq!(objects.upload_file("empty-too", &path, "text/plain").await.unwrap().size, 0);
    assert_eq!(objects.download_to("empty-too", &dir.path().join("back")).await.unwrap().size, 0);
}

#[tokio::test]
async fn ranges_give_the_bytes_asked_for() {
    let (objects, _dir) = storage().await;
    objects.put("ten", "0123456789", "video/mp4").await.unwrap();
    assert_eq!(objects.get_range("ten", 0..1).await.unwrap(), "0");
    assert_eq!(objects.get_range("ten", 4..7).await.unwrap(), "456");
    assert_eq!(objects.get_range("ten", 8..99).await.unwrap(), "89");
    assert_eq!(code(objects.get_range("ten", 10..12).await), "InvalidRange");
    assert_eq!(code(objects.get_range("ten", 3..3).await), "InvalidRange");
}

#[tokio::test]
async fn a_key_and_keys_below_it_coexist() {
    let (objects, _dir) = storage().await;
    for key in ["p", "p/q", "p.d/q", "p.o", "p.d"] {
        objects.put(key, key.to_owned(), "text/plain").await.unwrap();
    }
    objects.delete("p/q").await.unwrap();
    for key in ["p", "p.d/q", "p.o", "p.d"] {
        assert_eq!(objects.get(key).await.unwrap(), key);
    }
}

#[tokio::test]
async fn keys_that_could_mean_another_place_are_refused() {
    let (objects, dir) = storage().await;
    let long = "k/".repeat(450) + "k";
    for key in ["../evil", "a/../../evil", "..", ".", "a//b", "/a", "a/", "a\\b", "a\0b", "a\nb", &long, &"n".repeat(251)] {
        assert!(matches!(objects.put(key, "x", "text/plain").await, Err(Error::Refused { .. })), "{key:?} was stored");
        assert!(matches!(objects.create_upload(key, "text/plain").await, Err(Error::Refused { .. })), "{key:?} was begun");
    }
    assert!(files(&dir, "objects").is_empty() && files(&dir, "uploads").is_empty());
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn keys_in_any_script_are_kept() {
    let (objects, _dir) = storage().await;
    let key = "документы/文件/ملف +%20=&?#~.pdf";
    objects.put(key, "x", "application/pdf").await.unwrap();
    assert_eq!(objects.get(key).await.unwrap(), "x");
    assert_eq!(objects.list("документы/", None).await.unwrap()[0].key, key);
}

#[tokio::test]
async fn listings_are_in_the_order_of_keys_and_continue() {
    let (objects, _dir) = storage().await;
    for key in ["b/2", "b/10", "b.x", "b/1/z", "c", "a", "b"] {
        objects.put(key, "x", "text/plain").await.unwrap();
    }
    let keys = async |prefix: &str, after: Option<&str>| {
        let page = objects.list(prefix, after).await.unwrap();
        page.into_iter().map(|object| object.key).collect::<Vec<_>>()
    };
    assert_eq!(keys("", None).await, ["a", "b", "b.x", "b/1/z", "b/10", "b/2", "c"]);
    assert_eq!(keys("b/", None).await, ["b/1/z", "b/10", "b/2"]);
    assert_eq!(keys("b/1", None).await, ["b/1/z", "b/10"]);
    assert_eq!(keys("", Some("b/1/z")).await, ["b/10", "b/2", "c"]);
    assert!(keys("", Some("c")).await.is_empty());
    assert_eq!(objects.list("c", None).await.unwrap()[0].size, 1);
}

#[tokio::test]
async fn many_are_deleted_at_once() {
    let (objects, _dir) = storage().await;
    for key in ["x/1", "x/2", "y"] {
        objects.put(key, "x", "text/plain").await.unwrap();
    }
    objects.delete_many(&["x/1", "x/2", "gone"].map(str::to_owned)).await.unwrap();
    assert_eq!(objects.list("", None).await.unwrap().len(), 1);
    assert_eq!(code(objects.delete_many(&["..".to_owned()]).await), "InvalidURI");
}

#[tokio::test]
async fn what_was_stored_outlives_the_process_and_half_written_files_do_not() {
    let (objects, dir) = storage().await;
    objects.put("kept", "x", "text/plain").await.unwrap();
    let upload = objects.create_upload("later", "text/plain").await.unwrap();
    objects.close(std::time::Duration::from_secs(5)).await;
    assert!(matches!(objects.get("kept").await, Err(Error::Unavailable(_))), "it still serves");

    let temp = dir.path().join("lyceum/temp");
    std::fs::write(temp.join("half"), "half").unwrap();
    std::fs::create_dir_all(temp.join("grave/part")).unwrap();
    let objects = opened(dir.path()).await;
    assert!(files(&dir, "temp").is_empty());
    assert_eq!(objects.get("kept").await.unwrap(), "x");
    assert_eq!(objects.list_parts("later", &upload).await.unwrap(), []);
}

#[tokio::test]
async fn a_damaged_file_is_an_error_and_no_content() {
    let (objects, dir) = storage().await;
    objects.put("kept", "x", "text/plain").await.unwrap();
    std::fs::write(dir.path().join("lyceum/objects/kept.o"), "truncated by a bad disk").unwrap();
    assert!(matches!(objects.get("kept").await, Err(Error::Unavailable(_))));
}

#[tokio::test]
async fn an_interrupted_download_continues_where_it_stopped() {
    let (objects, dir) = storage().await;
    let info = objects.put("video", "0123456789", "video/mp4").await.unwrap();
    let path = dir.path().join("video.mp4");
    // What is there already is not fetched again; other bytes than the object's show that.
    std::fs::write(dir.path().join(format!("video.mp4.{}.part", info.etag)), "ABCD").unwrap();
    std::fs::write(dir.path().join("video.mp4.anotheretag.part"), "WXYZ").unwrap();
    assert_eq!(objects.download_to("video", &path).await.unwrap(), info);
    assert_eq!(std::fs::read(&path).unwrap(), b"ABCD456789");
    assert!(matches!(objects.download_to("missing", &path).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_large_file_goes_up_in_parts_and_comes_back_the_same() {
    let (objects, dir) = storage().await;
    let (up, down) = (dir.path().join("up"), dir.path().join("down"));
    let bytes: Vec<u8> = (0..(17_u32 << 20)).map(|n| (n % 251) as u8).collect();
    std::fs::write(&up, &bytes).unwrap();
    let info = objects.upload_file("large", &up, "video/mp4").await.unwrap();
    assert!(info.etag.ends_with("-2"), "{info:?} was not sent in parts");
    assert_eq!(objects.head("large").await.unwrap().as_ref(), Some(&info));
    objects.download_to("large", &down).await.unwrap();
    assert!(std::fs::read(&down).unwrap() == bytes, "the bytes differ");
    assert!(files(&dir, "uploads").is_empty() && files(&dir, "temp").is_empty());
}

#[tokio::test]
async fn several_writers_of_one_key_leave_one_whole_object() {
    let (objects, dir) = storage().await;
    let write = |letter: u8| {
        let objects = objects.clone();
        async move { objects.put("a/b", vec![letter; 100_000], "text/plain").await }
    };
    futures_util::future::join_all((b'a'..=b'h').map(write)).await.into_iter().for_each(|put| drop(put.unwrap()));
    let bytes = objects.get("a/b").await.unwrap();
    assert!(bytes.len() == 100_000 && bytes.iter().all(|byte| *byte == bytes[0]));
    assert!(files(&dir, "temp").is_empty());
}

#[tokio::test]
async fn deleting_neighbours_takes_no_folder_from_a_new_object() {
    let (objects, _dir) = storage().await;
    let churn = async |name: &str| {
        for _ in 0..20 {
            objects.put(name, "x", "text/plain").await.unwrap();
            assert_eq!(objects.get(name).await.unwrap(), "x");
            objects.delete(name).await.unwrap();
        }
    };
    tokio::join!(churn("a/b/1"), churn("a/b/2"), churn("a/c"));
}

#[tokio::test]
async fn a_storage_that_is_away_is_unavailable_and_not_empty() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let objects = Objects::connect(Settings {
        endpoint: Some(format!("http://{free}")),
        public_endpoint: None,
        region: "test".to_owned(),
        bucket: "test".to_owned(),
        access_key: "test".to_owned(),
        secret_key: "test".to_owned().into(),
        create_bucket: true,
        origins: Vec::new(),
    });
    assert!(matches!(objects.head("key").await, Err(Error::Unavailable(_))));
    assert!(matches!(objects.list("", None).await, Err(Error::Unavailable(_))));
    assert!(matches!(objects.ensure_bucket().await, Err(Error::Unavailable(_))));
}

#[tokio::test]
async fn a_reader_that_stalls_is_cut_off() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let (objects, _dir) = storage().await;
    let whole = 64 << 20;
    objects.put("film", vec![0; whole], "video/mp4").await.unwrap();
    let address = objects.presign_get("film", std::time::Duration::from_mins(1), &ResponseHeaders::default()).await.unwrap();
    let (_, path) = address.split_once("://").and_then(|(_, rest)| rest.split_once('/')).expect("an address");
    let listening = objects.listening().expect("it listens");
    let mut reader = tokio::net::TcpStream::connect(listening).await.unwrap();
    reader.write_all(format!("GET /{path} HTTP/1.1\r\nhost: {listening}\r\n\r\n").as_bytes()).await.unwrap();
    tokio::time::sleep(crate::stalling::STALL * 3).await;
    let mut read = Vec::new();
    let _ = reader.read_to_end(&mut read).await;
    assert!(read.starts_with(b"HTTP/1.1 200") && read.len() < whole, "{} bytes", read.len());
}
