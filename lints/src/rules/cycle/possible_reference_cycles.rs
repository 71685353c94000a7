//! `possible_reference_cycles`

use super::strong_reference_cycles::report;
use crate::declare_lint;
use crate::facts::Context;
use crate::lint::Sink;

declare_lint! {
    /// ### What it does
    /// Finds types that can own each other through `Arc` or `Rc`, where the fields on the ring are filled and never
    /// emptied, but no single function shows the ring being closed.
    ///
    /// ### Why is this bad
    /// If two objects of these types ever point at each other, their counts never reach zero and both are leaked with all
    /// that they own. Whether that happens is decided by code that this lint cannot tie together.
    ///
    /// ### Example
    /// ```rust
    /// # use std::sync::{Arc, Mutex};
    /// struct Window { manager: Arc<Manager> }
    /// struct Manager { windows: Mutex<Vec<Window>> }
    ///
    /// fn open(manager: &Arc<Manager>) -> Window {
    ///     Window { manager: manager.clone() }
    /// }
    ///
    /// fn show(manager: &Manager, window: Window) {
    ///     manager.windows.lock().unwrap().push(window);
    /// }
    /// ```
    ///
    /// ### Use instead
    /// ```rust
    /// # use std::sync::{Arc, Mutex, Weak};
    /// struct Window { manager: Weak<Manager> }
    /// struct Manager { windows: Mutex<Vec<Window>> }
    /// ```
    ///
    /// ### Known limits
    /// The lint knows types, not objects: a tree whose nodes point at an object of another tree is reported as well. It is
    /// off by default. A type that leads to itself by one field, as lists and trees do, is not reported.
    pub static POSSIBLE_REFERENCE_CYCLES = {
        name: "possible_reference_cycles", family: Cycle, level: Allow, nursery: true, applicability: HelpOnly,
        check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for ring in cx.possible_rings() {
        sink.found.extend(report(&POSSIBLE_REFERENCE_CYCLES, cx, &ring));
    }
}
