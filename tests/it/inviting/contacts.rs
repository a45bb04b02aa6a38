//! The contacts of a series.

use serde_json::{Value, json};

use super::{CONTACT_CREATE, IMPORT, Run};
use crate::{
    app::{Client, key, with_app},
    webinars::{id, organiser},
};

const CONTACTS: &str = "query($id: ID!) { webinarSeries(id: $id) { contactsCsv contacts(first: 100) {
    nodes { id name organisationKind country language emails } } } }";
const UPDATE: &str = "mutation($id: ID!, $input: ContactUpdateInput!) { contactUpdate(id: $id, input: $input) {
    contact { name country emails } userErrors { code field } } }";
const REMOVE: &str = "mutation($id: ID!) { contactRemove(id: $id) { series { id } userErrors { code field } } }";

async fn seen(client: &Client<'_>, run: &Run<'_>) -> Value {
    client.runs(CONTACTS, &json!({ "id": run.series })).await["webinarSeries"].clone()
}

fn table(run: &Run<'_>, csv: &str) -> Value {
    json!({ "input": { "key": key(), "seriesId": run.series, "csv": csv } })
}

#[tokio::test]
async fn contacts_are_made_changed_and_removed_by_those_who_may_change_the_series_and_nobody_else_sees_them() {
    with_app(async |app| {
        let (run, other) = (Run::new(app).await, organiser(app).await);
        let contact = run.contact("Permanent Mission of Kenya", &["mission@example.org", "Second@example.org"]).await;
        let changes = json!({ "name": "Mission", "country": null, "emails": ["second@example.org", "third@example.org"] });
        let updated = run.organiser.runs(UPDATE, &json!({ "id": contact, "input": changes })).await;
        let expected = json!({ "name": "Mission", "country": null, "emails": ["second@example.org", "third@example.org"] });
        assert_eq!(updated["contactUpdate"]["contact"], expected);
        assert_eq!(seen(&run.organiser, &run).await["contacts"]["nodes"][0]["id"], contact.as_str());
        let taken = json!({ "key": key(), "seriesId": run.series, "name": "Another", "organisationKind": "OTHER",
            "language": "fr", "emails": ["THIRD@example.org"] });
        assert_eq!(run.organiser.problems(CONTACT_CREATE, &json!({ "input": taken })).await, ["TAKEN input.emails.0"]);

        let visible = json!({ "id": run.series, "input": { "visibility": "PUBLIC" } });
        let update = "mutation($id: ID!, $input: WebinarSeriesUpdateInput!) { webinarSeriesUpdate(id: $id, input: $input) {
            userErrors { code } } }";
        run.organiser.runs(update, &visible).await;
        assert_eq!(seen(&other, &run).await, json!({ "contactsCsv": null, "contacts": null }));
        assert!(other.runs("query($id: ID!) { node(id: $id) { id } }", &json!({ "id": contact })).await["node"].is_null());
        assert_eq!(other.fails(UPDATE, &json!({ "id": contact, "input": {} })).await, "NOT_FOUND");
        assert_eq!(other.fails(REMOVE, &json!({ "id": contact })).await, "NOT_FOUND");
        assert_eq!(other.fails(IMPORT, &table(&run, "name,kind,emails\nA,OTHER,a@example.org")).await, "FORBIDDEN");

        run.organiser.runs(REMOVE, &json!({ "id": contact })).await;
        assert_eq!(seen(&run.organiser, &run).await["contacts"]["nodes"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn a_table_is_checked_whole_and_each_line_that_is_wrong_is_named_with_its_number_and_why() {
    with_app(async |app| {
        let run = Run::new(app).await;
        run.contact("Mission", &["mission@example.org"]).await;
        run.contact("Ministry", &["ministry@example.org"]).await;
        let csv = "name,kind,country,language,emails\n\
            Good office,GOVERNMENT,KE,fr,good@example.org\n\
            ,GOVERNMENT,KE,fr,nameless@example.org\n\
            Bad kind,EMBASSY,KE,fr,kind@example.org\n\
            Bad country,OTHER,XX,tlh,not an address\n\
            \"Two\nlines\",OTHER,KE,fr,good@example.org\n\
            Too short,OTHER\n\
            Of two,OTHER,KE,fr,mission@example.org ministry@example.org\n";
        let problems = run.organiser.problems(IMPORT, &table(&run, csv)).await;
        let expected = [
            "BLANK input.csv.3.name",
            "INVALID input.csv.4.kind",
            "INVALID input.csv.5.country",
            "INVALID input.csv.5.language",
            "INVALID input.csv.5.emails",
            "TAKEN input.csv.6.emails",
            "INVALID input.csv.8.name",
        ];
        assert_eq!(problems, expected);
        let answer = run.organiser.accepting("en").sends(IMPORT, &table(&run, csv)).await;
        let message = answer["data"]["contactsImport"]["userErrors"][0]["message"].as_str().expect("a message");
        assert_eq!(message, "Line 3, column name: Fill this in.");
        let hopeless = format!("name,kind,emails\n{}", "x,x,x\n".repeat(900));
        assert_eq!(run.organiser.problems(IMPORT, &table(&run, &hopeless)).await.len(), 50, "and then it is enough");
        let of_two = "name,kind,emails\nOf two,OTHER,mission@example.org ministry@example.org\n";
        assert_eq!(run.organiser.problems(IMPORT, &table(&run, of_two)).await, ["TAKEN input.csv.2.emails"]);
        assert_eq!(run.organiser.problems(IMPORT, &table(&run, "name,emails\nA,a@b.org")).await, ["INCOMPLETE input.csv"]);
        assert_eq!(run.organiser.problems(IMPORT, &table(&run, &"x".repeat(103_000))).await, ["TOO_LARGE input.csv"]);
        let names = seen(&run.organiser, &run).await["contacts"]["nodes"].as_array().expect("contacts").len();
        assert_eq!(names, 2, "nothing half done");
    })
    .await;
}

#[tokio::test]
async fn the_same_table_again_changes_nothing_and_what_is_exported_is_no_formula_and_read_back() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let csv = "\u{feff}Emails;Name;Kind;Country;Language\r\n\
            a@example.org b@example.org;وزارة العدل;government;EG;ar\r\n\
            c@example.org;\"=HYPERLINK(\"\"https://x\"\")\";civil_society;;\r\n";
        let import = async |csv: &str| {
            let done = run.organiser.runs(IMPORT, &table(&run, csv)).await["contactsImport"].clone();
            ["createdCount", "updatedCount", "unchangedCount"].map(|count| done[count].as_i64().expect("a number"))
        };
        assert_eq!(import(csv).await, [2, 0, 0]);
        let before = seen(&run.organiser, &run).await;
        assert_eq!(import(csv).await, [0, 0, 2]);
        let exported = before["contactsCsv"].as_str().expect("a table").to_owned();
        assert!(exported.contains("\"'=HYPERLINK("), "{exported}");
        assert_eq!(import(&exported).await, [0, 0, 2], "{exported}");
        assert_eq!(import(&exported.replace("EG", "SD").replace("b@", "d@")).await, [0, 1, 1]);
        let after = seen(&run.organiser, &run).await;
        assert_eq!(after["contacts"]["nodes"][0]["emails"], json!(["a@example.org", "d@example.org"]));
        assert_eq!(after["contacts"]["nodes"][0]["country"], "SD");
        assert_eq!(after["contacts"]["nodes"][1], before["contacts"]["nodes"][1]);

        let again = table(&run, csv);
        let first = run.organiser.runs(IMPORT, &again).await;
        assert_eq!(run.organiser.runs(IMPORT, &again).await, first, "by its key");
    })
    .await;
}

#[tokio::test]
async fn a_contact_that_has_named_people_stays() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let contact = run.contact("Mission", &["mission@example.org"]).await;
        run.invites(&[&contact], 2).await;
        let token = super::token(&super::newest(app, "mission@example.org").await, "nomination");
        super::names(app, &token, "awa@example.org").await;
        assert_eq!(run.organiser.problems(REMOVE, &json!({ "id": contact })).await, ["WRONG_STATE id"]);
        let contacts = seen(&run.organiser, &run).await;
        assert_eq!(id(&contacts["contacts"]["nodes"][0]), contact);
    })
    .await;
}
