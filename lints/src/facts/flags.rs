//! Who sets a flag: every access to an atomic (or another `flag` of the catalogue) that the crate can make.

use super::context::{Analysis, Context};
use super::effects::word;
use super::place::Place;
use crate::model::{BodyId, Parent, PatParent, ValueRef};
use crate::source::{Loc, Name};
use crate::syntax::ir::{Expr, ExprId, Literal, Pat, Stmt, Visibility};
use rustc_hash::FxHashSet;

/// What is known of a flag over the whole program.
#[derive(Clone, Debug, Default)]
pub struct FlagLife {
    /// Where it is set.
    pub stores: Vec<Loc>,
    /// Where it is read.
    pub loads: Vec<Loc>,
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
    /// The one value that the flag ever has, where nothing changes it.
    pub fn constant(&self) -> Option<bool> {
        if self.escapes || self.initial_unknown || !self.stores.is_empty() {
            return None;
        }
        match &self.initial[..] {
            [first, rest @ ..] if rest.iter().all(|value| value == first) => Some(*first),
            _ => None,
        }
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
            if mentions && self.cx.place(analysis, expr) == Some(place) {
                self.mention(analysis, expr);
            }
        }
        // A pattern that takes the field out of its struct.
        if let Place::Field(field) = place {
            for (pat, found) in &analysis.types.pat_fields {
                if *found == field && !matches!(analysis.body.pat(*pat).kind, Pat::Bind { .. } | Pat::Wild) {
                    self.escape();
                }
            }
        }
    }

    /// One mention: up through references and clones to what is done with it.
    fn mention(&mut self, analysis: &Analysis<'a>, expr: ExprId) {
        let mut at = expr;
        loop {
            match analysis.tree.parent(at) {
                Parent::RefOperand(up) | Parent::DerefOperand(up) => at = up,
                Parent::Receiver(call) => {
                    let Some(callee) = analysis.callee(call) else { return self.escape() };
                    let effects = self.cx.effects(callee);
                    if effects.has(word::ALIASES) {
                        at = call;
                        continue;
                    }
                    let loc = analysis.call_loc(call);
                    if effects.has(word::FLAG_LOAD) {
                        self.life.loads.push(loc);
                    } else if effects.has(word::FLAG_STORE)
                        || effects.has(word::FLAG_UPDATE)
                        || effects.has(word::FLAG_CANCEL)
                    {
                        self.life.stores.push(loc);
                    } else {
                        self.escape();
                    }
                    return;
                }
                Parent::Arg(call, index) => {
                    if let Some(callee) = analysis.callee(call)
                        && self.cx.effects(callee).has(word::ALIASES)
                    {
                        at = call;
                        continue;
                    }
                    return self.passed(analysis, call, index);
                }
                Parent::BlockTail(up) if self.cx.place(analysis, up).is_some() => at = up,
                Parent::LetInit(block, index) => {
                    let Expr::Block(block) = analysis.expr(block) else { return self.escape() };
                    return match block.stmts.get(index as usize) {
                        // The new local stands for the same place, and is scanned with it.
                        Some(Stmt::Let { pat, .. })
                            if matches!(analysis.body.pat(*pat).kind, Pat::Bind { .. } | Pat::Wild) => {}
                        _ => self.escape(),
                    };
                }
                Parent::StructField(literal, index) => return self.kept(analysis, literal, index),
                Parent::Stmt(..) | Parent::MacroArg(..) => return,
                // `shared.stop.load(..)`: the mention was of the struct, not of the flag.
                Parent::FieldBase(_) => return,
                _ => return self.escape(),
            }
        }
    }

    fn passed(&mut self, analysis: &Analysis<'a>, call: ExprId, index: u32) {
        let Some(callee) = analysis.callee(call) else { return self.escape() };
        if self.cx.effects(callee).has(word::SIGNAL_FLAG) {
            self.life.stores.push(analysis.call_loc(call));
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
