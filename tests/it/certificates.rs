//! Certificates of completion: who gets them, what they say, whose name they bear, and revoking them.

use chrono::Duration;
use serde_json::{Value, json};

use crate::{
    app::{Client, TestApp, key, with_app},
    http_client::{Reply, Server},
    teaching::{ENROL, Taught},
};

const COMPLETE: &str = "mutation($id: ID!) { lessonComplete(id: $id, reason: READ) {
    enrolment { completion { id code } } userErrors { code } } }";
const CERTIFICATE: &str = "query($id: ID!, $language: Language) { node(id: $id) { ... on Completion { revokedAt revocationReason
    certificate(language: $language) { language languages pdf { url name expiresAt } pdfProblem { code message }
        badge { url name } } } } }";
const REVOKE: &str = "mutation($input: CompletionRevokeInput!) { completionRevoke(input: $input) {
    completion { revokedAt revocationReason } userErrors { code field } } }";
const RESTORE: &str = "mutation($id: ID!) { completionRestore(id: $id) { completion { revokedAt } userErrors { code } } }";
const CHECK: &str = "query($code: String!) { certificateCheck(code: $code) { kind title revokedAt } }";
const CHECK_NAME: &str = "query($code: String!, $name: String!) { certificateCheck(code: $code, name: $name) {
    holderName nameMatches } }";
const PROFILE: &str = "mutation($input: ProfileUpdateInput!) { profileUpdate(input: $input) { userErrors { code field } } }";
/// Lets the certificates of a person bear the names of their profile.
pub const RENEW: &str = "mutation($input: CertificateNamesRenewInput!) { certificateNamesRenew(input: $input) {
    renewedCount userErrors { code field } } }";

/// Who has completed a course, and the record of that.
struct Done<'a> {
    course: Taught<'a>,
    learner: Client<'a>,
    record: Value,
}

impl<'a> Done<'a> {
    async fn by(app: &'a TestApp, trainer: &'a Client<'a>) -> Self {
        let course = Taught::with_articles(trainer, &["A"]).await;
        course.sets_text("ar", "دورة").await;
        course.publishes().await;
        app.run_jobs().await;
        let learner = app.practitioner().await;
        learner.runs(ENROL, &json!({ "id": course.id })).await;
        let lessons = "query($id: ID!) { course(id: $id) { publishedVersion { modules { lessons { id } } } } }";
        let page = learner.runs(lessons, &json!({ "id": course.id })).await;
        let lesson = &page["course"]["publishedVersion"]["modules"][0]["lessons"][0]["id"];
        let done = learner.runs(COMPLETE, &json!({ "id": lesson })).await;
        let record = done["lessonComplete"]["enrolment"]["completion"].clone();
        Self { course, learner, record }
    }

    /// What `client` sees of the record.
    async fn seen(&self, client: &Client<'_>, language: &str) -> Value {
        client.runs(CERTIFICATE, &json!({ "id": self.record["id"], "language": language })).await["node"].clone()
    }

    async fn certificate(&self, language: &str) -> Value {
        self.seen(&self.learner, language).await["certificate"].clone()
    }

    fn code(&self) -> &str {
        self.record["code"].as_str().expect("a code")
    }

    /// The holder goes by another name.
    async fn goes_by(&self, name: &str) {
        self.learner.runs(PROFILE, &json!({ "input": { "fullName": name, "isNameShownToVisitors": true } })).await;
    }

    /// The badge as it is made now.
    async fn badge(&self, app: &TestApp, server: &Server) -> Value {
        fetched(app, server, &self.certificate("en").await["badge"]["url"]).await.json()
    }

    /// Whose name the page shows that checks the code, and whether it says that this name is right.
    async fn checked(&self, app: &TestApp, name: &str) -> (Value, bool) {
        let found = app.visitor().runs(CHECK_NAME, &json!({ "code": self.code(), "name": name })).await;
        let check = &found["certificateCheck"];
        (check["holderName"].clone(), check["nameMatches"] == true)
    }

    fn revoking(&self, reason: &str) -> Value {
        json!({ "input": { "id": self.record["id"], "reason": reason } })
    }
}

/// The renewal of the names on the certificates of `person`, by who saw these in their profile.
pub fn renewing(person: &Client<'_>, full_name: &str, latin_name: Option<&str>, reason: &str) -> Value {
    json!({ "input": { "key": key(), "userId": person.id(), "fullName": full_name, "latinName": latin_name, "reason": reason } })
}

/// The name that a badge bears.
pub fn borne(badge: &Value) -> &Value {
    &badge["credentialSubject"]["identifier"][0]["identityHash"]
}

/// Whether a badge is revoked, as its status has it.
pub async fn is_revoked(app: &TestApp, server: &Server, badge: &Value) -> bool {
    let status = fetched(app, server, &badge["credentialStatus"]["id"]).await.json();
    match status["revokedCredential"].as_array().expect("a list").as_slice() {
        [] => false,
        [revoked] => {
            assert_eq!(revoked, &json!({ "id": badge["id"], "revoked": true }));
            true
        }
        more => panic!("{more:?}"),
    }
}

/// What an address on this server gives.
pub async fn fetched(app: &TestApp, server: &Server, address: &Value) -> Reply {
    let path = address.as_str().and_then(|address| address.strip_prefix(&app.config.public_url)).expect("an address of ours");
    server.gets(path, &[]).await
}

fn holds(file: &[u8], text: &str) -> bool {
    file.windows(text.len()).any(|part| part == text.as_bytes())
}

#[tokio::test]
async fn the_holder_downloads_the_certificate_in_each_language() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let done = Done::by(app, &trainer).await;
        let server = Server::start(app).await;
        for (language, heading, title) in [
            ("ar", "شهادة إتمام", "دورة"),
            ("zh", "结业证书", "Course"),
            ("en", "Certificate of completion", "Course"),
            ("fr", "Attestation de fin de cours", "Course"),
            ("ru", "Сертификат о прохождении курса", "Course"),
            ("es", "Certificado de finalización", "Course"),
        ] {
            let certificate = done.certificate(language).await;
            assert_eq!(certificate["language"], language);
            assert_eq!(certificate["languages"], json!(["ar", "zh", "en", "fr", "ru", "es"]));
            assert_eq!(certificate["pdfProblem"], json!(null));
            let name = format!("certificate-{}-{language}.pdf", done.code());
            assert_eq!(certificate["pdf"]["name"], name);
            let file = fetched(app, &server, &certificate["pdf"]["url"]).await;
            assert_eq!((file.status, file.header("content-type")), (200, Some("application/pdf")));
            assert_eq!(file.header("content-disposition"), Some(&*format!("attachment; filename=\"{name}\"")));
            assert_eq!(file.header("cache-control"), Some("private, no-store"));
            assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
            assert!(file.body.starts_with(b"%PDF-"));
            // The title for those who read by ear is in the file as it is.
            assert!(holds(&file.body, heading) && holds(&file.body, title), "{language}");
        }
        assert_eq!(done.certificate("de").await["language"], "en", "else that of the person when it was completed");
    })
    .await;
}

#[tokio::test]
async fn only_the_holder_and_administrators_get_the_certificate() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let done = Done::by(app, &trainer).await;
        assert_ne!(done.seen(&app.administrator().await, "en").await["certificate"], json!(null));
        let staff = done.seen(&trainer, "en").await;
        assert_eq!((&staff["revokedAt"], &staff["certificate"]), (&json!(null), &json!(null)), "who sees the record only");
        for other in [app.practitioner().await, app.visitor()] {
            assert_eq!(done.seen(&other, "en").await, json!(null));
        }
    })
    .await;
}

#[tokio::test]
async fn an_address_of_a_certificate_ends_after_five_minutes_and_can_t_be_made() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let done = Done::by(app, &trainer).await;
        let server = Server::start(app).await;
        let url = done.certificate("en").await["pdf"]["url"].clone();
        let forged = json!(url.as_str().expect("an address").replace("/certificates/", "/certificates/A"));
        assert_eq!(fetched(app, &server, &forged).await.refusal(), "403 FORBIDDEN");
        app.clock.advance(Duration::minutes(5) - Duration::seconds(1));
        assert_eq!(fetched(app, &server, &url).await.status, 200);
        app.clock.advance(Duration::seconds(1));
        assert_eq!(fetched(app, &server, &url).await.refusal(), "403 FORBIDDEN");
    })
    .await;
}

#[tokio::test]
async fn a_badge_names_its_holder_and_nothing_else_of_them_and_is_signed_by_the_site() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let done = Done::by(app, &trainer).await;
        let server = Server::start(app).await;
        let file = fetched(app, &server, &done.certificate("ar").await["badge"]["url"]).await;
        assert_eq!((file.status, file.header("content-type")), (200, Some("application/ld+json")));
        let badge = file.json();
        assert_eq!(badge["@context"][0], "https://www.w3.org/ns/credentials/v2");
        assert_eq!(badge["type"], json!(["VerifiableCredential", "OpenBadgeCredential"]));
        assert_eq!(badge["name"], "دورة");
        let subject = &badge["credentialSubject"];
        let identity = json!({ "type": "IdentityObject", "identityType": "name", "identityHash": "Person 2", "hashed": false });
        assert_eq!(subject["identifier"], json!([identity]));
        assert!(!badge.to_string().contains(&done.learner.email) && !badge.to_string().contains(&done.learner.id()));

        let key = server.gets("/.well-known/did.json", &[]).await;
        assert_eq!(key.header("access-control-allow-origin"), Some("*"));
        assert_eq!(badge["issuer"]["id"], key.json()["id"]);
        assert_eq!(badge["proof"][0]["verificationMethod"], key.json()["assertionMethod"][0]);
        assert_eq!(badge["proof"][0]["cryptosuite"], "eddsa-rdfc-2022");

        // Its id leads to where it is checked.
        let led = fetched(app, &server, &badge["id"]).await;
        assert_eq!((led.status, led.header("location")), (303, Some(&*app.config.page(&format!("#/check/{}", done.code())))));
        assert_eq!(server.gets("/badges/0000-0000-0000-0000/mark", &[]).await.refusal(), "404 NOT_FOUND");
    })
    .await;
}

#[tokio::test]
async fn a_revoked_record_proves_nothing_until_it_is_restored() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let done = Done::by(app, &trainer).await;
        let server = Server::start(app).await;
        let (certificate, code) = (done.certificate("en").await, json!({ "code": done.code() }));
        let badge = done.badge(app, &server).await;
        assert!(!is_revoked(app, &server, &badge).await);

        assert_eq!(trainer.problems(REVOKE, &done.revoking(" ")).await, ["BLANK input.reason"]);
        let revoked =
            trainer.runs(REVOKE, &done.revoking("Somebody else sat the quiz")).await["completionRevoke"]["completion"].clone();
        assert_eq!(revoked["revocationReason"], "Somebody else sat the quiz");
        let again = trainer.runs(REVOKE, &done.revoking("Another")).await;
        assert_eq!(again["completionRevoke"]["completion"], revoked, "revoking twice changes nothing");
        let checked = app.visitor().runs(CHECK, &code).await;
        assert_eq!(
            checked["certificateCheck"],
            json!({ "kind": "COURSE", "title": "Course", "revokedAt": revoked["revokedAt"] })
        );
        let seen = done.seen(&done.learner, "en").await;
        assert_eq!((&seen["certificate"], &seen["revocationReason"]), (&json!(null), &revoked["revocationReason"]));
        for file in ["pdf", "badge"] {
            assert_eq!(fetched(app, &server, &certificate[file]["url"]).await.refusal(), "410 GONE");
        }
        assert!(is_revoked(app, &server, &badge).await);

        trainer.runs(RESTORE, &json!({ "id": done.record["id"] })).await;
        trainer.runs(RESTORE, &json!({ "id": done.record["id"] })).await;
        assert_eq!(app.visitor().runs(CHECK, &code).await["certificateCheck"]["revokedAt"], json!(null));
        assert_eq!(fetched(app, &server, &certificate["pdf"]["url"]).await.status, 200);
        assert!(!is_revoked(app, &server, &badge).await);

        let entries = app.administrator().await.runs("{ auditEntries { nodes { action } } }", &json!({})).await;
        let actions = entries["auditEntries"]["nodes"].to_string();
        assert_eq!(actions.matches("completion.revoked").count(), 1);
        assert_eq!(actions.matches("completion.restored").count(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_holder_is_told_of_a_revocation_without_a_word_of_the_course() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let done = Done::by(app, &trainer).await;
        trainer.runs(REVOKE, &done.revoking("Somebody else sat the quiz")).await;
        trainer.runs(RESTORE, &json!({ "id": done.record["id"] })).await;
        let mails = app.mails().await;
        let [.., revoked, restored] = mails.as_slice() else { panic!("two mails: {mails:?}") };
        assert!(revoked.contains("was revoked") && restored.contains("valid again"));
        assert!(revoked.contains("#/sign-in") && restored.contains("#/sign-in"));
        for mail in [revoked, restored] {
            assert!(mail.contains(&done.learner.email) && !mail.contains("Course") && !mail.contains("quiz"), "{mail}");
        }
    })
    .await;
}

#[tokio::test]
async fn only_staff_of_the_course_revoke_and_restore() {
    with_app(async |app| {
        let (trainer, other) = (app.trainer().await, app.trainer().await);
        let done = Done::by(app, &trainer).await;
        let (revoking, restoring) = (done.revoking("Why not"), json!({ "id": done.record["id"] }));
        for (client, code) in [(&done.learner, "FORBIDDEN"), (&other, "NOT_FOUND"), (&app.visitor(), "UNAUTHENTICATED")] {
            assert_eq!(client.fails(REVOKE, &revoking).await, code);
            assert_eq!(client.fails(RESTORE, &restoring).await, code);
        }
        done.course.grants(&other.email, "STAFF").await;
        other.runs(REVOKE, &revoking).await;
        app.administrator().await.runs(RESTORE, &restoring).await;
    })
    .await;
}

#[tokio::test]
async fn a_name_that_no_font_has_is_said_and_the_one_in_latin_letters_helps() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let done = Done::by(app, &trainer).await;
        let server = Server::start(app).await;
        let administrator = app.administrator().await;
        // Vithkuqi, for which few machines have a font.
        let name = "\u{10570}\u{10571}\u{10572}";
        done.goes_by(name).await;
        administrator.runs(RENEW, &renewing(&done.learner, name, None, "Misspelt")).await;
        let certificate = done.seen(&done.learner.accepting("fr"), "en").await["certificate"].clone();
        if certificate["pdf"] != json!(null) {
            return; // This machine has one.
        }
        assert_eq!(certificate["pdfProblem"]["code"], "UNSUPPORTED");
        assert_ne!(certificate["badge"], json!(null));
        done.learner.runs(PROFILE, &json!({ "input": { "latinName": "Person Two" } })).await;
        let renewal = renewing(&done.learner, name, Some("Person Two"), "The name in Latin letters was missing");
        administrator.runs(RENEW, &renewal).await;
        let certificate = done.certificate("en").await;
        assert_eq!(certificate["pdfProblem"], json!(null));
        assert!(holds(&fetched(app, &server, &certificate["pdf"]["url"]).await.body, "Person Two"));
    })
    .await;
}

#[tokio::test]
async fn a_certificate_bears_the_name_of_the_day_it_was_earned_whatever_its_holder_goes_by_since() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let done = Done::by(app, &trainer).await;
        let server = Server::start(app).await;
        let badge = done.badge(app, &server).await;
        let address = done.certificate("en").await["pdf"]["url"].clone();
        for name in ["Somebody Else", "Another Still"] {
            done.goes_by(name).await;
            let now = done.badge(app, &server).await;
            assert_eq!((borne(&now), &now["id"]), (&json!("Person 2"), &badge["id"]));
            for url in [&address, &done.certificate("fr").await["pdf"]["url"]] {
                let pdf = fetched(app, &server, url).await.body;
                assert!(holds(&pdf, "Person 2") && !holds(&pdf, name));
            }
            assert_eq!(done.checked(app, name).await, (json!("Person 2"), false));
            assert_eq!(done.checked(app, "person 2").await, (json!("Person 2"), true));
            assert!(!is_revoked(app, &server, &badge).await);
        }
    })
    .await;
}

#[tokio::test]
async fn administrators_renew_the_name_on_certificates_and_badges_with_the_old_one_are_revoked() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let (done, administrator) = (Done::by(app, &trainer).await, app.administrator().await);
        let server = Server::start(app).await;
        let old = done.badge(app, &server).await;
        done.goes_by("Zoë Married").await;
        let renewal = renewing(&done.learner, "Zoë Married", None, "Married");
        for (client, code) in [(&done.learner, "FORBIDDEN"), (&trainer, "FORBIDDEN"), (&app.visitor(), "UNAUTHENTICATED")] {
            assert_eq!(client.fails(RENEW, &renewal).await, code);
        }
        let blank = renewing(&done.learner, "Zoë Married", None, " ");
        assert_eq!(administrator.problems(RENEW, &blank).await, ["BLANK input.reason"]);
        assert_eq!(borne(&done.badge(app, &server).await), "Person 2");

        let count =
            async |renewal: &Value| administrator.runs(RENEW, renewal).await["certificateNamesRenew"]["renewedCount"].clone();
        assert_eq!(count(&renewal).await, 1);
        let new = done.badge(app, &server).await;
        assert_eq!((borne(&new), is_revoked(app, &server, &new).await), (&json!("Zoë Married"), false));
        assert!(is_revoked(app, &server, &old).await, "the site does not stand for the old name");
        assert_eq!(done.checked(app, "Person 2").await, (json!("Zoë Married"), false));
        assert_eq!(done.checked(app, "Zoë Married").await, (json!("Zoë Married"), true));
        assert!(holds(&fetched(app, &server, &done.certificate("en").await["pdf"]["url"]).await.body, "Zoë Married"));

        // Sent again it happens once, and another time only where names differ.
        done.goes_by("Somebody Else").await;
        assert_eq!(count(&renewal).await, 1);
        assert_eq!(borne(&done.badge(app, &server).await), "Zoë Married");
        let mut other = renewal.clone();
        other["input"]["reason"] = json!("Another");
        assert_eq!(administrator.problems(RENEW, &other).await, ["KEY_REUSED input.key"]);
        done.goes_by("Zoë Married").await;
        assert_eq!(count(&renewing(&done.learner, "Zoë Married", None, "Once more")).await, 0);
        let mails = app.mails().await;
        let told: Vec<_> = mails.iter().filter(|mail| mail.contains("The names on your certificates were renewed")).collect();
        let [told] = told.as_slice() else { panic!("one mail: {mails:?}") };
        assert!(told.contains(&done.learner.email) && !told.contains("Married") && !told.contains("Person 2"), "{told}");

        let query = "query($id: ID!) { auditEntries(subjectId: $id) { nodes { action actor { id } fields details } } }";
        let entries = administrator.runs(query, &json!({ "id": done.learner.id() })).await["auditEntries"]["nodes"].clone();
        let entries = entries.as_array().expect("entries").iter();
        let renewals: Vec<_> = entries.filter(|entry| entry["action"] == "user.certificate_names_renewed").collect();
        let wanted = json!({ "action": "user.certificate_names_renewed", "actor": { "id": administrator.id() },
            "fields": ["fullName", "latinName"], "details": { "records": 1, "reason": "Married" } });
        assert_eq!(renewals, [&wanted]);
    })
    .await;
}

#[tokio::test]
async fn names_are_renewed_only_as_the_administrator_saw_them() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let (done, administrator) = (Done::by(app, &trainer).await, app.administrator().await);
        let server = Server::start(app).await;
        let old = done.badge(app, &server).await;
        done.goes_by("Zoë Married").await;
        let seen = renewing(&done.learner, "Zoë Married", None, "Married");
        done.goes_by("Somebody Else").await;
        assert_eq!(administrator.problems(RENEW, &seen).await, ["WRONG_STATE input.fullName"]);
        let seen = renewing(&done.learner, "Somebody Else", None, "Married");
        done.learner.runs(PROFILE, &json!({ "input": { "latinName": "Another" } })).await;
        assert_eq!(administrator.problems(RENEW, &seen).await, ["WRONG_STATE input.latinName"]);
        assert_eq!(borne(&done.badge(app, &server).await), "Person 2");
        assert!(!is_revoked(app, &server, &old).await);
        assert!(!done.checked(app, "Another").await.1);
    })
    .await;
}

#[tokio::test]
async fn names_in_latin_letters_are_renewed_too_and_those_on_revoked_certificates_and_nobody_elses() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let (done, other) = (Done::by(app, &trainer).await, Done::by(app, &trainer).await);
        let (administrator, server) = (app.administrator().await, Server::start(app).await);
        let (old, of_other) = (done.badge(app, &server).await, other.badge(app, &server).await);
        other.goes_by("Somebody Else").await;
        let renews = async |full_name: &str, latin_name: Option<&str>| {
            let renewal = renewing(&done.learner, full_name, latin_name, "Misspelt");
            assert_eq!(administrator.runs(RENEW, &renewal).await["certificateNamesRenew"]["renewedCount"], 1);
        };

        done.learner.runs(PROFILE, &json!({ "input": { "latinName": "Zoe" } })).await;
        renews("Person 2", Some("Zoe")).await;
        assert!(done.checked(app, "Zoe").await.1);
        assert!(!is_revoked(app, &server, &old).await, "it bears the full name");
        done.learner.runs(PROFILE, &json!({ "input": { "latinName": null } })).await;
        renews("Person 2", None).await;
        assert!(!done.checked(app, "Zoe").await.1);

        trainer.runs(REVOKE, &done.revoking("Somebody else sat the quiz")).await;
        done.goes_by("Zoë Married").await;
        renews("Zoë Married", None).await;
        assert_eq!(done.checked(app, "Zoë Married").await, (json!("Zoë Married"), true));
        trainer.runs(RESTORE, &json!({ "id": done.record["id"] })).await;
        assert_eq!(borne(&done.badge(app, &server).await), "Zoë Married");

        assert_eq!(borne(&other.badge(app, &server).await), borne(&of_other));
        assert!(!is_revoked(app, &server, &of_other).await);
    })
    .await;
}
