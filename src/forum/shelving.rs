//! Categories: making, naming and ordering the shelves that topics stand on.

use async_graphql::{ID, InputObject};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, Set,
};
use serde::Serialize;
use uuid::Uuid;

use super::{category, category_text, parent::Parent, policy};
use crate::{
    app::App,
    audit::{self, Action},
    error::{Error, Problem, Problems, Result, UserErrorCode},
    ids::CategoryId,
    language::{
        Language,
        texts::{self, of_site},
    },
    rows::reordered,
    text, transact, transact_once,
    viewer::Viewer,
};

/// Categories that a community or course may have.
const MOST: u64 = 100;

/// Texts of a category in one language.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct CategoryTextInput {
    /// One of the site's languages.
    pub language: Language,
    /// 1 to 200 characters.
    pub title: String,
    /// At most 500 characters.
    #[graphql(default)]
    pub description: String,
    /// True when a machine translated it and nobody has confirmed it.
    #[graphql(default)]
    pub is_machine: bool,
}

/// A new category at the end.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct CategoryCreateInput {
    /// Idempotency key.
    pub key: Uuid,
    /// A community or course that the viewer may change.
    pub parent_id: ID,
    /// Its text in the language it is written in first.
    pub text: CategoryTextInput,
}

impl CategoryTextInput {
    /// Parses it; problems are noted under `path`.
    fn parse(&self, problems: &mut Problems, path: &str) -> Self {
        Self {
            language: problems.take(&format!("{path}.language"), of_site(&self.language)),
            title: problems.take(&format!("{path}.title"), text::line(&self.title, 200)),
            description: problems.take(&format!("{path}.description"), text::optional_line(&self.description, 500)),
            is_machine: self.is_machine,
        }
    }

    /// The row of a parsed text.
    fn row(&self, category_id: CategoryId) -> category_text::Model {
        category_text::Model {
            category_id,
            language: self.language.clone(),
            source_revision: 0,
            is_machine: self.is_machine,
            title: self.title.clone(),
            description: self.description.clone(),
        }
    }
}

fn parse_parent(id: &ID) -> Result<Parent> {
    Parent::parse(id).ok_or(Error::NotFound("community or course"))
}

/// Adds a category at the end.
pub async fn create(app: &App, viewer: &Viewer, input: CategoryCreateInput) -> Result<CategoryId> {
    viewer.signed_in()?;
    let parent = parse_parent(&input.parent_id)?;
    let mut problems = Problems::new();
    let text = input.text.parse(&mut problems, "input.text");
    problems.done()?;
    transact_once!(app, viewer, input.key, "categoryCreate", &input, |tx| {
        policy::editable_parent(tx, viewer, parent).await?;
        let others = category::Entity::find().filter(category::Column::ParentId.eq(parent.id())).count(tx).await?;
        if others >= MOST {
            return Err(Problem::at(UserErrorCode::LimitReached, "input.parentId").into());
        }
        let id = CategoryId::new();
        let row = category::ActiveModel {
            id: Set(id),
            parent_kind: Set(parent.kind()),
            parent_id: Set(parent.id()),
            position: Set(i32::try_from(others).unwrap_or(i32::MAX).saturating_add(1)),
            original_language: Set(text.language.clone()),
            archived_at: Set(None),
            created_at: Set(tx.now()),
        };
        row.insert(tx).await?;
        texts::set::<category_text::Entity>(tx, &text.language, text.row(id)).await?;
        audit::record(tx, viewer, Action::new("category.created").on(id).with("parent", input.parent_id.as_str())).await?;
        Ok(id)
    })
}

/// Writes what a category says in one language.
pub async fn set_text(app: &App, viewer: &Viewer, id: CategoryId, input: CategoryTextInput) -> Result<()> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let text = input.parse(&mut problems, "input");
    problems.done()?;
    transact!(app, |tx| {
        let category = policy::editable_category(tx, viewer, id).await?;
        if texts::set::<category_text::Entity>(tx, &category.original_language, text.row(id)).await? {
            audit::record(tx, viewer, Action::new("category.text_set").on(id).with("language", text.language.tag())).await?;
        }
        Ok(())
    })
}

/// Removes a translation; the original stays.
pub async fn remove_text(app: &App, viewer: &Viewer, id: CategoryId, language: Language) -> Result<()> {
    viewer.signed_in()?;
    transact!(app, |tx| {
        let category = policy::editable_category(tx, viewer, id).await?;
        texts::remove::<category_text::Entity>(tx, &category.original_language, id, &language).await?;
        audit::record(tx, viewer, Action::new("category.text_removed").on(id).with("language", language.tag())).await
    })
}

/// Closes a category to new topics, or opens it again. Doing so twice changes nothing.
pub async fn set_archived(app: &App, viewer: &Viewer, id: CategoryId, archived: bool) -> Result<()> {
    viewer.signed_in()?;
    transact!(app, |tx| {
        let category = policy::editable_category(tx, viewer, id).await?;
        if category.archived_at.is_some() == archived {
            return Ok(());
        }
        let mut row = category.into_active_model();
        row.archived_at = Set(archived.then(|| tx.now()));
        row.update(tx).await?;
        let action = if archived { "category.archived" } else { "category.restored" };
        audit::record(tx, viewer, Action::new(action).on(id)).await
    })
}

/// Orders all categories of a community or course, and gives them.
pub async fn reorder(app: &App, viewer: &Viewer, parent: &ID, order: &[CategoryId]) -> Result<Vec<category::Model>> {
    viewer.signed_in()?;
    let parent = parse_parent(parent)?;
    transact!(app, |tx| {
        policy::editable_parent(tx, viewer, parent).await?;
        let ordered = reordered(of(tx, parent).await?, |category| category.id, order, "categoryIds")?;
        if ordered.is_sorted_by_key(|category| category.position) {
            return Ok(ordered);
        }
        for (position, category) in (1..).zip(ordered) {
            let mut change = category.into_active_model();
            change.position = Set(position);
            change.update(tx).await?;
        }
        let action = match parent {
            Parent::Community(id) => Action::new("community.categories_reordered").on(id),
            Parent::Course(id) => Action::new("course.categories_reordered").on(id),
        };
        audit::record(tx, viewer, action).await?;
        of(tx, parent).await
    })
}

async fn of(db: &impl ConnectionTrait, parent: Parent) -> Result<Vec<category::Model>> {
    let categories = category::Entity::find().filter(category::Column::ParentId.eq(parent.id()));
    Ok(categories.order_by_asc(category::Column::Position).all(db).await?)
}
