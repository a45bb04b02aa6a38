//! What whoever runs the server does from its command line.

use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};

use super::{
    given::Given,
    joined, passwords, policy,
    signing_in::{end_sessions, void_sessions},
    user,
};
use crate::{
    app::App,
    audit::{self, Action},
    database::Tx,
    error::{Error, Problem, Problems, Result, UserErrorCode},
    ids::UserId,
    language::Language,
    naming,
    role::{Roles, SiteRole},
    text, transact,
    viewer::Viewer,
};

/// An account made from the command line: confirmed and vetted.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Address.
    pub email: String,
    /// Password.
    pub password: String,
    /// Full name.
    pub full_name: String,
    /// Preferred language.
    pub language: Language,
    /// IANA zone.
    pub time_zone: String,
    /// Site roles.
    pub roles: Roles,
    /// Whether it is vetted at once.
    pub vetted: bool,
}

/// Makes an account; its address counts as confirmed.
pub async fn create(app: &App, new: NewAccount) -> Result<UserId> {
    let mut problems = Problems::new();
    let email = problems.take("email", text::email(&new.email));
    let full_name = problems.take("name", naming::name(&new.full_name));
    problems.take("timeZone", text::time_zone(&new.time_zone));
    problems.done()?;
    let given = Given {
        password_hash: app.hasher.hash(&new.password).await?,
        email,
        full_name,
        language: new.language,
        time_zone: new.time_zone,
        terms_version: app.config.terms_version.clone(),
    };
    transact!(app, |tx| {
        let id = UserId::new();
        let mut row = given.row(id, tx.now());
        row.roles = Set(new.roles);
        row.confirmed_at = Set(Some(tx.now()));
        row.vetted_at = Set(new.vetted.then_some(tx.now()));
        let user = row.insert(tx).await.map_err(|err| {
            if Error::is_duplicate(&err) { Problem::at(UserErrorCode::Taken, "email").into() } else { Error::from(err) }
        })?;
        joined::claim(tx, &user).await?;
        audit::record(tx, &Viewer::visitor(), Action::new("user.created").on(id)).await?;
        Ok(id)
    })
}

async fn by_email(tx: &Tx, email: &str) -> Result<user::Model> {
    let found = user::Entity::find().filter(user::Column::EmailKey.eq(text::email_key(email))).lock_exclusive().one(tx).await?;
    found.ok_or(Error::NotFound("user"))
}

/// Gives the account of an address a site role, or takes it and ends the person's sessions. The last administrator stays one.
pub async fn set_role(app: &App, email: &str, role: SiteRole, given: bool) -> Result<UserId> {
    let id = transact!(app, |tx| {
        let administrators = policy::locked_administrators(tx).await?;
        let user = by_email(tx, email).await?;
        let (id, roles) = (user.id, if given { user.roles.with(role) } else { user.roles.without(role) });
        if !given && role == SiteRole::Administrator && administrators == [id] {
            return Err(Problem::at(UserErrorCode::WrongState, "revoke").saying("problem-last-administrator").into());
        }
        let mut change = user.into_active_model();
        change.roles = Set(roles);
        if !given {
            void_sessions(app, &mut change, None);
        }
        change.update(tx).await?;
        let action = if given { "user.role_granted" } else { "user.role_revoked" };
        audit::record(tx, &Viewer::visitor(), Action::new(action).on(id).with("role", role.name())).await?;
        Ok(id)
    })?;
    if !given {
        end_sessions(app, id, None).await;
    }
    Ok(id)
}

/// A link to set a new password for the account of an address, as one is mailed to those who have forgotten theirs: for whoever
/// no mail reaches. Whoever runs the server answers for whom they give it to.
pub async fn password_link(app: &App, email: &str) -> Result<String> {
    let link = transact!(app, |tx| {
        let user = by_email(tx, email).await?;
        if user.suspended_at.is_some() {
            return Err(Problem::at(UserErrorCode::WrongState, "email").into());
        }
        // To use the link would confirm the address, and hand over the rights given to it, though nobody has read its mail.
        if user.confirmed_at.is_none() {
            return Err(Problem::at(UserErrorCode::Incomplete, "email").into());
        }
        let link = passwords::issue_link(tx, user.id).await?;
        audit::record(tx, &Viewer::visitor(), Action::new("user.password_link_made").on(user.id)).await?;
        Ok(link)
    })?;
    Ok(link.address(app))
}

/// Whether anybody has an account but those with these addresses.
pub async fn has_people_but(app: &App, emails: &[String]) -> Result<bool> {
    let others = user::Entity::find().filter(user::Column::EmailKey.is_not_in(emails.iter().map(|email| text::email_key(email))));
    Ok(others.one(app.db.read()).await?.is_some())
}

/// Whether anybody who can sign in is administrator.
pub async fn has_administrator(app: &App) -> Result<bool> {
    Ok(policy::administrators().one(app.db.read()).await?.is_some())
}
