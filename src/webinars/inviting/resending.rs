//! Sending one invitation again: to who has lost the letter, or is to know of another date, and to the addresses that a contact
//! has now. The link in it is the one that the address had.

use chrono::Duration;
use sea_orm::{ActiveModelTrait, IntoActiveModel, ModelTrait, Set};

use super::{
    super::webinar,
    admitting, contacting,
    delivery::{self, State},
    invitation, policy, sending,
};
use crate::{
    app::App,
    audit::{self, Action},
    clock::Instant,
    database::Tx,
    error::{Problem, Result, UserErrorCode},
    ids::InvitationId,
    text, transact,
    viewer::Viewer,
};

/// For which an address that got a letter gets no other.
const PAUSE: Duration = Duration::hours(1);

/// Sends an invitation again. An address gets one letter within the hour, so that asking twice sends nothing more, and none if it
/// wants none.
pub async fn resend(app: &App, viewer: &Viewer, id: InvitationId) -> Result<()> {
    viewer.vetted()?;
    transact!(app, |tx| {
        let (invitation, webinar) = policy::editable_invitation(tx, viewer, id).await?;
        sending::check_open(&webinar, tx.now(), "id")?;
        if invitation.is_closed(&webinar, tx.now()) {
            return Err(Problem::at(UserErrorCode::TooLate, "id").saying("problem-naming-over").into());
        }
        if !renew(app, tx, viewer, &webinar, &invitation).await? {
            return Ok(());
        }
        sending::count_today(tx, webinar.series_id, 1, "id").await?;
        let mut change = invitation.into_active_model();
        change.reminded_at = Set(Some(tx.now()));
        change.update(tx).await?;
        audit::record(tx, viewer, Action::new("invitation.resent").on(id)).await
    })
}

/// Puts new letters in the place of those that went out, and sends those that still wait; whether there are any.
async fn renew(app: &App, tx: &Tx, viewer: &Viewer, webinar: &webinar::Model, invitation: &invitation::Model) -> Result<bool> {
    let mut before = sending::of_invitation(tx, invitation.id).await?;
    let emails: Vec<_> = match invitation.contact_id {
        Some(contact) => contacting::addresses_of(tx, contact).await?.into_iter().map(|address| address.email).collect(),
        None => before.iter().map(|letter| letter.email.clone()).collect(),
    };
    let mut any = false;
    for (position, email) in (0..).zip(emails) {
        let key = text::email_key(&email);
        let known = before.iter().position(|letter| text::email_key(&letter.email) == key);
        let known = known.map(|index| before.swap_remove(index));
        if known.as_ref().is_some_and(|letter| stays(letter, tx.now())) {
            continue;
        }
        any = true;
        if invitation.contact_id.is_none() {
            // Somebody may have shut them out meanwhile; what a letter writes of is seen by who gets it.
            admitting::admit(tx, viewer, webinar, &email, viewer.user_id()).await?;
        }
        match known {
            // What was to send it may have given up, or have found the list closed.
            Some(letter) if letter.state == State::Waiting && letter.email == email => {
                sending::deliver(tx, &letter).await?;
                continue;
            }
            Some(letter) => _ = letter.delete(tx).await?,
            None => {}
        }
        sending::write_to(app, tx, invitation.id, position, email).await?;
    }
    // To addresses that the contact no longer has.
    for letter in before {
        letter.delete(tx).await?;
    }
    Ok(any)
}

/// Whether a letter needs no other after it.
fn stays(letter: &delivery::Model, now: Instant) -> bool {
    let last = [letter.sent_at, letter.reminded_at, letter.bounced_at].into_iter().max().flatten();
    letter.state == State::Unwanted || last > Some(now - PAUSE)
}
