//! `unbounded_thread_spawns`

use super::describe;
use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{Context, Flood, Over};
use crate::lint::Sink;
use crate::rules::edits::may_use;
use crate::syntax::ir::{Expr, LoopKind, Pat};

declare_lint! {
    /// ### What it does
    /// Finds OS threads that are started one for each element of something that nobody has limited: for every connection
    /// that comes in, every message, every line of input, every element of a list that the caller gives, every poll of a
    /// future.
    ///
    /// ### Why is this bad
    /// Each thread takes a stack, a slot of the scheduler and a place in the limits of the process. A burst of clients, or a
    /// folder with a hundred thousand files, takes them all: `thread::spawn` panics, `Builder::spawn` fails, other
    /// processes suffer. Long before that, more threads than processors only wait for each other.
    ///
    /// ### Example
    /// ```rust,no_run
    /// use std::net::{TcpListener, TcpStream};
    /// use std::thread;
    ///
    /// fn serve(listener: TcpListener) {
    ///     for stream in listener.incoming().flatten() {
    ///         thread::spawn(move || handle(stream));
    ///     }
    /// }
    /// # fn handle(_: TcpStream) {}
    /// # serve(TcpListener::bind("127.0.0.1:0").unwrap());
    /// ```
    ///
    /// ### Use instead
    /// A chosen number of workers, and a queue with a limit:
    /// ```rust,no_run
    /// use std::net::{TcpListener, TcpStream};
    /// use std::sync::{Arc, Mutex, mpsc};
    /// use std::thread;
    ///
    /// fn serve(listener: TcpListener, workers: usize) {
    ///     let (queue, jobs) = mpsc::sync_channel::<TcpStream>(workers);
    ///     let jobs = Arc::new(Mutex::new(jobs));
    ///     thread::scope(|scope| {
    ///         for _ in 0..workers {
    ///             let jobs = Arc::clone(&jobs);
    ///             scope.spawn(move || loop {
    ///                 let job = jobs.lock().unwrap().recv();
    ///                 match job {
    ///                     Ok(stream) => handle(stream),
    ///                     Err(_) => break,
    ///                 }
    ///             });
    ///         }
    ///         for stream in listener.incoming().flatten() {
    ///             if queue.send(stream).is_err() {
    ///                 break;
    ///             }
    ///         }
    ///         drop(queue);
    ///     });
    /// }
    /// # fn handle(_: TcpStream) {}
    /// # serve(TcpListener::bind("127.0.0.1:0").unwrap(), 4);
    /// ```
    /// Crates such as `rayon` and `threadpool` have this ready.
    ///
    /// ### Known limits
    /// Anything that may be a gate silences: a join, a permit, a wait, or a test of something other than the element on the way to
    /// the spawn. So does a number that somebody chose, in a range, an array, `take` or `chunks`. A list in a field is taken to
    /// be a setting, and a thread that works until it is told to stop to be one of a few. Callers are
    /// followed as far as the settings allow.
    pub static UNBOUNDED_THREAD_SPAWNS = {
        name: "unbounded_thread_spawns", family: Pool, level: Warn, applicability: HelpOnly, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for flood in cx.floods() {
        report(cx, &flood, sink);
    }
}

fn report(cx: &Context<'_>, flood: &Flood, sink: &mut Sink) {
    let spawner = cx.analysis(flood.spawn.body);
    let around = cx.analysis(flood.rounds.body);
    let text = |expr| {
        let text = cx.program.text(around.body.expr_loc(expr));
        let short = text.len() <= 40 && !text.contains(['\n', '`']);
        short.then(|| format!("`{text}`"))
    };
    let (message, goes_on) = match flood.rounds.over {
        Over::Connections => ("one thread for every connection, however many there are".to_owned(), "connections come"),
        Over::Messages => ("one thread for every message, however many there are".to_owned(), "messages come"),
        Over::Packets => ("one thread for every packet, however many there are".to_owned(), "packets come"),
        Over::Elements(list) => {
            let list = text(list).unwrap_or_else(|| "the input".to_owned());
            (format!("one thread for every element of {list}, however many there are"), "there are elements")
        }
        Over::Polls => ("every poll of this future starts another thread".to_owned(), "somebody polls"),
    };
    let mut diagnostic = Diagnostic::new(
        &UNBOUNDED_THREAD_SPAWNS,
        spawner.call_loc(flood.spawn.call),
        message,
        "each round starts another thread here",
    );
    let rounds = match (flood.rounds.over, around.expr(flood.rounds.at)) {
        (Over::Polls, _) => cx.program.name_loc(around.body.owner),
        (_, Expr::Loop(_) | Expr::MethodCall(_) | Expr::Call { .. }) => around.call_loc(flood.rounds.at),
        _ => around.body.expr_loc(flood.rounds.at),
    };
    diagnostic = diagnostic.label(rounds, format!("this goes on for as long as {goes_on}"));
    for (body, call) in &flood.calls {
        diagnostic = diagnostic.label(cx.analysis(*body).call_loc(*call), "and gets to the spawn through this call");
    }
    diagnostic = diagnostic
        .note("each thread takes a stack and a slot of the scheduler; when they run out, the spawn panics or fails");
    let (help, code) = match flood.rounds.over {
        Over::Polls => (
            "start the thread once, and note that it runs",
            "if self.waiter.is_none() {\n    self.waiter = Some(thread::spawn(move || { /* .. */ }));\n}".to_owned(),
        ),
        Over::Elements(list) => {
            let threads = match may_use(cx, around.body.owner, (1, 59)) {
                true => "std::thread::available_parallelism().map_or(4, |count| count.get())",
                false => "4",
            };
            let code = describe::shared_out(cx, around, describe::list_text(cx, around, list), "threads");
            (
                "let as many threads as there are processors share the elements",
                code.map_or_else(String::new, |code| format!("let threads = {threads};\n{code}")),
            )
        }
        _ => (
            "let a chosen number of workers take from a queue with a limit, or use a thread pool",
            queue_of_jobs(cx, flood),
        ),
    };
    sink.emit(diagnostic.help(help, code));
}

/// A queue in place of a thread: who takes from it, and what goes in.
fn queue_of_jobs(cx: &Context<'_>, flood: &Flood) -> String {
    let around = cx.analysis(flood.rounds.body);
    let job = match around.expr(flood.rounds.at) {
        Expr::Loop(data) => match data.kind {
            LoopKind::For { pat, .. } => match around.body.pat(pat).kind {
                Pat::Bind { local, .. } => cx.program.name_text(around.body.owner, around.body.local(local).name),
                _ => "job",
            },
            _ => "job",
        },
        _ => "job",
    };
    format!(
        "let (queue, jobs) = std::sync::mpsc::sync_channel(64);\n\
         let jobs = Arc::new(Mutex::new(jobs)); // shared by the workers\n\
         // each of them, in a loop: let next = jobs.lock().unwrap().recv();\n\
         queue.send({job})?;"
    )
}
