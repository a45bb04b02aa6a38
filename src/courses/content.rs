//! What a version says: its modules, lessons and their titles in all languages, as one tree. A published version never
//! changes, so its tree is kept in the process by id; whether a viewer may see it is asked of the rows each time. Bodies
//! of lessons are left out, because pages that show a whole course do not show them.

use std::{collections::HashMap, sync::Arc};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::{course_text, lesson, lesson_text, module, module_text, version};
use crate::{
    app::App,
    error::{Error, Result},
    ids::{CourseId, CourseVersionId, LessonId, ModuleId, PermanentLessonId},
    language::{Language, texts::translated},
    rows::{among, grouped},
};

/// What a version says.
#[derive(Clone, Debug)]
pub struct Content {
    /// The version.
    pub version: version::Model,
    /// What it says of the course, in each language.
    pub texts: Vec<course_text::Model>,
    /// Its modules in order.
    pub modules: Vec<ModuleContent>,
}

/// A module of a version.
#[derive(Clone, Debug)]
pub struct ModuleContent {
    /// The module.
    pub row: module::Model,
    /// Its texts.
    pub texts: Vec<module_text::Model>,
    /// Its lessons in order.
    pub lessons: Vec<LessonContent>,
}

/// A lesson of a version.
#[derive(Clone, Debug)]
pub struct LessonContent {
    /// The lesson.
    pub row: lesson::Model,
    /// Its texts without their bodies.
    pub texts: Vec<LessonTitle>,
}

/// Texts of a lesson without the body.
#[derive(Clone, Debug, FromQueryResult)]
pub struct LessonTitle {
    /// The lesson.
    pub lesson_id: LessonId,
    /// Language of the text.
    pub language: Language,
    /// Revision of the original that it was made from.
    pub source_revision: i32,
    /// A machine made it and nobody has confirmed it.
    pub is_machine: bool,
    /// Title.
    pub title: String,
}

translated!(LessonTitle);

impl Content {
    /// Its lessons in order.
    pub fn lessons(&self) -> impl Iterator<Item = &LessonContent> {
        self.modules.iter().flat_map(|module| &module.lessons)
    }

    /// Where a lesson stands: index of its module, and its index in there.
    #[must_use]
    pub fn place(&self, is_it: impl Fn(&lesson::Model) -> bool) -> Option<(usize, usize)> {
        self.modules.iter().enumerate().find_map(|(module, content)| {
            content.lessons.iter().position(|lesson| is_it(&lesson.row)).map(|lesson| (module, lesson))
        })
    }

    /// Where the lesson of a permanent id stands.
    #[must_use]
    pub fn place_of(&self, id: PermanentLessonId) -> Option<(usize, usize)> {
        self.place(|lesson| lesson.permanent_id == id)
    }

    /// Roughly the bytes that it takes.
    fn weight(&self) -> usize {
        let texts: usize = self.texts.iter().map(|t| t.title.len() + t.summary.len() + t.description.len() + 150).sum();
        let modules: usize = self.modules.iter().flat_map(|m| &m.texts).map(|t| t.title.len() + t.summary.len() + 150).sum();
        let lessons: usize = self.lessons().map(|l| 300 + l.texts.iter().map(|t| t.title.len() + 100).sum::<usize>()).sum();
        texts + modules + lessons
    }
}

/// Trees of versions by id; those kept are not read again.
pub async fn of_many(app: &App, ids: &[CourseVersionId]) -> Result<HashMap<CourseVersionId, Arc<Content>>> {
    let (mut found, mut missing) = (HashMap::with_capacity(ids.len()), Vec::new());
    for id in ids {
        match app.kept.get(*id).await {
            Some(content) => _ = found.insert(*id, content),
            None => missing.push(*id),
        }
    }
    for content in load(app.db.read(), &missing).await? {
        let content = Arc::new(content);
        if content.version.number.is_some() {
            app.kept.put(content.version.id, content.clone(), content.weight()).await;
        }
        found.insert(content.version.id, content);
    }
    Ok(found)
}

/// The tree of a version that must be there.
pub async fn of(app: &App, id: CourseVersionId) -> Result<Arc<Content>> {
    if let Some(content) = app.kept.get(id).await {
        return Ok(content);
    }
    of_many(app, &[id]).await?.remove(&id).ok_or(Error::NotFound("version"))
}

/// The tree of the draft of a course.
pub async fn of_draft(app: &App, course: CourseId) -> Result<Arc<Content>> {
    of(app, draft(app.db.read(), course).await?.id).await
}

/// The draft of a course; every course has one.
pub async fn draft(db: &impl ConnectionTrait, course: CourseId) -> Result<version::Model> {
    let drafts = version::Entity::find().filter(version::Column::CourseId.eq(course)).filter(version::Column::Number.is_null());
    drafts.one(db).await?.ok_or(Error::NotFound("version"))
}

/// Reads trees, one statement for each table.
pub async fn load(db: &impl ConnectionTrait, ids: &[CourseVersionId]) -> Result<Vec<Content>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let backend = db.get_database_backend();
    let versions = version::Entity::find().filter(among(backend, version::Column::Id, ids)).all(db).await?;
    let texts = course_text::Entity::find().filter(among(backend, course_text::Column::VersionId, ids)).all(db).await?;
    let mut texts = grouped(texts, |text| text.version_id);
    let mut modules = grouped(modules(db, ids).await?, |module| module.row.version_id);
    Ok(versions
        .into_iter()
        .map(|version| Content {
            texts: texts.remove(&version.id).unwrap_or_default(),
            modules: modules.remove(&version.id).unwrap_or_default(),
            version,
        })
        .collect())
}

async fn modules(db: &impl ConnectionTrait, ids: &[CourseVersionId]) -> Result<Vec<ModuleContent>> {
    let of_versions = module::Entity::find().filter(among(db.get_database_backend(), module::Column::VersionId, ids));
    let rows = of_versions.clone().order_by_asc(module::Column::Position).all(db).await?;
    let of_modules = of_versions.select_only().column(module::Column::Id).into_query();
    let texts = module_text::Entity::find().filter(module_text::Column::ModuleId.in_subquery(of_modules)).all(db).await?;
    let mut texts: HashMap<ModuleId, _> = grouped(texts, |text| text.module_id);
    let mut lessons = grouped(lessons(db, ids).await?, |lesson| lesson.row.module_id);
    Ok(rows
        .into_iter()
        .map(|row| ModuleContent {
            texts: texts.remove(&row.id).unwrap_or_default(),
            lessons: lessons.remove(&row.id).unwrap_or_default(),
            row,
        })
        .collect())
}

async fn lessons(db: &impl ConnectionTrait, ids: &[CourseVersionId]) -> Result<Vec<LessonContent>> {
    let of_versions = lesson::Entity::find().filter(among(db.get_database_backend(), lesson::Column::VersionId, ids));
    let rows = of_versions.clone().order_by_asc(lesson::Column::Position).all(db).await?;
    let of_lessons = of_versions.select_only().column(lesson::Column::Id).into_query();
    let titles = lesson_text::Entity::find()
        .select_only()
        .columns([
            lesson_text::Column::LessonId,
            lesson_text::Column::Language,
            lesson_text::Column::SourceRevision,
            lesson_text::Column::IsMachine,
            lesson_text::Column::Title,
        ])
        .filter(lesson_text::Column::LessonId.in_subquery(of_lessons))
        .into_model::<LessonTitle>()
        .all(db)
        .await?;
    let mut titles = grouped(titles, |title| title.lesson_id);
    Ok(rows.into_iter().map(|row| LessonContent { texts: titles.remove(&row.id).unwrap_or_default(), row }).collect())
}

/// Reads the bodies of lessons in some languages.
pub async fn bodies(db: &impl ConnectionTrait, lessons: &[LessonId], languages: &[Language]) -> Result<Vec<lesson_text::Model>> {
    let wanted = lesson_text::Entity::find()
        .filter(among(db.get_database_backend(), lesson_text::Column::LessonId, lessons))
        .filter(lesson_text::Column::Language.is_in(languages.iter().cloned()));
    Ok(wanted.all(db).await?)
}
