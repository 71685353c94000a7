//! lock_api: the locks that parking_lot, spin and others are built from, generic over the raw lock.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::{Duration, Instant};

// 0.5 hands a token from `lock` to `unlock`; 0.4 has none: an extra argument changes nothing.
pub trait RawMutex {
    type GuardMarker;
    type Token;
    #[effect(acquires(exclusive, blocking, raw))]
    fn lock(&self) -> Self::Token {}
    #[effect(acquires(exclusive, try, raw))]
    fn try_lock(&self) -> bool {}
    #[effect(releases(exclusive))]
    unsafe fn unlock(&self) {}
    fn is_locked(&self) -> bool {}
}
pub trait RawMutexFair: RawMutex {
    #[effect(releases(exclusive))]
    unsafe fn unlock_fair(&self) {}
    unsafe fn bump(&self) {}
}
pub trait RawMutexTimed: RawMutex {
    type Duration;
    type Instant;
    #[effect(acquires(exclusive, timed, raw))]
    fn try_lock_for(&self, timeout: Self::Duration) -> bool {}
    #[effect(acquires(exclusive, timed, raw))]
    fn try_lock_until(&self, timeout: Self::Instant) -> bool {}
}
pub trait RawRwLock {
    type GuardMarker;
    type SharedToken;
    type ExclusiveToken;
    #[effect(acquires(shared, blocking, raw))]
    fn lock_shared(&self) -> Self::SharedToken {}
    #[effect(acquires(shared, try, raw))]
    fn try_lock_shared(&self) -> bool {}
    #[effect(releases(shared))]
    unsafe fn unlock_shared(&self) {}
    #[effect(acquires(exclusive, blocking, raw))]
    fn lock_exclusive(&self) -> Self::ExclusiveToken {}
    #[effect(acquires(exclusive, try, raw))]
    fn try_lock_exclusive(&self) -> bool {}
    #[effect(releases(exclusive))]
    unsafe fn unlock_exclusive(&self) {}
    fn is_locked(&self) -> bool {}
}
pub trait RawRwLockFair: RawRwLock {
    #[effect(releases(shared))]
    unsafe fn unlock_shared_fair(&self) {}
    #[effect(releases(exclusive))]
    unsafe fn unlock_exclusive_fair(&self) {}
}
pub trait RawRwLockDowngrade: RawRwLock {
    unsafe fn downgrade(&self) {}
}
pub trait RawRwLockTimed: RawRwLock {
    type Duration;
    type Instant;
    #[effect(acquires(shared, timed, raw))]
    fn try_lock_shared_for(&self, timeout: Self::Duration) -> bool {}
    #[effect(acquires(exclusive, timed, raw))]
    fn try_lock_exclusive_for(&self, timeout: Self::Duration) -> bool {}
}
pub trait RawRwLockRecursive: RawRwLock {
    #[effect(acquires(shared, blocking, raw), recursive)]
    fn lock_shared_recursive(&self) {}
    #[effect(acquires(shared, try, raw), recursive)]
    fn try_lock_shared_recursive(&self) -> bool {}
}
pub trait RawRwLockUpgrade: RawRwLock {
    #[effect(acquires(upgradable, blocking, raw))]
    fn lock_upgradable(&self) {}
    #[effect(acquires(upgradable, try, raw))]
    fn try_lock_upgradable(&self) -> bool {}
    #[effect(releases(upgradable))]
    unsafe fn unlock_upgradable(&self) {}
    unsafe fn upgrade(&self) {}
}
pub trait GetThreadId {
    fn nonzero_thread_id(&self) -> usize {}
}
pub struct GuardSend;
pub struct GuardNoSend;

#[effect(lock(mutex), interior)]
pub struct Mutex<R, T: ?Sized>(R, T);
impl<R, T> Mutex<R, T> {
    pub fn new(val: T) -> Mutex<R, T> {}
    pub fn into_inner(self) -> T {}
}
impl<R, T> From<T> for Mutex<R, T> {
    fn from(t: T) -> Mutex<R, T> {}
}
impl<R, T: ?Sized> Mutex<R, T> {
    #[effect(acquires(exclusive, blocking))]
    pub fn lock(&self) -> MutexGuard<R, T> {}
    #[effect(acquires(exclusive, try))]
    pub fn try_lock(&self) -> Option<MutexGuard<R, T>> {}
    #[effect(acquires(exclusive, timed))]
    pub fn try_lock_for(&self, timeout: Duration) -> Option<MutexGuard<R, T>> {}
    #[effect(acquires(exclusive, timed))]
    pub fn try_lock_until(&self, timeout: Instant) -> Option<MutexGuard<R, T>> {}
    #[effect(acquires(exclusive, blocking))]
    pub fn lock_arc(self: &Arc<Self>) -> ArcMutexGuard<R, T> {}
    #[effect(acquires(exclusive, try))]
    pub fn try_lock_arc(self: &Arc<Self>) -> Option<ArcMutexGuard<R, T>> {}
    #[effect(aliases)]
    pub fn get_mut(&mut self) -> &mut T {}
    pub fn is_locked(&self) -> bool {}
    #[effect(releases(exclusive))]
    pub unsafe fn force_unlock(&self) {}
    #[effect(releases(exclusive))]
    pub unsafe fn force_unlock_fair(&self) {}
    #[effect(aliases)]
    pub unsafe fn raw(&self) -> &R {}
    pub fn data_ptr(&self) -> *mut T {}
}

#[effect(guard(exclusive), linted)]
pub struct MutexGuard<R, T: ?Sized>(R, T);
impl<R, T: ?Sized> MutexGuard<R, T> {
    #[effect(maps_guard(0))]
    pub fn map<U: ?Sized, F: FnOnce(&mut T) -> &mut U>(s: Self, f: F) -> MappedMutexGuard<R, U> {}
    #[effect(maps_guard(0))]
    pub fn try_map<U: ?Sized, F: FnOnce(&mut T) -> Option<&mut U>>(
        s: Self,
        f: F,
    ) -> Result<MappedMutexGuard<R, U>, Self> {
    }
    #[effect(drops(0))]
    pub fn unlock_fair(s: Self) {}
    // The lock is free while the closure runs.
    #[effect(unlocks_while(1))]
    pub fn unlocked<F: FnOnce() -> U, U>(s: &mut Self, f: F) -> U {}
    #[effect(unlocks_while(1))]
    pub fn unlocked_fair<F: FnOnce() -> U, U>(s: &mut Self, f: F) -> U {}
    // Gives the lock to a waiter and takes it again.
    pub fn bump(s: &mut Self) {}
}
impl<R, T: ?Sized> Deref for MutexGuard<R, T> {
    type Target = T;
}
impl<R, T: ?Sized> DerefMut for MutexGuard<R, T> {}

#[effect(guard(exclusive))]
pub struct ArcMutexGuard<R, T: ?Sized>(R, T);
impl<R, T: ?Sized> ArcMutexGuard<R, T> {
    #[effect(drops(0))]
    pub fn unlock_fair(s: Self) {}
    // The lock is free while the closure runs.
    #[effect(unlocks_while(1))]
    pub fn unlocked<F: FnOnce() -> U, U>(s: &mut Self, f: F) -> U {}
    #[effect(unlocks_while(1))]
    pub fn unlocked_fair<F: FnOnce() -> U, U>(s: &mut Self, f: F) -> U {}
    // Gives the lock to a waiter and takes it again.
    pub fn bump(s: &mut Self) {}
}
impl<R, T: ?Sized> Deref for ArcMutexGuard<R, T> {
    type Target = T;
}
impl<R, T: ?Sized> DerefMut for ArcMutexGuard<R, T> {}

#[effect(guard(exclusive))]
pub struct MappedMutexGuard<R, T: ?Sized>(R, T);
impl<R, T: ?Sized> MappedMutexGuard<R, T> {
    #[effect(maps_guard(0))]
    pub fn map<U: ?Sized, F: FnOnce(&mut T) -> &mut U>(s: Self, f: F) -> MappedMutexGuard<R, U> {}
    #[effect(maps_guard(0))]
    pub fn try_map<U: ?Sized, F: FnOnce(&mut T) -> Option<&mut U>>(
        s: Self,
        f: F,
    ) -> Result<MappedMutexGuard<R, U>, Self> {
    }
    #[effect(drops(0))]
    pub fn unlock_fair(s: Self) {}
}
impl<R, T: ?Sized> Deref for MappedMutexGuard<R, T> {
    type Target = T;
}
impl<R, T: ?Sized> DerefMut for MappedMutexGuard<R, T> {}

#[effect(lock(reentrant), interior)]
pub struct ReentrantMutex<R, T: ?Sized>(R, T);
impl<R, T> ReentrantMutex<R, T> {
    pub fn new(val: T) -> ReentrantMutex<R, T> {}
    pub fn into_inner(self) -> T {}
}
impl<R, T> From<T> for ReentrantMutex<R, T> {
    fn from(t: T) -> ReentrantMutex<R, T> {}
}
impl<R, T: ?Sized> ReentrantMutex<R, T> {
    #[effect(acquires(exclusive, blocking))]
    pub fn lock(&self) -> ReentrantMutexGuard<R, T> {}
    #[effect(acquires(exclusive, try))]
    pub fn try_lock(&self) -> Option<ReentrantMutexGuard<R, T>> {}
    #[effect(acquires(exclusive, timed))]
    pub fn try_lock_for(&self, timeout: Duration) -> Option<ReentrantMutexGuard<R, T>> {}
    #[effect(acquires(exclusive, timed))]
    pub fn try_lock_until(&self, timeout: Instant) -> Option<ReentrantMutexGuard<R, T>> {}
    #[effect(acquires(exclusive, blocking))]
    pub fn lock_arc(self: &Arc<Self>) -> ArcReentrantMutexGuard<R, T> {}
    #[effect(acquires(exclusive, try))]
    pub fn try_lock_arc(self: &Arc<Self>) -> Option<ArcReentrantMutexGuard<R, T>> {}
    #[effect(aliases)]
    pub fn get_mut(&mut self) -> &mut T {}
    pub fn is_locked(&self) -> bool {}
    #[effect(releases(exclusive))]
    pub unsafe fn force_unlock(&self) {}
    #[effect(releases(exclusive))]
    pub unsafe fn force_unlock_fair(&self) {}
    #[effect(aliases)]
    pub unsafe fn raw(&self) -> &R {}
    pub fn data_ptr(&self) -> *mut T {}
}

#[effect(guard(exclusive))]
pub struct ReentrantMutexGuard<R, T: ?Sized>(R, T);
impl<R, T: ?Sized> ReentrantMutexGuard<R, T> {
    #[effect(maps_guard(0))]
    pub fn map<U: ?Sized, F: FnOnce(&T) -> &U>(s: Self, f: F) -> MappedReentrantMutexGuard<R, U> {}
    #[effect(maps_guard(0))]
    pub fn try_map<U: ?Sized, F: FnOnce(&T) -> Option<&U>>(
        s: Self,
        f: F,
    ) -> Result<MappedReentrantMutexGuard<R, U>, Self> {
    }
    #[effect(drops(0))]
    pub fn unlock_fair(s: Self) {}
    // The lock is free while the closure runs.
    #[effect(unlocks_while(1))]
    pub fn unlocked<F: FnOnce() -> U, U>(s: &mut Self, f: F) -> U {}
    #[effect(unlocks_while(1))]
    pub fn unlocked_fair<F: FnOnce() -> U, U>(s: &mut Self, f: F) -> U {}
    // Gives the lock to a waiter and takes it again.
    pub fn bump(s: &mut Self) {}
}
impl<R, T: ?Sized> Deref for ReentrantMutexGuard<R, T> {
    type Target = T;
}

#[effect(guard(exclusive))]
pub struct ArcReentrantMutexGuard<R, T: ?Sized>(R, T);
impl<R, T: ?Sized> ArcReentrantMutexGuard<R, T> {
    #[effect(drops(0))]
    pub fn unlock_fair(s: Self) {}
    // The lock is free while the closure runs.
    #[effect(unlocks_while(1))]
    pub fn unlocked<F: FnOnce() -> U, U>(s: &mut Self, f: F) -> U {}
    #[effect(unlocks_while(1))]
    pub fn unlocked_fair<F: FnOnce() -> U, U>(s: &mut Self, f: F) -> U {}
    // Gives the lock to a waiter and takes it again.
    pub fn bump(s: &mut Self) {}
}
impl<R, T: ?Sized> Deref for ArcReentrantMutexGuard<R, T> {
    type Target = T;
}

#[effect(guard(exclusive))]
pub struct MappedReentrantMutexGuard<R, T: ?Sized>(R, T);
impl<R, T: ?Sized> MappedReentrantMutexGuard<R, T> {
    #[effect(maps_guard(0))]
    pub fn map<U: ?Sized, F: FnOnce(&T) -> &U>(s: Self, f: F) -> MappedReentrantMutexGuard<R, U> {}
    #[effect(maps_guard(0))]
    pub fn try_map<U: ?Sized, F: FnOnce(&T) -> Option<&U>>(
        s: Self,
        f: F,
    ) -> Result<MappedReentrantMutexGuard<R, U>, Self> {
    }
    #[effect(drops(0))]
    pub fn unlock_fair(s: Self) {}
}
impl<R, T: ?Sized> Deref for MappedReentrantMutexGuard<R, T> {
    type Target = T;
}

#[effect(lock(rwlock), interior)]
pub struct RwLock<R, T: ?Sized>(R, T);
impl<R, T> RwLock<R, T> {
    pub fn new(val: T) -> RwLock<R, T> {}
    pub fn into_inner(self) -> T {}
}
impl<R, T> From<T> for RwLock<R, T> {
    fn from(t: T) -> RwLock<R, T> {}
}
impl<R, T: ?Sized> RwLock<R, T> {
    #[effect(acquires(shared, blocking))]
    pub fn read(&self) -> RwLockReadGuard<R, T> {}
    #[effect(acquires(shared, try))]
    pub fn try_read(&self) -> Option<RwLockReadGuard<R, T>> {}
    #[effect(acquires(shared, timed))]
    pub fn try_read_for(&self, timeout: Duration) -> Option<RwLockReadGuard<R, T>> {}
    #[effect(acquires(shared, timed))]
    pub fn try_read_until(&self, timeout: Instant) -> Option<RwLockReadGuard<R, T>> {}
    #[effect(acquires(shared, blocking))]
    pub fn read_arc(self: &Arc<Self>) -> ArcRwLockReadGuard<R, T> {}
    #[effect(acquires(shared, try))]
    pub fn try_read_arc(self: &Arc<Self>) -> Option<ArcRwLockReadGuard<R, T>> {}
    #[effect(acquires(shared, blocking), recursive)]
    pub fn read_recursive(&self) -> RwLockReadGuard<R, T> {}
    #[effect(acquires(shared, try), recursive)]
    pub fn try_read_recursive(&self) -> Option<RwLockReadGuard<R, T>> {}
    #[effect(acquires(shared, timed), recursive)]
    pub fn try_read_recursive_for(&self, timeout: Duration) -> Option<RwLockReadGuard<R, T>> {}
    #[effect(acquires(shared, timed), recursive)]
    pub fn try_read_recursive_until(&self, timeout: Instant) -> Option<RwLockReadGuard<R, T>> {}
    #[effect(acquires(shared, blocking), recursive)]
    pub fn read_recursive_arc(self: &Arc<Self>) -> ArcRwLockReadGuard<R, T> {}
    #[effect(acquires(shared, try), recursive)]
    pub fn try_read_recursive_arc(self: &Arc<Self>) -> Option<ArcRwLockReadGuard<R, T>> {}
    #[effect(acquires(exclusive, blocking))]
    pub fn write(&self) -> RwLockWriteGuard<R, T> {}
    #[effect(acquires(exclusive, try))]
    pub fn try_write(&self) -> Option<RwLockWriteGuard<R, T>> {}
    #[effect(acquires(exclusive, timed))]
    pub fn try_write_for(&self, timeout: Duration) -> Option<RwLockWriteGuard<R, T>> {}
    #[effect(acquires(exclusive, timed))]
    pub fn try_write_until(&self, timeout: Instant) -> Option<RwLockWriteGuard<R, T>> {}
    #[effect(acquires(exclusive, blocking))]
    pub fn write_arc(self: &Arc<Self>) -> ArcRwLockWriteGuard<R, T> {}
    #[effect(acquires(exclusive, try))]
    pub fn try_write_arc(self: &Arc<Self>) -> Option<ArcRwLockWriteGuard<R, T>> {}
    #[effect(acquires(upgradable, blocking))]
    pub fn upgradable_read(&self) -> RwLockUpgradableReadGuard<R, T> {}
    #[effect(acquires(upgradable, try))]
    pub fn try_upgradable_read(&self) -> Option<RwLockUpgradableReadGuard<R, T>> {}
    #[effect(acquires(upgradable, timed))]
    pub fn try_upgradable_read_for(&self, timeout: Duration) -> Option<RwLockUpgradableReadGuard<R, T>> {}
    #[effect(acquires(upgradable, timed))]
    pub fn try_upgradable_read_until(&self, timeout: Instant) -> Option<RwLockUpgradableReadGuard<R, T>> {}
    #[effect(acquires(upgradable, blocking))]
    pub fn upgradable_read_arc(self: &Arc<Self>) -> ArcRwLockUpgradableReadGuard<R, T> {}
    #[effect(acquires(upgradable, try))]
    pub fn try_upgradable_read_arc(self: &Arc<Self>) -> Option<ArcRwLockUpgradableReadGuard<R, T>> {}
    #[effect(aliases)]
    pub fn get_mut(&mut self) -> &mut T {}
    pub fn is_locked(&self) -> bool {}
    pub fn is_locked_exclusive(&self) -> bool {}
    #[effect(releases(shared))]
    pub unsafe fn force_unlock_read(&self) {}
    #[effect(releases(exclusive))]
    pub unsafe fn force_unlock_write(&self) {}
    #[effect(aliases)]
    pub unsafe fn raw(&self) -> &R {}
    pub fn data_ptr(&self) -> *mut T {}
}

#[effect(guard(shared), linted)]
pub struct RwLockReadGuard<R, T: ?Sized>(R, T);
impl<R, T: ?Sized> RwLockReadGuard<R, T> {
    #[effect(maps_guard(0))]
    pub fn map<U: ?Sized, F: FnOnce(&T) -> &U>(s: Self, f: F) -> MappedRwLockReadGuard<R, U> {}
    #[effect(maps_guard(0))]
    pub fn try_map<U: ?Sized, F: FnOnce(&T) -> Option<&U>>(s: Self, f: F) -> Result<MappedRwLockReadGuard<R, U>, Self> {
    }
    #[effect(drops(0))]
    pub fn unlock_fair(s: Self) {}
    // The lock is free while the closure runs.
    #[effect(unlocks_while(1))]
    pub fn unlocked<F: FnOnce() -> U, U>(s: &mut Self, f: F) -> U {}
    #[effect(unlocks_while(1))]
    pub fn unlocked_fair<F: FnOnce() -> U, U>(s: &mut Self, f: F) -> U {}
    // Gives the lock to a waiter and takes it again.
    pub fn bump(s: &mut Self) {}
}
impl<R, T: ?Sized> Deref for RwLockReadGuard<R, T> {
    type Target = T;
}

#[effect(guard(exclusive), linted)]
pub struct RwLockWriteGuard<R, T: ?Sized>(R, T);
impl<R, T: ?Sized> RwLockWriteGuard<R, T> {
    #[effect(maps_guard(0))]
    pub fn map<U: ?Sized, F: FnOnce(&mut T) -> &mut U>(s: Self, f: F) -> MappedRwLockWriteGuard<R, U> {}
    #[effect(maps_guard(0))]
    pub fn try_map<U: ?Sized, F: FnOnce(&mut T) -> Option<&mut U>>(
        s: Self,
        f: F,
    ) -> Result<MappedRwLockWriteGuard<R, U>, Self> {
    }
    #[effect(downgrades_guard)]
    pub fn downgrade(s: Self) -> RwLockReadGuard<R, T> {}
    #[effect(downgrades_guard)]
    pub fn downgrade_to_upgradable(s: Self) -> RwLockUpgradableReadGuard<R, T> {}
    #[effect(drops(0))]
    pub fn unlock_fair(s: Self) {}
    // The lock is free while the closure runs.
    #[effect(unlocks_while(1))]
    pub fn unlocked<F: FnOnce() -> U, U>(s: &mut Self, f: F) -> U {}
    #[effect(unlocks_while(1))]
    pub fn unlocked_fair<F: FnOnce() -> U, U>(s: &mut Self, f: F) -> U {}
    // Gives the lock to a waiter and takes it again.
    pub fn bump(s: &mut Self) {}
}
impl<R, T: ?Sized> Deref for RwLockWriteGuard<R, T> {
    type Target = T;
}
impl<R, T: ?Sized> DerefMut for RwLockWriteGuard<R, T> {}

#[effect(guard(upgradable))]
pub struct RwLockUpgradableReadGuard<R, T: ?Sized>(R, T);
impl<R, T: ?Sized> RwLockUpgradableReadGuard<R, T> {
    #[effect(upgrades_guard(blocking))]
    pub fn upgrade(s: Self) -> RwLockWriteGuard<R, T> {}
    #[effect(upgrades_guard(try))]
    pub fn try_upgrade(s: Self) -> Result<RwLockWriteGuard<R, T>, Self> {}
    #[effect(upgrades_guard(timed))]
    pub fn try_upgrade_for(s: Self, timeout: Duration) -> Result<RwLockWriteGuard<R, T>, Self> {}
    #[effect(downgrades_guard)]
    pub fn downgrade(s: Self) -> RwLockReadGuard<R, T> {}
    #[effect(runs(0))]
    pub fn with_upgraded<Ret, F: FnOnce(&mut T) -> Ret>(&mut self, f: F) -> Ret {}
    #[effect(drops(0))]
    pub fn unlock_fair(s: Self) {}
    // The lock is free while the closure runs.
    #[effect(unlocks_while(1))]
    pub fn unlocked<F: FnOnce() -> U, U>(s: &mut Self, f: F) -> U {}
    #[effect(unlocks_while(1))]
    pub fn unlocked_fair<F: FnOnce() -> U, U>(s: &mut Self, f: F) -> U {}
    // Gives the lock to a waiter and takes it again.
    pub fn bump(s: &mut Self) {}
}
impl<R, T: ?Sized> Deref for RwLockUpgradableReadGuard<R, T> {
    type Target = T;
}

#[effect(guard(shared))]
pub struct MappedRwLockReadGuard<R, T: ?Sized>(R, T);
impl<R, T: ?Sized> MappedRwLockReadGuard<R, T> {
    #[effect(maps_guard(0))]
    pub fn map<U: ?Sized, F: FnOnce(&T) -> &U>(s: Self, f: F) -> MappedRwLockReadGuard<R, U> {}
    #[effect(maps_guard(0))]
    pub fn try_map<U: ?Sized, F: FnOnce(&T) -> Option<&U>>(s: Self, f: F) -> Result<MappedRwLockReadGuard<R, U>, Self> {
    }
}
impl<R, T: ?Sized> Deref for MappedRwLockReadGuard<R, T> {
    type Target = T;
}

#[effect(guard(exclusive))]
pub struct MappedRwLockWriteGuard<R, T: ?Sized>(R, T);
impl<R, T: ?Sized> MappedRwLockWriteGuard<R, T> {
    #[effect(maps_guard(0))]
    pub fn map<U: ?Sized, F: FnOnce(&mut T) -> &mut U>(s: Self, f: F) -> MappedRwLockWriteGuard<R, U> {}
    #[effect(maps_guard(0))]
    pub fn try_map<U: ?Sized, F: FnOnce(&mut T) -> Option<&mut U>>(
        s: Self,
        f: F,
    ) -> Result<MappedRwLockWriteGuard<R, U>, Self> {
    }
}
impl<R, T: ?Sized> Deref for MappedRwLockWriteGuard<R, T> {
    type Target = T;
}
impl<R, T: ?Sized> DerefMut for MappedRwLockWriteGuard<R, T> {}

#[effect(guard(shared))]
pub struct ArcRwLockReadGuard<R, T: ?Sized>(R, T);
impl<R, T: ?Sized> ArcRwLockReadGuard<R, T> {
    #[effect(drops(0))]
    pub fn unlock_fair(s: Self) {}
    // The lock is free while the closure runs.
    #[effect(unlocks_while(1))]
    pub fn unlocked<F: FnOnce() -> U, U>(s: &mut Self, f: F) -> U {}
    #[effect(unlocks_while(1))]
    pub fn unlocked_fair<F: FnOnce() -> U, U>(s: &mut Self, f: F) -> U {}
    // Gives the lock to a waiter and takes it again.
    pub fn bump(s: &mut Self) {}
}
impl<R, T: ?Sized> Deref for ArcRwLockReadGuard<R, T> {
    type Target = T;
}

#[effect(guard(exclusive))]
pub struct ArcRwLockWriteGuard<R, T: ?Sized>(R, T);
impl<R, T: ?Sized> ArcRwLockWriteGuard<R, T> {
    #[effect(downgrades_guard)]
    pub fn downgrade(s: Self) -> ArcRwLockReadGuard<R, T> {}
    #[effect(drops(0))]
    pub fn unlock_fair(s: Self) {}
    // The lock is free while the closure runs.
    #[effect(unlocks_while(1))]
    pub fn unlocked<F: FnOnce() -> U, U>(s: &mut Self, f: F) -> U {}
    #[effect(unlocks_while(1))]
    pub fn unlocked_fair<F: FnOnce() -> U, U>(s: &mut Self, f: F) -> U {}
    // Gives the lock to a waiter and takes it again.
    pub fn bump(s: &mut Self) {}
}
impl<R, T: ?Sized> Deref for ArcRwLockWriteGuard<R, T> {
    type Target = T;
}
impl<R, T: ?Sized> DerefMut for ArcRwLockWriteGuard<R, T> {}

#[effect(guard(upgradable))]
pub struct ArcRwLockUpgradableReadGuard<R, T: ?Sized>(R, T);
impl<R, T: ?Sized> ArcRwLockUpgradableReadGuard<R, T> {
    #[effect(upgrades_guard(blocking))]
    pub fn upgrade(s: Self) -> ArcRwLockWriteGuard<R, T> {}
    #[effect(drops(0))]
    pub fn unlock_fair(s: Self) {}
    // The lock is free while the closure runs.
    #[effect(unlocks_while(1))]
    pub fn unlocked<F: FnOnce() -> U, U>(s: &mut Self, f: F) -> U {}
    #[effect(unlocks_while(1))]
    pub fn unlocked_fair<F: FnOnce() -> U, U>(s: &mut Self, f: F) -> U {}
    // Gives the lock to a waiter and takes it again.
    pub fn bump(s: &mut Self) {}
}
impl<R, T: ?Sized> Deref for ArcRwLockUpgradableReadGuard<R, T> {
    type Target = T;
}
