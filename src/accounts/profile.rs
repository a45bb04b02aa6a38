//! One's own profile.

use async_graphql::{InputObject, MaybeUndefined};
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};

use super::{
    policy,
    user::{self, Gender, OrganisationKind},
};
use crate::{
    app::App,
    audit::{self, Action},
    error::{Problem, Problems, Result, UserErrorCode},
    language::{Language, texts::of_site},
    naming, text, transact,
    viewer::Viewer,
};

/// Changes of one's own profile. What is absent stays; null clears.
#[derive(Clone, Debug, InputObject)]
pub struct ProfileUpdateInput {
    /// In any script, each word in one, 1 to 200 characters; cannot be cleared. Certificates that are there keep their name.
    pub full_name: MaybeUndefined<String>,
    /// The name in Latin letters.
    pub latin_name: MaybeUndefined<String>,
    /// Preferred language; cannot be cleared.
    pub language: MaybeUndefined<Language>,
    /// IANA zone; cannot be cleared.
    pub time_zone: MaybeUndefined<String>,
    /// ISO 3166-1 alpha-2.
    pub country: MaybeUndefined<String>,
    /// At most 200 characters.
    pub organisation: MaybeUndefined<String>,
    /// As told.
    pub organisation_kind: MaybeUndefined<OrganisationKind>,
    /// As told.
    pub gender: MaybeUndefined<Gender>,
    /// Whether people who are not signed in see the name.
    pub is_name_shown_to_visitors: MaybeUndefined<bool>,
}

/// Changes the viewer's profile.
pub async fn update(app: &App, viewer: &Viewer, input: ProfileUpdateInput) -> Result<user::Model> {
    viewer.signed_in()?;
    let (change, fields) = parse(input)?;
    transact!(app, |tx| {
        let user = policy::own(tx, viewer).await?;
        if fields.is_empty() {
            return Ok(user);
        }
        let id = user.id;
        let mut whole = user.into_active_model();
        apply(&mut whole, change.clone());
        let user = whole.update(tx).await?;
        audit::record(tx, viewer, Action::new("user.profile_changed").on(id).fields(fields.clone())).await?;
        Ok(user)
    })
}

/// What changes, and the names of those fields.
fn parse(input: ProfileUpdateInput) -> Result<(user::ActiveModel, Vec<&'static str>)> {
    let mut problems = Problems::new();
    let mut change = <user::ActiveModel as Default>::default();
    let mut fields = Vec::new();
    let blank = |field: &str| Problem::at(UserErrorCode::Blank, &format!("input.{field}"));
    match input.full_name {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => problems.add(blank("fullName")),
        MaybeUndefined::Value(name) => {
            change.full_name = Set(problems.take("input.fullName", naming::name(&name)));
            fields.push("fullName");
        }
    }
    match input.language {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => problems.add(blank("language")),
        MaybeUndefined::Value(language) => {
            change.language = Set(problems.take("input.language", of_site(&language)));
            fields.push("language");
        }
    }
    match input.time_zone {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => problems.add(blank("timeZone")),
        MaybeUndefined::Value(zone) => {
            problems.take("input.timeZone", text::time_zone(&zone));
            change.time_zone = Set(zone);
            fields.push("timeZone");
        }
    }
    if !input.latin_name.is_undefined() {
        change.latin_name = Set(latin(&mut problems, input.latin_name.take()));
        fields.push("latinName");
    }
    if !input.country.is_undefined() {
        change.country = Set(input.country.take().map(|code| problems.take("input.country", country(&code))));
        fields.push("country");
    }
    if !input.organisation.is_undefined() {
        let given = input.organisation.take().map(|name| problems.take("input.organisation", text::optional_line(&name, 200)));
        change.organisation = Set(given.filter(|name| !name.is_empty()));
        fields.push("organisation");
    }
    if !input.organisation_kind.is_undefined() {
        change.organisation_kind = Set(input.organisation_kind.take());
        fields.push("organisationKind");
    }
    if !input.gender.is_undefined() {
        change.gender = Set(input.gender.take());
        fields.push("gender");
    }
    if let MaybeUndefined::Value(shown) = input.is_name_shown_to_visitors {
        change.is_name_shown = Set(shown);
        fields.push("isNameShownToVisitors");
    }
    problems.done()?;
    Ok((change, fields))
}

fn latin(problems: &mut Problems, name: Option<String>) -> Option<String> {
    let name = problems.take("input.latinName", text::optional_line(&name?, 200));
    problems.check(name.chars().all(|c| !c.is_alphabetic() || is_latin(c)), || {
        Problem::at(UserErrorCode::Invalid, "input.latinName")
    });
    Some(name).filter(|name| !name.is_empty())
}

/// Letters of the Latin blocks of Unicode.
const fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic()
        || matches!(c, '\u{aa}'..='\u{24f}' | '\u{250}'..='\u{2af}' | '\u{1d00}'..='\u{1dbf}' | '\u{1e00}'..='\u{1eff}')
}

/// A country: ISO 3166-1 alpha-2, in capitals.
pub fn country(code: &str) -> Result<String, Problem> {
    let is_known = COUNTRIES.split_ascii_whitespace().any(|known| known == code);
    if is_known { Ok(code.to_owned()) } else { Err(Problem::new(UserErrorCode::Invalid)) }
}

fn apply(user: &mut user::ActiveModel, change: user::ActiveModel) {
    macro_rules! set {
        ($($field:ident),*) => { $(if change.$field.is_set() { user.$field = change.$field; })* };
    }
    set!(full_name, latin_name, language, time_zone, country, organisation, organisation_kind, gender, is_name_shown);
    let name_key = text::name_key(user.full_name.as_ref(), user.latin_name.as_ref().as_deref());
    user.name_key = Set(name_key);
}

/// ISO 3166-1 alpha-2, as of 2026.
pub const COUNTRIES: &str = include_str!("countries.txt");
