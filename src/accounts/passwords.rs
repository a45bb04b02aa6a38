//! Passwords: what is allowed, setting a forgotten one anew, changing one.

use async_graphql::InputObject;
use chrono::Duration;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};
use unicode_segmentation::UnicodeSegmentation;

use super::{policy, throttle, tokens, user};
use crate::{
    app::App,
    audit::{self, Action},
    error::{Problem, Problems, Result, UserErrorCode},
    jobs,
    mail::{Letter, Link},
    text,
    token::Purpose,
    transact,
    viewer::Viewer,
};

const SHORTEST: usize = 10;
const LONGEST: usize = 128;
/// Guesses that a password must withstand: a million, zxcvbn's score 2 (Wheeler, USENIX Security 2016).
const GUESSES: u64 = 1_000_000;
/// Mails with links that one account gets in an hour.
const MAILS_AN_HOUR: u64 = 5;

/// Setting a new password with a mailed token.
#[derive(Clone, Debug, InputObject)]
pub struct PasswordResetInput {
    /// From the mailed link.
    pub token: String,
    /// 10 to 128 characters, not a common one.
    pub new_password: String,
}

/// Changing the password while signed in.
#[derive(Clone, Debug, InputObject)]
pub struct PasswordChangeInput {
    /// The password that holds now.
    pub current_password: String,
    /// 10 to 128 characters, not a common one.
    pub new_password: String,
}

/// Notes at `path` what is wrong with a new password. Passwords are taken byte for byte.
pub fn check(problems: &mut Problems, path: &str, password: &str, personal: &[&str]) {
    // Bytes first: counting graphemes and guesses of a megabyte is work that nobody should get for free.
    let length = if password.len() > 8 * LONGEST { LONGEST + 1 } else { password.graphemes(true).count() };
    if length < SHORTEST {
        problems.add(Problem::at(UserErrorCode::TooShort, path).with("min", SHORTEST));
    } else if length > LONGEST {
        problems.add(Problem::at(UserErrorCode::TooLong, path).with("max", LONGEST));
    } else if zxcvbn::zxcvbn(password, personal).guesses() < GUESSES {
        problems.add(Problem::at(UserErrorCode::WeakPassword, path));
    }
}

/// Mails a link to set a new password, if there is such an account; says nothing of that.
pub async fn request_reset(app: &App, email: &str) -> Result<()> {
    let mut problems = Problems::new();
    let email = problems.take("email", text::email(email));
    problems.done()?;
    transact!(app, |tx| {
        let found = user::Entity::find().filter(user::Column::EmailKey.eq(text::email_key(&email))).one(tx).await?;
        let Some(user) = found.filter(|user| user.confirmed_at.is_some() && user.suspended_at.is_none()) else { return Ok(()) };
        if tokens::count_since(tx, user.id, Purpose::PasswordReset, tx.now() - Duration::hours(1)).await? >= MAILS_AN_HOUR {
            return Ok(());
        }
        let row = tokens::issue(tx, user.id, Purpose::PasswordReset).await?;
        let link = Link::Token { page: "/demo/#/reset?token=".into(), purpose: Purpose::PasswordReset, row };
        jobs::enqueue(tx, &Letter::new("password-reset", &user.email, &user.language).linking(link)).await
    })
}

/// Sets a new password and ends all sessions. Sent again with the same password it answers the same.
pub async fn reset(app: &App, input: PasswordResetInput) -> Result<()> {
    let mut problems = Problems::new();
    check(&mut problems, "input.newPassword", &input.new_password, &[]);
    problems.done()?;
    let expired = || Problem::at(UserErrorCode::Expired, "input.token").into();
    let hash = app.hasher.hash(&input.new_password).await?;
    let used = transact!(app, |tx| {
        let Some(row) = tokens::find(app, tx, Purpose::PasswordReset, &input.token).await? else { return Err(expired()) };
        let user = user::Entity::find_by_id(row.user_id).lock_exclusive().one(tx).await?.ok_or_else(expired)?;
        if row.used_at.is_some() {
            return Ok(Some(user.password_hash));
        }
        tokens::consume(tx, row).await?;
        let (id, email, language) = (user.id, user.email.clone(), user.language.clone());
        let mut change = user.into_active_model();
        change.password_hash = Set(hash.clone());
        change.sessions_since = Set(Some(tx.now()));
        change.session_kept = Set(None);
        change.update(tx).await?;
        audit::record(tx, &Viewer::visitor(), Action::new("user.password_reset").on(id).fields(["password"])).await?;
        jobs::enqueue(tx, &Letter::new("password-changed", &email, &language)).await?;
        Ok(None)
    })?;
    let Some(hash) = used else { return Ok(()) };
    if app.hasher.verify(&input.new_password, Some(hash)).await? { Ok(()) } else { Err(expired()) }
}

/// Changes one's own password and ends every other session.
pub async fn change(app: &App, viewer: &Viewer, input: PasswordChangeInput) -> Result<()> {
    let account = viewer.signed_in()?;
    let mut problems = Problems::new();
    check(&mut problems, "input.newPassword", &input.new_password, &[]);
    problems.done()?;
    let user = user::Entity::find_by_id(account.id).one(app.db.read()).await?;
    let user = user.ok_or(crate::error::Error::Unauthenticated)?;
    let attempt = throttle::attempt(app, viewer, &user.email_key).await?;
    if !app.hasher.verify(&input.current_password, Some(user.password_hash)).await? {
        return Err(Problem::at(UserErrorCode::WrongCredentials, "input.currentPassword")
            .saying("problem-wrong-password")
            .into());
    }
    transact!(app, |tx| attempt.succeeded(tx).await)?;
    let hash = app.hasher.hash(&input.new_password).await?;
    transact!(app, |tx| {
        let user = policy::own(tx, viewer).await?;
        let (email, language) = (user.email.clone(), user.language.clone());
        let mut change = user.into_active_model();
        change.password_hash = Set(hash.clone());
        change.sessions_since = Set(Some(tx.now()));
        change.session_kept = Set(Some(account.session));
        change.update(tx).await?;
        audit::record(tx, viewer, Action::new("user.password_changed").on(account.id).fields(["password"])).await?;
        jobs::enqueue(tx, &Letter::new("password-changed", &email, &language)).await
    })
}
