//! Who may see and do what with quizzes. Staff of a quiz are the staff of its home. Others see a quiz once it is published, and
//! never what is right before [`reveals`] says so.

mod attempts;
mod revealing;
mod webinars;

use std::{collections::HashMap, sync::Arc};

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait as _, SimpleExpr},
};

pub use self::{
    attempts::{attempts, is_own, load_attempts, own_attempt, staffed_attempts},
    revealing::{PreTest, Reveals, Standing, reveals, standing},
    webinars::pre_tests,
};
use super::{allowance, attempt, drafting, freezing, home::Home, paper::Rules, question, quiz, quiz_text};
use crate::{
    app::App,
    clock::Instant,
    courses::{self, course, enrolment, lesson, version},
    error::{Error, Problem, Result, UserErrorCode},
    ids::{CourseId, LessonId, PermanentLessonId, QuestionId, QuizId, QuizVersionId, UserId},
    language::Language,
    rows::among,
    viewer::Viewer,
};

/// Of something that belongs to a course or webinar, whose ids stand in these columns: that the viewer is of its staff.
fn staffs(viewer: &Viewer, course_id: impl ColumnTrait, webinar_id: impl ColumnTrait) -> Condition {
    Condition::any().add(courses::policy::staffs(viewer, course_id)).add(webinars::staffs(viewer, webinar_id))
}

/// Of `quiz`: that the viewer is of its staff.
fn staffed_here(viewer: &Viewer) -> Condition {
    staffs(viewer, quiz::Column::CourseId, quiz::Column::WebinarId)
}

/// The quizzes that `viewer` may see: as staff all of the course's or webinar's, else those in what the course has published,
/// the published tests of webinars in which they have a seat, and those that they have attempted.
pub fn visible(viewer: &Viewer) -> Select<quiz::Entity> {
    let this = |column: lesson::Column| column.into_expr().equals(quiz::Column::Id.as_column_ref());
    let taught = lesson::Entity::find().select_only().column(lesson::Column::Id).filter(this(lesson::Column::QuizId)).filter(
        Expr::exists(
            course::Entity::find()
                .select_only()
                .column(course::Column::Id)
                .filter(course::Column::PublishedVersionId.into_expr().equals(lesson::Column::VersionId.as_column_ref()))
                .into_query(),
        ),
    );
    let mut reached = Condition::any().add(Expr::exists(taught.into_query()));
    if let Some(user) = viewer.user_id() {
        reached = reached.add(attempted(user));
    }
    let published = Condition::all().add(courses::policy::sees(viewer, quiz::Column::CourseId)).add(reached);
    quiz::Entity::find().filter(staffed_here(viewer).add(published).add(webinars::reached(viewer)))
}

/// Of `quiz`: that `user` has attempted it.
fn attempted(user: UserId) -> SimpleExpr {
    let attempts = attempt::Entity::find()
        .select_only()
        .column(attempt::Column::Id)
        .filter(attempt::Column::UserId.eq(user))
        .filter(attempt::Column::QuizId.into_expr().equals(quiz::Column::Id.as_column_ref()));
    Expr::exists(attempts.into_query())
}

/// A quiz as a viewer sees it: staff the draft, others what was frozen last.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The quiz.
    pub id: QuizId,
    /// Where it belongs.
    pub home: Home,
    /// Language that it is written in first.
    pub original_language: Language,
    /// Its rules.
    pub rules: Rules,
    /// What it says, in each language.
    pub texts: Arc<[quiz_text::Model]>,
    /// How many questions it has.
    pub question_count: usize,
    /// The viewer is its staff.
    pub is_staff: bool,
    /// It was frozen.
    pub is_published: bool,
}

#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    quiz: quiz::Model,
    is_staff: bool,
}

/// Quizzes by id, as `viewer` sees them.
pub async fn load(app: &App, viewer: &Viewer, ids: &[QuizId]) -> Result<HashMap<QuizId, Seen>> {
    let db = app.db.read();
    let rows = visible(viewer)
        .filter(among(db.get_database_backend(), quiz::Column::Id, ids))
        .expr_as(SimpleExpr::from(staffed_here(viewer)), "is_staff")
        .into_model::<Row>()
        .all(db)
        .await?;
    let drafts: Vec<QuizId> = rows.iter().filter(|row| row.is_staff).map(|row| row.quiz.id).collect();
    let mut texts = drafting::texts(db, &drafts).await?;
    let counts = drafting::counts(db, &drafts).await?;
    let mut seen = HashMap::new();
    for Row { quiz, is_staff } in rows {
        let (rules, texts, question_count) = if is_staff {
            let texts = texts.remove(&quiz.id).unwrap_or_default();
            (quiz.rules(), texts.into(), counts.get(&quiz.id).copied().unwrap_or(0))
        } else {
            let Some(version) = quiz.frozen_version_id else { continue };
            let frozen = freezing::frozen(app, db, version).await?;
            (frozen.paper.rules.clone(), Arc::from(frozen.paper.texts.as_slice()), frozen.paper.questions.len())
        };
        let (id, home, is_published, original_language) =
            (quiz.id, quiz.home()?, quiz.frozen_version_id.is_some(), quiz.original_language);
        seen.insert(id, Seen { id, home, original_language, rules, texts, question_count, is_staff, is_published });
    }
    Ok(seen)
}

/// The quizzes that `viewer` may change.
pub fn staffed(viewer: &Viewer) -> Select<quiz::Entity> {
    quiz::Entity::find().filter(staffed_here(viewer))
}

/// Loads and locks a quiz that `viewer` may change.
pub async fn editable(db: &impl ConnectionTrait, viewer: &Viewer, id: QuizId) -> Result<quiz::Model> {
    viewer.signed_in()?;
    match staffed(viewer).filter(quiz::Column::Id.eq(id)).lock_exclusive().one(db).await? {
        Some(quiz) => Ok(quiz),
        None => Err(refusal(visible(viewer).filter(quiz::Column::Id.eq(id)).one(db).await?.is_some(), viewer, "quiz")),
    }
}

/// Whether a quiz belongs to a course, so that its lessons may hold it.
pub async fn belongs(db: &impl ConnectionTrait, course: CourseId, id: QuizId) -> Result<bool> {
    Ok(quiz::Entity::find_by_id(id).filter(quiz::Column::CourseId.eq(course)).one(db).await?.is_some())
}

/// Loads a question of a draft that `viewer` may change, with its quiz, which is locked.
pub async fn editable_question(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    id: QuestionId,
) -> Result<(quiz::Model, question::Model)> {
    viewer.signed_in()?;
    let standing = question::Entity::find_by_id(id).filter(question::Column::RemovedAt.is_null());
    let question = standing.one(db).await?.ok_or(Error::NotFound("question"))?;
    // To all but staff, questions outside attempts do not exist.
    let quiz = editable(db, viewer, question.quiz_id).await.map_err(|err| match err {
        Error::NotFound(_) | Error::Forbidden => Error::NotFound("question"),
        other => other,
    })?;
    // It may have changed before the quiz was locked.
    let question = question::Entity::find_by_id(id).filter(question::Column::RemovedAt.is_null()).one(db).await?;
    Ok((quiz, question.ok_or(Error::NotFound("question"))?))
}

/// Questions of drafts by id; for staff.
pub fn questions(viewer: &Viewer) -> Select<question::Entity> {
    let quizzes = quiz::Entity::find()
        .select_only()
        .column(quiz::Column::Id)
        .filter(quiz::Column::Id.into_expr().equals(question::Column::QuizId.as_column_ref()))
        .filter(staffed_here(viewer));
    question::Entity::find().filter(question::Column::RemovedAt.is_null()).filter(Expr::exists(quizzes.into_query()))
}

/// The languages that quizzes are written in first.
pub async fn original_languages(db: &impl ConnectionTrait, quizzes: &[QuizId]) -> Result<HashMap<QuizId, Language>> {
    let languages = quiz::Entity::find().select_only().columns([quiz::Column::Id, quiz::Column::OriginalLanguage]).filter(among(
        db.get_database_backend(),
        quiz::Column::Id,
        quizzes,
    ));
    Ok(languages.into_tuple().all(db).await?.into_iter().collect())
}

/// Allowances by id; for staff.
pub fn allowances(viewer: &Viewer) -> Select<allowance::Entity> {
    let quizzes = quiz::Entity::find()
        .select_only()
        .column(quiz::Column::Id)
        .filter(quiz::Column::Id.into_expr().equals(allowance::Column::QuizId.as_column_ref()))
        .filter(staffed_here(viewer));
    allowance::Entity::find().filter(Expr::exists(quizzes.into_query()))
}

/// A quiz that `viewer` may attempt.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Where it belongs.
    pub home: Home,
    /// In a course, the lesson through all versions.
    pub permanent_lesson_id: Option<PermanentLessonId>,
    /// Its quiz.
    pub quiz_id: QuizId,
    /// The quiz as it was published.
    pub version_id: QuizVersionId,
    /// The deadline of attempts that have no time limit, if they have one all the same.
    pub ends_at: Option<Instant>,
    /// Why none begins now; one that is under way goes on.
    pub closed: Option<Problem>,
}

/// Loads the quiz of a lesson for `viewer`, who must be enrolled, and locks their enrolment. The lesson may be of an older
/// published version: what counts is what the course teaches in its place now.
pub async fn attemptable(db: &impl ConnectionTrait, viewer: &Viewer, id: LessonId) -> Result<Opened> {
    let user = viewer.signed_in()?.id;
    let lesson = lesson::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound("lesson"))?;
    let seen = version::Entity::find_by_id(lesson.version_id).filter(courses::policy::sees(viewer, version::Column::CourseId));
    let version = seen.one(db).await?.ok_or(Error::NotFound("lesson"))?;
    let course = course::Entity::find_by_id(version.course_id).one(db).await?.ok_or(Error::NotFound("lesson"))?;
    let not_now = || Error::from(Problem::at(UserErrorCode::WrongState, "lessonId"));
    if version.published_at.is_none() {
        return Err(if courses::policy::edits(db, viewer, &course).await? { not_now() } else { Error::NotFound("lesson") });
    }
    enrolment(db, course.id, user).await?.ok_or(Error::Forbidden)?;
    let taught = if course.published_version_id == Some(version.id) {
        Some(lesson)
    } else {
        lesson::Entity::find()
            .filter(lesson::Column::VersionId.eq(course.published_version_id))
            .filter(lesson::Column::PermanentId.eq(lesson.permanent_id))
            .one(db)
            .await?
    };
    let taught = taught.ok_or_else(not_now)?;
    let (Some(quiz_id), Some(version_id)) = (taught.quiz_id, taught.quiz_version_id) else { return Err(not_now()) };
    let (home, permanent_lesson_id) = (Home::Course(course.id), Some(taught.permanent_id));
    Ok(Opened { home, permanent_lesson_id, quiz_id, version_id, ends_at: None, closed: None })
}

/// Locks the enrolment of `user` in a course: what starts and allowances of a person wait for each other at. `None` when
/// they are not enrolled.
pub async fn enrolment(db: &impl ConnectionTrait, course: CourseId, user: UserId) -> Result<Option<enrolment::Model>> {
    let enrolment = enrolment::Entity::find()
        .filter(enrolment::Column::CourseId.eq(course))
        .filter(enrolment::Column::UserId.eq(user))
        .lock_exclusive()
        .one(db)
        .await?;
    Ok(enrolment.filter(enrolment::Model::is_current))
}

/// Whether `user` may attempt a quiz, for staff who allow them more.
pub async fn takes(db: &impl ConnectionTrait, quiz: &quiz::Model, user: UserId) -> Result<bool> {
    match quiz.home()? {
        Home::Course(course) => Ok(enrolment(db, course, user).await?.is_some()),
        Home::Webinar(webinar) => webinars::takes(db, webinar, user).await,
    }
}

fn refusal(is_visible: bool, viewer: &Viewer, kind: &'static str) -> Error {
    if is_visible { viewer.refused() } else { Error::NotFound(kind) }
}
