//! scopeguard.

use std::ops::{Deref, DerefMut};

#[effect(scope_guard)]
pub struct ScopeGuard<T, F, S = Always>(T, F);
pub struct Always;
#[effect(stores(1))]
pub fn guard<T, F: FnOnce(T)>(v: T, dropfn: F) -> ScopeGuard<T, F> {}
#[effect(stores(1))]
pub fn guard_on_success<T, F: FnOnce(T)>(v: T, dropfn: F) -> ScopeGuard<T, F> {}
#[effect(stores(1))]
pub fn guard_on_unwind<T, F: FnOnce(T)>(v: T, dropfn: F) -> ScopeGuard<T, F> {}
impl<T, F: FnOnce(T), S> ScopeGuard<T, F, S> {
    #[effect(stores(1))]
    pub fn with_strategy(v: T, dropfn: F) -> ScopeGuard<T, F, S> {}
    // Its closure does not run then.
    pub fn into_inner(guard: ScopeGuard<T, F, S>) -> T {}
}
impl<T, F, S> Deref for ScopeGuard<T, F, S> {
    type Target = T;
}
impl<T, F, S> DerefMut for ScopeGuard<T, F, S> {}
