//! Asking each operation as each kind of viewer, and what came of it.
//!
//! An outcome is one word: `ok`, `-` for nothing where an object or an entry of a list could be, `U`, `F` and `N` for
//! UNAUTHENTICATED, FORBIDDEN and NOT_FOUND, another code of an error as it is, or the code of the first user error, which
//! means that the viewer had the right.

use std::time::Duration;

use futures_util::{StreamExt, future::join_all};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{
    api::Api,
    operations::{Row, rows},
    people::{KINDS, grouped},
    stage::Stage,
};
use crate::app::key;

/// What stands in the variables of a row for a new idempotency key.
pub const KEY: &str = "a new key";

/// How long a subscriber needs to listen, and how long an event may take.
const LISTENING: Duration = Duration::from_millis(700);
const EVENT: Duration = Duration::from_secs(20);

/// The outcome of an operation from its answer.
pub fn outcome(answer: &Value, operation: &str, sought: Option<&str>) -> String {
    let error = &answer["errors"][0];
    if !error.is_null() {
        return match error["extensions"]["code"].as_str() {
            Some("UNAUTHENTICATED") => "U",
            Some("FORBIDDEN") => "F",
            Some("NOT_FOUND") => "N",
            Some(other) => other,
            None => "an error without a code",
        }
        .to_owned();
    }
    let given = &answer["data"][operation];
    let found = match sought {
        Some(sought) => given.to_string().contains(sought),
        None => !given.is_null() && *given != json!([null]),
    };
    let mend = given["userErrors"][0]["code"].as_str();
    mend.unwrap_or(if found { "ok" } else { "-" }).to_owned()
}

fn with_new_key(variables: &Value) -> Value {
    let text = variables.to_string().replace(KEY, &key());
    serde_json::from_str(&text).expect("it was JSON before")
}

/// The outcomes of a query or mutation, one for each kind of viewer.
async fn asked(stage: &mut Stage, row: &Row) -> Vec<String> {
    let selection = row.sought.as_ref().map(|_| "{ nodes { id } }");
    let document = stage.api.document(row.operation, &row.variables, selection);
    let changes = stage.api.root(row.operation) == Some("Mutation");
    let mut outcomes = Vec::new();
    for kind in KINDS {
        let client = stage.client(kind).await;
        let answer = client.sends(&document, &with_new_key(&row.variables)).await;
        let outcome = outcome(&answer, row.operation, row.sought.as_deref());
        let refused = matches!(outcome.as_str(), "U" | "F" | "N") || !answer["data"][row.operation]["userErrors"][0].is_null();
        if changes && !refused {
            stage.anew().await;
        }
        outcomes.push(outcome);
    }
    outcomes
}

/// The outcomes of a subscription: all kinds of viewers listen, then something happens.
async fn followed(stage: &mut Stage, row: &Row) -> Vec<String> {
    let document = stage.api.document(row.operation, &row.variables, None);
    let mut streams = Vec::new();
    for kind in KINDS {
        streams.push(stage.client(kind).await.follows(&document, &row.variables).await);
    }
    let first = join_all(streams.iter_mut().map(|stream| timeout(LISTENING, stream.next()))).await;
    let (operation, variables) = row.event.as_ref().expect("a subscription needs an event");
    let event = stage.api.document(operation, variables, None);
    stage.client("owner").await.runs(&event, &with_new_key(variables)).await;
    let mut outcomes = Vec::new();
    for (first, mut stream) in first.into_iter().zip(streams) {
        let answer = match first {
            Ok(answer) => answer,
            Err(_) => timeout(EVENT, stream.next()).await.expect("an event comes in time"),
        };
        outcomes.push(answer.map_or("ended".into(), |answer| outcome(&answer, row.operation, None)));
    }
    stage.anew().await;
    outcomes
}

/// Asks all operations in the world `visibility`; what is not as the table says.
async fn differences(visibility: &'static str) -> Vec<String> {
    let mut stage = Stage::of(visibility).await;
    let rows = rows(&stage.world);
    let mut differences = uncovered(&stage.api, &rows);
    for row in &rows {
        let outcomes = match stage.api.root(row.operation) {
            None => continue,
            Some("Subscription") => followed(&mut stage, row).await,
            Some(_) => asked(&mut stage, row).await,
        };
        let expected = row.rights.in_world(visibility);
        if outcomes != expected {
            let (expected, actual) = (grouped(&expected, 2), grouped(&outcomes, 2));
            differences.push(format!("{} {}\n  in the table {expected}\n  came         {actual}", row.operation, row.variables));
        }
    }
    stage.app.stop().await;
    differences
}

/// Operations without a row, and rows without an operation.
fn uncovered(api: &Api, rows: &[Row]) -> Vec<String> {
    let fields = ["Query", "Mutation", "Subscription"].into_iter().flat_map(|root| api.fields(root));
    let missing = fields.filter(|field| !rows.iter().any(|row| row.operation == field.name));
    let missing = missing.map(|field| format!("{} has no row in tests/it/permissions/operations", field.name));
    let gone = rows.iter().filter(|row| api.root(row.operation).is_none());
    missing.chain(gone.map(|row| format!("{} has a row, but is not in the schema", row.operation))).collect()
}

async fn agrees(visibility: &'static str) {
    let differences = differences(visibility).await;
    assert!(differences.is_empty(), "where things are {visibility}, for {}:\n{}", KINDS.join(", "), differences.join("\n"));
}

#[tokio::test]
async fn every_operation_answers_every_kind_of_viewer_as_the_table_says_of_what_is_for_the_invited() {
    agrees("INVITED").await;
}

#[tokio::test]
async fn every_operation_answers_every_kind_of_viewer_as_the_table_says_of_what_is_public() {
    agrees("PUBLIC").await;
}
