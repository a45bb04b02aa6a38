//! Courses for tests, made by trainers through the API.

use serde_json::{Value, json};

use crate::app::{Client, key};

pub const COURSE: &str = "query($id: ID!) { course(id: $id) { id slug title viewerCanEdit viewerCanEnrol draft { id }
    publishedVersion { id number lessonCount modules { id title lessons { id permanentId title kind text { body }
        viewerProgress { state reason } } } }
    viewerEnrolment { id state completedLessonCount requiredLessonCount completedRequiredLessonCount
        resumeLesson { title } completion { code versionNumber courseTitle checkUrl } } } }";
pub const COURSE_CREATE: &str = "mutation($input: CourseCreateInput!) { courseCreate(input: $input) {
    course { id } userErrors { code field message } } }";
pub const COURSE_TEXT_SET: &str = "mutation($id: ID!, $input: CourseTextInput!) { courseTextSet(id: $id, input: $input) {
    course { id } userErrors { code field message } } }";
pub const MODULE_CREATE: &str = "mutation($input: ModuleCreateInput!) { moduleCreate(input: $input) {
    module { id position } userErrors { code field message } } }";
pub const LESSON_CREATE: &str = "mutation($input: LessonCreateInput!) { lessonCreate(input: $input) {
    lesson { id } userErrors { code field message } } }";
pub const PUBLISH: &str = "mutation($id: ID!) { coursePublish(id: $id) {
    version { id number } userErrors { code field message } } }";
pub const GRANT: &str = "mutation($input: AccessGrantInput!) { accessGrant(input: $input) {
    access { id } userErrors { code field message } } }";
pub const ENROL: &str = "mutation($id: ID!) { courseEnrol(id: $id) {
    enrolment { id state } userErrors { code field } } }";
pub const WITHDRAW: &str = "mutation($id: ID!) { courseWithdraw(id: $id) {
    enrolment { id state } userErrors { code field } } }";

const ROLE_REVOKE: &str = "mutation($id: ID!) { userRoleRevoke(id: $id, role: TRAINER) { userErrors { code } } }";

/// Takes their role from a trainer; them, signed in again.
pub async fn stops_teaching<'a>(trainer: &Client<'a>) -> Client<'a> {
    trainer.app.administrator().await.runs(ROLE_REVOKE, &json!({ "id": trainer.id() })).await;
    trainer.again().await
}

/// Gives it back to them.
pub async fn teaches_again<'a>(former: &Client<'a>) -> Client<'a> {
    let grant = ROLE_REVOKE.replace("userRoleRevoke", "userRoleGrant");
    former.app.administrator().await.runs(&grant, &json!({ "id": former.id() })).await;
    former.again().await
}

/// A course and who teaches it.
pub struct Taught<'a> {
    pub id: String,
    trainer: &'a Client<'a>,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

impl<'a> Taught<'a> {
    /// A new course, in English.
    pub async fn course(trainer: &'a Client<'a>, title: &str, visibility: &str) -> Self {
        let input = json!({ "key": key(), "visibility": visibility, "text": { "language": "en", "title": title } });
        let made = trainer.runs(COURSE_CREATE, &json!({ "input": input })).await;
        Self { id: text(&made["courseCreate"]["course"]["id"]), trainer }
    }

    /// A published course with one module of these articles.
    pub async fn with_articles(trainer: &'a Client<'a>, titles: &[&str]) -> Self {
        let course = Self::course(trainer, "Course", "PUBLIC").await;
        let module = course.with_module("Module").await;
        for title in titles {
            course.with_lesson(&module, title, "ARTICLE", &json!(null)).await;
        }
        course.publishes().await;
        course
    }

    pub async fn sets_text(&self, language: &str, title: &str) {
        let input = json!({ "language": language, "title": title });
        self.trainer.runs(COURSE_TEXT_SET, &json!({ "id": self.id, "input": input })).await;
    }

    pub async fn with_module(&self, title: &str) -> String {
        let input = json!({ "key": key(), "courseId": self.id, "text": { "language": "en", "title": title } });
        text(&self.trainer.runs(MODULE_CREATE, &json!({ "input": input })).await["moduleCreate"]["module"]["id"])
    }

    pub async fn with_lesson(&self, module: &str, title: &str, kind: &str, content: &Value) -> String {
        // Without a text, an article could not be published.
        let body = if kind == "ARTICLE" { "Read this." } else { "" };
        let input = json!({ "key": key(), "moduleId": module, "kind": kind, "content": content,
            "text": { "language": "en", "title": title, "body": body } });
        text(&self.trainer.runs(LESSON_CREATE, &json!({ "input": input })).await["lessonCreate"]["lesson"]["id"])
    }

    /// An article in a module of its own.
    pub async fn with_article(&self, title: &str, body: &str) -> String {
        let module = self.with_module(title).await;
        let lesson = self.with_lesson(&module, title, "ARTICLE", &json!(null)).await;
        self.sets_body(&lesson, title, body).await;
        lesson
    }

    pub async fn sets_body(&self, lesson: &str, title: &str, body: &str) {
        let document = "mutation($id: ID!, $input: LessonTextInput!) { lessonTextSet(id: $id, input: $input) {
            lesson { id } userErrors { code field } } }";
        let input = json!({ "language": "en", "title": title, "body": body });
        self.trainer.runs(document, &json!({ "id": lesson, "input": input })).await;
    }

    pub async fn updates_lesson(&self, lesson: &str, input: Value) {
        let document = "mutation($id: ID!, $input: LessonUpdateInput!) { lessonUpdate(id: $id, input: $input) {
            lesson { id } userErrors { code field } } }";
        self.trainer.runs(document, &json!({ "id": lesson, "input": input })).await;
    }

    pub async fn removes_lesson(&self, lesson: &str) {
        let document = "mutation($id: ID!) { lessonRemove(id: $id) { draft { id } userErrors { code } } }";
        self.trainer.runs(document, &json!({ "id": lesson })).await;
    }

    /// Publishes; the version's id and number.
    pub async fn publishes(&self) -> Value {
        self.trainer.runs(PUBLISH, &json!({ "id": self.id })).await["coursePublish"]["version"].clone()
    }

    pub async fn grants(&self, email: &str, role: &str) {
        let input = json!({ "key": key(), "subjectId": self.id, "email": email, "role": role });
        self.trainer.runs(GRANT, &json!({ "input": input })).await;
    }

    /// The lessons of the draft, as ids by title.
    pub async fn draft_lesson(&self, title: &str) -> String {
        let document = "query($id: ID!) { course(id: $id) { draft { modules { lessons { id title } } } } }";
        let page = self.trainer.runs(document, &json!({ "id": self.id })).await;
        let modules = page["course"]["draft"]["modules"].as_array().cloned().unwrap_or_default();
        let lessons = modules.iter().flat_map(|module| module["lessons"].as_array().into_iter().flatten());
        lessons.filter(|lesson| lesson["title"] == title).map(|lesson| text(&lesson["id"])).next().expect("such a lesson")
    }

    /// The draft as titles, those of lessons with their position.
    pub async fn outline(&self) -> Value {
        let document = "query($id: ID!) { course(id: $id) { draft { modules { title lessons { title position } } } } }";
        let page = self.trainer.runs(document, &json!({ "id": self.id })).await;
        let modules = page["course"]["draft"]["modules"].as_array().cloned().unwrap_or_default();
        let outline = modules.iter().map(|module| {
            let lessons = module["lessons"].as_array().into_iter().flatten();
            let lessons = lessons.map(|lesson| json!(format!("{}{}", text(&lesson["title"]), lesson["position"])));
            Value::Array(std::iter::once(module["title"].clone()).chain(lessons).collect())
        });
        Value::Array(outline.collect())
    }
}

/// Changes that only staff make, of a course and of a lesson in its draft (those name a variable `$draft`).
pub fn changes(course: &Taught<'_>, lesson: &str) -> Vec<(&'static str, Value)> {
    let text = json!({ "language": "en", "title": "Taken over" });
    vec![
        (COURSE_TEXT_SET, json!({ "id": course.id, "input": text })),
        (PUBLISH, json!({ "id": course.id })),
        (MODULE_CREATE, json!({ "input": { "key": key(), "courseId": course.id, "text": text } })),
        (
            "mutation($id: ID!) { courseUpdate(id: $id, input: { visibility: PUBLIC }) { course { id } userErrors { code } } }",
            json!({ "id": course.id }),
        ),
        ("mutation($id: ID!) { courseArchive(id: $id) { course { id } userErrors { code } } }", json!({ "id": course.id })),
        (GRANT, json!({ "input": { "key": key(), "subjectId": course.id, "email": "other@example.org", "role": "STAFF" } })),
        ("mutation($draft: ID!) { lessonRemove(id: $draft) { draft { id } userErrors { code } } }", json!({ "draft": lesson })),
        (
            "mutation($draft: ID!, $input: LessonTextInput!) { lessonTextSet(id: $draft, input: $input) { lesson { id } userErrors { code } } }",
            json!({ "draft": lesson, "input": text }),
        ),
    ]
}
