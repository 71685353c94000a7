//! Closures that are kept by what they own: a closure captures a strong pointer to an object and is stored where that
//! object leads to.
//!
//! Found by instance, as rings of objects are (see [`super::objects`]), with closures as objects that own their captures.
//! Silent where anything ever takes a closure out of the place again, where it is called at most once, or where the place
//! belongs to a static.

use super::context::{Analysis, Context};
use super::effects::word;
use super::links::open_bodies;
use super::objects::{Heap, Heaps, Hop, Object, Root, Store, is_assigned};
use crate::model::{BodyHead, BodyId, BodyRef, DefId, FieldRef, Ty};
use crate::source::Loc;
use crate::syntax::Shape;
use crate::syntax::ir::{Expr, ExprId, ItemKind, LocalId};
use rustc_hash::FxHashSet;

const MAX_STEPS: usize = 6;
/// How many structs deep a closure is kept.
const CARRIER_ROUNDS: usize = 2;

/// A closure that is kept by what it owns.
#[derive(Clone, Debug)]
pub struct CallbackCycle {
    /// The body that stores it.
    pub body: BodyId,
    /// The call or assignment that stores it.
    pub store: ExprId,
    /// The closure.
    pub closure: ExprId,
    /// The captured pointer.
    pub pointer: LocalId,
    /// The field that it is stored in; `None` for a place that only locals lead to.
    pub field: Option<FieldRef>,
    /// Where it is put there, perhaps in a function that is called.
    pub put: Loc,
    /// What it is kept in goes into these fields on the way to the object, there.
    pub carried: Vec<(FieldRef, Loc)>,
}

impl<'a> Context<'a> {
    /// The closures that are kept by what they own, in order.
    pub fn callback_cycles(&self) -> Vec<CallbackCycle> {
        let fields = self.callback_fields();
        let mut heaps = Heaps::with_closures(self);
        let mut bodies = open_bodies(self, &fields, &mut heaps);
        let known: FxHashSet<BodyId> = bodies.iter().map(|body| body.id).collect();
        bodies.extend(
            self.program
                .user_bodies()
                .filter(|body| !known.contains(&body.id) && body.may_have(Shape::MOVE_CLOSURE))
                .map(BodyHead::read)
                .filter(|body| keeps_in_local(*body)),
        );
        bodies.sort_by_key(|body| body.id);
        let mut found = Vec::new();
        for body in bodies {
            let heap = heaps.heap(body.id);
            for (index, store) in heap.stores.iter().enumerate() {
                found.extend(self.callback_cycle(&mut heaps, &heap, body, (index, store)));
            }
        }
        found.sort_by_key(|cycle: &CallbackCycle| (cycle.body, cycle.store));
        found.dedup_by_key(|cycle| (cycle.body, cycle.store));
        found
    }

    /// The fields that can hold closures, to be called more than once, and those that can hold what has such a field.
    fn callback_fields(&self) -> Vec<FieldRef> {
        let adts: Vec<DefId> = self
            .program
            .user_defs()
            .filter(|def| matches!(self.program.item(*def).kind, ItemKind::Struct(_) | ItemKind::Enum(_)))
            .collect();
        let mut fields = self.fields_of(&adts, &|ty| self.holds_callbacks(ty));
        let mut fresh = fields.clone();
        for _ in 0..CARRIER_ROUNDS {
            let mut carriers: Vec<DefId> = fresh.iter().map(|field| field.adt).collect();
            carriers.dedup();
            let is_carrier = |ty: &Ty| ty.adt().is_some_and(|adt| carriers.binary_search(&adt).is_ok());
            fresh = self.fields_of(&adts, &|ty| self.roles().owns(ty, &mut |ty| is_carrier(ty), false, 8));
            fresh.retain(|field| !fields.contains(field));
            if fresh.is_empty() {
                break;
            }
            fields.extend(fresh.iter().copied());
        }
        fields.sort_unstable();
        fields
    }

    /// The fields of some types whose own type is wanted, in order.
    fn fields_of(&self, adts: &[DefId], wanted: &dyn Fn(&Ty) -> bool) -> Vec<FieldRef> {
        let mut fields = Vec::new();
        for adt in adts.iter().copied() {
            for variant in 0..self.roles().variant_count(adt) {
                let types = self.program.field_types(adt, variant);
                let found = (0u32..).zip(types.iter()).filter(|(_, ty)| wanted(ty));
                fields.extend(found.map(|(index, _)| FieldRef { adt, variant, index }));
            }
        }
        fields
    }

    fn holds_callbacks(&self, ty: &Ty) -> bool {
        let lang = &self.program.lang;
        let mut wanted = |ty: &Ty| match ty {
            Ty::Dyn(bounds) => bounds.first().is_some_and(|bound| {
                let def = Some(bound.trait_def);
                def == lang.fn_ || def == lang.fn_mut
            }),
            _ => false,
        };
        self.roles().owns(ty, &mut wanted, false, 8)
    }

    fn callback_cycle(
        &self,
        heaps: &mut Heaps<'_, 'a>,
        heap: &Heap,
        body: BodyRef<'_>,
        (index, store): (usize, &Store),
    ) -> Option<CallbackCycle> {
        let Root::New(closure, None) = store.target.root else { return None };
        let Expr::Closure(_) = body.expr(closure).kind else { return None };
        if !store.target.path.is_empty() || matches!(store.owner.root, Root::Static(_)) {
            return None;
        }
        // What it is put into is not the closure around it.
        if store.expr == closure {
            return None;
        }
        let (capture, way) = heap.stores.iter().find_map(|capture| {
            let mut way = vec![index];
            let is_own = capture.expr == closure && capture.owner == store.target;
            let closes = is_own && leads_to(heap, &capture.target, &store.owner, &mut way);
            closes.then_some((capture, way))
        })?;
        let way: Vec<&Store> = way.iter().skip(1).filter_map(|index| heap.stores.get(*index)).collect();
        let analysis = self.analysis(body.id);
        let Expr::Closure(data) = analysis.expr(closure) else { return None };
        let pointer = data.captures.iter().copied().find(|local| body.loc(body.local(*local).span) == capture.value)?;
        let roots = [store.owner.root, capture.target.root];
        let is_steady = |root: &Root| !matches!(root, Root::Local(local) if is_assigned(analysis, *local));
        if !roots.iter().all(is_steady) || self.is_given_up(heaps, heap, analysis, (store, &way)) {
            return None;
        }
        let carried = way.iter().filter_map(|step| Some((step.field?, analysis.call_loc(step.expr)))).collect();
        Some(CallbackCycle {
            body: body.id,
            store: store.expr,
            closure,
            pointer,
            field: store.field,
            put: store.value,
            carried,
        })
    }

    /// Whether the closure, or what it is kept in on its way to the object, may be taken out of its place again.
    fn is_given_up(
        &self,
        heaps: &mut Heaps<'_, 'a>,
        heap: &Heap,
        analysis: &Analysis<'a>,
        (store, way): (&Store, &[&Store]),
    ) -> bool {
        let is_out = |step: &&Store| match step.field {
            Some(field) => self.is_cut(field, &[]) || self.path_is_cut(&step.owner),
            None => false,
        };
        if way.iter().any(is_out) {
            return true;
        }
        if let Some(field) = store.field {
            let ty = self.program.field_types(field.adt, field.variant).get(field.index as usize);
            let once = ty.is_none_or(|ty| !self.holds_callbacks(ty));
            // What lies behind a lock that only this crate can take is out of everybody else's reach.
            let is_sealed =
                |step: &&Store| step.field.is_some_and(|field| self.is_interior(field) && !self.is_public_field(field));
            let open = || self.is_public_field(field) && !way.iter().any(is_sealed);
            return once || open() || self.is_cut(field, &[]) || self.path_is_cut(&store.owner);
        }
        // A place that only locals lead to: looked at wherever one is named, and in the fields that it goes into.
        let uses: Vec<ExprId> = (0..analysis.body.ir.exprs.len() as u32)
            .map(ExprId)
            .filter(|expr| matches!(analysis.expr(*expr), Expr::Local(_)))
            .filter(|expr| heaps.object(analysis.body.id, *expr) == store.owner)
            .collect();
        // zookeeper's `ListenerSet` keeps its table in an `Arc`: its own field is on the way there.
        self.path_is_cut(&store.owner)
            || self.is_taken_at(analysis, &uses)
            || self.goes_where_it_is_cut(heap, &store.owner, MAX_STEPS)
    }

    /// Whether a field can change through a shared reference.
    fn is_interior(&self, field: FieldRef) -> bool {
        let ty = self.program.field_types(field.adt, field.variant).get(field.index as usize);
        ty.is_some_and(|ty| self.roles().owns(ty, &mut |ty| self.roles().says(ty, word::INTERIOR), false, 6))
    }

    fn path_is_cut(&self, object: &Object) -> bool {
        object.path.iter().any(|hop| match hop {
            Hop::Field(field) => self.is_interior(*field) && self.is_cut(*field, &[]),
            Hop::Element(_) | Hop::Bound(_) => true,
        })
    }

    fn goes_where_it_is_cut(&self, heap: &Heap, object: &Object, budget: usize) -> bool {
        budget == 0
            || heap.stores.iter().filter(|store| store.target == *object).any(|store| {
                let is_closure = matches!(store.owner.root, Root::New(expr, None) if expr == store.expr);
                match store.field {
                    Some(field) => self.is_cut(field, &[]),
                    None if is_closure => false,
                    None => store.owner != *object && self.goes_where_it_is_cut(heap, &store.owner, budget - 1),
                }
            })
    }
}

/// Whether an object owns another, directly or by what the body stores.
fn leads_to(heap: &Heap, from: &Object, to: &Object, used: &mut Vec<usize>) -> bool {
    if from.way_to(to).is_some() {
        return true;
    }
    if used.len() > MAX_STEPS {
        return false;
    }
    for (index, store) in heap.stores.iter().enumerate() {
        if used.contains(&index) || from.way_to(&store.owner).is_none() {
            continue;
        }
        used.push(index);
        if leads_to(heap, &store.target, to, used) {
            return true;
        }
        used.pop();
    }
    false
}

/// Whether a body may store a `move` closure in a place that one of its locals leads to and another, which the closure
/// captures, was cloned from: seen without types, before the body is looked at closer.
fn keeps_in_local(body: BodyRef<'_>) -> bool {
    let ir = body.ir;
    ir.exprs.iter().any(|data| match &data.kind {
        Expr::Closure(closure) if closure.is_move && !closure.captures.is_empty() => {
            let around = |expr: &ExprId| body.expr(*expr).span.contains(data.span);
            let is_place = |expr: ExprId| {
                bottom(body, expr).is_some_and(|local| !closure.captures.contains(&local) && is_let(body, local))
            };
            ir.exprs.iter().any(|data| match &data.kind {
                Expr::MethodCall(call) => call.args.iter().any(around) && is_place(call.receiver),
                Expr::Assign { target, value, .. } => around(value) && is_place(*target),
                _ => false,
            })
        }
        _ => false,
    })
}

/// The local at the bottom of a chain of calls that do something to it: `x` in `x.lock().unwrap()`.
fn bottom(body: BodyRef<'_>, expr: ExprId) -> Option<LocalId> {
    let mut at = expr;
    let mut calls = 0;
    for _ in 0..8 {
        match &body.expr(at).kind {
            Expr::Local(local) => return (calls > 0).then_some(*local),
            Expr::MethodCall(call) => {
                calls += 1;
                at = call.receiver;
            }
            Expr::Deref(inner) => at = *inner,
            _ => return None,
        }
    }
    None
}

fn is_let(body: BodyRef<'_>, local: LocalId) -> bool {
    body.ir.self_local != Some(local)
        && !body
            .ir
            .params
            .iter()
            .any(|pat| matches!(body.pat(*pat).kind, crate::syntax::ir::Pat::Bind { local: own, .. } if own == local))
}
