//! crossbeam-channel.

use std::time::{Duration, Instant};

#[effect(channel)]
pub fn unbounded<T>() -> (Sender<T>, Receiver<T>) {}
#[effect(channel(bounded))]
pub fn bounded<T>(cap: usize) -> (Sender<T>, Receiver<T>) {}
#[effect(channel(never))]
pub fn never<T>() -> Receiver<T> {}
#[effect(channel(timer))]
pub fn after(duration: Duration) -> Receiver<Instant> {}
#[effect(channel(timer))]
pub fn at(when: Instant) -> Receiver<Instant> {}
#[effect(channel(timer), endless)]
pub fn tick(duration: Duration) -> Receiver<Instant> {}

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
impl<T> TrySendError<T> {
    pub fn into_inner(self) -> T {}
    pub fn is_full(&self) -> bool {}
    pub fn is_disconnected(&self) -> bool {}
}
pub enum SendTimeoutError<T> {
    Timeout(T),
    Disconnected(T),
}
impl<T> SendTimeoutError<T> {
    pub fn into_inner(self) -> T {}
    pub fn is_timeout(&self) -> bool {}
    pub fn is_disconnected(&self) -> bool {}
}
pub struct RecvError;
pub enum TryRecvError {
    Empty,
    Disconnected,
}
impl TryRecvError {
    pub fn is_empty(&self) -> bool {}
    pub fn is_disconnected(&self) -> bool {}
}
pub enum RecvTimeoutError {
    Timeout,
    Disconnected,
}
impl RecvTimeoutError {
    pub fn is_timeout(&self) -> bool {}
    pub fn is_disconnected(&self) -> bool {}
}

pub struct Select;
impl Select {
    pub fn new() -> Select {}
    pub fn new_biased() -> Select {}
    pub fn send<T>(&mut self, s: &Sender<T>) -> usize {}
    #[effect(watches(0))]
    pub fn recv<T>(&mut self, r: &Receiver<T>) -> usize {}
    pub fn remove(&mut self, index: usize) {}
    #[effect(selects)]
    pub fn try_select(&mut self) -> Result<SelectedOperation, TrySelectError> {}
    #[effect(blocks(poll), selects)]
    pub fn select(&mut self) -> SelectedOperation {}
    #[effect(blocks(poll), timed, selects)]
    pub fn select_timeout(&mut self, timeout: Duration) -> Result<SelectedOperation, SelectTimeoutError> {}
    #[effect(blocks(poll), timed, selects)]
    pub fn select_deadline(&mut self, deadline: Instant) -> Result<SelectedOperation, SelectTimeoutError> {}
    #[effect(selects)]
    pub fn try_ready(&mut self) -> Result<usize, TryReadyError> {}
    #[effect(blocks(poll), selects)]
    pub fn ready(&mut self) -> usize {}
    #[effect(blocks(poll), timed, selects)]
    pub fn ready_timeout(&mut self, timeout: Duration) -> Result<usize, ReadyTimeoutError> {}
    #[effect(blocks(poll), timed, selects)]
    pub fn ready_deadline(&mut self, deadline: Instant) -> Result<usize, ReadyTimeoutError> {}
}
pub struct SelectedOperation;
impl SelectedOperation {
    pub fn index(&self) -> usize {}
    pub fn send<T>(self, s: &Sender<T>, msg: T) -> Result<(), SendError<T>> {}
    // The message is there: this does not wait.
    #[effect(receives(try, 0))]
    pub fn recv<T>(self, r: &Receiver<T>) -> Result<T, RecvError> {}
}
pub struct TrySelectError;
pub struct SelectTimeoutError;
pub struct TryReadyError;
pub struct ReadyTimeoutError;
