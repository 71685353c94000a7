//! thread_local: one value a thread, in a struct of its own.

use std::iter::Iter;

#[effect(interior, thread_local)]
pub struct ThreadLocal<T>(T);
impl<T> ThreadLocal<T> {
    pub fn new() -> ThreadLocal<T> {}
    pub fn with_capacity(capacity: usize) -> ThreadLocal<T> {}
    pub fn get(&self) -> Option<&T> {}
    #[effect(runs(0))]
    pub fn get_or<F: FnOnce() -> T>(&self, create: F) -> &T {}
    #[effect(runs(0))]
    pub fn get_or_try<F: FnOnce() -> Result<T, E>, E>(&self, create: F) -> Result<&T, E> {}
    pub fn get_or_default(&self) -> &T {}
    pub fn iter(&self) -> Iter<&T> {}
    pub fn iter_mut(&mut self) -> Iter<&mut T> {}
    pub fn clear(&mut self) {}
}
impl<T> Default for ThreadLocal<T> {
    fn default() -> ThreadLocal<T> {}
}
pub type CachedThreadLocal<T> = ThreadLocal<T>;
