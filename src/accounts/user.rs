//! The `user` table: people and what they told of themselves.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

use crate::{
    clock::Instant,
    ids::{SessionId, UserId},
    language::Language,
    role::Roles,
};

/// As told by the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(12))")]
pub enum Gender {
    /// Female.
    #[sea_orm(string_value = "female")]
    Female,
    /// Male.
    #[sea_orm(string_value = "male")]
    Male,
    /// Another, or none of these.
    #[sea_orm(string_value = "other")]
    Other,
    /// Rather not said.
    #[sea_orm(string_value = "undisclosed")]
    Undisclosed,
}

/// What kind of organisation a person works for, as told by them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum OrganisationKind {
    /// A ministry, authority or Permanent Mission.
    #[sea_orm(string_value = "government")]
    Government,
    /// A court or a prosecution service.
    #[sea_orm(string_value = "judiciary")]
    Judiciary,
    /// A parliament.
    #[sea_orm(string_value = "parliament")]
    Parliament,
    /// Police, customs, border guards or first responders.
    #[sea_orm(string_value = "enforcement")]
    LawEnforcement,
    /// An international or regional organisation.
    #[sea_orm(string_value = "international")]
    International,
    /// Civil society.
    #[sea_orm(string_value = "civil")]
    CivilSociety,
    /// A university or research institute.
    #[sea_orm(string_value = "academia")]
    Academia,
    /// A company.
    #[sea_orm(string_value = "company")]
    PrivateSector,
    /// None of these.
    #[sea_orm(string_value = "other")]
    Other,
}

/// A person with an account.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user")]
pub struct Model {
    /// The person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UserId,
    /// Address as given.
    pub email: String,
    /// The form in which addresses are compared; unique.
    pub email_key: String,
    /// Argon2id in PHC form.
    pub password_hash: String,
    /// Name in the person's own script.
    pub full_name: String,
    /// The name in Latin letters.
    pub latin_name: Option<String>,
    /// The names in the form in which they are searched, see [`crate::text::name_key`].
    pub name_key: String,
    /// Preferred language.
    pub language: Language,
    /// IANA zone.
    pub time_zone: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Organisation.
    pub organisation: Option<String>,
    /// Kind of organisation as told.
    pub organisation_kind: Option<OrganisationKind>,
    /// Gender as told.
    pub gender: Option<Gender>,
    /// People who are not signed in see the name.
    pub is_name_shown: bool,
    /// Site roles.
    pub roles: Roles,
    /// Version of the terms that was accepted.
    pub terms_version: String,
    /// When the address was confirmed.
    pub confirmed_at: Option<Instant>,
    /// When the account was vetted.
    pub vetted_at: Option<Instant>,
    /// When the account was suspended.
    pub suspended_at: Option<Instant>,
    /// Sessions begun before are dead, but for the one kept.
    pub sessions_since: Option<Instant>,
    /// The session that outlives `sessions_since`.
    pub session_kept: Option<SessionId>,
    /// When the account was made.
    pub created_at: Instant,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
