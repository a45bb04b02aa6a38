//! Bringing posts to the moderators' attention, and the queue that they work through.

use async_graphql::InputObject;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, Set, sea_query::OnConflict,
};

use super::{
    flag::{self, FlagReason, FlagState},
    parent::ParentId,
    policy,
    post::PostState,
};
use crate::{
    app::App,
    audit::{self, Action},
    database::Tx,
    error::{Problem, Problems, Result, UserErrorCode},
    ids::{FlagId, PostId},
    paging::{Direction, Page, Paged, Slice},
    text, transact,
    viewer::Viewer,
};

/// Bringing a post to the moderators' attention.
#[derive(Clone, Debug, InputObject)]
pub struct PostFlagInput {
    /// The post.
    pub post_id: PostId,
    /// What is wrong.
    pub reason: FlagReason,
    /// At most 1,000 characters; needed with OTHER.
    #[graphql(default)]
    pub comment: String,
}

/// Flags a post, once for each person: again changes nothing.
pub async fn flag(app: &App, viewer: &Viewer, input: PostFlagInput) -> Result<PostId> {
    let reporter = policy::author(viewer)?.id;
    let mut problems = Problems::new();
    let comment = match input.reason {
        FlagReason::Other => text::body(&input.comment, 1000),
        _ => text::optional_body(&input.comment, 1000),
    };
    let comment = problems.take("input.comment", comment);
    problems.done()?;
    transact!(app, |tx| {
        let post = policy::post_to_flag(tx, viewer, input.post_id).await?;
        if post.state != PostState::Shown {
            return Err(Problem::at(UserErrorCode::WrongState, "input.postId").into());
        }
        let row = flag::ActiveModel {
            id: Set(FlagId::new()),
            post_id: Set(post.id),
            parent_id: Set(post.parent_id),
            reason: Set(input.reason),
            comment: Set(comment.clone()),
            state: Set(FlagState::Open),
            reported_by: Set(Some(reporter)),
            reported_at: Set(tx.now()),
            resolved_by: Set(None),
            resolved_at: Set(None),
        };
        let once = OnConflict::columns([flag::Column::PostId, flag::Column::ReportedBy]).do_nothing().to_owned();
        let written = flag::Entity::insert(row).on_conflict(once).exec_without_returning(tx).await?;
        if written > 0 {
            audit::record(tx, viewer, Action::new("post.flagged").on(post.id)).await?;
        }
        Ok(post.id)
    })
}

/// Decides on an open flag. Deciding the same twice changes nothing.
pub async fn resolve(app: &App, viewer: &Viewer, id: FlagId, upheld: bool) -> Result<()> {
    transact!(app, |tx| {
        let flag = policy::moderated_flag(tx, viewer, id).await?;
        let wanted = if upheld { FlagState::Upheld } else { FlagState::Dismissed };
        if flag.state == wanted {
            return Ok(());
        }
        if flag.state != FlagState::Open {
            return Err(Problem::at(UserErrorCode::WrongState, "id").into());
        }
        let mut change = flag.into_active_model();
        change.state = Set(wanted);
        change.resolved_by = Set(viewer.user_id());
        change.resolved_at = Set(Some(tx.now()));
        change.update(tx).await?;
        let action = if upheld { "flag.upheld" } else { "flag.dismissed" };
        audit::record(tx, viewer, Action::new(action).on(id)).await
    })
}

/// Upholds the open flags on a post, because a moderator acted on it.
pub(super) async fn settle(tx: &Tx, viewer: &Viewer, post: PostId) -> Result<()> {
    flag::Entity::update_many()
        .set(flag::ActiveModel {
            state: Set(FlagState::Upheld),
            resolved_by: Set(viewer.user_id()),
            resolved_at: Set(Some(tx.now())),
            ..Default::default()
        })
        .filter(flag::Column::PostId.eq(post))
        .filter(flag::Column::State.eq(FlagState::Open))
        .exec(tx)
        .await?;
    Ok(())
}

/// The moderators' queue of a community or course, oldest first; `None` for all but moderators.
pub async fn queue(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    parent: ParentId,
    state: FlagState,
    page: &Page,
) -> Result<Option<Slice<flag::Model>>> {
    if !policy::standing(db, viewer, parent).await?.moderates {
        return Ok(None);
    }
    let flags = policy::flags(viewer).filter(flag::Column::ParentId.eq(parent)).filter(flag::Column::State.eq(state));
    Ok(Some(flags.page(db, page, &[(flag::Column::Id, Direction::Ascending)]).await?))
}
