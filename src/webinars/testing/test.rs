//! The `webinar_test` table: which quiz is which test of a webinar.

use async_graphql::Enum;
use chrono::Duration;
use sea_orm::{QuerySelect as _, entity::prelude::*};
use serde::{Deserialize, Serialize};

use super::super::webinar;
use crate::{
    clock::Instant,
    error::Result,
    ids::{QuizId, WebinarId},
};

/// How long before the end of a webinar its post-test opens.
const BEFORE_END: Duration = Duration::minutes(10);

/// Which test of a webinar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[graphql(name = "WebinarTestKind")]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(4))")]
pub enum TestKind {
    /// For registrants, until the webinar begins: what they know before.
    #[sea_orm(string_value = "pre")]
    Pre,
    /// For registrants, from ten minutes before the end on: what they know after.
    #[sea_orm(string_value = "post")]
    Post,
}

/// A test of a webinar.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webinar_test")]
pub struct Model {
    /// The webinar.
    #[sea_orm(primary_key, auto_increment = false)]
    pub webinar_id: WebinarId,
    /// Which of its tests.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: TestKind,
    /// The quiz; no other test's.
    pub quiz_id: QuizId,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A test of a webinar, if there is one. Locked, also for those who only read it: it is not removed under them.
pub(super) async fn locked(db: &impl ConnectionTrait, webinar: WebinarId, kind: TestKind) -> Result<Option<Model>> {
    Ok(Entity::find_by_id((webinar, kind)).lock_shared().one(db).await?)
}

/// When attempts at a test begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// Before this instant.
    Until(Instant),
    /// From this instant on.
    From(Instant),
}

impl TestKind {
    /// When attempts begin, as the webinar is planned now.
    #[must_use]
    pub fn window(self, webinar: &webinar::Model) -> Window {
        match self {
            Self::Pre => Window::Until(webinar.starts_at),
            // Of a webinar that is shorter, not before its start.
            Self::Post => Window::From((webinar.ends_at - BEFORE_END).max(webinar.starts_at)),
        }
    }
}

impl Window {
    /// Whether it is open at `now`.
    #[must_use]
    pub fn is_open(self, now: Instant) -> bool {
        match self {
            Self::Until(end) => now < end,
            Self::From(start) => now >= start,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pre_test_is_closed_at_the_instant_of_the_start_and_a_post_test_open_at_its_own() {
        let (edge, moment) = (Instant::UNIX_EPOCH, Duration::microseconds(1));
        assert!(Window::Until(edge).is_open(edge - moment));
        assert!(!Window::Until(edge).is_open(edge));
        assert!(Window::From(edge).is_open(edge));
        assert!(!Window::From(edge).is_open(edge - moment));
    }
}
