//! Who sets a `bool` that is no atomic: a field behind a lock (`stop: Mutex<bool>`), or of the struct behind one
//! (`state: Mutex<State>` with `stopped: bool`).
//!
//! Every mention of the field is followed up through references, locks, guards and waits to what is done with it. What is
//! not understood may set it.

use super::context::{Analysis, Context};
use super::effects::word;
use super::objects::core;
use super::place::Place;
use crate::model::{BodyId, FieldRef, Parent, Ty, ValueRef};
use crate::syntax::ir::{Expr, ExprId, Literal, LocalId, Pat, PatId, Stmt};
use rustc_hash::FxHashSet;

const DEPTH: u32 = 6;

/// What is known of a plain flag over the whole program.
#[derive(Clone, Debug, Default)]
pub(super) struct PlainFlag {
    /// Where it is set, and to what, where that is a literal.
    pub(super) stores: Vec<(BodyId, ExprId, Option<bool>)>,
    /// The values it is made with, where they are literals.
    pub(super) initial: Vec<bool>,
    /// It goes where it cannot be followed, or is made with something that is no literal.
    pub(super) escapes: bool,
}

impl Context<'_> {
    /// The life of a plain flag; `None` for a field that is none.
    pub(super) fn plain_flag(&self, field: FieldRef) -> Option<PlainFlag> {
        let ty = self.program.field_types(field.adt, field.variant).get(field.index as usize)?;
        if *core(self, ty) != Ty::BOOL {
            return None;
        }
        let mut flag = PlainFlag::default();
        let name = self.program.name_text(field.adt, self.field(field)?.name);
        if self.is_open_field(field) || self.is_mentioned_unread(name) {
            flag.escapes = true;
            return Some(flag);
        }
        for body in self.bodies_touching(&[field]) {
            let analysis = self.analysis(body.id);
            let mut walk = Walk { cx: self, analysis, field, flag: &mut flag, seen: FxHashSet::default() };
            walk.read();
        }
        Some(flag)
    }
}

struct Walk<'w, 'c, 'a> {
    cx: &'c Context<'a>,
    analysis: &'c Analysis<'a>,
    field: FieldRef,
    flag: &'w mut PlainFlag,
    seen: FxHashSet<LocalId>,
}

impl Walk<'_, '_, '_> {
    fn read(&mut self) {
        let analysis = self.analysis;
        let mut mentions: Vec<ExprId> = analysis
            .types
            .fields
            .iter()
            .filter(|(_, (field, _))| *field == self.field)
            .map(|(expr, _)| *expr)
            .collect();
        mentions.sort_unstable();
        for mention in mentions {
            self.mention(mention);
        }
        let mut pats: Vec<PatId> =
            analysis.types.pat_fields.iter().filter(|(_, field)| **field == self.field).map(|(pat, _)| *pat).collect();
        pats.sort_unstable();
        for pat in pats {
            self.bound(pat, DEPTH);
        }
        self.literals();
    }

    /// The values that struct literals and constructors give the field.
    fn literals(&mut self) {
        let analysis = self.analysis;
        for index in 0..analysis.body.ir.exprs.len() as u32 {
            let expr = ExprId(index);
            match analysis.expr(expr) {
                Expr::Struct(literal)
                    if analysis.types.literals.get(&expr) == Some(&(self.field.adt, self.field.variant)) =>
                {
                    let name = self.cx.field(self.field).map(|field| field.name);
                    match literal.fields.iter().find(|(own, _, _)| Some(*own) == name) {
                        Some((_, _, value)) => self.made(*value, DEPTH),
                        None => self.flag.escapes = true,
                    }
                }
                Expr::Call { callee, args }
                    if analysis.value(*callee) == Some(ValueRef::Constructor(self.field.adt, self.field.variant)) =>
                {
                    match args.get(self.field.index as usize) {
                        Some(value) => self.made(*value, DEPTH),
                        None => self.flag.escapes = true,
                    }
                }
                _ => {}
            }
        }
    }

    /// `false`, `Mutex::new(false)`, `Default::default()`
    fn made(&mut self, value: ExprId, budget: u32) {
        let analysis = self.analysis;
        let value = analysis.peel(value);
        let is_library = |callee| !self.cx.program.is_user(callee);
        match analysis.expr(value) {
            Expr::Literal(Literal::Bool(value)) => self.flag.initial.push(*value),
            Expr::Call { args, .. } if budget > 0 && analysis.callee(value).is_some_and(is_library) => match &**args {
                [] => self.flag.initial.push(false),
                [only] => self.made(*only, budget - 1),
                _ => self.flag.escapes = true,
            },
            _ => self.flag.escapes = true,
        }
    }

    /// One mention: up to what is done with it.
    fn mention(&mut self, expr: ExprId) {
        let analysis = self.analysis;
        let mut at = expr;
        loop {
            let is_copy = *analysis.types.ty(at) == Ty::BOOL;
            match analysis.tree.parent(at) {
                Parent::RefOperand(up) => {
                    if matches!(analysis.expr(up), Expr::Ref { mutable: true, .. }) {
                        return self.escape();
                    }
                    at = up;
                }
                Parent::AssignTarget(assign) => return self.assigned(assign),
                Parent::DerefOperand(up) => at = up,
                Parent::Receiver(call) => {
                    let leads_on = analysis.callee(call).is_some_and(|callee| {
                        let effects = self.cx.effects(callee);
                        [word::ACQUIRES, word::UNWRAPS, word::ALIASES].iter().any(|word| effects.has(*word))
                    });
                    match leads_on {
                        true => at = call,
                        false if is_copy => return,
                        false => return self.escape(),
                    }
                }
                // A statement, a macro that prints, a use of the value.
                Parent::Stmt(..) => return,
                Parent::MacroArg(call, _) => {
                    return match analysis.expr(call) {
                        Expr::Macro(data) if data.parsed => {}
                        _ => self.escape(),
                    };
                }
                _ if is_copy => return,
                Parent::Arg(call, _) => {
                    let Some(callee) = analysis.callee(call) else { return self.escape() };
                    let effects = self.cx.effects(callee);
                    if effects.has(word::WAITS) || effects.has(word::ACQUIRES) || effects.has(word::ALIASES) {
                        at = call;
                    } else if effects.has(word::DROPS) {
                        return;
                    } else {
                        return self.escape();
                    }
                }
                Parent::BlockTail(up) | Parent::TryOperand(up) | Parent::AwaitOperand(up) => at = up,
                Parent::LetInit(block, index) => {
                    let Expr::Block(block) = analysis.expr(block) else { return self.escape() };
                    return match block.stmts.get(index as usize) {
                        Some(Stmt::Let { pat, .. }) => self.bound(*pat, DEPTH),
                        _ => self.escape(),
                    };
                }
                Parent::LetOperand(up) => {
                    return match analysis.expr(up) {
                        Expr::Let { pat, .. } => self.bound(*pat, DEPTH),
                        _ => self.escape(),
                    };
                }
                Parent::Scrutinee(up) => {
                    return match analysis.expr(up) {
                        Expr::Match { arms, .. } => arms.iter().for_each(|arm| self.bound(arm.pat, DEPTH)),
                        _ => self.escape(),
                    };
                }
                // The guard among what a timed wait gives.
                Parent::FieldBase(up) if !analysis.types.fields.contains_key(&up) => at = up,
                // `state = ready.wait(state).unwrap()`: the local stands for the flag already.
                Parent::AssignValue(assign) => {
                    let target = match analysis.expr(assign) {
                        Expr::Assign { target, .. } => *target,
                        _ => return self.escape(),
                    };
                    let is_known = matches!(analysis.expr(target), Expr::Local(local) if self.seen.contains(local));
                    let is_same = self.cx.place(analysis, target) == Some(Place::Field(self.field));
                    if !is_known && !is_same {
                        self.escape();
                    }
                    return;
                }
                _ => return self.escape(),
            }
        }
    }

    fn escape(&mut self) {
        self.flag.escapes = true;
    }

    fn assigned(&mut self, assign: ExprId) {
        let value = match self.analysis.expr(assign) {
            Expr::Assign { value, compound: false, .. } => match self.analysis.expr(*value) {
                Expr::Literal(Literal::Bool(value)) => Some(*value),
                _ => None,
            },
            _ => None,
        };
        self.flag.stores.push((self.analysis.body.id, assign, value));
    }

    /// What a pattern binds of it: a copy of the value, a guard, a reference.
    fn bound(&mut self, pat: PatId, budget: u32) {
        let analysis = self.analysis;
        match &analysis.body.pat(pat).kind {
            Pat::Bind { local, .. } => {
                let ty = analysis.types.local(*local);
                if ty.is_unknown() {
                    return self.escape();
                }
                let leads_to_it = *ty != Ty::BOOL && *core(self.cx, ty) == Ty::BOOL;
                if !leads_to_it || !self.seen.insert(*local) {
                    return;
                }
                for used in analysis.tree.uses(*local).to_vec() {
                    self.mention(used);
                }
            }
            Pat::TupleStruct { pats, .. } | Pat::Or(pats) | Pat::Tuple(pats) if budget > 0 => {
                for pat in pats {
                    self.bound(*pat, budget - 1);
                }
            }
            Pat::Ref(inner) if budget > 0 => self.bound(*inner, budget - 1),
            Pat::Wild | Pat::Rest | Pat::Path(_) | Pat::Literal(_) => {}
            _ => self.escape(),
        }
    }
}
