//! Asking not to be invited again, by the link under each invitation. It holds for all invitations of the site to that address,
//! and the link works for as long as somebody may have it, also when the invitation is long gone.

use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};

use super::{
    delivery::{self, State},
    policy, unwanted,
};
use crate::{
    app::App,
    audit::{self, Action},
    database::Tx,
    error::{Problem, Result, UserErrorCode},
    transact,
    viewer::Viewer,
};

/// Notes that the address which a letter went to wants no more. Twice changes nothing.
pub async fn stop(app: &App, viewer: &Viewer, token: &str) -> Result<()> {
    transact!(app, |tx| {
        let expired = || Problem::at(UserErrorCode::Expired, "token");
        let (letter, address) = policy::of_stop(app, token).ok_or_else(expired)?;
        unwanted::note(tx, address, tx.now()).await?;
        let Some(letter) = delivery::Entity::find_by_id(letter).one(tx).await? else { return Ok(()) };
        if letter.state == State::Unwanted {
            return Ok(());
        }
        let invitation = letter.invitation_id;
        stopped(tx, letter).await?;
        audit::record(tx, viewer, Action::new("invitation.unwanted").on(invitation)).await
    })
}

/// Notes of a letter that its address wants none.
pub(super) async fn stopped(tx: &Tx, letter: delivery::Model) -> Result<()> {
    let mut change = letter.into_active_model();
    change.state = Set(State::Unwanted);
    change.update(tx).await?;
    Ok(())
}
