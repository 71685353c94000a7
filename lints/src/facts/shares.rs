//! What a thread has in common with those who stay outside: the fields and statics through which they can reach it.
//!
//! Followed from what the thread takes along, back to what that was made from, and on to the fields that are filled with
//! it or with the other end of its channels. A field stands for that field in every instance.

use super::context::{Analysis, Context};
use super::effects::word;
use super::place::Place;
use super::spawns::HandleSite;
use crate::model::{BodyId, DefId, FieldRef, Parent, PatParent, ValueRef};
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId, ItemKind, LocalId, Pat, Stmt};
use rustc_hash::FxHashSet;

/// How many times a value is followed into what it was made from, or into a constructor of the user's.
const STEPS: u32 = 2;

/// What a thread shares.
#[derive(Clone, Debug, Default)]
pub(super) struct Shares {
    /// Fields that hold what the thread has too: flags, shared state, the other half of a pair.
    pub(super) state: Vec<FieldRef>,
    /// Fields that hold a sender of a channel that the thread receives from.
    pub(super) senders: Vec<FieldRef>,
    /// Types of the user's that the thread has a shared pointer to: all their fields are its own.
    pub(super) types: Vec<DefId>,
    /// Statics that the thread reads.
    pub(super) statics: Vec<DefId>,
    /// Where the thread starts, if that is known.
    pub(super) thread: Option<(BodyId, ExprId)>,
}

impl Shares {
    /// Whether the thread sees a change of that place.
    pub(super) fn sees(&self, place: Place) -> bool {
        match place {
            Place::Field(field) => self.state.contains(&field) || self.types.contains(&field.adt),
            Place::Static(def) => self.statics.contains(&def),
            Place::Local(..) => false,
        }
    }

    /// Whether what is sent there, or that it goes, reaches the thread.
    pub(super) fn receives_from(&self, place: Place) -> bool {
        matches!(place, Place::Field(field) if self.senders.contains(&field))
    }

    /// Whether a type has one of the fields.
    pub(super) fn is_of(&self, adt: DefId) -> bool {
        self.types.contains(&adt) || self.state.iter().chain(&self.senders).any(|field| field.adt == adt)
    }

    fn sort(&mut self) {
        self.state.sort_unstable();
        self.state.dedup();
        self.senders.sort_unstable();
        self.senders.dedup();
        self.types.sort_unstable();
        self.types.dedup();
        self.statics.sort_unstable();
        self.statics.dedup();
    }
}

impl Context<'_> {
    /// What the thread behind a handle shares: seen from where the handle is got, and from where the thread starts.
    pub(super) fn shares(&self, site: HandleSite) -> Shares {
        let mut shares = Shares::default();
        self.shares_at(site.body, site.call, &mut shares);
        if let Some(spawn) = self.spawns().behind(site) {
            shares.thread = Some((spawn.body, spawn.call));
            if (spawn.body, spawn.call) != (site.body, site.call) {
                self.shares_at(spawn.body, spawn.call, &mut shares);
            }
            if let Some((body, root)) = spawn.entry.code(self) {
                self.statics_read(body, root, STEPS, &mut shares);
            }
        }
        shares.sort();
        shares
    }

    /// The bodies that may touch what is shared, in order.
    pub(super) fn bodies_sharing(&self, shares: &Shares) -> Vec<BodyId> {
        let own = shares.types.iter().flat_map(|adt| {
            let count = match &self.program.item(*adt).kind {
                ItemKind::Struct(data) => data.fields.len(),
                _ => 0,
            };
            (0..count as u32).map(|index| FieldRef { adt: *adt, variant: 0, index })
        });
        let fields: Vec<FieldRef> = shares.state.iter().chain(&shares.senders).copied().chain(own).collect();
        let statics: Vec<Name> = shares.statics.iter().map(|def| self.program.item(*def).name).collect();
        let mut bodies = self.bodies_using(&fields);
        bodies.extend(self.heads_with(&statics, false).map(|body| body.id));
        bodies.sort_unstable();
        bodies.dedup();
        bodies
    }

    fn shares_at(&self, body: BodyId, call: ExprId, shares: &mut Shares) {
        let analysis = self.analysis(body);
        if analysis.callee(call).is_some_and(|callee| self.program.is_user(callee)) {
            for arg in analysis.args(call) {
                let given = self.roles().pointee(analysis.types.ty(*arg));
                let is_end = self.roles().says(&given, word::SENDER) || self.roles().says(&given, word::RECEIVER);
                if let Some(Place::Field(field)) = self.object(analysis, *arg).filter(|_| !is_end) {
                    shares.state.push(field);
                }
            }
        }
        for local in self.taken_along(analysis, call) {
            let own = analysis.types.local(local);
            let held = self.roles().pointee(own);
            if self.roles().says(&held, word::RECEIVER) {
                let origins = self.same_object(analysis, local);
                for sender in origins.iter().flat_map(|origin| other_ends(analysis, *origin)) {
                    shares.senders.extend(fields_filled(self, analysis, sender, call));
                }
                continue;
            }
            if self.roles().says(&held, word::SENDER) {
                continue;
            }
            if let Some(adt) = held.adt().filter(|adt| self.program.is_user(*adt) && held != *own) {
                shares.types.push(adt);
            }
            if let Some(used) = analysis.tree.uses(local).first()
                && let Some(Place::Field(field)) = self.place(analysis, *used)
            {
                shares.state.push(field);
            }
            for origin in self.same_object(analysis, local) {
                shares.state.extend(fields_filled(self, analysis, origin, call));
                for other in other_ends(analysis, origin) {
                    let ty = self.roles().pointee(analysis.types.local(other));
                    let is_end = self.roles().says(&ty, word::SENDER) || self.roles().says(&ty, word::RECEIVER);
                    if !is_end {
                        shares.state.extend(fields_filled(self, analysis, other, call));
                    }
                }
            }
        }
    }

    /// The locals that a spawn takes along: what its closure captures, or what the function that starts the thread is given,
    /// with what those were made from.
    fn taken_along(&self, analysis: &Analysis<'_>, call: ExprId) -> Vec<LocalId> {
        let mut taken = captured_locals(analysis, call);
        if analysis.callee(call).is_some_and(|callee| self.program.is_user(callee)) {
            taken.extend(analysis.parts(call).filter_map(|part| match analysis.expr(part) {
                Expr::Local(local) => Some(*local),
                _ => None,
            }));
        }
        let mut open: Vec<(LocalId, u32)> = taken.iter().map(|local| (*local, STEPS)).collect();
        while let Some((local, steps)) = open.pop() {
            for origin in self.same_object(analysis, local) {
                let Some(init) = analysis.initializer(origin).filter(|_| steps > 0) else { continue };
                if !self.makes_value(analysis, init) {
                    continue;
                }
                for part in analysis.parts(init) {
                    if let Expr::Local(inner) = analysis.expr(part)
                        && !taken.contains(inner)
                    {
                        taken.push(*inner);
                        open.push((*inner, steps - 1));
                    }
                }
            }
        }
        taken.sort_unstable();
        taken.dedup();
        taken
    }

    /// Whether an expression makes a value from its parts: `Worker { rx, .. }`, `Worker::new(rx)`, `Arc::new(Mutex::new(rx))`.
    fn makes_value(&self, analysis: &Analysis<'_>, expr: ExprId) -> bool {
        match analysis.expr(analysis.peel(expr)) {
            Expr::Struct(_) => true,
            Expr::Try(made) => self.makes_value(analysis, *made),
            Expr::Call { callee, args } => match analysis.callee(expr) {
                Some(def) if self.program.is_user(def) => true,
                Some(def) if self.effects(def).has(word::CHANNEL) => false,
                Some(_) => args.first().is_some_and(|arg| {
                    matches!(analysis.expr(*arg), Expr::Local(_)) || self.makes_value(analysis, *arg)
                }),
                None => matches!(analysis.value(*callee), Some(ValueRef::Constructor(..))),
            },
            _ => false,
        }
    }

    /// The local, and the one that it is a clone of.
    fn same_object(&self, analysis: &Analysis<'_>, local: LocalId) -> Vec<LocalId> {
        let origin = analysis.tree.uses(local).first().and_then(|used| self.place(analysis, *used));
        match origin {
            Some(Place::Local(body, origin)) if body == analysis.body.id && origin != local => vec![local, origin],
            _ => vec![local],
        }
    }

    fn statics_read(&self, body: BodyId, root: ExprId, steps: u32, shares: &mut Shares) {
        let analysis = self.analysis(body);
        for part in analysis.parts(root) {
            if let Some(ValueRef::Static(def)) = analysis.value(part) {
                shares.statics.push(def);
            }
            if steps > 0
                && let Some(callee) = analysis.callee(part).filter(|callee| self.program.is_user(*callee))
                && let Some(inner) = self.program.body_of(callee).filter(|inner| *inner != body)
            {
                self.statics_read(inner, self.program.body(inner).ir.root, steps - 1, shares);
            }
        }
    }
}

/// The locals that a thread's closure captures: of the closures among a call's arguments, or in the locals that are.
pub(super) fn captured_locals(analysis: &Analysis<'_>, call: ExprId) -> Vec<LocalId> {
    let mut captured = Vec::new();
    let mut add = |expr: ExprId| {
        if let Expr::Closure(closure) = analysis.expr(expr) {
            captured.extend(closure.captures.iter().copied());
        }
    };
    analysis.parts(call).for_each(&mut add);
    for arg in analysis.args(call) {
        if let Expr::Local(local) = analysis.expr(*arg)
            && let Some(init) = analysis.initializer(*local)
        {
            add(init);
        }
    }
    captured
}

/// The other locals of the pattern that binds a local: `tx` of `let (tx, rx) = channel();`.
pub(super) fn other_ends(analysis: &Analysis<'_>, local: LocalId) -> Vec<LocalId> {
    let Some(pat) = analysis.tree.binding(local) else { return Vec::new() };
    let PatParent::Pat(pair) = analysis.tree.pat_parent(pat) else { return Vec::new() };
    let Pat::Tuple(pats) = &analysis.body.pat(pair).kind else { return Vec::new() };
    // `let (a, b) = (x, y);` has nothing in common.
    if analysis.tuple_element(pat).is_some() {
        return Vec::new();
    }
    let others = pats.iter().filter(|other| **other != pat);
    others
        .filter_map(|other| match analysis.body.pat(*other).kind {
            Pat::Bind { local, .. } => Some(local),
            _ => None,
        })
        .collect()
}

/// The fields that a body fills with a local or its clones, outside of the spawn: in struct literals, tuple structs and
/// assignments, or through a function of the user's.
pub(super) fn fields_filled(cx: &Context<'_>, analysis: &Analysis<'_>, local: LocalId, spawn: ExprId) -> Vec<FieldRef> {
    let mut filling = Filling { cx, seen: FxHashSet::default(), fields: Vec::new() };
    filling.local(analysis, local, Some(spawn), STEPS);
    filling.fields.sort_unstable();
    filling.fields.dedup();
    filling.fields
}

struct Filling<'c, 'a> {
    cx: &'c Context<'a>,
    seen: FxHashSet<(BodyId, LocalId)>,
    fields: Vec<FieldRef>,
}

impl Filling<'_, '_> {
    fn local(&mut self, analysis: &Analysis<'_>, local: LocalId, spawn: Option<ExprId>, steps: u32) {
        if !self.seen.insert((analysis.body.id, local)) {
            return;
        }
        for used in analysis.tree.uses(local) {
            if spawn.is_some_and(|spawn| analysis.tree.is_inside(*used, spawn)) {
                continue;
            }
            let mut at = Some(*used);
            while let Some(value) = at {
                at = self.outwards(analysis, value, spawn, steps);
            }
        }
    }

    /// What the parent of a value does with it: the parent, where its value has the value in it.
    fn outwards(
        &mut self,
        analysis: &Analysis<'_>,
        value: ExprId,
        spawn: Option<ExprId>,
        steps: u32,
    ) -> Option<ExprId> {
        let parent = analysis.tree.parent(value);
        match parent {
            Parent::StructField(literal, index) => {
                let Expr::Struct(data) = analysis.expr(literal) else { return None };
                let (adt, variant) = analysis.types.literals.get(&literal).copied()?;
                let (name, _, _) = data.fields.get(index as usize)?;
                let field = self.cx.field_named(adt, variant, *name);
                self.fields.extend(field.filter(|_| self.cx.program.is_user(adt)));
                Some(literal)
            }
            Parent::AssignValue(assign) => {
                let Expr::Assign { target, compound: false, .. } = analysis.expr(assign) else { return None };
                if let Some(Place::Field(field)) = self.cx.object(analysis, *target) {
                    self.fields.push(field);
                }
                None
            }
            Parent::Arg(call, index) => self.given(analysis, call, index, steps),
            // `let stop = flag.clone();`, and the field is filled with that.
            Parent::LetInit(..) => {
                self.local(analysis, bound_by(analysis, parent)?, spawn, steps);
                None
            }
            Parent::Receiver(up)
            | Parent::RefOperand(up)
            | Parent::Element(up, _)
            | Parent::BlockTail(up)
            | Parent::Branch(up, _)
            | Parent::ArmBody(up, _)
            | Parent::MacroArg(up, _) => Some(up),
            _ => None,
        }
    }

    /// What a call does with an argument.
    fn given(&mut self, analysis: &Analysis<'_>, call: ExprId, index: u32, steps: u32) -> Option<ExprId> {
        let callee = match analysis.expr(call) {
            Expr::Call { callee, .. } => *callee,
            // `self.senders.push(tx)`
            Expr::MethodCall(data) => {
                if analysis.callee(call).is_some_and(|callee| self.cx.effects(callee).has(word::PUTS))
                    && let Some(Place::Field(field)) = self.cx.object(analysis, data.receiver)
                {
                    self.fields.push(field);
                }
                return None;
            }
            _ => return None,
        };
        if let Some(ValueRef::Constructor(adt, variant)) = analysis.value(callee) {
            self.fields.extend(self.cx.program.is_user(adt).then_some(FieldRef { adt, variant, index }));
            return Some(call);
        }
        // `Arc::new(x)`, `Mutex::new(x)`
        let Some(function) = analysis.callee(call).filter(|callee| self.cx.program.is_user(*callee)) else {
            return Some(call);
        };
        let inner = self.cx.analysis(self.cx.program.body_of(function).filter(|_| steps > 0)?);
        let has_self = self.cx.program.function(function).is_some_and(|data| data.self_param.is_some());
        let param = param(inner, index.checked_sub(u32::from(has_self))?)?;
        self.local(inner, param, None, steps - 1);
        None
    }
}

fn param(analysis: &Analysis<'_>, index: u32) -> Option<LocalId> {
    match analysis.body.pat(*analysis.body.ir.params.get(index as usize)?).kind {
        Pat::Bind { local, .. } => Some(local),
        _ => None,
    }
}

/// The local that the plain `let` around an initialiser binds.
fn bound_by(analysis: &Analysis<'_>, parent: Parent) -> Option<LocalId> {
    let Parent::LetInit(block, index) = parent else { return None };
    let Expr::Block(data) = analysis.expr(block) else { return None };
    let Stmt::Let { pat, .. } = data.stmts.get(index as usize)? else { return None };
    match analysis.body.pat(*pat).kind {
        Pat::Bind { local, .. } => Some(local),
        _ => None,
    }
}
