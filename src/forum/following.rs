//! Following a topic live. Events only hint at what happened: for each one the viewer's rights are judged anew, and the
//! post is loaded with them.

use futures_util::{FutureExt as _, Stream, StreamExt, stream};

use super::policy::{self, SeenPost};
use crate::{
    accounts::viewing,
    app::App,
    error::{Error, Result},
    ids::{Id, PostId, TopicId},
    live::Event,
    viewer::Viewer,
};

/// What of a topic is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Followed {
    /// New posts.
    Added,
    /// Posts that were edited, deleted, hidden, shown again or redacted.
    Changed,
}

impl Followed {
    fn channel(self, topic: TopicId) -> String {
        match self {
            Self::Added => format!("added:{topic}"),
            Self::Changed => format!("changed:{topic}"),
        }
    }
}

/// Says that a post was added to a topic.
pub(super) fn added(topic: TopicId, post: PostId) -> Event {
    Event::new(Followed::Added.channel(topic), post)
}

/// Says that a post of a topic was changed.
pub(super) fn changed(topic: TopicId, post: PostId) -> Event {
    Event::new(Followed::Changed.channel(topic), post)
}

/// The posts of a topic to which something happens from now on. The stream ends when the viewer may no longer see the
/// topic, when anything about their account has changed (they follow again with what they are then), and when events may
/// have been lost.
pub async fn follow(
    app: &App,
    viewer: &Viewer,
    topic: TopicId,
    followed: Followed,
) -> Result<impl Stream<Item = SeenPost> + Send + 'static + use<>> {
    // Listening begins before the first look, so that nothing falls between.
    let events = app.live.subscribe(&followed.channel(topic)).boxed();
    begin(app, viewer, topic).boxed().await?;
    let state = (events, app.clone(), viewer.clone());
    Ok(stream::unfold(state, move |(mut events, app, viewer)| async move {
        loop {
            let post = PostId::parse(&events.next().await?)?;
            // Boxed: thousands wait for events, and hold no room for looks meanwhile.
            match look(&app, &viewer, post).boxed().await {
                Ok(seen) if followed == Followed::Added && seen.body.is_none() => {}
                Ok(seen) => return Some((seen, (events, app, viewer))),
                Err(_) => return None,
            }
        }
    }))
}

/// Nothing, if the viewer may see the topic.
async fn begin(app: &App, viewer: &Viewer, topic: TopicId) -> Result<()> {
    let _turn = app.live.turn().await;
    policy::topic(app.db.read(), viewer, topic).await.map(|_| ())
}

/// The post as the viewer may see it now.
async fn look(app: &App, viewer: &Viewer, post: PostId) -> Result<SeenPost> {
    let _turn = app.live.turn().await;
    let now = viewing::again(app, viewer).await?;
    if now.account != viewer.account {
        return Err(Error::Unauthenticated);
    }
    policy::post(app.db.read(), &now, post).await
}
