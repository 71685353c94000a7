//! spin: locks that busy-wait.

pub use self::barrier::Barrier;
pub use self::lazy::Lazy;
pub use self::mutex::Mutex;
pub use self::mutex::MutexGuard;
pub use self::once::Once;
pub use self::relax::{Loop, RelaxStrategy, Spin, Yield};
pub use self::rwlock::RwLock;
pub use self::rwlock::RwLockUpgradableGuard;
pub use self::rwlock::{RwLockReadGuard, RwLockWriteGuard};

pub mod relax {
    pub trait RelaxStrategy {
        #[effect(yields)]
        fn relax() {}
    }
    pub struct Spin;
    pub struct Yield;
    pub struct Loop;
}
pub mod mutex {
    use std::ops::{Deref, DerefMut};

    #[effect(lock(mutex), interior)]
    pub struct Mutex<T: ?Sized, R = crate::relax::Spin>(T, R);
    impl<T, R> Mutex<T, R> {
        pub fn new(value: T) -> Mutex<T, R> {}
        pub fn into_inner(self) -> T {}
        pub fn as_mut_ptr(&self) -> *mut T {}
    }
    impl<T: ?Sized, R> Mutex<T, R> {
        #[effect(acquires(exclusive, blocking))]
        pub fn lock(&self) -> MutexGuard<T> {}
        #[effect(acquires(exclusive, try))]
        pub fn try_lock(&self) -> Option<MutexGuard<T>> {}
        pub fn is_locked(&self) -> bool {}
        #[effect(releases(exclusive))]
        pub unsafe fn force_unlock(&self) {}
        #[effect(aliases)]
        pub fn get_mut(&mut self) -> &mut T {}
    }
    #[effect(guard(exclusive))]
    pub struct MutexGuard<T: ?Sized>(T);
    impl<T: ?Sized> MutexGuard<T> {
        // The lock stays taken.
        #[effect(forgets(0))]
        pub fn leak(this: MutexGuard<T>) -> &mut T {}
    }
    impl<T: ?Sized> Deref for MutexGuard<T> {
        type Target = T;
    }
    impl<T: ?Sized> DerefMut for MutexGuard<T> {}
    pub type SpinMutex<T> = Mutex<T>;
    pub type TicketMutex<T> = Mutex<T>;
    pub type FairMutex<T> = Mutex<T>;
}
pub mod rwlock {
    use std::ops::{Deref, DerefMut};

    #[effect(lock(rwlock), interior)]
    pub struct RwLock<T: ?Sized, R = crate::relax::Spin>(T, R);
    impl<T, R> RwLock<T, R> {
        pub fn new(data: T) -> RwLock<T, R> {}
        pub fn into_inner(self) -> T {}
    }
    impl<T: ?Sized, R> RwLock<T, R> {
        // A waiting writer does not hold back readers.
        #[effect(acquires(shared, blocking), recursive)]
        pub fn read(&self) -> RwLockReadGuard<T> {}
        #[effect(acquires(exclusive, blocking))]
        pub fn write(&self) -> RwLockWriteGuard<T, R> {}
        #[effect(acquires(upgradable, blocking))]
        pub fn upgradeable_read(&self) -> RwLockUpgradableGuard<T, R> {}
        #[effect(acquires(shared, try))]
        pub fn try_read(&self) -> Option<RwLockReadGuard<T>> {}
        #[effect(acquires(exclusive, try))]
        pub fn try_write(&self) -> Option<RwLockWriteGuard<T, R>> {}
        #[effect(acquires(upgradable, try))]
        pub fn try_upgradeable_read(&self) -> Option<RwLockUpgradableGuard<T, R>> {}
        #[effect(releases(shared))]
        pub unsafe fn force_read_decrement(&self) {}
        #[effect(releases(exclusive))]
        pub unsafe fn force_write_unlock(&self) {}
        #[effect(aliases)]
        pub fn get_mut(&mut self) -> &mut T {}
    }
    #[effect(guard(shared))]
    pub struct RwLockReadGuard<T: ?Sized>(T);
    impl<T: ?Sized> Deref for RwLockReadGuard<T> {
        type Target = T;
    }
    #[effect(guard(exclusive))]
    pub struct RwLockWriteGuard<T: ?Sized, R = crate::relax::Spin>(T, R);
    impl<T: ?Sized, R> RwLockWriteGuard<T, R> {
        #[effect(downgrades_guard)]
        pub fn downgrade(self) -> RwLockReadGuard<T> {}
    }
    impl<T: ?Sized, R> Deref for RwLockWriteGuard<T, R> {
        type Target = T;
    }
    impl<T: ?Sized, R> DerefMut for RwLockWriteGuard<T, R> {}
    #[effect(guard(upgradable))]
    pub struct RwLockUpgradableGuard<T: ?Sized, R = crate::relax::Spin>(T, R);
    impl<T: ?Sized, R> RwLockUpgradableGuard<T, R> {
        #[effect(upgrades_guard(blocking))]
        pub fn upgrade(self) -> RwLockWriteGuard<T, R> {}
        #[effect(upgrades_guard(try))]
        pub fn try_upgrade(self) -> Result<RwLockWriteGuard<T, R>, Self> {}
        #[effect(downgrades_guard)]
        pub fn downgrade(self) -> RwLockReadGuard<T> {}
    }
    impl<T: ?Sized, R> Deref for RwLockUpgradableGuard<T, R> {
        type Target = T;
    }
}
pub mod once {
    #[effect(once, interior)]
    pub struct Once<T = (), R = crate::relax::Spin>(T, R);
    impl<T, R> Once<T, R> {
        pub fn new() -> Once<T, R> {}
        #[effect(puts_result(0), aliases)]
        pub fn call_once<F: FnOnce() -> T>(&self, f: F) -> &T {}
        #[effect(aliases)]
        pub fn get(&self) -> Option<&T> {}
        #[effect(blocks(barrier), aliases)]
        pub fn wait(&self) -> &T {}
        pub fn is_completed(&self) -> bool {}
    }
}
pub mod lazy {
    #[effect(once)]
    pub struct Lazy<T, F = fn() -> T>(T, F);
    impl<T, F: FnOnce() -> T> Lazy<T, F> {
        #[effect(stores(0))]
        pub fn new(f: F) -> Lazy<T, F> {}
        #[effect(aliases(0))]
        pub fn force(this: &Lazy<T, F>) -> &T {}
    }
    impl<T, F> std::ops::Deref for Lazy<T, F> {
        type Target = T;
    }
}
pub mod barrier {
    #[effect(barrier)]
    pub struct Barrier;
    impl Barrier {
        pub fn new(n: usize) -> Barrier {}
        #[effect(blocks(barrier), completes)]
        pub fn wait(&self) -> BarrierWaitResult {}
    }
    pub struct BarrierWaitResult;
}
