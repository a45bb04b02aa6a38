//! A webinar: registering, the waiting list, calendars, the link.

use anyhow::{Context as _, ensure};
use chrono::Duration;
use serde_json::{Value, json};

use super::{Client, People, Walk, client::path_of, inviting, joining, key, mailbox, same, testing, text};
use crate::clock::Clock;

/// Plans a webinar with one seat, for which two people register.
pub async fn meet(walk: &mut Walk<'_>, people: &People) -> anyhow::Result<()> {
    let organiser = joining::join(walk, &people.visitor, "organiser", "Olu Apẹẹrẹ").await?;
    joining::vet(&people.administrator, &organiser, false).await?;
    let arguments = [("id: ID!", joining::id_of(&organiser).await?), ("role: SiteRole!", json!("ORGANISER"))];
    people.administrator.change("userRoleGrant", &arguments, "").await?;
    let webinar = plan(&organiser).await?;
    let by_trainer = [("input: WebinarSeriesCreateInput!", series_input())];
    let refused = people.trainer.refused("webinarSeriesCreate", &by_trainer).await?;
    walk.did("an organiser plans a webinar with one seat", &format!("published; a trainer: {refused}"));
    testing::write(walk, &organiser, &webinar).await?;

    let first = register(&people.practitioner, &webinar).await?;
    let second = register(&people.trainer, &webinar).await?;
    same("the last seat", &second["state"], "WAITING")?;
    walk.did("a practitioner and a trainer register", &format!("{}, {}", text(&first["state"]), text(&second["state"])));
    testing::take(walk, people, &webinar).await?;

    let entry = path_of(&first["calendarUrl"])?;
    let before = calendar(people, &entry).await?;
    ensure!(before.contains("STATUS:CONFIRMED") && before.contains("TZID=Europe/Vienna"), "the calendar says {before}");
    let time = time_in(Duration::days(5));
    organiser.change("webinarMove", &[("id: ID!", webinar.clone()), ("input: WebinarTimeInput!", time.clone())], "").await?;
    let after = calendar(people, &entry).await?;
    let start = text(&time["localStart"]).replace(['-', ':'], "");
    ensure!(after.contains(&format!("DTSTART;TZID=Europe/Vienna:{start}00")), "the calendar says {after}");
    let email = walk.email("practitioner");
    mailbox::letter(&walk.place.mail, &email, "METHOD:REQUEST").await.context("the letter about the new time")?;
    walk.did("the organiser moves it by two days", "registrants mailed; calendars follow");

    people.practitioner.change("registrationCancel", &[("id: ID!", first["id"].clone())], "").await?;
    let moved = people.trainer.ask("query($id: ID!) { registration(id: $id) { state } }", json!({ "id": second["id"] })).await?;
    same("who waited", &moved["registration"]["state"], "REGISTERED")?;
    mailbox::letter(&walk.place.mail, &walk.email("trainer"), "seat has become free").await?;
    walk.did("the practitioner cancels", "the trainer has the seat, and a mail that says so");

    let early = people.trainer.refused("webinarJoin", &[("id: ID!", webinar.clone())]).await?;
    let without = people.practitioner.refused("webinarJoin", &[("id: ID!", webinar.clone())]).await?;
    let joined = organiser.change("webinarJoin", &[("id: ID!", webinar.clone())], "url").await?;
    same("the link", &joined["url"], LINK)?;
    walk.did("they ask for the link to the live picture", &format!("days before: {early}; without a seat: {without}"));
    inviting::invite(walk, people, &organiser, &webinar).await
}

const LINK: &str = "https://meet.example.org/treaties";

fn series_input() -> Value {
    json!({ "key": key(), "visibility": "MEMBERS", "text": { "language": "en", "title": "Joining treaties" } })
}

fn time_in(ahead: Duration) -> Value {
    let start = (Clock::System.now() + ahead).format("%Y-%m-%dT14:00").to_string();
    json!({ "localStart": start, "timeZone": "Europe/Vienna", "durationMinutes": 90 })
}

/// A published webinar; its id.
async fn plan(organiser: &Client) -> anyhow::Result<Value> {
    let series = organiser.create("webinarSeriesCreate", "WebinarSeriesCreateInput", series_input(), "series").await?;
    let input = json!({
        "key": key(), "seriesId": series, "visibility": "MEMBERS", "time": time_in(Duration::days(3)),
        "text": { "language": "en", "title": "Reservations" },
    });
    let webinar = organiser.create("webinarCreate", "WebinarCreateInput", input, "webinar").await?;
    let changes = json!({ "capacity": 1, "joinUrl": LINK });
    organiser.change("webinarUpdate", &[("id: ID!", webinar.clone()), ("input: WebinarUpdateInput!", changes)], "").await?;
    organiser.change("webinarPublish", &[("id: ID!", webinar.clone())], "").await?;
    Ok(webinar)
}

async fn register(person: &Client, webinar: &Value) -> anyhow::Result<Value> {
    let input = json!({ "webinarId": webinar });
    let answer = "registration { id state calendarUrl }";
    let made = person.change("webinarRegister", &[("input: WebinarRegisterInput!", input)], answer).await?;
    Ok(made["registration"].clone())
}

/// What a calendar, which can't sign in, finds.
async fn calendar(people: &People, path: &str) -> anyhow::Result<String> {
    let answer = people.visitor.get(path).await?;
    ensure!(answer.status == 200, "the calendar answers {}", answer.status);
    Ok(answer.text().replace("\r\n ", ""))
}
