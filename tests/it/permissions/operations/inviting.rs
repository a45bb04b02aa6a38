//! Inviting: contacts, letters, nominees, and what is done by links without an account.

use serde_json::{Value, json};

use super::{ANYONE, Row, STAFF, STAFF_IN_SECRET, World, by_id, row, updating, webinars::RUN, with_input};
use crate::permissions::outcomes::KEY;

pub fn rows(w: &World) -> Vec<Row> {
    [contacts(w), letters(w), invitations(w), choosing(w), by_links(w)].into_iter().flatten().collect()
}

fn contacts(w: &World) -> Vec<Row> {
    let (series, contact) = (&w["series"], &w["contact"]);
    let new = json!({ "key": KEY, "seriesId": series, "name": "Ministry", "organisationKind": "GOVERNMENT", "language": "fr",
        "emails": ["ministry@example.org"] });
    let table = json!({ "key": KEY, "seriesId": series, "csv": "name,kind,emails\nA,OTHER,a@example.org" });
    vec![
        with_input("contactCreate", new, STAFF),
        with_input("contactsImport", table, STAFF),
        updating("contactUpdate", contact, json!({ "name": "Mission" }), STAFF_IN_SECRET),
        by_id("contactRemove", contact, STAFF_IN_SECRET.all("WRONG_STATE")),
    ]
}

fn letters(w: &World) -> Vec<Row> {
    let letter = |language: &str| json!({ "language": language, "subject": "{title}", "body": "{link}" });
    let of = |more: Value| {
        let mut variables = json!({ "webinarId": w["webinar"], "audience": "CONTACTS" });
        variables.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        variables
    };
    let preview = json!({ "webinarId": w["webinar"], "contactId": w["contact"] });
    vec![
        row("invitationTextSet", of(json!({ "input": letter("fr") })), RUN.always("unvetted", "F")),
        row("invitationTextRemove", of(json!({ "language": "en" })), RUN),
        with_input("invitationPreview", preview, RUN),
    ]
}

fn invitations(w: &World) -> Vec<Row> {
    let (webinar, invitation) = (&w["webinar"], &w["invitation"]);
    let people = json!([{ "email": "somebody@example.org" }]);
    let bounce = json!({ "id": invitation, "email": "mission@example.org" });
    vec![
        with_input("invitationsSend", json!({ "key": KEY, "webinarId": webinar, "people": people }), RUN.always("unvetted", "F")),
        row("invitationsRemind", json!({ "webinarId": webinar }), RUN.always("unvetted", "F")),
        by_id("invitationResend", invitation, STAFF_IN_SECRET.always("unvetted", "F")),
        updating("invitationUpdate", invitation, json!({ "quota": 7 }), STAFF_IN_SECRET),
        row("invitationBounce", bounce, STAFF_IN_SECRET),
    ]
}

fn choosing(w: &World) -> Vec<Row> {
    let decision = json!({ "webinarId": w["webinar"], "nomineeIds": [w["nominee"]], "decision": "ACCEPT" });
    let forgetting = by_id("nomineeForget", &w["accepted nominee"], STAFF_IN_SECRET.all("WRONG_STATE"));
    vec![with_input("nomineesDecide", decision, RUN), forgetting]
}

/// Whoever has the link.
fn by_links(w: &World) -> Vec<Row> {
    let (list, place) = (&w["nomination token"], &w["place token"]);
    let person = json!({ "key": KEY, "token": list, "fullName": "Ivan Ejemplo", "email": "ivan@example.org", "language": "es" });
    let nominee = &w["nominee"];
    vec![
        row("nomination", json!({ "token": list }), ANYONE),
        row("place", json!({ "token": place }), ANYONE),
        with_input("nomineeAdd", person, ANYONE),
        row("nomineeUpdate", json!({ "token": list, "id": nominee, "input": { "fullName": "Awa" } }), ANYONE),
        row("nomineeWithdraw", json!({ "token": list, "id": nominee }), ANYONE),
        with_input("nomineeAnswer", json!({ "token": place, "comes": true, "acceptsConditions": true }), ANYONE),
        row("invitationsStop", json!({ "token": w["stop token"] }), ANYONE),
    ]
}
