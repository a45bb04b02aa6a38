//! Passwords: what is allowed, setting a forgotten one anew, changing one.

use async_graphql::InputObject;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};
use unicode_segmentation::UnicodeSegmentation;

use super::{
    devices, policy,
    signing_in::{end_sessions, void_sessions},
    signing_up::{self, MAILS_AN_HOUR},
    throttle, tokens, user,
};
use crate::{
    app::App,
    audit::{self, Action},
    database::Tx,
    error::{Error, Problem, Problems, Result, UserErrorCode},
    ids::UserId,
    jobs,
    mail::{Letter, Link},
    naming, text,
    token::Purpose,
    transact,
    viewer::Viewer,
};

const SHORTEST: usize = 10;
const LONGEST: usize = 128;
/// Guesses that a password must withstand: a million, zxcvbn's score 2 (Wheeler, USENIX Security 2016).
const GUESSES: u64 = 1_000_000;
/// Characters by which a password is judged: the work grows with more than their square, and so many withstand enough guesses
/// unless they only repeat something.
const JUDGED: usize = 20;
/// Bytes that a password to be compared may have: more is no password of ours, and not worth hashing.
pub(super) const LONGEST_COMPARED: usize = 1024;

/// Setting a new password with the token of a link.
#[derive(Clone, Debug, InputObject)]
pub struct PasswordResetInput {
    /// From the link that was mailed, or that `lyceum admin reset-password` printed.
    pub token: String,
    /// 10 to 128 characters, not a common one.
    pub new_password: String,
    /// Of an account whose address is confirmed by this; needed where several signed up with the address, or long ago. 1 to 200
    /// characters.
    pub full_name: Option<String>,
}

/// Changing the password while signed in.
#[derive(Clone, Debug, InputObject)]
pub struct PasswordChangeInput {
    /// The password that holds now.
    pub current_password: String,
    /// 10 to 128 characters, not a common one.
    pub new_password: String,
}

/// Notes at `path` when a new password is too short or too long. Passwords are taken byte for byte.
pub fn check(problems: &mut Problems, path: &str, password: &str) {
    // Bytes first: counting the graphemes of a megabyte is work that nobody should get for free.
    let length = if password.len() > 8 * LONGEST { LONGEST + 1 } else { password.graphemes(true).count() };
    if length < SHORTEST {
        problems.add(Problem::at(UserErrorCode::TooShort, path).with("min", SHORTEST));
    } else if length > LONGEST {
        problems.add(Problem::at(UserErrorCode::TooLong, path).with("max", LONGEST));
    }
}

/// Refuses a new password that is guessed easily, also by what is known of its owner. That takes milliseconds: only for those
/// who were counted before.
pub fn judge(path: &str, password: &str, personal: &[&str]) -> Result<()> {
    let judged: String = password.chars().take(JUDGED).collect();
    if zxcvbn::zxcvbn(&judged, personal).guesses() < GUESSES {
        return Err(Problem::at(UserErrorCode::WeakPassword, path).into());
    }
    Ok(())
}

/// Mails a link to set a new password, if there is such an account; says nothing of that.
pub async fn request_reset(app: &App, viewer: &Viewer, email: &str) -> Result<()> {
    let mut problems = Problems::new();
    let email = problems.take("email", text::email(email));
    problems.done()?;
    throttle::visit(app, viewer, "password-reset-request").await?;
    transact!(app, |tx| {
        let found = user::Entity::find().filter(user::Column::EmailKey.eq(text::email_key(&email))).one(tx).await?;
        match found.filter(|user| user.suspended_at.is_none()) {
            Some(user) => send_link(tx, &user).await,
            None => Ok(()),
        }
    })
}

/// Mails a link to set a new password to the address of the account, but not endlessly.
pub(super) async fn send_link(tx: &Tx, user: &user::Model) -> Result<()> {
    if signing_up::mails_sent(tx, user.id, Purpose::PasswordReset).await? >= MAILS_AN_HOUR {
        return Ok(());
    }
    let link = issue_link(tx, user.id).await?;
    jobs::enqueue(tx, &Letter::new("password-reset", &user.email, &user.language).linking(link).awaited()).await
}

/// Makes a link to set a new password, and older ones void.
pub(super) async fn issue_link(tx: &Tx, user: UserId) -> Result<Link> {
    let row = tokens::issue_reset(tx, user).await?;
    Ok(Link::Token { page: "#/reset?token=".into(), purpose: Purpose::PasswordReset, row })
}

/// Sets a new password and ends all sessions. Sent again with the same password it answers the same. An address that was
/// not confirmed yet is now: its owner has read the mail.
pub async fn reset(app: &App, viewer: &Viewer, input: PasswordResetInput) -> Result<()> {
    let mut problems = Problems::new();
    check(&mut problems, "input.newPassword", &input.new_password);
    let full_name = input.full_name.as_deref().map(|name| problems.take("input.fullName", naming::name(name)));
    problems.done()?;
    let expired = || Error::from(Problem::at(UserErrorCode::Expired, "input.token"));
    throttle::visit(app, viewer, "password-reset").await?;
    judge("input.newPassword", &input.new_password, &[])?;
    // Before hashing, which is dear.
    if tokens::find(app, app.db.read(), Purpose::PasswordReset, &input.token).await?.is_none() {
        return Err(expired());
    }
    let hash = app.hasher.hash(&input.new_password).await?;
    match write_reset(app, &input.token, &hash, full_name.as_deref()).await? {
        Reset::Done(user) => {
            end_sessions(app, user, None).await;
            Ok(())
        }
        Reset::Before(user) => {
            // It tells whether this is the password that holds now, and so counts as an attempt at that.
            let place = app.hasher.place()?;
            let attempt = throttle::attempt(app, viewer, &user.email_key, None).await?;
            let verified = app.hasher.verify(&place, &input.new_password, Some(user.password_hash)).await;
            drop(place);
            let same = verified.and_then(|is_same| if is_same { Ok(()) } else { Err(expired()) });
            attempt.settle(app, same).await?;
            transact!(app, |tx| attempt.succeeded(tx).await)
        }
        Reset::Expired => Err(expired()),
    }
}

/// What a token to set a new password did.
enum Reset {
    /// It set the password of this account.
    Done(UserId),
    /// It was used or void; this is the account as it is now.
    Before(Box<user::Model>),
    /// It is too old.
    Expired,
}

async fn write_reset(app: &App, token: &str, hash: &str, full_name: Option<&str>) -> Result<Reset> {
    transact!(app, |tx| {
        let Some(row) = tokens::lock(app, tx, Purpose::PasswordReset, token).await? else { return Ok(Reset::Expired) };
        let found = user::Entity::find_by_id(row.user_id).lock_exclusive().one(tx).await?;
        let Some(user) = found else { return Ok(Reset::Expired) };
        if row.used_at.is_some() {
            return Ok(Reset::Before(Box::new(user)));
        }
        tokens::void(tx, user.id, Purpose::PasswordReset).await?;
        devices::forget(tx, user.id).await?;
        let is_confirmed = user.confirmed_at.is_some();
        let mut change = user.into_active_model();
        change.password_hash = Set(hash.to_owned());
        void_sessions(app, &mut change, None);
        let user = if is_confirmed {
            change.update(tx).await?
        } else {
            signing_up::confirmed_by_reset(app, tx, change, full_name).await?
        };
        audit::record(tx, &Viewer::visitor(), Action::new("user.password_reset").on(user.id).fields(["password"])).await?;
        jobs::enqueue(tx, &Letter::new("password-changed", &user.email, &user.language)).await?;
        Ok(Reset::Done(user.id))
    })
}

/// Changes one's own password and ends every other session.
pub async fn change(app: &App, viewer: &Viewer, input: PasswordChangeInput) -> Result<()> {
    let account = viewer.signed_in()?;
    let mut problems = Problems::new();
    check(&mut problems, "input.newPassword", &input.new_password);
    problems.done()?;
    if input.current_password.len() > LONGEST_COMPARED {
        return Err(not_theirs());
    }
    let user = user::Entity::find_by_id(account.id).one(app.db.read()).await?.ok_or(Error::Unauthenticated)?;
    let place = app.hasher.place()?;
    // The session is known: strangers who guess at the account don't keep its owner from this.
    let attempt = throttle::attempt(app, viewer, &user.email_key, Some(&account.session.to_string())).await?;
    let verified = app.hasher.verify(&place, &input.current_password, Some(user.password_hash.clone())).await;
    drop(place);
    let right = verified.and_then(|right| if right { Ok(()) } else { Err(not_theirs()) });
    attempt.settle(app, right).await?;
    transact!(app, |tx| attempt.succeeded(tx).await)?;
    judge("input.newPassword", &input.new_password, &[])?;
    let hash = app.hasher.hash(&input.new_password).await?;
    write_change(app, viewer, &user, &hash).await?;
    end_sessions(app, account.id, Some(account.session)).await;
    Ok(())
}

fn not_theirs() -> Error {
    Problem::at(UserErrorCode::WrongCredentials, "input.currentPassword").saying("problem-wrong-password").into()
}

/// `checked` is the account as it was when the current password was compared: another may hold by now.
async fn write_change(app: &App, viewer: &Viewer, checked: &user::Model, hash: &str) -> Result<()> {
    let account = viewer.signed_in()?;
    transact!(app, |tx| {
        let user = policy::own(tx, viewer).await?;
        if user.password_hash != checked.password_hash || user.suspended_at.is_some() {
            return Err(not_theirs());
        }
        // Whoever changes it may do so because somebody else can read their mail.
        tokens::void(tx, user.id, Purpose::PasswordReset).await?;
        let mut change = user.into_active_model();
        change.password_hash = Set(hash.to_owned());
        void_sessions(app, &mut change, Some(account.session));
        let user = change.update(tx).await?;
        audit::record(tx, viewer, Action::new("user.password_changed").on(account.id).fields(["password"])).await?;
        jobs::enqueue(tx, &Letter::new("password-changed", &user.email, &user.language)).await
    })
}
