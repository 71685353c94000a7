//! nix: flock and the waits.

pub type Result<T> = std::result::Result<T, errno::Errno>;

pub mod errno {
    pub struct Errno;
}

pub mod fcntl {
    use crate::Result;
    use std::ops::{Deref, DerefMut};
    use std::os::fd::RawFd;

    // Variants, written as constants so that each can carry its word.
    pub struct FlockArg;
    impl FlockArg {
        #[effect(lock_op(shared))]
        pub const LockShared: FlockArg = FlockArg;
        #[effect(lock_op(exclusive))]
        pub const LockExclusive: FlockArg = FlockArg;
        #[effect(lock_op(release))]
        pub const Unlock: FlockArg = FlockArg;
        #[effect(lock_op(shared), lock_op(try))]
        pub const LockSharedNonblock: FlockArg = FlockArg;
        #[effect(lock_op(exclusive), lock_op(try))]
        pub const LockExclusiveNonblock: FlockArg = FlockArg;
        #[effect(lock_op(release))]
        pub const UnlockNonblock: FlockArg = FlockArg;
    }
    #[effect(lock_by_op(0, 1))]
    pub fn flock(fd: RawFd, arg: FlockArg) -> Result<()> {}

    // Unlocks when dropped.
    #[effect(guard(exclusive))]
    pub struct Flock<T>(T);
    impl<T> Flock<T> {
        #[effect(lock_by_op(0, 1))]
        pub fn lock(t: T, args: FlockArg) -> std::result::Result<Flock<T>, (T, crate::errno::Errno)> {}
        pub fn unlock(self) -> std::result::Result<T, (Flock<T>, crate::errno::Errno)> {}
    }
    impl<T> Deref for Flock<T> {
        type Target = T;
    }
    impl<T> DerefMut for Flock<T> {}
}

pub mod unistd {
    use crate::Result;
    use std::os::fd::RawFd;

    pub struct Pid;
    impl Pid {
        pub fn from_raw(pid: i32) -> Pid {}
        pub fn this() -> Pid {}
        pub fn as_raw(self) -> i32 {}
    }
    #[effect(blocks(io))]
    pub fn read<F>(fd: F, buf: &mut [u8]) -> Result<usize> {}
    #[effect(blocks(io))]
    pub fn write<F>(fd: F, buf: &[u8]) -> Result<usize> {}
    pub fn close(fd: RawFd) -> Result<()> {}
    #[effect(blocks(park))]
    pub fn pause() {}
    #[effect(blocks(sleep), timed)]
    pub fn sleep(seconds: u32) -> u32 {}
}

pub mod poll {
    use crate::Result;

    pub struct PollFd;
    impl PollFd {
        pub fn new<F>(fd: F, events: PollFlags) -> PollFd {}
        pub fn revents(&self) -> Option<PollFlags> {}
    }
    pub struct PollFlags;
    // Waits for ever where the time-out is none or negative.
    #[effect(blocks(poll), timed_by(1))]
    pub fn poll<T>(fds: &mut [PollFd], timeout: T) -> Result<i32> {}
    #[effect(blocks(poll), timed_by(1))]
    pub fn ppoll<T, S>(fds: &mut [PollFd], timeout: Option<T>, sigmask: Option<S>) -> Result<i32> {}
}

pub mod sys {
    pub mod epoll {
        use crate::Result;

        pub struct Epoll;
        impl Epoll {
            pub fn new(flags: EpollCreateFlags) -> Result<Epoll> {}
            pub fn add<F>(&self, fd: F, event: EpollEvent) -> Result<()> {}
            pub fn delete<F>(&self, fd: F) -> Result<()> {}
            #[effect(blocks(poll), timed_by(1))]
            pub fn wait<T>(&self, events: &mut [EpollEvent], timeout: T) -> Result<usize> {}
        }
        pub struct EpollEvent;
        pub struct EpollCreateFlags;
        #[effect(blocks(poll), timed_by(2))]
        pub fn epoll_wait(epfd: i32, events: &mut [EpollEvent], timeout_ms: isize) -> Result<usize> {}
    }
    pub mod select {
        use crate::Result;

        pub struct FdSet;
        #[effect(blocks(poll), timed_by(4))]
        pub fn select<N, R, W, E, T>(nfds: N, readfds: R, writefds: W, errorfds: E, timeout: T) -> Result<i32> {}
        #[effect(blocks(poll), timed_by(4))]
        pub fn pselect<N, R, W, E, T, S>(
            nfds: N,
            readfds: R,
            writefds: W,
            errorfds: E,
            timeout: T,
            sigmask: S,
        ) -> Result<i32> {
        }
    }
    pub mod socket {
        use crate::Result;

        #[effect(blocks(accept))]
        pub fn accept(sockfd: i32) -> Result<i32> {}
        #[effect(blocks(accept))]
        pub fn accept4<F>(sockfd: i32, flags: F) -> Result<i32> {}
        #[effect(blocks(net), connects)]
        pub fn connect<A: ?Sized>(fd: i32, addr: &A) -> Result<()> {}
        #[effect(blocks(net))]
        pub fn recv<F>(sockfd: i32, buf: &mut [u8], flags: F) -> Result<usize> {}
        #[effect(blocks(net))]
        pub fn send<F>(fd: i32, buf: &[u8], flags: F) -> Result<usize> {}
        #[effect(wakes)]
        pub fn shutdown(df: i32, how: Shutdown) -> Result<()> {}
        pub enum Shutdown {
            Read,
            Write,
            Both,
        }
    }
    pub mod signalfd {
        use crate::Result;

        pub struct SignalFd;
        impl SignalFd {
            #[effect(blocks(park))]
            pub fn read_signal(&self) -> Result<Option<siginfo>> {}
        }
        pub struct siginfo;
    }
    pub mod pthread {
        pub fn pthread_self() -> u64 {}
        #[effect(wakes)]
        pub fn pthread_kill<T>(thread: u64, signal: T) -> crate::Result<()> {}
    }
    pub mod wait {
        use crate::Result;

        pub struct WaitStatus;
        #[effect(blocks(child))]
        pub fn wait() -> Result<WaitStatus> {}
        #[effect(blocks(child), timed_by(1))]
        pub fn waitpid<P>(pid: P, options: Option<WaitPidFlag>) -> Result<WaitStatus> {}
        pub struct WaitPidFlag;
    }
    pub mod signal {
        use crate::unistd::Pid;
        use crate::Result;

        #[effect(wakes)]
        pub fn kill<T>(pid: Pid, signal: T) -> Result<()> {}
        pub struct SigSet;
        impl SigSet {
            pub fn empty() -> SigSet {}
            pub fn all() -> SigSet {}
            #[effect(blocks(park))]
            pub fn wait(&self) -> Result<Signal> {}
        }
        pub struct Signal;
    }
}
