//! DEADLOCK: locks that are taken twice, in two orders, or held where the thread stands still.

pub(crate) mod callbacks_under_lock;
mod describe;
pub(crate) mod double_locks;
mod edits;
pub(crate) mod guards_in_scrutinee;
pub(crate) mod inconsistent_lock_order;
pub(crate) mod live_senders_at_join;
pub(crate) mod locks_across_await;
pub(crate) mod locks_across_blocking;
pub(crate) mod locks_across_io;
pub(crate) mod locks_across_join;
pub(crate) mod recursive_read_locks;
pub(crate) mod unlooped_condvar_waits;
pub(crate) mod unsynchronized_notifies;
pub(crate) mod waits_holding_other_locks;
