//! Who sets a flag: every access that the crate can make to an atomic (or another `flag` of the catalogue), to a `bool` under
//! a lock, or to a plain `bool` field.

use super::context::{Analysis, Context};
use super::effects::word;
use super::place::Place;
use crate::model::{BodyId, Parent, PatParent, Ty, ValueRef};
use crate::source::{Loc, Name};
use crate::syntax::ir::{Expr, ExprId, Literal, Pat, PatId, Stmt, Visibility};
use rustc_hash::FxHashSet;

const DEFAULT: Name = Name::of("Default");

/// What is known of a flag over the whole program.
#[derive(Clone, Debug, Default)]
pub struct FlagLife {
    /// Where it is set.
    pub stores: Vec<Loc>,
    /// What each of these sets it to, where that is a literal.
    pub stored: Vec<Option<bool>>,
    /// Where it is read.
    pub loads: Vec<Loc>,
    /// The calls that do.
    pub(super) load_sites: Vec<(BodyId, ExprId)>,
    /// It goes where it cannot be followed: somebody else may set it.
    pub escapes: bool,
    /// The values it is made with, where they are literals.
    pub initial: Vec<bool>,
    /// It is made with something that is not a literal.
    pub initial_unknown: bool,
    /// Where it is made.
    pub made: Option<Loc>,
}

impl FlagLife {
    /// The one value that the flag ever has, where nothing gives it another.
    pub fn constant(&self) -> Option<bool> {
        let first = self.begins_as()?;
        (!self.escapes && self.stored.iter().all(|value| *value == Some(first))).then_some(first)
    }

    /// The value that it is made with, where that is always the same.
    pub fn begins_as(&self) -> Option<bool> {
        match &self.initial[..] {
            [first, rest @ ..] if !self.initial_unknown && rest.iter().all(|value| value == first) => Some(*first),
            _ => None,
        }
    }

    fn store(&mut self, loc: Loc, value: Option<bool>) {
        self.stores.push(loc);
        self.stored.push(value);
    }
}

impl Context<'_> {
    /// The life of a flag.
    pub fn flag_life(&self, place: Place) -> FlagLife {
        let mut walk = Walk { cx: self, life: FlagLife::default(), seen: FxHashSet::default(), waiting: vec![place] };
        walk.seen.insert(place);
        while let Some(next) = walk.waiting.pop() {
            walk.place(next);
        }
        walk.life
    }

    /// Whether a type is a flag that is read and set in place, or a lock around a `bool`.
    pub fn is_flag_type(&self, ty: &Ty) -> bool {
        let roles = self.roles();
        let ty = roles.pointee(ty);
        roles.says(&ty, word::FLAG) || (roles.says(&ty, word::LOCK) && ty.args().first() == Some(&Ty::BOOL))
    }
}

fn literal(analysis: &Analysis<'_>, expr: ExprId) -> Option<bool> {
    match analysis.expr(expr) {
        Expr::Literal(Literal::Bool(value)) => Some(*value),
        _ => None,
    }
}

struct Walk<'c, 'a> {
    cx: &'c Context<'a>,
    life: FlagLife,
    seen: FxHashSet<Place>,
    waiting: Vec<Place>,
}

impl<'a> Walk<'_, 'a> {
    fn also(&mut self, place: Place) {
        if self.seen.insert(place) {
            self.waiting.push(place);
        }
    }

    fn place(&mut self, place: Place) {
        match place {
            Place::Local(body, local) => {
                let analysis = self.cx.analysis(body);
                self.scan(analysis, place);
                self.origin(analysis, local);
            }
            Place::Field(field) => {
                let Some(declared) = self.cx.field(field) else { return self.escape() };
                let is_public = declared.vis == Visibility::Public && self.is_exported(field.adt);
                let is_index = (0..16).any(|index| Name::of_index(index) == declared.name);
                let text = self.cx.program.name_text(field.adt, declared.name);
                if is_public || is_index || self.cx.is_mentioned_unread(text) {
                    return self.escape();
                }
                if self.cx.program.item(field.adt).attrs.derives.contains(&DEFAULT) {
                    self.life.initial.push(false);
                }
                for body in self.cx.bodies_mentioning(&[declared.name]) {
                    let analysis = self.cx.analysis(body.id);
                    self.scan(analysis, place);
                    self.literals(analysis, field);
                }
            }
            Place::Static(def) => {
                let item = self.cx.program.item(def);
                let unread = self.cx.is_mentioned_unread(self.cx.program.name(def));
                if unread || (item.vis == Visibility::Public && self.is_exported(def)) {
                    return self.escape();
                }
                if let Some(body) = self.cx.program.body_of(def) {
                    let analysis = self.cx.analysis(body);
                    self.made_by(analysis, analysis.body.ir.root);
                }
                for body in self.cx.bodies_mentioning(&[item.name]) {
                    let analysis = self.cx.analysis(body.id);
                    self.scan(analysis, place);
                }
            }
        }
    }

    fn escape(&mut self) {
        self.life.escapes = true;
    }

    /// Whether code outside the workspace may name an item: a public item of a library that is published.
    fn is_exported(&self, def: crate::model::DefId) -> bool {
        self.cx.program.item(def).vis == Visibility::Public
            && self.cx.program.krate(def).is_none_or(|krate| krate.is_public_api)
    }

    /// What a local that stands for the flag was made from.
    fn origin(&mut self, analysis: &Analysis<'a>, local: crate::syntax::ir::LocalId) {
        let Some(pat) = analysis.tree.binding(local) else { return self.escape() };
        match analysis.tree.pat_parent(pat) {
            PatParent::Let(block, index) => {
                let Expr::Block(block) = analysis.expr(block) else { return self.escape() };
                match block.stmts.get(index as usize) {
                    Some(Stmt::Let { init: Some(init), .. })
                        if matches!(analysis.body.pat(pat).kind, Pat::Bind { .. }) =>
                    {
                        self.made_by(analysis, *init);
                    }
                    _ => self.escape(),
                }
            }
            // A parameter: every caller may hold the flag too.
            _ => self.escape(),
        }
    }

    /// The expression that makes the flag: `Arc::new(AtomicBool::new(false))`.
    fn made_by(&mut self, analysis: &Analysis<'a>, expr: ExprId) {
        let expr = analysis.peel(expr);
        if let Some(place) = self.cx.place(analysis, expr) {
            return self.also(place);
        }
        match analysis.expr(expr) {
            Expr::Literal(Literal::Bool(value)) => {
                self.life.initial.push(*value);
                self.life.made = self.life.made.or(Some(analysis.body.expr_loc(expr)));
            }
            // The pair of a lock and its condition variable.
            Expr::Tuple(parts) => {
                let mut flags = parts.iter().filter(|part| self.cx.is_flag_type(analysis.types.ty(**part)));
                match (flags.next(), flags.next()) {
                    (Some(only), None) => self.made_by(analysis, *only),
                    _ => self.life.initial_unknown = true,
                }
            }
            Expr::Call { args, .. } => {
                let is_library = analysis.callee(expr).is_some_and(|callee| !self.cx.program.is_user(callee));
                match (is_library, &**args) {
                    (true, [only]) => {
                        self.life.made = self.life.made.or(Some(analysis.call_loc(expr)));
                        self.made_by(analysis, *only);
                    }
                    // `Default::default()`, `AtomicBool::default()`
                    (true, []) => self.life.initial.push(false),
                    _ => self.life.initial_unknown = true,
                }
            }
            _ => self.life.initial_unknown = true,
        }
    }

    /// The values that a struct literal gives the field.
    fn literals(&mut self, analysis: &Analysis<'a>, field: crate::model::FieldRef) {
        let Some(name) = self.cx.field(field).map(|field| field.name) else { return };
        let mut literals: Vec<ExprId> = analysis
            .types
            .literals
            .iter()
            .filter(|(_, (adt, variant))| *adt == field.adt && *variant == field.variant)
            .map(|(expr, _)| *expr)
            .collect();
        literals.sort_unstable();
        for literal in literals {
            let Expr::Struct(data) = analysis.expr(literal) else { continue };
            match data.fields.iter().find(|(own, _, _)| *own == name) {
                Some((_, _, value)) => self.made_by(analysis, *value),
                None if self.cx.program.item(field.adt).attrs.derives.contains(&DEFAULT) => {}
                None => self.escape(),
            }
        }
    }

    /// Every mention of the flag in one body.
    fn scan(&mut self, analysis: &Analysis<'a>, place: Place) {
        for index in 0..analysis.body.ir.exprs.len() as u32 {
            let expr = ExprId(index);
            let mentions = match analysis.expr(expr) {
                Expr::Local(_) | Expr::Field { .. } => true,
                Expr::Path(_) => matches!(analysis.value(expr), Some(ValueRef::Static(_))),
                Expr::Macro(call) => {
                    let held = call.locals.iter().any(|local| place == Place::Local(analysis.body.id, *local));
                    if held {
                        self.escape();
                    }
                    false
                }
                _ => false,
            };
            if mentions && self.cx.place(analysis, expr) == Some(place) && self.holds_flag(analysis, expr) {
                self.mention(analysis, expr);
            }
        }
        // A pattern that takes the field out of its struct.
        if let Place::Field(field) = place {
            for (pat, found) in &analysis.types.pat_fields {
                if *found == field {
                    self.taken(analysis, *pat);
                }
            }
        }
    }

    /// A pattern that takes the field out of its struct: what it binds is the flag, a reference to it, or a copy.
    fn taken(&mut self, analysis: &Analysis<'a>, pat: PatId) {
        match &analysis.body.pat(pat).kind {
            Pat::Bind { local, .. } if matches!(analysis.types.local(*local), Ty::Ref(true, inner) if **inner == Ty::BOOL) =>
            {
                self.escape();
            }
            // The local stands for the field, and is scanned with it.
            Pat::Bind { .. } | Pat::Wild | Pat::Literal(_) => {}
            _ => self.escape(),
        }
    }

    /// Whether an expression's value leads to the flag: not so for the condition variable beside it.
    fn holds_flag(&self, analysis: &Analysis<'a>, expr: ExprId) -> bool {
        let ty = analysis.types.ty(expr);
        let is_plain = |ty: &Ty| matches!(ty, Ty::Unknown | Ty::Param(..)) || *ty == Ty::BOOL;
        let mut wanted = |ty: &Ty| is_plain(ty) || self.cx.is_flag_type(ty);
        self.cx.roles().owns(&self.cx.roles().pointee(ty), &mut wanted, true, 5)
    }

    /// One mention: up through references and clones to what is done with it.
    fn mention(&mut self, analysis: &Analysis<'a>, expr: ExprId) {
        let mut at = expr;
        loop {
            if *analysis.types.ty(at) == Ty::BOOL {
                return self.plain(analysis, at);
            }
            match analysis.tree.parent(at) {
                Parent::RefOperand(up) | Parent::DerefOperand(up) | Parent::TryOperand(up) => at = up,
                Parent::Receiver(call) => {
                    let Some(callee) = analysis.callee(call) else { return self.escape() };
                    let effects = self.cx.effects(callee);
                    // `lock()`, and the `unwrap()` behind it.
                    let is_taken = self.cx.roles().carries_guard(analysis.types.ty(call));
                    if effects.has(word::ALIASES) || is_taken {
                        at = call;
                        continue;
                    }
                    let loc = analysis.call_loc(call);
                    if effects.has(word::FLAG_LOAD) {
                        self.life.loads.push(loc);
                        self.life.load_sites.push((analysis.body.id, call));
                    } else if effects.has(word::FLAG_CANCEL) {
                        self.life.store(loc, Some(true));
                    } else if effects.has(word::FLAG_STORE) {
                        let value = analysis.args(call).first().and_then(|arg| literal(analysis, *arg));
                        self.life.store(loc, value);
                    } else if effects.has(word::FLAG_UPDATE) {
                        self.life.store(loc, None);
                    } else {
                        self.escape();
                    }
                    return;
                }
                Parent::Arg(call, index) => {
                    if let Some(callee) = analysis.callee(call) {
                        let effects = self.cx.effects(callee);
                        // A wait gives the guard back.
                        let gives_back = effects.has(word::WAITS) && self.is_guard(analysis, at);
                        if effects.has(word::ALIASES) || gives_back {
                            at = call;
                            continue;
                        }
                        if effects.has(word::DROPS) {
                            return;
                        }
                    }
                    return self.passed(analysis, call, index);
                }
                // `guard = condvar.wait(guard).unwrap()`: the same guard.
                Parent::AssignTarget(_) if self.is_guard(analysis, at) => return,
                Parent::AssignValue(assign) if self.is_guard(analysis, at) => match analysis.expr(assign) {
                    Expr::Assign { target, .. } if matches!(analysis.expr(*target), Expr::Local(_)) => return,
                    _ => return self.escape(),
                },
                Parent::BlockTail(up) if self.cx.place(analysis, up).is_some() => at = up,
                Parent::LetInit(block, index) => {
                    let Expr::Block(block) = analysis.expr(block) else { return self.escape() };
                    return match block.stmts.get(index as usize) {
                        Some(Stmt::Let { pat, .. }) => self.bound(analysis, *pat),
                        _ => self.escape(),
                    };
                }
                Parent::LetOperand(up) => match analysis.expr(up) {
                    Expr::Let { pat, .. } => return self.bound(analysis, *pat),
                    _ => return self.escape(),
                },
                Parent::Scrutinee(up) => {
                    let Expr::Match { arms, .. } = analysis.expr(up) else { return self.escape() };
                    arms.iter().for_each(|arm| self.bound(analysis, arm.pat));
                    return;
                }
                Parent::StructField(literal, index) => return self.kept(analysis, literal, index),
                Parent::Stmt(..) | Parent::MacroArg(..) => return,
                // The lock of a pair; `shared.stop.load(..)`: the mention was of the struct, not of the flag.
                Parent::FieldBase(up) => match analysis.types.fields.get(&up) {
                    None if self.holds_flag(analysis, up) => at = up,
                    _ => return,
                },
                _ => return self.escape(),
            }
        }
    }

    /// The `bool` itself: written, lent or read.
    fn plain(&mut self, analysis: &Analysis<'a>, expr: ExprId) {
        let loc = analysis.body.expr_loc(expr);
        match analysis.tree.parent(expr) {
            Parent::AssignTarget(assign) => match analysis.expr(assign) {
                Expr::Assign { value, compound: false, .. } => self.life.store(loc, literal(analysis, *value)),
                _ => self.life.store(loc, None),
            },
            Parent::RefOperand(up) if matches!(analysis.expr(up), Expr::Ref { mutable: true, .. }) => self.escape(),
            // By value, or through a shared reference, a `bool` is only read.
            _ => self.life.loads.push(loc),
        }
    }

    fn is_guard(&self, analysis: &Analysis<'a>, expr: ExprId) -> bool {
        self.cx.roles().is_guard(analysis.types.ty(expr).peel_refs())
    }

    /// What a pattern binds of the flag, its guard, or the pair that it is in.
    fn bound(&mut self, analysis: &Analysis<'a>, pat: PatId) {
        match &analysis.body.pat(pat).kind {
            Pat::Bind { local, .. } => {
                let ty = analysis.types.local(*local).clone();
                let leads_on =
                    self.cx.is_flag_type(&self.cx.roles().pointee(&ty)) || self.cx.roles().carries_guard(&ty);
                if leads_on || ty.is_unknown() {
                    self.param(analysis.body.id, *local);
                } else if matches!(&ty, Ty::Ref(true, _)) {
                    self.escape();
                }
            }
            Pat::TupleStruct { pats, .. } | Pat::Tuple(pats) | Pat::Or(pats) => {
                pats.iter().for_each(|pat| self.bound(analysis, *pat));
            }
            Pat::Ref(inner) => self.bound(analysis, *inner),
            Pat::Wild | Pat::Rest | Pat::Path(_) => {}
            Pat::Struct { .. } | Pat::Slice(_) | Pat::Literal(_) | Pat::Opaque => self.escape(),
        }
    }

    fn passed(&mut self, analysis: &Analysis<'a>, call: ExprId, index: u32) {
        let Some(callee) = analysis.callee(call) else { return self.escape() };
        if self.cx.effects(callee).has(word::SIGNAL_FLAG) {
            self.life.store(analysis.call_loc(call), None);
            return;
        }
        let function = self.cx.program.function(callee);
        let has_self = function.is_some_and(|function| function.self_param.is_some());
        let by_path = matches!(analysis.expr(call), Expr::Call { .. });
        let shift = u32::from(by_path && has_self);
        let Some(body) = self.cx.program.body_of(callee).filter(|_| self.cx.program.is_user(callee)) else {
            return self.escape();
        };
        let inner = self.cx.program.body(body);
        match index.checked_sub(shift).and_then(|index| inner.ir.params.get(index as usize)) {
            Some(pat) => match &inner.pat(*pat).kind {
                Pat::Bind { local, .. } => self.param(body, *local),
                _ => self.escape(),
            },
            None => self.escape(),
        }
    }

    /// A parameter that is given the flag: its uses count, where it came from is known.
    fn param(&mut self, body: BodyId, local: crate::syntax::ir::LocalId) {
        let place = Place::Local(body, local);
        if self.seen.insert(place) {
            let analysis = self.cx.analysis(body);
            self.scan(analysis, place);
        }
    }

    fn kept(&mut self, analysis: &Analysis<'a>, literal: ExprId, index: u32) {
        let Expr::Struct(data) = analysis.expr(literal) else { return self.escape() };
        let Some((adt, variant)) = analysis.types.literals.get(&literal).copied() else { return self.escape() };
        let Some((name, _, _)) = data.fields.get(index as usize) else { return self.escape() };
        match self.cx.field_named(adt, variant, *name) {
            Some(field) if self.cx.program.is_user(adt) => self.also(Place::Field(field)),
            _ => self.escape(),
        }
    }
}
