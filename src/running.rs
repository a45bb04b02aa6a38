//! Running the server and the worker until they are told to stop.

use std::{fs::File, time::Duration};

use anyhow::{Context as _, bail};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use crate::{
    accounts::admin,
    app::App,
    config::{Config, DatabaseUrl, Storage},
    error::Error,
    graphql, http,
    jobs::Worker,
    listening, migrating,
    recordings::media::fence::Tools,
    stopping::Stop,
    worker,
};

/// From SIGTERM on, for a proxy to find out that we leave: it looks at `/health/ready` every second and believes the second no, or
/// every three and believes the first. Whoever presses Ctrl-C has no proxy, and waits for nothing.
const NOTICE: Duration = Duration::from_secs(4);
/// For that, and for requests and jobs to end; they take less by themselves.
const PARTS: Duration = Duration::from_secs(20);
/// For the rest to close then: all is over within 25 s.
const CLOSING: Duration = Duration::from_secs(4);

/// Says what an error is to whoever runs the server; people who use it never see this.
#[must_use]
pub fn explain(err: &Error) -> anyhow::Error {
    match err {
        Error::Internal(cause) => anyhow::anyhow!("{cause:#}"),
        Error::Invalid(problems) => {
            let english = crate::language::Language::english();
            let said: Vec<_> =
                problems.iter().map(|problem| format!("{}: {}", problem.field.join("."), problem.text(&english))).collect();
            anyhow::anyhow!("{}", said.join("\n"))
        }
        Error::Unavailable(what) => anyhow::anyhow!("the {what} can't be reached"),
        Error::NotFound(what) => anyhow::anyhow!("there is no such {what}"),
        other => anyhow::anyhow!("{}", other.code()),
    }
}

/// What is told to stop by Ctrl-C, by SIGTERM after a time to leave, and by either of them during that.
pub fn stop_signal() -> anyhow::Result<Stop> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let stop = Stop::default();
    let told = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {
                tracing::info!("leaving");
                told.leave();
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                    () = tokio::time::sleep(NOTICE) => {}
                }
            }
        }
        tracing::info!("stopping");
        told.stop();
    });
    Ok(stop)
}

/// Keeps other processes off the folder of a site that runs in one process.
pub fn lock(config: &Config) -> anyhow::Result<Option<File>> {
    if !config.is_single_node() {
        return Ok(None);
    }
    config.make_folder().with_context(|| format!("LYCEUM_DATA: {}", config.data.display()))?;
    let path = config.data.join("lock");
    let file = File::options().create(true).append(true).open(&path);
    let file = file.with_context(|| format!("LYCEUM_DATA: {}", path.display()))?;
    if file.try_lock().is_err() {
        bail!(
            "{} is in use by another lyceum: stop that one, or set LYCEUM_DATA, LYCEUM_LISTEN and LYCEUM_MEDIA_LISTEN for this one. \
             Several processes for one site need REDIS_URL",
            config.data.display()
        );
    }
    Ok(Some(file))
}

/// Migrates an embedded database; refuses a server's database that lacks migrations.
pub async fn prepare(app: &App) -> anyhow::Result<()> {
    let prepared = match app.config.database {
        DatabaseUrl::Sqlite(_) => migrating::migrate(&app.db).await,
        DatabaseUrl::Postgres(_) => migrating::check(&app.db).await,
    };
    prepared.map_err(|err| explain(&err))
}

/// Serves the API, with a worker if wanted, until `stop`.
pub async fn serve(app: App, with_worker: bool, stop: Stop) -> anyhow::Result<()> {
    report_addresses(&app.config);
    let (listener, metrics) = (listen(&app)?, listen_for_metrics(&app)?);
    if !admin::has_administrator(&app).await.map_err(|err| explain(&err))? {
        println!("Nobody administers this site yet. In another terminal, with the same settings, run\n");
        println!("    lyceum admin create --email you@example.org --name \"Your Name\"\n");
    }
    if with_worker {
        report_mail(&app.config);
        report_tools(&app).await;
    }
    if app.config.terms_url.is_none() && !app.config.is_local() {
        tracing::warn!("people who sign up accept terms that they can't read: set LYCEUM_TERMS_URL");
    }
    tracing::info!(address = %app.config.listen, url = app.config.public_url, worker = with_worker, "serving");
    let serving = http::serve(app.clone(), graphql::schema(app.config.introspection), listener, stop.clone());
    let working = async {
        if with_worker {
            run_jobs(&app, &stop).await;
        }
    };
    until_stopped(&app, &stop, async { tokio::join!(serving, working, serve_metrics(&app, metrics, &stop)) }).await;
    Ok(())
}

/// Waits for parts that end after `stop`, but not for ever; then closes what they used.
async fn until_stopped<T>(app: &App, stop: &Stop, parts: impl Future<Output = T>) {
    let late = async {
        stop.leaving().cancelled().await;
        tokio::time::sleep(PARTS).await;
    };
    tokio::select! {
        _ = parts => {}
        () = late => tracing::warn!("what still runs is cut off"),
    }
    app.close(CLOSING).await;
    tracing::info!("stopped");
}

/// Listens where the counts are to be served, if anywhere.
fn listen_for_metrics(app: &App) -> anyhow::Result<Option<TcpListener>> {
    let Some(address) = app.config.metrics_listen else { return Ok(None) };
    let listener = listening::listen(address).with_context(|| format!("LYCEUM_METRICS_LISTEN: {address}"))?;
    Ok(Some(listener))
}

async fn serve_metrics(app: &App, listener: Option<TcpListener>, stop: &Stop) {
    if let Some(listener) = listener {
        http::serve_metrics(app.clone(), listener, stop.clone()).await;
    }
}

/// Runs jobs until the process leaves: another can do them meanwhile.
async fn run_jobs(app: &App, stop: &Stop) {
    Worker::new(app.clone(), worker::kinds(&app.config)).run(stop.leaving().clone()).await;
}

/// Listens on the address of the settings.
pub fn listen(app: &App) -> anyhow::Result<TcpListener> {
    listening::listen(app.config.listen).with_context(|| format!("LYCEUM_LISTEN: {}", app.config.listen))
}

/// Runs jobs until `stop`.
pub async fn work(app: App, stop: Stop) -> anyhow::Result<()> {
    let stop = stop.without_leaving();
    let metrics = listen_for_metrics(&app)?;
    tracing::info!("working");
    report_unshared(&app.config);
    report_mail(&app.config);
    report_tools(&app).await;
    until_stopped(&app, &stop, async { tokio::join!(run_jobs(&app, &stop), serve_metrics(&app, metrics, &stop)) }).await;
    Ok(())
}

/// Warns at start of addresses that are given out and that people on other machines can't use.
fn report_addresses(config: &Config) {
    if config.is_local() {
        return;
    }
    if config.listen.ip().is_unspecified() && config.public_url == format!("http://{}", config.listen) {
        tracing::warn!(
            url = config.public_url,
            "links in mails and on pages begin with this, which no other machine can use: set LYCEUM_PUBLIC_URL"
        );
    }
    if let Storage::Embedded { listen, public: None } = &config.storage
        && (listen.ip().is_unspecified() || listen.ip().is_loopback())
    {
        tracing::warn!(
            address = %listen,
            "recordings and files are at this address, which no other machine can use: set LYCEUM_MEDIA_LISTEN to one of this \
             machine's that others know, or S3_PUBLIC_ENDPOINT"
        );
    }
}

/// Says at start that no mail leaves this machine, where that is so.
fn report_mail(config: &Config) {
    if config.smtp.is_some() {
        return;
    }
    let folder = config.data.join("mail");
    if config.is_https() || !config.is_embedded() {
        tracing::warn!(folder = %folder.display(), "SMTP_URL is not set: no mail is sent, and letters are files in this folder");
    } else {
        tracing::info!(folder = %folder.display(), "letters are files in this folder, since SMTP_URL is not set");
    }
}

/// Warns at start of a worker that shares a database with servers, and not all else.
fn report_unshared(config: &Config) {
    let lacks = [
        ("LYCEUM_SECRET", config.secret.is_none()),
        ("REDIS_URL", config.redis.is_none()),
        ("S3_BUCKET", matches!(config.storage, Storage::Embedded { .. })),
    ];
    let unset: Vec<_> = lacks.into_iter().filter_map(|(name, lacks)| lacks.then_some(name)).collect();
    if matches!(config.database, DatabaseUrl::Postgres(_)) && !unset.is_empty() {
        tracing::warn!(
            unset = unset.join(", "),
            "a worker beside servers needs these as they have them: without, links and files are those of this LYCEUM_DATA alone"
        );
    }
}

/// Says at start what this process transcodes with, and how far its programs are fenced in.
async fn report_tools(app: &App) {
    if !app.config.transcodes {
        tracing::info!("transcoding is left to other workers");
        return;
    }
    match Tools::find().await {
        Ok(tools) if tools.without_network() => tracing::info!(%tools, "transcoding, in a network namespace without any network"),
        Ok(tools) => tracing::warn!(
            %tools,
            "transcoding, but this system allows no network namespace: only ffmpeg's own lists keep it from the network"
        ),
        Err(missing) => tracing::warn!(%missing, "recordings play as they were uploaded until a worker has ffmpeg"),
    }
}
