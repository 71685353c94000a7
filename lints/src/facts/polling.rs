//! Loops that wait by asking, and what does not block.

use super::context::{Analysis, Context};
use super::effects::{Effects, word};
use super::exec::Poll;
use super::place::Place;
use crate::model::{BodyId, DefId, Parent, Ty};
use crate::source::Name;
use crate::syntax::Shape;
use crate::syntax::ir::{Expr, ExprId, ItemKind, Literal, LoopKind, TypeRef};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

/// Through how many of the user's functions a question is looked for.
const CALLEE_ROUNDS: usize = 2;

/// A `loop` or `while` that can go round for ever doing nothing but ask.
#[derive(Clone, Debug)]
pub struct BusyWait {
    /// The body that it stands in.
    pub body: BodyId,
    /// The loop.
    pub expr: ExprId,
    /// What it asks for in such a round, in order.
    pub polls: Vec<Poll>,
}

impl Context<'_> {
    /// The loops that wait by asking again and again, without a pause. Of nested ones the innermost.
    pub fn busy_waits(&self) -> &[BusyWait] {
        self.busy_waits.get_or_init(|| self.find_busy_waits())
    }

    fn find_busy_waits(&self) -> Vec<BusyWait> {
        let names = self.names_of_questions();
        names.iter().for_each(|name| self.program.asked.add(*name));
        let bodies: Vec<BodyId> = self
            .program
            .user_bodies()
            .filter(|body| body.may_have(Shape::LOOP))
            .filter(|body| mentions_any(body.names(), &names) || self.has_params(body.owner))
            .map(|body| body.id)
            .collect();
        let found: Vec<Vec<BusyWait>> = bodies.par_iter().map(|body| self.busy_waits_in(*body, &names)).collect();
        found.into_iter().flatten().collect()
    }

    fn has_params(&self, owner: DefId) -> bool {
        self.program.function(owner).is_some_and(|function| !function.params.is_empty())
    }

    fn busy_waits_in(&self, id: BodyId, names: &[Name]) -> Vec<BusyWait> {
        let body = self.program.body(id);
        let mut found: Vec<BusyWait> = Vec::new();
        for (index, data) in body.ir.exprs.iter().enumerate() {
            // An expression stands after what is inside it, so that an inner loop comes first.
            let expr = ExprId(index as u32);
            let is_loop = is_wait_shaped(&data.kind);
            let holds_other = || found.iter().any(|other| data.span.contains(body.expr(other.expr).span));
            if !is_loop || holds_other() || !asks_inside(body.ir, data.span, names) {
                continue;
            }
            if let Some(polls) = self.idle_round(id, expr) {
                found.push(BusyWait { body: id, expr, polls });
            }
        }
        found
    }

    /// The names of the functions that ask: of libraries, and of the user's functions that call one of those and give what
    /// it said.
    fn names_of_questions(&self) -> Vec<Name> {
        let program = self.program;
        let mut names = self.library_names(asks);
        let mut newest = names.clone();
        for _ in 0..CALLEE_ROUNDS {
            let mut next: Vec<Name> = self
                .heads_with(&newest, false)
                .filter(|body| program.function(body.owner).is_some_and(|function| function.ret != TypeRef::unit()))
                .map(|body| program.item(body.owner).name)
                .collect();
            next.sort_unstable();
            next.dedup();
            next.retain(|name| names.binary_search(name).is_err());
            names.extend(next.iter().copied());
            names.sort_unstable();
            newest = next;
        }
        names
    }

    /// The objects that the program tells not to block.
    pub(super) fn nonblocking_places(&self) -> &FxHashSet<Place> {
        self.nonblocking.get_or_init(|| {
            let names = self.library_names(|effects| effects.has(word::NONBLOCKING));
            let mut places = FxHashSet::default();
            for body in self.bodies_mentioning(&names) {
                let analysis = self.analysis(body.id);
                for call in (0..body.ir.exprs.len() as u32).map(ExprId) {
                    if let Some(place) = self.unblocked(analysis, call) {
                        places.extend(self.also_kept(analysis, place));
                        places.insert(place);
                    }
                }
            }
            places
        })
    }

    /// The function beside a receive that does not wait which waits for the message, and gives it in the same way: `recv` for
    /// `try_recv`.
    pub fn waiting_twin(&self, receive: DefId) -> Option<DefId> {
        let given = self.program.signature(receive)?.ret.adt();
        let home = self.program.def(receive).parent?;
        let ItemKind::Impl(block) = &self.program.item(home).kind else { return None };
        let unit = self.program.def(home).unit;
        let siblings = block.items.iter().map(|item| self.program.def_of(unit, *item));
        siblings.into_iter().find(|def| {
            let effects = self.effects(*def);
            let waits = effects.with(word::RECEIVES, "blocking") && !effects.has(word::EACH_STEP);
            let function = self.program.function(*def);
            let plain = function.is_some_and(|function| !function.is_async && function.params.is_empty());
            let by_ref = self
                .program
                .signature(*def)
                .is_some_and(|own| matches!(own.self_ty, Some(Ty::Ref(..))) && own.ret.adt() == given);
            waits && plain && by_ref && !effects.has(word::IS_ASYNC)
        })
    }

    /// The object of `socket.set_nonblocking(true)`.
    /// Whether what a type reads from and writes to never waits: `WebSocket<mio::net::TcpStream>`, also in a type of the
    /// user's.
    pub(super) fn is_nonblocking(&self, ty: &Ty, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        match ty.peel_refs() {
            Ty::Adt(adt, args) => {
                let fields = || self.program.field_types(*adt, 0);
                self.effects(*adt).has(word::NEVER_BLOCKS)
                    || args.iter().any(|arg| self.is_nonblocking(arg, depth))
                    || (self.program.is_user(*adt) && fields().iter().any(|field| self.is_nonblocking(field, depth)))
            }
            _ => false,
        }
    }

    fn unblocked(&self, analysis: &Analysis<'_>, call: ExprId) -> Option<Place> {
        let effects = self.effects(analysis.callee(call)?);
        let says = effects.get(word::NONBLOCKING)?;
        let index: usize = says.args.iter().find_map(|arg| arg.parse().ok())?;
        let by_path = matches!(analysis.expr(call), Expr::Call { .. });
        let value = analysis.args(call).get(index + usize::from(by_path))?;
        let is_on = matches!(analysis.expr(*value), Expr::Literal(Literal::Bool(true)));
        is_on.then(|| self.place(analysis, analysis.receiver(self.program, call)?))?
    }

    /// The field that a local is put into.
    fn also_kept(&self, analysis: &Analysis<'_>, place: Place) -> Option<Place> {
        let Place::Local(body, local) = place else { return None };
        let analysis = if body == analysis.body.id { analysis } else { self.analysis(body) };
        analysis.tree.uses(local).iter().find_map(|used| {
            let Parent::StructField(literal, index) = analysis.tree.parent(*used) else { return None };
            let Expr::Struct(data) = analysis.expr(literal) else { return None };
            let (adt, variant) = *analysis.types.literals.get(&literal)?;
            let (name, _, _) = data.fields.get(index as usize)?;
            self.field_named(adt, variant, *name).map(Place::Field)
        })
    }
}

/// Whether a function of the catalogue asks for something and comes back at once.
fn asks(effects: Effects<'_>) -> bool {
    let tries = [word::RECEIVES, word::SENDS].iter().any(|word| effects.with(*word, "try"));
    let reads = [word::ACQUIRES, word::FLAG_LOAD, word::FLAG_UPDATE, word::POLLS, word::OBSERVES, word::BLOCKS];
    tries || reads.iter().any(|word| effects.has(*word))
}

fn mentions_any(mentions: &[Name], names: &[Name]) -> bool {
    mentions.iter().any(|name| names.binary_search(name).is_ok())
}

/// `loop` and `while`, but for `while let Some(x) = iterator.next()` and the like, which the question sorts out.
fn is_wait_shaped(expr: &Expr) -> bool {
    matches!(expr, Expr::Loop(data) if !matches!(data.kind, LoopKind::For { .. }))
}

/// Whether a part of a body calls something by one of the names.
fn asks_inside(body: &crate::syntax::ir::Body, area: crate::source::Span, names: &[Name]) -> bool {
    let named = |name: Name| names.binary_search(&name).is_ok();
    body.exprs.iter().any(|data| {
        area.contains(data.span)
            && match &data.kind {
                Expr::MethodCall(call) => named(call.method),
                Expr::Path(path) => named(path.last()),
                // A closure that the function is given.
                Expr::Call { callee, .. } => matches!(body.exprs[callee.index()].kind, Expr::Local(_)),
                Expr::Select(_) => true,
                _ => false,
            }
    })
}
