//! What somebody gives to get an account.

use sea_orm::Set;
use serde::{Deserialize, Serialize};

use super::user;
use crate::{clock::Instant, ids::UserId, language::Language, role::Roles, text};

/// What somebody gives to get an account. It lies with the link that was mailed to them until they open it, since others
/// may sign up with the same address.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Given {
    /// Address.
    pub email: String,
    /// Argon2id in PHC form.
    pub password_hash: String,
    /// Name in the person's own script.
    pub full_name: String,
    /// Preferred language.
    pub language: Language,
    /// IANA zone.
    pub time_zone: String,
    /// Version of the terms that was accepted.
    pub terms_version: String,
}

impl Given {
    /// A new account, which can't be signed in to yet.
    pub fn row(&self, id: UserId, now: Instant) -> user::ActiveModel {
        let mut row = user::ActiveModel {
            id: Set(id),
            email_key: Set(text::email_key(&self.email)),
            latin_name: Set(None),
            country: Set(None),
            organisation: Set(None),
            organisation_kind: Set(None),
            gender: Set(None),
            is_name_shown: Set(false),
            roles: Set(Roles::default()),
            confirmed_at: Set(None),
            vetted_at: Set(None),
            suspended_at: Set(None),
            sessions_since: Set(None),
            session_kept: Set(None),
            created_at: Set(now),
            ..Default::default()
        };
        self.write(&mut row);
        row
    }

    /// Writes it to an account of the same address.
    pub fn write(&self, row: &mut user::ActiveModel) {
        row.email = Set(self.email.clone());
        row.password_hash = Set(self.password_hash.clone());
        row.full_name = Set(self.full_name.clone());
        row.name_key = Set(text::name_key(&self.full_name, None));
        row.language = Set(self.language.clone());
        row.time_zone = Set(self.time_zone.clone());
        row.terms_version = Set(self.terms_version.clone());
    }
}
