//! The standard macros whose value the inference knows, by name: a macro of the user's shadows them.

use super::Infer;
use crate::model::program::{Def, DefId};
use crate::model::resolve::Namespace;
use crate::model::ty::{Prim, Ty, Tys};
use crate::source::Name;
use crate::syntax::ir::{ExprId, ItemKind, MacroCall};
use std::sync::Arc;

const VEC: Name = Name::of("vec");
const FORMAT: Name = Name::of("format");
const FORMAT_ARGS: Name = Name::of("format_args");
const WRITE: [Name; 2] = [Name::of("write"), Name::of("writeln")];
const WRITE_FMT: Name = Name::of("write_fmt");
const TRY: Name = Name::of("try");
const ADDR_OF: [Name; 2] = [Name::of("addr_of"), Name::of("addr_of_mut")];
const READY: Name = Name::of("ready");
const DBG: Name = Name::of("dbg");
const IS_MACRO: Name = Name::of("is_macro");
const BOOL: [Name; 2] = [Name::of("matches"), Name::of("cfg")];
const INTEGER: [Name; 2] = [Name::of("line"), Name::of("column")];
const TEXT: [Name; 6] = [
    Name::of("concat"),
    Name::of("env"),
    Name::of("file"),
    Name::of("include_str"),
    Name::of("module_path"),
    Name::of("stringify"),
];
const NEVER: [Name; 5] =
    [Name::of("bail"), Name::of("panic"), Name::of("todo"), Name::of("unimplemented"), Name::of("unreachable")];
const UNIT: [Name; 16] = [
    Name::of("println"),
    Name::of("eprintln"),
    Name::of("print"),
    Name::of("eprint"),
    Name::of("assert"),
    Name::of("assert_eq"),
    Name::of("assert_ne"),
    Name::of("debug_assert"),
    Name::of("debug_assert_eq"),
    Name::of("debug_assert_ne"),
    Name::of("trace"),
    Name::of("debug"),
    Name::of("info"),
    Name::of("warn"),
    Name::of("error"),
    Name::of("log"),
];

impl<'p> Infer<'p, '_> {
    pub(super) fn macro_call(&mut self, id: ExprId, call: &'p MacroCall, expected: &Ty) -> Ty {
        let names: Vec<Name> = call.path.segments.iter().map(|segment| segment.name).collect();
        let (def, _) = self.program.resolve_path(self.scope.module, &names, call.path.global, Namespace::Macros);
        let user_macro = match def {
            Def::Item(def) if matches!(self.program.item(def).kind, ItemKind::MacroRules(_)) => Some(def),
            _ => None,
        };
        if let Some(def) = user_macro {
            self.out.macros.insert(id, def);
        }
        let is_vec = call.path.last() == VEC && user_macro.is_none();
        if is_vec && let Some(vec) = self.program.lang.vec {
            let elem = match self.shallow(expected) {
                Ty::Adt(def, args) if def == vec => args.first().cloned().unwrap_or(Ty::Unknown),
                _ => Ty::Unknown,
            };
            let elem = if matches!(elem, Ty::Adt(..)) { elem } else { self.fresh() };
            for arg in &call.args {
                self.checked(*arg, &elem);
            }
            return Ty::Adt(vec, Tys::new(vec![elem]));
        }
        let mut first = None;
        for arg in &call.args {
            let ty = self.expr(*arg, &Ty::Unknown);
            if let (None, Some(pat)) = (&first, call.pat) {
                self.pat(pat, &ty, None);
            }
            first = first.or(Some(ty));
        }
        if user_macro.is_some() {
            return Ty::Unknown;
        }
        let name = call.path.last();
        let first = first.map_or(Ty::Unknown, |ty| self.known(&ty));
        match name {
            FORMAT => self.plain(self.program.lang.string),
            FORMAT_ARGS => self.plain(self.program.lang.arguments),
            TRY => self.try_output(&first),
            READY => match &first {
                Ty::Adt(def, args) if Some(*def) == self.program.lang.poll => {
                    args.first().cloned().unwrap_or(Ty::Unknown)
                }
                _ => Ty::Unknown,
            },
            DBG => first,
            _ if ADDR_OF.contains(&name) => Ty::Ptr(true, Arc::new(first)),
            _ if WRITE.contains(&name) => self.call_without_args(&first, WRITE_FMT),
            _ if NEVER.contains(&name) => Ty::Never,
            _ if BOOL.contains(&name) => Ty::BOOL,
            _ if INTEGER.contains(&name) => Ty::Prim(Prim::Int),
            _ if TEXT.contains(&name) => self.program.str_ref(),
            _ if UNIT.contains(&name) => Ty::unit(),
            _ => self.catalogued_macro(&names, call.path.global),
        }
    }

    /// The value of a macro that the catalogue writes down as a function: `tracing::info_span!`.
    fn catalogued_macro(&self, names: &[Name], global: bool) -> Ty {
        let (def, _) = self.program.resolve_path(self.scope.module, names, global, Namespace::Values);
        match def {
            Def::Item(def) if self.program.item(def).attrs.effects.iter().any(|effect| effect.name == IS_MACRO) => {
                self.program.signature(def).map_or(Ty::Unknown, |signature| signature.ret.clone())
            }
            _ => Ty::Unknown,
        }
    }

    fn plain(&self, def: Option<DefId>) -> Ty {
        def.map_or(Ty::Unknown, |def| Ty::Adt(def, Tys::default()))
    }
}
