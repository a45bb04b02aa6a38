//! Freezing a quiz when its course is published, and reading what was frozen.
//!
//! A frozen quiz is one row that holds all of it, and never changes: it is read once and kept in the process.

use std::sync::Arc;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set,
};
use sha2::{Digest, Sha256};

use super::{
    drafting,
    paper::{Key, Paper},
    quiz,
    quiz_version::{self, Content},
};
use crate::{
    app::App,
    database::Tx,
    error::{Error, Problem, Result, UserErrorCode},
    ids::{QuizId, QuizVersionId},
    language::translated::choose,
};

/// A frozen quiz.
#[derive(Debug)]
pub struct Frozen {
    /// What is asked.
    pub paper: Arc<Paper>,
    /// What is right.
    pub key: Arc<Key>,
}

/// A frozen quiz by its id, without a question to the database when it is at hand.
pub async fn frozen(app: &App, db: &impl ConnectionTrait, id: QuizVersionId) -> Result<Arc<Frozen>> {
    if let Some(frozen) = app.kept.get(id).await {
        return Ok(frozen);
    }
    let row = quiz_version::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound("quiz"))?;
    let weight = serde_json::to_vec(&row.content).map_err(Error::internal)?.len();
    let frozen = Arc::new(Frozen { paper: Arc::new(row.content.paper), key: Arc::new(row.content.key) });
    // Read in a transaction that may yet be undone: its id is then never asked for again.
    app.kept.put(id, frozen.clone(), weight).await;
    Ok(frozen)
}

/// What keeps a quiz from being published.
pub async fn problems(db: &impl ConnectionTrait, quiz: QuizId) -> Result<Vec<Problem>> {
    if drafting::counts(db, &[quiz]).await?.contains_key(&quiz) {
        return Ok(Vec::new());
    }
    let texts = drafting::texts(db, &[quiz]).await?.remove(&quiz).unwrap_or_default();
    let row = quiz::Entity::find_by_id(quiz).one(db).await?.ok_or(Error::NotFound("quiz"))?;
    let title = choose(&texts, [], &row.original_language).map(|text| text.title.as_str());
    let empty = Problem::new(UserErrorCode::Incomplete).saying("problem-quiz-without-questions");
    Ok(vec![empty.with("title", title.unwrap_or_default())])
}

/// What the draft of a quiz holds, and the SHA-256 of it, hexadecimal.
async fn drafted(db: &impl ConnectionTrait, quiz: &quiz::Model) -> Result<(Content, String)> {
    let texts = drafting::texts(db, &[quiz.id]).await?.remove(&quiz.id).unwrap_or_default();
    let drafts = drafting::questions(db, quiz.id).await?;
    let (questions, answers) = drafts.into_iter().map(|draft| (draft.asked, draft.answer)).unzip();
    let original_language = quiz.original_language.clone();
    let content = Content { paper: Paper { original_language, rules: quiz.rules(), texts, questions }, key: Key(answers) };
    let json = serde_json::to_vec(&content).map_err(Error::internal)?;
    let fingerprint = data_encoding::HEXLOWER.encode(&Sha256::digest(&json));
    Ok((content, fingerprint))
}

/// The newest version of a quiz, if its draft says nothing else.
pub async fn unchanged(db: &impl ConnectionTrait, id: QuizId) -> Result<Option<QuizVersionId>> {
    let Some(newest) = newest(db, id).await? else { return Ok(None) };
    let quiz = quiz::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound("quiz"))?;
    let (_, fingerprint) = drafted(db, &quiz).await?;
    Ok((newest.fingerprint == fingerprint).then_some(newest.id))
}

/// Freezes the draft of a quiz as its next version; an unchanged draft gives the version that stands.
pub async fn freeze(tx: &Tx, id: QuizId) -> Result<QuizVersionId> {
    let quiz = quiz::Entity::find_by_id(id).lock_exclusive().one(tx).await?.ok_or(Error::NotFound("quiz"))?;
    let (content, fingerprint) = drafted(tx, &quiz).await?;
    let newest = newest(tx, id).await?;
    if let Some(standing) = newest.as_ref().filter(|newest| newest.fingerprint == fingerprint) {
        return Ok(standing.id);
    }
    let version = QuizVersionId::new();
    let row = quiz_version::ActiveModel {
        id: Set(version),
        quiz_id: Set(id),
        number: Set(newest.map_or(1, |newest| newest.number + 1)),
        fingerprint: Set(fingerprint),
        content: Set(content),
        frozen_at: Set(tx.now()),
    };
    quiz_version::Entity::insert(row).exec_without_returning(tx).await?;
    let mut change = quiz.into_active_model();
    change.frozen_version_id = Set(Some(version));
    change.update(tx).await?;
    Ok(version)
}

/// The newest version of a quiz, without its content.
struct Newest {
    id: QuizVersionId,
    number: i32,
    fingerprint: String,
}

async fn newest(db: &impl ConnectionTrait, quiz: QuizId) -> Result<Option<Newest>> {
    let newest = quiz_version::Entity::find()
        .select_only()
        .columns([quiz_version::Column::Id, quiz_version::Column::Number, quiz_version::Column::Fingerprint])
        .filter(quiz_version::Column::QuizId.eq(quiz))
        .order_by_desc(quiz_version::Column::Number)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(newest.map(|(id, number, fingerprint)| Newest { id, number, fingerprint }))
}
