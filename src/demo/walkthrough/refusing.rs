//! What must be refused, and what the audit has kept.

use anyhow::ensure;
use http::StatusCode;
use serde_json::{Value, json};

use super::{People, Walk, key, list, playing::Playback, same, teaching::Course, text};

/// Tries what nobody may.
pub async fn refuse(
    walk: &mut Walk<'_>,
    people: &People,
    course: &Course,
    recording: &Value,
    playback: &Playback,
) -> anyhow::Result<()> {
    let text = json!({ "language": "en", "title": "Mine now" });
    let arguments = [("id: ID!", course.id.clone()), ("input: CourseTextInput!", text.clone())];
    let seen = people.other.refused("courseTextSet", &arguments).await?;
    let input = json!({ "key": key(), "visibility": "INVITED", "text": text });
    let hidden = people.trainer.create("courseCreate", "CourseCreateInput", input, "course").await?;
    let arguments = [("id: ID!", hidden), arguments[1].clone()];
    let unseen = people.other.refused("courseTextSet", &arguments).await?;
    let visitor = people.visitor.refused("courseEnrol", &[("id: ID!", course.id.clone())]).await?;
    walk.did("another trainer edits it, and a hidden course", &format!("{seen}, {unseen}; a visitor enrols: {visitor}"));

    let query = "query($id: ID!) { lesson(id: $id) { quiz { questions { correctChoiceIds } } } }";
    let lesson = course.lesson("QUIZ")?;
    for client in [&people.practitioner, &people.other, &people.visitor] {
        let found = client.send(query, json!({ "id": lesson })).await?;
        ensure!(!found.to_string().contains("choice_") && found.pointer("/data/lesson/quiz/questions/0").is_none(), "{found}");
    }
    walk.did("others ask for the quiz's right answers", "none for the learner, the other trainer, a visitor");

    let own = people.practitioner.get(&playback.path).await?.status;
    let foreign = people.other.get(&playback.path).await?.status;
    let nobody = people.visitor.get(&playback.path).await?.status;
    ensure!(own.is_success() || own == StatusCode::FOUND, "the holder of the ticket: {own}");
    ensure!(foreign == StatusCode::FORBIDDEN && nobody == StatusCode::FORBIDDEN, "{foreign}, {nobody}");
    let input = json!({
        "recordingId": recording, "ticket": playback.ticket, "intervals": [], "positionSeconds": 0.0,
    });
    let reported = people.other.refused("watchReport", &[("input: WatchReportInput!", input)]).await?;
    walk.did(
        "others use the practitioner's ticket",
        &format!("{}, {}; to report: {reported}", foreign.as_u16(), nobody.as_u16()),
    );

    people.practitioner.change("sessionEnd", &[], "").await?;
    let after = people.practitioner.get(&playback.path).await?.status;
    ensure!(after == StatusCode::FORBIDDEN, "{after}");
    let viewer = people.practitioner.ask("{ viewer { user { id } } }", Value::Null).await?;
    same("who is signed in", &viewer["viewer"], Value::Null)?;
    walk.did("the practitioner signs out", &format!("signed out; the recording's address: {}", after.as_u16()));
    Ok(())
}

/// Reads the audit of the course.
pub async fn audit(walk: &mut Walk<'_>, people: &People, course: &Course) -> anyhow::Result<()> {
    let query = "query($id: ID!) { auditEntries(first: 100, subjectId: $id) { nodes { action details } } }";
    let refused = people.trainer.send(query, json!({ "id": course.id })).await?;
    let refused = text(&refused["errors"][0]["extensions"]["code"]).to_owned();
    let entries = people.administrator.ask(query, json!({ "id": course.id })).await?["auditEntries"]["nodes"].clone();
    let mut actions: Vec<_> = list(&entries).map(|entry| text(&entry["action"])).collect();
    actions.reverse();
    let published = actions.iter().filter(|action| **action == "course.published").count();
    ensure!(actions.first() == Some(&"course.created") && published == 2, "{actions:?}");
    walk.did("an administrator reads the audit", &format!("course.created … course.published twice; a trainer: {refused}"));
    Ok(())
}
