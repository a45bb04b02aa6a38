//! An office without an account is invited to a webinar and names somebody, who takes the seat without an account, too.

use anyhow::ensure;
use serde_json::{Value, json};

use super::{Client, People, Walk, key, mailbox, same, text};

/// Plays it for a webinar with one seat taken.
pub async fn invite(walk: &mut Walk<'_>, people: &People, organiser: &Client, webinar: &Value) -> anyhow::Result<()> {
    let (office, nominee) = (walk.email("office"), walk.email("nominee"));
    let seats = [("id: ID!", webinar.clone()), ("input: WebinarUpdateInput!", json!({ "capacity": 2 }))];
    organiser.change("webinarUpdate", &seats, "").await?;
    let inviting = send_to(organiser, &office, webinar).await?;
    let sent = organiser.change("invitationsSend", &inviting(key()), "invitedCount").await?;
    let again = organiser.change("invitationsSend", &inviting(key()), "alreadyInvitedCount").await?;
    let list = mailbox::token_of(&walk.place.mail, &office, "nomination").await?;
    let told = format!("{} invited; once more: {} invited before", sent["invitedCount"], again["alreadyInvitedCount"]);
    walk.did("invites an office, which has no account", &told);

    let named = people.visitor.change("nomineeAdd", &named(&list, &nominee), "nominee { id state } nomination { left }").await?;
    let second = people.visitor.refused("nomineeAdd", &self::named(&list, &walk.email("second"))).await?;
    let came_back = format!("{}; {} left; a second: {second}", text(&named["nominee"]["state"]), named["nomination"]["left"]);
    walk.did("the office names a person by its mailed link", &came_back);

    let decision = json!({ "webinarId": webinar, "nomineeIds": [named["nominee"]["id"]], "decision": "ACCEPT" });
    let decision = [("input: NomineesDecideInput!", decision)];
    let chosen = organiser.change("nomineesDecide", &decision, "webinar { seatsLeft }").await?;
    let place = mailbox::token_of(&walk.place.mail, &nominee, "place").await?;
    let comes = [("input: NomineeAnswerInput!", json!({ "token": place, "comes": true }))];
    let answered = people.visitor.change("nomineeAnswer", &comes, "place { state }").await?;
    let came_back =
        format!("{} seats left; {}, without an account", chosen["webinar"]["seatsLeft"], text(&answered["place"]["state"]));
    walk.did("the organiser accepts, and the person comes", &came_back);

    let stop = mailbox::token_of(&walk.place.mail, &office, "stop").await?;
    people.visitor.change("invitationsStop", &[("token: String!", json!(stop))], "").await?;
    let states = "query($id: ID!) { webinar(id: $id) { inviting { invitations(first: 5) { nodes { deliveries { state } } } } } }";
    let states = organiser.ask(states, json!({ "id": webinar })).await?;
    let state = &states["webinar"]["inviting"]["invitations"]["nodes"][0]["deliveries"][0]["state"];
    same("the letter", state, "UNWANTED")?;
    let forged = people.visitor.refused("invitationsStop", &[("token: String!", json!(format!("{stop}A")))]).await?;
    ensure!(forged.starts_with("EXPIRED"), "a forged link: {forged}");
    walk.did("the office wants no more letters", &format!("{}; by a forged link: {forged}", text(state)));
    Ok(())
}

/// Makes a contact of the webinar's series; how it is sent an invitation to name one person.
async fn send_to(
    organiser: &Client,
    office: &str,
    webinar: &Value,
) -> anyhow::Result<impl Fn(String) -> [(&'static str, Value); 1]> {
    let series = "query($id: ID!) { webinar(id: $id) { series { id } } }";
    let series = organiser.ask(series, json!({ "id": webinar })).await?["webinar"]["series"]["id"].clone();
    let input = json!({
        "key": key(), "seriesId": series, "name": "Sample Mission", "organisationKind": "GOVERNMENT", "country": "FJ",
        "language": "en", "emails": [office],
    });
    let contact = organiser.create("contactCreate", "ContactCreateInput", input, "contact").await?;
    let webinar = webinar.clone();
    Ok(move |key| {
        let input = json!({ "key": key, "webinarId": webinar, "contactIds": [contact], "quota": 1 });
        [("input: InvitationsSendInput!", input)]
    })
}

fn named(list: &str, email: &str) -> [(&'static str, Value); 1] {
    let input = json!({
        "key": key(), "token": list, "fullName": "Mele Faʻataʻitaʻiga", "function": "Legal adviser", "email": email,
        "gender": "FEMALE", "country": "FJ", "language": "en",
    });
    [("input: NomineeAddInput!", input)]
}
