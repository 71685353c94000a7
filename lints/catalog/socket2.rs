//! socket2.

use std::io;
use std::net::Shutdown;
use std::time::Duration;

pub struct SockAddr;
pub struct Domain;
pub struct Type;
pub struct Protocol;
pub struct Socket;
impl Socket {
    pub fn new(domain: Domain, ty: Type, protocol: Option<Protocol>) -> io::Result<Socket> {}
    pub fn bind(&self, address: &SockAddr) -> io::Result<()> {}
    pub fn listen(&self, backlog: i32) -> io::Result<()> {}
    #[effect(blocks(net), connects)]
    pub fn connect(&self, address: &SockAddr) -> io::Result<()> {}
    #[effect(blocks(net), connects, timed)]
    pub fn connect_timeout(&self, addr: &SockAddr, timeout: Duration) -> io::Result<()> {}
    #[effect(blocks(accept))]
    pub fn accept(&self) -> io::Result<(Socket, SockAddr)> {}
    #[effect(blocks(net))]
    pub fn recv(&self, buf: &mut [u8]) -> io::Result<usize> {}
    #[effect(blocks(net))]
    pub fn recv_from(&self, buf: &mut [u8]) -> io::Result<(usize, SockAddr)> {}
    #[effect(blocks(net))]
    pub fn send(&self, buf: &[u8]) -> io::Result<usize> {}
    #[effect(blocks(net))]
    pub fn send_to(&self, buf: &[u8], addr: &SockAddr) -> io::Result<usize> {}
    #[effect(wakes)]
    pub fn shutdown(&self, how: Shutdown) -> io::Result<()> {}
    #[effect(sets_timeout)]
    pub fn set_read_timeout(&self, duration: Option<Duration>) -> io::Result<()> {}
    #[effect(sets_timeout)]
    pub fn set_write_timeout(&self, duration: Option<Duration>) -> io::Result<()> {}
    #[effect(sets_timeout, nonblocking(0))]
    pub fn set_nonblocking(&self, nonblocking: bool) -> io::Result<()> {}
    pub fn set_reuse_address(&self, reuse: bool) -> io::Result<()> {}
    pub fn try_clone(&self) -> io::Result<Socket> {}
}
impl io::Read for Socket {
    #[effect(blocks(net))]
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {}
}
impl io::Write for Socket {
    #[effect(blocks(net))]
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {}
    fn flush(&mut self) -> io::Result<()> {}
}
