//! Signing up and confirming the address. Nobody learns from the answers who has an account.

use async_graphql::InputObject;
use chrono::Duration;
use chrono_tz::Tz;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};
use uuid::Uuid;

use super::{given::Given, joined, passwords, throttle, tokens, user};
use crate::{
    app::App,
    audit::{self, Action},
    config::SignUpPolicy,
    database::Tx,
    error::{Error, Problem, Problems, Result, UserErrorCode},
    ids::UserId,
    jobs,
    language::{Language, texts::of_site},
    mail::{Letter, Link},
    naming, text,
    token::Purpose,
    transact, transact_once,
    viewer::Viewer,
};

/// Mails with links that one account gets in an hour.
pub(super) const MAILS_AN_HOUR: u64 = 5;

/// A new account.
#[derive(Clone, Debug, InputObject)]
pub struct AccountSignUpInput {
    /// Idempotency key.
    pub key: Uuid,
    /// Address to confirm.
    pub email: String,
    /// 10 to 128 characters, not a common one.
    pub password: String,
    /// In any script, each word in one, 1 to 200 characters.
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
    let full_name = problems.take("input.fullName", naming::name(&input.full_name));
    passwords::check(&mut problems, "input.password", &input.password);
    problems.take("input.language", of_site(&input.language));
    problems.check(input.time_zone.parse::<Tz>().is_ok(), || {
        Problem::at(UserErrorCode::Invalid, "input.timeZone").saying("problem-no-time-zone")
    });
    let accepted = input.accept_terms_version == app.config.terms_version;
    problems.check(accepted, || Problem::at(UserErrorCode::NotAccepted, "input.acceptTermsVersion"));
    problems.done()?;

    throttle::visit(app, viewer, "sign-up").await?;
    passwords::judge("input.password", &input.password, &[&email, &full_name])?;
    // Hashed in any case, so that time tells nothing; kept out of what is remembered with the key.
    let given = Given {
        password_hash: app.hasher.hash(&input.password).await?,
        email,
        full_name,
        language: input.language,
        time_zone: input.time_zone,
        terms_version: app.config.terms_version.clone(),
    };
    let remembered = (&given.email, &given.full_name, &given.language, &given.time_zone);
    transact_once!(app, viewer, input.key, "accountSignUp", &remembered, |tx| {
        match by_email(tx, &given.email).await? {
            Some(known) if known.confirmed_at.is_some() => tell_known(tx, &known).await,
            Some(waiting) => send_link(tx, waiting.id, &given).await,
            None => {
                let id = insert(tx, viewer, &given).await?;
                send_link(tx, id, &given).await
            }
        }
    })
}

async fn by_email(tx: &Tx, email: &str) -> Result<Option<user::Model>> {
    Ok(user::Entity::find().filter(user::Column::EmailKey.eq(text::email_key(email))).one(tx).await?)
}

/// Of two who sign up at once with one address, the second is tried again and finds the first.
async fn insert(tx: &Tx, viewer: &Viewer, given: &Given) -> Result<UserId> {
    let id = UserId::new();
    let inserted = given.row(id, tx.now()).insert(tx).await;
    inserted.map_err(Error::collided)?;
    audit::record(tx, viewer, Action::new("user.signed_up").on(id)).await?;
    Ok(id)
}

/// Tells the owner of an account that somebody signed up with its address, but not endlessly.
async fn tell_known(tx: &Tx, known: &user::Model) -> Result<()> {
    if !throttle::may_write(tx, known.id, "already-signed-up").await? {
        return Ok(());
    }
    let letter = Letter::new("already-signed-up", &known.email, &known.language).linking(Link::Page("#/sign-in".into()));
    jobs::enqueue(tx, &letter.awaited()).await
}

/// Mails the link of a sign-up. What was given is kept even when no more mails may go out: then it is known that several
/// signed up with the address.
async fn send_link(tx: &Tx, id: UserId, given: &Given) -> Result<()> {
    let sent = mails_sent(tx, id, Purpose::Confirmation).await?;
    let account = serde_json::to_string(given).map_err(Error::internal)?;
    let row = tokens::issue_confirmation(tx, id, account).await?;
    if sent >= MAILS_AN_HOUR {
        return Ok(());
    }
    let link = Link::Token { page: "#/confirm?token=".into(), purpose: Purpose::Confirmation, row };
    jobs::enqueue(tx, &Letter::new("confirm", &given.email, &given.language).linking(link).awaited()).await
}

/// How many mails with links for a purpose a person got within the hour.
pub(super) async fn mails_sent(tx: &Tx, id: UserId, purpose: Purpose) -> Result<u64> {
    tokens::count_since(tx, id, purpose, tx.now() - Duration::hours(1)).await
}

/// Mails a link again to an account that waits for it, but not endlessly. When several signed up with the address, nobody
/// can tell which of them asks: whoever reads the mail sets the password.
pub(super) async fn resend_to(tx: &Tx, user: &user::Model) -> Result<()> {
    if user.confirmed_at.is_some() || mails_sent(tx, user.id, Purpose::Confirmation).await? >= MAILS_AN_HOUR {
        return Ok(());
    }
    match tokens::pending(tx, user.id).await?.as_slice() {
        [account] => send_link(tx, user.id, &given(account)?).await,
        _ => passwords::send_link(tx, user).await,
    }
}

/// Mails the link again, if there is an account that waits for it; says nothing of that.
pub async fn resend(app: &App, viewer: &Viewer, email: &str) -> Result<()> {
    let mut problems = Problems::new();
    let email = problems.take("email", text::email(email));
    problems.done()?;
    throttle::visit(app, viewer, "confirmation-resend").await?;
    transact!(app, |tx| {
        match by_email(tx, &email).await? {
            Some(user) => resend_to(tx, &user).await,
            None => Ok(()),
        }
    })
}

/// What a link to confirm an address did.
enum Confirmation {
    /// The address is confirmed.
    Done,
    /// Several signed up with the address: another link was mailed.
    Several,
    /// It is too old, or void.
    Expired,
}

/// Confirms an address: the account becomes what the sign-up gave that the link was mailed for, can be signed in to, and
/// has what was given to the address before. Sent again it answers the same.
///
/// When several signed up with the address, who reads its mail can't tell whose sign-up a link is of, and one of them may be
/// somebody who waits for the owner to confirm an account with a password that they know: then no link confirms any of them, and
/// whoever reads the mail sets the password.
pub async fn confirm(app: &App, token: &str) -> Result<()> {
    let expired = || Problem::at(UserErrorCode::Expired, "token");
    let done = transact!(app, |tx| {
        let found = tokens::lock(app, tx, Purpose::Confirmation, token).await?;
        let Some(row) = found else { return Ok(Confirmation::Expired) };
        let user = user::Entity::find_by_id(row.user_id).lock_exclusive().one(tx).await?;
        let Some(user) = user else { return Ok(Confirmation::Expired) };
        if user.confirmed_at.is_some() {
            return Ok(Confirmation::Done);
        }
        if row.used_at.is_some() {
            return Ok(Confirmation::Expired);
        }
        let given = row.account.as_deref().map(given).transpose()?;
        // The account itself still has the password of the first, whose own link may be too old by now.
        let is_first = given.as_ref().is_none_or(|given| given.password_hash == user.password_hash);
        if !is_first || tokens::pending(tx, user.id).await?.len() > 1 {
            passwords::send_link(tx, &user).await?;
            return Ok(Confirmation::Several);
        }
        let mut change = user.into_active_model();
        if let Some(given) = given {
            given.write(&mut change);
        }
        confirmed(app, tx, change).await?;
        Ok(Confirmation::Done)
    })?;
    match done {
        Confirmation::Done => Ok(()),
        Confirmation::Several => Err(expired().saying("problem-several-signed-up").into()),
        Confirmation::Expired => Err(expired().into()),
    }
}

/// Writes an account whose password is set by a link before its address was confirmed, with what the sign-up gave that waits for
/// that. Where several wait, or none does any more, whoever reads the mail has to say what they are called.
pub(super) async fn confirmed_by_reset(
    app: &App,
    tx: &Tx,
    mut change: user::ActiveModel,
    full_name: Option<&str>,
) -> Result<user::Model> {
    let password_hash = change.password_hash.clone();
    let waiting = tokens::pending(tx, *change.id.as_ref()).await?;
    let waiting = waiting.iter().map(|account| given(account)).collect::<Result<Vec<_>>>()?;
    let is_named = waiting.first().is_some_and(|first| waiting.iter().all(|given| given.full_name == first.full_name));
    if let Some(given) = waiting.last() {
        given.write(&mut change);
    }
    match full_name {
        Some(name) => {
            change.full_name = Set(name.to_owned());
            change.name_key = Set(text::name_key(name, None));
        }
        None if is_named => {}
        None => return Err(Problem::at(UserErrorCode::Blank, "input.fullName").into()),
    }
    change.password_hash = password_hash;
    confirmed(app, tx, change).await
}

/// What a sign-up gave.
fn given(account: &str) -> Result<Given> {
    serde_json::from_str(account).map_err(Error::internal)
}

/// Writes an account whose owner has shown that they read its mail for the first time.
async fn confirmed(app: &App, tx: &Tx, mut change: user::ActiveModel) -> Result<user::Model> {
    change.confirmed_at = Set(Some(tx.now()));
    if app.config.sign_up == SignUpPolicy::Open {
        change.vetted_at = Set(Some(tx.now()));
    }
    let user = change.update(tx).await?;
    tokens::void(tx, user.id, Purpose::Confirmation).await?;
    joined::claim(tx, &user).await?;
    audit::record(tx, &Viewer::visitor(), Action::new("user.confirmed").on(user.id)).await?;
    Ok(user)
}
