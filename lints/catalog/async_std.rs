//! async-std.

pub mod task {
    use std::future::Future;
    use std::pin::Pin;
    use std::task::{Context, Poll};
    use std::time::Duration;

    #[effect(spawns(0, task))]
    pub fn spawn<F: Future<Output = T>, T>(future: F) -> JoinHandle<T> {}
    #[effect(spawns(0, task))]
    pub fn spawn_local<F: Future<Output = T>, T>(future: F) -> JoinHandle<T> {}
    #[effect(spawns(0, pool))]
    pub fn spawn_blocking<F: FnOnce() -> T, T>(f: F) -> JoinHandle<T> {}
    #[effect(runs_async(0))]
    pub fn block_on<F: Future<Output = T>, T>(future: F) -> T {}
    #[effect(blocks(sleep), timed)]
    pub async fn sleep(dur: Duration) {}
    #[effect(yields)]
    pub async fn yield_now() {}

    // Detaches when dropped.
    #[effect(handle(task))]
    pub struct JoinHandle<T>(T);
    impl<T> JoinHandle<T> {
        #[effect(aborts, joins)]
        pub async fn cancel(self) -> Option<T> {}
        #[effect(observes)]
        pub fn task(&self) -> &Task {}
    }
    impl<T> Future for JoinHandle<T> {
        type Output = T;
        #[effect(joins)]
        fn poll(self: Pin<&mut Self>, cx: &mut Context) -> Poll<T> {}
    }
    pub struct Task;
    #[effect(builder(task))]
    pub struct Builder;
    impl Builder {
        pub fn new() -> Builder {}
        pub fn name(self, name: String) -> Builder {}
        #[effect(spawns(0, task))]
        pub fn spawn<F: Future<Output = T>, T>(self, future: F) -> std::io::Result<JoinHandle<T>> {}
    }
}

pub mod sync {
    pub use ::async_lock::{Barrier, Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};
    pub use std::sync::{Arc, Weak};

    use ::async_lock::MutexGuard as Guard;
    use std::time::Duration;

    #[effect(condvar, is_async)]
    pub struct Condvar;
    impl Condvar {
        pub fn new() -> Condvar {}
        #[effect(waits(blocking))]
        pub async fn wait<T>(&self, guard: Guard<T>) -> Guard<T> {}
        #[effect(waits(blocking), predicate)]
        pub async fn wait_until<T, F: FnMut(&mut T) -> bool>(&self, guard: Guard<T>, condition: F) -> Guard<T> {}
        #[effect(waits(timed))]
        pub async fn wait_timeout<T>(&self, guard: Guard<T>, dur: Duration) -> (Guard<T>, WaitTimeoutResult) {}
        #[effect(notifies(one))]
        pub fn notify_one(&self) {}
        #[effect(notifies(all))]
        pub fn notify_all(&self) {}
    }
    pub struct WaitTimeoutResult;
}

pub mod channel {
    pub use ::async_channel::{bounded, unbounded, Receiver, RecvError, SendError, Sender, TryRecvError, TrySendError};
}

pub mod future {
    use std::future::Future;
    use std::time::Duration;

    #[effect(runs_async(1), limits_time)]
    pub async fn timeout<F: Future<Output = T>, T>(dur: Duration, f: F) -> Result<T, TimeoutError> {}
    pub struct TimeoutError;
}
