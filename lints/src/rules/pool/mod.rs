//! POOL: how many threads, and how they wait.

pub(crate) mod busy_wait_loops;
