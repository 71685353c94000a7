//! oneshot.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

#[effect(channel)]
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {}
#[effect(sender)]
pub struct Sender<T>(T);
impl<T> Sender<T> {
    #[effect(sends(try), puts(0))]
    pub fn send(self, message: T) -> Result<(), SendError<T>> {}
    pub fn is_closed(&self) -> bool {}
}
#[effect(receiver)]
pub struct Receiver<T>(T);
impl<T> Receiver<T> {
    #[effect(receives(blocking))]
    pub fn recv(self) -> Result<T, RecvError> {}
    #[effect(receives(blocking))]
    pub fn recv_ref(&self) -> Result<T, RecvError> {}
    #[effect(receives(try))]
    pub fn try_recv(&self) -> Result<T, TryRecvError> {}
    #[effect(receives(timed))]
    pub fn recv_timeout(&self, timeout: Duration) -> Result<T, RecvTimeoutError> {}
    #[effect(receives(timed))]
    pub fn recv_deadline(&self, deadline: Instant) -> Result<T, RecvTimeoutError> {}
}
impl<T> Future for Receiver<T> {
    type Output = Result<T, RecvError>;
    #[effect(receives(blocking), is_async)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context) -> Poll<Result<T, RecvError>> {}
}
pub struct SendError<T>(T);
impl<T> SendError<T> {
    pub fn into_inner(self) -> T {}
}
pub struct RecvError;
pub enum TryRecvError {
    Empty,
    Disconnected,
}
pub enum RecvTimeoutError {
    Timeout,
    Disconnected,
}
