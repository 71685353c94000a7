//! What other crates can call, as far as paths, traits and types say.

use super::context::Context;
use crate::model::{DefId, Exports};
use crate::source::Name;
use crate::syntax::ir::{ItemKind, Visibility};

impl Context<'_> {
    /// The function by which other crates come to a function of the crate's own, the nearest one: itself, or one that calls it.
    pub(super) fn entry_to(&self, function: DefId, depth: u32) -> Option<DefId> {
        let is_open = |function: &DefId| {
            let item = self.program.item(*function);
            self.is_callable(*function) || (item.vis == Visibility::Public && self.is_named_by_macros(item.name))
        };
        let mut level = vec![function];
        let mut seen = level.clone();
        for _ in 0..depth {
            if let Some(entry) = level.iter().copied().find(is_open) {
                return Some(entry);
            }
            let calls = level.iter().flat_map(|function| self.calls_of(*function));
            let mut next: Vec<DefId> = calls.map(|(body, _)| self.program.body(body).owner).collect();
            next.sort_unstable();
            next.dedup();
            next.retain(|caller| !seen.contains(caller));
            seen.extend(next.iter().copied());
            level = next;
        }
        None
    }

    /// Whether a macro of the crate's own mentions a name: it may stand in the API that the macro writes.
    fn is_named_by_macros(&self, name: Name) -> bool {
        self.program.user_defs().any(|def| match &self.program.item(def).kind {
            ItemKind::MacroRules(data) => data.tokens.names.binary_search(&name).is_ok(),
            ItemKind::MacroCall(tokens) => tokens.names.binary_search(&name).is_ok(),
            _ => false,
        })
    }

    /// Whether other crates can call a function.
    pub(super) fn is_callable(&self, function: DefId) -> bool {
        let item = self.program.item(function);
        let Some(parent) = self.program.def(function).parent else { return self.is_exported(function) };
        match (&self.program.item(parent).kind, self.program.impl_header(parent)) {
            (ItemKind::Trait(_), _) => self.is_exported(parent),
            (_, Some(header)) => {
                let is_open = match &header.trait_ref {
                    Some(bound) => !self.program.is_user(bound.trait_def) || self.is_exported(bound.trait_def),
                    None => item.vis == Visibility::Public,
                };
                is_open && header.self_ty.adt().is_some_and(|adt| !self.program.is_user(adt) || self.is_exported(adt))
            }
            _ => false,
        }
    }

    /// Whether other crates can name an item.
    pub(super) fn is_exported(&self, def: DefId) -> bool {
        self.exports.get_or_init(|| Exports::find(self.program)).contains(self.program, def)
    }
}
