//! flume.

use std::future::Future;
use std::time::{Duration, Instant};

#[effect(channel)]
pub fn unbounded<T>() -> (Sender<T>, Receiver<T>) {}
#[effect(channel(bounded))]
pub fn bounded<T>(cap: usize) -> (Sender<T>, Receiver<T>) {}

#[effect(sender)]
pub struct Sender<T>(T);
impl<T> Sender<T> {
    // Waits only where the channel is bounded.
    #[effect(sends(blocking), puts(0))]
    pub fn send(&self, msg: T) -> Result<(), SendError<T>> {}
    #[effect(sends(try), puts(0))]
    pub fn try_send(&self, msg: T) -> Result<(), TrySendError<T>> {}
    #[effect(sends(timed), puts(0))]
    pub fn send_timeout(&self, msg: T, timeout: Duration) -> Result<(), SendTimeoutError<T>> {}
    #[effect(sends(timed), puts(0))]
    pub fn send_deadline(&self, msg: T, deadline: Instant) -> Result<(), SendTimeoutError<T>> {}
    #[effect(polls)]
    pub fn is_empty(&self) -> bool {}
    #[effect(polls)]
    pub fn is_full(&self) -> bool {}
    #[effect(polls)]
    pub fn len(&self) -> usize {}
    pub fn capacity(&self) -> Option<usize> {}
    pub fn same_channel(&self, other: &Sender<T>) -> bool {}
    #[effect(sends(blocking), puts(0), is_async)]
    pub fn send_async(&self, item: T) -> impl Future<Output = Result<(), SendError<T>>> {}
    #[effect(sends(blocking), puts(0), is_async)]
    pub fn into_send_async(self, item: T) -> impl Future<Output = Result<(), SendError<T>>> {}
    #[effect(polls)]
    pub fn is_disconnected(&self) -> bool {}
    #[effect(polls)]
    pub fn sender_count(&self) -> usize {}
    #[effect(polls)]
    pub fn receiver_count(&self) -> usize {}
    #[effect(downgrades)]
    pub fn downgrade(&self) -> WeakSender<T> {}
}
impl<T> Clone for Sender<T> {
    #[effect(aliases)]
    fn clone(&self) -> Self {}
}

#[effect(receiver)]
pub struct Receiver<T>(T);
impl<T> Receiver<T> {
    #[effect(receives(blocking))]
    pub fn recv(&self) -> Result<T, RecvError> {}
    #[effect(receives(try))]
    pub fn try_recv(&self) -> Result<T, TryRecvError> {}
    #[effect(receives(timed))]
    pub fn recv_timeout(&self, timeout: Duration) -> Result<T, RecvTimeoutError> {}
    #[effect(receives(timed))]
    pub fn recv_deadline(&self, deadline: Instant) -> Result<T, RecvTimeoutError> {}
    #[effect(receives(blocking), each_step)]
    pub fn iter(&self) -> Iter<T> {}
    #[effect(receives(try), each_step)]
    pub fn try_iter(&self) -> TryIter<T> {}
    #[effect(polls)]
    pub fn is_empty(&self) -> bool {}
    #[effect(polls)]
    pub fn is_full(&self) -> bool {}
    #[effect(polls)]
    pub fn len(&self) -> usize {}
    pub fn capacity(&self) -> Option<usize> {}
    pub fn same_channel(&self, other: &Receiver<T>) -> bool {}
    #[effect(receives(blocking), is_async)]
    pub fn recv_async(&self) -> impl Future<Output = Result<T, RecvError>> {}
    #[effect(receives(blocking), is_async)]
    pub fn into_recv_async(self) -> impl Future<Output = Result<T, RecvError>> {}
    #[effect(polls)]
    pub fn is_disconnected(&self) -> bool {}
    #[effect(receives(try), each_step)]
    pub fn drain(&self) -> TryIter<T> {}
    #[effect(polls)]
    pub fn sender_count(&self) -> usize {}
}
impl<T> Clone for Receiver<T> {
    #[effect(aliases)]
    fn clone(&self) -> Self {}
}

pub struct Iter<T>(T);
impl<T> Iterator for Iter<T> {
    type Item = T;
    #[effect(receives(blocking))]
    fn next(&mut self) -> Option<T> {}
}
pub struct IntoIter<T>(T);
impl<T> Iterator for IntoIter<T> {
    type Item = T;
    #[effect(receives(blocking))]
    fn next(&mut self) -> Option<T> {}
}
pub struct TryIter<T>(T);
impl<T> Iterator for TryIter<T> {
    type Item = T;
    #[effect(receives(try))]
    fn next(&mut self) -> Option<T> {}
}
impl<T> IntoIterator for Receiver<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;
    #[effect(receives(blocking), each_step)]
    fn into_iter(self) -> IntoIter<T> {}
}
impl<T> IntoIterator for &Receiver<T> {
    type Item = T;
    type IntoIter = Iter<T>;
    #[effect(receives(blocking), each_step)]
    fn into_iter(self) -> Iter<T> {}
}

pub struct SendError<T>(pub T);
impl<T> SendError<T> {
    pub fn into_inner(self) -> T {}
}
pub enum TrySendError<T> {
    Full(T),
    Disconnected(T),
}
pub enum SendTimeoutError<T> {
    Timeout(T),
    Disconnected(T),
}
pub enum RecvError {
    Disconnected,
}
pub enum TryRecvError {
    Empty,
    Disconnected,
}
pub enum RecvTimeoutError {
    Timeout,
    Disconnected,
}

#[effect(weak)]
pub struct WeakSender<T>(T);
impl<T> WeakSender<T> {
    #[effect(upgrades)]
    pub fn upgrade(&self) -> Option<Sender<T>> {}
}
pub struct Selector<T>(T);
impl<T> Selector<T> {
    pub fn new() -> Selector<T> {}
    #[effect(stores(1))]
    pub fn recv<U, F: FnMut(Result<U, RecvError>) -> T>(self, receiver: &Receiver<U>, mapper: F) -> Selector<T> {}
    #[effect(stores(2))]
    pub fn send<U, F: FnMut(Result<(), SendError<U>>) -> T>(
        self,
        sender: &Sender<U>,
        msg: U,
        mapper: F,
    ) -> Selector<T> {
    }
    #[effect(blocks(poll))]
    pub fn wait(self) -> T {}
    #[effect(blocks(poll), timed)]
    pub fn wait_timeout(self, dur: Duration) -> Result<T, select::SelectError> {}
}
pub mod select {
    pub enum SelectError {
        Timeout,
    }
}
