//! The key that badges are signed with, and where others find it: a DID document (<https://www.w3.org/TR/did-core/>) at
//! `/.well-known/did.json`, as did:web has it. The key follows from the site's secret, so all nodes have the same.

use ring::{
    hkdf::{HKDF_SHA256, Salt},
    signature::{Ed25519KeyPair, KeyPair as _},
};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::statements::{Object, Term, Thing};
use crate::{
    app::App,
    clock::Instant,
    error::{Error, Result},
};

/// What marks an Ed25519 public key (<https://www.w3.org/TR/cid-1.0/#Multikey>).
const ED25519: [u8; 2] = [0xed, 0x01];

const DATE_TIME: &str = "http://www.w3.org/2001/XMLSchema#dateTime";
const CREATED: Term = ("created", "http://purl.org/dc/terms/created");
const VERIFICATION_METHOD: Term = ("verificationMethod", "https://w3id.org/security#verificationMethod");
const CRYPTOSUITE: Term = ("cryptosuite", "https://w3id.org/security#cryptosuite");
const PROOF_PURPOSE: Term = ("proofPurpose", "https://w3id.org/security#proofPurpose");
const PROOF: [Term; 1] = [("DataIntegrityProof", "https://w3id.org/security#DataIntegrityProof")];

/// The site as a signer.
pub struct Signer {
    pair: Ed25519KeyPair,
    /// Who signs.
    pub did: String,
}

impl Signer {
    /// The signer that the site is.
    pub fn of(app: &App) -> Result<Self> {
        let mut seed = [0; 32];
        let secret = Salt::new(HKDF_SHA256, b"lyceum").extract(app.secret.expose_secret().as_bytes());
        let filled = secret.expand(&[b"badges"], HKDF_SHA256).and_then(|key| key.fill(&mut seed));
        filled.map_err(|_| Error::internal(anyhow::anyhow!("no key can be derived")))?;
        Self::from_seed(&seed, &app.config.public_url)
    }

    /// The signer with a key made of `seed`.
    pub(super) fn from_seed(seed: &[u8; 32], public_url: &str) -> Result<Self> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|err| Error::internal(anyhow::anyhow!("no key: {err}")))?;
        let host = public_url.split_once("://").map_or(public_url, |(_, host)| host);
        Ok(Self { pair, did: format!("did:web:{}", host.replace(':', "%3A")) })
    }

    /// The public key in base 58. It names itself in documents: a badge that names another is not checked against this one.
    fn key(&self) -> String {
        let bytes = [&ED25519, self.pair.public_key().as_ref()].concat();
        format!("z{}", bs58::encode(bytes).into_string())
    }

    fn method(&self) -> String {
        format!("{}#{}", self.did, self.key())
    }

    /// The document about the site that others check badges by.
    #[must_use]
    pub fn document(&self) -> Value {
        let key = json!({ "id": self.method(), "type": "Multikey", "controller": self.did, "publicKeyMultibase": self.key() });
        json!({
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
            "id": self.did,
            "verificationMethod": [key],
            "assertionMethod": [self.method()],
        })
    }

    /// A proof of `thing` by the suite eddsa-rdfc-2022 (<https://www.w3.org/TR/vc-di-eddsa/>), one of two that Open Badges 3.0
    /// names.
    #[must_use]
    pub fn proof(&self, thing: &Thing, now: Instant) -> Value {
        proof(&self.pair, self.method(), thing, now)
    }
}

fn proof(pair: &Ed25519KeyPair, method: String, thing: &Thing, now: Instant) -> Value {
    let proof = Thing::new(None, &PROOF)
        .of_one_kind()
        .with(CREATED, Object::Typed(json!(instant(now)), DATE_TIME))
        .with(VERIFICATION_METHOD, Object::Named(method, None))
        .with(CRYPTOSUITE, Object::Typed(json!("eddsa-rdfc-2022"), "https://w3id.org/security#cryptosuiteString"))
        .with(PROOF_PURPOSE, Object::Named("https://w3id.org/security#assertionMethod".into(), Some("assertionMethod")));
    let digests = [Sha256::digest(proof.canonical()), Sha256::digest(thing.canonical())].concat();
    let mut proof = proof.json();
    proof.insert("proofValue".into(), json!(format!("z{}", bs58::encode(pair.sign(&digests)).into_string())));
    Value::Object(proof)
}

/// An instant to the second.
#[must_use]
pub fn instant(at: Instant) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the suite's specification (B.1).
    #[test]
    fn the_example_of_the_specification_is_signed_as_there() {
        const KINDS: [Term; 2] = [
            ("VerifiableCredential", "https://www.w3.org/2018/credentials#VerifiableCredential"),
            ("AlumniCredential", "https://www.w3.org/ns/credentials/examples#AlumniCredential"),
        ];
        let private = bs58::decode("3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq").into_vec().expect("base 58");
        let pair = Ed25519KeyPair::from_seed_unchecked(&private[2..]).expect("a key");
        let subject = Thing::new(Some("did:example:abcdefgh".into()), &[]).with(
            ("alumniOf", "https://www.w3.org/ns/credentials/examples#alumniOf"),
            Object::Text("The School of Examples".into()),
        );
        let credential = Thing::new(Some("urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33".into()), &KINDS)
            .with(("name", "https://schema.org/name"), Object::Text("Alumni Credential".into()))
            .with(
                ("description", "https://schema.org/description"),
                Object::Text("A minimum viable example of an Alumni Credential.".into()),
            )
            .with(
                ("issuer", "https://www.w3.org/2018/credentials#issuer"),
                Object::Named("https://vc.example/issuers/5678".into(), None),
            )
            .with(
                ("validFrom", "https://www.w3.org/2018/credentials#validFrom"),
                Object::Typed(json!("2023-01-01T00:00:00Z"), DATE_TIME),
            )
            .with(("credentialSubject", "https://www.w3.org/2018/credentials#credentialSubject"), Object::Thing(subject));
        let key = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
        let created = "2023-02-24T23:36:38Z".parse().expect("an instant");
        let proof = proof(&pair, format!("did:key:{key}#{key}"), &credential, created);
        assert_eq!(
            proof["proofValue"],
            "z2YwC8z3ap7yx1nZYCg4L3j3ApHsF8kgPdSb5xoS1VR7vPG3F561B52hYnQF9iseabecm3ijx4K1FBTQsCZahKZme"
        );
    }

    #[test]
    fn the_site_is_named_by_its_address_and_its_key_by_itself() {
        let signer = Signer::from_seed(&[7; 32], "http://127.0.0.1:8000").expect("a key");
        let document = signer.document();
        assert_eq!(document["id"], "did:web:127.0.0.1%3A8000");
        assert_eq!(document["assertionMethod"], json!([signer.method()]));
        let key = document["verificationMethod"][0]["publicKeyMultibase"].as_str().expect("a key");
        assert!(key.starts_with("z6Mk") && signer.method().ends_with(key), "{key}");
    }
}
