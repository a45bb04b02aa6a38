//! All of a site at once: backing it up, restoring it, moving it to other engines.

mod archive;
pub mod backing_up;
pub mod copying;
mod progress;
pub mod restoring;
mod snapshot;
pub mod tables;

use anyhow::bail;

pub use self::progress::Progress;
use crate::{
    app::App,
    clock::Clock,
    config::{Config, DatabaseUrl},
    running::explain,
};

/// Name of the database in an archive and in a site's folder.
const DATABASE: &str = "lyceum.sqlite";
/// Folder of the objects in an archive and in a site's folder.
const OBJECTS: &str = "objects";
/// Small files of a site's folder that go with it, where they are there.
const KEYS: [&str; 2] = ["secret", "demo-password"];

/// That a site keeps all it has in its folder, which `what` is for.
fn check_embedded(config: &Config, what: &str) -> anyhow::Result<()> {
    if !config.is_embedded() {
        bail!("{what} is for a site in one folder, without DATABASE_URL, REDIS_URL and S3_BUCKET; for others see docs/backup.md");
    }
    if let DatabaseUrl::Sqlite(path) = &config.database
        && *path != config.data.join(DATABASE)
    {
        bail!("{what} is for a site whose database is in LYCEUM_DATA: unset DATABASE_URL");
    }
    Ok(())
}

/// Opens the site in the folder of the settings, for `what`; that may be while it is served.
async fn in_folder(config: &Config, what: &str) -> anyhow::Result<App> {
    check_embedded(config, what)?;
    check_there(config)?;
    App::beside(config.clone(), Clock::System).await.map_err(|err| explain(&err))
}

/// That there is a site where the settings say, if it has an embedded database: who forgets a setting makes no other site.
pub fn check_there(config: &Config) -> anyhow::Result<()> {
    if let DatabaseUrl::Sqlite(path) = &config.database
        && !path.exists()
    {
        bail!("there is no site in {}: set LYCEUM_DATA", path.parent().unwrap_or(path).display());
    }
    Ok(())
}

/// That the secret by which the site signs links is there: one that is made anew signs none that its servers know.
pub fn check_secret(config: &Config) -> anyhow::Result<()> {
    if config.secret.is_none() && !config.secret_file().exists() {
        bail!("there is no secret in {}: set LYCEUM_SECRET, or LYCEUM_DATA, as the site has it", config.data.display());
    }
    Ok(())
}
