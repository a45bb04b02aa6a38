//! A course as one request shows it: what the viewer is in it, and what is read once and shared by all that hangs below.

use std::{collections::HashMap, sync::Arc};

use async_graphql::Context;
use futures_util::FutureExt as _;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tokio::sync::OnceCell;

use crate::{
    app::App,
    courses::{
        content::{self, Content},
        enrolment,
        progress::{self, Progress},
        seeing::Seen,
        version,
    },
    error::{Error, Result},
    graphql::context::ContextExt,
    ids::{CourseId, CourseVersionId},
    rows::{among, keyed},
};

/// A course in one request.
#[derive(Debug)]
pub struct View {
    /// The course and what the viewer is in it.
    pub seen: Seen,
    shown: OnceCell<Arc<Content>>,
    progress: OnceCell<Arc<Progress>>,
}

impl View {
    /// One course; the rest is read when it is asked for.
    pub fn new(seen: Seen) -> Arc<Self> {
        Arc::new(Self { seen, shown: OnceCell::new(), progress: OnceCell::new() })
    }

    /// Several courses, with what lists show of them read together.
    pub async fn many(app: &App, seen: Vec<Seen>) -> Result<Vec<Arc<Self>>> {
        let editing: Vec<CourseId> = seen.iter().filter(|seen| seen.edits).map(|seen| seen.course.id).collect();
        let drafts = drafts(app, &editing).await?;
        let shown = |seen: &Seen| drafts.get(&seen.course.id).copied().or(seen.course.published_version_id);
        let contents = content::of_many(app, &seen.iter().filter_map(shown).collect::<Vec<_>>()).await?;
        let enrolments: Vec<_> = seen.iter().filter_map(|seen| Some(seen.enrolment.as_ref()?.id)).collect();
        let mut progress = progress::of_many(app.db.read(), &enrolments).await?;
        let views = seen.into_iter().map(|seen| {
            let content = shown(&seen).and_then(|version| contents.get(&version).cloned());
            let progress = seen.enrolment.as_ref().map(|own| Arc::new(progress.remove(&own.id).unwrap_or_default()));
            Arc::new(Self { seen, shown: OnceCell::new_with(content), progress: OnceCell::new_with(progress) })
        });
        Ok(views.collect())
    }

    /// What it says to the viewer: the draft to staff, the published version to others.
    pub async fn shown(&self, ctx: &Context<'_>) -> Result<&Arc<Content>> {
        // Boxed, as in `ContextExt::load`.
        let read = || match self.seen.course.published_version_id {
            Some(published) if !self.seen.edits => content::of(ctx.app(), published).boxed(),
            _ => content::of_draft(ctx.app(), self.seen.course.id).boxed(),
        };
        self.shown.get_or_try_init(read).await
    }

    /// The progress of the viewer's enrolment, a withdrawn one included.
    pub async fn progress(&self, ctx: &Context<'_>) -> Result<Option<&Arc<Progress>>> {
        let Some(enrolment) = &self.seen.enrolment else { return Ok(None) };
        let read = || progress::of(ctx.app(), enrolment.id).boxed();
        self.progress.get_or_try_init(read).await.map(Some)
    }

    /// The enrolment of the viewer.
    pub fn enrolment(&self) -> Option<&enrolment::Model> {
        self.seen.enrolment.as_ref()
    }

    /// What learners see, once it is published.
    pub async fn published(&self, app: &App) -> Result<Option<Arc<Content>>> {
        match self.seen.course.published_version_id {
            Some(published) => content::of(app, published).boxed().await.map(Some),
            None => Ok(None),
        }
    }
}

/// The drafts of courses.
async fn drafts(app: &App, courses: &[CourseId]) -> Result<HashMap<CourseId, CourseVersionId>> {
    if courses.is_empty() {
        return Ok(HashMap::new());
    }
    let drafts = version::Entity::find()
        .filter(among(app.db.backend(), version::Column::CourseId, courses))
        .filter(version::Column::Number.is_null());
    let drafts = drafts.all(app.db.read()).await.map_err(Error::from)?;
    Ok(keyed(drafts, |draft| draft.course_id).into_iter().map(|(course, draft)| (course, draft.id)).collect())
}
