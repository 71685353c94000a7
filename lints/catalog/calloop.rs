//! calloop: an event loop of one thread; only `dispatch` and `run` wait.

use std::time::Duration;

pub type Result<T> = std::result::Result<T, Error>;
pub struct Error;

pub struct EventLoop<Data>(Data);
impl<Data> EventLoop<Data> {
    pub fn try_new() -> Result<EventLoop<Data>> {}
    pub fn handle(&self) -> LoopHandle<Data> {}
    pub fn get_signal(&self) -> LoopSignal {}
    // `None` waits for ever.
    #[effect(blocks(poll), timed_by(0))]
    pub fn dispatch<D>(&mut self, timeout: D, data: &mut Data) -> Result<()> {}
    // Until its `LoopSignal` says so.
    #[effect(blocks(poll), runs(2))]
    pub fn run<F: FnMut(&mut Data), D>(&mut self, timeout: D, data: &mut Data, cb: F) -> Result<()> {}
}
#[effect(no_own)]
pub struct LoopHandle<Data>(Data);
impl<Data> LoopHandle<Data> {
    #[effect(stores(1))]
    pub fn insert_source<S, F>(
        &self,
        source: S,
        callback: F,
    ) -> std::result::Result<RegistrationToken, InsertError<S>> {
    }
    #[effect(stores(0))]
    pub fn insert_idle<F: FnOnce(&mut Data)>(&self, callback: F) -> Idle {}
    pub fn remove(&self, token: RegistrationToken) {}
    pub fn disable(&self, token: &RegistrationToken) -> Result<()> {}
    pub fn enable(&self, token: &RegistrationToken) -> Result<()> {}
}
impl<Data> Clone for LoopHandle<Data> {
    #[effect(aliases)]
    fn clone(&self) -> Self {}
}
pub struct RegistrationToken;
pub struct InsertError<T>(T);
pub struct Idle;
impl Idle {
    pub fn cancel(self) {}
}
pub struct LoopSignal;
impl LoopSignal {
    #[effect(wakes)]
    pub fn stop(&self) {}
    #[effect(wakes)]
    pub fn wakeup(&self) {}
}
impl Clone for LoopSignal {
    #[effect(aliases)]
    fn clone(&self) -> Self {}
}
pub mod channel {
    pub use std::sync::mpsc::{RecvError, SendError, TryRecvError, TrySendError};

    #[effect(channel)]
    pub fn channel<T>() -> (Sender<T>, Channel<T>) {}
    #[effect(channel(bounded))]
    pub fn sync_channel<T>(bound: usize) -> (SyncSender<T>, Channel<T>) {}
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
    }
    impl<T> Clone for SyncSender<T> {
        #[effect(aliases)]
        fn clone(&self) -> Self {}
    }
    // Put into an event loop, which calls for each message.
    #[effect(receiver)]
    pub struct Channel<T>(T);
    impl<T> Channel<T> {
        #[effect(receives(blocking))]
        pub fn recv(&self) -> Result<T, RecvError> {}
        #[effect(receives(try))]
        pub fn try_recv(&self) -> Result<T, TryRecvError> {}
    }
    pub enum Event<T> {
        Msg(T),
        Closed,
    }
}
pub mod ping {
    pub fn make_ping() -> std::io::Result<(Ping, PingSource)> {}
    pub struct Ping;
    impl Ping {
        #[effect(wakes)]
        pub fn ping(&self) {}
    }
    impl Clone for Ping {
        #[effect(aliases)]
        fn clone(&self) -> Self {}
    }
    pub struct PingSource;
}
