//! Payloads of mutations: what was changed, or what the person must mend.

use async_graphql::{Context, Object};

use super::context::ContextExt;
use crate::error::{Error, Problem, Result, UserErrorCode};

/// Something in the input, or in the state of things, that the person can mend.
pub struct UserError(pub Problem);

/// Something in the input, or in the state of things, that the person can mend.
#[Object]
impl UserError {
    /// Stable, for programs.
    async fn code(&self) -> UserErrorCode {
        self.0.code
    }
    /// Path of the argument concerned, for example input, text, title; null when none is.
    async fn field(&self) -> Option<&[String]> {
        (!self.0.field.is_empty()).then_some(&self.0.field[..])
    }
    /// For people, in the language of the viewer or of the request.
    async fn message(&self, ctx: &Context<'_>) -> String {
        self.0.text(&ctx.viewer().speaks())
    }
}

/// Parts a result into what was done and what the person must mend; other failures go on as errors of the field.
pub fn part<T>(result: Result<T>) -> Result<(Option<T>, Vec<UserError>)> {
    match result {
        Ok(done) => Ok((Some(done), Vec::new())),
        Err(Error::Invalid(problems)) => Ok((None, problems.into_iter().map(UserError).collect())),
        Err(err) => Err(err),
    }
}

/// Writes the payload type of a mutation with `of`, which makes one of a result: of `()` without fields, of the field's type
/// with one, of a tuple with several.
macro_rules! payload {
    ($(#[$doc:meta])* $name:ident {}) => {
        payload!(@type $(#[$doc])* $name {});
        impl $name {
            /// The answer for what an operation gave.
            pub fn of(result: $crate::error::Result<()>) -> Option<$crate::error::Result<Self>> {
                Some($crate::graphql::payload::part(result).map(|(_, user_errors)| Self { user_errors }))
            }
        }
    };
    ($(#[$doc:meta])* $name:ident { $(#[$field_doc:meta])* $field:ident: $type:ty $(,)? }) => {
        payload!(@type $(#[$doc])* $name { $(#[$field_doc])* $field: $type, });
        impl $name {
            /// The answer for what an operation gave.
            pub fn of(result: $crate::error::Result<$type>) -> Option<$crate::error::Result<Self>> {
                Some($crate::graphql::payload::part(result).map(|($field, user_errors)| Self { $field, user_errors }))
            }
        }
    };
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty),+ $(,)? }) => {
        payload!(@type $(#[$doc])* $name { $($(#[$field_doc])* $field: $type,)+ });
        impl $name {
            /// The answer for what an operation gave.
            pub fn of(result: $crate::error::Result<($($type),+)>) -> Option<$crate::error::Result<Self>> {
                Some($crate::graphql::payload::part(result).map(|(done, user_errors)| match done {
                    Some(($($field),+)) => Self { $($field: Some($field),)+ user_errors },
                    None => Self { $($field: None,)+ user_errors },
                }))
            }
        }
    };
    (@type $(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(async_graphql::SimpleObject)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: Option<$type>,)*
            /// What the person must mend; empty when it worked.
            pub user_errors: Vec<$crate::graphql::payload::UserError>,
        }
    };
}
pub(crate) use payload;
