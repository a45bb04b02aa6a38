//! Following a recording live. Events only hint at a change: for each one the viewer is judged anew.

use futures_util::{FutureExt as _, Stream, StreamExt, stream};

use super::{channel, policy, recording};
use crate::{
    accounts::viewing,
    app::App,
    error::{Error, Result},
    ids::RecordingId,
    viewer::Viewer,
};

/// The recording each time that something about it changes. The stream ends when the viewer may no longer see it, and when
/// anything about their account has changed, since what they may see of it may have too: they follow again as what they are
/// then.
pub async fn follow(
    app: &App,
    viewer: &Viewer,
    id: RecordingId,
) -> Result<impl Stream<Item = recording::Model> + Send + 'static + use<>> {
    // Listening begins before the first look, so that no change falls between.
    let events = app.live.subscribe(&channel(id)).boxed();
    begin(app, viewer, id).boxed().await?;
    let state = (events, app.clone(), viewer.clone());
    Ok(stream::unfold(state, move |(mut events, app, viewer)| async move {
        events.next().await?;
        // Boxed: many wait for events, and hold no room for looks meanwhile.
        let recording = look(&app, &viewer, id).boxed().await.ok()?;
        Some((recording, (events, app, viewer)))
    }))
}

/// Nothing, if the viewer may see the recording.
async fn begin(app: &App, viewer: &Viewer, id: RecordingId) -> Result<()> {
    let _turn = app.live.turn().await;
    policy::find(app.db.read(), viewer, id).await.map(|_| ())
}

/// The recording as it is now.
async fn look(app: &App, viewer: &Viewer, id: RecordingId) -> Result<recording::Model> {
    let _turn = app.live.turn().await;
    let now = viewing::again(app, viewer).await?;
    if now.account != viewer.account {
        return Err(Error::Unauthenticated);
    }
    policy::find(app.db.read(), &now, id).await
}
