//! The cookies as text (RFC 6265), that of the session and that of the device: one place for their names and attributes.
//! Resolvers set them with `ctx.append_http_header("set-cookie", …)`; `http` reads them.

use super::{ABSOLUTE, DEVICE_LIFE};
use crate::config::Config;

const SESSION: &str = "lyceum";
const DEVICE: &str = "lyceum-device";

/// Value of `Clear-Site-Data` at the end of a session on a shared device: what the browser kept of us goes.
pub const CLEAR_SITE_DATA: &str = r#""cache", "cookies", "storage""#;

/// Full name of a cookie. Browsers let only this very host set a `__Host-` cookie, and only over https.
fn name(config: &Config, cookie: &str) -> String {
    if config.is_https() { format!("__Host-{cookie}") } else { cookie.to_owned() }
}

fn attributes(config: &Config) -> &'static str {
    if config.is_https() { "Path=/; HttpOnly; SameSite=Lax; Secure" } else { "Path=/; HttpOnly; SameSite=Lax" }
}

/// The `Set-Cookie` value that begins a session. On a shared device it goes when the browser is closed.
#[must_use]
pub fn set(config: &Config, token: &str, shared: bool) -> String {
    let cookie = format!("{}={token}; {}", name(config, SESSION), attributes(config));
    if shared { cookie } else { format!("{cookie}; Max-Age={}", ABSOLUTE.num_seconds()) }
}

/// The `Set-Cookie` value that ends a session.
#[must_use]
pub fn clear(config: &Config) -> String {
    format!("{}=; {}; Max-Age=0", name(config, SESSION), attributes(config))
}

/// The `Set-Cookie` value by which a device is known again.
#[must_use]
pub fn set_device(config: &Config, token: &str) -> String {
    format!("{}={token}; {}; Max-Age={}", name(config, DEVICE), attributes(config), DEVICE_LIFE.num_seconds())
}

/// The token of the session in a `Cookie` header.
#[must_use]
pub fn read<'a>(config: &Config, header: &'a str) -> Option<&'a str> {
    value(header, &name(config, SESSION))
}

/// The token of the device in a `Cookie` header.
#[must_use]
pub fn read_device<'a>(config: &Config, header: &'a str) -> Option<&'a str> {
    value(header, &name(config, DEVICE))
}

fn value<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    let pairs = header.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(key, _)| *key == name).map(|(_, token)| token).find(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(public_url: &str) -> Config {
        Config::from_values([("LYCEUM_PUBLIC_URL".to_owned(), public_url.to_owned())].into()).expect("the setting holds")
    }

    #[test]
    fn a_cookie_over_https_is_bound_to_the_host() {
        let config = config("https://lyceum.example");
        assert_eq!(set(&config, "t0ken", false), "__Host-lyceum=t0ken; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=2592000");
        assert_eq!(clear(&config), "__Host-lyceum=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0");
        assert_eq!(read(&config, "lyceum=other; __Host-lyceum=t0ken"), Some("t0ken"));
    }

    #[test]
    fn a_cookie_on_a_shared_device_does_not_last() {
        let config = config("http://127.0.0.1:8000");
        assert_eq!(set(&config, "t0ken", true), "lyceum=t0ken; Path=/; HttpOnly; SameSite=Lax");
    }

    #[test]
    fn only_our_own_cookie_is_read() {
        let config = config("http://127.0.0.1:8000");
        assert_eq!(read(&config, "theme=dark; lyceum=t0ken;x"), Some("t0ken"));
        assert_eq!(read(&config, "lyceum-device=d"), None);
        assert_eq!(read_device(&config, "lyceum=t0ken; lyceum-device=d"), Some("d"));
        assert_eq!(read(&config, "__Host-lyceum=t0ken; xlyceum=a; lyceum="), None);
    }
}
