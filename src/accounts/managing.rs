//! What administrators do with accounts: vetting, suspending, roles, looking people up.

use sea_orm::sea_query::{Expr, ExprTrait as _, Func, LikeExpr};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, Set};

use super::{policy, user};
use crate::{
    app::App,
    audit::{self, Action},
    database::Tx,
    error::{Problem, Problems, Result, UserErrorCode},
    ids::UserId,
    jobs,
    mail::{Letter, Link},
    paging::{Direction, Page, Paged, Slice},
    role::{Roles, SiteRole},
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
    if let Some(search) = search.map(str::trim).filter(|search| !search.is_empty()) {
        let escaped = search.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let like = || LikeExpr::new(format!("%{escaped}%")).escape('\\');
        users = users.filter(
            Condition::any()
                .add(Expr::expr(Func::lower(Expr::col(user::Column::FullName))).like(like()))
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

/// Vets an account and tells the person.
pub async fn vet(app: &App, viewer: &Viewer, id: UserId) -> Result<user::Model> {
    transact!(app, |tx| {
        let user = policy::managed(tx, viewer, id).await?;
        if user.vetted_at.is_some() || user.confirmed_at.is_none() {
            return Err(wrong_state());
        }
        let mut change = user.into_active_model();
        change.vetted_at = Set(Some(tx.now()));
        let user = change.update(tx).await?;
        audit::record(tx, viewer, Action::new("user.vetted").on(id)).await?;
        jobs::enqueue(tx, &Letter::new("vetted", &user.email, &user.language).linking(Link::Page("/demo/".into()))).await?;
        Ok(user)
    })
}

/// Lets an account sign in no more and ends its sessions: each request asks the account anew.
pub async fn suspend(app: &App, viewer: &Viewer, id: UserId, reason: &str) -> Result<user::Model> {
    let mut problems = Problems::new();
    let reason = problems.take("reason", text::line(reason, 500));
    problems.done()?;
    transact!(app, |tx| {
        let user = policy::managed(tx, viewer, id).await?;
        if user.suspended_at.is_some() || viewer.is(id) || is_last_administrator(tx, &user).await? {
            return Err(wrong_state());
        }
        let mut change = user.into_active_model();
        change.suspended_at = Set(Some(tx.now()));
        change.sessions_since = Set(Some(tx.now()));
        change.session_kept = Set(None);
        let user = change.update(tx).await?;
        audit::record(tx, viewer, Action::new("user.suspended").on(id).with("reason", &reason)).await?;
        Ok(user)
    })
}

/// Lets a suspended account sign in again.
pub async fn reinstate(app: &App, viewer: &Viewer, id: UserId) -> Result<user::Model> {
    transact!(app, |tx| {
        let user = policy::managed(tx, viewer, id).await?;
        if user.suspended_at.is_none() {
            return Err(wrong_state());
        }
        let mut change = user.into_active_model();
        change.suspended_at = Set(None);
        let user = change.update(tx).await?;
        audit::record(tx, viewer, Action::new("user.reinstated").on(id)).await?;
        Ok(user)
    })
}

/// Gives a site role, or takes it. Doing so twice changes nothing.
pub async fn set_role(app: &App, viewer: &Viewer, id: UserId, role: SiteRole, given: bool) -> Result<user::Model> {
    transact!(app, |tx| {
        let user = policy::managed(tx, viewer, id).await?;
        if user.roles.contains(role) == given {
            return Ok(user);
        }
        let unvetted = given && user.vetted_at.is_none();
        let last = !given && role == SiteRole::Administrator && is_last_administrator(tx, &user).await?;
        if unvetted || last {
            return Err(wrong_state());
        }
        let roles = if given { user.roles.with(role) } else { user.roles.without(role) };
        let mut change = user.into_active_model();
        change.roles = Set(roles);
        let user = change.update(tx).await?;
        let action = if given { "user.role_granted" } else { "user.role_revoked" };
        audit::record(tx, viewer, Action::new(action).on(id).with("role", role.name())).await?;
        Ok(user)
    })
}

/// Whether nobody else could administer the site.
async fn is_last_administrator(tx: &Tx, user: &user::Model) -> Result<bool> {
    if !user.roles.contains(SiteRole::Administrator) {
        return Ok(false);
    }
    let others = user::Entity::find()
        .filter(Expr::col(user::Column::Roles).bit_and(Roles::ADMINISTRATOR_BIT).ne(0))
        .filter(user::Column::SuspendedAt.is_null())
        .filter(user::Column::Id.ne(user.id))
        .count(tx)
        .await?;
    Ok(others == 0)
}
