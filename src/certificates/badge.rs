//! Badges: certificates for programs, as Open Badges 3.0 (<https://www.imsglobal.org/spec/ob/v3p0/>), which are verifiable
//! credentials. A badge holds the name that its record bears, and nothing else of the holder.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::{
    certificate::{Certificate, Kind},
    signing::{Signer, instant},
    statements::{Object, Term, Thing},
    wording::Wording,
};
use crate::{app::App, clock::Instant, error::Result, token};

macro_rules! terms {
    ($($name:ident = $term:literal in $vocabulary:literal;)*) => {
        $(const $name: Term = ($term, concat!($vocabulary, $term));)*
    };
}

terms! {
    NAME = "name" in "https://schema.org/";
    DESCRIPTION = "description" in "https://schema.org/";
    URL = "url" in "https://schema.org/";
    IN_LANGUAGE = "inLanguage" in "https://schema.org/";
    ISSUER = "issuer" in "https://www.w3.org/2018/credentials#";
    VALID_FROM = "validFrom" in "https://www.w3.org/2018/credentials#";
    SUBJECT = "credentialSubject" in "https://www.w3.org/2018/credentials#";
    STATUS = "credentialStatus" in "https://www.w3.org/2018/credentials#";
    SCHEMA = "credentialSchema" in "https://www.w3.org/2018/credentials#";
    ACHIEVEMENT = "achievement" in "https://purl.imsglobal.org/spec/vc/ob/vocab.html#";
    ACHIEVEMENT_TYPE = "achievementType" in "https://purl.imsglobal.org/spec/vc/ob/vocab.html#";
    NARRATIVE = "narrative" in "https://purl.imsglobal.org/spec/vc/ob/vocab.html#";
    IDENTIFIER = "identifier" in "https://purl.imsglobal.org/spec/vc/ob/vocab.html#";
    IDENTITY_TYPE = "identityType" in "https://purl.imsglobal.org/spec/vc/ob/vocab.html#";
    IDENTITY_HASH = "identityHash" in "https://purl.imsglobal.org/spec/vc/ob/vocab.html#";
    HASHED = "hashed" in "https://purl.imsglobal.org/spec/vc/ob/vocab.html#";
}

/// The context has a capital here.
const CRITERIA: Term = ("criteria", "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Criteria");

const CREDENTIAL: [Term; 2] = [
    ("VerifiableCredential", "https://www.w3.org/2018/credentials#VerifiableCredential"),
    ("OpenBadgeCredential", "https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential"),
];
const PROFILE: [Term; 1] = [("Profile", "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Profile")];
const ACHIEVEMENT_SUBJECT: [Term; 1] =
    [("AchievementSubject", "https://purl.imsglobal.org/spec/vc/ob/vocab.html#AchievementSubject")];
const ACHIEVEMENTS: [Term; 1] = [("Achievement", "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Achievement")];
const IDENTITY: [Term; 1] = [("IdentityObject", "https://purl.imsglobal.org/spec/vc/ob/vocab.html#IdentityObject")];
const REVOCATIONS: [Term; 1] =
    [("1EdTechRevocationList", "https://purl.imsglobal.org/spec/vcrl/v1p0/context.json#1EdTechRevocationList")];
const VALIDATOR: [Term; 1] =
    [("1EdTechJsonSchemaValidator2019", "https://purl.imsglobal.org/spec/vccs/v1p0/context.json#1EdTechJsonSchemaValidator2019")];

const CONTEXTS: [&str; 3] = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
];
const JSON_SCHEMA: &str = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json";

/// Stands for the holder's name in the address of a badge, unreadably. With another name it is another badge, so that a badge
/// made before the name on a record was renewed is told from the one that the record stands for now.
#[must_use]
pub fn mark(app: &App, code: &str, full_name: &str) -> String {
    BASE64URL_NOPAD.encode(&token::veil(app, "badge", &format!("{code} {full_name}"))[..16])
}

/// The id of the badge of a code with this mark: an address that leads to where it is checked.
fn id_of(app: &App, code: &str, mark: &str) -> String {
    format!("{}/badges/{code}/{mark}", app.config.public_url)
}

/// The badge of `certificate`, signed now.
pub fn sign(app: &App, certificate: &Certificate) -> Result<Value> {
    let id = id_of(app, &certificate.code, &mark(app, &certificate.code, &certificate.holder.full_name));
    Ok(signed(&Signer::of(app)?, certificate, &id, &app.config.public_url, app.clock.now()))
}

fn signed(signer: &Signer, certificate: &Certificate, id: &str, url: &str, now: Instant) -> Value {
    let credential = credential(certificate, id, &signer.did, url);
    let mut badge = serde_json::Map::from_iter([("@context".to_owned(), json!(CONTEXTS))]);
    badge.extend(credential.json());
    badge.insert("proof".into(), json!([signer.proof(&credential, now)]));
    Value::Object(badge)
}

fn credential(certificate: &Certificate, id: &str, issuer: &str, url: &str) -> Thing {
    let text = |text: &str| Object::Text(text.to_owned());
    let date_time = "http://www.w3.org/2001/XMLSchema#dateTime";
    let issuer = Thing::new(Some(issuer.to_owned()), &PROFILE)
        .with(NAME, text(&certificate.issuer))
        .with(URL, Object::Typed(json!(url), "https://www.w3.org/2001/XMLSchema#anyURI"));
    let status = Thing::new(Some(format!("{id}/status")), &REVOCATIONS).of_one_kind();
    let schema = Thing::new(Some(JSON_SCHEMA.to_owned()), &VALIDATOR).of_one_kind();
    Thing::new(Some(id.to_owned()), &CREDENTIAL)
        .with(NAME, text(&certificate.title))
        .with(ISSUER, Object::Thing(issuer))
        .with(VALID_FROM, Object::Typed(json!(instant(certificate.at)), date_time))
        .with(SUBJECT, Object::Thing(subject(certificate)))
        .with(SCHEMA, Object::Only(schema))
        .with(STATUS, Object::Thing(status))
}

fn subject(certificate: &Certificate) -> Thing {
    let text = |text: &str| Object::Text(text.to_owned());
    let identity = Thing::new(None, &IDENTITY)
        .of_one_kind()
        .with(IDENTITY_TYPE, text("name"))
        .with(IDENTITY_HASH, text(&certificate.holder.full_name))
        .with(HASHED, Object::Typed(json!(false), "https://www.w3.org/2001/XMLSchema#boolean"));
    let wording = Wording::of(certificate);
    let kind = match certificate.kind {
        Kind::Course => "CertificateOfCompletion",
        Kind::Webinar => "ext:Attendance",
    };
    let criteria = Thing::new(None, &[]).with(NARRATIVE, text(&format!("{} – {}", wording.sentence, certificate.title)));
    let achievement = Thing::new(Some(certificate.achievement.clone()), &ACHIEVEMENTS)
        .with(NAME, text(&certificate.title))
        .with(DESCRIPTION, text(&wording.heading))
        .with(ACHIEVEMENT_TYPE, text(kind))
        .with(CRITERIA, Object::Thing(criteria))
        .with(IN_LANGUAGE, text(certificate.language.tag()));
    Thing::new(None, &ACHIEVEMENT_SUBJECT).with(IDENTIFIER, Object::Only(identity)).with(ACHIEVEMENT, Object::Thing(achievement))
}

/// What the address of a badge's status gives: the revoked ones among the one badge that it is of
/// (<https://www.imsglobal.org/spec/vcrl/v1p0/>).
pub fn status(app: &App, code: &str, mark: &str, is_revoked: bool) -> Result<Value> {
    let id = id_of(app, code, mark);
    let revoked: Vec<_> = is_revoked.then(|| json!({ "id": id, "revoked": true })).into_iter().collect();
    Ok(json!({ "id": format!("{id}/status"), "issuer": Signer::of(app)?.did, "revokedCredential": revoked }))
}

#[cfg(test)]
mod tests {
    use super::{super::printing::tests::certificate, *};

    /// The signature was found good by another implementation (openbadgeslib 4, which expands the JSON-LD by its contexts).
    #[test]
    fn a_badge_is_signed_over_what_its_json_says() {
        let certificate = certificate("ar", "محمد \"Öz\" 小明", None);
        let signer = Signer::from_seed(&[7; 32], "https://learn.example.org").expect("a key");
        let now = "2026-11-26T13:00:00Z".parse().expect("an instant");
        let url = "https://learn.example.org";
        // Without a mark: the example keeps its id, and so its signature.
        let badge = signed(&signer, &certificate, &format!("{url}/badges/{}", certificate.code), url, now);
        assert_eq!(
            badge["proof"][0]["proofValue"],
            "z2M9Jy5Hp21fgSHsLUYk1vZ8cX4cTvWeSXYSCJh2pCdeevAibgn23oN8JTLLY4gHGSRHkW3V4MNTM3JCjEkKuEEny"
        );
    }
}
