//! LOCK: locks across `?` and panics.

mod describe;
pub(crate) mod guards_across_early_exit;
pub(crate) mod immediately_dropped_guards;
pub(crate) mod poison_cascades;
pub(crate) mod skipped_unlocks;
pub(crate) mod torn_updates;
