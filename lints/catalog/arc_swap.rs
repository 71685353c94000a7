//! arc-swap: an `Arc` behind an atomic pointer; nothing waits.

use std::ops::Deref;
use std::sync::Arc;

#[effect(interior)]
pub struct ArcSwapAny<T>(T);
impl<T> ArcSwapAny<T> {
    pub fn new(val: T) -> ArcSwapAny<T> {}
    pub fn into_inner(self) -> T {}
    #[effect(aliases)]
    pub fn load(&self) -> Guard<T> {}
    #[effect(aliases)]
    pub fn load_full(&self) -> T {}
    #[effect(puts(0))]
    pub fn store(&self, val: T) {}
    #[effect(puts(0), takes)]
    pub fn swap(&self, new: T) -> T {}
    #[effect(puts(1))]
    pub fn compare_and_swap<C>(&self, current: C, new: T) -> Guard<T> {}
    #[effect(puts_result(0))]
    pub fn rcu<R, F: FnMut(&T) -> R>(&self, f: F) -> T {}
}
impl<T> ArcSwapAny<Arc<T>> {
    pub fn from_pointee(val: T) -> ArcSwapAny<Arc<T>> {}
}
impl<T> ArcSwapAny<Option<Arc<T>>> {
    pub fn from_pointee(val: T) -> ArcSwapAny<Option<Arc<T>>> {}
    pub fn empty() -> ArcSwapAny<Option<Arc<T>>> {}
}
pub type ArcSwap<T> = ArcSwapAny<Arc<T>>;
pub type ArcSwapOption<T> = ArcSwapAny<Option<Arc<T>>>;

// Not a lock guard: a writer does not wait for it.
pub struct Guard<T>(T);
impl<T> Guard<T> {
    pub fn into_inner(lease: Guard<T>) -> T {}
}
impl<T> Deref for Guard<T> {
    type Target = T;
}
pub struct Cache<A, T>(A, T);
impl<A, T> Cache<A, T> {
    pub fn new(arc_swap: A) -> Cache<A, T> {}
    pub fn load(&mut self) -> &T {}
}
