//! What becomes of what was given to an address before it was somebody's.

use serde::{Deserialize, Serialize};

use super::{access, user};
use crate::{database::Tx, error::Result, ids::UserId, jobs};

/// A person who was let in somewhere by address has shown that they read its mail. What they have by that besides rights is
/// given by this job, which the domain above implements that keeps such things.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Joined {
    /// The person.
    pub user: UserId,
}

/// Gives a person what was given to their address before it was theirs. Whoever makes an account usable calls this while
/// the account's row is locked or new.
pub async fn claim(tx: &Tx, user: &user::Model) -> Result<()> {
    if access::claim(tx, user.id, &user.email_key).await? {
        jobs::enqueue(tx, &Joined { user: user.id }).await?;
    }
    Ok(())
}
