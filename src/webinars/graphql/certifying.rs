//! Records of attendance and their certificates, in the API.

use std::collections::HashMap;

use async_graphql::{Context, Object, dataloader::Loader};
use sea_orm::{EntityTrait, QueryFilter};

use super::{registration::Registration, webinar::Webinar};
use crate::{
    certificates::{code, graphql::Certificate},
    clock::Instant,
    error::{Error, Result},
    graphql::{batch::Batch, context::ContextExt, payload::payload},
    ids::{AttendanceId, RegistrationId, WebinarId},
    language::Language,
    rows::{among, keyed},
    scalars::Url,
    webinars::{
        asking, attendance,
        certifying::{self, AttendanceRevokeInput},
    },
};

/// The record of a registration that the viewer was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AttendanceOf(pub RegistrationId);

impl Loader<AttendanceOf> for Batch {
    type Value = attendance::Model;
    type Error = Error;

    async fn load(&self, of: &[AttendanceOf]) -> Result<HashMap<AttendanceOf, attendance::Model>> {
        let ids: Vec<_> = of.iter().map(|of| of.0).collect();
        let of = among(self.app.db.backend(), attendance::Column::RegistrationId, &ids);
        let found = attendance::Entity::find().filter(of).all(self.app.db.read()).await?;
        Ok(keyed(found, |record| AttendanceOf(record.registration_id)))
    }
}

/// A record, kept for good, that a person attended a webinar.
pub struct Attendance(pub attendance::Model);

impl Attendance {
    /// The record `id`, for the person and those who may change the webinar.
    pub async fn load(ctx: &Context<'_>, id: AttendanceId) -> Result<Option<Self>> {
        let found = attendance::Entity::find_by_id(id).one(ctx.app().db.read()).await?;
        let Some(record) = found else { return Ok(None) };
        let registration = asking::registration(ctx.app(), ctx.viewer(), record.registration_id).await?;
        Ok(registration.map(|_| Self(record)))
    }
}

/// A record, kept for good, that a person attended a webinar.
#[Object]
impl Attendance {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> AttendanceId {
        self.0.id
    }
    /// What the person shows to others, for example 7K3F-9QXA-2MVD-H4TB.
    async fn code(&self) -> String {
        code::grouped(&self.0.code)
    }
    /// The registration.
    async fn registration(&self, ctx: &Context<'_>) -> Option<Result<Registration>> {
        Registration::load(ctx, self.0.registration_id).await.transpose()
    }
    /// Title of the webinar as it stood, in the language of the person then.
    async fn title(&self) -> &str {
        &self.0.title
    }
    /// When the webinar began.
    async fn held_at(&self) -> Instant {
        self.0.held_at
    }
    /// Minutes from its start to its end.
    async fn duration_minutes(&self) -> i32 {
        self.0.duration_minutes
    }
    /// When the record was issued.
    async fn issued_at(&self) -> Instant {
        self.0.issued_at
    }
    /// When it was revoked; its certificate and badge are then no longer valid.
    async fn revoked_at(&self) -> Option<Instant> {
        self.0.revoked_at
    }
    /// Why it was revoked.
    async fn revocation_reason(&self) -> Option<&str> {
        self.0.revocation_reason.as_deref()
    }
    /// The certificate; for the person and administrators, and null once it is revoked.
    async fn certificate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "One of `Certificate.languages`; absent, that of the person when it was issued.")] language: Option<
            Language,
        >,
    ) -> Option<Result<Certificate>> {
        let said = certifying::certificate(ctx.app(), ctx.viewer(), &self.0, language.as_ref()).await.transpose()?;
        Some(said.map(|said| Certificate::new(self.0.id, said)))
    }
    /// Page where anyone can check the code.
    async fn check_url(&self, ctx: &Context<'_>) -> Url {
        Url(ctx.app().config.page(&format!("#/check/{}", code::grouped(&self.0.code))))
    }
}

payload!(
    /// Answer of `webinarCertificatesIssue`.
    WebinarCertificatesIssuePayload {
        /// The webinar as it stands now.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `attendanceRevoke`.
    AttendanceRevokePayload {
        /// The record as it stands now.
        attendance: Attendance,
    }
);
payload!(
    /// Answer of `attendanceRestore`.
    AttendanceRestorePayload {
        /// The record as it stands now.
        attendance: Attendance,
    }
);

/// Issuing and revoking certificates of attendance.
#[derive(Default)]
pub struct CertifyingMutation;

#[Object]
impl CertifyingMutation {
    /// Issues certificates of attendance, once the webinar is over, to all who attended and have none; they are told. Done again
    /// when the list of who was present has changed, it adds those who came to have attended. Codes: WRONG_STATE.
    async fn webinar_certificates_issue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webinar.")] id: WebinarId,
    ) -> Option<Result<WebinarCertificatesIssuePayload>> {
        let done = certifying::issue(ctx.app(), ctx.viewer(), id).await.map(|_| id);
        WebinarCertificatesIssuePayload::of(Webinar::after(ctx, done).await)
    }

    /// Revokes a record of attendance, so that its certificate and badge are no longer valid; for those who may change the
    /// webinar. The person is told. Codes: BLANK, TOO_LONG.
    async fn attendance_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The record and the reason.")] input: AttendanceRevokeInput,
    ) -> Option<Result<AttendanceRevokePayload>> {
        AttendanceRevokePayload::of(certifying::revoke(ctx.app(), ctx.viewer(), &input).await.map(Attendance))
    }

    /// Makes a revoked record of attendance valid again; for those who may change the webinar. The person is told. Codes: none.
    async fn attendance_restore(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The record.")] id: AttendanceId,
    ) -> Option<Result<AttendanceRestorePayload>> {
        AttendanceRestorePayload::of(certifying::restore(ctx.app(), ctx.viewer(), id).await.map(Attendance))
    }
}
