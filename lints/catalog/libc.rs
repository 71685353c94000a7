//! libc: locks, waits and threads of POSIX.

pub use std::ffi::{c_char, c_int, c_long, c_uint, c_void};

pub type pthread_t = u64;
pub type sem_t = u64;
pub type size_t = usize;
pub type ssize_t = isize;
pub struct timespec {
    pub tv_sec: i64,
    pub tv_nsec: i64,
}
pub struct pollfd {
    pub fd: c_int,
    pub events: i16,
    pub revents: i16,
}
pub struct pthread_attr_t;
pub struct pthread_mutexattr_t;
#[effect(raw_lock)]
pub struct pthread_mutex_t;
#[effect(raw_lock)]
pub struct pthread_rwlock_t;
#[effect(raw_lock)]
pub struct pthread_spinlock_t;
#[effect(condvar)]
pub struct pthread_cond_t;
#[effect(barrier)]
pub struct pthread_barrier_t;

#[effect(lock_op(shared))]
pub const LOCK_SH: c_int = 1;
#[effect(lock_op(exclusive))]
pub const LOCK_EX: c_int = 2;
#[effect(lock_op(try))]
pub const LOCK_NB: c_int = 4;
#[effect(lock_op(release))]
pub const LOCK_UN: c_int = 8;
#[effect(lock_op(release))]
pub const F_ULOCK: c_int = 0;
#[effect(lock_op(exclusive))]
pub const F_LOCK: c_int = 1;
#[effect(lock_op(exclusive), lock_op(try))]
pub const F_TLOCK: c_int = 2;

#[effect(acquires(exclusive, blocking, raw, arg0))]
pub unsafe fn pthread_mutex_lock(mutex: *mut pthread_mutex_t) -> c_int {}
#[effect(acquires(exclusive, try, raw, arg0))]
pub unsafe fn pthread_mutex_trylock(mutex: *mut pthread_mutex_t) -> c_int {}
#[effect(acquires(exclusive, timed, raw, arg0))]
pub unsafe fn pthread_mutex_timedlock(mutex: *mut pthread_mutex_t, abstime: *const timespec) -> c_int {}
#[effect(releases(exclusive, arg0))]
pub unsafe fn pthread_mutex_unlock(mutex: *mut pthread_mutex_t) -> c_int {}
pub unsafe fn pthread_mutex_init(mutex: *mut pthread_mutex_t, attr: *const pthread_mutexattr_t) -> c_int {}
pub unsafe fn pthread_mutex_destroy(mutex: *mut pthread_mutex_t) -> c_int {}
#[effect(acquires(shared, blocking, raw, arg0))]
pub unsafe fn pthread_rwlock_rdlock(lock: *mut pthread_rwlock_t) -> c_int {}
#[effect(acquires(shared, try, raw, arg0))]
pub unsafe fn pthread_rwlock_tryrdlock(lock: *mut pthread_rwlock_t) -> c_int {}
#[effect(acquires(exclusive, blocking, raw, arg0))]
pub unsafe fn pthread_rwlock_wrlock(lock: *mut pthread_rwlock_t) -> c_int {}
#[effect(acquires(exclusive, try, raw, arg0))]
pub unsafe fn pthread_rwlock_trywrlock(lock: *mut pthread_rwlock_t) -> c_int {}
#[effect(releases(any, arg0))]
pub unsafe fn pthread_rwlock_unlock(lock: *mut pthread_rwlock_t) -> c_int {}
#[effect(acquires(exclusive, blocking, raw, arg0))]
pub unsafe fn pthread_spin_lock(lock: *mut pthread_spinlock_t) -> c_int {}
#[effect(acquires(exclusive, try, raw, arg0))]
pub unsafe fn pthread_spin_trylock(lock: *mut pthread_spinlock_t) -> c_int {}
#[effect(releases(exclusive, arg0))]
pub unsafe fn pthread_spin_unlock(lock: *mut pthread_spinlock_t) -> c_int {}
#[effect(waits(blocking, arg0))]
pub unsafe fn pthread_cond_wait(cond: *mut pthread_cond_t, mutex: *mut pthread_mutex_t) -> c_int {}
#[effect(waits(timed, arg0))]
pub unsafe fn pthread_cond_timedwait(
    cond: *mut pthread_cond_t,
    mutex: *mut pthread_mutex_t,
    abstime: *const timespec,
) -> c_int {
}
#[effect(notifies(one, arg0))]
pub unsafe fn pthread_cond_signal(cond: *mut pthread_cond_t) -> c_int {}
#[effect(notifies(all, arg0))]
pub unsafe fn pthread_cond_broadcast(cond: *mut pthread_cond_t) -> c_int {}
#[effect(blocks(barrier), completes)]
pub unsafe fn pthread_barrier_wait(barrier: *mut pthread_barrier_t) -> c_int {}
#[effect(acquires(shared, blocking, raw, arg0))]
pub unsafe fn sem_wait(sem: *mut sem_t) -> c_int {}
#[effect(acquires(shared, try, raw, arg0))]
pub unsafe fn sem_trywait(sem: *mut sem_t) -> c_int {}
#[effect(acquires(shared, timed, raw, arg0))]
pub unsafe fn sem_timedwait(sem: *mut sem_t, abstime: *const timespec) -> c_int {}
#[effect(releases(shared, arg0))]
pub unsafe fn sem_post(sem: *mut sem_t) -> c_int {}
#[effect(lock_by_op(0, 1))]
pub unsafe fn flock(fd: c_int, operation: c_int) -> c_int {}
#[effect(lock_by_op(0, 1))]
pub unsafe fn lockf(fd: c_int, cmd: c_int, len: i64) -> c_int {}
#[effect(spawns(2))]
pub unsafe fn pthread_create(
    native: *mut pthread_t,
    attr: *const pthread_attr_t,
    f: extern "C" fn(*mut c_void) -> *mut c_void,
    value: *mut c_void,
) -> c_int {
}
#[effect(joins(0))]
pub unsafe fn pthread_join(native: pthread_t, value: *mut *mut c_void) -> c_int {}
#[effect(detaches(0))]
pub unsafe fn pthread_detach(thread: pthread_t) -> c_int {}
pub unsafe fn pthread_self() -> pthread_t {}
pub unsafe fn pthread_exit(value: *mut c_void) -> ! {}
#[effect(wakes)]
pub unsafe fn pthread_kill(thread: pthread_t, sig: c_int) -> c_int {}
#[effect(wakes)]
pub unsafe fn pthread_cancel(thread: pthread_t) -> c_int {}
pub unsafe fn pthread_cond_init(cond: *mut pthread_cond_t, attr: *const c_void) -> c_int {}
pub unsafe fn pthread_cond_destroy(cond: *mut pthread_cond_t) -> c_int {}
pub unsafe fn pthread_rwlock_init(lock: *mut pthread_rwlock_t, attr: *const c_void) -> c_int {}
pub unsafe fn pthread_rwlock_destroy(lock: *mut pthread_rwlock_t) -> c_int {}
pub unsafe fn pthread_barrier_init(barrier: *mut pthread_barrier_t, attr: *const c_void, count: c_uint) -> c_int {}
#[effect(yields)]
pub unsafe fn sched_yield() -> c_int {}
#[effect(blocks(sleep), timed)]
pub unsafe fn sleep(secs: c_uint) -> c_uint {}
#[effect(blocks(sleep), timed)]
pub unsafe fn usleep(usecs: c_uint) -> c_int {}
#[effect(blocks(sleep), timed)]
pub unsafe fn nanosleep(rqtp: *const timespec, rmtp: *mut timespec) -> c_int {}
#[effect(blocks(park))]
pub unsafe fn pause() -> c_int {}
#[effect(blocks(child), timed_by(2, flags))]
pub unsafe fn waitpid(pid: c_int, status: *mut c_int, options: c_int) -> c_int {}
#[effect(blocks(child))]
pub unsafe fn waitid(idtype: c_uint, id: c_uint, infop: *mut c_void, options: c_int) -> c_int {}
#[effect(blocks(child))]
pub unsafe fn wait(status: *mut c_int) -> c_int {}
#[effect(blocks(poll), timed_by(2))]
pub unsafe fn poll(fds: *mut pollfd, nfds: u64, timeout: c_int) -> c_int {}
#[effect(blocks(poll), timed_by(3))]
pub unsafe fn epoll_wait(epfd: c_int, events: *mut c_void, maxevents: c_int, timeout: c_int) -> c_int {}
#[effect(blocks(poll), timed_by(2))]
pub unsafe fn ppoll(
    fds: *mut pollfd,
    nfds: u64,
    timeout: *const timespec,
    sigmask: *const c_void,
) -> c_int {
}
#[effect(blocks(poll), timed_by(4))]
pub unsafe fn select(
    nfds: c_int,
    readfds: *mut c_void,
    writefds: *mut c_void,
    errorfds: *mut c_void,
    timeout: *mut c_void,
) -> c_int {
}
#[effect(blocks(poll), timed_by(5))]
pub unsafe fn kevent(
    kq: c_int,
    changelist: *const c_void,
    nchanges: c_int,
    eventlist: *mut c_void,
    nevents: c_int,
    timeout: *const timespec,
) -> c_int {
}
#[effect(blocks(park))]
pub unsafe fn sigwait(set: *const c_void, sig: *mut c_int) -> c_int {}
#[effect(blocks(park))]
pub unsafe fn sigwaitinfo(set: *const c_void, info: *mut c_void) -> c_int {}
#[effect(blocks(park))]
pub unsafe fn sigsuspend(mask: *const c_void) -> c_int {}
#[effect(blocks(accept))]
pub unsafe fn accept4(socket: c_int, address: *mut c_void, address_len: *mut u32, flags: c_int) -> c_int {}
#[effect(blocks(net))]
pub unsafe fn recvfrom(
    socket: c_int,
    buf: *mut c_void,
    len: size_t,
    flags: c_int,
    addr: *mut c_void,
    addrlen: *mut u32,
) -> ssize_t {
}
#[effect(blocks(net))]
pub unsafe fn recvmsg(socket: c_int, msg: *mut c_void, flags: c_int) -> ssize_t {}
#[effect(blocks(net))]
pub unsafe fn sendto(
    socket: c_int,
    buf: *const c_void,
    len: size_t,
    flags: c_int,
    addr: *const c_void,
    addrlen: u32,
) -> ssize_t {
}
#[effect(blocks(net))]
pub unsafe fn sendmsg(socket: c_int, msg: *const c_void, flags: c_int) -> ssize_t {}
#[effect(blocks(accept))]
pub unsafe fn accept(socket: c_int, address: *mut c_void, address_len: *mut u32) -> c_int {}
#[effect(blocks(net), connects)]
pub unsafe fn connect(socket: c_int, address: *const c_void, len: u32) -> c_int {}
#[effect(blocks(net))]
pub unsafe fn recv(socket: c_int, buf: *mut c_void, len: size_t, flags: c_int) -> ssize_t {}
#[effect(blocks(net))]
pub unsafe fn send(socket: c_int, buf: *const c_void, len: size_t, flags: c_int) -> ssize_t {}
#[effect(wakes)]
pub unsafe fn shutdown(socket: c_int, how: c_int) -> c_int {}
#[effect(blocks(io))]
pub unsafe fn read(fd: c_int, buf: *mut c_void, count: size_t) -> ssize_t {}
#[effect(blocks(io))]
pub unsafe fn write(fd: c_int, buf: *const c_void, count: size_t) -> ssize_t {}
#[effect(blocks(io))]
pub unsafe fn pread(fd: c_int, buf: *mut c_void, count: size_t, offset: i64) -> ssize_t {}
#[effect(blocks(io))]
pub unsafe fn pwrite(fd: c_int, buf: *const c_void, count: size_t, offset: i64) -> ssize_t {}
#[effect(blocks(io))]
pub unsafe fn fdatasync(fd: c_int) -> c_int {}
#[effect(blocks(io))]
pub unsafe fn fsync(fd: c_int) -> c_int {}
pub unsafe fn close(fd: c_int) -> c_int {}
#[effect(wakes)]
pub unsafe fn kill(pid: c_int, sig: c_int) -> c_int {}
pub unsafe fn exit(status: c_int) -> ! {}
pub unsafe fn _exit(status: c_int) -> ! {}
pub unsafe fn abort() -> ! {}
