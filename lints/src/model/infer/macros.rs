//! The standard macros whose value the inference knows, by name: a macro of the user's shadows them.

use super::Infer;
use crate::model::program::Def;
use crate::model::resolve::Namespace;
use crate::model::ty::{Ty, Tys};
use crate::source::Name;
use crate::syntax::ir::{ExprId, ItemKind, MacroCall};

const VEC: Name = Name::of("vec");
const PANIC: Name = Name::of("panic");
const TODO: Name = Name::of("todo");
const UNREACHABLE: Name = Name::of("unreachable");
const UNIMPLEMENTED: Name = Name::of("unimplemented");
const BAIL: Name = Name::of("bail");
const FORMAT: Name = Name::of("format");
const MATCHES: Name = Name::of("matches");
const TRY: Name = Name::of("try");
const DBG: Name = Name::of("dbg");
const IS_MACRO: Name = Name::of("is_macro");
const WRITE: Name = Name::of("write");
const WRITELN: Name = Name::of("writeln");
const WRITE_FMT: Name = Name::of("write_fmt");
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
            first = first.or(Some(ty));
        }
        if user_macro.is_some() {
            return Ty::Unknown;
        }
        match call.path.last() {
            PANIC | TODO | UNREACHABLE | UNIMPLEMENTED => Ty::Never,
            BAIL => Ty::Never,
            FORMAT => self.program.lang.string.map_or(Ty::Unknown, |def| Ty::Adt(def, Tys::default())),
            MATCHES => Ty::BOOL,
            TRY => {
                let ty = first.map_or(Ty::Unknown, |ty| self.known(&ty));
                self.try_output(&ty)
            }
            DBG => first.unwrap_or(Ty::Unknown),
            WRITE | WRITELN => first.map_or(Ty::Unknown, |ty| self.written_to(&ty)),
            name if UNIT.contains(&name) => Ty::unit(),
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

    /// What `write!` gives: the result of the method that it calls on its first argument.
    fn written_to(&mut self, target: &Ty) -> Ty {
        let target = self.known(target);
        match self.program.pick_method(&target, WRITE_FMT) {
            Some((pick, _)) => {
                let mut subst = pick.subst;
                self.function_shape(pick.function, &mut subst).ret
            }
            None => Ty::Unknown,
        }
    }
}
