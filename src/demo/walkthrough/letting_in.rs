//! Letting a stranger in by e-mail address.

use anyhow::ensure;
use serde_json::{Value, json};

use super::{People, Walk, joining, key, mailbox, same};

/// Opens a closed course to somebody who has no account yet.
pub async fn invite(walk: &mut Walk<'_>, people: &People) -> anyhow::Result<()> {
    let trainer = &people.trainer;
    let text = json!({ "language": "en", "title": "A closed course" });
    let input = json!({ "key": key(), "visibility": "INVITED", "text": text });
    let course = trainer.create("courseCreate", "CourseCreateInput", input, "course").await?;
    let input = json!({ "key": key(), "courseId": course, "text": { "language": "en", "title": "Only module" } });
    let module = trainer.create("moduleCreate", "ModuleCreateInput", input, "module").await?;
    let text = json!({ "language": "en", "title": "Only lesson", "body": "For those who were let in." });
    let input = json!({ "key": key(), "moduleId": module, "kind": "ARTICLE", "text": text });
    trainer.create("lessonCreate", "LessonCreateInput", input, "lesson").await?;
    trainer.change("coursePublish", &[("id: ID!", course.clone())], "").await?;

    let email = walk.email("stranger");
    let input = json!({ "key": key(), "subjectId": course, "email": email, "role": "MEMBER" });
    let granted = trainer.change("accessGrant", &[("input: AccessGrantInput!", input)], "access { user { id } }").await?;
    same("whose it is", &granted["access"]["user"], Value::Null)?;
    let letter = mailbox::letter(&walk.place.mail, &email, "access").await?;
    ensure!(!letter.contains("closed course"), "the letter names the course: {letter}");
    walk.did("lets a stranger in by e-mail address", "mailed; the letter does not name the course");

    let query = "query($id: ID!) { course(id: $id) { title } }";
    let before = people.practitioner.ask(query, json!({ "id": course })).await?;
    same("the course, as others see it", &before["course"], Value::Null)?;
    let stranger = joining::join(walk, &people.visitor, "stranger", "Mina Esimerkki").await?;
    joining::vet(&people.administrator, &stranger, false).await?;
    let seen = stranger.ask(query, json!({ "id": course })).await?;
    same("the course, as the stranger sees it", &seen["course"]["title"], "A closed course")?;
    walk.did("the stranger joins with that address", "sees the course; for others it does not exist");
    Ok(())
}
