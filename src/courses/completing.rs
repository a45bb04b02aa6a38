//! Judging whether a course is completed, and the record of it. The record names the version, keeps the title and what the
//! person had told of themselves as they stood, and stays whatever is published later.

use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};
use unicode_normalization::UnicodeNormalization;

use super::{
    completion, course, course_text,
    enrolment::{self, EnrolmentState},
    lesson, progress, seeing, version,
};
use crate::{
    accounts::user,
    app::App,
    audit::{self, Action},
    clock::Instant,
    database::Tx,
    error::{Error, Result},
    ids::{CompletionId, EnrolmentId, PermanentLessonId},
    language::translated::choose,
    paging::{Direction, Page, Paged, Slice},
    rows::among,
    viewer::Viewer,
};

/// Crockford's base 32 (<https://www.crockford.com/base32.html>): no I, L, O or U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code, of 5 random bits each.
const CODE_LENGTH: usize = 16;

/// Judges an enrolment, which the caller has locked, by the required lessons of the newest published version. A version
/// that requires nothing can't be completed. There is one record at most: the first stays.
pub async fn judge(tx: &Tx, viewer: &Viewer, enrolment: &enrolment::Model, version: &version::Model) -> Result<()> {
    if enrolment.state != EnrolmentState::Active {
        return Ok(());
    }
    let required: Vec<PermanentLessonId> = lesson::Entity::find()
        .select_only()
        .column(lesson::Column::PermanentId)
        .filter(lesson::Column::VersionId.eq(version.id))
        .filter(lesson::Column::IsRequired.eq(true))
        .into_tuple()
        .all(tx)
        .await?;
    let progress = progress::of(tx, enrolment.id).await?;
    if required.is_empty() || !required.iter().all(|lesson| progress.has_completed(*lesson)) {
        return Ok(());
    }
    let mut change = enrolment.clone().into_active_model();
    change.state = Set(EnrolmentState::Completed);
    change.update(tx).await?;
    if of_enrolment(tx, enrolment.id).await?.is_none() {
        write(tx, viewer, enrolment, version).await?;
    }
    Ok(())
}

async fn write(tx: &Tx, viewer: &Viewer, enrolment: &enrolment::Model, version: &version::Model) -> Result<()> {
    let holder = user::Entity::find_by_id(enrolment.user_id).one(tx).await?.ok_or(Error::NotFound("user"))?;
    let course = course::Entity::find_by_id(enrolment.course_id).one(tx).await?.ok_or(Error::NotFound("course"))?;
    let texts = course_text::Entity::find().filter(course_text::Column::VersionId.eq(version.id)).all(tx).await?;
    let title = choose(&texts, [&holder.language], &course.original_language).map(|text| text.title.clone());
    let id = CompletionId::new();
    let record = completion::ActiveModel {
        id: Set(id),
        code: Set(new_code()?),
        enrolment_id: Set(enrolment.id),
        course_id: Set(course.id),
        user_id: Set(holder.id),
        version_id: Set(version.id),
        version_number: Set(version.number.unwrap_or_default()),
        course_title: Set(title.unwrap_or_default()),
        completed_at: Set(tx.now()),
        gender: Set(holder.gender),
        country: Set(holder.country),
        organisation: Set(holder.organisation),
        language: Set(holder.language),
        revoked_at: Set(None),
        revocation_reason: Set(None),
    };
    record.insert(tx).await?;
    let action =
        Action::new("course.completed").on(course.id).with("completion", id.to_string()).with("version", version.id.to_string());
    audit::record(tx, viewer, action).await
}

/// A new code: 80 random bits, more than anyone can try.
fn new_code() -> Result<String> {
    let mut bytes = [0_u8; CODE_LENGTH];
    getrandom::fill(&mut bytes).map_err(|err| Error::internal(anyhow::anyhow!("no random bytes: {err}")))?;
    Ok(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect())
}

/// A code as people see it, in groups of four: `7K3F-9QXA-2MVD-H4TB`.
#[must_use]
pub fn grouped(code: &str) -> String {
    let groups: Vec<String> = code.chars().collect::<Vec<_>>().chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// Reads a code as people type it: case, spaces and hyphens do not matter, O is 0, I and L are 1.
fn read_code(typed: &str) -> Option<String> {
    let code: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}'))
        .take(CODE_LENGTH + 1)
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        })
        .collect();
    (code.len() == CODE_LENGTH && code.bytes().all(|byte| ALPHABET.contains(&byte))).then_some(code)
}

/// What a code proves.
#[derive(Clone, Debug)]
pub struct Check {
    /// Title of the course as it stood.
    pub course_title: String,
    /// Version that was completed.
    pub version_number: i32,
    /// When.
    pub completed_at: Instant,
    /// When it was revoked.
    pub revoked_at: Option<Instant>,
    /// The holder's name, where they show it to visitors.
    pub holder_name: Option<String>,
    /// Whether the name given is the holder's.
    pub name_matches: Option<bool>,
}

/// Checks a code, for anyone: one look-up by the whole code, the same whoever asks.
pub async fn check(app: &App, code: &str, name: Option<&str>) -> Result<Option<Check>> {
    let Some(record) = of_code(app, code).await? else { return Ok(None) };
    let holder = user::Entity::find_by_id(record.user_id).one(app.db.read()).await?;
    Ok(Some(Check {
        course_title: record.course_title,
        version_number: record.version_number,
        completed_at: record.completed_at,
        revoked_at: record.revoked_at,
        holder_name: holder.as_ref().filter(|holder| holder.is_name_shown).map(|holder| holder.full_name.clone()),
        name_matches: name.map(|name| holder.is_some_and(|holder| is_name_of(&holder, name))),
    }))
}

/// The record with a code, as people type it. For what anyone may learn who has the code.
pub async fn of_code(app: &App, code: &str) -> Result<Option<completion::Model>> {
    let Some(code) = read_code(code) else { return Ok(None) };
    Ok(completion::Entity::find().filter(completion::Column::Code.eq(code)).one(app.db.read()).await?)
}

fn is_name_of(holder: &user::Model, name: &str) -> bool {
    let name = folded(name);
    let is_it = |own: &str| folded(own) == name;
    !name.is_empty() && (is_it(&holder.full_name) || holder.latin_name.as_deref().is_some_and(is_it))
}

/// A name without case and spaces, in one form.
fn folded(name: &str) -> String {
    name.nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace()).nfkc().collect()
}

/// The record of an enrolment.
pub async fn of_enrolment(db: &impl ConnectionTrait, enrolment: EnrolmentId) -> Result<Option<completion::Model>> {
    Ok(completion::Entity::find().filter(completion::Column::EnrolmentId.eq(enrolment)).one(db).await?)
}

/// The records of enrolments.
pub async fn of_enrolments(db: &impl ConnectionTrait, enrolments: &[EnrolmentId]) -> Result<Vec<completion::Model>> {
    let wanted = among(db.get_database_backend(), completion::Column::EnrolmentId, enrolments);
    Ok(completion::Entity::find().filter(wanted).all(db).await?)
}

/// A record by id, for its holder and the course's staff.
pub async fn by_id(app: &App, viewer: &Viewer, id: CompletionId) -> Result<Option<completion::Model>> {
    let Some(record) = completion::Entity::find_by_id(id).one(app.db.read()).await? else { return Ok(None) };
    if viewer.is(record.user_id) {
        return Ok(Some(record));
    }
    let seen = seeing::by_id(app.db.read(), viewer, record.course_id).await?;
    Ok(seen.is_some_and(|seen| seen.edits).then_some(record))
}

/// The viewer's own records, newest first.
pub async fn of_viewer(app: &App, viewer: &Viewer, page: &Page) -> Result<Slice<completion::Model>> {
    let own = completion::Entity::find().filter(completion::Column::UserId.eq(viewer.signed_in()?.id));
    own.page(app.db.read(), page, &[(completion::Column::Id, Direction::Descending)]).await
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_code_is_read_however_it_is_typed(bytes: [u8; CODE_LENGTH]) {
            let code: String = bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect();
            let typed = format!(" {} ", grouped(&code).to_lowercase().replace('0', "o").replace('1', "l").replace('-', " – "));
            prop_assert_eq!(read_code(&typed), Some(code));
        }

        #[test]
        fn any_text_as_a_code_is_refused_or_read_without_panic(text in "\\PC{0,40}") {
            let _ = read_code(&text);
        }
    }

    #[test]
    fn new_codes_have_sixteen_characters_and_differ() {
        let (one, other) = (new_code().expect("random bytes"), new_code().expect("random bytes"));
        assert_ne!(one, other);
        assert_eq!(read_code(&one), Some(one));
    }

    #[test]
    fn names_are_compared_but_for_case_and_spaces() {
        assert_eq!(folded("  Zoë  ADAMS"), folded("zoe\u{308} adams"));
        assert_ne!(folded("Zoe Adams"), folded("Zoë Adams"));
    }
}
