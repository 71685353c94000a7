//! atomic-waker.

use std::task::Waker;

#[effect(interior)]
pub struct AtomicWaker;
impl AtomicWaker {
    pub fn new() -> AtomicWaker {}
    pub fn register(&self, waker: &Waker) {}
    #[effect(wakes)]
    pub fn wake(&self) {}
    pub fn take(&self) -> Option<Waker> {}
}
