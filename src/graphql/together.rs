//! Loading for things that came together, such as the rows of a page: as a loader does, but what they refer to is known at
//! once, so that nobody waits for others to ask too.

use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
    sync::Arc,
};

use async_graphql::{Context, dataloader::Loader};
use futures_util::FutureExt as _;
use tokio::sync::OnceCell;

use super::{batch::Batch, context::ContextExt};
use crate::error::{Error, Result};

/// What several things refer to, which is loaded for all of them when one of them is asked for it. A thing that came alone asks
/// the loader.
pub struct Together<K: Key>(Option<Arc<Inner<K>>>)
where
    Batch: Loader<K>;

struct Inner<K: Key>
where
    Batch: Loader<K>,
{
    keys: Vec<K>,
    found: OnceCell<Result<HashMap<K, <Batch as Loader<K>>::Value>>>,
}

/// What loaders load by.
pub trait Key: Send + Sync + Hash + Eq + Clone + 'static {}

impl<K: Send + Sync + Hash + Eq + Clone + 'static> Key for K {}

impl<K: Key> Together<K>
where
    Batch: Loader<K, Error = Error>,
{
    /// What they refer to.
    pub fn new(keys: impl IntoIterator<Item = K>) -> Self {
        let keys: HashSet<K> = keys.into_iter().collect();
        Self(Some(Arc::new(Inner { keys: keys.into_iter().collect(), found: OnceCell::new() })))
    }

    /// For a thing that came alone.
    #[must_use]
    pub const fn alone() -> Self {
        Self(None)
    }

    /// What one of them refers to.
    pub async fn load(&self, ctx: &Context<'_>, key: K) -> Result<Option<<Batch as Loader<K>>::Value>> {
        let Some(all) = &self.0 else { return ctx.load(key).await };
        let found = all.found.get_or_init(|| ctx.batch().loader().load(&all.keys).boxed()).await;
        found.as_ref().map(|found| found.get(&key).cloned()).map_err(Clone::clone)
    }
}

impl<K: Key> Clone for Together<K>
where
    Batch: Loader<K>,
{
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}
