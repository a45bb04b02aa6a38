//! Typed ids. In the database a UUIDv7, on the wire a TypeID: the kind, `_`, and the UUID in 26 characters of
//! Crockford's base 32 in lower case (<https://github.com/jetify-com/typeid>), for example `course_01k9w3d7…`.
//! Clients treat them as opaque; the kind lets `node` find the table.

use std::borrow::Cow;

use async_graphql::{ID, InputType, InputValueError, InputValueResult, Value, registry::Registry};
use uuid::Uuid;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const SUFFIX_LENGTH: usize = 26;

/// Writes `uuid` as an id of `kind`.
#[must_use]
pub fn encode(kind: &str, uuid: Uuid) -> String {
    let bits = uuid.as_u128();
    let mut id = String::with_capacity(kind.len() + 1 + SUFFIX_LENGTH);
    id.push_str(kind);
    id.push('_');
    for place in (0..SUFFIX_LENGTH).rev() {
        let digit = (bits >> (5 * place)) & 31;
        id.push(char::from(ALPHABET[usize::try_from(digit).unwrap_or(0)]));
    }
    id
}

/// Reads an id of any kind; `None` unless it is written exactly as [`encode`] writes it.
#[must_use]
pub fn decode(id: &str) -> Option<(&str, Uuid)> {
    let (kind, suffix) = id.rsplit_once('_')?;
    if kind.is_empty() || suffix.len() != SUFFIX_LENGTH || suffix.as_bytes()[0] > b'7' {
        return None;
    }
    let mut bits: u128 = 0;
    for byte in suffix.bytes() {
        let digit = ALPHABET.iter().position(|&known| known == byte)?;
        bits = (bits << 5) | digit as u128;
    }
    Some((kind, Uuid::from_u128(bits)))
}

/// What all typed ids can do.
pub trait Id: Copy + Eq + Send + Sync + 'static {
    /// The kind, as it stands before the `_`.
    const KIND: &'static str;
    /// Wraps the UUID of a row.
    fn from_uuid(uuid: Uuid) -> Self;
    /// The UUID of the row.
    fn uuid(self) -> Uuid;
    /// Reads an id of this kind as clients send it.
    fn parse(id: &str) -> Option<Self> {
        let (kind, uuid) = decode(id)?;
        (kind == Self::KIND).then(|| Self::from_uuid(uuid))
    }
}

/// What an argument of type `ID` must be to name a thing of this kind.
fn parse_argument<T: Id + InputType>(value: Option<Value>) -> InputValueResult<T> {
    match value.unwrap_or_default() {
        Value::String(id) => {
            <T as Id>::parse(&id).ok_or_else(|| InputValueError::custom(format!("\"{id}\" is not the id of a {}", T::KIND)))
        }
        other => Err(InputValueError::expected_type(other)),
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $kind:literal;)*) => {
        $(
            $(#[$doc])*
            #[derive(
                Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord,
                serde::Serialize, serde::Deserialize, sea_orm::DeriveValueType,
            )]
            #[serde(transparent)]
            pub struct $name(pub Uuid);

            impl $name {
                /// A new id; ids made later sort later.
                #[must_use]
                #[allow(clippy::new_without_default)]
                pub fn new() -> Self {
                    Self(Uuid::now_v7())
                }
            }

            impl Id for $name {
                const KIND: &'static str = $kind;
                fn from_uuid(uuid: Uuid) -> Self {
                    Self(uuid)
                }
                fn uuid(self) -> Uuid {
                    self.0
                }
            }

            impl std::fmt::Display for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str(&encode($kind, self.0))
                }
            }

            impl sea_orm::TryFromU64 for $name {
                fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                    Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
                }
            }

            impl InputType for $name {
                type RawValueType = Self;
                fn type_name() -> Cow<'static, str> {
                    Cow::Borrowed("ID")
                }
                fn create_type_info(registry: &mut Registry) -> String {
                    <ID as InputType>::create_type_info(registry)
                }
                fn parse(value: Option<Value>) -> InputValueResult<Self> {
                    parse_argument(value)
                }
                fn to_value(&self) -> Value {
                    Value::String(self.to_string())
                }
                fn as_raw_value(&self) -> Option<&Self> {
                    Some(self)
                }
            }

            impl async_graphql::OutputType for $name {
                fn type_name() -> Cow<'static, str> {
                    Cow::Borrowed("ID")
                }
                fn create_type_info(registry: &mut Registry) -> String {
                    <ID as InputType>::create_type_info(registry)
                }
                async fn resolve(
                    &self,
                    _: &async_graphql::ContextSelectionSet<'_>,
                    _: &async_graphql::Positioned<async_graphql::parser::types::Field>,
                ) -> async_graphql::ServerResult<Value> {
                    Ok(Value::String(self.to_string()))
                }
            }
        )*

        /// Every kind of id, for tests and tools.
        pub const KINDS: &[&str] = &[$($kind),*];
    };
}

ids! {
    /// A person with an account.
    UserId = "user";
    /// A signed-in device.
    SessionId = "session";
    /// A right given to one thing.
    AccessId = "access";
    /// An audit entry.
    AuditEntryId = "audit";
    /// A job.
    JobId = "job";
    /// A row that stands for bytes in object storage.
    ObjectId = "object";
    /// A small file.
    FileId = "file";
    /// A course.
    CourseId = "course";
    /// A version of a course, the draft included.
    CourseVersionId = "version";
    /// A module in one version.
    ModuleId = "module";
    /// A module through all versions.
    PermanentModuleId = "pmodule";
    /// A lesson in one version.
    LessonId = "lesson";
    /// A lesson through all versions.
    PermanentLessonId = "plesson";
    /// An enrolment.
    EnrolmentId = "enrolment";
    /// A completion record.
    CompletionId = "completion";
    /// A recording.
    RecordingId = "recording";
    /// An upload of a recording.
    UploadId = "upload";
    /// A rendition of a recording.
    RenditionId = "rendition";
    /// Captions of a recording.
    CaptionsId = "captions";
    /// A speaker in a recording.
    SpeakerId = "speaker";
    /// A quiz.
    QuizId = "quiz";
    /// A frozen version of a quiz.
    QuizVersionId = "quizversion";
    /// A question.
    QuestionId = "question";
    /// A version of a question.
    QuestionVersionId = "questionversion";
    /// A choice of a question.
    ChoiceId = "choice";
    /// An attempt at a quiz.
    QuizAttemptId = "attempt";
    /// More time or attempts for one person.
    QuizAllowanceId = "allowance";
    /// A community.
    CommunityId = "community";
    /// A category of a forum.
    CategoryId = "category";
    /// A topic.
    TopicId = "topic";
    /// A post.
    PostId = "post";
    /// A flag on a post.
    FlagId = "flag";
    /// A removal from a community.
    RemovalId = "removal";
    /// A series of webinars.
    WebinarSeriesId = "series";
    /// A funder of a series.
    WebinarFunderId = "funder";
    /// A webinar.
    WebinarId = "webinar";
    /// A speaker of a webinar.
    WebinarSpeakerId = "wspeaker";
    /// A question to those who register for a webinar.
    WebinarQuestionId = "wquestion";
    /// A registration for a webinar.
    RegistrationId = "registration";
    /// A record that somebody attended a webinar.
    AttendanceId = "attendance";
    /// A line of the list of who was present at a webinar.
    AttendanceLineId = "attendanceline";
    /// The calendar of a person.
    CalendarFeedId = "calendar";
    /// A contact of a series.
    ContactId = "contact";
    /// An invitation to a webinar.
    InvitationId = "invitation";
    /// The letter of invitations to a webinar.
    InvitationLetterId = "letter";
    /// A person named for a webinar.
    NomineeId = "nominee";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_back_as_it_was_written() {
        let id = CourseId::new();
        assert_eq!(<CourseId as Id>::parse(&id.to_string()), Some(id));
    }

    #[test]
    fn the_example_of_the_typeid_specification_holds() {
        let uuid = Uuid::parse_str("01890a5d-ac96-774b-bcce-b302099a8057").expect("a UUID");
        assert_eq!(encode("prefix", uuid), "prefix_01h455vb4pex5vsknk084sn02q");
    }

    #[test]
    fn ids_of_another_kind_or_spelling_are_refused() {
        let id = CourseId::new().to_string();
        assert_eq!(<UserId as Id>::parse(&id), None);
        assert_eq!(decode(&id.to_uppercase().replace("COURSE", "course")), None);
        for wrong in ["", "_", "course", "course_", "course_8zzzzzzzzzzzzzzzzzzzzzzzzz", "course_01h455vb4pex5vsknk084sn02é"] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }
}
