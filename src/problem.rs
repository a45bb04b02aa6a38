//! What a person can mend: a code for programs, the argument concerned, and a message in their language.

use async_graphql::Enum;

use crate::{
    error::{Error, Result},
    language::{Language, messages},
};

/// Why a change was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum UserErrorCode {
    /// Nothing was given where something is needed.
    Blank,
    /// Shorter than allowed.
    TooShort,
    /// Longer than allowed.
    TooLong,
    /// A number or time outside what is allowed.
    OutOfRange,
    /// Not of the form that is needed.
    Invalid,
    /// What it names does not exist for the viewer.
    NotFound,
    /// Somebody has it already.
    Taken,
    /// On the list of common passwords, or too short.
    WeakPassword,
    /// Address and password do not belong together.
    WrongCredentials,
    /// The link or key is used up, too old or unknown.
    Expired,
    /// The terms must be accepted first.
    NotAccepted,
    /// Not possible in the state the object is in.
    WrongState,
    /// Something that this needs is missing.
    Incomplete,
    /// No more are allowed.
    LimitReached,
    /// The time for this is over.
    TooLate,
    /// More bytes than allowed.
    TooLarge,
    /// Not a kind that is handled here.
    Unsupported,
    /// The key was used for another input before.
    KeyReused,
}

impl UserErrorCode {
    /// Id of the message that stands for the code when no better one is given.
    const fn message(self) -> &'static str {
        match self {
            Self::Blank => "problem-blank",
            Self::TooShort => "problem-too-short",
            Self::TooLong => "problem-too-long",
            Self::OutOfRange => "problem-out-of-range",
            Self::Invalid => "problem-invalid",
            Self::NotFound => "problem-not-found",
            Self::Taken => "problem-taken",
            Self::WeakPassword => "problem-weak-password",
            Self::WrongCredentials => "problem-wrong-credentials",
            Self::Expired => "problem-expired",
            Self::NotAccepted => "problem-not-accepted",
            Self::WrongState => "problem-wrong-state",
            Self::Incomplete => "problem-incomplete",
            Self::LimitReached => "problem-limit-reached",
            Self::TooLate => "problem-too-late",
            Self::TooLarge => "problem-too-large",
            Self::Unsupported => "problem-unsupported",
            Self::KeyReused => "problem-key-reused",
        }
    }
}

/// One thing that a person can mend.
#[derive(Clone, Debug)]
pub struct Problem {
    /// For programs.
    pub code: UserErrorCode,
    /// Path of the argument, from the mutation's argument down; empty when none is concerned.
    pub field: Vec<String>,
    message: &'static str,
    arguments: Vec<(&'static str, String)>,
}

impl Problem {
    /// A problem that concerns no single argument.
    #[must_use]
    pub fn new(code: UserErrorCode) -> Self {
        Self { code, field: Vec::new(), message: code.message(), arguments: Vec::new() }
    }

    /// A problem of an argument, named by its path with dots: `input.text.title`.
    #[must_use]
    pub fn at(code: UserErrorCode, path: &str) -> Self {
        Self { field: path.split('.').map(str::to_owned).collect(), ..Self::new(code) }
    }

    /// The same problem of the argument at `path`.
    #[must_use]
    pub fn under(self, path: &str) -> Self {
        Self { field: path.split('.').map(str::to_owned).collect(), ..self }
    }

    /// Says it with another message than the code's own: an id of the files in `language/messages`.
    #[must_use]
    pub fn saying(self, message: &'static str) -> Self {
        Self { message, ..self }
    }

    /// Gives the message a value, such as a limit.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.arguments.push((name, value.to_string()));
        self
    }

    /// The message for people.
    #[must_use]
    pub fn text(&self, language: &Language) -> String {
        messages::text(language, self.message, &self.arguments)
    }
}

/// Collects problems, so that a person learns of all of them at once.
#[derive(Debug, Default)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn add(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Adds one unless `holds`.
    pub fn check(&mut self, holds: bool, problem: impl FnOnce() -> Problem) {
        if !holds {
            self.add(problem());
        }
    }

    /// The value, or its default with the problem noted at `path`: go on checking, [`Problems::done`] will fail.
    pub fn take<T: Default>(&mut self, path: &str, parsed: Result<T, Problem>) -> T {
        parsed.unwrap_or_else(|problem| {
            self.add(problem.under(path));
            T::default()
        })
    }

    /// Fails when there are any.
    pub fn done(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}
