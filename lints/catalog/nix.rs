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

pub mod sys {
    pub mod wait {
        use crate::Result;

        pub struct WaitStatus;
        #[effect(blocks(child))]
        pub fn wait() -> Result<WaitStatus> {}
        #[effect(blocks(child))]
        pub fn waitpid<P>(pid: P, options: Option<WaitPidFlag>) -> Result<WaitStatus> {}
        pub struct WaitPidFlag;
    }
    pub mod signal {
        use crate::unistd::Pid;
        use crate::Result;

        #[effect(wakes)]
        pub fn kill<T>(pid: Pid, signal: T) -> Result<()> {}
    }
}
