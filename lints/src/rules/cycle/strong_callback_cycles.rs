//! `strong_callback_cycles`

use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{Analysis, CallbackCycle, Context};
use crate::lint::Sink;
use crate::source::Loc;
use crate::syntax::ir::{Expr, ExprId};

declare_lint! {
    /// ### What it does
    /// Finds a closure that captures a strong `Arc` or `Rc` of the very object it is stored in.
    ///
    /// ### Why is this bad
    /// The object owns the closure, and the closure owns the object: neither is ever dropped. A callback list is where this
    /// happens most, since nothing at the place of registration shows who keeps the closure.
    ///
    /// ### Example
    /// ```rust
    /// # use std::sync::{Arc, Mutex};
    /// struct Button { on_click: Mutex<Vec<Box<dyn Fn() + Send>>> }
    ///
    /// fn wire(button: &Arc<Button>) {
    ///     let me = Arc::clone(button);
    ///     button.on_click.lock().unwrap().push(Box::new(move || me.flash()));
    /// }
    /// # impl Button { fn flash(&self) {} }
    /// ```
    ///
    /// ### Use instead
    /// ```rust
    /// # use std::sync::{Arc, Mutex};
    /// # struct Button { on_click: Mutex<Vec<Box<dyn Fn() + Send>>> }
    /// fn wire(button: &Arc<Button>) {
    ///     let weak = Arc::downgrade(button);
    ///     button.on_click.lock().unwrap().push(Box::new(move || {
    ///         if let Some(me) = weak.upgrade() {
    ///             me.flash();
    ///         }
    ///     }));
    /// }
    /// # impl Button { fn flash(&self) {} }
    /// ```
    ///
    /// ### Known limits
    /// The closure has to be written as `move` where it is stored or handed to a function of the crate that stores it. A
    /// place that anything in the crate takes closures out of, a public field, an `FnOnce`, and a static are not reported.
    pub static STRONG_CALLBACK_CYCLES = {
        name: "strong_callback_cycles", family: Cycle, level: Warn, applicability: HelpOnly, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for cycle in cx.callback_cycles() {
        sink.emit(report(cx, &cycle));
    }
}

/// The call that stores, or the place that is assigned to.
fn store_loc(analysis: &Analysis<'_>, store: ExprId) -> Loc {
    match analysis.expr(store) {
        Expr::Assign { target, .. } => analysis.body.expr_loc(*target),
        _ => analysis.call_loc(store),
    }
}

fn report(cx: &Context<'_>, cycle: &CallbackCycle) -> Diagnostic {
    let analysis = cx.analysis(cycle.body);
    let body = analysis.body;
    let pointer = body.local(cycle.pointer);
    let variable = cx.program.name_text(body.owner, pointer.name);
    let kept = cycle.field.map(|field| cx.field_text(field));
    let place = kept.as_ref().map_or("what it captures".to_owned(), |field| format!("`{field}`"));
    let headline = match &kept {
        Some(field) => format!("closure in `{field}` owns the object that it is stored in"),
        None => format!("closure owns the place that it is stored in, through `{variable}`"),
    };
    let mut found = Diagnostic::new(
        &STRONG_CALLBACK_CYCLES,
        store_loc(analysis, cycle.store),
        headline,
        format!("the closure is kept in {place}"),
    );
    found = found.label(body.loc(pointer.span), format!("`{variable}` is a strong pointer to that"));
    if let Expr::Closure(closure) = analysis.expr(cycle.closure) {
        found = found.label(body.loc(closure.head), format!("the closure captures `{variable}`"));
    }
    let (file, put) = (cycle.put.file, cycle.put.span);
    if !body.expr(cycle.store).span.contains(put) || file != body.file {
        found = found.label(cycle.put, "it is put there");
    }
    for (field, loc) in &cycle.carried {
        found = found.label(*loc, format!("with that, it goes into `{}`", cx.field_text(*field)));
    }
    let kind = analysis.types.local(cycle.pointer).adt().map_or("Arc", |def| cx.program.name(def));
    let code = format!(
        "let weak = {kind}::downgrade(&{variable});\n// in the closure\nif let Some({variable}) = weak.upgrade() {{ .. }}"
    );
    found
        .note("the closure and the object keep each other alive: neither is ever dropped")
        .help(format!("capture a `Weak` in place of `{variable}`, and upgrade it for each call"), code)
}
