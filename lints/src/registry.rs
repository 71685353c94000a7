//! The explicit, ordered list of lints.

use crate::lint::Lint;
use crate::rules::{cycle, deadlock, join, lock, meta, pool, stop};

/// Hands every lint to a macro, as `family::file::LINT`: the one place where a lint is added.
macro_rules! registered {
    ($with:ident) => {
        $with! {
            join::dropped_join_handles::DROPPED_JOIN_HANDLES
            join::unjoined_handle_fields::UNJOINED_HANDLE_FIELDS
            join::shutdown_without_join::SHUTDOWN_WITHOUT_JOIN
            join::join_skipped_on_early_exit::JOIN_SKIPPED_ON_EARLY_EXIT
            join::detached_threads::DETACHED_THREADS
            stop::unstoppable_thread_loops::UNSTOPPABLE_THREAD_LOOPS
            stop::never_set_stop_flags::NEVER_SET_STOP_FLAGS
            stop::ignored_disconnects::IGNORED_DISCONNECTS
            stop::blocked_past_stop::BLOCKED_PAST_STOP
            lock::skipped_unlocks::SKIPPED_UNLOCKS
            lock::torn_updates::TORN_UPDATES
            lock::poison_cascades::POISON_CASCADES
            lock::guards_across_early_exit::GUARDS_ACROSS_EARLY_EXIT
            lock::immediately_dropped_guards::IMMEDIATELY_DROPPED_GUARDS
            cycle::strong_reference_cycles::STRONG_REFERENCE_CYCLES
            cycle::possible_reference_cycles::POSSIBLE_REFERENCE_CYCLES
            cycle::strong_callback_cycles::STRONG_CALLBACK_CYCLES
            cycle::self_joins_in_drop::SELF_JOINS_IN_DROP
            cycle::self_keepalive_threads::SELF_KEEPALIVE_THREADS
            cycle::leaked_stop_guards::LEAKED_STOP_GUARDS
            deadlock::double_locks::DOUBLE_LOCKS
            deadlock::recursive_read_locks::RECURSIVE_READ_LOCKS
            deadlock::inconsistent_lock_order::INCONSISTENT_LOCK_ORDER
            deadlock::locks_across_join::LOCKS_ACROSS_JOIN
            deadlock::callbacks_under_lock::CALLBACKS_UNDER_LOCK
            deadlock::locks_across_blocking::LOCKS_ACROSS_BLOCKING
            deadlock::locks_across_io::LOCKS_ACROSS_IO
            deadlock::locks_across_await::LOCKS_ACROSS_AWAIT
            deadlock::guards_in_scrutinee::GUARDS_IN_SCRUTINEE
            deadlock::live_senders_at_join::LIVE_SENDERS_AT_JOIN
            deadlock::unlooped_condvar_waits::UNLOOPED_CONDVAR_WAITS
            deadlock::waits_holding_other_locks::WAITS_HOLDING_OTHER_LOCKS
            deadlock::unsynchronized_notifies::UNSYNCHRONIZED_NOTIFIES
            pool::busy_wait_loops::BUSY_WAIT_LOOPS
            pool::unbounded_thread_spawns::UNBOUNDED_THREAD_SPAWNS
            pool::swallowed_thread_panics::SWALLOWED_THREAD_PANICS
            pool::serial_joins::SERIAL_JOINS
            pool::unpolled_thread_futures::UNPOLLED_THREAD_FUTURES
            meta::unknown_lint_names::UNKNOWN_LINT_NAMES
            meta::unused_suppressions::UNUSED_SUPPRESSIONS
        }
    };
}
pub(crate) use registered;

macro_rules! list {
    ($($family:ident::$file:ident::$lint:ident)*) => {
        static LINTS: &[&Lint] = &[$(&$family::$file::$lint),*];
    };
}
registered!(list);

/// Lints that may speak of one site, the most specific first.
static PRECEDENCE: &[&[&str]] = &[
    &["shutdown_without_join", "unpolled_thread_futures", "dropped_join_handles", "unjoined_handle_fields"],
    &["ignored_disconnects", "unstoppable_thread_loops", "busy_wait_loops"],
    &["self_joins_in_drop", "self_keepalive_threads"],
    &["waits_holding_other_locks", "locks_across_blocking"],
    &["unlooped_condvar_waits", "unsynchronized_notifies"],
    &["double_locks", "recursive_read_locks", "guards_in_scrutinee"],
    &["torn_updates", "poison_cascades", "guards_across_early_exit"],
    &["strong_reference_cycles", "possible_reference_cycles"],
];

/// Every lint, in the order of the documentation.
pub fn lints() -> &'static [&'static Lint] {
    LINTS
}

/// The lint of that name.
pub fn find(name: &str) -> Option<&'static Lint> {
    LINTS.iter().copied().find(|lint| lint.name == name)
}

/// The chain of lints that a lint belongs to and its place in it, 0 for the most specific.
pub(crate) fn precedence(name: &str) -> Option<(usize, usize)> {
    PRECEDENCE
        .iter()
        .enumerate()
        .find_map(|(chain, names)| names.iter().position(|own| *own == name).map(|rank| (chain, rank)))
}
