//! Contacts as a table: a file is checked whole before anything of it is done, and sent again it changes nothing. A line is
//! about the contact that has one of its addresses, else about a new one.

use std::collections::{HashMap, HashSet};

use async_graphql::InputObject;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set};
use serde::Serialize;
use uuid::Uuid;

use super::{
    super::{policy, series},
    contact, contact_address,
    contacting::{self, MOST},
};
use crate::{
    accounts::{profile, user::OrganisationKind},
    app::App,
    audit::{self, Action},
    database::Tx,
    error::{Problem, Problems, Result, UserErrorCode},
    ids::{ContactId, WebinarSeriesId},
    language::{
        Language,
        texts::{not_of_site, of_site},
    },
    naming,
    rows::grouped,
    sheet::{self, Checking, Line, Sheet},
    text, transact_once,
    viewer::Viewer,
};

/// Bytes of a table; a request has 256 KiB with everything in it.
pub(super) const LARGEST: usize = 100 << 10;
/// Lines of a table.
pub(super) const LINES: usize = 1_000;
/// Rows that one statement writes.
const AT_ONCE: usize = 500;

const COLUMNS: [(&str, bool); 5] = [("name", true), ("kind", true), ("country", false), ("language", false), ("emails", true)];

/// The words of the column `kind`, which are those of the API.
pub const KINDS: [(&str, OrganisationKind); 9] = [
    ("GOVERNMENT", OrganisationKind::Government),
    ("JUDICIARY", OrganisationKind::Judiciary),
    ("PARLIAMENT", OrganisationKind::Parliament),
    ("LAW_ENFORCEMENT", OrganisationKind::LawEnforcement),
    ("INTERNATIONAL", OrganisationKind::International),
    ("CIVIL_SOCIETY", OrganisationKind::CivilSociety),
    ("ACADEMIA", OrganisationKind::Academia),
    ("PRIVATE_SECTOR", OrganisationKind::PrivateSector),
    ("OTHER", OrganisationKind::Other),
];

/// A table of contacts.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct ContactsImportInput {
    /// Idempotency key.
    pub key: Uuid,
    /// The series.
    pub series_id: WebinarSeriesId,
    /// CSV in UTF-8, at most 100 KiB and 1,000 lines, with the columns name, kind (as in the API, for example GOVERNMENT),
    /// country (ISO 3166-1 alpha-2), language (the series' own when empty) and emails (1 to 5, blanks between them), in any
    /// order.
    pub csv: String,
}

/// What a table changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct Imported {
    /// New contacts.
    pub created: i32,
    /// Contacts that differed.
    pub updated: i32,
    /// Contacts that were so already.
    pub unchanged: i32,
}

/// A line that was understood.
#[derive(Default)]
struct Wanted {
    name: String,
    kind: Option<OrganisationKind>,
    country: Option<String>,
    language: Option<Language>,
    emails: Vec<String>,
}

fn kind(word: &str) -> Result<Option<OrganisationKind>, Problem> {
    let word = word.to_uppercase();
    let known = KINDS.iter().find(|(name, _)| *name == word).map(|(_, kind)| Some(*kind));
    known.ok_or_else(|| Problem::new(if word.is_empty() { UserErrorCode::Blank } else { UserErrorCode::Invalid }))
}

/// A language of the site; `None` of nothing.
pub(super) fn language(tag: &str) -> Result<Option<Language>, Problem> {
    if tag.is_empty() {
        return Ok(None);
    }
    let parsed = Language::parse(tag).ok_or_else(not_of_site)?;
    of_site(&parsed).map(Some)
}

fn understood(sheet: &Sheet, line: &Line, checking: &mut Checking<'_>) -> Wanted {
    if !sheet.fits(line) {
        checking.add(line, "name", &Problem::new(UserErrorCode::Invalid).saying("problem-csv-cells"));
        return Wanted::default();
    }
    let country = Some(sheet.at(line, "country")).filter(|code| !code.is_empty());
    let emails = sheet.at(line, "emails").split(|c: char| c.is_whitespace() || ",;".contains(c)).filter(|part| !part.is_empty());
    Wanted {
        name: checking.take(line, "name", naming::name(sheet.at(line, "name"))),
        kind: checking.take(line, "kind", kind(sheet.at(line, "kind"))),
        country: country.map(|code| checking.take(line, "country", profile::country(&code.to_uppercase()))),
        language: checking.take(line, "language", language(sheet.at(line, "language"))),
        emails: checking.take(line, "emails", contacting::addresses(emails)),
    }
}

/// What `lines` say of contacts; an address stands on one line only.
fn wanted(sheet: &Sheet, checking: &mut Checking<'_>) -> Vec<Wanted> {
    let mut seen = HashSet::new();
    let understand = |line| {
        let wanted = understood(sheet, line, checking);
        let keys: Vec<_> = wanted.emails.iter().map(|email| text::email_key(email)).collect();
        if keys.iter().any(|key| seen.contains(key)) {
            checking.add(line, "emails", &Problem::new(UserErrorCode::Taken).saying("problem-csv-address-twice"));
        }
        seen.extend(keys);
        wanted
    };
    sheet.lines.iter().map(understand).collect()
}

/// The text of a table, if it is small enough.
pub(super) fn within(csv: &str) -> Result<&str, Problem> {
    let fits = csv.len() <= LARGEST;
    if fits { Ok(csv) } else { Err(Problem::new(UserErrorCode::TooLarge)) }
}

/// Makes and changes the contacts of a series as a table says; all of it, or nothing.
pub async fn import(app: &App, viewer: &Viewer, input: ContactsImportInput) -> Result<Imported> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let sheet =
        within(&input.csv).and_then(|csv| Sheet::read(csv, &COLUMNS, LINES)).map_err(|problem| problem.under("input.csv"))?;
    let speaks = viewer.speaks();
    let wanted = wanted(&sheet, &mut Checking { problems: &mut problems, path: "input.csv", language: &speaks });
    problems.done()?;
    transact_once!(app, viewer, input.key, "contactsImport", &input, |tx| {
        let series = policy::editable_series(tx, viewer, input.series_id).await?;
        let standing = Standing::of(tx, series.id).await?;
        let mut problems = Problems::new();
        let checking = Checking { problems: &mut problems, path: "input.csv", language: &speaks };
        let changes = standing.compared(&sheet, &wanted, &series, checking);
        problems.done()?;
        if changes.imported.created > 0
            && standing.contacts.len() + changes.created.len() > usize::try_from(MOST).unwrap_or(usize::MAX)
        {
            return Err(Problem::at(UserErrorCode::LimitReached, "input.csv").into());
        }
        let imported = changes.imported;
        if imported.created + imported.updated > 0 {
            changes.write(tx, &series).await?;
            let action = Action::new("contacts.imported").on(series.id);
            audit::record(tx, viewer, action.with("created", imported.created).with("updated", imported.updated)).await?;
        }
        Ok(imported)
    })
}

/// The contacts of a series as they are.
struct Standing {
    contacts: HashMap<ContactId, contact::Model>,
    owners: HashMap<String, ContactId>,
    addresses: HashMap<ContactId, Vec<contact_address::Model>>,
}

/// What a table changes: contacts with their addresses, new and changed.
struct Changes {
    imported: Imported,
    created: Vec<(contact::Model, Vec<String>)>,
    updated: Vec<(contact::Model, Vec<String>)>,
}

impl Standing {
    async fn of(db: &impl ConnectionTrait, series: WebinarSeriesId) -> Result<Self> {
        let contacts = contact::Entity::find().filter(contact::Column::SeriesId.eq(series)).all(db).await?;
        let addresses = contact_address::Entity::find()
            .filter(contact_address::Column::SeriesId.eq(series))
            .order_by_asc(contact_address::Column::Position)
            .all(db)
            .await?;
        Ok(Self {
            contacts: contacts.into_iter().map(|contact| (contact.id, contact)).collect(),
            owners: addresses.iter().map(|address| (address.email_key.clone(), address.contact_id)).collect(),
            addresses: grouped(addresses, |address| address.contact_id),
        })
    }

    fn emails(&self, id: ContactId) -> Vec<&str> {
        self.addresses.get(&id).into_iter().flatten().map(|address| address.email.as_str()).collect()
    }

    /// What has to change for all to be as wanted.
    fn compared(&self, sheet: &Sheet, wanted: &[Wanted], series: &series::Model, mut checking: Checking<'_>) -> Changes {
        let mut changes = Changes { imported: Imported::default(), created: Vec::new(), updated: Vec::new() };
        let mut met = HashSet::new();
        for (line, wanted) in sheet.lines.iter().zip(wanted) {
            let keys = wanted.emails.iter().map(|email| text::email_key(email));
            let owners: HashSet<_> = keys.filter_map(|key| self.owners.get(&key).copied()).collect();
            let before = owners.iter().next().and_then(|id| self.contacts.get(id));
            if owners.len() > 1 || before.is_some_and(|contact| !met.insert(contact.id)) {
                checking.add(line, "emails", &Problem::new(UserErrorCode::Taken).saying("problem-csv-two-contacts"));
                continue;
            }
            let row = contact::Model {
                id: before.map_or_else(ContactId::new, |contact| contact.id),
                series_id: series.id,
                name: wanted.name.clone(),
                organisation_kind: wanted.kind.unwrap_or(OrganisationKind::Other),
                country: wanted.country.clone(),
                language: wanted.language.clone().unwrap_or_else(|| series.original_language.clone()),
                created_at: before.map_or(series.created_at, |contact| contact.created_at),
            };
            match before {
                None => {
                    changes.imported.created += 1;
                    changes.created.push((row, wanted.emails.clone()));
                }
                Some(before) if *before == row && self.emails(row.id) == wanted.emails => changes.imported.unchanged += 1,
                Some(_) => {
                    changes.imported.updated += 1;
                    changes.updated.push((row, wanted.emails.clone()));
                }
            }
        }
        changes
    }
}

impl Changes {
    async fn write(self, tx: &Tx, series: &series::Model) -> Result<()> {
        for (row, _) in &self.updated {
            row.clone().into_active_model().reset_all().update(tx).await?;
            contact_address::Entity::delete_many().filter(contact_address::Column::ContactId.eq(row.id)).exec(tx).await?;
        }
        let now = tx.now();
        let new = self
            .created
            .iter()
            .map(|(row, _)| contact::ActiveModel { created_at: Set(now), ..row.clone().into_active_model().reset_all() });
        for rows in new.collect::<Vec<_>>().chunks(AT_ONCE) {
            contact::Entity::insert_many(rows.to_vec()).exec_without_returning(tx).await?;
        }
        let addresses = self.updated.iter().chain(&self.created);
        let addresses = addresses.flat_map(|(row, emails)| contacting::address_rows(row.id, series.id, emails));
        for rows in addresses.collect::<Vec<_>>().chunks(AT_ONCE) {
            contact_address::Entity::insert_many(rows.to_vec()).exec_without_returning(tx).await?;
        }
        Ok(())
    }
}

/// The contacts of a series as such a table, in the order in which they were made; ask only for those who may change it.
pub async fn export(db: &impl ConnectionTrait, series: WebinarSeriesId) -> Result<String> {
    let standing = Standing::of(db, series).await?;
    let mut contacts: Vec<_> = standing.contacts.values().collect();
    contacts.sort_by_key(|contact| contact.id);
    let lines = contacts.into_iter().map(|contact| {
        let kind = KINDS.iter().find(|(_, kind)| *kind == contact.organisation_kind).map_or("", |(name, _)| name);
        let country = contact.country.clone().unwrap_or_default();
        let emails = standing.emails(contact.id).join(" ");
        vec![contact.name.clone(), kind.to_owned(), country, contact.language.tag().to_owned(), emails]
    });
    Ok(sheet::write(&COLUMNS.map(|(name, _)| name), lines))
}
