//! async-executor: tasks that run where `run` or `tick` is awaited.

use std::future::Future;

pub use ::async_task::{FallibleTask, Task};

pub struct Executor;
impl Executor {
    pub fn new() -> Executor {}
    pub fn is_empty(&self) -> bool {}
    #[effect(spawns(0, task))]
    pub fn spawn<T, F: Future<Output = T>>(&self, future: F) -> Task<T> {}
    pub fn try_tick(&self) -> bool {}
    #[effect(blocks(poll))]
    pub async fn tick(&self) {}
    #[effect(runs_async(0))]
    pub async fn run<T, F: Future<Output = T>>(&self, future: F) -> T {}
}
impl Default for Executor {
    fn default() -> Executor {}
}
pub type LocalExecutor = Executor;
