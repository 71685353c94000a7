//! async-io.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

#[effect(runs_async(0))]
pub fn block_on<T, F: Future<Output = T>>(future: F) -> T {}

pub struct Timer;
impl Timer {
    pub fn never() -> Timer {}
    #[effect(blocks(sleep), timed, is_async)]
    pub fn after(duration: Duration) -> Timer {}
    #[effect(blocks(sleep), timed, is_async)]
    pub fn at(instant: Instant) -> Timer {}
    pub fn interval(period: Duration) -> Timer {}
    pub fn interval_at(start: Instant, period: Duration) -> Timer {}
    pub fn set_after(&mut self, duration: Duration) {}
    pub fn set_interval(&mut self, period: Duration) {}
    pub fn clear(&mut self) {}
}
impl Future for Timer {
    type Output = Instant;
    fn poll(self: Pin<&mut Self>, cx: &mut Context) -> Poll<Instant> {}
}

// The socket or file is non-blocking: what waits does so at an `.await`.
pub struct Async<T>(T);
impl<T> Async<T> {
    pub fn new(io: T) -> io::Result<Async<T>> {}
    pub fn new_nonblocking(io: T) -> io::Result<Async<T>> {}
    #[effect(aliases)]
    pub fn get_ref(&self) -> &T {}
    pub fn into_inner(self) -> io::Result<T> {}
    #[effect(blocks(poll))]
    pub async fn readable(&self) -> io::Result<()> {}
    #[effect(blocks(poll))]
    pub async fn writable(&self) -> io::Result<()> {}
    #[effect(runs(0))]
    pub async fn read_with<R, F: FnMut(&T) -> io::Result<R>>(&self, op: F) -> io::Result<R> {}
    #[effect(runs(0))]
    pub async fn write_with<R, F: FnMut(&T) -> io::Result<R>>(&self, op: F) -> io::Result<R> {}
}
impl Async<std::net::TcpListener> {
    pub fn bind<A>(addr: A) -> io::Result<Async<std::net::TcpListener>> {}
    #[effect(blocks(accept))]
    pub async fn accept(&self) -> io::Result<(Async<std::net::TcpStream>, SocketAddr)> {}
}
impl Async<std::net::TcpStream> {
    #[effect(blocks(net), connects)]
    pub async fn connect<A>(addr: A) -> io::Result<Async<std::net::TcpStream>> {}
}
impl Async<std::net::UdpSocket> {
    #[effect(blocks(net))]
    pub async fn recv_from(&self, buf: &mut [u8]) -> io::Result<(usize, SocketAddr)> {}
    #[effect(blocks(net))]
    pub async fn send_to<A>(&self, buf: &[u8], addr: A) -> io::Result<usize> {}
}
