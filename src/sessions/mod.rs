//! Sessions of signed-in devices, in Redis or in the database. A token is 256 random bits; only its SHA-256 is kept.
//! Rights are never kept here: they are read from the database on each request.

pub mod cookie;
pub mod entity;
mod redis;

use chrono::Duration;
use data_encoding::BASE64URL_NOPAD;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
    sea_query::ExprTrait as _,
};
use sha2::{Digest, Sha256};

pub use self::{entity::Model as Session, redis::RedisSessions};
use crate::{
    clock::Instant,
    database::Database,
    error::{Error, Result},
    ids::{SessionId, UserId},
    rows::among_texts,
};

/// Idle life on a shared device.
pub const SHARED_IDLE: Duration = Duration::minutes(15);
/// Idle life elsewhere.
pub const IDLE: Duration = Duration::hours(12);
/// Longest life.
pub const ABSOLUTE: Duration = Duration::days(30);
/// Idle life of an administrator's session.
pub const ADMINISTRATOR_IDLE: Duration = Duration::minutes(30);
/// Longest life of an administrator's session.
pub const ADMINISTRATOR_ABSOLUTE: Duration = Duration::hours(12);
/// Sessions that one person may have; the oldest is ended for a further one.
pub const MOST: u64 = 50;
/// How long a device is known that a person once signed in on.
pub const DEVICE_LIFE: Duration = Duration::days(365);
/// How precisely the last use is kept, which spares a write for each request.
const TOUCH: Duration = Duration::minutes(1);

/// Where sessions are kept.
#[derive(Clone, Debug)]
pub enum Sessions {
    /// In Redis.
    Redis(RedisSessions),
    /// As rows.
    Database(Database),
}

/// A device that signs in.
#[derive(Clone, Debug)]
pub struct Device {
    /// It is shared with others.
    pub shared: bool,
    /// What it calls itself.
    pub user_agent: String,
}

/// The SHA-256 of a token, in hexadecimal.
#[must_use]
pub fn hash(token: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(token.as_bytes()))
}

/// 256 random bits as 43 characters that are safe in addresses.
pub fn random_token() -> Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|err| Error::internal(anyhow::anyhow!("no randomness: {err}")))?;
    Ok(BASE64URL_NOPAD.encode(&bytes))
}

impl Sessions {
    /// Begins a session and gives it with its token, which is not kept.
    pub async fn start(&self, user: UserId, device: Device, now: Instant) -> Result<(Session, String)> {
        let token = random_token()?;
        let session = Session {
            id: SessionId::new(),
            user_id: user,
            token_hash: hash(&token),
            is_shared: device.shared,
            user_agent: device.user_agent,
            created_at: now,
            last_seen_at: now,
        };
        for old in self.of_user(user, now).await?.into_iter().skip(usize::try_from(MOST - 1).unwrap_or(49)) {
            self.end(&old).await?;
        }
        match self {
            Self::Redis(redis) => redis.insert(&session).await?,
            Self::Database(database) => {
                entity::ActiveModel::from(session.clone()).insert(database.write()).await?;
            }
        }
        Ok((session, token))
    }

    /// The living session of a token. Whether it lives for somebody with the rights that its person has now, the caller
    /// judges.
    pub async fn find(&self, token: &str, now: Instant) -> Result<Option<Session>> {
        self.hashed(&hash(token), now).await
    }

    /// As [`Sessions::find`], by the hash of the token.
    pub async fn hashed(&self, hash: &str, now: Instant) -> Result<Option<Session>> {
        Ok(self.several(&[hash.to_owned()], now).await?.pop())
    }

    /// Those of several sessions that live, by the hashes of their tokens; see [`Sessions::find`].
    pub async fn several(&self, hashes: &[String], now: Instant) -> Result<Vec<Session>> {
        let mut found = match self {
            Self::Redis(redis) => redis.several(hashes).await?,
            Self::Database(database) => {
                let db = database.read();
                let among = among_texts(db.get_database_backend(), entity::Column::TokenHash, hashes);
                entity::Entity::find().filter(among).all(db).await?
            }
        };
        found.retain(|session| session.is_alive(false, now));
        Ok(found)
    }

    /// Notes that a session was used.
    pub async fn touch(&self, mut session: Session, now: Instant) -> Result<()> {
        if now - session.last_seen_at < TOUCH {
            return Ok(());
        }
        session.last_seen_at = now;
        match self {
            Self::Redis(redis) => redis.touch(&session).await,
            Self::Database(database) => {
                // An update, not an upsert: a session that was ended meanwhile stays dead.
                entity::Entity::update_many()
                    .set(entity::ActiveModel { last_seen_at: Set(session.last_seen_at), ..Default::default() })
                    .filter(entity::Column::Id.eq(session.id))
                    .exec(database.write())
                    .await?;
                Ok(())
            }
        }
    }

    /// Living sessions of a person, newest first.
    pub async fn of_user(&self, user: UserId, now: Instant) -> Result<Vec<Session>> {
        let mut sessions = match self {
            Self::Redis(redis) => redis.of_user(user).await?,
            Self::Database(database) => {
                entity::Entity::find()
                    .filter(entity::Column::UserId.eq(user))
                    .order_by_desc(entity::Column::Id)
                    .limit(2 * MOST)
                    .all(database.read())
                    .await?
            }
        };
        sessions.retain(|session| session.is_alive(false, now));
        sessions.sort_by_key(|session| std::cmp::Reverse(session.id));
        Ok(sessions)
    }

    /// Ends a session.
    pub async fn end(&self, session: &Session) -> Result<()> {
        match self {
            Self::Redis(redis) => redis.remove(session).await,
            Self::Database(database) => {
                entity::Entity::delete_by_id(session.id).exec(database.write()).await?;
                Ok(())
            }
        }
    }

    /// Ends all sessions of a person but `kept`; tells how many.
    pub async fn end_all(&self, user: UserId, kept: Option<SessionId>, now: Instant) -> Result<usize> {
        let mut ended = 0;
        for session in self.of_user(user, now).await? {
            if Some(session.id) != kept {
                self.end(&session).await?;
                ended += 1;
            }
        }
        Ok(ended)
    }

    /// Takes over the rows of a site whose sessions were kept in its database: into Redis, if sessions are kept there.
    pub async fn take_over(&self, rows: &impl ConnectionTrait, now: Instant) -> Result<()> {
        let Self::Redis(redis) = self else { return Ok(()) };
        for session in entity::Entity::find().all(rows).await? {
            if session.is_alive(false, now) {
                redis.insert(&session).await?;
            }
        }
        entity::Entity::delete_many().exec(rows).await?;
        Ok(())
    }

    /// Forgets sessions that ended by themselves. Redis does so on its own.
    pub async fn sweep(&self, now: Instant) -> Result<()> {
        if let Self::Database(database) = self {
            let shared = entity::Column::IsShared.eq(true).and(entity::Column::LastSeenAt.lt(now - SHARED_IDLE));
            let over = entity::Column::LastSeenAt.lt(now - IDLE).or(entity::Column::CreatedAt.lt(now - ABSOLUTE)).or(shared);
            entity::Entity::delete_many().filter(over).exec(database.write()).await?;
        }
        Ok(())
    }
}

impl Session {
    /// How long it may be idle, and how long it may live at all.
    const fn life(&self, is_administrator: bool) -> (Duration, Duration) {
        match (self.is_shared, is_administrator) {
            (true, true) => (SHARED_IDLE, ADMINISTRATOR_ABSOLUTE),
            (true, false) => (SHARED_IDLE, ABSOLUTE),
            (false, true) => (ADMINISTRATOR_IDLE, ADMINISTRATOR_ABSOLUTE),
            (false, false) => (IDLE, ABSOLUTE),
        }
    }

    /// When it ends at the latest, if it goes on being used. Whether its person administers the site is judged each time.
    #[must_use]
    pub fn expires_at(&self, is_administrator: bool) -> Instant {
        self.created_at + self.life(is_administrator).1
    }

    /// Whether it has neither been idle for too long nor lived too long. A clock that was ahead and is right again may have
    /// dated it into the future: so far that it would live twice as long, it does not count.
    #[must_use]
    pub fn is_alive(&self, is_administrator: bool, now: Instant) -> bool {
        let (idle, longest) = self.life(is_administrator);
        (now - self.created_at).abs() < longest && (now - self.last_seen_at).abs() < idle
    }
}
