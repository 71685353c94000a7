//! `strong_reference_cycles`

use super::describe;
use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{ClosedRing, Context, Link, Proof};
use crate::lint::{Lint, Sink};
use crate::model::DefId;
use crate::rules::edits::may_use;

declare_lint! {
    /// ### What it does
    /// Finds objects that own each other through `Arc` or `Rc`: a strong pointer to an object is stored where the object
    /// itself leads to, through a `Mutex`, `RwLock`, `RefCell`, `OnceCell` or the like, and nothing ever takes it out.
    ///
    /// ### Why is this bad
    /// The counts on the ring never reach zero. The objects, all that they own, their threads and sockets stay until the
    /// process ends, and no `Drop` among them runs. In a server that does this once a connection, memory grows until it is
    /// killed.
    ///
    /// ### Example
    /// ```rust
    /// # use std::sync::{Arc, Mutex};
    /// struct Server { connections: Mutex<Vec<Arc<Connection>>> }
    /// struct Connection { server: Arc<Server> }
    ///
    /// fn accept(server: &Arc<Server>) {
    ///     let connection = Arc::new(Connection { server: Arc::clone(server) });
    ///     server.connections.lock().unwrap().push(connection);
    /// }
    /// ```
    ///
    /// ### Use instead
    /// ```rust
    /// # use std::sync::{Arc, Mutex, Weak};
    /// struct Server { connections: Mutex<Vec<Arc<Connection>>> }
    /// struct Connection { server: Weak<Server> }
    ///
    /// fn accept(server: &Arc<Server>) {
    ///     let connection = Arc::new(Connection { server: Arc::downgrade(server) });
    ///     server.connections.lock().unwrap().push(connection);
    /// }
    /// ```
    /// The owner holds strong pointers, what it owns points back with a `Weak`. Where an object hands out pointers to itself
    /// while it is made, `Arc::new_cyclic` gives it the `Weak`.
    ///
    /// ### Known limits
    /// The ring has to be closed by one function together with the functions it calls, a few deep, on objects that can be
    /// told apart there. A ring that anything in the crate may open again is not reported: a field on it that is taken,
    /// cleared, removed from, set to `None`, or handed out for changing. Nor is one through a generic parameter, a raw
    /// pointer, a channel, a closure, or an object in a `static`. What the types allow but no function shows is
    /// `possible_reference_cycles`.
    pub static STRONG_REFERENCE_CYCLES = {
        name: "strong_reference_cycles", family: Cycle, level: Warn, applicability: HelpOnly, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for ring in cx.closed_rings().iter().filter(|ring| ring.proof == Proof::Closed) {
        sink.found.extend(report(&STRONG_REFERENCE_CYCLES, cx, ring));
    }
}

/// The finding for a ring.
pub(super) fn report(lint: &'static Lint, cx: &Context<'_>, ring: &ClosedRing) -> Option<Diagnostic> {
    let closing = ring.closing()?;
    let loc = cx.field_loc(closing.owns.field)?;
    let types = describe::types(ring);
    let mut found = Diagnostic::new(lint, loc, headline(cx, ring, &types), closing_label(cx, ring, closing));
    for link in ring.links.iter().skip(1) {
        if let Some(loc) = cx.field_loc(link.owns.field) {
            let (owner, target) = (cx.program.name(link.owns.field.adt), cx.program.name(link.owns.target));
            found = found.label(loc, format!("through this, `{owner}` owns `{target}`"));
        }
    }
    let mut places: Vec<(usize, &Link)> = ring.links.iter().enumerate().collect();
    places.sort_by_key(|(_, link)| link.store.map(|(_, value)| value));
    for (index, link) in places {
        if let Some((_, value)) = link.store {
            found = found.label(value, stored_label(cx, ring, link, index == 0));
        }
    }
    found = found.note(consequence(cx, &types));
    Some(help(cx, ring, closing, found))
}

fn headline(cx: &Context<'_>, ring: &ClosedRing, types: &[DefId]) -> String {
    let names: Vec<String> = types.iter().map(|def| cx.program.name(*def).to_owned()).collect();
    let named = describe::listed(&names);
    let sure = ring.proof == Proof::Closed;
    let end = if sure { "and are never dropped" } else { "and never be dropped" };
    let may = if sure { "" } else { "may " };
    match (names.len(), ring.links.len()) {
        (1, 1) if sure => format!("{named} owns itself and is never dropped"),
        (1, 1) => format!("{named} may own itself {end}"),
        (1, _) => format!("objects of type {named} {may}own each other {end}"),
        _ => format!("{named} {may}own each other {end}"),
    }
}

fn closing_label(cx: &Context<'_>, ring: &ClosedRing, closing: &Link) -> String {
    let target = cx.program.name(closing.owns.target);
    match (ring.links.len(), closing.owns.strong) {
        (1, Some(_)) => {
            format!("this `{}` can be a pointer to the `{target}` it stands in", describe::pointer(cx, closing))
        }
        (_, Some(_)) => format!("this `{}` leads back to the `{target}` that owns it", describe::pointer(cx, closing)),
        (_, None) => format!("this `{target}` leads back to its owner"),
    }
}

fn stored_label(cx: &Context<'_>, ring: &ClosedRing, link: &Link, closes: bool) -> String {
    let field = cx.field_text(link.owns.field);
    match (closes, ring.proof) {
        (true, Proof::Types) => format!("a strong pointer is stored in `{field}` here"),
        (true, _) => format!("a strong pointer to the owner is stored in `{field}` here"),
        (false, _) => format!("and this goes into `{field}`"),
    }
}

fn consequence(cx: &Context<'_>, types: &[DefId]) -> String {
    let dropped: Vec<String> = types
        .iter()
        .filter(|def| cx.program.drop_function(**def).is_some())
        .map(|def| format!("{}::drop", cx.program.name(*def)))
        .collect();
    match dropped.is_empty() {
        true => {
            "the strong counts on this ring never reach zero: all that it owns stays until the process ends".to_owned()
        }
        false => format!("the strong counts on this ring never reach zero: {} never runs", describe::listed(&dropped)),
    }
}

fn help(cx: &Context<'_>, ring: &ClosedRing, closing: &Link, found: Diagnostic) -> Diagnostic {
    let field = cx.field_text(closing.owns.field);
    let target = cx.program.name(closing.owns.target);
    let name = cx.field(closing.owns.field).map_or("_", |data| cx.program.name_text(closing.owns.field.adt, data.name));
    let pointer = describe::pointer(cx, closing);
    let Some(declaration) = describe::weak_declaration(cx, closing) else {
        let held =
            ring.links.iter().find(|link| link.owns.strong.is_some() && link.owns.field.adt == closing.owns.target);
        let inner = held.map_or(target, |link| cx.program.name(link.owns.target));
        let kept = format!("keep a `Weak<{inner}>` in `{field}`, and upgrade it for each use");
        return found.help(kept, "");
    };
    let made_together =
        cx.program.function(cx.program.body(ring.body).owner).is_some_and(|function| function.self_param.is_none())
            && closing.in_literal
            && ring.links.len() == 1
            && may_use(cx, cx.program.body(ring.body).owner, (1, 60));
    let filled = match made_together {
        true => format!("{pointer}::new_cyclic(|{name}| {target} {{ {name}: {name}.clone(), .. }})"),
        false => format!("{pointer}::downgrade({})", downgraded(cx, closing, target)),
    };
    let code = format!(
        "{declaration},\n// where it is stored\n{filled}\n// where it is used\nif let Some({0}) = weak.upgrade() {{ .. }}",
        variable(target)
    );
    found.help(format!("make `{field}` a `Weak` pointer: it does not own what owns it"), code)
}

/// What to downgrade instead of cloning it.
fn downgraded(cx: &Context<'_>, closing: &Link, target: &str) -> String {
    match closing.cloned.map(|(loc, is_ref)| (cx.program.text(loc), is_ref)) {
        Some((text, true)) if !text.is_empty() && !text.contains('\n') => text.to_owned(),
        Some((text, false)) if !text.is_empty() && !text.contains('\n') => format!("&{text}"),
        _ => format!("&{}", variable(target)),
    }
}

/// A variable's name for an object of a type: `connection_pool`.
fn variable(type_name: &str) -> String {
    let mut name = String::new();
    for (index, letter) in type_name.chars().enumerate() {
        if letter.is_uppercase() && index > 0 {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    name
}
