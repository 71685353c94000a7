//! crossbeam-utils.

use std::ops::{Deref, DerefMut};

pub use self::thread::scope;

pub struct CachePadded<T>(T);
impl<T> CachePadded<T> {
    pub fn new(t: T) -> CachePadded<T> {}
    pub fn into_inner(self) -> T {}
}
impl<T> Deref for CachePadded<T> {
    type Target = T;
}
impl<T> DerefMut for CachePadded<T> {}
pub struct Backoff;
impl Backoff {
    pub fn new() -> Backoff {}
    pub fn reset(&self) {}
    #[effect(yields)]
    pub fn spin(&self) {}
    #[effect(yields)]
    pub fn snooze(&self) {}
    pub fn is_completed(&self) -> bool {}
}

pub mod thread {
    use std::io;
    use std::thread::Thread;

    // Gives the panic of an unjoined thread as an error instead of panicking again.
    #[effect(scope(0))]
    pub fn scope<F: FnOnce(&Scope) -> R, R>(f: F) -> std::thread::Result<R> {}
    #[effect(no_own)]
    pub struct Scope;
    impl Scope {
        #[effect(spawns(0, scoped), panics)]
        pub fn spawn<F: FnOnce(&Scope) -> T, T>(&self, f: F) -> ScopedJoinHandle<T> {}
        pub fn builder(&self) -> ScopedThreadBuilder {}
    }
    #[effect(builder(thread))]
    pub struct ScopedThreadBuilder;
    impl ScopedThreadBuilder {
        pub fn name(self, name: String) -> ScopedThreadBuilder {}
        #[effect(stack_size)]
        pub fn stack_size(self, size: usize) -> ScopedThreadBuilder {}
        #[effect(spawns(0, scoped))]
        pub fn spawn<F: FnOnce(&Scope) -> T, T>(self, f: F) -> io::Result<ScopedJoinHandle<T>> {}
    }
    #[effect(handle(scoped))]
    pub struct ScopedJoinHandle<T>(T);
    impl<T> ScopedJoinHandle<T> {
        #[effect(joins)]
        pub fn join(self) -> std::thread::Result<T> {}
        #[effect(observes)]
        pub fn thread(&self) -> &Thread {}
    }
}

pub mod sync {
    use std::ops::{Deref, DerefMut};
    use std::sync::{LockResult, TryLockResult};
    use std::time::{Duration, Instant};

    pub struct Parker;
    impl Parker {
        pub fn new() -> Parker {}
        #[effect(blocks(park))]
        pub fn park(&self) {}
        #[effect(blocks(park), timed)]
        pub fn park_timeout(&self, timeout: Duration) -> UnparkReason {}
        #[effect(blocks(park), timed)]
        pub fn park_deadline(&self, deadline: Instant) -> UnparkReason {}
        #[effect(aliases)]
        pub fn unparker(&self) -> &Unparker {}
    }
    pub struct Unparker;
    impl Unparker {
        #[effect(wakes)]
        pub fn unpark(&self) {}
    }
    impl Clone for Unparker {
        #[effect(aliases)]
        fn clone(&self) -> Self {}
    }
    pub enum UnparkReason {
        Unparked,
        Timeout,
    }

    #[effect(barrier)]
    pub struct WaitGroup;
    impl WaitGroup {
        pub fn new() -> WaitGroup {}
        #[effect(blocks(barrier), completes)]
        pub fn wait(self) {}
    }
    impl Clone for WaitGroup {
        #[effect(aliases)]
        fn clone(&self) -> Self {}
    }

    #[effect(lock(rwlock), poisons, interior)]
    pub struct ShardedLock<T: ?Sized>(T);
    impl<T> ShardedLock<T> {
        pub fn new(value: T) -> ShardedLock<T> {}
        pub fn into_inner(self) -> LockResult<T> {}
    }
    impl<T: ?Sized> ShardedLock<T> {
        pub fn is_poisoned(&self) -> bool {}
        #[effect(aliases)]
        pub fn get_mut(&mut self) -> LockResult<&mut T> {}
        #[effect(acquires(shared, try))]
        pub fn try_read(&self) -> TryLockResult<ShardedLockReadGuard<T>> {}
        #[effect(acquires(shared, blocking))]
        pub fn read(&self) -> LockResult<ShardedLockReadGuard<T>> {}
        #[effect(acquires(exclusive, try))]
        pub fn try_write(&self) -> TryLockResult<ShardedLockWriteGuard<T>> {}
        #[effect(acquires(exclusive, blocking))]
        pub fn write(&self) -> LockResult<ShardedLockWriteGuard<T>> {}
    }
    #[effect(guard(shared))]
    pub struct ShardedLockReadGuard<T: ?Sized>(T);
    impl<T: ?Sized> Deref for ShardedLockReadGuard<T> {
        type Target = T;
    }
    #[effect(guard(exclusive))]
    pub struct ShardedLockWriteGuard<T: ?Sized>(T);
    impl<T: ?Sized> Deref for ShardedLockWriteGuard<T> {
        type Target = T;
    }
    impl<T: ?Sized> DerefMut for ShardedLockWriteGuard<T> {}
}

pub mod atomic {
    #[effect(flag, interior)]
    pub struct AtomicCell<T>(T);
    impl<T> AtomicCell<T> {
        pub fn new(val: T) -> AtomicCell<T> {}
        pub fn into_inner(self) -> T {}
        #[effect(flag_store, puts(0))]
        pub fn store(&self, val: T) {}
        #[effect(flag_update, puts(0), takes)]
        pub fn swap(&self, val: T) -> T {}
        #[effect(flag_load)]
        pub fn load(&self) -> T {}
        #[effect(flag_update, takes)]
        pub fn take(&self) -> T {}
        #[effect(flag_update, compare_exchange)]
        pub fn compare_exchange(&self, current: T, new: T) -> Result<T, T> {}
        #[effect(flag_update)]
        pub fn fetch_update<F: FnMut(T) -> Option<T>>(&self, f: F) -> Result<T, T> {}
        #[effect(flag_update, counts(up))]
        pub fn fetch_add(&self, val: T) -> T {}
        #[effect(flag_update, counts(down))]
        pub fn fetch_sub(&self, val: T) -> T {}
        #[effect(flag_update)]
        pub fn fetch_and(&self, val: T) -> T {}
        #[effect(flag_update)]
        pub fn fetch_or(&self, val: T) -> T {}
        #[effect(flag_update)]
        pub fn fetch_nand(&self, val: T) -> T {}
        #[effect(flag_update)]
        pub fn fetch_xor(&self, val: T) -> T {}
        #[effect(flag_update, compare_exchange)]
        pub fn compare_and_swap(&self, current: T, new: T) -> T {}
        pub fn as_ptr(&self) -> *mut T {}
        #[effect(flag_update)]
        pub fn fetch_max(&self, val: T) -> T {}
        #[effect(flag_update)]
        pub fn fetch_min(&self, val: T) -> T {}
    }
}
