//! loom: std's threads and locks under a model checker.

#[effect(runs(0))]
pub fn model<F: Fn()>(f: F) {}
pub mod model {
    pub struct Builder;
    impl Builder {
        pub fn new() -> Builder {}
        #[effect(runs(0))]
        pub fn check<F: Fn()>(&self, f: F) {}
    }
}
pub fn stop_exploring() {}
pub fn explore() {}
pub fn skip_branch() {}

pub mod thread {
    pub use std::thread::{
        current, park, spawn, yield_now, AccessError, Builder, JoinHandle, LocalKey, Thread, ThreadId,
    };
}
pub mod sync {
    pub use std::sync::{mpsc, Arc, Barrier, Condvar, Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};
    pub use std::sync::{LockResult, TryLockResult, WaitTimeoutResult};

    pub mod atomic {
        pub use std::sync::atomic::{fence, AtomicBool, AtomicPtr, Ordering};
        pub use std::sync::atomic::{AtomicI16, AtomicI32, AtomicI64, AtomicI8, AtomicIsize};
        pub use std::sync::atomic::{AtomicU16, AtomicU32, AtomicU64, AtomicU8, AtomicUsize};
    }
    #[effect(interior)]
    pub struct Notify;
    impl Notify {
        pub fn new() -> Notify {}
        #[effect(wakes)]
        pub fn notify(&self) {}
        pub fn consume_notify(&self) {}
        #[effect(blocks(park))]
        pub fn wait(&self) {}
    }
}
pub mod cell {
    pub use std::cell::Cell;

    #[effect(interior)]
    pub struct UnsafeCell<T: ?Sized>(T);
    impl<T> UnsafeCell<T> {
        pub fn new(data: T) -> UnsafeCell<T> {}
        #[effect(runs(0))]
        pub fn with<F: FnOnce(*const T) -> R, R>(&self, f: F) -> R {}
        #[effect(runs(0))]
        pub fn with_mut<F: FnOnce(*mut T) -> R, R>(&self, f: F) -> R {}
    }
}
pub mod hint {
    pub use std::hint::spin_loop;
}
pub mod lazy_static {
    // What the crate's own `lazy_static!` makes.
    pub struct Lazy<T>(T);
    impl<T> std::ops::Deref for Lazy<T> {
        type Target = T;
    }
}
pub mod future {
    pub use ::atomic_waker::AtomicWaker;

    #[effect(runs_async(0))]
    pub fn block_on<F: std::future::Future>(f: F) -> <F as std::future::Future>::Output {}
}
