//! Sending an invitation again, with a link that works.

use chrono::Duration;
use lyceum::{
    accounts,
    jobs::{self, Job as _, entity::State},
    transact,
    webinars::inviting::sending::Deliver,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use serde_json::{Value, json};

use super::{INVITATION_UPDATE, INVITATIONS, NOMINEE_ADD, REMIND, RESEND, Run, letters_to, names, newest, person, token};
use crate::{
    app::{Client, with_app},
    webinars::{MOVE, seen, time_in, update},
};

/// The invitation of the first contact, as its organiser sees it.
async fn first(organiser: &Client<'_>, run: &Run<'_>) -> Value {
    let seen = organiser.runs(INVITATIONS, &json!({ "id": run.webinar })).await;
    seen["webinar"]["inviting"]["invitations"]["nodes"][0].clone()
}

#[tokio::test]
async fn a_contact_that_lost_its_letter_gets_it_again_at_the_addresses_that_it_has_now() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let contact = run.contact("Mission", &["wrong@example.org", "here@example.org"]).await;
        run.invites(&[&contact], 5).await;
        let before = token(&newest(app, "here@example.org").await, "nomination");
        names(app, &before, "awa@example.org").await;
        let invitation = json!({ "id": first(&run.organiser, &run).await["id"] });
        run.moves(&contact, &["here@example.org", "right@example.org"]).await;
        run.organiser.runs(RESEND, &invitation).await;
        let right = token(&newest(app, "right@example.org").await, "nomination");
        names(app, &right, "olu@example.org").await;
        assert_eq!(letters_to(app, "here@example.org").await.len(), 1, "it has had one within the hour");
        app.clock.advance(Duration::hours(2));
        let organiser = run.organiser.again().await;
        for _ in 0..2 {
            organiser.runs(RESEND, &invitation).await;
        }
        assert_eq!(token(&newest(app, "here@example.org").await, "nomination"), before);
        let counts = [("here", 2), ("right", 2), ("wrong", 1)];
        for (name, count) in counts {
            assert_eq!(letters_to(app, &format!("{name}@example.org")).await.len(), count, "{name}");
        }
        let deliveries = first(&organiser, &run).await["deliveries"].clone();
        let seen: Vec<_> =
            deliveries.as_array().expect("letters").iter().map(|letter| (&letter["email"], &letter["state"])).collect();
        assert_eq!(json!(seen), json!([["here@example.org", "SENT"], ["right@example.org", "SENT"]]));
    })
    .await;
}

#[tokio::test]
async fn an_address_gets_one_letter_an_hour_also_when_it_is_taken_away_and_put_back() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let contact = run.contact("Mission", &["a@example.org"]).await;
        run.invites(&[&contact], 5).await;
        let invitation = json!({ "id": first(&run.organiser, &run).await["id"] });
        let letters = async || (letters_to(app, "a@example.org").await.len(), letters_to(app, "b@example.org").await.len());
        assert_eq!(letters().await, (1, 0));
        for email in ["b@example.org", "a@example.org", "b@example.org", "A@example.org", "a@example.org"] {
            run.moves(&contact, &[email]).await;
            run.organiser.runs(RESEND, &invitation).await;
            app.run_jobs().await;
        }
        assert_eq!((letters().await, letters_to(app, "A@example.org").await.len()), ((1, 1), 0));
        let waits = json!([{ "email": "a@example.org", "state": "WAITING", "sentAt": null, "bouncedAt": null }]);
        assert_eq!(first(&run.organiser, &run).await["deliveries"], waits);
        app.clock.advance(Duration::minutes(61));
        assert_eq!(letters().await, (2, 1), "what was put off goes when the hour is over");
        run.organiser.again().await.runs(RESEND, &invitation).await;
        assert_eq!(letters().await, (2, 1));
    })
    .await;
}

#[tokio::test]
async fn what_is_sent_again_counts_as_invitations_of_the_day() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let contact = run.contact("Mission", &["mission@example.org"]).await;
        run.invites(&[&contact], 5).await;
        let invitation = json!({ "id": first(&run.organiser, &run).await["id"] });
        let others = format!("invitations {}", run.series);
        assert!(transact!(app, |tx| accounts::may_today(tx, &others, 1_998, 2_000).await).expect("it is counted"));
        app.run_jobs().await;
        app.clock.advance(Duration::hours(2));
        run.organiser.again().await.runs(RESEND, &invitation).await;
        assert_eq!(letters_to(app, "mission@example.org").await.len(), 2);
        app.clock.advance(Duration::hours(2));
        let organiser = run.organiser.again().await;
        assert_eq!(organiser.problems(RESEND, &invitation).await, ["LIMIT_REACHED id"]);
        let people = json!({ "key": crate::app::key(), "webinarId": run.webinar, "people": [{ "email": "a@example.org" }] });
        assert_eq!(organiser.problems(super::SEND, &json!({ "input": people })).await, ["LIMIT_REACHED input.webinarId"]);
        assert_eq!(letters_to(app, "mission@example.org").await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn nobody_is_reminded_at_an_address_that_the_contact_no_longer_has() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let contact = run.contact("Mission", &["wrong@example.org", "here@example.org"]).await;
        run.invites(&[&contact], 5).await;
        app.run_jobs().await;
        run.moves(&contact, &["here@example.org"]).await;
        app.clock.advance(Duration::hours(26));
        run.organiser.again().await.runs(REMIND, &json!({ "webinarId": run.webinar })).await;
        for (email, count) in [("wrong@example.org", 1), ("here@example.org", 2)] {
            assert_eq!(letters_to(app, email).await.len(), count, "{email}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_letter_that_found_its_list_closed_goes_once_when_it_is_sent_again() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let contact = run.contact("Mission", &["mission@example.org"]).await;
        run.invites(&[&contact], 5).await;
        let invitation = first(&run.organiser, &run).await["id"].clone();
        let until = |hours| json!({ "namesUntil": (app.clock.now() + Duration::hours(hours)).to_rfc3339() });
        run.organiser.runs(INVITATION_UPDATE, &json!({ "id": invitation, "input": until(1) })).await;
        app.clock.advance(Duration::hours(2));
        assert!(letters_to(app, "mission@example.org").await.is_empty());
        let organiser = run.organiser.again().await;
        assert_eq!(first(&organiser, &run).await["deliveries"][0]["state"], "WAITING");
        organiser.runs(INVITATION_UPDATE, &json!({ "id": invitation, "input": until(20) })).await;
        for _ in 0..2 {
            organiser.runs(RESEND, &json!({ "id": invitation })).await;
        }
        assert_eq!(letters_to(app, "mission@example.org").await.len(), 1);
        assert_eq!(first(&organiser, &run).await["deliveries"][0]["state"], "SENT");
    })
    .await;
}

#[tokio::test]
async fn a_letter_that_was_given_up_goes_when_it_is_sent_again() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let contact = run.contact("Mission", &["mission@example.org"]).await;
        run.invites(&[&contact], 5).await;
        let invitation = first(&run.organiser, &run).await["id"].clone();
        let given_up = jobs::entity::ActiveModel { state: Set(State::Dead), ..Default::default() };
        let of_letters = || jobs::entity::Column::Kind.eq(Deliver::KIND);
        let dead = jobs::entity::Entity::update_many().set(given_up).filter(of_letters()).exec(app.db.write()).await;
        assert_eq!(dead.expect("it is given up").rows_affected, 1);
        run.organiser.runs(RESEND, &json!({ "id": invitation })).await;
        assert_eq!(letters_to(app, "mission@example.org").await.len(), 1);
        let dead = jobs::entity::Entity::delete_many().filter(of_letters()).exec(app.db.write()).await;
        assert_eq!(dead.expect("it is forgotten").rows_affected, 1);
    })
    .await;
}

#[tokio::test]
async fn a_list_that_is_closed_says_what_to_do_and_opens_again_with_another_date() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let token = run.list("Mission", "mission@example.org", 5).await;
        let invitation = first(&run.organiser, &run).await["id"].clone();
        let until = |hours| json!((app.clock.now() + Duration::hours(hours)).to_rfc3339());
        let set = |until: Value| json!({ "id": invitation, "input": { "namesUntil": until } });
        run.organiser.runs(INVITATION_UPDATE, &set(until(1))).await;
        app.clock.advance(Duration::hours(26));
        let organiser = run.organiser.again().await;
        let refused = app.visitor().sends(NOMINEE_ADD, &json!({ "input": person(&token, "awa@example.org") })).await;
        let problem = &refused["data"]["nomineeAdd"]["userErrors"][0];
        assert_eq!(problem["code"], "TOO_LATE");
        assert!(problem["message"].as_str().expect("a message").contains("Whoever invited you"), "{problem}");
        let again = json!({ "id": invitation });
        assert_eq!(organiser.problems(RESEND, &again).await, ["TOO_LATE id"], "its link would be of no use");
        let reminded = organiser.runs(REMIND, &json!({ "webinarId": run.webinar })).await;
        assert_eq!(reminded["invitationsRemind"]["remindedCount"], 0);
        organiser.runs(MOVE, &json!({ "id": run.webinar, "input": time_in(app, 5 * 24 * 60) })).await;
        organiser.runs(INVITATION_UPDATE, &set(until(48))).await;
        organiser.runs(RESEND, &again).await;
        assert!(letters_to(app, "mission@example.org").await.len() == 2);
        names(app, &super::token(&newest(app, "mission@example.org").await, "nomination"), "awa@example.org").await;
        let cleared = organiser.runs(INVITATION_UPDATE, &set(json!(null))).await;
        assert!(cleared["invitationUpdate"]["invitation"]["namesUntil"].is_null());
        app.clock.advance(Duration::days(4));
        names(app, &token, "olu@example.org").await;
    })
    .await;
}

#[tokio::test]
async fn nobody_is_sent_or_reminded_of_a_list_that_closed_with_the_registration() {
    with_app(async |app| {
        let run = Run::new(app).await;
        run.list("Mission", "mission@example.org", 5).await;
        let closes = (app.clock.now() + Duration::hours(1)).to_rfc3339();
        update(&run.organiser, &run.webinar, json!({ "registrationClosesAt": closes })).await;
        app.clock.advance(Duration::hours(26));
        let organiser = run.organiser.again().await;
        let reminded = organiser.runs(REMIND, &json!({ "webinarId": run.webinar })).await;
        assert_eq!(reminded["invitationsRemind"]["remindedCount"], 0);
        let late = Run { organiser: organiser.clone(), series: run.series.clone(), webinar: run.webinar.clone() };
        let contact = late.contact("Late", &["late@example.org"]).await;
        let input = json!({ "key": crate::app::key(), "webinarId": run.webinar, "contactIds": [contact] });
        assert_eq!(organiser.problems(super::SEND, &json!({ "input": input })).await, ["TOO_LATE input.namesUntil"]);
    })
    .await;
}

#[tokio::test]
async fn a_person_who_is_invited_again_sees_what_the_letter_writes_of() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let person = app.practitioner().await;
        let people = json!({ "key": crate::app::key(), "webinarId": run.webinar, "people": [{ "email": person.email }] });
        run.organiser.runs(super::SEND, &json!({ "input": people })).await;
        app.run_jobs().await;
        assert!(seen(&person, &run.webinar).await.is_object());
        let revoke = "mutation($input: AccessRevokeInput!) { accessRevoke(input: $input) { userErrors { code } } }";
        let gone = json!({ "input": { "subjectId": run.webinar, "email": person.email } });
        run.organiser.runs(revoke, &gone).await;
        assert!(seen(&person, &run.webinar).await.is_null());
        app.clock.advance(Duration::hours(2));
        let organiser = run.organiser.again().await;
        organiser.runs(RESEND, &json!({ "id": first(&organiser, &run).await["id"] })).await;
        assert!(seen(&person.again().await, &run.webinar).await.is_object());
    })
    .await;
}
