//! Inviting to webinars: contacts, letters, naming people, choosing among them, and what they answer.

mod answering;
mod choosing;
mod contacts;
mod forgetting;
mod letters;
mod nominating;
mod resending;
mod story;

use serde_json::{Value, json};

use crate::{
    app::{Client, TestApp, key},
    webinars::{by_id, draft, id, letters::decoded, organiser, series},
};

pub const CONTACT_CREATE: &str = "mutation($input: ContactCreateInput!) { contactCreate(input: $input) {
    contact { id name emails } userErrors { code field message } } }";
pub const CONTACT_UPDATE: &str = "mutation($id: ID!, $input: ContactUpdateInput!) { contactUpdate(id: $id, input: $input) {
    contact { emails } userErrors { code field } } }";
pub const IMPORT: &str = "mutation($input: ContactsImportInput!) { contactsImport(input: $input) {
    createdCount updatedCount unchangedCount userErrors { code field message } } }";
pub const SEND: &str = "mutation($input: InvitationsSendInput!) { invitationsSend(input: $input) {
    invitedCount alreadyInvitedCount userErrors { code field message } } }";
pub const REMIND: &str = "mutation($webinarId: ID!) { invitationsRemind(webinarId: $webinarId) {
    remindedCount userErrors { code field } } }";
pub const RESEND: &str = "mutation($id: ID!) { invitationResend(id: $id) {
    invitation { deliveries { email state } } userErrors { code field message } } }";
pub const INVITATION_UPDATE: &str =
    "mutation($id: ID!, $input: InvitationUpdateInput!) { invitationUpdate(id: $id, input: $input) {
    invitation { quota namesUntil } userErrors { code field } } }";
pub const TEXT_SET: &str = "mutation($webinarId: ID!, $audience: InvitationAudience!, $input: InvitationTextInput!) {
    invitationTextSet(webinarId: $webinarId, audience: $audience, input: $input) { userErrors { code field message } } }";
pub const PREVIEW: &str =
    "query($input: InvitationPreviewInput!) { invitationPreview(input: $input) { to language subject body } }";
pub const INVITATIONS: &str = "query($id: ID!) { webinar(id: $id) { inviting { invitations(first: 100) {
    nodes { id name quota reactedAt remindedAt contact { id } deliveries { email state sentAt bouncedAt } } } } } }";
pub const NOMINATION: &str = "query($token: String!) { nomination(token: $token) { name quota left isOpen
    webinar { text { title summary language } startsAt } nominees { id fullName email state } } }";
pub const NOMINEE_ADD: &str = "mutation($input: NomineeAddInput!) { nomineeAdd(input: $input) {
    nominee { id state } nomination { left } userErrors { code field message } } }";
pub const NOMINEE_UPDATE: &str = "mutation($token: String!, $id: ID!, $input: NomineeUpdateInput!) {
    nomineeUpdate(token: $token, id: $id, input: $input) { nominee { fullName email } userErrors { code field } } }";
pub const NOMINEE_WITHDRAW: &str = "mutation($token: String!, $id: ID!) {
    nomineeWithdraw(token: $token, id: $id) { nomination { left } userErrors { code field } } }";
pub const DECIDE: &str = "mutation($input: NomineesDecideInput!) { nomineesDecide(input: $input) {
    nominees { id state } webinar { seatsLeft } userErrors { code field message } } }";
pub const ANSWER: &str = "mutation($input: NomineeAnswerInput!) { nomineeAnswer(input: $input) {
    place { state isOpen } userErrors { code field } } }";
pub const NOMINEES: &str = "query($id: ID!, $state: NomineeState) { webinar(id: $id) { seatsLeft inviting {
    nominees(first: 100, state: $state) { nodes { id email state registration { id state } } } } } }";

/// An organiser with a webinar for the invited, in two days, in a series of their own.
pub struct Run<'a> {
    pub organiser: Client<'a>,
    pub series: String,
    pub webinar: String,
}

impl<'a> Run<'a> {
    pub async fn new(app: &'a TestApp) -> Self {
        let organiser = organiser(app).await;
        let series = series(&organiser, "INVITED").await;
        let webinar = draft(&organiser, &series, "INVITED").await;
        organiser.runs(&by_id("webinarPublish"), &json!({ "id": webinar })).await;
        Self { organiser, series, webinar }
    }

    /// The id of a new contact, which speaks English.
    pub async fn contact(&self, name: &str, emails: &[&str]) -> String {
        let input = json!({ "key": key(), "seriesId": self.series, "name": name, "organisationKind": "GOVERNMENT",
            "country": "KE", "language": "en", "emails": emails });
        id(&self.organiser.runs(CONTACT_CREATE, &json!({ "input": input })).await["contactCreate"]["contact"])
    }

    /// Gives a contact other addresses.
    pub async fn moves(&self, contact: &str, emails: &[&str]) {
        self.organiser.runs(CONTACT_UPDATE, &json!({ "id": contact, "input": { "emails": emails } })).await;
    }

    pub async fn invites(&self, contacts: &[&str], quota: i32) -> Value {
        let input = json!({ "key": key(), "webinarId": self.webinar, "contactIds": contacts, "quota": quota });
        self.organiser.runs(SEND, &json!({ "input": input })).await["invitationsSend"].clone()
    }

    /// The token of a new contact that may name so many.
    pub async fn list(&self, name: &str, email: &str, quota: i32) -> String {
        let contact = self.contact(name, &[email]).await;
        self.invites(&[&contact], quota).await;
        token(&newest(self.organiser.app, email).await, "nomination")
    }

    /// The ids of new nominees of one list, by their addresses.
    pub async fn nominees(&self, token: &str, emails: &[&str]) -> Vec<String> {
        let mut ids = Vec::new();
        for email in emails {
            ids.push(names(self.organiser.app, token, email).await);
        }
        ids
    }

    pub async fn decides(&self, nominees: &[String], decision: &str) -> Value {
        let input = json!({ "webinarId": self.webinar, "nomineeIds": nominees, "decision": decision });
        self.organiser.runs(DECIDE, &json!({ "input": input })).await["nomineesDecide"].clone()
    }

    /// The states of nominees by their addresses, and the seats left.
    pub async fn standing(&self) -> (Vec<(String, String)>, Value) {
        let seen = self.organiser.runs(NOMINEES, &json!({ "id": self.webinar })).await["webinar"].clone();
        let nodes = seen["inviting"]["nominees"]["nodes"].as_array().cloned().expect("nominees");
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        (nodes.iter().map(|node| (text(&node["email"]), text(&node["state"]))).collect(), seen["seatsLeft"].clone())
    }
}

/// A person as a contact names them.
pub fn person(token: &str, email: &str) -> Value {
    json!({ "key": key(), "token": token, "fullName": "Awa Exemple", "function": "Legal adviser", "email": email,
        "gender": "FEMALE", "country": "KE", "language": "en" })
}

/// Names a person by a contact's token; their id.
pub async fn names(app: &TestApp, token: &str, email: &str) -> String {
    id(&app.visitor().runs(NOMINEE_ADD, &json!({ "input": person(token, email) })).await["nomineeAdd"]["nominee"])
}

/// Answers an offer by the token in the newest letter to an address.
pub async fn answers(app: &TestApp, email: &str, comes: bool) -> Value {
    let token = token(&newest(app, email).await, "place");
    let input = json!({ "input": { "token": token, "comes": comes } });
    app.visitor().runs(ANSWER, &input).await["nomineeAnswer"]["place"].clone()
}

/// Letters to an address, oldest first, with their subjects and texts as they are read.
pub async fn letters_to(app: &TestApp, email: &str) -> Vec<String> {
    let to = format!("To: {email}");
    let mails = app.mails().await;
    mails.iter().filter(|mail| mail.lines().any(|line| line == to)).map(|mail| read(mail)).collect()
}

pub async fn newest(app: &TestApp, email: &str) -> String {
    letters_to(app, email).await.pop().unwrap_or_else(|| panic!("no letter to {email}"))
}

/// The subject, decoded (RFC 2047), and the text.
fn read(mail: &str) -> String {
    let head = mail.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ");
    let subject = head.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap_or_default();
    let word = |word: &str| {
        let coded = word.strip_prefix("=?utf-8?b?").and_then(|rest| rest.strip_suffix("?="));
        let bytes = coded.and_then(|coded| data_encoding::BASE64.decode(coded.as_bytes()).ok());
        (bytes.is_some(), bytes.unwrap_or_else(|| word.as_bytes().to_vec()))
    };
    let (mut bytes, mut was_coded) = (Vec::new(), true);
    for (is_coded, word) in subject.split(' ').map(word) {
        if !(is_coded && was_coded || bytes.is_empty()) {
            bytes.push(b' ');
        }
        bytes.extend(word);
        was_coded = is_coded;
    }
    format!("{}\n{}", String::from_utf8_lossy(&bytes), decoded(mail))
}

/// The token in a letter's link to a page.
pub fn token(letter: &str, page: &str) -> String {
    let mark = format!("#/{page}?token=");
    let (_, rest) = letter.split_once(&mark).unwrap_or_else(|| panic!("no link to {page} in {letter}"));
    rest.split_whitespace().next().expect("a token").to_owned()
}
