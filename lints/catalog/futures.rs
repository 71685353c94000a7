//! futures.

pub use self::sink::SinkExt;
pub use self::stream::{Stream, StreamExt};
pub use std::future::Future;

pub mod executor {
    use std::future::Future;

    #[effect(runs_async(0))]
    pub fn block_on<F: Future>(f: F) -> <F as Future>::Output {}

    pub struct LocalPool;
    impl LocalPool {
        pub fn new() -> LocalPool {}
        #[effect(blocks(poll))]
        pub fn run(&mut self) {}
        #[effect(runs_async(0))]
        pub fn run_until<F: Future>(&mut self, future: F) -> <F as Future>::Output {}
    }
    pub struct ThreadPool;
    impl ThreadPool {
        pub fn new() -> std::io::Result<ThreadPool> {}
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
        #[effect(acquires(exclusive, try))]
        pub fn try_lock(&self) -> Option<MutexGuard<T>> {}
        #[effect(aliases)]
        pub fn get_mut(&mut self) -> &mut T {}
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
        pub struct TrySendError<T>(T);
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
