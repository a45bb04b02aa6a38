//! One address for several servers, as a proxy gives it: in turn, those that say that they are ready.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::sleep,
};

use super::within;
use crate::http_client::Server;

/// Between two looks at each server.
const LOOK: Duration = Duration::from_millis(50);

/// The address. Ends with the test.
pub struct Balancer {
    pub address: SocketAddr,
    places: Places,
    tasks: [JoinHandle<()>; 2],
}

type Places = Arc<Mutex<Vec<Place>>>;

/// A server, and the connections to it.
#[derive(Clone)]
struct Place {
    server: SocketAddr,
    is_used: bool,
    open: Arc<AtomicUsize>,
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl Balancer {
    /// Before no server yet.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it has an address");
        let places = Places::default();
        let tasks = [tokio::spawn(listen(listener, places.clone())), tokio::spawn(watch(places.clone()))];
        Self { address, places, tasks }
    }

    fn places(&self) -> MutexGuard<'_, Vec<Place>> {
        self.places.lock().expect("no panic")
    }

    /// Also sends to a server, from when this returns.
    pub async fn add(&self, server: SocketAddr) {
        self.places().push(Place { server, is_used: false, open: Arc::default() });
        within(Duration::from_secs(10), async || self.places().iter().any(|place| place.server == server && place.is_used)).await;
    }

    /// Waits until a server says that it is not ready: nobody is sent there any more, and what it was sent is over when this
    /// returns.
    pub async fn is_left_by(&self, server: SocketAddr) {
        let is_left = |place: &Place| !place.is_used && place.open.load(SeqCst) == 0;
        within(Duration::from_secs(10), async || self.places().iter().any(|place| place.server == server && is_left(place)))
            .await;
        self.places().retain(|place| place.server != server);
    }

    fn next(places: &Places, turn: usize) -> Option<Place> {
        let places = places.lock().expect("no panic");
        let used: Vec<_> = places.iter().filter(|place| place.is_used).collect();
        let place = used.get(turn % used.len().max(1)).copied().cloned()?;
        place.open.fetch_add(1, SeqCst);
        Some(place)
    }
}

async fn watch(places: Places) {
    loop {
        let servers: Vec<_> = places.lock().expect("no panic").iter().map(|place| place.server).collect();
        for server in servers {
            let is_ready = Server::at(server).is_ready().await;
            let mut places = places.lock().expect("no panic");
            places.iter_mut().filter(|place| place.server == server).for_each(|place| place.is_used = is_ready);
        }
        sleep(LOOK).await;
    }
}

async fn listen(listener: TcpListener, places: Places) {
    for turn in 0.. {
        let Ok((mut client, _)) = listener.accept().await else { return };
        let Some(place) = Balancer::next(&places, turn) else { continue };
        tokio::spawn(async move {
            if let Ok(mut server) = TcpStream::connect(place.server).await {
                let _ = copy_bidirectional(&mut client, &mut server).await;
            }
            place.open.fetch_sub(1, SeqCst);
        });
    }
}
