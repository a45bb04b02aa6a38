//! What resolvers find in their context.

use std::hash::Hash;

use async_graphql::{
    Context,
    dataloader::{DataLoader, Loader},
    runtime::{TokioSpawner, TokioTimer},
};
use futures_util::{FutureExt as _, future::BoxFuture};

use crate::{
    app::App,
    error::{Error, Result},
    graphql::batch::Batch,
    viewer::Viewer,
};

/// What one request, or one event of a subscription, is answered with.
pub struct Asker {
    app: App,
    viewer: Viewer,
    batch: DataLoader<Batch>,
}

impl Asker {
    /// For `viewer`, with loaders of its own: nothing is shared between people or requests.
    #[must_use]
    pub fn new(app: App, viewer: Viewer) -> Self {
        let batch =
            DataLoader::new(Batch { app: app.clone(), viewer: viewer.clone() }, TokioSpawner::current(), TokioTimer::default());
        Self { app, viewer, batch }
    }
}

/// Short ways to what an [`Asker`] holds.
pub trait ContextExt {
    /// The app.
    fn app(&self) -> &App;
    /// Who is asking.
    fn viewer(&self) -> &Viewer;
    /// The loaders of this request.
    fn batch(&self) -> &DataLoader<Batch>;
    /// What the loaders find by `key`. Boxed, since it is large; see [`super::Schema`].
    fn load<K>(&self, key: K) -> BoxFuture<'_, Result<Option<<Batch as Loader<K>>::Value>>>
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Batch: Loader<K, Error = Error>;
}

impl ContextExt for Context<'_> {
    fn app(&self) -> &App {
        &self.data_unchecked::<Asker>().app
    }

    fn viewer(&self) -> &Viewer {
        &self.data_unchecked::<Asker>().viewer
    }

    fn batch(&self) -> &DataLoader<Batch> {
        &self.data_unchecked::<Asker>().batch
    }

    fn load<K>(&self, key: K) -> BoxFuture<'_, Result<Option<<Batch as Loader<K>>::Value>>>
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Batch: Loader<K, Error = Error>,
    {
        self.batch().load_one(key).boxed()
    }
}
