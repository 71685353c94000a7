//! POOL: how many threads, and how they wait.

pub(crate) mod busy_wait_loops;
mod describe;
pub(crate) mod serial_joins;
pub(crate) mod swallowed_thread_panics;
pub(crate) mod unbounded_thread_spawns;
pub(crate) mod unpolled_thread_futures;
