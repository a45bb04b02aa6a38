//! The specification: one binary, a module for each domain, each test a sentence. The same tests run embedded, and on
//! PostgreSQL, Redis and a second S3 service when their addresses are set (see `app`).

mod accounts;
mod app;
mod foundation;
mod http;
mod http_client;
