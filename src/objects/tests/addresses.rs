//! Presigned addresses, as strangers would use and abuse them.
//!
//! Results are unwrapped: a panic is how a test fails, and it names the line (`clippy.toml` allows that in tests only).

use std::time::{Duration, SystemTime};

use aws_sdk_s3::presigning::PresigningConfig;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;
use crate::objects::ResponseHeaders;

const MINUTE: Duration = Duration::from_mins(1);

async fn get(url: &str, headers: &[(&str, &str)]) -> Response<Bytes> {
    send(Method::GET, url, headers, "").await
}

async fn address(objects: &Objects, key: &str) -> String {
    objects.presign_get(key, MINUTE, &ResponseHeaders::default()).await.unwrap()
}

#[tokio::test]
async fn a_presigned_address_serves_the_object_and_its_ranges() {
    let (objects, _dir) = storage().await;
    objects.put("v/film.mp4", "0123456789", "video/mp4").await.unwrap();
    let url = address(&objects, "v/film.mp4").await;

    let whole = get(&url, &[]).await;
    assert_eq!((whole.status().as_u16(), whole.body().as_ref()), (200, b"0123456789".as_slice()));
    assert_eq!(header(whole.headers(), "content-type"), "video/mp4");
    assert_eq!(header(whole.headers(), "content-length"), "10");
    assert_eq!(header(whole.headers(), "accept-ranges"), "bytes");

    let part = get(&url, &[("range", "bytes=2-4")]).await;
    assert_eq!((part.status().as_u16(), part.body().as_ref()), (206, b"234".as_slice()));
    assert_eq!(header(part.headers(), "content-range"), "bytes 2-4/10");
    assert_eq!(get(&url, &[("range", "bytes=-3")]).await.body(), "789");
    assert_eq!(get(&url, &[("range", "bytes=10-")]).await.status(), 416);

    let etag = header(whole.headers(), "etag");
    let unchanged = get(&url, &[("if-none-match", etag)]).await;
    assert_eq!((unchanged.status().as_u16(), unchanged.body().len()), (304, 0));
    assert_eq!(header(unchanged.headers(), "etag"), etag);
    assert_eq!(get(&url, &[("if-match", "\"other\"")]).await.status(), 412);
}

#[tokio::test]
async fn the_signature_fixes_key_method_time_and_signer() {
    let (objects, _dir) = storage().await;
    objects.put("mine", "x", "video/mp4").await.unwrap();
    objects.put("other", "x", "video/mp4").await.unwrap();
    let url = address(&objects, "mine").await;
    let bare = url.split('?').next().unwrap();
    let bucket = bare.strip_suffix("/mine").unwrap();

    assert_eq!(get(bare, &[]).await.status(), 403, "anonymous");
    assert_eq!(get(&format!("{bucket}?list-type=2"), &[]).await.status(), 403, "anonymous listing");
    assert_eq!(get(bucket.strip_suffix("/lyceum").unwrap(), &[]).await.status(), 403, "anonymous list of buckets");
    assert_eq!(get(&url.replace("/mine?", "/other?"), &[]).await.status(), 403, "another key");
    assert_eq!(get(&url.replace("X-Amz-Expires=60", "X-Amz-Expires=600"), &[]).await.status(), 403, "a longer life");
    assert_eq!(send(Method::PUT, &url, &[], "y").await.status(), 403, "another method");
    assert_eq!(send(Method::DELETE, &url, &[], "").await.status(), 403, "another method");
    assert_eq!(objects.get("mine").await.unwrap(), "x");

    let earlier = PresigningConfig::builder().start_time(SystemTime::now() - 2 * MINUTE).expires_in(MINUTE).build().unwrap();
    let request = objects.0.public.get_object().bucket("lyceum").key("mine").presigned(earlier).await.unwrap();
    assert_eq!(get(request.uri(), &[]).await.status(), 403, "an ended life");

    let (stranger, _elsewhere) = storage_with_secret("another secret").await;
    let theirs = address(&stranger, "mine").await;
    let host = |url: &str| url.split('/').nth(2).unwrap().to_owned();
    assert_eq!(get(&theirs.replace(&host(&theirs), &host(&url)), &[]).await.status(), 403, "another signer");
}

async fn storage_with_secret(secret: &str) -> (Objects, TempDir) {
    let dir = TempDir::new().unwrap();
    let settings = EmbeddedSettings {
        dir: dir.path().to_owned(),
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        public_endpoint: Some("http://media.example:9000".to_owned()),
        secret: secret.to_owned().into(),
    };
    (Objects::embedded(settings).await.unwrap(), dir)
}

#[tokio::test]
async fn addresses_name_the_public_endpoint() {
    let (objects, _dir) = storage_with_secret("secret").await;
    objects.ensure_bucket().await.unwrap();
    let url = address(&objects, "mine").await;
    assert!(url.starts_with("http://media.example:9000/lyceum/mine?"), "{url}");
}

#[tokio::test]
async fn a_presigned_put_takes_exactly_what_was_agreed_and_once() {
    let (objects, dir) = storage().await;
    let to = objects.presign_put("doc", "application/pdf", 4, MINUTE).await.unwrap();
    let once = ("if-none-match", "*");
    let pdf = ("content-type", "application/pdf");

    assert_eq!(put(&to, "longer").await.status(), 403, "a larger body");
    assert_eq!(put(&to, "sho").await.status(), 403, "a smaller body");
    assert_eq!(send(Method::PUT, &to.url, &[once, ("content-type", "text/html")], "four").await.status(), 403, "another type");
    assert_eq!(send(Method::PUT, &to.url, &[pdf], "four").await.status(), 403, "without the condition");
    assert_eq!(objects.head("doc").await.unwrap(), None);

    assert_eq!(put(&to, "four").await.status(), 200);
    assert_eq!(put(&to, "swap").await.status(), 412);
    assert_eq!(objects.get("doc").await.unwrap(), "four");
    assert_eq!(objects.head("doc").await.unwrap().unwrap().content_type.as_deref(), Some("application/pdf"));
    assert!(files(&dir, "temp").is_empty());
}

#[tokio::test]
async fn a_larger_part_than_agreed_is_refused() {
    let (objects, _dir) = storage().await;
    let upload = objects.create_upload("film", "video/mp4").await.unwrap();
    let to = objects.presign_part("film", &upload, 1, 4, MINUTE).await.unwrap();
    assert_eq!(put(&to, "larger").await.status(), 403);
    assert_eq!(send(Method::PUT, &to.url.replace("partNumber=1", "partNumber=2"), &[], "four").await.status(), 403);
    assert_eq!(objects.list_parts("film", &upload).await.unwrap(), []);
    let to = objects.presign_part("film", &upload, 10_001, 4, MINUTE).await.unwrap();
    assert_eq!(put(&to, "four").await.status(), 400);
}

#[tokio::test]
async fn a_presigned_address_takes_no_header_of_s3_that_its_signature_does_not_cover() {
    let (objects, _dir) = storage().await;
    objects.put("secret", "hers", "text/plain").await.unwrap();
    let to = objects.presign_put("mine", "text/plain", 4, MINUTE).await.unwrap();
    let escaped = Presigned { url: to.url.replace("X-Amz-Signature=", "X%2DAmz-Signature="), ..to.clone() };
    for (name, value) in [("x-amz-copy-source", "/lyceum/secret"), ("x-amz-meta-of", "me"), ("x-amz-acl", "public-read")] {
        // A signature in a header besides, of whatever, does not count.
        for authorization in [None, Some("AWS4-HMAC-SHA256 Credential=x, SignedHeaders=x-amz-copy-source, Signature=x")] {
            for mut to in [to.clone(), escaped.clone()] {
                to.headers.push((name.to_owned(), value.to_owned()));
                to.headers.extend(authorization.map(|value| ("authorization".to_owned(), value.to_owned())));
                let answer = put(&to, "mine").await;
                assert_eq!(answer.status(), 403, "{name}");
                assert!(answer.body().windows(12).any(|text| text == b"AccessDenied"), "{:?}", answer.body());
            }
        }
    }
    assert_eq!(objects.head("mine").await.unwrap(), None);
    let (reads, added) = (address(&objects, "secret").await, [("x-amz-meta-of", "me")]);
    assert_eq!(get(&reads, &added).await.status(), 403);
    assert_eq!(get(&reads, &[]).await.status(), 200);
    assert_eq!(put(&escaped, "mine").await.status(), 200, "an escape alone changes nothing");

    let upload = objects.create_upload("film", "video/mp4").await.unwrap();
    let mut part = objects.presign_part("film", &upload, 1, 4, MINUTE).await.unwrap();
    part.headers.push(("x-amz-copy-source".to_owned(), "/lyceum/secret".to_owned()));
    assert_eq!(put(&part, "mine").await.status(), 403);
    assert_eq!(objects.list_parts("film", &upload).await.unwrap(), []);

    let noted = objects.0.public.put_object().bucket("lyceum").key("noted").content_type("text/plain").metadata("of", "us");
    let noted = noted.content_length(4).presigned(PresigningConfig::expires_in(MINUTE).unwrap()).await.unwrap();
    assert_eq!(put(&noted.into(), "ours").await.status(), 200, "what is signed is taken");
}

#[tokio::test]
async fn only_media_opens_in_the_browser() {
    let (objects, _dir) = storage().await;
    for (content_type, disposition) in [
        ("text/html", "attachment"),
        ("image/svg+xml", "attachment"),
        ("application/pdf", "attachment"),
        ("video/mp4", ""),
        ("audio/mp4", ""),
        ("application/vnd.apple.mpegurl", ""),
        ("text/vtt; charset=utf-8", ""),
    ] {
        objects.put("file", "x", content_type).await.unwrap();
        let answer = get(&address(&objects, "file").await, &[]).await;
        assert_eq!(header(answer.headers(), "content-disposition"), disposition, "{content_type}");
        assert_eq!(header(answer.headers(), "x-content-type-options"), "nosniff");
        assert_eq!(header(answer.headers(), "content-security-policy"), "sandbox");
    }

    objects.put("file", "x", "text/html").await.unwrap();
    let served = async |content_type: &str, disposition: &str| {
        let headers = ResponseHeaders { content_type: Some(content_type.into()), disposition: Some(disposition.into()) };
        let answer = get(&objects.presign_get("file", MINUTE, &headers).await.unwrap(), &[]).await;
        assert_eq!(header(answer.headers(), "content-type"), content_type);
        header(answer.headers(), "content-disposition").to_owned()
    };
    assert_eq!(served("text/html", "inline").await, "attachment");
    assert_eq!(served("application/pdf", "attachment; filename=\"slides.pdf\"").await, "attachment; filename=\"slides.pdf\"");
}

#[tokio::test]
async fn pages_of_other_origins_may_use_presigned_addresses() {
    let (objects, _dir) = storage().await;
    objects.put("file", "x", "video/mp4").await.unwrap();
    let url = address(&objects, "file").await;
    let origin = ("origin", "https://learn.example");
    let asked =
        [origin, ("access-control-request-method", "PUT"), ("access-control-request-headers", "content-type, if-none-match")];

    let preflight = send(Method::OPTIONS, &url, &asked, "").await;
    assert_eq!(preflight.status(), 204);
    assert_eq!(header(preflight.headers(), "access-control-allow-origin"), "https://learn.example");
    assert_eq!(header(preflight.headers(), "access-control-allow-methods"), "GET, HEAD, PUT");
    assert_eq!(header(preflight.headers(), "access-control-allow-headers"), "content-type, if-none-match");

    let answer = get(&url, &[origin]).await;
    assert_eq!(header(answer.headers(), "access-control-allow-origin"), "https://learn.example");
    assert_eq!(header(answer.headers(), "vary"), "Origin");
    assert_eq!(header(answer.headers(), "access-control-expose-headers"), "ETag, Content-Range, Accept-Ranges, Content-Length");
}

#[tokio::test]
async fn forms_are_refused_unread() {
    let (objects, _dir) = storage().await;
    let url = address(&objects, "file").await;
    let bucket = url.split("/file?").next().unwrap();
    let answer = send(Method::POST, bucket, &[("content-type", "multipart/form-data; boundary=x")], "--x--").await;
    assert_eq!(answer.status(), 403);
}

#[tokio::test]
async fn a_body_that_breaks_off_leaves_nothing() {
    let (objects, dir) = storage().await;
    let to = objects.presign_put("doc", "text/plain", 4, MINUTE).await.unwrap();
    let path = to.url.split_once("/lyceum/").unwrap().1;
    let host = objects.listening().unwrap();
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    let head = format!(
        "PUT /lyceum/{path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: text/plain\r\nif-none-match: *\r\ncontent-length: 4\r\n\r\nfo"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    stream.read_to_end(&mut Vec::new()).await.unwrap();
    objects.close(MINUTE).await;
    assert!(files(&dir, "temp").is_empty() && files(&dir, "objects").is_empty());
}
