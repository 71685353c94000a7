//! fd-lock: a lock on a file, with guards.

use std::io;
use std::ops::{Deref, DerefMut};

#[effect(lock(file))]
pub struct RwLock<T>(T);
impl<T> RwLock<T> {
    pub fn new(inner: T) -> RwLock<T> {}
    pub fn into_inner(self) -> T {}
    #[effect(acquires(shared, blocking))]
    pub fn read(&self) -> io::Result<RwLockReadGuard<T>> {}
    #[effect(acquires(shared, try))]
    pub fn try_read(&self) -> io::Result<RwLockReadGuard<T>> {}
    #[effect(acquires(exclusive, blocking))]
    pub fn write(&mut self) -> io::Result<RwLockWriteGuard<T>> {}
    #[effect(acquires(exclusive, try))]
    pub fn try_write(&mut self) -> io::Result<RwLockWriteGuard<T>> {}
}
#[effect(guard(shared))]
pub struct RwLockReadGuard<T>(T);
impl<T> Deref for RwLockReadGuard<T> {
    type Target = T;
}
#[effect(guard(exclusive))]
pub struct RwLockWriteGuard<T>(T);
impl<T> Deref for RwLockWriteGuard<T> {
    type Target = T;
}
impl<T> DerefMut for RwLockWriteGuard<T> {}
