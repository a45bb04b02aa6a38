//! Tickets: what stands in the addresses that players get. A ticket names a recording and the session that it was given
//! to; it grants nothing by itself, since each request judges session and right anew.

use std::net::{IpAddr, Ipv6Addr};

use chrono::{DateTime, Duration};
use data_encoding::BASE64URL_NOPAD;
use uuid::Uuid;

use crate::{
    accounts::viewing,
    app::App,
    clock::Instant,
    error::{Error, Result},
    ids::{RecordingId, SessionId, UserId},
    language::Language,
    role::Roles,
    token,
    viewer::{SignedIn, Viewer},
};

/// How long a ticket lives at most.
pub const LIFE: Duration = Duration::days(7);

const PURPOSE: &str = "playback";
/// Flags, recording, person, session, network, time.
const LENGTH: usize = 1 + 16 + 16 + 16 + 16 + 8;
const SIGNED_IN: u8 = 1;
const BY_COOKIE: u8 = 2;

/// What an address was given out for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The recording.
    pub recording: RecordingId,
    /// Whose session; none for visitors.
    pub holder: Option<(UserId, SessionId)>,
    /// The session came by cookie.
    pub by_cookie: bool,
    /// The network that it was given to: an IPv4 address, or the first 64 bits of an IPv6 one.
    network: Ipv6Addr,
    /// When it was given out, to the microsecond.
    pub issued_at: Instant,
}

impl Ticket {
    /// A ticket for `viewer`.
    #[must_use]
    pub fn new(viewer: &Viewer, recording: RecordingId, now: Instant) -> Self {
        let holder = viewer.account.as_ref().map(|account| (account.id, account.session));
        Self { recording, holder, by_cookie: viewer.by_cookie, network: network(viewer), issued_at: now }
    }

    /// As it stands in addresses.
    #[must_use]
    pub fn seal(&self, app: &App) -> String {
        let (user, session) = self.holder.map_or((Uuid::nil(), Uuid::nil()), |(user, session)| (user.0, session.0));
        let flags = if self.holder.is_some() { SIGNED_IN } else { 0 } | if self.by_cookie { BY_COOKIE } else { 0 };
        let mut bytes = vec![flags];
        for part in [self.recording.0.as_bytes(), user.as_bytes(), session.as_bytes(), &self.network.octets()] {
            bytes.extend(part);
        }
        bytes.extend(self.issued_at.timestamp_micros().to_be_bytes());
        bytes.extend(token::signature(app, PURPOSE, &bytes));
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// Reads a ticket that we gave out and that is not too old.
    #[must_use]
    pub fn open(app: &App, sealed: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
        let (content, signature) = bytes.split_at_checked(LENGTH)?;
        if !token::is_signed(app, PURPOSE, content, signature) {
            return None;
        }
        let part = |at: usize| <[u8; 16]>::try_from(content.get(at..at + 16)?).ok();
        let holder = (UserId(Uuid::from_bytes(part(17)?)), SessionId(Uuid::from_bytes(part(33)?)));
        let micros = i64::from_be_bytes(content.get(65..73)?.try_into().ok()?);
        let ticket = Self {
            recording: RecordingId(Uuid::from_bytes(part(1)?)),
            holder: (content[0] & SIGNED_IN != 0).then_some(holder),
            by_cookie: content[0] & BY_COOKIE != 0,
            network: part(49)?.into(),
            issued_at: DateTime::from_timestamp_micros(micros)?,
        };
        (app.clock.now() < ticket.issued_at + LIFE).then_some(ticket)
    }

    /// As whom `viewer`, who sends the request, may use the ticket now. The holder of a cookie must send it each time; a
    /// player that cannot send an app's token is known by its network. Who is signed out is refused, and so is somebody else, even
    /// from the same network.
    pub async fn judge(&self, app: &App, viewer: &Viewer) -> Result<Viewer> {
        let Some((user, session)) = self.holder else { return Ok(Viewer { account: None, ..viewer.clone() }) };
        match &viewer.account {
            Some(account) if account.session == session => return Ok(viewer.clone()),
            Some(account) if account.id != user => return Err(Error::Forbidden),
            _ => {}
        }
        if self.by_cookie || self.network != network(viewer) {
            return Err(Error::Forbidden);
        }
        let claimed = SignedIn { id: user, session, vetted: false, roles: Roles::default(), language: Language::english() };
        let judged = viewing::again(app, &Viewer { account: Some(claimed), ..viewer.clone() }).await?;
        if judged.account.is_some() { Ok(judged) } else { Err(Error::Forbidden) }
    }
}

/// The viewer's network in sixteen bytes.
fn network(viewer: &Viewer) -> Ipv6Addr {
    match viewer.network() {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    }
}
