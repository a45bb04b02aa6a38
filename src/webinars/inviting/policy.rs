//! Who sees and changes what of inviting: contacts are for those who may change their series; invitations and nominees for
//! those who may change the webinar. Those who were invited or named have links, and see by them what is theirs.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select, sea_query::Expr};
use uuid::Uuid;

use super::{
    super::{policy, series, webinar},
    contact, delivery, invitation, nominee, unwanted,
};
use crate::{
    app::App,
    error::{Error, Result},
    ids::{ContactId, InvitationId, NomineeId, WebinarId},
    mail::Link,
    token,
    viewer::Viewer,
};

/// What the token in a contact's letter is for.
const NOMINATION: &str = "nomination";
/// What the token in a nominee's letter is for.
const PLACE: &str = "place";
/// What the token under an invitation is for.
const STOP: &str = "stop-invitations";

/// The contacts that `viewer` may see and change.
pub fn contacts(viewer: &Viewer) -> Select<contact::Entity> {
    let series = series::Entity::find()
        .select_only()
        .column(series::Column::Id)
        .filter(policy::same(series::Column::Id, contact::Column::SeriesId))
        .filter(policy::changes_series(viewer));
    contact::Entity::find().filter(Expr::exists(series.into_query()))
}

/// The invitations that `viewer` may see and change.
pub fn invitations(viewer: &Viewer) -> Select<invitation::Entity> {
    invitation::Entity::find().filter(policy::run_by(viewer, invitation::Column::WebinarId))
}

/// The nominees that `viewer` may see and decide about.
pub fn nominees(viewer: &Viewer) -> Select<nominee::Entity> {
    nominee::Entity::find().filter(policy::run_by(viewer, nominee::Column::WebinarId))
}

/// A contact, with its locked series, that `viewer` may change.
pub async fn editable_contact(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    id: ContactId,
) -> Result<(contact::Model, series::Model)> {
    viewer.signed_in()?;
    let missing = || Error::NotFound("contact");
    let mine = || contacts(viewer).filter(contact::Column::Id.eq(id));
    let found = mine().one(db).await?.ok_or_else(missing)?;
    let series = policy::as_part(policy::editable_series(db, viewer, found.series_id).await, "contact")?;
    // Read again: it may have changed while the lock was waited for.
    Ok((mine().one(db).await?.ok_or_else(missing)?, series))
}

/// An invitation, locked, to a webinar that `viewer` may change.
pub async fn editable_invitation(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    id: InvitationId,
) -> Result<(invitation::Model, webinar::Model)> {
    viewer.signed_in()?;
    let found = invitations(viewer).filter(invitation::Column::Id.eq(id)).lock_exclusive().one(db).await?;
    let invitation = found.ok_or(Error::NotFound("invitation"))?;
    let webinar = webinar::Entity::find_by_id(invitation.webinar_id).one(db).await?;
    Ok((invitation, webinar.ok_or(Error::NotFound("invitation"))?))
}

/// A token of a row and an address, of which it holds the hash.
fn of_address(app: &App, purpose: &str, row: Uuid, email: &str) -> String {
    token::seal(app, purpose, &row_and_address(app, row, email))
}

fn row_and_address(app: &App, row: Uuid, email: &str) -> Vec<u8> {
    [row.as_bytes(), unwanted::hashed(app, email).as_slice()].concat()
}

/// What a token that [`of_address`] made holds.
fn address_of(app: &App, purpose: &str, token: &str) -> Option<(Uuid, unwanted::Hash)> {
    let bytes = token::unseal(app, purpose, token.trim())?;
    let (row, address) = bytes.split_first_chunk()?;
    Some((Uuid::from_bytes(*row), address.try_into().ok()?))
}

/// The token by which a contact names people, in the letter to one of its addresses. It ends with that address, when the contact
/// has another in its place.
#[must_use]
pub fn nomination_token(app: &App, id: InvitationId, email: &str) -> String {
    of_address(app, NOMINATION, id.0, email)
}

/// The invitation of a contact whose token it is, and the hash of the address that it went to; `None` for any other text.
#[must_use]
pub fn of_nomination(app: &App, token: &str) -> Option<(InvitationId, unwanted::Hash)> {
    address_of(app, NOMINATION, token).map(|(id, address)| (InvitationId(id), address))
}

/// The token by which a nominee answers.
#[must_use]
pub fn place_token(app: &App, id: NomineeId) -> String {
    token::of_row(app, PLACE, id.0)
}

/// The nominee whose token it is.
#[must_use]
pub fn of_place(app: &App, token: &str) -> Option<NomineeId> {
    token::row_of(app, PLACE, token).map(NomineeId)
}

/// The token by which whoever reads a letter's address wants no more. It names the address besides the letter, by its hash, since
/// letters are forgotten with those who were invited.
#[must_use]
pub fn stop_token(app: &App, delivery: &delivery::Model) -> String {
    of_address(app, STOP, delivery.id, &delivery.email)
}

/// The link with such a token for a letter that invites to something else.
#[must_use]
pub fn stop_link(app: &App, letter: Uuid, email: &str) -> Link {
    let content = row_and_address(app, letter, email);
    Link::Sealed { page: "#/stop?token=".into(), purpose: STOP.into(), content }
}

/// The letter whose token it is, and the hash of the address that it went to.
#[must_use]
pub fn of_stop(app: &App, token: &str) -> Option<(Uuid, unwanted::Hash)> {
    address_of(app, STOP, token)
}

/// An invitation with its webinar, for who holds its token.
pub async fn invited(db: &impl ConnectionTrait, id: InvitationId) -> Result<Option<(invitation::Model, webinar::Model)>> {
    let Some(invitation) = invitation::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    let webinar = webinar::Entity::find_by_id(invitation.webinar_id).one(db).await?;
    Ok(webinar.map(|webinar| (invitation, webinar)))
}

/// An invitation with its webinar, for who holds its token: both locked, the webinar first, as by all who change nominees.
pub async fn locked_invitation(
    db: &impl ConnectionTrait,
    id: InvitationId,
) -> Result<Option<(invitation::Model, webinar::Model)>> {
    let Some((invitation, _)) = invited(db, id).await? else { return Ok(None) };
    let webinar = webinar::Entity::find_by_id(invitation.webinar_id).lock_exclusive().one(db).await?;
    let invitation = invitation::Entity::find_by_id(id).lock_exclusive().one(db).await?;
    Ok(invitation.zip(webinar))
}

/// A nominee with their locked webinar, for who holds a token of theirs or of the contact that named them. Seats change under
/// the webinar's lock only.
pub async fn locked_nominee(db: &impl ConnectionTrait, id: NomineeId) -> Result<Option<(nominee::Model, webinar::Model)>> {
    let Some(webinar) = webinar_of(db, id).await? else { return Ok(None) };
    let webinar = webinar::Entity::find_by_id(webinar).lock_exclusive().one(db).await?;
    let nominee = nominee::Entity::find_by_id(id).lock_exclusive().one(db).await?;
    Ok(nominee.zip(webinar))
}

async fn webinar_of(db: &impl ConnectionTrait, id: NomineeId) -> Result<Option<WebinarId>> {
    Ok(nominee::Entity::find_by_id(id).one(db).await?.map(|nominee| nominee.webinar_id))
}
