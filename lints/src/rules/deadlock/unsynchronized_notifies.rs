//! `unsynchronized_notifies`

use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{Context, UnsynchronizedNotify};
use crate::lint::Sink;

declare_lint! {
    /// ### What it does
    /// Finds a notify of a condition variable in a function that does not hold the waiters' lock, and has not taken it before.
    ///
    /// ### Why is this bad
    /// A waiter looks at the condition under its lock and then waits. Whoever notifies without having taken that lock may do
    /// so between the look and the wait: nobody is there to be woken, and the waiter sleeps on. A notify before the change is
    /// as bad: the waiter looks, finds nothing, and waits again.
    ///
    /// ### Example
    /// ```rust
    /// use std::sync::{Condvar, Mutex};
    ///
    /// struct Gate {
    ///     open: Mutex<bool>,
    ///     changed: Condvar,
    /// }
    ///
    /// impl Gate {
    ///     fn open(&self) {
    ///         self.changed.notify_all(); // too early
    ///         *self.open.lock().unwrap() = true;
    ///     }
    ///
    ///     fn pass(&self) {
    ///         let open = self.open.lock().unwrap();
    ///         drop(self.changed.wait_while(open, |open| !*open).unwrap());
    ///     }
    /// }
    /// ```
    ///
    /// ### Use instead
    /// ```rust
    /// use std::sync::{Condvar, Mutex};
    ///
    /// struct Gate {
    ///     open: Mutex<bool>,
    ///     changed: Condvar,
    /// }
    ///
    /// impl Gate {
    ///     fn open(&self) {
    ///         *self.open.lock().unwrap() = true;
    ///         self.changed.notify_all();
    ///     }
    ///
    ///     fn pass(&self) {
    ///         let open = self.open.lock().unwrap();
    ///         drop(self.changed.wait_while(open, |open| !*open).unwrap());
    ///     }
    /// }
    /// ```
    ///
    /// ### Known limits
    /// The lock may be taken in a caller that cannot be seen: a function that some caller in the workspace calls with the lock
    /// held, or after it, is left alone, and so is a notify that is sent again and again. Condition variables whose waits
    /// all have a time-out are not looked at.
    pub static UNSYNCHRONIZED_NOTIFIES = {
        name: "unsynchronized_notifies", family: Deadlock, level: Allow, nursery: true, applicability: HelpOnly,
        check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for notify in cx.unsynchronized_notifies() {
        report(cx, &notify, sink);
    }
}

fn report(cx: &Context<'_>, found: &UnsynchronizedNotify<'_>, sink: &mut Sink) {
    let analysis = cx.analysis(found.notify.body);
    let waiter = cx.analysis(found.wait.body);
    let lock = cx.shared_text(found.lock);
    let (message, label) = match found.taken_after {
        Some(_) => {
            (format!("this notify comes before `{lock}` is locked"), "the waiters look before anything has changed")
        }
        None => (format!("this notify is sent without `{lock}`"), "a waiter may have looked, and not wait yet"),
    };
    let mut diagnostic =
        Diagnostic::new(&UNSYNCHRONIZED_NOTIFIES, analysis.call_loc(found.notify.call), message, label);
    if let Some(taken) = found.taken_after {
        diagnostic = diagnostic.label(analysis.call_loc(taken), "what they look at changes only after this");
    }
    if let Some(guard) = cx.guard_of_wait(found.wait) {
        diagnostic = diagnostic.label(cx.guard_loc(guard), "a waiter takes the lock here");
    }
    sink.emit(
        diagnostic
            .label(waiter.call_loc(found.wait.call), "and waits here")
            .note("a notify that comes between a waiter's look and its wait wakes nobody")
            .help("change what the waiters look at under their lock, and notify after that", String::new()),
    );
}
