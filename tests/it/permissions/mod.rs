//! Who may do and see what, whole: every operation and every field of the schema, for every kind of viewer.
//!
//! - `operations` is the table of operations: a new one needs a row there.
//! - `fields` asks all fields of all objects; what comes is compared with `fields.txt`.
//! - `sight` compares rules that are stated twice.
//! - `world` makes what they ask for and about, `stage` keeps it as it was; `api` reads from the schema how to ask.

mod api;
mod fields;
mod operations;
mod outcomes;
mod people;
mod sight;
mod stage;
mod things;
mod world;
