//! The contacts of a series. Each belongs to one series, and only those who may change that see it.

use async_graphql::{InputObject, MaybeUndefined};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
};
use serde::Serialize;
use uuid::Uuid;

use super::{super::policy as series_policy, contact, contact_address, invitation, nominee, policy};
use crate::{
    accounts::{profile, user::OrganisationKind},
    app::App,
    audit::{self, Action},
    database::Tx,
    error::{Problem, Problems, Result, UserErrorCode},
    ids::{ContactId, WebinarSeriesId},
    language::{Language, texts::of_site},
    naming, text, transact, transact_once,
    viewer::Viewer,
};

/// The most contacts of one series.
pub const MOST: u64 = 2_000;
/// The most addresses of one contact.
const ADDRESSES: usize = 5;

/// A new contact of a series.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct ContactCreateInput {
    /// Idempotency key.
    pub key: Uuid,
    /// The series.
    pub series_id: WebinarSeriesId,
    /// 1 to 200 characters.
    pub name: String,
    /// What kind of organisation it is.
    pub organisation_kind: OrganisationKind,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// One of the site's languages; it is written to in this one.
    pub language: Language,
    /// 1 to 5 addresses; all of them are written to.
    pub emails: Vec<String>,
}

/// Changes of a contact. What is absent stays.
#[derive(Clone, Debug, InputObject)]
pub struct ContactUpdateInput {
    /// 1 to 200 characters.
    pub name: Option<String>,
    /// What kind of organisation it is.
    pub organisation_kind: Option<OrganisationKind>,
    /// ISO 3166-1 alpha-2; null clears.
    pub country: MaybeUndefined<String>,
    /// One of the site's languages.
    pub language: Option<Language>,
    /// 1 to 5 addresses, in place of those before.
    pub emails: Option<Vec<String>>,
}

/// Addresses of a contact, each once.
pub(super) fn addresses<'a>(given: impl IntoIterator<Item = &'a str>) -> Result<Vec<String>, Problem> {
    let mut addresses: Vec<String> = Vec::new();
    for email in given {
        let email = text::email(email)?;
        if !addresses.iter().any(|known| text::email_key(known) == text::email_key(&email)) {
            addresses.push(email);
        }
    }
    match addresses.len() {
        0 => Err(Problem::new(UserErrorCode::Blank)),
        1..=ADDRESSES => Ok(addresses),
        _ => Err(Problem::new(UserErrorCode::LimitReached)),
    }
}

/// Makes a contact.
pub async fn create(app: &App, viewer: &Viewer, input: ContactCreateInput) -> Result<ContactId> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let name = problems.take("input.name", naming::name(&input.name));
    let country = input.country.as_ref().map(|code| problems.take("input.country", profile::country(code)));
    let language = problems.take("input.language", of_site(&input.language));
    let emails = problems.take("input.emails", addresses(input.emails.iter().map(String::as_str)));
    problems.done()?;
    transact_once!(app, viewer, input.key, "contactCreate", &input, |tx| {
        let series = series_policy::editable_series(tx, viewer, input.series_id).await?;
        let count = contact::Entity::find().filter(contact::Column::SeriesId.eq(series.id)).count(tx).await?;
        if count >= MOST {
            return Err(Problem::at(UserErrorCode::LimitReached, "input.seriesId").into());
        }
        let row = contact::Model {
            id: ContactId::new(),
            series_id: series.id,
            name: name.clone(),
            organisation_kind: input.organisation_kind,
            country: country.clone(),
            language: language.clone(),
            created_at: tx.now(),
        };
        row.clone().into_active_model().reset_all().insert(tx).await?;
        set_addresses(tx, &row, &emails).await?;
        audit::record(tx, viewer, Action::new("contact.created").on(row.id).with("series", series.id.to_string())).await?;
        Ok(row.id)
    })
}

/// Addresses of a contact, in their order.
pub(super) async fn addresses_of(tx: &Tx, contact: ContactId) -> Result<Vec<contact_address::Model>> {
    let addresses = contact_address::Entity::find().filter(contact_address::Column::ContactId.eq(contact));
    Ok(addresses.order_by_asc(contact_address::Column::Position).all(tx).await?)
}

/// Writes the addresses of a contact in place of those before; an address of another contact is refused.
async fn set_addresses(tx: &Tx, contact: &contact::Model, emails: &[String]) -> Result<()> {
    use contact_address::Column;
    let mut problems = Problems::new();
    for (index, email) in emails.iter().enumerate() {
        let there = contact_address::Entity::find_by_id((contact.series_id, text::email_key(email))).one(tx).await?;
        let is_free = there.is_none_or(|address| address.contact_id == contact.id);
        problems.check(is_free, || Problem::at(UserErrorCode::Taken, &format!("input.emails.{index}")));
    }
    problems.done()?;
    contact_address::Entity::delete_many().filter(Column::ContactId.eq(contact.id)).exec(tx).await?;
    let rows = address_rows(contact.id, contact.series_id, emails);
    contact_address::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// Addresses as rows.
pub(super) fn address_rows(
    contact_id: ContactId,
    series_id: WebinarSeriesId,
    emails: &[String],
) -> Vec<contact_address::ActiveModel> {
    let row = |(position, email): (i32, &String)| contact_address::ActiveModel {
        series_id: Set(series_id),
        email_key: Set(text::email_key(email)),
        contact_id: Set(contact_id),
        position: Set(position),
        email: Set(email.clone()),
    };
    (0..).zip(emails).map(row).collect()
}

/// Changes a contact.
pub async fn update(app: &App, viewer: &Viewer, id: ContactId, input: ContactUpdateInput) -> Result<()> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let name = input.name.as_ref().map(|name| problems.take("input.name", naming::name(name)));
    let country = match &input.country {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(code) => Some(Some(problems.take("input.country", profile::country(code)))),
    };
    let language = input.language.as_ref().map(|language| problems.take("input.language", of_site(language)));
    let emails = input.emails.as_ref();
    let emails = emails.map(|emails| problems.take("input.emails", addresses(emails.iter().map(String::as_str))));
    problems.done()?;
    transact!(app, |tx| {
        let (contact, _) = policy::editable_contact(tx, viewer, id).await?;
        let (mut changed, mut fields) = (contact.clone(), Vec::new());
        macro_rules! set {
            ($($field:ident as $name:literal = $given:expr;)*) => { $(
                if let Some(value) = $given.as_ref().filter(|value| **value != contact.$field) {
                    changed.$field = value.clone();
                    fields.push($name);
                }
            )* };
        }
        set! {
            name as "name" = name;
            organisation_kind as "organisationKind" = input.organisation_kind;
            country as "country" = country;
            language as "language" = language;
        }
        if !fields.is_empty() {
            changed.into_active_model().reset_all().update(tx).await?;
        }
        if let Some(emails) = &emails {
            let before: Vec<_> = addresses_of(tx, id).await?.into_iter().map(|address| address.email).collect();
            if before != *emails {
                set_addresses(tx, &contact, emails).await?;
                fields.push("emails");
            }
        }
        if fields.is_empty() {
            return Ok(());
        }
        audit::record(tx, viewer, Action::new("contact.updated").on(id).fields(fields)).await
    })
}

/// Removes a contact with the invitations that it got; not one that has named people.
pub async fn remove(app: &App, viewer: &Viewer, id: ContactId) -> Result<WebinarSeriesId> {
    transact!(app, |tx| {
        let (contact, series) = policy::editable_contact(tx, viewer, id).await?;
        // Locked: who is being named now would else go with the invitation.
        let invitations = invitation::Entity::find().filter(invitation::Column::ContactId.eq(id)).lock_exclusive();
        for invitation in invitations.all(tx).await? {
            let named = nominee::Entity::find().filter(nominee::Column::InvitationId.eq(invitation.id));
            if named.one(tx).await?.is_some() {
                return Err(Problem::at(UserErrorCode::WrongState, "id").saying("problem-contact-named-people").into());
            }
        }
        contact.delete(tx).await?;
        audit::record(tx, viewer, Action::new("contact.removed").on(id).with("series", series.id.to_string())).await?;
        Ok(series.id)
    })
}
