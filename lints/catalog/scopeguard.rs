//! scopeguard.

use std::ops::{Deref, DerefMut};

// Runs its closure when it is dropped.
#[effect(scope_guard)]
pub struct ScopeGuard<T, F>(T, F);
impl<T, F> ScopeGuard<T, F> {
    pub fn into_inner(guard: Self) -> T {}
}
impl<T, F> Deref for ScopeGuard<T, F> {
    type Target = T;
}
impl<T, F> DerefMut for ScopeGuard<T, F> {}
pub fn guard<T, F: FnOnce(T)>(v: T, dropfn: F) -> ScopeGuard<T, F> {}
pub fn guard_on_unwind<T, F: FnOnce(T)>(v: T, dropfn: F) -> ScopeGuard<T, F> {}
