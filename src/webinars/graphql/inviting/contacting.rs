//! Changing contacts, in the API.

use async_graphql::{Context, Object};

use super::{super::series::WebinarSeries, contact::Contact};
use crate::{
    error::Result,
    graphql::{context::ContextExt, payload::payload},
    ids::ContactId,
    webinars::inviting::{
        contacting::{self, ContactCreateInput, ContactUpdateInput},
        importing::{self, ContactsImportInput},
    },
};

payload!(
    /// Answer of `contactCreate`.
    ContactCreatePayload {
        /// The contact.
        contact: Contact,
    }
);
payload!(
    /// Answer of `contactUpdate`.
    ContactUpdatePayload {
        /// The contact as it stands now.
        contact: Contact,
    }
);
payload!(
    /// Answer of `contactRemove`.
    ContactRemovePayload {
        /// The series whose contact it was.
        series: WebinarSeries,
    }
);
payload!(
    /// Answer of `contactsImport`.
    ContactsImportPayload {
        /// How many contacts are new.
        created_count: i32,
        /// How many were changed.
        updated_count: i32,
        /// How many were so already.
        unchanged_count: i32,
        /// The series.
        series: WebinarSeries,
    }
);

/// Changing contacts.
#[derive(Default)]
pub struct ContactMutation;

#[Object]
impl ContactMutation {
    /// Makes a contact of a series; for those who may change that. Codes: BLANK, TOO_LONG, INVALID, LIMIT_REACHED (2,000
    /// contacts, 5 addresses), TAKEN (an address of another contact), KEY_REUSED.
    async fn contact_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contact.")] input: ContactCreateInput,
    ) -> Option<Result<ContactCreatePayload>> {
        let done = contacting::create(ctx.app(), ctx.viewer(), input).await;
        ContactCreatePayload::of(Contact::after(ctx, done).await)
    }

    /// Changes a contact. Codes: BLANK, TOO_LONG, INVALID, LIMIT_REACHED, TAKEN.
    async fn contact_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contact.")] id: ContactId,
        #[graphql(desc = "Changes.")] input: ContactUpdateInput,
    ) -> Option<Result<ContactUpdatePayload>> {
        let done = contacting::update(ctx.app(), ctx.viewer(), id, input).await.map(|()| id);
        ContactUpdatePayload::of(Contact::after(ctx, done).await)
    }

    /// Removes a contact with its invitations. Codes: WRONG_STATE (it has named people).
    async fn contact_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contact.")] id: ContactId,
    ) -> Option<Result<ContactRemovePayload>> {
        let done = contacting::remove(ctx.app(), ctx.viewer(), id).await;
        ContactRemovePayload::of(WebinarSeries::after(ctx, done).await)
    }

    /// Makes and changes contacts as a table says, all or nothing; each line that is wrong is named in `userErrors`, with its
    /// number in the path: `input.csv.7.emails`. A line is about the contact that has one of its addresses, else about a new
    /// one; the same table again changes nothing. Codes: TOO_LARGE, INCOMPLETE (a column is missing), BLANK, TOO_LONG, INVALID,
    /// TAKEN, LIMIT_REACHED, KEY_REUSED.
    async fn contacts_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The table.")] input: ContactsImportInput,
    ) -> Option<Result<ContactsImportPayload>> {
        let series = input.series_id;
        let done = async {
            let done = importing::import(ctx.app(), ctx.viewer(), input).await?;
            Ok((done.created, done.updated, done.unchanged, WebinarSeries::after(ctx, Ok(series)).await?))
        };
        ContactsImportPayload::of(done.await)
    }
}
