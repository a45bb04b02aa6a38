//! The series of webinars, and those of it that are to come.

use anyhow::Context as _;
use serde_json::{Value, json};

use super::{
    Loader,
    course::write_questions,
    inviting::{Contacts, guest},
    key, original,
};
use crate::demo::content::{self, Series, Texts, Webinar, WebinarTest};

/// Those who are named for the webinar to come, and wait for the organiser, by their numbers.
const WAITING: std::ops::Range<usize> = 6..9;

/// The emblem of the fund.
const EMBLEM: &str = "emblem/emblem.png";

/// Makes the series; its id.
pub async fn load_series(loader: &Loader<'_>, series: &Series) -> anyhow::Result<Value> {
    let (author, language) = (&series.author, &series.original_language);
    let input = json!({
        "key": key("series"), "slug": series.slug, "visibility": series.visibility, "project": series.project,
        "text": original(&series.text, language)?,
    });
    let id = loader.create(author, "webinarSeriesCreate", "WebinarSeriesCreateInput", input, "series").await?;
    loader.translate(author, "webinarSeriesTextSet", "WebinarTextInput", &id, &series.text, language).await?;
    let of_series = Parts { author, language, of: "series", field: "funders" };
    for (number, funder) in series.funder.iter().enumerate() {
        let input = json!({ "key": key(&format!("funder {number}")), "seriesId": id, "text": original(&funder.text, language)? });
        let funder = of_series.add(loader, "webinarFunder", number, input, &funder.text).await?;
        let file = json!({ "purpose": "EMBLEM", "name": "emblem.png", "contentType": "image/png" });
        let file = loader.upload(author, &format!("emblem {number}"), file, content::bytes(EMBLEM)?).await?;
        loader.change(author, "webinarFunderEmblemSet", &[("id: ID!", funder), ("fileId: ID", file)], "").await?;
    }
    Ok(id)
}

/// Loads the webinars to come into the series, and invites to the first of them. The clock stands at the present.
pub async fn load_coming<'a>(loader: &Loader<'_>, series: &'a Series, id: &Value, contacts: &Contacts<'a>) -> anyhow::Result<()> {
    for (number, webinar) in series.webinar.iter().enumerate() {
        let webinar_id = load(loader, series, id, webinar).await?;
        register(loader, webinar, &webinar_id).await?;
        if number == 0 {
            // Two of them have named people, about whom the organiser is to decide.
            for list in contacts.invite(loader, &series.author, (&webinar.slug, &webinar_id)).await?.iter().take(2) {
                for person in WAITING.map(|number| guest(list.contact, number)) {
                    list.name(loader, &person).await?;
                }
            }
        }
    }
    Ok(())
}

/// What belongs to a series or webinar: how it is added, and where it is found again.
struct Parts<'a> {
    author: &'a str,
    language: &'a str,
    of: &'a str,
    field: &'a str,
}

impl Parts<'_> {
    /// Adds the part of this number, and its translations; its id.
    async fn add(&self, loader: &Loader<'_>, kind: &str, number: usize, input: Value, texts: &Texts) -> anyhow::Result<Value> {
        let inputs = format!("{}{}", kind[..1].to_uppercase(), &kind[1..]);
        let argument = format!("input: {inputs}AddInput!");
        let answer = format!("{} {{ {} {{ id }} }}", self.of, self.field);
        let added = loader.change(self.author, &format!("{kind}Add"), &[(&argument, input)], &answer).await?;
        let id = added[self.of][self.field][number]["id"].clone();
        loader
            .translate(self.author, &format!("{kind}TextSet"), &format!("{inputs}TextInput"), &id, texts, self.language)
            .await?;
        Ok(id)
    }
}

/// Writes a webinar of the series and publishes it; its id.
pub async fn load(loader: &Loader<'_>, series: &Series, id: &Value, webinar: &Webinar) -> anyhow::Result<Value> {
    let (author, language) = (series.author.as_str(), series.original_language.as_str());
    let name = &webinar.slug;
    let day = (loader.present() + chrono::Duration::days(webinar.in_days)).date_naive();
    let time = json!({
        "localStart": format!("{day}T{}", webinar.local_time), "timeZone": webinar.time_zone, "durationMinutes": webinar.minutes,
    });
    let input = json!({
        "key": key(&format!("webinar {name} {day}")), "seriesId": id, "slug": name, "visibility": webinar.visibility,
        "time": time, "text": original(&webinar.text, language)?,
    });
    let id = loader.create(author, "webinarCreate", "WebinarCreateInput", input, "webinar").await?;
    loader.translate(author, "webinarTextSet", "WebinarTextInput", &id, &webinar.text, language).await?;
    let changes = json!({
        "activity": webinar.activity, "capacity": webinar.capacity, "joinUrl": webinar.join_url,
        "spokenLanguages": webinar.spoken, "interpretationLanguages": webinar.interpreted, "isRecorded": webinar.recorded,
    });
    loader.change(author, "webinarUpdate", &[("id: ID!", id.clone()), ("input: WebinarUpdateInput!", changes)], "").await?;
    let speakers = Parts { author, language, of: "webinar", field: "speakers" };
    for (number, speaker) in webinar.speaker.iter().enumerate() {
        let key = key(&format!("webinar {name} speaker {number}"));
        let input = json!({ "key": key, "webinarId": id, "name": speaker.name, "text": original(&speaker.text, language)? });
        speakers.add(loader, "webinarSpeaker", number, input, &speaker.text).await?;
    }
    let questions = Parts { author, language, of: "webinar", field: "questions" };
    for (number, question) in webinar.question.iter().enumerate() {
        let key = key(&format!("webinar {name} question {number}"));
        let text = original(&question.text, language)?;
        let input = json!({ "key": key, "webinarId": id, "isRequired": question.required, "text": text });
        questions.add(loader, "webinarQuestion", number, input, &question.text).await?;
    }
    load_tests(loader, author, language, (name, &id), &webinar.test).await?;
    loader.change(author, "webinarPublish", &[("id: ID!", id.clone())], "").await?;
    Ok(id)
}

/// Those register who do so by themselves.
pub async fn register(loader: &Loader<'_>, webinar: &Webinar, id: &Value) -> anyhow::Result<()> {
    for person in &webinar.registered {
        let input = json!({ "webinarId": id, "acceptsConditions": true });
        let registered = loader.change(person, "webinarRegister", &[("input: WebinarRegisterInput!", input)], "").await;
        registered.with_context(|| format!("{person} registers for {}", webinar.slug))?;
    }
    Ok(())
}

/// Writes and publishes the pre-test, and the post-test as a copy of it.
async fn load_tests(
    loader: &Loader<'_>,
    author: &str,
    language: &str,
    (name, webinar): (&str, &Value),
    test: &WebinarTest,
) -> anyhow::Result<()> {
    let pre_test = create_test(loader, author, (name, webinar), "PRE", &Value::Null).await?;
    let first = [("id: ID!", pre_test.clone()), ("input: QuizTextInput!", original(&test.text, language)?)];
    loader.change(author, "quizTextSet", &first, "").await?;
    loader.translate(author, "quizTextSet", "QuizTextInput", &pre_test, &test.text, language).await?;
    write_questions(loader, author, language, (&format!("webinar {name} test "), &pre_test), &test.question).await?;
    create_test(loader, author, (name, webinar), "POST", &pre_test).await?;
    for kind in ["PRE", "POST"] {
        let arguments = [("webinarId: ID!", webinar.clone()), ("kind: WebinarTestKind!", json!(kind))];
        loader.change(author, "webinarTestPublish", &arguments, "").await?;
    }
    Ok(())
}

/// Makes a test; its quiz.
async fn create_test(
    loader: &Loader<'_>,
    author: &str,
    (name, webinar): (&str, &Value),
    kind: &str,
    copy_of: &Value,
) -> anyhow::Result<Value> {
    let input = json!({
        "key": key(&format!("webinar {name} test {kind}")), "webinarId": webinar, "kind": kind, "copyOf": copy_of,
    });
    let answer = "webinar { preTest { quiz { id } } postTest { quiz { id } } }";
    let made = loader.change(author, "webinarTestCreate", &[("input: WebinarTestCreateInput!", input)], answer).await?;
    let field = if kind == "PRE" { "preTest" } else { "postTest" };
    Ok(made["webinar"][field]["quiz"]["id"].clone())
}
