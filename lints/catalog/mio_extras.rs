//! mio-extras: channels and timers for a `Poll`.

pub mod channel {
    pub use std::sync::mpsc::{RecvError, TryRecvError};

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
    }
    impl<T> Clone for SyncSender<T> {
        #[effect(aliases)]
        fn clone(&self) -> Self {}
    }
    #[effect(receiver)]
    pub struct Receiver<T>(T);
    impl<T> Receiver<T> {
        #[effect(receives(try))]
        pub fn try_recv(&self) -> Result<T, TryRecvError> {}
    }
    pub enum SendError<T> {
        Io(std::io::Error),
        Disconnected(T),
    }
    pub enum TrySendError<T> {
        Io(std::io::Error),
        Full(T),
        Disconnected(T),
    }
}
pub mod timer {
    // Sends what was set when its time is over; it has a thread of its own.
    pub struct Timer<T>(T);
    impl<T> Timer<T> {
        pub fn set_timeout(&mut self, delay_from_now: std::time::Duration, state: T) -> Timeout {}
        pub fn cancel_timeout(&mut self, timeout: &Timeout) -> Option<T> {}
        pub fn poll(&mut self) -> Option<T> {}
    }
    impl<T> Default for Timer<T> {
        fn default() -> Timer<T> {}
    }
    pub struct Timeout;
}
