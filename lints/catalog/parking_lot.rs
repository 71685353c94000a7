//! parking_lot: no poisoning. The locks are written out here rather than as aliases of lock_api's, so that messages say
//! `parking_lot::Mutex`.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::{Duration, Instant};

pub use ::lock_api;

#[effect(lock(mutex), interior)]
pub struct Mutex<T: ?Sized>(T);
impl<T> Mutex<T> {
    pub fn new(val: T) -> Mutex<T> {}
    pub fn into_inner(self) -> T {}
}
impl<T> From<T> for Mutex<T> {
    fn from(t: T) -> Mutex<T> {}
}
impl<T: ?Sized> Mutex<T> {
    #[effect(acquires(exclusive, blocking))]
    pub fn lock(&self) -> MutexGuard<T> {}
    #[effect(acquires(exclusive, try))]
    pub fn try_lock(&self) -> Option<MutexGuard<T>> {}
    #[effect(acquires(exclusive, timed))]
    pub fn try_lock_for(&self, timeout: Duration) -> Option<MutexGuard<T>> {}
    #[effect(acquires(exclusive, timed))]
    pub fn try_lock_until(&self, timeout: Instant) -> Option<MutexGuard<T>> {}
    #[effect(acquires(exclusive, blocking))]
    pub fn lock_arc(self: &Arc<Self>) -> ArcMutexGuard<RawMutex, T> {}
    #[effect(acquires(exclusive, try))]
    pub fn try_lock_arc(self: &Arc<Self>) -> Option<ArcMutexGuard<RawMutex, T>> {}
    #[effect(aliases)]
    pub fn get_mut(&mut self) -> &mut T {}
    pub fn is_locked(&self) -> bool {}
    #[effect(releases(exclusive))]
    pub unsafe fn force_unlock(&self) {}
    #[effect(releases(exclusive))]
    pub unsafe fn force_unlock_fair(&self) {}
    #[effect(aliases)]
    pub unsafe fn raw(&self) -> &RawMutex {}
    pub fn data_ptr(&self) -> *mut T {}
}

#[effect(guard(exclusive), linted)]
pub struct MutexGuard<T: ?Sized>(T);
impl<T: ?Sized> MutexGuard<T> {
    #[effect(maps_guard(0))]
    pub fn map<U: ?Sized, F: FnOnce(&mut T) -> &mut U>(s: Self, f: F) -> MappedMutexGuard<U> {}
    #[effect(maps_guard(0))]
    pub fn try_map<U: ?Sized, F: FnOnce(&mut T) -> Option<&mut U>>(s: Self, f: F) -> Result<MappedMutexGuard<U>, Self> {
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
impl<T: ?Sized> Deref for MutexGuard<T> {
    type Target = T;
}
impl<T: ?Sized> DerefMut for MutexGuard<T> {}

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
pub struct MappedMutexGuard<T: ?Sized>(T);
impl<T: ?Sized> MappedMutexGuard<T> {
    #[effect(maps_guard(0))]
    pub fn map<U: ?Sized, F: FnOnce(&mut T) -> &mut U>(s: Self, f: F) -> MappedMutexGuard<U> {}
    #[effect(maps_guard(0))]
    pub fn try_map<U: ?Sized, F: FnOnce(&mut T) -> Option<&mut U>>(s: Self, f: F) -> Result<MappedMutexGuard<U>, Self> {
    }
    #[effect(drops(0))]
    pub fn unlock_fair(s: Self) {}
}
impl<T: ?Sized> Deref for MappedMutexGuard<T> {
    type Target = T;
}
impl<T: ?Sized> DerefMut for MappedMutexGuard<T> {}

#[effect(lock(mutex), interior)]
pub struct FairMutex<T: ?Sized>(T);
impl<T> FairMutex<T> {
    pub fn new(val: T) -> FairMutex<T> {}
    pub fn into_inner(self) -> T {}
}
impl<T> From<T> for FairMutex<T> {
    fn from(t: T) -> FairMutex<T> {}
}
impl<T: ?Sized> FairMutex<T> {
    #[effect(acquires(exclusive, blocking))]
    pub fn lock(&self) -> FairMutexGuard<T> {}
    #[effect(acquires(exclusive, try))]
    pub fn try_lock(&self) -> Option<FairMutexGuard<T>> {}
    #[effect(acquires(exclusive, timed))]
    pub fn try_lock_for(&self, timeout: Duration) -> Option<FairMutexGuard<T>> {}
    #[effect(acquires(exclusive, timed))]
    pub fn try_lock_until(&self, timeout: Instant) -> Option<FairMutexGuard<T>> {}
    #[effect(acquires(exclusive, blocking))]
    pub fn lock_arc(self: &Arc<Self>) -> ArcFairMutexGuard<RawFairMutex, T> {}
    #[effect(acquires(exclusive, try))]
    pub fn try_lock_arc(self: &Arc<Self>) -> Option<ArcFairMutexGuard<RawFairMutex, T>> {}
    #[effect(aliases)]
    pub fn get_mut(&mut self) -> &mut T {}
    pub fn is_locked(&self) -> bool {}
    #[effect(releases(exclusive))]
    pub unsafe fn force_unlock(&self) {}
    #[effect(releases(exclusive))]
    pub unsafe fn force_unlock_fair(&self) {}
    #[effect(aliases)]
    pub unsafe fn raw(&self) -> &RawFairMutex {}
    pub fn data_ptr(&self) -> *mut T {}
}

#[effect(guard(exclusive))]
pub struct FairMutexGuard<T: ?Sized>(T);
impl<T: ?Sized> FairMutexGuard<T> {
    #[effect(maps_guard(0))]
    pub fn map<U: ?Sized, F: FnOnce(&mut T) -> &mut U>(s: Self, f: F) -> MappedMutexGuard<U> {}
    #[effect(maps_guard(0))]
    pub fn try_map<U: ?Sized, F: FnOnce(&mut T) -> Option<&mut U>>(s: Self, f: F) -> Result<MappedMutexGuard<U>, Self> {
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
impl<T: ?Sized> Deref for FairMutexGuard<T> {
    type Target = T;
}
impl<T: ?Sized> DerefMut for FairMutexGuard<T> {}

#[effect(guard(exclusive))]
pub struct ArcFairMutexGuard<R, T: ?Sized>(R, T);
impl<R, T: ?Sized> ArcFairMutexGuard<R, T> {
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
impl<R, T: ?Sized> Deref for ArcFairMutexGuard<R, T> {
    type Target = T;
}
impl<R, T: ?Sized> DerefMut for ArcFairMutexGuard<R, T> {}

#[effect(lock(reentrant), interior)]
pub struct ReentrantMutex<T: ?Sized>(T);
impl<T> ReentrantMutex<T> {
    pub fn new(val: T) -> ReentrantMutex<T> {}
    pub fn into_inner(self) -> T {}
}
impl<T> From<T> for ReentrantMutex<T> {
    fn from(t: T) -> ReentrantMutex<T> {}
}
impl<T: ?Sized> ReentrantMutex<T> {
    #[effect(acquires(exclusive, blocking))]
    pub fn lock(&self) -> ReentrantMutexGuard<T> {}
    #[effect(acquires(exclusive, try))]
    pub fn try_lock(&self) -> Option<ReentrantMutexGuard<T>> {}
    #[effect(acquires(exclusive, timed))]
    pub fn try_lock_for(&self, timeout: Duration) -> Option<ReentrantMutexGuard<T>> {}
    #[effect(acquires(exclusive, timed))]
    pub fn try_lock_until(&self, timeout: Instant) -> Option<ReentrantMutexGuard<T>> {}
    #[effect(acquires(exclusive, blocking))]
    pub fn lock_arc(self: &Arc<Self>) -> ArcReentrantMutexGuard<RawMutex, T> {}
    #[effect(acquires(exclusive, try))]
    pub fn try_lock_arc(self: &Arc<Self>) -> Option<ArcReentrantMutexGuard<RawMutex, T>> {}
    #[effect(aliases)]
    pub fn get_mut(&mut self) -> &mut T {}
    pub fn is_locked(&self) -> bool {}
    #[effect(releases(exclusive))]
    pub unsafe fn force_unlock(&self) {}
    #[effect(releases(exclusive))]
    pub unsafe fn force_unlock_fair(&self) {}
    #[effect(aliases)]
    pub unsafe fn raw(&self) -> &RawMutex {}
    pub fn data_ptr(&self) -> *mut T {}
}

#[effect(guard(exclusive))]
pub struct ReentrantMutexGuard<T: ?Sized>(T);
impl<T: ?Sized> ReentrantMutexGuard<T> {
    #[effect(maps_guard(0))]
    pub fn map<U: ?Sized, F: FnOnce(&T) -> &U>(s: Self, f: F) -> MappedReentrantMutexGuard<U> {}
    #[effect(maps_guard(0))]
    pub fn try_map<U: ?Sized, F: FnOnce(&T) -> Option<&U>>(
        s: Self,
        f: F,
    ) -> Result<MappedReentrantMutexGuard<U>, Self> {
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
impl<T: ?Sized> Deref for ReentrantMutexGuard<T> {
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
pub struct MappedReentrantMutexGuard<T: ?Sized>(T);
impl<T: ?Sized> MappedReentrantMutexGuard<T> {
    #[effect(maps_guard(0))]
    pub fn map<U: ?Sized, F: FnOnce(&T) -> &U>(s: Self, f: F) -> MappedReentrantMutexGuard<U> {}
    #[effect(maps_guard(0))]
    pub fn try_map<U: ?Sized, F: FnOnce(&T) -> Option<&U>>(
        s: Self,
        f: F,
    ) -> Result<MappedReentrantMutexGuard<U>, Self> {
    }
    #[effect(drops(0))]
    pub fn unlock_fair(s: Self) {}
}
impl<T: ?Sized> Deref for MappedReentrantMutexGuard<T> {
    type Target = T;
}

#[effect(lock(rwlock), interior)]
pub struct RwLock<T: ?Sized>(T);
impl<T> RwLock<T> {
    pub fn new(val: T) -> RwLock<T> {}
    pub fn into_inner(self) -> T {}
}
impl<T> From<T> for RwLock<T> {
    fn from(t: T) -> RwLock<T> {}
}
impl<T: ?Sized> RwLock<T> {
    #[effect(acquires(shared, blocking))]
    pub fn read(&self) -> RwLockReadGuard<T> {}
    #[effect(acquires(shared, try))]
    pub fn try_read(&self) -> Option<RwLockReadGuard<T>> {}
    #[effect(acquires(shared, timed))]
    pub fn try_read_for(&self, timeout: Duration) -> Option<RwLockReadGuard<T>> {}
    #[effect(acquires(shared, timed))]
    pub fn try_read_until(&self, timeout: Instant) -> Option<RwLockReadGuard<T>> {}
    #[effect(acquires(shared, blocking))]
    pub fn read_arc(self: &Arc<Self>) -> ArcRwLockReadGuard<RawRwLock, T> {}
    #[effect(acquires(shared, try))]
    pub fn try_read_arc(self: &Arc<Self>) -> Option<ArcRwLockReadGuard<RawRwLock, T>> {}
    #[effect(acquires(shared, blocking), recursive)]
    pub fn read_recursive(&self) -> RwLockReadGuard<T> {}
    #[effect(acquires(shared, try), recursive)]
    pub fn try_read_recursive(&self) -> Option<RwLockReadGuard<T>> {}
    #[effect(acquires(shared, timed), recursive)]
    pub fn try_read_recursive_for(&self, timeout: Duration) -> Option<RwLockReadGuard<T>> {}
    #[effect(acquires(shared, timed), recursive)]
    pub fn try_read_recursive_until(&self, timeout: Instant) -> Option<RwLockReadGuard<T>> {}
    #[effect(acquires(shared, blocking), recursive)]
    pub fn read_recursive_arc(self: &Arc<Self>) -> ArcRwLockReadGuard<RawRwLock, T> {}
    #[effect(acquires(shared, try), recursive)]
    pub fn try_read_recursive_arc(self: &Arc<Self>) -> Option<ArcRwLockReadGuard<RawRwLock, T>> {}
    #[effect(acquires(exclusive, blocking))]
    pub fn write(&self) -> RwLockWriteGuard<T> {}
    #[effect(acquires(exclusive, try))]
    pub fn try_write(&self) -> Option<RwLockWriteGuard<T>> {}
    #[effect(acquires(exclusive, timed))]
    pub fn try_write_for(&self, timeout: Duration) -> Option<RwLockWriteGuard<T>> {}
    #[effect(acquires(exclusive, timed))]
    pub fn try_write_until(&self, timeout: Instant) -> Option<RwLockWriteGuard<T>> {}
    #[effect(acquires(exclusive, blocking))]
    pub fn write_arc(self: &Arc<Self>) -> ArcRwLockWriteGuard<RawRwLock, T> {}
    #[effect(acquires(exclusive, try))]
    pub fn try_write_arc(self: &Arc<Self>) -> Option<ArcRwLockWriteGuard<RawRwLock, T>> {}
    #[effect(acquires(upgradable, blocking))]
    pub fn upgradable_read(&self) -> RwLockUpgradableReadGuard<T> {}
    #[effect(acquires(upgradable, try))]
    pub fn try_upgradable_read(&self) -> Option<RwLockUpgradableReadGuard<T>> {}
    #[effect(acquires(upgradable, timed))]
    pub fn try_upgradable_read_for(&self, timeout: Duration) -> Option<RwLockUpgradableReadGuard<T>> {}
    #[effect(acquires(upgradable, timed))]
    pub fn try_upgradable_read_until(&self, timeout: Instant) -> Option<RwLockUpgradableReadGuard<T>> {}
    #[effect(acquires(upgradable, blocking))]
    pub fn upgradable_read_arc(self: &Arc<Self>) -> ArcRwLockUpgradableReadGuard<RawRwLock, T> {}
    #[effect(acquires(upgradable, try))]
    pub fn try_upgradable_read_arc(self: &Arc<Self>) -> Option<ArcRwLockUpgradableReadGuard<RawRwLock, T>> {}
    #[effect(aliases)]
    pub fn get_mut(&mut self) -> &mut T {}
    pub fn is_locked(&self) -> bool {}
    pub fn is_locked_exclusive(&self) -> bool {}
    #[effect(releases(shared))]
    pub unsafe fn force_unlock_read(&self) {}
    #[effect(releases(exclusive))]
    pub unsafe fn force_unlock_write(&self) {}
    #[effect(aliases)]
    pub unsafe fn raw(&self) -> &RawRwLock {}
    pub fn data_ptr(&self) -> *mut T {}
}

#[effect(guard(shared), linted)]
pub struct RwLockReadGuard<T: ?Sized>(T);
impl<T: ?Sized> RwLockReadGuard<T> {
    #[effect(maps_guard(0))]
    pub fn map<U: ?Sized, F: FnOnce(&T) -> &U>(s: Self, f: F) -> MappedRwLockReadGuard<U> {}
    #[effect(maps_guard(0))]
    pub fn try_map<U: ?Sized, F: FnOnce(&T) -> Option<&U>>(s: Self, f: F) -> Result<MappedRwLockReadGuard<U>, Self> {}
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
impl<T: ?Sized> Deref for RwLockReadGuard<T> {
    type Target = T;
}

#[effect(guard(exclusive), linted)]
pub struct RwLockWriteGuard<T: ?Sized>(T);
impl<T: ?Sized> RwLockWriteGuard<T> {
    #[effect(maps_guard(0))]
    pub fn map<U: ?Sized, F: FnOnce(&mut T) -> &mut U>(s: Self, f: F) -> MappedRwLockWriteGuard<U> {}
    #[effect(maps_guard(0))]
    pub fn try_map<U: ?Sized, F: FnOnce(&mut T) -> Option<&mut U>>(
        s: Self,
        f: F,
    ) -> Result<MappedRwLockWriteGuard<U>, Self> {
    }
    #[effect(downgrades_guard)]
    pub fn downgrade(s: Self) -> RwLockReadGuard<T> {}
    #[effect(downgrades_guard)]
    pub fn downgrade_to_upgradable(s: Self) -> RwLockUpgradableReadGuard<T> {}
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
impl<T: ?Sized> Deref for RwLockWriteGuard<T> {
    type Target = T;
}
impl<T: ?Sized> DerefMut for RwLockWriteGuard<T> {}

#[effect(guard(upgradable))]
pub struct RwLockUpgradableReadGuard<T: ?Sized>(T);
impl<T: ?Sized> RwLockUpgradableReadGuard<T> {
    #[effect(upgrades_guard(blocking))]
    pub fn upgrade(s: Self) -> RwLockWriteGuard<T> {}
    #[effect(upgrades_guard(try))]
    pub fn try_upgrade(s: Self) -> Result<RwLockWriteGuard<T>, Self> {}
    #[effect(upgrades_guard(timed))]
    pub fn try_upgrade_for(s: Self, timeout: Duration) -> Result<RwLockWriteGuard<T>, Self> {}
    #[effect(downgrades_guard)]
    pub fn downgrade(s: Self) -> RwLockReadGuard<T> {}
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
impl<T: ?Sized> Deref for RwLockUpgradableReadGuard<T> {
    type Target = T;
}

#[effect(guard(shared))]
pub struct MappedRwLockReadGuard<T: ?Sized>(T);
impl<T: ?Sized> MappedRwLockReadGuard<T> {
    #[effect(maps_guard(0))]
    pub fn map<U: ?Sized, F: FnOnce(&T) -> &U>(s: Self, f: F) -> MappedRwLockReadGuard<U> {}
    #[effect(maps_guard(0))]
    pub fn try_map<U: ?Sized, F: FnOnce(&T) -> Option<&U>>(s: Self, f: F) -> Result<MappedRwLockReadGuard<U>, Self> {}
}
impl<T: ?Sized> Deref for MappedRwLockReadGuard<T> {
    type Target = T;
}

#[effect(guard(exclusive))]
pub struct MappedRwLockWriteGuard<T: ?Sized>(T);
impl<T: ?Sized> MappedRwLockWriteGuard<T> {
    #[effect(maps_guard(0))]
    pub fn map<U: ?Sized, F: FnOnce(&mut T) -> &mut U>(s: Self, f: F) -> MappedRwLockWriteGuard<U> {}
    #[effect(maps_guard(0))]
    pub fn try_map<U: ?Sized, F: FnOnce(&mut T) -> Option<&mut U>>(
        s: Self,
        f: F,
    ) -> Result<MappedRwLockWriteGuard<U>, Self> {
    }
}
impl<T: ?Sized> Deref for MappedRwLockWriteGuard<T> {
    type Target = T;
}
impl<T: ?Sized> DerefMut for MappedRwLockWriteGuard<T> {}

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

#[effect(raw_lock)]
pub struct RawMutex;
impl ::lock_api::RawMutex for RawMutex {}
impl ::lock_api::RawMutexFair for RawMutex {}
impl ::lock_api::RawMutexTimed for RawMutex {
    type Duration = Duration;
    type Instant = Instant;
}
#[effect(raw_lock)]
pub struct RawFairMutex;
impl ::lock_api::RawMutex for RawFairMutex {}
impl ::lock_api::RawMutexFair for RawFairMutex {}
#[effect(raw_lock)]
pub struct RawRwLock;
impl ::lock_api::RawRwLock for RawRwLock {}
impl ::lock_api::RawRwLockFair for RawRwLock {}
impl ::lock_api::RawRwLockDowngrade for RawRwLock {}
impl ::lock_api::RawRwLockRecursive for RawRwLock {}
impl ::lock_api::RawRwLockUpgrade for RawRwLock {}
impl ::lock_api::RawRwLockTimed for RawRwLock {
    type Duration = Duration;
    type Instant = Instant;
}
pub struct RawThreadId;

pub fn const_mutex<T>(val: T) -> Mutex<T> {}
pub fn const_fair_mutex<T>(val: T) -> FairMutex<T> {}
pub fn const_reentrant_mutex<T>(val: T) -> ReentrantMutex<T> {}
pub fn const_rwlock<T>(val: T) -> RwLock<T> {}

#[effect(condvar)]
pub struct Condvar;
impl Condvar {
    pub fn new() -> Condvar {}
    #[effect(notifies(one))]
    pub fn notify_one(&self) -> bool {}
    #[effect(notifies(all))]
    pub fn notify_all(&self) -> usize {}
    // No spurious wake-ups, says its documentation.
    #[effect(waits(blocking), no_spurious)]
    pub fn wait<T: ?Sized>(&self, mutex_guard: &mut MutexGuard<T>) {}
    #[effect(waits(timed), no_spurious)]
    pub fn wait_until<T: ?Sized>(&self, mutex_guard: &mut MutexGuard<T>, timeout: Instant) -> WaitTimeoutResult {}
    #[effect(waits(timed), no_spurious)]
    pub fn wait_for<T: ?Sized>(&self, mutex_guard: &mut MutexGuard<T>, timeout: Duration) -> WaitTimeoutResult {}
    #[effect(waits(blocking), predicate)]
    pub fn wait_while<T: ?Sized, F: FnMut(&mut T) -> bool>(&self, mutex_guard: &mut MutexGuard<T>, condition: F) {}
    #[effect(waits(timed), predicate)]
    pub fn wait_while_for<T: ?Sized, F: FnMut(&mut T) -> bool>(
        &self,
        mutex_guard: &mut MutexGuard<T>,
        condition: F,
        timeout: Duration,
    ) -> WaitTimeoutResult {
    }
    #[effect(waits(timed), predicate)]
    pub fn wait_while_until<T: ?Sized, F: FnMut(&mut T) -> bool>(
        &self,
        mutex_guard: &mut MutexGuard<T>,
        condition: F,
        timeout: Instant,
    ) -> WaitTimeoutResult {
    }
}
pub struct WaitTimeoutResult;
impl WaitTimeoutResult {
    pub fn timed_out(self) -> bool {}
}

#[effect(once)]
pub struct Once;
impl Once {
    pub fn new() -> Once {}
    pub fn state(&self) -> OnceState {}
    #[effect(runs(0))]
    pub fn call_once<F: FnOnce()>(&self, f: F) {}
    #[effect(runs(0))]
    pub fn call_once_force<F: FnOnce(OnceState)>(&self, f: F) {}
}
pub enum OnceState {
    New,
    Poisoned,
    InProgress,
    Done,
}

pub mod deadlock {
    pub struct DeadlockedThread;
    pub fn check_deadlock() -> Vec<Vec<DeadlockedThread>> {}
}
