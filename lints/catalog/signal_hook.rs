//! signal-hook.

pub mod consts {
    pub const SIGINT: i32 = 2;
    pub const SIGTERM: i32 = 15;
    pub const SIGHUP: i32 = 1;
    pub const SIGQUIT: i32 = 3;
    pub const SIGUSR1: i32 = 10;
    pub const SIGUSR2: i32 = 12;
    pub const TERM_SIGNALS: &[i32] = &[];
    pub use self as signal;
}

pub struct SigId;

pub mod flag {
    use crate::SigId;
    use std::io::Error;
    use std::sync::atomic::{AtomicBool, AtomicUsize};
    use std::sync::Arc;

    #[effect(signal_flag(1))]
    pub fn register(signal: i32, flag: Arc<AtomicBool>) -> Result<SigId, Error> {}
    #[effect(signal_flag(1))]
    pub fn register_usize(signal: i32, flag: Arc<AtomicUsize>, value: usize) -> Result<SigId, Error> {}
    // Ends the process when the flag is set.
    pub fn register_conditional_shutdown(signal: i32, status: i32, condition: Arc<AtomicBool>) -> Result<SigId, Error> {
    }
    pub fn register_conditional_default(signal: i32, condition: Arc<AtomicBool>) -> Result<SigId, Error> {}
}

pub mod iterator {
    use std::io::Error;

    pub use self::exfiltrator::SignalOnly;

    pub mod exfiltrator {
        pub struct SignalOnly;
        pub struct WithOrigin;
        pub struct WithRawSiginfo;
    }
    pub struct SignalsInfo<E = SignalOnly>(E);
    pub type Signals = SignalsInfo<SignalOnly>;
    impl<E> SignalsInfo<E> {
        pub fn new<I>(signals: I) -> Result<SignalsInfo<E>, Error> {}
        pub fn with_exfiltrator<I>(signals: I, exfiltrator: E) -> Result<SignalsInfo<E>, Error> {}
        pub fn add_signal(&self, signal: i32) -> Result<(), Error> {}
        pub fn handle(&self) -> Handle {}
        #[effect(blocks(park))]
        pub fn wait(&mut self) -> std::iter::Iter<i32> {}
        pub fn pending(&mut self) -> std::iter::Iter<i32> {}
        // Ends when its `Handle` is closed.
        #[effect(blocks(park), each_step)]
        pub fn forever(&mut self) -> Forever {}
        pub fn is_closed(&self) -> bool {}
    }
    pub struct Forever;
    impl Iterator for Forever {
        type Item = i32;
        #[effect(blocks(park))]
        fn next(&mut self) -> Option<i32> {}
    }
    impl<E> IntoIterator for &mut SignalsInfo<E> {
        type Item = i32;
        type IntoIter = Forever;
        #[effect(blocks(park), each_step)]
        fn into_iter(self) -> Forever {}
    }
    pub struct Handle;
    impl Handle {
        #[effect(wakes)]
        pub fn close(&self) {}
        pub fn is_closed(&self) -> bool {}
        pub fn add_signal(&self, signal: i32) -> Result<(), Error> {}
    }
    impl Clone for Handle {
        #[effect(aliases)]
        fn clone(&self) -> Self {}
    }
}

pub mod low_level {
    use crate::SigId;
    use std::io::Error;

    #[effect(stores(1))]
    pub unsafe fn register<F: Fn()>(signal: i32, action: F) -> Result<SigId, Error> {}
    pub fn unregister(id: SigId) -> bool {}
    #[effect(stores(1))]
    pub unsafe fn register_sigaction<F: Fn(&std::ffi::c_void)>(signal: i32, action: F) -> Result<SigId, Error> {}
    pub fn raise(sig: i32) -> Result<(), Error> {}
    pub fn emulate_default_handler(signal: i32) -> Result<(), Error> {}
    pub fn signal_name(signal: i32) -> Option<&str> {}
    // Writes to the pipe from the handler.
    pub mod pipe {
        use crate::SigId;
        use std::io::Error;

        pub fn register<P>(signal: i32, pipe: P) -> Result<SigId, Error> {}
    }
    pub fn exit(status: i32) -> ! {}
    pub fn abort() -> ! {}
}
