//! How much of what is there for all one of them may hold: so that nobody takes every connection or socket.
//!
//! Loopback is not held to it, nor are connections from trusted proxies: all clients may come by those.

use std::{
    collections::HashMap,
    hash::Hash,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use super::limiting::Key;
use crate::{
    config::Proxies,
    metrics::{Places, Taken},
    viewer::{Viewer, network},
};

/// Sockets of one account, over all its devices and windows.
const OF_ACCOUNT: usize = 20;
/// One network may hold a so-manieth of what is there: a whole ministry may sit behind one address.
const OF_NETWORK: usize = 4;

/// Bytes that large requests may have together.
const ROOM: usize = 32 << 20;
/// Bytes by which they take room.
const STEP: usize = 4 << 10;
/// Large requests of one network at once.
const LARGE_OF_NETWORK: usize = 32;

/// Counts what each of many holds.
#[derive(Debug)]
struct Shares<K>(Arc<Mutex<HashMap<K, usize>>>);

impl<K> Default for Shares<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Copy + Eq + Hash> Shares<K> {
    /// One more for `key`, unless it holds `most`.
    fn take(&self, key: K, most: usize) -> Option<Share<K>> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(key).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Share { key, held: self.0.clone() })
    }
}

/// One that is held, given back when it is dropped.
#[derive(Debug)]
struct Share<K: Copy + Eq + Hash> {
    key: K,
    held: Arc<Mutex<HashMap<K, usize>>>,
}

impl<K: Copy + Eq + Hash> Drop for Share<K> {
    fn drop(&mut self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.key);
            }
        }
    }
}

/// Room in memory for requests that are larger than most.
pub struct Room {
    free: Semaphore,
    shares: Shares<IpAddr>,
}

/// What one request holds of the room.
pub struct Hold<'a> {
    room: &'a Room,
    held: SemaphorePermit<'a>,
    _share: Option<Share<IpAddr>>,
}

impl Room {
    /// All of it.
    pub fn new() -> Self {
        Self { free: Semaphore::new(ROOM / STEP), shares: Shares::default() }
    }

    /// Begins to hold room for a request from `address`, unless so many others from its network do that it has its share.
    pub fn hold(&self, address: IpAddr) -> Option<Hold<'_>> {
        let share = if address.is_loopback() { None } else { Some(self.shares.take(network(address), LARGE_OF_NETWORK)?) };
        Some(Hold { room: self, held: self.free.try_acquire_many(0).ok()?, _share: share })
    }
}

impl Hold<'_> {
    /// Holds room for so many bytes in all, of which it may hold some already. False when there is not enough.
    pub fn grow(&mut self, bytes: usize) -> bool {
        let more = bytes.div_ceil(STEP).saturating_sub(self.held.num_permits());
        let more = u32::try_from(more).ok().and_then(|more| self.room.free.try_acquire_many(more).ok());
        more.map(|more| self.held.merge(more)).is_some()
    }
}

/// Places for connections.
pub struct Connections {
    most: usize,
    places: Arc<Semaphore>,
    counted: Places,
    shares: Shares<IpAddr>,
    trusted: Proxies,
}

/// A connection's place.
pub struct Connection {
    _place: OwnedSemaphorePermit,
    _counted: Taken,
    _share: Option<Share<IpAddr>>,
}

impl Connections {
    /// `most` at once, which are counted; clients come by the `trusted` proxies.
    pub fn new(most: usize, trusted: Proxies, counted: Places) -> Self {
        counted.are(most);
        Self { most, places: Arc::new(Semaphore::new(most)), counted, shares: Shares::default(), trusted }
    }

    /// Waits for a place.
    pub async fn place(&self) -> Option<OwnedSemaphorePermit> {
        self.places.clone().acquire_owned().await.ok()
    }

    /// Gives the place to a connection from `peer`, unless its network holds its share already.
    pub fn open(&self, place: OwnedSemaphorePermit, peer: IpAddr) -> Option<Connection> {
        let peer = peer.to_canonical();
        let is_free = peer.is_loopback() || self.trusted.trusts(peer);
        let share = if is_free { None } else { Some(self.shares.take(network(peer), self.most / OF_NETWORK)?) };
        Some(Connection { _place: place, _counted: self.counted.take(), _share: share })
    }
}

/// Places for sockets, fewer than for connections, so that idle ones leave room for requests.
pub struct Sockets {
    most: usize,
    places: Arc<Semaphore>,
    counted: Places,
    shares: Shares<Key>,
}

/// A socket's place.
pub struct Place {
    _permit: OwnedSemaphorePermit,
    _counted: Taken,
    share: Option<Share<Key>>,
}

impl Sockets {
    /// `most` at once, which are counted.
    pub fn new(most: usize, counted: Places) -> Self {
        counted.are(most);
        Self { most, places: Arc::new(Semaphore::new(most)), counted, shares: Shares::default() }
    }

    /// A place for a socket of `visitor`, of whom nothing is known yet but the address.
    pub fn open(&self, visitor: &Viewer) -> Option<Place> {
        let place = self.places.clone().try_acquire_owned().ok()?;
        let address = visitor.address;
        let network = Key::Network(visitor.network());
        let share = if address.is_loopback() { None } else { Some(self.shares.take(network, self.most / OF_NETWORK)?) };
        Some(Place { _permit: place, _counted: self.counted.take(), share })
    }

    /// From now on a signed-in `viewer`'s share counts, and not the network's. False when it is all taken.
    pub fn sign_in(&self, place: &mut Place, viewer: &Viewer) -> bool {
        let Some(id) = viewer.user_id() else { return true };
        let share = self.shares.take(Key::Account(id), OF_ACCOUNT);
        let is_there = share.is_some();
        place.share = share;
        is_there
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_leaves_room_to_others() {
        let (room, large) = (Room::new(), ROOM / 128);
        let theirs: Vec<_> = (0..LARGE_OF_NETWORK).filter_map(|_| room.hold([203, 0, 113, 7].into())).collect();
        assert!(theirs.len() == LARGE_OF_NETWORK && room.hold([203, 0, 113, 7].into()).is_none());
        let mut held: Vec<_> = (0..129).map(|_| room.hold([127, 0, 0, 1].into()).expect("others come by it")).collect();
        assert_eq!(held.iter_mut().filter_map(|hold| hold.grow(large).then_some(())).count(), 128);
        assert!(held[0].grow(large) && held[0].grow(1), "it holds as much already");
        drop((held, theirs));
        assert!(room.hold([203, 0, 113, 7].into()).is_some_and(|mut hold| hold.grow(large)));
    }

    #[tokio::test]
    async fn one_network_leaves_connections_to_others() {
        let proxy: IpAddr = [192, 0, 2, 9].into();
        let connections = Connections::new(40, [proxy.into()].into_iter().collect(), Places::default());
        let open = async |peer: IpAddr| connections.open(connections.place().await.expect("a place"), peer);
        let mut held = Vec::new();
        for _ in 0..10 {
            held.push(open([203, 0, 113, 7].into()).await.expect("its share"));
        }
        assert!(open([203, 0, 113, 7].into()).await.is_none());
        assert!(open([203, 0, 113, 8].into()).await.is_some());
        for peer in [proxy, [127, 0, 0, 1].into()] {
            for _ in 0..12 {
                held.push(open(peer).await.expect("others come by it"));
            }
        }
        held.clear();
        assert!(open([203, 0, 113, 7].into()).await.is_some());
        assert!(connections.shares.0.lock().expect("no panic").is_empty());
    }
}
