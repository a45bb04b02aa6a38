//! The kinds of viewers, in the order of the tables: those outside, those inside, and those who are responsible.

use std::collections::BTreeMap;

use lyceum::ids::UserId;

use crate::app::{Client, TestApp};

/// The kinds of viewers.
pub const KINDS: [&str; 12] = [
    "visitor",       // signed out
    "suspended",     // let in to course and community, enrolled, then suspended; with a session
    "unvetted",      // signed in; nobody has vetted them
    "practitioner",  // vetted; not let in
    "elsewhere",     // vetted; learns in a course of another trainer
    "trainer",       // vetted; has a course and a community of their own
    "learner",       // let in to course, recording and community; enrolled
    "removed",       // let in to the community, then removed from it
    "moderator",     // let in to the community as its moderator
    "staff",         // let in to course and recording as their staff
    "owner",         // the trainer who made course, recording and community
    "administrator", // of the site
];

/// All of [`KINDS`] as one text.
pub const GROUPED: &str =
    "visitor suspended unvetted practitioner elsewhere trainer learner removed moderator staff owner administrator";

/// How many of [`KINDS`] are outside, inside and responsible.
const GROUPS: [usize; 3] = [6, 3, 3];

/// One thing for each kind, the groups apart.
pub fn grouped<T: AsRef<str>>(each: &[T], width: usize) -> String {
    let mut rest = each;
    let mut groups = Vec::new();
    for size in GROUPS {
        let (group, others) = rest.split_at(size);
        let cells: Vec<_> = group.iter().map(|cell| format!("{:width$}", cell.as_ref())).collect();
        groups.push(cells.join(if width > 0 { " " } else { "" }));
        rest = others;
    }
    groups.join(if width > 0 { "  " } else { " " }).trim_end().to_owned()
}

/// The accounts of a world by their kind.
#[derive(Default)]
pub struct People(BTreeMap<String, (UserId, String)>);

impl People {
    pub fn knows(&mut self, kind: &str, person: &Client<'_>) {
        self.0.insert(kind.to_owned(), (person.user(), person.email.clone()));
    }

    pub fn id(&self, kind: &str) -> UserId {
        self.0[kind].0
    }

    pub fn email(&self, kind: &str) -> &str {
        &self.0[kind].1
    }

    /// Somebody of this kind, newly signed in to `app`.
    pub async fn client<'a>(&self, app: &'a TestApp, kind: &str) -> Client<'a> {
        if kind == "visitor" {
            return app.visitor();
        }
        app.signed_in(self.id(kind), self.email(kind).to_owned()).await
    }
}
