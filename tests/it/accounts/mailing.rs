//! Letters of accounts: where they lead, and what becomes of them while no relay takes them.

use std::time::{Duration as Pause, Instant};

use chrono::Duration;
use lyceum::{
    jobs::{self, Worker, entity},
    worker,
};
use sea_orm::{EntityTrait, PaginatorTrait as _};
use serde_json::json;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{RESEND, RESET_REQUEST, SIGN_UP, newest_mail, sign_up};
use crate::{
    app::{TestApp, key, with_app, with_app_set},
    inviting::{Run, SEND},
};

#[tokio::test]
async fn letters_lead_to_the_front_end_of_the_site() {
    with_app_set(&[("LYCEUM_PAGES_URL", "https://front.example/app")], async |app| {
        let person = app.practitioner().await;
        app.visitor().runs(RESET_REQUEST, &json!({ "email": person.email })).await;
        assert!(newest_mail(app, &person.email).await.contains("https://front.example/app/#/reset?token="));
        app.visitor().runs(SIGN_UP, &sign_up(&person.email)).await;
        assert!(newest_mail(app, &person.email).await.contains("https://front.example/app/#/sign-in"));
    })
    .await;
}

async fn waiting(app: &TestApp) -> u64 {
    entity::Entity::find().count(app.db.read()).await.expect("jobs")
}

async fn forget_letters(app: &TestApp) {
    entity::Entity::delete_many().exec(app.db.write()).await.expect("jobs are forgotten");
}

#[tokio::test]
async fn letters_that_somebody_waits_for_go_before_invitations_that_were_sent_first() {
    with_app(async |app| {
        let (run, person) = (Run::new(app).await, app.practitioner().await);
        let people: Vec<_> = (0..20).map(|number| json!({ "email": format!("guest{number}@example.org") })).collect();
        let input = json!({ "key": key(), "webinarId": run.webinar, "people": people });
        run.organiser.runs(SEND, &json!({ "input": input })).await;
        app.clock.advance(Duration::minutes(1));
        app.visitor().runs(RESET_REQUEST, &json!({ "email": person.email })).await;
        app.visitor().runs(SIGN_UP, &sign_up("amina@example.org")).await;
        app.visitor().runs(SIGN_UP, &sign_up(&person.email)).await;
        assert_eq!(waiting(app).await, 23);
        for _ in 0..3 {
            jobs::run_due(app, &worker::kinds(&app.config)).await.expect("the queue can be read");
        }
        let left = entity::Entity::find().all(app.db.read()).await.expect("jobs");
        assert!(left.len() == 20 && left.iter().all(|job| job.kind == "webinars.invite"), "{left:?}");
    })
    .await;
}

#[tokio::test]
async fn a_letter_waits_a_day_for_a_relay_that_is_down() {
    let gone = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address");
    with_app_set(&[("SMTP_URL", &format!("smtp://{gone}"))], async |app| {
        app.visitor().runs(SIGN_UP, &sign_up("amina@example.org")).await;
        for _ in 0..46 {
            app.run_jobs().await;
            let dead = entity::Entity::find().all(app.db.read()).await.expect("jobs").into_iter();
            assert_eq!(dead.filter(|job| job.state != entity::State::Waiting).count(), 0, "it was given up");
            app.clock.advance(Duration::minutes(30));
        }
        forget_letters(app).await;
    })
    .await;
}

#[tokio::test]
async fn a_relay_that_stalls_delays_no_answer() {
    let stalled = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let relay = format!("smtp://{}", stalled.local_addr().expect("an address"));
    with_app_set(&[("SMTP_URL", &relay)], async |app| {
        let person = app.practitioner().await;
        let stop = CancellationToken::new();
        let worker = tokio::spawn(Worker::new((**app).clone(), worker::kinds(&app.config)).run(stop.clone()));
        app.visitor().runs(SIGN_UP, &sign_up("amina@example.org")).await;
        let (_held, _) = stalled.accept().await.expect("the worker sends the letter");
        for (document, input) in [
            (RESEND, json!({ "email": "amina@example.org" })),
            (RESET_REQUEST, json!({ "email": person.email })),
            (SIGN_UP, sign_up(&person.email)),
            (SIGN_UP, sign_up("tomas@example.org")),
        ] {
            let begun = Instant::now();
            app.visitor().runs(document, &input).await;
            assert!(begun.elapsed() < Pause::from_secs(2), "{document}: {:?}", begun.elapsed());
        }
        assert!(waiting(app).await > 0);
        stop.cancel();
        worker.await.expect("the worker ends");
        forget_letters(app).await;
    })
    .await;
}
