//! A world: people of every kind, and one thing of each sort and state, made through the API by those who may.

use std::{collections::BTreeMap, ops::Index};

use chrono::Duration;
use lyceum::{
    ids::{Id as _, InvitationId, NomineeId},
    reporting::taking::TakeCounts,
    role::{Roles, SiteRole},
    webinars::inviting::{delivery, policy},
};
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use super::{api::Api, people::People};
use crate::{
    app::{Client, TestApp, key},
    recordings::{CLIP, agreed, captions_file, created, uploaded},
    transfer::put,
    webinars::PIXEL,
};

const PDF: &[u8] = b"%PDF-1.7\n%%EOF";

/// People, and the ids of things by name. See [`World::new`] for what there is.
pub struct World {
    pub people: People,
    things: BTreeMap<String, String>,
}

/// The id of a thing; that of a person by `@` and their kind.
impl Index<&str> for World {
    type Output = String;
    fn index(&self, name: &str) -> &String {
        self.things.get(name).unwrap_or_else(|| panic!("the world has no {name}"))
    }
}

impl World {
    /// A world whose things carry the mark `visibility`.
    pub async fn new(app: &TestApp, api: &Api, visibility: &'static str) -> Self {
        let mut making = Making::begin(app, api, visibility).await;
        making.people_elsewhere().await;
        making.held().await;
        making.recordings().await;
        making.course().await;
        making.learning().await;
        making.community().await;
        making.discussion().await;
        making.webinars().await;
        making.inviting().await;
        making.end().await
    }
}

fn title(title: &str) -> Value {
    json!({ "language": "en", "title": title })
}

/// The first id in an answer.
fn first_id(value: &Value) -> Option<String> {
    match value {
        Value::Object(fields) => {
            let own = fields.get("id").and_then(Value::as_str).map(str::to_owned);
            own.or_else(|| fields.values().find_map(first_id))
        }
        Value::Array(items) => items.iter().find_map(first_id),
        _ => None,
    }
}

struct Making<'a> {
    app: &'a TestApp,
    api: &'a Api,
    visibility: &'static str,
    clients: BTreeMap<&'static str, Client<'a>>,
    world: World,
}

impl<'a> Making<'a> {
    async fn begin(app: &'a TestApp, api: &'a Api, visibility: &'static str) -> Self {
        let world = World { people: People::default(), things: BTreeMap::new() };
        let mut making = Self { app, api, visibility, clients: BTreeMap::new(), world };
        for kind in ["suspended", "practitioner", "elsewhere", "learner", "removed", "moderator", "staff"] {
            making.joins(kind, app.practitioner().await);
        }
        making.joins("unvetted", app.unvetted().await);
        making.joins("trainer", app.trainer().await);
        let roles = Roles::default().with(SiteRole::Trainer).with(SiteRole::Organiser);
        making.joins("owner", app.person(roles, true).await);
        making.joins("administrator", app.administrator().await);
        making
    }

    fn joins(&mut self, kind: &'static str, person: Client<'a>) {
        self.world.people.knows(kind, &person);
        self.world.things.insert(format!("@{kind}"), person.id());
        self.clients.insert(kind, person);
    }

    fn client(&self, kind: &str) -> Client<'a> {
        self.clients[kind].clone()
    }

    fn keeps(&mut self, name: &str, value: &Value) {
        let text = value.as_str().unwrap_or_else(|| panic!("{name} is {value}"));
        self.world.things.insert(name.to_owned(), text.to_owned());
    }

    /// Does something as somebody; what comes of it.
    async fn does(&self, kind: &str, operation: &str, variables: Value, selection: &str) -> Value {
        let selection = format!("{{ {selection} userErrors {{ code }} }}");
        let document = self.api.document(operation, &variables, Some(&selection));
        self.clients[kind].runs(&document, &variables).await[operation].clone()
    }

    /// Makes a thing as somebody, and keeps its id as `name`.
    async fn makes(&mut self, name: &str, kind: &str, operation: &str, variables: Value, result: &str) -> String {
        let made = self.does(kind, operation, variables, &format!("{result} {{ id }}")).await;
        let id = first_id(&made).unwrap_or_else(|| panic!("{operation} gives no id: {made}"));
        self.world.things.insert(name.to_owned(), id.clone());
        id
    }

    async fn lets_in(&mut self, subject: &str, maker: &str, kind: &str, role: &str) -> String {
        let input =
            json!({ "key": key(), "subjectId": self.world[subject], "email": self.world.people.email(kind), "role": role });
        self.makes(&format!("{subject} access of {kind}"), maker, "accessGrant", json!({ "input": input }), "access").await
    }

    async fn end(mut self) -> World {
        let suspension = json!({ "id": self.world["@suspended"], "reason": "Insults" });
        self.does("administrator", "userSuspend", suspension, "").await;
        let entries = "{ auditEntries(first: 1) { nodes { id } } }";
        let found = self.clients["administrator"].runs(entries, &json!({})).await;
        self.keeps("audit entry", &found["auditEntries"]["nodes"][0]["id"]);
        self.app.run_jobs().await;
        self.world
    }
}

/// Things of another trainer, and what people say of themselves.
impl Making<'_> {
    async fn people_elsewhere(&mut self) {
        let profile = json!({ "country": "KE", "gender": "FEMALE", "organisation": "High Court", "latinName": "Person" });
        self.does("learner", "profileUpdate", json!({ "input": profile }), "").await;
        self.does("owner", "profileUpdate", json!({ "input": { "isNameShownToVisitors": true, "latinName": "Owner" } }), "")
            .await;

        let input = json!({ "key": key(), "text": title("Elsewhere"), "visibility": "INVITED" });
        self.makes("foreign course", "trainer", "courseCreate", json!({ "input": input }), "course").await;
        let input = json!({ "key": key(), "text": title("Elsewhere"), "visibility": "INVITED" });
        self.makes("foreign community", "trainer", "communityCreate", json!({ "input": input }), "community").await;
        let input = json!({ "key": key(), "courseId": self.world["foreign course"], "text": title("Elsewhere") });
        let module = self.makes("foreign module", "trainer", "moduleCreate", json!({ "input": input }), "module").await;
        let text = json!({ "language": "en", "title": "Elsewhere", "body": "What there is to read." });
        let input = json!({ "key": key(), "moduleId": module, "kind": "ARTICLE", "text": text });
        self.makes("foreign lesson", "trainer", "lessonCreate", json!({ "input": input }), "lesson").await;
        let course = self.world["foreign course"].clone();
        self.does("trainer", "coursePublish", json!({ "id": course }), "").await;
        self.lets_in("foreign course", "trainer", "elsewhere", "MEMBER").await;
        self.does("elsewhere", "courseEnrol", json!({ "id": course }), "").await;
    }
}

/// Recordings and files, all of the owner.
impl Making<'_> {
    async fn recordings(&mut self) {
        let owner = self.client("owner");
        let recording = created(&owner, self.visibility).await;
        uploaded(self.app, &owner, &recording, CLIP).await;
        self.keeps("speaker", &agreed(&owner, &recording).await);
        self.keeps("recording", &json!(recording));
        let french = json!({ "id": recording, "input": { "language": "fr", "title": "Extradition" } });
        self.does("owner", "recordingTextSet", french, "").await;
        self.keeps("captions file", &captions_file(&owner, "WEBVTT\n\n00:01.000 --> 00:02.500\nGood morning\n").await);
        let input = json!({ "recordingId": recording, "language": "en", "fileId": self.world["captions file"] });
        self.makes("captions", "owner", "captionsSet", json!({ "input": input }), "captions").await;
        self.does("owner", "recordingPublish", json!({ "id": recording }), "").await;
        self.lets_in("recording", "owner", "learner", "MEMBER").await;
        self.lets_in("recording", "owner", "staff", "STAFF").await;

        let draft = created(&owner, self.visibility).await;
        self.keeps("draft recording", &json!(draft));
        let input = json!({ "key": key(), "recordingId": draft, "name": "Awa Exemple" });
        self.makes("silent speaker", "owner", "speakerAdd", json!({ "input": input }), "speaker").await;
        let input =
            json!({ "key": key(), "recordingId": draft, "fileName": "talk.mp4", "contentType": "video/mp4", "size": "9" });
        let upload = self.makes("upload", "owner", "recordingUploadStart", json!({ "input": input }), "upload").await;
        let addresses = "query($id: ID!) { node(id: $id) { ... on Upload {
            partAddresses(numbers: [1]) { address { url headers { name value } } } } } }";
        let answer = owner.runs(addresses, &json!({ "id": upload })).await;
        assert_eq!(put(&answer["node"]["partAddresses"][0]["address"], &b"not media"[..]).await, 200);

        self.sends("document", "DOCUMENT", "application/pdf", PDF).await;
        self.does("owner", "fileUploadComplete", json!({ "id": self.world["document"] }), "").await;
        self.sends("pending file", "DOCUMENT", "application/pdf", PDF).await;
    }

    async fn sends(&mut self, name: &str, purpose: &str, content_type: &str, bytes: &'static [u8]) {
        let size = bytes.len().to_string();
        let input = json!({ "key": key(), "purpose": purpose, "name": name, "contentType": content_type, "size": size });
        let selection = "file { id } address { url headers { name value } }";
        let started = self.does("owner", "fileUploadStart", json!({ "input": input }), selection).await;
        assert_eq!(put(&started["address"], bytes).await, 200);
        self.keeps(name, &started["file"]["id"]);
    }
}

/// The course, of the owner, with all kinds of lessons.
impl Making<'_> {
    async fn course(&mut self) {
        let text = json!({ "language": "en", "title": "Treaties", "summary": "How to join", "description": "All of it." });
        let input = json!({ "key": key(), "text": text, "visibility": self.visibility, "slug": "treaties" });
        let course = self.makes("course", "owner", "courseCreate", json!({ "input": input }), "course").await;
        let input = json!({ "key": key(), "text": title("Draft"), "visibility": self.visibility, "slug": "draft" });
        self.makes("draft course", "owner", "courseCreate", json!({ "input": input }), "course").await;
        for name in ["module", "other module"] {
            let text = json!({ "language": "en", "title": name, "summary": "What it is about" });
            let input = json!({ "key": key(), "courseId": course, "text": text });
            self.makes(name, "owner", "moduleCreate", json!({ "input": input }), "module").await;
        }
        self.quizzes(&course).await;
        self.lessons().await;
        let french = json!({ "language": "fr", "title": "Traités" });
        for (operation, thing) in [("courseTextSet", "course"), ("moduleTextSet", "module"), ("quizTextSet", "quiz")] {
            self.does("owner", operation, json!({ "id": self.world[thing], "input": french }), "").await;
        }
        // Without a text, the translation of an article could not be published.
        let french = json!({ "language": "fr", "title": "Traités", "body": "Lisez ceci." });
        self.does("owner", "lessonTextSet", json!({ "id": self.world["draft article"], "input": french }), "").await;
        let french = json!({ "language": "fr", "prompt": "Vrai ?", "choices": ["Oui", "Non"] });
        self.does("owner", "questionTextSet", json!({ "id": self.world["question"], "input": french }), "").await;
        self.lets_in("course", "owner", "staff", "STAFF").await;
        for kind in ["learner", "suspended"] {
            self.lets_in("course", "owner", kind, "MEMBER").await;
        }
        self.publishes(&course).await;
    }

    async fn quizzes(&mut self, course: &str) {
        for (name, limit) in [("quiz", json!(3600)), ("failed quiz", json!(null)), ("passed quiz", json!(null))] {
            let text = json!({ "language": "en", "title": name, "instructions": "Take your time." });
            let input = json!({ "key": key(), "courseId": course, "attemptLimit": 2, "timeLimitSeconds": limit, "text": text });
            let quiz = self.makes(name, "owner", "quizCreate", json!({ "input": input }), "quiz").await;
            for question in ["other question", "question"] {
                let text = json!({ "language": "en", "prompt": question, "choices": ["Yes", "No"], "explanation": "Because." });
                let input = json!({ "key": key(), "quizId": quiz, "kind": "TRUE_FALSE", "correctChoices": [0], "text": text });
                self.makes(
                    &question.replace("question", &name.replace("quiz", "question")),
                    "owner",
                    "questionCreate",
                    json!({ "input": input }),
                    "question",
                )
                .await;
            }
        }
    }

    async fn lessons(&mut self) {
        let content = |name: &str, thing: &str| json!({ name: self.world[thing] });
        let lessons = [
            ("draft article", "ARTICLE", json!(null)),
            ("draft document", "DOCUMENT", content("fileId", "document")),
            ("draft link", "LINK", json!({ "url": "https://example.org/" })),
            ("draft recording lesson", "RECORDING", content("recordingId", "recording")),
            ("draft quiz lesson", "QUIZ", content("quizId", "quiz")),
            ("draft failed lesson", "QUIZ", content("quizId", "failed quiz")),
            ("draft passed lesson", "QUIZ", content("quizId", "passed quiz")),
        ];
        for (name, kind, content) in lessons {
            let text = json!({ "language": "en", "title": name, "body": "What there is to read." });
            let input = json!({ "key": key(), "moduleId": self.world["module"], "kind": kind, "text": text, "content": content,
                "isRequired": kind == "ARTICLE" });
            self.makes(name, "owner", "lessonCreate", json!({ "input": input }), "lesson").await;
        }
        let input = json!({ "key": key(), "moduleId": self.world["other module"], "kind": "ARTICLE", "isRequired": false,
            "text": { "language": "en", "title": "Further", "body": "More to read." } });
        self.makes("other draft article", "owner", "lessonCreate", json!({ "input": input }), "lesson").await;
    }

    /// Publishes; the lessons of the version are kept by their names, without `draft`.
    async fn publishes(&mut self, course: &str) {
        let selection = "version { id modules { id lessons { id title permanentId } } } course { draft { id } }";
        let published = self.does("owner", "coursePublish", json!({ "id": course }), selection).await;
        self.keeps("version", &published["version"]["id"]);
        self.keeps("draft version", &published["course"]["draft"]["id"]);
        self.keeps("published module", &published["version"]["modules"][0]["id"]);
        for lesson in published["version"]["modules"][0]["lessons"].as_array().into_iter().flatten() {
            let name = lesson["title"].as_str().unwrap_or_default().replace("draft ", "");
            let name = if name.contains("lesson") { name } else { format!("{name} lesson") };
            self.keeps(&name, &lesson["id"]);
        }
    }
}

/// What learners do.
impl Making<'_> {
    async fn learning(&mut self) {
        let course = self.world["course"].clone();
        self.makes("suspended enrolment", "suspended", "courseEnrol", json!({ "id": course }), "enrolment").await;
        self.makes("enrolment", "learner", "courseEnrol", json!({ "id": course }), "enrolment").await;
        self.attempts("passed lesson", "passed attempt", Some("Yes")).await;
        self.attempts("failed lesson", "failed attempt", Some("No")).await;
        self.attempts("quiz lesson", "attempt", None).await;
        let input = json!({ "key": key(), "quizId": self.world["quiz"], "userId": self.world["@learner"], "extraSeconds": 60, "reason": "A power cut" });
        self.makes("allowance", "owner", "quizAllowanceGrant", json!({ "input": input }), "allowance").await;
        let read = json!({ "id": self.world["article lesson"], "reason": "READ" });
        let done = self.does("learner", "lessonComplete", read, "enrolment { completion { id code } }").await;
        self.keeps("completion", &done["enrolment"]["completion"]["id"]);
        self.keeps("completion code", &done["enrolment"]["completion"]["code"]);

        let playback = "query($id: ID!) { recording(id: $id) { playback { ticket } } }";
        let recording = json!({ "id": self.world["recording"] });
        let played = self.clients["learner"].runs(playback, &recording).await;
        self.keeps("ticket", &played["recording"]["playback"]["ticket"]);
        self.app.clock.advance(Duration::seconds(30));
        let input = json!({ "recordingId": self.world["recording"], "ticket": self.world["ticket"], "positionSeconds": 5.0,
            "intervals": [{ "startSeconds": 0.0, "endSeconds": 5.0 }] });
        self.does("learner", "watchReport", json!({ "input": input }), "").await;
    }

    /// Sits a quiz: answers all questions with a choice and hands in; without a choice, answers the first and goes on.
    async fn attempts(&mut self, lesson: &str, name: &str, choice: Option<&str>) {
        let selection = "attempt { id questions { questionId text { choices { id text } } } }";
        let start = json!({ "lessonId": self.world[lesson], "key": key() });
        let attempt = self.does("learner", "quizAttemptStart", start, selection).await["attempt"].clone();
        self.keeps(name, &attempt["id"]);
        let questions = attempt["questions"].as_array().cloned().unwrap_or_default();
        self.keeps(&format!("{name}'s question"), &questions[0]["questionId"]);
        for question in questions.iter().take(if choice.is_some() { 2 } else { 1 }) {
            let choices = question["text"]["choices"].as_array().into_iter().flatten();
            let chosen = choices.filter(|each| each["text"] == choice.unwrap_or("Yes")).map(|each| each["id"].clone());
            let input = json!({ "attemptId": attempt["id"], "questionId": question["questionId"], "sequence": 1, "chosenIds": chosen.collect::<Vec<_>>() });
            self.keeps(&format!("{name}'s choice"), &input["chosenIds"][0]);
            self.does("learner", "quizResponseSave", json!({ "input": input }), "").await;
        }
        if choice.is_some() {
            self.does("learner", "quizAttemptSubmit", json!({ "id": attempt["id"] }), "").await;
        }
    }
}

/// The community, of the owner, and its discussion; that of the course.
impl Making<'_> {
    async fn community(&mut self) {
        let text = json!({ "language": "en", "title": "Prosecutors", "description": "For all of us." });
        let input = json!({ "key": key(), "text": text, "visibility": self.visibility, "slug": "prosecutors" });
        let community = self.makes("community", "owner", "communityCreate", json!({ "input": input }), "community").await;
        for (name, parent) in [("category", "community"), ("other category", "community"), ("course category", "course")] {
            let input = json!({ "key": key(), "parentId": self.world[parent], "text": title(name) });
            self.makes(name, "owner", "categoryCreate", json!({ "input": input }), "category").await;
        }
        let french = json!({ "language": "fr", "title": "Procureurs" });
        self.does("owner", "communityTextSet", json!({ "id": community, "input": french }), "").await;
        self.does("owner", "categoryTextSet", json!({ "id": self.world["category"], "input": french }), "").await;
        for kind in ["learner", "removed", "suspended"] {
            self.lets_in("community", "owner", kind, "MEMBER").await;
        }
        self.lets_in("community", "owner", "moderator", "MODERATOR").await;
    }

    async fn discussion(&mut self) {
        self.topic("topic", "learner", "category").await;
        self.topic("hidden topic", "learner", "category").await;
        self.topic("course topic", "learner", "course category").await;
        let edit = json!({ "id": self.world["post of topic"], "input": { "body": "Who else has done this?" } });
        self.does("learner", "postUpdate", edit, "").await;
        for (name, kind) in [
            ("owner's post", "owner"),
            ("hidden post", "learner"),
            ("deleted post", "learner"),
            ("redacted post", "learner"),
            ("removed's post", "removed"),
        ] {
            let input = json!({ "key": key(), "topicId": self.world["topic"], "body": name, "language": "en" });
            self.makes(name, kind, "postCreate", json!({ "input": input }), "post").await;
        }
        let because = |thing: &str| json!({ "id": self.world[thing], "reason": "Against our rules" });
        let (hidden, redacted, topic) = (because("hidden post"), because("redacted post"), because("hidden topic"));
        self.does("moderator", "postHide", hidden, "").await;
        self.does("moderator", "postRedact", redacted, "").await;
        self.does("moderator", "topicHide", topic, "").await;
        self.does("learner", "postDelete", json!({ "id": self.world["deleted post"] }), "").await;

        let flag = json!({ "postId": self.world["owner's post"], "reason": "SPAM", "comment": "Look at this." });
        self.does("learner", "postFlag", json!({ "input": flag }), "").await;
        let flags = "query($id: ID!) { community(id: $id) { flags { nodes { id } } } }";
        let found = self.clients["moderator"].runs(flags, &json!({ "id": self.world["community"] })).await;
        self.keeps("flag", &found["community"]["flags"]["nodes"][0]["id"]);
        let removal = json!({ "id": self.world["community"], "userId": self.world["@removed"], "reason": "Insults" });
        self.does("moderator", "communityMemberRemove", removal, "").await;
    }

    async fn topic(&mut self, name: &str, kind: &str, category: &str) {
        let input = json!({ "key": key(), "categoryId": self.world[category], "title": name, "body": "Who has done this?", "language": "en" });
        let made = self.does(kind, "topicCreate", json!({ "input": input }), "topic { id posts { nodes { id } } }").await;
        self.keeps(name, &made["topic"]["id"]);
        self.keeps(&format!("post of {name}"), &made["topic"]["posts"]["nodes"][0]["id"]);
    }
}

/// A webinar of the owner that was held, with a record that the learner attended it. Time goes on meanwhile, so it comes first.
impl Making<'_> {
    async fn held(&mut self) {
        let (text, visibility) = (title("Held"), self.visibility);
        let input = json!({ "key": key(), "text": text, "visibility": visibility });
        let series = self.makes("held series", "owner", "webinarSeriesCreate", json!({ "input": input }), "series").await;
        let time = crate::webinars::time_in(self.app, 2);
        let input = json!({ "key": key(), "seriesId": series, "visibility": visibility, "text": text, "time": time });
        let webinar = self.makes("held webinar", "owner", "webinarCreate", json!({ "input": input }), "webinar").await;
        self.lets_in("held series", "owner", "learner", "MEMBER").await;
        self.lets_in("held series", "owner", "staff", "STAFF").await;
        self.does("owner", "webinarPublish", json!({ "id": webinar }), "").await;
        let input = json!({ "webinarId": webinar });
        let registration =
            self.makes("held registration", "learner", "webinarRegister", json!({ "input": input }), "registration").await;
        let start = self.app.clock.now();
        self.app.clock.advance(Duration::minutes(63));
        for client in self.clients.values_mut() {
            *client = client.again().await;
        }
        let (email, end) = (self.world.people.email("learner"), self.app.clock.now());
        let csv = format!("name,email,join time,leave time\nSomebody,{email},{},{}\n", start.to_rfc3339(), end.to_rfc3339());
        self.does("owner", "webinarAttendanceImport", json!({ "id": webinar, "csv": csv }), "").await;
        self.does("owner", "webinarCertificatesIssue", json!({ "id": webinar }), "").await;
        let record = "query($id: ID!) { registration(id: $id) { attendance { id } } }";
        let found = self.clients["learner"].runs(record, &json!({ "id": registration })).await;
        self.keeps("attendance", &found["registration"]["attendance"]["id"]);
    }
}

/// The series, of the owner, with a webinar and a draft of one.
impl Making<'_> {
    async fn webinars(&mut self) {
        let text = json!({ "language": "en", "title": "Treaties", "summary": "Ten webinars." });
        let input =
            json!({ "key": key(), "text": text, "visibility": self.visibility, "slug": "treaties", "project": "Treaties" });
        let series = self.makes("series", "owner", "webinarSeriesCreate", json!({ "input": input }), "series").await;
        let text = json!({ "language": "en", "name": "The Fund", "sentence": "Funded by the Fund." });
        let input = json!({ "key": key(), "seriesId": series, "text": text });
        let made = self.does("owner", "webinarFunderAdd", json!({ "input": input }), "series { funders { id } }").await;
        self.keeps("funder", &made["series"]["funders"][0]["id"]);
        self.sends("emblem", "EMBLEM", "image/png", PIXEL).await;
        let file = self.world["emblem"].clone();
        self.does("owner", "fileUploadComplete", json!({ "id": file }), "").await;
        self.does("owner", "webinarFunderEmblemSet", json!({ "id": self.world["funder"], "fileId": file }), "").await;
        for (name, slug) in [("webinar", "reservations"), ("draft webinar", "declarations")] {
            let text = json!({ "language": "en", "title": slug, "summary": "What they do." });
            let time = crate::webinars::time_in(self.app, 2 * 24 * 60);
            let input = json!({ "key": key(), "seriesId": series, "visibility": self.visibility, "slug": slug, "text": text, "time": time });
            self.makes(name, "owner", "webinarCreate", json!({ "input": input }), "webinar").await;
            self.lets_in(name, "owner", "moderator", "SPEAKER").await;
        }
        let french = json!({ "language": "fr", "title": "Traités" });
        self.does("owner", "webinarSeriesTextSet", json!({ "id": series, "input": french }), "").await;
        let webinar = self.world["webinar"].clone();
        self.does("owner", "webinarTextSet", json!({ "id": webinar, "input": french }), "").await;
        let changes = json!({ "capacity": 30, "joinUrl": "https://meet.example.org/1", "isRecorded": true, "activity": "Webinars",
            "interpretationLanguages": ["ar"], "registrationOpensAt": "2020-01-01T00:00:00Z",
            "registrationClosesAt": "2050-01-01T00:00:00Z" });
        self.does("owner", "webinarUpdate", json!({ "id": webinar, "input": changes }), "").await;
        self.parts(&webinar).await;
        self.tests().await;
        self.lets_in("series", "owner", "learner", "MEMBER").await;
        self.lets_in("series", "owner", "staff", "STAFF").await;
        self.does("owner", "webinarPublish", json!({ "id": webinar }), "").await;
        let answers = json!([{ "questionId": self.world["webinar question"], "answer": "Reservations" }]);
        let input = json!({ "webinarId": webinar, "acceptsConditions": true, "answers": answers });
        self.makes("registration", "learner", "webinarRegister", json!({ "input": input }), "registration").await;
        self.takes_test(&webinar).await;
        self.does("learner", "calendarRenew", json!({}), "").await;
        self.does("owner", "webinarCodeRenew", json!({ "id": webinar }), "").await;
        let csv = format!(
            "name,email,join time,leave time\nSomebody,{},2001-01-01 10:00,2099-01-01 11:00\n",
            self.world.people.email("learner")
        );
        let selection = "webinar { attendanceLines { nodes { id } } }";
        let listed = self.does("owner", "webinarAttendanceImport", json!({ "id": webinar, "csv": csv }), selection).await;
        self.keeps("attendance line", &listed["webinar"]["attendanceLines"]["nodes"][0]["id"]);
        self.replay(&webinar).await;
        self.does("owner", "webinarTopicSet", json!({ "id": webinar, "topicId": self.world["topic"] }), "").await;
        self.counted(&series).await;
    }

    /// A recording for nobody by itself, which hangs on the webinar.
    async fn replay(&mut self, webinar: &str) {
        let owner = self.client("owner");
        let recording = created(&owner, "INVITED").await;
        uploaded(self.app, &owner, &recording, CLIP).await;
        agreed(&owner, &recording).await;
        self.does("owner", "recordingPublish", json!({ "id": recording }), "").await;
        self.does("owner", "webinarRecordingAdd", json!({ "id": webinar, "recordingId": recording }), "").await;
        self.keeps("webinar recording", &json!(recording));
    }

    /// The pre-test of the webinar, published, and the draft of one.
    async fn tests(&mut self) {
        for (name, thing) in [("pre-test", "webinar"), ("draft pre-test", "draft webinar")] {
            let input = json!({ "key": key(), "webinarId": self.world[thing], "kind": "PRE" });
            let selection = "webinar { preTest { quiz { id } } }";
            let made = self.does("owner", "webinarTestCreate", json!({ "input": input }), selection).await;
            self.keeps(name, &made["webinar"]["preTest"]["quiz"]["id"]);
        }
        let text = json!({ "language": "en", "prompt": "True?", "choices": ["Yes", "No"], "explanation": "Because." });
        let input =
            json!({ "key": key(), "quizId": self.world["pre-test"], "kind": "TRUE_FALSE", "correctChoices": [0], "text": text });
        self.makes("pre-test's question", "owner", "questionCreate", json!({ "input": input }), "question").await;
        let of = json!({ "webinarId": self.world["webinar"], "kind": "PRE" });
        self.does("owner", "webinarTestPublish", of, "").await;
    }

    async fn takes_test(&mut self, webinar: &str) {
        let start = json!({ "webinarId": webinar, "kind": "PRE", "key": key() });
        let attempt = self.makes("pre-test attempt", "learner", "webinarTestStart", start, "attempt").await;
        self.does("learner", "quizAttemptSubmit", json!({ "id": attempt }), "").await;
    }

    /// A webinar of the series that has taken place, and was counted.
    async fn counted(&mut self, series: &str) {
        let mut time = crate::webinars::time_in(self.app, 1);
        time["durationMinutes"] = json!(1);
        let input = json!({ "key": key(), "seriesId": series, "visibility": self.visibility, "slug": "objections",
            "text": title("Objections"), "time": time });
        let webinar = self.makes("counted webinar", "owner", "webinarCreate", json!({ "input": input }), "webinar").await;
        self.does("owner", "webinarPublish", json!({ "id": webinar }), "").await;
        self.app.clock.advance(Duration::minutes(3));
        crate::webinars::comes_round(self.app, &TakeCounts {}).await;
    }

    async fn parts(&mut self, webinar: &str) {
        let text = json!({ "language": "en", "role": "Judge", "biography": "Has tried many cases." });
        let input = json!({ "key": key(), "webinarId": webinar, "name": "Awa Exemple", "text": text });
        let made = self.does("owner", "webinarSpeakerAdd", json!({ "input": input }), "webinar { speakers { id } }").await;
        self.keeps("webinar speaker", &made["webinar"]["speakers"][0]["id"]);
        let text = json!({ "language": "en", "prompt": "What do you want to learn?" });
        let input = json!({ "key": key(), "webinarId": webinar, "text": text });
        let made = self.does("owner", "webinarQuestionAdd", json!({ "input": input }), "webinar { questions { id } }").await;
        self.keeps("webinar question", &made["webinar"]["questions"][0]["id"]);
        self.sends("webinar document", "DOCUMENT", "application/pdf", PDF).await;
        let file = self.world["webinar document"].clone();
        self.does("owner", "fileUploadComplete", json!({ "id": file }), "").await;
        self.does("owner", "webinarMaterialAdd", json!({ "id": webinar, "fileId": file }), "").await;
    }
}

/// A contact of the series that is invited to the webinar, and whom it named: one nothing is decided about, one accepted.
impl Making<'_> {
    async fn inviting(&mut self) {
        let (series, webinar) = (self.world["series"].clone(), self.world["webinar"].clone());
        let input = json!({ "key": key(), "seriesId": series, "name": "Permanent Mission", "organisationKind": "GOVERNMENT",
            "country": "KE", "language": "en", "emails": ["mission@example.org"] });
        let contact = self.makes("contact", "owner", "contactCreate", json!({ "input": input }), "contact").await;
        let letter = json!({ "language": "en", "subject": "{title}", "body": "{link}" });
        let letter = json!({ "webinarId": webinar, "audience": "CONTACTS", "input": letter });
        self.does("owner", "invitationTextSet", letter, "").await;
        let input = json!({ "key": key(), "webinarId": webinar, "contactIds": [contact], "quota": 10 });
        self.does("owner", "invitationsSend", json!({ "input": input }), "").await;
        self.app.run_jobs().await;
        let sent = "query($id: ID!) { webinar(id: $id) { inviting { invitations { nodes { id } } } } }";
        let sent = self.clients["owner"].runs(sent, &json!({ "id": webinar })).await;
        let invitation = sent["webinar"]["inviting"]["invitations"]["nodes"][0]["id"].clone();
        self.keeps("invitation", &invitation);
        let id = InvitationId::parse(&self.world["invitation"]).expect("an id");
        let list = policy::nomination_token(self.app, id, "mission@example.org");
        self.keeps("nomination token", &json!(list));
        let delivery = delivery::Entity::find().one(self.app.db.read()).await.expect("letters").expect("a letter");
        self.keeps("stop token", &json!(policy::stop_token(self.app, &delivery)));
        for name in ["nominee", "accepted nominee"] {
            let email = format!("{}@example.net", name.replace(' ', "."));
            let input = json!({ "key": key(), "token": list, "fullName": "Awa Exemple", "function": "Adviser", "email": email,
                "gender": "FEMALE", "country": "KE", "language": "en" });
            self.makes(name, "learner", "nomineeAdd", json!({ "input": input }), "nominee").await;
        }
        let accepted = self.world["accepted nominee"].clone();
        let decision = json!({ "webinarId": webinar, "nomineeIds": [accepted], "decision": "ACCEPT" });
        self.does("owner", "nomineesDecide", json!({ "input": decision }), "").await;
        let id = NomineeId::parse(&accepted).expect("an id");
        self.keeps("place token", &json!(policy::place_token(self.app, id)));
    }
}
