//! smol.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pub use ::async_channel as channel;
pub use ::async_lock as lock;

#[effect(spawns(0, task))]
pub fn spawn<T, F: Future<Output = T>>(future: F) -> Task<T> {}
#[effect(runs_async(0))]
pub fn block_on<T, F: Future<Output = T>>(future: F) -> T {}
#[effect(spawns(0, pool))]
pub fn unblock<T, F: FnOnce() -> T>(f: F) -> Task<T> {}

// Cancels when dropped.
#[effect(handle_set(task))]
pub struct Task<T>(T);
impl<T> Task<T> {
    #[effect(detaches)]
    pub fn detach(self) {}
    #[effect(aborts, joins)]
    pub async fn cancel(self) -> Option<T> {}
    #[effect(observes)]
    pub fn is_finished(&self) -> bool {}
}
impl<T> Future for Task<T> {
    type Output = T;
    #[effect(joins)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context) -> Poll<T> {}
}

pub struct Executor;
impl Executor {
    pub fn new() -> Executor {}
    #[effect(spawns(0, task))]
    pub fn spawn<T, F: Future<Output = T>>(&self, future: F) -> Task<T> {}
    pub fn try_tick(&self) -> bool {}
    #[effect(blocks(poll))]
    pub async fn tick(&self) {}
    #[effect(runs_async(0))]
    pub async fn run<T, F: Future<Output = T>>(&self, future: F) -> T {}
}
pub type LocalExecutor = Executor;
pub struct Timer;
impl Timer {
    #[effect(blocks(sleep), timed, is_async)]
    pub fn after(duration: std::time::Duration) -> Timer {}
}
impl Future for Timer {
    type Output = std::time::Instant;
}
