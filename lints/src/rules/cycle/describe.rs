//! What the lints about rings say alike: the types in order, and a field written weakly.

use crate::facts::{ClosedRing, Context, Link};
use crate::model::DefId;
use crate::syntax::ir::TypeRef;

/// The types on a ring, each once, from the owner on: `["Server", "Connection"]`.
pub(super) fn types(ring: &ClosedRing) -> Vec<DefId> {
    let mut types: Vec<DefId> = Vec::new();
    // The closing field belongs to the last of them.
    for link in ring.links.iter().skip(1).chain(ring.links.first()) {
        if !types.contains(&link.owns.field.adt) {
            types.push(link.owns.field.adt);
        }
    }
    types
}

/// `` `A` and `B` ``, `` `A`, `B` and `C` ``
pub(super) fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [init @ .., last] => {
            let init: Vec<String> = init.iter().map(|name| format!("`{name}`")).collect();
            format!("{} and `{last}`", init.join(", "))
        }
    }
}

/// The name of the strong pointer on a link: `Arc`.
pub(super) fn pointer<'c>(cx: &'c Context<'_>, link: &Link) -> &'c str {
    link.owns.strong.map_or("Arc", |def| cx.program.name(def))
}

/// The field's declaration with `Weak` for its strong pointer: `parent: Mutex<Option<Weak<Node>>>`. `None` where the pointer
/// is not written in it.
pub(super) fn weak_declaration(cx: &Context<'_>, link: &Link) -> Option<String> {
    let field = cx.field(link.owns.field)?;
    let file = cx.program.file(link.owns.field.adt);
    let TypeRef::Path(path) = &field.ty else { return None };
    let written = cx.program.text(crate::source::Loc::new(file, path.span));
    let strong = format!("{}<", pointer(cx, link));
    let at = written.rfind(&strong)?;
    let (before, after) = (written.get(..at)?, written.get(at + strong.len()..)?);
    // `std::sync::Arc<T>` and `sync::Weak<T>` share the path in front.
    Some(format!("{}: {before}Weak<{after}", cx.program.name_text(link.owns.field.adt, field.name)))
}
