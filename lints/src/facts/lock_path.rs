//! Which lock of which object: the way from a local, a parameter or a static to the lock.
//!
//! A [`Place`](super::Place) names a field of whatever instance; a [`LockPath`] names one object. Two equal paths in one body are one lock,
//! as long as nothing on the way is rebound between them (see [`Context::is_same_lock`]); references, `Arc` clones and
//! captured clones lead to where they were taken from. What goes through an index, an element of a collection, or what
//! another lock guards has no path beyond the local that it is bound to.

use super::context::{Analysis, Context};
use super::effects::word;
use crate::model::flow::{Action, Flow, NodeId};
use crate::model::{BodyId, DefId, FieldRef, Parent, PatParent, Ty, ValueRef};
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId, ItemKind, LocalId, Pat, PatId};
use smallvec::SmallVec;

/// How many expressions, locals and accessors deep a path is followed.
const BUDGET: u32 = 24;
/// How many functions deep a reference to a lock is returned.
const ACCESSOR_DEPTH: u32 = 3;

const CLONE: Name = Name::of("clone");
const ELEMENTS: [Name; 6] = [Name::of("0"), Name::of("1"), Name::of("2"), Name::of("3"), Name::of("4"), Name::of("5")];

/// Where a path starts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PathRoot {
    /// A local or parameter, `self` among them.
    Local(BodyId, LocalId),
    /// A static.
    Static(DefId),
}

/// One step of a path. References, pointers, `Option`s and `Result`s are no steps.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PathStep {
    /// A field of a struct or variant.
    Field(FieldRef),
    /// An element of a tuple.
    Element(u32),
}

/// One object: a root, and the fields that lead from it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LockPath {
    /// Where it starts.
    pub root: PathRoot,
    /// The fields, outermost first.
    pub steps: SmallVec<[PathStep; 4]>,
}

impl LockPath {
    fn of_root(root: PathRoot) -> LockPath {
        LockPath { root, steps: SmallVec::new() }
    }

    /// A part of this object.
    fn with(mut self, step: PathStep) -> LockPath {
        self.steps.push(step);
        self
    }

    /// The object that this one is in the world of a caller, where its root is `base`.
    pub(super) fn rebased(&self, mut base: LockPath) -> LockPath {
        base.steps.extend(self.steps.iter().copied());
        base
    }

    /// The same object seen from where `base`, a part of the way to it, is the root.
    pub(super) fn seen_from(&self, base: &LockPath, root: PathRoot) -> Option<LockPath> {
        let steps = self.steps.get(base.steps.len()..).filter(|_| self.starts_with(base))?;
        Some(LockPath { root, steps: steps.into() })
    }

    /// Whether an object is this one, or leads to it.
    fn starts_with(&self, other: &LockPath) -> bool {
        self.root == other.root && self.steps.starts_with(&other.steps)
    }

    /// Whether it starts at a static.
    pub fn is_static(&self) -> bool {
        matches!(self.root, PathRoot::Static(_))
    }
}

impl Context<'_> {
    /// The object that an expression speaks of.
    pub fn lock_path(&self, analysis: &Analysis<'_>, expr: ExprId) -> Option<LockPath> {
        self.path_at(analysis, expr, BUDGET, ACCESSOR_DEPTH)
    }

    fn path_at(&self, analysis: &Analysis<'_>, expr: ExprId, budget: u32, calls: u32) -> Option<LockPath> {
        let budget = budget.checked_sub(1)?;
        let go = |expr: ExprId| self.path_at(analysis, expr, budget, calls);
        match analysis.expr(expr) {
            Expr::Local(local) => Some(self.path_of_local(analysis, *local, budget, calls)),
            Expr::Field { base, name, .. } => {
                let base = go(*base)?;
                let step = match analysis.types.fields.get(&expr) {
                    Some((field, _)) => PathStep::Field(*field),
                    None => PathStep::Element(element(*name)?),
                };
                Some(base.with(step))
            }
            Expr::Path(_) => match analysis.value(expr)? {
                ValueRef::Static(def) => Some(LockPath::of_root(PathRoot::Static(def))),
                _ => None,
            },
            Expr::Ref { expr: inner, .. } | Expr::Deref(inner) | Expr::Try(inner) => go(*inner),
            Expr::Block(block) if block.stmts.is_empty() => go(block.tail?),
            Expr::MethodCall(call) => match analysis.callee(expr) {
                Some(callee) if call.method == CLONE && self.is_sharing_clone(callee, budget, calls) => {
                    go(call.receiver)
                }
                Some(callee) if self.program.is_user(callee) => {
                    self.path_of_accessor(analysis, expr, callee, budget, calls)
                }
                Some(callee) => {
                    let effects = self.effects(callee);
                    let is_same = effects.has(word::UNWRAPS)
                        || (effects.has(word::ALIASES) && !self.gives_elements(analysis.types.ty(call.receiver)));
                    is_same.then(|| go(call.receiver))?
                }
                // A derived `clone` shares whatever a lock can be behind.
                None => {
                    let is_clone = call.method == CLONE
                        && call.args.is_empty()
                        && analysis.types.ty(expr).adt().is_some_and(|adt| self.program.is_user(adt));
                    is_clone.then(|| go(call.receiver))?
                }
            },
            Expr::Call { args, .. } => {
                let callee = analysis.callee(expr)?;
                if self.program.is_user(callee) {
                    return self.path_of_accessor(analysis, expr, callee, budget, calls);
                }
                let effects = self.effects(callee);
                effects.get(word::ALIASES)?;
                go(*args.get(effects.index(word::ALIASES).unwrap_or(0))?)
            }
            _ => None,
        }
    }

    /// What a reference into a collection leads to is not known.
    pub(super) fn gives_elements(&self, ty: &Ty) -> bool {
        let ty = self.roles().pointee(ty);
        matches!(ty, Ty::Slice(_) | Ty::Array(_)) || self.roles().says(&ty, word::COLLECTION)
    }

    /// The object behind a local: what it was borrowed, cloned or taken out of; itself where that is not known, or where
    /// either is assigned again.
    fn path_of_local(&self, analysis: &Analysis<'_>, local: LocalId, budget: u32, calls: u32) -> LockPath {
        let own = LockPath::of_root(PathRoot::Local(analysis.body.id, local));
        if is_assigned(analysis, local) {
            return own;
        }
        let Some(pat) = analysis.tree.binding(local) else { return own };
        let behind = self.matched_path(analysis, pat, budget, calls);
        behind.filter(|path| !self.root_is_assigned(path)).unwrap_or(own)
    }

    /// What a pattern is matched against, as a path.
    fn matched_path(&self, analysis: &Analysis<'_>, pat: PatId, budget: u32, calls: u32) -> Option<LockPath> {
        let budget = budget.checked_sub(1)?;
        // `let (flag, lock) = (flag.clone(), lock.clone());`
        if let Some(element) = analysis.tuple_element(pat) {
            return self.path_at(analysis, element, budget, calls);
        }
        match analysis.tree.pat_parent(pat) {
            PatParent::Pat(outer) => {
                let base = self.matched_path(analysis, outer, budget, calls)?;
                match &analysis.body.pat(outer).kind {
                    Pat::Tuple(pats) => {
                        let index = pats.iter().position(|part| *part == pat)?;
                        let has_rest = pats.iter().any(|part| matches!(analysis.body.pat(*part).kind, Pat::Rest));
                        (!has_rest).then(|| base.with(PathStep::Element(index as u32)))
                    }
                    Pat::TupleStruct { .. } | Pat::Struct { .. } => {
                        let field = analysis.types.pat_fields.get(&pat)?;
                        let lang = &self.program.lang;
                        let is_transparent = [lang.option, lang.result].contains(&Some(field.adt));
                        Some(if is_transparent { base } else { base.with(PathStep::Field(*field)) })
                    }
                    Pat::Ref(_) | Pat::Bind { .. } => Some(base),
                    _ => None,
                }
            }
            PatParent::Let(..) | PatParent::LetExpr(_) | PatParent::Arm(..) => {
                let source = super::origins::source_of(analysis, pat)?;
                // A part of a tuple that is made here is what was put there.
                self.path_at(analysis, source, budget, calls)
            }
            PatParent::Param(_) | PatParent::ClosureParam(..) | PatParent::For(_) => None,
        }
    }

    fn root_is_assigned(&self, path: &LockPath) -> bool {
        match path.root {
            PathRoot::Local(body, local) => is_assigned(self.analysis(body), local),
            PathRoot::Static(_) => false,
        }
    }

    /// What a function of the user's gives that only leads to something it was given: `fn inner(&self) -> &Inner { &self.0 }`.
    fn path_of_accessor(
        &self,
        analysis: &Analysis<'_>,
        call: ExprId,
        callee: DefId,
        budget: u32,
        calls: u32,
    ) -> Option<LockPath> {
        let calls = calls.checked_sub(1)?;
        let signature = self.program.signature(callee)?;
        let leads = matches!(signature.ret, Ty::Ref(..)) || self.roles().says(&signature.ret, word::STRONG);
        let body = self.program.body_of(callee).filter(|_| leads && !self.is_overridden(callee))?;
        let inner = self.analysis(body);
        let Expr::Block(block) = inner.expr(inner.body.ir.root) else { return None };
        if !block.stmts.is_empty() {
            return None;
        }
        let given = self.path_at(inner, block.tail?, budget, calls)?;
        self.path_in_caller(analysis, call, callee, &given, budget, calls)
    }

    /// Whether a `clone` of the user's only clones each field: `Shared(self.0.clone())`. It shares whatever a lock can be
    /// behind, as a derived one does.
    fn is_sharing_clone(&self, callee: DefId, budget: u32, calls: u32) -> bool {
        let Some(calls) = calls.checked_sub(1) else { return false };
        let Some(body) = self.program.body_of(callee).filter(|_| self.program.is_user(callee)) else { return false };
        let inner = self.analysis(body);
        let Expr::Block(block) = inner.expr(inner.body.ir.root) else { return false };
        let Some(made) = block.tail.filter(|_| block.stmts.is_empty()) else { return false };
        let is_own = |value: ExprId, name: Name| {
            let is_field = |step: &PathStep| match step {
                PathStep::Field(field) => self.field(*field).is_some_and(|data| data.name == name),
                PathStep::Element(_) => false,
            };
            let path = self.path_at(inner, value, budget, calls);
            path.is_some_and(|path| {
                let is_self = matches!(path.root, PathRoot::Local(_, local) if inner.body.ir.self_local == Some(local));
                is_self && matches!(path.steps.as_slice(), [only] if is_field(only))
            })
        };
        match inner.expr(made) {
            Expr::Struct(data) => {
                data.spread.is_none()
                    && !data.fields.is_empty()
                    && data.fields.iter().all(|(name, _, value)| is_own(*value, *name))
            }
            Expr::Call { callee, args } => {
                let is_constructor = matches!(inner.value(*callee), Some(ValueRef::Constructor(..)));
                let mut numbered = args.iter().enumerate();
                is_constructor
                    && !args.is_empty()
                    && numbered.all(|(index, arg)| ELEMENTS.get(index).is_some_and(|name| is_own(*arg, *name)))
            }
            _ => false,
        }
    }

    /// What an object of a called function is in the caller.
    pub fn path_of_callee(
        &self,
        analysis: &Analysis<'_>,
        call: ExprId,
        callee: DefId,
        path: &LockPath,
    ) -> Option<LockPath> {
        self.path_in_caller(analysis, call, callee, path, BUDGET, ACCESSOR_DEPTH)
    }

    fn path_in_caller(
        &self,
        analysis: &Analysis<'_>,
        call: ExprId,
        callee: DefId,
        path: &LockPath,
        budget: u32,
        calls: u32,
    ) -> Option<LockPath> {
        let PathRoot::Local(body, local) = path.root else { return Some(path.clone()) };
        let inner = self.analysis(body);
        if inner.body.owner != callee {
            return None;
        }
        let arg = self.operand_of(analysis, call, inner, local)?;
        Some(path.rebased(self.path_at(analysis, arg, budget, calls)?))
    }

    /// The operand of a call that a parameter, or `self`, of the called function stands for.
    pub(super) fn operand_of(
        &self,
        analysis: &Analysis<'_>,
        call: ExprId,
        callee: &Analysis<'_>,
        local: LocalId,
    ) -> Option<ExprId> {
        let receiver = analysis.receiver(self.program, call);
        if callee.body.ir.self_local == Some(local) {
            // A call that is not written stands at the value that it is of.
            let is_written = matches!(analysis.expr(call), Expr::Call { .. } | Expr::MethodCall(_));
            return if is_written { receiver } else { Some(call) };
        }
        let index = super::guards::param_index(callee, local)?;
        let by_path = matches!(analysis.expr(call), Expr::Call { .. });
        let shift = usize::from(by_path && receiver.is_some());
        analysis.args(call).get(index as usize + shift).copied()
    }

    /// Whether a path means the same object at two nodes of one flow: there is a way between them, along nodes that
    /// `allowed` lets through, that rebinds nothing on the path.
    pub fn is_same_lock(
        &self,
        analysis: &Analysis<'_>,
        flow: &Flow,
        path: &LockPath,
        (from, to): (NodeId, NodeId),
        allowed: impl Fn(NodeId) -> bool,
    ) -> bool {
        let rebinds = |node: NodeId| match (flow.action(node), path.root) {
            (Action::Bind(pat), PathRoot::Local(_, local)) => binds(analysis, pat, local),
            (Action::Assign(assign), _) => match analysis.expr(assign) {
                Expr::Assign { target, compound: false, .. } => {
                    let target = *target;
                    // `*guard = ..` writes behind a lock, which is no part of the path.
                    self.path_of_target(analysis, target).is_some_and(|target| path.starts_with(&target))
                }
                _ => false,
            },
            _ => false,
        };
        flow.reach(from, |node, _, next| allowed(next) && (node == from || !rebinds(node))).contains(to.index())
    }

    fn path_of_target(&self, analysis: &Analysis<'_>, target: ExprId) -> Option<LockPath> {
        match analysis.expr(target) {
            Expr::Local(local) => Some(LockPath::of_root(PathRoot::Local(analysis.body.id, *local))),
            Expr::Field { .. } => self.lock_path(analysis, target),
            _ => None,
        }
    }

    /// Whether a function is one that a trait provides, and that an impl replaces.
    pub(super) fn is_overridden(&self, function: DefId) -> bool {
        let parent = self.program.def(function).parent;
        parent.is_some_and(|parent| matches!(self.program.item(parent).kind, ItemKind::Trait(_)))
            && !self.program.implementors(function).is_empty()
    }

    /// Whether the object that a path starts at is the function's alone: nobody else can hold its locks.
    pub(super) fn is_alone(&self, path: &LockPath) -> bool {
        let PathRoot::Local(body, local) = path.root else { return false };
        let analysis = self.analysis(body);
        let is_shared = |ty: &Ty| {
            matches!(ty, Ty::Ref(false, _) | Ty::Ptr(..)) || self.roles().says(ty, word::STRONG) || ty.is_unknown()
        };
        let through = path.steps.iter().rev().skip(1).any(|step| match step {
            PathStep::Field(field) => self.field_type(*field).is_none_or(|ty| ty.any(&mut |part| is_shared(part))),
            PathStep::Element(_) => false,
        });
        let own = analysis.types.local(local);
        let is_last_shared = path.steps.last().is_some_and(|step| match step {
            PathStep::Field(field) => self.field_type(*field).is_none_or(|ty| ty.any(&mut |part| is_shared(part))),
            PathStep::Element(_) => false,
        });
        let owned = match own {
            Ty::Ref(true, inner) => !inner.any(&mut |part| is_shared(part)),
            ty => ty.adt().is_some() && !ty.any(&mut |part| is_shared(part)),
        };
        owned && !through && !is_last_shared && !self.is_captured(analysis, local)
    }

    /// Whether the object that a path starts at is nobody else's yet when an expression of the same body is evaluated: an
    /// `Arc` that was made here, and that nobody has been given.
    pub(super) fn is_unshared_yet(&self, path: &LockPath, body: BodyId, at: ExprId) -> bool {
        let PathRoot::Local(home, local) = path.root else { return false };
        let analysis = self.analysis(body);
        let is_shared_inside = |step: &PathStep| match step {
            PathStep::Field(field) => self.field_type(*field).is_none_or(|ty| self.roles().says(ty, word::STRONG)),
            PathStep::Element(_) => false,
        };
        let own = analysis.types.local(local);
        if home != body || !self.roles().says(own, word::STRONG) || path.steps.iter().any(is_shared_inside) {
            return false;
        }
        let is_made = analysis.initializer(local).is_some_and(|made| self.makes_new(analysis, made));
        let root = self.flow_root(body, at);
        let flow = self.flow(body, root);
        let Some(node) = flow.node(at).filter(|_| is_made) else { return false };
        analysis.tree.uses(local).iter().all(|used| {
            if self.flow_root(body, *used) != root {
                return false;
            }
            let stays = match analysis.tree.parent(*used) {
                Parent::FieldBase(_) => true,
                // `&self` of what is inside gives no clone of the `Arc`.
                Parent::Receiver(call) => analysis.types.methods.get(&call).is_some_and(|(_, derefs)| *derefs > 0),
                Parent::BlockTail(_) => true,
                _ => false,
            };
            let mut around = std::iter::once(*used).chain(analysis.tree.ancestors(*used));
            let used = around.find_map(|expr| flow.node(expr));
            stays || used.is_some_and(|used| used != node && !flow.reaches(used, node))
        })
    }

    /// Whether an expression makes a new `Arc` of something that is made in it.
    fn makes_new(&self, analysis: &Analysis<'_>, expr: ExprId) -> bool {
        let Expr::Call { args, .. } = analysis.expr(expr) else { return false };
        let is_library = analysis.callee(expr).is_some_and(|callee| !self.program.is_user(callee));
        let is_own = |arg: &ExprId| matches!(analysis.expr(*arg), Expr::Struct(_) | Expr::Call { .. });
        is_library
            && self.roles().says(analysis.types.ty(expr), word::STRONG)
            && args.len() == 1
            && args.iter().all(is_own)
    }

    /// Whether a closure takes a local along.
    fn is_captured(&self, analysis: &Analysis<'_>, local: LocalId) -> bool {
        analysis
            .tree
            .uses(local)
            .iter()
            .any(|used| analysis.tree.enclosing_closure(analysis.body, *used) != analysis.body.local(local).closure)
    }

    /// A path with all that leads to it, for messages that tell two objects of one type apart: `from.balance`.
    pub fn full_path_text(&self, path: &LockPath) -> String {
        let root = match path.root {
            PathRoot::Static(def) => self.program.name(def).to_owned(),
            PathRoot::Local(body, local) => {
                let body = self.program.body(body);
                self.program.name_text(body.owner, body.local(local).name).to_owned()
            }
        };
        let steps = self.steps_text(&path.steps);
        if steps.is_empty() { root } else { format!("{root}.{steps}") }
    }

    /// The way from an object to a part of it, for messages: `left.rows`.
    pub fn steps_text(&self, steps: &[PathStep]) -> String {
        let texts = steps.iter().map(|step| match step {
            PathStep::Field(field) => {
                self.field(*field).map_or("_", |data| self.program.name_text(field.adt, data.name)).to_owned()
            }
            PathStep::Element(index) => index.to_string(),
        });
        texts.collect::<Vec<String>>().join(".")
    }

    /// A path for messages: `Type::field`, the static, the local.
    pub fn path_text(&self, path: &LockPath) -> String {
        let fields = path.steps.iter().rev().filter_map(|step| match step {
            PathStep::Field(field) => Some(*field),
            PathStep::Element(_) => None,
        });
        // wgpu-core's own `Mutex<T>(parking_lot::Mutex<T>)`: what holds the wrapper is the lock.
        let last = fields.clone().find(|field| !super::guards::is_wrapper(self, field.adt)).or(fields.clone().next());
        match (last, path.root) {
            (Some(field), _) => self.field_text(field),
            (None, PathRoot::Static(def)) => self.program.name(def).to_owned(),
            (None, PathRoot::Local(body, local)) => {
                let body = self.program.body(body);
                self.program.name_text(body.owner, body.local(local).name).to_owned()
            }
        }
    }
}

/// Whether a local is assigned after it was bound.
pub(super) fn is_assigned(analysis: &Analysis<'_>, local: LocalId) -> bool {
    analysis.tree.uses(local).iter().any(|used| matches!(analysis.tree.parent(*used), Parent::AssignTarget(_)))
}

/// Whether a pattern binds a local.
fn binds(analysis: &Analysis<'_>, pat: PatId, local: LocalId) -> bool {
    let Some(mut at) = analysis.tree.binding(local) else { return false };
    loop {
        if at == pat {
            return true;
        }
        match analysis.tree.pat_parent(at) {
            PatParent::Pat(outer) => at = outer,
            _ => return false,
        }
    }
}

/// The number that a tuple's field is named by.
fn element(name: Name) -> Option<u32> {
    ELEMENTS.iter().position(|own| *own == name).map(|index| index as u32)
}
