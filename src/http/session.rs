//! From headers to a viewer: whose session it is, from which address, in which languages.

use std::net::IpAddr;

use http::{HeaderMap, header};

use crate::{accounts::viewing, app::App, config::Config, error::Result, language::Language, sessions::cookie, viewer::Viewer};

/// Characters of `User-Agent` that are kept.
const USER_AGENT: usize = 200;
/// Characters that a token may have; ours have 43.
const TOKEN: usize = 128;

/// What a client shows to be signed in.
#[derive(Clone)]
pub struct Credential {
    token: String,
    /// It came as a cookie, which browsers send on their own.
    pub by_cookie: bool,
}

impl Credential {
    /// From `Authorization` or else the session cookie; `None` for visitors.
    pub fn of(config: &Config, headers: &HeaderMap) -> Option<Self> {
        let bearer = text(headers, header::AUTHORIZATION).and_then(Self::bearer);
        bearer.or_else(|| {
            let token = cookies(headers).find_map(|value| cookie::read(config, value))?.to_owned();
            Some(Self { token, by_cookie: true })
        })
    }

    /// From the value of an `Authorization` header (RFC 6750).
    pub fn bearer(authorization: &str) -> Option<Self> {
        let (scheme, token) = authorization.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| Self { token: token.trim().to_owned(), by_cookie: false })
    }

    /// `visitor`, signed in if the session lives. Fails when that can't be found out.
    pub async fn sign_in(&self, app: &App, visitor: Viewer) -> Result<Viewer> {
        if self.token.len() > TOKEN {
            return Ok(visitor);
        }
        viewing::sign_in(app, Viewer { by_cookie: self.by_cookie, ..visitor }, &self.token).await
    }
}

/// Who asks, before anything is known about their session. `peer` is the other end of the connection.
pub fn visitor(config: &Config, headers: &HeaderMap, peer: Option<IpAddr>) -> Viewer {
    let nobody = Viewer::visitor();
    Viewer {
        accepts: text(headers, header::ACCEPT_LANGUAGE).map(Language::accepted).unwrap_or_default(),
        address: peer.map_or(nobody.address, |peer| client_address(config, headers, peer)),
        user_agent: text(headers, header::USER_AGENT).unwrap_or_default().chars().take(USER_AGENT).collect(),
        device: cookies(headers).find_map(|value| cookie::read_device(config, value)).map(str::to_owned),
        ..nobody
    }
}

fn cookies(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok())
}

/// The right-most address of `X-Forwarded-For` that is not a trusted proxy's: what stands left of it anyone may have written.
fn client_address(config: &Config, headers: &HeaderMap, peer: IpAddr) -> IpAddr {
    let mut address = peer.to_canonical();
    let forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    for hop in forwarded.into_iter().rev() {
        if !config.trusted_proxies.trusts(address) {
            break;
        }
        let Ok(before) = hop.trim().parse::<IpAddr>() else { break };
        address = before.to_canonical();
    }
    address
}

/// A header as text.
pub fn text(headers: &HeaderMap, name: impl http::header::AsHeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(proxies: &str, forwarded: &str, peer: &str) -> String {
        let config = Config::from_values([("LYCEUM_TRUSTED_PROXIES".to_owned(), proxies.to_owned())].into()).expect("set");
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().expect("a header"));
        client_address(&config, &headers, peer.parse().expect("an address")).to_string()
    }

    #[test]
    fn only_trusted_proxies_say_who_the_client_is() {
        assert_eq!(address("", "203.0.113.7", "198.51.100.1"), "198.51.100.1");
        assert_eq!(address("10.0.0.1", "1.1.1.1, 203.0.113.7", "10.0.0.1"), "203.0.113.7");
        assert_eq!(address("10.0.0.1,10.0.0.2", "1.1.1.1, 203.0.113.7, 10.0.0.2", "::ffff:10.0.0.1"), "203.0.113.7");
        assert_eq!(address("10.0.0.1", "203.0.113.7, nonsense", "10.0.0.1"), "10.0.0.1");
        assert_eq!(address("10.0.0.0/8, fd00::/8", "1.1.1.1, 203.0.113.7, fd00::2, 10.0.0.2", "10.0.0.1"), "203.0.113.7");
    }
}
