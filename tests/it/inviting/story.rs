//! The whole of it, as an organiser plays it: forty contacts, three hundred people, six languages.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{DECIDE, IMPORT, NOMINATION, NOMINEE_ADD, NOMINEES, Run, SEND, answers, letters_to, newest, person, token};
use crate::{
    app::{TestApp, key, with_app},
    webinars::{id, update},
};

/// Each language: what the site's own letter to a contact and an offer begin with.
const LANGUAGES: [(&str, &str, &str); 6] = [
    ("ar", "من ترشّحون؟ التحفظات", "مقعد لك: التحفظات"),
    ("zh", "请提名人选：保留", "为您保留的席位：保留"),
    ("en", "Whom will you name? Reservations", "A seat for you: Reservations"),
    ("fr", "Qui désignerez-vous ? Réserves", "Une place pour vous : Réserves"),
    ("ru", "Кого вы предложите? Оговорки", "Место для вас: Оговорки"),
    ("es", "¿A quién propone? Reservas", "Una plaza para usted: Reservas"),
];
const TITLES: [(&str, &str); 5] =
    [("ar", "التحفظات"), ("zh", "保留"), ("fr", "Réserves"), ("ru", "Оговорки"), ("es", "Reservas")];
const KINDS: [&str; 4] = ["GOVERNMENT", "JUDICIARY", "PARLIAMENT", "INTERNATIONAL"];

fn table() -> String {
    let lines = (0..40).map(|number| {
        let (language, kind) = (LANGUAGES[number % 6].0, KINDS[number % 4]);
        format!("Office {number},{kind},KE,{language},office{number}@example.org second{number}@example.org\n")
    });
    format!("name,kind,country,language,emails\n{}", lines.collect::<String>())
}

/// All nominees of a webinar: their ids, addresses and states.
async fn all(run: &Run<'_>) -> Vec<Value> {
    let page = "query($id: ID!, $after: String) { webinar(id: $id) { inviting { nominees(first: 100, after: $after) {
        nodes { id email state language } pageInfo { endCursor hasNextPage } } } } }";
    let (mut found, mut after) = (Vec::new(), json!(null));
    loop {
        let seen = run.organiser.runs(page, &json!({ "id": run.webinar, "after": after })).await;
        let nominees = &seen["webinar"]["inviting"]["nominees"];
        found.extend(nominees["nodes"].as_array().cloned().expect("nominees"));
        after = nominees["pageInfo"]["endCursor"].clone();
        if nominees["pageInfo"]["hasNextPage"] == false {
            return found;
        }
    }
}

async fn named(app: &TestApp) {
    for number in 0..40 {
        let letter = newest(app, &format!("office{number}@example.org")).await;
        let (language, begins, _) = LANGUAGES[number % 6];
        assert!(letter.starts_with(begins), "{language}: {letter}");
        assert!(letter.contains(&format!("Office {number}")), "{letter}");
        let list = token(&letter, "nomination");
        for place in 0..(7 + number % 2) {
            let mut input = person(&list, &format!("p{number}-{place}@example.net"));
            input["language"] = json!(language);
            input["gender"] = json!(["FEMALE", "MALE"][place % 2]);
            app.visitor().runs(NOMINEE_ADD, &json!({ "input": input })).await;
        }
        let second = token(&newest(app, &format!("second{number}@example.org")).await, "nomination");
        let seen = app.visitor().runs(NOMINATION, &json!({ "token": second })).await["nomination"].clone();
        assert_eq!(seen["nominees"].as_array().map(Vec::len), Some(7 + number % 2), "both addresses of an office have its list");
    }
}

#[tokio::test]
async fn forty_contacts_name_three_hundred_people_in_six_languages() {
    with_app(async |app| {
        let run = Run::new(app).await;
        update(&run.organiser, &run.webinar, json!({ "capacity": 120 })).await;
        let text_set =
            "mutation($id: ID!, $input: WebinarTextInput!) { webinarTextSet(id: $id, input: $input) { userErrors { code } } }";
        for (language, title) in TITLES {
            let input = json!({ "language": language, "title": title });
            run.organiser.runs(text_set, &json!({ "id": run.webinar, "input": input })).await;
        }
        let import = json!({ "input": { "key": key(), "seriesId": run.series, "csv": table() } });
        assert_eq!(run.organiser.runs(IMPORT, &import).await["contactsImport"]["createdCount"], 40);
        let contacts = "query($id: ID!) { webinarSeries(id: $id) { contacts(first: 100) { nodes { id } } } }";
        let seen = run.organiser.runs(contacts, &json!({ "id": run.series })).await;
        let contacts: Vec<_> = seen["webinarSeries"]["contacts"]["nodes"].as_array().expect("contacts").iter().map(id).collect();
        let input = json!({ "input": { "key": key(), "webinarId": run.webinar, "contactIds": contacts, "quota": 8 } });
        assert_eq!(run.organiser.runs(SEND, &input).await["invitationsSend"]["invitedCount"], 40);
        named(app).await;

        let nominees = all(&run).await;
        assert_eq!(nominees.len(), 300);
        let ids: Vec<_> = nominees.iter().map(id).collect();
        let accept = |ids: &[String]| json!({ "input": { "webinarId": run.webinar, "nomineeIds": ids, "decision": "ACCEPT" } });
        run.organiser.runs(DECIDE, &accept(&ids[..100])).await;
        let too_many = run.organiser.problems(DECIDE, &accept(&ids[100..121])).await;
        assert_eq!(too_many, ["LIMIT_REACHED input.nomineeIds"]);
        run.organiser.runs(DECIDE, &accept(&ids[100..120])).await;
        for rest in ids[120..].chunks(100) {
            run.decides(rest, "WAIT_LIST").await;
        }
        let mut by_language = BTreeMap::new();
        for nominee in &nominees[..120] {
            let (email, language) = (nominee["email"].as_str().expect("an address"), nominee["language"].as_str());
            *by_language.entry(language).or_insert(0) += 1;
            if by_language[&language] > 2 {
                continue;
            }
            let offer = newest(app, email).await;
            let (_, _, begins) = LANGUAGES.iter().find(|(tag, _, _)| Some(*tag) == language).expect("a language of the site");
            assert!(offer.starts_with(begins), "{language:?}: {offer}");
        }
        assert_eq!(by_language.len(), 6);
        let first = nominees[0]["email"].as_str().expect("an address");
        assert_eq!(answers(app, first, false).await["state"], "REFUSED");
        let next = nominees[120]["email"].as_str().expect("an address");
        assert_eq!(answers(app, next, true).await["state"], "CONFIRMED", "she moved up, with mail");
        assert_eq!(letters_to(app, nominees[121]["email"].as_str().expect("an address")).await.len(), 1, "she waits");
        let left = run.organiser.runs(NOMINEES, &json!({ "id": run.webinar })).await["webinar"]["seatsLeft"].clone();
        assert_eq!(left, 0);
    })
    .await;
}
