//! Administrators are told that accounts wait to be vetted.

use chrono::Duration;
use lyceum::accounts::vetting::TellOfWaiting;
use serde_json::json;

use super::{SUSPEND, UPDATE, VET, mails_to, newest_mail};
use crate::{
    app::{with_app, with_app_set},
    webinars::comes_round,
};

#[tokio::test]
async fn administrators_are_told_once_a_day_how_many_accounts_wait_and_not_whose() {
    with_app(async |app| {
        let (admin, french) = (app.administrator().await, app.administrator().await);
        french.runs(UPDATE, &json!({ "input": { "language": "fr" } })).await;
        let told = async || {
            comes_round(app, &TellOfWaiting {}).await;
            (mails_to(app, &admin.email).await, mails_to(app, &french.email).await)
        };
        app.practitioner().await;
        assert_eq!(told().await, (0, 0), "nobody waits");
        let (one, other) = (app.unvetted().await, app.unvetted().await);
        assert_eq!(told().await, (1, 1));
        let text = newest_mail(app, &admin.email).await;
        assert!(text.contains("to vet them: 2\r\n") && text.contains("/demo/"), "{text}");
        assert!(!text.contains("Person") && !text.contains(&one.email), "{text}");
        assert!(newest_mail(app, &french.email).await.contains("les valide : 2\r\n"));

        app.unvetted().await;
        assert_eq!(told().await, (1, 1), "once a day");
        app.clock.advance(Duration::days(1));
        let admin = admin.again().await;
        admin.runs(VET, &json!({ "id": one.id() })).await;
        admin.runs(SUSPEND, &json!({ "id": other.id() })).await;
        assert_eq!(told().await, (2, 2));
        assert!(newest_mail(app, &admin.email).await.contains("to vet them: 1\r\n"));
        app.clock.advance(Duration::days(2));
        assert_eq!(told().await, (2, 2), "not for ever of one that they leave as it is");
    })
    .await;
}

#[tokio::test]
async fn nobody_is_told_where_accounts_need_no_vetting() {
    with_app_set(&[("LYCEUM_SIGN_UP", "open")], async |app| {
        app.administrator().await;
        let waits = app.unvetted().await;
        assert_eq!(waits.runs("{ viewer { user { isVetted } } }", &json!({})).await["viewer"]["user"]["isVetted"], false);
        comes_round(app, &TellOfWaiting {}).await;
        assert!(app.mails().await.is_empty());
    })
    .await;
}
