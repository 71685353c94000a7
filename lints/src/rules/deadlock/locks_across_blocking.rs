//! `locks_across_blocking`

use super::describe;
use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{Act, Context, Guard, Held, Spin, Stall, Wait};
use crate::lint::Sink;

declare_lint! {
    /// ### What it does
    /// Finds exclusive guards that live while the thread stands still: over `sleep`, a `recv` without a time-out, `accept`, a
    /// wait for a child process, a barrier, `park`; in the function that holds the guard, or in one that it calls. Only
    /// locks that other code waits for count.
    ///
    /// ### Why is this bad
    /// Everybody who wants the lock stands still as long. If what is waited for comes from a thread that needs the lock, nobody
    /// ever goes on.
    ///
    /// ### Example
    /// ```rust
    /// use std::sync::Mutex;
    /// use std::thread;
    /// use std::time::Duration;
    ///
    /// struct Poller {
    ///     state: Mutex<u32>,
    /// }
    ///
    /// impl Poller {
    ///     fn poll(&self) {
    ///         loop {
    ///             let mut state = self.state.lock().unwrap();
    ///             *state += 1;
    ///             thread::sleep(Duration::from_millis(100)); // `get` waits
    ///         }
    ///     }
    ///
    ///     fn get(&self) -> u32 {
    ///         *self.state.lock().unwrap()
    ///     }
    /// }
    /// ```
    ///
    /// ### Use instead
    /// Let go of the lock before the thread waits.
    /// ```rust
    /// use std::sync::Mutex;
    /// use std::thread;
    /// use std::time::Duration;
    ///
    /// struct Poller {
    ///     state: Mutex<u32>,
    /// }
    ///
    /// impl Poller {
    ///     fn poll(&self) {
    ///         loop {
    ///             *self.state.lock().unwrap() += 1;
    ///             thread::sleep(Duration::from_millis(100));
    ///         }
    ///     }
    ///
    ///     fn get(&self) -> u32 {
    ///         *self.state.lock().unwrap()
    ///     }
    /// }
    /// ```
    ///
    /// ### Known limits
    /// Left out: a wait for what the lock guards (`receiver.lock().unwrap().recv()`), locks of `()` that keep sections apart on
    /// purpose, read guards, waits with a time-out, and locks that only one function takes. A loop that asks without a pause
    /// counts as a wait where it stands under the guard itself. Files and sockets are
    /// `locks_across_io`.
    pub static LOCKS_ACROSS_BLOCKING = {
        name: "locks_across_blocking", family: Deadlock, level: Warn, applicability: HelpOnly, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    let counts = |wait: Wait, timed: bool| match wait {
        Wait::Sleep | Wait::Request => true,
        Wait::Receive | Wait::Send | Wait::Accept | Wait::Child | Wait::Barrier | Wait::Park | Wait::Poll => !timed,
        Wait::Join | Wait::Scope | Wait::Condvar | Wait::Net | Wait::Io => false,
    };
    for stall in cx.stalls(counts) {
        report(cx, &stall, sink);
    }
    for spin in cx.spins() {
        report_spin(cx, &spin, sink);
    }
}

/// A loop that holds the lock for as long as it has to ask.
fn report_spin(cx: &Context<'_>, spin: &Spin<'_>, sink: &mut Sink) {
    let lock = describe::lock(cx, spin.guard);
    let analysis = cx.analysis(spin.wait.body);
    let (taken, text) = describe::taken_at(cx, spin.guard, spin.poll.call);
    let other = cx.program.path_text(cx.analysis(spin.other.body).body.owner);
    let headline = format!("this is tried again and again while `{lock}` is locked");
    let diagnostic = Diagnostic::new(
        &LOCKS_ACROSS_BLOCKING,
        analysis.call_loc(spin.poll.call),
        headline,
        "comes back at once, whatever the answer",
    );
    sink.emit(
        diagnostic
            .label(taken, text)
            .label(analysis.call_loc(spin.wait.expr), "the loop goes round under the guard until others get on")
            .label(cx.guard_loc(spin.other), format!("`{other}` waits for the lock meanwhile"))
            .note(format!("whoever wants `{lock}` stands still as long, and may be the one who is waited for"))
            .help("let go of the lock in each round, and wait until there is something to do", ""),
    );
}

fn report(cx: &Context<'_>, stall: &Stall<'_>, sink: &mut Sink) {
    let held = stall.held;
    let Act::Wait(_, _, wait, _) = held.reached.act else { return };
    let lock = describe::held_lock(cx, held, stall.guard);
    let what = describe::waiting(wait);
    let (headline, label) = match describe::called(cx, held) {
        Some(callee) => (
            format!("`{callee}` {what} while its caller holds `{lock}`"),
            format!("`{callee}` is called under the guard"),
        ),
        None => (format!("this {what} while `{lock}` is locked"), format!("{what} under the guard")),
    };
    let mut diagnostic = Diagnostic::new(&LOCKS_ACROSS_BLOCKING, describe::at(cx, held), headline, label);
    diagnostic = describe::taken(cx, held, stall.guard, diagnostic);
    diagnostic = describe::chain(cx, held, diagnostic, &format!("{what} here"));
    let other = describe::locker(cx, stall.other, &lock);
    diagnostic = diagnostic.label(cx.guard_loc(stall.other), format!("`{other}` takes the lock too"));
    let help = cure(cx, held, stall.guard);
    sink.emit(diagnostic.note(format!("whoever wants `{lock}` stands still as long")).help(help, ""));
}

fn cure(cx: &Context<'_>, held: &Held, guard: &Guard) -> String {
    match describe::keeper(cx, held, guard) {
        describe::Keeper::Local(name) if describe::is_used_after(cx, held, guard) => {
            format!("end `{name}` before the wait, and lock again after it")
        }
        describe::Keeper::Local(name) => format!("end `{name}` before the wait, in a block of its own"),
        _ if held.through.is_none() && describe::is_in_argument(cx.analysis(guard.body), guard, held.at) => {
            "wait in a statement before, and lock when it is over".to_owned()
        }
        _ => "take what is needed out of the lock before the wait".to_owned(),
    }
}
