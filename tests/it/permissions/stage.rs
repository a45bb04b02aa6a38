//! A server with a world that is put back as it was when something has changed it, so that no row of a table stands in the
//! way of the next.

use std::{collections::BTreeMap, fmt::Write as _};

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::{Value, json};

use super::{api::Api, world::World};
use crate::{
    app::{Client, TestApp},
    recordings::WITHOUT_FFMPEG,
};

const TABLES_OF_SQLITE: &str = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
const TABLES_OF_POSTGRES: &str = "SELECT CAST(tablename AS text) AS name FROM pg_tables WHERE schemaname = 'public'";

/// A server with a world.
pub struct Stage {
    pub app: TestApp,
    pub api: Api,
    pub world: World,
    tokens: BTreeMap<&'static str, Value>,
    /// What puts all rows back.
    back: String,
}

impl Stage {
    /// A server with a world whose things carry the mark `visibility`.
    pub async fn of(visibility: &'static str) -> Self {
        let app = TestApp::start(&WITHOUT_FFMPEG).await;
        let api = Api::of(&app).await;
        let world = World::new(&app, &api, visibility).await;
        let back = keep(&app).await;
        Self { app, api, world, tokens: BTreeMap::new(), back }
    }

    /// Somebody of this kind, signed in.
    pub async fn client(&mut self, kind: &'static str) -> Client<'_> {
        if !self.tokens.contains_key(kind) {
            let token = self.world.people.client(&self.app, kind).await.token;
            self.tokens.insert(kind, json!(token));
        }
        self.app.visitor().with_token(&self.tokens[kind])
    }

    /// Puts all rows back; everybody signs in anew.
    pub async fn anew(&mut self) {
        self.app.db.write().execute_unprepared(&self.back).await.expect("the rows are put back");
        self.tokens.clear();
    }
}

/// Keeps the rows of all tables beside them; what puts them back.
async fn keep(app: &TestApp) -> String {
    let backend = app.db.backend();
    let is_sqlite = backend == DbBackend::Sqlite;
    let tables = if is_sqlite { TABLES_OF_SQLITE } else { TABLES_OF_POSTGRES };
    let tables = app.db.write().query_all_raw(Statement::from_string(backend, tables)).await.expect("tables");
    let (mut keep, mut put) = (String::new(), String::new());
    for table in tables {
        let name: String = table.try_get("", "name").expect("a name");
        let _ = write!(keep, "CREATE TABLE \"kept_{name}\" AS SELECT * FROM \"{name}\";");
        let _ = write!(put, "DELETE FROM \"{name}\"; INSERT INTO \"{name}\" SELECT * FROM \"kept_{name}\";");
    }
    app.db.write().execute_unprepared(&keep).await.expect("the rows are kept");
    // In any order, so foreign keys have to wait.
    if is_sqlite {
        format!("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE; {put} COMMIT; PRAGMA foreign_keys = ON;")
    } else {
        format!("BEGIN; SET LOCAL session_replication_role = replica; {put} COMMIT;")
    }
}
