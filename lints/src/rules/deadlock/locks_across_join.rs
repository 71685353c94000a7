//! `locks_across_join`

use super::describe::{self, Keeper};
use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{Context, Entry, HeldJoin};
use crate::lint::{Level, Sink};

declare_lint! {
    /// ### What it does
    /// Finds guards that live while a thread is waited for which takes the same lock: over `join`, over the end of a scope, and
    /// over an assignment or `drop` of a value whose `Drop` joins.
    ///
    /// ### Why is this bad
    /// The thread waits for the lock, and the holder of the lock waits for the thread. Neither ever goes on.
    ///
    /// ### Example
    /// ```rust,no_run
    /// use std::sync::{Arc, Mutex};
    /// use std::thread;
    ///
    /// let sum = Arc::new(Mutex::new(0));
    /// let shared = Arc::clone(&sum);
    /// let worker = thread::spawn(move || *shared.lock().unwrap() += 1);
    /// let total = sum.lock().unwrap();
    /// worker.join().unwrap(); // the worker waits for `sum`
    /// println!("{total}");
    /// ```
    ///
    /// ### Use instead
    /// Wait for the thread first.
    /// ```rust
    /// use std::sync::{Arc, Mutex};
    /// use std::thread;
    ///
    /// let sum = Arc::new(Mutex::new(0));
    /// let shared = Arc::clone(&sum);
    /// let worker = thread::spawn(move || *shared.lock().unwrap() += 1);
    /// worker.join().unwrap();
    /// println!("{}", sum.lock().unwrap());
    /// ```
    ///
    /// ### Known limits
    /// The thread's start has to be known, and the lock has to be found in what it runs, through calls as deep as the settings
    /// say. A field stands for that field in every instance of its type.
    pub static LOCKS_ACROSS_JOIN = {
        name: "locks_across_join", family: Deadlock, level: Warn, applicability: HelpOnly, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for join in cx.held_joins() {
        report(cx, &join, sink);
    }
}

fn report(cx: &Context<'_>, join: &HeldJoin<'_>, sink: &mut Sink) {
    let held = join.held;
    let lock = describe::held_lock(cx, held, join.guard);
    let (headline, label) = match describe::called(cx, held) {
        Some(callee) => (
            format!("`{callee}` waits for a thread that needs `{lock}`, which its caller holds"),
            format!("`{callee}` runs under the guard"),
        ),
        None => (
            format!("this waits for a thread that needs `{lock}`, and `{lock}` is locked"),
            "waits for the thread to end, with the lock held".to_owned(),
        ),
    };
    let mut diagnostic = Diagnostic::new(&LOCKS_ACROSS_JOIN, describe::at(cx, held), headline, label);
    diagnostic = describe::taken(cx, held, join.guard, diagnostic);
    diagnostic = describe::chain(cx, held, diagnostic, "and waits here for the thread to end");
    let start = cx.analysis(join.spawn.body).call_loc(join.spawn.call);
    diagnostic = diagnostic.label(start, "the thread starts here");
    diagnostic = told(cx, join, diagnostic);
    diagnostic = diagnostic.step(cx.guard_loc(join.second), format!("and takes `{lock}` here"));
    if join.is_visible {
        diagnostic.level = Level::Deny;
    }
    let help = match describe::keeper(cx, held, join.guard) {
        Keeper::Local(name) => format!("end `{name}` before the thread is waited for"),
        _ => "take the handle out of the lock in a statement of its own, and wait without the guard".to_owned(),
    };
    sink.emit(
        diagnostic.note("the thread waits for the lock, and the holder of the lock for the thread").help(help, ""),
    );
}

/// The calls by which the thread gets to the lock.
fn told(cx: &Context<'_>, join: &HeldJoin<'_>, diagnostic: Diagnostic) -> Diagnostic {
    match (join.spawn.entry, join.taken.chain.split_first()) {
        // A closure of the thread's goes by no name.
        (Entry::Closure(body, _), Some((first, rest))) if first.body == body => {
            let text = format!("the thread {}", describe::calls_text(cx, first));
            describe::calls(cx, rest, diagnostic.step(describe::step_loc(cx, first), text))
        }
        _ => describe::calls(cx, &join.taken.chain, diagnostic),
    }
}
