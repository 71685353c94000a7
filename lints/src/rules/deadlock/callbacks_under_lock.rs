//! `callbacks_under_lock`

use super::describe::{self, Keeper};
use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{Callable, CallbackCall, Context};
use crate::lint::Sink;

declare_lint! {
    /// ### What it does
    /// Finds code that the crate does not see, called while a lock is held that this code may want: stored functions and
    /// trait objects, behind the lock or beside it in the same object, and functions that a caller passes.
    ///
    /// ### Why is this bad
    /// A listener that registers another one, or that asks the object that called it for something, locks what its caller
    /// holds, and waits for ever. Who writes the listener cannot see it.
    ///
    /// ### Example
    /// ```rust
    /// use std::sync::{Arc, Mutex};
    ///
    /// type Hook = Arc<dyn Fn(&str) + Send + Sync>;
    ///
    /// pub struct Hooks {
    ///     hooks: Mutex<Vec<Hook>>,
    /// }
    ///
    /// impl Hooks {
    ///     pub fn fire(&self, event: &str) {
    ///         for hook in self.hooks.lock().unwrap().iter() {
    ///             hook(event); // a hook that calls `add` waits for ever
    ///         }
    ///     }
    ///
    ///     pub fn add(&self, hook: Hook) {
    ///         self.hooks.lock().unwrap().push(hook);
    ///     }
    /// }
    /// ```
    ///
    /// ### Use instead
    /// Copy the callbacks out of the lock, let go of it, and call them then.
    /// ```rust
    /// use std::sync::{Arc, Mutex};
    ///
    /// type Hook = Arc<dyn Fn(&str) + Send + Sync>;
    ///
    /// pub struct Hooks {
    ///     hooks: Mutex<Vec<Hook>>,
    /// }
    ///
    /// impl Hooks {
    ///     pub fn fire(&self, event: &str) {
    ///         let hooks = self.hooks.lock().unwrap().clone();
    ///         for hook in hooks {
    ///             hook(event);
    ///         }
    ///     }
    ///
    ///     pub fn add(&self, hook: Hook) {
    ///         self.hooks.lock().unwrap().push(hook);
    ///     }
    /// }
    /// ```
    ///
    /// ### Known limits
    /// Only what other crates can bring counts: callbacks that a function of the API registers, or that it is passed. Left out:
    /// a helper that calls its parameter on what the lock guards (`with(|value| ..)`), parameters called under a read lock, a
    /// lock that guards nothing but one callback, closures that stand in the crate, and locks that no function of the API
    /// takes, or only where a flag that the caller has set does not keep it away.
    pub(crate) static CALLBACKS_UNDER_LOCK = {
        name: "callbacks_under_lock", family: Deadlock, level: Warn, applicability: HelpOnly, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for call in cx.callback_calls() {
        report(cx, &call, sink);
    }
}

fn report(cx: &Context<'_>, call: &CallbackCall<'_>, sink: &mut Sink) {
    let held = call.held;
    let lock = describe::held_lock(cx, held, call.guard);
    let (headline, label) = match describe::called(cx, held) {
        Some(callee) => (
            format!("`{callee}` runs foreign code while its caller holds `{lock}`"),
            format!("`{callee}` is called under the guard"),
        ),
        None => (format!("foreign code runs while `{lock}` is locked"), "runs under the guard".to_owned()),
    };
    let mut diagnostic = Diagnostic::new(&CALLBACKS_UNDER_LOCK, describe::at(cx, held), headline, label);
    diagnostic = describe::taken(cx, held, call.guard, diagnostic);
    diagnostic = describe::chain(cx, held, diagnostic, "runs foreign code here");
    let other = describe::locker(cx, call.other, &lock);
    diagnostic = diagnostic.label(cx.guard_loc(call.other), format!("`{other}` locks it too"));
    let keeper = describe::keeper(cx, held, call.guard);
    let help = match (call.is_stored_inside.then(|| call.kind(cx)), keeper) {
        (Some(Callable::Once), _) => "it is out of the lock already: end the guard before the call".to_owned(),
        (Some(Callable::Mut), _) => {
            "take the callback out of the lock, call it when the guard is gone, and put it back".to_owned()
        }
        (Some(Callable::Shared), _) => {
            "copy the callbacks out of the lock (as `Arc`s), and call them when the guard is gone".to_owned()
        }
        (None, Keeper::Local(name)) => format!("end `{name}` before the call, and lock again after it"),
        (None, _) => "call it before the lock is taken, or when the guard is gone".to_owned(),
    };
    let note = format!("if what runs here calls `{other}`, it waits for the lock that its own thread holds");
    sink.emit(diagnostic.note(note).help(help, ""));
}
