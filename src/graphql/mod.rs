//! The schema, put together from what each domain adds.

pub mod answer;
pub mod at_hand;
pub mod batch;
pub mod connection;
pub mod context;
pub mod document;
pub mod json;
pub mod limits;
pub mod nodes;
pub mod parameters;
pub mod payload;
pub mod root;
pub mod together;

use std::sync::Arc;

use async_graphql::{Data, Executor, MergedObject, MergedSubscription, Request, Response, SDLExportOptions, ValidationMode};
use futures_util::{FutureExt as _, future::BoxFuture, stream::BoxStream};
use uuid::Uuid;

use crate::{accounts, audit, clock::Instant, courses, files, forum, learning, quizzes, recordings, webinars};

/// What can be asked.
#[derive(MergedObject, Default)]
pub struct Query(
    nodes::NodeQuery,
    accounts::graphql::AccountQuery,
    courses::graphql::CourseQuery,
    learning::graphql::CheckQuery,
    quizzes::graphql::QuizQuery,
    recordings::graphql::RecordingQuery,
    forum::graphql::ForumQuery,
    webinars::graphql::WebinarQuery,
    webinars::graphql::InvitingQuery,
    audit::graphql::AuditQuery,
);

/// What can be changed. Every field is null when the request is refused as a whole; what a person can mend is in
/// `userErrors`. Each mutation can be sent again when its answer was lost: with the same `key` it answers what it answered
/// first, and where things are already as it wants them it changes nothing and answers the thing as it stands. Only what was
/// removed is no longer found.
#[derive(MergedObject, Default)]
pub struct Mutation(
    accounts::graphql::AccountMutation,
    courses::graphql::CourseMutation,
    learning::graphql::LessonMutation,
    learning::graphql::AccessMutation,
    learning::graphql::CertificateMutation,
    quizzes::graphql::QuizMutation,
    files::graphql::FileMutation,
    recordings::graphql::RecordingMutation,
    forum::graphql::CommunityMutation,
    forum::graphql::DiscussionMutation,
    forum::graphql::ModerationMutation,
    webinars::graphql::WebinarSeriesMutation,
    webinars::graphql::WebinarMutation,
    webinars::graphql::RegistrationMutation,
    webinars::graphql::AttendanceMutation,
    webinars::graphql::CertifyingMutation,
    webinars::graphql::WebinarTestMutation,
    webinars::graphql::ContactMutation,
    webinars::graphql::InvitationMutation,
    webinars::graphql::NomineeMutation,
    webinars::graphql::NominationMutation,
);

/// What can be followed live. The right to it is checked again for each event.
#[derive(MergedSubscription, Default)]
pub struct Subscription(recordings::graphql::RecordingSubscription, forum::graphql::ForumSubscription);

type Assembled = async_graphql::Schema<Query, Mutation, Subscription>;

/// The schema of the API. The future of each field is as large as that of the largest field of its type, so what a field awaits is
/// boxed where it is larger than 2 kB.
///
/// What it is asked runs in boxes that are made here: otherwise the code of all resolvers would be
/// compiled again into each program that asks.
#[derive(Clone)]
pub struct Schema(Assembled);

impl Schema {
    fn answer(&self, request: Request) -> BoxFuture<'_, Response> {
        self.0.execute(request).boxed()
    }
}

impl Executor for Schema {
    async fn execute(&self, request: Request) -> Response {
        self.answer(request).await
    }

    fn execute_stream(&self, request: Request, data: Option<Arc<Data>>) -> BoxStream<'static, Response> {
        self.0.execute_stream_with_session_data(request, data.unwrap_or_default())
    }
}

/// Puts the schema together. Documents are limited before they come here, in `http`.
#[must_use]
pub fn schema(introspection: bool) -> Schema {
    Schema(assembled(introspection))
}

fn assembled(introspection: bool) -> Assembled {
    let mut builder = Assembled::build(Query::default(), Mutation::default(), Subscription::default())
        .validation_mode(ValidationMode::Strict)
        .limit_directives(50)
        .limit_recursive_depth(32)
        .override_output_type_description::<Instant>("Instant in UTC, RFC 3339, to the microsecond.")
        .override_input_type_description::<Uuid>("UUID in its hyphenated form (RFC 9562).");
    if !introspection {
        builder = builder.disable_introspection().disable_suggestions();
    }
    builder.finish()
}

/// The schema as text: what `schema.graphql` holds.
#[must_use]
pub fn sdl() -> String {
    let options = SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items();
    without_directives(&assembled(true).sdl_with_options(options))
}

/// Leaves out the directives that every GraphQL server has, which a schema is not to define (GraphQL 3.13); we have no others.
fn without_directives(sdl: &str) -> String {
    let (mut kept, mut description, mut describing) = (String::new(), String::new(), false);
    for line in sdl.lines() {
        let quotes = line == "\"\"\"";
        if quotes || describing {
            describing = describing != quotes;
            description.push_str(line);
            description.push('\n');
            continue;
        }
        if !line.starts_with("directive @") {
            kept.push_str(&description);
            kept.push_str(line);
            kept.push('\n');
        }
        description.clear();
    }
    kept
}
