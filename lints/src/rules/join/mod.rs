//! JOIN: thread handles.

mod describe;
pub(crate) mod detached_threads;
pub(crate) mod dropped_join_handles;
mod edits;
pub(crate) mod join_skipped_on_early_exit;
pub(crate) mod shutdown_without_join;
pub(crate) mod unjoined_handle_fields;
