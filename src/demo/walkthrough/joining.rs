//! Signing up, confirming, being vetted.

use anyhow::ensure;
use serde_json::{Value, json};

use super::{Client, People, Walk, key, mailbox, same};

/// A password that nobody guesses; the accounts of a walk are made up.
const PASSWORD: &str = "eleven quiet rivers cross the plain";

/// The people of the walk, signed in: trainers as apps do, the practitioner as browsers do.
pub async fn people(walk: &mut Walk<'_>) -> anyhow::Result<People> {
    let visitor = Client::new(&walk.place.at);
    let terms = visitor.ask("{ site { termsVersion languages { tag } } }", Value::Null).await?["site"].clone();
    let languages = super::list(&terms["languages"]).count();
    walk.did("a visitor asks what the site is", &format!("{languages} languages, terms {}", super::text(&terms["termsVersion"])));

    let trainer = walk.email("trainer");
    sign_up(&visitor, &trainer, "Nadia Beispiel").await?;
    walk.did("a trainer signs up", "accepted; mailed");
    let token = mailbox::token(&walk.place.mail, &trainer).await?;
    visitor.change("accountConfirm", &[("token: String!", json!(token))], "").await?;
    walk.did("confirms the address by the mailed link", "confirmed");

    let administrator = visitor.sign_in(&walk.place.administrator.email, &walk.place.administrator.password).await?;
    let waiting = visitor.sign_in(&trainer, PASSWORD).await?;
    let input = json!({ "key": key(), "text": { "language": "en", "title": "Too early" } });
    let early = waiting.refused("courseCreate", &[("input: CourseCreateInput!", input)]).await?;
    vet(&administrator, &waiting, true).await?;
    walk.did("an administrator vets, and makes them trainer", &format!("courseCreate before: {early}; vetted, TRAINER"));

    let other = join(walk, &visitor, "other", "Tomas Esempio").await?;
    vet(&administrator, &other, true).await?;
    let email = walk.email("practitioner");
    let practitioner = join(walk, &visitor, "practitioner", "سارة مثال").await?;
    vet(&administrator, &practitioner, false).await?;
    let practitioner = visitor.sign_in_by_cookie(&email, PASSWORD).await?;
    let name = practitioner.ask("{ viewer { user { fullName } } }", Value::Null).await?["viewer"]["user"]["fullName"].clone();
    same("the name", &name, "سارة مثال")?;
    walk.did("a practitioner and another trainer join", "signed in, one by cookie, one by token");
    Ok(People { visitor, administrator, trainer: waiting, other, practitioner })
}

async fn sign_up(visitor: &Client, email: &str, name: &str) -> anyhow::Result<()> {
    let terms = visitor.ask("{ site { termsVersion } }", Value::Null).await?["site"]["termsVersion"].clone();
    let input = json!({
        "key": key(), "email": email, "password": PASSWORD, "fullName": name, "language": "en", "timeZone": "Africa/Nairobi",
        "acceptTermsVersion": terms,
    });
    visitor.change("accountSignUp", &[("input: AccountSignUpInput!", input)], "").await?;
    Ok(())
}

/// Signs up, confirms and signs in.
pub async fn join(walk: &Walk<'_>, visitor: &Client, name: &str, full_name: &str) -> anyhow::Result<Client> {
    let email = walk.email(name);
    sign_up(visitor, &email, full_name).await?;
    // Whoever was invited before has a letter with another link already.
    let token = mailbox::token_of(&walk.place.mail, &email, "confirm").await?;
    visitor.change("accountConfirm", &[("token: String!", json!(token))], "").await?;
    visitor.sign_in(&email, PASSWORD).await
}

/// Lets an administrator vet somebody, and make them trainer.
pub async fn vet(administrator: &Client, person: &Client, is_trainer: bool) -> anyhow::Result<()> {
    let id = id_of(person).await?;
    let vetted = administrator.change("userVet", &[("id: ID!", id.clone())], "user { isVetted }").await?;
    same("vetted", &vetted["user"]["isVetted"], true)?;
    if is_trainer {
        let arguments = [("id: ID!", id), ("role: SiteRole!", json!("TRAINER"))];
        let granted = administrator.change("userRoleGrant", &arguments, "user { roles }").await?;
        same("roles", &granted["user"]["roles"], json!(["TRAINER"]))?;
    }
    Ok(())
}

/// The id of a signed-in person.
pub async fn id_of(person: &Client) -> anyhow::Result<Value> {
    let id = person.ask("{ viewer { user { id } } }", Value::Null).await?["viewer"]["user"]["id"].clone();
    ensure!(id.is_string(), "nobody is signed in");
    Ok(id)
}
