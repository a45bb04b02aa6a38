//! Joining the live picture: the link is given to those who have a seat, from a little before the start to the end, and to
//! staff and speakers at any time.

use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};

use super::{policy, webinar::State};
use crate::{
    app::App,
    audit::{self, Action},
    error::{Error, Problem, Result, UserErrorCode},
    ids::WebinarId,
    transact,
    viewer::Viewer,
};

/// Where the live picture is. Of a registrant it is kept that they came, and when first.
pub async fn join(app: &App, viewer: &Viewer, id: WebinarId) -> Result<String> {
    transact!(app, |tx| {
        let seen = policy::locked(tx, viewer, id).await?;
        let webinar = &seen.webinar;
        let address = webinar.join_url.clone();
        let address =
            address.ok_or_else(|| Error::from(Problem::at(UserErrorCode::Incomplete, "id").saying("problem-no-join-link")));
        if seen.is_of_staff() {
            return address;
        }
        let wrong = |code, message| Err(Problem::at(code, "id").saying(message).into());
        if !seen.has_seat() {
            return Err(Error::Forbidden);
        }
        if webinar.state == State::Cancelled {
            return wrong(UserErrorCode::WrongState, "problem-webinar-cancelled");
        }
        if tx.now() < webinar.joinable_from() {
            return wrong(UserErrorCode::WrongState, "problem-join-not-yet");
        }
        if tx.now() >= webinar.ends_at {
            return wrong(UserErrorCode::TooLate, "problem-too-late");
        }
        let address = address?;
        if let Some(registration) = seen.registration.filter(|registration| registration.joined_at.is_none()) {
            let id = registration.id;
            let mut change = registration.into_active_model();
            change.joined_at = Set(Some(tx.now()));
            change.update(tx).await?;
            audit::record(tx, viewer, Action::new("registration.joined").on(id)).await?;
        }
        Ok(address)
    })
}
