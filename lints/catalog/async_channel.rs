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
impl<T> Sender<T> {
    #[effect(sends(try), puts(0))]
    pub fn force_send(&self, msg: T) -> Result<Option<T>, SendError<T>> {}
    #[effect(is_async, blocks(park))]
    pub fn closed(&self) -> impl std::future::Future<Output = ()> {}
    #[effect(downgrades)]
    pub fn downgrade(&self) -> WeakSender<T> {}
    pub fn capacity(&self) -> Option<usize> {}
    #[effect(polls)]
    pub fn is_empty(&self) -> bool {}
    #[effect(polls)]
    pub fn is_full(&self) -> bool {}
    #[effect(polls)]
    pub fn len(&self) -> usize {}
    pub fn receiver_count(&self) -> usize {}
    pub fn sender_count(&self) -> usize {}
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
impl<T> Receiver<T> {
    #[effect(downgrades)]
    pub fn downgrade(&self) -> WeakReceiver<T> {}
    pub fn capacity(&self) -> Option<usize> {}
    pub fn is_closed(&self) -> bool {}
    #[effect(polls)]
    pub fn is_full(&self) -> bool {}
    pub fn receiver_count(&self) -> usize {}
    pub fn sender_count(&self) -> usize {}
}
impl<T> ::futures::stream::Stream for Receiver<T> {
    type Item = T;
}
impl<T> ::futures::stream::StreamExt for Receiver<T> {
    #[effect(receives(blocking))]
    async fn next(&mut self) -> Option<T> {}
}
impl<T> Clone for Receiver<T> {
    #[effect(aliases)]
    fn clone(&self) -> Self {}
}
#[effect(weak)]
pub struct WeakSender<T>(T);
impl<T> WeakSender<T> {
    #[effect(upgrades)]
    pub fn upgrade(&self) -> Option<Sender<T>> {}
}
#[effect(weak)]
pub struct WeakReceiver<T>(T);
impl<T> WeakReceiver<T> {
    #[effect(upgrades)]
    pub fn upgrade(&self) -> Option<Receiver<T>> {}
}
pub struct SendError<T>(pub T);
impl<T> SendError<T> {
    pub fn into_inner(self) -> T {}
}
pub enum TrySendError<T> {
    Full(T),
    Closed(T),
}
impl<T> TrySendError<T> {
    pub fn into_inner(self) -> T {}
    pub fn is_full(&self) -> bool {}
    pub fn is_closed(&self) -> bool {}
}
pub struct RecvError;
pub enum TryRecvError {
    Empty,
    Closed,
}
impl TryRecvError {
    pub fn is_empty(&self) -> bool {}
    pub fn is_closed(&self) -> bool {}
}
