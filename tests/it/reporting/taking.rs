//! When people are counted, and what that costs.

use std::cell::Cell;

use chrono::Duration;
use serde_json::{Value, json};

use super::{Run, takes_counts};
use crate::app::with_app;

#[tokio::test]
async fn only_webinars_that_are_over_are_counted_and_counts_move_by_five_deeds_at_least() {
    with_app(async |app| {
        let mut run = Run::of(app, 12).await;
        let first = run.webinars[0].clone();
        takes_counts(app).await;
        assert_eq!(run.counts(&run.organiser, "takenAt").await, Value::Null);
        run.ends().await;
        let present: Vec<_> = run.people.iter().step_by(2).collect();
        run.lists(&first, &present[..6]).await;
        takes_counts(app).await;
        let attended = async |run: &Run<'_>| run.counts(&run.organiser, "takenAt total { attended }").await;
        let before = attended(&run).await;
        assert_eq!(before["total"]["attended"], 6);
        // Four more on the list: whoever reads both counts would know something of four people.
        run.lists(&first, &present[..10]).await;
        takes_counts(app).await;
        assert_eq!(attended(&run).await, before);
        run.lists(&first, &present[..11]).await;
        app.clock.advance(Duration::hours(1));
        takes_counts(app).await;
        let after = attended(&run).await;
        assert_eq!(after["total"]["attended"], 11);
        assert_ne!(after["takenAt"], before["takenAt"]);
    })
    .await;
}

/// How many statements it takes to count a series of so many people, and to read that.
async fn costs(each: usize) -> (u64, u64) {
    let costs = Cell::new((0, 0));
    with_app(async |app| {
        let mut run = Run::of(app, each).await;
        run.ends().await;
        app.run_jobs().await;
        let before = app.db.statements();
        takes_counts(app).await;
        let counting = app.db.statements() - before;
        let document = "query($id: ID!) { webinarSeries(id: $id) { counts { total { registered } breakdown(by: COUNTRY) {
            categories { label } } file(format: XLSX) { url } } } }";
        costs.set((counting, run.organiser.costs(document, &json!({ "id": run.series })).await));
    })
    .await;
    costs.get()
}

#[tokio::test]
async fn counting_and_reading_counts_take_as_many_statements_for_many_people_as_for_two() {
    let few = costs(1).await;
    assert_eq!(few, costs(6).await);
    assert_eq!(few.1, 2, "the series, and its counts");
}
