//! A course in two languages, with lessons of every kind, published twice.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use super::{Client, People, Walk, key, list, same, text};
use crate::demo::content;

/// A course, and its published lessons by kind.
pub struct Course {
    pub id: Value,
    pub module: Value,
    pub lessons: BTreeMap<String, Value>,
}

const LESSONS: &str = "query($id: ID!) { course(id: $id) { publishedVersion { number modules { lessons { id kind } } } } }";

/// Writes a course with two modules and all lessons that need nothing else.
pub async fn draft(walk: &mut Walk<'_>, people: &People) -> anyhow::Result<Course> {
    let trainer = &people.trainer;
    let input = json!({
        "key": key(), "slug": format!("walkthrough-{}", walk.run), "visibility": "MEMBERS",
        "text": { "language": "en", "title": "Asking another State for help", "description": "What a request must **say**." },
    });
    let first = trainer.create("courseCreate", "CourseCreateInput", input.clone(), "course").await?;
    let id = trainer.create("courseCreate", "CourseCreateInput", input, "course").await?;
    same("the same key sent again", &id, first)?;
    let arabic = json!({ "language": "ar", "title": "طلب المساعدة من دولة أخرى" });
    trainer.change("courseTextSet", &[("id: ID!", id.clone()), ("input: CourseTextInput!", arabic)], "").await?;
    let query = "query($id: ID!) { course(id: $id) { languages text(language: \"ar\") { title direction isOutdated } } }";
    let seen = trainer.ask(query, json!({ "id": id })).await?["course"].clone();
    same("the direction", &seen["text"]["direction"], "RTL")?;
    let languages: Vec<_> = list(&seen["languages"]).map(text).collect();
    walk.did(
        "the trainer writes a course in two languages",
        &format!("{}; Arabic is RTL; sent twice, made once", languages.join(" ")),
    );

    let module = create_module(trainer, &id, "Before you ask", "قبل أن تطلب").await?;
    let second = create_module(trainer, &id, "Asking", "الطلب").await?;
    let body = "A request names **who** asks, *what* is asked and why.";
    create_lesson(trainer, &module, "ARTICLE", ("What a request is", "ما هو الطلب"), body, Value::Null).await?;
    let file = trainer.upload("DOCUMENT", "checklist.pdf", "application/pdf", content::bytes("document/checklist.pdf")?).await?;
    let content = json!({ "fileId": file });
    create_lesson(trainer, &second, "DOCUMENT", ("Checklist", "قائمة مرجعية"), "", content).await?;
    let content = json!({ "url": "https://treaties.un.org" });
    create_lesson(trainer, &second, "LINK", ("Treaty Collection", "مجموعة المعاهدات"), "", content).await?;
    walk.did("adds modules, an article, a document, a link", "2 modules, 3 lessons, the file checked");

    let order = json!([second, module]);
    let arguments = [("courseId: ID!", id.clone()), ("moduleIds: [ID!]!", order)];
    let reordered = trainer.change("modulesReorder", &arguments, "draft { modules { id } }").await?;
    same("the first module", &reordered["draft"]["modules"][0]["id"], second.clone())?;
    let arguments = [("courseId: ID!", id.clone()), ("moduleIds: [ID!]!", json!([module, second]))];
    trainer.change("modulesReorder", &arguments, "").await?;
    walk.did("reorders the modules, and back", "2 modules in the order asked for");
    Ok(Course { id, module: second, lessons: BTreeMap::new() })
}

async fn create_module(trainer: &Client, course: &Value, english: &str, arabic: &str) -> anyhow::Result<Value> {
    let input = json!({ "key": key(), "courseId": course, "text": { "language": "en", "title": english } });
    let id = trainer.create("moduleCreate", "ModuleCreateInput", input, "module").await?;
    let input = json!({ "language": "ar", "title": arabic });
    trainer.change("moduleTextSet", &[("id: ID!", id.clone()), ("input: ModuleTextInput!", input)], "").await?;
    Ok(id)
}

/// Adds a lesson, titled in English and Arabic.
pub async fn create_lesson(
    trainer: &Client,
    module: &Value,
    kind: &str,
    (english, arabic): (&str, &str),
    body: &str,
    content: Value,
) -> anyhow::Result<Value> {
    let text = json!({ "language": "en", "title": english, "body": body });
    let input = json!({ "key": key(), "moduleId": module, "kind": kind, "text": text, "content": content });
    let id = trainer.create("lessonCreate", "LessonCreateInput", input, "lesson").await?;
    let input = json!({ "language": "ar", "title": arabic, "body": body });
    trainer.change("lessonTextSet", &[("id: ID!", id.clone()), ("input: LessonTextInput!", input)], "").await?;
    Ok(id)
}

/// Adds the recording as a lesson.
pub async fn add_recording(people: &People, course: &Course, recording: &Value) -> anyhow::Result<()> {
    let content = json!({ "recordingId": recording });
    create_lesson(&people.trainer, &course.module, "RECORDING", ("Five steps", "خمس خطوات"), "", content).await?;
    Ok(())
}

/// Publishes the first version.
pub async fn publish(walk: &mut Walk<'_>, people: &People, course: &mut Course) -> anyhow::Result<()> {
    let before = people.practitioner.ask(LESSONS, json!({ "id": course.id })).await?;
    same("the draft, as others see it", &before["course"], Value::Null)?;
    let published = publish_once(people, course).await?;
    same("the version", &published, 1)?;
    let again = publish_once(people, course).await?;
    same("an unchanged draft", &again, 1)?;
    let seen = people.practitioner.ask(LESSONS, json!({ "id": course.id })).await?;
    for lesson in list(&seen["course"]["publishedVersion"]["modules"]).flat_map(|module| list(&module["lessons"])) {
        course.lessons.insert(text(&lesson["kind"]).to_owned(), lesson["id"].clone());
    }
    ensure!(course.lessons.len() == 5, "{} kinds of lessons", course.lessons.len());
    let kinds: Vec<_> = course.lessons.keys().map(|kind| kind.to_lowercase()).collect();
    walk.did("publishes it, twice", &format!("version 1 both times: {}", kinds.join(", ")));
    Ok(())
}

async fn publish_once(people: &People, course: &Course) -> anyhow::Result<Value> {
    let published = people.trainer.change("coursePublish", &[("id: ID!", course.id.clone())], "version { number }").await?;
    Ok(published["version"]["number"].clone())
}

impl Course {
    /// The published lesson of a kind.
    pub fn lesson(&self, kind: &str) -> anyhow::Result<&Value> {
        self.lessons.get(kind).with_context(|| format!("no lesson of kind {kind}"))
    }
}

/// Edits the draft and publishes again; the learner keeps what they have.
pub async fn publish_again(walk: &mut Walk<'_>, people: &People, course: &Course) -> anyhow::Result<()> {
    let (trainer, practitioner) = (&people.trainer, &people.practitioner);
    let progress = "query($id: ID!) { course(id: $id) { title publishedVersion { number lessonCount } viewerEnrolment {
        state completedLessonCount completion { versionNumber } } } }";
    let before = practitioner.ask(progress, json!({ "id": course.id })).await?["course"].clone();
    let input = json!({ "language": "en", "title": "Asking another State for help, second edition" });
    trainer.change("courseTextSet", &[("id: ID!", course.id.clone()), ("input: CourseTextInput!", input)], "").await?;
    let modules = "query($id: ID!) { course(id: $id) { draft { modules { id } } } }";
    let draft = trainer.ask(modules, json!({ "id": course.id })).await?["course"]["draft"].clone();
    let text = json!({ "language": "en", "title": "What has changed", "body": "A lesson more." });
    let input = json!({
        "key": key(), "moduleId": draft["modules"][0]["id"], "kind": "ARTICLE", "isRequired": false, "text": text,
    });
    trainer.create("lessonCreate", "LessonCreateInput", input, "lesson").await?;
    let during = practitioner.ask(progress, json!({ "id": course.id })).await?["course"].clone();
    same("what learners see of a draft", &during, before.clone())?;
    same("the version", &publish_once(people, course).await?, 2)?;
    let after = practitioner.ask(progress, json!({ "id": course.id })).await?["course"].clone();
    same("the lessons", &after["publishedVersion"]["lessonCount"], 6)?;
    same("the progress", &after["viewerEnrolment"], before["viewerEnrolment"].clone())?;
    let done = &after["viewerEnrolment"]["completedLessonCount"];
    walk.did("edits, publishes again", &format!("version 2; the learner keeps {done} of 6 lessons and the record of version 1"));
    Ok(())
}
