//! What a process keeps of things that never change once they are published, made or begun, by their id. Whether a viewer may
//! see them is asked of the rows each time.

use std::{any::Any, sync::Arc};

use moka::future::Cache;
use uuid::Uuid;

use crate::ids::Id;

/// Bytes that are kept, roughly.
const MOST: u64 = 64 * 1024 * 1024;

/// A thing with its weight in bytes.
type Weighed = (Arc<dyn Any + Send + Sync>, u32);

/// Published things, kept in the process.
#[derive(Clone, Debug)]
pub struct Kept(Cache<Uuid, Weighed>);

impl Default for Kept {
    fn default() -> Self {
        Self(Cache::builder().weigher(|_, (_, weight): &Weighed| *weight).max_capacity(MOST).build())
    }
}

impl Kept {
    /// What is kept of `id`.
    pub async fn get<T: Any + Send + Sync>(&self, id: impl Id) -> Option<Arc<T>> {
        self.0.get(&id.uuid()).await?.0.downcast().ok()
    }

    /// Keeps what `id` names, which takes roughly `weight` bytes.
    pub async fn put<T: Any + Send + Sync>(&self, id: impl Id, thing: Arc<T>, weight: usize) {
        self.0.insert(id.uuid(), (thing, u32::try_from(weight).unwrap_or(u32::MAX))).await;
    }
}
