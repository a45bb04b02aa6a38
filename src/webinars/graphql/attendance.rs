//! Who was present, and the recordings, in the API.

use async_graphql::{Context, Object};

use super::{registration::Registration, webinar::Webinar};
use crate::{
    clock::Instant,
    error::{Error, Result},
    graphql::{connection::connection, context::ContextExt, payload::payload},
    ids::{AttendanceLineId, RecordingId, RegistrationId, WebinarId},
    paging::Page,
    webinars::{
        attendance_line::{self, Match},
        attending, listing, replaying, seeing,
    },
};

/// A line of the list of who was present, for those who may change the webinar.
pub struct AttendanceLine(pub attendance_line::Model);

/// A line of the list of who was present, for those who may change the webinar.
#[Object]
impl AttendanceLine {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> AttendanceLineId {
        self.0.id
    }
    /// Number of the line in the list.
    async fn line(&self) -> i32 {
        self.0.line
    }
    /// Name as it stands there.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// Address as it stands there; may be empty.
    async fn email(&self) -> &str {
        &self.0.email
    }
    /// When they joined.
    async fn joined_at(&self) -> Instant {
        self.0.joined_at
    }
    /// When they left.
    async fn left_at(&self) -> Instant {
        self.0.left_at
    }
    /// Whose it is, or, where it was matched by name alone, seems to be; null while nobody knows.
    async fn registration(&self, ctx: &Context<'_>) -> Option<Result<Registration>> {
        Registration::load(ctx, self.0.registration_id?).await.transpose()
    }
    /// How that was found.
    async fn matched_by(&self) -> Match {
        self.0.matched_by
    }
}

impl AttendanceLine {
    /// The line as it stands after a change that gave `done`.
    async fn after(ctx: &Context<'_>, done: Result<AttendanceLineId>) -> Result<Self> {
        let line = listing::line(ctx.app(), ctx.viewer(), done?).await?;
        line.map(Self).ok_or(Error::NotFound("attendance"))
    }
}

connection!(
    /// A page of the list of who was present.
    AttendanceLineConnection,
    /// One of a page of the list of who was present.
    AttendanceLineEdge,
    AttendanceLine
);

impl AttendanceLineConnection {
    /// Lines of a webinar; ask only for those who may change it.
    pub async fn of(ctx: &Context<'_>, webinar: WebinarId, only_doubts: bool, page: Result<Page>) -> Result<Self> {
        Ok(Self::new(listing::lines(ctx.app(), webinar, only_doubts, &page?).await?, AttendanceLine))
    }
}

payload!(
    /// Answer of `webinarCodeRenew`.
    WebinarCodeRenewPayload {
        /// The webinar as it stands now.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `webinarCheckIn`.
    WebinarCheckInPayload {
        /// The registration as it stands now.
        registration: Registration,
    }
);
payload!(
    /// Answer of `webinarAttendanceImport`.
    WebinarAttendanceImportPayload {
        /// The webinar as it stands now.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `attendanceLineSettle`.
    AttendanceLineSettlePayload {
        /// The line as it stands now.
        line: AttendanceLine,
    }
);
payload!(
    /// Answer of `webinarRecordingAdd`.
    WebinarRecordingAddPayload {
        /// The webinar as it stands now.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `webinarRecordingRemove`.
    WebinarRecordingRemovePayload {
        /// The webinar as it stands now.
        webinar: Webinar,
    }
);

/// Saying who was present, and hanging recordings on webinars.
#[derive(Default)]
pub struct AttendanceMutation;

#[Object]
impl AttendanceMutation {
    /// Makes a code of six digits, to be shown in the session; the one before ends. Codes: none.
    async fn webinar_code_renew(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webinar.")] id: WebinarId,
    ) -> Option<Result<WebinarCodeRenewPayload>> {
        let done = attending::renew_code(ctx.app(), ctx.viewer(), id).await.map(|_| id);
        WebinarCodeRenewPayload::of(Webinar::after(ctx, done).await)
    }

    /// Says that the viewer, who has a seat, is there, by the code that is shown in the session; from 15 minutes before to 15
    /// minutes after it. Codes: INVALID, LIMIT_REACHED (10 wrong codes), WRONG_STATE (too early, cancelled), TOO_LATE.
    async fn webinar_check_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webinar.")] id: WebinarId,
        #[graphql(desc = "The code.")] code: String,
    ) -> Option<Result<WebinarCheckInPayload>> {
        let checked = async {
            attending::check_in(ctx.app(), ctx.viewer(), id, &code).await?;
            let seen = seeing::by_id(ctx.app().db.read(), ctx.viewer(), id).await?;
            let row = seen.and_then(|seen| seen.registration).ok_or(Error::NotFound("registration"))?;
            Ok(Registration { row })
        };
        WebinarCheckInPayload::of(checked.await)
    }

    /// Takes the list of who was present, in place of the one before: CSV as meeting tools write it, divided by commas, semicolons
    /// or tabs, with a line of titles that names the columns name, email (not needed), join time and leave time, in any of the
    /// site's languages; at most 2,000 lines and 256 KiB. What stands above the titles is left out. Times without an offset are on
    /// the clocks of the webinar's zone. Lines that were matched by address count at once, those by name alone when they are settled.
    /// Codes: BLANK, INVALID (each bad line is named; no line is of the time of the webinar), INCOMPLETE (columns), LIMIT_REACHED.
    async fn webinar_attendance_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webinar.")] id: WebinarId,
        #[graphql(desc = "The list.")] csv: String,
    ) -> Option<Result<WebinarAttendanceImportPayload>> {
        let done = listing::import(ctx.app(), ctx.viewer(), id, &csv).await.map(|()| id);
        WebinarAttendanceImportPayload::of(Webinar::after(ctx, done).await)
    }

    /// Says whose a line of the list is, which counts from then on. Codes: NOT_FOUND, WRONG_STATE (a cancelled registration).
    async fn attendance_line_settle(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The line.")] id: AttendanceLineId,
        #[graphql(desc = "Whose it is; nobody's when null.")] registration_id: Option<RegistrationId>,
    ) -> Option<Result<AttendanceLineSettlePayload>> {
        let done = listing::settle(ctx.app(), ctx.viewer(), id, registration_id).await;
        AttendanceLineSettlePayload::of(AttendanceLine::after(ctx, done).await)
    }

    /// Hangs a recording that the viewer may change on the webinar, last in order; who has a seat sees it
    /// once it is published, and is told. For others it keeps its own mark. Codes: NOT_FOUND, LIMIT_REACHED (20).
    async fn webinar_recording_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webinar.")] id: WebinarId,
        #[graphql(desc = "The recording.")] recording_id: RecordingId,
    ) -> Option<Result<WebinarRecordingAddPayload>> {
        let done = replaying::add(ctx.app(), ctx.viewer(), id, recording_id).await.map(|()| id);
        WebinarRecordingAddPayload::of(Webinar::after(ctx, done).await)
    }

    /// Takes a recording from the webinar; the recording stays. Codes: none.
    async fn webinar_recording_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webinar.")] id: WebinarId,
        #[graphql(desc = "The recording.")] recording_id: RecordingId,
    ) -> Option<Result<WebinarRecordingRemovePayload>> {
        let done = replaying::remove(ctx.app(), ctx.viewer(), id, recording_id).await.map(|()| id);
        WebinarRecordingRemovePayload::of(Webinar::after(ctx, done).await)
    }
}
