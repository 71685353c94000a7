//! Types as text, for tests and for the tools that measure the inference. No message of a lint is made of it.

use super::program::{DefId, Program};
use super::ty::{Bound, FnTy, Prim, Ty};
use crate::source::Name;
use std::fmt::{self, Display, Formatter};

/// A type that can be printed. See [`Program::show`].
#[derive(Clone, Copy, Debug)]
pub struct ShownTy<'a> {
    program: &'a Program<'a>,
    ty: &'a Ty,
}

impl Program<'_> {
    /// A type as it would be written with every name imported; `_` is what is not known, `{integer}` and `{float}` stand
    /// for the numbers.
    pub fn show<'a>(&'a self, ty: &'a Ty) -> ShownTy<'a> {
        ShownTy { program: self, ty }
    }

    /// The text of a name, from whatever file has it.
    fn text_of(&self, name: Name) -> &str {
        self.units.iter().find_map(|unit| unit.ir.name_text(name)).unwrap_or("?")
    }

    /// The arguments that one writes: a library's hasher or allocator goes without saying.
    fn written_args<'t>(&self, def: DefId, args: &'t [Ty]) -> &'t [Ty] {
        let params = self.generics(def).filter(|_| !self.is_user(def)).map_or(&[][..], |generics| &generics.params);
        let written = params.iter().position(|param| param.default.is_some()).unwrap_or(args.len());
        args.get(..written).unwrap_or(args)
    }

    fn param_name(&self, owner: DefId, index: u32) -> &str {
        if index == Ty::SELF_INDEX {
            return "Self";
        }
        let param = self.generics(owner).and_then(|generics| generics.params.get(index as usize));
        param.map_or("?", |param| self.name_text(owner, param.name))
    }
}

impl<'a> ShownTy<'a> {
    fn of<'b>(&'b self, ty: &'b Ty) -> ShownTy<'b> {
        ShownTy { program: self.program, ty }
    }

    fn list(&self, f: &mut Formatter<'_>, types: &[Ty]) -> fmt::Result {
        for (index, ty) in types.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{}", self.of(ty))?;
        }
        Ok(())
    }

    fn result(&self, f: &mut Formatter<'_>, ret: &Ty) -> fmt::Result {
        if ret.is_unit() { Ok(()) } else { write!(f, " -> {}", self.of(ret)) }
    }

    fn function(&self, f: &mut Formatter<'_>, open: &str, sig: &FnTy, close: &str) -> fmt::Result {
        f.write_str(open)?;
        self.list(f, &sig.params)?;
        f.write_str(close)?;
        self.result(f, &sig.ret)
    }

    fn bounds(&self, f: &mut Formatter<'_>, keyword: &str, bounds: &[Bound]) -> fmt::Result {
        f.write_str(keyword)?;
        for (index, bound) in bounds.iter().enumerate() {
            f.write_str(if index == 0 { " " } else { " + " })?;
            self.bound(f, bound)?;
        }
        Ok(())
    }

    fn bound(&self, f: &mut Formatter<'_>, bound: &Bound) -> fmt::Result {
        f.write_str(self.program.name(bound.trait_def))?;
        if let (true, [Ty::Tuple(params)]) = (self.program.lang.is_fn_trait(bound.trait_def), &*bound.args) {
            f.write_str("(")?;
            self.list(f, params)?;
            f.write_str(")")?;
            return bound.bindings.first().map_or(Ok(()), |(_, ret)| self.result(f, ret));
        }
        if bound.args.is_empty() && bound.bindings.is_empty() {
            return Ok(());
        }
        f.write_str("<")?;
        self.list(f, &bound.args)?;
        for (index, (name, ty)) in bound.bindings.iter().enumerate() {
            let comma = if index == 0 && bound.args.is_empty() { "" } else { ", " };
            write!(f, "{comma}{} = {}", self.program.text_of(*name), self.of(ty))?;
        }
        f.write_str(">")
    }
}

impl Display for ShownTy<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.ty {
            Ty::Unknown | Ty::Infer(_) => f.write_str("_"),
            Ty::Never => f.write_str("!"),
            Ty::Prim(Prim::Bool) => f.write_str("bool"),
            Ty::Prim(Prim::Char) => f.write_str("char"),
            Ty::Prim(Prim::Str) => f.write_str("str"),
            Ty::Prim(Prim::Int) => f.write_str("{integer}"),
            Ty::Prim(Prim::Float) => f.write_str("{float}"),
            Ty::Adt(def, args) => {
                f.write_str(self.program.name(*def))?;
                let args = self.program.written_args(*def, args);
                if args.is_empty() {
                    return Ok(());
                }
                f.write_str("<")?;
                self.list(f, args)?;
                f.write_str(">")
            }
            Ty::Ref(mutable, inner) => write!(f, "&{}{}", if *mutable { "mut " } else { "" }, self.of(inner)),
            Ty::Ptr(mutable, inner) => write!(f, "*{} {}", if *mutable { "mut" } else { "const" }, self.of(inner)),
            Ty::Tuple(types) => {
                f.write_str("(")?;
                self.list(f, types)?;
                f.write_str(if types.len() == 1 { ",)" } else { ")" })
            }
            Ty::Slice(inner) => write!(f, "[{}]", self.of(inner)),
            Ty::Array(inner) => write!(f, "[{}; _]", self.of(inner)),
            Ty::Fn(sig) => self.function(f, "fn(", sig, ")"),
            Ty::Closure(_, _, sig) => self.function(f, "|", sig, "|"),
            Ty::FnDef(def) => write!(f, "fn {}", self.program.name(*def)),
            Ty::Param(owner, index) => f.write_str(self.program.param_name(*owner, *index)),
            Ty::Dyn(bounds) => self.bounds(f, "dyn", bounds),
            Ty::Opaque(bounds) => self.bounds(f, "impl", bounds),
            Ty::Projection(projection) => {
                let trait_name = projection.trait_def.map_or("_", |def| self.program.name(def));
                let name = self.program.text_of(projection.name);
                write!(f, "<{} as {trait_name}>::{name}", self.of(&projection.base))
            }
        }
    }
}
