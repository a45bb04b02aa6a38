//! `lyceum demo`: loads, says where to look, and serves; or plays the walkthrough.

use std::{fmt::Write as _, path::PathBuf, time::Duration};

use anyhow::{Context as _, bail};
use http::Method;

use super::{
    content,
    http::Http,
    load,
    walkthrough::{self, Login, Place},
};
use crate::{
    app::App,
    clock::Clock,
    config::Config,
    graphql,
    running::{self, explain},
    stopping::Stop,
};

/// What `lyceum demo` is to do.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Plays the walkthrough and ends, instead of serving on.
    pub walkthrough: bool,
    /// The walkthrough plays against this server, which runs already, instead of one of its own.
    pub at: Option<String>,
    /// Folder in which that server's mail arrives as files, a Maildir for example.
    pub mail: Option<PathBuf>,
    /// An administrator of that server.
    pub administrator: Option<Login>,
}

/// Does it, until `stop`.
pub async fn run(config: Config, options: Options, stop: Stop) -> anyhow::Result<()> {
    if let Some(at) = options.at {
        let mail = options.mail.context("the walkthrough needs the folder in which the server's mail arrives")?;
        let administrator = options.administrator.context("the walkthrough needs an administrator's address and password")?;
        let place = Place { at, mail, administrator };
        return walkthrough::play(place, |line| println!("{line}")).await;
    }
    let _lock = running::lock(&config)?;
    let app = App::build(config, Clock::shifted()).await.map_err(|err| explain(&err))?;
    running::prepare(&app).await?;
    eprintln!("Loading the demo into {} …", app.config.data.display());
    let password = load(&app, &graphql::schema(true)).await?;
    println!("{}", welcome(&app, &password)?);
    if !options.walkthrough {
        return running::serve(app, true, stop).await;
    }
    let place = Place {
        at: format!("http://{}", app.config.listen),
        mail: app.config.data.join("mail"),
        administrator: Login { email: administrator()?, password },
    };
    let serving = tokio::spawn(running::serve(app, true, stop.clone()));
    let played = async {
        await_server(&place.at).await?;
        walkthrough::play(place, |line| println!("{line}")).await
    };
    let played = tokio::select! {
        played = played => played,
        () = stop.leaving().cancelled() => Err(anyhow::anyhow!("stopped")),
    };
    stop.stop();
    serving.await??;
    played
}

fn administrator() -> anyhow::Result<String> {
    let found = content::people()?.into_iter().find(|person| person.name == "administrator");
    Ok(found.context("the demo has no administrator")?.email)
}

/// Where to look and how to sign in.
fn welcome(app: &App, password: &str) -> anyhow::Result<String> {
    let url = &app.config.public_url;
    let mut text = format!("\nThe page     {url}/demo/\nThe API      {url}/graphql\nIts schema   {url}/schema.graphql\n");
    if app.config.smtp.is_none() {
        let folder = app.config.data.join("mail");
        let folder = folder.display();
        let _ = writeln!(text, "Mail         {folder}, files; the newest: cat \"$(ls -t {folder}/*.eml | head -n 1)\"");
    }
    let _ = writeln!(text, "\nEverybody signs in with the password {password}\n");
    for person in content::people()? {
        let _ = writeln!(text, "  {:<18} {:<22} {}", person.name, person.email, person.full_name);
    }
    Ok(text)
}

async fn await_server(at: &str) -> anyhow::Result<()> {
    let http = Http::new();
    for _ in 0..100 {
        let answer = http.send(Method::GET, &format!("{at}/health/live"), &[], "").await;
        if answer.is_ok_and(|answer| answer.status.is_success()) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    bail!("the server at {at} does not answer")
}
