//! `callbacks_under_lock`

use super::describe::{self, Keeper};
use super::edits;
use crate::declare_lint;
use crate::diagnostic::{Applicability, Diagnostic};
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
    pub static CALLBACKS_UNDER_LOCK = {
        name: "callbacks_under_lock", family: Deadlock, level: Warn, applicability: MaybeIncorrect, check: check,
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
    let entry = match call.entry == cx.analysis(call.other.body).body.owner {
        true => format!("`{other}`"),
        false => format!("`{}`, which leads to `{other}`", cx.program.path_text(call.entry)),
    };
    let note = format!("if what runs here calls {entry}, it waits for the lock that its own thread holds");
    sink.emit(mend(cx, call, diagnostic.note(note)));
}

/// Snapshot, release, call: as an edit where the snapshot is certain to compile, else the code to write.
fn mend(cx: &Context<'_>, call: &CallbackCall<'_>, diagnostic: Diagnostic) -> Diagnostic {
    let held = call.held;
    let kind = call.is_stored_inside.then(|| call.kind(cx));
    let is_direct = held.through.is_none() && held.reached.chain.is_empty();
    if kind == Some(Callable::Shared)
        && is_direct
        && let Some(edits) = edits::snapshot(cx, call.guard)
    {
        let message = "copy the callbacks out of the lock, and call them when it is free again";
        return diagnostic.suggest(message, Applicability::MaybeIncorrect, edits);
    }
    let code = if is_direct { sketch(cx, call, kind) } else { String::new() };
    let help = match (kind, describe::keeper(cx, held, call.guard)) {
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
    diagnostic.help(help, code)
}

/// The steps, with the names at hand.
fn sketch(cx: &Context<'_>, call: &CallbackCall<'_>, kind: Option<Callable>) -> String {
    let (body, site) = call.held.reached.act.site(cx);
    let analysis = cx.analysis(body);
    let written = cx.program.text(analysis.body.expr_loc(site));
    let Some(lock) = cx.receiver_text(call.guard).filter(|text| !text.contains('\n')) else { return String::new() };
    if written.contains('\n') || written.is_empty() || analysis.body.expr(site).in_macro {
        return String::new();
    }
    let guard = match describe::keeper(cx, call.held, call.guard) {
        Keeper::Local(name) => Some(name),
        _ => None,
    };
    let taken = cx.analysis(call.guard.body).types.ty(call.guard.call).adt();
    let may_be_poisoned = taken.is_some() && taken == cx.program.lang.result;
    let unlocked = if may_be_poisoned { format!("{lock}.unwrap()") } else { lock.to_owned() };
    match (kind, guard) {
        (Some(Callable::Once) | None, Some(guard)) => {
            let statement = cx.program.text(analysis.body.loc(analysis.statement(site)));
            match statement.contains('\n') || !statement.ends_with(';') {
                true => format!("drop({guard});\n{written};"),
                false => format!("drop({guard});\n{statement}"),
            }
        }
        (Some(Callable::Shared), guard) => {
            let copy = guard.unwrap_or_else(|| "callbacks".to_owned());
            format!(
                "// with each callback kept in an `Arc`\nlet {copy} = {unlocked}.clone();\n// for each of them, with no lock held\n{written};"
            )
        }
        (Some(Callable::Mut), guard) => {
            let guard = guard.unwrap_or_else(|| "callbacks".to_owned());
            let callee = written.split('(').next().unwrap_or("callback");
            format!(
                "// take `{callee}` out of what is locked\ndrop({guard});\n{written};\nlet mut {guard} = {unlocked};\n// and put it back"
            )
        }
        (Some(Callable::Once) | None, None) => String::new(),
    }
}
