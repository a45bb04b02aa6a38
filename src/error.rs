//! What can go wrong, once for the whole server, and the only mapping to GraphQL.
//!
//! [`Error`] is deliberately not `Display`: async-graphql sends the text of any error that is, and so would leak SQL,
//! paths and addresses.

use std::{sync::Arc, time::Duration};

use async_graphql::ErrorExtensions;
use sea_orm::{DbErr, RuntimeErr, SqlErr};

pub use crate::problem::{Problem, Problems, UserErrorCode};

/// The result of everything that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was not done.
#[derive(Clone, Debug)]
pub enum Error {
    /// Signing in is needed.
    Unauthenticated,
    /// The viewer may see the thing but not do this with it.
    Forbidden,
    /// No such thing exists for the viewer; names its kind.
    NotFound(&'static str),
    /// The request is malformed in a way that the schema can't say; for programs, not people.
    BadInput(String),
    /// The person can mend this; all problems at once.
    Invalid(Vec<Problem>),
    /// Too much was asked for; try again after this long.
    RateLimited(Duration),
    /// A part of the server can't be reached or is busy; names it.
    Unavailable(&'static str),
    /// Another transaction was in the way: [`crate::transact!`] tries again.
    Collision(Arc<DbErr>),
    /// A fault of ours: logged, and never shown.
    Internal(Arc<anyhow::Error>),
}

impl Error {
    /// A fault of ours.
    pub fn internal(cause: impl Into<anyhow::Error>) -> Self {
        Self::Internal(Arc::new(cause.into()))
    }

    /// The stable code that clients see in `extensions.code`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound(_) => "NOT_FOUND",
            Self::BadInput(_) | Self::Invalid(_) => "BAD_USER_INPUT",
            Self::RateLimited(_) => "RATE_LIMITED",
            Self::Unavailable(_) | Self::Collision(_) => "UNAVAILABLE",
            Self::Internal(_) => "INTERNAL_SERVER_ERROR",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Unauthenticated => "Sign in first.".into(),
            Self::Forbidden => "You may not do this.".into(),
            Self::NotFound(kind) => format!("No such {kind}."),
            Self::BadInput(message) => message.clone(),
            Self::Invalid(problems) => {
                let messages: Vec<_> =
                    problems.iter().map(|problem| problem.text(&crate::language::Language::english())).collect();
                messages.join(" ")
            }
            Self::RateLimited(wait) => format!("Too many requests; try again in {} s.", wait.as_secs().max(1)),
            Self::Unavailable(what) => format!("The {what} can't be reached now; try again."),
            Self::Collision(_) => "The server is busy; try again.".into(),
            Self::Internal(_) => "Something went wrong on our side.".into(),
        }
    }

    /// The error of an insertion in whose way another call's may have been: tried again, the row is found.
    #[must_use]
    pub fn collided(err: DbErr) -> Self {
        if Self::is_duplicate(&err) { Self::Collision(Arc::new(err)) } else { err.into() }
    }

    /// Whether a database says that a unique index holds the value already.
    #[must_use]
    pub fn is_duplicate(err: &DbErr) -> bool {
        matches!(err.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
    }
}

/// One problem is a failure too.
impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Invalid(vec![problem])
    }
}

impl From<DbErr> for Error {
    fn from(err: DbErr) -> Self {
        if is_collision(&err) {
            return Self::Collision(Arc::new(err));
        }
        if matches!(err, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) || is_disconnection(&err) {
            tracing::warn!(error = %err, "the database can't be reached");
            return Self::Unavailable("database");
        }
        Self::internal(err)
    }
}

impl From<crate::objects::Error> for Error {
    fn from(err: crate::objects::Error) -> Self {
        if matches!(err, crate::objects::Error::Unavailable(_)) {
            tracing::warn!(error = %err, "object storage can't be reached");
            return Self::Unavailable("object storage");
        }
        Self::internal(err)
    }
}

fn sqlx_error(err: &DbErr) -> Option<&sea_orm::sqlx::Error> {
    match err {
        DbErr::Exec(RuntimeErr::SqlxError(err))
        | DbErr::Query(RuntimeErr::SqlxError(err))
        | DbErr::Conn(RuntimeErr::SqlxError(err)) => Some(err),
        _ => None,
    }
}

/// Serialisation failure and deadlock of PostgreSQL (SQLSTATE 40001, 40P01); busy and locked of SQLite (5, 6 and their
/// extended codes).
fn is_collision(err: &DbErr) -> bool {
    let Some(code) = sqlx_error(err).and_then(|err| err.as_database_error()?.code()) else {
        return false;
    };
    matches!(code.as_ref(), "40001" | "40P01" | "5" | "6" | "261" | "262" | "517" | "518")
}

/// The connection broke, or the server says that it can't do its work now.
fn is_disconnection(err: &DbErr) -> bool {
    use sea_orm::sqlx::Error as Sqlx;
    match sqlx_error(err) {
        Some(Sqlx::Io(_) | Sqlx::PoolTimedOut | Sqlx::PoolClosed | Sqlx::WorkerCrashed | Sqlx::Protocol(_)) => true,
        Some(Sqlx::Database(err)) => err.code().is_some_and(|code| is_inability(&code)),
        _ => false,
    }
}

/// Of PostgreSQL the SQLSTATE classes 08 (connection), 53 (no disk, memory or connections left), 57 (ended, by its limit too)
/// and 58 (its system), and 25P03 (a transaction that did nothing for too long). Of SQLite, which adds details in higher
/// bits, reading and writing (10), a full disk (13) and a file that can't be opened (14).
fn is_inability(code: &str) -> bool {
    match code.parse::<u16>() {
        Ok(sqlite) if code.len() < 5 => matches!(sqlite & 0xff, 10 | 13 | 14),
        _ => ["08", "53", "57", "58", "25P03"].iter().any(|class| code.starts_with(class)),
    }
}

impl From<Error> for async_graphql::Error {
    fn from(error: Error) -> Self {
        if let Error::Internal(cause) = &error {
            tracing::error!(error = format!("{cause:#}"), "internal error");
        }
        async_graphql::Error::new(error.message()).extend_with(|_, extensions| {
            extensions.set("code", error.code());
            match &error {
                Error::RateLimited(wait) => extensions.set("retryAfterSeconds", wait.as_secs().max(1)),
                Error::Unavailable(_) | Error::Collision(_) => extensions.set("retryAfterSeconds", 1),
                _ => {}
            }
        })
    }
}
