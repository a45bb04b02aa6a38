//! The `attendance_line` table: the lines of the list of who was present, as the organiser sent it. Only those who
//! may change the webinar see them; they go 90 days after it.

use sea_orm::entity::prelude::*;

use async_graphql::Enum;

use crate::{
    clock::Instant,
    ids::{AttendanceLineId, RegistrationId, WebinarId},
};

/// How a line was matched with a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, EnumIter, DeriveActiveEnum)]
#[graphql(name = "AttendanceMatch")]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum Match {
    /// By the address.
    #[sea_orm(string_value = "address")]
    Address,
    /// By the name, which one registrant has; it counts once whoever runs the webinar has settled it.
    #[sea_orm(string_value = "name")]
    Name,
    /// By whoever runs the webinar.
    #[sea_orm(string_value = "staff")]
    Staff,
    /// Not at all: nobody registered so, or several did.
    #[sea_orm(string_value = "none")]
    None,
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attendance_line")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AttendanceLineId,
    /// Of which webinar.
    pub webinar_id: WebinarId,
    /// Number of the line in the list.
    pub line: i32,
    /// Name as it stands there.
    pub name: String,
    /// Address as it stands there; may be empty.
    pub email: String,
    /// When they joined.
    pub joined_at: Instant,
    /// When they left.
    pub left_at: Instant,
    /// Whose it is, or seems to be.
    pub registration_id: Option<RegistrationId>,
    /// How that was found.
    pub matched_by: Match,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
