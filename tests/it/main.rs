//! The specification: one binary, a module for each domain, each test a sentence. The same tests run embedded, and on
//! PostgreSQL, Redis and a second S3 service when their addresses are set (see `app`).

mod accounts;
mod app;
mod certificates;
mod courses;
mod demo;
mod faults;
mod files;
mod forum;
mod foundation;
mod hidden;
mod http;
mod http_client;
mod inviting;
mod jobs;
mod learning;
mod limits;
mod metrics;
mod moving;
mod overload;
mod permissions;
mod playback;
mod process;
mod quizzes;
mod recordings;
mod schema;
mod statements;
mod stopping;
mod streaming;
mod teaching;
mod tidy;
mod traces;
mod transcoding;
mod transfer;
mod webinars;
mod websocket;
