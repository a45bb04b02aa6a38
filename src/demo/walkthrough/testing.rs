//! The tests of a webinar: a pre-test, and a post-test that asks the same.

use anyhow::ensure;
use serde_json::{Value, json};

use super::{Client, People, Walk, key, quizzing, same};

fn of(webinar: &Value, kind: &str) -> [(&'static str, Value); 2] {
    [("webinarId: ID!", webinar.clone()), ("kind: WebinarTestKind!", json!(kind))]
}

/// Gives a webinar both tests.
pub async fn write(walk: &mut Walk<'_>, organiser: &Client, webinar: &Value) -> anyhow::Result<()> {
    let pre_test = create(organiser, webinar, "PRE", &Value::Null).await?["preTest"]["quiz"]["id"].clone();
    let empty = organiser.refused("webinarTestPublish", &of(webinar, "PRE")).await?;
    quizzing::ask(organiser, &pre_test).await?;
    let copy = create(organiser, webinar, "POST", &pre_test).await?["postTest"]["quiz"].clone();
    same("the questions of the copy", &copy["questionCount"], 3)?;
    for kind in ["PRE", "POST"] {
        organiser.change("webinarTestPublish", &of(webinar, kind), "").await?;
    }
    walk.did("gives it a pre-test, and a post-test like it", &format!("3 questions each; before they were written: {empty}"));
    Ok(())
}

async fn create(organiser: &Client, webinar: &Value, kind: &str, copy_of: &Value) -> anyhow::Result<Value> {
    let input = json!({ "key": key(), "webinarId": webinar, "kind": kind, "copyOf": copy_of });
    let answer = "webinar { preTest { quiz { id } } postTest { quiz { questionCount } } }";
    let made = organiser.change("webinarTestCreate", &[("input: WebinarTestCreateInput!", input)], answer).await?;
    Ok(made["webinar"].clone())
}

/// The practitioner, who has a seat, takes the pre-test; the trainer waits for one.
pub async fn take(walk: &mut Walk<'_>, people: &People, webinar: &Value) -> anyhow::Result<()> {
    let starting = |kind| [&of(webinar, kind)[..], &[("key: UUID!", json!(key()))]].concat();
    let begun = people.practitioner.change("webinarTestStart", &starting("PRE"), quizzing::ATTEMPT).await?;
    let done = quizzing::finish(&people.practitioner, &begun["attempt"], true).await?;
    ensure!(!quizzing::shows_answers(&done), "the right answers came before the post-test");
    let early = people.practitioner.refused("webinarTestStart", &starting("POST")).await?;
    let waits = people.trainer.refused("webinarTestStart", &starting("PRE")).await?;
    let told = format!("{}, what is right is not told; the post-test: {early}; who waits: {waits}", quizzing::percent(&done));
    walk.did("the practitioner takes the pre-test", &told);
    Ok(())
}
