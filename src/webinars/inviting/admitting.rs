//! Letting those in who are invited by name, so that they see a webinar that is for the invited only.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set, sea_query::ExprTrait,
};

use super::{
    super::webinar,
    invitation,
    nominee::{self, State},
};
use crate::{
    accounts::{
        access::{self, AccessRole},
        user,
    },
    audit::{self, Action},
    database::Tx,
    error::Result,
    ids::{AccessId, NomineeId, UserId, WebinarId},
    text,
    viewer::Viewer,
};

/// The person who has confirmed an address. The row is locked, also of who is confirming it now: what is given to the address
/// meanwhile would else be nobody's.
pub async fn person_of(db: &impl ConnectionTrait, email_key: &str) -> Result<Option<user::Model>> {
    let person = user::Entity::find().filter(user::Column::EmailKey.eq(email_key)).lock_shared().one(db).await?;
    Ok(person.filter(|person| person.confirmed_at.is_some()))
}

/// Takes from an address what the nominees `leaving` have let in: unless it was invited in person or comes by another name, and not
/// what somebody gave it by hand.
pub async fn shut_out(tx: &Tx, viewer: &Viewer, webinar: WebinarId, email_key: &str, leaving: &[NomineeId]) -> Result<()> {
    let invited = invitation::Entity::find()
        .filter(invitation::Column::WebinarId.eq(webinar))
        .filter(invitation::Column::EmailKey.eq(email_key));
    let comes = nominee::Entity::find()
        .filter(nominee::Column::WebinarId.eq(webinar))
        .filter(nominee::Column::EmailKey.eq(email_key))
        .filter(nominee::Column::State.eq(State::Confirmed))
        .filter(nominee::Column::Id.is_not_in(leaving.iter().copied()));
    if invited.one(tx).await?.is_some() || comes.one(tx).await?.is_some() {
        return Ok(());
    }
    // Before, they were said to have let themselves in.
    let by_themselves = ExprTrait::equals(access::Column::GrantedBy.into_expr(), access::Column::UserId);
    let by_nobody = Condition::any().add(access::Column::GrantedBy.is_null()).add(by_themselves);
    take(tx, viewer, webinar, email_key, by_nobody).await
}

/// Takes from an address that was invited in person, long ago, what it was let in as.
pub async fn forget(tx: &Tx, webinar: WebinarId, email_key: &str) -> Result<()> {
    take(tx, &Viewer::visitor(), webinar, email_key, Condition::all()).await
}

async fn take(tx: &Tx, viewer: &Viewer, webinar: WebinarId, email_key: &str, which: Condition) -> Result<()> {
    let gone = access::Entity::delete_many()
        .filter(access::Column::SubjectId.eq(webinar.0))
        .filter(access::Column::EmailKey.eq(email_key))
        .filter(access::Column::Role.eq(AccessRole::Member))
        .filter(which);
    if gone.exec(tx).await?.rows_affected > 0 {
        audit::record(tx, viewer, Action::new("access.revoked").on(webinar)).await?;
    }
    Ok(())
}

/// Lets an address in to a webinar, by somebody's hand or by nobody's, as a nominee is; as what it was let in before, it stays.
pub async fn admit(tx: &Tx, viewer: &Viewer, webinar: &webinar::Model, email: &str, granted_by: Option<UserId>) -> Result<()> {
    let key = text::email_key(email);
    let rights = access::Entity::find().filter(access::Column::SubjectId.eq(webinar.id.0));
    if rights.filter(access::Column::EmailKey.eq(&key)).one(tx).await?.is_some() {
        return Ok(());
    }
    let person = person_of(tx, &key).await?.map(|person| person.id);
    let row = access::ActiveModel {
        id: Set(AccessId::new()),
        subject_id: Set(webinar.id.0),
        email: Set(email.to_owned()),
        email_key: Set(key),
        user_id: Set(person),
        role: Set(AccessRole::Member),
        granted_by: Set(granted_by),
        granted_at: Set(tx.now()),
    };
    let row = row.insert(tx).await?;
    let action = Action::new("access.granted").on(webinar.id).with("access", row.id.to_string());
    let person = person.map(|person| person.to_string());
    audit::record(tx, viewer, action.with("person", person).with("role", row.role)).await
}
