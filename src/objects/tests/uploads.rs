//! Uploads in parts.
//!
//! Results are unwrapped: a panic is how a test fails, and it names the line (`clippy.toml` allows that in tests only).

use std::time::Duration;

use super::*;
use crate::objects::Part;

const HOUR: Duration = Duration::from_hours(1);
const MIB: usize = 1 << 20;

/// Sends a part as a browser does and returns what the storage says of it.
async fn send_part(objects: &Objects, upload: &str, number: i32, body: Vec<u8>) -> Part {
    let size = body.len() as u64;
    let to = objects.presign_part("film", upload, number, size, HOUR).await.unwrap();
    let answer = put(&to, body).await;
    assert_eq!(answer.status(), 200, "{:?}", answer.body());
    Part { number, size, etag: header(answer.headers(), "etag").trim_matches('"').to_owned() }
}

#[tokio::test]
async fn an_upload_resumes_with_the_parts_that_arrived() {
    let (objects, dir) = storage().await;
    let upload = objects.create_upload("film", "video/mp4").await.unwrap();
    let second = send_part(&objects, &upload, 2, vec![b'b'; MIB]).await;
    send_part(&objects, &upload, 1, vec![b'x'; 6 * MIB]).await;
    let first = send_part(&objects, &upload, 1, vec![b'a'; 5 * MIB]).await;
    objects.close(Duration::from_secs(5)).await;

    let objects = opened(dir.path()).await;
    let parts = objects.list_parts("film", &upload).await.unwrap();
    assert_eq!(parts, [first, second], "a part sent again replaces the earlier one");
    assert_eq!(objects.head("film").await.unwrap(), None);

    let etag = objects.complete_upload("film", &upload, &parts).await.unwrap();
    let film = objects.head("film").await.unwrap().unwrap();
    assert_eq!((film.size, film.content_type.as_deref()), (6 * MIB as u64, Some("video/mp4")));
    assert_eq!(film.etag, etag);
    assert!(etag.ends_with("-2"));
    assert_eq!(objects.get_range("film", 5 * MIB as u64 - 1..5 * MIB as u64 + 1).await.unwrap(), "ab");
    assert!(files(&dir, "uploads").is_empty() && files(&dir, "temp").is_empty());
}

#[tokio::test]
async fn completing_twice_answers_the_same() {
    let (objects, dir) = storage().await;
    let upload = objects.create_upload("film", "video/mp4").await.unwrap();
    let parts = [send_part(&objects, &upload, 1, b"film".to_vec()).await];
    let (one, two) =
        tokio::join!(objects.complete_upload("film", &upload, &parts), objects.complete_upload("film", &upload, &parts));
    let etag = one.unwrap();
    assert_eq!(two.unwrap(), etag);
    assert_eq!(objects.complete_upload("film", &upload, &parts).await.unwrap(), etag);
    assert_eq!(objects.get("film").await.unwrap(), "film");

    let other = [Part { etag: "0".repeat(32), ..parts[0].clone() }];
    assert_eq!(code(objects.complete_upload("film", &upload, &other).await), "InvalidPart");

    // A crash after the object is in place, before the upload is forgotten.
    let left = dir.path().join("lyceum/uploads").join(&upload);
    std::fs::create_dir(&left).unwrap();
    std::fs::write(left.join("upload.json"), r#"{"key":"film","content_type":null}"#).unwrap();
    assert_eq!(objects.complete_upload("film", &upload, &parts).await.unwrap(), etag);
    assert!(files(&dir, "uploads").is_empty());
}

#[tokio::test]
async fn a_list_that_differs_from_what_arrived_is_refused_and_loses_nothing() {
    let (objects, dir) = storage().await;
    let upload = objects.create_upload("film", "video/mp4").await.unwrap();
    let first = send_part(&objects, &upload, 1, vec![b'a'; 5 * MIB]).await;
    let small = send_part(&objects, &upload, 2, b"small".to_vec()).await;
    let third = send_part(&objects, &upload, 3, b"end".to_vec()).await;
    let wrong = Part { etag: "0".repeat(32), ..small.clone() };
    let missing = Part { number: 4, ..small.clone() };

    let complete = async |parts: &[&Part]| {
        let parts: Vec<_> = parts.iter().map(|part| (*part).clone()).collect();
        objects.complete_upload("film", &upload, &parts).await
    };
    assert_eq!(code(complete(&[&first, &wrong]).await), "InvalidPart");
    assert_eq!(code(complete(&[&first, &missing]).await), "InvalidPart");
    assert_eq!(code(complete(&[&first, &first]).await), "InvalidPartOrder");
    assert_eq!(code(complete(&[&first, &small, &third]).await), "EntityTooSmall");
    assert_eq!(code(complete(&[]).await), "MalformedXML");
    assert_eq!(objects.head("film").await.unwrap(), None);
    assert_eq!(objects.list_parts("film", &upload).await.unwrap().len(), 3);
    assert!(files(&dir, "temp").is_empty());

    complete(&[&first, &third]).await.unwrap();
    assert_eq!(objects.head("film").await.unwrap().unwrap().size, first.size + third.size);
}

#[tokio::test]
async fn an_upload_belongs_to_its_key_and_ends_when_aborted() {
    let (objects, dir) = storage().await;
    let upload = objects.create_upload("film", "video/mp4").await.unwrap();
    let part = send_part(&objects, &upload, 1, b"film".to_vec()).await;
    assert!(matches!(objects.list_parts("other", &upload).await, Err(Error::NotFound)));
    assert!(matches!(objects.complete_upload("other", &upload, std::slice::from_ref(&part)).await, Err(Error::NotFound)));
    assert!(matches!(objects.list_parts("film", "../temp").await, Err(Error::NotFound)));

    let late = objects.presign_part("film", &upload, 2, 4, HOUR).await.unwrap();
    objects.abort_upload("film", &upload).await.unwrap();
    objects.abort_upload("film", &upload).await.unwrap();
    assert!(matches!(objects.list_parts("film", &upload).await, Err(Error::NotFound)));
    assert!(matches!(objects.complete_upload("film", &upload, &[part]).await, Err(Error::NotFound)));
    assert_eq!(put(&late, "late").await.status(), 404);
    assert!(files(&dir, "uploads").is_empty() && files(&dir, "temp").is_empty());
}

#[tokio::test]
async fn parts_are_listed_over_several_pages() {
    let (objects, dir) = storage().await;
    let upload = objects.create_upload("film", "video/mp4").await.unwrap();
    send_part(&objects, &upload, 1, b"part".to_vec()).await;
    let folder = dir.path().join("lyceum/uploads").join(&upload);
    for number in 2..=1203 {
        std::fs::copy(folder.join("00001"), folder.join(format!("{number:05}"))).unwrap();
    }
    let numbers: Vec<_> = objects.list_parts("film", &upload).await.unwrap().into_iter().map(|part| part.number).collect();
    assert_eq!(numbers, (1..=1203).collect::<Vec<_>>());
}
