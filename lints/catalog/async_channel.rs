//! async-channel.

#[effect(channel(bounded))]
pub fn bounded<T>(cap: usize) -> (Sender<T>, Receiver<T>) {}
#[effect(channel)]
pub fn unbounded<T>() -> (Sender<T>, Receiver<T>) {}
#[effect(sender, is_async)]
pub struct Sender<T>(T);
impl<T> Sender<T> {
    #[effect(sends(blocking), puts(0))]
    pub async fn send(&self, msg: T) -> Result<(), SendError<T>> {}
    #[effect(sends(blocking), puts(0))]
    pub fn send_blocking(&self, msg: T) -> Result<(), SendError<T>> {}
    #[effect(sends(try), puts(0))]
    pub fn try_send(&self, msg: T) -> Result<(), TrySendError<T>> {}
    pub fn close(&self) -> bool {}
    #[effect(polls)]
    pub fn is_closed(&self) -> bool {}
}
impl<T> Clone for Sender<T> {
    #[effect(aliases)]
    fn clone(&self) -> Self {}
}
#[effect(receiver, is_async)]
pub struct Receiver<T>(T);
impl<T> Receiver<T> {
    #[effect(receives(blocking))]
    pub async fn recv(&self) -> Result<T, RecvError> {}
    #[effect(receives(blocking))]
    pub fn recv_blocking(&self) -> Result<T, RecvError> {}
    #[effect(receives(try))]
    pub fn try_recv(&self) -> Result<T, TryRecvError> {}
    pub fn close(&self) -> bool {}
    #[effect(polls)]
    pub fn is_empty(&self) -> bool {}
    #[effect(polls)]
    pub fn len(&self) -> usize {}
}
impl<T> Clone for Receiver<T> {
    #[effect(aliases)]
    fn clone(&self) -> Self {}
}
pub struct SendError<T>(pub T);
pub enum TrySendError<T> {
    Full(T),
    Closed(T),
}
pub struct RecvError;
pub enum TryRecvError {
    Empty,
    Closed,
}
