//! Loading contacts, invitations and nominees.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use sea_orm::{EntityTrait, QueryFilter, QueryOrder};

use crate::{
    error::{Error, Result},
    graphql::batch::Batch,
    ids::{ContactId, InvitationId, NomineeId},
    rows::{among, grouped, keyed},
    webinars::inviting::{contact, contact_address, delivery, invitation, nominee, policy},
};

/// Writes the loader of rows that the policy shows the viewer.
macro_rules! seen {
    ($($id:ty: $table:ident by $rows:ident;)*) => {
        $(
            impl Loader<$id> for Batch {
                type Value = $table::Model;
                type Error = Error;

                async fn load(&self, ids: &[$id]) -> Result<HashMap<$id, $table::Model>> {
                    let of = among(self.app.db.backend(), $table::Column::Id, ids);
                    let found = policy::$rows(&self.viewer).filter(of);
                    Ok(keyed(found.all(self.app.db.read()).await?, |row| row.id))
                }
            }
        )*
    };
}

seen! {
    ContactId: contact by contacts;
    InvitationId: invitation by invitations;
    NomineeId: nominee by nominees;
}

/// Addresses of a contact that the viewer was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AddressesOf(pub ContactId);

impl Loader<AddressesOf> for Batch {
    type Value = Vec<contact_address::Model>;
    type Error = Error;

    async fn load(&self, of: &[AddressesOf]) -> Result<HashMap<AddressesOf, Vec<contact_address::Model>>> {
        let ids: Vec<_> = of.iter().map(|of| of.0).collect();
        let of = among(self.app.db.backend(), contact_address::Column::ContactId, &ids);
        let found = contact_address::Entity::find().filter(of).order_by_asc(contact_address::Column::Position);
        Ok(grouped(found.all(self.app.db.read()).await?, |row| AddressesOf(row.contact_id)))
    }
}

/// Letters of an invitation that the viewer was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LettersOf(pub InvitationId);

impl Loader<LettersOf> for Batch {
    type Value = Vec<delivery::Model>;
    type Error = Error;

    async fn load(&self, of: &[LettersOf]) -> Result<HashMap<LettersOf, Vec<delivery::Model>>> {
        let ids: Vec<_> = of.iter().map(|of| of.0).collect();
        let of = among(self.app.db.backend(), delivery::Column::InvitationId, &ids);
        let found = delivery::Entity::find().filter(of).order_by_asc(delivery::Column::Position);
        Ok(grouped(found.all(self.app.db.read()).await?, |row| LettersOf(row.invitation_id)))
    }
}
