//! What is counted.

use chrono::Duration;
use serde_json::{Value, json};

use super::{NUMBERS, Run, breakdown, line, seen, some, takes_counts, tells};
use crate::{
    app::{Client, with_app, with_app_set},
    inviting::{self, answers},
    recordings::{self, WITHOUT_FFMPEG},
    webinars::{by_id, register},
};

#[tokio::test]
async fn people_count_once_in_a_series_and_once_in_each_webinar_by_what_they_had_told_then() {
    with_app(async |app| {
        let mut run = Run::of(app, 12).await;
        let (first, second) = (run.webinars[0].clone(), run.webinars[1].clone());
        for person in run.people[..7].iter().chain(&run.people[12..18]) {
            register(person, &second).await;
        }
        // Whatever they tell later, they registered as who they were.
        tells(&run.people[0], json!({ "gender": "MALE", "country": "UG", "organisationKind": "ACADEMIA" })).await;
        run.ends().await;
        let present: Vec<_> = run.people[..7].iter().chain(&run.people[12..18]).collect();
        run.lists(&first, &present).await;
        assert_eq!(run.counts(&run.organiser, "takenAt").await, Value::Null, "nobody has counted yet");
        takes_counts(app).await;

        let counts = run.counts(&run.organiser, &format!("webinarCount total {{ {NUMBERS} }} sums {{ {NUMBERS} }}")).await;
        assert_eq!(counts["webinarCount"], 2);
        let all = ["invited", "registered", "attended", "watchedRecording", "passedPostTest", "learningGain"];
        assert_eq!(some(&counts["total"], &all), [json!(0), json!(24), json!(13), json!(0), json!(0), Value::Null]);
        assert_eq!(some(&counts["sums"], &all[..3]), [json!(0), json!(37), json!(13)]);
        for (by, women, men) in
            [("GENDER", "FEMALE", "MALE"), ("COUNTRY", "KE", "FR"), ("SUBREGION", "202", "155"), ("REGION", "002", "150")]
        {
            let of_series = seen(&run.counts(&run.organiser, &breakdown(by)).await);
            let mut wanted = vec![line(women, 12, 7), line(men, 12, 6)];
            wanted.sort_by_key(|line| line.0.clone());
            assert_eq!(of_series, wanted, "{by}");
            let of_first = seen(&run.counts_of(&run.organiser, &first, &breakdown(by)).await);
            assert_eq!(of_first, wanted, "{by}");
            let of_second = seen(&run.counts_of(&run.organiser, &second, &breakdown(by)).await);
            assert_eq!(of_second, [line(women, 7, 0), line(men, 6, 0)], "{by}");
        }
        let kinds = seen(&run.counts(&run.organiser, &breakdown("ORGANISATION_KIND")).await);
        assert_eq!(kinds, [line("GOVERNMENT", 12, 7), line("JUDICIARY", 12, 6)]);
        let languages = run.counts(&run.organiser.accepting("ar"), &breakdown("LANGUAGE")).await;
        assert_eq!(languages["breakdown"]["categories"][0]["label"], "English");
    })
    .await;
}

#[tokio::test]
async fn what_is_about_fewer_than_five_is_counted_among_all_others() {
    with_app(async |app| {
        let mut run = Run::of(app, 8).await;
        // Three others, from elsewhere; two more who cancelled.
        for (gender, country) in [("OTHER", "MX"), ("OTHER", "MX"), ("UNDISCLOSED", "PE")] {
            let person = app.practitioner().await;
            tells(&person, json!({ "gender": gender, "country": country, "organisationKind": "GOVERNMENT" })).await;
            register(&person, &run.webinars[0]).await;
        }
        for _ in 0..2 {
            let person = app.practitioner().await;
            let registration = register(&person, &run.webinars[0]).await;
            person.runs(&by_id("registrationCancel"), &json!({ "id": registration["id"] })).await;
        }
        run.ends().await;
        // Of nineteen all but two came.
        let present: Vec<_> = run.people.iter().skip(2).collect();
        run.lists(&run.webinars[0].clone(), &present).await;
        takes_counts(app).await;
        let total = run.counts(&run.organiser, "total { registered attended }").await;
        assert_eq!(total["total"], json!({ "registered": 19, "attended": 14 }), "five of nineteen did not come");
        let genders = seen(&run.counts(&run.organiser, &breakdown("GENDER")).await);
        assert_eq!(genders.len(), 2, "three would be known if both others were: {genders:?}");
        assert_eq!(genders[1], line("", 11, 14), "{genders:?}");
        let countries = seen(&run.counts(&run.organiser, &breakdown("COUNTRY")).await);
        assert!(countries.iter().all(|(code, ..)| code != "MX" && code != "PE"), "{countries:?}");
    })
    .await;
}

#[tokio::test]
async fn offices_that_were_written_to_and_people_whom_they_named_are_counted() {
    with_app(async |app| {
        let run = inviting::Run::new(app).await;
        let mut tokens = Vec::new();
        for number in 0..6 {
            tokens.push(run.list(&format!("Office {number}"), &format!("office{number}@example.org"), 2).await);
        }
        let mut nominees = Vec::new();
        for (number, token) in tokens.iter().enumerate() {
            let named = [format!("a{number}@example.net"), format!("b{number}@example.net")];
            nominees.extend(run.nominees(token, &[&named[0], &named[1]]).await);
        }
        run.decides(&nominees[..1], "ACCEPT").await;
        answers(app, "a0@example.net", false).await;
        app.clock.advance(Duration::days(2) + Duration::hours(2));
        takes_counts(app).await;
        let organiser = run.organiser.again().await;
        let document = "query($id: ID!) { webinar(id: $id) { counts { total { invited nominated registered }
            breakdown(by: COUNTRY) { categories { code counts { invited nominated } } others { invited } } } } }";
        let counts = organiser.runs(document, &json!({ "id": run.webinar })).await["webinar"]["counts"].clone();
        assert_eq!(counts["total"], json!({ "invited": 6, "nominated": 12, "registered": 0 }));
        let kenya = json!([{ "code": "KE", "counts": { "invited": 6, "nominated": 12 } }]);
        assert_eq!(counts["breakdown"], json!({ "categories": kenya, "others": null }));
    })
    .await;
}

/// Watches so much of a recording.
async fn watches(person: &Client<'_>, recording: &str, until: f64) {
    let playback = "query($id: ID!) { recording(id: $id) { playback { ticket } } }";
    let playback = person.runs(playback, &json!({ "id": recording })).await["recording"]["playback"].clone();
    person.app.clock.advance(Duration::minutes(1));
    let report =
        "mutation($input: WatchReportInput!) { watchReport(input: $input) { watch { share } userErrors { code field } } }";
    let input = json!({ "recordingId": recording, "ticket": playback["ticket"], "positionSeconds": until,
        "intervals": [{ "startSeconds": 0.0, "endSeconds": until }] });
    person.runs(report, &json!({ "input": input })).await;
}

#[tokio::test]
async fn who_watched_enough_of_a_recording_of_the_webinar_is_counted_among_its_registrants() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let mut run = Run::of(app, 8).await;
        let administrator = app.administrator().await;
        let recording = recordings::published(app, &administrator, "MEMBERS").await;
        let add = "mutation($id: ID!, $recording: ID!) {
            webinarRecordingAdd(id: $id, recordingId: $recording) { userErrors { code field } } }";
        administrator.runs(add, &json!({ "id": run.webinars[0], "recording": recording })).await;
        for person in &run.people[..6] {
            watches(person, &recording, 28.0).await;
        }
        watches(&run.people[6], &recording, 10.0).await;
        watches(&app.practitioner().await, &recording, 28.0).await;
        run.ends().await;
        takes_counts(app).await;
        let watched = run.counts(&run.organiser, "total { watchedRecording }").await["total"]["watchedRecording"].clone();
        assert_eq!(watched, 6, "neither who saw a third of it nor who had not registered");
    })
    .await;
}
