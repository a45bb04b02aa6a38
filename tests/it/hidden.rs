//! What is hidden from somebody is to them as if it had never been: by every way to it, and in every language.

use futures_util::StreamExt as _;
use lyceum::{accounts::admin, demo, graphql, ids, language::Language, role::Roles};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    app::{Client, PASSWORD, TestApp, key, with_app_set},
    recordings::WITHOUT_FFMPEG,
};

/// Each kind of thing that can be hidden: its table, and operations that take its id.
const KINDS: [(&str, &str, &[&str]); 33] = [
    ("access", "access", &[]),
    ("allowance", "quiz_allowance", &[]),
    ("attempt", "quiz_attempt", &["query quizAttempt(id:) { id }", "mutation quizAttemptSubmit(id:)"]),
    ("attendance", "attendance", &["mutation attendanceRestore(id:)"]),
    ("attendanceline", "attendance_line", &["mutation attendanceLineSettle(id:)"]),
    ("audit", "audit_entry", &[]),
    ("captions", "captions", &["mutation captionsRemove(id:)"]),
    ("category", "category", &["query category(id:) { id }", "mutation categoryArchive(id:)"]),
    ("community", "community", &["query community(id:) { id }", "mutation communityArchive(id:)"]),
    ("completion", "completion", &["mutation completionRestore(id:)"]),
    ("contact", "webinar_contact", &["mutation contactRemove(id:)"]),
    (
        "course",
        "course",
        &["query course(id:) { id }", "mutation courseEnrol(id:)", "mutation courseWithdraw(id:)", "mutation coursePublish(id:)"],
    ),
    ("enrolment", "enrolment", &[]),
    ("file", "file", &["mutation fileUploadComplete(id:)"]),
    ("funder", "webinar_funder", &["mutation webinarFunderRemove(id:)"]),
    ("flag", "flag", &["mutation flagDismiss(id:)", "mutation flagUphold(id:)"]),
    ("invitation", "invitation", &["mutation invitationBounce(email: \"a@example.org\", id:)"]),
    ("lesson", "lesson", &["query lesson(id:) { id }", "mutation lessonStart(id:)", "mutation lessonRemove(id:)"]),
    ("module", "module", &["mutation moduleRemove(id:)"]),
    ("nominee", "nominee", &[]),
    (
        "post",
        "post",
        &[
            "query post(id:) { id }",
            "mutation postDelete(id:)",
            "mutation postUnhide(id:)",
            "mutation postHide(reason: \"Spam\", id:)",
        ],
    ),
    ("question", "question", &["mutation questionRemove(id:)"]),
    ("quiz", "quiz", &["query quiz(id:) { id }", "mutation quizTextRemove(language: \"en\", id:)"]),
    (
        "recording",
        "recording",
        &["query recording(id:) { id }", "mutation recordingPublish(id:)", "subscription recordingChanged(id:) { id }"],
    ),
    ("registration", "registration", &["query registration(id:) { id }", "mutation registrationCancel(id:)"]),
    (
        "series",
        "webinar_series",
        &["query webinarSeries(id:) { id }", "mutation webinarSeriesArchive(id:)", "mutation webinarSeriesRestore(id:)"],
    ),
    ("speaker", "speaker", &["mutation speakerRemove(id:)", "mutation speakerConsentWithdraw(id:)"]),
    (
        "topic",
        "topic",
        &[
            "query topic(id:) { id }",
            "mutation topicLock(id:)",
            "mutation topicMarkRead(number: 1, id:)",
            "subscription postAdded(topicId:) { id }",
        ],
    ),
    ("upload", "upload", &["mutation recordingUploadComplete(uploadId:)", "mutation recordingUploadAbort(uploadId:)"]),
    ("version", "course_version", &[]),
    (
        "webinar",
        "webinar",
        &[
            "query webinar(id:) { id }",
            "mutation webinarPublish(id:)",
            "mutation webinarJoin(id:)",
            "mutation webinarRemove(id:)",
            "mutation webinarCancel(reason: \"Spam\", id:)",
            "mutation webinarTestStart(kind: PRE, key: \"0192f3a4-0000-7000-8000-000000000000\", webinarId:)",
            "mutation webinarTestPublish(kind: PRE, webinarId:)",
            "mutation webinarTestRemove(kind: PRE, webinarId:)",
        ],
    ),
    ("wquestion", "webinar_question", &["mutation webinarQuestionRemove(id:)"]),
    ("wspeaker", "webinar_speaker", &["mutation webinarSpeakerRemove(id:)"]),
];

/// Kinds that `node` never shows to anybody, and people, whose names are no secret among members.
const OTHERS: [&str; 13] = [
    "calendar",
    "user",
    "session",
    "job",
    "object",
    "pmodule",
    "plesson",
    "rendition",
    "quizversion",
    "questionversion",
    "choice",
    "removal",
    "letter",
];

/// The document of an operation of the table above: `id:` and its like take `$id`.
fn document(operation: &str) -> String {
    let (kind, field) = operation.split_once(' ').expect("a kind and a field");
    let field = field.replace("d:)", "d: $id)");
    let answer = if kind == "mutation" { " { userErrors { code field message } }" } else { "" };
    format!("{kind}($id: ID!) {{ {field}{answer} }}")
}

/// Everything in the demo, what members do with it, and then all of it hidden.
async fn hidden_site(app: &TestApp) {
    demo::load(app, &graphql::schema(true)).await.expect("the demo is loaded");
    app.run_jobs().await;
    let (admin, member) = (app.administrator().await, app.practitioner().await);
    let page = "{ courses { nodes { id publishedVersion { modules { lessons { id permanentId kind quiz { id } } } } } }
        communities { nodes { id topics { nodes { id isLocked posts { nodes { id } } } } } } recordings { nodes { id } }
        webinars { nodes { id } } held: webinars(when: PAST) { nodes { id } } webinarSeriesList { nodes { id } } }";
    let seen = member.runs(page, &json!({})).await;
    let nodes = |list: &str| seen[list]["nodes"].as_array().cloned().expect("nodes");
    let course = nodes("courses")[0].clone();
    member.runs("mutation($id: ID!) { courseEnrol(id: $id) { userErrors { code } } }", &json!({ "id": course["id"] })).await;
    let modules = course["publishedVersion"]["modules"].as_array().expect("modules");
    let lessons: Vec<&Value> = modules.iter().flat_map(|module| module["lessons"].as_array().expect("lessons")).collect();
    let quiz = lessons.iter().find(|lesson| lesson["kind"] == "QUIZ").expect("a quiz");
    let start = "mutation($id: ID!, $key: UUID!) { quizAttemptStart(lessonId: $id, key: $key) {
        attempt { id } userErrors { code } } }";
    let started = member.runs(start, &json!({ "id": quiz["id"], "key": key() })).await["quizAttemptStart"]["attempt"].clone();
    let submit = "mutation($id: ID!) { quizAttemptSubmit(id: $id) { userErrors { code } } }";
    member.runs(submit, &json!({ "id": started["id"] })).await;
    let post = nodes("communities")[0]["topics"]["nodes"][0]["posts"]["nodes"][0]["id"].clone();
    let flag = "mutation($id: ID!) { postFlag(input: { postId: $id, reason: SPAM }) { userErrors { code } } }";
    member.runs(flag, &json!({ "id": post })).await;
    let grant = "mutation($input: AccessGrantInput!) { accessGrant(input: $input) { userErrors { code } } }";
    let input = json!({ "key": key(), "subjectId": course["id"], "email": member.email, "role": "MEMBER" });
    admin.runs(grant, &json!({ "input": input })).await;
    invites(&admin, &nodes("webinars")[0]["id"]).await;
    let recording = crate::recordings::created(&admin, "INVITED").await;
    let upload = "mutation($input: RecordingUploadStartInput!) { recordingUploadStart(input: $input) { userErrors { code } } }";
    let input =
        json!({ "key": key(), "recordingId": recording, "fileName": "a.mp4", "contentType": "video/mp4", "size": "6000000" });
    admin.runs(upload, &json!({ "input": input })).await;
    for (list, kind) in [
        ("courses", "course"),
        ("communities", "community"),
        ("recordings", "recording"),
        ("webinars", "webinar"),
        ("held", "webinar"),
        ("webinarSeriesList", "webinarSeries"),
    ] {
        let update = format!(
            "mutation($id: ID!) {{ {kind}Update(id: $id, input: {{ visibility: INVITED }}) {{ userErrors {{ code }} }} }}"
        );
        for node in nodes(list) {
            admin.runs(&update, &json!({ "id": node["id"] })).await;
        }
    }
}

/// A contact that is invited to a webinar, and somebody whom it named.
async fn invites(admin: &Client<'_>, webinar: &Value) {
    let asked = "query($id: ID!) { webinar(id: $id) { series { id } } }";
    let series = admin.runs(asked, &json!({ "id": webinar })).await["webinar"]["series"]["id"].clone();
    let input = json!({ "key": key(), "seriesId": series, "name": "Mission", "organisationKind": "GOVERNMENT", "language": "en",
        "emails": ["mission@example.org"] });
    let made = admin.runs(crate::inviting::CONTACT_CREATE, &json!({ "input": input })).await;
    let contact = &made["contactCreate"]["contact"]["id"];
    let input = json!({ "key": key(), "webinarId": webinar, "contactIds": [contact] });
    admin.runs(crate::inviting::SEND, &json!({ "input": input })).await;
    let letter = crate::inviting::newest(admin.app, "mission@example.org").await;
    crate::inviting::names(admin.app, &crate::inviting::token(&letter, "nomination"), "awa@example.org").await;
}

/// The id of anything in a table.
async fn anything(app: &TestApp, kind: &str, table: &str) -> Option<String> {
    let statement = Statement::from_string(app.db.backend(), format!("SELECT id FROM {table} LIMIT 1"));
    let row = app.db.read().query_one_raw(statement).await.expect("it can be read")?;
    Some(ids::encode(kind, row.try_get::<Uuid>("", "id").expect("an id")))
}

/// Somebody without any rights, who reads this language.
async fn stranger<'a>(app: &'a TestApp, language: &str) -> Client<'a> {
    let email = format!("stranger-{language}@example.org");
    let new = admin::NewAccount {
        email: email.clone(),
        password: PASSWORD.into(),
        full_name: "A Stranger".into(),
        language: Language::parse(language).expect("a language"),
        time_zone: "UTC".into(),
        roles: Roles::default(),
        vetted: true,
    };
    let id = admin::create(app, new).await.expect("the account is made");
    app.signed_in(id, email).await
}

/// What a client is told about an id, without the id.
async fn told(client: &Client<'_>, document: &str, id: &str) -> String {
    let variables = json!({ "id": id });
    let answer = if document.starts_with("subscription") {
        client.follows(document, &variables).await.next().await.expect("an answer")
    } else {
        client.sends(document, &variables).await
    };
    answer.to_string().replace(id, "ID")
}

#[tokio::test]
async fn what_is_hidden_does_not_exist_by_any_way_and_in_any_language() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        hidden_site(app).await;
        let mut readers = vec![("en", app.visitor())];
        for language in ["ar", "zh", "en", "fr", "ru", "es"] {
            readers.push((language, stranger(app, language).await));
        }
        let (mut known, mut empty) = (Vec::new(), Vec::new());
        for (kind, table, operations) in KINDS {
            known.push(kind);
            let Some(there) = anything(app, kind, table).await else {
                empty.push(kind);
                continue;
            };
            let missing = ids::encode(kind, Uuid::now_v7());
            let mut documents = vec![
                "query($id: ID!) { node(id: $id) { id } }".to_owned(),
                "query($id: ID!) { nodes(ids: [$id]) { id } }".to_owned(),
            ];
            documents.extend(operations.iter().map(|operation| document(operation)));
            for (language, client) in &readers {
                for document in &documents {
                    let (hidden, nothing) = (told(client, document, &there).await, told(client, document, &missing).await);
                    assert_eq!(hidden, nothing, "{kind} in {language}: {document}");
                    if document.contains("node") {
                        assert!(hidden.contains("null"), "{kind}: {hidden}");
                    }
                }
            }
        }
        assert_eq!(empty, ["allowance", "completion"], "kinds of which there is nothing to hide");
        let untested: Vec<_> = ids::KINDS.iter().filter(|kind| !known.contains(kind) && !OTHERS.contains(kind)).collect();
        assert!(untested.is_empty(), "{untested:?}");
    })
    .await;
}
