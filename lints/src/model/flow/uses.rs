//! How the value of an expression is used by its parent, and what is known of macros.
//!
//! Answers come from the tree and the types alone, one at a time: they hold on every path, and cost nothing until they
//! are asked for.

use crate::model::infer::{Inference, ValueRef};
use crate::model::program::{BodyRef, Program};
use crate::model::tree::{BodyTree, Parent};
use crate::model::ty::{Prim, Ty};
use crate::source::Name;
use crate::syntax::ir::{BinaryOp, Expr, ExprId, LocalId, MacroCall, MethodCall, Pat, PatId, Stmt};

/// How the parent uses the value of an expression.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Use {
    /// By value.
    Move,
    /// By value, of a type that is known to be `Copy`.
    Copy,
    /// By reference (`true`: `&mut`): written, or taken by a method whose `self` is a reference.
    Borrow(bool),
    /// As the base of a field, an index or a dereference; or named without being read, as in `let _ = place`.
    Place,
    /// Matched against a pattern: parts move where the pattern binds them by value.
    Match,
    /// Not at all.
    Discard,
    /// Assigned to.
    Write,
    /// By a method or macro that is not known.
    Unknown,
}

impl Use {
    /// Whether the value is handed over, or copied.
    pub fn is_by_value(self) -> bool {
        matches!(self, Use::Move | Use::Copy)
    }
}

/// A body with all that is known of it.
#[derive(Clone, Copy, Debug)]
pub struct BodyView<'a> {
    /// The program.
    pub program: &'a Program<'a>,
    /// The body.
    pub body: BodyRef<'a>,
    /// Its types.
    pub types: &'a Inference,
    /// Its parent links.
    pub tree: &'a BodyTree,
}

impl<'a> BodyView<'a> {
    /// How the parent uses an expression; [`Use::Move`] for the root of the body.
    pub fn use_of(self, expr: ExprId) -> Use {
        match self.role_use(expr) {
            Use::Move if is_copy(self.types.ty(expr)) => Use::Copy,
            other => other,
        }
    }

    /// Whether dropping the value of an expression may do something. What is not known may.
    pub fn needs_drop(self, expr: ExprId) -> bool {
        !is_trivial(self.program, self.types.ty(expr))
    }

    /// Whether dropping a local may do something.
    pub fn local_needs_drop(self, local: LocalId) -> bool {
        !self.body.local(local).by_ref && !is_trivial(self.program, self.types.local(local))
    }

    /// Whether a closure or async block takes a local that it mentions by value: it says `move`, or moves it inside.
    pub fn is_moved_into(self, closure: ExprId, local: LocalId) -> bool {
        match self.kind(closure) {
            Expr::Closure(data) if data.is_move => return true,
            Expr::Async { is_move: true, .. } => return true,
            _ => {}
        }
        self.tree.uses(local).iter().any(|mention| {
            self.tree.is_inside(*mention, closure)
                && (self.use_of(*mention) == Use::Move || self.is_taken_further(*mention, closure))
        })
    }

    /// Whether a mention inside a closure stands in another one in it that says `move`.
    fn is_taken_further(self, mention: ExprId, closure: ExprId) -> bool {
        let inside = self.tree.ancestors(mention).take_while(|around| *around != closure);
        inside.into_iter().any(|around| match self.kind(around) {
            Expr::Closure(data) => data.is_move,
            Expr::Async { is_move, .. } => *is_move,
            _ => false,
        })
    }

    /// The local that a place is part of, with no dereference between: `x`, `x.a.b`.
    pub fn place_local(self, expr: ExprId) -> Option<LocalId> {
        let mut at = expr;
        loop {
            match self.kind(at) {
                Expr::Local(local) => return Some(*local),
                Expr::Field { base, .. } => {
                    let derefs = self.types.fields.get(&at).map(|(_, derefs)| *derefs);
                    // An element of a tuple has no entry: `guard.0` is reached through the guard.
                    let of_tuple = derefs.is_none() && matches!(self.types.ty(*base), Ty::Adt(..));
                    let through = derefs.is_some_and(|derefs| derefs > 0) || of_tuple;
                    if through || matches!(self.types.ty(*base), Ty::Ref(..)) {
                        return None;
                    }
                    at = *base;
                }
                _ => return None,
            }
        }
    }

    /// Whether a pattern matches whatever it is given.
    pub fn is_irrefutable(self, pat: PatId) -> bool {
        match &self.body.pat(pat).kind {
            Pat::Wild | Pat::Rest => true,
            Pat::Bind { sub, .. } => sub.is_none_or(|sub| self.is_irrefutable(sub)),
            Pat::Tuple(pats) => pats.iter().all(|pat| self.is_irrefutable(*pat)),
            Pat::Ref(inner) => self.is_irrefutable(*inner),
            _ => false,
        }
    }

    pub(super) fn kind(self, expr: ExprId) -> &'a Expr {
        &self.body.expr(expr).kind
    }

    fn role_use(self, expr: ExprId) -> Use {
        match self.tree.parent(expr) {
            Parent::Stmt(..) if is_place(self.kind(expr)) => Use::Move,
            Parent::Stmt(..) | Parent::LetElse(..) | Parent::LoopBody(_) => Use::Discard,
            Parent::LetInit(block, index) => self.initializer_use(expr, block, index),
            Parent::Receiver(call) => match self.kind(call) {
                Expr::MethodCall(data) => self.receiver_use(call, data),
                _ => Use::Unknown,
            },
            Parent::Callee(_) => self.callee_use(expr),
            Parent::FieldBase(_) | Parent::IndexBase(_) | Parent::DerefOperand(_) => Use::Place,
            Parent::RefOperand(parent) => match self.kind(parent) {
                Expr::Ref { mutable, .. } => Use::Borrow(*mutable),
                _ => Use::Unknown,
            },
            Parent::Operand(parent) => match self.kind(parent) {
                Expr::Binary { op: BinaryOp::Compare, .. } => Use::Borrow(false),
                _ => Use::Move,
            },
            Parent::AssignTarget(_) => Use::Write,
            Parent::AssignValue(assign) => match self.kind(assign) {
                // `_ = value` drops the value at the end of the statement.
                Expr::Assign { target, compound: false, .. } if matches!(self.kind(*target), Expr::Missing) => {
                    Use::Discard
                }
                _ => Use::Move,
            },
            Parent::LetOperand(_) | Parent::Scrutinee(_) => Use::Match,
            Parent::MacroArg(parent, index) => match self.kind(parent) {
                Expr::Macro(call) => MacroShape::of(self.types, parent, call).argument(index),
                _ => Use::Unknown,
            },
            Parent::SelectOperand(..) => self.select_use(expr),
            Parent::Opaque(parent) => match self.kind(parent) {
                Expr::Select(_) => Use::Move,
                _ => Use::Unknown,
            },
            Parent::Root
            | Parent::BlockTail(_)
            | Parent::Arg(..)
            | Parent::IndexValue(_)
            | Parent::Logic(..)
            | Parent::Cond(_)
            | Parent::Branch(..)
            | Parent::ArmGuard(..)
            | Parent::ArmBody(..)
            | Parent::ForIter(_)
            | Parent::BreakValue(_)
            | Parent::ReturnValue(_)
            | Parent::ClosureBody(_)
            | Parent::AsyncBody(_)
            | Parent::AwaitOperand(_)
            | Parent::TryOperand(_)
            | Parent::StructField(..)
            | Parent::StructSpread(_)
            | Parent::Element(..) => Use::Move,
        }
    }

    fn initializer_use(self, init: ExprId, block: ExprId, index: u32) -> Use {
        let Expr::Block(block) = self.kind(block) else { return Use::Unknown };
        let Some(Stmt::Let { pat, .. }) = block.stmts.get(index as usize) else { return Use::Unknown };
        match &self.body.pat(*pat).kind {
            Pat::Bind { local, sub: None } if self.body.local(*local).by_ref => Use::Borrow(false),
            Pat::Bind { sub: None, .. } => Use::Move,
            Pat::Wild if is_place(self.kind(init)) => Use::Place,
            Pat::Wild => Use::Discard,
            _ => Use::Match,
        }
    }

    fn callee_use(self, callee: ExprId) -> Use {
        match self.types.ty(callee) {
            Ty::Fn(_) | Ty::FnDef(_) => Use::Copy,
            Ty::Unknown if matches!(self.kind(callee), Expr::Path(_)) => Use::Copy,
            // An `FnOnce` is used up.
            Ty::Param(..) | Ty::Opaque(_) | Ty::Unknown => Use::Unknown,
            _ => Use::Borrow(true),
        }
    }

    fn receiver_use(self, id: ExprId, call: &MethodCall) -> Use {
        let receiver = self.types.ty(call.receiver);
        let Some((function, derefs)) = self.types.methods.get(&id) else {
            // What a guard or a box has no method for is looked up behind it.
            return match receiver {
                Ty::Ref(mutable, _) => Use::Borrow(*mutable),
                Ty::Adt(..) if self.program.deref(receiver).is_some() => Use::Borrow(true),
                _ => Use::Unknown,
            };
        };
        let self_ty = self.program.signature(*function).and_then(|signature| signature.self_ty.as_ref());
        match self_ty {
            Some(Ty::Ref(mutable, _)) => Use::Borrow(*mutable),
            Some(_) if *derefs == 0 => Use::Move,
            // `self: Arc<Self>`, and what moves out of a box.
            Some(ty) if ty.adt().is_some() && ty.adt() == receiver.adt() => Use::Move,
            Some(_) if receiver.adt().is_some() && receiver.adt() == self.program.lang.boxed => Use::Move,
            Some(_) => Use::Place,
            None => Use::Unknown,
        }
    }

    fn select_use(self, operand: ExprId) -> Use {
        use crate::syntax::ir::SelectOp;
        let Parent::SelectOperand(select, index) = self.tree.parent(operand) else { return Use::Unknown };
        let Expr::Select(arms) = self.kind(select) else { return Use::Unknown };
        match arms.get(index as usize).map(|arm| arm.op) {
            Some(SelectOp::Recv(_) | SelectOp::Send(..)) => Use::Borrow(false),
            _ => Use::Move,
        }
    }
}

/// Whether an expression names a place rather than making a value.
pub(super) fn is_place(kind: &Expr) -> bool {
    matches!(
        kind,
        Expr::Local(_) | Expr::Path(_) | Expr::Field { .. } | Expr::Index { .. } | Expr::Deref(_) | Expr::Missing
    )
}

/// Whether values of a type are certainly copied rather than moved.
fn is_copy(ty: &Ty) -> bool {
    match ty {
        Ty::Prim(prim) => *prim != Prim::Str,
        Ty::Ref(mutable, _) => !mutable,
        Ty::Never | Ty::Ptr(..) | Ty::Fn(_) | Ty::FnDef(_) => true,
        Ty::Tuple(parts) => parts.iter().all(is_copy),
        Ty::Array(inner) => is_copy(inner),
        _ => false,
    }
}

/// Whether nothing happens when a value of the type is dropped.
pub(super) fn is_trivial(program: &Program<'_>, ty: &Ty) -> bool {
    match ty {
        Ty::Prim(_) | Ty::Ref(..) | Ty::Ptr(..) | Ty::Never | Ty::Fn(_) | Ty::FnDef(_) => true,
        Ty::Tuple(parts) => parts.iter().all(|part| is_trivial(program, part)),
        Ty::Array(inner) | Ty::Slice(inner) => is_trivial(program, inner),
        Ty::Adt(def, args) => {
            let lang = &program.lang;
            [lang.option, lang.result, lang.range].contains(&Some(*def))
                && args.iter().all(|arg| is_trivial(program, arg))
        }
        _ => false,
    }
}

/// Whether a call makes a struct or variant of what it is given.
pub(super) fn is_constructor(view: BodyView<'_>, call: ExprId) -> bool {
    match view.kind(call) {
        Expr::Call { callee, .. } => matches!(view.types.values.get(callee), Some(ValueRef::Constructor(..))),
        _ => false,
    }
}

/// What is known of how a macro treats its arguments, and how it ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum MacroShape {
    /// Formats its arguments and is done with them: `println!`, `format!`, `info!`, `panic!`.
    Print,
    /// Formats into its first argument: `write!`.
    Write,
    /// Tests its first argument and formats the others: `assert!`.
    Assert,
    /// [`MacroShape::Assert`] that returns an error where the test fails: `ensure!`.
    Ensure,
    /// Formats its arguments and returns an error: `bail!`.
    Bail,
    /// Looks at its arguments until the end of the statement: `assert_eq!`.
    Compare,
    /// Takes its arguments: `vec!`, `dbg!`.
    Take,
    /// [`MacroShape::Take`] that may return an error: `try!`.
    Try,
    /// Matches its argument: `matches!`.
    Match,
    /// Anything else.
    Unknown,
}

impl MacroShape {
    pub(super) fn of(types: &Inference, id: ExprId, call: &MacroCall) -> MacroShape {
        if types.macros.contains_key(&id) {
            return MacroShape::Unknown;
        }
        let name = call.path.last();
        MACROS.iter().find(|(own, _)| *own == name).map_or(MacroShape::Unknown, |(_, shape)| *shape)
    }

    fn argument(self, index: u32) -> Use {
        match self {
            MacroShape::Write => Use::Borrow(index == 0),
            MacroShape::Assert | MacroShape::Ensure if index == 0 => Use::Copy,
            MacroShape::Print | MacroShape::Assert | MacroShape::Ensure | MacroShape::Bail | MacroShape::Compare => {
                Use::Borrow(false)
            }
            MacroShape::Take | MacroShape::Try => Use::Move,
            MacroShape::Match => Use::Match,
            MacroShape::Unknown => Use::Unknown,
        }
    }

    /// Whether the temporaries in its arguments end with the macro call, not with the statement around it.
    pub(super) fn closes_temporaries(self) -> bool {
        matches!(self, MacroShape::Print | MacroShape::Assert | MacroShape::Ensure | MacroShape::Bail)
    }
}

const MACROS: [(Name, MacroShape); 31] = [
    (Name::of("println"), MacroShape::Print),
    (Name::of("eprintln"), MacroShape::Print),
    (Name::of("print"), MacroShape::Print),
    (Name::of("eprint"), MacroShape::Print),
    (Name::of("format"), MacroShape::Print),
    (Name::of("panic"), MacroShape::Print),
    (Name::of("todo"), MacroShape::Print),
    (Name::of("unreachable"), MacroShape::Print),
    (Name::of("unimplemented"), MacroShape::Print),
    (Name::of("trace"), MacroShape::Print),
    (Name::of("debug"), MacroShape::Print),
    (Name::of("info"), MacroShape::Print),
    (Name::of("warn"), MacroShape::Print),
    (Name::of("error"), MacroShape::Print),
    (Name::of("log"), MacroShape::Print),
    (Name::of("anyhow"), MacroShape::Print),
    (Name::of("bail"), MacroShape::Bail),
    (Name::of("ensure"), MacroShape::Ensure),
    (Name::of("write"), MacroShape::Write),
    (Name::of("writeln"), MacroShape::Write),
    (Name::of("format_args"), MacroShape::Compare),
    (Name::of("assert"), MacroShape::Assert),
    (Name::of("debug_assert"), MacroShape::Assert),
    (Name::of("assert_eq"), MacroShape::Compare),
    (Name::of("assert_ne"), MacroShape::Compare),
    (Name::of("debug_assert_eq"), MacroShape::Compare),
    (Name::of("debug_assert_ne"), MacroShape::Compare),
    (Name::of("vec"), MacroShape::Take),
    (Name::of("dbg"), MacroShape::Take),
    (Name::of("try"), MacroShape::Try),
    (Name::of("matches"), MacroShape::Match),
];
