//! The whole job, as clients of the API do it: a trainer teaches, a practitioner learns, others are kept out. One line is
//! told for each step; the first answer that is not right ends it. Lines hold nothing that differs between two runs but
//! what a server can do: they tell of ffmpeg.

mod client;
mod discussing;
mod inviting;
mod joining;
mod learning;
mod letting_in;
mod mailbox;
mod meeting;
mod playing;
mod quizzing;
mod refusing;
mod socket;
mod teaching;
mod testing;
mod uploading;

use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use self::client::Client;

/// Address and password of an account.
#[derive(Clone, Debug)]
pub struct Login {
    /// Address.
    pub email: String,
    /// Password.
    pub password: String,
}

/// Where the walkthrough takes place.
#[derive(Clone, Debug)]
pub struct Place {
    /// Address of the server.
    pub at: String,
    /// Folder in which its mail arrives.
    pub mail: PathBuf,
    /// An administrator.
    pub administrator: Login,
}

/// Plays the whole job against a server; `tell` gets a line for each step.
pub async fn play(place: Place, tell: impl FnMut(&str) + Send) -> anyhow::Result<()> {
    let mut walk = Walk { step: 0, run: short(&uuid::Uuid::new_v4()), tell: Box::new(tell), place };
    let played = walk.whole_job().await;
    played.with_context(|| format!("after step {}", walk.step))
}

/// Twelve random digits that set the accounts and names of this run apart from those of others.
fn short(id: &uuid::Uuid) -> String {
    id.simple().to_string()[20..].to_owned()
}

/// A new idempotency key.
fn key() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// A walk under way.
struct Walk<'a> {
    place: Place,
    run: String,
    step: u32,
    tell: Box<dyn FnMut(&str) + Send + 'a>,
}

/// Those who take part.
struct People {
    visitor: Client,
    administrator: Client,
    trainer: Client,
    /// A trainer who has nothing to do with the course.
    other: Client,
    practitioner: Client,
}

impl Walk<'_> {
    async fn whole_job(&mut self) -> anyhow::Result<()> {
        let people = joining::people(self).await?;
        let mut course = teaching::draft(self, &people).await?;
        let recording = uploading::recording(self, &people).await?;
        teaching::add_recording(&people, &course, &recording).await?;
        quizzing::write(self, &people, &course).await?;
        teaching::publish(self, &people, &mut course).await?;
        learning::begin(self, &people, &course).await?;
        let playback = playing::play(self, &people, &recording).await?;
        playing::watch(self, &people, &course, &recording, &playback).await?;
        quizzing::attempt(self, &people, &course).await?;
        learning::complete(self, &people, &course).await?;
        teaching::publish_again(self, &people, &course).await?;
        discussing::discuss(self, &people).await?;
        meeting::meet(self, &people).await?;
        letting_in::invite(self, &people).await?;
        refusing::refuse(self, &people, &course, &recording, &playback).await?;
        refusing::audit(self, &people, &course).await
    }

    /// Tells of a step that was right.
    fn did(&mut self, what: &str, came_back: &str) {
        self.step += 1;
        (self.tell)(&format!("{:>2}  {what:<45} {came_back}", self.step));
    }

    /// An address of this run.
    fn email(&self, name: &str) -> String {
        format!("{name}-{}@example.org", self.run)
    }
}

/// That something came back as it must.
fn same(what: &str, found: &Value, wanted: impl Into<Value>) -> anyhow::Result<()> {
    let wanted = wanted.into();
    ensure!(*found == wanted, "{what}: {found}, not {wanted}");
    Ok(())
}

/// The items of a list.
fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// A text.
fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
