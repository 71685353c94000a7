//! DEADLOCK: locks that are taken twice, in two orders, or held where the thread stands still.

mod describe;
pub(crate) mod double_locks;
pub(crate) mod recursive_read_locks;
