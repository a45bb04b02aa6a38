//! `/demo/`: the files of the demo page, as they were when the server was built.

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use poem::{Endpoint, Request, Response, endpoint, web::Redirect};
use serde_json::json;

use super::{compressing, refusing::Refused};
use crate::{app::App, demo, objects::ResponseHeaders};

/// Names and contents.
macro_rules! files {
    ($($name:literal)*) => { [$(($name, include_bytes!(concat!("../demo/page/", $name)).as_slice())),*] };
}

static FILES: [(&str, &[u8]); 45] = files! {
    "api.js" "app.js" "attempt.js" "attended.js" "balance.js" "certificate.js" "check.js" "choosing.js" "communities.js" "confirm.js"
    "counts.js" "course.js" "courses.js" "dom.js" "forms.js" "index.html" "invited.js" "lesson.js" "live.js" "mailed.js"
    "organising.js" "paged.js" "password.js" "places.js" "player.js" "post.js" "profile.js" "quiz.js" "recordings.js" "shell.js"
    "sign-in.js" "sign-up.js" "state.js" "strings-ar.js" "strings-en.js" "strings-es.js" "strings-fr.js" "strings-ru.js"
    "strings-zh.js" "style.css" "topic.js" "transcript.js" "views.css" "watching.js" "webinars.js"
};

/// The files below `/demo/`.
pub fn files(app: App) -> impl Endpoint<Output = Response> {
    endpoint::make(move |request: Request| {
        let app = app.clone();
        async move {
            let name = request.raw_path_param("file").filter(|name| !name.is_empty()).unwrap_or("index.html");
            if name == "people.json" {
                return people(&app);
            }
            let Some((name, content)) = FILES.iter().find(|(known, _)| *known == name) else {
                return Refused::from(poem::Error::from_status(StatusCode::NOT_FOUND)).into_response();
            };
            let response = Response::builder()
                .content_type(content_type(name))
                .header(header::CACHE_CONTROL, "no-cache")
                .header(header::CONTENT_SECURITY_POLICY, policy(&app).await)
                .finish();
            compressing::with_body(request.headers(), response, Bytes::from_static(content))
        }
    })
}

/// Who the page offers to sign in as: the people of the demo, where it was loaded.
fn people(app: &App) -> Response {
    let people = if demo::password_file(app).exists() { demo::people().unwrap_or_default() } else { Vec::new() };
    let people: Vec<_> = people
        .into_iter()
        .map(|person| json!({ "name": person.name, "fullName": person.full_name, "email": person.email }))
        .collect();
    Response::builder().content_type("application/json").header(header::CACHE_CONTROL, "no-cache").body(json!(people).to_string())
}

/// `/` and `/demo` lead there.
pub fn redirect() -> impl Endpoint<Output = Redirect> {
    endpoint::make_sync(|_| Redirect::see_other("/demo/"))
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        _ => "text/javascript; charset=utf-8",
    }
}

/// What the page may load: itself, the API, its socket, and media from object storage, to which it also uploads.
async fn policy(app: &App) -> HeaderValue {
    let own = app.config.public_url.replacen("http", "ws", 1);
    let media = media_origin(app).await.unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: {media}; \
         connect-src 'self' {own} {media}; media-src 'self' blob: {media}; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// The origin that addresses of media lead to.
async fn media_origin(app: &App) -> Option<String> {
    let ttl = std::time::Duration::from_secs(1);
    let address = app.objects.presign_get("origin", ttl, &ResponseHeaders::default()).await.ok()?;
    let (scheme, rest) = address.split_once("://")?;
    Some(format!("{scheme}://{}", rest.split('/').next()?))
}

#[cfg(test)]
mod tests {
    use super::FILES;

    #[test]
    fn every_file_of_the_page_is_served() {
        let mut names: Vec<_> = std::fs::read_dir("src/demo/page")
            .expect("the folder is there")
            .map(|entry| entry.expect("it can be read").file_name().into_string().expect("a plain name"))
            .collect();
        names.sort();
        assert_eq!(FILES.map(|(name, _)| name).to_vec(), names);
    }
}
