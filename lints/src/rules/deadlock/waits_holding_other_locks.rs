//! `waits_holding_other_locks`

use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{Context, NestedWait};
use crate::lint::Sink;

declare_lint! {
    /// ### What it does
    /// Finds a wait on a condition variable while a second lock is held that the notifiers have to take before they notify.
    ///
    /// ### Why is this bad
    /// A wait gives back its own lock, and no other. Whoever would end the wait first waits for the second lock, which is
    /// held by the one who waits: neither ever goes on.
    ///
    /// ### Example
    /// ```rust,no_run
    /// use std::sync::{Condvar, Mutex};
    ///
    /// struct Pool {
    ///     out: Mutex<usize>,
    ///     idle: Mutex<Vec<u32>>,
    ///     returned: Condvar,
    /// }
    ///
    /// impl Pool {
    ///     fn take(&self) -> u32 {
    ///         let mut out = self.out.lock().unwrap(); // held while it waits
    ///         let idle = self.idle.lock().unwrap();
    ///         let mut idle = self.returned.wait_while(idle, |idle| idle.is_empty()).unwrap();
    ///         *out += 1;
    ///         idle.pop().unwrap()
    ///     }
    ///
    ///     fn give_back(&self, item: u32) {
    ///         *self.out.lock().unwrap() -= 1; // waits for `take`
    ///         self.idle.lock().unwrap().push(item);
    ///         self.returned.notify_one();
    ///     }
    /// }
    /// ```
    ///
    /// ### Use instead
    /// Take the second lock when the wait is over, or keep both values behind one lock.
    /// ```rust
    /// use std::sync::{Condvar, Mutex};
    ///
    /// struct Pool {
    ///     out: Mutex<usize>,
    ///     idle: Mutex<Vec<u32>>,
    ///     returned: Condvar,
    /// }
    ///
    /// impl Pool {
    ///     fn take(&self) -> u32 {
    ///         let idle = self.idle.lock().unwrap();
    ///         let mut idle = self.returned.wait_while(idle, |idle| idle.is_empty()).unwrap();
    ///         let item = idle.pop().unwrap();
    ///         drop(idle);
    ///         *self.out.lock().unwrap() += 1;
    ///         item
    ///     }
    /// }
    /// ```
    ///
    /// ### Known limits
    /// Both locks and the condition variable must be reached through one object on each side: those of two objects of a type
    /// are not told apart. All notifies must need the lock: where one does not, it may be the one that counts. Waits with a
    /// time-out come back, and are left alone. Callers are followed two up.
    pub static WAITS_HOLDING_OTHER_LOCKS = {
        name: "waits_holding_other_locks", family: Deadlock, level: Warn, applicability: HelpOnly, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for nested in cx.nested_waits() {
        report(cx, &nested, sink);
    }
}

fn report(cx: &Context<'_>, nested: &NestedWait<'_>, sink: &mut Sink) {
    let analysis = cx.analysis(nested.wait.body);
    let held = cx.lock_text(nested.held);
    let condvar = nested.wait.condvar.map_or_else(String::new, |condvar| cx.shared_text(condvar));
    let own = nested.wait.lock.map_or_else(String::new, |lock| cx.shared_text(lock));
    let notifier = cx.analysis(nested.notify.body);
    let mut diagnostic = Diagnostic::new(
        &WAITS_HOLDING_OTHER_LOCKS,
        analysis.call_loc(nested.wait.call),
        format!("this wait on `{condvar}` keeps `{held}`, which its notifiers need"),
        format!("waits here, and gives back `{own}` only"),
    )
    .label(cx.guard_loc(nested.held), format!("`{held}` is locked here"));
    for call in &nested.calls {
        diagnostic = diagnostic.label(*call, "and still is in this call");
    }
    let name = cx.program.path_text(notifier.body.owner);
    sink.emit(
        diagnostic
            .label(cx.guard_loc(nested.needed), format!("`{name}` waits for `{held}` here"))
            .label(notifier.call_loc(nested.notify.call), "before it can notify here")
            .note(format!(
                "the notify needs `{held}`, and `{held}` is given back after the notify: neither thread goes on"
            ))
            .help(format!("take `{held}` after the wait, or keep both values behind one lock"), String::new()),
    );
}
