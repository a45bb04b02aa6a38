//! Who is asking. Made anew for each request and each event of a subscription, from what the database says at that time.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use uuid::Uuid;

use crate::{
    error::{Error, Result},
    ids::{SessionId, UserId},
    language::Language,
    role::{Roles, SiteRole},
};

/// Who is asking: a signed-in person or a visitor.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// The signed-in person.
    pub account: Option<SignedIn>,
    /// What `Accept-Language` names, best first.
    pub accepts: Vec<Language>,
    /// Network address of the client, behind trusted proxies.
    pub address: IpAddr,
    /// What the client calls itself, cut to 200 characters.
    pub user_agent: String,
    /// The session came by cookie, not as a bearer token.
    pub by_cookie: bool,
    /// Token of the device, where it came by cookie.
    pub device: Option<String>,
}

/// A signed-in person as the database has them now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The person.
    pub id: UserId,
    /// The session of this request.
    pub session: SessionId,
    /// What its session is found by again: the SHA-256 of its token, in hexadecimal.
    pub session_hash: String,
    /// An administrator has vetted the account, or the site is open.
    pub vetted: bool,
    /// Site roles.
    pub roles: Roles,
    /// Preferred language.
    pub language: Language,
}

impl Viewer {
    /// A visitor from this machine: what jobs and commands are when nobody is signed in.
    #[must_use]
    pub fn visitor() -> Self {
        Self {
            account: None,
            accepts: Vec::new(),
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            user_agent: String::new(),
            by_cookie: false,
            device: None,
        }
    }

    /// The network that the viewer is counted by where nobody is signed in.
    #[must_use]
    pub fn network(&self) -> IpAddr {
        network(self.address)
    }

    /// The signed-in person's id.
    #[must_use]
    pub fn user_id(&self) -> Option<UserId> {
        self.account.as_ref().map(|account| account.id)
    }

    /// That of a visitor is nil, which nobody has: by it the same statement finds nothing that somebody was given.
    #[must_use]
    pub fn id_or_nil(&self) -> UserId {
        self.user_id().unwrap_or(UserId(Uuid::nil()))
    }

    /// Whether the viewer is the person `id`.
    #[must_use]
    pub fn is(&self, id: UserId) -> bool {
        self.user_id() == Some(id)
    }

    /// The signed-in person; [`Error::Unauthenticated`] for visitors.
    pub fn signed_in(&self) -> Result<&SignedIn> {
        self.account.as_ref().ok_or(Error::Unauthenticated)
    }

    /// The signed-in and vetted person; [`Error::Forbidden`] for those not vetted yet.
    pub fn vetted(&self) -> Result<&SignedIn> {
        let account = self.signed_in()?;
        if account.vetted { Ok(account) } else { Err(Error::Forbidden) }
    }

    /// Whether the viewer is signed in and vetted.
    #[must_use]
    pub fn is_vetted(&self) -> bool {
        self.account.as_ref().is_some_and(|account| account.vetted)
    }

    /// Whether the viewer holds a site role. Administrators hold all of them.
    #[must_use]
    pub fn holds(&self, role: SiteRole) -> bool {
        self.account.as_ref().is_some_and(|account| account.roles.holds(role))
    }

    /// Whether the viewer is an administrator.
    #[must_use]
    pub fn is_administrator(&self) -> bool {
        self.holds(SiteRole::Administrator)
    }

    /// The signed-in person, who must hold `role`.
    pub fn holding(&self, role: SiteRole) -> Result<&SignedIn> {
        let account = self.signed_in()?;
        if account.roles.holds(role) { Ok(account) } else { Err(Error::Forbidden) }
    }

    /// The error for a thing that the viewer sees but may not change.
    #[must_use]
    pub fn refused(&self) -> Error {
        if self.account.is_some() { Error::Forbidden } else { Error::Unauthenticated }
    }

    /// Languages to choose a text by, best first: the one asked for, the person's, those of `Accept-Language`.
    pub fn languages<'a>(&'a self, asked: Option<&'a Language>) -> impl Iterator<Item = &'a Language> {
        asked.into_iter().chain(self.account.as_ref().map(|account| &account.language)).chain(&self.accepts)
    }

    /// The site language to speak to the viewer in.
    #[must_use]
    pub fn speaks(&self) -> Language {
        self.languages(None).find(|language| language.is_of_site()).cloned().unwrap_or_else(Language::english)
    }
}

/// The network that an address stands for: an IPv4 address, also one mapped into IPv6, is its own; of IPv6 it is the /64 that
/// one client has for itself, and within which phones change theirs.
#[must_use]
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        IpAddr::V4(_) => address.to_canonical(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_in_a_home_network_count_as_one() {
        let network = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:1"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
    }
}
