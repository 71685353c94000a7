//! Guards, permits and other values that do their work until they are dropped, and that a `_` drops at once.
//!
//! A guard counts where taking it is all that the call does: `map.entry(key).or_insert(value)` gives a guard too, and nobody
//! misses it. The guards that the lints of rustc and Clippy know are left to them (`linted` in the catalogue). What the
//! call waits for may be all that is wanted, so the last statement of a block is left alone, and so is a semaphore that
//! somebody closes or adds permits to: a gate.

use super::context::{Analysis, Context};
use super::effects::{Effects, word};
use super::place::Place;
use crate::model::{BodyHead, BodyId, BodyRef, DefId, Program, Ty, ValueRef};
use crate::source::{Loc, Name, Span};
use crate::syntax::Shape;
use crate::syntax::ir::{Block, Expr, ExprId, Pat, PatId, Stmt};
use rustc_hash::FxHashSet;

/// What is dropped at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Discarded {
    /// A guard of a lock.
    Guard,
    /// A permit.
    Permit,
    /// A value of a library that does its work when dropped.
    Scope,
    /// A guard of the user's own: its `Drop` gives back what the call took, or a guard is in it.
    Own(DefId),
}

/// A `_` that drops something which was meant to live on.
#[derive(Clone, Copy, Debug)]
pub struct DiscardedGuard {
    /// The body.
    pub body: BodyId,
    /// The call that makes it, or its `.await`.
    pub made: ExprId,
    /// The statement's `let`, or the `_` of an assignment, up to the pattern's end.
    pub head: Span,
    /// The `_` itself, where it stands in the pattern of a `let`.
    pub wild: Option<Span>,
    /// What it is.
    pub kind: Discarded,
    /// The lock that it is a guard or permit of.
    pub place: Option<Place>,
    /// The type, for messages.
    pub ty: DefId,
}

impl<'a> Context<'a> {
    /// Every guard that is dropped at once by a `_`, in order.
    pub fn discarded_guards(&self) -> Vec<DiscardedGuard> {
        let program: &'a Program<'a> = self.program;
        let bodies: Vec<BodyHead<'a>> = program.user_bodies().filter(|body| body.may_have(Shape::DISCARD)).collect();
        let names = self.names_of_guard_makers(&bodies);
        let makes = |body: &BodyHead<'_>| names.iter().any(|name| body.may_call(*name));
        let mut found = Vec::new();
        for body in bodies.into_iter().filter(makes).map(BodyHead::read).filter(|body| discards(*body)) {
            let analysis = self.analysis(body.id);
            for expr in (0..body.ir.exprs.len() as u32).map(ExprId) {
                let Expr::Block(block) = analysis.expr(expr) else { continue };
                self.discarded_in(analysis, block, &mut found);
            }
        }
        found
    }

    /// The names in some bodies of functions that give something which does its work until it is dropped.
    fn names_of_guard_makers(&self, bodies: &[BodyHead<'_>]) -> Vec<Name> {
        let wanted = |ty: &Ty| ty.any(&mut |part| self.is_lasting(part) || self.own_guard(part).is_some());
        let program = self.program;
        // A catalogue has thousands of functions, and few of them are named here.
        let called: FxHashSet<Name> = bodies.iter().flat_map(|body| body.called()).copied().collect();
        let is_mentioned = |def: &DefId| called.contains(&program.item(*def).name);
        let libraries = program.defs().filter(is_mentioned).filter(|def| {
            !program.is_user(*def)
                && program.function(*def).is_some()
                && program.signature(*def).is_some_and(|own| own.ret.any(&mut |part| self.is_lasting(part)))
        });
        let mut names: Vec<Name> = libraries.map(|def| program.item(def).name).collect();
        let own = self.those_returning(program.user_defs().filter(is_mentioned), wanted);
        names.extend(own.into_iter().map(|def| program.item(def).name));
        names.sort_unstable();
        names.dedup();
        names
    }

    /// A guard, permit or scope guard of a library.
    fn is_lasting(&self, ty: &Ty) -> bool {
        let effects = super::effects::type_effects(self.program, ty);
        [word::GUARD, word::PERMIT, word::SCOPE_GUARD].iter().any(|word| effects.has(*word))
    }

    /// The type of the user's, with a `Drop` of its own or a guard in it, that a result is or holds.
    fn own_guard(&self, ty: &Ty) -> Option<DefId> {
        let def = self.payload(ty).adt().filter(|def| self.program.is_user(*def))?;
        let holds = || self.roles().owns(ty, &mut |ty| self.is_lasting(ty), true, 4);
        (self.program.drop_function(def).is_some() || holds()).then_some(def)
    }

    /// `T` in `Option<T>` and `Result<T, E>`.
    fn payload<'t>(&self, ty: &'t Ty) -> &'t Ty {
        let lang = &self.program.lang;
        let mut ty = ty;
        for _ in 0..3 {
            match ty {
                Ty::Adt(def, args) if Some(*def) == lang.option || Some(*def) == lang.result => match args.first() {
                    Some(inner) => ty = inner,
                    None => break,
                },
                _ => break,
            }
        }
        ty
    }

    fn discarded_in(&self, analysis: &Analysis<'a>, block: &Block, found: &mut Vec<DiscardedGuard>) {
        for (index, stmt) in block.stmts.iter().enumerate() {
            let (init, wilds, head) = match stmt {
                Stmt::Let { pat, init: Some(init), span, .. } => {
                    let wilds = self.wilds(analysis, *pat);
                    (*init, wilds, Span::new(span.start, analysis.body.pat(*pat).span.end))
                }
                Stmt::Expr { expr, .. } => match analysis.expr(*expr) {
                    Expr::Assign { target, value, compound: false }
                        if matches!(analysis.expr(*target), Expr::Missing) =>
                    {
                        let ty = analysis.types.ty(*value).clone();
                        (*value, vec![(ty, None)], analysis.body.expr(*target).span)
                    }
                    _ => continue,
                },
                Stmt::Let { .. } => continue,
            };
            if analysis.body.expr(init).in_macro {
                continue;
            }
            for (ty, wild) in wilds {
                if let Some((kind, place, def)) = self.dropped_guard(analysis, init, &ty) {
                    let body = analysis.body.id;
                    if self.goes_on(analysis, block, index) && !self.says_it_waits(analysis, head) {
                        found.push(DiscardedGuard { body, made: init, head, wild, kind, place, ty: def });
                    }
                    break;
                }
            }
        }
    }

    /// Whether something is done after a statement in its block.
    fn goes_on(&self, analysis: &Analysis<'_>, block: &Block, index: usize) -> bool {
        let acts = |expr: ExprId| {
            let span = analysis.body.expr(expr).span;
            analysis.body.ir.exprs.iter().enumerate().any(|(index, data)| {
                span.contains(data.span)
                    && match &data.kind {
                        Expr::Call { callee, .. } => {
                            let is_value = matches!(analysis.value(*callee), Some(ValueRef::Constructor(..)));
                            let callee = analysis.callee(ExprId(index as u32));
                            !is_value && !callee.is_some_and(|callee| self.effects(callee).has(word::DROPS))
                        }
                        Expr::MethodCall(_) | Expr::Macro(_) | Expr::Await(_) | Expr::Select(_) => true,
                        _ => false,
                    }
            })
        };
        let later = block.stmts.iter().skip(index + 1).any(|stmt| match stmt {
            Stmt::Let { init, .. } => init.is_some_and(acts),
            Stmt::Expr { expr, .. } => acts(*expr),
        });
        later || block.tail.is_some_and(acts)
    }

    /// What the `_`s of a `let`'s pattern drop, with their spans.
    fn wilds(&self, analysis: &Analysis<'_>, pat: PatId) -> Vec<(Ty, Option<Span>)> {
        let ty = |pat: PatId| analysis.types.pats.get(pat.index()).cloned().unwrap_or(Ty::Unknown);
        let data = analysis.body.pat(pat);
        match &data.kind {
            Pat::Wild => vec![(ty(pat), Some(data.span))],
            Pat::Tuple(pats) | Pat::TupleStruct { pats, .. } => {
                let wilds = pats.iter().filter(|pat| matches!(analysis.body.pat(**pat).kind, Pat::Wild));
                wilds.map(|pat| (ty(*pat), Some(analysis.body.pat(*pat).span))).collect()
            }
            _ => Vec::new(),
        }
    }

    fn dropped_guard(
        &self,
        analysis: &Analysis<'a>,
        init: ExprId,
        ty: &Ty,
    ) -> Option<(Discarded, Option<Place>, DefId)> {
        let ty = self.payload(ty);
        let def = ty.adt()?;
        let effects = self.effects(def);
        let call = self.maker_of(analysis, init)?;
        let callee = analysis.callee(call);
        if effects.has(word::SCOPE_GUARD) {
            return Some((Discarded::Scope, None, def));
        }
        if effects.has(word::GUARD) || effects.has(word::PERMIT) {
            let callee = callee?;
            if effects.has(word::LINTED) || !self.only_acquires(callee) {
                return None;
            }
            let receiver = analysis.receiver(self.program, call);
            let place = receiver.and_then(|receiver| self.lock_place(analysis, receiver));
            let is_permit = effects.has(word::PERMIT);
            if is_permit && place.is_none_or(|place| self.is_gate(place)) {
                return None;
            }
            return Some((if is_permit { Discarded::Permit } else { Discarded::Guard }, place, def));
        }
        let own = self.own_guard(ty)?;
        let callee = callee.filter(|callee| self.program.is_user(*callee))?;
        self.is_own_guard(own, callee).then_some((Discarded::Own(own), None, own))
    }

    /// The call whose value an initialiser hands on: through `.await`, `?` and `unwrap`.
    fn maker_of(&self, analysis: &Analysis<'_>, init: ExprId) -> Option<ExprId> {
        let mut at = init;
        for _ in 0..8 {
            at = match analysis.expr(at) {
                Expr::Await(inner) | Expr::Try(inner) => *inner,
                Expr::MethodCall(call) if analysis.callee(at).is_some_and(|callee| self.hands_on(callee)) => {
                    call.receiver
                }
                Expr::MethodCall(_) | Expr::Call { .. } => return Some(at),
                Expr::Block(block) if block.stmts.is_empty() => block.tail?,
                _ => return None,
            };
        }
        None
    }

    /// Whether a library's function gives what its receiver holds: `unwrap`, `ok`, `map_err`.
    fn hands_on(&self, callee: DefId) -> bool {
        let program = self.program;
        let block = program.def(callee).parent.and_then(|block| program.impl_header(block));
        let on = block.and_then(|header| header.self_ty.adt());
        on.is_some() && (on == program.lang.option || on == program.lang.result)
    }

    /// Whether taking a lock, and not one of many behind a name, is what a function of a library does.
    fn only_acquires(&self, callee: DefId) -> bool {
        let program = self.program;
        if program.is_user(callee) {
            return self.takes_nothing(callee);
        }
        let effects = self.effects(callee);
        let block = program.def(callee).parent.and_then(|block| program.impl_header(block));
        let lock = block.and_then(|header| header.self_ty.adt()).map(|lock| Effects::of(program, lock));
        effects.has(word::ACQUIRES)
            && !effects.has(word::PUTS)
            && lock.is_some_and(|lock| lock.has(word::LOCK) && !lock.with(word::LOCK, "sharded"))
    }

    /// Whether a function of the user's is given nothing but references.
    fn takes_nothing(&self, callee: DefId) -> bool {
        self.program.signature(callee).is_some_and(|signature| {
            signature.params.iter().all(|ty| matches!(ty, Ty::Ref(..)) || ty.is_scalar())
                && !matches!(signature.self_ty, Some(Ty::Ref(true, _)))
        })
    }

    /// Whether a value of the user's type is a guard of what this function takes: a guard of a lock is in it, or its `Drop`
    /// undoes on some flag, count, raw lock or thread-local what the function does to it.
    fn is_own_guard(&self, own: DefId, callee: DefId) -> bool {
        let identity = self.program.identity(own);
        if self.roles().owns(&identity, &mut |ty| self.is_lock_guard(ty), true, 4) {
            return self.is_only_guard(own) && self.takes_nothing(callee);
        }
        let Some(drop) = self.program.drop_function(own) else { return false };
        let given_back = self.touched(drop, None);
        !given_back.is_empty() && self.touched(callee, Some(own)).iter().any(|place| given_back.contains(place))
    }

    /// Whether a type is a guard and nothing else: it holds no state of its own beside the guard and references.
    // parity-db's `LogReader` reads from the file whose guard it holds: making one is work.
    fn is_only_guard(&self, own: DefId) -> bool {
        (0..self.roles().variant_count(own)).all(|variant| {
            self.program.field_types(own, variant).iter().all(|ty| {
                let is_reference = matches!(ty, Ty::Ref(..)) || ty.is_unit() || self.roles().says(ty, word::NO_OWN);
                is_reference || self.roles().owns(ty, &mut |ty| self.is_lock_guard(ty), true, 4)
            })
        })
    }

    fn is_lock_guard(&self, ty: &Ty) -> bool {
        self.roles().is_guard(ty) || self.roles().says(ty, word::PERMIT)
    }

    /// The flags, counts, raw locks and thread-locals that a function changes; those that it keeps in a literal of `made` by
    /// the name of the field.
    fn touched(&self, function: DefId, made: Option<DefId>) -> Vec<Place> {
        let Some(body) = self.program.body_of(function) else { return Vec::new() };
        let analysis = self.analysis(body);
        let mut places = Vec::new();
        for expr in (0..analysis.body.ir.exprs.len() as u32).map(ExprId) {
            if let Some(ValueRef::Static(def)) = analysis.value(expr)
                && self.roles().says(&self.program.value_type(def), word::THREAD_LOCAL)
            {
                places.push(Place::Static(def));
            }
            let Some(callee) = analysis.callee(expr) else { continue };
            let effects = self.effects(callee);
            let changes = effects.has(word::FLAG_STORE)
                || effects.has(word::FLAG_UPDATE)
                || effects.has(word::RELEASES)
                || effects.with(word::ACQUIRES, "raw");
            let receiver = analysis.receiver(self.program, expr).filter(|_| changes);
            if let Some(place) = receiver.and_then(|receiver| self.place(analysis, receiver)) {
                places.push(self.kept_as(analysis, place, made).unwrap_or(place));
            }
        }
        places
    }

    /// The field of a literal of `made` that a local is put in.
    fn kept_as(&self, analysis: &Analysis<'_>, place: Place, made: Option<DefId>) -> Option<Place> {
        let made = made?;
        for expr in (0..analysis.body.ir.exprs.len() as u32).map(ExprId) {
            let filled: Vec<(Name, ExprId)> = match analysis.expr(expr) {
                Expr::Struct(data) if analysis.types.literals.get(&expr).is_some_and(|(adt, _)| *adt == made) => {
                    data.fields.iter().map(|(name, _, value)| (*name, *value)).collect()
                }
                Expr::Call { callee, args } if analysis.value(*callee) == Some(ValueRef::Constructor(made, 0)) => {
                    args.iter().enumerate().map(|(index, value)| (Name::of_index(index as u32), *value)).collect()
                }
                _ => continue,
            };
            let field = filled.iter().find(|(_, value)| self.place(analysis, *value) == Some(place));
            if let Some(field) = field.and_then(|(name, _)| self.field_named(made, 0, *name)) {
                return Some(Place::Field(field));
            }
        }
        None
    }

    /// Whether somebody opens a semaphore from outside: waiting for it is what it is for.
    fn is_gate(&self, place: Place) -> bool {
        let program = self.program;
        let opens = |def: DefId| self.effects(def).has(word::WAKES) || self.effects(def).with(word::RELEASES, "shared");
        let names = self.library_names(|effects| effects.has(word::WAKES) || effects.with(word::RELEASES, "shared"));
        self.bodies_mentioning(&names).any(|body| {
            let analysis = self.analysis(body.id);
            (0..body.ir.exprs.len() as u32).map(ExprId).any(|expr| {
                analysis.callee(expr).is_some_and(&opens)
                    && analysis
                        .receiver(program, expr)
                        .is_some_and(|receiver| self.lock_place(analysis, receiver) == Some(place))
            })
        })
    }

    /// Whether a comment right there says that the wait is what is wanted.
    fn says_it_waits(&self, analysis: &Analysis<'_>, head: Span) -> bool {
        let Some(source) = self.program.source(analysis.body.file) else { return false };
        let line = source.lines.line_of(head.start);
        source.ir.comments.iter().any(|comment| {
            let (first, last) = (comment.span.start, comment.span.end.saturating_sub(1));
            let near = source.lines.line_of(first) == line || source.lines.line_of(last) + 1 == line;
            near && source.text_of(comment.span).to_lowercase().contains("wait")
        })
    }

    /// Where the call that makes the guard is.
    pub fn discard_loc(&self, discarded: &DiscardedGuard) -> Loc {
        let analysis = self.analysis(discarded.body);
        let call = self.maker_of(analysis, discarded.made).unwrap_or(discarded.made);
        analysis.call_loc(call)
    }
}

/// Whether a statement of a body throws a value away by a `_`.
fn discards(body: BodyRef<'_>) -> bool {
    let wilds: Vec<Span> =
        body.ir.pats.iter().filter(|pat| matches!(pat.kind, Pat::Wild)).map(|pat| pat.span).collect();
    let throws_away = |stmt: &Stmt| match stmt {
        Stmt::Let { pat, init: Some(_), .. } => {
            let pat = body.pat(*pat).span;
            wilds.iter().any(|wild| pat.contains(*wild))
        }
        Stmt::Expr { expr, .. } => match &body.expr(*expr).kind {
            Expr::Assign { target, .. } => matches!(body.expr(*target).kind, Expr::Missing),
            _ => false,
        },
        Stmt::Let { .. } => false,
    };
    body.ir.exprs.iter().any(|data| matches!(&data.kind, Expr::Block(block) if block.stmts.iter().any(throws_away)))
}
