//! Asking about courses.

use async_graphql::{Context, ID, Object};

use super::{Completion, Course, CourseConnection, CourseVersion, Enrolment, Lesson, Module, View};
use crate::{
    courses::{catalog, completing, finding, seeing},
    error::{Error, Result},
    graphql::{context::ContextExt, nodes::Node},
    ids::{CompletionId, CourseId, CourseVersionId, EnrolmentId, Id, LessonId, ModuleId},
    paging::{Page, Slice},
};

/// Asking about courses.
#[derive(Default)]
pub struct CourseQuery;

#[Object]
impl CourseQuery {
    /// The catalogue: published courses that the viewer may see, newest first.
    async fn courses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
        #[graphql(default, desc = "Only those that the viewer may change, archived ones and drafts included.")] mine: bool,
    ) -> Result<CourseConnection> {
        let page = Page::parse(first, after, last, before)?;
        let Slice { rows, has_next, has_previous } = catalog::list(ctx.app(), ctx.viewer(), &page, mine).await?;
        let (cursors, seen): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let views = View::many(ctx.app(), seen).await?;
        let slice = Slice { rows: cursors.into_iter().zip(views).collect(), has_next, has_previous };
        Ok(CourseConnection::new(slice, Course))
    }

    /// By id or by slug.
    async fn course(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The course.")] id: Option<CourseId>,
        #[graphql(desc = "Its address part.")] slug: Option<String>,
    ) -> Option<Result<Course>> {
        let (app, viewer) = (ctx.app(), ctx.viewer());
        let seen = match (id, slug) {
            (Some(id), None) => seeing::by_id(app.db.read(), viewer, id).await,
            (None, Some(slug)) => seeing::by_slug(app, viewer, slug).await,
            _ => Err(Error::BadInput("Give either `id` or `slug`.".into())),
        };
        seen.map(|seen| seen.map(|seen| Course(View::new(seen)))).transpose()
    }

    /// A lesson: by `permanentId` that of the published version. The `id` of an older version's leads there, too, for all but
    /// staff, who get the older one.
    async fn lesson(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "`id` or `permanentId` of a lesson.")] id: ID,
    ) -> Option<Result<Lesson>> {
        Lesson::load(ctx, &id).await.transpose()
    }
}

/// Things of courses by id, for `node`: exactly the row that the id names, or nothing.
pub async fn node(ctx: &Context<'_>, id: &str) -> Result<Option<Node>> {
    let (app, viewer) = (ctx.app(), ctx.viewer());
    if let Some(id) = CourseId::parse(id) {
        return Ok(Course::load(ctx, id).await?.map(Node::Course));
    }
    if let Some(id) = CourseVersionId::parse(id) {
        return Ok(finding::version(app, viewer, id).await?.map(CourseVersion::found).map(Node::CourseVersion));
    }
    if let Some(id) = ModuleId::parse(id) {
        let found = finding::module(app, viewer, id).await?;
        return Ok(found.map(|(version, index)| Node::Module(Module::new(View::new(version.seen), version.content, index))));
    }
    if let Some(row) = LessonId::parse(id) {
        let place = finding::lesson(app, viewer, id).await?.filter(|place| place.content().row.id == row);
        return Ok(place.map(Lesson::found).map(Node::Lesson));
    }
    if let Some(id) = EnrolmentId::parse(id) {
        return Ok(Enrolment::load(ctx, id).await?.map(Node::Enrolment));
    }
    if let Some(id) = CompletionId::parse(id) {
        return Ok(completing::by_id(app, viewer, id).await?.map(Completion).map(Node::Completion));
    }
    Ok(None)
}
