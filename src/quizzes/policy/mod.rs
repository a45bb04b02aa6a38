//! Who may see and do what with quizzes. Staff of a quiz are the staff of its course. Others see a quiz once it is
//! published, and never what is right before [`reveals`] says so.

mod revealing;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, QueryTrait,
    Select,
    sea_query::{Expr, ExprTrait as _},
};

pub use self::revealing::{Reveals, Standing, reveals, standing};
use super::{allowance, attempt, drafting, freezing, paper::Rules, question, quiz, quiz_text};
use crate::{
    accounts::access,
    app::App,
    courses::{self, course, enrolment, lesson, version},
    error::{Error, Problem, Result, UserErrorCode},
    ids::{CourseId, LessonId, PermanentLessonId, QuestionId, QuizAttemptId, QuizId, QuizVersionId, UserId},
    language::Language,
    rows::among,
    viewer::Viewer,
    visibility::Visibility,
};

/// The quizzes that `viewer` may see: as staff all of the course's, else those in what the course has published, and those
/// that they have attempted.
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
        let attempts = attempt::Entity::find()
            .select_only()
            .column(attempt::Column::Id)
            .filter(attempt::Column::UserId.eq(user))
            .filter(attempt::Column::QuizId.into_expr().equals(quiz::Column::Id.as_column_ref()));
        reached = reached.add(Expr::exists(attempts.into_query()));
    }
    let published = Condition::all().add(courses::policy::sees(viewer, quiz::Column::CourseId)).add(reached);
    let seen = Condition::any().add(courses::policy::staffs(viewer, quiz::Column::CourseId)).add(published);
    quiz::Entity::find().filter(seen)
}

/// A quiz as a viewer sees it: staff the draft, others what was frozen last.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The quiz.
    pub id: QuizId,
    /// Its course.
    pub course_id: CourseId,
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
}

/// Quizzes by id, as `viewer` sees them.
pub async fn load(app: &App, viewer: &Viewer, ids: &[QuizId]) -> Result<HashMap<QuizId, Seen>> {
    let db = app.db.read();
    let quizzes = visible(viewer).filter(among(db.get_database_backend(), quiz::Column::Id, ids)).all(db).await?;
    let staffed = staffed_courses(db, viewer, &quizzes).await?;
    let drafts: Vec<QuizId> = quizzes.iter().filter(|quiz| staffed.contains(&quiz.course_id)).map(|quiz| quiz.id).collect();
    let mut texts = drafting::texts(db, &drafts).await?;
    let counts = drafting::counts(db, &drafts).await?;
    let mut seen = HashMap::new();
    for quiz in quizzes {
        let is_staff = staffed.contains(&quiz.course_id);
        let (rules, texts, question_count) = if is_staff {
            let texts = texts.remove(&quiz.id).unwrap_or_default();
            (quiz.rules(), texts.into(), counts.get(&quiz.id).copied().unwrap_or(0))
        } else {
            let Some(version) = quiz.frozen_version_id else { continue };
            let frozen = freezing::frozen(app, db, version).await?;
            (frozen.paper.rules.clone(), Arc::from(frozen.paper.texts.as_slice()), frozen.paper.questions.len())
        };
        let (id, course_id, original_language) = (quiz.id, quiz.course_id, quiz.original_language);
        seen.insert(id, Seen { id, course_id, original_language, rules, texts, question_count, is_staff });
    }
    Ok(seen)
}

/// The courses of `quizzes` that `viewer` is staff of.
async fn staffed_courses(db: &impl ConnectionTrait, viewer: &Viewer, quizzes: &[quiz::Model]) -> Result<HashSet<CourseId>> {
    let courses: Vec<CourseId> = quizzes.iter().map(|quiz| quiz.course_id).collect();
    if courses.is_empty() || viewer.account.is_none() {
        return Ok(HashSet::new());
    }
    let ids = course::Entity::find()
        .select_only()
        .column(course::Column::Id)
        .filter(courses::policy::changed(viewer))
        .filter(among(db.get_database_backend(), course::Column::Id, &courses));
    Ok(ids.into_tuple::<CourseId>().all(db).await?.into_iter().collect())
}

/// The quizzes that `viewer` may change.
pub fn staffed(viewer: &Viewer) -> Select<quiz::Entity> {
    quiz::Entity::find().filter(courses::policy::staffs(viewer, quiz::Column::CourseId))
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
        .filter(courses::policy::staffs(viewer, quiz::Column::CourseId));
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

/// The attempts that `viewer` may see: their own while they see the course, and all as staff.
pub fn attempts(viewer: &Viewer) -> Select<attempt::Entity> {
    let mut seen = Condition::any().add(courses::policy::staffs(viewer, attempt::Column::CourseId));
    if let Some(user) = viewer.user_id() {
        let own = attempt::Column::UserId.eq(user);
        seen = seen.add(Condition::all().add(own).add(courses::policy::sees(viewer, attempt::Column::CourseId)));
    }
    attempt::Entity::find().filter(seen)
}

/// An attempt, with what the row of its course says of who sees that.
#[derive(FromQueryResult)]
struct Marked {
    #[sea_orm(nested)]
    attempt: attempt::Model,
    visibility: Visibility,
    owner_id: UserId,
    is_published: bool,
}

impl Marked {
    /// Whether its rows alone say that `viewer` may see the attempt.
    fn is_seen(&self, viewer: &Viewer) -> bool {
        let is_theirs = viewer.is(self.attempt.user_id) || viewer.is(self.owner_id) || viewer.is_administrator();
        is_theirs && access::at_sight(viewer, self.visibility, self.owner_id, self.is_published) == Some(true)
    }
}

/// Attempts by id that `viewer` may see. For most their rows say it; the whole rule is asked only for the others.
pub async fn load_attempts(db: &impl ConnectionTrait, viewer: &Viewer, ids: &[QuizAttemptId]) -> Result<Vec<attempt::Model>> {
    let its = attempt::Entity::belongs_to(course::Entity).from(attempt::Column::CourseId).to(course::Column::Id);
    let found = attempt::Entity::find()
        .join(JoinType::InnerJoin, its.into())
        .columns([course::Column::Visibility, course::Column::OwnerId])
        .expr_as(course::Column::PublishedVersionId.is_not_null(), "is_published")
        .filter(among(db.get_database_backend(), attempt::Column::Id, ids));
    let found = found.into_model::<Marked>().all(db).await?;
    let (seen, unsure): (Vec<_>, Vec<_>) = found.into_iter().partition(|marked| marked.is_seen(viewer));
    let mut seen: Vec<_> = seen.into_iter().map(|marked| marked.attempt).collect();
    if !unsure.is_empty() {
        let unsure: Vec<_> = unsure.iter().map(|marked| marked.attempt.id).collect();
        seen.extend(attempts(viewer).filter(among(db.get_database_backend(), attempt::Column::Id, &unsure)).all(db).await?);
    }
    Ok(seen)
}

/// The attempts at quizzes that `viewer` is staff of.
pub fn staffed_attempts(viewer: &Viewer) -> Select<attempt::Entity> {
    attempt::Entity::find().filter(courses::policy::staffs(viewer, attempt::Column::CourseId))
}

/// The attempts of `viewer`'s own, while they see the course.
pub fn own_attempts(viewer: &Viewer) -> Result<Select<attempt::Entity>> {
    let own = attempt::Entity::find().filter(attempt::Column::UserId.eq(viewer.signed_in()?.id));
    Ok(own.filter(courses::policy::sees(viewer, attempt::Column::CourseId)))
}

/// Loads and locks an attempt of `viewer`'s own.
pub async fn own_attempt(db: &impl ConnectionTrait, viewer: &Viewer, id: QuizAttemptId) -> Result<attempt::Model> {
    let own = own_attempts(viewer)?.filter(attempt::Column::Id.eq(id));
    match own.lock_exclusive().one(db).await? {
        Some(attempt) => Ok(attempt),
        None => Err(refusal(attempts(viewer).filter(attempt::Column::Id.eq(id)).one(db).await?.is_some(), viewer, "attempt")),
    }
}

/// Allowances by id; for staff.
pub fn allowances(viewer: &Viewer) -> Select<allowance::Entity> {
    let quizzes = quiz::Entity::find()
        .select_only()
        .column(quiz::Column::Id)
        .filter(quiz::Column::Id.into_expr().equals(allowance::Column::QuizId.as_column_ref()))
        .filter(courses::policy::staffs(viewer, quiz::Column::CourseId));
    allowance::Entity::find().filter(Expr::exists(quizzes.into_query()))
}

/// A quiz lesson that `viewer` may attempt.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The course.
    pub course_id: CourseId,
    /// The lesson through all versions.
    pub permanent_lesson_id: PermanentLessonId,
    /// Its quiz.
    pub quiz_id: QuizId,
    /// The quiz as it was published.
    pub version_id: QuizVersionId,
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
    Ok(Opened { course_id: course.id, permanent_lesson_id: taught.permanent_id, quiz_id, version_id })
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

fn refusal(is_visible: bool, viewer: &Viewer, kind: &'static str) -> Error {
    if is_visible { viewer.refused() } else { Error::NotFound(kind) }
}
