//! Signing up and confirming the address. Nobody learns from the answers who has an account.

use async_graphql::InputObject;
use chrono::Duration;
use chrono_tz::Tz;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};
use uuid::Uuid;

use super::{access, admin::TERMS_VERSION, passwords, tokens, user};
use crate::{
    app::App,
    audit::{self, Action},
    config::SignUpPolicy,
    database::Tx,
    error::{Error, Problem, Problems, Result, UserErrorCode},
    ids::UserId,
    jobs,
    language::Language,
    mail::{Letter, Link},
    role::Roles,
    text,
    token::Purpose,
    transact, transact_once,
    viewer::Viewer,
};

/// Mails with links that one account gets in an hour.
const MAILS_AN_HOUR: u64 = 5;

/// A new account.
#[derive(Clone, Debug, InputObject)]
pub struct AccountSignUpInput {
    /// Idempotency key.
    pub key: Uuid,
    /// Address to confirm.
    pub email: String,
    /// 10 to 128 characters, not a common one.
    pub password: String,
    /// In any script, 1 to 200 characters.
    pub full_name: String,
    /// Preferred language, one of the site's.
    pub language: Language,
    /// IANA zone, for example Africa/Cairo.
    pub time_zone: String,
    /// `site.termsVersion` as shown to the person.
    pub accept_terms_version: String,
}

/// Makes an account and mails the link; the owner of an address that has an account is told by mail instead.
pub async fn sign_up(app: &App, viewer: &Viewer, input: AccountSignUpInput) -> Result<()> {
    let mut problems = Problems::new();
    let email = problems.take("input.email", text::email(&input.email));
    let full_name = problems.take("input.fullName", text::line(&input.full_name, 200));
    passwords::check(&mut problems, "input.password", &input.password, &[&email, &full_name]);
    problems.check(input.language.is_of_site(), || Problem::at(UserErrorCode::Invalid, "input.language"));
    problems.check(input.time_zone.parse::<Tz>().is_ok(), || Problem::at(UserErrorCode::Invalid, "input.timeZone"));
    let accepted = input.accept_terms_version == TERMS_VERSION;
    problems.check(accepted, || Problem::at(UserErrorCode::NotAccepted, "input.acceptTermsVersion"));
    problems.done()?;

    // Hashed in any case, so that time tells nothing; kept out of what is remembered with the key.
    let password_hash = app.hasher.hash(&input.password).await?;
    let remembered = (&email, &full_name, &input.language, &input.time_zone);
    transact_once!(app, viewer, input.key, "accountSignUp", &remembered, |tx| {
        let key = text::email_key(&email);
        if let Some(known) = user::Entity::find().filter(user::Column::EmailKey.eq(&key)).one(tx).await? {
            return remind(tx, &known).await;
        }
        let id = UserId::new();
        let row = user::ActiveModel {
            id: Set(id),
            email: Set(email.clone()),
            email_key: Set(key),
            password_hash: Set(password_hash.clone()),
            full_name: Set(full_name.clone()),
            latin_name: Set(None),
            language: Set(input.language.clone()),
            time_zone: Set(input.time_zone.clone()),
            country: Set(None),
            organisation: Set(None),
            gender: Set(None),
            is_name_shown: Set(false),
            roles: Set(Roles::default()),
            terms_version: Set(TERMS_VERSION.to_owned()),
            confirmed_at: Set(None),
            vetted_at: Set(None),
            suspended_at: Set(None),
            sessions_since: Set(None),
            session_kept: Set(None),
            created_at: Set(tx.now()),
        };
        // Of two who sign up at once with one address, the second is tried again and finds the first.
        row.insert(tx).await.map_err(Error::collided)?;
        audit::record(tx, viewer, Action::new("user.signed_up").on(id)).await?;
        send_link(tx, id, &email, &input.language).await
    })
}

/// Tells the owner of an address that somebody signed up with it, with what they need.
async fn remind(tx: &Tx, known: &user::Model) -> Result<()> {
    if known.confirmed_at.is_none() {
        return resend_to(tx, known).await;
    }
    let letter = Letter::new("already-signed-up", &known.email, &known.language).linking(Link::Page("/demo/".into()));
    jobs::enqueue(tx, &letter).await
}

async fn send_link(tx: &Tx, id: UserId, email: &str, language: &Language) -> Result<()> {
    let row = tokens::issue(tx, id, Purpose::Confirmation).await?;
    let link = Link::Token { page: "/demo/#/confirm?token=".into(), purpose: Purpose::Confirmation, row };
    jobs::enqueue(tx, &Letter::new("confirm", email, language).linking(link)).await
}

/// Mails the link again to an account that waits for it, but not endlessly.
pub(super) async fn resend_to(tx: &Tx, user: &user::Model) -> Result<()> {
    let sent = tokens::count_since(tx, user.id, Purpose::Confirmation, tx.now() - Duration::hours(1)).await?;
    if user.confirmed_at.is_some() || sent >= MAILS_AN_HOUR {
        return Ok(());
    }
    send_link(tx, user.id, &user.email, &user.language).await
}

/// Mails the link again, if there is an account that waits for it; says nothing of that.
pub async fn resend(app: &App, email: &str) -> Result<()> {
    let mut problems = Problems::new();
    let email = problems.take("email", text::email(email));
    problems.done()?;
    transact!(app, |tx| {
        match user::Entity::find().filter(user::Column::EmailKey.eq(text::email_key(&email))).one(tx).await? {
            Some(user) => resend_to(tx, &user).await,
            None => Ok(()),
        }
    })
}

/// Confirms an address: the account can be signed in to, and has what was given to the address before. Sent again it
/// answers the same.
pub async fn confirm(app: &App, token: &str) -> Result<()> {
    let expired = || Problem::at(UserErrorCode::Expired, "token").into();
    transact!(app, |tx| {
        let Some(row) = tokens::find(app, tx, Purpose::Confirmation, token).await? else { return Err(expired()) };
        let user = user::Entity::find_by_id(row.user_id).lock_exclusive().one(tx).await?.ok_or_else(expired)?;
        if user.confirmed_at.is_some() {
            return Ok(());
        }
        if row.used_at.is_some() {
            return Err(expired());
        }
        tokens::consume(tx, row).await?;
        let (id, email_key) = (user.id, user.email_key.clone());
        let mut change = user.into_active_model();
        change.confirmed_at = Set(Some(tx.now()));
        if app.config.sign_up == SignUpPolicy::Open {
            change.vetted_at = Set(Some(tx.now()));
        }
        change.update(tx).await?;
        access::Entity::update_many()
            .set(access::ActiveModel { user_id: Set(Some(id)), ..Default::default() })
            .filter(access::Column::EmailKey.eq(email_key))
            .exec(tx)
            .await?;
        audit::record(tx, &Viewer::visitor(), Action::new("user.confirmed").on(id)).await
    })
}
