//! The commands that are about all of a site: backing up, restoring, copying, checking.

use std::path::PathBuf;

use anyhow::bail;
use clap::Subcommand;

use crate::{
    app::App,
    clock::Clock,
    config::Config,
    files::comparing::{self, Finding},
    migrating,
    moving::{self, Progress, backing_up, copying, restoring},
    running::{self, explain},
};

#[derive(Subcommand)]
pub enum SiteCommand {
    /// Back up a site in one folder (SQLite, embedded objects) into one file, also while it is served.
    ///
    /// The file is a tar of the folder's database, objects and secret: keep it as safe as the site. A secret that is in the settings
    /// (LYCEUM_SECRET) and mails in files are not in it.
    Backup {
        /// The file to make; it must not be there yet.
        file: PathBuf,
    },
    /// Restore a backup into an empty folder (LYCEUM_DATA): all of it, or nothing.
    Restore {
        /// The file that `backup` made.
        file: PathBuf,
    },
    /// Copy a site in one folder, which must be stopped, to PostgreSQL and an S3 service, with all rows and objects.
    ///
    /// Run it again if it breaks off. The folder stays as it is.
    Copy {
        /// File of the settings of the site to be, TOML as for --config: DATABASE_URL, S3_BUCKET and the like, and the
        /// LYCEUM_SECRET of this site. The environment does not count for it.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Compare object storage with the database both ways, also while the site is served; fails when they differ.
    StorageCheck {
        /// Read each object to its last byte, and check that.
        #[arg(long)]
        read: bool,
        /// Delete objects that have no row and are older than a day. The bucket must be this site's alone.
        #[arg(long)]
        repair: bool,
    },
}

/// Does what a command says, until it is told to stop.
pub async fn run(config: Config, command: SiteCommand) -> anyhow::Result<()> {
    let stop = running::stop_signal()?.leaving().clone();
    let progress = Progress::shown(stop.clone());
    let stopped = async {
        stop.cancelled().await;
        bail!("stopped")
    };
    match command {
        // These end by themselves, so that they can clear away what they began.
        SiteCommand::Backup { .. } | SiteCommand::Restore { .. } => execute(config, command, &progress).await,
        SiteCommand::Copy { .. } | SiteCommand::StorageCheck { .. } => {
            tokio::select! { done = execute(config, command, &progress) => done, stopped = stopped => stopped }
        }
    }
}

async fn execute(config: Config, command: SiteCommand, progress: &Progress) -> anyhow::Result<()> {
    match command {
        SiteCommand::Backup { file } => {
            let done = backing_up::back_up(&config, &file, progress).await?;
            println!("Backed up the database and {} objects: {} bytes in {}.", done.objects, done.bytes, file.display());
            if config.secret.is_some() {
                println!("LYCEUM_SECRET is not in it: keep your settings, too.");
            }
        }
        SiteCommand::Restore { file } => {
            let done = restoring::restore(&config, &file, progress).await?;
            let data = config.data.display();
            println!("Restored the site of {} with {} objects into {data}.", done.made_at.format("%F %T UTC"), done.objects);
            if !done.has_secret {
                println!("Its LYCEUM_SECRET was a setting: set it as it was.");
            }
        }
        SiteCommand::Copy { to } => {
            let settings = Config::of_file(&to).map_err(anyhow::Error::msg)?;
            let done = copying::copy(&config, settings, progress).await?;
            println!("Copied {} rows of {} tables and {} objects.", done.rows, done.tables, done.objects);
            println!("Serve the site with --config {} now, and no longer from {}.", to.display(), config.data.display());
        }
        SiteCommand::StorageCheck { read, repair } => check_storage(config, read, repair).await?,
    }
    Ok(())
}

async fn check_storage(config: Config, read: bool, repair: bool) -> anyhow::Result<()> {
    moving::check_there(&config)?;
    let app = App::beside(config, Clock::System).await.map_err(|err| explain(&err))?;
    migrating::check(&app.db).await.map_err(|err| explain(&err))?;
    let mut found = comparing::compare(&app, read).await.map_err(|err| explain(&err))?;
    for finding in &found.findings {
        println!("{finding}");
    }
    println!("{} objects are stored; {} findings.", found.stored, found.findings.len());
    if found.foreign > 0 {
        println!("{} more in the bucket are not of lyceum and were left alone.", found.foreign);
    }
    if repair {
        let before = found.findings.len();
        found = comparing::repair(&app, found).await.map_err(|err| explain(&err))?;
        println!("{} orphans were deleted.", before - found.findings.len());
        let orphans = found.findings.iter().filter(|finding| matches!(finding, Finding::Orphan { .. })).count();
        if orphans as u64 > found.stored {
            bail!("most objects have no row: is this the bucket of this database? Nothing was deleted");
        }
    }
    if found.findings.is_empty() { Ok(()) } else { bail!("object storage and database differ") }
}
