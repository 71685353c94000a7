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
        #[effect(spawns(0, task))]
        pub fn local<F: Future<Output = T>, T>(self, future: F) -> std::io::Result<JoinHandle<T>> {}
        #[effect(runs_async(0))]
        pub fn blocking<F: Future<Output = T>, T>(self, future: F) -> T {}
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
    impl WaitTimeoutResult {
        pub fn timed_out(&self) -> bool {}
    }
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

pub mod net {
    use std::io;
    use std::net::SocketAddr;

    #[effect(own_address)]
    pub struct TcpListener;
    impl TcpListener {
        pub async fn bind<A>(addrs: A) -> io::Result<TcpListener> {}
        #[effect(blocks(accept))]
        pub async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {}
        #[effect(endless)]
        pub fn incoming(&self) -> Incoming {}
        pub fn local_addr(&self) -> io::Result<SocketAddr> {}
    }
    #[effect(endless)]
    pub struct Incoming;
    impl ::futures::stream::Stream for Incoming {
        type Item = io::Result<TcpStream>;
    }
    impl ::futures::stream::StreamExt for Incoming {
        #[effect(blocks(accept))]
        async fn next(&mut self) -> Option<io::Result<TcpStream>> {}
    }
    pub struct TcpStream;
    impl TcpStream {
        #[effect(blocks(net), connects)]
        pub async fn connect<A>(addrs: A) -> io::Result<TcpStream> {}
        pub fn peer_addr(&self) -> io::Result<SocketAddr> {}
        #[effect(wakes)]
        pub fn shutdown(&self, how: std::net::Shutdown) -> io::Result<()> {}
    }
    impl Clone for TcpStream {
        #[effect(aliases)]
        fn clone(&self) -> Self {}
    }
    #[effect(own_address)]
    pub struct UdpSocket;
    impl UdpSocket {
        pub async fn bind<A>(addrs: A) -> io::Result<UdpSocket> {}
        #[effect(blocks(net))]
        pub async fn recv_from(&self, buf: &mut [u8]) -> io::Result<(usize, SocketAddr)> {}
        #[effect(blocks(net))]
        pub async fn send_to<A>(&self, buf: &[u8], addrs: A) -> io::Result<usize> {}
    }
}

pub mod stream {
    pub use ::futures::stream::{Stream, StreamExt};
}

pub mod prelude {
    pub use ::futures::future::FutureExt;
    pub use ::futures::stream::{Stream, StreamExt};
    pub use std::future::Future;
}
