//! `node` and `nodes`: any object by its id. An id of another kind, of nothing, or of what the viewer may not see gives null.

use async_graphql::{Context, ID, Interface, Object};
use futures_util::future::join_all;

use super::context::ContextExt;
use crate::{
    accounts::graphql::User,
    audit::{self, graphql::AuditEntry},
    courses::graphql::{self as courses, Completion, Course, CourseVersion, Enrolment, Lesson, Module},
    error::{Error, Result},
    files::graphql::File,
    forum::graphql::{Category, Community, Flag, Post, Topic},
    ids::{
        AccessId, AttendanceId, AuditEntryId, CaptionsId, CategoryId, CommunityId, ContactId, FileId, FlagId, Id, InvitationId,
        NomineeId, PostId, QuestionId, QuizAllowanceId, QuizAttemptId, QuizId, RecordingId, RegistrationId, SpeakerId, TopicId,
        UploadId, UserId, WebinarId, WebinarSeriesId, decode,
    },
    learning::{granting, graphql::Access},
    quizzes::graphql::{Question, Quiz, QuizAllowance, QuizAttempt},
    recordings::{
        self,
        graphql::{Captions, Recording, Speaker, Upload},
    },
    webinars::graphql::{Attendance, Contact, Invitation, Nominee, Registration, Webinar, WebinarSeries},
};

/// An object with an id of its own.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Opaque and unique over all kinds of objects."))]
pub enum Node {
    /// A person.
    User(User),
    /// An audit entry.
    AuditEntry(AuditEntry),
    /// A course.
    Course(Course),
    /// A version of a course.
    CourseVersion(CourseVersion),
    /// A module of a version.
    Module(Module),
    /// A lesson of a version.
    Lesson(Lesson),
    /// An enrolment.
    Enrolment(Enrolment),
    /// A completion record.
    Completion(Completion),
    /// A right given to one thing.
    Access(Access),
    /// A quiz.
    Quiz(Quiz),
    /// A question of a quiz, for staff.
    Question(Question),
    /// An attempt at a quiz.
    QuizAttempt(QuizAttempt),
    /// More time or attempts for one person, for staff.
    QuizAllowance(QuizAllowance),
    /// A community.
    Community(Community),
    /// A category of a forum.
    Category(Category),
    /// A topic.
    Topic(Topic),
    /// A post.
    Post(Post),
    /// A flag on a post.
    Flag(Flag),
    /// A small file.
    File(File),
    /// A recording.
    Recording(Recording),
    /// An upload of a recording.
    Upload(Upload),
    /// Captions of a recording.
    Captions(Captions),
    /// A speaker in a recording.
    Speaker(Speaker),
    /// A series of webinars.
    WebinarSeries(WebinarSeries),
    /// A webinar.
    Webinar(Box<Webinar>),
    /// A registration for a webinar.
    Registration(Registration),
    /// A record that somebody attended a webinar.
    Attendance(Attendance),
    /// A contact of a series.
    Contact(Contact),
    /// An invitation to a webinar.
    Invitation(Invitation),
    /// A person named for a webinar.
    Nominee(Nominee),
}

/// Ids that one request may ask `nodes` for.
const MOST: usize = 100;

/// Loads any object that the viewer may see.
pub async fn load(ctx: &Context<'_>, id: &str) -> Result<Option<Node>> {
    let Some((kind, uuid)) = decode(id) else { return Ok(None) };
    let batch = ctx.batch();
    Ok(match kind {
        UserId::KIND => batch.load_one(UserId(uuid)).await?.map(User).map(Node::User),
        AuditEntryId::KIND => {
            let found = audit::by_id(ctx.app(), ctx.viewer(), AuditEntryId(uuid)).await?;
            found.map(AuditEntry).map(Node::AuditEntry)
        }
        AccessId::KIND => granting::by_id(ctx.app(), ctx.viewer(), AccessId(uuid)).await?.map(Access).map(Node::Access),
        QuizId::KIND => batch.load_one(QuizId(uuid)).await?.map(Quiz).map(Node::Quiz),
        QuestionId::KIND => batch.load_one(QuestionId(uuid)).await?.map(Node::Question),
        QuizAttemptId::KIND => batch.load_one(QuizAttemptId(uuid)).await?.map(QuizAttempt).map(Node::QuizAttempt),
        QuizAllowanceId::KIND => batch.load_one(QuizAllowanceId(uuid)).await?.map(QuizAllowance).map(Node::QuizAllowance),
        CommunityId::KIND => Community::load(ctx, CommunityId(uuid)).await?.map(Node::Community),
        CategoryId::KIND => Category::load(ctx, CategoryId(uuid)).await?.map(Node::Category),
        TopicId::KIND => Topic::load(ctx, TopicId(uuid)).await?.map(Node::Topic),
        PostId::KIND => Post::load(ctx, PostId(uuid)).await?.map(Node::Post),
        FlagId::KIND => Flag::load(ctx, FlagId(uuid)).await?.map(Node::Flag),
        FileId::KIND => batch.load_one(FileId(uuid)).await?.map(File).map(Node::File),
        RecordingId::KIND => batch.load_one(RecordingId(uuid)).await?.map(Recording).map(Node::Recording),
        UploadId::KIND => recordings::graphql::load_upload(ctx, UploadId(uuid)).await?.map(Upload).map(Node::Upload),
        CaptionsId::KIND => recordings::graphql::load_captions(ctx, CaptionsId(uuid)).await?.map(Captions).map(Node::Captions),
        SpeakerId::KIND => recordings::graphql::load_speaker(ctx, SpeakerId(uuid)).await?.map(Node::Speaker),
        WebinarSeriesId::KIND => WebinarSeries::load(ctx, WebinarSeriesId(uuid)).await?.map(Node::WebinarSeries),
        WebinarId::KIND => Webinar::load(ctx, WebinarId(uuid)).await?.map(Box::new).map(Node::Webinar),
        RegistrationId::KIND => Registration::load(ctx, RegistrationId(uuid)).await?.map(Node::Registration),
        AttendanceId::KIND => Attendance::load(ctx, AttendanceId(uuid)).await?.map(Node::Attendance),
        ContactId::KIND => Contact::load(ctx, ContactId(uuid)).await?.map(Node::Contact),
        InvitationId::KIND => Invitation::load(ctx, InvitationId(uuid)).await?.map(Node::Invitation),
        NomineeId::KIND => Nominee::load(ctx, NomineeId(uuid)).await?.map(Node::Nominee),
        _ => courses::node(ctx, id).await?,
    })
}

/// Any object by its id.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Any object; null when it does not exist for the viewer.
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "Id of any object.")] id: ID) -> Option<Result<Node>> {
        Box::pin(load(ctx, &id)).await.transpose()
    }

    /// As `node`, in the order of the ids.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most 100 ids.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Result<Node>>>> {
        if ids.len() > MOST {
            return Err(Error::BadInput("At most 100 ids.".into()));
        }
        Ok(join_all(ids.iter().map(async |id| load(ctx, id).await.transpose())).await)
    }
}
