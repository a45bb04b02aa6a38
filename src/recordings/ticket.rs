//! Tickets: what stands in the addresses that players get. A ticket names a recording and the session that it was given
//! to; it grants nothing by itself, since each request judges session and right anew.

use std::net::{IpAddr, Ipv6Addr};

use chrono::{DateTime, Duration};
use data_encoding::HEXLOWER;
use uuid::Uuid;

use super::{policy, recording};
use crate::{
    app::App,
    clock::Instant,
    error::{Error, Result},
    ids::{RecordingId, SessionId, UserId},
    token,
    viewer::Viewer,
};

/// How long a ticket lives at most.
pub const LIFE: Duration = Duration::days(7);

const PURPOSE: &str = "playback";
/// Flags, recording, network, time, person, session, hash of the session's token.
const LENGTH: usize = 1 + 16 + 16 + 8 + 16 + 16 + 32;
const SIGNED_IN: u8 = 1;
const BY_COOKIE: u8 = 2;

/// What an address was given out for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The recording.
    pub recording: RecordingId,
    /// Whose session; none for visitors.
    pub holder: Option<Holder>,
    /// The session came by cookie.
    pub by_cookie: bool,
    /// The network that it was given to: an IPv4 address, or the first 64 bits of an IPv6 one.
    network: Ipv6Addr,
    /// When it was given out, to the microsecond.
    pub issued_at: Instant,
}

/// Whose a ticket is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The person.
    pub user: UserId,
    /// The session.
    session: SessionId,
    /// What the session is found by.
    session_hash: String,
}

impl Ticket {
    /// A ticket for `viewer`.
    #[must_use]
    pub fn new(viewer: &Viewer, recording: RecordingId, now: Instant) -> Self {
        let holder = viewer.account.as_ref().map(|account| Holder {
            user: account.id,
            session: account.session,
            session_hash: account.session_hash.clone(),
        });
        Self { recording, holder, by_cookie: viewer.by_cookie, network: network(viewer), issued_at: now }
    }

    /// As it stands in addresses.
    #[must_use]
    pub fn seal(&self, app: &App) -> String {
        let flags = if self.holder.is_some() { SIGNED_IN } else { 0 } | if self.by_cookie { BY_COOKIE } else { 0 };
        let mut bytes = vec![flags];
        bytes.extend(self.recording.0.as_bytes());
        bytes.extend(self.network.octets());
        bytes.extend(self.issued_at.timestamp_micros().to_be_bytes());
        if let Some(Holder { user, session, session_hash }) = &self.holder {
            bytes.extend(user.0.as_bytes());
            bytes.extend(session.0.as_bytes());
            bytes.extend(HEXLOWER.decode(session_hash.as_bytes()).unwrap_or_default());
        }
        bytes.resize(LENGTH, 0);
        token::seal(app, PURPOSE, &bytes)
    }

    /// Reads a ticket that we gave out and that is not too old.
    #[must_use]
    pub fn open(app: &App, sealed: &str) -> Option<Self> {
        let content = token::unseal(app, PURPOSE, sealed)?;
        let part = |at: usize| <[u8; 16]>::try_from(content.get(at..at + 16)?).ok();
        let micros = i64::from_be_bytes(content.get(33..41)?.try_into().ok()?);
        let holder = Holder {
            user: UserId(Uuid::from_bytes(part(41)?)),
            session: SessionId(Uuid::from_bytes(part(57)?)),
            session_hash: HEXLOWER.encode(content.get(73..)?),
        };
        let ticket = Self {
            recording: RecordingId(Uuid::from_bytes(part(1)?)),
            holder: (content[0] & SIGNED_IN != 0).then_some(holder),
            by_cookie: content[0] & BY_COOKIE != 0,
            network: part(17)?.into(),
            issued_at: DateTime::from_timestamp_micros(micros)?,
        };
        (app.clock.now() < ticket.issued_at + LIFE).then_some(ticket)
    }

    /// Its recording, if `viewer`, who sends the request, may use it now. The holder of a cookie must send it each time; a
    /// player that cannot send an app's token is known by its network. Who is signed out is refused, and so is somebody else, even
    /// from the same network.
    pub async fn admit(&self, app: &App, viewer: &Viewer) -> Result<recording::Model> {
        let visitor = Viewer { account: None, ..viewer.clone() };
        let known = match (&self.holder, &viewer.account) {
            (None, _) => &visitor,
            (Some(holder), Some(account)) if account.session == holder.session => viewer,
            (Some(holder), Some(account)) if account.id != holder.user => return Err(Error::Forbidden),
            (Some(_), _) if self.by_cookie || self.network != network(viewer) => return Err(Error::Forbidden),
            (Some(holder), _) => {
                let session = app.sessions.hashed(&holder.session_hash, app.clock.now()).await?;
                let session = session.filter(|session| session.id == holder.session).ok_or(Error::Forbidden)?;
                return policy::find_by_session(app, &session, self.recording).await;
            }
        };
        policy::find_together(app, known, self.recording).await
    }
}

/// The viewer's network in sixteen bytes.
fn network(viewer: &Viewer) -> Ipv6Addr {
    match viewer.network() {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    }
}
