//! Signed tokens that stand for a row: the row's UUID and an HMAC-SHA-256 over purpose and UUID (RFC 2104). The database
//! holds no token, so nobody who reads it can make one; whether a row is used up or too old, its own columns say.

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

/// A signature over `message` for `purpose`: for tokens that carry their own content.
#[must_use]
pub fn signature(app: &App, purpose: &str, message: &[u8]) -> Vec<u8> {
    mac(app, purpose, message).finalize().into_bytes().to_vec()
}

/// Whether `signature` is that of `message`; takes the same time either way.
#[must_use]
pub fn is_signed(app: &App, purpose: &str, message: &[u8], signature: &[u8]) -> bool {
    mac(app, purpose, message).verify_slice(signature).is_ok()
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
    let mut bytes = row.as_bytes().to_vec();
    bytes.extend(signature(app, purpose, row.as_bytes()));
    BASE64URL_NOPAD.encode(&bytes)
}

/// The row that a token stands for; `None` unless we signed it for this purpose.
#[must_use]
pub fn verify(app: &App, purpose: Purpose, token: &str) -> Option<Uuid> {
    row_of(app, purpose.name(), token)
}

/// The row of a token that [`of_row`] made.
#[must_use]
pub fn row_of(app: &App, purpose: &str, token: &str) -> Option<Uuid> {
    let bytes = BASE64URL_NOPAD.decode(token.trim().as_bytes()).ok()?;
    let (row, signature) = bytes.split_at_checked(16)?;
    is_signed(app, purpose, row, signature).then(|| Uuid::from_slice(row).ok()).flatten()
}
