//! CYCLE: ownership.

mod describe;
pub(crate) mod leaked_stop_guards;
pub(crate) mod possible_reference_cycles;
pub(crate) mod self_joins_in_drop;
pub(crate) mod self_keepalive_threads;
pub(crate) mod strong_callback_cycles;
pub(crate) mod strong_reference_cycles;
