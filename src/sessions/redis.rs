//! Sessions in Redis: `sess:<hash>` holds a session as JSON with a life of its own, `sess-of:<user>` the hashes of one
//! person's sessions. Keys are prefixed, so that no other key of that Redis can be taken for a session.

use redis::{AsyncCommands, ExistenceCheck, RedisError, SetExpiry, SetOptions};

use super::{ABSOLUTE, IDLE, SHARED_IDLE, Session};
use crate::{
    error::{Error, Result},
    ids::UserId,
    redis_connection::RedisConnection,
};

/// Sessions in Redis.
#[derive(Clone, Debug)]
pub struct RedisSessions(RedisConnection);

fn unavailable(err: RedisError) -> Error {
    tracing::warn!(error = %err, "Redis can't be reached");
    Error::Unavailable("session store")
}

fn key(hash: &str) -> String {
    format!("sess:{hash}")
}

fn key_of(user: UserId) -> String {
    format!("sess-of:{user}")
}

fn life(session: &Session) -> u64 {
    let idle = if session.is_shared { SHARED_IDLE } else { IDLE };
    idle.num_seconds().unsigned_abs()
}

impl RedisSessions {
    /// On this connection.
    #[must_use]
    pub fn new(connection: RedisConnection) -> Self {
        Self(connection)
    }

    pub(super) async fn insert(&self, session: &Session) -> Result<()> {
        let text = serde_json::to_string(session).map_err(Error::internal)?;
        let of = key_of(session.user_id);
        redis::pipe()
            .atomic()
            .set_ex(key(&session.token_hash), text, life(session))
            .sadd(&of, &session.token_hash)
            .expire(&of, ABSOLUTE.num_seconds())
            .exec_async(&mut self.0.clone())
            .await
            .map_err(unavailable)
    }

    pub(super) async fn several(&self, hashes: &[String]) -> Result<Vec<Session>> {
        let keys: Vec<_> = hashes.iter().map(|hash| key(hash)).collect();
        let texts: Vec<Option<String>> = self.0.clone().mget(keys).await.map_err(unavailable)?;
        Ok(texts.into_iter().flatten().filter_map(|text| serde_json::from_str(&text).ok()).collect())
    }

    /// Only where it still exists: a session that was ended meanwhile stays dead.
    pub(super) async fn touch(&self, session: &Session) -> Result<()> {
        let text = serde_json::to_string(session).map_err(Error::internal)?;
        let options = SetOptions::default().conditional_set(ExistenceCheck::XX).with_expiration(SetExpiry::EX(life(session)));
        self.0.clone().set_options::<_, _, ()>(key(&session.token_hash), text, options).await.map_err(unavailable)
    }

    pub(super) async fn of_user(&self, user: UserId) -> Result<Vec<Session>> {
        let mut connection = self.0.clone();
        let hashes: Vec<String> = connection.smembers(key_of(user)).await.map_err(unavailable)?;
        if hashes.is_empty() {
            return Ok(Vec::new());
        }
        let keys: Vec<_> = hashes.iter().map(|hash| key(hash)).collect();
        let texts: Vec<Option<String>> = connection.mget(keys).await.map_err(unavailable)?;
        let gone: Vec<_> = hashes.iter().zip(&texts).filter(|(_, text)| text.is_none()).map(|(hash, _)| hash).collect();
        if !gone.is_empty() {
            connection.srem::<_, _, ()>(key_of(user), gone).await.map_err(unavailable)?;
        }
        Ok(texts.into_iter().flatten().filter_map(|text| serde_json::from_str(&text).ok()).collect())
    }

    pub(super) async fn remove(&self, session: &Session) -> Result<()> {
        redis::pipe()
            .atomic()
            .del(key(&session.token_hash))
            .srem(key_of(session.user_id), &session.token_hash)
            .exec_async(&mut self.0.clone())
            .await
            .map_err(unavailable)
    }
}
