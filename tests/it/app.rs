//! The server under test: an [`App`] of its own for each test, with a clock that the test moves, and people who use it
//! through the API.
//!
//! Embedded by default. `LYCEUM_TEST_DATABASE_URL`, `LYCEUM_TEST_REDIS_URL` and `LYCEUM_TEST_S3_ENDPOINT` (with its keys)
//! put the same tests on real engines; each test then has a database of its own.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use async_graphql::{Executor as _, Request, Variables};
use futures_util::{Stream, StreamExt};
use lyceum::{
    accounts::{admin, viewing},
    app::App,
    clock::Clock,
    config::Config,
    graphql::{self, Schema, context::Asker},
    ids::UserId,
    jobs::{self, Job as _, WorkerState},
    language::Language,
    migrating,
    recordings::transcoding::Transcode,
    role::{Roles, SiteRole},
    sessions::Device,
    viewer::Viewer,
    worker,
};
use sea_orm::{ColumnTrait, ConnectionTrait, Database, DbBackend, EntityTrait, PaginatorTrait, QueryFilter, Statement};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// Runs a test with a server of its own, then asserts that no job is left waiting or dead.
pub async fn with_app(test: impl AsyncFnOnce(&TestApp)) {
    with_app_set(&[], test).await;
}

/// As [`with_app`], with settings of its own.
pub async fn with_app_set(settings: &[(&str, &str)], test: impl AsyncFnOnce(&TestApp)) {
    let app = TestApp::start(settings).await;
    test(&app).await;
    app.run_jobs().await;
    // A site that leaves transcoding to other workers leaves those jobs, and only those.
    let others: &[&str] = if app.config.transcodes { &[] } else { &[Transcode::KIND] };
    let left = jobs::entity::Entity::find().filter(jobs::entity::Column::Kind.is_not_in(others.iter().copied()));
    assert_eq!(left.count(app.db.read()).await.expect("jobs can be counted"), 0, "jobs are left in the queue");
    app.stop().await;
}

/// The server under test.
pub struct TestApp {
    app: App,
    schema: Schema,
    settings: BTreeMap<String, String>,
    database: Option<String>,
    people: AtomicU32,
    _folder: TempDir,
}

impl std::ops::Deref for TestApp {
    type Target = App;
    fn deref(&self) -> &App {
        &self.app
    }
}

impl TestApp {
    /// A server with these settings besides those of all tests.
    pub async fn start(settings: &[(&str, &str)]) -> Self {
        let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self::start_with(|values| values.extend(settings)).await
    }

    /// A server whose settings `change` changes from those of all tests.
    pub async fn start_with(change: impl FnOnce(&mut BTreeMap<String, String>)) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let mut values: BTreeMap<String, String> = BTreeMap::new();
        let mut set = |name: &str, value: String| values.insert(name.to_owned(), value);
        set("LYCEUM_DATA", folder.path().display().to_string());
        set("LYCEUM_MEDIA_LISTEN", "127.0.0.1:0".into());
        set("LYCEUM_SECRET", "a secret of the tests, long enough to sign".into());
        let database = match std::env::var("LYCEUM_TEST_DATABASE_URL") {
            Ok(server) => {
                let name = postgres_database(&server).await;
                set("DATABASE_URL", with_database(&server, &name));
                Some(name)
            }
            Err(_) => None,
        };
        if let Ok(redis) = std::env::var("LYCEUM_TEST_REDIS_URL") {
            set("REDIS_URL", redis);
        }
        if let Ok(endpoint) = std::env::var("LYCEUM_TEST_S3_ENDPOINT") {
            set("AWS_ENDPOINT_URL_S3", endpoint);
            set(
                "S3_BUCKET",
                format!("{}-tests", std::env::var("LYCEUM_TEST_S3_BUCKET_PREFIX").unwrap_or_else(|_| "lyceum".into())),
            );
            set("AWS_REGION", std::env::var("LYCEUM_TEST_S3_REGION").unwrap_or_else(|_| "garage".into()));
            for key in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
                let test_key = key.replace("AWS", "LYCEUM_TEST_S3");
                set(key, std::env::var(test_key).expect("the key of the S3 service under test"));
            }
        }
        change(&mut values);
        let config = Config::from_values(values.clone()).expect("the settings of the test hold");
        let app = App::build(config, Clock::shifted()).await.expect("the app is built");
        if app.db.backend() == DbBackend::Sqlite {
            migrating::migrate(&app.db).await.expect("the database is migrated");
        }
        let schema = graphql::schema(true);
        Self { app, schema, settings: values, database, people: AtomicU32::new(0), _folder: folder }
    }

    /// Its settings by name, also for another process of the same site.
    pub fn settings(&self) -> &BTreeMap<String, String> {
        &self.settings
    }

    /// Throws the database away.
    pub async fn stop(self) {
        let Some(name) = self.database else { return };
        self.app.db.clone().close().await;
        let server = std::env::var("LYCEUM_TEST_DATABASE_URL").expect("set at the start");
        let admin = Database::connect(&server).await.expect("the server is there");
        let _ = admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        let _ = admin.close().await;
    }

    /// Runs jobs until none is due.
    pub async fn run_jobs(&self) {
        let kinds = worker::kinds(&self.config);
        while jobs::run_due(&self.app, &kinds).await.expect("the queue can be read") == WorkerState::Worked {}
    }

    /// Waits for a while until a transaction of this server waits for a lock. PostgreSQL only.
    pub async fn until_one_waits_for_a_lock(&self) {
        let waiting = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        for _ in 0..100 {
            let found = self.db.read().query_one_raw(Statement::from_string(DbBackend::Postgres, waiting)).await;
            if found.expect("it can be asked").is_some() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    /// A new account with these roles, signed in.
    pub async fn person(&self, roles: Roles, vetted: bool) -> Client<'_> {
        let number = self.people.fetch_add(1, Ordering::SeqCst) + 1;
        let email = format!("person{number}@example.org");
        let new = admin::NewAccount {
            email: email.clone(),
            password: PASSWORD.into(),
            full_name: format!("Person {number}"),
            language: Language::english(),
            time_zone: "UTC".into(),
            roles,
            vetted,
        };
        let id = admin::create(&self.app, new).await.expect("the account is made");
        self.signed_in(id, email).await
    }

    /// A new session of an account.
    pub async fn signed_in(&self, id: UserId, email: String) -> Client<'_> {
        let device = Device { shared: false, user_agent: "test".into() };
        let (_, token) = self.sessions.start(id, device, self.clock.now()).await.expect("a session");
        Client { app: self, token: Some(token), id: Some(id), email, accepts: Vec::new(), address: HERE }
    }

    /// A vetted account without roles.
    pub async fn practitioner(&self) -> Client<'_> {
        self.person(Roles::default(), true).await
    }

    /// A vetted trainer.
    pub async fn trainer(&self) -> Client<'_> {
        self.person(Roles::default().with(SiteRole::Trainer), true).await
    }

    /// A vetted administrator.
    pub async fn administrator(&self) -> Client<'_> {
        self.person(Roles::default().with(SiteRole::Administrator), true).await
    }

    /// A confirmed account that nobody has vetted.
    pub async fn unvetted(&self) -> Client<'_> {
        self.person(Roles::default(), false).await
    }

    /// Nobody.
    pub fn visitor(&self) -> Client<'_> {
        Client { app: self, token: None, id: None, email: String::new(), accepts: Vec::new(), address: HERE }
    }

    /// Mails sent so far, as text, oldest first (embedded mail only).
    pub async fn mails(&self) -> Vec<String> {
        self.run_jobs().await;
        let mut names: Vec<_> = std::fs::read_dir(self.config.data.join("mail"))
            .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
            .unwrap_or_default();
        names.sort();
        names.iter().map(|path| std::fs::read_to_string(path).expect("a mail")).collect()
    }
}

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Password of all accounts that [`TestApp::person`] makes.
pub const PASSWORD: &str = "correct horse battery staple";

/// Somebody who uses the API.
#[derive(Clone)]
pub struct Client<'a> {
    pub app: &'a TestApp,
    pub token: Option<String>,
    id: Option<UserId>,
    pub email: String,
    accepts: Vec<Language>,
    address: IpAddr,
}

impl<'a> Client<'a> {
    /// The person's id, as on the wire.
    pub fn id(&self) -> String {
        self.id.expect("signed in").to_string()
    }

    /// The same person, signed in again: after a time that ended their session.
    pub async fn again(&self) -> Client<'a> {
        self.app.signed_in(self.id.expect("signed in before"), self.email.clone()).await
    }

    /// The same person with the same session at another site, which has taken this one's place.
    pub fn of<'b>(&self, app: &'b TestApp) -> Client<'b> {
        let (token, email, accepts) = (self.token.clone(), self.email.clone(), self.accepts.clone());
        Client { app, token, id: self.id, email, accepts, address: self.address }
    }

    /// The same client with the token of another session.
    pub fn with_token(&self, token: &Value) -> Self {
        Self { token: token.as_str().map(str::to_owned), ..self.clone() }
    }

    /// The person.
    pub fn user(&self) -> UserId {
        self.id.expect("signed in")
    }

    /// The same person with an `Accept-Language`.
    pub fn accepting(&self, header: &str) -> Self {
        Self { accepts: Language::accepted(header), ..self.clone() }
    }

    /// The same client at another network address.
    pub fn at(&self, address: &str) -> Self {
        Self { address: address.parse().expect("an address"), ..self.clone() }
    }

    /// Who the server takes this client for.
    pub async fn viewer(&self) -> Viewer {
        let nobody = Viewer::visitor();
        let visitor = Viewer { accepts: self.accepts.clone(), user_agent: "test".into(), address: self.address, ..nobody };
        match &self.token {
            Some(token) => viewing::sign_in(self.app, visitor, token).await.expect("the session can be looked up"),
            None => visitor,
        }
    }

    async fn request(&self, document: &str, variables: &Value) -> Request {
        let asker = Asker::new(self.app.app.clone(), self.viewer().await);
        Request::new(document).variables(Variables::from_json(variables.clone())).data(asker)
    }

    /// Sends an operation; the whole answer.
    pub async fn sends(&self, document: &str, variables: &Value) -> Value {
        let response = self.app.schema.execute(self.request(document, variables).await).await;
        serde_json::to_value(response).expect("an answer is JSON")
    }

    /// Sends an operation that must work in full; its data.
    pub async fn runs(&self, document: &str, variables: &Value) -> Value {
        let answer = self.sends(document, variables).await;
        assert!(answer["errors"].is_null(), "{document}\n{variables}\n{answer:#}");
        let data = &answer["data"];
        for (field, payload) in data.as_object().into_iter().flatten() {
            let problems = &payload["userErrors"];
            assert!(problems.as_array().is_none_or(Vec::is_empty), "{field}: {problems:#}");
        }
        data.clone()
    }

    /// How many statements an operation takes, which must work in full, besides those that tell who is asking. Published
    /// things are at hand then.
    pub async fn costs(&self, document: &str, variables: &Value) -> u64 {
        self.runs(document, variables).await;
        let before = self.app.db.statements();
        self.viewer().await;
        let known = self.app.db.statements();
        self.runs(document, variables).await;
        (self.app.db.statements() - known) - (known - before)
    }

    /// Sends an operation that must be refused; the code of its first error.
    pub async fn fails(&self, document: &str, variables: &Value) -> String {
        let answer = self.sends(document, variables).await;
        let code = answer["errors"][0]["extensions"]["code"].as_str();
        code.unwrap_or_else(|| panic!("{document}\n{variables}\nwas not refused: {answer:#}")).to_owned()
    }

    /// Sends a mutation that the person must mend; its problems as `CODE field.path`.
    pub async fn problems(&self, document: &str, variables: &Value) -> Vec<String> {
        let answer = self.sends(document, variables).await;
        assert!(answer["errors"].is_null(), "{document}\n{variables}\n{answer:#}");
        let payload = answer["data"].as_object().and_then(|data| data.values().next()).cloned().unwrap_or_default();
        let problems = payload["userErrors"].as_array().cloned().unwrap_or_default();
        assert!(!problems.is_empty(), "{document}\n{variables}\nhad no problems: {answer:#}");
        problems
            .iter()
            .map(|problem| {
                let field: Vec<_> = problem["field"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                format!("{} {}", problem["code"].as_str().unwrap_or("?"), field.join(".")).trim().to_owned()
            })
            .collect()
    }

    /// Follows a subscription; each answer as it comes.
    pub async fn follows(&self, document: &str, variables: &Value) -> impl Stream<Item = Value> + Unpin + use<> {
        let request = self.request(document, variables).await;
        self.app.schema.execute_stream(request, None).map(|answer| serde_json::to_value(answer).unwrap_or(json!(null))).boxed()
    }
}

/// A new idempotency key.
pub fn key() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// A new database on the server, from a template that is migrated once for each run of the tests.
pub async fn postgres_database(server: &str) -> String {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let prefix = format!("lyceum_test_{}", std::process::id());
    let template = TEMPLATE
        .get_or_init(async || {
            let name = format!("{prefix}_template");
            let admin = Database::connect(server).await.expect("the server is there");
            admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a database is made");
            let url = with_database(server, &name).parse().expect("an address");
            let database = lyceum::database::Database::connect(&url).await.expect("it can be connected to");
            migrating::migrate(&database).await.expect("it is migrated");
            database.close().await;
            name
        })
        .await;
    let name = format!("{prefix}_{}", COUNT.fetch_add(1, Ordering::SeqCst));
    let admin = Database::connect(server).await.expect("the server is there");
    admin.execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await.expect("a database is made");
    let _ = admin.close().await;
    name
}

/// A new database on the server, without any table.
pub async fn empty_postgres_database(server: &str) -> String {
    let name = format!("lyceum_test_{}_{}", std::process::id(), uuid::Uuid::new_v4().simple());
    let admin = Database::connect(server).await.expect("the server is there");
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a database is made");
    let _ = admin.close().await;
    name
}

/// The address of another database of a server.
pub fn with_database(server: &str, name: &str) -> String {
    let (base, query) = server.split_once('?').map_or((server, String::new()), |(base, query)| (base, format!("?{query}")));
    let (base, _) = base.rsplit_once('/').expect("an address with a database");
    format!("{base}/{name}{query}")
}
