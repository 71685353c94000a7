//! The standard library. `core` and `alloc` are other names of it.

pub mod prelude {
    pub mod v1 {
        pub use crate::borrow::ToOwned;
        pub use crate::boxed::Box;
        pub use crate::clone::Clone;
        pub use crate::cmp::{Eq, Ord, PartialEq, PartialOrd};
        pub use crate::convert::{AsMut, AsRef, From, Into, TryFrom, TryInto};
        pub use crate::default::Default;
        pub use crate::future::{Future, IntoFuture};
        pub use crate::iter::{DoubleEndedIterator, ExactSizeIterator, Extend, FromIterator, IntoIterator, Iterator};
        pub use crate::marker::{Copy, Send, Sized, Sync, Unpin};
        pub use crate::mem::drop;
        pub use crate::ops::{AsyncFn, AsyncFnMut, AsyncFnOnce, Drop, Fn, FnMut, FnOnce};
        pub use crate::option::Option::{self, None, Some};
        pub use crate::result::Result::{self, Err, Ok};
        pub use crate::string::{String, ToString};
        pub use crate::vec::Vec;
    }
    pub use self::v1 as rust_2015;
    pub use self::v1 as rust_2018;
    pub use self::v1 as rust_2021;
    pub use self::v1 as rust_2024;
}

pub mod thread {
    use crate::any::Any;
    use crate::cell::{Cell, RefCell};
    use crate::io;
    use crate::num::NonZero;
    use crate::time::{Duration, Instant};

    pub type Result<T> = crate::result::Result<T, Box<dyn Any + Send>>;

    #[effect(handle(thread))]
    pub struct JoinHandle<T>(T);
    impl<T> JoinHandle<T> {
        #[effect(joins)]
        pub fn join(self) -> Result<T> {}
        #[effect(observes)]
        pub fn thread(&self) -> &Thread {}
        #[effect(observes)]
        pub fn is_finished(&self) -> bool {}
    }

    #[effect(handle(scoped))]
    pub struct ScopedJoinHandle<T>(T);
    impl<T> ScopedJoinHandle<T> {
        #[effect(joins)]
        pub fn join(self) -> Result<T> {}
        #[effect(observes)]
        pub fn thread(&self) -> &Thread {}
        #[effect(observes)]
        pub fn is_finished(&self) -> bool {}
    }

    // The operating system may refuse: `spawn` panics, `Builder::spawn` gives an error.
    #[effect(spawns(0), panics)]
    pub fn spawn<F, T>(f: F) -> JoinHandle<T>
    where
        F: FnOnce() -> T,
    {
    }

    #[effect(builder(thread))]
    pub struct Builder;
    impl Builder {
        pub fn new() -> Builder {}
        pub fn name(self, name: String) -> Builder {}
        #[effect(stack_size)]
        pub fn stack_size(self, size: usize) -> Builder {}
        pub fn no_hooks(self) -> Builder {}
        #[effect(spawns(0))]
        pub fn spawn<F: FnOnce() -> T, T>(self, f: F) -> io::Result<JoinHandle<T>> {}
        #[effect(spawns(0))]
        pub unsafe fn spawn_unchecked<F: FnOnce() -> T, T>(self, f: F) -> io::Result<JoinHandle<T>> {}
        #[effect(spawns(1, scoped))]
        pub fn spawn_scoped<F: FnOnce() -> T, T>(self, scope: &Scope, f: F) -> io::Result<ScopedJoinHandle<T>> {}
    }

    #[effect(no_own)]
    pub struct Scope;
    impl Scope {
        #[effect(spawns(0, scoped), panics)]
        pub fn spawn<F: FnOnce() -> T, T>(&self, f: F) -> ScopedJoinHandle<T> {}
    }
    #[effect(scope(0))]
    pub fn scope<F, T>(f: F) -> T
    where
        F: FnOnce(&Scope) -> T,
    {
    }

    pub struct Thread;
    impl Thread {
        #[effect(wakes)]
        pub fn unpark(&self) {}
        pub fn id(&self) -> ThreadId {}
        pub fn name(&self) -> Option<&str> {}
    }
    impl Clone for Thread {
        #[effect(aliases)]
        fn clone(&self) -> Self {}
    }
    pub struct ThreadId;

    pub fn current() -> Thread {}
    #[effect(panicking)]
    pub fn panicking() -> bool {}
    #[effect(yields)]
    pub fn yield_now() {}
    #[effect(blocks(sleep), timed)]
    pub fn sleep(dur: Duration) {}
    #[effect(blocks(sleep), timed)]
    pub fn sleep_ms(ms: u32) {}
    #[effect(blocks(sleep), timed)]
    pub fn sleep_until(deadline: Instant) {}
    #[effect(blocks(park))]
    pub fn park() {}
    #[effect(blocks(park), timed)]
    pub fn park_timeout(dur: Duration) {}
    #[effect(blocks(park), timed)]
    pub fn park_timeout_ms(ms: u32) {}
    #[effect(cpu_count)]
    pub fn available_parallelism() -> io::Result<NonZero<usize>> {}

    #[effect(thread_local)]
    pub struct LocalKey<T>(T);
    impl<T> LocalKey<T> {
        #[effect(runs(0))]
        pub fn with<F, R>(&self, f: F) -> R
        where
            F: FnOnce(&T) -> R,
        {
        }
        #[effect(runs(0))]
        pub fn try_with<F, R>(&self, f: F) -> crate::result::Result<R, AccessError>
        where
            F: FnOnce(&T) -> R,
        {
        }
    }
    impl<T> LocalKey<Cell<T>> {
        #[effect(puts(0))]
        pub fn set(&self, value: T) {}
        pub fn get(&self) -> T {}
        #[effect(takes)]
        pub fn take(&self) -> T {}
        #[effect(puts(0), takes)]
        pub fn replace(&self, value: T) -> T {}
    }
    impl<T> LocalKey<RefCell<T>> {
        #[effect(panics)]
        pub fn with_borrow<F: FnOnce(&T) -> R, R>(&self, f: F) -> R {}
        #[effect(panics)]
        pub fn with_borrow_mut<F: FnOnce(&mut T) -> R, R>(&self, f: F) -> R {}
        #[effect(puts(0), panics)]
        pub fn set(&self, value: T) {}
        #[effect(takes, panics)]
        pub fn take(&self) -> T {}
        #[effect(puts(0), takes, panics)]
        pub fn replace(&self, value: T) -> T {}
    }
    pub struct AccessError;
}

pub mod sync {
    use crate::ops::{Deref, DerefMut};
    use crate::time::Duration;

    #[effect(strong)]
    pub struct Arc<T: ?Sized>(T);
    impl<T> Arc<T> {
        pub fn new(value: T) -> Arc<T> {}
        pub fn pin(value: T) -> crate::pin::Pin<Arc<T>> {}
        #[effect(runs(0))]
        pub fn new_cyclic<F: FnOnce(&Weak<T>) -> T>(f: F) -> Arc<T> {}
        pub fn try_unwrap(this: Arc<T>) -> Result<T, Arc<T>> {}
        pub fn into_inner(this: Arc<T>) -> Option<T> {}
        pub fn unwrap_or_clone(this: Arc<T>) -> T {}
    }
    impl<T: ?Sized> Arc<T> {
        #[effect(downgrades(0))]
        pub fn downgrade(this: &Arc<T>) -> Weak<T> {}
        #[effect(polls)]
        pub fn strong_count(this: &Arc<T>) -> usize {}
        pub fn weak_count(this: &Arc<T>) -> usize {}
        pub fn ptr_eq(this: &Arc<T>, other: &Arc<T>) -> bool {}
        pub fn as_ptr(this: &Arc<T>) -> *const T {}
        #[effect(aliases(0))]
        pub fn get_mut(this: &mut Arc<T>) -> Option<&mut T> {}
        #[effect(aliases(0))]
        pub fn make_mut(this: &mut Arc<T>) -> &mut T {}
        // The count stays raised until `from_raw`.
        #[effect(forgets(0))]
        pub fn into_raw(this: Arc<T>) -> *const T {}
        pub unsafe fn from_raw(ptr: *const T) -> Arc<T> {}
        pub unsafe fn increment_strong_count(ptr: *const T) {}
        pub unsafe fn decrement_strong_count(ptr: *const T) {}
    }
    impl<T: ?Sized> Clone for Arc<T> {
        #[effect(aliases)]
        fn clone(&self) -> Self {}
    }
    impl<T: ?Sized> Deref for Arc<T> {
        type Target = T;
    }
    impl<T: ?Sized> AsRef<T> for Arc<T> {
        #[effect(aliases)]
        fn as_ref(&self) -> &T {}
    }
    impl<T> From<T> for Arc<T> {
        fn from(value: T) -> Arc<T> {}
    }
    impl From<&str> for Arc<str> {
        fn from(value: &str) -> Arc<str> {}
    }
    impl From<String> for Arc<str> {
        fn from(value: String) -> Arc<str> {}
    }
    impl<T> From<Vec<T>> for Arc<[T]> {
        fn from(value: Vec<T>) -> Arc<[T]> {}
    }
    impl<T: ?Sized> From<Box<T>> for Arc<T> {
        fn from(value: Box<T>) -> Arc<T> {}
    }
    impl<T> FromIterator<T> for Arc<[T]> {}

    #[effect(weak)]
    pub struct Weak<T: ?Sized>(T);
    impl<T> Weak<T> {
        pub fn new() -> Weak<T> {}
    }
    impl<T: ?Sized> Weak<T> {
        #[effect(upgrades)]
        pub fn upgrade(&self) -> Option<Arc<T>> {}
        #[effect(polls)]
        pub fn strong_count(&self) -> usize {}
        pub fn weak_count(&self) -> usize {}
        pub fn ptr_eq(&self, other: &Weak<T>) -> bool {}
        pub fn as_ptr(&self) -> *const T {}
        pub fn into_raw(self) -> *const T {}
        pub unsafe fn from_raw(ptr: *const T) -> Weak<T> {}
    }
    impl<T: ?Sized> Clone for Weak<T> {
        #[effect(aliases)]
        fn clone(&self) -> Self {}
    }

    pub type LockResult<T> = Result<T, PoisonError<T>>;
    pub type TryLockResult<T> = Result<T, TryLockError<T>>;

    #[effect(poison)]
    pub struct PoisonError<T>(T);
    impl<T> PoisonError<T> {
        pub fn new(guard: T) -> PoisonError<T> {}
        pub fn into_inner(self) -> T {}
        #[effect(aliases)]
        pub fn get_ref(&self) -> &T {}
        #[effect(aliases)]
        pub fn get_mut(&mut self) -> &mut T {}
    }
    #[effect(poison)]
    pub enum TryLockError<T> {
        Poisoned(PoisonError<T>),
        WouldBlock,
    }

    #[effect(lock(mutex), poisons, interior)]
    pub struct Mutex<T: ?Sized>(T);
    impl<T> Mutex<T> {
        pub fn new(value: T) -> Mutex<T> {}
        pub fn into_inner(self) -> LockResult<T> {}
        pub fn get_cloned(&self) -> Result<T, PoisonError<()>> {}
        #[effect(puts(0))]
        pub fn set(&self, value: T) -> Result<(), PoisonError<T>> {}
        #[effect(puts(0), takes)]
        pub fn replace(&self, value: T) -> LockResult<T> {}
    }
    impl<T: ?Sized> Mutex<T> {
        #[effect(acquires(exclusive, blocking))]
        pub fn lock(&self) -> LockResult<MutexGuard<T>> {}
        #[effect(acquires(exclusive, try))]
        pub fn try_lock(&self) -> TryLockResult<MutexGuard<T>> {}
        pub fn is_poisoned(&self) -> bool {}
        pub fn clear_poison(&self) {}
        #[effect(aliases)]
        pub fn get_mut(&mut self) -> LockResult<&mut T> {}
        pub fn data_ptr(&self) -> *mut T {}
    }
    impl<T> From<T> for Mutex<T> {
        fn from(value: T) -> Mutex<T> {}
    }

    #[effect(guard(exclusive), linted)]
    pub struct MutexGuard<T: ?Sized>(T);
    impl<T: ?Sized> MutexGuard<T> {
        #[effect(maps_guard(0))]
        pub fn map<U: ?Sized, F: FnOnce(&mut T) -> &mut U>(guard: MutexGuard<T>, f: F) -> MappedMutexGuard<U> {}
        #[effect(maps_guard(0))]
        pub fn filter_map<U: ?Sized, F: FnOnce(&mut T) -> Option<&mut U>>(
            guard: MutexGuard<T>,
            f: F,
        ) -> Result<MappedMutexGuard<U>, MutexGuard<T>> {
        }
    }
    impl<T: ?Sized> Deref for MutexGuard<T> {
        type Target = T;
    }
    impl<T: ?Sized> DerefMut for MutexGuard<T> {}

    #[effect(guard(exclusive))]
    pub struct MappedMutexGuard<T: ?Sized>(T);
    impl<T: ?Sized> MappedMutexGuard<T> {
        #[effect(maps_guard(0))]
        pub fn map<U: ?Sized, F: FnOnce(&mut T) -> &mut U>(guard: Self, f: F) -> MappedMutexGuard<U> {}
    }
    impl<T: ?Sized> Deref for MappedMutexGuard<T> {
        type Target = T;
    }
    impl<T: ?Sized> DerefMut for MappedMutexGuard<T> {}

    #[effect(lock(rwlock), poisons, interior)]
    pub struct RwLock<T: ?Sized>(T);
    impl<T> RwLock<T> {
        pub fn new(value: T) -> RwLock<T> {}
        pub fn into_inner(self) -> LockResult<T> {}
        pub fn get_cloned(&self) -> Result<T, PoisonError<()>> {}
        #[effect(puts(0))]
        pub fn set(&self, value: T) -> Result<(), PoisonError<T>> {}
        #[effect(puts(0), takes)]
        pub fn replace(&self, value: T) -> LockResult<T> {}
    }
    impl<T: ?Sized> RwLock<T> {
        #[effect(acquires(shared, blocking))]
        pub fn read(&self) -> LockResult<RwLockReadGuard<T>> {}
        #[effect(acquires(shared, try))]
        pub fn try_read(&self) -> TryLockResult<RwLockReadGuard<T>> {}
        #[effect(acquires(exclusive, blocking))]
        pub fn write(&self) -> LockResult<RwLockWriteGuard<T>> {}
        #[effect(acquires(exclusive, try))]
        pub fn try_write(&self) -> TryLockResult<RwLockWriteGuard<T>> {}
        pub fn is_poisoned(&self) -> bool {}
        pub fn clear_poison(&self) {}
        #[effect(aliases)]
        pub fn get_mut(&mut self) -> LockResult<&mut T> {}
        pub fn data_ptr(&self) -> *mut T {}
    }
    impl<T> From<T> for RwLock<T> {
        fn from(value: T) -> RwLock<T> {}
    }

    #[effect(guard(shared), linted)]
    pub struct RwLockReadGuard<T: ?Sized>(T);
    impl<T: ?Sized> RwLockReadGuard<T> {
        #[effect(maps_guard(0))]
        pub fn map<U: ?Sized, F: FnOnce(&T) -> &U>(guard: Self, f: F) -> MappedRwLockReadGuard<U> {}
        #[effect(maps_guard(0))]
        pub fn filter_map<U: ?Sized, F: FnOnce(&T) -> Option<&U>>(
            guard: Self,
            f: F,
        ) -> Result<MappedRwLockReadGuard<U>, RwLockReadGuard<T>> {
        }
    }
    impl<T: ?Sized> Deref for RwLockReadGuard<T> {
        type Target = T;
    }
    #[effect(guard(shared))]
    pub struct MappedRwLockReadGuard<T: ?Sized>(T);
    impl<T: ?Sized> Deref for MappedRwLockReadGuard<T> {
        type Target = T;
    }

    #[effect(guard(exclusive), linted)]
    pub struct RwLockWriteGuard<T: ?Sized>(T);
    impl<T: ?Sized> RwLockWriteGuard<T> {
        #[effect(downgrades_guard)]
        pub fn downgrade(guard: Self) -> RwLockReadGuard<T> {}
        #[effect(maps_guard(0))]
        pub fn map<U: ?Sized, F: FnOnce(&mut T) -> &mut U>(guard: Self, f: F) -> MappedRwLockWriteGuard<U> {}
        #[effect(maps_guard(0))]
        pub fn filter_map<U: ?Sized, F: FnOnce(&mut T) -> Option<&mut U>>(
            guard: Self,
            f: F,
        ) -> Result<MappedRwLockWriteGuard<U>, RwLockWriteGuard<T>> {
        }
    }
    impl<T: ?Sized> Deref for RwLockWriteGuard<T> {
        type Target = T;
    }
    impl<T: ?Sized> DerefMut for RwLockWriteGuard<T> {}
    #[effect(guard(exclusive))]
    pub struct MappedRwLockWriteGuard<T: ?Sized>(T);
    impl<T: ?Sized> Deref for MappedRwLockWriteGuard<T> {
        type Target = T;
    }
    impl<T: ?Sized> DerefMut for MappedRwLockWriteGuard<T> {}

    #[effect(lock(reentrant))]
    pub struct ReentrantLock<T: ?Sized>(T);
    impl<T: ?Sized> ReentrantLock<T> {
        pub fn new(value: T) -> ReentrantLock<T> {}
        pub fn into_inner(self) -> T {}
        #[effect(acquires(exclusive, blocking))]
        pub fn lock(&self) -> ReentrantLockGuard<T> {}
        #[effect(acquires(exclusive, try))]
        pub fn try_lock(&self) -> Option<ReentrantLockGuard<T>> {}
        #[effect(aliases)]
        pub fn get_mut(&mut self) -> &mut T {}
    }
    #[effect(guard(exclusive))]
    pub struct ReentrantLockGuard<T: ?Sized>(T);
    impl<T: ?Sized> Deref for ReentrantLockGuard<T> {
        type Target = T;
    }

    #[effect(condvar, poisons)]
    pub struct Condvar;
    impl Condvar {
        pub fn new() -> Condvar {}
        #[effect(waits(blocking))]
        pub fn wait<T>(&self, guard: MutexGuard<T>) -> LockResult<MutexGuard<T>> {}
        #[effect(waits(blocking), predicate)]
        pub fn wait_while<T, F: FnMut(&mut T) -> bool>(
            &self,
            guard: MutexGuard<T>,
            condition: F,
        ) -> LockResult<MutexGuard<T>> {
        }
        #[effect(waits(timed))]
        pub fn wait_timeout<T>(
            &self,
            guard: MutexGuard<T>,
            dur: Duration,
        ) -> LockResult<(MutexGuard<T>, WaitTimeoutResult)> {
        }
        #[effect(waits(timed))]
        pub fn wait_timeout_ms<T>(&self, guard: MutexGuard<T>, ms: u32) -> LockResult<(MutexGuard<T>, bool)> {}
        #[effect(waits(timed), predicate)]
        pub fn wait_timeout_while<T, F: FnMut(&mut T) -> bool>(
            &self,
            guard: MutexGuard<T>,
            dur: Duration,
            condition: F,
        ) -> LockResult<(MutexGuard<T>, WaitTimeoutResult)> {
        }
        #[effect(notifies(one))]
        pub fn notify_one(&self) {}
        #[effect(notifies(all))]
        pub fn notify_all(&self) {}
    }
    pub struct WaitTimeoutResult;
    impl WaitTimeoutResult {
        pub fn timed_out(&self) -> bool {}
    }

    #[effect(barrier)]
    pub struct Barrier;
    impl Barrier {
        pub fn new(n: usize) -> Barrier {}
        #[effect(blocks(barrier), completes)]
        pub fn wait(&self) -> BarrierWaitResult {}
    }
    pub struct BarrierWaitResult;
    impl BarrierWaitResult {
        pub fn is_leader(&self) -> bool {}
    }

    #[effect(once)]
    pub struct Once;
    impl Once {
        pub fn new() -> Once {}
        #[effect(runs(0))]
        pub fn call_once<F: FnOnce()>(&self, f: F) {}
        #[effect(runs(0))]
        pub fn call_once_force<F: FnOnce(&OnceState)>(&self, f: F) {}
        #[effect(polls)]
        pub fn is_completed(&self) -> bool {}
        #[effect(blocks(barrier))]
        pub fn wait(&self) {}
        #[effect(blocks(barrier))]
        pub fn wait_force(&self) {}
    }
    pub struct OnceState;
    impl OnceState {
        pub fn is_poisoned(&self) -> bool {}
    }
    pub const ONCE_INIT: Once = Once;

    #[effect(once, interior)]
    pub struct OnceLock<T>(T);
    impl<T> OnceLock<T> {
        pub fn new() -> OnceLock<T> {}
        #[effect(aliases)]
        pub fn get(&self) -> Option<&T> {}
        #[effect(aliases)]
        pub fn get_mut(&mut self) -> Option<&mut T> {}
        #[effect(aliases, blocks(barrier))]
        pub fn wait(&self) -> &T {}
        #[effect(puts(0))]
        pub fn set(&self, value: T) -> Result<(), T> {}
        #[effect(puts(0), aliases)]
        pub fn try_insert(&self, value: T) -> Result<&T, (&T, T)> {}
        #[effect(puts_result(0), aliases)]
        pub fn get_or_init<F: FnOnce() -> T>(&self, f: F) -> &T {}
        #[effect(puts_result(0), aliases)]
        pub fn get_or_try_init<F: FnOnce() -> Result<T, E>, E>(&self, f: F) -> Result<&T, E> {}
        pub fn into_inner(self) -> Option<T> {}
        #[effect(takes)]
        pub fn take(&mut self) -> Option<T> {}
    }

    #[effect(once)]
    pub struct LazyLock<T, F = fn() -> T>(T, F);
    impl<T, F: FnOnce() -> T> LazyLock<T, F> {
        #[effect(stores(0))]
        pub fn new(f: F) -> LazyLock<T, F> {}
        #[effect(aliases(0))]
        pub fn force(this: &LazyLock<T, F>) -> &T {}
    }
    impl<T, F> Deref for LazyLock<T, F> {
        type Target = T;
    }

    pub mod mpsc {
        use crate::time::{Duration, Instant};

        // The queue grows: a send never waits.
        #[effect(channel)]
        pub fn channel<T>() -> (Sender<T>, Receiver<T>) {}
        #[effect(channel(bounded))]
        pub fn sync_channel<T>(bound: usize) -> (SyncSender<T>, Receiver<T>) {}

        #[effect(sender)]
        pub struct Sender<T>(T);
        impl<T> Sender<T> {
            #[effect(sends(try), puts(0))]
            pub fn send(&self, t: T) -> Result<(), SendError<T>> {}
        }
        impl<T> Clone for Sender<T> {
            #[effect(aliases)]
            fn clone(&self) -> Self {}
        }
        #[effect(sender)]
        pub struct SyncSender<T>(T);
        impl<T> SyncSender<T> {
            #[effect(sends(blocking), puts(0))]
            pub fn send(&self, t: T) -> Result<(), SendError<T>> {}
            #[effect(sends(try), puts(0))]
            pub fn try_send(&self, t: T) -> Result<(), TrySendError<T>> {}
            #[effect(sends(timed), puts(0))]
            pub fn send_timeout(&self, t: T, timeout: Duration) -> Result<(), SendTimeoutError<T>> {}
        }
        impl<T> Clone for SyncSender<T> {
            #[effect(aliases)]
            fn clone(&self) -> Self {}
        }

        #[effect(receiver)]
        pub struct Receiver<T>(T);
        impl<T> Receiver<T> {
            #[effect(receives(blocking))]
            pub fn recv(&self) -> Result<T, RecvError> {}
            #[effect(receives(try))]
            pub fn try_recv(&self) -> Result<T, TryRecvError> {}
            #[effect(receives(timed))]
            pub fn recv_timeout(&self, timeout: Duration) -> Result<T, RecvTimeoutError> {}
            #[effect(receives(timed))]
            pub fn recv_deadline(&self, deadline: Instant) -> Result<T, RecvTimeoutError> {}
            #[effect(receives(blocking), each_step)]
            pub fn iter(&self) -> Iter<T> {}
            #[effect(receives(try), each_step)]
            pub fn try_iter(&self) -> TryIter<T> {}
        }
        impl<T> IntoIterator for Receiver<T> {
            type Item = T;
            type IntoIter = IntoIter<T>;
            #[effect(receives(blocking), each_step)]
            fn into_iter(self) -> IntoIter<T> {}
        }
        impl<T> IntoIterator for &Receiver<T> {
            type Item = T;
            type IntoIter = Iter<T>;
            #[effect(receives(blocking), each_step)]
            fn into_iter(self) -> Iter<T> {}
        }
        pub struct Iter<T>(T);
        impl<T> Iterator for Iter<T> {
            type Item = T;
            #[effect(receives(blocking))]
            fn next(&mut self) -> Option<T> {}
        }
        pub struct TryIter<T>(T);
        impl<T> Iterator for TryIter<T> {
            type Item = T;
            #[effect(receives(try))]
            fn next(&mut self) -> Option<T> {}
        }
        pub struct IntoIter<T>(T);
        impl<T> Iterator for IntoIter<T> {
            type Item = T;
            #[effect(receives(blocking))]
            fn next(&mut self) -> Option<T> {}
        }

        pub struct SendError<T>(pub T);
        pub enum TrySendError<T> {
            Full(T),
            Disconnected(T),
        }
        pub enum SendTimeoutError<T> {
            Timeout(T),
            Disconnected(T),
        }
        pub struct RecvError;
        pub enum TryRecvError {
            Empty,
            Disconnected,
        }
        pub enum RecvTimeoutError {
            Timeout,
            Disconnected,
        }
    }

    pub mod mpmc {
        use crate::time::{Duration, Instant};

        pub use super::mpsc::{RecvError, RecvTimeoutError, SendError, SendTimeoutError, TryRecvError, TrySendError};

        #[effect(channel)]
        pub fn channel<T>() -> (Sender<T>, Receiver<T>) {}
        #[effect(channel(bounded))]
        pub fn sync_channel<T>(cap: usize) -> (Sender<T>, Receiver<T>) {}

        #[effect(sender)]
        pub struct Sender<T>(T);
        impl<T> Sender<T> {
            #[effect(sends(blocking), puts(0))]
            pub fn send(&self, msg: T) -> Result<(), SendError<T>> {}
            #[effect(sends(try), puts(0))]
            pub fn try_send(&self, msg: T) -> Result<(), TrySendError<T>> {}
            #[effect(sends(timed), puts(0))]
            pub fn send_timeout(&self, msg: T, timeout: Duration) -> Result<(), SendTimeoutError<T>> {}
            #[effect(sends(timed), puts(0))]
            pub fn send_deadline(&self, msg: T, deadline: Instant) -> Result<(), SendTimeoutError<T>> {}
            #[effect(polls)]
            pub fn is_empty(&self) -> bool {}
            #[effect(polls)]
            pub fn is_full(&self) -> bool {}
            #[effect(polls)]
            pub fn len(&self) -> usize {}
        }
        impl<T> Clone for Sender<T> {
            #[effect(aliases)]
            fn clone(&self) -> Self {}
        }
        #[effect(receiver)]
        pub struct Receiver<T>(T);
        impl<T> Receiver<T> {
            #[effect(receives(blocking))]
            pub fn recv(&self) -> Result<T, RecvError> {}
            #[effect(receives(try))]
            pub fn try_recv(&self) -> Result<T, TryRecvError> {}
            #[effect(receives(timed))]
            pub fn recv_timeout(&self, timeout: Duration) -> Result<T, RecvTimeoutError> {}
            #[effect(receives(timed))]
            pub fn recv_deadline(&self, deadline: Instant) -> Result<T, RecvTimeoutError> {}
            #[effect(receives(blocking), each_step)]
            pub fn iter(&self) -> super::mpsc::Iter<T> {}
            #[effect(receives(try), each_step)]
            pub fn try_iter(&self) -> super::mpsc::TryIter<T> {}
            #[effect(polls)]
            pub fn is_empty(&self) -> bool {}
            #[effect(polls)]
            pub fn len(&self) -> usize {}
        }
        impl<T> Clone for Receiver<T> {
            #[effect(aliases)]
            fn clone(&self) -> Self {}
        }
        impl<T> IntoIterator for Receiver<T> {
            type Item = T;
            type IntoIter = super::mpsc::IntoIter<T>;
            #[effect(receives(blocking), each_step)]
            fn into_iter(self) -> super::mpsc::IntoIter<T> {}
        }
        impl<T> IntoIterator for &Receiver<T> {
            type Item = T;
            type IntoIter = super::mpsc::Iter<T>;
            #[effect(receives(blocking), each_step)]
            fn into_iter(self) -> super::mpsc::Iter<T> {}
        }
    }

    pub mod oneshot {
        pub use super::mpsc::{RecvError, RecvTimeoutError, SendError};

        #[effect(channel)]
        pub fn channel<T>() -> (Sender<T>, Receiver<T>) {}
        #[effect(sender)]
        pub struct Sender<T>(T);
        impl<T> Sender<T> {
            #[effect(sends(try), puts(0))]
            pub fn send(self, t: T) -> Result<(), SendError<T>> {}
        }
        #[effect(receiver)]
        pub struct Receiver<T>(T);
        impl<T> Receiver<T> {
            #[effect(receives(blocking))]
            pub fn recv(self) -> Result<T, RecvError> {}
        }
    }

    pub mod poison {
        pub use super::{Condvar, LockResult, Mutex, MutexGuard, Once, PoisonError, RwLock, RwLockReadGuard};
        pub use super::{RwLockWriteGuard, TryLockError, TryLockResult};
    }

    pub mod atomic {
        pub enum Ordering {
            Relaxed,
            Release,
            Acquire,
            AcqRel,
            SeqCst,
        }
        pub fn fence(order: Ordering) {}
        pub fn compiler_fence(order: Ordering) {}
        #[effect(yields)]
        pub fn spin_loop_hint() {}

        #[effect(flag)]
        pub struct AtomicBool;
        impl AtomicBool {
            pub fn new(v: bool) -> AtomicBool {}
            pub fn get_mut(&mut self) -> &mut bool {}
            pub fn into_inner(self) -> bool {}
            pub fn as_ptr(&self) -> *mut bool {}
            #[effect(flag_load)]
            pub fn load(&self, order: Ordering) -> bool {}
            #[effect(flag_store)]
            pub fn store(&self, val: bool, order: Ordering) {}
            #[effect(flag_update)]
            pub fn swap(&self, val: bool, order: Ordering) -> bool {}
            #[effect(flag_update, compare_exchange)]
            pub fn compare_and_swap(&self, current: bool, new: bool, order: Ordering) -> bool {}
            #[effect(flag_update, compare_exchange)]
            pub fn compare_exchange(
                &self,
                current: bool,
                new: bool,
                success: Ordering,
                failure: Ordering,
            ) -> Result<bool, bool> {
            }
            #[effect(flag_update, compare_exchange)]
            pub fn compare_exchange_weak(
                &self,
                current: bool,
                new: bool,
                success: Ordering,
                failure: Ordering,
            ) -> Result<bool, bool> {
            }
            #[effect(flag_update)]
            pub fn fetch_and(&self, val: bool, order: Ordering) -> bool {}
            #[effect(flag_update)]
            pub fn fetch_nand(&self, val: bool, order: Ordering) -> bool {}
            #[effect(flag_update)]
            pub fn fetch_or(&self, val: bool, order: Ordering) -> bool {}
            #[effect(flag_update)]
            pub fn fetch_xor(&self, val: bool, order: Ordering) -> bool {}
            #[effect(flag_update)]
            pub fn fetch_not(&self, order: Ordering) -> bool {}
            #[effect(flag_update)]
            pub fn fetch_update<F: FnMut(bool) -> Option<bool>>(
                &self,
                set_order: Ordering,
                fetch_order: Ordering,
                f: F,
            ) -> Result<bool, bool> {
            }
        }
        impl From<bool> for AtomicBool {
            fn from(v: bool) -> AtomicBool {}
        }

        // The integers share one definition, as in the nightly library.
        #[effect(flag)]
        pub struct Atomic<T>(T);
        impl<T> Atomic<T> {
            pub fn new(v: T) -> Atomic<T> {}
            pub fn get_mut(&mut self) -> &mut T {}
            pub fn into_inner(self) -> T {}
            pub fn as_ptr(&self) -> *mut T {}
            #[effect(flag_load)]
            pub fn load(&self, order: Ordering) -> T {}
            #[effect(flag_store)]
            pub fn store(&self, val: T, order: Ordering) {}
            #[effect(flag_update)]
            pub fn swap(&self, val: T, order: Ordering) -> T {}
            #[effect(flag_update, compare_exchange)]
            pub fn compare_and_swap(&self, current: T, new: T, order: Ordering) -> T {}
            #[effect(flag_update, compare_exchange)]
            pub fn compare_exchange(&self, current: T, new: T, success: Ordering, failure: Ordering) -> Result<T, T> {}
            #[effect(flag_update, compare_exchange)]
            pub fn compare_exchange_weak(
                &self,
                current: T,
                new: T,
                success: Ordering,
                failure: Ordering,
            ) -> Result<T, T> {
            }
            #[effect(flag_update, counts(up))]
            pub fn fetch_add(&self, val: T, order: Ordering) -> T {}
            #[effect(flag_update, counts(down))]
            pub fn fetch_sub(&self, val: T, order: Ordering) -> T {}
            #[effect(flag_update)]
            pub fn fetch_and(&self, val: T, order: Ordering) -> T {}
            #[effect(flag_update)]
            pub fn fetch_nand(&self, val: T, order: Ordering) -> T {}
            #[effect(flag_update)]
            pub fn fetch_or(&self, val: T, order: Ordering) -> T {}
            #[effect(flag_update)]
            pub fn fetch_xor(&self, val: T, order: Ordering) -> T {}
            #[effect(flag_update)]
            pub fn fetch_max(&self, val: T, order: Ordering) -> T {}
            #[effect(flag_update)]
            pub fn fetch_min(&self, val: T, order: Ordering) -> T {}
            #[effect(flag_update)]
            pub fn fetch_update<F: FnMut(T) -> Option<T>>(
                &self,
                set_order: Ordering,
                fetch_order: Ordering,
                f: F,
            ) -> Result<T, T> {
            }
        }
        impl<T> From<T> for Atomic<T> {
            fn from(v: T) -> Atomic<T> {}
        }
        pub type AtomicI8 = Atomic<i8>;
        pub type AtomicI16 = Atomic<i16>;
        pub type AtomicI32 = Atomic<i32>;
        pub type AtomicI64 = Atomic<i64>;
        pub type AtomicI128 = Atomic<i128>;
        pub type AtomicIsize = Atomic<isize>;
        pub type AtomicU8 = Atomic<u8>;
        pub type AtomicU16 = Atomic<u16>;
        pub type AtomicU32 = Atomic<u32>;
        pub type AtomicU64 = Atomic<u64>;
        pub type AtomicU128 = Atomic<u128>;
        pub type AtomicUsize = Atomic<usize>;

        #[effect(flag, no_own)]
        pub struct AtomicPtr<T>(T);
        impl<T> AtomicPtr<T> {
            pub fn new(p: *mut T) -> AtomicPtr<T> {}
            pub fn get_mut(&mut self) -> &mut *mut T {}
            pub fn into_inner(self) -> *mut T {}
            #[effect(flag_load)]
            pub fn load(&self, order: Ordering) -> *mut T {}
            #[effect(flag_store)]
            pub fn store(&self, ptr: *mut T, order: Ordering) {}
            #[effect(flag_update)]
            pub fn swap(&self, ptr: *mut T, order: Ordering) -> *mut T {}
            #[effect(flag_update, compare_exchange)]
            pub fn compare_exchange(
                &self,
                current: *mut T,
                new: *mut T,
                success: Ordering,
                failure: Ordering,
            ) -> Result<*mut T, *mut T> {
            }
            #[effect(flag_update, compare_exchange)]
            pub fn compare_exchange_weak(
                &self,
                current: *mut T,
                new: *mut T,
                success: Ordering,
                failure: Ordering,
            ) -> Result<*mut T, *mut T> {
            }
            #[effect(flag_update)]
            pub fn fetch_update<F: FnMut(*mut T) -> Option<*mut T>>(
                &self,
                set_order: Ordering,
                fetch_order: Ordering,
                f: F,
            ) -> Result<*mut T, *mut T> {
            }
        }
    }
}

pub mod rc {
    use crate::ops::Deref;

    #[effect(strong)]
    pub struct Rc<T: ?Sized>(T);
    impl<T> Rc<T> {
        pub fn new(value: T) -> Rc<T> {}
        pub fn pin(value: T) -> crate::pin::Pin<Rc<T>> {}
        #[effect(runs(0))]
        pub fn new_cyclic<F: FnOnce(&Weak<T>) -> T>(f: F) -> Rc<T> {}
        pub fn try_unwrap(this: Rc<T>) -> Result<T, Rc<T>> {}
        pub fn into_inner(this: Rc<T>) -> Option<T> {}
        pub fn unwrap_or_clone(this: Rc<T>) -> T {}
    }
    impl<T: ?Sized> Rc<T> {
        #[effect(downgrades(0))]
        pub fn downgrade(this: &Rc<T>) -> Weak<T> {}
        pub fn strong_count(this: &Rc<T>) -> usize {}
        pub fn weak_count(this: &Rc<T>) -> usize {}
        pub fn ptr_eq(this: &Rc<T>, other: &Rc<T>) -> bool {}
        pub fn as_ptr(this: &Rc<T>) -> *const T {}
        #[effect(aliases(0))]
        pub fn get_mut(this: &mut Rc<T>) -> Option<&mut T> {}
        #[effect(aliases(0))]
        pub fn make_mut(this: &mut Rc<T>) -> &mut T {}
        // The count stays raised until `from_raw`.
        #[effect(forgets(0))]
        pub fn into_raw(this: Rc<T>) -> *const T {}
        pub unsafe fn from_raw(ptr: *const T) -> Rc<T> {}
        pub unsafe fn increment_strong_count(ptr: *const T) {}
        pub unsafe fn decrement_strong_count(ptr: *const T) {}
    }
    impl<T: ?Sized> Clone for Rc<T> {
        #[effect(aliases)]
        fn clone(&self) -> Self {}
    }
    impl<T: ?Sized> Deref for Rc<T> {
        type Target = T;
    }
    impl<T: ?Sized> AsRef<T> for Rc<T> {
        #[effect(aliases)]
        fn as_ref(&self) -> &T {}
    }
    impl<T> From<T> for Rc<T> {
        fn from(value: T) -> Rc<T> {}
    }
    impl From<&str> for Rc<str> {
        fn from(value: &str) -> Rc<str> {}
    }
    impl From<String> for Rc<str> {
        fn from(value: String) -> Rc<str> {}
    }
    impl<T> From<Vec<T>> for Rc<[T]> {
        fn from(value: Vec<T>) -> Rc<[T]> {}
    }
    impl<T: ?Sized> From<Box<T>> for Rc<T> {
        fn from(value: Box<T>) -> Rc<T> {}
    }
    impl<T> FromIterator<T> for Rc<[T]> {}

    #[effect(weak)]
    pub struct Weak<T: ?Sized>(T);
    impl<T> Weak<T> {
        pub fn new() -> Weak<T> {}
    }
    impl<T: ?Sized> Weak<T> {
        #[effect(upgrades)]
        pub fn upgrade(&self) -> Option<Rc<T>> {}
        pub fn strong_count(&self) -> usize {}
        pub fn weak_count(&self) -> usize {}
        pub fn ptr_eq(&self, other: &Weak<T>) -> bool {}
        pub fn as_ptr(&self) -> *const T {}
        pub fn into_raw(self) -> *const T {}
        pub unsafe fn from_raw(ptr: *const T) -> Weak<T> {}
    }
    impl<T: ?Sized> Clone for Weak<T> {
        #[effect(aliases)]
        fn clone(&self) -> Self {}
    }
}

pub mod cell {
    use crate::ops::{Deref, DerefMut};

    #[effect(interior)]
    pub struct Cell<T: ?Sized>(T);
    impl<T> Cell<T> {
        pub fn new(value: T) -> Cell<T> {}
        pub fn get(&self) -> T {}
        #[effect(puts(0))]
        pub fn set(&self, value: T) {}
        #[effect(takes)]
        pub fn take(&self) -> T {}
        #[effect(puts(0), takes)]
        pub fn replace(&self, value: T) -> T {}
        pub fn swap(&self, other: &Cell<T>) {}
        pub fn update<F: FnOnce(T) -> T>(&self, f: F) {}
        pub fn into_inner(self) -> T {}
        #[effect(aliases)]
        pub fn get_mut(&mut self) -> &mut T {}
        pub fn as_ptr(&self) -> *mut T {}
    }

    #[effect(interior)]
    pub struct RefCell<T: ?Sized>(T);
    impl<T> RefCell<T> {
        pub fn new(value: T) -> RefCell<T> {}
        pub fn into_inner(self) -> T {}
        #[effect(puts(0), takes, panics)]
        pub fn replace(&self, value: T) -> T {}
        #[effect(panics)]
        pub fn replace_with<F: FnOnce(&mut T) -> T>(&self, f: F) -> T {}
        #[effect(takes, panics)]
        pub fn take(&self) -> T {}
        pub fn swap(&self, other: &RefCell<T>) {}
    }
    impl<T: ?Sized> RefCell<T> {
        #[effect(panics)]
        pub fn borrow(&self) -> Ref<T> {}
        pub fn try_borrow(&self) -> Result<Ref<T>, BorrowError> {}
        #[effect(panics)]
        pub fn borrow_mut(&self) -> RefMut<T> {}
        pub fn try_borrow_mut(&self) -> Result<RefMut<T>, BorrowMutError> {}
        #[effect(aliases)]
        pub fn get_mut(&mut self) -> &mut T {}
        pub fn as_ptr(&self) -> *mut T {}
    }
    // Not lock guards: a `RefCell` stays on one thread.
    pub struct Ref<T: ?Sized>(T);
    impl<T: ?Sized> Ref<T> {
        pub fn clone(orig: &Ref<T>) -> Ref<T> {}
        pub fn map<U: ?Sized, F: FnOnce(&T) -> &U>(orig: Ref<T>, f: F) -> Ref<U> {}
    }
    impl<T: ?Sized> Deref for Ref<T> {
        type Target = T;
    }
    pub struct RefMut<T: ?Sized>(T);
    impl<T: ?Sized> RefMut<T> {
        pub fn map<U: ?Sized, F: FnOnce(&mut T) -> &mut U>(orig: RefMut<T>, f: F) -> RefMut<U> {}
    }
    impl<T: ?Sized> Deref for RefMut<T> {
        type Target = T;
    }
    impl<T: ?Sized> DerefMut for RefMut<T> {}
    pub struct BorrowError;
    pub struct BorrowMutError;

    #[effect(interior)]
    pub struct UnsafeCell<T: ?Sized>(T);
    impl<T> UnsafeCell<T> {
        pub fn new(value: T) -> UnsafeCell<T> {}
        pub fn into_inner(self) -> T {}
        #[effect(aliases)]
        pub fn get(&self) -> *mut T {}
        #[effect(aliases)]
        pub fn get_mut(&mut self) -> &mut T {}
    }

    #[effect(once, interior)]
    pub struct OnceCell<T>(T);
    impl<T> OnceCell<T> {
        pub fn new() -> OnceCell<T> {}
        #[effect(aliases)]
        pub fn get(&self) -> Option<&T> {}
        #[effect(aliases)]
        pub fn get_mut(&mut self) -> Option<&mut T> {}
        #[effect(puts(0))]
        pub fn set(&self, value: T) -> Result<(), T> {}
        #[effect(puts_result(0), aliases)]
        pub fn get_or_init<F: FnOnce() -> T>(&self, f: F) -> &T {}
        pub fn into_inner(self) -> Option<T> {}
        #[effect(takes)]
        pub fn take(&mut self) -> Option<T> {}
    }
    #[effect(once)]
    pub struct LazyCell<T, F = fn() -> T>(T, F);
    impl<T, F: FnOnce() -> T> LazyCell<T, F> {
        #[effect(stores(0))]
        pub fn new(f: F) -> LazyCell<T, F> {}
        #[effect(aliases(0))]
        pub fn force(this: &LazyCell<T, F>) -> &T {}
    }
    impl<T, F> Deref for LazyCell<T, F> {
        type Target = T;
    }
}

pub mod option {
    use crate::iter::Iter;
    use crate::ops::Deref;

    pub type IntoIter<T> = Iter<T>;

    pub enum Option<T> {
        None,
        Some(T),
    }
    impl<T> Option<T> {
        pub fn is_some(&self) -> bool {}
        pub fn is_some_and<F: FnOnce(T) -> bool>(self, f: F) -> bool {}
        pub fn is_none(&self) -> bool {}
        pub fn is_none_or<F: FnOnce(T) -> bool>(self, f: F) -> bool {}
        #[effect(aliases)]
        pub fn as_ref(&self) -> Option<&T> {}
        #[effect(aliases)]
        pub fn as_mut(&mut self) -> Option<&mut T> {}
        #[effect(aliases)]
        pub fn as_deref(&self) -> Option<&<T as Deref>::Target> {}
        #[effect(aliases)]
        pub fn as_deref_mut(&mut self) -> Option<&mut <T as Deref>::Target> {}
        #[effect(aliases)]
        pub fn as_slice(&self) -> &[T] {}
        #[effect(unwraps)]
        pub fn unwrap(self) -> T {}
        #[effect(unwraps)]
        pub fn expect(self, msg: &str) -> T {}
        pub fn unwrap_or(self, default: T) -> T {}
        pub fn unwrap_or_else<F: FnOnce() -> T>(self, f: F) -> T {}
        pub fn unwrap_or_default(self) -> T {}
        pub unsafe fn unwrap_unchecked(self) -> T {}
        pub fn map<U, F: FnOnce(T) -> U>(self, f: F) -> Option<U> {}
        pub fn inspect<F: FnOnce(&T)>(self, f: F) -> Option<T> {}
        pub fn map_or<U, F: FnOnce(T) -> U>(self, default: U, f: F) -> U {}
        pub fn map_or_else<U, D: FnOnce() -> U, F: FnOnce(T) -> U>(self, default: D, f: F) -> U {}
        pub fn ok_or<E>(self, err: E) -> Result<T, E> {}
        pub fn ok_or_else<E, F: FnOnce() -> E>(self, err: F) -> Result<T, E> {}
        #[effect(elements)]
        pub fn iter(&self) -> Iter<&T> {}
        #[effect(elements)]
        pub fn iter_mut(&mut self) -> Iter<&mut T> {}
        pub fn and<U>(self, optb: Option<U>) -> Option<U> {}
        pub fn and_then<U, F: FnOnce(T) -> Option<U>>(self, f: F) -> Option<U> {}
        pub fn filter<P: FnOnce(&T) -> bool>(self, predicate: P) -> Option<T> {}
        pub fn or(self, optb: Option<T>) -> Option<T> {}
        pub fn or_else<F: FnOnce() -> Option<T>>(self, f: F) -> Option<T> {}
        pub fn xor(self, optb: Option<T>) -> Option<T> {}
        #[effect(puts(0), aliases)]
        pub fn insert(&mut self, value: T) -> &mut T {}
        #[effect(puts(0), aliases)]
        pub fn get_or_insert(&mut self, value: T) -> &mut T {}
        #[effect(aliases)]
        pub fn get_or_insert_default(&mut self) -> &mut T {}
        #[effect(puts_result(0), aliases)]
        pub fn get_or_insert_with<F: FnOnce() -> T>(&mut self, f: F) -> &mut T {}
        #[effect(takes)]
        pub fn take(&mut self) -> Option<T> {}
        #[effect(takes)]
        pub fn take_if<P: FnOnce(&mut T) -> bool>(&mut self, predicate: P) -> Option<T> {}
        #[effect(puts(0), takes)]
        pub fn replace(&mut self, value: T) -> Option<T> {}
        pub fn zip<U>(self, other: Option<U>) -> Option<(T, U)> {}
    }
    impl<T> Option<&T> {
        pub fn copied(self) -> Option<T> {}
        pub fn cloned(self) -> Option<T> {}
    }
    impl<T> Option<&mut T> {
        pub fn copied(self) -> Option<T> {}
        pub fn cloned(self) -> Option<T> {}
    }
    impl<T, U> Option<(T, U)> {
        pub fn unzip(self) -> (Option<T>, Option<U>) {}
    }
    impl<T, E> Option<Result<T, E>> {
        pub fn transpose(self) -> Result<Option<T>, E> {}
    }
    impl<T> Option<Option<T>> {
        pub fn flatten(self) -> Option<T> {}
    }
    impl<T: Clone> Clone for Option<T> {
        fn clone(&self) -> Self {}
    }
    impl<T> Default for Option<T> {
        fn default() -> Option<T> {}
    }
    impl<T> From<T> for Option<T> {
        fn from(value: T) -> Option<T> {}
    }
    impl<T> IntoIterator for Option<T> {
        type Item = T;
        type IntoIter = Iter<T>;
        #[effect(elements)]
        fn into_iter(self) -> Iter<T> {}
    }
    impl<T> IntoIterator for &Option<T> {
        type Item = &T;
        type IntoIter = Iter<&T>;
        #[effect(elements)]
        fn into_iter(self) -> Iter<&T> {}
    }
    impl<T> IntoIterator for &mut Option<T> {
        type Item = &mut T;
        type IntoIter = Iter<&mut T>;
        #[effect(elements)]
        fn into_iter(self) -> Iter<&mut T> {}
    }
    impl<T, C: FromIterator<T>> FromIterator<Option<T>> for Option<C> {}
}

pub mod result {
    use crate::iter::Iter;
    use crate::ops::Deref;

    pub type IntoIter<T> = Iter<T>;

    pub enum Result<T, E> {
        Ok(T),
        Err(E),
    }
    impl<T, E> Result<T, E> {
        pub fn is_ok(&self) -> bool {}
        pub fn is_ok_and<F: FnOnce(T) -> bool>(self, f: F) -> bool {}
        pub fn is_err(&self) -> bool {}
        pub fn is_err_and<F: FnOnce(E) -> bool>(self, f: F) -> bool {}
        pub fn ok(self) -> Option<T> {}
        pub fn err(self) -> Option<E> {}
        #[effect(aliases)]
        pub fn as_ref(&self) -> Result<&T, &E> {}
        #[effect(aliases)]
        pub fn as_mut(&mut self) -> Result<&mut T, &mut E> {}
        #[effect(aliases)]
        pub fn as_deref(&self) -> Result<&<T as Deref>::Target, &E> {}
        #[effect(aliases)]
        pub fn as_deref_mut(&mut self) -> Result<&mut <T as Deref>::Target, &mut E> {}
        pub fn map<U, F: FnOnce(T) -> U>(self, f: F) -> Result<U, E> {}
        pub fn map_or<U, F: FnOnce(T) -> U>(self, default: U, f: F) -> U {}
        pub fn map_or_else<U, D: FnOnce(E) -> U, F: FnOnce(T) -> U>(self, default: D, f: F) -> U {}
        pub fn map_err<O, F: FnOnce(E) -> O>(self, op: F) -> Result<T, O> {}
        pub fn inspect<F: FnOnce(&T)>(self, f: F) -> Result<T, E> {}
        pub fn inspect_err<F: FnOnce(&E)>(self, f: F) -> Result<T, E> {}
        #[effect(elements)]
        pub fn iter(&self) -> Iter<&T> {}
        #[effect(elements)]
        pub fn iter_mut(&mut self) -> Iter<&mut T> {}
        #[effect(unwraps)]
        pub fn expect(self, msg: &str) -> T {}
        #[effect(unwraps)]
        pub fn unwrap(self) -> T {}
        pub fn unwrap_or_default(self) -> T {}
        #[effect(unwraps)]
        pub fn expect_err(self, msg: &str) -> E {}
        #[effect(unwraps)]
        pub fn unwrap_err(self) -> E {}
        pub fn and<U>(self, res: Result<U, E>) -> Result<U, E> {}
        pub fn and_then<U, F: FnOnce(T) -> Result<U, E>>(self, op: F) -> Result<U, E> {}
        pub fn or<F>(self, res: Result<T, F>) -> Result<T, F> {}
        pub fn or_else<O, F: FnOnce(E) -> Result<T, O>>(self, op: F) -> Result<T, O> {}
        pub fn unwrap_or(self, default: T) -> T {}
        pub fn unwrap_or_else<F: FnOnce(E) -> T>(self, op: F) -> T {}
        pub unsafe fn unwrap_unchecked(self) -> T {}
    }
    impl<T, E> Result<&T, E> {
        pub fn copied(self) -> Result<T, E> {}
        pub fn cloned(self) -> Result<T, E> {}
    }
    impl<T, E> Result<Option<T>, E> {
        pub fn transpose(self) -> Option<Result<T, E>> {}
    }
    impl<T, E> Result<Result<T, E>, E> {
        pub fn flatten(self) -> Result<T, E> {}
    }
    impl<T: Clone, E: Clone> Clone for Result<T, E> {
        fn clone(&self) -> Self {}
    }
    impl<T, E> IntoIterator for Result<T, E> {
        type Item = T;
        type IntoIter = Iter<T>;
        #[effect(elements)]
        fn into_iter(self) -> Iter<T> {}
    }
    impl<T, E> IntoIterator for &Result<T, E> {
        type Item = &T;
        type IntoIter = Iter<&T>;
        #[effect(elements)]
        fn into_iter(self) -> Iter<&T> {}
    }
    impl<T, E, C: FromIterator<T>> FromIterator<Result<T, E>> for Result<C, E> {}
}

pub mod iter {
    use crate::cmp::Ordering;

    // Every adaptor and every collection's iterator is this one type.
    pub struct Iter<T>(T);
    impl<T> Iterator for Iter<T> {
        type Item = T;
    }
    impl<T> DoubleEndedIterator for Iter<T> {}
    impl<T> ExactSizeIterator for Iter<T> {}
    impl<T> Iter<T> {
        #[effect(elements)]
        pub fn as_slice(&self) -> &[T] {}
        pub fn peek(&mut self) -> Option<&T> {}
        pub fn peek_mut(&mut self) -> Option<&mut T> {}
        pub fn next_if<F: FnOnce(&T) -> bool>(&mut self, func: F) -> Option<T> {}
        pub fn next_if_eq(&mut self, expected: &T) -> Option<T> {}
    }
    pub type Chain<A, B> = Iter<<A as Iterator>::Item>;
    pub type Cloned<I> = Iter<<I as Iterator>::Item>;
    pub type Copied<I> = Iter<<I as Iterator>::Item>;
    pub type Cycle<I> = Iter<<I as Iterator>::Item>;
    pub type Empty<T> = Iter<T>;
    pub type Enumerate<I> = Iter<(usize, <I as Iterator>::Item)>;
    pub type Filter<I, P> = Iter<<I as Iterator>::Item>;
    pub type Fuse<I> = Iter<<I as Iterator>::Item>;
    pub type Once<T> = Iter<T>;
    pub type Peekable<I> = Iter<<I as Iterator>::Item>;
    pub type Repeat<T> = Iter<T>;
    pub type Rev<I> = Iter<<I as Iterator>::Item>;
    pub type Skip<I> = Iter<<I as Iterator>::Item>;
    pub type StepBy<I> = Iter<<I as Iterator>::Item>;
    pub type Take<I> = Iter<<I as Iterator>::Item>;
    pub type Zip<A, B> = Iter<(<A as Iterator>::Item, <B as Iterator>::Item)>;

    pub trait Iterator {
        type Item;
        fn next(&mut self) -> Option<Self::Item> {}
        fn size_hint(&self) -> (usize, Option<usize>) {}
        fn count(self) -> usize {}
        fn last(self) -> Option<Self::Item> {}
        fn nth(&mut self, n: usize) -> Option<Self::Item> {}
        fn step_by(self, step: usize) -> Iter<Self::Item> {}
        fn chain<U: IntoIterator<Item = Self::Item>>(self, other: U) -> Iter<Self::Item> {}
        #[effect(limits(0))]
        fn zip<U: IntoIterator>(self, other: U) -> Iter<(Self::Item, <U as IntoIterator>::Item)> {}
        fn intersperse(self, separator: Self::Item) -> Iter<Self::Item> {}
        fn map<B, F: FnMut(Self::Item) -> B>(self, f: F) -> Iter<B> {}
        fn for_each<F: FnMut(Self::Item)>(self, f: F) {}
        fn filter<P: FnMut(&Self::Item) -> bool>(self, predicate: P) -> Iter<Self::Item> {}
        fn filter_map<B, F: FnMut(Self::Item) -> Option<B>>(self, f: F) -> Iter<B> {}
        fn enumerate(self) -> Iter<(usize, Self::Item)> {}
        fn peekable(self) -> Iter<Self::Item> {}
        fn skip_while<P: FnMut(&Self::Item) -> bool>(self, predicate: P) -> Iter<Self::Item> {}
        fn take_while<P: FnMut(&Self::Item) -> bool>(self, predicate: P) -> Iter<Self::Item> {}
        fn map_while<B, P: FnMut(Self::Item) -> Option<B>>(self, predicate: P) -> Iter<B> {}
        fn skip(self, n: usize) -> Iter<Self::Item> {}
        #[effect(limits(0))]
        fn take(self, n: usize) -> Iter<Self::Item> {}
        fn scan<St, B, F: FnMut(&mut St, Self::Item) -> Option<B>>(self, initial_state: St, f: F) -> Iter<B> {}
        fn flat_map<U: IntoIterator, F: FnMut(Self::Item) -> U>(self, f: F) -> Iter<<U as IntoIterator>::Item> {}
        fn flatten(self) -> Iter<<Self::Item as IntoIterator>::Item> {}
        fn fuse(self) -> Iter<Self::Item> {}
        fn cloned<T>(self) -> Iter<T>
        where
            Self: Iterator<Item = &T>,
        {
        }
        fn copied<T>(self) -> Iter<T>
        where
            Self: Iterator<Item = &T>,
        {
        }
        fn unzip<A, B, FromA: FromIterator<A>, FromB: FromIterator<B>>(self) -> (FromA, FromB)
        where
            Self: Iterator<Item = (A, B)>,
        {
        }
        fn inspect<F: FnMut(&Self::Item)>(self, f: F) -> Iter<Self::Item> {}
        #[effect(aliases)]
        fn by_ref(&mut self) -> &mut Self {}
        fn collect<C: FromIterator<Self::Item>>(self) -> C {}
        fn partition<C: FromIterator<Self::Item>, F: FnMut(&Self::Item) -> bool>(self, f: F) -> (C, C) {}
        fn try_fold<B, R, F: FnMut(B, Self::Item) -> R>(&mut self, init: B, f: F) -> R {}
        fn try_for_each<R, F: FnMut(Self::Item) -> R>(&mut self, f: F) -> R {}
        fn fold<B, F: FnMut(B, Self::Item) -> B>(self, init: B, f: F) -> B {}
        fn reduce<F: FnMut(Self::Item, Self::Item) -> Self::Item>(self, f: F) -> Option<Self::Item> {}
        fn all<F: FnMut(Self::Item) -> bool>(&mut self, f: F) -> bool {}
        fn any<F: FnMut(Self::Item) -> bool>(&mut self, f: F) -> bool {}
        fn find<P: FnMut(&Self::Item) -> bool>(&mut self, predicate: P) -> Option<Self::Item> {}
        fn find_map<B, F: FnMut(Self::Item) -> Option<B>>(&mut self, f: F) -> Option<B> {}
        fn position<P: FnMut(Self::Item) -> bool>(&mut self, predicate: P) -> Option<usize> {}
        fn rposition<P: FnMut(Self::Item) -> bool>(&mut self, predicate: P) -> Option<usize> {}
        fn max(self) -> Option<Self::Item> {}
        fn min(self) -> Option<Self::Item> {}
        fn max_by_key<B, F: FnMut(&Self::Item) -> B>(self, f: F) -> Option<Self::Item> {}
        fn max_by<F: FnMut(&Self::Item, &Self::Item) -> Ordering>(self, compare: F) -> Option<Self::Item> {}
        fn min_by_key<B, F: FnMut(&Self::Item) -> B>(self, f: F) -> Option<Self::Item> {}
        fn min_by<F: FnMut(&Self::Item, &Self::Item) -> Ordering>(self, compare: F) -> Option<Self::Item> {}
        fn cycle(self) -> Iter<Self::Item> {}
        fn sum<S>(self) -> S {}
        fn product<P>(self) -> P {}
        fn eq<I: IntoIterator>(self, other: I) -> bool {}
        fn is_sorted(self) -> bool {}
    }
    impl<I: Iterator + ?Sized> Iterator for &mut I {
        type Item = <I as Iterator>::Item;
    }
    impl<I: Iterator + ?Sized> Iterator for Box<I> {
        type Item = <I as Iterator>::Item;
    }
    pub trait DoubleEndedIterator: Iterator {
        fn next_back(&mut self) -> Option<Self::Item> {}
        fn nth_back(&mut self, n: usize) -> Option<Self::Item> {}
        fn rev(self) -> Iter<Self::Item> {}
        fn rfold<B, F: FnMut(B, Self::Item) -> B>(self, init: B, f: F) -> B {}
        fn rfind<P: FnMut(&Self::Item) -> bool>(&mut self, predicate: P) -> Option<Self::Item> {}
    }
    pub trait ExactSizeIterator: Iterator {
        fn len(&self) -> usize {}
    }
    pub trait FusedIterator: Iterator {}

    pub trait IntoIterator {
        type Item;
        type IntoIter: Iterator<Item = Self::Item>;
        fn into_iter(self) -> Self::IntoIter {}
    }
    impl<I: Iterator> IntoIterator for I {
        type Item = <I as Iterator>::Item;
        type IntoIter = I;
        #[effect(aliases)]
        fn into_iter(self) -> I {}
    }
    pub trait FromIterator<A> {
        fn from_iter<I: IntoIterator<Item = A>>(iter: I) -> Self {}
    }
    impl FromIterator<()> for () {}
    pub trait Extend<A> {
        #[effect(puts(0))]
        fn extend<I: IntoIterator<Item = A>>(&mut self, iter: I) {}
    }

    pub fn once<T>(value: T) -> Iter<T> {}
    pub fn once_with<T, F: FnOnce() -> T>(f: F) -> Iter<T> {}
    pub fn empty<T>() -> Iter<T> {}
    #[effect(endless)]
    pub fn repeat<T>(elt: T) -> Iter<T> {}
    pub fn repeat_n<T>(elt: T, count: usize) -> Iter<T> {}
    #[effect(endless)]
    pub fn repeat_with<T, F: FnMut() -> T>(f: F) -> Iter<T> {}
    pub fn from_fn<T, F: FnMut() -> Option<T>>(f: F) -> Iter<T> {}
    pub fn successors<T, F: FnMut(&T) -> Option<T>>(first: Option<T>, succ: F) -> Iter<T> {}
    pub fn zip<A: IntoIterator, B: IntoIterator>(
        a: A,
        b: B,
    ) -> Iter<(<A as IntoIterator>::Item, <B as IntoIterator>::Item)> {
    }
}

pub mod slice {
    use crate::cmp::Ordering;
    use crate::iter::Iter as AnyIter;

    pub type Iter<T> = AnyIter<&T>;
    pub type IterMut<T> = AnyIter<&mut T>;
    pub type Chunks<T> = AnyIter<&[T]>;
    pub type ChunksMut<T> = AnyIter<&mut [T]>;
    pub type ChunksExact<T> = AnyIter<&[T]>;
    pub type Windows<T> = AnyIter<&[T]>;

    impl<T> [T] {
        pub fn len(&self) -> usize {}
        pub fn is_empty(&self) -> bool {}
        #[effect(elements)]
        pub fn first(&self) -> Option<&T> {}
        #[effect(elements)]
        pub fn first_mut(&mut self) -> Option<&mut T> {}
        #[effect(elements)]
        pub fn last(&self) -> Option<&T> {}
        #[effect(elements)]
        pub fn last_mut(&mut self) -> Option<&mut T> {}
        pub fn split_first(&self) -> Option<(&T, &[T])> {}
        pub fn split_last(&self) -> Option<(&T, &[T])> {}
        #[effect(elements)]
        pub fn get(&self, index: usize) -> Option<&T> {}
        #[effect(elements)]
        pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {}
        #[effect(elements)]
        pub unsafe fn get_unchecked(&self, index: usize) -> &T {}
        #[effect(elements)]
        pub unsafe fn get_unchecked_mut(&mut self, index: usize) -> &mut T {}
        #[effect(panics)]
        pub fn swap(&mut self, a: usize, b: usize) {}
        pub fn reverse(&mut self) {}
        #[effect(elements)]
        pub fn iter(&self) -> AnyIter<&T> {}
        #[effect(elements)]
        pub fn iter_mut(&mut self) -> AnyIter<&mut T> {}
        #[effect(elements)]
        pub fn windows(&self, size: usize) -> AnyIter<&[T]> {}
        #[effect(elements, groups(0))]
        pub fn chunks(&self, chunk_size: usize) -> AnyIter<&[T]> {}
        #[effect(elements, groups(0))]
        pub fn chunks_mut(&mut self, chunk_size: usize) -> AnyIter<&mut [T]> {}
        #[effect(elements, groups(0))]
        pub fn chunks_exact(&self, chunk_size: usize) -> AnyIter<&[T]> {}
        #[effect(elements, groups(0))]
        pub fn chunks_exact_mut(&mut self, chunk_size: usize) -> AnyIter<&mut [T]> {}
        #[effect(elements, groups(0))]
        pub fn rchunks(&self, chunk_size: usize) -> AnyIter<&[T]> {}
        #[effect(panics)]
        pub fn split_at(&self, mid: usize) -> (&[T], &[T]) {}
        #[effect(panics)]
        pub fn split_at_mut(&mut self, mid: usize) -> (&mut [T], &mut [T]) {}
        pub fn split<F: FnMut(&T) -> bool>(&self, pred: F) -> AnyIter<&[T]> {}
        pub fn contains(&self, x: &T) -> bool {}
        pub fn starts_with(&self, needle: &[T]) -> bool {}
        pub fn ends_with(&self, needle: &[T]) -> bool {}
        pub fn binary_search(&self, x: &T) -> Result<usize, usize> {}
        pub fn binary_search_by<F: FnMut(&T) -> Ordering>(&self, f: F) -> Result<usize, usize> {}
        pub fn binary_search_by_key<B, F: FnMut(&T) -> B>(&self, b: &B, f: F) -> Result<usize, usize> {}
        pub fn partition_point<P: FnMut(&T) -> bool>(&self, pred: P) -> usize {}
        pub fn sort(&mut self) {}
        pub fn sort_by<F: FnMut(&T, &T) -> Ordering>(&mut self, compare: F) {}
        pub fn sort_by_key<K, F: FnMut(&T) -> K>(&mut self, f: F) {}
        pub fn sort_unstable(&mut self) {}
        pub fn sort_unstable_by<F: FnMut(&T, &T) -> Ordering>(&mut self, compare: F) {}
        pub fn sort_unstable_by_key<K, F: FnMut(&T) -> K>(&mut self, f: F) {}
        pub fn rotate_left(&mut self, mid: usize) {}
        pub fn rotate_right(&mut self, k: usize) {}
        pub fn fill(&mut self, value: T) {}
        #[effect(panics)]
        pub fn clone_from_slice(&mut self, src: &[T]) {}
        #[effect(panics)]
        pub fn copy_from_slice(&mut self, src: &[T]) {}
        #[effect(panics)]
        pub fn swap_with_slice(&mut self, other: &mut [T]) {}
        pub fn to_vec(&self) -> Vec<T> {}
        pub fn into_vec(self: Box<[T]>) -> Vec<T> {}
        pub fn as_ptr(&self) -> *const T {}
        pub fn as_mut_ptr(&mut self) -> *mut T {}
    }
    impl [String] {
        pub fn join<S>(&self, separator: S) -> String {}
        pub fn concat(&self) -> String {}
    }
    impl [&str] {
        pub fn join<S>(&self, separator: S) -> String {}
        pub fn concat(&self) -> String {}
    }
    impl [crate::borrow::Cow<str>] {
        pub fn join<S>(&self, separator: S) -> String {}
        pub fn concat(&self) -> String {}
    }
    impl<T> [Vec<T>] {
        pub fn join<S>(&self, separator: S) -> Vec<T> {}
        pub fn concat(&self) -> Vec<T> {}
    }
    impl<T> [&[T]] {
        pub fn join<S>(&self, separator: S) -> Vec<T> {}
        pub fn concat(&self) -> Vec<T> {}
    }
    impl<T, const N: usize> [[T; N]] {
        pub fn concat(&self) -> Vec<T> {}
    }
    impl [crate::ffi::OsString] {
        pub fn join<S>(&self, separator: S) -> crate::ffi::OsString {}
    }
    impl [u8] {
        pub fn to_ascii_lowercase(&self) -> Vec<u8> {}
        pub fn to_ascii_uppercase(&self) -> Vec<u8> {}
        pub fn eq_ignore_ascii_case(&self, other: &[u8]) -> bool {}
        pub fn is_ascii(&self) -> bool {}
    }
    impl<T> IntoIterator for &[T] {
        type Item = &T;
        type IntoIter = AnyIter<&T>;
        #[effect(elements)]
        fn into_iter(self) -> AnyIter<&T> {}
    }
    impl<T> IntoIterator for &mut [T] {
        type Item = &mut T;
        type IntoIter = AnyIter<&mut T>;
        #[effect(elements)]
        fn into_iter(self) -> AnyIter<&mut T> {}
    }
    pub fn from_ref<T>(s: &T) -> &[T] {}
    pub unsafe fn from_raw_parts<T>(data: *const T, len: usize) -> &[T] {}
    pub unsafe fn from_raw_parts_mut<T>(data: *mut T, len: usize) -> &mut [T] {}
}

pub mod array {
    use crate::iter::Iter;

    pub type IntoIter<T> = Iter<T>;
    impl<T, const N: usize> [T; N] {
        pub fn map<F: FnMut(T) -> U, U>(self, f: F) -> [U; N] {}
        #[effect(aliases)]
        pub fn as_slice(&self) -> &[T] {}
        #[effect(aliases)]
        pub fn as_mut_slice(&mut self) -> &mut [T] {}
        pub fn each_ref(&self) -> [&T; N] {}
        pub fn each_mut(&mut self) -> [&mut T; N] {}
    }
    impl<T, const N: usize> AsRef<[T]> for [T; N] {
        #[effect(aliases)]
        fn as_ref(&self) -> &[T] {}
    }
    impl<T, const N: usize> AsMut<[T]> for [T; N] {
        #[effect(aliases)]
        fn as_mut(&mut self) -> &mut [T] {}
    }
    impl<T> AsRef<[T]> for [T] {
        #[effect(aliases)]
        fn as_ref(&self) -> &[T] {}
    }
    impl<T> AsMut<[T]> for [T] {
        #[effect(aliases)]
        fn as_mut(&mut self) -> &mut [T] {}
    }
    impl<T, const N: usize> TryFrom<&[T]> for [T; N] {
        type Error = TryFromSliceError;
    }
    impl<T, const N: usize> TryFrom<Vec<T>> for [T; N] {
        type Error = Vec<T>;
    }
    pub struct TryFromSliceError;
    impl<T, const N: usize> IntoIterator for [T; N] {
        type Item = T;
        type IntoIter = Iter<T>;
        #[effect(elements)]
        fn into_iter(self) -> Iter<T> {}
    }
    impl<T, const N: usize> IntoIterator for &[T; N] {
        type Item = &T;
        type IntoIter = Iter<&T>;
        #[effect(elements)]
        fn into_iter(self) -> Iter<&T> {}
    }
    impl<T, const N: usize> IntoIterator for &mut [T; N] {
        type Item = &mut T;
        type IntoIter = Iter<&mut T>;
        #[effect(elements)]
        fn into_iter(self) -> Iter<&mut T> {}
    }
    pub fn from_fn<T, const N: usize, F: FnMut(usize) -> T>(f: F) -> [T; N] {}
}

pub mod vec {
    use crate::iter::Iter;
    use crate::ops::{Deref, DerefMut};

    pub type IntoIter<T> = Iter<T>;
    pub type Drain<T> = Iter<T>;
    pub type Splice<T> = Iter<T>;

    #[effect(collection)]
    pub struct Vec<T>(T);
    impl<T> Vec<T> {
        pub fn new() -> Vec<T> {}
        pub fn with_capacity(capacity: usize) -> Vec<T> {}
        pub fn capacity(&self) -> usize {}
        pub fn reserve(&mut self, additional: usize) {}
        pub fn shrink_to_fit(&mut self) {}
        pub fn into_boxed_slice(self) -> Box<[T]> {}
        #[effect(clears)]
        pub fn truncate(&mut self, len: usize) {}
        #[effect(aliases)]
        pub fn as_slice(&self) -> &[T] {}
        #[effect(aliases)]
        pub fn as_mut_slice(&mut self) -> &mut [T] {}
        #[effect(takes, panics)]
        pub fn swap_remove(&mut self, index: usize) -> T {}
        #[effect(puts(1), panics)]
        pub fn insert(&mut self, index: usize, element: T) {}
        #[effect(takes, panics)]
        pub fn remove(&mut self, index: usize) -> T {}
        #[effect(clears)]
        pub fn retain<F: FnMut(&T) -> bool>(&mut self, f: F) {}
        #[effect(clears)]
        pub fn retain_mut<F: FnMut(&mut T) -> bool>(&mut self, f: F) {}
        pub fn dedup(&mut self) {}
        pub fn dedup_by_key<F: FnMut(&mut T) -> K, K>(&mut self, key: F) {}
        pub fn dedup_by<F: FnMut(&mut T, &mut T) -> bool>(&mut self, same_bucket: F) {}
        #[effect(puts(0))]
        pub fn push(&mut self, value: T) {}
        #[effect(takes)]
        pub fn pop(&mut self) -> Option<T> {}
        #[effect(takes)]
        pub fn pop_if<F: FnOnce(&mut T) -> bool>(&mut self, predicate: F) -> Option<T> {}
        #[effect(puts(0))]
        pub fn append(&mut self, other: &mut Vec<T>) {}
        #[effect(takes, limits(0))]
        pub fn drain<R>(&mut self, range: R) -> Iter<T> {}
        #[effect(takes)]
        pub fn extract_if<R, F: FnMut(&mut T) -> bool>(&mut self, range: R, filter: F) -> Iter<T> {}
        #[effect(clears)]
        pub fn clear(&mut self) {}
        #[effect(takes, panics)]
        pub fn split_off(&mut self, at: usize) -> Vec<T> {}
        pub fn resize(&mut self, new_len: usize, value: T) {}
        pub fn resize_with<F: FnMut() -> T>(&mut self, new_len: usize, f: F) {}
        #[effect(forgets)]
        pub fn leak(self) -> &mut [T] {}
        pub fn extend_from_slice(&mut self, other: &[T]) {}
        pub fn extend_from_within<R>(&mut self, src: R) {}
        #[effect(takes)]
        pub fn splice<R, I: IntoIterator<Item = T>>(&mut self, range: R, replace_with: I) -> Iter<T> {}
    }
    impl<T> Deref for Vec<T> {
        type Target = [T];
    }
    impl<T> DerefMut for Vec<T> {}
    impl<T: Clone> Clone for Vec<T> {
        fn clone(&self) -> Self {}
    }
    impl<T> Default for Vec<T> {
        fn default() -> Vec<T> {}
    }
    impl<T> FromIterator<T> for Vec<T> {}
    impl<T> Extend<T> for Vec<T> {}
    impl<T, const N: usize> From<[T; N]> for Vec<T> {
        fn from(s: [T; N]) -> Vec<T> {}
    }
    impl<T> From<&[T]> for Vec<T> {
        fn from(s: &[T]) -> Vec<T> {}
    }
    impl<T> IntoIterator for Vec<T> {
        type Item = T;
        type IntoIter = Iter<T>;
        #[effect(elements)]
        fn into_iter(self) -> Iter<T> {}
    }
    impl<T> IntoIterator for &Vec<T> {
        type Item = &T;
        type IntoIter = Iter<&T>;
        #[effect(elements)]
        fn into_iter(self) -> Iter<&T> {}
    }
    impl<T> IntoIterator for &mut Vec<T> {
        type Item = &mut T;
        type IntoIter = Iter<&mut T>;
        #[effect(elements)]
        fn into_iter(self) -> Iter<&mut T> {}
    }
    // `vec![x; n]` and `vec![a, b]` come here.
    pub fn from_elem<T>(elem: T, n: usize) -> Vec<T> {}
}

pub mod boxed {
    use crate::any::Any;
    use crate::iter::Iter;
    use crate::ops::{Deref, DerefMut};

    pub struct Box<T: ?Sized>(T);
    impl<T> Box<T> {
        pub fn new(x: T) -> Box<T> {}
        pub fn pin(x: T) -> crate::pin::Pin<Box<T>> {}
    }
    impl<T: ?Sized> Box<T> {
        pub unsafe fn from_raw(raw: *mut T) -> Box<T> {}
        #[effect(forgets(0))]
        pub fn into_raw(b: Box<T>) -> *mut T {}
        #[effect(forgets(0))]
        pub fn leak(b: Box<T>) -> &mut T {}
        pub fn into_pin(boxed: Box<T>) -> crate::pin::Pin<Box<T>> {}
        pub fn into_inner(boxed: Box<T>) -> T {}
    }
    impl Box<dyn Any> {
        pub fn downcast<T: Any>(self) -> Result<Box<T>, Box<dyn Any>> {}
    }
    impl Box<dyn Any + Send> {
        pub fn downcast<T: Any>(self) -> Result<Box<T>, Box<dyn Any + Send>> {}
    }
    impl<T: ?Sized> Deref for Box<T> {
        type Target = T;
    }
    impl<T: ?Sized> DerefMut for Box<T> {}
    impl<T: Clone> Clone for Box<T> {
        fn clone(&self) -> Self {}
    }
    impl<T: ?Sized> AsRef<T> for Box<T> {
        #[effect(aliases)]
        fn as_ref(&self) -> &T {}
    }
    impl<T: ?Sized> AsMut<T> for Box<T> {
        #[effect(aliases)]
        fn as_mut(&mut self) -> &mut T {}
    }
    impl<T> From<T> for Box<T> {
        fn from(t: T) -> Box<T> {}
    }
    impl<T> From<Vec<T>> for Box<[T]> {
        fn from(v: Vec<T>) -> Box<[T]> {}
    }
    impl<T> FromIterator<T> for Box<[T]> {}
    impl<T> IntoIterator for Box<[T]> {
        type Item = T;
        type IntoIter = Iter<T>;
        #[effect(elements)]
        fn into_iter(self) -> Iter<T> {}
    }
}

pub mod collections {
    pub use self::binary_heap::BinaryHeap;
    pub use self::btree_map::BTreeMap;
    pub use self::btree_set::BTreeSet;
    pub use self::hash_map::HashMap;
    pub use self::hash_set::HashSet;
    pub use self::linked_list::LinkedList;
    pub use self::vec_deque::VecDeque;
    pub use crate::ops::Bound;

    pub mod hash_map {
        use crate::iter::Iter as AnyIter;

        pub type Iter<K, V> = AnyIter<(&K, &V)>;
        pub type IterMut<K, V> = AnyIter<(&K, &mut V)>;
        pub type IntoIter<K, V> = AnyIter<(K, V)>;
        pub type Keys<K, V> = AnyIter<&K>;
        pub type Values<K, V> = AnyIter<&V>;
        pub type ValuesMut<K, V> = AnyIter<&mut V>;
        pub type Drain<K, V> = AnyIter<(K, V)>;

        #[effect(collection)]
        pub struct HashMap<K, V, S = RandomState>(K, V);
        impl<K, V> HashMap<K, V> {
            pub fn new() -> HashMap<K, V> {}
            pub fn with_capacity(capacity: usize) -> HashMap<K, V> {}
            pub fn reserve(&mut self, additional: usize) {}
            pub fn shrink_to_fit(&mut self) {}
        }
        pub struct RandomState;
        impl RandomState {
            pub fn new() -> RandomState {}
        }
        pub struct DefaultHasher;
        impl DefaultHasher {
            pub fn new() -> DefaultHasher {}
        }
        impl crate::hash::Hasher for DefaultHasher {}
        impl crate::hash::BuildHasher for RandomState {
            type Hasher = DefaultHasher;
        }
        impl<K, V, S> HashMap<K, V, S> {
            pub fn with_hasher(hash_builder: S) -> HashMap<K, V, S> {}
            pub fn with_capacity_and_hasher(capacity: usize, hash_builder: S) -> HashMap<K, V, S> {}
        }
        impl<K, V, S> HashMap<K, V, S> {
            #[effect(elements)]
            pub fn keys(&self) -> AnyIter<&K> {}
            pub fn into_keys(self) -> AnyIter<K> {}
            #[effect(elements)]
            pub fn values(&self) -> AnyIter<&V> {}
            #[effect(elements)]
            pub fn values_mut(&mut self) -> AnyIter<&mut V> {}
            #[effect(elements)]
            pub fn into_values(self) -> AnyIter<V> {}
            #[effect(elements)]
            pub fn iter(&self) -> AnyIter<(&K, &V)> {}
            #[effect(elements)]
            pub fn iter_mut(&mut self) -> AnyIter<(&K, &mut V)> {}
            pub fn len(&self) -> usize {}
            pub fn is_empty(&self) -> bool {}
            #[effect(takes)]
            pub fn drain(&mut self) -> AnyIter<(K, V)> {}
            #[effect(takes)]
            pub fn extract_if<F: FnMut(&K, &mut V) -> bool>(&mut self, pred: F) -> AnyIter<(K, V)> {}
            #[effect(clears)]
            pub fn retain<F: FnMut(&K, &mut V) -> bool>(&mut self, f: F) {}
            #[effect(clears)]
            pub fn clear(&mut self) {}
            #[effect(aliases)]
            pub fn entry(&mut self, key: K) -> Entry<K, V> {}
            #[effect(elements)]
            pub fn get<Q: ?Sized>(&self, k: &Q) -> Option<&V> {}
            #[effect(elements)]
            pub fn get_key_value<Q: ?Sized>(&self, k: &Q) -> Option<(&K, &V)> {}
            pub fn contains_key<Q: ?Sized>(&self, k: &Q) -> bool {}
            #[effect(elements)]
            pub fn get_mut<Q: ?Sized>(&mut self, k: &Q) -> Option<&mut V> {}
            #[effect(puts(1), takes)]
            pub fn insert(&mut self, k: K, v: V) -> Option<V> {}
            #[effect(takes)]
            pub fn remove<Q: ?Sized>(&mut self, k: &Q) -> Option<V> {}
            #[effect(takes)]
            pub fn remove_entry<Q: ?Sized>(&mut self, k: &Q) -> Option<(K, V)> {}
        }
        impl<K, V, S, Q: ?Sized> crate::ops::Index<&Q> for HashMap<K, V, S> {
            type Output = V;
        }
        impl<K, V, S> Clone for HashMap<K, V, S> {
            fn clone(&self) -> Self {}
        }
        impl<K, V, S> Default for HashMap<K, V, S> {
            fn default() -> Self {}
        }
        impl<K, V, const N: usize> From<[(K, V); N]> for HashMap<K, V> {
            fn from(arr: [(K, V); N]) -> HashMap<K, V> {}
        }
        impl<K, V, S> FromIterator<(K, V)> for HashMap<K, V, S> {}
        impl<K, V, S> Extend<(K, V)> for HashMap<K, V, S> {}
        impl<K, V, S> IntoIterator for HashMap<K, V, S> {
            type Item = (K, V);
            type IntoIter = AnyIter<(K, V)>;
            #[effect(elements)]
            fn into_iter(self) -> AnyIter<(K, V)> {}
        }
        impl<K, V, S> IntoIterator for &HashMap<K, V, S> {
            type Item = (&K, &V);
            type IntoIter = AnyIter<(&K, &V)>;
            #[effect(elements)]
            fn into_iter(self) -> AnyIter<(&K, &V)> {}
        }
        impl<K, V, S> IntoIterator for &mut HashMap<K, V, S> {
            type Item = (&K, &mut V);
            type IntoIter = AnyIter<(&K, &mut V)>;
            #[effect(elements)]
            fn into_iter(self) -> AnyIter<(&K, &mut V)> {}
        }
        pub enum Entry<K, V> {
            Occupied(OccupiedEntry<K, V>),
            Vacant(VacantEntry<K, V>),
        }
        impl<K, V> Entry<K, V> {
            #[effect(puts(0), aliases)]
            pub fn or_insert(self, default: V) -> &mut V {}
            #[effect(puts_result(0), aliases)]
            pub fn or_insert_with<F: FnOnce() -> V>(self, default: F) -> &mut V {}
            #[effect(puts_result(0), aliases)]
            pub fn or_insert_with_key<F: FnOnce(&K) -> V>(self, default: F) -> &mut V {}
            #[effect(aliases)]
            pub fn or_default(self) -> &mut V {}
            pub fn key(&self) -> &K {}
            #[effect(aliases)]
            pub fn and_modify<F: FnOnce(&mut V)>(self, f: F) -> Entry<K, V> {}
            #[effect(puts(0), aliases)]
            pub fn insert_entry(self, value: V) -> OccupiedEntry<K, V> {}
        }
        pub struct OccupiedEntry<K, V>(K, V);
        impl<K, V> OccupiedEntry<K, V> {
            pub fn key(&self) -> &K {}
            #[effect(takes)]
            pub fn remove_entry(self) -> (K, V) {}
            #[effect(aliases)]
            pub fn get(&self) -> &V {}
            #[effect(aliases)]
            pub fn get_mut(&mut self) -> &mut V {}
            #[effect(aliases)]
            pub fn into_mut(self) -> &mut V {}
            #[effect(puts(0), takes)]
            pub fn insert(&mut self, value: V) -> V {}
            #[effect(takes)]
            pub fn remove(self) -> V {}
        }
        pub struct VacantEntry<K, V>(K, V);
        impl<K, V> VacantEntry<K, V> {
            pub fn key(&self) -> &K {}
            pub fn into_key(self) -> K {}
            #[effect(puts(0), aliases)]
            pub fn insert(self, value: V) -> &mut V {}
        }
    }

    pub mod btree_map {
        use crate::iter::Iter as AnyIter;

        pub type Iter<K, V> = AnyIter<(&K, &V)>;
        pub type IterMut<K, V> = AnyIter<(&K, &mut V)>;
        pub type IntoIter<K, V> = AnyIter<(K, V)>;
        pub type Keys<K, V> = AnyIter<&K>;
        pub type Values<K, V> = AnyIter<&V>;
        pub type ValuesMut<K, V> = AnyIter<&mut V>;
        pub type Drain<K, V> = AnyIter<(K, V)>;

        #[effect(collection)]
        pub struct BTreeMap<K, V>(K, V);
        impl<K, V> BTreeMap<K, V> {
            pub fn new() -> BTreeMap<K, V> {}
        }
        impl<K, V> BTreeMap<K, V> {
            #[effect(elements)]
            pub fn keys(&self) -> AnyIter<&K> {}
            pub fn into_keys(self) -> AnyIter<K> {}
            #[effect(elements)]
            pub fn values(&self) -> AnyIter<&V> {}
            #[effect(elements)]
            pub fn values_mut(&mut self) -> AnyIter<&mut V> {}
            #[effect(elements)]
            pub fn into_values(self) -> AnyIter<V> {}
            #[effect(elements)]
            pub fn iter(&self) -> AnyIter<(&K, &V)> {}
            #[effect(elements)]
            pub fn iter_mut(&mut self) -> AnyIter<(&K, &mut V)> {}
            pub fn len(&self) -> usize {}
            pub fn is_empty(&self) -> bool {}
            #[effect(takes)]
            pub fn extract_if<F: FnMut(&K, &mut V) -> bool>(&mut self, pred: F) -> AnyIter<(K, V)> {}
            #[effect(clears)]
            pub fn retain<F: FnMut(&K, &mut V) -> bool>(&mut self, f: F) {}
            #[effect(clears)]
            pub fn clear(&mut self) {}
            #[effect(aliases)]
            pub fn entry(&mut self, key: K) -> Entry<K, V> {}
            #[effect(elements)]
            pub fn get<Q: ?Sized>(&self, k: &Q) -> Option<&V> {}
            #[effect(elements)]
            pub fn get_key_value<Q: ?Sized>(&self, k: &Q) -> Option<(&K, &V)> {}
            pub fn contains_key<Q: ?Sized>(&self, k: &Q) -> bool {}
            #[effect(elements)]
            pub fn get_mut<Q: ?Sized>(&mut self, k: &Q) -> Option<&mut V> {}
            #[effect(puts(1), takes)]
            pub fn insert(&mut self, k: K, v: V) -> Option<V> {}
            #[effect(takes)]
            pub fn remove<Q: ?Sized>(&mut self, k: &Q) -> Option<V> {}
            #[effect(takes)]
            pub fn remove_entry<Q: ?Sized>(&mut self, k: &Q) -> Option<(K, V)> {}
            #[effect(elements)]
            pub fn first_key_value(&self) -> Option<(&K, &V)> {}
            #[effect(elements)]
            pub fn last_key_value(&self) -> Option<(&K, &V)> {}
            #[effect(aliases)]
            pub fn first_entry(&mut self) -> Option<OccupiedEntry<K, V>> {}
            #[effect(aliases)]
            pub fn last_entry(&mut self) -> Option<OccupiedEntry<K, V>> {}
            #[effect(takes)]
            pub fn pop_first(&mut self) -> Option<(K, V)> {}
            #[effect(takes)]
            pub fn pop_last(&mut self) -> Option<(K, V)> {}
            #[effect(elements)]
            pub fn range<R>(&self, range: R) -> AnyIter<(&K, &V)> {}
            #[effect(elements)]
            pub fn range_mut<R>(&mut self, range: R) -> AnyIter<(&K, &mut V)> {}
            #[effect(takes)]
            pub fn split_off<Q: ?Sized>(&mut self, key: &Q) -> Self {}
            #[effect(puts(0))]
            pub fn append(&mut self, other: &mut Self) {}
        }
        impl<K, V, Q: ?Sized> crate::ops::Index<&Q> for BTreeMap<K, V> {
            type Output = V;
        }
        impl<K, V> Clone for BTreeMap<K, V> {
            fn clone(&self) -> Self {}
        }
        impl<K, V> Default for BTreeMap<K, V> {
            fn default() -> Self {}
        }
        impl<K, V, const N: usize> From<[(K, V); N]> for BTreeMap<K, V> {
            fn from(arr: [(K, V); N]) -> BTreeMap<K, V> {}
        }
        impl<K, V> FromIterator<(K, V)> for BTreeMap<K, V> {}
        impl<K, V> Extend<(K, V)> for BTreeMap<K, V> {}
        impl<K, V> IntoIterator for BTreeMap<K, V> {
            type Item = (K, V);
            type IntoIter = AnyIter<(K, V)>;
            #[effect(elements)]
            fn into_iter(self) -> AnyIter<(K, V)> {}
        }
        impl<K, V> IntoIterator for &BTreeMap<K, V> {
            type Item = (&K, &V);
            type IntoIter = AnyIter<(&K, &V)>;
            #[effect(elements)]
            fn into_iter(self) -> AnyIter<(&K, &V)> {}
        }
        impl<K, V> IntoIterator for &mut BTreeMap<K, V> {
            type Item = (&K, &mut V);
            type IntoIter = AnyIter<(&K, &mut V)>;
            #[effect(elements)]
            fn into_iter(self) -> AnyIter<(&K, &mut V)> {}
        }
        pub enum Entry<K, V> {
            Occupied(OccupiedEntry<K, V>),
            Vacant(VacantEntry<K, V>),
        }
        impl<K, V> Entry<K, V> {
            #[effect(puts(0), aliases)]
            pub fn or_insert(self, default: V) -> &mut V {}
            #[effect(puts_result(0), aliases)]
            pub fn or_insert_with<F: FnOnce() -> V>(self, default: F) -> &mut V {}
            #[effect(puts_result(0), aliases)]
            pub fn or_insert_with_key<F: FnOnce(&K) -> V>(self, default: F) -> &mut V {}
            #[effect(aliases)]
            pub fn or_default(self) -> &mut V {}
            pub fn key(&self) -> &K {}
            #[effect(aliases)]
            pub fn and_modify<F: FnOnce(&mut V)>(self, f: F) -> Entry<K, V> {}
            #[effect(puts(0), aliases)]
            pub fn insert_entry(self, value: V) -> OccupiedEntry<K, V> {}
        }
        pub struct OccupiedEntry<K, V>(K, V);
        impl<K, V> OccupiedEntry<K, V> {
            pub fn key(&self) -> &K {}
            #[effect(takes)]
            pub fn remove_entry(self) -> (K, V) {}
            #[effect(aliases)]
            pub fn get(&self) -> &V {}
            #[effect(aliases)]
            pub fn get_mut(&mut self) -> &mut V {}
            #[effect(aliases)]
            pub fn into_mut(self) -> &mut V {}
            #[effect(puts(0), takes)]
            pub fn insert(&mut self, value: V) -> V {}
            #[effect(takes)]
            pub fn remove(self) -> V {}
        }
        pub struct VacantEntry<K, V>(K, V);
        impl<K, V> VacantEntry<K, V> {
            pub fn key(&self) -> &K {}
            pub fn into_key(self) -> K {}
            #[effect(puts(0), aliases)]
            pub fn insert(self, value: V) -> &mut V {}
        }
    }

    pub mod hash_set {
        use super::hash_map::RandomState;
        use crate::iter::Iter as AnyIter;

        pub type Iter<T> = AnyIter<&T>;
        pub type IntoIter<T> = AnyIter<T>;
        pub type Drain<T> = AnyIter<T>;

        #[effect(collection)]
        pub struct HashSet<T, S = RandomState>(T);
        impl<T> HashSet<T> {
            pub fn new() -> HashSet<T> {}
            pub fn with_capacity(capacity: usize) -> HashSet<T> {}
            pub fn reserve(&mut self, additional: usize) {}
        }
        impl<T, S> HashSet<T, S> {
            pub fn with_hasher(hasher: S) -> HashSet<T, S> {}
            #[effect(takes)]
            pub fn drain(&mut self) -> AnyIter<T> {}
        }
        impl<T, S> HashSet<T, S> {
            #[effect(elements)]
            pub fn iter(&self) -> AnyIter<&T> {}
            pub fn len(&self) -> usize {}
            pub fn is_empty(&self) -> bool {}
            #[effect(clears)]
            pub fn retain<F: FnMut(&T) -> bool>(&mut self, f: F) {}
            #[effect(clears)]
            pub fn clear(&mut self) {}
            pub fn difference(&self, other: &Self) -> AnyIter<&T> {}
            pub fn symmetric_difference(&self, other: &Self) -> AnyIter<&T> {}
            pub fn intersection(&self, other: &Self) -> AnyIter<&T> {}
            pub fn union(&self, other: &Self) -> AnyIter<&T> {}
            pub fn contains<Q: ?Sized>(&self, value: &Q) -> bool {}
            #[effect(elements)]
            pub fn get<Q: ?Sized>(&self, value: &Q) -> Option<&T> {}
            #[effect(puts(0))]
            pub fn insert(&mut self, value: T) -> bool {}
            #[effect(puts(0), takes)]
            pub fn replace(&mut self, value: T) -> Option<T> {}
            #[effect(clears)]
            pub fn remove<Q: ?Sized>(&mut self, value: &Q) -> bool {}
            #[effect(takes)]
            pub fn take<Q: ?Sized>(&mut self, value: &Q) -> Option<T> {}
            pub fn is_subset(&self, other: &Self) -> bool {}
            pub fn is_disjoint(&self, other: &Self) -> bool {}
        }
        impl<T, S> Clone for HashSet<T, S> {
            fn clone(&self) -> Self {}
        }
        impl<T, S> Default for HashSet<T, S> {
            fn default() -> Self {}
        }
        impl<T, const N: usize> From<[T; N]> for HashSet<T> {
            fn from(arr: [T; N]) -> HashSet<T> {}
        }
        impl<T, S> FromIterator<T> for HashSet<T, S> {}
        impl<T, S> Extend<T> for HashSet<T, S> {}
        impl<T, S> IntoIterator for HashSet<T, S> {
            type Item = T;
            type IntoIter = AnyIter<T>;
            #[effect(elements)]
            fn into_iter(self) -> AnyIter<T> {}
        }
        impl<T, S> IntoIterator for &HashSet<T, S> {
            type Item = &T;
            type IntoIter = AnyIter<&T>;
            #[effect(elements)]
            fn into_iter(self) -> AnyIter<&T> {}
        }
    }

    pub mod btree_set {
        use crate::iter::Iter as AnyIter;

        pub type Iter<T> = AnyIter<&T>;
        pub type IntoIter<T> = AnyIter<T>;
        pub type Drain<T> = AnyIter<T>;

        #[effect(collection)]
        pub struct BTreeSet<T>(T);
        impl<T> BTreeSet<T> {
            pub fn new() -> BTreeSet<T> {}
        }
        impl<T> BTreeSet<T> {
            #[effect(elements)]
            pub fn iter(&self) -> AnyIter<&T> {}
            pub fn len(&self) -> usize {}
            pub fn is_empty(&self) -> bool {}
            #[effect(clears)]
            pub fn retain<F: FnMut(&T) -> bool>(&mut self, f: F) {}
            #[effect(clears)]
            pub fn clear(&mut self) {}
            pub fn difference(&self, other: &Self) -> AnyIter<&T> {}
            pub fn symmetric_difference(&self, other: &Self) -> AnyIter<&T> {}
            pub fn intersection(&self, other: &Self) -> AnyIter<&T> {}
            pub fn union(&self, other: &Self) -> AnyIter<&T> {}
            pub fn contains<Q: ?Sized>(&self, value: &Q) -> bool {}
            #[effect(elements)]
            pub fn get<Q: ?Sized>(&self, value: &Q) -> Option<&T> {}
            #[effect(puts(0))]
            pub fn insert(&mut self, value: T) -> bool {}
            #[effect(puts(0), takes)]
            pub fn replace(&mut self, value: T) -> Option<T> {}
            #[effect(clears)]
            pub fn remove<Q: ?Sized>(&mut self, value: &Q) -> bool {}
            #[effect(takes)]
            pub fn take<Q: ?Sized>(&mut self, value: &Q) -> Option<T> {}
            pub fn is_subset(&self, other: &Self) -> bool {}
            pub fn is_disjoint(&self, other: &Self) -> bool {}
            #[effect(elements)]
            pub fn first(&self) -> Option<&T> {}
            #[effect(elements)]
            pub fn last(&self) -> Option<&T> {}
            #[effect(takes)]
            pub fn pop_first(&mut self) -> Option<T> {}
            #[effect(takes)]
            pub fn pop_last(&mut self) -> Option<T> {}
            #[effect(elements)]
            pub fn range<R>(&self, range: R) -> AnyIter<&T> {}
        }
        impl<T> Clone for BTreeSet<T> {
            fn clone(&self) -> Self {}
        }
        impl<T> Default for BTreeSet<T> {
            fn default() -> Self {}
        }
        impl<T, const N: usize> From<[T; N]> for BTreeSet<T> {
            fn from(arr: [T; N]) -> BTreeSet<T> {}
        }
        impl<T> FromIterator<T> for BTreeSet<T> {}
        impl<T> Extend<T> for BTreeSet<T> {}
        impl<T> IntoIterator for BTreeSet<T> {
            type Item = T;
            type IntoIter = AnyIter<T>;
            #[effect(elements)]
            fn into_iter(self) -> AnyIter<T> {}
        }
        impl<T> IntoIterator for &BTreeSet<T> {
            type Item = &T;
            type IntoIter = AnyIter<&T>;
            #[effect(elements)]
            fn into_iter(self) -> AnyIter<&T> {}
        }
    }

    pub mod vec_deque {
        use crate::iter::Iter as AnyIter;

        pub type Iter<T> = AnyIter<&T>;
        pub type IterMut<T> = AnyIter<&mut T>;
        pub type IntoIter<T> = AnyIter<T>;
        pub type Drain<T> = AnyIter<T>;

        #[effect(collection)]
        pub struct VecDeque<T>(T);
        impl<T> VecDeque<T> {
            pub fn new() -> VecDeque<T> {}
            pub fn len(&self) -> usize {}
            pub fn is_empty(&self) -> bool {}
            #[effect(clears)]
            pub fn clear(&mut self) {}
            #[effect(elements)]
            pub fn iter(&self) -> AnyIter<&T> {}
            #[effect(puts(0))]
            pub fn append(&mut self, other: &mut VecDeque<T>) {}
            #[effect(elements)]
            pub fn iter_mut(&mut self) -> AnyIter<&mut T> {}
            pub fn contains(&self, x: &T) -> bool {}
            #[effect(elements)]
            pub fn front(&self) -> Option<&T> {}
            #[effect(elements)]
            pub fn front_mut(&mut self) -> Option<&mut T> {}
            #[effect(elements)]
            pub fn back(&self) -> Option<&T> {}
            #[effect(elements)]
            pub fn back_mut(&mut self) -> Option<&mut T> {}
            #[effect(takes)]
            pub fn pop_front(&mut self) -> Option<T> {}
            #[effect(takes)]
            pub fn pop_back(&mut self) -> Option<T> {}
            #[effect(puts(0))]
            pub fn push_front(&mut self, value: T) {}
            #[effect(puts(0))]
            pub fn push_back(&mut self, value: T) {}
            #[effect(clears)]
            pub fn retain<F: FnMut(&T) -> bool>(&mut self, f: F) {}
            #[effect(takes, panics)]
            pub fn split_off(&mut self, at: usize) -> Self {}
            pub fn with_capacity(capacity: usize) -> VecDeque<T> {}
            pub fn capacity(&self) -> usize {}
            pub fn reserve(&mut self, additional: usize) {}
            pub fn shrink_to_fit(&mut self) {}
            #[effect(elements)]
            pub fn get(&self, index: usize) -> Option<&T> {}
            #[effect(elements)]
            pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {}
            pub fn swap(&mut self, i: usize, j: usize) {}
            #[effect(clears)]
            pub fn truncate(&mut self, len: usize) {}
            #[effect(takes, limits(0))]
            pub fn drain<R>(&mut self, range: R) -> AnyIter<T> {}
            #[effect(puts(1), panics)]
            pub fn insert(&mut self, index: usize, value: T) {}
            #[effect(takes)]
            pub fn remove(&mut self, index: usize) -> Option<T> {}
            #[effect(takes)]
            pub fn swap_remove_back(&mut self, index: usize) -> Option<T> {}
            #[effect(takes)]
            pub fn swap_remove_front(&mut self, index: usize) -> Option<T> {}
            pub fn make_contiguous(&mut self) -> &mut [T] {}
            pub fn as_slices(&self) -> (&[T], &[T]) {}
        }
        impl<T> crate::ops::Index<usize> for VecDeque<T> {
            type Output = T;
        }
        impl<T: Clone> Clone for VecDeque<T> {
            fn clone(&self) -> Self {}
        }
        impl<T> Default for VecDeque<T> {
            fn default() -> VecDeque<T> {}
        }
        impl<T> From<Vec<T>> for VecDeque<T> {
            fn from(v: Vec<T>) -> VecDeque<T> {}
        }
        impl<T> FromIterator<T> for VecDeque<T> {}
        impl<T> Extend<T> for VecDeque<T> {}
        impl<T> IntoIterator for VecDeque<T> {
            type Item = T;
            type IntoIter = AnyIter<T>;
            #[effect(elements)]
            fn into_iter(self) -> AnyIter<T> {}
        }
        impl<T> IntoIterator for &VecDeque<T> {
            type Item = &T;
            type IntoIter = AnyIter<&T>;
            #[effect(elements)]
            fn into_iter(self) -> AnyIter<&T> {}
        }
        impl<T> IntoIterator for &mut VecDeque<T> {
            type Item = &mut T;
            type IntoIter = AnyIter<&mut T>;
            #[effect(elements)]
            fn into_iter(self) -> AnyIter<&mut T> {}
        }
    }

    pub mod linked_list {
        use crate::iter::Iter as AnyIter;

        pub type Iter<T> = AnyIter<&T>;
        pub type IterMut<T> = AnyIter<&mut T>;
        pub type IntoIter<T> = AnyIter<T>;
        pub type Drain<T> = AnyIter<T>;

        #[effect(collection)]
        pub struct LinkedList<T>(T);
        impl<T> LinkedList<T> {
            pub fn new() -> LinkedList<T> {}
            pub fn len(&self) -> usize {}
            pub fn is_empty(&self) -> bool {}
            #[effect(clears)]
            pub fn clear(&mut self) {}
            #[effect(elements)]
            pub fn iter(&self) -> AnyIter<&T> {}
            #[effect(puts(0))]
            pub fn append(&mut self, other: &mut LinkedList<T>) {}
            #[effect(elements)]
            pub fn iter_mut(&mut self) -> AnyIter<&mut T> {}
            pub fn contains(&self, x: &T) -> bool {}
            #[effect(elements)]
            pub fn front(&self) -> Option<&T> {}
            #[effect(elements)]
            pub fn front_mut(&mut self) -> Option<&mut T> {}
            #[effect(elements)]
            pub fn back(&self) -> Option<&T> {}
            #[effect(elements)]
            pub fn back_mut(&mut self) -> Option<&mut T> {}
            #[effect(takes)]
            pub fn pop_front(&mut self) -> Option<T> {}
            #[effect(takes)]
            pub fn pop_back(&mut self) -> Option<T> {}
            #[effect(puts(0))]
            pub fn push_front(&mut self, value: T) {}
            #[effect(puts(0))]
            pub fn push_back(&mut self, value: T) {}
            #[effect(clears)]
            pub fn retain<F: FnMut(&T) -> bool>(&mut self, f: F) {}
            #[effect(takes, panics)]
            pub fn split_off(&mut self, at: usize) -> Self {}
        }
        impl<T: Clone> Clone for LinkedList<T> {
            fn clone(&self) -> Self {}
        }
        impl<T> Default for LinkedList<T> {
            fn default() -> LinkedList<T> {}
        }
        impl<T> From<Vec<T>> for LinkedList<T> {
            fn from(v: Vec<T>) -> LinkedList<T> {}
        }
        impl<T> FromIterator<T> for LinkedList<T> {}
        impl<T> Extend<T> for LinkedList<T> {}
        impl<T> IntoIterator for LinkedList<T> {
            type Item = T;
            type IntoIter = AnyIter<T>;
            #[effect(elements)]
            fn into_iter(self) -> AnyIter<T> {}
        }
        impl<T> IntoIterator for &LinkedList<T> {
            type Item = &T;
            type IntoIter = AnyIter<&T>;
            #[effect(elements)]
            fn into_iter(self) -> AnyIter<&T> {}
        }
        impl<T> IntoIterator for &mut LinkedList<T> {
            type Item = &mut T;
            type IntoIter = AnyIter<&mut T>;
            #[effect(elements)]
            fn into_iter(self) -> AnyIter<&mut T> {}
        }
    }

    pub mod binary_heap {
        use crate::iter::Iter as AnyIter;

        pub type Iter<T> = AnyIter<&T>;
        pub type IterMut<T> = AnyIter<&mut T>;
        pub type IntoIter<T> = AnyIter<T>;
        pub type Drain<T> = AnyIter<T>;

        #[effect(collection)]
        pub struct BinaryHeap<T>(T);
        impl<T> BinaryHeap<T> {
            pub fn new() -> BinaryHeap<T> {}
            pub fn len(&self) -> usize {}
            pub fn is_empty(&self) -> bool {}
            #[effect(clears)]
            pub fn clear(&mut self) {}
            #[effect(elements)]
            pub fn iter(&self) -> AnyIter<&T> {}
            #[effect(puts(0))]
            pub fn append(&mut self, other: &mut BinaryHeap<T>) {}
            pub fn with_capacity(capacity: usize) -> BinaryHeap<T> {}
            #[effect(elements)]
            pub fn peek(&self) -> Option<&T> {}
            #[effect(elements)]
            pub fn peek_mut(&mut self) -> Option<PeekMut<T>> {}
            #[effect(takes)]
            pub fn pop(&mut self) -> Option<T> {}
            #[effect(puts(0))]
            pub fn push(&mut self, item: T) {}
            pub fn into_sorted_vec(self) -> Vec<T> {}
            pub fn into_vec(self) -> Vec<T> {}
            #[effect(clears)]
            pub fn retain<F: FnMut(&T) -> bool>(&mut self, f: F) {}
            #[effect(takes)]
            pub fn drain(&mut self) -> AnyIter<T> {}
        }
        impl<T: Clone> Clone for BinaryHeap<T> {
            fn clone(&self) -> Self {}
        }
        impl<T> Default for BinaryHeap<T> {
            fn default() -> BinaryHeap<T> {}
        }
        impl<T> From<Vec<T>> for BinaryHeap<T> {
            fn from(v: Vec<T>) -> BinaryHeap<T> {}
        }
        impl<T> FromIterator<T> for BinaryHeap<T> {}
        impl<T> Extend<T> for BinaryHeap<T> {}
        impl<T> IntoIterator for BinaryHeap<T> {
            type Item = T;
            type IntoIter = AnyIter<T>;
            #[effect(elements)]
            fn into_iter(self) -> AnyIter<T> {}
        }
        impl<T> IntoIterator for &BinaryHeap<T> {
            type Item = &T;
            type IntoIter = AnyIter<&T>;
            #[effect(elements)]
            fn into_iter(self) -> AnyIter<&T> {}
        }
        pub struct PeekMut<T>(T);
        impl<T> PeekMut<T> {
            #[effect(takes(0))]
            pub fn pop(this: PeekMut<T>) -> T {}
        }
        impl<T> crate::ops::Deref for PeekMut<T> {
            type Target = T;
        }
        impl<T> crate::ops::DerefMut for PeekMut<T> {}
    }
}

pub mod mem {
    use crate::ops::{Deref, DerefMut};

    #[effect(drops(0))]
    pub fn drop<T>(x: T) {}
    #[effect(forgets(0))]
    pub fn forget<T>(t: T) {}
    #[effect(takes(0))]
    pub fn take<T: Default>(dest: &mut T) -> T {}
    #[effect(takes(0), puts(1))]
    pub fn replace<T>(dest: &mut T, src: T) -> T {}
    #[effect(swaps(0, 1))]
    pub fn swap<T>(x: &mut T, y: &mut T) {}
    pub fn size_of<T>() -> usize {}
    pub fn align_of<T>() -> usize {}
    pub fn discriminant<T>(v: &T) -> Discriminant<T> {}
    pub unsafe fn zeroed<T>() -> T {}
    pub unsafe fn transmute<Src, Dst>(src: Src) -> Dst {}
    #[effect(no_own)]
    pub struct Discriminant<T>(T);

    #[effect(no_drop)]
    pub struct ManuallyDrop<T: ?Sized>(T);
    impl<T> ManuallyDrop<T> {
        #[effect(forgets(0))]
        pub fn new(value: T) -> ManuallyDrop<T> {}
        pub fn into_inner(slot: ManuallyDrop<T>) -> T {}
        #[effect(takes(0))]
        pub unsafe fn take(slot: &mut ManuallyDrop<T>) -> T {}
        #[effect(drops(0))]
        pub unsafe fn drop(slot: &mut ManuallyDrop<T>) {}
    }
    impl<T: ?Sized> Deref for ManuallyDrop<T> {
        type Target = T;
    }
    impl<T: ?Sized> DerefMut for ManuallyDrop<T> {}

    #[effect(no_drop)]
    pub union MaybeUninit<T> {
        value: T,
    }
    impl<T> MaybeUninit<T> {
        pub fn new(val: T) -> MaybeUninit<T> {}
        pub fn uninit() -> MaybeUninit<T> {}
        pub fn zeroed() -> MaybeUninit<T> {}
        #[effect(puts(0), aliases)]
        pub fn write(&mut self, val: T) -> &mut T {}
        pub fn as_ptr(&self) -> *const T {}
        pub fn as_mut_ptr(&mut self) -> *mut T {}
        pub unsafe fn assume_init(self) -> T {}
        pub unsafe fn assume_init_ref(&self) -> &T {}
        pub unsafe fn assume_init_mut(&mut self) -> &mut T {}
        pub unsafe fn assume_init_read(&self) -> T {}
        pub unsafe fn assume_init_drop(&mut self) {}
    }
}

pub mod ptr {
    pub fn null<T>() -> *const T {}
    pub fn null_mut<T>() -> *mut T {}
    pub fn eq<T: ?Sized>(a: *const T, b: *const T) -> bool {}
    #[effect(drops(0))]
    pub unsafe fn drop_in_place<T: ?Sized>(to_drop: *mut T) {}
    pub unsafe fn read<T>(src: *const T) -> T {}
    pub unsafe fn write<T>(dst: *mut T, src: T) {}
    #[effect(swaps(0, 1))]
    pub unsafe fn swap<T>(a: *mut T, b: *mut T) {}
    #[effect(no_own)]
    pub struct NonNull<T: ?Sized>(T);
    impl<T> NonNull<T> {
        pub fn new(ptr: *mut T) -> Option<NonNull<T>> {}
        pub unsafe fn new_unchecked(ptr: *mut T) -> NonNull<T> {}
        pub fn dangling() -> NonNull<T> {}
        pub fn as_ptr(self) -> *mut T {}
        pub unsafe fn as_ref(&self) -> &T {}
        pub unsafe fn as_mut(&mut self) -> &mut T {}
        pub fn cast<U>(self) -> NonNull<U> {}
        pub unsafe fn add(self, count: usize) -> NonNull<T> {}
    }
    impl<T: ?Sized> From<&T> for NonNull<T> {
        fn from(reference: &T) -> NonNull<T> {}
    }
    impl<T: ?Sized> From<&mut T> for NonNull<T> {
        fn from(reference: &mut T) -> NonNull<T> {}
    }
    impl<T> Clone for NonNull<T> {
        fn clone(&self) -> Self {}
    }
    // `*const T` stands for both.
    impl<T> *const T {
        pub fn is_null(self) -> bool {}
        pub fn cast<U>(self) -> *mut U {}
        pub fn cast_mut(self) -> *mut T {}
        pub fn cast_const(self) -> *const T {}
        pub unsafe fn as_ref(self) -> Option<&T> {}
        pub unsafe fn as_mut(self) -> Option<&mut T> {}
        pub unsafe fn add(self, count: usize) -> *mut T {}
        pub unsafe fn sub(self, count: usize) -> *mut T {}
        pub unsafe fn offset(self, count: isize) -> *mut T {}
        pub unsafe fn offset_from(self, origin: *const T) -> isize {}
        pub fn wrapping_add(self, count: usize) -> *mut T {}
        pub unsafe fn read(self) -> T {}
        pub unsafe fn read_volatile(self) -> T {}
        pub unsafe fn read_unaligned(self) -> T {}
        pub unsafe fn write(self, val: T) {}
        pub unsafe fn write_volatile(self, val: T) {}
        pub unsafe fn copy_from(self, src: *const T, count: usize) {}
    }
}

pub mod ops {
    pub trait Deref {
        type Target: ?Sized;
        #[effect(aliases)]
        fn deref(&self) -> &Self::Target {}
    }
    pub trait DerefMut: Deref {
        #[effect(aliases)]
        fn deref_mut(&mut self) -> &mut Self::Target {}
    }
    pub trait Drop {
        fn drop(&mut self) {}
    }
    pub trait Fn<Args>: FnMut<Args> {}
    pub trait FnMut<Args>: FnOnce<Args> {}
    pub trait FnOnce<Args> {
        type Output;
    }
    pub trait AsyncFn<Args>: AsyncFnMut<Args> {}
    pub trait AsyncFnMut<Args>: AsyncFnOnce<Args> {}
    pub trait AsyncFnOnce<Args> {
        type Output;
    }
    pub trait Index<Idx> {
        type Output: ?Sized;
        #[effect(elements)]
        fn index(&self, index: Idx) -> &Self::Output {}
    }
    pub trait IndexMut<Idx>: Index<Idx> {
        #[effect(elements)]
        fn index_mut(&mut self, index: Idx) -> &mut Self::Output {}
    }
    pub trait Add<Rhs = Self> {
        type Output;
        fn add(self, rhs: Rhs) -> Self::Output {}
    }
    pub trait Sub<Rhs = Self> {
        type Output;
        fn sub(self, rhs: Rhs) -> Self::Output {}
    }
    pub trait Mul<Rhs = Self> {
        type Output;
        fn mul(self, rhs: Rhs) -> Self::Output {}
    }
    pub trait Div<Rhs = Self> {
        type Output;
        fn div(self, rhs: Rhs) -> Self::Output {}
    }
    pub trait Neg {
        type Output;
        fn neg(self) -> Self::Output {}
    }
    pub trait Not {
        type Output;
        fn not(self) -> Self::Output {}
    }
    pub trait Rem<Rhs = Self> {
        type Output;
        fn rem(self, rhs: Rhs) -> Self::Output {}
    }
    pub trait BitAnd<Rhs = Self> {
        type Output;
        fn bitand(self, rhs: Rhs) -> Self::Output {}
    }
    pub trait BitOr<Rhs = Self> {
        type Output;
        fn bitor(self, rhs: Rhs) -> Self::Output {}
    }
    pub trait BitXor<Rhs = Self> {
        type Output;
        fn bitxor(self, rhs: Rhs) -> Self::Output {}
    }
    pub trait Shl<Rhs = Self> {
        type Output;
        fn shl(self, rhs: Rhs) -> Self::Output {}
    }
    pub trait Shr<Rhs = Self> {
        type Output;
        fn shr(self, rhs: Rhs) -> Self::Output {}
    }
    pub trait MulAssign<Rhs = Self> {
        fn mul_assign(&mut self, rhs: Rhs) {}
    }
    pub trait DivAssign<Rhs = Self> {
        fn div_assign(&mut self, rhs: Rhs) {}
    }
    pub trait RemAssign<Rhs = Self> {
        fn rem_assign(&mut self, rhs: Rhs) {}
    }
    pub trait BitAndAssign<Rhs = Self> {
        fn bitand_assign(&mut self, rhs: Rhs) {}
    }
    pub trait BitOrAssign<Rhs = Self> {
        fn bitor_assign(&mut self, rhs: Rhs) {}
    }
    pub trait BitXorAssign<Rhs = Self> {
        fn bitxor_assign(&mut self, rhs: Rhs) {}
    }
    pub trait AddAssign<Rhs = Self> {
        fn add_assign(&mut self, rhs: Rhs) {}
    }
    pub trait SubAssign<Rhs = Self> {
        fn sub_assign(&mut self, rhs: Rhs) {}
    }
    pub trait RangeBounds<T> {
        fn start_bound(&self) -> Bound<&T> {}
        fn end_bound(&self) -> Bound<&T> {}
    }
    pub enum Bound<T> {
        Included(T),
        Excluded(T),
        Unbounded,
    }
    pub enum ControlFlow<B, C = ()> {
        Continue(C),
        Break(B),
    }
    impl<B, C> ControlFlow<B, C> {
        pub fn is_break(&self) -> bool {}
        pub fn is_continue(&self) -> bool {}
        pub fn break_value(self) -> Option<B> {}
    }
    pub struct Range<T> {
        pub start: T,
        pub end: T,
    }
    impl<T> Range<T> {
        pub fn contains(&self, item: &T) -> bool {}
        pub fn is_empty(&self) -> bool {}
    }
    impl<T> Iterator for Range<T> {
        type Item = T;
    }
    impl<T> DoubleEndedIterator for Range<T> {}
    impl<T> ExactSizeIterator for Range<T> {}
    pub struct RangeInclusive<T> {
        start: T,
        end: T,
    }
    impl<T> RangeInclusive<T> {
        pub fn new(start: T, end: T) -> RangeInclusive<T> {}
        pub fn start(&self) -> &T {}
        pub fn end(&self) -> &T {}
        pub fn contains(&self, item: &T) -> bool {}
    }
    impl<T> Iterator for RangeInclusive<T> {
        type Item = T;
    }
    impl<T> DoubleEndedIterator for RangeInclusive<T> {}
    #[effect(endless)]
    pub struct RangeFrom<T> {
        pub start: T,
    }
    impl<T> Iterator for RangeFrom<T> {
        type Item = T;
    }
    pub struct RangeTo<T> {
        pub end: T,
    }
    pub struct RangeToInclusive<T> {
        pub end: T,
    }
    pub struct RangeFull;
}

pub mod convert {
    pub trait From<T> {
        fn from(value: T) -> Self {}
    }
    pub trait Into<T> {
        fn into(self) -> T {}
    }
    impl<T, U: From<T>> Into<U> for T {
        fn into(self) -> U {}
    }
    pub trait TryFrom<T> {
        type Error;
        fn try_from(value: T) -> Result<Self, Self::Error> {}
    }
    pub trait TryInto<T> {
        type Error;
        fn try_into(self) -> Result<T, Self::Error> {}
    }
    impl<T, U: TryFrom<T>> TryInto<U> for T {
        type Error = <U as TryFrom<T>>::Error;
    }
    pub trait AsRef<T: ?Sized> {
        #[effect(aliases)]
        fn as_ref(&self) -> &T {}
    }
    pub trait AsMut<T: ?Sized> {
        #[effect(aliases)]
        fn as_mut(&mut self) -> &mut T {}
    }
    pub enum Infallible {}
    #[effect(aliases(0))]
    pub fn identity<T>(x: T) -> T {}
}

pub mod clone {
    pub trait Clone {
        fn clone(&self) -> Self {}
        fn clone_from(&mut self, source: &Self) {}
    }
}

pub mod default {
    pub trait Default {
        fn default() -> Self {}
    }
}

pub mod cmp {
    pub enum Ordering {
        Less,
        Equal,
        Greater,
    }
    impl Ordering {
        pub fn reverse(self) -> Ordering {}
        pub fn then(self, other: Ordering) -> Ordering {}
        pub fn then_with<F: FnOnce() -> Ordering>(self, f: F) -> Ordering {}
        pub fn is_eq(self) -> bool {}
    }
    pub trait PartialEq<Rhs: ?Sized = Self> {
        fn eq(&self, other: &Rhs) -> bool {}
        fn ne(&self, other: &Rhs) -> bool {}
    }
    pub trait Eq: PartialEq {}
    pub trait PartialOrd<Rhs: ?Sized = Self>: PartialEq<Rhs> {
        fn partial_cmp(&self, other: &Rhs) -> Option<Ordering> {}
    }
    pub trait Ord: Eq + PartialOrd {
        fn cmp(&self, other: &Self) -> Ordering {}
        fn max(self, other: Self) -> Self {}
        fn min(self, other: Self) -> Self {}
        fn clamp(self, min: Self, max: Self) -> Self {}
    }
    pub struct Reverse<T>(pub T);
    pub fn max<T>(a: T, b: T) -> T {}
    pub fn min<T>(a: T, b: T) -> T {}
}

pub mod marker {
    pub trait Send {}
    pub trait Sync {}
    pub trait Sized {}
    pub trait Copy: Clone {}
    pub trait Unpin {}
    #[effect(no_own)]
    pub struct PhantomData<T: ?Sized>(T);
    pub struct PhantomPinned;
}

pub mod any {
    pub trait Any {
        fn type_id(&self) -> TypeId {}
    }
    impl dyn Any {
        pub fn is<T: Any>(&self) -> bool {}
        #[effect(aliases)]
        pub fn downcast_ref<T: Any>(&self) -> Option<&T> {}
        #[effect(aliases)]
        pub fn downcast_mut<T: Any>(&mut self) -> Option<&mut T> {}
    }
    impl dyn Any + Send {
        pub fn is<T: Any>(&self) -> bool {}
        #[effect(aliases)]
        pub fn downcast_ref<T: Any>(&self) -> Option<&T> {}
        #[effect(aliases)]
        pub fn downcast_mut<T: Any>(&mut self) -> Option<&mut T> {}
    }
    impl dyn Any + Send + Sync {
        pub fn is<T: Any>(&self) -> bool {}
        #[effect(aliases)]
        pub fn downcast_ref<T: Any>(&self) -> Option<&T> {}
        #[effect(aliases)]
        pub fn downcast_mut<T: Any>(&mut self) -> Option<&mut T> {}
    }
    pub struct TypeId;
    impl TypeId {
        pub fn of<T: ?Sized>() -> TypeId {}
    }
    pub fn type_name<T: ?Sized>() -> &str {}
}

pub mod borrow {
    use crate::ops::Deref;

    pub enum Cow<B: ?Sized> {
        Borrowed(&B),
        Owned(<B as ToOwned>::Owned),
    }
    impl<B: ?Sized + ToOwned> Cow<B> {
        pub fn into_owned(self) -> <B as ToOwned>::Owned {}
        #[effect(aliases)]
        pub fn to_mut(&mut self) -> &mut <B as ToOwned>::Owned {}
    }
    impl<B: ?Sized> Clone for Cow<B> {
        fn clone(&self) -> Self {}
    }
    impl<B: ?Sized> AsRef<B> for Cow<B> {
        #[effect(aliases)]
        fn as_ref(&self) -> &B {}
    }
    impl From<&str> for Cow<str> {
        fn from(value: &str) -> Cow<str> {}
    }
    impl From<String> for Cow<str> {
        fn from(value: String) -> Cow<str> {}
    }
    impl<B: ?Sized> Deref for Cow<B> {
        type Target = B;
    }
    pub trait ToOwned {
        type Owned;
        fn to_owned(&self) -> Self::Owned {}
    }
    impl ToOwned for str {
        type Owned = String;
    }
    impl ToOwned for crate::ffi::OsStr {
        type Owned = crate::ffi::OsString;
    }
    impl ToOwned for crate::ffi::CStr {
        type Owned = crate::ffi::CString;
    }
    impl ToOwned for crate::path::Path {
        type Owned = crate::path::PathBuf;
    }
    impl<T> ToOwned for [T] {
        type Owned = Vec<T>;
    }
    impl<T: Clone> ToOwned for T {
        type Owned = T;
    }
    pub trait Borrow<B: ?Sized> {
        #[effect(aliases)]
        fn borrow(&self) -> &B {}
    }
    pub trait BorrowMut<B: ?Sized>: Borrow<B> {
        #[effect(aliases)]
        fn borrow_mut(&mut self) -> &mut B {}
    }
}

pub mod fmt {
    pub type Result = crate::result::Result<(), Error>;
    pub struct Error;
    pub struct Arguments;
    pub struct Formatter;
    impl Formatter {
        pub fn write_str(&mut self, data: &str) -> Result {}
        pub fn write_fmt(&mut self, fmt: Arguments) -> Result {}
        pub fn pad(&mut self, s: &str) -> Result {}
        pub fn alternate(&self) -> bool {}
        pub fn debug_struct(&mut self, name: &str) -> DebugStruct {}
        pub fn debug_tuple(&mut self, name: &str) -> DebugTuple {}
        pub fn debug_list(&mut self) -> DebugList {}
        pub fn debug_map(&mut self) -> DebugMap {}
    }
    pub struct DebugStruct;
    impl DebugStruct {
        pub fn field(&mut self, name: &str, value: &dyn Debug) -> &mut DebugStruct {}
        pub fn finish(&mut self) -> Result {}
        pub fn finish_non_exhaustive(&mut self) -> Result {}
    }
    pub struct DebugTuple;
    impl DebugTuple {
        pub fn field(&mut self, value: &dyn Debug) -> &mut DebugTuple {}
        pub fn finish(&mut self) -> Result {}
    }
    pub struct DebugList;
    pub struct DebugMap;
    pub trait Debug {
        fn fmt(&self, f: &mut Formatter) -> Result {}
    }
    pub trait Display {
        fn fmt(&self, f: &mut Formatter) -> Result {}
    }
    pub trait Write {
        fn write_str(&mut self, s: &str) -> Result {}
        fn write_char(&mut self, c: char) -> Result {}
        fn write_fmt(&mut self, args: Arguments) -> Result {}
    }
    impl Write for String {}
    impl Write for Formatter {}
    pub fn format(args: Arguments) -> String {}
}

pub mod error {
    use crate::fmt::{Debug, Display};

    pub trait Error: Debug + Display {
        fn source(&self) -> Option<&dyn Error> {}
        fn description(&self) -> &str {}
    }
    impl<E: Error> From<E> for Box<dyn Error> {
        fn from(err: E) -> Box<dyn Error> {}
    }
    impl From<&str> for Box<dyn Error> {
        fn from(err: &str) -> Box<dyn Error> {}
    }
    impl From<String> for Box<dyn Error> {
        fn from(err: String) -> Box<dyn Error> {}
    }
}

pub mod hash {
    pub struct BuildHasherDefault<H>(H);
    impl<H> BuildHasherDefault<H> {
        pub fn new() -> BuildHasherDefault<H> {}
    }
    pub trait Hash {
        fn hash<H: Hasher>(&self, state: &mut H) {}
    }
    pub trait Hasher {
        fn finish(&self) -> u64 {}
        fn write(&mut self, bytes: &[u8]) {}
    }
    pub trait BuildHasher {
        type Hasher;
        fn build_hasher(&self) -> Self::Hasher {}
        fn hash_one<T>(&self, x: T) -> u64 {}
    }
    pub use crate::collections::hash_map::{DefaultHasher, RandomState};
}

pub mod hint {
    #[effect(yields)]
    pub fn spin_loop() {}
    #[effect(aliases(0))]
    pub fn black_box<T>(dummy: T) -> T {}
    pub unsafe fn unreachable_unchecked() -> ! {}
}

pub mod num {
    pub struct NonZero<T>(T);
    impl<T> NonZero<T> {
        pub fn new(n: T) -> Option<NonZero<T>> {}
        pub unsafe fn new_unchecked(n: T) -> NonZero<T> {}
        pub fn get(self) -> T {}
    }
    pub type NonZeroU8 = NonZero<u8>;
    pub type NonZeroU16 = NonZero<u16>;
    pub type NonZeroU32 = NonZero<u32>;
    pub type NonZeroU64 = NonZero<u64>;
    pub type NonZeroUsize = NonZero<usize>;
    pub type NonZeroI32 = NonZero<i32>;
    pub type NonZeroI64 = NonZero<i64>;
    #[effect(input_error(text))]
    pub struct ParseIntError;
    #[effect(input_error(text))]
    pub struct ParseFloatError;
    // All integers are one type here, and so are the floats.
    impl crate::str::FromStr for usize {
        type Err = ParseIntError;
        #[effect(input_error)]
        fn from_str(s: &str) -> Result<usize, ParseIntError> {}
    }
    impl usize {
        #[effect(input_error)]
        pub fn from_str_radix(src: &str, radix: u32) -> Result<usize, ParseIntError> {}
    }
    impl crate::str::FromStr for f64 {
        type Err = ParseFloatError;
        #[effect(input_error)]
        fn from_str(s: &str) -> Result<f64, ParseFloatError> {}
    }
    pub struct TryFromIntError;
    pub struct ParseBoolError;
    pub struct ParseCharError;
    pub struct Wrapping<T>(pub T);
    pub struct Saturating<T>(pub T);
    pub enum FpCategory {
        Nan,
        Infinite,
        Zero,
        Subnormal,
        Normal,
    }

    // One integer and one float stand for all of them.
    impl usize {
        pub const MIN: usize = 0;
        pub const MAX: usize = 0;
        pub const BITS: u32 = 0;
        pub fn from_str_radix(src: &str, radix: u32) -> Result<usize, ParseIntError> {}
        pub fn checked_add(self, rhs: usize) -> Option<usize> {}
        pub fn checked_sub(self, rhs: usize) -> Option<usize> {}
        pub fn checked_mul(self, rhs: usize) -> Option<usize> {}
        pub fn checked_div(self, rhs: usize) -> Option<usize> {}
        pub fn checked_rem(self, rhs: usize) -> Option<usize> {}
        pub fn checked_pow(self, exp: u32) -> Option<usize> {}
        pub fn checked_shl(self, rhs: u32) -> Option<usize> {}
        pub fn checked_next_power_of_two(self) -> Option<usize> {}
        pub fn saturating_add(self, rhs: usize) -> usize {}
        pub fn saturating_sub(self, rhs: usize) -> usize {}
        pub fn saturating_mul(self, rhs: usize) -> usize {}
        pub fn saturating_pow(self, exp: u32) -> usize {}
        pub fn wrapping_add(self, rhs: usize) -> usize {}
        pub fn wrapping_sub(self, rhs: usize) -> usize {}
        pub fn wrapping_mul(self, rhs: usize) -> usize {}
        pub fn wrapping_neg(self) -> usize {}
        pub fn overflowing_add(self, rhs: usize) -> (usize, bool) {}
        pub fn overflowing_sub(self, rhs: usize) -> (usize, bool) {}
        pub fn overflowing_mul(self, rhs: usize) -> (usize, bool) {}
        pub fn pow(self, exp: u32) -> usize {}
        pub fn isqrt(self) -> usize {}
        pub fn ilog2(self) -> u32 {}
        pub fn ilog10(self) -> u32 {}
        pub fn div_ceil(self, rhs: usize) -> usize {}
        pub fn next_multiple_of(self, rhs: usize) -> usize {}
        pub fn is_multiple_of(self, rhs: usize) -> bool {}
        pub fn div_euclid(self, rhs: usize) -> usize {}
        pub fn rem_euclid(self, rhs: usize) -> usize {}
        pub fn abs(self) -> usize {}
        pub fn abs_diff(self, other: usize) -> usize {}
        pub fn unsigned_abs(self) -> usize {}
        pub fn signum(self) -> usize {}
        pub fn is_positive(self) -> bool {}
        pub fn is_negative(self) -> bool {}
        pub fn is_power_of_two(self) -> bool {}
        pub fn next_power_of_two(self) -> usize {}
        pub fn count_ones(self) -> u32 {}
        pub fn count_zeros(self) -> u32 {}
        pub fn leading_zeros(self) -> u32 {}
        pub fn trailing_zeros(self) -> u32 {}
        pub fn trailing_ones(self) -> u32 {}
        pub fn rotate_left(self, n: u32) -> usize {}
        pub fn rotate_right(self, n: u32) -> usize {}
        pub fn swap_bytes(self) -> usize {}
        pub fn reverse_bits(self) -> usize {}
        pub fn to_be(self) -> usize {}
        pub fn to_le(self) -> usize {}
        pub fn to_be_bytes(self) -> [u8; 8] {}
        pub fn to_le_bytes(self) -> [u8; 8] {}
        pub fn to_ne_bytes(self) -> [u8; 8] {}
        pub fn from_be_bytes(bytes: [u8; 8]) -> usize {}
        pub fn from_le_bytes(bytes: [u8; 8]) -> usize {}
        pub fn from_ne_bytes(bytes: [u8; 8]) -> usize {}
        pub fn from_be(x: usize) -> usize {}
        pub fn from_le(x: usize) -> usize {}
        pub fn min(self, other: usize) -> usize {}
        pub fn max(self, other: usize) -> usize {}
        pub fn clamp(self, min: usize, max: usize) -> usize {}
        pub fn cmp(&self, other: &usize) -> crate::cmp::Ordering {}
        pub fn partial_cmp(&self, other: &usize) -> Option<crate::cmp::Ordering> {}
        pub fn is_ascii_digit(&self) -> bool {}
        pub fn is_ascii_alphabetic(&self) -> bool {}
        pub fn is_ascii_alphanumeric(&self) -> bool {}
        pub fn is_ascii_whitespace(&self) -> bool {}
        pub fn is_ascii_hexdigit(&self) -> bool {}
        pub fn is_ascii_uppercase(&self) -> bool {}
        pub fn is_ascii_lowercase(&self) -> bool {}
        pub fn is_ascii_punctuation(&self) -> bool {}
        pub fn is_ascii_graphic(&self) -> bool {}
        pub fn is_ascii_control(&self) -> bool {}
        pub fn is_ascii(&self) -> bool {}
        pub fn to_ascii_lowercase(&self) -> u8 {}
        pub fn to_ascii_uppercase(&self) -> u8 {}
    }
    impl<T> From<T> for usize {
        fn from(value: T) -> usize {}
    }
    impl<T> TryFrom<T> for usize {
        type Error = TryFromIntError;
        fn try_from(value: T) -> Result<usize, TryFromIntError> {}
    }
    impl crate::str::FromStr for usize {
        type Err = ParseIntError;
    }
    impl f64 {
        pub const MIN: f64 = 0.0;
        pub const MAX: f64 = 0.0;
        pub const MIN_POSITIVE: f64 = 0.0;
        pub const EPSILON: f64 = 0.0;
        pub const INFINITY: f64 = 0.0;
        pub const NEG_INFINITY: f64 = 0.0;
        pub const NAN: f64 = 0.0;
        pub fn floor(self) -> f64 {}
        pub fn ceil(self) -> f64 {}
        pub fn round(self) -> f64 {}
        pub fn trunc(self) -> f64 {}
        pub fn fract(self) -> f64 {}
        pub fn abs(self) -> f64 {}
        pub fn signum(self) -> f64 {}
        pub fn copysign(self, sign: f64) -> f64 {}
        pub fn mul_add(self, a: f64, b: f64) -> f64 {}
        pub fn rem_euclid(self, rhs: f64) -> f64 {}
        pub fn powi(self, n: i32) -> f64 {}
        pub fn powf(self, n: f64) -> f64 {}
        pub fn sqrt(self) -> f64 {}
        pub fn exp(self) -> f64 {}
        pub fn exp2(self) -> f64 {}
        pub fn ln(self) -> f64 {}
        pub fn log(self, base: f64) -> f64 {}
        pub fn log2(self) -> f64 {}
        pub fn log10(self) -> f64 {}
        pub fn hypot(self, other: f64) -> f64 {}
        pub fn sin(self) -> f64 {}
        pub fn cos(self) -> f64 {}
        pub fn tan(self) -> f64 {}
        pub fn asin(self) -> f64 {}
        pub fn acos(self) -> f64 {}
        pub fn atan(self) -> f64 {}
        pub fn atan2(self, other: f64) -> f64 {}
        pub fn sin_cos(self) -> (f64, f64) {}
        pub fn tanh(self) -> f64 {}
        pub fn recip(self) -> f64 {}
        pub fn to_degrees(self) -> f64 {}
        pub fn to_radians(self) -> f64 {}
        pub fn max(self, other: f64) -> f64 {}
        pub fn min(self, other: f64) -> f64 {}
        pub fn clamp(self, min: f64, max: f64) -> f64 {}
        pub fn is_nan(self) -> bool {}
        pub fn is_infinite(self) -> bool {}
        pub fn is_finite(self) -> bool {}
        pub fn is_sign_negative(self) -> bool {}
        pub fn is_sign_positive(self) -> bool {}
        pub fn total_cmp(&self, other: &f64) -> crate::cmp::Ordering {}
        pub fn partial_cmp(&self, other: &f64) -> Option<crate::cmp::Ordering> {}
        pub fn to_bits(self) -> u64 {}
        pub fn from_bits(v: u64) -> f64 {}
        pub fn to_be_bytes(self) -> [u8; 8] {}
        pub fn to_le_bytes(self) -> [u8; 8] {}
        pub fn to_ne_bytes(self) -> [u8; 8] {}
        pub fn from_be_bytes(bytes: [u8; 8]) -> f64 {}
        pub fn from_le_bytes(bytes: [u8; 8]) -> f64 {}
        pub fn from_ne_bytes(bytes: [u8; 8]) -> f64 {}
    }
    impl<T> From<T> for f64 {
        fn from(value: T) -> f64 {}
    }
    impl crate::str::FromStr for f64 {
        type Err = ParseFloatError;
    }
    impl crate::str::FromStr for bool {
        type Err = ParseBoolError;
    }
    impl crate::str::FromStr for char {
        type Err = ParseCharError;
    }
}

pub mod f64 {
    pub const MAX: f64 = 0.0;
    pub const MIN: f64 = 0.0;
    pub const EPSILON: f64 = 0.0;
    pub const INFINITY: f64 = 0.0;
    pub const NEG_INFINITY: f64 = 0.0;
    pub const NAN: f64 = 0.0;
    pub mod consts {
        pub const PI: f64 = 0.0;
        pub const TAU: f64 = 0.0;
        pub const E: f64 = 0.0;
        pub const SQRT_2: f64 = 0.0;
        pub const FRAC_1_SQRT_2: f64 = 0.0;
        pub const FRAC_PI_2: f64 = 0.0;
        pub const FRAC_PI_3: f64 = 0.0;
        pub const FRAC_PI_4: f64 = 0.0;
        pub const FRAC_PI_6: f64 = 0.0;
        pub const LN_2: f64 = 0.0;
        pub const LN_10: f64 = 0.0;
        pub const LOG2_E: f64 = 0.0;
        pub const LOG10_E: f64 = 0.0;
    }
}
pub use self::f64 as f32;

impl bool {
    pub fn then_some<T>(self, t: T) -> Option<T> {}
    pub fn then<T, F: FnOnce() -> T>(self, f: F) -> Option<T> {}
}

pub mod char {
    impl char {
        pub fn is_alphabetic(self) -> bool {}
        pub fn is_numeric(self) -> bool {}
        pub fn is_alphanumeric(self) -> bool {}
        pub fn is_whitespace(self) -> bool {}
        pub fn is_ascii_digit(&self) -> bool {}
        #[effect(input_error)]
        pub fn to_digit(self, radix: u32) -> Option<u32> {}
        pub fn len_utf8(self) -> usize {}
        pub fn is_digit(self, radix: u32) -> bool {}
        pub fn is_control(self) -> bool {}
        pub fn is_uppercase(self) -> bool {}
        pub fn is_lowercase(self) -> bool {}
        pub fn is_ascii(&self) -> bool {}
        pub fn is_ascii_alphabetic(&self) -> bool {}
        pub fn is_ascii_alphanumeric(&self) -> bool {}
        pub fn is_ascii_hexdigit(&self) -> bool {}
        pub fn is_ascii_punctuation(&self) -> bool {}
        pub fn is_ascii_whitespace(&self) -> bool {}
        pub fn is_ascii_uppercase(&self) -> bool {}
        pub fn is_ascii_lowercase(&self) -> bool {}
        pub fn is_ascii_graphic(&self) -> bool {}
        pub fn is_ascii_control(&self) -> bool {}
        pub fn to_ascii_lowercase(&self) -> char {}
        pub fn to_ascii_uppercase(&self) -> char {}
        pub fn to_lowercase(self) -> crate::iter::Iter<char> {}
        pub fn to_uppercase(self) -> crate::iter::Iter<char> {}
        pub fn eq_ignore_ascii_case(&self, other: &char) -> bool {}
        pub fn len_utf16(self) -> usize {}
    }
    pub fn from_u32(i: u32) -> Option<char> {}
    pub fn from_digit(num: u32, radix: u32) -> Option<char> {}
}

pub mod str {
    use crate::iter::Iter;

    impl str {
        pub fn len(&self) -> usize {}
        pub fn is_empty(&self) -> bool {}
        pub fn as_bytes(&self) -> &[u8] {}
        #[effect(aliases)]
        pub fn as_str(&self) -> &str {}
        pub fn get<I>(&self, i: I) -> Option<&str> {}
        pub fn chars(&self) -> Iter<char> {}
        pub fn char_indices(&self) -> Iter<(usize, char)> {}
        pub fn bytes(&self) -> Iter<u8> {}
        pub fn lines(&self) -> Iter<&str> {}
        pub fn split_whitespace(&self) -> Iter<&str> {}
        pub fn split_ascii_whitespace(&self) -> Iter<&str> {}
        pub fn split<P>(&self, pat: P) -> Iter<&str> {}
        pub fn rsplit<P>(&self, pat: P) -> Iter<&str> {}
        pub fn splitn<P>(&self, n: usize, pat: P) -> Iter<&str> {}
        pub fn rsplitn<P>(&self, n: usize, pat: P) -> Iter<&str> {}
        #[effect(input_error)]
        pub fn split_once<P>(&self, delimiter: P) -> Option<(&str, &str)> {}
        #[effect(input_error)]
        pub fn rsplit_once<P>(&self, delimiter: P) -> Option<(&str, &str)> {}
        #[effect(panics)]
        pub fn split_at(&self, mid: usize) -> (&str, &str) {}
        pub fn matches<P>(&self, pat: P) -> Iter<&str> {}
        pub fn contains<P>(&self, pat: P) -> bool {}
        pub fn starts_with<P>(&self, pat: P) -> bool {}
        pub fn ends_with<P>(&self, pat: P) -> bool {}
        pub fn find<P>(&self, pat: P) -> Option<usize> {}
        pub fn rfind<P>(&self, pat: P) -> Option<usize> {}
        pub fn trim(&self) -> &str {}
        pub fn trim_start(&self) -> &str {}
        pub fn trim_end(&self) -> &str {}
        pub fn trim_matches<P>(&self, pat: P) -> &str {}
        pub fn trim_start_matches<P>(&self, pat: P) -> &str {}
        pub fn trim_end_matches<P>(&self, pat: P) -> &str {}
        pub fn strip_prefix<P>(&self, prefix: P) -> Option<&str> {}
        pub fn strip_suffix<P>(&self, suffix: P) -> Option<&str> {}
        #[effect(input_error)]
        pub fn parse<F: FromStr>(&self) -> Result<F, <F as FromStr>::Err> {}
        pub fn replace<P>(&self, from: P, to: &str) -> String {}
        pub fn to_lowercase(&self) -> String {}
        pub fn to_uppercase(&self) -> String {}
        pub fn to_ascii_lowercase(&self) -> String {}
        pub fn to_ascii_uppercase(&self) -> String {}
        pub fn eq_ignore_ascii_case(&self, other: &str) -> bool {}
        pub fn repeat(&self, n: usize) -> String {}
        pub fn replacen<P>(&self, from: P, to: &str, count: usize) -> String {}
        pub fn split_terminator<P>(&self, pat: P) -> Iter<&str> {}
        pub fn split_inclusive<P>(&self, pat: P) -> Iter<&str> {}
        pub fn match_indices<P>(&self, pat: P) -> Iter<(usize, &str)> {}
        pub fn rmatch_indices<P>(&self, pat: P) -> Iter<(usize, &str)> {}
        pub fn is_char_boundary(&self, index: usize) -> bool {}
        pub fn is_ascii(&self) -> bool {}
        pub fn as_ptr(&self) -> *const u8 {}
        pub fn into_string(self: Box<str>) -> String {}
        pub fn encode_utf16(&self) -> Iter<u16> {}
        pub fn make_ascii_lowercase(&mut self) {}
        pub fn make_ascii_uppercase(&mut self) {}
        pub fn escape_debug(&self) -> Iter<char> {}
        pub fn escape_default(&self) -> Iter<char> {}
    }
    pub type Chars = Iter<char>;
    pub type CharIndices = Iter<(usize, char)>;
    pub type Bytes = Iter<u8>;
    pub type Lines = Iter<&str>;
    pub type Split<P> = Iter<&str>;
    pub type SplitWhitespace = Iter<&str>;
    pub trait FromStr {
        type Err;
        #[effect(input_error)]
        fn from_str(s: &str) -> Result<Self, Self::Err> {}
    }
    #[effect(input_error(text))]
    pub struct ParseBoolError;
    impl FromStr for bool {
        type Err = ParseBoolError;
        #[effect(input_error)]
        fn from_str(s: &str) -> Result<bool, ParseBoolError> {}
    }
    #[effect(input_error(text))]
    pub struct Utf8Error;
    pub fn from_utf8(v: &[u8]) -> Result<&str, Utf8Error> {}
    pub unsafe fn from_utf8_unchecked(v: &[u8]) -> &str {}
}

pub mod string {
    use crate::iter::Iter;
    use crate::ops::{Deref, DerefMut};

    #[effect(text)]
    pub struct String;
    impl crate::str::FromStr for String {
        type Err = crate::convert::Infallible;
        fn from_str(s: &str) -> Result<String, crate::convert::Infallible> {}
    }
    impl String {
        pub fn new() -> String {}
        pub fn with_capacity(capacity: usize) -> String {}
        pub fn from_utf8(vec: Vec<u8>) -> Result<String, FromUtf8Error> {}
        pub fn from_utf8_lossy(v: &[u8]) -> crate::borrow::Cow<str> {}
        pub fn into_bytes(self) -> Vec<u8> {}
        pub fn into_boxed_str(self) -> Box<str> {}
        #[effect(aliases)]
        pub fn as_str(&self) -> &str {}
        pub fn push_str(&mut self, string: &str) {}
        pub fn push(&mut self, ch: char) {}
        pub fn pop(&mut self) -> Option<char> {}
        pub fn capacity(&self) -> usize {}
        pub fn reserve(&mut self, additional: usize) {}
        #[effect(clears, panics)]
        pub fn truncate(&mut self, new_len: usize) {}
        #[effect(panics)]
        pub fn remove(&mut self, idx: usize) -> char {}
        #[effect(panics)]
        pub fn insert(&mut self, idx: usize, ch: char) {}
        #[effect(panics)]
        pub fn insert_str(&mut self, idx: usize, string: &str) {}
        #[effect(clears)]
        pub fn clear(&mut self) {}
        #[effect(takes, limits(0))]
        pub fn drain<R>(&mut self, range: R) -> Iter<char> {}
        #[effect(panics)]
        pub fn split_off(&mut self, at: usize) -> String {}
    }
    impl Deref for String {
        type Target = str;
    }
    impl DerefMut for String {}
    impl Clone for String {
        fn clone(&self) -> Self {}
    }
    impl Default for String {
        fn default() -> String {}
    }
    impl From<&str> for String {
        fn from(s: &str) -> String {}
    }
    impl From<char> for String {
        fn from(c: char) -> String {}
    }
    impl<T> FromIterator<T> for String {}
    impl<T> Extend<T> for String {}
    pub trait ToString {
        fn to_string(&self) -> String {}
    }
    impl<T: ?Sized> ToString for T {}
    #[effect(input_error(text))]
    pub struct FromUtf8Error;
}

pub mod time {
    use crate::ops::{Add, Div, Mul, Sub};

    pub struct Duration;
    impl Duration {
        pub const ZERO: Duration = Duration;
        pub const MAX: Duration = Duration;
        pub fn new(secs: u64, nanos: u32) -> Duration {}
        pub fn from_secs(secs: u64) -> Duration {}
        pub fn from_millis(millis: u64) -> Duration {}
        pub fn from_micros(micros: u64) -> Duration {}
        pub fn from_nanos(nanos: u64) -> Duration {}
        pub fn from_mins(mins: u64) -> Duration {}
        pub fn from_hours(hours: u64) -> Duration {}
        #[effect(panics)]
        pub fn from_secs_f64(secs: f64) -> Duration {}
        #[effect(panics)]
        pub fn from_secs_f32(secs: f32) -> Duration {}
        pub fn is_zero(&self) -> bool {}
        pub fn as_secs(&self) -> u64 {}
        pub fn as_millis(&self) -> u128 {}
        pub fn as_micros(&self) -> u128 {}
        pub fn as_nanos(&self) -> u128 {}
        pub fn as_secs_f64(&self) -> f64 {}
        pub fn as_secs_f32(&self) -> f32 {}
        pub fn subsec_millis(&self) -> u32 {}
        pub fn subsec_nanos(&self) -> u32 {}
        pub fn checked_add(self, rhs: Duration) -> Option<Duration> {}
        pub fn checked_sub(self, rhs: Duration) -> Option<Duration> {}
        pub fn saturating_add(self, rhs: Duration) -> Duration {}
        pub fn saturating_sub(self, rhs: Duration) -> Duration {}
        pub fn saturating_mul(self, rhs: u32) -> Duration {}
        #[effect(panics)]
        pub fn mul_f64(self, rhs: f64) -> Duration {}
        #[effect(panics)]
        pub fn mul_f32(self, rhs: f32) -> Duration {}
        #[effect(panics)]
        pub fn div_f64(self, rhs: f64) -> Duration {}
        pub fn div_duration_f64(self, rhs: Duration) -> f64 {}
        pub fn subsec_micros(&self) -> u32 {}
        pub fn checked_mul(self, rhs: u32) -> Option<Duration> {}
        pub fn checked_div(self, rhs: u32) -> Option<Duration> {}
        pub fn abs_diff(self, other: Duration) -> Duration {}
    }
    #[effect(moment)]
    pub struct Instant;
    impl Instant {
        pub fn now() -> Instant {}
        pub fn duration_since(&self, earlier: Instant) -> Duration {}
        pub fn saturating_duration_since(&self, earlier: Instant) -> Duration {}
        pub fn checked_duration_since(&self, earlier: Instant) -> Option<Duration> {}
        pub fn elapsed(&self) -> Duration {}
        pub fn checked_add(&self, duration: Duration) -> Option<Instant> {}
        pub fn checked_sub(&self, duration: Duration) -> Option<Instant> {}
    }
    impl Sub<Instant> for Instant {
        type Output = Duration;
    }
    impl Sub<Duration> for Instant {
        type Output = Instant;
    }
    impl Add<Duration> for Instant {
        type Output = Instant;
    }
    impl Add<Duration> for Duration {
        type Output = Duration;
    }
    impl Sub<Duration> for Duration {
        type Output = Duration;
    }
    impl Mul<u32> for Duration {
        type Output = Duration;
    }
    impl Div<u32> for Duration {
        type Output = Duration;
    }
    impl Mul<Duration> for u32 {
        type Output = Duration;
    }
    #[effect(moment)]
    pub struct SystemTime;
    impl SystemTime {
        pub const UNIX_EPOCH: SystemTime = SystemTime;
        pub fn now() -> SystemTime {}
        pub fn duration_since(&self, earlier: SystemTime) -> Result<Duration, SystemTimeError> {}
        pub fn elapsed(&self) -> Result<Duration, SystemTimeError> {}
    }
    impl Add<Duration> for SystemTime {
        type Output = SystemTime;
    }
    impl Sub<Duration> for SystemTime {
        type Output = SystemTime;
    }
    pub const UNIX_EPOCH: SystemTime = SystemTime;
    pub struct SystemTimeError;
    impl SystemTimeError {
        pub fn duration(&self) -> Duration {}
    }
}

pub mod panic {
    use crate::any::Any;
    use crate::ops::{Deref, DerefMut};

    pub struct AssertUnwindSafe<T>(pub T);
    impl<T> Deref for AssertUnwindSafe<T> {
        type Target = T;
    }
    impl<T> DerefMut for AssertUnwindSafe<T> {}
    pub trait UnwindSafe {}
    pub trait RefUnwindSafe {}
    #[effect(runs(0), catches_panic)]
    pub fn catch_unwind<F: FnOnce() -> R, R>(f: F) -> Result<R, Box<dyn Any + Send>> {}
    pub fn resume_unwind(payload: Box<dyn Any + Send>) -> ! {}
    pub fn panic_any<M>(msg: M) -> ! {}
    #[effect(stores(0))]
    pub fn set_hook(hook: Box<dyn Fn(&PanicHookInfo)>) {}
    pub fn take_hook() -> Box<dyn Fn(&PanicHookInfo)> {}
    pub struct PanicHookInfo;
    pub type PanicInfo = PanicHookInfo;
    impl PanicHookInfo {
        pub fn payload(&self) -> &(dyn Any + Send) {}
        pub fn location(&self) -> Option<&Location> {}
    }
    pub struct Location;
}

pub mod future {
    use crate::pin::Pin;
    use crate::task::{Context, Poll};

    pub trait Future {
        type Output;
        fn poll(self: Pin<&mut Self>, cx: &mut Context) -> Poll<Self::Output> {}
    }
    impl<F: Future + ?Sized> Future for Box<F> {
        type Output = <F as Future>::Output;
    }
    impl<F: Future + ?Sized> Future for &mut F {
        type Output = <F as Future>::Output;
    }
    impl<F: Future + ?Sized> Future for Pin<Box<F>> {
        type Output = <F as Future>::Output;
    }
    pub trait IntoFuture {
        type Output;
        type IntoFuture: Future<Output = Self::Output>;
        fn into_future(self) -> Self::IntoFuture {}
    }
    pub struct Ready<T>(T);
    impl<T> Future for Ready<T> {
        type Output = T;
    }
    pub struct Pending<T>(T);
    impl<T> Future for Pending<T> {
        type Output = T;
    }
    pub struct PollFn<F>(F);
    pub fn ready<T>(t: T) -> Ready<T> {}
    pub fn pending<T>() -> Pending<T> {}
    pub fn poll_fn<T, F: FnMut(&mut Context) -> Poll<T>>(f: F) -> impl Future<Output = T> {}
}

pub mod task {
    pub enum Poll<T> {
        Ready(T),
        Pending,
    }
    impl<T> Poll<T> {
        pub fn map<U, F: FnOnce(T) -> U>(self, f: F) -> Poll<U> {}
        pub fn is_ready(&self) -> bool {}
        pub fn is_pending(&self) -> bool {}
    }
    pub struct Context;
    impl Context {
        pub fn from_waker(waker: &Waker) -> Context {}
        #[effect(aliases)]
        pub fn waker(&self) -> &Waker {}
    }
    pub struct Waker;
    impl Waker {
        #[effect(wakes)]
        pub fn wake(self) {}
        #[effect(wakes)]
        pub fn wake_by_ref(&self) {}
        pub fn will_wake(&self, other: &Waker) -> bool {}
        pub fn noop() -> &Waker {}
    }
    impl Clone for Waker {
        #[effect(aliases)]
        fn clone(&self) -> Self {}
    }
    impl<W: Wake> From<crate::sync::Arc<W>> for Waker {
        fn from(waker: crate::sync::Arc<W>) -> Waker {}
    }
    pub trait Wake {
        #[effect(wakes)]
        fn wake(self: crate::sync::Arc<Self>) {}
        #[effect(wakes)]
        fn wake_by_ref(self: &crate::sync::Arc<Self>) {}
    }
    pub struct RawWaker;
    pub struct RawWakerVTable;
}

pub mod pin {
    use crate::ops::{Deref, DerefMut};

    pub struct Pin<P>(P);
    impl<P: Deref> Pin<P> {
        pub fn new(pointer: P) -> Pin<P> {}
        pub unsafe fn new_unchecked(pointer: P) -> Pin<P> {}
        #[effect(aliases)]
        pub fn as_ref(&self) -> Pin<&<P as Deref>::Target> {}
        #[effect(aliases)]
        pub fn as_mut(&mut self) -> Pin<&mut <P as Deref>::Target> {}
        #[effect(puts(0))]
        pub fn set(&mut self, value: <P as Deref>::Target) {}
        pub fn into_inner(pin: Pin<P>) -> P {}
    }
    impl<T: ?Sized> Pin<&mut T> {
        #[effect(aliases)]
        pub fn get_mut(self) -> &mut T {}
        #[effect(aliases)]
        pub unsafe fn get_unchecked_mut(self) -> &mut T {}
    }
    impl<P: Deref> Deref for Pin<P> {
        type Target = <P as Deref>::Target;
    }
    impl<P: DerefMut> DerefMut for Pin<P> {}
}

pub mod env {
    use crate::iter::Iter;
    use crate::path::PathBuf;

    pub struct Args;
    impl Iterator for Args {
        type Item = String;
    }
    #[effect(input_error)]
    pub enum VarError {
        NotPresent,
        NotUnicode(crate::ffi::OsString),
    }
    #[effect(input)]
    pub fn args() -> Args {}
    #[effect(input)]
    pub fn args_os() -> Iter<crate::ffi::OsString> {}
    pub fn var<K>(key: K) -> Result<String, VarError> {}
    pub fn var_os<K>(key: K) -> Option<crate::ffi::OsString> {}
    #[effect(input)]
    pub fn vars() -> Iter<(String, String)> {}
    pub unsafe fn set_var<K, V>(key: K, value: V) {}
    pub unsafe fn remove_var<K>(key: K) {}
    pub fn current_dir() -> crate::io::Result<PathBuf> {}
    pub fn current_exe() -> crate::io::Result<PathBuf> {}
    pub fn set_current_dir<P>(path: P) -> crate::io::Result<()> {}
    pub fn temp_dir() -> PathBuf {}
}

pub mod ffi {
    use crate::ops::Deref;

    #[effect(text)]
    pub struct OsString;
    impl crate::str::FromStr for OsString {
        type Err = crate::convert::Infallible;
        fn from_str(s: &str) -> Result<OsString, crate::convert::Infallible> {}
    }
    impl OsString {
        pub fn new() -> OsString {}
        pub fn into_string(self) -> Result<String, OsString> {}
        pub fn push<T>(&mut self, s: T) {}
        pub fn as_os_str(&self) -> &OsStr {}
    }
    impl Clone for OsString {
        fn clone(&self) -> Self {}
    }
    impl<T> From<T> for OsString {
        fn from(value: T) -> OsString {}
    }
    impl Deref for OsString {
        type Target = OsStr;
    }
    #[effect(text)]
    pub struct OsStr;
    impl OsStr {
        pub fn new<S: ?Sized>(s: &S) -> &OsStr {}
        #[effect(input_error)]
        pub fn to_str(&self) -> Option<&str> {}
        pub fn to_string_lossy(&self) -> crate::borrow::Cow<str> {}
        pub fn to_os_string(&self) -> OsString {}
        pub fn is_empty(&self) -> bool {}
        pub fn len(&self) -> usize {}
        pub fn as_encoded_bytes(&self) -> &[u8] {}
        pub fn eq_ignore_ascii_case<S>(&self, other: S) -> bool {}
    }
    #[effect(text)]
    pub struct CString;
    impl CString {
        pub fn new<T>(t: T) -> Result<CString, NulError> {}
        pub fn into_raw(self) -> *mut i8 {}
    }
    impl Clone for CString {
        fn clone(&self) -> Self {}
    }
    impl Deref for CString {
        type Target = CStr;
    }
    #[effect(text)]
    pub struct CStr;
    impl CStr {
        pub unsafe fn from_ptr(ptr: *const i8) -> &CStr {}
        pub fn as_ptr(&self) -> *const i8 {}
        pub fn to_str(&self) -> Result<&str, crate::str::Utf8Error> {}
        pub fn to_bytes(&self) -> &[u8] {}
        pub fn to_bytes_with_nul(&self) -> &[u8] {}
        pub fn to_string_lossy(&self) -> crate::borrow::Cow<str> {}
        pub fn to_owned(&self) -> CString {}
    }
    pub struct NulError;
    pub enum c_void {}
    pub type c_char = i8;
    pub type c_int = i32;
    pub type c_uint = u32;
    pub type c_long = i64;
    pub type c_ulong = u64;
    pub type c_short = i16;
    pub type c_ushort = u16;
    pub type c_longlong = i64;
    pub type c_ulonglong = u64;
    pub type c_schar = i8;
    pub type c_uchar = u8;
    pub type c_float = f32;
    pub type c_double = f64;
}

pub mod path {
    use crate::ffi::{OsStr, OsString};
    use crate::iter::Iter;
    use crate::ops::Deref;

    #[effect(text)]
    pub struct Path;
    impl Path {
        pub fn new<S: ?Sized>(s: &S) -> &Path {}
        pub fn as_os_str(&self) -> &OsStr {}
        #[effect(input_error)]
        pub fn to_str(&self) -> Option<&str> {}
        pub fn to_string_lossy(&self) -> crate::borrow::Cow<str> {}
        pub fn to_path_buf(&self) -> PathBuf {}
        pub fn is_absolute(&self) -> bool {}
        #[effect(input_error)]
        pub fn parent(&self) -> Option<&Path> {}
        pub fn ancestors(&self) -> Iter<&Path> {}
        #[effect(input_error)]
        pub fn file_name(&self) -> Option<&OsStr> {}
        #[effect(input_error)]
        pub fn file_stem(&self) -> Option<&OsStr> {}
        #[effect(input_error)]
        pub fn extension(&self) -> Option<&OsStr> {}
        pub fn strip_prefix<P>(&self, base: P) -> Result<&Path, StripPrefixError> {}
        pub fn starts_with<P>(&self, base: P) -> bool {}
        pub fn ends_with<P>(&self, child: P) -> bool {}
        pub fn join<P>(&self, path: P) -> PathBuf {}
        pub fn with_file_name<S>(&self, file_name: S) -> PathBuf {}
        pub fn with_extension<S>(&self, extension: S) -> PathBuf {}
        pub fn components(&self) -> Iter<Component> {}
        pub fn display(&self) -> Display {}
        #[effect(blocks(io))]
        pub fn metadata(&self) -> crate::io::Result<crate::fs::Metadata> {}
        #[effect(blocks(io))]
        pub fn canonicalize(&self) -> crate::io::Result<PathBuf> {}
        #[effect(blocks(io))]
        pub fn read_dir(&self) -> crate::io::Result<crate::fs::ReadDir> {}
        #[effect(blocks(io))]
        pub fn exists(&self) -> bool {}
        #[effect(blocks(io))]
        pub fn is_file(&self) -> bool {}
        #[effect(blocks(io))]
        pub fn is_dir(&self) -> bool {}
    }
    impl crate::borrow::ToOwned for Path {
        type Owned = PathBuf;
    }
    #[effect(text)]
    pub struct PathBuf;
    impl crate::str::FromStr for PathBuf {
        type Err = crate::convert::Infallible;
        fn from_str(s: &str) -> Result<PathBuf, crate::convert::Infallible> {}
    }
    impl PathBuf {
        pub fn new() -> PathBuf {}
        pub fn push<P>(&mut self, path: P) {}
        pub fn pop(&mut self) -> bool {}
        pub fn set_file_name<S>(&mut self, file_name: S) {}
        pub fn set_extension<S>(&mut self, extension: S) -> bool {}
        pub fn as_path(&self) -> &Path {}
        pub fn into_os_string(self) -> OsString {}
    }
    impl Deref for PathBuf {
        type Target = Path;
    }
    impl Clone for PathBuf {
        fn clone(&self) -> Self {}
    }
    impl crate::str::FromStr for PathBuf {
        type Err = crate::convert::Infallible;
    }
    impl From<String> for PathBuf {
        fn from(s: String) -> PathBuf {}
    }
    impl From<OsString> for PathBuf {
        fn from(s: OsString) -> PathBuf {}
    }
    impl<T: ?Sized> From<&T> for PathBuf {
        fn from(s: &T) -> PathBuf {}
    }
    impl<T> FromIterator<T> for PathBuf {}
    pub const MAIN_SEPARATOR: char = '/';
    pub const MAIN_SEPARATOR_STR: &str = "/";
    pub struct Display;
    pub struct StripPrefixError;
    pub enum Component {
        Prefix(PrefixComponent),
        RootDir,
        CurDir,
        ParentDir,
        Normal(&OsStr),
    }
    pub struct PrefixComponent;
}

pub mod process {
    use crate::io;

    pub fn exit(code: i32) -> ! {}
    pub fn abort() -> ! {}
    pub fn id() -> u32 {}

    pub struct Command;
    impl Command {
        pub fn new<S>(program: S) -> Command {}
        #[effect(aliases)]
        pub fn arg<S>(&mut self, arg: S) -> &mut Command {}
        #[effect(aliases)]
        pub fn args<I>(&mut self, args: I) -> &mut Command {}
        #[effect(aliases)]
        pub fn env<K, V>(&mut self, key: K, val: V) -> &mut Command {}
        #[effect(aliases)]
        pub fn envs<I>(&mut self, vars: I) -> &mut Command {}
        #[effect(aliases)]
        pub fn env_remove<K>(&mut self, key: K) -> &mut Command {}
        #[effect(aliases)]
        pub fn env_clear(&mut self) -> &mut Command {}
        #[effect(aliases)]
        pub fn current_dir<P>(&mut self, dir: P) -> &mut Command {}
        #[effect(aliases)]
        pub fn stdin<T>(&mut self, cfg: T) -> &mut Command {}
        #[effect(aliases)]
        pub fn stdout<T>(&mut self, cfg: T) -> &mut Command {}
        #[effect(aliases)]
        pub fn stderr<T>(&mut self, cfg: T) -> &mut Command {}
        // Starts a process, not a thread.
        pub fn spawn(&mut self) -> io::Result<Child> {}
        #[effect(blocks(child))]
        pub fn output(&mut self) -> io::Result<Output> {}
        #[effect(blocks(child))]
        pub fn status(&mut self) -> io::Result<ExitStatus> {}
    }
    pub struct Child {
        pub stdin: Option<ChildStdin>,
        pub stdout: Option<ChildStdout>,
        pub stderr: Option<ChildStderr>,
    }
    impl Child {
        #[effect(wakes)]
        pub fn kill(&mut self) -> io::Result<()> {}
        pub fn id(&self) -> u32 {}
        #[effect(blocks(child))]
        pub fn wait(&mut self) -> io::Result<ExitStatus> {}
        #[effect(polls)]
        pub fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {}
        #[effect(blocks(child))]
        pub fn wait_with_output(self) -> io::Result<Output> {}
    }
    pub struct ChildStdin;
    impl io::Write for ChildStdin {}
    pub struct ChildStdout;
    impl io::Read for ChildStdout {}
    pub struct ChildStderr;
    impl io::Read for ChildStderr {}
    pub struct Stdio;
    impl Stdio {
        pub fn piped() -> Stdio {}
        pub fn inherit() -> Stdio {}
        pub fn null() -> Stdio {}
    }
    pub struct Output {
        pub status: ExitStatus,
        pub stdout: Vec<u8>,
        pub stderr: Vec<u8>,
    }
    pub struct ExitStatus;
    impl ExitStatus {
        pub fn success(&self) -> bool {}
        pub fn code(&self) -> Option<i32> {}
    }
    pub struct ExitCode;
    impl ExitCode {
        pub const SUCCESS: ExitCode = ExitCode;
        pub const FAILURE: ExitCode = ExitCode;
        pub fn exit_process(self) -> ! {}
    }
    pub trait Termination {
        fn report(self) -> ExitCode {}
    }
}

pub mod io {
    use crate::iter::Iter;

    pub fn pipe() -> Result<(PipeReader, PipeWriter)> {}
    pub struct PipeReader;
    impl Read for PipeReader {
        #[effect(blocks(io))]
        fn read(&mut self, buf: &mut [u8]) -> Result<usize> {}
    }
    pub struct PipeWriter;
    impl Write for PipeWriter {
        #[effect(blocks(io))]
        fn write(&mut self, buf: &[u8]) -> Result<usize> {}
        #[effect(blocks(io))]
        fn flush(&mut self) -> Result<()> {}
    }
    pub type Result<T> = crate::result::Result<T, Error>;
    #[effect(input_error)]
    pub struct Error;
    impl Error {
        pub fn new<E>(kind: ErrorKind, error: E) -> Error {}
        pub fn other<E>(error: E) -> Error {}
        pub fn last_os_error() -> Error {}
        pub fn from_raw_os_error(code: i32) -> Error {}
        pub fn raw_os_error(&self) -> Option<i32> {}
        pub fn kind(&self) -> ErrorKind {}
    }
    impl From<ErrorKind> for Error {
        fn from(kind: ErrorKind) -> Error {}
    }
    impl crate::error::Error for Error {}
    pub enum ErrorKind {
        NotFound,
        PermissionDenied,
        ConnectionRefused,
        ConnectionReset,
        ConnectionAborted,
        NotConnected,
        AddrInUse,
        AddrNotAvailable,
        BrokenPipe,
        AlreadyExists,
        WouldBlock,
        InvalidInput,
        InvalidData,
        TimedOut,
        WriteZero,
        Interrupted,
        Unsupported,
        UnexpectedEof,
        OutOfMemory,
        Other,
    }

    pub trait Read {
        #[effect(blocks(io))]
        fn read(&mut self, buf: &mut [u8]) -> Result<usize> {}
        #[effect(blocks(io))]
        fn read_to_end(&mut self, buf: &mut Vec<u8>) -> Result<usize> {}
        #[effect(blocks(io))]
        fn read_to_string(&mut self, buf: &mut String) -> Result<usize> {}
        #[effect(blocks(io))]
        fn read_exact(&mut self, buf: &mut [u8]) -> Result<()> {}
        #[effect(aliases)]
        fn by_ref(&mut self) -> &mut Self {}
        #[effect(blocks(io), each_step)]
        fn bytes(self) -> Iter<Result<u8>> {}
        fn take(self, limit: u64) -> Take<Self> {}
        fn chain<R: Read>(self, next: R) -> Chain<Self, R> {}
    }
    pub trait Write {
        #[effect(blocks(io))]
        fn write(&mut self, buf: &[u8]) -> Result<usize> {}
        #[effect(blocks(io))]
        fn flush(&mut self) -> Result<()> {}
        #[effect(blocks(io))]
        fn write_all(&mut self, buf: &[u8]) -> Result<()> {}
        #[effect(blocks(io))]
        fn write_fmt(&mut self, args: crate::fmt::Arguments) -> Result<()> {}
        #[effect(aliases)]
        fn by_ref(&mut self) -> &mut Self {}
    }
    pub trait BufRead: Read {
        #[effect(blocks(io))]
        fn fill_buf(&mut self) -> Result<&[u8]> {}
        fn consume(&mut self, amount: usize) {}
        #[effect(blocks(io))]
        fn read_until(&mut self, byte: u8, buf: &mut Vec<u8>) -> Result<usize> {}
        #[effect(blocks(io))]
        fn read_line(&mut self, buf: &mut String) -> Result<usize> {}
        #[effect(blocks(io), each_step)]
        fn split(self, byte: u8) -> Iter<Result<Vec<u8>>> {}
        #[effect(blocks(io), each_step)]
        fn lines(self) -> Iter<Result<String>> {}
    }
    pub type Lines<B> = Iter<Result<String>>;
    pub trait Seek {
        #[effect(blocks(io))]
        fn seek(&mut self, pos: SeekFrom) -> Result<u64> {}
        #[effect(blocks(io))]
        fn rewind(&mut self) -> Result<()> {}
        #[effect(blocks(io))]
        fn stream_position(&mut self) -> Result<u64> {}
    }
    pub enum SeekFrom {
        Start(u64),
        End(i64),
        Current(i64),
    }
    pub struct Take<T>(T);
    impl<T: Read> Read for Take<T> {}
    pub struct Chain<T, U>(T, U);
    impl<T: Read, U: Read> Read for Chain<T, U> {}

    pub struct BufReader<R: ?Sized>(R);
    impl<R> BufReader<R> {
        pub fn new(inner: R) -> BufReader<R> {}
        pub fn with_capacity(capacity: usize, inner: R) -> BufReader<R> {}
        #[effect(aliases)]
        pub fn get_ref(&self) -> &R {}
        #[effect(aliases)]
        pub fn get_mut(&mut self) -> &mut R {}
        pub fn into_inner(self) -> R {}
        pub fn buffer(&self) -> &[u8] {}
    }
    impl<R: Read> Read for BufReader<R> {}
    impl<R: Read> BufRead for BufReader<R> {}
    impl<R: Seek> Seek for BufReader<R> {}
    pub struct BufWriter<W: ?Sized>(W);
    impl<W> BufWriter<W> {
        pub fn new(inner: W) -> BufWriter<W> {}
        pub fn with_capacity(capacity: usize, inner: W) -> BufWriter<W> {}
        #[effect(aliases)]
        pub fn get_ref(&self) -> &W {}
        #[effect(aliases)]
        pub fn get_mut(&mut self) -> &mut W {}
        #[effect(blocks(io))]
        pub fn into_inner(self) -> crate::result::Result<W, IntoInnerError<BufWriter<W>>> {}
    }
    impl<W: Write> Write for BufWriter<W> {}
    impl<W: Seek> Seek for BufWriter<W> {}
    pub struct IntoInnerError<W>(W);
    pub struct LineWriter<W: ?Sized>(W);
    impl<W> LineWriter<W> {
        pub fn new(inner: W) -> LineWriter<W> {}
    }
    impl<W: Write> Write for LineWriter<W> {}

    // In memory: nothing waits.
    pub struct Cursor<T>(T);
    impl<T> Cursor<T> {
        pub fn new(inner: T) -> Cursor<T> {}
        pub fn into_inner(self) -> T {}
        #[effect(aliases)]
        pub fn get_ref(&self) -> &T {}
        #[effect(aliases)]
        pub fn get_mut(&mut self) -> &mut T {}
        pub fn position(&self) -> u64 {}
        pub fn set_position(&mut self, pos: u64) {}
    }
    impl<T> Read for Cursor<T> {
        fn read(&mut self, buf: &mut [u8]) -> Result<usize> {}
        fn read_to_end(&mut self, buf: &mut Vec<u8>) -> Result<usize> {}
        fn read_to_string(&mut self, buf: &mut String) -> Result<usize> {}
        fn read_exact(&mut self, buf: &mut [u8]) -> Result<()> {}
    }
    impl<T> Write for Cursor<T> {
        fn write(&mut self, buf: &[u8]) -> Result<usize> {}
        fn flush(&mut self) -> Result<()> {}
        fn write_all(&mut self, buf: &[u8]) -> Result<()> {}
        fn write_fmt(&mut self, args: crate::fmt::Arguments) -> Result<()> {}
    }
    impl Read for &[u8] {
        fn read(&mut self, buf: &mut [u8]) -> Result<usize> {}
        fn read_to_end(&mut self, buf: &mut Vec<u8>) -> Result<usize> {}
        fn read_to_string(&mut self, buf: &mut String) -> Result<usize> {}
        fn read_exact(&mut self, buf: &mut [u8]) -> Result<()> {}
    }
    impl Write for Vec<u8> {
        fn write(&mut self, buf: &[u8]) -> Result<usize> {}
        fn flush(&mut self) -> Result<()> {}
        fn write_all(&mut self, buf: &[u8]) -> Result<()> {}
        fn write_fmt(&mut self, args: crate::fmt::Arguments) -> Result<()> {}
    }
    impl<T> BufRead for Cursor<T> {
        fn fill_buf(&mut self) -> Result<&[u8]> {}
        fn read_until(&mut self, byte: u8, buf: &mut Vec<u8>) -> Result<usize> {}
        fn read_line(&mut self, buf: &mut String) -> Result<usize> {}
        fn lines(self) -> Iter<Result<String>> {}
    }
    impl<R: Read + ?Sized> Read for &mut R {}
    impl<R: Read + ?Sized> Read for Box<R> {}
    impl<W: Write + ?Sized> Write for &mut W {}
    impl<W: Write + ?Sized> Write for Box<W> {}

    pub struct Stdin;
    impl Stdin {
        // The process-wide handle, not a lock of ours.
        pub fn lock(&self) -> StdinLock {}
        #[effect(blocks(io))]
        pub fn read_line(&self, buf: &mut String) -> Result<usize> {}
        #[effect(blocks(io), each_step)]
        pub fn lines(self) -> Iter<Result<String>> {}
    }
    impl Read for Stdin {}
    pub struct StdinLock;
    impl Read for StdinLock {}
    impl BufRead for StdinLock {}
    pub fn stdin() -> Stdin {}
    pub struct Stdout;
    impl Stdout {
        // The process-wide handle, not a lock of ours.
        pub fn lock(&self) -> StdoutLock {}
    }
    impl Write for Stdout {}
    pub struct StdoutLock;
    impl Write for StdoutLock {}
    pub fn stdout() -> Stdout {}
    pub struct Stderr;
    impl Stderr {
        // The process-wide handle, not a lock of ours.
        pub fn lock(&self) -> StderrLock {}
    }
    impl Write for Stderr {}
    pub struct StderrLock;
    impl Write for StderrLock {}
    pub fn stderr() -> Stderr {}
    pub struct Empty;
    impl Read for Empty {}
    pub struct Sink;
    impl Write for Sink {}
    pub fn empty() -> Empty {}
    pub fn sink() -> Sink {}
    pub fn repeat(byte: u8) -> impl Read {}
    #[effect(blocks(io))]
    pub fn copy<R: ?Sized + Read, W: ?Sized + Write>(reader: &mut R, writer: &mut W) -> Result<u64> {}
    #[effect(blocks(io))]
    pub fn read_to_string<R: Read>(reader: R) -> Result<String> {}
    pub trait IsTerminal {
        fn is_terminal(&self) -> bool {}
    }
    pub mod prelude {
        pub use super::{BufRead, Read, Seek, Write};
    }
}

pub mod fs {
    use crate::io::{self, Read, Seek, Write};
    use crate::path::PathBuf;
    use crate::time::SystemTime;

    // A lock on a file ends when the file is closed; taking it again does not deadlock.
    #[effect(lock(file))]
    pub struct File;
    impl File {
        #[effect(blocks(io))]
        pub fn open<P>(path: P) -> io::Result<File> {}
        #[effect(blocks(io))]
        pub fn open_buffered<P>(path: P) -> io::Result<io::BufReader<File>> {}
        #[effect(blocks(io))]
        pub fn create<P>(path: P) -> io::Result<File> {}
        #[effect(blocks(io))]
        pub fn create_new<P>(path: P) -> io::Result<File> {}
        #[effect(blocks(io))]
        pub fn sync_all(&self) -> io::Result<()> {}
        #[effect(blocks(io))]
        pub fn sync_data(&self) -> io::Result<()> {}
        #[effect(blocks(io))]
        pub fn set_len(&self, size: u64) -> io::Result<()> {}
        #[effect(blocks(io))]
        pub fn metadata(&self) -> io::Result<Metadata> {}
        pub fn options() -> OpenOptions {}
        #[effect(acquires(exclusive, blocking, raw))]
        pub fn lock(&self) -> io::Result<()> {}
        #[effect(acquires(shared, blocking, raw))]
        pub fn lock_shared(&self) -> io::Result<()> {}
        #[effect(acquires(exclusive, try, raw))]
        pub fn try_lock(&self) -> Result<(), TryLockError> {}
        #[effect(acquires(shared, try, raw))]
        pub fn try_lock_shared(&self) -> Result<(), TryLockError> {}
        #[effect(releases(any))]
        pub fn unlock(&self) -> io::Result<()> {}
        pub fn try_clone(&self) -> io::Result<File> {}
    }
    impl Read for File {}
    impl Write for File {}
    impl Seek for File {}
    impl Read for &File {}
    impl Write for &File {}
    impl Seek for &File {}
    pub enum TryLockError {
        Error(io::Error),
        WouldBlock,
    }
    pub struct OpenOptions;
    impl OpenOptions {
        pub fn new() -> OpenOptions {}
        #[effect(aliases)]
        pub fn read(&mut self, read: bool) -> &mut OpenOptions {}
        #[effect(aliases)]
        pub fn write(&mut self, write: bool) -> &mut OpenOptions {}
        #[effect(aliases)]
        pub fn append(&mut self, append: bool) -> &mut OpenOptions {}
        #[effect(aliases)]
        pub fn truncate(&mut self, truncate: bool) -> &mut OpenOptions {}
        #[effect(aliases)]
        pub fn create(&mut self, create: bool) -> &mut OpenOptions {}
        #[effect(aliases)]
        pub fn create_new(&mut self, create_new: bool) -> &mut OpenOptions {}
        #[effect(blocks(io))]
        pub fn open<P>(&self, path: P) -> io::Result<File> {}
    }
    pub struct Metadata;
    impl Metadata {
        pub fn len(&self) -> u64 {}
        pub fn is_dir(&self) -> bool {}
        pub fn is_file(&self) -> bool {}
        pub fn modified(&self) -> io::Result<SystemTime> {}
        pub fn permissions(&self) -> Permissions {}
    }
    pub struct Permissions;
    pub struct ReadDir;
    impl Iterator for ReadDir {
        type Item = io::Result<DirEntry>;
        #[effect(blocks(io))]
        fn next(&mut self) -> Option<io::Result<DirEntry>> {}
    }
    pub struct DirEntry;
    impl DirEntry {
        pub fn path(&self) -> PathBuf {}
        pub fn file_name(&self) -> crate::ffi::OsString {}
        #[effect(blocks(io))]
        pub fn metadata(&self) -> io::Result<Metadata> {}
    }
    #[effect(blocks(io))]
    pub fn read<P>(path: P) -> io::Result<Vec<u8>> {}
    #[effect(blocks(io))]
    pub fn read_to_string<P>(path: P) -> io::Result<String> {}
    #[effect(blocks(io))]
    pub fn write<P, C>(path: P, contents: C) -> io::Result<()> {}
    #[effect(blocks(io))]
    pub fn remove_file<P>(path: P) -> io::Result<()> {}
    #[effect(blocks(io))]
    pub fn metadata<P>(path: P) -> io::Result<Metadata> {}
    #[effect(blocks(io))]
    pub fn symlink_metadata<P>(path: P) -> io::Result<Metadata> {}
    #[effect(blocks(io))]
    pub fn rename<P, Q>(from: P, to: Q) -> io::Result<()> {}
    #[effect(blocks(io))]
    pub fn copy<P, Q>(from: P, to: Q) -> io::Result<u64> {}
    #[effect(blocks(io))]
    pub fn hard_link<P, Q>(original: P, link: Q) -> io::Result<()> {}
    #[effect(blocks(io))]
    pub fn canonicalize<P>(path: P) -> io::Result<PathBuf> {}
    #[effect(blocks(io))]
    pub fn create_dir<P>(path: P) -> io::Result<()> {}
    #[effect(blocks(io))]
    pub fn create_dir_all<P>(path: P) -> io::Result<()> {}
    #[effect(blocks(io))]
    pub fn remove_dir<P>(path: P) -> io::Result<()> {}
    #[effect(blocks(io))]
    pub fn remove_dir_all<P>(path: P) -> io::Result<()> {}
    #[effect(blocks(io))]
    pub fn read_dir<P>(path: P) -> io::Result<ReadDir> {}
    #[effect(blocks(io))]
    pub fn exists<P>(path: P) -> io::Result<bool> {}
}

pub mod net {
    use crate::io::{self, Read, Write};
    use crate::time::Duration;

    pub enum Shutdown {
        Read,
        Write,
        Both,
    }
    pub enum SocketAddr {
        V4(SocketAddrV4),
        V6(SocketAddrV6),
    }
    impl SocketAddr {
        pub fn new(ip: IpAddr, port: u16) -> SocketAddr {}
        pub fn ip(&self) -> IpAddr {}
        pub fn port(&self) -> u16 {}
        pub fn set_port(&mut self, port: u16) {}
    }
    pub struct SocketAddrV4;
    pub struct SocketAddrV6;
    pub enum IpAddr {
        V4(Ipv4Addr),
        V6(Ipv6Addr),
    }
    pub struct Ipv4Addr;
    impl Ipv4Addr {
        pub const LOCALHOST: Ipv4Addr = Ipv4Addr;
        pub const UNSPECIFIED: Ipv4Addr = Ipv4Addr;
        pub fn new(a: u8, b: u8, c: u8, d: u8) -> Ipv4Addr {}
    }
    pub struct Ipv6Addr;
    #[effect(input_error(text))]
    pub struct AddrParseError;
    impl crate::str::FromStr for SocketAddr {
        type Err = AddrParseError;
        #[effect(input_error)]
        fn from_str(s: &str) -> Result<SocketAddr, AddrParseError> {}
    }
    impl crate::str::FromStr for SocketAddrV4 {
        type Err = AddrParseError;
        #[effect(input_error)]
        fn from_str(s: &str) -> Result<SocketAddrV4, AddrParseError> {}
    }
    impl crate::str::FromStr for IpAddr {
        type Err = AddrParseError;
        #[effect(input_error)]
        fn from_str(s: &str) -> Result<IpAddr, AddrParseError> {}
    }
    impl crate::str::FromStr for Ipv4Addr {
        type Err = AddrParseError;
        #[effect(input_error)]
        fn from_str(s: &str) -> Result<Ipv4Addr, AddrParseError> {}
    }
    impl crate::str::FromStr for Ipv6Addr {
        type Err = AddrParseError;
        #[effect(input_error)]
        fn from_str(s: &str) -> Result<Ipv6Addr, AddrParseError> {}
    }
    pub trait ToSocketAddrs {
        type Iter;
        #[effect(blocks(net))]
        fn to_socket_addrs(&self) -> io::Result<crate::iter::Iter<SocketAddr>> {}
    }
    #[effect(own_address)]
    pub struct TcpListener;
    impl TcpListener {
        pub fn bind<A>(addr: A) -> io::Result<TcpListener> {}
        pub fn local_addr(&self) -> io::Result<SocketAddr> {}
        pub fn try_clone(&self) -> io::Result<TcpListener> {}
        #[effect(blocks(accept))]
        pub fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {}
        #[effect(blocks(accept), each_step, endless)]
        pub fn incoming(&self) -> Incoming {}
        #[effect(blocks(accept), each_step, endless)]
        pub fn into_incoming(self) -> Incoming {}
        #[effect(sets_timeout, nonblocking(0))]
        pub fn set_nonblocking(&self, nonblocking: bool) -> io::Result<()> {}
        pub fn take_error(&self) -> io::Result<Option<io::Error>> {}
    }
    #[effect(endless)]
    pub struct Incoming;
    impl Iterator for Incoming {
        type Item = io::Result<TcpStream>;
        #[effect(blocks(accept))]
        fn next(&mut self) -> Option<io::Result<TcpStream>> {}
    }
    impl IntoIterator for &TcpListener {
        type Item = io::Result<TcpStream>;
        type IntoIter = Incoming;
        #[effect(blocks(accept), each_step, endless)]
        fn into_iter(self) -> Incoming {}
    }
    pub struct TcpStream;
    impl TcpStream {
        #[effect(blocks(net), connects)]
        pub fn connect<A>(addr: A) -> io::Result<TcpStream> {}
        #[effect(blocks(net), connects, timed)]
        pub fn connect_timeout(addr: &SocketAddr, timeout: Duration) -> io::Result<TcpStream> {}
        pub fn peer_addr(&self) -> io::Result<SocketAddr> {}
        pub fn local_addr(&self) -> io::Result<SocketAddr> {}
        pub fn set_nodelay(&self, nodelay: bool) -> io::Result<()> {}
        pub fn try_clone(&self) -> io::Result<TcpStream> {}
        // Ends a read that waits.
        #[effect(wakes)]
        pub fn shutdown(&self, how: Shutdown) -> io::Result<()> {}
        pub fn take_error(&self) -> io::Result<Option<io::Error>> {}
        #[effect(blocks(net))]
        pub fn peek(&self, buf: &mut [u8]) -> io::Result<usize> {}
        #[effect(sets_timeout)]
        pub fn set_read_timeout(&self, dur: Option<Duration>) -> io::Result<()> {}
        #[effect(sets_timeout)]
        pub fn set_write_timeout(&self, dur: Option<Duration>) -> io::Result<()> {}
        #[effect(sets_timeout, nonblocking(0))]
        pub fn set_nonblocking(&self, nonblocking: bool) -> io::Result<()> {}
    }
    impl Read for TcpStream {
        #[effect(blocks(net))]
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {}
        #[effect(blocks(net))]
        fn read_to_end(&mut self, buf: &mut Vec<u8>) -> io::Result<usize> {}
        #[effect(blocks(net))]
        fn read_to_string(&mut self, buf: &mut String) -> io::Result<usize> {}
        #[effect(blocks(net))]
        fn read_exact(&mut self, buf: &mut [u8]) -> io::Result<()> {}
    }
    impl Write for TcpStream {
        #[effect(blocks(net))]
        fn write(&mut self, buf: &[u8]) -> io::Result<usize> {}
        #[effect(blocks(net))]
        fn flush(&mut self) -> io::Result<()> {}
        #[effect(blocks(net))]
        fn write_all(&mut self, buf: &[u8]) -> io::Result<()> {}
        #[effect(blocks(net))]
        fn write_fmt(&mut self, args: crate::fmt::Arguments) -> io::Result<()> {}
    }
    impl Read for &TcpStream {
        #[effect(blocks(net))]
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {}
        #[effect(blocks(net))]
        fn read_to_end(&mut self, buf: &mut Vec<u8>) -> io::Result<usize> {}
        #[effect(blocks(net))]
        fn read_to_string(&mut self, buf: &mut String) -> io::Result<usize> {}
        #[effect(blocks(net))]
        fn read_exact(&mut self, buf: &mut [u8]) -> io::Result<()> {}
    }
    impl Write for &TcpStream {
        #[effect(blocks(net))]
        fn write(&mut self, buf: &[u8]) -> io::Result<usize> {}
        #[effect(blocks(net))]
        fn flush(&mut self) -> io::Result<()> {}
        #[effect(blocks(net))]
        fn write_all(&mut self, buf: &[u8]) -> io::Result<()> {}
        #[effect(blocks(net))]
        fn write_fmt(&mut self, args: crate::fmt::Arguments) -> io::Result<()> {}
    }
    #[effect(own_address)]
    pub struct UdpSocket;
    impl UdpSocket {
        pub fn bind<A>(addr: A) -> io::Result<UdpSocket> {}
        pub fn try_clone(&self) -> io::Result<UdpSocket> {}
        pub fn set_broadcast(&self, broadcast: bool) -> io::Result<()> {}
        #[effect(blocks(net))]
        pub fn recv_from(&self, buf: &mut [u8]) -> io::Result<(usize, SocketAddr)> {}
        #[effect(blocks(net))]
        pub fn peek_from(&self, buf: &mut [u8]) -> io::Result<(usize, SocketAddr)> {}
        #[effect(blocks(net))]
        pub fn send_to<D>(&self, buf: &[u8], addr: D) -> io::Result<usize> {}
        #[effect(blocks(net))]
        pub fn recv(&self, buf: &mut [u8]) -> io::Result<usize> {}
        #[effect(blocks(net))]
        pub fn send(&self, buf: &[u8]) -> io::Result<usize> {}
        pub fn connect<D>(&self, addr: D) -> io::Result<()> {}
        pub fn local_addr(&self) -> io::Result<SocketAddr> {}
        #[effect(sets_timeout)]
        pub fn set_read_timeout(&self, dur: Option<Duration>) -> io::Result<()> {}
        #[effect(sets_timeout)]
        pub fn set_write_timeout(&self, dur: Option<Duration>) -> io::Result<()> {}
        #[effect(sets_timeout, nonblocking(0))]
        pub fn set_nonblocking(&self, nonblocking: bool) -> io::Result<()> {}
    }
}

pub mod os {
    pub mod raw {
        pub use crate::ffi::{
            c_char, c_double, c_float, c_int, c_long, c_longlong, c_schar, c_short, c_uchar, c_uint, c_ulong,
            c_ulonglong, c_ushort, c_void,
        };
    }
    pub mod unix {
        pub mod net {
            use crate::io::{self, Read, Write};
            use crate::net::Shutdown;
            use crate::time::Duration;

            pub struct SocketAddr;
            #[effect(own_address)]
            pub struct UnixListener;
            impl UnixListener {
                pub fn bind<P>(path: P) -> io::Result<UnixListener> {}
                pub fn local_addr(&self) -> io::Result<SocketAddr> {}
                pub fn try_clone(&self) -> io::Result<UnixListener> {}
                #[effect(blocks(accept))]
                pub fn accept(&self) -> io::Result<(UnixStream, SocketAddr)> {}
                #[effect(blocks(accept), each_step, endless)]
                pub fn incoming(&self) -> Incoming {}
                #[effect(blocks(accept), each_step, endless)]
                pub fn into_incoming(self) -> Incoming {}
                #[effect(sets_timeout, nonblocking(0))]
                pub fn set_nonblocking(&self, nonblocking: bool) -> io::Result<()> {}
                pub fn take_error(&self) -> io::Result<Option<io::Error>> {}
            }
            #[effect(endless)]
            pub struct Incoming;
            impl Iterator for Incoming {
                type Item = io::Result<UnixStream>;
                #[effect(blocks(accept))]
                fn next(&mut self) -> Option<io::Result<UnixStream>> {}
            }
            impl IntoIterator for &UnixListener {
                type Item = io::Result<UnixStream>;
                type IntoIter = Incoming;
                #[effect(blocks(accept), each_step, endless)]
                fn into_iter(self) -> Incoming {}
            }
            pub struct UnixStream;
            impl UnixStream {
                #[effect(blocks(net), connects)]
                pub fn connect<P>(path: P) -> io::Result<UnixStream> {}
                pub fn pair() -> io::Result<(UnixStream, UnixStream)> {}
                pub fn try_clone(&self) -> io::Result<UnixStream> {}
                // Ends a read that waits.
                #[effect(wakes)]
                pub fn shutdown(&self, how: Shutdown) -> io::Result<()> {}
                pub fn take_error(&self) -> io::Result<Option<io::Error>> {}
                #[effect(blocks(net))]
                pub fn peek(&self, buf: &mut [u8]) -> io::Result<usize> {}
                #[effect(sets_timeout)]
                pub fn set_read_timeout(&self, dur: Option<Duration>) -> io::Result<()> {}
                #[effect(sets_timeout)]
                pub fn set_write_timeout(&self, dur: Option<Duration>) -> io::Result<()> {}
                #[effect(sets_timeout, nonblocking(0))]
                pub fn set_nonblocking(&self, nonblocking: bool) -> io::Result<()> {}
            }
            impl Read for UnixStream {
                #[effect(blocks(net))]
                fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {}
                #[effect(blocks(net))]
                fn read_to_end(&mut self, buf: &mut Vec<u8>) -> io::Result<usize> {}
                #[effect(blocks(net))]
                fn read_to_string(&mut self, buf: &mut String) -> io::Result<usize> {}
                #[effect(blocks(net))]
                fn read_exact(&mut self, buf: &mut [u8]) -> io::Result<()> {}
            }
            impl Write for UnixStream {
                #[effect(blocks(net))]
                fn write(&mut self, buf: &[u8]) -> io::Result<usize> {}
                #[effect(blocks(net))]
                fn flush(&mut self) -> io::Result<()> {}
                #[effect(blocks(net))]
                fn write_all(&mut self, buf: &[u8]) -> io::Result<()> {}
                #[effect(blocks(net))]
                fn write_fmt(&mut self, args: crate::fmt::Arguments) -> io::Result<()> {}
            }
            impl Read for &UnixStream {
                #[effect(blocks(net))]
                fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {}
                #[effect(blocks(net))]
                fn read_to_end(&mut self, buf: &mut Vec<u8>) -> io::Result<usize> {}
                #[effect(blocks(net))]
                fn read_to_string(&mut self, buf: &mut String) -> io::Result<usize> {}
                #[effect(blocks(net))]
                fn read_exact(&mut self, buf: &mut [u8]) -> io::Result<()> {}
            }
            impl Write for &UnixStream {
                #[effect(blocks(net))]
                fn write(&mut self, buf: &[u8]) -> io::Result<usize> {}
                #[effect(blocks(net))]
                fn flush(&mut self) -> io::Result<()> {}
                #[effect(blocks(net))]
                fn write_all(&mut self, buf: &[u8]) -> io::Result<()> {}
                #[effect(blocks(net))]
                fn write_fmt(&mut self, args: crate::fmt::Arguments) -> io::Result<()> {}
            }
            #[effect(own_address)]
            pub struct UnixDatagram;
            impl UnixDatagram {
                pub fn bind<P>(path: P) -> io::Result<UnixDatagram> {}
                pub fn unbound() -> io::Result<UnixDatagram> {}
                pub fn pair() -> io::Result<(UnixDatagram, UnixDatagram)> {}
                #[effect(blocks(net))]
                pub fn recv_from(&self, buf: &mut [u8]) -> io::Result<(usize, SocketAddr)> {}
                #[effect(blocks(net))]
                pub fn peek_from(&self, buf: &mut [u8]) -> io::Result<(usize, SocketAddr)> {}
                #[effect(blocks(net))]
                pub fn send_to<D>(&self, buf: &[u8], addr: D) -> io::Result<usize> {}
                #[effect(blocks(net))]
                pub fn recv(&self, buf: &mut [u8]) -> io::Result<usize> {}
                #[effect(blocks(net))]
                pub fn send(&self, buf: &[u8]) -> io::Result<usize> {}
                pub fn connect<D>(&self, addr: D) -> io::Result<()> {}
                pub fn local_addr(&self) -> io::Result<SocketAddr> {}
                #[effect(sets_timeout)]
                pub fn set_read_timeout(&self, dur: Option<Duration>) -> io::Result<()> {}
                #[effect(sets_timeout)]
                pub fn set_write_timeout(&self, dur: Option<Duration>) -> io::Result<()> {}
                #[effect(sets_timeout, nonblocking(0))]
                pub fn set_nonblocking(&self, nonblocking: bool) -> io::Result<()> {}
            }
        }
        pub mod thread {
            pub type RawPthread = u64;
            pub trait JoinHandleExt {
                #[effect(observes)]
                fn as_pthread_t(&self) -> RawPthread {}
                fn into_pthread_t(self) -> RawPthread {}
            }
            impl<T> JoinHandleExt for crate::thread::JoinHandle<T> {}
        }
        pub mod process {
            pub trait CommandExt {
                #[effect(stores(0), aliases)]
                unsafe fn pre_exec<F: FnMut() -> crate::io::Result<()>>(
                    &mut self,
                    f: F,
                ) -> &mut crate::process::Command {
                }
                fn exec(&mut self) -> crate::io::Error {}
            }
            impl CommandExt for crate::process::Command {}
            pub trait ExitStatusExt {
                fn from_raw(raw: i32) -> Self {}
                fn signal(&self) -> Option<i32> {}
                fn core_dumped(&self) -> bool {}
            }
            impl ExitStatusExt for crate::process::ExitStatus {}
        }
        pub mod io {
            pub use crate::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};
        }
        pub mod ffi {
            pub trait OsStrExt {
                fn from_bytes(slice: &[u8]) -> &crate::ffi::OsStr {}
                fn as_bytes(&self) -> &[u8] {}
            }
            impl OsStrExt for crate::ffi::OsStr {
                fn from_bytes(slice: &[u8]) -> &crate::ffi::OsStr {}
                fn as_bytes(&self) -> &[u8] {}
            }
            pub trait OsStringExt {
                fn from_vec(vec: Vec<u8>) -> crate::ffi::OsString {}
                fn into_vec(self) -> Vec<u8> {}
            }
            impl OsStringExt for crate::ffi::OsString {
                fn from_vec(vec: Vec<u8>) -> crate::ffi::OsString {}
                fn into_vec(self) -> Vec<u8> {}
            }
        }
        pub mod fs {
            pub trait PermissionsExt {
                fn mode(&self) -> u32 {}
                fn set_mode(&mut self, mode: u32) {}
                fn from_mode(mode: u32) -> crate::fs::Permissions {}
            }
            impl PermissionsExt for crate::fs::Permissions {}
            pub trait MetadataExt {
                fn dev(&self) -> u64 {}
                fn ino(&self) -> u64 {}
                fn mode(&self) -> u32 {}
                fn nlink(&self) -> u64 {}
                fn uid(&self) -> u32 {}
                fn gid(&self) -> u32 {}
                fn size(&self) -> u64 {}
                fn atime(&self) -> i64 {}
                fn mtime(&self) -> i64 {}
                fn mtime_nsec(&self) -> i64 {}
                fn ctime(&self) -> i64 {}
                fn blksize(&self) -> u64 {}
                fn blocks(&self) -> u64 {}
            }
            impl MetadataExt for crate::fs::Metadata {}
            pub trait OpenOptionsExt {
                #[effect(aliases)]
                fn mode(&mut self, mode: u32) -> &mut Self {}
                #[effect(aliases)]
                fn custom_flags(&mut self, flags: i32) -> &mut Self {}
            }
            impl OpenOptionsExt for crate::fs::OpenOptions {}
            pub trait FileExt {
                #[effect(blocks(io))]
                fn read_at(&self, buf: &mut [u8], offset: u64) -> crate::io::Result<usize> {}
                #[effect(blocks(io))]
                fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> crate::io::Result<()> {}
                #[effect(blocks(io))]
                fn write_at(&self, buf: &[u8], offset: u64) -> crate::io::Result<usize> {}
                #[effect(blocks(io))]
                fn write_all_at(&self, buf: &[u8], offset: u64) -> crate::io::Result<()> {}
            }
            impl FileExt for crate::fs::File {}
            pub fn symlink<P, Q>(original: P, link: Q) -> crate::io::Result<()> {}
        }
        pub mod prelude {
            pub use super::ffi::{OsStrExt, OsStringExt};
            pub use super::fs::{FileExt, MetadataExt, OpenOptionsExt, PermissionsExt};
            pub use super::io::{AsFd, AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};
            pub use super::process::{CommandExt, ExitStatusExt};
            pub use super::thread::JoinHandleExt;
        }
    }
    pub mod fd {
        pub type RawFd = i32;
        pub trait AsRawFd {
            fn as_raw_fd(&self) -> RawFd {}
        }
        pub trait IntoRawFd {
            fn into_raw_fd(self) -> RawFd {}
        }
        pub trait FromRawFd {
            unsafe fn from_raw_fd(fd: RawFd) -> Self {}
        }
        pub trait AsFd {
            fn as_fd(&self) -> BorrowedFd {}
        }
        // Every type of std that has a descriptor.
        impl<T> IntoRawFd for T {}
        impl<T> FromRawFd for T {}
        impl<T> AsRawFd for T {}
        impl<T> AsFd for T {}
        pub struct OwnedFd;
        pub struct BorrowedFd;
    }
}
