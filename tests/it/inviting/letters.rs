//! Letters of invitation: what they say, whom they reach, and that they come once.

use chrono::Duration;
use data_encoding::HEXLOWER;
use lyceum::webinars::inviting::unwanted;
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

use super::{INVITATIONS, PREVIEW, REMIND, RESEND, Run, SEND, TEXT_SET, letters_to, names, newest, token};
use crate::{
    app::{TestApp, key, with_app, with_app_set},
    teaching::Taught,
    webinars::{by_id, draft, organiser, register, seen},
};

pub const STOP: &str = "mutation($token: String!) { invitationsStop(token: $token) { userErrors { code field } } }";

fn letter(run: &Run<'_>, audience: &str, language: &str, subject: &str, body: &str) -> Value {
    json!({ "webinarId": run.webinar, "audience": audience,
        "input": { "language": language, "subject": subject, "body": body } })
}

async fn invitations(run: &Run<'_>) -> Vec<Value> {
    let seen = run.organiser.runs(INVITATIONS, &json!({ "id": run.webinar })).await;
    seen["webinar"]["inviting"]["invitations"]["nodes"].as_array().cloned().expect("invitations")
}

#[tokio::test]
async fn a_letter_names_only_fields_that_are_known_and_says_where_it_leads() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let wrong = letter(&run, "PEOPLE", "en", "For {nmae}", "Hello {name}, {quota} {link}");
        assert_eq!(run.organiser.problems(TEXT_SET, &wrong).await, ["INVALID input.subject", "INVALID input.body"]);
        let answer = run.organiser.sends(TEXT_SET, &wrong).await;
        let message = answer["data"]["invitationTextSet"]["userErrors"][0]["message"].as_str().expect("a message");
        assert!(message.contains("{nmae}") && message.contains("{title}"), "{message}");
        let leads_nowhere = letter(&run, "PEOPLE", "en", "For {name}", "Hello");
        assert_eq!(run.organiser.problems(TEXT_SET, &leads_nowhere).await, ["INCOMPLETE input.body"]);
    })
    .await;
}

#[tokio::test]
async fn a_preview_is_what_goes_out_but_for_what_makes_its_links_secret() {
    with_app(async |app| {
        let (run, other) = (Run::new(app).await, organiser(app).await);
        run.organiser.runs(TEXT_SET, &letter(&run, "CONTACTS", "en", "{title}", "Dear {name},\nup to {quota}: {link}")).await;
        run.organiser.runs(TEXT_SET, &letter(&run, "CONTACTS", "fr", "Fr {title}", "Bonjour {name} {link}")).await;
        let contact = run.contact("Mission {link}", &["a@example.org", "b@example.org"]).await;
        let asked = json!({ "input": { "webinarId": run.webinar, "contactId": contact, "quota": 3 } });
        let preview = run.organiser.runs(PREVIEW, &asked).await["invitationPreview"].clone();
        assert_eq!(preview["to"], json!(["a@example.org", "b@example.org"]));
        assert_eq!((preview["language"].as_str(), preview["subject"].as_str()), (Some("en"), Some("Reservations")));
        assert_eq!(other.fails(PREVIEW, &asked).await, "NOT_FOUND");
        let mut late = asked.clone();
        late["input"]["namesUntil"] = json!("2020-01-01T00:00:00Z");
        assert_eq!(run.organiser.fails(PREVIEW, &late).await, "BAD_USER_INPUT");
        run.invites(&[&contact], 3).await;
        let sent = newest(app, "b@example.org").await.replace("\r\n", "\n");
        let body = preview["body"].as_str().expect("a text");
        assert!(body.starts_with("Dear Mission {link},\nup to 3: http"), "{body}");
        let secrets = [token(&sent, "nomination"), token(&sent, "stop")];
        let without = secrets.iter().fold(sent.clone(), |sent, secret| sent.replace(secret, "…"));
        assert!(without.contains(body.trim_end()), "{body}\n---\n{without}");
    })
    .await;
}

#[tokio::test]
async fn each_is_invited_once_whatever_is_sent_again() {
    with_app(async |app| {
        let (run, person) = (Run::new(app).await, app.practitioner().await);
        let contact = run.contact("Mission", &["a@example.org", "b@example.org"]).await;
        let csv = format!("email,name,language\nnew@example.org,=Zoë,fr\n{},,\n", person.email);
        let input = json!({ "input": { "key": key(), "webinarId": run.webinar, "contactIds": [contact], "peopleCsv": csv } });
        let first = run.organiser.runs(SEND, &input).await;
        assert_eq!(first["invitationsSend"]["invitedCount"], 3);
        assert_eq!(run.organiser.runs(SEND, &input).await, first);
        let again = json!({ "input": { "key": key(), "webinarId": run.webinar, "contactIds": [contact], "peopleCsv": csv } });
        let again = run.organiser.runs(SEND, &again).await["invitationsSend"].clone();
        assert_eq!((again["invitedCount"].as_i64(), again["alreadyInvitedCount"].as_i64()), (Some(0), Some(3)));
        for address in ["a@example.org", "b@example.org", "new@example.org", &person.email] {
            assert_eq!(letters_to(app, address).await.len(), 1, "{address}");
        }
        let french = newest(app, "new@example.org").await;
        assert!(french.starts_with("Invitation : Reservations") && french.contains("=Zoë"), "{french}");
        assert_eq!(seen(&person, &run.webinar).await["id"], run.webinar.as_str(), "who is invited sees it");
        let all = invitations(&run).await;
        assert_eq!(all.len(), 3);
        assert!(
            all.iter().flat_map(|one| one["deliveries"].as_array().expect("letters")).all(|letter| letter["state"] == "SENT")
        );

        let bad = json!({ "input": { "key": key(), "webinarId": run.webinar, "people": [{ "email": "x@example.org" }],
            "peopleCsv": "email,language\nno address,fr\nz@example.org,xx-bad-\n" } });
        let problems = run.organiser.problems(SEND, &bad).await;
        assert_eq!(problems, ["INVALID input.peopleCsv.2.email", "INVALID input.peopleCsv.3.language"]);
        assert_eq!(letters_to(app, "x@example.org").await.len(), 0, "nothing half sent");
    })
    .await;
}

#[tokio::test]
async fn reminders_go_once_a_day_to_those_who_have_not_reacted() {
    with_app(async |app| {
        let (run, person) = (Run::new(app).await, app.practitioner().await);
        let silent = run.contact("Silent", &["silent@example.org"]).await;
        let naming = run.contact("Naming", &["naming@example.org"]).await;
        run.invites(&[&silent, &naming], 2).await;
        let people = json!([{ "email": person.email }, { "email": "quiet@example.org" }]);
        let input = json!({ "input": { "key": key(), "webinarId": run.webinar, "people": people } });
        run.organiser.runs(SEND, &input).await;
        names(app, &token(&newest(app, "naming@example.org").await, "nomination"), "awa@example.org").await;
        register(&person, &run.webinar).await;
        let reminded = async || {
            let asked = run.organiser.again().await.runs(REMIND, &json!({ "webinarId": run.webinar })).await;
            asked["invitationsRemind"]["remindedCount"].as_i64().expect("a number")
        };
        assert_eq!(reminded().await, 0, "they have had no time");
        app.clock.advance(Duration::hours(25));
        assert_eq!(reminded().await, 2);
        assert_eq!(reminded().await, 0, "once a day");
        for (address, letters) in [("silent@example.org", 2), ("quiet@example.org", 2), ("naming@example.org", 1)] {
            assert_eq!(letters_to(app, address).await.len(), letters, "{address}");
        }
        let letters = letters_to(app, "silent@example.org").await;
        let letter = letters.iter().find(|letter| letter.starts_with("Reminder: Whom will you name? Reservations"));
        let letter = letter.unwrap_or_else(|| panic!("{letters:?}"));
        assert!(!token(letter, "nomination").is_empty());
    })
    .await;
}

/// A relay that has no mailbox for addresses that begin with `gone`, and takes nothing at all from who begins with `busy`.
async fn relay(listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(talk(stream));
    }
}

async fn talk(stream: TcpStream) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let (mut lines, mut is_data) = (BufReader::new(read).lines(), false);
    write.write_all(b"220 relay\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            "." if is_data => "250 taken",
            _ if is_data => continue,
            "DATA" => "354 go on",
            "RCPT" if line.contains("<gone") => "550 5.1.1 no such mailbox",
            "RCPT" if line.contains("<busy") => "451 later",
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        is_data = answer.starts_with("354");
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

async fn with_relay(test: impl AsyncFnOnce(&TestApp)) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("smtp://{}", listener.local_addr().expect("an address"));
    let relay = tokio::spawn(relay(listener));
    with_app_set(&[("SMTP_URL", &address)], test).await;
    relay.abort();
}

#[tokio::test]
async fn an_address_that_the_relay_refuses_for_good_is_shown_with_the_time_and_one_that_has_to_wait_is_tried_again() {
    with_relay(async |app| {
        let run = Run::new(app).await;
        let contact = run.contact("Mission", &["gone@example.org", "here@example.org"]).await;
        let busy = run.contact("Busy", &["busy@example.org"]).await;
        run.invites(&[&contact, &busy], 2).await;
        app.run_jobs().await;
        let all = invitations(&run).await;
        let states = |invitation: &Value| {
            let letters = invitation["deliveries"].as_array().cloned().expect("letters");
            letters.iter().map(|letter| letter["state"].as_str().expect("a state").to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(states(&all[0]), ["BOUNCED", "SENT"]);
        assert!(all[0]["deliveries"][0]["bouncedAt"].is_string());
        assert_eq!(states(&all[1]), ["WAITING"]);
        let bounce = "mutation($id: ID!, $email: String!) { invitationBounce(id: $id, email: $email) {
            invitation { deliveries { state } } userErrors { code field } } }";
        let wrong = json!({ "id": all[0]["id"], "email": "other@example.org" });
        assert_eq!(run.organiser.problems(bounce, &wrong).await, ["NOT_FOUND email"]);
        run.organiser.runs(bounce, &json!({ "id": all[0]["id"], "email": "HERE@example.org" })).await;
        assert_eq!(states(&invitations(&run).await[0]), ["BOUNCED", "BOUNCED"]);
        // What waits for the relay is of no use to the end of this test.
        let cancel = "mutation($id: ID!) { webinarCancel(id: $id, reason: \"Ill\") { userErrors { code } } }";
        run.organiser.runs(cancel, &json!({ "id": run.webinar })).await;
        app.clock.advance(Duration::minutes(5));
    })
    .await;
}

#[tokio::test]
async fn who_wants_no_more_invitations_gets_none_from_anybody() {
    with_app(async |app| {
        let (run, other) = (Run::new(app).await, Run::new(app).await);
        let contact = run.contact("Mission", &["a@example.org", "b@example.org"]).await;
        run.invites(&[&contact], 2).await;
        let token = token(&newest(app, "a@example.org").await, "stop");
        assert_eq!(app.visitor().problems(STOP, &json!({ "token": format!("{token}x") })).await, ["EXPIRED token"]);
        app.visitor().runs(STOP, &json!({ "token": token })).await;
        app.visitor().runs(STOP, &json!({ "token": token })).await;
        let elsewhere = other.contact("Mission", &["A@example.org", "b@example.org"]).await;
        let asked = json!({ "input": { "webinarId": other.webinar, "contactId": elsewhere } });
        assert_eq!(other.organiser.runs(PREVIEW, &asked).await["invitationPreview"]["to"], json!(["b@example.org"]));
        other.invites(&[&elsewhere], 2).await;
        assert_eq!(letters_to(app, "A@example.org").await.len() + letters_to(app, "a@example.org").await.len(), 1);
        assert_eq!(letters_to(app, "b@example.org").await.len(), 2);
        assert_eq!(invitations(&other).await[0]["deliveries"][0]["state"], "UNWANTED");
        app.clock.advance(Duration::hours(25));
        let remind = run.organiser.again().await;
        remind.runs(REMIND, &json!({ "webinarId": run.webinar })).await;
        assert_eq!(letters_to(app, "a@example.org").await.len(), 1, "no reminder either");
    })
    .await;
}

#[tokio::test]
async fn who_reads_the_hashes_of_those_who_want_none_finds_nobody_by_trying_addresses() {
    with_app(async |app| {
        let run = Run::new(app).await;
        run.list("Mission", "a@example.org", 2).await;
        app.visitor().runs(STOP, &json!({ "token": token(&newest(app, "a@example.org").await, "stop") })).await;
        let kept = unwanted::Entity::find().one(app.db.read()).await.expect("it is read").expect("a hash").email_hash;
        for tried in ["a@example.org", "unwanted a@example.org", "address a@example.org", "address\0a@example.org"] {
            assert_ne!(kept, HEXLOWER.encode(&Sha256::digest(tried)));
        }
        assert_eq!(kept, HEXLOWER.encode(&unwanted::hashed(app, "A@example.org")));
    })
    .await;
}

#[tokio::test]
async fn who_got_a_letter_can_ask_for_no_more_when_the_contact_is_gone_and_gets_none_when_it_is_back() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let contact = run.contact("Mission", &["a@example.org"]).await;
        run.invites(&[&contact], 2).await;
        let token = token(&newest(app, "a@example.org").await, "stop");
        let remove = "mutation($id: ID!) { contactRemove(id: $id) { userErrors { code } } }";
        run.organiser.runs(remove, &json!({ "id": contact })).await;
        for _ in 0..2 {
            app.visitor().runs(STOP, &json!({ "token": token })).await;
        }
        let again = run.contact("Mission", &["A@EXAMPLE.ORG"]).await;
        run.invites(&[&again], 2).await;
        assert_eq!(letters_to(app, "a@example.org").await.len() + letters_to(app, "A@EXAMPLE.ORG").await.len(), 1);
        let letters = invitations(&run).await[0]["deliveries"].clone();
        assert_eq!(letters[0]["state"], "UNWANTED");
        run.organiser.runs(RESEND, &json!({ "id": invitations(&run).await[0]["id"] })).await;
        assert_eq!(invitations(&run).await[0]["deliveries"], letters);
    })
    .await;
}

#[tokio::test]
async fn a_stranger_who_wants_no_more_invitations_is_let_in_without_a_letter_and_a_member_is_told() {
    with_app(async |app| {
        let (run, person) = (Run::new(app).await, app.practitioner().await);
        let contact = run.contact("Mission", &["a@example.org", &person.email]).await;
        run.invites(&[&contact], 2).await;
        for email in ["a@example.org", &person.email] {
            let token = token(&newest(app, email).await, "stop");
            app.visitor().runs(STOP, &json!({ "token": token })).await;
        }
        let grant = "mutation($input: AccessGrantInput!) { accessGrant(input: $input) {
            access { email } isTold userErrors { code } } }";
        for (email, is_told) in [("A@example.org", false), ("b@example.org", true), (person.email.as_str(), true)] {
            let before = app.mails().await.len();
            let input = json!({ "key": key(), "subjectId": run.webinar, "email": email });
            let granted = run.organiser.runs(grant, &json!({ "input": input })).await["accessGrant"].clone();
            assert_eq!((&granted["access"]["email"], &granted["isTold"]), (&json!(email), &json!(is_told)));
            assert_eq!(app.mails().await.len() - before, usize::from(is_told), "{email}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_stranger_who_was_let_in_asks_for_no_more_by_the_link_under_that_letter() {
    with_app(async |app| {
        let (run, trainer) = (Run::new(app).await, app.trainer().await);
        let course = Taught::course(&trainer, "A closed course", "INVITED").await;
        course.grants("a@example.org", "MEMBER").await;
        let stop = json!({ "token": token(&newest(app, "a@example.org").await, "stop") });
        for _ in 0..2 {
            app.visitor().runs(STOP, &stop).await;
        }
        let other = Taught::course(&trainer, "Another", "INVITED").await;
        other.grants("A@example.org", "MEMBER").await;
        let contact = run.contact("Mission", &["a@example.org"]).await;
        run.invites(&[&contact], 2).await;
        assert_eq!(letters_to(app, "a@example.org").await.len() + letters_to(app, "A@example.org").await.len(), 1);
        assert_eq!(invitations(&run).await[0]["deliveries"][0]["state"], "UNWANTED");
    })
    .await;
}

#[tokio::test]
async fn an_address_gets_ten_invitations_a_day_from_all_together_and_the_others_the_day_after() {
    with_app(async |app| {
        for _ in 0..12 {
            let run = Run::new(app).await;
            let contact = run.contact("Mission", &["a@example.org"]).await;
            run.invites(&[&contact], 2).await;
        }
        let letters = async || letters_to(app, "a@example.org").await.len();
        assert_eq!(letters().await, 10);
        let trainer = app.trainer().await;
        Taught::course(&trainer, "A closed course", "INVITED").await.grants("a@example.org", "MEMBER").await;
        assert_eq!(letters().await, 10, "of whatever kind");
        app.clock.advance(Duration::hours(12));
        assert_eq!(letters().await, 10);
        app.clock.advance(Duration::hours(12));
        assert_eq!(letters().await, 12);
    })
    .await;
}

#[tokio::test]
async fn an_address_gets_five_invitations_a_day_of_one_series_which_leaves_room_for_others_and_for_reminders() {
    with_app(async |app| {
        let mut run = Run::new(app).await;
        let contact = run.contact("Mission", &["a@example.org"]).await;
        let mut webinars = Vec::new();
        for _ in 0..7 {
            run.webinar = draft(&run.organiser, &run.series, "INVITED").await;
            run.organiser.runs(&by_id("webinarPublish"), &json!({ "id": run.webinar })).await;
            run.invites(&[&contact], 2).await;
            webinars.push(run.webinar.clone());
        }
        let letters = async || letters_to(app, "a@example.org").await.len();
        assert_eq!(letters().await, 5);
        for _ in 0..6 {
            let other = Run::new(app).await;
            let contact = other.contact("Mission", &["a@example.org"]).await;
            other.invites(&[&contact], 2).await;
        }
        assert_eq!(letters().await, 10, "what was put off has taken no room");
        app.clock.advance(Duration::hours(24));
        assert_eq!(letters().await, 13);
        app.clock.advance(Duration::hours(2));
        let organiser = run.organiser.again().await;
        for webinar in &webinars {
            organiser.runs(REMIND, &json!({ "webinarId": webinar })).await;
        }
        assert_eq!(letters().await, 20, "reminders do not count");
    })
    .await;
}

#[tokio::test]
async fn nobody_is_invited_to_what_is_not_offered() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let contact = run.contact("Mission", &["a@example.org"]).await;
        let draft = draft(&run.organiser, &run.series, "MEMBERS").await;
        let input = |webinar: &str| json!({ "input": { "key": key(), "webinarId": webinar, "contactIds": [contact] } });
        assert_eq!(run.organiser.problems(SEND, &input(&draft)).await, ["WRONG_STATE input.webinarId"]);
        app.clock.advance(Duration::days(3));
        let organiser = run.organiser.again().await;
        assert_eq!(organiser.problems(SEND, &input(&run.webinar)).await, ["TOO_LATE input.webinarId"]);
    })
    .await;
}

#[tokio::test]
async fn line_breaks_in_titles_and_names_begin_no_header_of_a_letter() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let broken = |text: &str| format!("{text}\r\nBcc: spy@example.org");
        let set =
            "mutation($id: ID!, $input: WebinarTextInput!) { webinarTextSet(id: $id, input: $input) { userErrors { code } } }";
        let title = json!({ "language": "en", "title": broken("Reservations") });
        run.organiser.runs(set, &json!({ "id": run.webinar, "input": title })).await;
        let people = json!([{ "name": broken("Awa"), "email": "awa@example.org", "language": "en" }]);
        let input = json!({ "key": key(), "webinarId": run.webinar, "people": people });
        run.organiser.runs(SEND, &json!({ "input": input })).await;
        let letter = newest(app, "awa@example.org").await;
        assert!(letter.lines().next().is_some_and(|subject| subject.contains("Reservations Bcc: spy@example.org")), "{letter}");
        for mail in app.mails().await {
            let (head, _) = mail.split_once("\r\n\r\n").expect("a head");
            assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
        }
    })
    .await;
}
