//! `inconsistent_lock_order`

use super::describe;
use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{Context, OrderCycle, OrderEdge};
use crate::lint::Sink;

declare_lint! {
    /// ### What it does
    /// Finds locks that are taken in a circle: one function takes A and then B, another B and then A, in one function each or
    /// through calls, across files; also longer ways round.
    ///
    /// ### Why is this bad
    /// One thread holds A and waits for B, another holds B and waits for A: neither goes on, nor does whoever wants one of the
    /// two. It takes the right moment, so tests seldom show it.
    ///
    /// ### Example
    /// ```rust
    /// use std::sync::Mutex;
    ///
    /// struct Bank {
    ///     accounts: Mutex<Vec<i64>>,
    ///     journal: Mutex<Vec<String>>,
    /// }
    ///
    /// impl Bank {
    ///     fn post(&self, amount: i64) {
    ///         let mut accounts = self.accounts.lock().unwrap();
    ///         accounts.push(amount);
    ///         self.journal.lock().unwrap().push(format!("{amount}"));
    ///     }
    ///
    ///     fn audit(&self) -> bool {
    ///         let journal = self.journal.lock().unwrap();
    ///         journal.len() == self.accounts.lock().unwrap().len() // the other way round
    ///     }
    /// }
    /// ```
    ///
    /// ### Use instead
    /// Take the locks in one order everywhere, let go of one before the other is taken, or put both values behind one lock.
    /// ```rust
    /// use std::sync::Mutex;
    ///
    /// struct Bank {
    ///     accounts: Mutex<Vec<i64>>,
    ///     journal: Mutex<Vec<String>>,
    /// }
    ///
    /// impl Bank {
    ///     fn post(&self, amount: i64) {
    ///         let mut accounts = self.accounts.lock().unwrap();
    ///         accounts.push(amount);
    ///         self.journal.lock().unwrap().push(format!("{amount}"));
    ///     }
    ///
    ///     fn audit(&self) -> bool {
    ///         let accounts = self.accounts.lock().unwrap().len();
    ///         self.journal.lock().unwrap().len() == accounts
    ///     }
    /// }
    /// ```
    ///
    /// ### Known limits
    /// Fields count where both are reached from one object, and in the same way in each place; statics, and locals that
    /// closures share, always. Left out are orders under a common outer lock, code that one thread alone comes to,
    /// `try_lock`, values that nobody else can see yet, and readers that only meet readers.
    pub(crate) static INCONSISTENT_LOCK_ORDER = {
        name: "inconsistent_lock_order", family: Deadlock, level: Warn, applicability: HelpOnly, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for cycle in cx.order_cycles() {
        report(cx, &cycle, sink);
    }
}

fn report(cx: &Context<'_>, cycle: &OrderCycle<'_>, sink: &mut Sink) {
    let Some((first, others)) = cycle.edges.split_first() else { return };
    let (held, taken) = (cx.place_text(first.from), cx.place_text(first.to));
    let headline = match others {
        [_] => format!("`{taken}` is locked under `{held}` here, and `{held}` under `{taken}` elsewhere"),
        _ => format!("`{held}` and {} other locks are taken in a circle", cycle.edges.len() - 1),
    };
    let label = match describe::called(cx, first.held) {
        Some(callee) => format!("`{callee}` locks `{taken}` while `{held}` is locked"),
        None => format!("waits for `{taken}` while `{held}` is locked"),
    };
    let mut diagnostic = Diagnostic::new(&INCONSISTENT_LOCK_ORDER, describe::at(cx, first.held), headline, label);
    diagnostic = tell(cx, first, diagnostic);
    for edge in others {
        diagnostic = tell(cx, edge, diagnostic);
        let (held, taken) = (cx.place_text(edge.from), cx.place_text(edge.to));
        let text = match describe::called(cx, edge.held) {
            Some(callee) => format!("`{callee}` locks `{taken}` while `{held}` is locked"),
            None => format!("and `{taken}` here, while `{held}` is locked"),
        };
        diagnostic = diagnostic.label(describe::at(cx, edge.held), text);
    }
    let mut circle: Vec<String> = cycle.edges.iter().map(|edge| format!("`{}`", cx.place_text(edge.from))).collect();
    circle.extend(circle.first().cloned());
    sink.emit(
        diagnostic
            .note(format!("{}: one thread in each of these places, and none of them goes on", circle.join(" → ")))
            .help("take the locks in one order everywhere, or let go of the one before the other is taken", ""),
    );
}

/// Where the first lock of an edge is taken, and the calls that lead to the second.
fn tell(cx: &Context<'_>, edge: &OrderEdge<'_>, diagnostic: Diagnostic) -> Diagnostic {
    let owner = cx.program.path_text(cx.analysis(edge.held.body).body.owner);
    let (held, taken) = (cx.place_text(edge.from), cx.place_text(edge.to));
    let diagnostic = diagnostic.label(cx.guard_loc(edge.first), format!("`{owner}` locks `{held}` here"));
    let diagnostic = describe::through(cx, edge.held, diagnostic);
    describe::chain(cx, edge.held, diagnostic, &format!("`{taken}` is locked here"))
}
