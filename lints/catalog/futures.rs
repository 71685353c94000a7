//! futures.

pub use self::future::{FutureExt, TryFutureExt};
pub use self::sink::{Sink, SinkExt};
pub use self::stream::{Stream, StreamExt};
pub use std::future::Future;

// Of version 0.1.
pub mod sync {
    pub use crate::channel::{mpsc, oneshot};
}
pub mod prelude {
    pub use crate::future::{Future, FutureExt, TryFutureExt};
    pub use crate::sink::{Sink, SinkExt};
    pub use crate::stream::{Stream, StreamExt};
}

pub mod future {
    pub use std::future::{pending, poll_fn, ready, Future};

    use std::pin::Pin;
    use std::task::{Context, Poll};

    pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;
    pub type LocalBoxFuture<T> = Pin<Box<dyn Future<Output = T>>>;

    pub trait FutureExt: Future {
        fn map<U, F: FnOnce(Self::Output) -> U>(self, f: F) -> impl Future<Output = U> {}
        fn boxed(self) -> BoxFuture<Self::Output> {}
        fn boxed_local(self) -> LocalBoxFuture<Self::Output> {}
        #[effect(aliases)]
        fn fuse(self) -> Self {}
        #[effect(catches_panic)]
        fn catch_unwind(self) -> impl Future<Output = Result<Self::Output, Box<dyn std::any::Any + Send>>> {}
        fn unit_error(self) -> impl Future<Output = Result<Self::Output, ()>> {}
        fn remote_handle(self) -> (Remote<Self>, RemoteHandle<Self::Output>) {}
    }
    impl<F: Future> FutureExt for F {}
    pub trait TryFutureExt: Future {}
    impl<F: Future> TryFutureExt for F {}

    pub struct Remote<F>(F);
    // Cancels when dropped.
    #[effect(handle_set(task))]
    pub struct RemoteHandle<T>(T);
    impl<T> RemoteHandle<T> {
        #[effect(detaches)]
        pub fn forget(self) {}
    }
    impl<T> Future for RemoteHandle<T> {
        type Output = T;
        #[effect(joins)]
        fn poll(self: Pin<&mut Self>, cx: &mut Context) -> Poll<T> {}
    }
    pub fn abortable<F: Future>(future: F) -> (impl Future<Output = Result<<F as Future>::Output, Aborted>>, AbortHandle) {
    }
    #[effect(flag)]
    pub struct AbortHandle;
    impl AbortHandle {
        pub fn new_pair() -> (AbortHandle, AbortRegistration) {}
        #[effect(flag_cancel, wakes)]
        pub fn abort(&self) {}
        #[effect(flag_load)]
        pub fn is_aborted(&self) -> bool {}
    }
    impl Clone for AbortHandle {
        #[effect(aliases)]
        fn clone(&self) -> Self {}
    }
    pub struct AbortRegistration;
    pub struct Aborted;
}

pub mod executor {
    use std::future::Future;

    #[effect(runs_async(0))]
    pub fn block_on<F: Future>(f: F) -> <F as Future>::Output {}

    pub struct LocalPool;
    impl LocalPool {
        pub fn new() -> LocalPool {}
        #[effect(blocks(poll))]
        pub fn run(&mut self) {}
        pub fn run_until_stalled(&mut self) {}
        pub fn try_run_one(&mut self) -> bool {}
        pub fn spawner(&self) -> LocalSpawner {}
        #[effect(runs_async(0))]
        pub fn run_until<F: Future>(&mut self, future: F) -> <F as Future>::Output {}
    }
    pub struct LocalSpawner;
    pub fn block_on_stream<S>(stream: S) -> std::iter::Iter<<S as crate::stream::Stream>::Item> {}
    pub fn enter() -> Result<Enter, EnterError> {}
    #[effect(scope_guard)]
    pub struct Enter;
    pub struct EnterError;
    pub struct ThreadPoolBuilder;
    impl ThreadPoolBuilder {
        pub fn new() -> ThreadPoolBuilder {}
        #[effect(aliases)]
        pub fn pool_size(&mut self, size: usize) -> &mut ThreadPoolBuilder {}
        #[effect(aliases)]
        pub fn name_prefix<S>(&mut self, name_prefix: S) -> &mut ThreadPoolBuilder {}
        pub fn create(&mut self) -> std::io::Result<ThreadPool> {}
    }
    pub struct ThreadPool;
    impl Clone for ThreadPool {
        #[effect(aliases)]
        fn clone(&self) -> Self {}
    }
    impl ThreadPool {
        pub fn new() -> std::io::Result<ThreadPool> {}
        pub fn builder() -> ThreadPoolBuilder {}
        #[effect(spawns(0, task))]
        pub fn spawn_ok<F: Future<Output = ()>>(&self, future: F) {}
    }
}

pub mod stream {
    pub trait Stream {
        type Item;
    }
    pub trait StreamExt: Stream {
        async fn next(&mut self) -> Option<Self::Item> {}
    }
}

pub mod sink {
    pub trait Sink<T> {}
    pub trait SinkExt<T> {
        #[effect(sends(blocking), puts(0))]
        async fn send(&mut self, item: T) -> Result<(), crate::channel::mpsc::SendError> {}
    }
}

pub mod lock {
    use std::ops::{Deref, DerefMut};

    #[effect(lock(mutex), is_async, interior)]
    pub struct Mutex<T: ?Sized>(T);
    impl<T: ?Sized> Mutex<T> {
        pub fn new(t: T) -> Mutex<T> {}
        pub fn into_inner(self) -> T {}
        #[effect(acquires(exclusive, blocking))]
        pub async fn lock(&self) -> MutexGuard<T> {}
        #[effect(acquires(exclusive, blocking))]
        pub async fn lock_owned(self: std::sync::Arc<Self>) -> OwnedMutexGuard<T> {}
        #[effect(acquires(exclusive, try))]
        pub fn try_lock(&self) -> Option<MutexGuard<T>> {}
        #[effect(acquires(exclusive, try))]
        pub fn try_lock_owned(self: &std::sync::Arc<Self>) -> Option<OwnedMutexGuard<T>> {}
        #[effect(aliases)]
        pub fn get_mut(&mut self) -> &mut T {}
    }
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
    impl<T: ?Sized> MutexGuard<T> {
        #[effect(maps_guard(0))]
        pub fn map<U: ?Sized, F: FnOnce(&mut T) -> &mut U>(this: Self, f: F) -> MappedMutexGuard<U> {}
    }
    #[effect(guard(exclusive))]
    pub struct MutexGuard<T: ?Sized>(T);
    impl<T: ?Sized> Deref for MutexGuard<T> {
        type Target = T;
    }
    impl<T: ?Sized> DerefMut for MutexGuard<T> {}
}

pub mod channel {
    pub mod mpsc {
        #[effect(channel(bounded))]
        pub fn channel<T>(buffer: usize) -> (Sender<T>, Receiver<T>) {}
        #[effect(channel)]
        pub fn unbounded<T>() -> (UnboundedSender<T>, UnboundedReceiver<T>) {}
        #[effect(sender, is_async)]
        pub struct Sender<T>(T);
        impl<T> Sender<T> {
            #[effect(sends(try), puts(0))]
            pub fn try_send(&mut self, msg: T) -> Result<(), TrySendError<T>> {}
            pub fn is_closed(&self) -> bool {}
            pub fn close_channel(&self) {}
        }
        impl<T> crate::sink::SinkExt<T> for Sender<T> {}
        impl<T> Clone for Sender<T> {
            #[effect(aliases)]
            fn clone(&self) -> Self {}
        }
        #[effect(sender, is_async)]
        pub struct UnboundedSender<T>(T);
        impl<T> UnboundedSender<T> {
            #[effect(sends(try), puts(0))]
            pub fn unbounded_send(&self, msg: T) -> Result<(), TrySendError<T>> {}
            pub fn is_closed(&self) -> bool {}
            pub fn close_channel(&self) {}
        }
        impl<T> crate::sink::SinkExt<T> for UnboundedSender<T> {}
        impl<T> Clone for UnboundedSender<T> {
            #[effect(aliases)]
            fn clone(&self) -> Self {}
        }
        #[effect(receiver, is_async)]
        pub struct Receiver<T>(T);
        impl<T> Receiver<T> {
            pub fn close(&mut self) {}
            #[effect(receives(try))]
            pub fn try_next(&mut self) -> Result<Option<T>, TryRecvError> {}
        }
        impl<T> crate::stream::Stream for Receiver<T> {
            type Item = T;
        }
        impl<T> crate::stream::StreamExt for Receiver<T> {
            #[effect(receives(blocking))]
            async fn next(&mut self) -> Option<T> {}
        }
        #[effect(receiver, is_async)]
        pub struct UnboundedReceiver<T>(T);
        impl<T> UnboundedReceiver<T> {
            pub fn close(&mut self) {}
            #[effect(receives(try))]
            pub fn try_next(&mut self) -> Result<Option<T>, TryRecvError> {}
        }
        impl<T> crate::stream::Stream for UnboundedReceiver<T> {
            type Item = T;
        }
        impl<T> crate::stream::StreamExt for UnboundedReceiver<T> {
            #[effect(receives(blocking))]
            async fn next(&mut self) -> Option<T> {}
        }
        pub struct SendError;
        impl SendError {
            pub fn is_full(&self) -> bool {}
            pub fn is_disconnected(&self) -> bool {}
        }
        pub struct TrySendError<T>(T);
        impl<T> TrySendError<T> {
            pub fn is_full(&self) -> bool {}
            pub fn is_disconnected(&self) -> bool {}
            pub fn into_inner(self) -> T {}
            pub fn into_send_error(self) -> SendError {}
        }
        pub struct TryRecvError;
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
            pub fn is_canceled(&self) -> bool {}
        }
        #[effect(receiver, is_async)]
        pub struct Receiver<T>(T);
        impl<T> Receiver<T> {
            #[effect(receives(try))]
            pub fn try_recv(&mut self) -> Result<Option<T>, Canceled> {}
            pub fn close(&mut self) {}
        }
        impl<T> Future for Receiver<T> {
            type Output = Result<T, Canceled>;
            #[effect(receives(blocking))]
            fn poll(
                self: std::pin::Pin<&mut Self>,
                cx: &mut std::task::Context,
            ) -> std::task::Poll<Result<T, Canceled>> {
            }
        }
        pub struct Canceled;
    }
}
