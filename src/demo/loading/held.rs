//! The webinar that was held: contacts are invited and name people, the organiser chooses, they come, are tested and get
//! certificates; its recording is hung on it and watched; all of it is counted.

use anyhow::Context as _;
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::{
    Loader,
    inviting::{Contacts, guest},
    key,
    recordings::Recordings,
    webinars,
};
use crate::{
    demo::content::{self, Held, Person, Question, Series},
    ids::{Id as _, NomineeId},
    reporting::taking::TakeCounts,
    viewer::Viewer,
    webinars::{inviting::policy, replaying::TellOfRecordings},
};

/// When the story begins, with the invitations; all times count back from the present.
pub const BEGINS: Duration = Duration::days(50);
const NAMED: Duration = Duration::days(48);
const CHOSEN: Duration = Duration::days(45);
const ANSWERED: Duration = Duration::days(44);
const TESTED: Duration = Duration::days(42);
const LISTED: Duration = Duration::days(39);
/// When the recording is published.
pub const RECORDED: Duration = Duration::days(38);
const WATCHED: Duration = Duration::days(37);

/// Numbers of those whom each contact names.
pub const PEOPLE: std::ops::RangeInclusive<usize> = 1..=5;

/// The webinar, once it is over.
pub struct Past {
    id: Value,
    /// Who had a seat, as the loader calls them.
    seated: Vec<String>,
}

/// Plays it from the invitations, at [`BEGINS`], to the certificates.
pub async fn hold(
    loader: &mut Loader<'_>,
    held: &Held,
    (series, series_id): (&Series, &Value),
    contacts: &Contacts<'_>,
    password: &str,
) -> anyhow::Result<Past> {
    let (author, webinar) = (series.author.as_str(), &held.webinar);
    let id = webinars::load(loader, series, series_id, webinar).await?;
    let file = json!({ "purpose": "DOCUMENT", "name": "checklist.pdf", "contentType": "application/pdf" });
    let file = loader.upload(author, "material", file, content::bytes("document/checklist.pdf")?).await?;
    loader.change(author, "webinarMaterialAdd", &[("id: ID!", id.clone()), ("fileId: ID!", file)], "").await?;
    let lists = contacts.invite(loader, author, (&webinar.slug, &id)).await?;
    loader.do_jobs().await?;
    loader.stand(NAMED);
    let mut named = Vec::new();
    for list in &lists {
        for person in PEOPLE.map(|number| guest(list.contact, number)) {
            named.push((list.name(loader, &person).await?, person));
        }
    }
    loader.stand(CHOSEN);
    choose(loader, author, &id, &named).await?;
    loader.do_jobs().await?;
    loader.stand(ANSWERED);
    webinars::register(loader, webinar, &id).await?;
    let mut seated = webinar.registered.clone();
    seated.extend(answer(loader, &named, password).await?);
    let past = Past { id, seated };
    loader.stand(TESTED);
    for (number, name) in past.seated.iter().enumerate().filter(|(number, _)| number % 7 != 6) {
        past.sit(loader, held, name, "PRE", |question| (number + question) % 2 == 0).await?;
    }
    loader.stand(LISTED);
    for (number, name) in past.seated.iter().enumerate().filter(|(number, _)| number % 5 != 4) {
        past.sit(loader, held, name, "POST", |question| (number + question) % 4 != 0).await?;
    }
    past.list(loader, author, held).await?;
    loader.change(author, "webinarCertificatesIssue", &[("id: ID!", past.id.clone())], "").await?;
    loader.do_jobs().await?;
    Ok(past)
}

/// The organiser accepts all but the last two: one waits, one gets no seat.
async fn choose(loader: &Loader<'_>, author: &str, webinar: &Value, named: &[(Value, Person)]) -> anyhow::Result<()> {
    let ids: Vec<_> = named.iter().map(|(id, _)| id).collect();
    let (accepted, rest) = ids.split_at(ids.len().saturating_sub(2));
    for (ids, decision) in [(accepted, "ACCEPT"), (&rest[..1], "WAIT_LIST"), (&rest[1..], "DECLINE")] {
        let input = json!({ "webinarId": webinar, "nomineeIds": ids, "decision": decision });
        loader.change(author, "nomineesDecide", &[("input: NomineesDecideInput!", input)], "").await?;
    }
    Ok(())
}

/// The last of those who were accepted does not come, so that who waits is offered the seat; all others come, and make
/// accounts. What the loader calls them.
async fn answer(loader: &mut Loader<'_>, named: &[(Value, Person)], password: &str) -> anyhow::Result<Vec<String>> {
    let stays = named.len() - 3;
    let mut come: Vec<_> = (0..named.len() - 1).filter(|place| *place != stays).collect();
    come.insert(0, stays);
    let mut seated = Vec::new();
    for place in come {
        let (id, person) = &named[place];
        let id = id.as_str().and_then(NomineeId::parse).context("an id")?;
        let token = policy::place_token(loader.app, id);
        let input = json!({ "token": token, "comes": place != stays, "acceptsConditions": true });
        loader.change_as(&Viewer::visitor(), "nomineeAnswer", &[("input: NomineeAnswerInput!", input)], "").await?;
        if place != stays {
            loader.join(person, password).await?;
            seated.push(person.name.clone());
        }
    }
    // Those who came have their seats once these are done.
    loader.do_jobs().await?;
    Ok(seated)
}

impl Past {
    /// A person takes a test; `is_right` says which questions they know.
    async fn sit(
        &self,
        loader: &Loader<'_>,
        held: &Held,
        name: &str,
        kind: &str,
        is_right: impl Fn(usize) -> bool,
    ) -> anyhow::Result<()> {
        let key = key(&format!("{} {kind} {name}", held.webinar.slug));
        let arguments =
            [("webinarId: ID!", self.id.clone()), ("kind: WebinarTestKind!", json!(kind)), ("key: UUID!", json!(key))];
        let answer = "attempt { id state questions { questionId text(language: \"en\") { prompt choices { id text } } } }";
        let begun = loader.change(name, "webinarTestStart", &arguments, answer).await?;
        let attempt = &begun["attempt"];
        if attempt["state"] == "SUBMITTED" {
            return Ok(());
        }
        for asked in attempt["questions"].as_array().into_iter().flatten() {
            let chosen = choices(asked, &held.webinar.test.question, &is_right)?;
            let input = json!({
                "attemptId": attempt["id"], "questionId": asked["questionId"], "chosenIds": chosen, "sequence": 1,
            });
            loader.change(name, "quizResponseSave", &[("input: QuizResponseSaveInput!", input)], "").await?;
        }
        loader.change(name, "quizAttemptSubmit", &[("id: ID!", attempt["id"].clone())], "").await?;
        Ok(())
    }

    /// The organiser sends the list of who was present: most of them, and those whose lines are in doubt.
    async fn list(&self, loader: &Loader<'_>, author: &str, held: &Held) -> anyhow::Result<()> {
        let time = "query($id: ID!) { webinar(id: $id) { startsAt } }";
        let time = loader.ask(&loader.person(author)?.0, time, json!({ "id": self.id })).await?;
        let start: DateTime<Utc> = time["webinar"]["startsAt"].as_str().context("a time")?.parse()?;
        let line = |name: &str, email: &str, minutes: i64| {
            format!("{name},{email},{},{}\n", start.to_rfc3339(), (start + Duration::minutes(minutes)).to_rfc3339())
        };
        let mut csv = "name,email,join time,leave time\n".to_owned();
        for (number, name) in self.seated.iter().enumerate().filter(|(number, _)| number % 9 != 8) {
            let person = &loader.person(name)?.1;
            let is_doubtful = held.doubtful.iter().any(|line| line.name == person.full_name);
            if !is_doubtful {
                // One in five leaves early, and did not attend by the share that the series names.
                let minutes = if number % 5 == 3 { 20 } else { i64::from(held.webinar.minutes) };
                csv += &line(&person.full_name, &person.email, minutes);
            }
        }
        for doubtful in &held.doubtful {
            csv += &line(&doubtful.name, "", doubtful.minutes);
        }
        let arguments = [("id: ID!", self.id.clone()), ("csv: String!", json!(csv))];
        loader.change(author, "webinarAttendanceImport", &arguments, "").await?;
        Ok(())
    }
}

/// The ids of the right choices of a question, or of a wrong one.
fn choices(asked: &Value, questions: &[Question], is_right: impl Fn(usize) -> bool) -> anyhow::Result<Vec<Value>> {
    let english = |question: &Question, field: &str| question.text["en"][field].clone();
    let number = questions.iter().position(|question| english(question, "prompt") == asked["text"]["prompt"]);
    let number = number.with_context(|| format!("an unknown question: {asked}"))?;
    let question = &questions[number];
    let written = english(question, "choices");
    let right: Vec<_> = question.correct.iter().filter_map(|place| written.get(usize::try_from(*place).ok()?)).collect();
    let knows = is_right(number);
    let offered = asked["text"]["choices"].as_array().into_iter().flatten();
    let chosen = offered.filter(|choice| right.contains(&&choice["text"]) == knows).map(|choice| choice["id"].clone());
    Ok(chosen.take(if knows { right.len() } else { 1 }).collect())
}

/// Hangs the recording on the webinar, whose registrants are told; some watch it, and all is counted.
pub async fn replay(
    loader: &mut Loader<'_>,
    held: &Held,
    author: &str,
    past: &Past,
    recordings: &Recordings,
) -> anyhow::Result<()> {
    let recording = recordings.get(&held.recording).with_context(|| format!("the demo has no recording {}", held.recording))?;
    let day = (loader.present() + Duration::days(held.webinar.in_days)).date_naive();
    let update = [("id: ID!", recording.clone()), ("input: RecordingUpdateInput!", json!({ "recordedOn": day }))];
    loader.change(&held.recorded_by, "recordingUpdate", &update, "").await?;
    let email = &loader.person(author)?.1.email;
    let input = json!({ "key": key("staff of the recording"), "subjectId": recording, "email": email, "role": "STAFF" });
    loader.change(&held.recorded_by, "accessGrant", &[("input: AccessGrantInput!", input)], "").await?;
    let hung = [("id: ID!", past.id.clone()), ("recordingId: ID!", recording.clone())];
    loader.change(author, "webinarRecordingAdd", &hung, "").await?;
    loader.comes_round::<TellOfRecordings>().await?;
    loader.stand(WATCHED);
    let mut watching = Vec::new();
    for name in past.seated.iter().step_by(3) {
        let playback = "query($id: ID!) { recording(id: $id) { durationSeconds playback { ticket } } }";
        let seen = loader.ask(&loader.person(name)?.0, playback, json!({ "id": recording })).await?;
        watching.push((name, seen["recording"].clone()));
    }
    // Nobody has watched more than there was time for.
    loader.stand(WATCHED - Duration::minutes(5));
    for (name, seen) in watching {
        let length = &seen["durationSeconds"];
        let input = json!({
            "recordingId": recording, "ticket": seen["playback"]["ticket"], "positionSeconds": length,
            "intervals": [{ "startSeconds": 0, "endSeconds": length }],
        });
        loader.change(name, "watchReport", &[("input: WatchReportInput!", input)], "").await?;
    }
    loader.comes_round::<TakeCounts>().await
}

/// Names the topic for questions about the webinar.
pub async fn discuss(loader: &Loader<'_>, held: &Held, author: &str, past: &Past, topics: &[Value]) -> anyhow::Result<()> {
    let topic = topics.get(held.topic).context("the demo has no such topic")?;
    let arguments = [("id: ID!", past.id.clone()), ("topicId: ID", topic.clone())];
    loader.change(author, "webinarTopicSet", &arguments, "").await?;
    Ok(())
}
