//! Loads the demo into an empty site, through the API and in process. What was loaded before is found by its idempotency
//! keys, so a load that broke off is taken up where it stopped; a finished one is left alone.

mod course;
mod forum;
mod held;
mod inviting;
mod recordings;
mod webinars;

use std::{collections::HashMap, io::Write as _, os::unix::fs::OpenOptionsExt as _, path::PathBuf};

use anyhow::{Context as _, bail};
use async_graphql::{Executor as _, Variables};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use self::inviting::Contacts;
use super::{
    content::{self, Person, Texts},
    http::Http,
    request::{self, text_input},
};
use crate::{
    accounts::{admin, user},
    app::App,
    clock::Instant,
    error::Error,
    graphql::{Schema, context::Asker},
    ids::{SessionId, UserId},
    jobs::{self, Scheduled, WorkerState},
    language::Language,
    role::{Roles, SiteRole},
    running::explain,
    sessions,
    text::email_key,
    transact,
    viewer::{SignedIn, Viewer},
    worker,
};

/// Loads the demo, unless it is there; gives the password of all its people. The clock of `app`, if it can be moved, goes
/// back by some weeks and comes up to the present with the webinar that was held and the discussion.
pub async fn load(app: &App, schema: &Schema) -> anyhow::Result<String> {
    let http = Http::new();
    let mut loader = Loader { app, schema, http, people: HashMap::new(), behind: chrono::Duration::zero() };
    let course_of = "query($slug: String!) { course(slug: $slug) { publishedVersion { id } } }";
    let course: content::Course = content::read("course.toml")?;
    let held: content::Held = content::read("held.toml")?;
    let there = loader.ask(&Viewer::visitor(), course_of, json!({ "slug": course.slug })).await?;
    let has_begun = password_file(app).exists();
    if has_begun && there["course"]["publishedVersion"].is_object() {
        return read_password(app);
    }
    // A site that has people of its own is left alone: all would know the password of its new administrator.
    let own = if has_begun { addresses(&held)? } else { Vec::new() };
    if admin::has_people_but(app, &own).await.map_err(|err| explain(&err))? {
        bail!("this is a site of its own, with people; give the demo another folder (LYCEUM_DATA) and database (DATABASE_URL)");
    }
    if !has_begun {
        write_password(app)?;
    }
    let password = read_password(app)?;
    let discussion: content::Community = content::read("community.toml")?;
    let series: content::Series = content::read("webinars.toml")?;
    loader.stand(held::BEGINS);
    for person in content::people()? {
        loader.join(&person, &password).await?;
    }
    let series_id = webinars::load_series(&loader, &series).await?;
    let contacts = Contacts::load(&loader, &series.author, &series_id, &held.contact).await?;
    let webinar = held::hold(&mut loader, &held, (&series, &series_id), &contacts, &password).await?;
    loader.stand(held::RECORDED);
    let recordings = recordings::load(&loader).await?;
    held::replay(&mut loader, &held, &series.author, &webinar, &recordings).await?;
    loader.stand(chrono::Duration::hours(forum::begins_hours_ago(&discussion) + 1));
    let course = course::load(&loader, course, &recordings).await?;
    let topics = forum::load(&mut loader, &discussion).await?;
    loader.stand(chrono::Duration::zero());
    held::discuss(&loader, &held, &series.author, &webinar, &topics).await?;
    webinars::load_coming(&loader, &series, &series_id, &contacts).await?;
    // Last, since visitors see it: what is published was loaded whole.
    loader.change(&course.author, "coursePublish", &[("id: ID!", course.id)], "version { number }").await?;
    Ok(password)
}

/// Where the password of the people of the demo is kept, once they are there.
pub fn password_file(app: &App) -> PathBuf {
    app.config.data.join("demo-password")
}

fn read_password(app: &App) -> anyhow::Result<String> {
    let path = password_file(app);
    std::fs::read_to_string(&path).with_context(|| path.display().to_string())
}

/// Makes the password, once.
fn write_password(app: &App) -> anyhow::Result<()> {
    let password = sessions::random_token().map_err(|err| explain(&err))?;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(password_file(app))?;
    file.write_all(&password.as_bytes()[..16])?;
    Ok(file.sync_all()?)
}

/// The addresses of all who get accounts by the demo.
fn addresses(held: &content::Held) -> anyhow::Result<Vec<String>> {
    let guests = held.contact.iter().flat_map(|contact| held::PEOPLE.map(|number| inviting::guest(contact, number).email));
    Ok(content::people()?.into_iter().map(|person| person.email).chain(guests).collect())
}

/// Acts for the people of the demo.
struct Loader<'a> {
    app: &'a App,
    schema: &'a Schema,
    http: Http,
    people: HashMap<String, (Viewer, Person)>,
    /// How far behind the present the clock stands.
    behind: chrono::Duration,
}

impl Loader<'_> {
    /// Puts the clock so far behind the present.
    fn stand(&mut self, behind: chrono::Duration) {
        self.app.clock.advance(self.behind - behind);
        self.behind = behind;
    }

    /// The present, wherever the clock stands.
    fn present(&self) -> Instant {
        self.app.clock.now() + self.behind
    }

    /// Does what is to be done later: letters go out at the time of their story.
    async fn do_jobs(&self) -> anyhow::Result<()> {
        let kinds = worker::kinds(&self.app.config);
        while jobs::run_due(self.app, &kinds).await.map_err(|err| explain(&err))? == WorkerState::Worked {}
        Ok(())
    }

    /// Does a job that comes round by itself, and all others.
    async fn comes_round<J: Scheduled>(&self) -> anyhow::Result<()> {
        transact!(self.app, |tx| jobs::enqueue(tx, &J::default()).await).map_err(|err| explain(&err))?;
        self.do_jobs().await
    }

    /// Makes a person's account, or finds it.
    async fn join(&mut self, person: &Person, password: &str) -> anyhow::Result<()> {
        let language = Language::parse(&person.language).with_context(|| person.name.clone())?;
        let mut roles = Roles::default();
        for role in SiteRole::ALL.into_iter().filter(|role| person.roles.contains(&role.name().to_uppercase())) {
            roles = roles.with(role);
        }
        let account = admin::NewAccount {
            email: person.email.clone(),
            password: password.to_owned(),
            full_name: person.full_name.clone(),
            language: language.clone(),
            time_zone: person.time_zone.clone(),
            roles,
            vetted: person.vetted,
        };
        let id = match self.account(&person.email).await? {
            Some(id) => id,
            None => admin::create(self.app, account).await.map_err(|err| explain(&err))?,
        };
        let (session, session_hash) = (SessionId::new(), String::new());
        let signed_in = SignedIn { id, session, session_hash, vetted: person.vetted, roles, language };
        let viewer = Viewer { account: Some(signed_in), ..Viewer::visitor() };
        self.people.insert(person.name.clone(), (viewer, person.clone()));
        let profile = json!({
            "latinName": person.latin_name, "isNameShownToVisitors": person.shown_to_visitors, "gender": person.gender,
            "country": person.country, "organisationKind": person.organisation_kind,
        });
        self.change(&person.name, "profileUpdate", &[("input: ProfileUpdateInput!", profile)], "user { id }").await?;
        Ok(())
    }

    async fn account(&self, email: &str) -> anyhow::Result<Option<UserId>> {
        let found = user::Entity::find().filter(user::Column::EmailKey.eq(email_key(email))).one(self.app.db.read()).await;
        Ok(found.map_err(|err| explain(&Error::from(err)))?.map(|user| user.id))
    }

    fn person(&self, name: &str) -> anyhow::Result<&(Viewer, Person)> {
        self.people.get(name).with_context(|| format!("the demo has nobody called {name}"))
    }

    async fn send(&self, viewer: &Viewer, document: &str, variables: Value) -> anyhow::Result<Value> {
        let request = async_graphql::Request::new(document).variables(Variables::from_json(variables));
        let answer = self.schema.execute(request.data(Asker::new(self.app.clone(), viewer.clone()))).await;
        Ok(serde_json::to_value(answer)?)
    }

    /// Asks as `viewer`; the data.
    async fn ask(&self, viewer: &Viewer, document: &str, variables: Value) -> anyhow::Result<Value> {
        let answer = self.send(viewer, document, variables).await?;
        request::data(&answer).with_context(|| format!("{document}: {answer}"))
    }

    /// Changes something as the person called `name`; the payload.
    async fn change(&self, name: &str, field: &str, arguments: &[(&str, Value)], answer: &str) -> anyhow::Result<Value> {
        self.change_as(&self.person(name)?.0, field, arguments, answer).await
    }

    /// Changes something as `viewer`; the payload.
    async fn change_as(&self, viewer: &Viewer, field: &str, arguments: &[(&str, Value)], answer: &str) -> anyhow::Result<Value> {
        let request = request::change(field, arguments, answer);
        let answered = self.send(viewer, &request.document, request.variables).await?;
        request::payload(&answered).with_context(|| format!("{field}: {answered}"))
    }

    /// Makes something; its id. `answer` names it in the payload.
    async fn create(&self, name: &str, field: &str, kind: &str, input: Value, answer: &str) -> anyhow::Result<Value> {
        let argument = format!("input: {kind}!");
        let made = self.change(name, field, &[(&argument, input)], &format!("{answer} {{ id }}")).await?;
        match made[answer]["id"].clone() {
            Value::Null => bail!("{field} gave no id"),
            id => Ok(id),
        }
    }

    /// Writes the texts in all languages but the original one.
    async fn translate(
        &self,
        name: &str,
        field: &str,
        kind: &str,
        id: &Value,
        texts: &Texts,
        original: &str,
    ) -> anyhow::Result<()> {
        let argument = format!("input: {kind}!");
        for (language, fields) in texts.iter().filter(|(language, _)| *language != original) {
            let input = text_input(language, fields);
            self.change(name, field, &[("id: ID!", id.clone()), (&argument, input)], "").await?;
        }
        Ok(())
    }

    /// Sends a small file; its id.
    async fn upload(&self, name: &str, key: &str, file: Value, bytes: &'static [u8]) -> anyhow::Result<Value> {
        let mut input = file;
        input["key"] = json!(self::key(key));
        input["size"] = json!(bytes.len().to_string());
        let answer = "file { id state } address { url headers { name value } }";
        let started = self.change(name, "fileUploadStart", &[("input: FileUploadStartInput!", input)], answer).await?;
        let id = started["file"]["id"].clone();
        if started["file"]["state"] == "EXPECTED" {
            self.http.put(&started["address"], bytes).await?;
            let completed = self.change(name, "fileUploadComplete", &[("id: ID!", id.clone())], "file { state }").await?;
            anyhow::ensure!(completed["file"]["state"] == "READY", "{key} was refused");
        }
        Ok(id)
    }
}

/// The text in the original language.
fn original(texts: &Texts, language: &str) -> anyhow::Result<Value> {
    let fields = texts.get(language).with_context(|| format!("a text lacks its original in {language}"))?;
    Ok(text_input(language, fields))
}

/// The idempotency key of a thing of the demo: the same each time it is loaded.
fn key(name: &str) -> Uuid {
    let digest: [u8; 32] = Sha256::digest(format!("lyceum demo {name}")).into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
