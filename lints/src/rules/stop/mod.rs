//! STOP: stop signals.

pub(crate) mod blocked_past_stop;
mod edits;
pub(crate) mod ignored_disconnects;
pub(crate) mod never_set_stop_flags;
pub(crate) mod unstoppable_thread_loops;
