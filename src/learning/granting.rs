//! Letting people in by e-mail address: to a course, a recording, a community, a series or a webinar. A right given takes effect at once for
//! whoever has confirmed the address, and for others when they do.

use async_graphql::{ID, InputObject};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter, QuerySelect, Set};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    accounts::{
        self,
        access::{self, AccessRole},
        user,
    },
    app::App,
    audit::{self, Action},
    courses,
    database::Tx,
    error::{Error, Problem, Problems, Result, UserErrorCode},
    forum,
    ids::{AccessId, CommunityId, CourseId, Id, RecordingId, UserId, WebinarId, WebinarSeriesId, decode},
    jobs,
    language::Language,
    mail::{Letter, Link},
    paging::{Direction, Page, Paged, Slice},
    recordings, text, transact, transact_once,
    viewer::Viewer,
    webinars::{
        self,
        inviting::{self, sending::may_invite, unwanted},
    },
};

/// The most letters a day that one person brings an address by letting it in; they can make any number of things to let it in to.
const MOST_BY_ONE: i32 = 5;

/// Letting a person in by e-mail address.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct AccessGrantInput {
    /// Idempotency key.
    pub key: Uuid,
    /// A course, recording, community, series or webinar that the viewer may change.
    pub subject_id: ID,
    /// The person gets a mail, but one an hour and few a day at most, and none if it is a stranger who asked for no more
    /// invitations; a stranger gets the access when they join with this address.
    pub email: String,
    /// As what.
    #[graphql(default_with = "AccessRole::Member")]
    pub role: AccessRole,
}

/// A right that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Granted {
    /// The right.
    pub id: AccessId,
    /// Whether the person is told by mail.
    pub is_told: bool,
}

/// Taking a right back.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct AccessRevokeInput {
    /// The course, recording, community, series or webinar.
    pub subject_id: ID,
    /// The address the right was given to.
    pub email: String,
}

/// What people are let in to.
#[derive(Clone, Copy, Debug)]
pub enum Subject {
    /// A course.
    Course(CourseId),
    /// A recording.
    Recording(RecordingId),
    /// A community.
    Community(CommunityId),
    /// A series of webinars, with all of them.
    Series(WebinarSeriesId),
    /// A webinar.
    Webinar(WebinarId),
}

impl Subject {
    /// Reads the id of a subject; a thing of another kind does not exist as one.
    fn parse(id: &str) -> Result<Self> {
        let known = match decode(id) {
            Some((CourseId::KIND, uuid)) => Some(Self::Course(CourseId(uuid))),
            Some((RecordingId::KIND, uuid)) => Some(Self::Recording(RecordingId(uuid))),
            Some((CommunityId::KIND, uuid)) => Some(Self::Community(CommunityId(uuid))),
            Some((WebinarSeriesId::KIND, uuid)) => Some(Self::Series(WebinarSeriesId(uuid))),
            Some((WebinarId::KIND, uuid)) => Some(Self::Webinar(WebinarId(uuid))),
            _ => None,
        };
        known.ok_or(Error::NotFound("course, recording, community, series or webinar"))
    }

    fn uuid(self) -> Uuid {
        match self {
            Self::Course(id) => id.0,
            Self::Recording(id) => id.0,
            Self::Community(id) => id.0,
            Self::Series(id) => id.0,
            Self::Webinar(id) => id.0,
        }
    }

    /// Whether anybody can be this in it.
    const fn knows(self, role: AccessRole) -> bool {
        match self {
            Self::Course(_) | Self::Recording(_) | Self::Series(_) => matches!(role, AccessRole::Member | AccessRole::Staff),
            Self::Community(_) => matches!(role, AccessRole::Member | AccessRole::Moderator),
            Self::Webinar(_) => matches!(role, AccessRole::Member | AccessRole::Staff | AccessRole::Speaker),
        }
    }

    /// Loads and locks it, if the viewer may change it.
    async fn editable(self, tx: &Tx, viewer: &Viewer) -> Result<()> {
        match self {
            Self::Course(id) => courses::policy::editable(tx, viewer, id).await.map(|_| ()),
            Self::Recording(id) => recordings::policy::editable(tx, viewer, id).await.map(|_| ()),
            Self::Community(id) => forum::policy::editable_community(tx, viewer, id).await.map(|_| ()),
            Self::Series(id) => webinars::policy::editable_series(tx, viewer, id).await.map(|_| ()),
            Self::Webinar(id) => webinars::policy::editable(tx, viewer, id).await.map(|_| ()),
        }
    }

    fn action(self, name: &'static str) -> Action {
        match self {
            Self::Course(id) => Action::new(name).on(id),
            Self::Recording(id) => Action::new(name).on(id),
            Self::Community(id) => Action::new(name).on(id),
            Self::Series(id) => Action::new(name).on(id),
            Self::Webinar(id) => Action::new(name).on(id),
        }
    }

    /// The letter to a stranger, which names the kind of thing and nothing else of it. It leads to where people join, and to
    /// where they get no more of them.
    fn invitation(self, app: &App, to: &str, language: &Language) -> Letter {
        let name = match self {
            Self::Course(_) => "invited-course",
            Self::Recording(_) => "invited-recording",
            Self::Community(_) => "invited-community",
            Self::Series(_) | Self::Webinar(_) => "invited-webinar",
        };
        let letter = Letter::new(name, to, language).linking(Link::Page("#/sign-up".into()));
        let stop = inviting::policy::stop_link(app, letter.id, to);
        letter.stopped_by(stop)
    }
}

/// Lets a person in by address, or changes what they are let in as. They are told by a letter, which names nothing closed.
pub async fn grant(app: &App, viewer: &Viewer, input: &AccessGrantInput) -> Result<Granted> {
    let granted_by = viewer.signed_in()?.id;
    let subject = Subject::parse(&input.subject_id)?;
    let mut problems = Problems::new();
    let email = problems.take("input.email", text::email(&input.email));
    problems.check(subject.knows(input.role), || Problem::at(UserErrorCode::Unsupported, "input.role"));
    problems.done()?;
    transact_once!(app, viewer, input.key, "accessGrant", input, |tx| {
        subject.editable(tx, viewer).await?;
        if let Some(before) = of_address(tx, subject, &email).await? {
            let id = change_role(tx, viewer, subject, before, input.role).await?;
            return Ok(Granted { id, is_told: false });
        }
        let key = text::email_key(&email);
        // Locked: who is confirming the address now would else find no right yet, and this right no person.
        let person = user::Entity::find().filter(user::Column::EmailKey.eq(&key)).lock_shared().one(tx).await?;
        let joined = person.filter(|person| person.confirmed_at.is_some());
        let row = access::ActiveModel {
            id: Set(AccessId::new()),
            subject_id: Set(subject.uuid()),
            email: Set(email.clone()),
            email_key: Set(key),
            user_id: Set(joined.as_ref().map(|person| person.id)),
            role: Set(input.role),
            granted_by: Set(Some(granted_by)),
            granted_at: Set(tx.now()),
        };
        let row = row.insert(tx).await?;
        record(tx, viewer, subject.action("access.granted"), &row).await?;
        // A member is told as of all that concerns their account; to a stranger it is an invitation.
        let letter = match &joined {
            Some(person) => Some(Letter::new("let-in", &person.email, &person.language).linking(Link::Page("#/sign-in".into()))),
            None if unwanted::is_unwanted(app, tx, &email).await? => None,
            None => Some(subject.invitation(app, &email, &viewer.speaks())),
        };
        let is_told = match &letter {
            Some(letter) => tell(tx, granted_by, subject, &row.email_key, letter).await?,
            None => false,
        };
        Ok(Granted { id: row.id, is_told })
    })
}

/// Sends who was let in a letter, unless the address got one of the same thing within the hour, as a right may be given and taken
/// back many times, or enough of them today: by this person, or with invitations of all. Members and strangers alike, since else
/// it would tell who is one. Whether it goes.
async fn tell(tx: &Tx, granted_by: UserId, subject: Subject, email_key: &str, letter: &Letter) -> Result<bool> {
    let wait = accounts::wait_to_write(tx, email_key, &format!("access {}", subject.uuid())).await?;
    let by_one = format!("access by {granted_by} to {email_key}");
    if wait.is_some() || !accounts::may_today(tx, &by_one, 1, MOST_BY_ONE).await? || !may_invite(tx, email_key).await? {
        return Ok(false);
    }
    jobs::enqueue(tx, letter).await?;
    Ok(true)
}

async fn of_address(tx: &Tx, subject: Subject, email: &str) -> Result<Option<access::Model>> {
    let rights = access::Entity::find()
        .filter(access::Column::SubjectId.eq(subject.uuid()))
        .filter(access::Column::EmailKey.eq(text::email_key(email)));
    Ok(rights.one(tx).await?)
}

async fn change_role(tx: &Tx, viewer: &Viewer, subject: Subject, before: access::Model, role: AccessRole) -> Result<AccessId> {
    // What somebody was let in to as a nominee is theirs from now on.
    let by_nobody = before.granted_by.is_none() || before.granted_by == before.user_id;
    if before.role == role && !by_nobody {
        return Ok(before.id);
    }
    let mut change = before.into_active_model();
    change.role = Set(role);
    change.granted_by = Set(viewer.user_id());
    let row = change.update(tx).await?;
    record(tx, viewer, subject.action("access.changed"), &row).await?;
    Ok(row.id)
}

/// Records ids only: addresses are personal.
async fn record(tx: &Tx, viewer: &Viewer, action: Action, row: &access::Model) -> Result<()> {
    let person = row.user_id.map(|person| person.to_string());
    let action = action.with("access", row.id.to_string()).with("person", person).with("role", row.role);
    audit::record(tx, viewer, action).await
}

/// Takes a right back; it ends at once.
pub async fn revoke(app: &App, viewer: &Viewer, input: &AccessRevokeInput) -> Result<()> {
    viewer.signed_in()?;
    let subject = Subject::parse(&input.subject_id)?;
    transact!(app, |tx| {
        subject.editable(tx, viewer).await?;
        let row = of_address(tx, subject, input.email.trim()).await?;
        let row = row.ok_or_else(|| Problem::at(UserErrorCode::NotFound, "input.email"))?;
        record(tx, viewer, subject.action("access.revoked"), &row).await?;
        row.delete(tx).await?;
        Ok(())
    })
}

/// A right by its id, for those who may change what it is to.
pub async fn by_id(app: &App, viewer: &Viewer, id: AccessId) -> Result<Option<access::Model>> {
    let Some(row) = access::Entity::find_by_id(id).one(app.db.read()).await? else { return Ok(None) };
    let (db, subject) = (app.db.read(), row.subject_id);
    let edits = courses::seeing::by_id(db, viewer, CourseId(subject)).await?.is_some_and(|seen| seen.edits)
        || forum::policy::standing(db, viewer, CommunityId(subject).into()).await?.edits
        || match recordings::policy::find(db, viewer, RecordingId(subject)).await {
            Ok(recording) => recordings::policy::edits(db, viewer, &recording).await?,
            Err(Error::NotFound(_)) => false,
            Err(err) => return Err(err),
        }
        || webinars::seeing::by_id(db, viewer, WebinarId(subject)).await?.is_some_and(|seen| seen.edits)
        || webinars::asking::edits_series(db, viewer, WebinarSeriesId(subject)).await?;
    Ok(edits.then_some(row))
}

/// Who was let in to the thing `subject`, newest first; ask only for those who may change it.
pub async fn list(app: &App, subject: Uuid, page: &Page) -> Result<Slice<access::Model>> {
    let rights = access::Entity::find().filter(access::Column::SubjectId.eq(subject));
    rights.page(app.db.read(), page, &[(access::Column::Id, Direction::Descending)]).await
}
