//! async-lock.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

#[effect(lock(mutex), is_async, interior)]
pub struct Mutex<T: ?Sized>(T);
impl<T> Mutex<T> {
    pub fn new(t: T) -> Mutex<T> {}
    pub fn const_new(t: T) -> Mutex<T> {}
    pub fn into_inner(self) -> T {}
}
impl<T: ?Sized> Mutex<T> {
    #[effect(acquires(exclusive, blocking))]
    pub async fn lock(&self) -> MutexGuard<T> {}
    #[effect(acquires(exclusive, blocking))]
    pub async fn lock_arc(self: &Arc<Self>) -> MutexGuardArc<T> {}
    #[effect(acquires(exclusive, blocking))]
    pub fn lock_blocking(&self) -> MutexGuard<T> {}
    #[effect(acquires(exclusive, blocking))]
    pub fn lock_arc_blocking(self: &Arc<Self>) -> MutexGuardArc<T> {}
    #[effect(acquires(exclusive, try))]
    pub fn try_lock(&self) -> Option<MutexGuard<T>> {}
    #[effect(acquires(exclusive, try))]
    pub fn try_lock_arc(self: &Arc<Self>) -> Option<MutexGuardArc<T>> {}
    #[effect(aliases)]
    pub fn get_mut(&mut self) -> &mut T {}
}
#[effect(guard(exclusive))]
pub struct MutexGuard<T: ?Sized>(T);
impl<T: ?Sized> Deref for MutexGuard<T> {
    type Target = T;
}
impl<T: ?Sized> DerefMut for MutexGuard<T> {}
#[effect(guard(exclusive))]
pub struct MutexGuardArc<T: ?Sized>(T);
impl<T: ?Sized> Deref for MutexGuardArc<T> {
    type Target = T;
}
impl<T: ?Sized> DerefMut for MutexGuardArc<T> {}
#[effect(lock(rwlock), is_async, interior)]
pub struct RwLock<T: ?Sized>(T);
impl<T> RwLock<T> {
    pub fn new(t: T) -> RwLock<T> {}
    pub fn const_new(t: T) -> RwLock<T> {}
    pub fn into_inner(self) -> T {}
}
impl<T: ?Sized> RwLock<T> {
    #[effect(acquires(shared, blocking))]
    pub async fn read(&self) -> RwLockReadGuard<T> {}
    #[effect(acquires(shared, blocking))]
    pub async fn read_arc(self: &Arc<Self>) -> RwLockReadGuardArc<T> {}
    #[effect(acquires(shared, blocking))]
    pub fn read_blocking(&self) -> RwLockReadGuard<T> {}
    #[effect(acquires(shared, blocking))]
    pub fn read_arc_blocking(self: &Arc<Self>) -> RwLockReadGuardArc<T> {}
    #[effect(acquires(shared, try))]
    pub fn try_read(&self) -> Option<RwLockReadGuard<T>> {}
    #[effect(acquires(shared, try))]
    pub fn try_read_arc(self: &Arc<Self>) -> Option<RwLockReadGuardArc<T>> {}
    #[effect(acquires(exclusive, blocking))]
    pub async fn write(&self) -> RwLockWriteGuard<T> {}
    #[effect(acquires(exclusive, blocking))]
    pub async fn write_arc(self: &Arc<Self>) -> RwLockWriteGuardArc<T> {}
    #[effect(acquires(exclusive, blocking))]
    pub fn write_blocking(&self) -> RwLockWriteGuard<T> {}
    #[effect(acquires(exclusive, blocking))]
    pub fn write_arc_blocking(self: &Arc<Self>) -> RwLockWriteGuardArc<T> {}
    #[effect(acquires(exclusive, try))]
    pub fn try_write(&self) -> Option<RwLockWriteGuard<T>> {}
    #[effect(acquires(exclusive, try))]
    pub fn try_write_arc(self: &Arc<Self>) -> Option<RwLockWriteGuardArc<T>> {}
    #[effect(acquires(upgradable, blocking))]
    pub async fn upgradable_read(&self) -> RwLockUpgradableReadGuard<T> {}
    #[effect(acquires(upgradable, blocking))]
    pub async fn upgradable_read_arc(self: &Arc<Self>) -> RwLockUpgradableReadGuardArc<T> {}
    #[effect(acquires(upgradable, blocking))]
    pub fn upgradable_read_blocking(&self) -> RwLockUpgradableReadGuard<T> {}
    #[effect(acquires(upgradable, try))]
    pub fn try_upgradable_read(&self) -> Option<RwLockUpgradableReadGuard<T>> {}
    #[effect(acquires(upgradable, try))]
    pub fn try_upgradable_read_arc(self: &Arc<Self>) -> Option<RwLockUpgradableReadGuardArc<T>> {}
    #[effect(aliases)]
    pub fn get_mut(&mut self) -> &mut T {}
}
#[effect(guard(shared))]
pub struct RwLockReadGuard<T: ?Sized>(T);
impl<T: ?Sized> Deref for RwLockReadGuard<T> {
    type Target = T;
}
#[effect(guard(shared))]
pub struct RwLockReadGuardArc<T: ?Sized>(T);
impl<T: ?Sized> Deref for RwLockReadGuardArc<T> {
    type Target = T;
}
#[effect(guard(exclusive))]
pub struct RwLockWriteGuard<T: ?Sized>(T);
impl<T: ?Sized> RwLockWriteGuard<T> {
    #[effect(downgrades_guard)]
    pub fn downgrade(guard: Self) -> RwLockReadGuard<T> {}
    #[effect(downgrades_guard)]
    pub fn downgrade_to_upgradable(guard: Self) -> RwLockUpgradableReadGuard<T> {}
}
impl<T: ?Sized> Deref for RwLockWriteGuard<T> {
    type Target = T;
}
impl<T: ?Sized> DerefMut for RwLockWriteGuard<T> {}
#[effect(guard(exclusive))]
pub struct RwLockWriteGuardArc<T: ?Sized>(T);
impl<T: ?Sized> Deref for RwLockWriteGuardArc<T> {
    type Target = T;
}
impl<T: ?Sized> DerefMut for RwLockWriteGuardArc<T> {}
#[effect(guard(upgradable))]
pub struct RwLockUpgradableReadGuard<T: ?Sized>(T);
impl<T: ?Sized> RwLockUpgradableReadGuard<T> {
    #[effect(upgrades_guard(blocking))]
    pub async fn upgrade(guard: Self) -> RwLockWriteGuard<T> {}
    #[effect(upgrades_guard(blocking))]
    pub fn upgrade_blocking(guard: Self) -> RwLockWriteGuard<T> {}
    #[effect(upgrades_guard(try))]
    pub fn try_upgrade(guard: Self) -> Result<RwLockWriteGuard<T>, Self> {}
    #[effect(downgrades_guard)]
    pub fn downgrade(guard: Self) -> RwLockReadGuard<T> {}
}
impl<T: ?Sized> Deref for RwLockUpgradableReadGuard<T> {
    type Target = T;
}
#[effect(guard(upgradable))]
pub struct RwLockUpgradableReadGuardArc<T: ?Sized>(T);
impl<T: ?Sized> RwLockUpgradableReadGuardArc<T> {
    #[effect(upgrades_guard(blocking))]
    pub async fn upgrade(guard: Self) -> RwLockWriteGuardArc<T> {}
    #[effect(upgrades_guard(try))]
    pub fn try_upgrade(guard: Self) -> Result<RwLockWriteGuardArc<T>, Self> {}
    #[effect(downgrades_guard)]
    pub fn downgrade(guard: Self) -> RwLockReadGuardArc<T> {}
}
impl<T: ?Sized> Deref for RwLockUpgradableReadGuardArc<T> {
    type Target = T;
}

#[effect(once, is_async, interior)]
pub struct OnceCell<T>(T);
impl<T> OnceCell<T> {
    pub fn new() -> OnceCell<T> {}
    pub fn is_initialized(&self) -> bool {}
    #[effect(aliases)]
    pub fn get(&self) -> Option<&T> {}
    #[effect(aliases)]
    pub fn get_mut(&mut self) -> Option<&mut T> {}
    #[effect(takes)]
    pub fn take(&mut self) -> Option<T> {}
    pub fn into_inner(self) -> Option<T> {}
    #[effect(blocks(barrier), aliases)]
    pub async fn wait(&self) -> &T {}
    #[effect(blocks(barrier), aliases)]
    pub fn wait_blocking(&self) -> &T {}
    #[effect(puts(0))]
    pub async fn set(&self, value: T) -> Result<&T, T> {}
    #[effect(puts(0))]
    pub fn set_blocking(&self, value: T) -> Result<&T, T> {}
    #[effect(runs_async(0), aliases)]
    pub async fn get_or_init<Fut: std::future::Future<Output = T>, F: FnOnce() -> Fut>(&self, closure: F) -> &T {}
    #[effect(puts_result(0), aliases)]
    pub fn get_or_init_blocking<F: FnOnce() -> T>(&self, closure: F) -> &T {}
}

#[effect(lock(semaphore), is_async)]
pub struct Semaphore;
impl Semaphore {
    pub fn new(n: usize) -> Semaphore {}
    #[effect(acquires(shared, try))]
    pub fn try_acquire(&self) -> Option<SemaphoreGuard> {}
    #[effect(acquires(shared, blocking))]
    pub async fn acquire(&self) -> SemaphoreGuard {}
    #[effect(acquires(shared, blocking))]
    pub fn acquire_blocking(&self) -> SemaphoreGuard {}
    #[effect(acquires(shared, blocking))]
    pub async fn acquire_arc(self: &Arc<Self>) -> SemaphoreGuardArc {}
    #[effect(acquires(shared, blocking))]
    pub fn acquire_arc_blocking(self: &Arc<Self>) -> SemaphoreGuardArc {}
    #[effect(acquires(shared, try))]
    pub fn try_acquire_arc(self: &Arc<Self>) -> Option<SemaphoreGuardArc> {}
    #[effect(releases(shared))]
    pub fn add_permits(&self, n: usize) {}
}
#[effect(permit)]
pub struct SemaphoreGuard;
impl SemaphoreGuard {
    #[effect(forgets)]
    pub fn forget(self) {}
}
#[effect(permit)]
pub struct SemaphoreGuardArc;
impl SemaphoreGuardArc {
    #[effect(forgets)]
    pub fn forget(self) {}
}
#[effect(barrier, is_async)]
pub struct Barrier;
impl Barrier {
    pub fn new(n: usize) -> Barrier {}
    #[effect(blocks(barrier), completes)]
    pub async fn wait(&self) -> BarrierWaitResult {}
    #[effect(blocks(barrier), completes)]
    pub fn wait_blocking(&self) -> BarrierWaitResult {}
}
pub struct BarrierWaitResult;
impl BarrierWaitResult {
    pub fn is_leader(&self) -> bool {}
}
