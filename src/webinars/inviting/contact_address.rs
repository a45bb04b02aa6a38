//! The `webinar_contact_address` table: the addresses of contacts.

use sea_orm::entity::prelude::*;

use crate::ids::{ContactId, WebinarSeriesId};

/// An address of a contact; in a series an address is that of one contact.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webinar_contact_address")]
pub struct Model {
    /// The series.
    #[sea_orm(primary_key, auto_increment = false)]
    pub series_id: WebinarSeriesId,
    /// The form in which addresses are compared.
    #[sea_orm(primary_key, auto_increment = false)]
    pub email_key: String,
    /// The contact.
    pub contact_id: ContactId,
    /// Order, from 0.
    pub position: i32,
    /// Address as given.
    pub email: String,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
