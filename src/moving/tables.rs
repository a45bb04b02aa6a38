//! The tables of a database of either engine, as it describes them itself, so that none that is added later is forgotten; and
//! their rows as JSON, in which each value has one form that both engines read and write exactly.

use std::{
    collections::{BTreeMap, BTreeSet},
    pin::pin,
};

use anyhow::{Context as _, bail};
use chrono::DateTime;
use futures_util::TryStreamExt as _;
use sea_orm::{ConnectionTrait, DbBackend, Statement, StreamTrait};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// The table in which migrations are noted: each database has its own.
pub const MIGRATIONS: &str = "seaql_migrations";

const SQLITE_COLUMNS: &str = "SELECT m.name AS table_name, c.name AS column_name, lower(c.type) AS type
    FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'";
const POSTGRES_COLUMNS: &str = "SELECT t.table_name::text, c.column_name::text, c.udt_name::text AS type
    FROM information_schema.tables t LEFT JOIN information_schema.columns c USING (table_schema, table_name)
    WHERE t.table_schema = current_schema() AND t.table_type = 'BASE TABLE'";
const SQLITE_PARENTS: &str = "SELECT m.name AS child, f.\"table\" AS parent
    FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'";

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A UUID: bytes in SQLite.
    Uuid,
    /// An instant: text in SQLite.
    Instant,
    /// True or false: a number in SQLite.
    Flag,
    /// JSON: text in SQLite.
    Json,
    /// A whole number.
    Whole,
    /// Text.
    Text,
}

impl Kind {
    fn of(table: &str, column: &str, declared: &str) -> anyhow::Result<Self> {
        Ok(match declared {
            "uuid_text" | "uuid" => Self::Uuid,
            "timestamp_with_timezone_text" | "timestamptz" => Self::Instant,
            "boolean" | "bool" => Self::Flag,
            "jsonb_text" | "jsonb" => Self::Json,
            "integer" | "bigint" | "int4" | "int8" => Self::Whole,
            "text" | "varchar" => Self::Text,
            other => bail!("{table}.{column} is of the type {other}, which is not known how to move"),
        })
    }

    /// The SQLite expression of a column as JSON.
    fn as_json(self, column: &str) -> String {
        match self {
            Self::Uuid => format!("nullif(lower(hex({column})), '')"),
            Self::Flag => format!("json(CASE {column} WHEN 0 THEN 'false' WHEN 1 THEN 'true' END)"),
            Self::Json => format!("json({column})"),
            Self::Instant | Self::Whole | Self::Text => column.to_owned(),
        }
    }
}

/// A table: its columns and what they hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    columns: BTreeMap<String, Kind>,
}

/// What a table holds, to be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// Number of rows.
    pub rows: u64,
    /// SHA-256 over all rows, whatever their order.
    pub digest: [u8; 32],
}

/// All tables by name, but for that of the migrations.
pub async fn all(db: &impl ConnectionTrait) -> anyhow::Result<Vec<Table>> {
    let backend = db.get_database_backend();
    let sql = if backend == DbBackend::Postgres { POSTGRES_COLUMNS } else { SQLITE_COLUMNS };
    let mut tables: BTreeMap<String, BTreeMap<String, Kind>> = BTreeMap::new();
    for row in db.query_all_raw(Statement::from_string(backend, sql)).await? {
        let [table, column, declared]: [String; 3] =
            [row.try_get("", "table_name")?, row.try_get("", "column_name")?, row.try_get("", "type")?];
        if table != MIGRATIONS {
            let kind = Kind::of(&table, &column, &declared)?;
            tables.entry(table).or_default().insert(column, kind);
        }
    }
    Ok(tables.into_iter().map(|(name, columns)| Table { name, columns }).collect())
}

/// The tables of a SQLite database, each after those that it refers to.
pub async fn parents_first(db: &impl ConnectionTrait) -> anyhow::Result<Vec<Table>> {
    let mut parents: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in db.query_all_raw(Statement::from_string(DbBackend::Sqlite, SQLITE_PARENTS)).await? {
        let (child, parent): (String, String) = (row.try_get("", "child")?, row.try_get("", "parent")?);
        if child != parent {
            parents.entry(child).or_default().insert(parent);
        }
    }
    let (mut waiting, mut ordered) = (all(db).await?, Vec::<Table>::new());
    while !waiting.is_empty() {
        let is_there = |name: &String| ordered.iter().any(|table| table.name == *name);
        let is_ready = |table: &Table| parents.get(&table.name).is_none_or(|parents| parents.iter().all(is_there));
        let (ready, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(is_ready);
        if ready.is_empty() {
            let names: Vec<_> = rest.iter().map(|table| table.name.as_str()).collect();
            bail!("these tables refer to each other in a circle: {}", names.join(", "));
        }
        ordered.extend(ready);
        waiting = rest;
    }
    Ok(ordered)
}

impl Table {
    /// Its columns, quoted.
    fn columns(&self) -> impl Iterator<Item = (String, &str, Kind)> {
        self.columns.iter().map(|(name, kind)| (format!("\"{name}\""), name.as_str(), *kind))
    }

    /// The statement that reads all rows, each as one JSON object.
    #[must_use]
    pub fn select(&self, backend: DbBackend) -> Statement {
        let sql = if backend == DbBackend::Postgres {
            let columns: Vec<_> = self.columns().map(|(quoted, ..)| quoted).collect();
            format!("SELECT row_to_json(r)::text AS row FROM (SELECT {} FROM \"{}\") r", columns.join(", "), self.name)
        } else {
            let fields: Vec<_> =
                self.columns().map(|(quoted, name, kind)| format!("'{name}', {}", kind.as_json(&quoted))).collect();
            format!("SELECT json_object({}) AS row FROM \"{}\" ORDER BY rowid", fields.join(", "), self.name)
        };
        Statement::from_string(backend, sql)
    }

    /// The PostgreSQL statement that inserts the rows of a JSON array.
    #[must_use]
    pub fn insert(&self, rows: String) -> Statement {
        let columns: Vec<_> = self.columns().map(|(quoted, ..)| quoted).collect();
        let (columns, name) = (columns.join(", "), &self.name);
        let sql = format!(
            "INSERT INTO \"{name}\" ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::\"{name}\", $1::json)"
        );
        Statement::from_sql_and_values(DbBackend::Postgres, sql, [rows.into()])
    }

    /// What it holds in this database.
    pub async fn contents(&self, db: &(impl ConnectionTrait + StreamTrait)) -> anyhow::Result<Contents> {
        let mut rows = pin!(db.stream_raw(self.select(ConnectionTrait::get_database_backend(db))).await?);
        let mut digests: Vec<[u8; 32]> = Vec::new();
        while let Some(row) = rows.try_next().await? {
            let row: String = row.try_get("", "row")?;
            digests.push(Sha256::digest(self.normal(&row)?.to_string()).into());
        }
        digests.sort_unstable();
        let rows = digests.len() as u64;
        Ok(Contents { rows, digest: Sha256::digest(digests.concat()).into() })
    }

    /// A row in the form that does not depend on the engine.
    fn normal(&self, row: &str) -> anyhow::Result<Value> {
        let mut row: Value = serde_json::from_str(row).with_context(|| format!("a row of {}", self.name))?;
        for (name, kind) in &self.columns {
            let value = row.get_mut(name).with_context(|| format!("a row of {} has no {name}", self.name))?;
            if let Value::String(text) = value {
                match kind {
                    Kind::Uuid => *value = text.replace('-', "").into(),
                    Kind::Instant => {
                        let instant =
                            DateTime::parse_from_rfc3339(text).with_context(|| format!("{}.{name}: {text}", self.name))?;
                        *value = format!("{}.{:09}", instant.timestamp(), instant.timestamp_subsec_nanos()).into();
                    }
                    _ => {}
                }
            }
        }
        row.sort_all_objects();
        Ok(row)
    }
}

/// What all tables of a database hold.
pub async fn contents(db: &(impl ConnectionTrait + StreamTrait)) -> anyhow::Result<BTreeMap<String, Contents>> {
    let mut contents = BTreeMap::new();
    for table in all(db).await? {
        contents.insert(table.name.clone(), table.contents(db).await?);
    }
    Ok(contents)
}
