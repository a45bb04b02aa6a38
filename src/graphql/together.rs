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

/// What several things refer to: loaded for all of them when one of them is asked for it, or found already with them. A thing
/// that came alone asks the loader.
pub struct Together<K: Key>(Way<K>)
where
    Batch: Loader<K>;

enum Way<K: Key>
where
    Batch: Loader<K>,
{
    Alone,
    Loaded(Arc<Inner<K>>),
    Found(Arc<HashMap<K, <Batch as Loader<K>>::Value>>),
}

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
        Self(Way::Loaded(Arc::new(Inner { keys: keys.into_iter().collect(), found: OnceCell::new() })))
    }

    /// What came with them. Of what is missing there the loader is asked.
    pub fn found(found: impl IntoIterator<Item = (K, <Batch as Loader<K>>::Value)>) -> Self {
        Self(Way::Found(Arc::new(found.into_iter().collect())))
    }

    /// For a thing that came alone.
    #[must_use]
    pub const fn alone() -> Self {
        Self(Way::Alone)
    }

    /// What one of them refers to.
    pub async fn load(&self, ctx: &Context<'_>, key: K) -> Result<Option<<Batch as Loader<K>>::Value>> {
        match &self.0 {
            Way::Alone => ctx.load(key).await,
            Way::Loaded(all) => {
                let found = all.found.get_or_init(|| ctx.batch().loader().load(&all.keys).boxed()).await;
                found.as_ref().map(|found| found.get(&key).cloned()).map_err(Clone::clone)
            }
            Way::Found(found) => match found.get(&key) {
                Some(found) => Ok(Some(found.clone())),
                None => ctx.load(key).await,
            },
        }
    }
}

impl<K: Key> Clone for Together<K>
where
    Batch: Loader<K>,
{
    fn clone(&self) -> Self {
        Self(match &self.0 {
            Way::Alone => Way::Alone,
            Way::Loaded(all) => Way::Loaded(all.clone()),
            Way::Found(found) => Way::Found(found.clone()),
        })
    }
}
