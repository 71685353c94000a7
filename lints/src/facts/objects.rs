//! Which object an expression gives, told apart by instance, and which objects a body puts into which.
//!
//! An [`Object`] is a root (a local, a struct literal, a static) and the fields and elements that lead on from it. Locks,
//! guards, pointers, `Option` and `Box` are no steps: `x`, `&x`, `x.lock().unwrap()` and `Arc::clone(&x)` are one
//! object. A weak pointer's `upgrade` gives an object of its own. A [`Heap`] lists the [`Store`]s of one body, with those of
//! the functions it calls in terms of its own objects.
//!
//! Invariants: two equal objects are one instance as long as no local on the way is assigned again; what is not
//! understood is an object of its own, equal to nothing else.

use super::context::{Analysis, Context};
use super::effects::{Effects, word};
use super::ownership::{Ownership, is_opaque};
use crate::model::{BodyId, BodyRef, DefId, FieldRef, Parent, PatParent, Ty, ValueRef};
use crate::source::{Loc, Name};
use crate::syntax::ir::{Expr, ExprId, LocalId, LoopKind, Pat, PatId, Stmt};
use rustc_hash::{FxHashMap, FxHashSet};
use std::rc::Rc;

const BUDGET: u32 = 24;
const CALL_DEPTH: u32 = 3;
const STRONG_DEPTH: u32 = 3;
const MAX_STORES: usize = 400;
const CLONE: Name = Name::of("clone");

/// Where an object comes from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Root {
    /// A local or parameter.
    Local(LocalId),
    /// A struct literal or constructor; one in a function that is called has the call first.
    New(ExprId, Option<(BodyId, ExprId)>),
    /// A static.
    Static(DefId),
    /// An expression of which nothing is known.
    Opaque(ExprId),
}

/// What leads from one object to the next.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Hop {
    /// A field.
    Field(FieldRef),
    /// The element that an expression gives.
    Element(ExprId),
    /// The element that a pattern binds.
    Bound(PatId),
}

/// An object.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Object {
    /// Where it comes from.
    pub root: Root,
    /// What leads to it.
    pub path: Vec<Hop>,
}

/// An object is put into another.
#[derive(Clone, Debug)]
pub(super) struct Store {
    /// What it is put into.
    pub owner: Object,
    /// Into which field; `None` for a local container, or for the contents of the owner as a whole.
    pub field: Option<FieldRef>,
    /// What is put there: it is owned from now on.
    pub target: Object,
    /// Fields inside the value that lead to the target: a handle is stored, its pointer counts.
    pub parts: Vec<FieldRef>,
    /// The assignment, call or literal in the body that is looked at.
    pub expr: ExprId,
    /// Where it happens: in that body, or in a function that `expr` calls.
    pub source: (BodyId, ExprId),
    /// The value that is stored, perhaps in a function that `expr` calls.
    pub value: Loc,
    /// The stored pointer is a new one: a clone, not the owner's own that moves on.
    pub is_clone: bool,
    /// What it is a clone of, where that is written beside it, and whether that is a reference already.
    pub cloned: Option<(Loc, bool)>,
}

/// What a body puts where.
#[derive(Clone, Debug, Default)]
pub(super) struct Heap {
    /// The stores, in order of expression.
    pub stores: Vec<Store>,
    /// The object that the function gives back.
    pub ret: Option<Object>,
}

impl Object {
    fn new(root: Root) -> Object {
        Object { root, path: Vec::new() }
    }

    fn hop(mut self, hop: Hop) -> Object {
        self.path.push(hop);
        self
    }

    fn join(mut self, path: &[Hop]) -> Object {
        self.path.extend_from_slice(path);
        self
    }

    /// What leads from this object to `inner`, if it lies inside.
    pub(super) fn way_to<'o>(&self, inner: &'o Object) -> Option<&'o [Hop]> {
        (self.root == inner.root).then(|| inner.path.strip_prefix(&*self.path)).flatten()
    }
}

/// The type behind references, pointers, guards, locks, `Option`, `Box`: what an object is.
pub(super) fn core<'t>(cx: &Context<'_>, ty: &'t Ty) -> &'t Ty {
    strip(cx, ty).0
}

/// Whether a value of the type holds a strong pointer in front of its core.
pub(super) fn is_strong(cx: &Context<'_>, ty: &Ty) -> bool {
    strip(cx, ty).1
}

fn strip<'t>(cx: &Context<'_>, ty: &'t Ty) -> (&'t Ty, bool) {
    let mut at = ty;
    let mut strong = false;
    for _ in 0..BUDGET {
        match at {
            Ty::Ref(_, inner) => at = inner,
            Ty::Adt(def, args) if !cx.program.is_user(*def) => {
                let effects = Effects::of(cx.program, *def);
                let is_guard = effects.has(word::GUARD);
                let stops = effects.has(word::COLLECTION) || (is_opaque(effects) && !is_guard);
                let wraps = args.len() == 1 || is_guard || Some(*def) == cx.program.lang.result;
                match args.first() {
                    Some(inner) if wraps && !stops => {
                        strong |= effects.has(word::STRONG);
                        at = inner;
                    }
                    _ => break,
                }
            }
            _ => break,
        }
    }
    (at, strong)
}

/// Reads heaps, each at most once.
pub(super) struct Heaps<'c, 'a> {
    cx: &'c Context<'a>,
    ownership: &'c Ownership,
    /// The bodies that may be read for what they do to their parameters.
    pub(super) open: FxHashSet<BodyId>,
    /// Closures are objects too, which own what they capture.
    closures: bool,
    known: FxHashMap<BodyId, Rc<Heap>>,
    running: FxHashSet<BodyId>,
}

impl<'c, 'a> Heaps<'c, 'a> {
    pub(super) fn new(cx: &'c Context<'a>) -> Heaps<'c, 'a> {
        Heaps {
            cx,
            ownership: cx.ownership(),
            open: FxHashSet::default(),
            closures: false,
            known: FxHashMap::default(),
            running: FxHashSet::default(),
        }
    }

    /// The same, where closures are objects too, which own what they capture.
    pub(super) fn with_closures(cx: &'c Context<'a>) -> Heaps<'c, 'a> {
        Heaps { closures: true, ..Heaps::new(cx) }
    }

    /// The object that an expression gives.
    pub(super) fn object(&mut self, body: BodyId, expr: ExprId) -> Object {
        let analysis = self.cx.analysis(body);
        let mut reader = Reader { heaps: self, analysis, depth: CALL_DEPTH, heap: Heap::default() };
        reader.object(expr, BUDGET)
    }

    /// Forgets what was read, since more bodies are open now.
    pub(super) fn forget(&mut self) {
        self.known.clear();
    }

    /// What a body puts where.
    pub(super) fn heap(&mut self, body: BodyId) -> Rc<Heap> {
        self.heap_at(body, CALL_DEPTH)
    }

    fn heap_at(&mut self, body: BodyId, depth: u32) -> Rc<Heap> {
        if let Some(known) = self.known.get(&body) {
            return known.clone();
        }
        if !self.running.insert(body) {
            return Rc::default();
        }
        let analysis = self.cx.analysis(body);
        let mut reader = Reader { heaps: self, analysis, depth, heap: Heap::default() };
        reader.read();
        let heap = Rc::new(reader.heap);
        self.running.remove(&body);
        // What was read with less depth left is not the whole answer for a later question, but a stable one.
        self.known.insert(body, heap.clone());
        heap
    }

    /// Whether somebody who calls the function sees what it does.
    pub(super) fn has_summary(&mut self, body: BodyRef<'_>) -> bool {
        let heap = self.heap(body.id);
        let visible = |object: &Object| match object.root {
            Root::Local(local) => is_parameter(self.cx.analysis(body.id), local),
            Root::New(_, None) => heap.ret.as_ref().is_some_and(|ret| ret.root == object.root),
            _ => false,
        };
        heap.stores.iter().any(|store| visible(&store.owner) && visible(&store.target))
    }
}

fn is_parameter(analysis: &Analysis<'_>, local: LocalId) -> bool {
    analysis.body.ir.self_local == Some(local) || parameter_index(analysis, local).is_some()
}

fn parameter_index(analysis: &Analysis<'_>, local: LocalId) -> Option<u32> {
    match analysis.tree.pat_parent(analysis.tree.binding(local)?) {
        PatParent::Param(index) => {
            // Only a pattern that is a parameter itself says so; one inside it says `Pat`.
            let pat = analysis.body.ir.params.get(index as usize)?;
            matches!(analysis.body.pat(*pat).kind, Pat::Bind { local: own, .. } if own == local).then_some(index)
        }
        _ => None,
    }
}

/// Whether a closure captures only fields of a local: it names nothing else of it.
fn is_part_captured(analysis: &Analysis<'_>, closure: ExprId, local: LocalId) -> bool {
    let mut inside = analysis.tree.uses(local).iter().filter(|used| analysis.tree.is_inside(**used, closure));
    inside.all(|used| matches!(analysis.tree.parent(*used), Parent::FieldBase(_)))
}

/// Whether a local is assigned again after its `let`.
pub(super) fn is_assigned(analysis: &Analysis<'_>, local: LocalId) -> bool {
    analysis.tree.uses(local).iter().any(|used| matches!(analysis.tree.parent(*used), Parent::AssignTarget(_)))
}

/// An object that a value owns.
struct Content {
    object: Object,
    /// The fields inside the value that lead to it.
    parts: Vec<FieldRef>,
    /// The value is new, not one that moves on.
    is_clone: bool,
    cloned: Option<(Loc, bool)>,
}

struct Reader<'h, 'c, 'a> {
    heaps: &'h mut Heaps<'c, 'a>,
    analysis: &'c Analysis<'a>,
    depth: u32,
    heap: Heap,
}

impl<'c, 'a> Reader<'_, 'c, 'a> {
    fn read(&mut self) {
        for index in 0..self.analysis.body.ir.exprs.len() as u32 {
            if self.heap.stores.len() > MAX_STORES {
                return;
            }
            self.store(ExprId(index));
        }
        let ret = self.object(self.analysis.body.ir.root, BUDGET);
        let leaves = match ret.root {
            Root::Local(local) => is_parameter(self.analysis, local),
            Root::New(_, None) | Root::Static(_) => true,
            Root::New(..) | Root::Opaque(_) => false,
        };
        self.heap.ret = Some(ret).filter(|_| leaves);
    }

    // Objects.

    fn object(&mut self, expr: ExprId, budget: u32) -> Object {
        let unknown = Object::new(Root::Opaque(expr));
        if budget == 0 {
            return unknown;
        }
        let analysis = self.analysis;
        let next = budget - 1;
        match analysis.expr(expr) {
            Expr::Local(local) => self.local(*local, next),
            Expr::Path(_) => match analysis.value(expr) {
                Some(ValueRef::Static(def)) => Object::new(Root::Static(def)),
                _ => unknown,
            },
            Expr::Field { base, .. } => match analysis.types.fields.get(&expr) {
                Some((field, _)) => {
                    let field = *field;
                    self.object(*base, next).hop(Hop::Field(field))
                }
                None => match analysis.expr(*base) {
                    Expr::Local(_) => self.object(*base, next).hop(Hop::Element(expr)),
                    _ => unknown,
                },
            },
            Expr::Index { base, .. } => self.object(*base, next).hop(Hop::Element(expr)),
            Expr::Deref(inner)
            | Expr::Ref { expr: inner, .. }
            | Expr::Try(inner)
            | Expr::Await(inner)
            | Expr::Cast { expr: inner, .. } => self.object(*inner, next),
            Expr::Block(block) => match block.tail {
                Some(tail) => self.object(tail, next),
                None => unknown,
            },
            Expr::If { then, els: Some(els), .. } => self.only_way(&[*then, *els], next).unwrap_or(unknown),
            Expr::Match { arms, .. } => {
                let bodies: Vec<ExprId> = arms.iter().map(|arm| arm.body).collect();
                self.only_way(&bodies, next).unwrap_or(unknown)
            }
            Expr::Struct(_) => match analysis.types.literals.get(&expr) {
                Some((def, _)) if self.heaps.cx.program.is_user(*def) => Object::new(Root::New(expr, None)),
                _ => unknown,
            },
            Expr::Call { .. } | Expr::MethodCall(_) => self.call(expr, next).unwrap_or(unknown),
            Expr::Closure(_) if self.heaps.closures => Object::new(Root::New(expr, None)),
            _ => unknown,
        }
    }

    /// The value of a branch, where all others end elsewhere.
    fn only_way(&mut self, branches: &[ExprId], budget: u32) -> Option<Object> {
        let mut open = branches.iter().filter(|branch| *self.analysis.types.ty(**branch) != Ty::Never);
        match (open.next(), open.next()) {
            (Some(only), None) => Some(self.object(*only, budget)),
            _ => None,
        }
    }

    fn local(&mut self, local: LocalId, budget: u32) -> Object {
        let analysis = self.analysis;
        let own = Object::new(Root::Local(local));
        if is_assigned(analysis, local) {
            return own;
        }
        if let Some(init) = analysis.initializer(local) {
            return self.object(init, budget);
        }
        let Some(pat) = analysis.tree.binding(local) else { return own };
        match analysis.tree.pat_parent(pat) {
            PatParent::Param(_) | PatParent::Let(..) => own,
            _ => self.pattern(pat, budget).unwrap_or(own),
        }
    }

    /// The object that a pattern is matched with.
    fn pattern(&mut self, pat: PatId, budget: u32) -> Option<Object> {
        if budget == 0 {
            return None;
        }
        let analysis = self.analysis;
        let next = budget - 1;
        match analysis.tree.pat_parent(pat) {
            PatParent::Param(_) => None,
            PatParent::ClosureParam(closure, 0) => {
                let Parent::Arg(call, _) = analysis.tree.parent(closure) else { return None };
                let callee = analysis.callee(call)?;
                let receiver = analysis.receiver(self.heaps.cx.program, call)?;
                if self.heaps.cx.program.is_user(callee) {
                    return None;
                }
                let object = self.object(receiver, next);
                Some(match self.is_collection(analysis.types.ty(receiver)) {
                    true => object.hop(Hop::Bound(pat)),
                    false => object,
                })
            }
            PatParent::ClosureParam(..) => None,
            PatParent::Let(block, index) => {
                let Expr::Block(block) = analysis.expr(block) else { return None };
                match block.stmts.get(index as usize)? {
                    Stmt::Let { init: Some(init), .. } => Some(self.object(*init, next)),
                    _ => None,
                }
            }
            PatParent::LetExpr(condition) => match analysis.expr(condition) {
                Expr::Let { expr, .. } => Some(self.object(*expr, next)),
                _ => None,
            },
            PatParent::Arm(matching, _) => match analysis.expr(matching) {
                Expr::Match { scrutinee, .. } => Some(self.object(*scrutinee, next)),
                _ => None,
            },
            PatParent::For(looping) => match analysis.expr(looping) {
                Expr::Loop(data) => match data.kind {
                    LoopKind::For { iter, .. } => Some(self.object(iter, next).hop(Hop::Bound(pat))),
                    _ => None,
                },
                _ => None,
            },
            PatParent::Pat(outer) => {
                let base = self.pattern(outer, next)?;
                let field = analysis.types.pat_fields.get(&pat).copied();
                Some(match (field, &analysis.body.pat(outer).kind) {
                    (Some(field), _) if self.heaps.cx.program.is_user(field.adt) => base.hop(Hop::Field(field)),
                    (_, Pat::Tuple(_) | Pat::Slice(_)) => base.hop(Hop::Bound(pat)),
                    _ => base,
                })
            }
        }
    }

    fn is_collection(&self, ty: &Ty) -> bool {
        let core = core(self.heaps.cx, ty);
        matches!(core, Ty::Slice(_) | Ty::Array(_)) || self.heaps.cx.roles().says(core, word::COLLECTION)
    }

    fn call(&mut self, expr: ExprId, budget: u32) -> Option<Object> {
        let analysis = self.analysis;
        let program = self.heaps.cx.program;
        if let Expr::Call { callee, args } = analysis.expr(expr)
            && let Some(ValueRef::Constructor(adt, _)) = analysis.value(*callee)
        {
            return match program.is_user(adt) {
                true => Some(Object::new(Root::New(expr, None))),
                false => Some(self.object(*args.first()?, budget)),
            };
        }
        let Some(callee) = analysis.callee(expr) else {
            return self.is_derived_clone(expr).then(|| self.receiver_object(expr, budget)).flatten();
        };
        if program.is_user(callee) {
            return self.user_call(expr, callee, budget);
        }
        let effects = self.heaps.cx.effects(callee);
        let gives_another = [word::TAKES, word::UPGRADES, word::DOWNGRADES, word::RECEIVES, word::SPAWNS]
            .iter()
            .any(|word| effects.has(*word));
        if gives_another {
            return None;
        }
        let receiver = analysis.receiver(program, expr);
        if effects.has(word::ALIASES) {
            let source = match effects.index(word::ALIASES) {
                Some(index) => analysis.args(expr).get(index).copied(),
                None => receiver,
            };
            return Some(self.object(source?, budget));
        }
        if [word::ACQUIRES, word::UNWRAPS].iter().any(|word| effects.has(*word))
            && let Some(receiver) = receiver
        {
            return Some(self.object(receiver, budget));
        }
        if effects.has(word::ELEMENTS) {
            return Some(self.object(receiver?, budget).hop(Hop::Element(expr)));
        }
        let result = core(self.heaps.cx, analysis.types.ty(expr));
        let can_be_told = match result {
            Ty::Adt(..) | Ty::Dyn(_) => true,
            Ty::Closure(..) | Ty::Param(..) | Ty::Opaque(_) => self.heaps.closures,
            _ => false,
        };
        if !can_be_told {
            return None;
        }
        // `map(|x| ..)`, `new_cyclic(|weak| ..)`: what the closure gives.
        let closure = analysis.args(expr).iter().copied().find_map(|arg| match analysis.expr(arg) {
            Expr::Closure(closure) if !closure.params.is_empty() => Some(closure),
            _ => None,
        });
        if let Some(closure) = closure
            && core(self.heaps.cx, analysis.types.ty(closure.body)) == result
        {
            return Some(self.object(closure.body, budget));
        }
        let source = receiver.or_else(|| analysis.args(expr).first().copied())?;
        let source_core = core(self.heaps.cx, analysis.types.ty(source));
        // `Arc::new(x)` where an `Arc<dyn Trait>` is wanted.
        let same = source_core == result || (receiver.is_none() && matches!(result, Ty::Dyn(_)));
        same.then(|| self.object(source, budget))
    }

    fn receiver_object(&mut self, call: ExprId, budget: u32) -> Option<Object> {
        match self.analysis.expr(call) {
            Expr::MethodCall(data) => Some(self.object(data.receiver, budget)),
            _ => None,
        }
    }

    /// A derived `clone` has no function to be found: the type that it gives tells.
    fn is_derived_clone(&self, call: ExprId) -> bool {
        let analysis = self.analysis;
        match analysis.expr(call) {
            Expr::MethodCall(data) => {
                data.method == CLONE
                    && data.args.is_empty()
                    && !analysis.types.ty(call).is_unknown()
                    && analysis.types.ty(data.receiver).peel_refs() == analysis.types.ty(call)
            }
            _ => false,
        }
    }

    fn callee_heap(&mut self, callee: DefId) -> Option<(Rc<Heap>, &'c Analysis<'a>)> {
        let cx: &'c Context<'a> = self.heaps.cx;
        let body = cx.program.body_of(callee).filter(|body| self.depth > 0 && self.heaps.open.contains(body))?;
        let heap = self.heaps.heap_at(body, self.depth - 1);
        Some((heap, cx.analysis(body)))
    }

    fn user_call(&mut self, call: ExprId, callee: DefId, budget: u32) -> Option<Object> {
        let (heap, inner) = self.callee_heap(callee)?;
        self.translate(heap.ret.as_ref()?, call, inner, budget)
    }

    /// An object of a function that is called, in terms of the caller's.
    fn translate(&mut self, object: &Object, call: ExprId, inner: &Analysis<'_>, budget: u32) -> Option<Object> {
        let base = match object.root {
            Root::Static(_) => Object::new(object.root),
            Root::New(expr, None) => Object::new(Root::New(call, Some((inner.body.id, expr)))),
            Root::New(..) | Root::Opaque(_) => return None,
            Root::Local(local) => {
                let has_self = inner.body.ir.self_local.is_some();
                let by_path = matches!(self.analysis.expr(call), Expr::Call { .. });
                let source = if inner.body.ir.self_local == Some(local) {
                    self.analysis.receiver(self.heaps.cx.program, call)?
                } else {
                    let shift = usize::from(has_self && by_path);
                    let index = parameter_index(inner, local)? as usize + shift;
                    self.analysis.args(call).get(index).copied()?
                };
                self.object(source, budget)
            }
        };
        Some(base.join(&object.path))
    }

    // Stores.

    fn store(&mut self, expr: ExprId) {
        let analysis = self.analysis;
        match analysis.expr(expr) {
            Expr::Assign { target, value, compound: false } if !matches!(analysis.expr(*target), Expr::Local(_)) => {
                self.put(*target, *value, expr);
            }
            Expr::Struct(literal) => {
                let Some((adt, variant)) = analysis.types.literals.get(&expr).copied() else { return };
                for (name, _, value) in &literal.fields {
                    if let Some(field) = self.heaps.cx.field_named(adt, variant, *name) {
                        self.initialise(expr, field, *value);
                    }
                }
            }
            Expr::Call { callee, args } => match analysis.value(*callee) {
                Some(ValueRef::Constructor(adt, variant)) => {
                    for (index, value) in args.iter().enumerate() {
                        self.initialise(expr, FieldRef { adt, variant, index: index as u32 }, *value);
                    }
                }
                _ => self.store_by_call(expr),
            },
            Expr::MethodCall(_) => self.store_by_call(expr),
            Expr::Closure(closure) if self.heaps.closures && closure.is_move => self.capture(expr, &closure.captures),
            _ => {}
        }
    }

    /// A closure owns what it captures by value.
    fn capture(&mut self, closure: ExprId, captures: &[LocalId]) {
        let analysis = self.analysis;
        for local in captures {
            let ty = analysis.types.local(*local);
            let (core, strong) = strip(self.heaps.cx, ty);
            if matches!(ty, Ty::Ref(..)) {
                continue;
            }
            let object = self.local(*local, BUDGET);
            let mut parts: Vec<Vec<FieldRef>> = Vec::new();
            match core {
                _ if strong => parts.push(Vec::new()),
                Ty::Adt(def, _)
                    if self.heaps.cx.program.is_user(*def) && !is_part_captured(analysis, closure, *local) =>
                {
                    self.strong_parts(*def, &mut Vec::new(), STRONG_DEPTH, &mut parts);
                }
                _ => {}
            }
            let value = analysis.body.loc(analysis.body.local(*local).span);
            for parts in parts {
                let hops: Vec<Hop> = parts.iter().copied().map(Hop::Field).collect();
                self.heap.stores.push(Store {
                    owner: Object::new(Root::New(closure, None)),
                    field: None,
                    target: object.clone().join(&hops),
                    parts,
                    expr: closure,
                    source: (analysis.body.id, closure),
                    value,
                    is_clone: true,
                    cloned: None,
                });
            }
        }
    }

    fn initialise(&mut self, literal: ExprId, field: FieldRef, value: ExprId) {
        let counts = self.heaps.closures || !self.heaps.ownership.of_field(field).is_empty();
        if counts && self.heaps.cx.program.is_user(field.adt) {
            self.add(Object::new(Root::New(literal, None)), Some(field), value, value);
        }
    }

    fn store_by_call(&mut self, call: ExprId) {
        let analysis = self.analysis;
        let Some(callee) = analysis.callee(call) else { return };
        if self.heaps.cx.program.is_user(callee) {
            return self.stores_of_callee(call, callee);
        }
        let effects = self.heaps.cx.effects(callee);
        let receiver = analysis.receiver(self.heaps.cx.program, call);
        let by_path = usize::from(receiver.is_some() && matches!(analysis.expr(call), Expr::Call { .. }));
        let args = analysis.args(call);
        let slot = match effects.index(word::TAKES) {
            Some(index) => args.get(index + by_path).copied(),
            None => receiver,
        };
        let Some(slot) = slot else { return };
        if effects.has(word::SENDS) {
            return;
        }
        if let Some(value) = effects.index(word::PUTS).and_then(|index| args.get(index + by_path)) {
            self.put(slot, *value, call);
        } else if let Some(arg) = effects.index(word::PUTS_RESULT).and_then(|index| args.get(index + by_path))
            && let Expr::Closure(closure) = analysis.expr(*arg)
        {
            self.put(slot, closure.body, call);
        }
    }

    fn stores_of_callee(&mut self, call: ExprId, callee: DefId) {
        let Some((heap, inner)) = self.callee_heap(callee) else { return };
        for store in &heap.stores {
            let owner = self.translate(&store.owner, call, inner, BUDGET);
            let target = self.translate(&store.target, call, inner, BUDGET);
            if let (Some(owner), Some(target)) = (owner, target) {
                self.heap.stores.push(Store { owner, target, expr: call, ..store.clone() });
            }
        }
    }

    /// `slot = value`
    fn put(&mut self, slot: ExprId, value: ExprId, at: ExprId) {
        let analysis = self.analysis;
        let mut object = self.object(slot, BUDGET);
        let mut place = slot;
        // `map.entry(key)`: the entry is of no type that says where it leads.
        while let (Root::Opaque(_), Expr::MethodCall(call)) = (object.root, analysis.expr(place)) {
            if analysis.callee(place).is_none_or(|callee| self.heaps.cx.program.is_user(callee)) {
                return;
            }
            place = call.receiver;
            object = self.object(place, BUDGET);
        }
        while matches!(object.path.last(), Some(Hop::Element(_) | Hop::Bound(_))) {
            object.path.pop();
        }
        let Some(Hop::Field(field)) = object.path.last().copied() else {
            return self.add(object, None, value, at);
        };
        // `*self.node.lock() = Node { .. }`: what is behind the pointer is filled anew.
        let slot_ty = analysis.types.ty(slot);
        let whole = matches!(core(self.heaps.cx, slot_ty), Ty::Adt(..)) && !is_strong(self.heaps.cx, slot_ty) && {
            let declared = self.heaps.cx.program.field_types(field.adt, field.variant).get(field.index as usize);
            declared.is_some_and(|ty| is_strong(self.heaps.cx, ty))
        };
        if whole {
            return self.add(object, None, value, at);
        }
        object.path.pop();
        self.add(object, Some(field), value, at);
    }

    fn add(&mut self, owner: Object, field: Option<FieldRef>, value: ExprId, at: ExprId) {
        for Content { object: target, parts, is_clone, cloned } in self.contents(value, 8) {
            let body = self.analysis.body;
            let (value, source) = (body.expr_loc(value), (body.id, at));
            self.heap.stores.push(Store {
                owner: owner.clone(),
                field,
                target,
                parts,
                expr: at,
                source,
                value,
                is_clone,
                cloned,
            });
        }
    }

    /// The objects that a value owns.
    fn contents(&mut self, value: ExprId, budget: u32) -> Vec<Content> {
        let analysis = self.analysis;
        let ty = analysis.types.ty(value);
        if budget == 0 || matches!(ty, Ty::Ref(..)) {
            return Vec::new();
        }
        match analysis.expr(value) {
            Expr::Tuple(parts) | Expr::Array(parts) => return self.contents_of_all(parts, budget),
            Expr::Cast { expr, .. } => return self.contents(*expr, budget - 1),
            Expr::Macro(call) => return self.contents_of_all(&call.args, budget),
            Expr::If { then, els: Some(els), .. } => return self.contents_of_all(&[*then, *els], budget),
            Expr::Match { arms, .. } => {
                let bodies: Vec<ExprId> = arms.iter().map(|arm| arm.body).collect();
                return self.contents_of_all(&bodies, budget);
            }
            Expr::Block(block) => return block.tail.map_or_else(Vec::new, |tail| self.contents(tail, budget - 1)),
            Expr::Call { callee, args } => {
                // What a library makes of nothing holds nothing: `Vec::new()`, `Mutex::default()`.
                if let (Some(ValueRef::Function(def)), []) = (analysis.value(*callee), &**args)
                    && !self.heaps.cx.program.is_user(def)
                {
                    return Vec::new();
                }
                let wraps = match analysis.value(*callee) {
                    Some(ValueRef::Constructor(adt, _)) => !self.heaps.cx.program.is_user(adt),
                    Some(ValueRef::Function(def)) => {
                        !self.heaps.cx.program.is_user(def) && self.heaps.cx.effects(def).is_empty() && args.len() == 1
                    }
                    // `Closure::wrap(Box::new(..))` of a library that is not known.
                    None => self.heaps.closures && args.len() == 1,
                    _ => false,
                };
                if wraps && args.iter().all(|arg| !matches!(analysis.types.ty(*arg), Ty::Ref(..))) {
                    return self.contents_of_all(args, budget);
                }
            }
            _ => {}
        }
        let is_clone = !matches!(analysis.expr(value), Expr::Local(_) | Expr::Struct(_) | Expr::Field { .. });
        let cloned = is_clone.then(|| self.cloned(value)).flatten();
        let object = self.object(value, BUDGET);
        let (core, strong) = strip(self.heaps.cx, ty);
        match core {
            Ty::Adt(..) if strong => vec![Content { object, parts: Vec::new(), is_clone, cloned }],
            Ty::Adt(def, _) if self.heaps.cx.program.is_user(*def) => {
                let mut parts = Vec::new();
                self.strong_parts(*def, &mut Vec::new(), STRONG_DEPTH, &mut parts);
                let mut found: Vec<Content> = parts
                    .into_iter()
                    .map(|parts| {
                        let hops: Vec<Hop> = parts.iter().copied().map(Hop::Field).collect();
                        Content { object: object.clone().join(&hops), parts, is_clone, cloned }
                    })
                    .collect();
                if !is_clone || matches!(object.root, Root::New(..)) && object.path.is_empty() {
                    found.push(Content { object, parts: Vec::new(), is_clone, cloned });
                }
                found
            }
            Ty::Closure(..) | Ty::Param(..) | Ty::Opaque(_) if self.heaps.closures => {
                vec![Content { object, parts: Vec::new(), is_clone, cloned }]
            }
            _ if self.heaps.closures && strong => vec![Content { object, parts: Vec::new(), is_clone, cloned }],
            Ty::Dyn(_) => vec![Content { object, parts: Vec::new(), is_clone, cloned }],
            Ty::Adt(..) if self.is_collection(core) => vec![Content { object, parts: Vec::new(), is_clone, cloned }],
            _ => Vec::new(),
        }
    }

    /// What a call clones: `parent` in `parent.clone()`, `&parent` in `Arc::clone(&parent)`.
    fn cloned(&self, value: ExprId) -> Option<(Loc, bool)> {
        let analysis = self.analysis;
        let is_alias = match analysis.callee(value) {
            Some(callee) => self.heaps.cx.effects(callee).has(word::ALIASES),
            None => self.is_derived_clone(value),
        };
        let source = match analysis.expr(value) {
            Expr::MethodCall(call) => call.receiver,
            Expr::Call { args, .. } => *args.first()?,
            _ => return None,
        };
        let is_ref = matches!(analysis.types.ty(source), Ty::Ref(..));
        is_alias.then(|| (analysis.body.expr_loc(source), is_ref))
    }

    fn contents_of_all(&mut self, values: &[ExprId], budget: u32) -> Vec<Content> {
        values.iter().flat_map(|value| self.contents(*value, budget - 1)).collect()
    }

    /// The fields of a struct held by value that lead to what it has strong pointers to.
    fn strong_parts(&self, adt: DefId, way: &mut Vec<FieldRef>, depth: u32, found: &mut Vec<Vec<FieldRef>>) {
        if depth == 0 || self.heaps.cx.roles().variant_count(adt) != 1 {
            return;
        }
        for index in 0..self.heaps.cx.program.field_types(adt, 0).len() as u32 {
            let field = FieldRef { adt, variant: 0, index };
            let edges = self.heaps.ownership.of_field(field);
            way.push(field);
            if edges.iter().any(|owns| owns.strong.is_some() && !owns.many) {
                found.push(way.clone());
            } else if let Some(owns) = edges.iter().find(|owns| owns.strong.is_none() && !owns.many) {
                self.strong_parts(owns.target, way, depth - 1, found);
            }
            way.pop();
        }
    }
}
