//! The commands.

mod site;

use std::{fmt::Write as _, io::IsTerminal as _, path::PathBuf, process::ExitCode, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};
use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt as _, registry::LookupSpan, util::SubscriberInitExt as _};

use self::site::SiteCommand;
use crate::{
    accounts::admin,
    app::App,
    clock::Clock,
    config::{Config, DatabaseUrl, SETTINGS},
    demo::{self, walkthrough::Login},
    error::{Error, Problem, UserErrorCode},
    graphql,
    language::Language,
    migrating, moving,
    role::{Roles, SiteRole},
    running::{self, explain},
    sessions,
    traces::Traces,
};

/// Courses, webinar recordings, quizzes and discussion behind one GraphQL server.
#[derive(Parser)]
#[command(version, after_long_help = settings())]
struct Cli {
    /// File of settings, TOML: NAME = "value". The environment wins.
    #[arg(long, global = true, env = "LYCEUM_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API, and run jobs unless told not to.
    Serve {
        /// Leave the jobs to `lyceum work`.
        #[arg(long)]
        no_worker: bool,
    },
    /// Run jobs: mail, transcoding, deadlines.
    Work,
    /// Bring the database's schema up to date. An embedded database does so by itself.
    Migrate,
    /// Serve a site with demo content, everything in one process; or play the walkthrough.
    Demo(DemoOptions),
    /// Print the schema of the API.
    Schema,
    /// Manage accounts, back the site up, move and check it; also beside a running server.
    #[command(subcommand)]
    Admin(AdminCommand),
}

#[derive(Args)]
struct DemoOptions {
    /// Do the whole job as clients do, one line a step, and end; fails when a step is not right.
    #[arg(long)]
    walkthrough: bool,
    /// Play it against this server, which runs already, instead of a demo of its own.
    #[arg(long, value_name = "URL", requires_all = ["walkthrough", "mail", "admin_email", "admin_password"])]
    at: Option<String>,
    /// Folder in which that server's mail arrives as files, for example a Maildir.
    #[arg(long, value_name = "FOLDER")]
    mail: Option<PathBuf>,
    /// Address of an administrator of that server.
    #[arg(long, env = "LYCEUM_ADMIN_EMAIL")]
    admin_email: Option<String>,
    /// That administrator's password.
    #[arg(long, env = "LYCEUM_ADMIN_PASSWORD", hide_env_values = true)]
    admin_password: Option<String>,
}

impl From<DemoOptions> for demo::Options {
    fn from(options: DemoOptions) -> Self {
        let login = options.admin_email.zip(options.admin_password);
        Self {
            walkthrough: options.walkthrough,
            at: options.at,
            mail: options.mail,
            administrator: login.map(|(email, password)| Login { email, password }),
        }
    }
}

#[derive(Subcommand)]
enum AdminCommand {
    /// Make an account, confirmed and vetted, and print its password.
    Create(NewAccount),
    /// Give or take a site role.
    Role {
        /// Address of the account.
        #[arg(long)]
        email: String,
        /// The role.
        #[arg(long)]
        role: Role,
        /// Take it instead.
        #[arg(long)]
        revoke: bool,
    },
    /// Print a link to set a new password, for whoever lost theirs and gets no mail.
    ///
    /// The address must be confirmed. The link is signed with the site's secret: run this with all settings of the site.
    ResetPassword {
        /// Address of the account.
        #[arg(long)]
        email: String,
    },
    #[command(flatten)]
    Site(SiteCommand),
}

#[derive(Args)]
struct NewAccount {
    /// Address of the account.
    #[arg(long)]
    email: String,
    /// Full name.
    #[arg(long)]
    name: String,
    /// Site role.
    #[arg(long, default_value = "administrator")]
    role: Role,
    /// Preferred language: ar, zh, en, fr, ru or es.
    #[arg(long, default_value = "en")]
    language: String,
    /// IANA time zone.
    #[arg(long, default_value = "UTC")]
    time_zone: String,
}

#[derive(Clone, Copy, ValueEnum)]
enum Role {
    Administrator,
    Trainer,
    Organiser,
}

impl From<Role> for SiteRole {
    fn from(role: Role) -> Self {
        match role {
            Role::Administrator => Self::Administrator,
            Role::Trainer => Self::Trainer,
            Role::Organiser => Self::Organiser,
        }
    }
}

/// The settings, for `--help`.
fn settings() -> String {
    let mut text = "Settings, in the environment or the file of --config:\n".to_owned();
    for (name, default, purpose) in SETTINGS {
        let _ = write!(text, "\n  {name}\n          {purpose}\n          Unset: {default}\n");
    }
    text
}

/// Does what the command line says, and ends the program if that can't be read.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let done = || -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let done = runtime.block_on(execute(cli));
        runtime.shutdown_timeout(Duration::from_secs(1)); // what blocks a thread must not hold up the end
        done
    };
    match done() {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            eprintln!("lyceum: {err:#}");
            ExitCode::FAILURE
        }
    }
}

async fn execute(cli: Cli) -> anyhow::Result<()> {
    if matches!(cli.command, Command::Schema) {
        print!("{}", graphql::sdl());
        return Ok(());
    }
    let config = Config::read(cli.config.as_deref()).map_err(anyhow::Error::msg)?;
    let traces = log(&config, if matches!(cli.command, Command::Demo(_)) { "warn" } else { "info,sea_orm_migration=warn" })?;
    let done = run_command(cli.command, config).await;
    if let Some(traces) = traces {
        traces.close().await;
    }
    done
}

async fn run_command(command: Command, config: Config) -> anyhow::Result<()> {
    match command {
        Command::Schema => Ok(()),
        Command::Serve { no_worker } => {
            let _lock = running::lock(&config)?;
            let app = App::build(config, Clock::System).await.map_err(|err| explain(&err))?;
            running::prepare(&app).await?;
            running::serve(app, !no_worker, running::stop_signal()?).await
        }
        Command::Work => {
            let _lock = running::lock(&config)?;
            let app = App::build(config, Clock::System).await.map_err(|err| explain(&err))?;
            running::prepare(&app).await?;
            running::work(app, running::stop_signal()?).await
        }
        Command::Demo(options) => demo::run(config, options.into(), running::stop_signal()?).await,
        Command::Migrate => {
            let app = App::beside(config, Clock::System).await.map_err(|err| explain(&err))?;
            migrating::migrate(&app.db).await.map_err(|err| explain(&err))?;
            println!("The schema is up to date.");
            Ok(())
        }
        Command::Admin(AdminCommand::Site(command)) => site::run(config, command).await,
        Command::Admin(command) => {
            if !matches!(command, AdminCommand::Create(_)) {
                moving::check_there(&config)?;
            }
            if matches!(command, AdminCommand::ResetPassword { .. }) {
                moving::check_secret(&config)?;
            }
            let app = App::beside(config, Clock::System).await.map_err(|err| explain(&err))?;
            running::prepare(&app).await?;
            administer(&app, command).await
        }
    }
}

async fn administer(app: &App, command: AdminCommand) -> anyhow::Result<()> {
    match command {
        AdminCommand::Create(new) => {
            let language = Language::parse(&new.language).filter(Language::is_of_site);
            let password = sessions::random_token().map_err(|err| explain(&err))?;
            let account = admin::NewAccount {
                email: new.email.clone(),
                password: password.clone(),
                full_name: new.name,
                language: language.ok_or_else(|| anyhow::anyhow!("--language: one of ar, zh, en, fr, ru, es"))?,
                time_zone: new.time_zone,
                roles: Roles::default().with(new.role.into()),
                vetted: true,
            };
            let id = admin::create(app, account).await.map_err(|err| explain_account(&err, &new.email))?;
            // Said, because who forgets a setting makes an account of another site.
            let site = match &app.config.database {
                DatabaseUrl::Sqlite(file) => file.display().to_string(),
                DatabaseUrl::Postgres(_) => "the one in DATABASE_URL".into(),
            };
            println!(
                "{id}\naddress   {}\npassword  {password}\ndatabase  {site}\n\n\
                 For a password of your own, have a link mailed (\"Forgotten your password?\" at {}), or call passwordChange.",
                new.email,
                app.config.page("#/sign-in")
            );
        }
        AdminCommand::Role { email, role, revoke } => {
            let done = admin::set_role(app, &email, role.into(), !revoke).await;
            let id = done.map_err(|err| explain_account(&err, &email))?;
            println!("{id} {}", if revoke { "no longer holds the role" } else { "holds the role" });
        }
        AdminCommand::ResetPassword { email } => {
            let link = admin::password_link(app, &email).await.map_err(|err| explain_account(&err, &email))?;
            println!("{link}\n\nIt sets a new password once, within 30 minutes, and ends all sessions. Older links are void.");
        }
        AdminCommand::Site(command) => site::run(app.config.clone(), command).await?,
    }
    Ok(())
}

/// As [`explain`], in the words of the command line: what is wrong with the options about the account of `email`, and what to do.
fn explain_account(err: &Error, email: &str) -> anyhow::Error {
    match err {
        Error::NotFound(_) => anyhow::anyhow!("--email: nobody has an account with the address {email}"),
        Error::Invalid(problems) => {
            let said: Vec<_> = problems.iter().map(|problem| explain_option(problem, email)).collect();
            anyhow::anyhow!("{}", said.join("\n"))
        }
        other => explain(other),
    }
}

fn explain_option(problem: &Problem, email: &str) -> String {
    match (problem.field.join(".").as_str(), problem.code) {
        ("email", UserErrorCode::Taken) => {
            format!("--email: {email} has an account already; `lyceum admin role --email {email} --role …` gives it a role")
        }
        ("email", UserErrorCode::WrongState) => {
            "--email: this account is suspended; first an administrator has to reinstate it (userReinstate)".into()
        }
        ("email", UserErrorCode::Incomplete) => {
            "--email: this address is not confirmed: only the link that was mailed to it does that, so that nobody else gets what was given to it".into()
        }
        ("revoke", UserErrorCode::WrongState) => {
            "--revoke: this is the last administrator; first make somebody else one, by `lyceum admin role`".into()
        }
        ("email", _) => format!("--email: \"{email}\" is no address; an example is you@example.org"),
        ("timeZone", _) => "--time-zone: no such zone; examples are Europe/Vienna and UTC".into(),
        (field, _) => format!("--{field}: {}", problem.text(&Language::english())),
    }
}

/// Logs to standard error, what `usual` says where no setting does: for people on a terminal, as JSON elsewhere. Traces, if
/// there are to be any, pass it by.
fn log(config: &Config, usual: &str) -> anyhow::Result<Option<Traces>> {
    // PostgreSQL notes at each start that a table of sea-orm's is there.
    let quiet = "s3s=off,aws_=warn,sqlx::postgres::notice=warn";
    let filter = EnvFilter::new(format!("{quiet},{}", config.log.as_deref().unwrap_or(usual)));
    let traces = config.traces.as_deref().map(Traces::to).transpose()?;
    match &traces {
        None => tracing_subscriber::registry().with(filter).with(to_stderr()).init(),
        Some(traces) => {
            tracing_subscriber::registry().with(to_stderr().with_filter(filter)).with(traces.layer()).init();
        }
    }
    Ok(traces)
}

fn to_stderr<S: tracing::Subscriber + for<'a> LookupSpan<'a>>() -> Box<dyn Layer<S> + Send + Sync> {
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        layer.with_target(false).compact().boxed()
    } else {
        layer.json().flatten_event(true).with_current_span(true).with_span_list(false).boxed()
    }
}
