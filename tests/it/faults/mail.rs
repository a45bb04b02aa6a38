//! The mail relay.

use std::time::Duration;

use serde_json::json;

use super::{asked, behind, proxy::Mode, within};
use crate::{
    accounts::{SIGN_UP, sign_up},
    app::TestApp,
    http_client::Server,
};

/// How many letters to an address the relay has taken.
fn arrived(address: &str) -> usize {
    let folder = std::env::var("LYCEUM_TEST_MAILDIR").expect("set with the relay");
    let letters = std::fs::read_dir(std::path::Path::new(&folder).join("new")).into_iter().flatten();
    let texts = letters.filter_map(|entry| std::fs::read_to_string(entry.ok()?.path()).ok());
    texts.filter(|text| text.contains(&format!("To: {address}"))).count()
}

/// Runs jobs as time goes by, until a letter has arrived.
async fn arrives(app: &TestApp, address: &str) {
    within(Duration::from_mins(1), async || {
        app.run_jobs().await;
        app.clock.advance(chrono::Duration::minutes(30));
        arrived(address) > 0
    })
    .await;
}

#[tokio::test]
async fn a_relay_that_is_away_delays_no_answer_and_gets_each_letter_once_when_it_is_back() {
    let Some((app, proxy)) = behind("SMTP_URL").await else { return };
    let (server, visitor) = (Server::start(&app).await, app.visitor());
    // Slower than a worker waits; gone in the middle of its greeting; not there.
    for (name, fault) in [("slow", Mode::Delay(Duration::from_secs(4))), ("cut", Mode::Truncate(5)), ("away", Mode::Refuse)] {
        let address = format!("{name}-{}@example.org", std::process::id());
        proxy.set(fault).await;
        let (reply, took) = asked(&server, &visitor, SIGN_UP, &sign_up(&address)).await;
        assert_eq!((reply.status, reply.json()["data"]["accountSignUp"]["userErrors"].clone()), (200, json!([])));
        assert!(took < Duration::from_secs(3), "{fault:?}: {took:?}");
        app.run_jobs().await;
        assert_eq!(arrived(&address), 0, "{fault:?}");
        proxy.set(Mode::Pass).await;
        arrives(&app, &address).await;
        for _ in 0..3 {
            app.clock.advance(chrono::Duration::hours(1));
            app.run_jobs().await;
        }
        assert_eq!(arrived(&address), 1, "{fault:?}");
    }
    app.stop().await;
}
