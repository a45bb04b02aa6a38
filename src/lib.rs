//! Lyceum: courses, webinar recordings, quizzes and discussion behind one GraphQL server.
//!
//! The map of the house, in reading order. Data flows one way: `http` → `graphql` → an operation → `policy` → rows.
//!
//! - What everything stands on: [`config`], [`clock`], [`ids`], [`language`], [`text`], [`naming`], [`markdown`], [`error`],
//!   [`problem`], [`role`], [`scalars`], [`viewer`], [`visibility`], [`database`], [`redis_connection`], [`rows`], [`sheet`],
//!   [`slugs`], [`paging`], [`kept`], [`listening`], [`stalling`], [`stopping`], [`turns`], [`gathering`], [`metrics`], [`traces`],
//!   [`app`].
//! - Where bytes lie: [`objects`], [`files`].
//! - What operations leave behind: [`audit`], [`jobs`], [`live`], [`mail`], [`idempotency`].
//! - The domains, each in a folder whose files are capabilities: [`accounts`], [`certificates`], [`courses`],
//!   [`recordings`], [`quizzes`], [`forum`], [`webinars`], and what needs several of them: [`learning`] and [`reporting`].
//! - The ways in: [`graphql`], [`http`], [`worker`], [`running`], [`moving`], [`commands`].
//!
//! What holds everywhere:
//!
//! - Only `config` reads the environment; only `clock` tells the time.
//! - A domain's `policy` is the only way to its rows; a row that is hidden from a viewer does not exist for them.
//! - Writes go through [`transact!`], and nothing but the database is touched in there; or they are one statement, through
//!   [`app::App::write`].
//! - Only `http` names poem, and only `graphql`, `*/graphql.rs`, `ids` and `error` use async-graphql at run time.

pub mod accounts;
pub mod app;
pub mod audit;
pub mod certificates;
pub mod clock;
pub mod commands;
pub mod config;
pub mod courses;
pub mod database;
pub mod demo;
pub mod error;
pub mod files;
pub mod forum;
pub mod gathering;
pub mod graphql;
pub mod http;
pub mod idempotency;
pub mod ids;
pub mod jobs;
pub mod kept;
pub mod language;
pub mod learning;
pub mod listening;
pub mod live;
pub mod mail;
pub mod markdown;
pub mod metrics;
pub mod migrating;
pub mod moving;
pub mod naming;
pub mod objects;
pub mod paging;
pub mod password;
pub mod problem;
pub mod quizzes;
pub mod recordings;
pub mod redis_connection;
pub mod reporting;
pub mod role;
pub mod rows;
pub mod running;
pub mod scalars;
pub mod sessions;
pub mod sheet;
pub mod slugs;
pub mod stalling;
pub mod stopping;
pub mod text;
pub mod token;
pub mod traces;
pub mod turns;
pub mod viewer;
pub mod visibility;
pub mod webinars;
pub mod worker;

#[path = "../migrations/mod.rs"]
pub mod migrations;
