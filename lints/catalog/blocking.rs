//! blocking: a pool of threads for what blocks.

use ::async_task::Task;

#[effect(spawns(0, pool))]
pub fn unblock<T, F: FnOnce() -> T>(f: F) -> Task<T> {}
pub struct Unblock<T>(T);
impl<T> Unblock<T> {
    pub fn new(io: T) -> Unblock<T> {}
    pub async fn into_inner(self) -> T {}
    #[effect(runs(0))]
    pub async fn with_mut<R, F: FnOnce(&mut T) -> R>(&mut self, op: F) -> R {}
}
