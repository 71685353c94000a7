//! mio: every socket is non-blocking; only `Poll::poll` waits.

use std::io;
use std::time::Duration;

pub struct Poll;
impl Poll {
    pub fn new() -> io::Result<Poll> {}
    #[effect(aliases)]
    pub fn registry(&self) -> &Registry {}
    // `None` waits for ever.
    #[effect(blocks(poll), timed_by(1))]
    pub fn poll(&mut self, events: &mut Events, timeout: Option<Duration>) -> io::Result<()> {}
}
pub struct Registry;
impl Registry {
    pub fn register<S>(&self, source: &mut S, token: Token, interests: Interest) -> io::Result<()> {}
    pub fn reregister<S>(&self, source: &mut S, token: Token, interests: Interest) -> io::Result<()> {}
    pub fn deregister<S>(&self, source: &mut S) -> io::Result<()> {}
    pub fn try_clone(&self) -> io::Result<Registry> {}
}
pub struct Waker;
impl Waker {
    pub fn new(registry: &Registry, token: Token) -> io::Result<Waker> {}
    #[effect(wakes)]
    pub fn wake(&self) -> io::Result<()> {}
}
pub struct Token(pub usize);
pub struct Interest;
pub struct Events;
impl Events {
    pub fn with_capacity(capacity: usize) -> Events {}
    pub fn iter(&self) -> std::iter::Iter<&event::Event> {}
    pub fn is_empty(&self) -> bool {}
    pub fn clear(&mut self) {}
}
pub mod event {
    pub struct Event;
    impl Event {
        pub fn token(&self) -> crate::Token {}
        pub fn is_readable(&self) -> bool {}
        pub fn is_writable(&self) -> bool {}
    }
}
pub mod net {
    use std::io;
    use std::net::SocketAddr;

    #[effect(own_address, never_blocks)]
    pub struct TcpListener;
    impl TcpListener {
        pub fn bind(addr: SocketAddr) -> io::Result<TcpListener> {}
        #[effect(polls)]
        pub fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {}
    }
    #[effect(never_blocks)]
    pub struct TcpStream;
    impl TcpStream {
        pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {}
        pub fn shutdown(&self, how: std::net::Shutdown) -> io::Result<()> {}
    }
    impl io::Read for TcpStream {
        #[effect(polls)]
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {}
    }
    impl io::Write for TcpStream {
        #[effect(polls)]
        fn write(&mut self, buf: &[u8]) -> io::Result<usize> {}
        #[effect(polls)]
        fn flush(&mut self) -> io::Result<()> {}
    }
    #[effect(own_address, never_blocks)]
    pub struct UdpSocket;
    impl UdpSocket {
        pub fn bind(addr: SocketAddr) -> io::Result<UdpSocket> {}
        pub fn from_std(socket: std::net::UdpSocket) -> UdpSocket {}
        pub fn connect(&self, addr: SocketAddr) -> io::Result<()> {}
        pub fn local_addr(&self) -> io::Result<SocketAddr> {}
        #[effect(polls)]
        pub fn recv(&self, buf: &mut [u8]) -> io::Result<usize> {}
        #[effect(polls)]
        pub fn recv_from(&self, buf: &mut [u8]) -> io::Result<(usize, SocketAddr)> {}
        #[effect(polls)]
        pub fn peek(&self, buf: &mut [u8]) -> io::Result<usize> {}
        #[effect(polls)]
        pub fn peek_from(&self, buf: &mut [u8]) -> io::Result<(usize, SocketAddr)> {}
        #[effect(polls)]
        pub fn send(&self, buf: &[u8]) -> io::Result<usize> {}
        #[effect(polls)]
        pub fn send_to(&self, buf: &[u8], target: SocketAddr) -> io::Result<usize> {}
    }
}
