//! tokio. What an `async fn` or a future does happens at the `.await`; the effects of `Future::poll` are those of `.await`.

pub use self::task::spawn;

pub mod task {
    use std::future::Future;

    pub use self::join_set::JoinSet;

    #[effect(spawns(0, task), panics)]
    pub fn spawn<F: Future>(future: F) -> JoinHandle<<F as Future>::Output> {}
    #[effect(spawns(0, task), panics)]
    pub fn spawn_local<F: Future>(future: F) -> JoinHandle<<F as Future>::Output> {}
    #[effect(spawns(0, pool), panics)]
    pub fn spawn_blocking<F: FnOnce() -> R, R>(f: F) -> JoinHandle<R> {}
    #[effect(runs(0))]
    pub fn block_in_place<F: FnOnce() -> R, R>(f: F) -> R {}
    #[effect(yields)]
    pub async fn yield_now() {}
    pub fn try_id() -> Option<Id> {}
    pub fn id() -> Id {}

    // Detaches when dropped.
    #[effect(handle(task))]
    pub struct JoinHandle<T>(T);
    impl<T> JoinHandle<T> {
        #[effect(aborts, observes)]
        pub fn abort(&self) {}
        #[effect(observes)]
        pub fn is_finished(&self) -> bool {}
        #[effect(observes)]
        pub fn abort_handle(&self) -> AbortHandle {}
        #[effect(observes)]
        pub fn id(&self) -> Id {}
    }
    impl<T> Future for JoinHandle<T> {
        type Output = Result<T, JoinError>;
        #[effect(joins)]
        fn poll(self: std::pin::Pin<&mut Self>, cx: &mut std::task::Context) -> std::task::Poll<Result<T, JoinError>> {}
    }
    pub struct AbortHandle;
    impl AbortHandle {
        #[effect(aborts)]
        pub fn abort(&self) {}
        pub fn is_finished(&self) -> bool {}
        pub fn id(&self) -> Id {}
    }
    pub struct Id;
    pub struct JoinError;
    impl JoinError {
        pub fn is_cancelled(&self) -> bool {}
        pub fn is_panic(&self) -> bool {}
        pub fn into_panic(self) -> Box<dyn std::any::Any + Send> {}
        pub fn try_into_panic(self) -> Result<Box<dyn std::any::Any + Send>, JoinError> {}
    }

    pub mod join_set {
        use super::{AbortHandle, Id, JoinError};
        use std::future::Future;

        // Aborts every task when dropped.
        #[effect(handle_set(task))]
        pub struct JoinSet<T>(T);
        impl<T> JoinSet<T> {
            pub fn new() -> JoinSet<T> {}
            pub fn len(&self) -> usize {}
            pub fn is_empty(&self) -> bool {}
            #[effect(spawns(0, task))]
            pub fn spawn<F: Future<Output = T>>(&mut self, task: F) -> AbortHandle {}
            #[effect(spawns(0, task))]
            pub fn spawn_on<F: Future<Output = T>>(&mut self, task: F, handle: &crate::runtime::Handle) -> AbortHandle {
            }
            #[effect(spawns(0, task))]
            pub fn spawn_local<F: Future<Output = T>>(&mut self, task: F) -> AbortHandle {}
            #[effect(spawns(0, pool))]
            pub fn spawn_blocking<F: FnOnce() -> T>(&mut self, f: F) -> AbortHandle {}
            #[effect(joins)]
            pub async fn join_next(&mut self) -> Option<Result<T, JoinError>> {}
            #[effect(joins)]
            pub async fn join_next_with_id(&mut self) -> Option<Result<(Id, T), JoinError>> {}
            pub fn try_join_next(&mut self) -> Option<Result<T, JoinError>> {}
            #[effect(joins)]
            pub async fn join_all(self) -> Vec<T> {}
            #[effect(aborts, joins)]
            pub async fn shutdown(&mut self) {}
            #[effect(aborts)]
            pub fn abort_all(&mut self) {}
            #[effect(detaches)]
            pub fn detach_all(&mut self) {}
        }
    }

    pub struct LocalSet;
    impl LocalSet {
        pub fn new() -> LocalSet {}
        #[effect(spawns(0, task))]
        pub fn spawn_local<F: Future>(&self, future: F) -> JoinHandle<<F as Future>::Output> {}
        #[effect(runs_async(1))]
        pub fn block_on<F: Future>(&self, rt: &crate::runtime::Runtime, future: F) -> <F as Future>::Output {}
        #[effect(runs_async(0))]
        pub async fn run_until<F: Future>(&self, future: F) -> <F as Future>::Output {}
    }
    #[effect(thread_local)]
    pub struct LocalKey<T>(T);
    impl<T> LocalKey<T> {
        #[effect(runs_async(1))]
        pub async fn scope<F: Future>(&self, value: T, f: F) -> <F as Future>::Output {}
        #[effect(runs(0))]
        pub fn with<F: FnOnce(&T) -> R, R>(&self, f: F) -> R {}
    }
    #[effect(builder(task))]
    pub struct Builder;
    impl Builder {
        pub fn new() -> Builder {}
        pub fn name(&self, name: &str) -> Builder {}
        #[effect(spawns(0, task))]
        pub fn spawn<F: Future>(self, future: F) -> std::io::Result<JoinHandle<<F as Future>::Output>> {}
        #[effect(spawns(0, pool))]
        pub fn spawn_blocking<F: FnOnce() -> R, R>(self, f: F) -> std::io::Result<JoinHandle<R>> {}
    }
}

pub mod runtime {
    use crate::task::JoinHandle;
    use std::future::Future;
    use std::io;
    use std::time::Duration;

    // Dropping it waits for blocking tasks and drops the others.
    pub struct Runtime;
    impl Runtime {
        pub fn new() -> io::Result<Runtime> {}
        #[effect(aliases)]
        pub fn handle(&self) -> &Handle {}
        #[effect(spawns(0, task))]
        pub fn spawn<F: Future>(&self, future: F) -> JoinHandle<<F as Future>::Output> {}
        #[effect(spawns(0, pool))]
        pub fn spawn_blocking<F: FnOnce() -> R, R>(&self, f: F) -> JoinHandle<R> {}
        #[effect(runs_async(0))]
        pub fn block_on<F: Future>(&self, future: F) -> <F as Future>::Output {}
        pub fn enter(&self) -> EnterGuard {}
        #[effect(aborts)]
        pub fn shutdown_timeout(self, duration: Duration) {}
        #[effect(aborts)]
        pub fn shutdown_background(self) {}
    }
    // Not a lock guard, but useless when dropped at once.
    #[effect(scope_guard)]
    pub struct EnterGuard;
    pub struct Handle;
    impl Handle {
        pub fn current() -> Handle {}
        pub fn try_current() -> Result<Handle, TryCurrentError> {}
        pub fn enter(&self) -> EnterGuard {}
        #[effect(spawns(0, task))]
        pub fn spawn<F: Future>(&self, future: F) -> JoinHandle<<F as Future>::Output> {}
        #[effect(spawns(0, pool))]
        pub fn spawn_blocking<F: FnOnce() -> R, R>(&self, func: F) -> JoinHandle<R> {}
        #[effect(runs_async(0))]
        pub fn block_on<F: Future>(&self, future: F) -> <F as Future>::Output {}
    }
    impl Clone for Handle {
        #[effect(aliases)]
        fn clone(&self) -> Self {}
    }
    pub struct TryCurrentError;
    pub struct Builder;
    impl Builder {
        pub fn new_current_thread() -> Builder {}
        pub fn new_multi_thread() -> Builder {}
        #[effect(aliases)]
        pub fn enable_all(&mut self) -> &mut Builder {}
        #[effect(aliases)]
        pub fn enable_io(&mut self) -> &mut Builder {}
        #[effect(aliases)]
        pub fn enable_time(&mut self) -> &mut Builder {}
        #[effect(aliases)]
        pub fn worker_threads(&mut self, val: usize) -> &mut Builder {}
        #[effect(aliases)]
        pub fn max_blocking_threads(&mut self, val: usize) -> &mut Builder {}
        #[effect(aliases)]
        pub fn thread_name(&mut self, val: impl Into<String>) -> &mut Builder {}
        #[effect(aliases)]
        pub fn thread_stack_size(&mut self, val: usize) -> &mut Builder {}
        #[effect(aliases)]
        pub fn thread_keep_alive(&mut self, duration: Duration) -> &mut Builder {}
        #[effect(aliases)]
        pub fn event_interval(&mut self, val: u32) -> &mut Builder {}
        #[effect(stores(0), aliases)]
        pub fn on_thread_start<F: Fn()>(&mut self, f: F) -> &mut Builder {}
        #[effect(stores(0), aliases)]
        pub fn on_thread_stop<F: Fn()>(&mut self, f: F) -> &mut Builder {}
        #[effect(stores(0), aliases)]
        pub fn on_thread_park<F: Fn()>(&mut self, f: F) -> &mut Builder {}
        #[effect(stores(0), aliases)]
        pub fn on_thread_unpark<F: Fn()>(&mut self, f: F) -> &mut Builder {}
        pub fn build(&mut self) -> io::Result<Runtime> {}
    }
}

pub mod time {
    use std::future::Future;

    pub use std::time::Duration;

    pub struct Instant;
    impl Instant {
        pub fn now() -> Instant {}
        pub fn elapsed(&self) -> Duration {}
        pub fn duration_since(&self, earlier: Instant) -> Duration {}
        pub fn into_std(self) -> std::time::Instant {}
    }
    #[effect(blocks(sleep), timed, is_async)]
    pub fn sleep(duration: Duration) -> Sleep {}
    #[effect(blocks(sleep), timed, is_async)]
    pub fn sleep_until(deadline: Instant) -> Sleep {}
    pub struct Sleep;
    impl Future for Sleep {
        type Output = ();
    }
    #[effect(runs_async(1), limits_time)]
    pub async fn timeout<F: Future>(duration: Duration, future: F) -> Result<<F as Future>::Output, error::Elapsed> {}
    #[effect(runs_async(1), limits_time)]
    pub async fn timeout_at<F: Future>(deadline: Instant, future: F) -> Result<<F as Future>::Output, error::Elapsed> {}
    pub fn interval(period: Duration) -> Interval {}
    pub fn interval_at(start: Instant, period: Duration) -> Interval {}
    pub struct Interval;
    impl Interval {
        #[effect(blocks(sleep), timed)]
        pub async fn tick(&mut self) -> Instant {}
        pub fn reset(&mut self) {}
        pub fn set_missed_tick_behavior(&mut self, behavior: MissedTickBehavior) {}
    }
    pub enum MissedTickBehavior {
        Burst,
        Delay,
        Skip,
    }
    pub mod error {
        pub struct Elapsed;
    }
}

pub mod sync {
    use std::future::Future;
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
        pub async fn lock_owned(self: Arc<Self>) -> OwnedMutexGuard<T> {}
        #[effect(acquires(exclusive, blocking))]
        pub fn blocking_lock(&self) -> MutexGuard<T> {}
        #[effect(acquires(exclusive, blocking))]
        pub fn blocking_lock_owned(self: Arc<Self>) -> OwnedMutexGuard<T> {}
        #[effect(acquires(exclusive, try))]
        pub fn try_lock(&self) -> Result<MutexGuard<T>, TryLockError> {}
        #[effect(acquires(exclusive, try))]
        pub fn try_lock_owned(self: Arc<Self>) -> Result<OwnedMutexGuard<T>, TryLockError> {}
        #[effect(aliases)]
        pub fn get_mut(&mut self) -> &mut T {}
    }
    #[effect(guard(exclusive))]
    pub struct MutexGuard<T: ?Sized>(T);
    impl<T: ?Sized> MutexGuard<T> {
        #[effect(maps_guard(0))]
        pub fn map<U: ?Sized, F: FnOnce(&mut T) -> &mut U>(this: Self, f: F) -> MappedMutexGuard<U> {}
        #[effect(aliases(0))]
        pub fn mutex(this: &Self) -> &Mutex<T> {}
    }
    impl<T: ?Sized> Deref for MutexGuard<T> {
        type Target = T;
    }
    impl<T: ?Sized> DerefMut for MutexGuard<T> {}
    #[effect(guard(exclusive))]
    pub struct OwnedMutexGuard<T: ?Sized>(T);
    impl<T: ?Sized> Deref for OwnedMutexGuard<T> {
        type Target = T;
    }
    impl<T: ?Sized> DerefMut for OwnedMutexGuard<T> {}
    #[effect(guard(exclusive))]
    pub struct MappedMutexGuard<T: ?Sized>(T);
    impl<T: ?Sized> Deref for MappedMutexGuard<T> {
        type Target = T;
    }
    impl<T: ?Sized> DerefMut for MappedMutexGuard<T> {}
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
        pub async fn read_owned(self: Arc<Self>) -> OwnedRwLockReadGuard<T> {}
        #[effect(acquires(shared, blocking))]
        pub fn blocking_read(&self) -> RwLockReadGuard<T> {}
        #[effect(acquires(shared, try))]
        pub fn try_read(&self) -> Result<RwLockReadGuard<T>, TryLockError> {}
        #[effect(acquires(shared, try))]
        pub fn try_read_owned(self: Arc<Self>) -> Result<OwnedRwLockReadGuard<T>, TryLockError> {}
        #[effect(acquires(exclusive, blocking))]
        pub async fn write(&self) -> RwLockWriteGuard<T> {}
        #[effect(acquires(exclusive, blocking))]
        pub async fn write_owned(self: Arc<Self>) -> OwnedRwLockWriteGuard<T> {}
        #[effect(acquires(exclusive, blocking))]
        pub fn blocking_write(&self) -> RwLockWriteGuard<T> {}
        #[effect(acquires(exclusive, try))]
        pub fn try_write(&self) -> Result<RwLockWriteGuard<T>, TryLockError> {}
        #[effect(acquires(exclusive, try))]
        pub fn try_write_owned(self: Arc<Self>) -> Result<OwnedRwLockWriteGuard<T>, TryLockError> {}
        #[effect(aliases)]
        pub fn get_mut(&mut self) -> &mut T {}
    }
    #[effect(guard(shared))]
    pub struct RwLockReadGuard<T: ?Sized>(T);
    impl<T: ?Sized> RwLockReadGuard<T> {
        #[effect(maps_guard(0))]
        pub fn map<U: ?Sized, F: FnOnce(&T) -> &U>(this: Self, f: F) -> RwLockReadGuard<U> {}
    }
    impl<T: ?Sized> Deref for RwLockReadGuard<T> {
        type Target = T;
    }
    #[effect(guard(shared))]
    pub struct OwnedRwLockReadGuard<T: ?Sized>(T);
    impl<T: ?Sized> Deref for OwnedRwLockReadGuard<T> {
        type Target = T;
    }
    #[effect(guard(exclusive))]
    pub struct RwLockWriteGuard<T: ?Sized>(T);
    impl<T: ?Sized> RwLockWriteGuard<T> {
        #[effect(maps_guard(0))]
        pub fn map<U: ?Sized, F: FnOnce(&mut T) -> &mut U>(this: Self, f: F) -> RwLockMappedWriteGuard<U> {}
        #[effect(downgrades_guard)]
        pub fn downgrade(self) -> RwLockReadGuard<T> {}
        #[effect(downgrades_guard)]
        pub fn downgrade_map<U: ?Sized, F: FnOnce(&T) -> &U>(this: Self, f: F) -> RwLockReadGuard<U> {}
    }
    impl<T: ?Sized> Deref for RwLockWriteGuard<T> {
        type Target = T;
    }
    impl<T: ?Sized> DerefMut for RwLockWriteGuard<T> {}
    #[effect(guard(exclusive))]
    pub struct OwnedRwLockWriteGuard<T: ?Sized>(T);
    impl<T: ?Sized> Deref for OwnedRwLockWriteGuard<T> {
        type Target = T;
    }
    impl<T: ?Sized> DerefMut for OwnedRwLockWriteGuard<T> {}
    #[effect(guard(exclusive))]
    pub struct RwLockMappedWriteGuard<T: ?Sized>(T);
    impl<T: ?Sized> Deref for RwLockMappedWriteGuard<T> {
        type Target = T;
    }
    impl<T: ?Sized> DerefMut for RwLockMappedWriteGuard<T> {}
    #[effect(once, is_async, interior)]
    pub struct OnceCell<T>(T);
    impl<T> OnceCell<T> {
        pub fn new() -> OnceCell<T> {}
        #[effect(aliases)]
        pub fn get(&self) -> Option<&T> {}
        #[effect(aliases)]
        pub fn get_mut(&mut self) -> Option<&mut T> {}
        pub fn into_inner(self) -> Option<T> {}
        pub fn new_with(value: Option<T>) -> OnceCell<T> {}
        #[effect(puts(0))]
        pub fn set(&self, value: T) -> Result<(), SetError<T>> {}
        #[effect(runs_async(0), aliases)]
        pub async fn get_or_init<F: FnOnce() -> Fut, Fut: Future<Output = T>>(&self, f: F) -> &T {}
        #[effect(runs_async(0), aliases)]
        pub async fn get_or_try_init<E, F: FnOnce() -> Fut, Fut: Future<Output = Result<T, E>>>(
            &self,
            f: F,
        ) -> Result<&T, E> {
        }
        pub fn initialized(&self) -> bool {}
        #[effect(takes)]
        pub fn take(&mut self) -> Option<T> {}
    }
    pub struct SetError<T>(T);
    #[effect(once, is_async, interior)]
    pub struct SetOnce<T>(T);
    impl<T> SetOnce<T> {
        pub fn new() -> SetOnce<T> {}
        pub fn initialized(&self) -> bool {}
        #[effect(aliases)]
        pub fn get(&self) -> Option<&T> {}
        #[effect(puts(0))]
        pub fn set(&self, value: T) -> Result<(), SetOnceError<T>> {}
        #[effect(blocks(barrier), aliases)]
        pub async fn wait(&self) -> &T {}
    }
    pub struct SetOnceError<T>(T);
    pub struct TryLockError;

    #[effect(lock(semaphore), is_async)]
    pub struct Semaphore;
    impl Semaphore {
        pub fn new(permits: usize) -> Semaphore {}
        pub fn const_new(permits: usize) -> Semaphore {}
        pub fn available_permits(&self) -> usize {}
        #[effect(releases(shared))]
        pub fn add_permits(&self, n: usize) {}
        pub fn forget_permits(&self, n: usize) -> usize {}
        #[effect(acquires(shared, blocking))]
        pub async fn acquire(&self) -> Result<SemaphorePermit, AcquireError> {}
        #[effect(acquires(shared, blocking))]
        pub async fn acquire_many(&self, n: u32) -> Result<SemaphorePermit, AcquireError> {}
        #[effect(acquires(shared, try))]
        pub fn try_acquire(&self) -> Result<SemaphorePermit, TryAcquireError> {}
        #[effect(acquires(shared, try))]
        pub fn try_acquire_many(&self, n: u32) -> Result<SemaphorePermit, TryAcquireError> {}
        #[effect(acquires(shared, blocking))]
        pub async fn acquire_owned(self: Arc<Self>) -> Result<OwnedSemaphorePermit, AcquireError> {}
        #[effect(acquires(shared, blocking))]
        pub async fn acquire_many_owned(self: Arc<Self>, n: u32) -> Result<OwnedSemaphorePermit, AcquireError> {}
        #[effect(acquires(shared, try))]
        pub fn try_acquire_owned(self: Arc<Self>) -> Result<OwnedSemaphorePermit, TryAcquireError> {}
        #[effect(acquires(shared, try))]
        pub fn try_acquire_many_owned(self: Arc<Self>, n: u32) -> Result<OwnedSemaphorePermit, TryAcquireError> {}
        #[effect(acquires(shared, blocking))]
        pub fn blocking_acquire(&self) -> Result<SemaphorePermit, AcquireError> {}
        #[effect(acquires(shared, blocking))]
        pub fn blocking_acquire_owned(self: Arc<Self>) -> Result<OwnedSemaphorePermit, AcquireError> {}
        // Every acquire that waits ends.
        #[effect(wakes)]
        pub fn close(&self) {}
        #[effect(polls)]
        pub fn is_closed(&self) -> bool {}
    }
    #[effect(permit)]
    pub struct SemaphorePermit;
    impl SemaphorePermit {
        #[effect(forgets)]
        pub fn forget(self) {}
        pub fn merge(&mut self, other: Self) {}
    }
    #[effect(permit)]
    pub struct OwnedSemaphorePermit;
    impl OwnedSemaphorePermit {
        pub fn merge(&mut self, other: Self) {}
        pub fn num_permits(&self) -> usize {}
        #[effect(forgets)]
        pub fn forget(self) {}
    }
    pub struct AcquireError;
    pub enum TryAcquireError {
        Closed,
        NoPermits,
    }

    pub struct Notify;
    impl Notify {
        pub fn new() -> Notify {}
        #[effect(blocks(park), is_async)]
        pub fn notified(&self) -> impl Future<Output = ()> {}
        #[effect(wakes)]
        pub fn notify_one(&self) {}
        #[effect(wakes)]
        pub fn notify_last(&self) {}
        #[effect(wakes)]
        pub fn notify_waiters(&self) {}
    }
    #[effect(barrier, is_async)]
    pub struct Barrier;
    impl Barrier {
        pub fn new(n: usize) -> Barrier {}
        #[effect(blocks(barrier), completes)]
        pub async fn wait(&self) -> BarrierWaitResult {}
    }
    pub struct BarrierWaitResult;
    impl BarrierWaitResult {
        pub fn is_leader(&self) -> bool {}
    }

    pub mod mpsc {
        use std::task::{Context, Poll};
        use std::time::Duration;

        #[effect(channel(bounded))]
        pub fn channel<T>(buffer: usize) -> (Sender<T>, Receiver<T>) {}
        #[effect(channel)]
        pub fn unbounded_channel<T>() -> (UnboundedSender<T>, UnboundedReceiver<T>) {}
        #[effect(sender, is_async)]
        pub struct Sender<T>(T);
        impl<T> Sender<T> {
            #[effect(sends(blocking), puts(0))]
            pub async fn send(&self, value: T) -> Result<(), error::SendError<T>> {}
            pub async fn closed(&self) {}
            #[effect(polls)]
            pub fn is_closed(&self) -> bool {}
            pub fn same_channel(&self, other: &Self) -> bool {}
            #[effect(downgrades)]
            pub fn downgrade(&self) -> WeakSender<T> {}
            #[effect(sends(try), puts(0))]
            pub fn try_send(&self, message: T) -> Result<(), error::TrySendError<T>> {}
            #[effect(sends(timed), puts(0))]
            pub async fn send_timeout(&self, value: T, timeout: Duration) -> Result<(), error::SendTimeoutError<T>> {}
            #[effect(sends(blocking), puts(0))]
            pub fn blocking_send(&self, value: T) -> Result<(), error::SendError<T>> {}
            pub async fn reserve(&self) -> Result<Permit<T>, error::SendError<()>> {}
            pub fn try_reserve(&self) -> Result<Permit<T>, error::TrySendError<()>> {}
            pub async fn reserve_owned(self) -> Result<OwnedPermit<T>, error::SendError<()>> {}
            pub fn capacity(&self) -> usize {}
        }
        impl<T> Clone for Sender<T> {
            #[effect(aliases)]
            fn clone(&self) -> Self {}
        }
        #[effect(weak)]
        pub struct WeakSender<T>(T);
        impl<T> WeakSender<T> {
            #[effect(upgrades)]
            pub fn upgrade(&self) -> Option<Sender<T>> {}
        }
        #[effect(sender, is_async)]
        pub struct UnboundedSender<T>(T);
        impl<T> UnboundedSender<T> {
            #[effect(sends(try), puts(0))]
            pub fn send(&self, value: T) -> Result<(), error::SendError<T>> {}
            pub async fn closed(&self) {}
            #[effect(polls)]
            pub fn is_closed(&self) -> bool {}
            pub fn same_channel(&self, other: &Self) -> bool {}
            #[effect(downgrades)]
            pub fn downgrade(&self) -> WeakUnboundedSender<T> {}
        }
        impl<T> Clone for UnboundedSender<T> {
            #[effect(aliases)]
            fn clone(&self) -> Self {}
        }
        #[effect(weak)]
        pub struct WeakUnboundedSender<T>(T);
        impl<T> WeakUnboundedSender<T> {
            #[effect(upgrades)]
            pub fn upgrade(&self) -> Option<UnboundedSender<T>> {}
        }
        #[effect(receiver, is_async)]
        pub struct Receiver<T>(T);
        impl<T> Receiver<T> {
            #[effect(receives(blocking))]
            pub async fn recv(&mut self) -> Option<T> {}
            #[effect(receives(blocking))]
            pub async fn recv_many(&mut self, buffer: &mut Vec<T>, limit: usize) -> usize {}
            #[effect(receives(try))]
            pub fn try_recv(&mut self) -> Result<T, error::TryRecvError> {}
            #[effect(receives(blocking))]
            pub fn blocking_recv(&mut self) -> Option<T> {}
            pub fn close(&mut self) {}
            #[effect(polls)]
            pub fn is_closed(&self) -> bool {}
            #[effect(polls)]
            pub fn is_empty(&self) -> bool {}
            #[effect(polls)]
            pub fn len(&self) -> usize {}
            pub fn poll_recv(&mut self, cx: &mut Context) -> Poll<Option<T>> {}
        }
        #[effect(receiver, is_async)]
        pub struct UnboundedReceiver<T>(T);
        impl<T> UnboundedReceiver<T> {
            #[effect(receives(blocking))]
            pub async fn recv(&mut self) -> Option<T> {}
            #[effect(receives(blocking))]
            pub async fn recv_many(&mut self, buffer: &mut Vec<T>, limit: usize) -> usize {}
            #[effect(receives(try))]
            pub fn try_recv(&mut self) -> Result<T, error::TryRecvError> {}
            #[effect(receives(blocking))]
            pub fn blocking_recv(&mut self) -> Option<T> {}
            pub fn close(&mut self) {}
            #[effect(polls)]
            pub fn is_closed(&self) -> bool {}
            #[effect(polls)]
            pub fn is_empty(&self) -> bool {}
            #[effect(polls)]
            pub fn len(&self) -> usize {}
            pub fn poll_recv(&mut self, cx: &mut Context) -> Poll<Option<T>> {}
        }
        #[effect(permit)]
        pub struct Permit<T>(T);
        impl<T> Permit<T> {
            #[effect(sends(try))]
            pub fn send(self, value: T) {}
        }
        #[effect(permit)]
        pub struct OwnedPermit<T>(T);
        impl<T> OwnedPermit<T> {
            #[effect(sends(try))]
            pub fn send(self, value: T) -> Sender<T> {}
        }
        pub mod error {
            pub struct SendError<T>(pub T);
            pub enum TrySendError<T> {
                Full(T),
                Closed(T),
            }
            pub enum SendTimeoutError<T> {
                Timeout(T),
                Closed(T),
            }
            pub enum TryRecvError {
                Empty,
                Disconnected,
            }
        }
    }
    pub mod oneshot {
        use std::future::Future;

        #[effect(channel)]
        pub fn channel<T>() -> (Sender<T>, Receiver<T>) {}
        #[effect(sender, is_async)]
        pub struct Sender<T>(T);
        impl<T> Sender<T> {
            #[effect(sends(try), puts(0))]
            pub fn send(self, t: T) -> Result<(), T> {}
            pub async fn closed(&mut self) {}
            #[effect(polls)]
            pub fn is_closed(&self) -> bool {}
        }
        #[effect(receiver, is_async)]
        pub struct Receiver<T>(T);
        impl<T> Receiver<T> {
            pub fn close(&mut self) {}
            #[effect(receives(try))]
            pub fn try_recv(&mut self) -> Result<T, error::TryRecvError> {}
            #[effect(receives(blocking))]
            pub fn blocking_recv(self) -> Result<T, error::RecvError> {}
        }
        impl<T> Future for Receiver<T> {
            type Output = Result<T, error::RecvError>;
            #[effect(receives(blocking))]
            fn poll(
                self: std::pin::Pin<&mut Self>,
                cx: &mut std::task::Context,
            ) -> std::task::Poll<Result<T, error::RecvError>> {
            }
        }
        pub mod error {
            pub struct RecvError;
            pub enum TryRecvError {
                Empty,
                Closed,
            }
        }
    }
    pub mod broadcast {
        // Old messages are overwritten: a send never waits.
        #[effect(channel)]
        pub fn channel<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {}
        #[effect(sender, is_async)]
        pub struct Sender<T>(T);
        impl<T> Sender<T> {
            pub fn new(capacity: usize) -> Sender<T> {}
            #[effect(sends(try), puts(0))]
            pub fn send(&self, value: T) -> Result<usize, error::SendError<T>> {}
            pub fn subscribe(&self) -> Receiver<T> {}
            pub fn receiver_count(&self) -> usize {}
            #[effect(polls)]
            pub fn len(&self) -> usize {}
        }
        impl<T> Clone for Sender<T> {
            #[effect(aliases)]
            fn clone(&self) -> Self {}
        }
        #[effect(receiver, is_async)]
        pub struct Receiver<T>(T);
        impl<T> Receiver<T> {
            #[effect(receives(blocking))]
            pub async fn recv(&mut self) -> Result<T, error::RecvError> {}
            #[effect(receives(try))]
            pub fn try_recv(&mut self) -> Result<T, error::TryRecvError> {}
            #[effect(receives(blocking))]
            pub fn blocking_recv(&mut self) -> Result<T, error::RecvError> {}
            pub fn resubscribe(&self) -> Receiver<T> {}
        }
        pub mod error {
            pub struct SendError<T>(pub T);
            pub enum RecvError {
                Closed,
                Lagged(u64),
            }
            pub enum TryRecvError {
                Empty,
                Closed,
                Lagged(u64),
            }
        }
    }
    pub mod watch {
        use std::ops::Deref;

        #[effect(channel)]
        pub fn channel<T>(init: T) -> (Sender<T>, Receiver<T>) {}
        #[effect(sender, is_async)]
        pub struct Sender<T>(T);
        impl<T> Sender<T> {
            pub fn new(init: T) -> Sender<T> {}
            #[effect(sends(try), puts(0))]
            pub fn send(&self, value: T) -> Result<(), error::SendError<T>> {}
            #[effect(sends(try))]
            pub fn send_modify<F: FnOnce(&mut T)>(&self, modify: F) {}
            #[effect(sends(try))]
            pub fn send_if_modified<F: FnOnce(&mut T) -> bool>(&self, modify: F) -> bool {}
            #[effect(sends(try), puts(0), takes)]
            pub fn send_replace(&self, value: T) -> T {}
            #[effect(acquires(shared, blocking))]
            pub fn borrow(&self) -> Ref<T> {}
            pub fn subscribe(&self) -> Receiver<T> {}
            pub async fn closed(&self) {}
            #[effect(polls)]
            pub fn is_closed(&self) -> bool {}
        }
        impl<T> Clone for Sender<T> {
            #[effect(aliases)]
            fn clone(&self) -> Self {}
        }
        #[effect(receiver, is_async)]
        pub struct Receiver<T>(T);
        impl<T> Receiver<T> {
            #[effect(acquires(shared, blocking))]
            pub fn borrow(&self) -> Ref<T> {}
            #[effect(acquires(shared, blocking))]
            pub fn borrow_and_update(&mut self) -> Ref<T> {}
            pub fn has_changed(&self) -> Result<bool, error::RecvError> {}
            #[effect(receives(blocking))]
            pub async fn changed(&mut self) -> Result<(), error::RecvError> {}
            #[effect(receives(blocking))]
            pub async fn wait_for<F: FnMut(&T) -> bool>(&mut self, f: F) -> Result<Ref<T>, error::RecvError> {}
        }
        impl<T> Clone for Receiver<T> {
            #[effect(aliases)]
            fn clone(&self) -> Self {}
        }
        // Holds the channel's read lock.
        #[effect(guard(shared))]
        pub struct Ref<T>(T);
        impl<T> Deref for Ref<T> {
            type Target = T;
        }
        pub mod error {
            pub struct SendError<T>(pub T);
            pub struct RecvError;
        }
    }
}

pub mod io {
    pub use std::io::{Error, ErrorKind, Result};

    pub trait AsyncRead {}
    pub trait AsyncWrite {}
    pub trait AsyncBufRead: AsyncRead {}
    pub trait AsyncReadExt: AsyncRead {
        #[effect(blocks(io))]
        async fn read(&mut self, buf: &mut [u8]) -> Result<usize> {}
        #[effect(blocks(io))]
        async fn read_exact(&mut self, buf: &mut [u8]) -> Result<usize> {}
        #[effect(blocks(io))]
        async fn read_to_end(&mut self, buf: &mut Vec<u8>) -> Result<usize> {}
        #[effect(blocks(io))]
        async fn read_to_string(&mut self, dst: &mut String) -> Result<usize> {}
    }
    impl<R: AsyncRead> AsyncReadExt for R {}
    pub trait AsyncWriteExt: AsyncWrite {
        #[effect(blocks(io))]
        async fn write(&mut self, src: &[u8]) -> Result<usize> {}
        #[effect(blocks(io))]
        async fn write_all(&mut self, src: &[u8]) -> Result<()> {}
        #[effect(blocks(io))]
        async fn flush(&mut self) -> Result<()> {}
        #[effect(blocks(io))]
        async fn shutdown(&mut self) -> Result<()> {}
    }
    impl<W: AsyncWrite> AsyncWriteExt for W {}
}

pub mod net {
    use std::io;
    use std::net::SocketAddr;

    #[effect(own_address)]
    pub struct TcpListener;
    impl TcpListener {
        pub async fn bind<A>(addr: A) -> io::Result<TcpListener> {}
        #[effect(blocks(accept))]
        pub async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {}
        pub fn local_addr(&self) -> io::Result<SocketAddr> {}
    }
    pub struct TcpSocket;
    impl TcpSocket {
        pub fn new_v4() -> io::Result<TcpSocket> {}
        pub fn new_v6() -> io::Result<TcpSocket> {}
        pub fn bind(&self, addr: SocketAddr) -> io::Result<()> {}
        pub fn set_reuseaddr(&self, reuseaddr: bool) -> io::Result<()> {}
        #[effect(blocks(net), connects)]
        pub async fn connect(self, addr: SocketAddr) -> io::Result<TcpStream> {}
        pub fn listen(self, backlog: u32) -> io::Result<TcpListener> {}
    }
    pub mod tcp {
        pub struct OwnedReadHalf;
        impl crate::io::AsyncRead for OwnedReadHalf {}
        pub struct OwnedWriteHalf;
        impl crate::io::AsyncWrite for OwnedWriteHalf {}
        pub struct ReadHalf;
        impl crate::io::AsyncRead for ReadHalf {}
        pub struct WriteHalf;
        impl crate::io::AsyncWrite for WriteHalf {}
    }
    impl TcpStream {
        pub fn into_split(self) -> (tcp::OwnedReadHalf, tcp::OwnedWriteHalf) {}
        pub fn split(&mut self) -> (tcp::ReadHalf, tcp::WriteHalf) {}
        pub fn local_addr(&self) -> io::Result<SocketAddr> {}
        pub fn peer_addr(&self) -> io::Result<SocketAddr> {}
        pub fn set_nodelay(&self, nodelay: bool) -> io::Result<()> {}
        #[effect(blocks(net))]
        pub async fn peek(&self, buf: &mut [u8]) -> io::Result<usize> {}
        pub fn into_std(self) -> io::Result<std::net::TcpStream> {}
    }
    pub struct TcpStream;
    impl TcpStream {
        #[effect(blocks(net), connects)]
        pub async fn connect<A>(addr: A) -> io::Result<TcpStream> {}
        #[effect(blocks(net))]
        pub async fn readable(&self) -> io::Result<()> {}
        #[effect(blocks(net))]
        pub async fn writable(&self) -> io::Result<()> {}
        pub fn try_read(&self, buf: &mut [u8]) -> io::Result<usize> {}
        pub fn try_write(&self, buf: &[u8]) -> io::Result<usize> {}
    }
    impl crate::io::AsyncRead for TcpStream {}
    impl crate::io::AsyncWrite for TcpStream {}
    #[effect(own_address)]
    pub struct UdpSocket;
    impl UdpSocket {
        pub async fn bind<A>(addr: A) -> io::Result<UdpSocket> {}
        #[effect(blocks(net))]
        pub async fn recv_from(&self, buf: &mut [u8]) -> io::Result<(usize, SocketAddr)> {}
        #[effect(blocks(net))]
        pub async fn recv(&self, buf: &mut [u8]) -> io::Result<usize> {}
        #[effect(blocks(net))]
        pub async fn send_to<A>(&self, buf: &[u8], target: A) -> io::Result<usize> {}
    }
    #[effect(own_address)]
    pub struct UnixListener;
    impl UnixListener {
        pub fn bind<P>(path: P) -> io::Result<UnixListener> {}
        #[effect(blocks(accept))]
        pub async fn accept(&self) -> io::Result<(UnixStream, SocketAddr)> {}
    }
    pub struct UnixStream;
    impl crate::io::AsyncRead for UnixStream {}
    impl crate::io::AsyncWrite for UnixStream {}
}

pub mod signal {
    #[effect(blocks(park))]
    pub async fn ctrl_c() -> std::io::Result<()> {}
    pub mod unix {
        pub fn signal(kind: SignalKind) -> std::io::Result<Signal> {}
        pub struct SignalKind;
        impl SignalKind {
            pub fn interrupt() -> SignalKind {}
            pub fn terminate() -> SignalKind {}
            pub fn hangup() -> SignalKind {}
            pub fn quit() -> SignalKind {}
            pub fn child() -> SignalKind {}
            pub fn user_defined1() -> SignalKind {}
            pub fn user_defined2() -> SignalKind {}
            pub fn window_change() -> SignalKind {}
            pub fn from_raw(signum: i32) -> SignalKind {}
        }
        pub struct Signal;
        impl Signal {
            #[effect(blocks(park))]
            pub async fn recv(&mut self) -> Option<()> {}
        }
    }
}

pub mod process {
    use std::io;
    use std::process::{ExitStatus, Output, Stdio};

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
        pub fn current_dir<P>(&mut self, dir: P) -> &mut Command {}
        #[effect(aliases)]
        pub fn stdin<T>(&mut self, cfg: T) -> &mut Command {}
        #[effect(aliases)]
        pub fn stdout<T>(&mut self, cfg: T) -> &mut Command {}
        #[effect(aliases)]
        pub fn stderr<T>(&mut self, cfg: T) -> &mut Command {}
        #[effect(aliases)]
        pub fn kill_on_drop(&mut self, kill_on_drop: bool) -> &mut Command {}
        pub fn spawn(&mut self) -> io::Result<Child> {}
        #[effect(blocks(child))]
        pub async fn status(&mut self) -> io::Result<ExitStatus> {}
        #[effect(blocks(child))]
        pub async fn output(&mut self) -> io::Result<Output> {}
    }
    pub struct Child {
        pub stdin: Option<ChildStdin>,
        pub stdout: Option<ChildStdout>,
        pub stderr: Option<ChildStderr>,
    }
    impl Child {
        pub fn id(&self) -> Option<u32> {}
        #[effect(wakes)]
        pub fn start_kill(&mut self) -> io::Result<()> {}
        #[effect(wakes)]
        pub async fn kill(&mut self) -> io::Result<()> {}
        #[effect(blocks(child))]
        pub async fn wait(&mut self) -> io::Result<ExitStatus> {}
        pub fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {}
        #[effect(blocks(child))]
        pub async fn wait_with_output(self) -> io::Result<Output> {}
    }
    pub struct ChildStdin;
    impl crate::io::AsyncWrite for ChildStdin {}
    pub struct ChildStdout;
    impl crate::io::AsyncRead for ChildStdout {}
    pub struct ChildStderr;
    impl crate::io::AsyncRead for ChildStderr {}
}

// Of version 0.1.
#[effect(runs_async(0))]
pub fn run<F>(future: F) {}
