//! What is counted, and that nobody makes the counts grow.

use std::{collections::BTreeMap, time::Duration};

use lyceum::{
    app::App,
    error::{Error, Result},
    jobs::{self, Job, Kinds, Run},
    transact,
};
use sea_orm::EntityTrait as _;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    app::{TestApp, with_app},
    http_client::{Process, Server, Wire, free_address, serve_metrics},
    recordings::{CLIP, created, uploaded},
    websocket::Socket,
};

/// The counts by their names with labels.
struct Counts(BTreeMap<String, f64>);

impl Counts {
    async fn of(wire: &Wire) -> Self {
        let reply = wire.gets("/metrics", &[]).await;
        assert_eq!(reply.status, 200);
        let kind = reply.header("content-type").expect("a type");
        assert!(kind.starts_with("application/openmetrics-text; version=1.0.0"), "{kind}");
        let text = String::from_utf8(reply.body).expect("text");
        assert!(text.ends_with("# EOF\n"), "{text}");
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let read = |line: &str| line.rsplit_once(' ').map(|(name, value)| (name.to_owned(), value.parse().expect("a number")));
        Self(lines.filter_map(read).collect())
    }

    /// The count of this name; nothing is none.
    fn get(&self, name: &str) -> f64 {
        self.0.get(name).copied().unwrap_or_default()
    }

    /// The sum of those whose names begin so.
    fn sum(&self, start: &str) -> f64 {
        self.0.iter().filter(|(name, _)| name.starts_with(start)).map(|(_, value)| value).sum()
    }
}

#[track_caller]
fn same(found: f64, wanted: f64) {
    assert!((found - wanted).abs() < f64::EPSILON, "{found} instead of {wanted}");
}

#[tokio::test]
async fn operations_are_counted_by_their_field_and_no_client_makes_names() {
    with_app(async |app| {
        let server = Server::start(app).await;
        let metrics = serve_metrics(app).await;
        for _ in 0..2 {
            assert_eq!(server.asks("query Any { a: viewer { isTrainer } b: viewer { isTrainer } }", &[]).await.status, 200);
        }
        server.asks("{ site { name } viewer { isTrainer } }", &[]).await;
        server.asks("mutation { userVet(id: \"x\") { userErrors { code } } }", &[]).await;
        let before = Counts::of(&metrics).await;
        same(before.get("lyceum_operation_seconds_count{kind=\"query\",field=\"viewer\"}"), 2.0);
        same(before.get("lyceum_operation_seconds_count{kind=\"query\",field=\"several\"}"), 1.0);
        same(before.sum("lyceum_http_request_seconds_count{route=\"graphql\""), 4.0);
        same(before.sum("lyceum_errors_total"), 1.0);

        for n in 0..100 {
            server.asks(&format!("query Name{n} {{ field{n} }}"), &[]).await;
            server.asks(&format!("query Name{n} {{ alias{n}: viewer {{ isTrainer }} }}"), &[]).await;
            server.asks(&format!("{{ broken{n} "), &[]).await;
            server.gets(&format!("/path{n}"), &[]).await;
        }
        let after = Counts::of(&metrics).await;
        same(after.get("lyceum_operation_seconds_count{kind=\"query\",field=\"refused\"}"), 100.0);
        same(after.get("lyceum_operation_seconds_count{kind=\"query\",field=\"viewer\"}"), 102.0);
        same(after.get("lyceum_errors_total{code=\"GRAPHQL_PARSE_FAILED\"}"), 100.0);
        same(after.get("lyceum_http_request_seconds_count{route=\"other\",status=\"404\"}"), 100.0);
        assert!(after.0.len() < before.0.len() + 60, "from {} to {} counts", before.0.len(), after.0.len());
    })
    .await;
}

#[tokio::test]
async fn places_and_pools_are_counted_while_they_are_taken() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let metrics = serve_metrics(app).await;
        let mut socket = Socket::acknowledged(&server, &[], json!(null)).await;
        socket.asks("live", "subscription { events(channel: \"test\") }").await;
        socket.asks("slow", "{ sleeps(milliseconds: 5000) }").await;
        socket.asks("quick", "{ one }").await;
        socket.next().await.expect("the quick one is answered");
        let counts = Counts::of(&metrics).await;
        for (name, number) in [("sockets", 1.0), ("connections", 1.0), ("operations_running", 1.0), ("subscriptions", 1.0)] {
            same(counts.get(&format!("lyceum_{name}")), number);
        }
        same(counts.get("lyceum_operations_running_most"), 64.0);
        same(counts.get("lyceum_database_up"), 1.0);
        assert!(counts.sum("lyceum_database_connections_most") > counts.sum("lyceum_database_connections_used"));
        assert!(counts.get("lyceum_database_statement_seconds_count") > 0.0);
        drop(socket);
        for _ in 0..200 {
            let counts = Counts::of(&metrics).await;
            if ["sockets", "operations_running", "subscriptions"].iter().all(|name| counts.get(&format!("lyceum_{name}")) == 0.0)
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("places stay taken");
    })
    .await;
}

#[tokio::test]
async fn the_queue_passwords_and_object_storage_are_counted() {
    #[derive(Serialize, Deserialize)]
    struct Failing;
    impl Job for Failing {
        const KIND: &'static str = "test.failing";
        const ATTEMPTS: i32 = 1;
        async fn run(self, _: &App, _: &Run) -> Result<()> {
            Err(Error::internal(anyhow::anyhow!("poison")))
        }
    }

    with_app(async |app| {
        let metrics = serve_metrics(app).await;
        let trainer = app.trainer().await;
        let id = created(&trainer, "PUBLIC").await;
        uploaded(app, &trainer, &id, CLIP).await;
        for _ in 0..2 {
            transact!(app, |tx| jobs::enqueue(tx, &Failing).await).expect("enqueued");
        }
        app.clock.advance(chrono::Duration::seconds(90));
        let due = Counts::of(&metrics).await;
        same(due.get("lyceum_jobs{kind=\"test.failing\",state=\"due\"}"), 2.0);
        let age = due.get("lyceum_job_oldest_due_seconds{kind=\"test.failing\"}");
        assert!((90.0..200.0).contains(&age), "{age}");
        jobs::run_due(app, &Kinds::new().with::<Failing>()).await.expect("run");
        let dead = Counts::of(&metrics).await;
        same(dead.get("lyceum_jobs{kind=\"test.failing\",state=\"dead\"}"), 1.0);
        same(dead.get("lyceum_job_run_seconds_count{kind=\"test.failing\",outcome=\"dead\"}"), 1.0);
        same(dead.get("lyceum_job_run_seconds_count{kind=\"recording.check\",outcome=\"done\"}"), 1.0);
        assert!(dead.get("lyceum_storage_seconds_count{operation=\"HeadObject\",outcome=\"ok\"}") > 0.0, "{:?}", dead.0);
        assert!(dead.get("lyceum_password_wait_seconds_count") > 0.0);
        jobs::entity::Entity::delete_many().exec(app.db.write()).await.expect("they are gone");
        let none = Counts::of(&metrics).await;
        assert!(!none.0.keys().any(|name| name.starts_with("lyceum_jobs{") || name.starts_with("lyceum_job_oldest_due")));
    })
    .await;
}

#[tokio::test]
async fn servers_and_workers_serve_their_counts_where_the_setting_says() {
    let app = TestApp::start(&[]).await;
    app.objects.close(Duration::from_secs(5)).await;
    for command in [["serve"].as_slice(), &["work"]] {
        let metrics = Wire { address: free_address() };
        let process = Process::start(&app, command, &[("LYCEUM_METRICS_LISTEN", &metrics.address.to_string())]);
        metrics.listens().await;
        let counts = Counts::of(&metrics).await;
        same(counts.get(&format!("lyceum_build_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"))), 1.0);
        same(counts.get("lyceum_database_up"), 1.0);
        assert_eq!(metrics.gets("/graphql", &[]).await.status, 404, "nothing else is there");
        drop(process);
    }
    app.stop().await;
}
