//! A practitioner takes the course, up to the record that anyone can check.

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use super::{People, Walk, same, teaching::Course, text};

const ENROLMENT: &str = "query($id: ID!) { course(id: $id) { viewerEnrolment { state completedRequiredLessonCount
    requiredLessonCount resumeLesson { kind } completion { code courseTitle versionNumber } } } }";

/// Finds the course, enrols, reads.
pub async fn begin(walk: &mut Walk<'_>, people: &People, course: &Course) -> anyhow::Result<()> {
    let learner = &people.practitioner;
    let query = "query($id: ID!) { course(id: $id) { viewerCanEnrol text(language: \"ar\") { direction } } }";
    let seen = learner.ask(query, json!({ "id": course.id })).await?["course"].clone();
    same("may enrol", &seen["viewerCanEnrol"], true)?;
    for _ in 0..2 {
        learner.change("courseEnrol", &[("id: ID!", course.id.clone())], "enrolment { state }").await?;
    }
    let progress = progress(people, course).await?;
    walk.did("the practitioner enrols, twice", &format!("ACTIVE once; {progress}"));

    let query = "query($id: ID!) { lesson(id: $id) { text(language: \"ar\") { bodyHtml direction } } }";
    let article = course.lesson("ARTICLE")?;
    let read = learner.ask(query, json!({ "id": article })).await?["lesson"]["text"].clone();
    ensure!(text(&read["bodyHtml"]).contains("<strong>who</strong>"), "{read}");
    learner.change("lessonStart", &[("id: ID!", article.clone())], "").await?;
    for (kind, reason) in [("ARTICLE", "READ"), ("DOCUMENT", "VISITED"), ("LINK", "VISITED")] {
        let arguments = [("id: ID!", course.lesson(kind)?.clone()), ("reason: LessonCompleteReason!", json!(reason))];
        let done = learner.change("lessonComplete", &arguments, "lesson { viewerProgress { state } }").await?;
        same(kind, &done["lesson"]["viewerProgress"]["state"], "COMPLETED")?;
    }
    let arguments = [("id: ID!", course.lesson("QUIZ")?.clone()), ("reason: LessonCompleteReason!", json!("READ"))];
    let refused = learner.refused("lessonComplete", &arguments).await?;
    let progress = self::progress(people, course).await?;
    walk.did("reads, downloads, follows the link", &format!("{progress}; to call the quiz read: {refused}"));
    Ok(())
}

/// How far the learner is, in words.
async fn progress(people: &People, course: &Course) -> anyhow::Result<String> {
    let found = people.practitioner.ask(ENROLMENT, json!({ "id": course.id })).await?["course"]["viewerEnrolment"].clone();
    let resume = text(&found["resumeLesson"]["kind"]).to_lowercase();
    Ok(format!("{} of {} lessons, resumes at the {resume}", found["completedRequiredLessonCount"], found["requiredLessonCount"]))
}

/// Has the record, and a visitor checks it.
pub async fn complete(walk: &mut Walk<'_>, people: &People, course: &Course) -> anyhow::Result<()> {
    let found = people.practitioner.ask(ENROLMENT, json!({ "id": course.id })).await?["course"]["viewerEnrolment"].clone();
    same("the enrolment", &found["state"], "COMPLETED")?;
    let record = &found["completion"];
    let code = record["code"].as_str().context("no code")?;
    walk.did("has completed the course", &format!("a record of version {} with a code", record["versionNumber"]));

    let query = "query($code: String!, $name: String) { certificateCheck(code: $code, name: $name) {
        title versionNumber holderName nameMatches } }";
    let check = async |code: &str, name: &str| {
        let found = people.visitor.ask(query, json!({ "code": code, "name": name })).await?;
        anyhow::Ok(found["certificateCheck"].clone())
    };
    let (right, wrong) = (check(code, "سارة مثال").await?, check(code, "Somebody Else").await?);
    same("the title", &right["title"], record["courseTitle"].clone())?;
    same("the right name", &right["nameMatches"], true)?;
    same("a wrong name", &wrong["nameMatches"], false)?;
    same("the holder's name", &right["holderName"], Value::Null)?;
    same("a wrong code", &check("AAAA-AAAA-AAAA-AAAA", "").await?, Value::Null)?;
    walk.did("a visitor checks the code", "genuine, the name matches, no profile shown; a wrong code is nothing");
    Ok(())
}
