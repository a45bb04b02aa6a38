//! The table: what each operation answers each kind of viewer. A row is an operation, its variables, and the rule that it
//! follows; [`super::outcomes`] says what the words of a rule mean, [`super::people::KINDS`] in which order they stand.

mod accounts;
mod courses;
mod forum;
mod inviting;
mod nodes;
mod quizzes;
mod recordings;
mod webinars;

use serde_json::{Value, json};

use super::{
    people::{GROUPED, KINDS},
    world::World,
};

/// Who may do something, where things are for the invited and where they are public.
#[derive(Clone)]
pub struct Rights {
    worlds: [&'static str; 2],
    exceptions: Vec<Exception>,
}

#[derive(Clone, Copy)]
struct Exception {
    kinds: &'static str,
    outcome: &'static str,
    /// Holds for those who have the right, and not for the others.
    with_right: bool,
}

impl Exception {
    fn holds(self, kind: &str, word: &str) -> bool {
        (word == "ok" || !self.with_right) && self.kinds.split(' ').any(|each| each == kind)
    }
}

const fn alike(everywhere: &'static str) -> Rights {
    Rights { worlds: [everywhere; 2], exceptions: Vec::new() }
}

const fn worlds(invited: &'static str, public: &'static str) -> Rights {
    Rights { worlds: [invited, public], exceptions: Vec::new() }
}

impl Rights {
    /// With another outcome where these kinds of viewers have the right.
    fn but(mut self, kinds: &'static str, outcome: &'static str) -> Self {
        self.exceptions.push(Exception { kinds, outcome, with_right: true });
        self
    }

    /// With another outcome for these kinds of viewers.
    fn always(mut self, kinds: &'static str, outcome: &'static str) -> Self {
        self.exceptions.push(Exception { kinds, outcome, with_right: false });
        self
    }

    /// With another outcome for all who have the right.
    fn all(self, outcome: &'static str) -> Self {
        self.but(GROUPED, outcome)
    }

    /// The outcomes for each kind of viewer.
    pub fn in_world(&self, visibility: &str) -> Vec<String> {
        let words = self.worlds[usize::from(visibility == "PUBLIC")].split_whitespace();
        let judged = KINDS.into_iter().zip(words).map(|(kind, word)| {
            let exception = self.exceptions.iter().rfind(|exception| exception.holds(kind, word));
            exception.map_or(word, |exception| exception.outcome).to_owned()
        });
        judged.collect()
    }
}

// In each rule: visitor suspended unvetted practitioner elsewhere trainer, learner removed moderator, staff owner administrator.

/// Whoever asks.
const ANYONE: Rights = alike("ok ok ok ok ok ok  ok ok ok  ok ok ok");
/// Whoever is signed in.
const SIGNED_IN: Rights = alike("U U ok ok ok ok  ok ok ok  ok ok ok");
/// Trainers, and administrators, who hold all roles.
const TRAINERS: Rights = alike("U U F F F ok  F F F  F ok ok");
/// Administrators.
const ADMINISTRATORS: Rights = alike("U U F F F F  F F F  F F ok");
/// Staff of the course or recording.
const STAFF: Rights = worlds("U U N N N N  F N N  ok ok ok", "U U F F F F  F F F  ok ok ok");
/// Staff of the course or recording; for others the thing does not exist.
const STAFF_IN_SECRET: Rights = alike("U U N N N N  N N N  ok ok ok");
/// The learner whose it is; staff see it.
const LEARNER: Rights = alike("U U N N N N  ok N N  F F F");
/// Who is enrolled.
const ENROLLED: Rights = worlds("U U N N N N  ok N N  F F F", "U U F F F F  ok F F  F F F");
/// Those who may change the community.
const COMMUNITY_EDITORS: Rights = worlds("U U N N N N  F N F  N ok ok", "U U F F F F  F F F  F ok ok");
/// Those who moderate the community.
const MODERATORS: Rights = worlds("U U N N N N  F N ok  N ok ok", "U U F F F F  F F ok  F ok ok");
/// Those who moderate the community; for others the thing does not exist.
const MODERATORS_IN_SECRET: Rights = alike("U U N N N N  N N ok  N ok ok");
/// Those who may post in the community. Who is not vetted is refused before anything is looked up.
const MEMBERS: Rights = worlds("U U F N N N  ok N ok  N ok ok", "U U F ok ok ok  ok F ok  ok ok ok");
/// The learner, who wrote it, of those who see the community.
const AUTHOR: Rights = worlds("U U N N N N  ok N F  N F F", "U U F F F F  ok F F  F F F");
/// Reading: who may see the course or recording.
const SEE: Rights = worlds("- - - - - -  ok - -  ok ok ok", "ok ok ok ok ok ok  ok ok ok  ok ok ok");
/// Reading: who may see the community.
const SEE_COMMUNITY: Rights = worlds("- - - - - -  ok - ok  - ok ok", "ok ok ok ok ok ok  ok ok ok  ok ok ok");
/// Reading: staff of the course or recording.
const SEE_AS_STAFF: Rights = alike("- - - - - -  - - -  ok ok ok");
/// Reading: the learner whose it is, and staff of the course.
const SEE_OF_LEARNER: Rights = alike("- - - - - -  ok - -  ok ok ok");

/// An operation, and what it answers.
pub struct Row {
    pub operation: &'static str,
    pub variables: Value,
    /// What a list is searched for.
    pub sought: Option<String>,
    /// For subscriptions: what the owner does for an event to come.
    pub event: Option<(&'static str, Value)>,
    pub rights: Rights,
}

fn row(operation: &'static str, variables: Value, rights: Rights) -> Row {
    Row { operation, variables, sought: None, event: None, rights }
}

fn by_id(operation: &'static str, id: &str, rights: Rights) -> Row {
    row(operation, json!({ "id": id }), rights)
}

fn with_input(operation: &'static str, input: Value, rights: Rights) -> Row {
    row(operation, json!({ "input": input }), rights)
}

fn updating(operation: &'static str, id: &str, input: Value, rights: Rights) -> Row {
    row(operation, json!({ "id": id, "input": input }), rights)
}

fn list(operation: &'static str, variables: Value, sought: &str, rights: Rights) -> Row {
    Row { sought: Some(sought.to_owned()), ..row(operation, variables, rights) }
}

fn live(operation: &'static str, variables: Value, event: (&'static str, Value), rights: Rights) -> Row {
    Row { event: Some(event), ..row(operation, variables, rights) }
}

/// All rows.
pub fn rows(w: &World) -> Vec<Row> {
    let domains = [
        accounts::rows,
        courses::rows,
        recordings::rows,
        quizzes::rows,
        forum::rows,
        webinars::rows,
        inviting::rows,
        nodes::rows,
    ];
    domains.into_iter().flat_map(|rows| rows(w)).collect()
}
