//! Follows one value through a flow: who holds it where, and how it ends on each path.
//!
//! A forward analysis over sets of carriers (a temporary, a local, each with the place of the value inside a tuple). A
//! carrier is in the set of a node if on some path from the origin it holds the value when the node starts. What the
//! program does with the value beyond this flow is the caller's to say, through [`Follow`].

use super::uses::{BodyView, Use, is_constructor};
use super::{Action, BitSet, EdgeKind, Flow, NodeId};
use crate::model::infer::ValueRef;
use crate::model::signature::substitute;
use crate::model::tree::{Parent, PatParent};
use crate::model::ty::Ty;
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId, ItemKind, LocalId, Pat, PatId, Stmt};
use smallvec::SmallVec;

/// More carriers than this are not told apart from an escape.
const MAX_CARRIERS: usize = 64;

/// What a call does with a value that it is given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CallRole {
    /// It takes it: the value leaves the flow.
    Takes,
    /// It drops it: `drop(guard)`.
    Drops,
    /// It forgets it: `mem::forget(guard)`.
    Forgets,
    /// It gives it back as its result: `result.unwrap()`, `condvar.wait(guard)`.
    Passes,
    /// It takes it out of what it is given a reference to: `slot.take()`; the result is the value.
    Extracts,
}

/// What the caller of [`Flow::track`] knows.
pub struct Follow<'a> {
    /// What a call, method call or macro does with the operand in this role. Asked for operands that are given by value,
    /// and for receivers and arguments that are references to a local that holds the value.
    pub role: &'a dyn Fn(Parent) -> CallRole,
    /// Whether a value of the type can hold the tracked one. Unknown types always can.
    pub holds: &'a dyn Fn(&Ty) -> bool,
    /// A struct literal holds what is put into a field of it, as far as its type can.
    pub into_structs: bool,
}

/// Where a value comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TrackStart {
    /// The value of an expression.
    Expr(ExprId),
    /// What a local is bound to: a parameter; from the entry on for `self` and for a captured local.
    Local(LocalId),
}

/// Who holds the value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Holder {
    /// The temporary with the value of the expression, or an operand that waits for its call.
    Temp(ExprId),
    /// A local.
    Local(LocalId),
}

/// A holder, and where in it the value is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Carrier {
    /// Who.
    pub holder: Holder,
    /// The tuple elements that lead to the value, outermost first.
    pub path: SmallVec<[u32; 2]>,
}

/// How the value ends on some path.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum EndKind {
    /// At the end of its scope or statement, or on the way out of an expression that never got it.
    Dropped,
    /// By this call.
    DroppedExplicitly(ExprId),
    /// By this call, without its destructor.
    Forgotten(ExprId),
    /// Into this call, literal, `for`, or field assignment.
    MovedInto(ExprId),
    /// To the caller.
    Returned,
    /// By this assignment to its holder.
    Overwritten(ExprId),
    /// By this closure or async block.
    CapturedByMove(ExprId),
    /// Used by something unknown: a method or macro.
    UnknownUse(ExprId),
    /// On this path there was none: the `None`, or an error without it.
    Absent,
}

/// An end of the value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct End {
    /// Where.
    pub node: NodeId,
    /// How.
    pub kind: EndKind,
}

/// Where a value is held, and how it ends.
#[derive(Clone, Debug)]
pub struct Track {
    /// The nodes that start, on some path from the origin, while the value is held.
    pub live: BitSet,
    /// The ends, in order of the nodes.
    pub ends: Vec<End>,
    /// The locals that hold it on some path, in the order they were found.
    pub holders: Vec<LocalId>,
    carriers: Vec<Carrier>,
    states: Vec<u64>,
}

impl Track {
    /// Whether the value is held when the node starts.
    pub fn is_live(&self, node: NodeId) -> bool {
        self.live.contains(node.index())
    }

    /// Whether the value is held when an expression, whose operands are evaluated, does what it does. Never for one
    /// without a node.
    pub fn live_at(&self, flow: &Flow, expr: ExprId) -> bool {
        flow.node(expr).is_some_and(|node| self.is_live(node))
    }

    /// Who may hold the value when the node starts.
    pub fn carriers_at(&self, node: NodeId) -> impl Iterator<Item = &Carrier> + '_ {
        let state = self.states.get(node.index()).copied().unwrap_or(0);
        self.carriers.iter().enumerate().filter(move |(index, _)| state & (1 << index) != 0).map(|(_, carrier)| carrier)
    }
}

impl Flow {
    /// Follows a value from where it comes from. The view is the one that the flow was built from.
    pub fn track(&self, view: BodyView<'_>, start: TrackStart, follow: &Follow<'_>) -> Track {
        let mut tracker = Tracker {
            flow: self,
            view,
            follow,
            carriers: Vec::new(),
            states: vec![0; self.len()],
            ends: Vec::new(),
            recording: false,
            seed: None,
        };
        tracker.run(start);
        tracker.finish()
    }
}

struct Tracker<'t, 'a> {
    flow: &'t Flow,
    view: BodyView<'a>,
    follow: &'t Follow<'t>,
    carriers: Vec<Carrier>,
    states: Vec<u64>,
    ends: Vec<End>,
    recording: bool,
    /// The node that makes the value, and its first carrier.
    seed: Option<(NodeId, u64)>,
}

type Path = SmallVec<[u32; 2]>;

/// What a pattern does with a value that is matched against it.
#[derive(Default)]
struct Matched {
    moved: SmallVec<[(LocalId, Path); 2]>,
    absent: bool,
}

impl Tracker<'_, '_> {
    fn run(&mut self, start: TrackStart) {
        let Some(first) = self.start(start) else { return };
        let mut open = vec![first];
        while let Some(node) = open.pop() {
            let state = self.transfer(node);
            for (kind, next) in self.flow.successors(node) {
                let out = self.along(node, *kind, state);
                let slot = &mut self.states[next.index()];
                if *slot | out != *slot {
                    *slot |= out;
                    open.push(*next);
                }
            }
        }
        self.recording = true;
        for index in 0..self.states.len() {
            let node = NodeId(index as u32);
            if self.states[index] == 0 && self.seed.is_none_or(|(seed, _)| seed != node) {
                continue;
            }
            let state = self.transfer(node);
            for (kind, _) in self.flow.successors(node) {
                self.along(node, *kind, state);
            }
        }
    }

    /// The node that makes the value.
    fn start(&mut self, start: TrackStart) -> Option<NodeId> {
        let (node, carrier) = match start {
            TrackStart::Expr(expr) => (self.flow.node(expr)?, self.climb(expr, Path::new())),
            TrackStart::Local(local) => {
                let root = self.view.tree.binding(local).map(|pat| self.view.root_pat(pat));
                let bound = self.flow.nodes().find(|(_, action)| match (action, root) {
                    (Action::Bind(pat), Some(root)) => *pat == root,
                    _ => false,
                });
                let node = bound.map_or(self.flow.entry(), |(node, _)| node);
                (node, Carrier { holder: Holder::Local(local), path: Path::new() })
            }
        };
        let bit = self.bit(carrier);
        self.seed = Some((node, bit));
        Some(node)
    }

    fn finish(mut self) -> Track {
        let mut live = BitSet::new(self.states.len());
        for (index, state) in self.states.iter().enumerate() {
            if *state != 0 {
                live.insert(index);
            }
        }
        self.ends.sort_unstable();
        self.ends.dedup();
        let mut holders = Vec::new();
        for carrier in &self.carriers {
            if let Holder::Local(local) = carrier.holder
                && !holders.contains(&local)
            {
                holders.push(local);
            }
        }
        Track { live, ends: self.ends, holders, carriers: self.carriers, states: self.states }
    }

    fn bit(&mut self, carrier: Carrier) -> u64 {
        if let Some(index) = self.carriers.iter().position(|own| *own == carrier) {
            return 1 << index;
        }
        if self.carriers.len() == MAX_CARRIERS {
            return 0;
        }
        self.carriers.push(carrier);
        1 << (self.carriers.len() - 1)
    }

    fn end(&mut self, node: NodeId, kind: EndKind) {
        if self.recording {
            self.ends.push(End { node, kind });
        }
    }

    /// The carriers after a node.
    fn transfer(&mut self, node: NodeId) -> u64 {
        let state = self.states[node.index()];
        let mut out = match self.flow.action(node) {
            Action::Eval(expr) => self.eval(node, expr, state),
            Action::Branch(expr) => self.each(state, |own, carrier| match own.consumer(carrier) {
                Some(Consumer::Expr(consumer)) if consumer == expr => {
                    own.end(node, EndKind::MovedInto(expr));
                    0
                }
                _ => own.bit(carrier.clone()),
            }),
            Action::Bind(pat) => self.bind(node, pat, state),
            Action::Assign(expr) => self.assign(node, expr, state),
            Action::DropLocal(local) => self.dropped(node, Holder::Local(local), state),
            Action::DropTemp(expr) => self.dropped(node, Holder::Temp(expr), state),
            Action::Return => self.each(state, |own, carrier| {
                if own.consumer(carrier) == Some(Consumer::Caller) {
                    own.end(node, EndKind::Returned);
                }
                0
            }),
            Action::Entry | Action::Join | Action::Diverge => state,
        };
        if let Some((seed, bit)) = self.seed
            && seed == node
        {
            out |= bit;
        }
        out
    }

    /// The carriers that an edge lets through.
    fn along(&mut self, node: NodeId, kind: EdgeKind, state: u64) -> u64 {
        if state != 0
            && let Action::Branch(expr) = self.flow.action(node)
            && matches!(kind, EdgeKind::False | EdgeKind::Arm(_))
        {
            return self.refute(node, expr, kind, state);
        }
        if state == 0
            || !matches!(
                kind,
                EdgeKind::TryError | EdgeKind::MacroExit | EdgeKind::Return | EdgeKind::Break | EdgeKind::Continue
            )
        {
            return state;
        }
        let Action::Eval(jump) = self.flow.action(node) else { return state };
        self.each(state, |own, carrier| {
            let Holder::Temp(top) = carrier.holder else { return own.bit(carrier.clone()) };
            if kind == EdgeKind::TryError {
                let given = own.climb(jump, Path::new());
                if given.holder == carrier.holder && carrier.path.starts_with(&given.path) {
                    // What `?` gives exists only where it goes on.
                    own.end(node, EndKind::Absent);
                    return 0;
                }
            }
            // Operands that wait have no drop node of their own; a temporary has one once it is made.
            let waits = own.view.use_of(top).is_by_value() || own.view.tree.is_inside(jump, top);
            if waits && own.is_left(top, jump) {
                own.end(node, EndKind::Dropped);
                return 0;
            }
            own.bit(carrier.clone())
        })
    }

    /// The carriers that are left where patterns have failed: without those whose value would have been matched.
    fn refute(&mut self, node: NodeId, branch: ExprId, kind: EdgeKind, state: u64) -> u64 {
        let mut failed: SmallVec<[PatId; 4]> = SmallVec::new();
        let source = match (self.view.kind(branch), kind, self.view.tree.parent(branch)) {
            (Expr::Match { scrutinee, arms }, EdgeKind::Arm(index), _) => {
                let before = arms.iter().take(index as usize);
                failed.extend(before.filter(|arm| arm.guard.is_none()).map(|arm| arm.pat));
                *scrutinee
            }
            (Expr::Let { pat, expr }, EdgeKind::False, _) => {
                failed.push(*pat);
                *expr
            }
            (_, EdgeKind::False, Parent::LetInit(block, index)) => {
                if let Expr::Block(block) = self.view.kind(block)
                    && let Some(Stmt::Let { pat, .. }) = block.stmts.get(index as usize)
                {
                    failed.push(*pat);
                }
                branch
            }
            _ => return state,
        };
        if failed.is_empty() || !self.rules_out(source, &failed) {
            return state;
        }
        let place = self.view.place_local(source).filter(|_| !self.has_named_field(source));
        let path = self.place_path(source);
        self.each(state, |own, carrier| {
            let is_matched = match carrier.holder {
                Holder::Temp(top) => top == source && carrier.path.is_empty(),
                Holder::Local(local) => place == Some(local) && carrier.path == path,
            };
            if is_matched {
                own.end(node, EndKind::Absent);
                return 0;
            }
            own.bit(carrier.clone())
        })
    }

    /// Whether what remains of an enum where these patterns have failed cannot hold the value.
    fn rules_out(&self, source: ExprId, failed: &[PatId]) -> bool {
        let Ty::Adt(def, args) = self.view.types.ty(source) else { return false };
        let ItemKind::Enum(data) = &self.view.program.item(*def).kind else { return false };
        let mut covered: SmallVec<[u32; 4]> = SmallVec::new();
        let mut open: SmallVec<[PatId; 4]> = failed.into();
        while let Some(id) = open.pop() {
            let takes_all = match &self.view.body.pat(id).kind {
                Pat::Or(pats) => {
                    open.extend(pats.iter().copied());
                    continue;
                }
                Pat::TupleStruct { pats, .. } => pats.iter().all(|pat| self.view.is_irrefutable(*pat)),
                Pat::Struct { fields, .. } => fields.iter().all(|(_, pat)| self.view.is_irrefutable(*pat)),
                Pat::Path(_) => true,
                _ => false,
            };
            if takes_all && let Some((_, variant)) = self.view.types.pat_variants.get(&id) {
                covered.push(*variant);
            }
        }
        (0..data.variants.len() as u32).filter(|variant| !covered.contains(variant)).all(|variant| {
            let fields = self.view.program.field_types(*def, variant);
            fields.iter().all(|field| !self.holds(&substitute(field, *def, args)))
        })
    }

    /// Whether a jump leaves the expression that waits for an operand.
    fn is_left(&self, operand: ExprId, jump: ExprId) -> bool {
        let target = match self.view.kind(jump) {
            Expr::Break { target, .. } | Expr::Continue { target } => *target,
            Expr::Return(value) => return *value != Some(operand),
            _ => return true,
        };
        let Some(target) = target else { return true };
        match self.view.tree.parent(operand).expr() {
            Some(consumer) => self.view.tree.is_inside(consumer, target),
            None => false,
        }
    }

    fn each(&mut self, state: u64, mut step: impl FnMut(&mut Self, &Carrier) -> u64) -> u64 {
        let mut out = 0;
        let mut rest = state;
        while rest != 0 {
            let index = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            let carrier = self.carriers[index].clone();
            out |= step(self, &carrier);
        }
        out
    }

    fn dropped(&mut self, node: NodeId, holder: Holder, state: u64) -> u64 {
        self.each(state, |own, carrier| {
            if carrier.holder == holder {
                own.end(node, own.drop_kind(holder));
                return 0;
            }
            own.bit(carrier.clone())
        })
    }

    /// How a value ends with its holder: the argument of a macro that is not known goes where nobody can tell.
    fn drop_kind(&self, holder: Holder) -> EndKind {
        match holder {
            Holder::Temp(temp) if self.view.use_of(temp) == Use::Unknown => match self.view.tree.parent(temp) {
                Parent::MacroArg(call, _) => EndKind::UnknownUse(call),
                _ => EndKind::Dropped,
            },
            _ => EndKind::Dropped,
        }
    }

    fn eval(&mut self, node: NodeId, expr: ExprId, state: u64) -> u64 {
        self.each(state, |own, carrier| match carrier.holder {
            Holder::Temp(_) => match own.consumer(carrier) {
                Some(Consumer::Expr(consumer)) if consumer == expr => own.consume(node, expr, carrier),
                _ => own.bit(carrier.clone()),
            },
            Holder::Local(local) => own.mention(node, expr, local, carrier),
        })
    }

    /// An expression takes a temporary that it was given.
    fn consume(&mut self, node: NodeId, expr: ExprId, carrier: &Carrier) -> u64 {
        let Holder::Temp(top) = carrier.holder else { return 0 };
        let parent = self.view.tree.parent(top);
        let kind = match parent {
            _ if self.view.use_of(top) == Use::Unknown => EndKind::UnknownUse(expr),
            Parent::ReturnValue(_) => EndKind::Returned,
            Parent::TryOperand(_) => return self.pass(expr, carrier),
            Parent::Receiver(_) | Parent::Arg(..) | Parent::MacroArg(..) | Parent::AwaitOperand(_) => {
                match (self.follow.role)(parent) {
                    CallRole::Takes => EndKind::MovedInto(expr),
                    CallRole::Drops => EndKind::DroppedExplicitly(expr),
                    CallRole::Forgets => EndKind::Forgotten(expr),
                    CallRole::Passes | CallRole::Extracts => return self.pass(expr, carrier),
                }
            }
            Parent::StructField(..) if self.follow.into_structs && (self.follow.holds)(self.view.types.ty(expr)) => {
                return self.pass(expr, &Carrier { holder: carrier.holder, path: Path::new() });
            }
            _ => EndKind::MovedInto(expr),
        };
        self.end(node, kind);
        0
    }

    /// The value of an expression is the value that it was given.
    fn pass(&mut self, expr: ExprId, carrier: &Carrier) -> u64 {
        let carrier = self.climb(expr, carrier.path.clone());
        self.bit(carrier)
    }

    /// What evaluating an expression does to the value in a local.
    fn mention(&mut self, node: NodeId, expr: ExprId, local: LocalId, carrier: &Carrier) -> u64 {
        let stays = self.bit(carrier.clone());
        match self.view.kind(expr) {
            Expr::Local(_) | Expr::Field { .. } => self.read(node, expr, local, carrier, stays),
            Expr::Closure(closure) => self.capture(node, expr, local, closure.captures.contains(&local), stays),
            Expr::Async { captures, .. } => self.capture(node, expr, local, captures.contains(&local), stays),
            Expr::Macro(call) => {
                if call.locals.contains(&local) {
                    self.end(node, EndKind::UnknownUse(expr));
                    return 0;
                }
                stays
            }
            Expr::MethodCall(call) => self.extract(expr, call.receiver, Parent::Receiver(expr), local, carrier, stays),
            Expr::Call { args, .. } => {
                for (index, arg) in args.iter().enumerate() {
                    let out = self.extract(expr, *arg, Parent::Arg(expr, index as u32), local, carrier, stays);
                    if out != stays {
                        return out;
                    }
                }
                stays
            }
            _ => stays,
        }
    }

    /// A place is read: the value moves out if the place is where it is.
    fn read(&mut self, node: NodeId, expr: ExprId, local: LocalId, carrier: &Carrier, stays: u64) -> u64 {
        if self.view.place_local(expr) != Some(local) {
            return stays;
        }
        let path = self.place_path(expr);
        let shared = path.iter().zip(&carrier.path).take_while(|(own, other)| own == other).count();
        if shared < path.len().min(carrier.path.len()) {
            return stays;
        }
        let inside = path.len() > carrier.path.len() || self.has_named_field(expr);
        match self.view.use_of(expr) {
            Use::Move if inside && !self.holds(self.view.types.ty(expr)) => stays,
            // `place;` moves out of the place and drops it.
            Use::Move if matches!(self.view.tree.parent(expr), Parent::Stmt(..)) => {
                self.end(node, EndKind::Dropped);
                0
            }
            Use::Move => {
                let rest = carrier.path.get(path.len()..).unwrap_or(&[]).into();
                let carrier = self.climb(expr, rest);
                self.bit(carrier)
            }
            Use::Unknown => {
                let user = self.view.tree.parent(expr).expr().unwrap_or(expr);
                self.end(node, EndKind::UnknownUse(user));
                0
            }
            _ => stays,
        }
    }

    fn capture(&mut self, node: NodeId, closure: ExprId, local: LocalId, captured: bool, stays: u64) -> u64 {
        if captured && self.view.is_moved_into(closure, local) {
            self.end(node, EndKind::CapturedByMove(closure));
            return 0;
        }
        stays
    }

    /// `slot.take()`, `mem::take(&mut slot)`
    fn extract(
        &mut self,
        call: ExprId,
        operand: ExprId,
        role: Parent,
        local: LocalId,
        carrier: &Carrier,
        stays: u64,
    ) -> u64 {
        let place = match self.view.kind(operand) {
            Expr::Ref { expr, .. } => *expr,
            // Behind a guard or an `Arc` is something else.
            _ if self.view.types.methods.get(&call).is_some_and(|(_, derefs)| *derefs > 0) => return stays,
            _ if matches!(self.view.use_of(operand), Use::Borrow(_)) => operand,
            _ => return stays,
        };
        if self.view.place_local(place) != Some(local) || (self.follow.role)(role) != CallRole::Extracts {
            return stays;
        }
        self.pass(call, &Carrier { holder: carrier.holder, path: Path::new() })
    }

    fn assign(&mut self, node: NodeId, expr: ExprId, state: u64) -> u64 {
        let Expr::Assign { target, compound, .. } = self.view.kind(expr) else { return state };
        let (target, compound) = (*target, *compound);
        self.each(state, |own, carrier| match carrier.holder {
            Holder::Local(local) if !compound && own.view.place_local(target) == Some(local) => {
                let path = own.place_path(target);
                let covers = carrier.path.starts_with(&path) && !own.has_named_field(target);
                // `holder.guard = None`: the field that the value was put into may be this one.
                let may_cover = own.follow.into_structs
                    && own.has_named_field(target)
                    && (own.follow.holds)(own.view.types.ty(target));
                if covers || may_cover {
                    own.end(node, EndKind::Overwritten(expr));
                    return 0;
                }
                own.bit(carrier.clone())
            }
            Holder::Temp(_) if own.consumer(carrier) == Some(Consumer::Expr(expr)) => {
                if let Expr::Local(local) = own.view.kind(target)
                    && !compound
                {
                    let moved = Carrier { holder: Holder::Local(*local), path: carrier.path.clone() };
                    return own.bit(moved);
                }
                own.end(node, EndKind::MovedInto(expr));
                0
            }
            _ => own.bit(carrier.clone()),
        })
    }

    fn bind(&mut self, node: NodeId, pat: PatId, state: u64) -> u64 {
        let Some(source) = self.view.matched(pat) else { return state };
        let place = self.view.place_local(source);
        self.each(state, |own, carrier| {
            let path = match carrier.holder {
                Holder::Temp(top) if top == source => carrier.path.clone(),
                Holder::Local(local) if place == Some(local) && own.view.use_of(source) == Use::Match => {
                    let path = own.place_path(source);
                    match carrier.path.strip_prefix(path.as_slice()) {
                        Some(rest) => rest.into(),
                        None => return own.bit(carrier.clone()),
                    }
                }
                _ => return own.bit(carrier.clone()),
            };
            let is_temp = matches!(carrier.holder, Holder::Temp(_));
            let is_whole = matches!(own.view.body.pat(pat).kind, Pat::Bind { sub: None, .. });
            let mut matched = Matched::default();
            if is_whole && is_temp && own.view.use_of(source) == Use::Move {
                if let Pat::Bind { local, .. } = &own.view.body.pat(pat).kind {
                    matched.moved.push((*local, path));
                }
            } else {
                own.matching(pat, &path, &mut matched);
            }
            if matched.moved.is_empty() {
                if matched.absent {
                    own.end(node, EndKind::Absent);
                    return 0;
                }
                return own.bit(carrier.clone());
            }
            let mut out = 0;
            for (local, path) in matched.moved {
                out |= own.bit(Carrier { holder: Holder::Local(local), path });
            }
            out
        })
    }

    /// What a pattern does with the value at `path` of what it is matched against.
    fn matching(&self, id: PatId, path: &[u32], out: &mut Matched) {
        let pat = &self.view.body.pat(id).kind;
        match pat {
            Pat::Bind { local, .. } => {
                let ty = self.view.types.local(*local);
                let by_value = !self.view.body.local(*local).by_ref && !matches!(ty, Ty::Ref(..));
                if by_value && self.holds(ty) {
                    out.moved.push((*local, path.into()));
                } else if by_value && path.is_empty() {
                    out.absent = true;
                }
            }
            Pat::Path(_) | Pat::Literal(_) => out.absent |= path.is_empty(),
            Pat::Tuple(pats) | Pat::TupleStruct { pats, .. } => match path.split_first() {
                Some((index, rest)) if matches!(pat, Pat::Tuple(_)) => {
                    if let Some(part) = self.element(id, pats, *index) {
                        self.matching(part, rest, out);
                    }
                }
                _ => self.matching_parts(pats.iter().copied(), path, out),
            },
            Pat::Slice(pats) => self.matching_parts(pats.iter().copied(), path, out),
            // `S { .. }` says nothing of the parts.
            Pat::Struct { fields, .. } if fields.is_empty() => {}
            Pat::Struct { fields, .. } => self.matching_parts(fields.iter().map(|(_, pat)| *pat), path, out),
            Pat::Or(pats) => {
                let mut absent = true;
                for pat in pats {
                    let mut one = Matched::default();
                    self.matching(*pat, path, &mut one);
                    absent &= one.absent;
                    for moved in one.moved {
                        if !out.moved.contains(&moved) {
                            out.moved.push(moved);
                        }
                    }
                }
                out.absent |= absent;
            }
            Pat::Wild | Pat::Rest | Pat::Ref(_) | Pat::Opaque => {}
        }
    }

    /// The value is in one of the parts, or it is absent if none can hold it.
    fn matching_parts(&self, parts: impl Iterator<Item = PatId> + Clone, path: &[u32], out: &mut Matched) {
        let cannot_hold = |pat: PatId| {
            let ty = self.view.types.pats.get(pat.index()).unwrap_or(&Ty::Unknown);
            !matches!(self.view.body.pat(pat).kind, Pat::Rest) && !self.holds(ty)
        };
        if parts.clone().all(cannot_hold) {
            out.absent = true;
            return;
        }
        for part in parts.filter(|part| !cannot_hold(*part)) {
            let mut one = Matched::default();
            self.matching(part, path, &mut one);
            out.moved.extend(one.moved);
        }
    }

    /// The part of a tuple pattern for an element.
    fn element(&self, pat: PatId, parts: &[PatId], index: u32) -> Option<PatId> {
        let rest = parts.iter().position(|part| matches!(self.view.body.pat(*part).kind, Pat::Rest));
        let index = index as usize;
        match rest {
            Some(rest) if index >= rest => {
                let Some(Ty::Tuple(types)) = self.view.types.pats.get(pat.index()) else { return None };
                let skipped = (types.len() + 1).checked_sub(parts.len())?;
                let at = (index + 1).checked_sub(skipped)?;
                parts.get(at).copied().filter(|_| at > rest)
            }
            _ => parts.get(index).copied(),
        }
    }

    fn holds(&self, ty: &Ty) -> bool {
        ty.is_unknown() || (self.follow.holds)(ty)
    }

    /// The tuple elements that a place expression goes through.
    fn place_path(&self, place: ExprId) -> Path {
        let mut path = Path::new();
        let mut at = place;
        while let Expr::Field { base, name, .. } = self.view.kind(at) {
            if let Some(index) = tuple_index(*name) {
                path.insert(0, index);
            } else {
                path.clear();
            }
            at = *base;
        }
        path
    }

    fn has_named_field(&self, place: ExprId) -> bool {
        let mut at = place;
        while let Expr::Field { base, name, .. } = self.view.kind(at) {
            if tuple_index(*name).is_none() {
                return true;
            }
            at = *base;
        }
        false
    }

    /// The carrier of the value of an expression: what the parents make of it by handing it on.
    fn climb(&self, expr: ExprId, path: Path) -> Carrier {
        let mut top = expr;
        let mut path = path;
        loop {
            top = match self.view.tree.parent(top) {
                Parent::BlockTail(block) => block,
                Parent::Branch(parent, _) | Parent::ArmBody(parent, _) => parent,
                Parent::BreakValue(jump) => match self.view.kind(jump) {
                    Expr::Break { target: Some(target), .. } => *target,
                    _ => break,
                },
                Parent::Element(parent, index) if matches!(self.view.kind(parent), Expr::Tuple(_)) => {
                    path.insert(0, index);
                    parent
                }
                Parent::Arg(call, _) if self.is_wrapper(call) => call,
                _ => break,
            };
        }
        Carrier { holder: Holder::Temp(top), path }
    }

    /// `Some(..)`, `Ok(..)`, `Err(..)`
    fn is_wrapper(&self, call: ExprId) -> bool {
        let Expr::Call { callee, .. } = self.view.kind(call) else { return false };
        if !is_constructor(self.view, call) {
            return false;
        }
        match self.view.types.values.get(callee) {
            Some(ValueRef::Constructor(def, _)) => {
                [self.view.program.lang.option, self.view.program.lang.result].contains(&Some(*def))
            }
            _ => false,
        }
    }

    /// Who takes the value of a temporary, if it is handed over.
    fn consumer(&self, carrier: &Carrier) -> Option<Consumer> {
        let Holder::Temp(top) = carrier.holder else { return None };
        if !matches!(self.view.use_of(top), Use::Move | Use::Copy | Use::Unknown) {
            return None;
        }
        match self.view.tree.parent(top) {
            Parent::Root | Parent::ClosureBody(_) | Parent::AsyncBody(_) => Some(Consumer::Caller),
            // The pattern takes it.
            Parent::LetInit(..) => None,
            parent => parent.expr().map(Consumer::Expr),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Consumer {
    /// This expression, at its node.
    Expr(ExprId),
    /// Whoever called.
    Caller,
}

impl BodyView<'_> {
    /// The outermost pattern around a pattern.
    pub(super) fn root_pat(self, pat: PatId) -> PatId {
        let mut at = pat;
        while let PatParent::Pat(outer) = self.tree.pat_parent(at) {
            at = outer;
        }
        at
    }

    /// The expression that the outermost pattern around `pat` is matched against, where there is one.
    pub fn matched(self, pat: PatId) -> Option<ExprId> {
        match self.tree.pat_parent(self.root_pat(pat)) {
            PatParent::Let(block, index) => match self.kind(block) {
                Expr::Block(block) => match block.stmts.get(index as usize)? {
                    Stmt::Let { init, .. } => *init,
                    Stmt::Expr { .. } => None,
                },
                _ => None,
            },
            PatParent::LetExpr(id) => match self.kind(id) {
                Expr::Let { expr, .. } => Some(*expr),
                _ => None,
            },
            PatParent::Arm(id, _) => match self.kind(id) {
                Expr::Match { scrutinee, .. } => Some(*scrutinee),
                _ => None,
            },
            PatParent::Param(_) | PatParent::ClosureParam(..) | PatParent::For(_) | PatParent::Pat(_) => None,
        }
    }
}

/// The index that a field's name is, for the tuples that occur.
fn tuple_index(name: Name) -> Option<u32> {
    const NAMES: [Name; 8] = [
        Name::of("0"),
        Name::of("1"),
        Name::of("2"),
        Name::of("3"),
        Name::of("4"),
        Name::of("5"),
        Name::of("6"),
        Name::of("7"),
    ];
    NAMES.iter().position(|own| *own == name).map(|index| index as u32)
}
