//! What each kind of viewer sees of each field of each object: `fields/*.txt` hold what was found right. A letter stands for
//! each viewer, in the order of [`super::people::KINDS`]: `v` a value, `y` and `n` true and false, `0` an empty list or text, `-` null, `.` no such
//! object for them, `U`, `F`, `N` an error's code, `!` another error.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use serde_json::Value;

use super::{
    api::{Api, Field},
    outcomes::outcome,
    people::{KINDS, grouped},
    stage::Stage,
    things::{Thing, things},
};
use crate::app::Client;

/// Arguments of the fields that need some.
const ARGUMENTS: [(&str, &str); 4] = [
    ("postsSince", "(number: 0)"),
    ("partAddresses", "(numbers: [1])"),
    ("breakdown", "(by: GENDER)"),
    ("file", "(format: CSV)"),
];

/// What is asked of a thing to find it in an answer.
const HERE: &str = "here: __typename";

/// A field as it is asked for.
fn asked(api: &Api, field: &Field) -> String {
    let arguments = ARGUMENTS.iter().find(|(name, _)| field.name == *name).map_or("", |(_, arguments)| arguments);
    assert!(field.needs.is_empty() || !arguments.is_empty(), "{} needs arguments in ARGUMENTS", field.name);
    format!("{}{arguments} {}", field.name, api.trace(&field.gives))
}

/// The first object that was asked for itself.
fn found(answer: &Value) -> Option<&Value> {
    match answer {
        Value::Object(fields) if fields.contains_key("here") => Some(answer),
        Value::Object(fields) => fields.values().find_map(found),
        Value::Array(items) => items.iter().find_map(found),
        _ => None,
    }
}

fn letter(value: &Value) -> char {
    let list = value.get("nodes").unwrap_or(value);
    match list {
        Value::Null => '-',
        Value::Bool(true) => 'y',
        Value::Bool(false) => 'n',
        Value::Array(items) if items.is_empty() => '0',
        Value::String(text) if text.is_empty() => '0',
        _ => 'v',
    }
}

/// What one viewer sees of some fields of a thing. When one of them fails it takes others with it, so then each is asked
/// for by itself.
async fn seen(client: &Client<'_>, api: &Api, thing: &Thing, fields: &[&Field]) -> Vec<char> {
    let all: Vec<_> = fields.iter().map(|field| asked(api, field)).collect();
    let document = thing.document(&format!("{{ {HERE} {} }}", all.join(" ")));
    let answer = client.sends(&document, &thing.variables).await;
    if answer["errors"].is_null() {
        let object = found(&answer["data"]);
        return fields.iter().map(|field| object.map_or('.', |object| letter(&object[&field.name]))).collect();
    }
    if let [_] = fields {
        let code = outcome(&answer, "", None);
        return vec![if code.len() == 1 { code.chars().next().unwrap_or('!') } else { '!' }];
    }
    let mut letters = Vec::new();
    for field in fields {
        letters.extend(Box::pin(seen(client, api, thing, &[field])).await);
    }
    letters
}

/// The whole matrix of a world, as text.
async fn matrix(visibility: &'static str) -> String {
    let stage = Stage::of(visibility).await;
    let things = things(&stage.world);
    let shown: BTreeSet<_> = things.iter().map(|thing| thing.kind).collect();
    let missing: Vec<_> = stage.api.objects().filter(|kind| !shown.contains(kind)).collect();
    assert!(missing.is_empty(), "tests/it/permissions/things.rs has nothing of the types {missing:?}");
    let mut text = format!("Where things are {visibility}, for {}.\n", KINDS.join(", "));
    let mut clients = BTreeMap::new();
    for kind in KINDS {
        clients.insert(kind, stage.world.people.client(&stage.app, kind).await);
    }
    for thing in &things {
        let fields: Vec<_> = stage.api.fields(thing.kind).iter().collect();
        assert!(!fields.is_empty(), "the schema has no type {}", thing.kind);
        let mut columns = Vec::new();
        for kind in KINDS {
            columns.push(seen(&clients[kind], &stage.api, thing, &fields).await);
        }
        let _ = writeln!(text, "\n{}{}", thing.kind, thing.remark);
        for (at, field) in fields.iter().enumerate() {
            let letters: Vec<_> = columns.iter().map(|column| column[at].to_string()).collect();
            let _ = writeln!(text, "  {:<30}{}", field.name, grouped(&letters, 0));
        }
    }
    stage.app.stop().await;
    text
}

/// Lines that one text has and the other does not, with the thing that they belong to.
fn differences(before: &str, now: &str) -> String {
    let lines = |text: &str| {
        let mut heading = String::new();
        let named = text.lines().filter(|line| !line.is_empty()).map(|line| {
            if !line.starts_with(' ') {
                line.clone_into(&mut heading);
            }
            format!("{heading}: {}", line.trim())
        });
        named.collect::<BTreeSet<_>>()
    };
    let (before, now) = (lines(before), lines(now));
    let gone = before.difference(&now).map(|line| (line, "in the file"));
    let new = now.difference(&before).map(|line| (line, "came"));
    let mut all: Vec<_> = gone.chain(new).collect();
    all.sort();
    all.iter().map(|(line, side)| format!("{side:>11}  {line}")).collect::<Vec<_>>().join("\n")
}

async fn agrees(visibility: &'static str) {
    let file = format!("tests/it/permissions/fields/{}.txt", visibility.to_lowercase());
    let now = matrix(visibility).await;
    if std::env::var_os("LYCEUM_TEST_ACCEPT").is_some() {
        std::fs::write(&file, &now).expect("it is written");
    }
    let before = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        before == now,
        "{file} differs. When what came is right by the rules of the product, accept it:\n\
         LYCEUM_TEST_ACCEPT=1 cargo test --test it -- permissions::fields\n{}",
        differences(&before, &now)
    );
}

#[tokio::test]
async fn every_field_shows_every_kind_of_viewer_what_was_found_right_of_what_is_for_the_invited() {
    agrees("INVITED").await;
}

#[tokio::test]
async fn every_field_shows_every_kind_of_viewer_what_was_found_right_of_what_is_public() {
    agrees("PUBLIC").await;
}
