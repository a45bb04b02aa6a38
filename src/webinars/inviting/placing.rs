//! Seats that are held for nominees, and how they become registrations: at once for who has an account of that address, else
//! when they have one.

use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};

use super::{
    super::{registering, webinar},
    admitting, choosing, invitation,
    nominee::{self, State},
    policy,
};
use crate::{
    accounts::{joined::Joined, user},
    app::App,
    database::Tx,
    error::Result,
    ids::{NomineeId, RegistrationId, UserId, WebinarId},
    jobs::{Job, Run},
    transact,
    viewer::Viewer,
};

/// The nominee for whose address a seat of a webinar is held.
pub async fn held(db: &impl ConnectionTrait, webinar: WebinarId, email_key: &str) -> Result<Option<nominee::Model>> {
    let holding = nominee::Entity::find()
        .filter(nominee::Column::WebinarId.eq(webinar))
        .filter(nominee::Column::EmailKey.eq(email_key))
        .filter(nominee::Column::State.is_in([State::Accepted, State::Confirmed]))
        .filter(nominee::Column::RegistrationId.is_null());
    Ok(holding.lock_exclusive().one(db).await?)
}

/// Notes that a nominee's seat is that of a registration.
pub async fn link(tx: &Tx, nominee: nominee::Model, registration: RegistrationId) -> Result<()> {
    let answered = nominee.answered_at.unwrap_or(tx.now());
    let mut change = nominee.into_active_model();
    change.state = Set(State::Confirmed);
    change.answered_at = Set(Some(answered));
    change.registration_id = Set(Some(registration));
    change.update(tx).await?;
    Ok(())
}

/// Notes that whoever registered was invited to, and needs no reminder.
pub async fn reacted(tx: &Tx, webinar: WebinarId, email_key: &str) -> Result<()> {
    invitation::Entity::update_many()
        .set(invitation::ActiveModel { reacted_at: Set(Some(tx.now())), ..Default::default() })
        .filter(invitation::Column::WebinarId.eq(webinar))
        .filter(invitation::Column::EmailKey.eq(email_key))
        .filter(invitation::Column::ReactedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Notes that a registration which came of a nomination was cancelled.
pub async fn cancelled(tx: &Tx, viewer: &Viewer, registration: RegistrationId) -> Result<()> {
    let named = nominee::Entity::find().filter(nominee::Column::RegistrationId.eq(registration));
    let named = named.all(tx).await?;
    let leaving: Vec<_> = named.iter().map(|nominee| nominee.id).collect();
    for nominee in named {
        admitting::shut_out(tx, viewer, nominee.webinar_id, &nominee.email_key, &leaving).await?;
    }
    let change = nominee::ActiveModel {
        state: Set(State::Refused),
        answered_at: Set(Some(tx.now())),
        registration_id: Set(None),
        answers: Set(None),
        ..Default::default()
    };
    let of_it = nominee::Column::RegistrationId.eq(registration);
    nominee::Entity::update_many().set(change).filter(of_it).exec(tx).await?;
    Ok(())
}

/// Makes the held seat of a nominee who comes their registration, if they have an account; whether they have.
pub async fn settle(tx: &Tx, viewer: &Viewer, webinar: &webinar::Model, nominee: nominee::Model) -> Result<bool> {
    let Some(person) = admitting::person_of(tx, &nominee.email_key).await? else { return Ok(false) };
    if person.suspended_at.is_some() {
        return Ok(false);
    }
    if let Some(registration) = registering::seat_of(tx, webinar.id, person.id).await? {
        // They had registered themselves: one of the two seats is free.
        if let Some(answers) = &nominee.answers {
            answers.write(tx, registration.id).await?;
        }
        link(tx, nominee, registration.id).await?;
        choosing::free(tx, webinar.clone(), 1).await?;
    } else {
        registering::seat_nominee(tx, viewer, webinar, person, nominee).await?;
    }
    Ok(true)
}

impl Job for Joined {
    const KIND: &'static str = "accounts.joined";

    async fn run(self, app: &App, _: &Run) -> Result<()> {
        for id in coming(app, self.user).await? {
            transact!(app, |tx| {
                let Some((nominee, webinar)) = policy::locked_nominee(tx, id).await? else { return Ok(()) };
                if nominee.state == State::Confirmed && nominee.holds_seat() {
                    settle(tx, &Viewer::visitor(), &webinar, nominee).await?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }
}

/// The nominations by which a person comes to webinars.
async fn coming(app: &App, user: UserId) -> Result<Vec<NomineeId>> {
    let db = app.db.read();
    let Some(person) = user::Entity::find_by_id(user).one(db).await? else { return Ok(Vec::new()) };
    let coming = nominee::Entity::find()
        .filter(nominee::Column::EmailKey.eq(&person.email_key))
        .filter(nominee::Column::State.eq(State::Confirmed))
        .filter(nominee::Column::RegistrationId.is_null());
    Ok(coming.all(db).await?.into_iter().map(|nominee| nominee.id).collect())
}
