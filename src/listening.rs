//! Sockets on which we listen, for many who come at once and for those who read slowly.

use std::{io, net::SocketAddr, time::Duration};

use socket2::SockRef;
use tokio::net::{TcpListener, TcpSocket};

/// Connections that wait to be accepted, as far as the system allows: whoever comes on top of those is not answered, and
/// tries again after a second.
const BACKLOG: u32 = 4096;
/// Bytes of an answer that the system holds and has not sent: without such a limit it takes megabytes for each reader who does
/// not read, which count as nobody's memory.
const UNSENT: u32 = 128 << 10;
/// For the other side to take or acknowledge something: longer than we wait ourselves ([`crate::stalling::STALL`]), for what is
/// left to the system when we have given up.
const UNTAKEN: Duration = Duration::from_mins(1);

/// Listens on an address. What is set for slow readers is Linux's.
///
/// # Errors
/// The address is taken, or is not this machine's.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // What an earlier server has left to the system does not keep the address from this one.
    socket.set_reuseaddr(true)?;
    // Connections have all of this from the socket that accepts them. What is written is sent at once, as a whole answer.
    socket.set_nodelay(true)?;
    let options = SockRef::from(&socket);
    if let Err(err) = options.set_tcp_notsent_lowat(UNSENT).and_then(|()| options.set_tcp_user_timeout(Some(UNTAKEN))) {
        tracing::warn!(error = %err, "the system may hold much for slow readers");
    }
    socket.bind(address).and_then(|()| socket.listen(BACKLOG)).map_err(|err| match err.kind() {
        io::ErrorKind::AddrInUse => io::Error::new(err.kind(), "another program listens there: set another address"),
        _ => err,
    })
}
