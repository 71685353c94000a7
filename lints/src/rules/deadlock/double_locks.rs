//! `double_locks`

use super::describe::{self, Keeper};
use super::edits;
use crate::declare_lint;
use crate::diagnostic::{Applicability, Diagnostic};
use crate::facts::{Context, Mode, Relock, ShardRelock};
use crate::lint::{Level, Sink};

declare_lint! {
    /// ### What it does
    /// Finds a `Mutex` or `RwLock` that a thread locks while it holds it: in one function, or through functions that it
    /// calls under the guard. A guard lives longer than it looks where it is a temporary: in what a `match`, `if let`,
    /// `while let` or `for` looks at it lives to the end of the body, among the arguments of a call or of `println!` to the
    /// end of the statement.
    ///
    /// ### Why is this bad
    /// The second lock waits for the first guard, which the waiting thread itself would have to drop. It waits for ever, or
    /// panics. A write lock under a read guard of the same lock is the same.
    ///
    /// ### Example
    /// ```rust
    /// use std::collections::HashMap;
    /// use std::sync::Mutex;
    ///
    /// struct Cache {
    ///     entries: Mutex<HashMap<u32, String>>,
    /// }
    ///
    /// impl Cache {
    ///     fn get(&self, key: u32) -> String {
    ///         match self.entries.lock().unwrap().get(&key) {
    ///             Some(entry) => entry.clone(),
    ///             // the guard in the `match` is still alive
    ///             None => self.insert(key),
    ///         }
    ///     }
    ///
    ///     fn insert(&self, key: u32) -> String {
    ///         self.entries.lock().unwrap().entry(key).or_default().clone()
    ///     }
    /// }
    /// ```
    ///
    /// ### Use instead
    /// Take what is needed out of the lock in a statement of its own.
    /// ```rust
    /// use std::collections::HashMap;
    /// use std::sync::Mutex;
    ///
    /// struct Cache {
    ///     entries: Mutex<HashMap<u32, String>>,
    /// }
    ///
    /// impl Cache {
    ///     fn get(&self, key: u32) -> String {
    ///         let found = self.entries.lock().unwrap().get(&key).cloned();
    ///         match found {
    ///             Some(entry) => entry,
    ///             None => self.insert(key),
    ///         }
    ///     }
    ///
    ///     fn insert(&self, key: u32) -> String {
    ///         self.entries.lock().unwrap().entry(key).or_default().clone()
    ///     }
    /// }
    /// ```
    /// Where the guard has a name, `drop(guard)` ends it; a function that is called under the lock can be given what it
    /// guards.
    ///
    /// ### Known limits
    /// Two locks are one where both are reached in the same way from the same local, parameter, `self` or static: through
    /// fields, references, `Arc` clones and functions that only lead there. Elements of collections, other instances of a
    /// type, locks behind other locks, trait objects with several implementations and stored callbacks are left out, as are
    /// acquisitions that give up: `try_lock`, `try_lock_for`. Of a map of many locks, a `DashMap`, an entry that is held counts
    /// against the same key, and against what wants the whole map.
    pub static DOUBLE_LOCKS = {
        name: "double_locks", family: Deadlock, level: Warn, applicability: MaybeIncorrect, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for relock in cx.relocks() {
        if !relock.among_readers {
            report(cx, &relock, sink);
        }
    }
    for relock in cx.shard_relocks() {
        report_shard(cx, &relock, sink);
    }
}

/// A map of many locks is asked for more of them by the thread that holds one.
fn report_shard(cx: &Context<'_>, relock: &ShardRelock<'_>, sink: &mut Sink) {
    let held = &relock.held;
    let lock = describe::held_lock(cx, held, relock.guard);
    let called = cx.program.name(relock.function);
    let (headline, label) = match relock.wants_all {
        true => (
            format!("`{called}` waits for every part of `{lock}`, one of which this thread holds"),
            "waits for the part whose entry is held",
        ),
        false => {
            (format!("`{called}` waits for the entry of `{lock}` that this thread holds"), "waits for its own guard")
        }
    };
    let mut diagnostic =
        Diagnostic::new(&DOUBLE_LOCKS, describe::at(cx, held), headline, label).site(cx.guard_loc(relock.guard));
    diagnostic = match relock.in_round {
        true => {
            let text = format!("the iterator locks the parts of `{lock}` one after the other, to the end of the `for`");
            diagnostic.label(cx.guard_loc(relock.guard), text)
        }
        false => describe::taken(cx, held, relock.guard, diagnostic),
    };
    diagnostic.level = Level::Deny;
    let note = "the map is a table of locks: the second one waits for a guard that only the waiting thread can drop";
    let help = "copy what is needed out of the entry, and let go of it before the map is used again";
    sink.emit(diagnostic.note(note).help(help, ""));
}

fn report(cx: &Context<'_>, relock: &Relock<'_>, sink: &mut Sink) {
    let held = relock.held;
    let lock = describe::held_lock(cx, held, relock.first);
    let again = match (relock.held_as, relock.second.mode) {
        (Mode::Exclusive, _) => "locked again",
        (_, Mode::Upgradable) => "locked for a second upgradable read",
        _ => "locked for writing",
    };
    let headline = match describe::called(cx, held) {
        Some(callee) => format!("`{callee}` locks `{lock}`, which its caller holds"),
        None => {
            let owner = if relock.first.is_async { "task" } else { "thread" };
            format!("`{lock}` is {again} by the {owner} that holds it")
        }
    };
    let label = match describe::called(cx, held) {
        Some(callee) => format!("`{callee}` is called under the guard"),
        None => "waits for its own guard".to_owned(),
    };
    // The guard that lives too long is what it is about.
    let mut diagnostic =
        Diagnostic::new(&DOUBLE_LOCKS, describe::at(cx, held), headline, label).site(cx.guard_loc(relock.first));
    diagnostic = describe::taken(cx, held, relock.first, diagnostic);
    diagnostic = describe::run(cx, held, diagnostic);
    diagnostic = describe::chain(cx, held, diagnostic, &format!("`{lock}` is {again} here"));
    if relock.is_direct() {
        diagnostic.level = Level::Deny;
    }
    let note = match relock.held_as {
        Mode::Exclusive => "the second lock waits for a guard that only the waiting thread can drop: it waits for ever",
        _ => {
            "a writer waits until all readers are gone, and one of them is the waiting thread's own: it waits for ever"
        }
    };
    sink.emit(cure(cx, relock, diagnostic.note(note)));
}

fn cure(cx: &Context<'_>, relock: &Relock<'_>, diagnostic: Diagnostic) -> Diagnostic {
    let held = relock.held;
    let analysis = cx.analysis(held.body);
    let callee = describe::called(cx, held);
    let is_here = held.through.is_none() && held.body == relock.first.body;
    match describe::keeper(cx, held, relock.first) {
        Keeper::Scrutinee(scrutinee, keyword) => match edits::hoist(cx, analysis, scrutinee) {
            Some(edits) => {
                let advice = "take the value out of the lock in a statement of its own: its guard ends there";
                diagnostic.suggest(advice, Applicability::MaybeIncorrect, edits)
            }
            None => diagnostic.help(
                format!("take what the `{keyword}` needs out of the lock before it, so that the guard ends there"),
                "",
            ),
        },
        Keeper::Local(name) if is_here && let Some(edit) = edits::drop_before(cx, relock.first, held.at) => {
            let advice = format!("drop `{name}` before the lock is taken again: it is not used after that");
            diagnostic.suggest(advice, Applicability::MaybeIncorrect, vec![edit])
        }
        Keeper::Local(name) => match callee {
            Some(callee) => {
                diagnostic.help(format!("drop `{name}` before the call, or let `{callee}` work on what it guards"), "")
            }
            None => diagnostic.help(format!("use `{name}` again, or drop it before the lock is taken again"), ""),
        },
        Keeper::Block => diagnostic.help("copy what is needed instead of keeping a reference into the lock", ""),
        Keeper::Given => match callee {
            Some(callee) => diagnostic.help(format!("let `{callee}` work on what the guard protects"), ""),
            None => diagnostic.help("use the guard that the closure is given", ""),
        },
        Keeper::Helper => diagnostic.help("work on what the closure is given", ""),
        Keeper::Statement if is_here && let Some(edits) = edits::hoist_operand(cx, relock.first, held.at) => {
            let advice = "take the first value out of the lock in a statement of its own: its guard ends there";
            diagnostic.suggest(advice, Applicability::MaybeIncorrect, edits)
        }
        Keeper::Statement => diagnostic.help("lock once, or take each value out of the lock in a `let` of its own", ""),
    }
}
