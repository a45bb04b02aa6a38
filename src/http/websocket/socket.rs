//! One socket, from its first message to its close frame.

use std::{convert::Infallible, sync::Arc, time::Duration};

use async_graphql::Executor;
use futures_util::{SinkExt as _, StreamExt as _};
use poem::Upgraded;
use tokio::{
    sync::watch,
    time::{Instant, interval, timeout},
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{self, Bytes, Message, protocol::CloseFrame},
};

use super::{
    super::{Shared, counting, session::Credential, sharing::Place},
    operations::{Operations, Step},
    protocol::{self, Closing, Incoming},
};
use crate::{
    accounts::viewing,
    graphql::{
        answer::{Answer, Refusal},
        context::Asker,
        document::Operation,
        parameters::Parameters,
    },
    viewer::Viewer,
};

/// For the first message.
const INIT: Duration = Duration::from_secs(10);
/// Between two looks at the session, the clock and the other side.
const LOOK: Duration = Duration::from_secs(4);
/// Without a sign of life from the other side.
const SILENCE: Duration = Duration::from_mins(1);
/// For a close frame to be sent and answered.
const FAREWELL: Duration = Duration::from_secs(2);

/// Serves `stream` until either side closes it. `id` is that of the request it began with.
pub async fn serve<E: Executor>(
    shared: Arc<Shared<E>>,
    stream: WebSocketStream<Upgraded>,
    id: String,
    place: Place,
    visitor: Viewer,
    credential: Option<Credential>,
) {
    let now = Instant::now();
    let mut socket = Socket {
        losses: shared.app.live.losses(),
        operations: Operations::new(id),
        shared,
        stream,
        place,
        visitor,
        credential,
        viewer: None,
        opened: now,
        heard: now,
    };
    let Err(end) = socket.run().await;
    if let End::Closing(closing) = end {
        tracing::debug!(code = closing.code, reason = closing.reason, "a socket is closed");
        socket.close(closing).await;
    }
}

/// Why a socket ends.
enum End {
    /// The other side closed it, or it broke.
    Gone,
    /// We close it.
    Closing(Closing),
}

impl From<Closing> for End {
    fn from(closing: Closing) -> Self {
        Self::Closing(closing)
    }
}

/// What can't be read is too large, or breaks RFC 6455; all else means that the connection is gone.
impl From<tungstenite::Error> for End {
    fn from(error: tungstenite::Error) -> Self {
        match error {
            tungstenite::Error::Capacity(_) => Closing::new(1009, "A message may have 64 KiB").into(),
            tungstenite::Error::Utf8(_) => Closing::new(1007, "Text must be UTF-8").into(),
            tungstenite::Error::Protocol(_) => Closing::new(1002, "Frames must follow RFC 6455").into(),
            _ => Self::Gone,
        }
    }
}

struct Socket<E> {
    shared: Arc<Shared<E>>,
    stream: WebSocketStream<Upgraded>,
    place: Place,
    visitor: Viewer,
    credential: Option<Credential>,
    /// Who it is; `None` before the first message.
    viewer: Option<Viewer>,
    operations: Operations,
    /// Changes when live events may have been lost.
    losses: watch::Receiver<()>,
    opened: Instant,
    heard: Instant,
}

impl<E: Executor> Socket<E> {
    async fn run(&mut self) -> Result<Infallible, End> {
        let mut looks = interval(LOOK);
        let (stopping, mut is_leaving) = (self.shared.stop.stopping().clone(), false);
        loop {
            // What was asked is answered, as over HTTP; nothing more is heard.
            if is_leaving && self.operations.are_none() {
                return Err(Closing::new(1001, "The server is going away").into());
            }
            tokio::select! {
                () = stopping.cancelled(), if !is_leaving => {
                    is_leaving = true;
                    self.operations.end_subscriptions();
                }
                _ = looks.tick() => self.look().await?,
                Ok(()) = self.losses.changed() => {
                    if !self.operations.are_none() {
                        return Err(lost().into());
                    }
                }
                message = self.stream.next(), if !is_leaving => {
                    self.heard = Instant::now();
                    self.hear(message.ok_or(End::Gone)??).await?;
                }
                (id, step) = self.operations.step() => self.tell(&id, step).await?,
            }
        }
    }

    /// What has to be judged from time to time.
    async fn look(&mut self) -> Result<(), End> {
        if self.viewer.is_none() && self.opened.elapsed() >= INIT {
            return Err(Closing::new(4408, "Connection initialisation timeout").into());
        }
        if self.heard.elapsed() >= SILENCE {
            return Err(End::Gone);
        }
        if self.heard.elapsed() >= SILENCE / 2 {
            self.send(Message::Ping(Bytes::new())).await?;
        }
        self.check_session().await
    }

    /// Closes the socket of a session that has ended.
    async fn check_session(&mut self) -> Result<(), End> {
        let Some(viewer) = self.viewer.as_mut().filter(|viewer| viewer.account.is_some()) else { return Ok(()) };
        match viewing::again(&self.shared.app, viewer).await {
            Ok(viewer) if viewer.account.is_some() => Ok(()),
            Ok(_) => Err(Closing::new(4403, "The session has ended").into()),
            Err(_) => Err(unavailable().into()),
        }
    }

    async fn hear(&mut self, message: Message) -> Result<(), End> {
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => return Err(Closing::invalid("A message must be text").into()),
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => return Ok(()),
            Message::Close(_) => return Err(End::Gone),
        };
        match protocol::read(&text)? {
            Incoming::Init(authorization) => self.init(authorization).await,
            Incoming::Ping => self.send(Message::text(protocol::plain("pong"))).await,
            Incoming::Pong => Ok(()),
            Incoming::Subscribe(..) if self.viewer.is_none() => Err(Closing::new(4401, "Unauthorized").into()),
            Incoming::Subscribe(id, parameters) => self.begin(id, parameters).await,
            Incoming::Complete(id) => {
                self.operations.end(&id);
                Ok(())
            }
        }
    }

    /// Finds out who it is: by the token in the first message, or by what came with the handshake.
    async fn init(&mut self, authorization: Option<String>) -> Result<(), End> {
        if self.viewer.is_some() {
            return Err(Closing::new(4429, "Too many initialisation requests").into());
        }
        if let Some(authorization) = authorization {
            let bearer = Credential::bearer(&authorization);
            self.credential = Some(bearer.ok_or_else(|| Closing::new(4403, "The authorization must be a bearer token"))?);
        }
        let viewer = self.signed_in().await.map_err(|_| unavailable())?;
        let is_by_token = self.credential.as_ref().is_some_and(|credential| !credential.by_cookie);
        if is_by_token && viewer.account.is_none() {
            return Err(Closing::new(4403, "The session has ended").into());
        }
        if !self.shared.sockets.sign_in(&mut self.place, &viewer) {
            return Err(Closing::new(1013, "This account holds too many sockets; close others first").into());
        }
        self.viewer = Some(viewer);
        self.send(Message::text(protocol::plain("connection_ack"))).await
    }

    /// The viewer as the session and the account are now.
    async fn signed_in(&mut self) -> crate::error::Result<Viewer> {
        match &self.credential {
            Some(credential) => credential.sign_in(&self.shared.app, self.visitor.clone()).await,
            None => Ok(self.visitor.clone()),
        }
    }

    async fn begin(&mut self, id: String, parameters: Result<Parameters, Box<Answer>>) -> Result<(), End> {
        if self.operations.has(&id) {
            return Err(Closing::new(4409, format!("Subscriber for {id} already exists")).into());
        }
        match self.request(parameters).await {
            Ok(operation) => {
                self.operations.begin(id, operation, &self.shared);
                Ok(())
            }
            Err(answer) => self.send_error(&id, &answer).await,
        }
    }

    /// The operation, for a viewer and with loaders of its own.
    async fn request(&mut self, parameters: Result<Parameters, Box<Answer>>) -> Result<Operation, Box<Answer>> {
        if self.operations.are_full() {
            return Err(refused("RATE_LIMITED", "Too many operations run on this socket."));
        }
        let operation = self.shared.documents.prepare(parameters?).await.map_err(|refusal| Box::new(refusal.into()))?;
        let viewer = self.signed_in().await;
        let viewer = viewer.map_err(|_| refused("UNAVAILABLE", "The session store can't be reached now; try again."))?;
        self.shared.limits.take(&viewer).await.map_err(|none| Box::new(Answer::limited(none.wait)))?;
        Ok(Operation { request: operation.request.data(Asker::new(self.shared.app.clone(), viewer)), ..operation })
    }

    async fn tell(&mut self, id: &str, step: Step) -> Result<(), End> {
        // An operation that ends since events were lost must not look as if it was over.
        if self.losses.has_changed().unwrap_or(false) {
            return Err(lost().into());
        }
        let message = match step {
            Step::Next(answer) => {
                self.check_session().await?;
                counting::errors(&self.shared.app.metrics, &answer);
                protocol::next(id, &answer)
            }
            Step::Failed(answer) => {
                self.operations.end(id);
                return self.send_error(id, &answer).await;
            }
            Step::Done => {
                self.operations.end(id);
                protocol::complete(id)
            }
        };
        self.send(Message::text(message)).await
    }

    async fn send_error(&mut self, id: &str, answer: &Answer) -> Result<(), End> {
        counting::errors(&self.shared.app.metrics, answer);
        self.send(Message::text(protocol::error(id, answer))).await
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        Ok(self.stream.send(message).await?)
    }

    /// Says good-bye and waits a little for the answer, so that the close frame arrives before the connection ends.
    async fn close(&mut self, closing: Closing) {
        let frame = Message::Close(Some(CloseFrame { code: closing.code.into(), reason: closing.reason.into() }));
        let farewell = async {
            self.stream.send(frame).await?;
            while let Some(Ok(message)) = self.stream.next().await {
                if message.is_close() {
                    return Ok(());
                }
            }
            // After what breaks the protocol the stream reads nothing more. To close a connection of which bytes lie unread
            // resets it, and a reset can overtake the frame.
            tokio::io::copy(self.stream.get_mut(), &mut tokio::io::sink()).await?;
            Ok::<(), tungstenite::Error>(())
        };
        let _ = timeout(FAREWELL, farewell).await;
    }
}

fn unavailable() -> Closing {
    Closing::new(1013, "The session store can't be reached; try again later")
}

fn lost() -> Closing {
    Closing::new(1013, "Live events may have been lost; connect again and ask for what was missed")
}

fn refused(code: &'static str, message: &str) -> Box<Answer> {
    Box::new(Refusal::new(code, message).into())
}
