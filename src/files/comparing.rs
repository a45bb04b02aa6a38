//! Comparing what lies in object storage with the rows that stand for it, while the site is used.
//!
//! A row is there before its bytes and until they are gone, and a key is never used again. So an object whose row is found
//! missing, and which is still there then, is an orphan; and so no upload under way is taken for a fault.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use chrono::Duration;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::object::{self, State};
use crate::{
    app::App,
    clock::Instant,
    error::Result,
    ids::ObjectId,
    objects::{ListedObject, ObjectInfo},
};

/// Orphans that are younger are left alone.
const REPAIRED_AFTER: Duration = Duration::days(1);
/// Rows that are read at a time.
const PAGE: u64 = 1000;

/// A difference between storage and rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// A row is there, its object is not.
    Missing {
        /// Key of the object.
        key: String,
    },
    /// The object is not what its row says.
    Differs {
        /// Key of the object.
        key: String,
        /// What differs.
        how: String,
    },
    /// An object is there, its row is not.
    Orphan {
        /// Key of the object.
        key: String,
        /// Length in bytes.
        size: u64,
        /// When it was stored.
        since: Option<Instant>,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { key } => write!(f, "missing  {key}"),
            Self::Differs { key, how } => write!(f, "differs  {key}: {how}"),
            Self::Orphan { key, size, since: None } => write!(f, "orphan   {key}: {size} bytes"),
            Self::Orphan { key, size, since: Some(since) } => {
                write!(f, "orphan   {key}: {size} bytes, since {}", since.format("%F %T UTC"))
            }
        }
    }
}

/// What came of a comparison.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// Objects whose rows say that they are stored.
    pub stored: u64,
    /// Objects with keys that we do not make: not ours.
    pub foreign: u64,
    /// What differs.
    pub findings: Vec<Finding>,
}

/// Compares storage with rows, page by page. With `reads_all`, each object is read to its last byte.
pub async fn compare(app: &App, reads_all: bool) -> Result<Comparison> {
    let (mut comparison, mut seen) = (Comparison::default(), HashSet::new());
    let mut after: Option<String> = None;
    loop {
        let page = app.objects.list("", after.as_deref()).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.key.clone());
        let keys = page.iter().map(|listed| listed.key.as_str());
        let rows = object::Entity::find().filter(object::Column::Key.is_in(keys)).all(app.db.read()).await?;
        let rows: HashMap<_, _> = rows.into_iter().map(|row| (row.key.clone(), row)).collect();
        for listed in page {
            match rows.get(&listed.key) {
                Some(row) => {
                    seen.insert(row.id);
                    if row.state == State::Stored {
                        comparison.stored += 1;
                        comparison.findings.extend(judged(app, row, &listed, reads_all).await?);
                    }
                }
                None if !is_ours(&listed.key) => comparison.foreign += 1,
                None if app.objects.head(&listed.key).await?.is_some() => comparison.findings.push(orphan(listed)),
                // Deleted just now, its row too.
                None => {}
            }
        }
    }
    comparison.findings.extend(missing(app, &seen).await?);
    Ok(comparison)
}

/// Stored rows whose objects were not listed and are not there.
async fn missing(app: &App, seen: &HashSet<ObjectId>) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let mut after = ObjectId(Uuid::nil());
    loop {
        let rows = object::Entity::find().filter(object::Column::Id.gt(after)).order_by_asc(object::Column::Id).limit(PAGE);
        let rows = rows.all(app.db.read()).await?;
        let Some(last) = rows.last() else { return Ok(findings) };
        after = last.id;
        for row in rows.into_iter().filter(|row| row.state == State::Stored && !seen.contains(&row.id)) {
            if app.objects.head(&row.key).await?.is_none() && is_still_stored(app, &row).await? {
                findings.push(Finding::Missing { key: row.key });
            }
        }
    }
}

async fn is_still_stored(app: &App, row: &object::Model) -> Result<bool> {
    let now = object::Entity::find_by_id(row.id).one(app.db.read()).await?;
    Ok(now.is_some_and(|row| row.state == State::Stored))
}

/// What is wrong with a stored object, if anything is.
async fn judged(app: &App, row: &object::Model, listed: &ListedObject, reads_all: bool) -> Result<Option<Finding>> {
    let differs = |how: String| Ok(Some(Finding::Differs { key: row.key.clone(), how }));
    let (size, etag) = (row.size.and_then(|size| u64::try_from(size).ok()), row.etag.clone().unwrap_or_default());
    let Some(size) = size.filter(|size| *size == listed.size) else {
        return differs(format!("{} bytes, its row says {}", listed.size, row.size.unwrap_or_default()));
    };
    // The ETag of an object that was sent in parts depends on the parts, which a copy of the bucket may have joined otherwise.
    if !etag.contains('-') && !listed.etag.contains('-') && etag != listed.etag {
        return differs(format!("its ETag is {}, its row says {etag}", listed.etag));
    }
    let stored = ObjectInfo { size, content_type: None, etag };
    let is_damaged = reads_all && !app.objects.is_intact(&row.key, &stored).await?;
    if is_damaged && is_still_stored(app, row).await? {
        return differs("its bytes are not those that were stored".into());
    }
    Ok(None)
}

fn orphan(listed: ListedObject) -> Finding {
    Finding::Orphan { key: listed.key, size: listed.size, since: listed.modified.map(Instant::from) }
}

/// Whether a key has the form of ours: `kind/owner/id/name`.
fn is_ours(key: &str) -> bool {
    let parts: Vec<_> = key.split('/').collect();
    matches!(parts[..], [_, owner, id, _] if [owner, id].iter().all(|part| Uuid::try_parse(part).is_ok()))
}

/// Deletes orphans that are older than a day; gives what is left. Where most objects are orphans, the bucket may be another site's,
/// or the database an old one: then nothing is deleted.
pub async fn repair(app: &App, comparison: Comparison) -> Result<Comparison> {
    let orphans = comparison.findings.iter().filter(|finding| matches!(finding, Finding::Orphan { .. })).count() as u64;
    if orphans > comparison.stored {
        return Ok(comparison);
    }
    let old = app.clock.now() - REPAIRED_AFTER;
    let is_old = |finding: &Finding| matches!(finding, Finding::Orphan { since: Some(since), .. } if *since < old);
    let (deleted, left): (Vec<_>, Vec<_>) = comparison.findings.into_iter().partition(is_old);
    for finding in deleted {
        if let Finding::Orphan { key, .. } = finding {
            app.objects.delete(&key).await?;
        }
    }
    Ok(Comparison { findings: left, ..comparison })
}
