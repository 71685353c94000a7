//! `serial_joins`

use crate::declare_lint;
use crate::diagnostic::{Applicability, Diagnostic, Edit};
use crate::facts::{Context, SerialJoin, SerialShape};
use crate::lint::Sink;

declare_lint! {
    /// ### What it does
    /// Finds threads that are joined before the next one starts: a spawn and its join in one round of a loop, or in one lazy
    /// chain of iterators (`.map(spawn).map(join)`), which asks for one thread after the other.
    ///
    /// ### Why is this bad
    /// Nothing runs at the same time: the code waits for each thread as if it had called the function, and pays for a
    /// thread on top. It looks parallel, so nobody finds out.
    ///
    /// ### Example
    /// ```rust
    /// use std::thread;
    ///
    /// fn squares() -> Vec<u32> {
    ///     (0..4u32)
    ///         .map(|n| thread::spawn(move || n * n))
    ///         .map(|thread| thread.join().unwrap())
    ///         .collect()
    /// }
    /// # assert_eq!(squares(), [0, 1, 4, 9]);
    /// ```
    ///
    /// ### Use instead
    /// Start all of them before the first join:
    /// ```rust
    /// use std::thread;
    ///
    /// fn squares() -> Vec<u32> {
    ///     (0..4u32)
    ///         .map(|n| thread::spawn(move || n * n))
    ///         .collect::<Vec<_>>()
    ///         .into_iter()
    ///         .map(|thread| thread.join().unwrap())
    ///         .collect()
    /// }
    /// # assert_eq!(squares(), [0, 1, 4, 9]);
    /// ```
    /// Where the input decides how many there are, let a chosen number of threads share it; or call the function.
    ///
    /// ### Known limits
    /// A thread that is started for its stack, one whose panic is looked at, and one beside which the round does other
    /// work have their reason. So has a loop that does not start its threads for an element of its own. Joins in a called function
    /// are not seen.
    pub(crate) static SERIAL_JOINS = {
        name: "serial_joins", family: Pool, level: Warn, applicability: MaybeIncorrect, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for serial in cx.serial_joins() {
        report(cx, &serial, sink);
    }
}

fn report(cx: &Context<'_>, serial: &SerialJoin, sink: &mut Sink) {
    let analysis = cx.analysis(serial.body);
    let (message, goes_round) = match serial.shape {
        SerialShape::OneRound => ("each of these threads is joined before the next one starts", "one round at a time"),
        SerialShape::Lazy { chained: true, .. } => (
            "this lazy chain joins each thread before it starts the next one",
            "starts a thread only when asked for it",
        ),
        SerialShape::Lazy { chained: false, .. } => {
            ("this lazy iterator starts each thread after the one before is joined", "asks for the next thread here")
        }
    };
    let diagnostic = Diagnostic::new(
        &SERIAL_JOINS,
        analysis.call_loc(serial.join),
        message,
        "waits here for the thread that was just started",
    )
    .label(analysis.call_loc(serial.spawn.call), "the thread starts here")
    .label(analysis.call_loc(serial.rounds), goes_round)
    .note("the threads never run at the same time: each costs a start and a stack, and saves no time");
    sink.emit(mend(cx, serial, diagnostic));
}

fn mend(cx: &Context<'_>, serial: &SerialJoin, diagnostic: Diagnostic) -> Diagnostic {
    let analysis = cx.analysis(serial.body);
    match serial.shape {
        SerialShape::Lazy { iterator, chained, few: true } if !analysis.body.expr(iterator).in_macro => {
            let collect = match chained {
                true => ".collect::<Vec<_>>().into_iter()",
                false => ".collect::<Vec<_>>()",
            };
            let end = analysis.body.expr(iterator).span.end;
            diagnostic.suggest(
                "start all threads before the first is joined",
                Applicability::MaybeIncorrect,
                vec![Edit::insert(analysis.body.file, end, collect)],
            )
        }
        _ => diagnostic.help(
            "let a chosen number of threads share the work, or call the function without a thread",
            "let share = items.len().div_ceil(threads).max(1);\n\
             thread::scope(|scope| {\n    for items in items.chunks(share) {\n        \
             scope.spawn(move || items.iter().for_each(work));\n    }\n});",
        ),
    }
}
