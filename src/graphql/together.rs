//! What came together with things, such as the rows of a page: what one of them refers to need not be asked for again.

use std::{collections::HashMap, hash::Hash, sync::Arc};

use async_graphql::{Context, dataloader::Loader};

use super::{batch::Batch, context::ContextExt};
use crate::error::{Error, Result};

/// What several things refer to, found already with them. Of what is missing there, and for a thing that came alone, the loader
/// is asked.
pub struct Together<K: Key>(Option<Arc<Found<K>>>)
where
    Batch: Loader<K>;

type Found<K> = HashMap<K, <Batch as Loader<K>>::Value>;

/// What loaders load by.
pub trait Key: Send + Sync + Hash + Eq + Clone + 'static {}

impl<K: Send + Sync + Hash + Eq + Clone + 'static> Key for K {}

impl<K: Key> Together<K>
where
    Batch: Loader<K, Error = Error>,
{
    /// What came with them.
    pub fn found(found: impl IntoIterator<Item = (K, <Batch as Loader<K>>::Value)>) -> Self {
        Self(Some(Arc::new(found.into_iter().collect())))
    }

    /// For a thing that came alone.
    #[must_use]
    pub const fn alone() -> Self {
        Self(None)
    }

    /// What one of them refers to.
    pub async fn load(&self, ctx: &Context<'_>, key: K) -> Result<Option<<Batch as Loader<K>>::Value>> {
        match self.0.as_ref().and_then(|found| found.get(&key)) {
            Some(found) => Ok(Some(found.clone())),
            None => ctx.load(key).await,
        }
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
