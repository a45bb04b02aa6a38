//! What administrators do with accounts: vetting, suspending, roles, looking people up.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, Set,
    sea_query::{Expr, ExprTrait as _, LikeExpr},
};

use super::{
    access, policy,
    signing_in::{end_sessions, void_sessions},
    user,
};
use crate::{
    app::App,
    audit::{self, Action},
    error::{Problem, Problems, Result, UserErrorCode},
    ids::UserId,
    jobs,
    mail::{Letter, Link},
    paging::{Direction, Page, Paged, Slice},
    role::SiteRole,
    text, transact,
    viewer::Viewer,
};

fn wrong_state() -> crate::error::Error {
    Problem::at(UserErrorCode::WrongState, "id").into()
}

/// All accounts, newest first; for administrators.
pub async fn list(
    app: &App,
    viewer: &Viewer,
    page: &Page,
    search: Option<&str>,
    vetted: Option<bool>,
) -> Result<Slice<user::Model>> {
    viewer.holding(SiteRole::Administrator)?;
    let mut users = user::Entity::find();
    // No name is longer, and SQLite refuses to look for what is much longer.
    let search = search.map(|search| text::optional_body(search.trim(), 200)).transpose()?.unwrap_or_default();
    if !search.is_empty() {
        let escaped = text::folded(&search).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let like = || LikeExpr::new(format!("%{escaped}%")).escape('\\');
        users = users.filter(
            Condition::any()
                .add(Expr::col(user::Column::NameKey).like(like()))
                .add(Expr::col(user::Column::EmailKey).like(like())),
        );
    }
    users = match vetted {
        Some(true) => users.filter(user::Column::VettedAt.is_not_null()),
        Some(false) => users.filter(user::Column::VettedAt.is_null()),
        None => users,
    };
    users.page(app.db.read(), page, &[(user::Column::Id, Direction::Descending)]).await
}

/// Vets an account and tells the person. Doing so twice changes nothing.
pub async fn vet(app: &App, viewer: &Viewer, id: UserId) -> Result<user::Model> {
    transact!(app, |tx| {
        let user = policy::managed(tx, viewer, id).await?;
        if user.vetted_at.is_some() {
            return Ok(user);
        }
        if user.confirmed_at.is_none() {
            return Err(wrong_state());
        }
        let mut change = user.into_active_model();
        change.vetted_at = Set(Some(tx.now()));
        let user = change.update(tx).await?;
        audit::record(tx, viewer, Action::new("user.vetted").on(id)).await?;
        jobs::enqueue(tx, &Letter::new("vetted", &user.email, &user.language).linking(Link::Page(String::new()))).await?;
        Ok(user)
    })
}

/// Lets an account sign in no more and ends its sessions. Doing so twice changes nothing.
pub async fn suspend(app: &App, viewer: &Viewer, id: UserId, reason: &str) -> Result<user::Model> {
    let mut problems = Problems::new();
    let reason = problems.take("reason", text::line(reason, 500));
    problems.done()?;
    let suspended = transact!(app, |tx| {
        let administrators = policy::fellows(tx, viewer).await?;
        let user = policy::managed(tx, viewer, id).await?;
        if user.suspended_at.is_some() {
            return Ok(user);
        }
        if viewer.is(id) || administrators == [id] {
            return Err(wrong_state());
        }
        let mut change = user.into_active_model();
        change.suspended_at = Set(Some(tx.now()));
        void_sessions(app, &mut change, None);
        let user = change.update(tx).await?;
        audit::record(tx, viewer, Action::new("user.suspended").on(id).with("reason", &reason)).await?;
        Ok(user)
    })?;
    end_sessions(app, id, None).await;
    Ok(suspended)
}

/// Lets a suspended account sign in again. Doing so twice changes nothing.
pub async fn reinstate(app: &App, viewer: &Viewer, id: UserId) -> Result<user::Model> {
    transact!(app, |tx| {
        let user = policy::managed(tx, viewer, id).await?;
        if user.suspended_at.is_none() {
            return Ok(user);
        }
        let mut change = user.into_active_model();
        change.suspended_at = Set(None);
        let user = change.update(tx).await?;
        audit::record(tx, viewer, Action::new("user.reinstated").on(id)).await?;
        Ok(user)
    })
}

/// Gives a site role. Doing so twice changes nothing.
pub async fn grant_role(app: &App, viewer: &Viewer, id: UserId, role: SiteRole) -> Result<user::Model> {
    transact!(app, |tx| {
        let user = policy::managed(tx, viewer, id).await?;
        if user.roles.contains(role) {
            return Ok(user);
        }
        if user.vetted_at.is_none() {
            return Err(Problem::at(UserErrorCode::WrongState, "id").saying("problem-not-vetted").into());
        }
        let roles = user.roles.with(role);
        let mut change = user.into_active_model();
        change.roles = Set(roles);
        let user = change.update(tx).await?;
        audit::record(tx, viewer, Action::new("user.role_granted").on(id).with("role", role.name())).await?;
        Ok(user)
    })
}

/// Takes a site role and ends the person's sessions. Doing so twice changes nothing.
pub async fn revoke_role(app: &App, viewer: &Viewer, id: UserId, role: SiteRole) -> Result<user::Model> {
    let changed = transact!(app, |tx| {
        let administrators = policy::fellows(tx, viewer).await?;
        let user = policy::managed(tx, viewer, id).await?;
        if !user.roles.contains(role) {
            return Ok((user, false));
        }
        if role == SiteRole::Administrator && administrators == [id] {
            return Err(Problem::at(UserErrorCode::WrongState, "id").saying("problem-last-administrator").into());
        }
        let roles = user.roles.without(role);
        let mut change = user.into_active_model();
        change.roles = Set(roles);
        void_sessions(app, &mut change, None);
        let user = change.update(tx).await?;
        // Else who made something could let themselves in to it, and stay.
        access::forget_given_to_oneself(tx, id).await?;
        audit::record(tx, viewer, Action::new("user.role_revoked").on(id).with("role", role.name())).await?;
        Ok((user, true))
    });
    let (user, has_lost_it) = changed?;
    if has_lost_it {
        end_sessions(app, id, None).await;
    }
    Ok(user)
}
