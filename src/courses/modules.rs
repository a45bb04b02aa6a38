//! Modules of a draft: adding, ordering and removing them.

use async_graphql::InputObject;
use sea_orm::{ActiveModelTrait, ModelTrait, Set};
use serde::Serialize;
use uuid::Uuid;

use super::{
    drafting::{self, MOST_MODULES},
    module, module_text,
    texts::ModuleTextInput,
};
use crate::{
    app::App,
    audit::{self, Action},
    error::{Problem, Problems, Result, UserErrorCode},
    ids::{CourseId, ModuleId, PermanentModuleId},
    language::texts,
    rows::reordered,
    transact, transact_once,
    viewer::Viewer,
};

/// A new module at the end of a draft.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct ModuleCreateInput {
    /// Idempotency key.
    pub key: Uuid,
    /// The course.
    pub course_id: CourseId,
    /// Its text in the course's original language.
    pub text: ModuleTextInput,
}

/// Adds a module to the draft.
pub async fn create(app: &App, viewer: &Viewer, input: &ModuleCreateInput) -> Result<ModuleId> {
    let mut problems = Problems::new();
    let text = input.text.parse(&mut problems, "input.text");
    problems.done()?;
    transact_once!(app, viewer, input.key, "moduleCreate", input, |tx| {
        let draft = drafting::draft(tx, viewer, input.course_id).await?;
        texts::of_original(&text.language, &draft.course.original_language, "input.text.language")?;
        let before = drafting::modules(tx, draft.version.id).await?.len();
        if before as u64 >= MOST_MODULES {
            return Err(Problem::new(UserErrorCode::LimitReached).into());
        }
        let row = module::ActiveModel {
            id: Set(ModuleId::new()),
            version_id: Set(draft.version.id),
            permanent_id: Set(PermanentModuleId::new()),
            position: Set(i32::try_from(before).unwrap_or(i32::MAX) + 1),
        };
        let module = row.insert(tx).await?;
        texts::set::<module_text::Entity>(tx, &text.language, text.row(module.id)).await?;
        audit::record(tx, viewer, Action::new("module.created").on(module.id).with("course", draft.course.id.to_string()))
            .await?;
        drafting::touch(tx, draft.course).await?;
        Ok(module.id)
    })
}

/// Orders the modules of the draft; all of them are to be named.
pub async fn reorder(app: &App, viewer: &Viewer, course: CourseId, order: &[ModuleId]) -> Result<CourseId> {
    transact!(app, |tx| {
        let draft = drafting::draft(tx, viewer, course).await?;
        let modules = drafting::modules(tx, draft.version.id).await?;
        let ordered = reordered(modules, |module| module.id, order, "moduleIds")?;
        if drafting::number_modules(tx, ordered).await? {
            audit::record(tx, viewer, Action::new("course.modules_reordered").on(course)).await?;
            drafting::touch(tx, draft.course).await?;
        }
        Ok(course)
    })
}

/// Removes a module with its lessons from the draft.
pub async fn remove(app: &App, viewer: &Viewer, id: ModuleId) -> Result<CourseId> {
    transact!(app, |tx| {
        let (draft, module) = drafting::module(tx, viewer, id).await?;
        let course = draft.course.id;
        module.delete(tx).await?;
        drafting::number_modules(tx, drafting::modules(tx, draft.version.id).await?).await?;
        audit::record(tx, viewer, Action::new("module.removed").on(id).with("course", course.to_string())).await?;
        drafting::touch(tx, draft.course).await?;
        Ok(course)
    })
}
