//! Live events while Redis, which carries them between nodes, is away.

use std::time::Duration;

use lyceum::live::Event;
use serde_json::json;
use tokio::time::timeout;

use super::{behind, nodes::REVOKED, proxy::Mode, recovered, within};
use crate::{
    app::TestApp,
    http_client::Server,
    websocket::{Socket, bearer},
};

const EVENTS: &str = "subscription { events(channel: \"faults\") }";

/// A visitor's socket that follows events, and has heard of one.
async fn following(server: &Server, app: &TestApp) -> Socket {
    let mut following = None;
    within(super::RECOVERY, async || {
        let mut socket = Socket::acknowledged(server, &[], json!(null)).await;
        socket.asks("a", EVENTS).await;
        // Until it listens, events pass it by; and one that began while Redis was away is closed.
        for _ in 0..4 {
            app.live.publish(vec![Event::new("faults", "hello")]).await;
            match timeout(Duration::from_millis(500), socket.next()).await {
                Err(_) => {}
                Ok(Err(_)) => return false,
                Ok(Ok(message)) => {
                    assert_eq!(message["payload"]["data"]["events"], "hello");
                    following = Some(socket);
                    return true;
                }
            }
        }
        false
    })
    .await;
    following.expect("it follows")
}

/// The code that a socket is closed with, events before that left out.
async fn closed_within(mut socket: Socket, limit: Duration) -> u16 {
    let closed = async {
        loop {
            if let Err((code, _)) = socket.next().await {
                return code;
            }
        }
    };
    timeout(limit, closed).await.unwrap_or_else(|_| panic!("not closed within {limit:?}"))
}

#[tokio::test]
async fn whoever_follows_events_is_told_when_some_may_be_lost_and_can_follow_again() {
    let Some((app, proxy)) = behind("REDIS_URL").await else { return };
    let (server, person) = (Server::of_faults(&app).await, app.practitioner().await);
    for fault in [Mode::Refuse, Mode::Hang, Mode::Truncate(0)] {
        let socket = following(&server, &app).await;
        proxy.set(fault).await;
        assert_eq!(closed_within(socket, Duration::from_secs(5)).await, 1013, "{fault:?}");
        proxy.set(Mode::Pass).await;
        within(super::RECOVERY, async || app.sessions.of_user(person.user(), app.clock.now()).await.is_ok()).await;
    }
    // Lost without a word, which nobody would notice that only waits.
    let socket = following(&server, &app).await;
    proxy.lose_connections().await;
    assert_eq!(closed_within(socket, Duration::from_secs(5)).await, 1013);
    drop(following(&server, &app).await);
    app.stop().await;
}

#[tokio::test]
async fn a_socket_of_somebody_signed_in_is_closed_while_nobody_can_tell_whether_the_session_lives() {
    let Some((app, proxy)) = behind("REDIS_URL").await else { return };
    let (server, person) = (Server::start(&app).await, app.practitioner().await);
    let socket = Socket::acknowledged(&server, &[], bearer(&person)).await;
    proxy.set(Mode::Hang).await;
    assert_eq!(closed_within(socket, REVOKED).await, 1013);
    proxy.set(Mode::Pass).await;
    recovered(&server, &person).await;
    app.stop().await;
}
