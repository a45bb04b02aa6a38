//! Asking not to be invited again, by the link under each invitation. It holds for all invitations of the site to that address.

use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};

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
        let letter = policy::of_stop(app, tx, token).await?;
        let letter = letter.ok_or_else(|| Problem::at(UserErrorCode::Expired, "token"))?;
        unwanted::note(tx, &letter.email, tx.now()).await?;
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
