//! `unpolled_thread_futures`

use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{Context, LostFuture};
use crate::lint::Sink;

declare_lint! {
    /// ### What it does
    /// Finds OS threads whose code is a future that nobody polls: the closure's value is an `async` block or the call of an
    /// `async fn`, and what joining the thread gives is dropped.
    ///
    /// ### Why is this bad
    /// A future does nothing until it is polled. The thread makes it and ends; not one line of the `async` block runs. It
    /// compiles, and `#[must_use]` does not see it: the closure's value is used, by the handle.
    ///
    /// ### Example
    /// ```rust
    /// use std::thread;
    ///
    /// fn main() {
    ///     let thread = thread::spawn(|| async {
    ///         println!("never printed");
    ///     });
    ///     let _ = thread.join();
    /// }
    /// ```
    ///
    /// ### Use instead
    /// Run the future on the thread with an executor (`block_on` of `futures`, of a tokio runtime or its handle), hand it to a
    /// runtime, or write plain code:
    /// ```rust
    /// use std::thread;
    ///
    /// fn main() {
    ///     let thread = thread::spawn(|| {
    ///         println!("printed");
    ///     });
    ///     let _ = thread.join();
    /// }
    /// ```
    ///
    /// ### Known limits
    /// A future that is handed on, or that comes out of the join and is given to anything, is taken to be polled there. Of
    /// types of the crate's own that implement `Future` nothing is said.
    pub static UNPOLLED_THREAD_FUTURES = {
        name: "unpolled_thread_futures", family: Pool, level: Deny, applicability: HelpOnly, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for future in cx.lost_futures() {
        report(cx, &future, sink);
    }
}

fn report(cx: &Context<'_>, future: &LostFuture, sink: &mut Sink) {
    let analysis = cx.analysis(future.spawn.body);
    let diagnostic = Diagnostic::new(
        &UNPOLLED_THREAD_FUTURES,
        analysis.call_loc(future.spawn.call),
        "this thread makes a future that nobody polls: none of its code runs",
        "the thread ends as soon as the future is made",
    )
    .label(future.made, "this only makes the future")
    .label(future.lost, "and here it is dropped");
    sink.emit(diagnostic.note("a future does nothing by itself: it runs while an executor polls it").help(
        "run the future on the thread",
        "thread::spawn(move || {\n    futures::executor::block_on(async move {\n        // ..\n    })\n})",
    ));
}
