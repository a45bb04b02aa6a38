//! Webinars in the API.

pub mod asking;
pub mod attendance;
pub mod certifying;
pub mod changing;
pub mod founding;
pub mod inviting;
pub mod loading;
pub mod parts;
pub mod registering;
pub mod registration;
pub mod series;
pub mod testing;
pub mod webinar;

pub use self::{
    asking::WebinarQuery,
    attendance::AttendanceMutation,
    certifying::{Attendance, CertifyingMutation},
    changing::WebinarMutation,
    founding::WebinarSeriesMutation,
    inviting::{
        Contact, ContactMutation, Invitation, InvitationMutation, InvitingQuery, NominationMutation, Nominee, NomineeMutation,
    },
    registering::RegistrationMutation,
    registration::{Registration, RegistrationConnection, registrations_of_viewer},
    series::WebinarSeries,
    testing::WebinarTestMutation,
    webinar::Webinar,
};

/// Writes the type of a text in one language: its fields, each made of the row, and what the reader is told of the choice.
macro_rules! text_object {
    ($(#[$doc:meta])* $name:ident of $row:ty { $($(#[$field_doc:meta])* $field:ident($text:ident): $type:ty = $value:expr;)* }) => {
        $(#[$doc])*
        pub struct $name {
            pub(super) row: $row,
            mark: $crate::language::translated::Mark,
        }

        impl $name {
            /// The text among `texts` for the viewer, or for who asks for a language; `None` when there is none at all.
            pub(super) fn chosen(
                ctx: &async_graphql::Context<'_>,
                texts: &[$row],
                original: &$crate::language::Language,
                asked: Option<&$crate::language::Language>,
            ) -> Option<Self> {
                use $crate::graphql::context::ContextExt as _;
                let row = $crate::language::translated::choose(texts, ctx.viewer().languages(asked), original)?;
                Some(Self { mark: $crate::language::translated::mark(row, texts, original), row: row.clone() })
            }

            /// All of `texts`.
            pub(super) fn all(texts: &[$row], original: &$crate::language::Language) -> Vec<Self> {
                let marked = |row: &$row| Self {
                    mark: $crate::language::translated::mark(row, texts, original),
                    row: row.clone(),
                };
                texts.iter().map(marked).collect()
            }
        }

        $(#[$doc])*
        #[async_graphql::Object]
        impl $name {
            $(
                $(#[$field_doc])*
                async fn $field(&self) -> $type {
                    let $text = &self.row;
                    $value
                }
            )*
            /// Language of this text.
            async fn language(&self) -> &$crate::language::Language {
                &self.mark.language
            }
            /// Writing direction of that language.
            async fn direction(&self) -> $crate::language::TextDirection {
                self.mark.direction
            }
            /// True when the text was written in this language first.
            async fn is_original(&self) -> bool {
                self.mark.is_original
            }
            /// True when the original changed after this translation was made.
            async fn is_outdated(&self) -> bool {
                self.mark.is_outdated
            }
            /// True when a machine made this translation and nobody has confirmed it.
            async fn is_machine(&self) -> bool {
                self.mark.is_machine
            }
        }
    };
}
use text_object;
