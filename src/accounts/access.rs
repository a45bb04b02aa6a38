//! The `access` table: who was let in to one course, recording or community, by e-mail address. The person is known once
//! somebody has confirmed that address.

use async_graphql::Enum;
use sea_orm::{
    ColumnTrait, Condition, QuerySelect, QueryTrait, Set,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait as _, SelectStatement, SimpleExpr},
};
use uuid::Uuid;

use crate::{
    clock::Instant,
    ids::{AccessId, UserId},
    viewer::Viewer,
    visibility::Visibility,
};

/// What a person is let in as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum AccessRole {
    /// May see it and take part.
    #[sea_orm(string_value = "member")]
    Member,
    /// May change it and see what its learners, audience or registrants do (courses, recordings and webinars).
    #[sea_orm(string_value = "staff")]
    Staff,
    /// May moderate its discussion (communities).
    #[sea_orm(string_value = "moderator")]
    Moderator,
    /// Speaks in it: sees it before it is published, its materials and where the live picture is (webinars).
    #[sea_orm(string_value = "speaker")]
    Speaker,
}

/// A right given to one thing.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "access")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccessId,
    /// UUID of the course, recording or community.
    pub subject_id: Uuid,
    /// Address as given.
    pub email: String,
    /// The form in which addresses are compared; unique within the subject.
    pub email_key: String,
    /// Who has confirmed that address.
    pub user_id: Option<UserId>,
    /// As what.
    pub role: AccessRole,
    /// By whom.
    pub granted_by: Option<UserId>,
    /// When.
    pub granted_at: Instant,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// For an `EXISTS`: the rights of `user` to the thing whose id stands in `subject`, of any role or of those named.
pub fn of(user: impl Into<SimpleExpr>, subject: impl ColumnTrait, roles: &[AccessRole]) -> SelectStatement {
    let mut rights = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::SubjectId.into_expr().equals(subject.as_column_ref()))
        .filter(Column::UserId.into_expr().eq(user));
    if !roles.is_empty() {
        rights = rights.filter(Column::Role.is_in(roles.iter().copied()));
    }
    rights.into_query()
}

/// The things that `viewer` may see by their mark, or since they were let in by name; administrators see all. The columns are
/// those of the thing: its mark and its id.
pub fn open_to(viewer: &Viewer, visibility: impl ColumnTrait, id: impl ColumnTrait) -> Condition {
    if viewer.is_administrator() {
        return Condition::all();
    }
    let marked = |mark: Visibility| Expr::col(visibility.as_column_ref()).eq(mark);
    let open = Condition::any().add(marked(Visibility::Public));
    let Some(account) = &viewer.account else { return open };
    let open = open.add(Expr::exists(of(account.id, id, &[])));
    if account.vetted { open.add(marked(Visibility::Members)) } else { open }
}

/// [`open_to`], and what is their own, by the condition `own`; there is none for whoever may not make such things.
pub fn seen(viewer: &Viewer, own: Option<SimpleExpr>, visibility: impl ColumnTrait, id: impl ColumnTrait) -> Condition {
    let open = open_to(viewer, visibility, id);
    if viewer.is_administrator() { open } else { open.add_option(own) }
}

/// Somebody whom columns tell of: each of many people, in a table of given rows.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their account.
    pub id: SimpleExpr,
    /// Whether that is vetted.
    pub is_vetted: SimpleExpr,
    /// Whether they are an administrator.
    pub is_administrator: SimpleExpr,
    /// Whether they may make such things as are asked about: only then those that they own are their own.
    pub is_maker: SimpleExpr,
}

impl Person {
    /// That a thing is their own, whose owner stands in the column `owner`.
    pub fn owns(&self, owner: impl ColumnTrait) -> SimpleExpr {
        owner.into_expr().eq(self.id.clone()).and(self.is_maker.clone())
    }
}

/// [`seen`], by such a person.
pub fn seen_by(person: &Person, visibility: impl ColumnTrait, owner: impl ColumnTrait, id: impl ColumnTrait) -> Condition {
    let visibility = Expr::col(visibility.as_column_ref());
    let of_members = visibility.clone().eq(Visibility::Members).and(person.is_vetted.clone());
    Condition::any()
        .add(person.is_administrator.clone())
        .add(visibility.eq(Visibility::Public))
        .add(of_members)
        .add(person.owns(owner))
        .add(Expr::exists(of(person.id.clone(), id, &[])))
}

/// Whether `viewer` sees a thing of this mark, which may be their own, as far as that says. Those whose own it is and
/// administrators always do, others once it is published; `None` when it depends on rights given by name, or on where else it is
/// shown.
#[must_use]
pub fn at_sight(viewer: &Viewer, is_own: bool, visibility: Visibility, is_published: bool) -> Option<bool> {
    if viewer.is_administrator() || is_own {
        return Some(true);
    }
    let is_open = match visibility {
        Visibility::Public => true,
        Visibility::Members => viewer.is_vetted(),
        Visibility::Invited => false,
    };
    let is_seen = is_published && is_open;
    (is_seen || viewer.account.is_none()).then_some(is_seen)
}

/// Gives a person what was given to their address before it was theirs; whether that was anything.
pub async fn claim(db: &impl ConnectionTrait, user: UserId, email_key: &str) -> Result<bool, DbErr> {
    let change = ActiveModel { user_id: Set(Some(user)), ..Default::default() };
    let claimed = Entity::update_many().set(change).filter(Column::EmailKey.eq(email_key)).exec(db).await?;
    Ok(claimed.rows_affected > 0)
}

/// Takes back what somebody gave to themselves, but that they may see a thing and take part.
pub async fn forget_given_to_oneself(db: &impl ConnectionTrait, user: UserId) -> Result<(), DbErr> {
    let given = Entity::delete_many().filter(Column::UserId.into_expr().eq(user)).filter(Column::GrantedBy.into_expr().eq(user));
    given.filter(Column::Role.is_in([AccessRole::Staff, AccessRole::Moderator])).exec(db).await?;
    Ok(())
}

/// Whether `user` was given one of `roles` (any when empty) to the thing `subject`.
pub async fn holds(db: &impl ConnectionTrait, user: UserId, subject: Uuid, roles: &[AccessRole]) -> Result<bool, DbErr> {
    let mut rights = Entity::find().filter(Column::SubjectId.eq(subject)).filter(Column::UserId.into_expr().eq(user));
    if !roles.is_empty() {
        rights = rights.filter(Column::Role.is_in(roles.iter().copied()));
    }
    Ok(rights.one(db).await?.is_some())
}
