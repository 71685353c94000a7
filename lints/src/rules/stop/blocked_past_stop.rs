//! `blocked_past_stop`

use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{BlockedStop, Context, Place, UnheededStop, WaitCause, word};
use crate::lint::Sink;
use crate::rules::text::pause_of;
use crate::syntax::ir::Expr;

declare_lint! {
    /// ### What it does
    /// Finds a thread whose loop tests a stop flag (or asks a stop channel), but also waits without a time-out: for a
    /// connection, a message, an unpark, a condition variable, a socket, a child process, or asleep for a minute and more;
    /// where the function that sets the flag then joins the thread and does nothing to end that wait. Also a loop that goes
    /// on as long as input comes, inside the loop that tests the signal.
    ///
    /// ### Why is this bad
    /// A flag wakes nobody. The thread sees it only when the wait ends by itself, and until then the join hangs: with a
    /// server that nobody connects to any more, for ever.
    ///
    /// ### Example
    /// ```rust,no_run
    /// use std::net::TcpListener;
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicBool, Ordering};
    /// use std::thread;
    ///
    /// let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    /// let stop = Arc::new(AtomicBool::new(false));
    /// let server = thread::spawn({
    ///     let stop = Arc::clone(&stop);
    ///     move || {
    ///         while !stop.load(Ordering::Acquire) {
    ///             println!("{:?}", listener.accept());
    ///         }
    ///     }
    /// });
    /// stop.store(true, Ordering::Release);
    /// server.join().unwrap(); // waits for one more connection
    /// ```
    ///
    /// ### Use instead
    /// ```rust
    /// use std::net::{TcpListener, TcpStream};
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicBool, Ordering};
    /// use std::thread;
    ///
    /// let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    /// let address = listener.local_addr().unwrap();
    /// let stop = Arc::new(AtomicBool::new(false));
    /// let server = thread::spawn({
    ///     let stop = Arc::clone(&stop);
    ///     move || {
    ///         while !stop.load(Ordering::Acquire) {
    ///             println!("{:?}", listener.accept());
    ///         }
    ///     }
    /// });
    /// stop.store(true, Ordering::Release);
    /// drop(TcpStream::connect(address)); // ends the wait
    /// server.join().unwrap();
    /// ```
    ///
    /// ### Known limits
    /// The flag has to be set and the thread joined in one function, or in functions that it calls. A call in between that
    /// is not followed is taken to end the wait. So are a thread that unparks, notifies or sends, and any code that gives a
    /// socket of the same type a time-out. Waits of async code in a `select!` are left alone.
    pub static BLOCKED_PAST_STOP = {
        name: "blocked_past_stop", family: Stop, level: Warn, applicability: HelpOnly, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    let blocked = cx.blocked_stops();
    for found in &blocked {
        report_blocked(cx, found, sink);
    }
    for found in cx.unheeded_stops() {
        let is_known =
            blocked.iter().any(|other| (other.spawn.body, other.spawn.call) == (found.spawn.body, found.spawn.call));
        if !is_known {
            report_unheeded(cx, &found, sink);
        }
    }
}

fn report_blocked(cx: &Context<'_>, found: &BlockedStop, sink: &mut Sink) {
    let waits = cx.analysis(found.wait.body);
    let home = cx.analysis(found.home.0);
    let spawner = cx.analysis(found.spawn.body);
    let test = cx.analysis(found.test.0);
    let signal = cx.place_text(found.signal);
    let stopper = cx.function_text(found.stopper);
    let (headline, label) = wait_text(cx, found, &signal);
    let loop_loc = home.call_loc(found.home.1);
    let wait_loc = found.through.unwrap_or_else(|| waits.call_loc(found.wait.call));
    let mut diagnostic =
        Diagnostic::new(&BLOCKED_PAST_STOP, wait_loc, format!("`{stopper}` joins a thread that {headline}"), label)
            .site(loop_loc)
            .label(spawner.call_loc(found.spawn.call), "the thread starts here");
    if found.through.is_some() {
        diagnostic = diagnostic.label(waits.call_loc(found.wait.call), "the wait itself");
    }
    if loop_loc != wait_loc {
        diagnostic = diagnostic.label(loop_loc, "this loop goes on until it is told to stop");
    }
    diagnostic = diagnostic
        .label(test.call_loc(found.test.1), format!("`{signal}` is looked at here"))
        .label(found.told, format!("`{stopper}` tells it to stop"));
    if let WaitCause::Receive(sender) = found.cause
        && let Some(sender) = cx.place_loc(sender)
    {
        diagnostic = diagnostic.label(sender, "the sender is still there, so that no disconnect ends the wait");
    }
    if let WaitCause::Condvar(Some(notify)) = found.cause {
        diagnostic = diagnostic.label(notify, "only this would wake it, and an error before it skips it");
    }
    diagnostic = diagnostic.label(found.join, "and waits for it here");
    let (note, help, code) = advice(cx, found);
    sink.emit(diagnostic.note(note).help(help, code));
}

/// What the thread may be doing when it is joined: for the headline, and for the place itself.
fn wait_text(cx: &Context<'_>, found: &BlockedStop, signal: &str) -> (&'static str, String) {
    let waits = |what: &str| format!("waits for {what} here, whatever `{signal}` says");
    match found.cause {
        WaitCause::Accept => ("may be waiting for a connection", waits("the next connection")),
        WaitCause::Receive(_) => ("may be waiting for a message", waits("the next message")),
        WaitCause::Read => ("may be waiting for its peer", waits("the peer")),
        WaitCause::Park => ("may be parked", waits("an unpark")),
        WaitCause::Condvar(_) => {
            let condvar = found.object.map_or_else(String::new, |object| format!("`{}`", cx.place_text(object)));
            ("may be waiting on a condition variable that is not notified", waits(&condvar))
        }
        WaitCause::Child => ("may be waiting for a child process", waits("the child to end")),
        WaitCause::Sleep(seconds) => {
            ("may be asleep", format!("sleeps for {} here, whatever `{signal}` says", duration_text(seconds)))
        }
    }
}

fn duration_text(seconds: u64) -> String {
    let (count, unit) = match seconds {
        _ if seconds.is_multiple_of(3600) => (seconds / 3600, "hour"),
        _ if seconds.is_multiple_of(60) => (seconds / 60, "minute"),
        _ => (seconds, "second"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// Why the join hangs, and what ends the wait.
fn advice(cx: &Context<'_>, found: &BlockedStop) -> (&'static str, &'static str, String) {
    let object = found.object.map_or_else(String::new, |object| cx.place_text(object));
    let on = object.rsplit("::").next().unwrap_or_default();
    match found.cause {
        WaitCause::Accept => {
            let (help, code) = end_of_accept(cx, found, on);
            ("the join hangs until somebody else connects", help, code)
        }
        WaitCause::Receive(sender) => {
            let (help, code) = end_of_receive(cx, sender);
            ("the join hangs until somebody sends another message", help, code)
        }
        WaitCause::Read => (
            "the join hangs until the peer sends something or goes away",
            "give the socket a time-out, or shut it down before the join",
            "stream.set_read_timeout(Some(Duration::from_millis(100)))?;"
                .replace("stream", &socket_name(cx, found, on)),
        ),
        WaitCause::Park => (
            "the join hangs: nobody wakes the thread",
            "unpark the thread after the flag is set",
            format!("{}.thread().unpark();", joined_handle(cx, found)),
        ),
        WaitCause::Condvar(None) => (
            "the join hangs: nothing wakes the thread after the flag is set",
            "set the flag under the lock and notify",
            format!("{on}.{}();", notifier(cx, found)),
        ),
        WaitCause::Condvar(Some(notify)) => (
            "where the other thread fails first, nothing wakes this one and the join hangs",
            "wake this thread too where it is told to stop",
            format!("{on}.{}();", cx.program.text(notify)),
        ),
        WaitCause::Child => (
            "the join hangs until the child ends by itself",
            "kill the child before the join, or ask `try_wait` between looks at the flag",
            "child.kill()?;".to_owned(),
        ),
        WaitCause::Sleep(_) => (
            "the join takes as long as the sleep",
            "wait on a channel instead of sleeping: dropping its sender ends the thread at once",
            format!(
                "while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout({}) {{\n    /* the periodic work */\n}}",
                pause_of(cx, found.wait.body, found.wait.call)
            ),
        ),
    }
}

/// The handle that is joined, as it is written there.
fn joined_handle<'c>(cx: &'c Context<'_>, found: &BlockedStop) -> &'c str {
    let written = cx.call_at(found.join).and_then(|(body, call)| {
        let analysis = cx.analysis(body);
        let handle = analysis.receiver(cx.program, call)?;
        let is_place = matches!(analysis.expr(handle), Expr::Local(_) | Expr::Field { .. });
        is_place.then(|| cx.program.text(analysis.body.expr_loc(handle)))
    });
    written.unwrap_or("handle")
}

/// How a wait for a connection is ended: the library has a way of its own, or one more connection is made.
fn end_of_accept(cx: &Context<'_>, found: &BlockedStop, on: &str) -> (&'static str, String) {
    let callee = cx.analysis(found.wait.body).callee(found.wait.call);
    let block = callee.and_then(|callee| cx.program.def(callee).parent);
    let wakes = block.and_then(|block| cx.functions_of(block).find(|def| cx.effects(*def).has(word::WAKES)));
    if let Some(wakes) = wakes {
        return ("end the wait after the flag is set", format!("{on}.{}();", cx.program.name(wakes)));
    }
    let owner = block.and_then(|block| cx.program.impl_header(block)?.self_ty.adt());
    let owner = owner.map_or("", |owner| cx.program.name(owner));
    let code = match owner.starts_with("Unix") {
        true => "drop(UnixStream::connect(path));",
        false => "drop(TcpStream::connect(address));",
    };
    ("connect once after the flag is set, so that the wait ends", code.to_owned())
}

/// How a wait for a message is ended: the sender goes.
fn end_of_receive(cx: &Context<'_>, sender: Place) -> (&'static str, String) {
    let text = cx.place_text(sender);
    let name = text.rsplit("::").next().unwrap_or(&text);
    match sender {
        Place::Field(field) if cx.field_type(field).is_none_or(|ty| ty.adt() != cx.program.lang.option) => (
            "keep the sender in an `Option` and drop it before the join, or send a message that says stop; then the flag is not \
             needed",
            format!("drop(self.{name}.take());"),
        ),
        Place::Field(_) => ("drop the sender before the join", format!("drop(self.{name}.take());")),
        _ => ("drop the sender before the join", format!("drop({name});")),
    }
}

/// What the socket of a read is called, where the read is not of something around it.
fn socket_name(cx: &Context<'_>, found: &BlockedStop, on: &str) -> String {
    let analysis = cx.analysis(found.wait.body);
    let read = analysis.receiver(cx.program, found.wait.call).map(|read| cx.roles().pointee(analysis.types.ty(read)));
    let blocks = read.as_ref().and_then(|ty| ty.adt()).map_or(&[][..], |adt| cx.program.impls_of(adt));
    let is_socket =
        blocks.iter().flat_map(|block| cx.functions_of(*block)).any(|def| cx.effects(def).has(word::SETS_TIMEOUT));
    if is_socket { on.to_owned() } else { "stream".to_owned() }
}

/// The method of the object that is waited on which notifies: the condition variable's own, or that of a type around it.
fn notifier(cx: &Context<'_>, found: &BlockedStop) -> String {
    let ty = match found.object {
        Some(Place::Field(field)) => cx.field_type(field).map(|ty| cx.roles().pointee(ty)),
        _ => None,
    };
    let owner = ty.as_ref().and_then(|ty| ty.adt()).filter(|adt| cx.program.is_user(*adt));
    let methods =
        owner.map_or(&[][..], |adt| cx.program.impls_of(adt)).iter().flat_map(|block| cx.functions_of(*block));
    let mut notifying = methods.filter(|def| {
        let Some(body) = cx.program.body_of(*def) else { return false };
        let analysis = cx.analysis(body);
        analysis.calls().any(|(_, callee)| cx.effects(callee).has(word::NOTIFIES))
    });
    notifying.next().map_or_else(|| "notify_all".to_owned(), |method| cx.program.name(method).to_owned())
}

fn report_unheeded(cx: &Context<'_>, found: &UnheededStop, sink: &mut Sink) {
    let analysis = cx.analysis(found.inner.0);
    let spawner = cx.analysis(found.spawn.body);
    let test = cx.analysis(found.test.0);
    let signal = cx.place_text(found.signal);
    let name = signal.rsplit("::").next().unwrap_or(&signal).to_owned();
    let diagnostic = Diagnostic::new(
        &BLOCKED_PAST_STOP,
        analysis.call_loc(found.wait),
        "this thread does not look at its stop signal as long as input comes",
        "as long as this gives something in time, the inner loop goes on",
    )
    .site(analysis.call_loc(found.inner.1))
    .label(spawner.call_loc(found.spawn.call), "the thread starts here")
    .label(test.call_loc(found.test.1), format!("only the outer loop looks at `{signal}`"))
    .label(analysis.call_loc(found.inner.1), "this loop ends only when no input comes for a while");
    let look = match is_flag(cx, found) {
        true => format!("if {name}.load(Ordering::Relaxed) {{\n    break;\n}}"),
        false => format!("if {name}.try_recv() != Err(TryRecvError::Empty) {{\n    break;\n}}"),
    };
    sink.emit(
        diagnostic
            .note("a busy peer keeps the thread running for ever, and whoever joins it waits as long")
            .help("look at the signal in the inner loop too", look),
    );
}

/// Whether the signal is a flag rather than a channel.
fn is_flag(cx: &Context<'_>, found: &UnheededStop) -> bool {
    let analysis = cx.analysis(found.test.0);
    !analysis.callee(found.test.1).is_some_and(|callee| cx.effects(callee).has(word::RECEIVES))
}
