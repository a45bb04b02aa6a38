//! Registering, the waiting list, and joining.

use chrono::Duration;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{
    JOIN, REGISTER, REGISTRATION_CANCEL, UPDATE, id, lets_in, organiser, published, register, registers, seen, update, with_input,
};
use crate::app::{Client, key, with_app};

const REGISTRATIONS: &str = "query($id: ID!, $state: RegistrationState) { webinar(id: $id) {
    registrations(first: 100, state: $state) { nodes { id state user { id } answers { prompt answer } } } } }";

/// Asks those who register for a webinar; the question.
async fn asks(organiser: &Client<'_>, webinar: &str, prompt: &str, is_required: bool) -> String {
    let add = "mutation($input: WebinarQuestionAddInput!) {
        webinarQuestionAdd(input: $input) { webinar { questions { id } } userErrors { code } } }";
    let text = json!({ "language": "en", "prompt": prompt });
    let input = json!({ "key": key(), "webinarId": webinar, "isRequired": is_required, "text": text });
    let added = organiser.runs(add, &json!({ "input": input })).await;
    let questions = added["webinarQuestionAdd"]["webinar"]["questions"].as_array().expect("questions");
    id(questions.last().expect("the last"))
}

/// A registration with one answer.
fn answering(webinar: &str, question: &str, answer: &str) -> Value {
    json!({ "input": { "webinarId": webinar, "answers": [{ "questionId": question, "answer": answer }] } })
}

async fn cancels(person: &Client<'_>, registration: &Value) {
    person.runs(REGISTRATION_CANCEL, &json!({ "id": registration["id"] })).await;
}

#[tokio::test]
async fn members_register_and_cancel_themselves() {
    with_app(async |app| {
        let (organiser, person) = (organiser(app).await, app.practitioner().await);
        let webinar = published(&organiser, "MEMBERS").await;
        let registration = register(&person, &webinar).await;
        assert_eq!(registration, register(&person, &webinar).await, "twice is once");
        assert_eq!(registration["state"], "REGISTERED");
        cancels(&person, &registration).await;
        cancels(&person, &registration).await;
        assert_eq!(seen(&person, &webinar).await["viewerRegistration"]["state"], "CANCELLED");
        assert_eq!(register(&person, &webinar).await["id"], registration["id"], "who comes back has the same registration");
        let mine = "{ viewer { registrations { nodes { id webinar { id } } } } }";
        let mine = person.runs(mine, &json!({})).await["viewer"]["registrations"]["nodes"].clone();
        assert_eq!(mine[0]["webinar"]["id"], webinar.as_str());
    })
    .await;
}

/// Registers, again where the server says that it is too busy; the state of the registration.
async fn rushes(person: &Client<'_>, webinar: &str) -> String {
    for _ in 0..100 {
        let answer = person.sends(REGISTER, &json!({ "input": { "webinarId": webinar } })).await;
        if let Some(state) = answer["data"]["webinarRegister"]["registration"]["state"].as_str() {
            return state.to_owned();
        }
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{answer}");
    }
    panic!("the server stays too busy")
}

#[tokio::test]
async fn the_last_seat_goes_to_one_of_a_hundred() {
    with_app(async |app| {
        let organiser = organiser(app).await;
        let webinar = published(&organiser, "MEMBERS").await;
        update(&organiser, &webinar, json!({ "capacity": 1 })).await;
        let mut people = Vec::new();
        for _ in 0..100 {
            people.push(app.practitioner().await);
        }
        let states = join_all(people.iter().map(|person| rushes(person, &webinar))).await;
        assert_eq!(states.iter().filter(|state| *state == "REGISTERED").count(), 1);
        assert_eq!(states.iter().filter(|state| *state == "WAITING").count(), 99);
        assert_eq!(seen(&organiser, &webinar).await["seatsLeft"], 0);
    })
    .await;
}

#[tokio::test]
async fn others_than_staff_see_seats_only_in_fives_and_exactly_that_none_is_left() {
    with_app(async |app| {
        let organiser = organiser(app).await;
        let webinar = published(&organiser, "PUBLIC").await;
        update(&organiser, &webinar, json!({ "capacity": 7 })).await;
        let list = "{ webinars { nodes { seatsLeft } } }";
        let listed = async |viewer: &Client<'_>| viewer.runs(list, &json!({})).await["webinars"]["nodes"][0]["seatsLeft"].clone();
        let (mut people, visitor) = (Vec::new(), app.visitor());
        for (left, told) in [(6, 7), (5, 7), (4, 7), (3, 7), (2, 2), (1, 2), (0, 0)] {
            let person = app.practitioner().await;
            let registration = register(&person, &webinar).await;
            assert_eq!(seen(&organiser, &webinar).await["seatsLeft"], left);
            assert_eq!(listed(&organiser).await, left);
            for other in [&visitor, &person] {
                assert_eq!(seen(other, &webinar).await["seatsLeft"], told, "{left} are left");
                assert_eq!(listed(other).await, told, "{left} are left");
            }
            people.push((person, registration));
        }
        let (person, registration) = &people[6];
        cancels(person, registration).await;
        assert_eq!(seen(&organiser, &webinar).await["seatsLeft"], 1);
        assert_eq!(seen(&visitor, &webinar).await["seatsLeft"], 2);
    })
    .await;
}

#[tokio::test]
async fn who_waits_moves_up_in_the_order_in_which_they_came() {
    with_app(async |app| {
        let organiser = organiser(app).await;
        let webinar = published(&organiser, "MEMBERS").await;
        update(&organiser, &webinar, json!({ "capacity": 1 })).await;
        let mut people = Vec::new();
        for _ in 0..5 {
            let person = app.practitioner().await;
            let registration = register(&person, &webinar).await;
            people.push((person, registration));
            app.clock.advance(Duration::seconds(1));
        }
        let states = async || {
            let mut states = String::new();
            for (person, _) in &people {
                let state = seen(person, &webinar).await["viewerRegistration"]["state"].clone();
                states.push(state.as_str().and_then(|state| state.chars().next()).expect("a state"));
            }
            states
        };
        assert_eq!(states().await, "RWWWW");
        cancels(&people[0].0, &people[0].1).await;
        assert_eq!(states().await, "CRWWW");
        cancels(&people[2].0, &people[2].1).await;
        assert_eq!(states().await, "CRCWW", "who waited frees no seat");
        update(&organiser, &webinar, json!({ "capacity": 2 })).await;
        assert_eq!(states().await, "CRCRW");
        register(&people[0].0, &webinar).await;
        update(&organiser, &webinar, json!({ "capacity": 3 })).await;
        assert_eq!(states().await, "WRCRR", "who comes back is last");
        update(&organiser, &webinar, json!({ "capacity": null })).await;
        assert_eq!(states().await, "RRCRR");
    })
    .await;
}

#[tokio::test]
async fn seats_are_not_fewer_than_those_taken() {
    with_app(async |app| {
        let organiser = organiser(app).await;
        let webinar = published(&organiser, "MEMBERS").await;
        for _ in 0..2 {
            register(&app.practitioner().await, &webinar).await;
        }
        let less = json!({ "id": webinar, "input": { "capacity": 1 } });
        assert_eq!(organiser.problems(UPDATE, &less).await, ["OUT_OF_RANGE input.capacity"]);
    })
    .await;
}

#[tokio::test]
async fn registration_has_its_window() {
    with_app(async |app| {
        let (organiser, person) = (organiser(app).await, app.practitioner().await);
        let webinar = published(&organiser, "MEMBERS").await;
        let (opens, closes) = (app.clock.now() + Duration::hours(1), app.clock.now() + Duration::hours(2));
        update(&organiser, &webinar, json!({ "registrationOpensAt": opens, "registrationClosesAt": closes })).await;
        let input = json!({ "input": { "webinarId": webinar } });
        assert_eq!(person.problems(REGISTER, &input).await, ["WRONG_STATE input.webinarId"]);
        app.clock.advance(Duration::minutes(61));
        person.runs(REGISTER, &input).await;
        app.clock.advance(Duration::minutes(60));
        assert_eq!(app.practitioner().await.problems(REGISTER, &input).await, ["TOO_LATE input.webinarId"]);
        person.runs(REGISTER, &input).await;
        let wrong = json!({ "id": webinar, "input": { "registrationOpensAt": closes, "registrationClosesAt": opens } });
        assert_eq!(organiser.problems(UPDATE, &wrong).await, ["INVALID input.registrationClosesAt"]);
    })
    .await;
}

#[tokio::test]
async fn who_may_not_learn_here_does_not_register() {
    with_app(async |app| {
        let organiser = organiser(app).await;
        let webinar = published(&organiser, "PUBLIC").await;
        let input = json!({ "input": { "webinarId": webinar } });
        assert_eq!(app.visitor().fails(REGISTER, &input).await, "UNAUTHENTICATED");
        let unvetted = app.unvetted().await;
        assert_eq!(unvetted.fails(REGISTER, &input).await, "FORBIDDEN");
        lets_in(&organiser, &webinar, &unvetted, "MEMBER").await;
        unvetted.runs(REGISTER, &input).await;
    })
    .await;
}

#[tokio::test]
async fn registrants_are_told_of_recording_and_names_before() {
    with_app(async |app| {
        let (organiser, person) = (organiser(app).await, app.practitioner().await);
        let webinar = published(&organiser, "MEMBERS").await;
        update(&organiser, &webinar, json!({ "isRecorded": true })).await;
        let input = json!({ "input": { "webinarId": webinar } });
        assert_eq!(person.problems(REGISTER, &input).await, ["NOT_ACCEPTED input.acceptsConditions"]);
        person.runs(REGISTER, &json!({ "input": { "webinarId": webinar, "acceptsConditions": true } })).await;
        let more = json!({ "id": webinar, "input": { "showsRegistrants": true } });
        assert_eq!(organiser.problems(UPDATE, &more).await, ["WRONG_STATE input.showsRegistrants"]);
        update(&organiser, &webinar, json!({ "isRecorded": false })).await;
    })
    .await;
}

#[tokio::test]
async fn registrants_see_each_other_only_where_they_were_told_so() {
    with_app(async |app| {
        let organiser = organiser(app).await;
        let names = async |shows: bool| {
            let webinar = published(&organiser, "MEMBERS").await;
            update(&organiser, &webinar, json!({ "showsRegistrants": shows })).await;
            let (one, other) = (app.practitioner().await, app.practitioner().await);
            for person in [&one, &other] {
                let input = json!({ "webinarId": webinar, "acceptsConditions": true });
                person.runs(REGISTER, &json!({ "input": input })).await;
            }
            let stranger = app.practitioner().await.runs(REGISTRATIONS, &json!({ "id": webinar })).await;
            assert!(stranger["webinar"]["registrations"].is_null());
            one.runs(REGISTRATIONS, &json!({ "id": webinar })).await["webinar"]["registrations"].clone()
        };
        assert!(names(false).await.is_null());
        assert_eq!(names(true).await["nodes"].as_array().map(Vec::len), Some(2));
    })
    .await;
}

#[tokio::test]
async fn required_questions_are_answered_and_staff_read_the_answers() {
    with_app(async |app| {
        let (organiser, person) = (organiser(app).await, app.practitioner().await);
        let webinar = published(&organiser, "MEMBERS").await;
        let question = asks(&organiser, &webinar, "What do you want to learn?", true).await;
        let with = |answer: &str| answering(&webinar, &question, answer);
        assert_eq!(person.problems(REGISTER, &json!({ "input": { "webinarId": webinar } })).await, ["INCOMPLETE input.answers"]);
        assert_eq!(person.problems(REGISTER, &with(" ")).await, ["INCOMPLETE input.answers"]);
        person.runs(REGISTER, &with("Reservations")).await;
        person.runs(REGISTER, &with("Declarations")).await;
        let read = organiser.runs(REGISTRATIONS, &json!({ "id": webinar })).await;
        let answers = &read["webinar"]["registrations"]["nodes"][0]["answers"];
        assert_eq!(*answers, json!([{ "prompt": "What do you want to learn?", "answer": "Declarations" }]));
        let remove = super::by_id("webinarQuestionRemove");
        assert_eq!(organiser.problems(&remove, &json!({ "id": question })).await, ["WRONG_STATE id"]);
        let other = published(&organiser, "MEMBERS").await;
        assert_eq!(person.problems(REGISTER, &answering(&other, &question, "x")).await, ["NOT_FOUND input.answers.0.questionId"]);
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_is_required_is_not_taken_back_and_another_is() {
    with_app(async |app| {
        let (organiser, person) = (organiser(app).await, app.practitioner().await);
        let webinar = published(&organiser, "MEMBERS").await;
        let required = asks(&organiser, &webinar, "What do you want to learn?", true).await;
        let other = asks(&organiser, &webinar, "How did you hear of it?", false).await;
        person.runs(REGISTER, &answering(&webinar, &required, "Reservations")).await;
        person.runs(REGISTER, &answering(&webinar, &other, "By mail")).await;
        let answers = async || {
            let read = organiser.runs(REGISTRATIONS, &json!({ "id": webinar })).await;
            let answers = read["webinar"]["registrations"]["nodes"][0]["answers"].as_array().cloned().expect("answers");
            answers.iter().map(|answer| answer["answer"].clone()).collect::<Vec<_>>()
        };
        for empty in ["", " "] {
            let taken = answering(&webinar, &required, empty);
            assert_eq!(person.problems(REGISTER, &taken).await, ["INCOMPLETE input.answers"]);
        }
        assert_eq!(answers().await, ["Reservations", "By mail"]);
        person.runs(REGISTER, &answering(&webinar, &other, "")).await;
        person.runs(REGISTER, &json!({ "input": { "webinarId": webinar } })).await;
        assert_eq!(answers().await, ["Reservations"]);
    })
    .await;
}

#[tokio::test]
async fn the_link_is_given_near_the_start_to_those_with_a_seat() {
    with_app(async |app| {
        let (organiser, person, late) = (organiser(app).await, app.practitioner().await, app.practitioner().await);
        let webinar = published(&organiser, "MEMBERS").await;
        register(&person, &webinar).await;
        let join = json!({ "id": webinar });
        assert_eq!(organiser.problems(JOIN, &join).await, ["INCOMPLETE id"]);
        update(&organiser, &webinar, json!({ "joinUrl": "https://meet.example.org/1", "capacity": 1 })).await;
        assert_eq!(registers(&late, &webinar).await, "WAITING");
        assert_eq!(organiser.runs(JOIN, &join).await["webinarJoin"]["url"], "https://meet.example.org/1");
        assert!(seen(&person, &webinar).await["joinUrl"].is_null(), "registrants get it from webinarJoin only");
        assert_eq!(person.problems(JOIN, &join).await, ["WRONG_STATE id"]);
        app.clock.advance(Duration::days(2) - Duration::minutes(15));
        let (person, late) = (person.again().await, late.again().await);
        assert_eq!(person.runs(JOIN, &join).await["webinarJoin"]["url"], "https://meet.example.org/1");
        let first = seen(&person, &webinar).await["viewerRegistration"]["joinedAt"].clone();
        app.clock.advance(Duration::minutes(5));
        person.runs(JOIN, &join).await;
        assert_eq!(seen(&person, &webinar).await["viewerRegistration"]["joinedAt"], first, "the first time is kept");
        assert_eq!(late.fails(JOIN, &join).await, "FORBIDDEN");
        assert_eq!(app.practitioner().await.fails(JOIN, &join).await, "FORBIDDEN");
        app.clock.advance(Duration::minutes(71));
        assert_eq!(person.problems(JOIN, &join).await, ["TOO_LATE id"]);
    })
    .await;
}

#[tokio::test]
async fn organisers_cancel_registrations_of_their_own_webinars_only() {
    with_app(async |app| {
        let (own, other, person) = (organiser(app).await, organiser(app).await, app.practitioner().await);
        let webinar = published(&own, "MEMBERS").await;
        let registration = register(&person, &webinar).await;
        assert_eq!(other.fails(REGISTRATION_CANCEL, &json!({ "id": registration["id"] })).await, "NOT_FOUND");
        let node = "query($id: ID!) { registration(id: $id) { id } node(id: $id) { id } }";
        let seen = other.runs(node, &json!({ "id": registration["id"] })).await;
        assert_eq!(seen, json!({ "registration": null, "node": null }));
        cancels(&own, &registration).await;
        app.clock.advance(Duration::days(3));
        let (own, again) = (own.again().await, register_late(&person, &webinar).await);
        assert_eq!(again, ["TOO_LATE input.webinarId"]);
        cancels(&own, &registration).await;
    })
    .await;
}

async fn register_late(person: &Client<'_>, webinar: &str) -> Vec<String> {
    person.again().await.problems(REGISTER, &json!({ "input": { "webinarId": webinar } })).await
}

#[tokio::test]
async fn what_people_had_told_of_themselves_stays_as_it_stood() {
    with_app(async |app| {
        use lyceum::webinars::registration;
        use sea_orm::EntityTrait as _;
        let (organiser, person) = (organiser(app).await, app.practitioner().await);
        let webinar = published(&organiser, "MEMBERS").await;
        let update = with_input("profileUpdate", "ProfileUpdateInput");
        let told = json!({ "country": "KE", "gender": "FEMALE", "organisationKind": "JUDICIARY" });
        person.runs(&update, &json!({ "input": told })).await;
        register(&person, &webinar).await;
        person.runs(&update, &json!({ "input": { "country": "UG", "organisationKind": null } })).await;
        let kept = registration::Entity::find().one(app.db.read()).await.expect("it is read").expect("it is there");
        assert_eq!(kept.country.as_deref(), Some("KE"));
        assert!(kept.organisation_kind.is_some() && kept.gender.is_some());
    })
    .await;
}
