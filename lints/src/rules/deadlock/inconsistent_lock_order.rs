//! `inconsistent_lock_order`

use super::describe;
use crate::declare_lint;
use crate::diagnostic::{Circle, Diagnostic, Label, Station};
use crate::facts::{CallStep, Context, OrderCycle, OrderEdge};
use crate::lint::Sink;
use crate::source::Loc;

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
    /// closures share, always. Two objects of one type count where one function gives both to its threads, as in
    /// `first.transfer(&second)` and `second.transfer(&first)`. Left out are orders under a common outer lock, code that one
    /// thread alone comes to, threads that are joined in between, `try_lock`, values that nobody else can see yet, elements of
    /// collections, and readers that only meet readers.
    pub static INCONSISTENT_LOCK_ORDER = {
        name: "inconsistent_lock_order", family: Deadlock, level: Warn, applicability: HelpOnly, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for cycle in cx.order_cycles() {
        report(cx, &cycle, sink);
    }
}

fn report(cx: &Context<'_>, cycle: &OrderCycle<'_>, sink: &mut Sink) {
    let Some(first) = cycle.edges.first() else { return };
    let (held, taken) = (cx.lock_node_text(&first.from), cx.lock_node_text(&first.to));
    let headline = match cycle.edges.len() {
        2 => format!("`{taken}` is locked under `{held}` here, and `{held}` under `{taken}` elsewhere"),
        count => format!("`{held}` and {} other locks are taken in a circle", count - 1),
    };
    let mut ways: Vec<Vec<Label>> = cycle.edges.iter().zip('A'..).map(|(edge, name)| way(cx, edge, name)).collect();
    // The story starts where the first thread leads on from the lock that it holds.
    let at = describe::at(cx, first.held);
    let label = ways.first_mut().and_then(|way| {
        let index = way.iter().position(|label| label.loc == at)?;
        Some(way.remove(index).message)
    });
    let label = label.unwrap_or_else(|| format!("thread A waits for `{taken}` here"));
    let mut diagnostic = Diagnostic::new(&INCONSISTENT_LOCK_ORDER, at, headline, label);
    for label in ways.into_iter().flatten() {
        diagnostic = diagnostic.step(label.loc, label.message);
    }
    let mut circle: Vec<String> =
        cycle.edges.iter().map(|edge| format!("`{}`", cx.lock_node_text(&edge.from))).collect();
    circle.extend(circle.first().cloned());
    sink.emit(
        diagnostic
            .note(format!("{}: each thread waits for the next one, and none of them goes on", circle.join(" → ")))
            .picture(picture(cx, cycle))
            .help("take the locks in one order everywhere, or let go of the one before the other is taken", ""),
    );
}

/// What one thread does, in order: where it takes its first lock, the calls that lead on, where it waits for the second.
fn way(cx: &Context<'_>, edge: &OrderEdge<'_>, name: char) -> Vec<Label> {
    let owner = cx.program.path_text(cx.analysis(edge.first.body).body.owner);
    let (held, taken) = (cx.lock_node_text(&edge.from), cx.lock_node_text(&edge.to));
    let mut way = Vec::new();
    let mut tell = |loc: Loc, message: String| way.push(Label { loc, message });
    if let Some((call, helper)) = describe::helper(cx, edge.held) {
        tell(call, format!("thread {name} runs the closure in `{helper}`, under its lock"));
    }
    let chain = &edge.held.reached.chain;
    let before = lifted_calls(edge);
    for step in chain.iter().take(before) {
        tell(describe::step_loc(cx, step), format!("thread {name} {}", describe::calls_text(cx, step)));
    }
    tell(cx.guard_loc(edge.first), format!("thread {name}, in `{owner}`, locks `{held}` here"));
    for (index, step) in chain.iter().skip(before).enumerate() {
        let calls = describe::calls_text(cx, step);
        let under = if index == 0 { format!(" while it holds `{held}`") } else { String::new() };
        tell(describe::step_loc(cx, step), format!("thread {name} {calls}{under}"));
    }
    let under = if chain.len() == before { format!(", and holds `{held}`") } else { String::new() };
    tell(describe::done_at(cx, edge.held), format!("thread {name} waits for `{taken}` here{under}"));
    way
}

/// How many calls lead to the function that takes both locks of what it was given.
fn lifted_calls(edge: &OrderEdge<'_>) -> usize {
    let chain = &edge.held.reached.chain;
    let is_inside = |step: &CallStep| step.body != edge.first.body;
    if describe::is_lifted(edge.held) { chain.iter().take_while(|step| is_inside(step)).count() } else { 0 }
}

/// The locks in a circle, each with the thread that holds it and waits for the next.
fn picture(cx: &Context<'_>, cycle: &OrderCycle<'_>) -> Circle {
    let station = |(edge, name): (&OrderEdge<'_>, char)| {
        let owner = cx.program.path_text(cx.analysis(edge.first.body).body.owner);
        let mut way = Vec::new();
        let mut tell = |loc: Loc, message: String| way.push(Label { loc, message });
        tell(cx.guard_loc(edge.first), format!("held by thread {name}, in `{owner}`"));
        for step in edge.held.reached.chain.iter().skip(lifted_calls(edge)) {
            tell(describe::step_loc(cx, step), format!("which {}", describe::calls_text(cx, step)));
        }
        tell(describe::done_at(cx, edge.held), "which waits for".to_owned());
        Station { name: cx.lock_node_text(&edge.from), way }
    };
    Circle { stations: cycle.edges.iter().zip('A'..).map(station).collect() }
}
