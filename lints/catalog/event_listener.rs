//! event-listener: a listener waits for the next notification after it was made.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

pub struct Event<T = ()>(T);
impl<T> Event<T> {
    pub fn new() -> Event<T> {}
    #[effect(wakes)]
    pub fn notify<N>(&self, n: N) -> usize {}
    #[effect(wakes)]
    pub fn notify_relaxed(&self, n: usize) -> usize {}
    #[effect(wakes)]
    pub fn notify_additional(&self, n: usize) -> usize {}
    #[effect(wakes)]
    pub fn notify_additional_relaxed(&self, n: usize) -> usize {}
    pub fn listen(&self) -> EventListener<T> {}
    pub fn is_notified(&self) -> bool {}
    pub fn total_listeners(&self) -> usize {}
}
impl<T> Default for Event<T> {
    fn default() -> Event<T> {}
}
pub struct EventListener<T = ()>(T);
pub trait Listener<T = ()> {
    #[effect(blocks(park))]
    fn wait(self) -> T {}
    #[effect(blocks(park), timed)]
    fn wait_timeout(self, timeout: Duration) -> Option<T> {}
    #[effect(blocks(park), timed)]
    fn wait_deadline(self, deadline: Instant) -> Option<T> {}
    fn discard(self) -> bool {}
}
impl<T> Listener<T> for EventListener<T> {}
impl<T> Future for EventListener<T> {
    type Output = T;
    #[effect(blocks(park), is_async)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context) -> Poll<T> {}
}
