//! How far people came.

/// How far people came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Was written to: an office, or a person.
    Invited,
    /// Was named by an office.
    Nominated,
    /// Has a seat.
    Registered,
    /// Was present for the share of the webinar that its series asks for.
    Attended,
    /// Has watched a recording of the webinar.
    Watched,
    /// Passed the test before it.
    PassedPreTest,
    /// Passed the test after it.
    PassedPostTest,
    /// Took both tests.
    TookBothTests,
}

/// How many there are.
pub const STAGES: usize = Stage::ALL.len();

impl Stage {
    /// All of them; none comes before one that it is part of.
    pub const ALL: [Self; 8] = [
        Self::Invited,
        Self::Nominated,
        Self::Registered,
        Self::Attended,
        Self::Watched,
        Self::PassedPreTest,
        Self::PassedPostTest,
        Self::TookBothTests,
    ];

    /// Its place among [`Self::ALL`].
    #[must_use]
    pub const fn at(self) -> usize {
        self as usize
    }

    /// The stages that all its people are in, too. Where only nominees could register, `closed`, the registered are nominated.
    #[must_use]
    pub const fn within(self, closed: bool) -> &'static [Self] {
        match self {
            Self::Registered if closed => &[Self::Nominated],
            Self::Invited | Self::Nominated | Self::Registered => &[],
            _ if closed => &[Self::Registered, Self::Nominated],
            _ => &[Self::Registered],
        }
    }

    /// The end of its word in the messages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Nominated => "nominated",
            Self::Registered => "registered",
            Self::Attended => "attended",
            Self::Watched => "watched",
            Self::PassedPreTest => "passed-before",
            Self::PassedPostTest => "passed-after",
            Self::TookBothTests => "took-both",
        }
    }
}
