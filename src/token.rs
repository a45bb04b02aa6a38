//! Signed tokens: content, and an HMAC-SHA-256 over purpose and content (RFC 2104). The content of most is the UUID of a row: the
//! database holds no token, so nobody who reads it can make one; whether a row is used up or too old, its own columns say.

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

use crate::app::App;

/// What a token is for; a token of one purpose is none of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purpose {
    /// Confirming an address.
    Confirmation,
    /// Setting a new password.
    PasswordReset,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Confirmation => "confirmation",
            Self::PasswordReset => "password-reset",
        }
    }
}

/// Bytes of a signature.
const SIGNATURE: usize = 32;

/// A token that carries its own content: that, and a signature over it for `purpose`.
#[must_use]
pub fn seal(app: &App, purpose: &str, content: &[u8]) -> String {
    let mut bytes = content.to_vec();
    bytes.extend_from_slice(&mac(app, purpose, content).finalize().into_bytes());
    BASE64URL_NOPAD.encode(&bytes)
}

/// The content of a token; `None` unless we sealed it for this purpose. Takes the same time whatever the signature is.
#[must_use]
pub fn unseal(app: &App, purpose: &str, sealed: &str) -> Option<Vec<u8>> {
    let mut bytes = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
    let signature = bytes.split_off(bytes.len().checked_sub(SIGNATURE)?);
    mac(app, purpose, &bytes).verify_slice(&signature).ok().map(|()| bytes)
}

/// What stands for a text where it is not to be read: only who has our key can tell whether it is that of a text.
#[must_use]
pub fn veil(app: &App, purpose: &str, text: &str) -> [u8; SIGNATURE] {
    mac(app, purpose, text.as_bytes()).finalize().into_bytes().into()
}

fn mac(app: &App, purpose: &str, message: &[u8]) -> Hmac<Sha256> {
    let key = app.secret.expose_secret().as_bytes();
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    mac.update(purpose.as_bytes());
    mac.update(&[0]);
    mac.update(message);
    mac
}

/// The token of a row.
#[must_use]
pub fn sign(app: &App, purpose: Purpose, row: Uuid) -> String {
    of_row(app, purpose.name(), row)
}

/// The token of a row, for a purpose that is none of accounts'.
#[must_use]
pub fn of_row(app: &App, purpose: &str, row: Uuid) -> String {
    seal(app, purpose, row.as_bytes())
}

/// The row that a token stands for; `None` unless we signed it for this purpose.
#[must_use]
pub fn verify(app: &App, purpose: Purpose, token: &str) -> Option<Uuid> {
    row_of(app, purpose.name(), token)
}

/// The row of a token that [`of_row`] made.
#[must_use]
pub fn row_of(app: &App, purpose: &str, token: &str) -> Option<Uuid> {
    Uuid::from_slice(&unseal(app, purpose, token.trim())?).ok()
}
