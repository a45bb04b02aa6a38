//! Bringing an older database up to date: what is in it stays as it is.

use chrono::DateTime;
use lyceum::{
    accounts::user,
    clock::Instant,
    courses::{completion, course},
    database::Database,
    ids::{
        AttendanceId, CompletionId, CourseId, CourseVersionId, EnrolmentId, JobId, PermanentLessonId, QuestionId, QuizAttemptId,
        QuizId, QuizVersionId, RegistrationId, UserId, WebinarId, WebinarSeriesId,
    },
    jobs::{self, Urgency},
    language::Language,
    learning::filling::FillNames,
    migrating,
    migrations::Migrator,
    quizzes::{attempt, home::Home, quiz, response},
    role::Roles,
    visibility::Visibility,
    webinars::attendance,
};
use sea_orm::{
    ActiveModelTrait as _, ConnectionTrait, DbBackend, EntityTrait as _, IntoActiveModel as _, PaginatorTrait as _, Statement,
    sea_query::{Expr, Query},
};
use sea_orm_migration::MigratorTrait as _;
use serde_json::json;
use tempfile::TempDir;

use crate::{
    app::{empty_postgres_database, with_app, with_database},
    webinars::comes_round,
};

/// Migrations before quizzes could belong to webinars.
const BEFORE: u32 = 11;
/// Migrations before some jobs were more urgent than others.
const BEFORE_URGENCY: u32 = 14;
/// Migrations before records bore the names of their holders.
const BEFORE_NAMES: u32 = 16;

/// A database of this run's engine that has the first `count` migrations, in `folder` if it is embedded.
async fn older(count: u32, folder: &TempDir) -> Database {
    let url = match std::env::var("LYCEUM_TEST_DATABASE_URL") {
        Ok(server) => with_database(&server, &empty_postgres_database(&server).await),
        Err(_) => format!("sqlite:{}", folder.path().join("lyceum.sqlite").display()),
    };
    let database = Database::connect(&url.parse().expect("an address")).await.expect("it can be connected to");
    Migrator::up(database.unlimited(), Some(count)).await.expect("it is migrated");
    database
}

/// A row of an older table.
async fn insert(db: &impl ConnectionTrait, table: &'static str, row: Vec<(&'static str, Expr)>) {
    let (columns, values): (Vec<_>, Vec<_>) = row.into_iter().unzip();
    let mut insert = Query::insert();
    insert.into_table(table).columns(columns).values(values).expect("as many values as columns");
    db.execute(&insert).await.expect("it is inserted");
}

/// Somebody with an account.
async fn person(db: &impl ConnectionTrait, now: Instant) -> UserId {
    let person = user::Model {
        id: UserId::new(),
        email: "awa@example.org".into(),
        email_key: "awa@example.org".into(),
        password_hash: String::new(),
        full_name: "Awa Exemple".into(),
        latin_name: Some("Awa in Latin".into()),
        name_key: String::new(),
        language: Language::english(),
        time_zone: "UTC".into(),
        country: None,
        organisation: None,
        organisation_kind: None,
        gender: None,
        is_name_shown: false,
        roles: Roles::default(),
        terms_version: String::new(),
        confirmed_at: None,
        vetted_at: None,
        suspended_at: None,
        sessions_since: None,
        session_kept: None,
        created_at: now,
    };
    person.into_active_model().reset_all().insert(db).await.expect("a person").id
}

/// Rows that a quiz of a course left.
struct Left {
    course: CourseId,
    quiz: QuizId,
    attempt: QuizAttemptId,
    lesson: PermanentLessonId,
}

impl Left {
    async fn by_a_course(db: &impl ConnectionTrait, now: Instant) -> Self {
        let (user, course) = (person(db, now).await, CourseId::new());
        let of = course::Model {
            id: course,
            slug: "treaties".into(),
            owner_id: user,
            visibility: Visibility::Members,
            original_language: Language::english(),
            archived_at: None,
            published_version_id: None,
            created_at: now,
            updated_at: now,
        };
        of.into_active_model().reset_all().insert(db).await.expect("a course");
        let left = Self { course, quiz: QuizId::new(), attempt: QuizAttemptId::new(), lesson: PermanentLessonId::new() };
        left.rows(db, user, now).await;
        left
    }

    async fn rows(&self, db: &impl ConnectionTrait, user: UserId, now: Instant) {
        let quiz = vec![
            ("id", Expr::val(self.quiz)),
            ("course_id", Expr::val(self.course)),
            ("original_language", Expr::val("en")),
            ("pass_mark_percent", Expr::val(60)),
            ("shuffles_questions", Expr::val(false)),
            ("shuffles_choices", Expr::val(true)),
            ("created_at", Expr::val(now)),
        ];
        insert(db, "quiz", quiz).await;
        let text = vec![
            ("quiz_id", Expr::val(self.quiz)),
            ("language", Expr::val("en")),
            ("source_revision", Expr::val(1)),
            ("is_machine", Expr::val(false)),
            ("title", Expr::val("Treaties")),
            ("instructions", Expr::val("")),
        ];
        insert(db, "quiz_text", text).await;
        let attempt = vec![
            ("id", Expr::val(self.attempt)),
            ("quiz_id", Expr::val(self.quiz)),
            ("version_id", Expr::val(QuizVersionId::new())),
            ("course_id", Expr::val(self.course)),
            ("permanent_lesson_id", Expr::val(self.lesson)),
            ("user_id", Expr::val(user)),
            ("number", Expr::val(1)),
            ("state", Expr::val("submitted")),
            ("layout", Expr::val(json!([]))),
            ("started_at", Expr::val(now)),
            ("submitted_at", Expr::val(now)),
            ("max_points", Expr::val(3)),
            ("score_points", Expr::val(2)),
            ("is_passed", Expr::val(true)),
        ];
        insert(db, "quiz_attempt", attempt).await;
        let response = vec![
            ("attempt_id", Expr::val(self.attempt)),
            ("question_id", Expr::val(QuestionId::new())),
            ("chosen", Expr::val(json!([]))),
            ("sequence", Expr::val(1)),
            ("saved_at", Expr::val(now)),
        ];
        insert(db, "quiz_response", response).await;
    }
}

#[tokio::test]
async fn quizzes_of_courses_and_attempts_at_them_stay_when_webinars_get_some() {
    let folder = TempDir::new().expect("a folder");
    let database = older(BEFORE, &folder).await;
    let db = database.unlimited();
    let now: Instant = DateTime::from_timestamp(1_795_000_000, 123_456_000).expect("an instant");
    let left = Left::by_a_course(db, now).await;
    migrating::migrate(&database).await.expect("it is brought up to date");

    let quiz = quiz::Entity::find_by_id(left.quiz).one(db).await.expect("quizzes").expect("the quiz");
    assert_eq!(quiz.home().expect("a home"), Home::Course(left.course));
    assert_eq!((quiz.pass_mark_percent, quiz.shuffles_choices, quiz.created_at), (60, true, now));
    let attempt = attempt::Entity::find_by_id(left.attempt).one(db).await.expect("attempts").expect("the attempt");
    assert_eq!((attempt.course_id, attempt.permanent_lesson_id), (Some(left.course), Some(left.lesson)));
    assert_eq!((attempt.webinar_id, attempt.score_points, attempt.submitted_at), (None, Some(2), Some(now)));
    assert_eq!(response::Entity::find().count(db).await.expect("responses"), 1);

    let homeless = "UPDATE quiz SET course_id = NULL";
    assert!(db.execute_unprepared(homeless).await.is_err(), "a quiz has one home");
    assert!(db.execute_unprepared("UPDATE quiz_attempt SET permanent_lesson_id = NULL").await.is_err());
    if database.backend() == DbBackend::Sqlite {
        for (pragma, sound) in [("integrity_check", vec!["ok".to_owned()]), ("foreign_key_check", Vec::new())] {
            let rows = db.query_all_raw(Statement::from_string(DbBackend::Sqlite, format!("PRAGMA {pragma}"))).await;
            let found: Vec<String> = rows.expect("an answer").iter().filter_map(|row| row.try_get_by_index(0).ok()).collect();
            assert_eq!(found, sound, "{pragma}");
        }
    }
    // What refers to them still does.
    course::Entity::delete_by_id(left.course).exec(db).await.expect("it is deleted");
    assert_eq!(quiz::Entity::find().count(db).await.expect("quizzes"), 0);
    assert_eq!(response::Entity::find().count(db).await.expect("responses"), 0);
    database.close().await;
}

#[tokio::test]
async fn jobs_that_wait_are_as_urgent_as_most_when_some_become_more_so() {
    let folder = TempDir::new().expect("a folder");
    let database = older(BEFORE_URGENCY, &folder).await;
    let db = database.unlimited();
    let now: Instant = DateTime::from_timestamp(1_795_000_000, 123_456_000).expect("an instant");
    let job = vec![
        ("id", Expr::val(JobId::new())),
        ("kind", Expr::val("mail.send")),
        ("payload", Expr::val("{}")),
        ("state", Expr::val("waiting")),
        ("run_at", Expr::val(now)),
        ("attempts", Expr::val(3)),
        ("created_at", Expr::val(now)),
    ];
    insert(db, "job", job).await;
    migrating::migrate(&database).await.expect("it is brought up to date");
    let job = jobs::entity::Entity::find().one(db).await.expect("jobs").expect("the job");
    assert_eq!((job.urgency, job.attempts, job.run_at), (Urgency::Usual, 3, now));
    database.close().await;
}

/// Records of both kinds of somebody, as a server writes them that knows of no names on records.
async fn nameless_records(db: &impl ConnectionTrait, user: UserId, now: Instant) {
    let (series, webinar, registration) = (WebinarSeriesId::new(), WebinarId::new(), RegistrationId::new());
    let row = vec![
        ("id", Expr::val(series)),
        ("slug", Expr::val("treaties")),
        ("owner_id", Expr::val(user)),
        ("visibility", Expr::val("members")),
        ("original_language", Expr::val("en")),
        ("project", Expr::val("")),
        ("attendance_percent", Expr::val(80)),
        ("created_at", Expr::val(now)),
    ];
    insert(db, "webinar_series", row).await;
    let row = vec![
        ("id", Expr::val(webinar)),
        ("series_id", Expr::val(series)),
        ("slug", Expr::val("reservations")),
        ("owner_id", Expr::val(user)),
        ("visibility", Expr::val("members")),
        ("state", Expr::val("published")),
        ("original_language", Expr::val("en")),
        ("activity", Expr::val("")),
        ("local_start", Expr::val("2026-11-18T12:00")),
        ("time_zone", Expr::val("UTC")),
        ("duration_minutes", Expr::val(60)),
        ("starts_at", Expr::val(now)),
        ("ends_at", Expr::val(now)),
        ("seats_taken", Expr::val(1)),
        ("join_opens_minutes", Expr::val(15)),
        ("spoken_languages", Expr::val("en")),
        ("interpretation_languages", Expr::val("")),
        ("is_recorded", Expr::val(false)),
        ("shows_registrants", Expr::val(false)),
        ("calendar_sequence", Expr::val(0)),
        ("created_at", Expr::val(now)),
        ("updated_at", Expr::val(now)),
    ];
    insert(db, "webinar", row).await;
    let row = vec![
        ("id", Expr::val(registration)),
        ("webinar_id", Expr::val(webinar)),
        ("user_id", Expr::val(user)),
        ("state", Expr::val("registered")),
        ("registered_at", Expr::val(now)),
        ("waiting_since", Expr::val(now)),
        ("wrong_codes", Expr::val(0)),
        ("calendar_sequence", Expr::val(0)),
        ("language", Expr::val("en")),
    ];
    insert(db, "registration", row).await;
    let record = vec![
        ("id", Expr::val(AttendanceId::new())),
        ("code", Expr::val("2MVDH4TB7K3F9QXA")),
        ("registration_id", Expr::val(registration)),
        ("webinar_id", Expr::val(webinar)),
        ("user_id", Expr::val(user)),
        ("title", Expr::val("Reservations")),
        ("language", Expr::val("en")),
        ("held_at", Expr::val(now)),
        ("duration_minutes", Expr::val(60)),
        ("issued_at", Expr::val(now)),
    ];
    insert(db, "attendance", record).await;
    insert(db, "completion", nameless_completion(user, "7K3F9QXA2MVDH4TB", now)).await;
}

/// A completion without names.
fn nameless_completion(user: UserId, code: &str, now: Instant) -> Vec<(&'static str, Expr)> {
    vec![
        ("id", Expr::val(CompletionId::new())),
        ("code", Expr::val(code)),
        ("enrolment_id", Expr::val(EnrolmentId::new())),
        ("course_id", Expr::val(CourseId::new())),
        ("user_id", Expr::val(user)),
        ("version_id", Expr::val(CourseVersionId::new())),
        ("version_number", Expr::val(1)),
        ("course_title", Expr::val("Treaties")),
        ("completed_at", Expr::val(now)),
        ("language", Expr::val("en")),
    ]
}

#[tokio::test]
async fn records_from_before_bear_the_names_that_their_holders_have_at_the_upgrade() {
    let folder = TempDir::new().expect("a folder");
    let database = older(BEFORE_NAMES, &folder).await;
    let db = database.unlimited();
    let now: Instant = DateTime::from_timestamp(1_795_000_000, 123_456_000).expect("an instant");
    nameless_records(db, person(db, now).await, now).await;
    migrating::migrate(&database).await.expect("it is brought up to date");
    let names = ("Awa Exemple", Some("Awa in Latin"));
    let record = completion::Entity::find().one(db).await.expect("records").expect("the record");
    assert_eq!((record.full_name.as_str(), record.latin_name.as_deref()), names);
    assert_eq!((record.course_title.as_str(), record.completed_at), ("Treaties", now));
    let record = attendance::Entity::find().one(db).await.expect("records").expect("the record");
    assert_eq!((record.full_name.as_str(), record.latin_name.as_deref()), names);
    assert_eq!((record.title.as_str(), record.held_at), ("Reservations", now));
    database.close().await;
}

#[tokio::test]
async fn records_that_an_older_server_makes_after_the_upgrade_come_to_bear_the_names_of_their_holders() {
    with_app(async |app| {
        let (db, now) = (app.db.unlimited(), app.clock.now());
        let user = person(db, now).await;
        nameless_records(db, user, now).await;
        let mut known = nameless_completion(user, "9QXA2MVDH4TB7K3F", now);
        known.push(("full_name", Expr::val("Awa Before")));
        insert(db, "completion", known).await;
        comes_round(app, &FillNames {}).await;
        let completions = completion::Entity::find().all(db).await.expect("records");
        let mut names: Vec<_> =
            completions.iter().map(|record| (record.full_name.as_str(), record.latin_name.as_deref())).collect();
        names.sort_unstable();
        let filled = ("Awa Exemple", Some("Awa in Latin"));
        assert_eq!(names, [("Awa Before", None), filled], "what has a name keeps it");
        let record = attendance::Entity::find().one(db).await.expect("records").expect("the record");
        assert_eq!((record.full_name.as_str(), record.latin_name.as_deref()), filled);
    })
    .await;
}
