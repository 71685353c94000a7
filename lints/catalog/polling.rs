//! polling: readiness of sockets; only `wait` waits.

use std::io;
use std::time::{Duration, Instant};

pub struct Poller;
impl Poller {
    pub fn new() -> io::Result<Poller> {}
    pub unsafe fn add<S>(&self, source: S, interest: Event) -> io::Result<()> {}
    pub unsafe fn add_with_mode<S>(&self, source: S, interest: Event, mode: PollMode) -> io::Result<()> {}
    pub fn modify<S>(&self, source: S, interest: Event) -> io::Result<()> {}
    pub fn modify_with_mode<S>(&self, source: S, interest: Event, mode: PollMode) -> io::Result<()> {}
    pub fn delete<S>(&self, source: S) -> io::Result<()> {}
    // `None` waits for ever.
    #[effect(blocks(poll), timed_by(1))]
    pub fn wait(&self, events: &mut Events, timeout: Option<Duration>) -> io::Result<usize> {}
    #[effect(blocks(poll), timed)]
    pub fn wait_deadline(&self, events: &mut Events, deadline: Instant) -> io::Result<usize> {}
    #[effect(wakes)]
    pub fn notify(&self) -> io::Result<()> {}
}
pub enum PollMode {
    Oneshot,
    Level,
    Edge,
    EdgeOneshot,
}
pub struct Event {
    pub key: usize,
    pub readable: bool,
    pub writable: bool,
}
impl Event {
    pub fn all(key: usize) -> Event {}
    pub fn readable(key: usize) -> Event {}
    pub fn writable(key: usize) -> Event {}
    pub fn none(key: usize) -> Event {}
}
pub struct Events;
impl Events {
    pub fn new() -> Events {}
    pub fn iter(&self) -> std::iter::Iter<Event> {}
    pub fn clear(&mut self) {}
    pub fn len(&self) -> usize {}
    pub fn is_empty(&self) -> bool {}
}
