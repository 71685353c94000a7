//! `swallowed_thread_panics`

use crate::declare_lint;
use crate::diagnostic::{Applicability, Diagnostic, Edit};
use crate::facts::{Context, SwallowedPanic};
use crate::lint::Sink;
use crate::rules::text::indentation;

declare_lint! {
    /// ### What it does
    /// Finds joins whose result nobody looks at: `let _ = handle.join();`, `handle.join().ok()`, `if let Ok(..)` without an
    /// `else`.
    ///
    /// ### Why is this bad
    /// A panic of the thread comes back as the `Err` of its join, and nowhere else. Dropped here, it is gone: the program goes on
    /// without the work that the thread should have done. The message on standard error is all that is left, if anybody reads
    /// it.
    ///
    /// ### Example
    /// ```rust
    /// use std::thread;
    ///
    /// fn main() {
    ///     let worker = thread::spawn(|| println!("working"));
    ///     let _ = worker.join();
    /// }
    /// ```
    ///
    /// ### Use instead
    /// ```rust
    /// use std::thread;
    ///
    /// fn main() {
    ///     let worker = thread::spawn(|| println!("working"));
    ///     if let Err(panic) = worker.join() {
    ///         std::panic::resume_unwind(panic);
    ///     }
    /// }
    /// ```
    /// Or log it, count it, start the worker again.
    ///
    /// ### Known limits
    /// In a `Drop`, and where a panic is being handled already, there is little else to do: nothing is reported there. A thread that
    /// catches its own panics is not told from others.
    pub static SWALLOWED_THREAD_PANICS = {
        name: "swallowed_thread_panics", family: Pool, level: Allow, applicability: MaybeIncorrect, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for swallowed in cx.swallowed_panics() {
        report(cx, swallowed, sink);
    }
}

fn report(cx: &Context<'_>, swallowed: SwallowedPanic, sink: &mut Sink) {
    let analysis = cx.analysis(swallowed.body);
    let mut diagnostic = Diagnostic::new(
        &SWALLOWED_THREAD_PANICS,
        analysis.call_loc(swallowed.join),
        "a panic of the joined thread goes unseen",
        "the panic comes back here",
    )
    .label(swallowed.by, "and is dropped here")
    .note("the program goes on as if the thread had done its work");
    let text = cx.program.text(analysis.body.expr_loc(swallowed.join));
    let editable = !analysis.body.expr(swallowed.join).in_macro && !text.contains('\n');
    // A panic that goes on here would poison the lock.
    let is_locked = cx.guards().of(swallowed.body).iter().any(|guard| {
        let node = cx.guard_flow(guard).node(swallowed.join);
        guard.poisons && node.is_some_and(|node| guard.is_live(node))
    });
    if is_locked || swallowed.may_be_in_drop {
        let help = match is_locked {
            true => "log the panic, or keep it and let it go on when the guard is gone",
            false => "log the panic: a `Drop` comes here too, where a second one would end the process",
        };
        return sink.emit(diagnostic.help(help, format!("if let Err(panic) = {} {{ /* .. */ }}", handle_text(text))));
    }
    diagnostic = match swallowed.statement.filter(|_| editable) {
        Some(statement) => {
            let indent = indentation(cx, statement);
            let looked_at =
                format!("if let Err(panic) = {text} {{\n{indent}    std::panic::resume_unwind(panic);\n{indent}}}");
            diagnostic.suggest(
                "let the panic go on, or log it",
                Applicability::MaybeIncorrect,
                vec![Edit::replace(statement, looked_at)],
            )
        }
        None => diagnostic.help(
            "let the panic go on, or log it",
            format!(
                "match {} {{\n    Ok(value) => {{ /* .. */ }}\n    Err(panic) => std::panic::resume_unwind(panic),\n}}",
                handle_text(text)
            ),
        ),
    };
    sink.emit(diagnostic);
}

/// The join as it is written, where that is short.
fn handle_text(text: &str) -> &str {
    if text.contains('\n') || text.len() > 60 { "handle.join()" } else { text }
}
