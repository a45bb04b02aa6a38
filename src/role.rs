//! Rights for the whole site.

use async_graphql::Enum;
use sea_orm::DeriveValueType;

/// A right for the whole site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum SiteRole {
    /// Vets accounts, gives roles, sees the audit.
    Administrator,
    /// Makes courses, quizzes, recordings and communities.
    Trainer,
    /// Runs a project's webinars and events.
    Organiser,
}

impl SiteRole {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Administrator, Self::Trainer, Self::Organiser];

    const fn bit(self) -> i32 {
        match self {
            Self::Administrator => 1,
            Self::Trainer => 2,
            Self::Organiser => 4,
        }
    }

    /// The name used in commands and in the audit.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Trainer => "trainer",
            Self::Organiser => "organiser",
        }
    }
}

/// A set of site roles, kept in one column: administrator 1, trainer 2, organiser 4.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, DeriveValueType)]
pub struct Roles(i32);

impl Roles {
    /// The bit of the administrators, for queries that count them.
    pub const ADMINISTRATOR_BIT: i32 = SiteRole::Administrator.bit();

    /// Whether `role` is held; administrators hold all of them.
    #[must_use]
    pub const fn holds(self, role: SiteRole) -> bool {
        self.0 & (role.bit() | Self::ADMINISTRATOR_BIT) != 0
    }

    /// Whether `role` itself was given.
    #[must_use]
    pub const fn contains(self, role: SiteRole) -> bool {
        self.0 & role.bit() != 0
    }

    /// With `role`.
    #[must_use]
    pub const fn with(self, role: SiteRole) -> Self {
        Self(self.0 | role.bit())
    }

    /// Without `role`.
    #[must_use]
    pub const fn without(self, role: SiteRole) -> Self {
        Self(self.0 & !role.bit())
    }

    /// Those given, in a fixed order.
    pub fn list(self) -> impl Iterator<Item = SiteRole> {
        SiteRole::ALL.into_iter().filter(move |role| self.contains(*role))
    }
}
