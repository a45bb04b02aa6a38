//! What a nominee answers to the offer of a seat, by the link in their letter and without an account.

use async_graphql::InputObject;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};

use super::{
    super::{
        registering, registration,
        replying::{Answers, WebinarAnswerInput},
        webinar,
    },
    admitting, choosing,
    nominee::{self, State},
    placing, policy, sending,
    telling::{self, News},
};
use crate::{
    accounts,
    app::App,
    audit::{self, Action},
    database::Tx,
    error::{Error, Problem, Problems, Result, UserErrorCode},
    transact,
    viewer::Viewer,
};

/// An answer to the offer of a seat.
#[derive(Clone, Debug, InputObject)]
pub struct NomineeAnswerInput {
    /// The token in the nominee's link.
    pub token: String,
    /// Whether they come.
    pub comes: bool,
    /// That the person was told, and agrees, that the webinar is recorded or that registrants see each other's names; needed to
    /// come where one of them is so.
    #[graphql(default)]
    pub accepts_conditions: bool,
    /// Answers to the webinar's questions, for who comes.
    #[graphql(default)]
    pub answers: Vec<WebinarAnswerInput>,
}

/// A nominee and their webinar, for who has the link.
pub async fn place(app: &App, token: &str) -> Result<Option<(nominee::Model, webinar::Model)>> {
    let Some(id) = policy::of_place(app, token) else { return Ok(None) };
    let db = app.db.read();
    let Some(nominee) = nominee::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    let webinar = webinar::Entity::find_by_id(nominee.webinar_id).one(db).await?;
    Ok(webinar.map(|webinar| (nominee, webinar)))
}

/// Takes the seat that was offered, or gives it back, also after having taken it. The same answer again changes nothing.
pub async fn answer(app: &App, viewer: &Viewer, input: &NomineeAnswerInput) -> Result<()> {
    let expired = || Error::from(Problem::at(UserErrorCode::Expired, "input.token"));
    let id = policy::of_place(app, &input.token).ok_or_else(expired)?;
    let mut problems = Problems::new();
    let answers = Answers::parse(&mut problems, &input.answers);
    problems.done()?;
    accounts::visit(app, viewer, &format!("place {id}")).await?;
    transact!(app, |tx| {
        let (nominee, webinar) = policy::locked_nominee(tx, id).await?.ok_or_else(expired)?;
        match (nominee.state, input.comes) {
            (State::Confirmed, true) | (State::Refused, false) => return Ok(()),
            (State::Accepted | State::Confirmed, _) => {}
            _ => return Err(Problem::at(UserErrorCode::WrongState, "input.token").saying("problem-no-offer").into()),
        }
        sending::check_open(&webinar, tx.now(), "input.token")?;
        if input.comes {
            let mut problems = Problems::new();
            let has_conditions = webinar.is_recorded || webinar.shows_registrants;
            problems.check(input.accepts_conditions || !has_conditions, || {
                Problem::at(UserErrorCode::NotAccepted, "input.acceptsConditions").saying("problem-conditions-not-accepted")
            });
            answers.check(tx, webinar.id, &input.answers, true, &mut problems).await?;
            problems.done()?;
            come(tx, viewer, webinar, nominee, answers.clone()).await
        } else {
            stay_away(tx, viewer, webinar, nominee).await
        }
    })
}

/// The held seat becomes the nominee's: they are let in to the webinar, and registered if they have an account.
async fn come(tx: &Tx, viewer: &Viewer, webinar: webinar::Model, nominee: nominee::Model, answers: Answers) -> Result<()> {
    let (id, email) = (nominee.id, nominee.email.clone());
    let mut change = nominee.into_active_model();
    change.state = Set(State::Confirmed);
    change.answered_at = Set(Some(tx.now()));
    change.answers = Set(Some(answers));
    let nominee = change.update(tx).await?;
    audit::record(tx, viewer, Action::new("nominee.confirmed").on(id).with("webinar", webinar.id.to_string())).await?;
    admitting::admit(tx, viewer, &webinar, &email, None).await?;
    if placing::settle(tx, viewer, &webinar, nominee).await? { Ok(()) } else { telling::tell(tx, id, News::Confirmed).await }
}

/// The seat is free again.
async fn stay_away(tx: &Tx, viewer: &Viewer, webinar: webinar::Model, nominee: nominee::Model) -> Result<()> {
    let (id, of_webinar) = (nominee.id, webinar.id);
    admitting::shut_out(tx, viewer, of_webinar, &nominee.email_key, &[id]).await?;
    let registration = nominee.registration_id;
    let mut change = nominee.into_active_model();
    change.state = Set(State::Refused);
    change.answered_at = Set(Some(tx.now()));
    change.registration_id = Set(None);
    change.update(tx).await?;
    audit::record(tx, viewer, Action::new("nominee.refused").on(id).with("webinar", of_webinar.to_string())).await?;
    let registration = match registration {
        Some(id) => registration::Entity::find_by_id(id).one(tx).await?,
        None => None,
    };
    match registration {
        Some(registration) => registering::end(tx, viewer, registration, webinar).await,
        None => choosing::free(tx, webinar, 1).await,
    }
}
