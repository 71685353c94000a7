//! Questions about the handles of threads that need paths or several bodies: which are lost although others like them are
//! joined, and on which ways out.

use super::context::{Analysis, Context};
use super::effects::word;
use super::fate::{DropKind, Fate, FateEnd};
use super::spawns::{HandleSite, SpawnKind};
use crate::model::flow::{Action, BitSet, CallRole, EdgeKind, EndKind, Flow, Follow, NodeId, Track, TrackStart};
use crate::model::{BodyHead, BodyId, BodyRef, DefId, FieldRef, Parent, Ty, ValueRef};
use crate::source::{Loc, Name, Span};
use crate::syntax::ir::{Expr, ExprId, ItemKind, LocalId, Pat, Stmt};
use rustc_hash::FxHashSet;

/// A call whose value owns a thread's handle in a field, and is dropped at once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct DroppedOwner {
    /// The body it stands in.
    pub body: BodyId,
    /// The call.
    pub call: ExprId,
    /// The field that holds the handle.
    pub field: FieldRef,
    /// The local that it is bound to and that is never used; `None` where it is dropped with its statement.
    pub unused: Option<Loc>,
}

/// A call of a function that hands out a handle which was kept in a field, where nobody takes it.
#[derive(Clone, Copy, Debug)]
pub struct IgnoredHandle {
    /// The body it stands in.
    pub body: BodyId,
    /// The call.
    pub call: ExprId,
    /// The function that takes the handle out and returns it.
    pub giver: DefId,
    /// The field.
    pub field: FieldRef,
    /// Where the thread starts.
    pub site: HandleSite,
}

/// A way out of a function that drops a handle that is joined if the function goes on.
#[derive(Clone, Debug)]
pub struct SkippedJoin {
    /// The body.
    pub body: BodyId,
    /// The call that gives the handle, or the value that owns it.
    pub start: ExprId,
    /// The ways out, in order of the text: the `?`, `return` or `break`.
    pub exits: Vec<Loc>,
    /// Where it is joined, or moved to where it is joined.
    pub kept: Loc,
    /// It is joined there itself.
    pub joined_here: bool,
    /// The field that owns the handle, where the value is not the handle itself.
    pub owner: Option<FieldRef>,
    /// The loop that joins many of them, where the first way out stands inside it: what is left in it is dropped.
    pub join_loop: Option<Loc>,
}

/// A place where a handle goes that was kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct LostHandle {
    /// The place.
    pub loc: Loc,
    /// What happens there.
    pub how: Loss,
}

/// How a handle goes that was kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Loss {
    /// It is taken out and dropped.
    Taken,
    /// It is overwritten by `None`.
    Emptied,
    /// It is overwritten by another one, if there was one.
    Replaced,
}

/// How a value carries handles.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HandleShape {
    /// `JoinHandle<T>`
    Plain,
    /// `Option<JoinHandle<T>>`
    Optional,
    /// `Vec<JoinHandle<T>>`
    Many,
    /// Anything else: behind a lock, in a map.
    Other,
}

impl Analysis<'_> {
    /// The `let` whose initialiser hands on the value of an expression (`?`, `.unwrap()`, `Some(..)`, blocks and branches
    /// between them): its block, and its index there.
    pub fn let_around(&self, expr: ExprId) -> Option<(ExprId, u32)> {
        let mut at = expr;
        loop {
            match self.tree.parent(at) {
                Parent::LetInit(block, index) => return Some((block, index)),
                Parent::Receiver(up)
                | Parent::TryOperand(up)
                | Parent::BlockTail(up)
                | Parent::Branch(up, _)
                | Parent::ArmBody(up, _)
                | Parent::AwaitOperand(up) => at = up,
                Parent::Arg(call, _) => match self.expr(call) {
                    Expr::Call { callee, .. } if matches!(self.value(*callee), Some(ValueRef::Constructor(..))) => {
                        at = call
                    }
                    _ => return None,
                },
                _ => return None,
            }
        }
    }
}

impl<'a> Context<'a> {
    /// The body whose code contains a place.
    pub fn body_at(&self, loc: Loc) -> Option<BodyRef<'a>> {
        let program: &'a crate::model::Program<'a> = self.program;
        let around = program.user_bodies().filter(|body| body.file == loc.file && body.may_contain(loc.span));
        around.map(BodyHead::read).find(|body| body.expr(body.ir.root).span.contains(loc.span))
    }

    /// The local that a handle is bound to by a plain `let`, itself or in a collection.
    pub fn handle_local(&self, site: HandleSite) -> Option<LocalId> {
        let analysis = self.analysis(site.body);
        let (block, index) = analysis.let_around(self.outermost(analysis, site.call))?;
        let Expr::Block(data) = analysis.expr(block) else { return None };
        let Stmt::Let { pat, .. } = data.stmts.get(index as usize)? else { return None };
        match analysis.body.pat(*pat).kind {
            Pat::Bind { local, .. } => Some(local),
            _ => None,
        }
    }

    /// The assignment to the local that holds a handle, by which it is lost: on every path, or in the next round of a loop.
    pub fn always_overwritten(&self, site: HandleSite) -> Option<Loc> {
        let analysis = self.analysis(site.body);
        if let Some(assign) = self.assigned_to_local(analysis, site.call) {
            let (_, track) = self.track_handle(analysis, site.call, TrackStart::Expr(site.call));
            let again = track.ends.iter().any(|end| end.kind == EndKind::Overwritten(assign));
            let Expr::Assign { target, .. } = analysis.expr(assign) else { return None };
            return again.then(|| analysis.body.expr_loc(*target));
        }
        let local = self.handle_local(site)?;
        let assigned =
            analysis.tree.uses(local).iter().any(|used| matches!(analysis.tree.parent(*used), Parent::AssignTarget(_)));
        if !assigned {
            return None;
        }
        let (_, track) = self.track_handle(analysis, site.call, TrackStart::Expr(site.call));
        let mut by = None;
        for end in track.ends.iter().filter(|end| end.kind != EndKind::Absent) {
            let EndKind::Overwritten(assign) = end.kind else { return None };
            by = by.or(Some(assign));
        }
        let Expr::Assign { target, .. } = analysis.expr(by?) else { return None };
        Some(analysis.body.expr_loc(*target))
    }

    /// The assignment that puts the handle of a call into a local: `last = Some(spawn(..));`
    fn assigned_to_local(&self, analysis: &Analysis<'_>, call: ExprId) -> Option<ExprId> {
        let mut at = call;
        loop {
            at = match analysis.tree.parent(at) {
                Parent::AssignValue(assign) => {
                    let Expr::Assign { target, compound: false, .. } = analysis.expr(assign) else { return None };
                    return matches!(analysis.expr(*target), Expr::Local(_)).then_some(assign);
                }
                Parent::Receiver(up) | Parent::TryOperand(up) | Parent::BlockTail(up) => up,
                Parent::Arg(up, _) => match analysis.expr(up) {
                    Expr::Call { callee, .. } if matches!(analysis.value(*callee), Some(ValueRef::Constructor(..))) => {
                        up
                    }
                    _ => return None,
                },
                _ => return None,
            };
        }
    }

    /// The method that joins the handle in a field.
    pub fn joining_method(&self, field: FieldRef) -> Option<DefId> {
        let kept = self.field_fate(field);
        kept.joins().find_map(|join| self.body_at(join)).map(|body| body.owner)
    }

    /// The places where a kept handle is taken out and dropped, or overwritten, with nobody having joined it in that
    /// function. `kept` is what becomes of the handles in that field or static.
    pub fn handles_lost_from(&self, kept: &Fate) -> Vec<LostHandle> {
        let lost = kept.ends.iter().filter_map(|end| match end {
            FateEnd::Dropped(loc, DropKind::Taken) => Some(LostHandle { loc: *loc, how: Loss::Taken }),
            FateEnd::Overwritten(loc, true) => Some(LostHandle { loc: *loc, how: Loss::Emptied }),
            FateEnd::Overwritten(loc, false) => Some(LostHandle { loc: *loc, how: Loss::Replaced }),
            _ => None,
        });
        let joins: Vec<Loc> = kept.joins().collect();
        let lost = lost.filter(|lost| !self.is_at_on_thread(lost.loc) && !self.settled_before(lost.loc, &joins));
        let mut lost: Vec<LostHandle> = lost.collect();
        lost.sort_unstable();
        lost
    }

    /// Whether a place is in the code of a closure that runs on a thread: indicatif's ticker clears its own handle when it ends.
    fn is_at_on_thread(&self, loc: Loc) -> bool {
        let Some(body) = self.body_at(loc) else { return false };
        self.spawns_in(body.id)
            .any(|spawn| spawn.kind == SpawnKind::Thread && body.expr(spawn.call).span.contains(loc.span))
    }

    /// Whether the function around a place says why, asks first whether the thread is finished, or joins before: itself, or
    /// through a function of the user's that it calls.
    fn settled_before(&self, loc: Loc, joins: &[Loc]) -> bool {
        let Some(body) = self.body_at(loc) else { return true };
        let analysis = self.analysis(body.id);
        let whole = Loc::new(body.file, body.expr(body.ir.root).span);
        let joins_here = joins
            .iter()
            .any(|join| join.file == whole.file && whole.span.contains(join.span) && join.span.start < loc.span.start);
        let at = (0..body.ir.exprs.len() as u32)
            .map(ExprId)
            .find(|expr| analysis.call_span(*expr) == loc.span || body.expr(*expr).span == loc.span);
        let said = at.is_some_and(|expr| self.owned_up(analysis, expr).is_some());
        let settles = (0..body.ir.exprs.len() as u32).map(ExprId).any(|expr| {
            let Some(callee) = analysis.callee(expr) else { return false };
            if !self.program.is_user(callee) {
                let finished = *analysis.types.ty(expr) == Ty::BOOL && self.effects(callee).has(word::OBSERVES);
                return finished;
            }
            body.expr(expr).span.start < loc.span.start && self.joins_inside(callee, joins)
        });
        joins_here || said || settles
    }

    fn joins_inside(&self, function: DefId, joins: &[Loc]) -> bool {
        let Some(body) = self.program.body_of(function).map(|body| self.program.body(body)) else { return false };
        let span = body.expr(body.ir.root).span;
        joins.iter().any(|join| join.file == body.file && span.contains(join.span))
    }

    /// Calls of the user's functions whose value owns a handle in a field, has no `Drop`, and is dropped at once, where
    /// elsewhere such a handle is joined.
    pub fn dropped_owners(&self) -> Vec<DroppedOwner> {
        let mut owners: Vec<(DefId, FieldRef)> = Vec::new();
        for (field, _) in self.stored_handles() {
            let joined = self.field_fate(field).joins().next().is_some();
            let plain = self.program.drop_function(field.adt).is_none();
            if joined && plain && self.owns_in(field) && !owners.iter().any(|(adt, _)| *adt == field.adt) {
                owners.push((field.adt, field));
            }
        }
        let mut found = Vec::new();
        if owners.is_empty() {
            return found;
        }
        let adts: Vec<DefId> = owners.iter().map(|(adt, _)| *adt).collect();
        for body in self.bodies_calling_any(&self.givers(&adts)) {
            let analysis = self.analysis(body.id);
            for (call, callee) in analysis.calls().filter(|(_, callee)| self.program.is_user(*callee)) {
                let ty = self.unwrapped(analysis.types.ty(call));
                let Some((_, field)) = owners.iter().find(|(adt, _)| ty.adt() == Some(*adt)) else { continue };
                if self.makes(callee, field.adt)
                    && self.starts_thread(callee)
                    && let Some(unused) = self.discarded(analysis, call, field.adt)
                {
                    found.push(DroppedOwner { body: body.id, call, field: *field, unused });
                }
            }
        }
        found
    }

    /// Calls of functions that hand out a kept handle, whose result is dropped: `worker.stop();` where `stop` returns what
    /// `self.handle.take()` gives.
    pub fn ignored_handles(&self) -> Vec<IgnoredHandle> {
        let mut givers: Vec<(DefId, FieldRef, HandleSite)> = Vec::new();
        for (field, site) in self.stored_handles() {
            for end in &self.field_fate(field).ends {
                let FateEnd::Returned(giver, _) = end else { continue };
                let by_value = self.program.signature(*giver).is_some_and(|own| self.roles().owns_handle(&own.ret));
                if by_value && !givers.iter().any(|(known, ..)| known == giver) {
                    givers.push((*giver, field, site));
                }
            }
        }
        let mut found = Vec::new();
        for (giver, field, site) in givers {
            for (body, call) in self.calls_of(giver) {
                let fate = self.fate(body, call);
                let dropped = fate.ends.iter().any(|end| matches!(end, FateEnd::Dropped(..)));
                let kept = fate.may_be_joined() || fate.detaches().next().is_some() || fate.fields().next().is_some();
                if dropped && !kept {
                    found.push(IgnoredHandle { body, call, giver, field, site });
                }
            }
        }
        found
    }

    /// The user's functions that give one of the types.
    fn givers(&self, adts: &[DefId]) -> Vec<DefId> {
        let gives = |def: &DefId| {
            let signature = self.program.signature(*def);
            signature.is_some_and(|own| self.unwrapped(&own.ret).adt().is_some_and(|adt| adts.contains(&adt)))
        };
        self.program.user_defs().filter(gives).collect()
    }

    /// The names of the fields and statics that hold handles, or values that own them.
    fn names_of_keepers(&self, stored: &[(FieldRef, HandleSite)]) -> Vec<Name> {
        let fields = stored.iter().filter_map(|(field, _)| Some(self.field(*field)?.name));
        let statics = self.program.user_defs().filter(|def| {
            matches!(self.program.item(*def).kind, ItemKind::Static(_))
                && self.roles().holds_handle(&self.program.value_type(*def))
        });
        let mut names: Vec<Name> = fields.chain(statics.map(|def| self.program.item(def).name)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// `T` in `Option<T>` and `Result<T, E>`.
    fn unwrapped(&self, ty: &Ty) -> Ty {
        let lang = &self.program.lang;
        match ty.adt() {
            Some(def) if Some(def) == lang.option || Some(def) == lang.result => {
                ty.args().first().cloned().unwrap_or(Ty::Unknown)
            }
            _ => ty.clone(),
        }
    }

    /// Whether a function has no value of the type given to it that it could hand back.
    fn makes(&self, function: DefId, adt: DefId) -> bool {
        self.program.signature(function).is_some_and(|signature| {
            signature.self_ty.iter().chain(&signature.params).all(|ty| !ty.any(&mut |part| part.adt() == Some(adt)))
        })
    }

    /// Whether a function gets the handle of a new thread, or calls one that does.
    // glommio's `PoolThreadHandles::new` makes an empty collection.
    fn starts_thread(&self, function: DefId) -> bool {
        let Some(body) = self.program.body_of(function) else { return false };
        let handles = &self.spawns().handles;
        let starts = |body: BodyId| {
            let first = handles.partition_point(|site| site.body < body);
            handles.get(first).is_some_and(|site| site.body == body)
        };
        let mut called = FxHashSet::default();
        let root = self.program.body(body).ir.root;
        starts(body) || {
            self.collect_called(body, root, CALLED_DEPTH, &mut called);
            called.into_iter().any(starts)
        }
    }

    /// Whether the value of a call is dropped with its statement (`Some(None)`), or bound to a local that nobody uses.
    fn discarded(&self, analysis: &Analysis<'_>, call: ExprId, adt: DefId) -> Option<Option<Loc>> {
        let mut at = call;
        loop {
            if self.unwrapped(analysis.types.ty(at)).adt() != Some(adt) {
                return None;
            }
            match analysis.tree.parent(at) {
                Parent::Stmt(block, index) => {
                    let Expr::Block(data) = analysis.expr(block) else { return None };
                    let dropped = matches!(data.stmts.get(index as usize), Some(Stmt::Expr { semi: true, .. }));
                    return dropped.then_some(None);
                }
                Parent::LetInit(block, index) => {
                    let Expr::Block(data) = analysis.expr(block) else { return None };
                    let Some(Stmt::Let { pat, .. }) = data.stmts.get(index as usize) else { return None };
                    return match analysis.body.pat(*pat).kind {
                        Pat::Wild => Some(None),
                        Pat::Bind { local, sub: None } if self.is_never_used(analysis, local) => {
                            Some(Some(analysis.body.loc(analysis.body.local(local).span)))
                        }
                        _ => None,
                    };
                }
                Parent::TryOperand(up) => at = up,
                Parent::Receiver(up) if analysis.callee(up).is_some_and(|callee| !self.program.is_user(callee)) => {
                    at = up
                }
                _ => return None,
            }
        }
    }

    /// Whether a local is never mentioned again, in a function that comes to its end.
    fn is_never_used(&self, analysis: &Analysis<'_>, local: LocalId) -> bool {
        let in_macro = analysis.body.ir.exprs.iter().any(|data| match &data.kind {
            Expr::Macro(call) => call.locals.contains(&local),
            _ => false,
        });
        analysis.tree.uses(local).is_empty() && !in_macro
    }

    /// The fields that handles are put in, with the sites whose handle it is, in order.
    pub fn stored_handles(&self) -> Vec<(FieldRef, HandleSite)> {
        let mut stored: Vec<(FieldRef, HandleSite)> = Vec::new();
        for site in &self.spawns().handles {
            let fate = self.fate(site.body, site.call);
            let mut open: Vec<FieldRef> = fate.fields().map(|(field, _)| field).collect();
            let mut seen: FxHashSet<FieldRef> = FxHashSet::default();
            while let Some(field) = open.pop() {
                if seen.insert(field) {
                    stored.push((field, *site));
                    open.extend(self.field_fate(field).fields().map(|(field, _)| field));
                }
            }
        }
        stored.sort_by_key(|(field, site)| (*field, site.body, site.call));
        stored
    }

    /// Whether the type is the user's, keeps a handle in that field, and drops it without a `Drop` of its own.
    fn owner_field(&self, ty: &Ty, stored: &[(FieldRef, HandleSite)]) -> Option<FieldRef> {
        let adt = ty.adt().filter(|adt| self.program.is_user(*adt))?;
        if self.program.drop_function(adt).is_some() {
            return None;
        }
        stored.iter().map(|(field, _)| *field).find(|field| field.adt == adt && self.owns_in(*field))
    }

    /// Whether a field owns the handle alone.
    // nats' `Client` is cloned, and shares its handles in an `Arc`.
    fn owns_in(&self, field: FieldRef) -> bool {
        self.field_type(field).is_some_and(|ty| self.roles().owns_handle(ty))
    }

    /// Every handle, and every value that owns one, that is joined where its function goes on and dropped where it leaves.
    pub fn skipped_joins(&self) -> Vec<SkippedJoin> {
        let stored = self.stored_handles();
        let mut starts: Vec<(BodyId, ExprId, Option<FieldRef>)> = Vec::new();
        for site in &self.spawns().handles {
            let analysis = self.analysis(site.body);
            starts.push((site.body, self.outermost(analysis, site.call), None));
        }
        let owners: Vec<DefId> = stored
            .iter()
            .map(|(field, _)| field.adt)
            .filter(|adt| self.program.drop_function(*adt).is_none())
            .collect();
        let mut bodies: Vec<BodyId> = self.bodies_calling_any(&self.givers(&owners)).map(|body| body.id).collect();
        bodies.extend(self.heads_with(&self.names_of_keepers(&stored), false).map(|body| body.id));
        bodies.sort_unstable();
        bodies.dedup();
        for body in bodies.into_iter().map(|body| self.program.body(body)) {
            let analysis = self.analysis(body.id);
            for call in (0..body.ir.exprs.len() as u32).map(ExprId) {
                if let Some(owner) = self.gives_owned(analysis, call, &stored) {
                    starts.push((body.id, call, owner));
                }
            }
        }
        starts.sort_unstable();
        starts.dedup();
        starts.into_iter().filter_map(|(body, start, owner)| self.skipped_join(body, start, owner)).collect()
    }

    /// The call to a library method around the closure that gives the handle: `(0..n).map(|_| spawn(..)).collect()`.
    fn outermost(&self, analysis: &Analysis<'_>, call: ExprId) -> ExprId {
        let mut at = call;
        loop {
            let up = match analysis.tree.parent(at) {
                Parent::ClosureBody(closure) => match analysis.tree.parent(closure) {
                    Parent::Arg(call, _) => call,
                    _ => return call,
                },
                Parent::BlockTail(up) => match analysis.tree.parent(up) {
                    Parent::ClosureBody(_) => up,
                    _ => return at,
                },
                Parent::Receiver(up) if at != call => up,
                _ => return at,
            };
            let ty = analysis.types.ty(up);
            if matches!(analysis.expr(up), Expr::MethodCall(_) | Expr::Call { .. }) && !self.roles().carries_handle(ty)
            {
                return at;
            }
            at = up;
        }
    }

    /// Whether a call gives a handle out of where it was kept, or a value that owns one in a field.
    fn gives_owned(
        &self,
        analysis: &Analysis<'_>,
        call: ExprId,
        stored: &[(FieldRef, HandleSite)],
    ) -> Option<Option<FieldRef>> {
        let callee = analysis.callee(call)?;
        let ty = self.unwrapped(analysis.types.ty(call));
        if self.program.is_user(callee) {
            let owner = self.owner_field(&ty, stored)?;
            return (self.makes(callee, owner.adt) && self.starts_thread(callee)).then_some(Some(owner));
        }
        if !self.effects(callee).has(word::TAKES) {
            return None;
        }
        if self.roles().owns_handle(&ty) {
            return Some(None);
        }
        self.owner_field(&ty, stored).map(Some)
    }

    fn skipped_join(&self, body: BodyId, start: ExprId, owner: Option<FieldRef>) -> Option<SkippedJoin> {
        let analysis = self.analysis(body);
        // What is handed on at once has no way out before it.
        let assigned = self.assigned_to_local(analysis, start);
        if analysis.let_around(start).is_none() && assigned.is_none() && !self.is_pushed(analysis, start) {
            return None;
        }
        let joined = match owner {
            Some(field) => self.field_fate(field).joins().next().is_some(),
            None => {
                let fate = self.full_fate(&self.fate(body, start));
                fate.joins().next().is_some()
            }
        };
        if !joined {
            return None;
        }
        let (flow, track) = self.track_handle(analysis, start, TrackStart::Expr(start));
        // What is assigned goes its way in the local.
        let mut exits = match assigned {
            Some(_) => Vec::new(),
            None => self.early_exits(analysis, flow, &track, None),
        };
        // The thread has said itself that it failed, and is at its end.
        // solana-rpc's `JsonRpcService` asks its thread whether the server is up: `close_handle_receiver.recv().unwrap()?`.
        exits.retain(|exit| !self.is_own_error(analysis, start, *exit));
        let mut kept = self.kept_at(analysis, &track, owner);
        let looped;
        // `handles.push(spawn(..))`, `handle = Some(spawn(..))`: go on with the collection, or with the local.
        let local = assigned.and_then(|assign| self.assigned_local(analysis, flow, assign));
        if let Some((local, node)) = local.or_else(|| self.collected(analysis, flow, &track)) {
            let whole = self.track_in(analysis, flow, TrackStart::Local(local));
            exits.extend(self.early_exits(analysis, flow, &whole, Some(node)));
            kept = self.kept_at(analysis, &whole, owner);
            looped = self.join_loop(analysis, &whole);
        } else {
            looped = self.join_loop(analysis, &track);
        }
        let left = looped.map_or(Vec::new(), |looped| self.exits_of_join_loop(analysis, looped));
        exits.extend(left.iter().copied());
        exits.sort_unstable();
        exits.dedup();
        let first = exits.first()?;
        let join_loop = looped.filter(|_| left.contains(first)).map(|looped| analysis.call_loc(looped));
        let kept = kept?;
        let joined_here = self
            .call_at(kept)
            .and_then(|(body, call)| self.analysis(body).callee(call))
            .is_some_and(|callee| self.effects(callee).has(word::JOINS));
        Some(SkippedJoin { body, start, exits, kept, joined_here, owner, join_loop })
    }

    /// The `for` that a collection of handles goes into, where it joins them one by one.
    fn join_loop(&self, analysis: &Analysis<'_>, track: &Track) -> Option<ExprId> {
        let looped = track.ends.iter().find_map(|end| match end.kind {
            EndKind::MovedInto(at) => match (analysis.expr(at), analysis.tree.parent(at)) {
                (Expr::Loop(_), _) => Some(at),
                (_, Parent::ForIter(looped)) => Some(looped),
                _ => None,
            },
            _ => None,
        })?;
        let Expr::Loop(data) = analysis.expr(looped) else { return None };
        let is_handle = |expr: ExprId| self.roles().handle(analysis.types.ty(analysis.peel(expr))).is_some();
        let joins = |part: ExprId| {
            analysis.callee(part).is_some_and(|callee| self.effects(callee).has(word::JOINS))
                && analysis.receiver(self.program, part).is_some_and(is_handle)
        };
        analysis.parts(data.body).any(joins).then_some(looped)
    }

    /// The ways out of a loop that joins handles one by one, other than on the panic of one of the threads.
    fn exits_of_join_loop(&self, analysis: &Analysis<'_>, looped: ExprId) -> Vec<Loc> {
        let Expr::Loop(data) = analysis.expr(looped) else { return Vec::new() };
        let home = analysis.tree.enclosing_closure(analysis.body, looped);
        let leaves = |part: &ExprId| match analysis.expr(*part) {
            Expr::Try(operand) => !self.is_join_result(analysis, *operand),
            Expr::Return(_) => {
                !self.failed_scrutinees(analysis, *part).any(|tested| self.is_join_result(analysis, tested))
            }
            Expr::Break { target: Some(target), .. } => {
                *target == looped || analysis.tree.ancestors(looped).any(|outer| outer == *target)
            }
            _ => false,
        };
        analysis
            .parts(data.body)
            .filter(|part| analysis.tree.enclosing_closure(analysis.body, *part) == home)
            .filter(leaves)
            .map(|part| self.exit_loc(analysis, part))
            .collect()
    }

    /// Whether an expression is what `join` gives, an `Err` of it turned into another error perhaps: it fails where the thread
    /// panicked.
    fn is_join_result(&self, analysis: &Analysis<'_>, expr: ExprId) -> bool {
        let mut at = expr;
        while let Expr::MethodCall(call) = analysis.expr(at) {
            let Some(effects) = analysis.callee(at).map(|callee| self.effects(callee)) else { return false };
            if effects.has(word::JOINS) {
                return true;
            }
            if effects.has(word::UNWRAPS) {
                return false;
            }
            at = call.receiver;
        }
        false
    }

    fn is_pushed(&self, analysis: &Analysis<'_>, start: ExprId) -> bool {
        let mut at = start;
        loop {
            match analysis.tree.parent(at) {
                Parent::Arg(call, _) => {
                    return analysis.callee(call).is_some_and(|callee| self.effects(callee).has(word::PUTS));
                }
                Parent::Receiver(up) | Parent::TryOperand(up) => at = up,
                _ => return false,
            }
        }
    }

    /// The local that an assignment gives a handle to, and where.
    // grin's `Server::new`: `let mut connect_thread = None; if .. { connect_thread = Some(connect_and_monitor(..)?); }`
    fn assigned_local(&self, analysis: &Analysis<'_>, flow: &Flow, assign: ExprId) -> Option<(LocalId, NodeId)> {
        let Expr::Assign { target, .. } = analysis.expr(assign) else { return None };
        let Expr::Local(local) = analysis.expr(*target) else { return None };
        self.roles().owns_handle(analysis.types.local(*local)).then_some((*local, flow.node(assign)?))
    }

    /// The local collection that the value is put into, and where.
    fn collected(&self, analysis: &Analysis<'_>, flow: &Flow, track: &Track) -> Option<(LocalId, NodeId)> {
        track.ends.iter().find_map(|end| {
            let EndKind::MovedInto(call) = end.kind else { return None };
            let callee = analysis.callee(call)?;
            if !self.effects(callee).has(word::PUTS) {
                return None;
            }
            let Expr::MethodCall(data) = analysis.expr(call) else { return None };
            let Expr::Local(local) = analysis.expr(analysis.peel(data.receiver)) else { return None };
            self.roles().owns_handle(analysis.types.local(*local)).then_some((*local, flow.node(call)?))
        })
    }

    /// Where the value goes if nothing goes wrong: to the join, or to what joins it. The last such place.
    fn kept_at(&self, analysis: &Analysis<'_>, track: &Track, owner: Option<FieldRef>) -> Option<Loc> {
        track
            .ends
            .iter()
            .filter_map(|end| match end.kind {
                EndKind::MovedInto(expr) => {
                    let taken = match (owner, analysis.callee(expr)) {
                        // A value that owns a handle is joined by a method of its own, or through the handle.
                        (Some(field), Some(callee)) => {
                            self.effects(callee).has(word::JOINS) || self.consumes(callee, field)
                        }
                        _ => true,
                    };
                    taken.then(|| match analysis.expr(expr) {
                        Expr::Struct(literal) => analysis.body.loc(literal.path.span),
                        _ => analysis.call_loc(expr),
                    })
                }
                // Callers join it.
                EndKind::Returned if owner.is_none() => match analysis.expr(analysis.body.ir.root) {
                    Expr::Block(block) => block.tail.map(|tail| analysis.body.expr_loc(tail)),
                    _ => None,
                },
                _ => None,
            })
            .max_by_key(|loc| loc.span.start)
    }

    /// Whether a method takes the value whole and joins its handle.
    fn consumes(&self, method: DefId, field: FieldRef) -> bool {
        let takes = self.program.signature(method).and_then(|signature| signature.self_ty.as_ref()?.adt());
        takes == Some(field.adt) && self.joins_inside(method, &self.field_fate(field).joins().collect::<Vec<_>>())
    }

    fn track_handle(&self, analysis: &Analysis<'a>, expr: ExprId, start: TrackStart) -> (&Flow, Track) {
        let flow = self.flow(analysis.body.id, self.flow_root(analysis.body.id, expr));
        (flow, self.track_in(analysis, flow, start))
    }

    fn track_in(&self, analysis: &Analysis<'_>, flow: &Flow, start: TrackStart) -> Track {
        let analysis = self.analysis(analysis.body.id);
        let view = self.view(analysis.body.id);
        let role = |role: Parent| self.role_of_call(analysis, role);
        let holds = |ty: &Ty| self.roles().holds_handle(ty);
        flow.track(view, start, &Follow { role: &role, holds: &holds, into_structs: false })
    }

    /// What a call does with a handle, or with what holds one.
    fn role_of_call(&self, analysis: &Analysis<'_>, role: Parent) -> CallRole {
        let (call, position) = match role {
            Parent::Receiver(call) => (call, None),
            Parent::Arg(call, index) => (call, Some(index as usize)),
            Parent::AwaitOperand(_) => return CallRole::Passes,
            _ => return CallRole::Takes,
        };
        let Some(callee) = analysis.callee(call) else { return CallRole::Takes };
        let effects = self.effects(callee);
        if position.is_some() && effects.index(word::DROPS) == position {
            return CallRole::Drops;
        }
        if position.is_some() && effects.index(word::FORGETS) == position {
            return CallRole::Forgets;
        }
        if self.program.is_user(callee) || effects.has(word::JOINS) {
            return CallRole::Takes;
        }
        if effects.has(word::TAKES) {
            return CallRole::Extracts;
        }
        match position.is_none() && self.roles().holds_handle(analysis.types.ty(call)) {
            true => CallRole::Passes,
            false => CallRole::Takes,
        }
    }

    /// The jumps out of the function, or out of the scope of the value, that drop it.
    fn early_exits(&self, analysis: &Analysis<'_>, flow: &Flow, track: &Track, after: Option<NodeId>) -> Vec<Loc> {
        let mut drops = BitSet::new(flow.len());
        for end in track.ends.iter().filter(|end| end.kind == EndKind::Dropped) {
            drops.insert(end.node.index());
        }
        if drops.is_empty() {
            return Vec::new();
        }
        let later = after.map(|node| flow.reach(node, |_, _, _| true));
        let mut exits = Vec::new();
        for (node, action) in flow.nodes() {
            if exits.len() >= MAX_EXITS {
                break;
            }
            if !track.is_live(node) || later.as_ref().is_some_and(|later| !later.contains(node.index())) {
                continue;
            }
            for (kind, next) in flow.successors(node) {
                if !matches!(kind, EdgeKind::TryError | EdgeKind::Return | EdgeKind::Break) {
                    continue;
                }
                if !(drops.contains(next.index()) || track.is_live(*next)) {
                    continue;
                }
                let ended = ends_in(flow, track, *next, &drops);
                if ended && let Action::Eval(expr) = action {
                    exits.push(self.exit_loc(analysis, expr));
                }
            }
        }
        exits
    }

    /// The keyword `return` or `break`, or the `?`.
    pub(super) fn exit_loc(&self, analysis: &Analysis<'_>, expr: ExprId) -> Loc {
        let span = analysis.body.expr(expr).span;
        let span = match analysis.expr(expr) {
            Expr::Try(_) => Span::new(span.end.saturating_sub(1), span.end),
            Expr::Return(_) => Span::new(span.start, (span.start + "return".len() as u32).min(span.end)),
            Expr::Break { .. } => Span::new(span.start, (span.start + "break".len() as u32).min(span.end)),
            _ => span,
        };
        analysis.body.loc(span)
    }

    /// The stop flag of a type that only its consuming methods set, of a type without `Drop` whose handle only those methods
    /// join: dropped without such a call, its thread runs on for ever. The method, and where it tells the thread to stop.
    // midir's `MidiInputConnection` on Android: `close(self)` stores the flag and joins; there is no `Drop`.
    pub fn stopped_only_by(&self, field: FieldRef) -> Option<(DefId, Loc)> {
        if self.program.drop_function(field.adt).is_some() {
            return None;
        }
        let kept = self.field_fate(field);
        let decided = kept
            .ends
            .iter()
            .all(|end| matches!(end, FateEnd::Joined(_) | FateEnd::Observed(_) | FateEnd::Overwritten(_, true)));
        if !decided {
            return None;
        }
        let mut closer = None;
        for join in kept.joins() {
            let body = self.body_at(join)?;
            let takes = self.program.signature(body.owner)?.self_ty.as_ref()?.adt();
            if takes != Some(field.adt) || closer.is_some_and(|own| own != body.owner) {
                return None;
            }
            closer = Some(body.owner);
        }
        let closer = closer?;
        if !self.left_to_users(closer, 4) {
            return None;
        }
        let signal = self.only_stop_signal(field.adt, closer)?;
        Some((closer, signal))
    }

    /// Whether all callers of a consuming method are consuming methods too, up to one that the API leaves to its users.
    fn left_to_users(&self, method: DefId, budget: u32) -> bool {
        if budget == 0 {
            return false;
        }
        let mut callers: Vec<DefId> =
            self.calls_of(method).into_iter().map(|(body, _)| self.program.body(body).owner).collect();
        callers.dedup();
        let is_public = self.program.item(method).vis == crate::syntax::ir::Visibility::Public
            && self.program.krate(method).is_some_and(|krate| krate.is_public_api);
        if callers.is_empty() {
            return is_public;
        }
        callers.into_iter().all(|caller| {
            let consumes = self.program.signature(caller).and_then(|signature| signature.self_ty.clone());
            consumes.is_some_and(|ty| ty.adt().is_some()) && self.left_to_users(caller, budget - 1)
        })
    }

    /// The store to a flag in a field of the type, where only that method stores to it.
    fn only_stop_signal(&self, adt: DefId, method: DefId) -> Option<Loc> {
        let body = self.program.body_of(method)?;
        let analysis = self.analysis(body);
        (0..analysis.body.ir.exprs.len() as u32).map(ExprId).find_map(|call| {
            let flag = self.flag_stored(analysis, call)?;
            let super::place::Place::Field(field) = flag else { return None };
            if field.adt != adt {
                return None;
            }
            let name = self.field(field)?.name;
            let elsewhere = self.bodies_mentioning(&[name]).any(|other| {
                other.id != body && {
                    let other = self.analysis(other.id);
                    (0..other.body.ir.exprs.len() as u32)
                        .map(ExprId)
                        .any(|call| self.flag_stored(other, call) == Some(flag))
                }
            });
            (!elsewhere).then(|| analysis.call_loc(call))
        })
    }

    fn flag_stored(&self, analysis: &Analysis<'_>, call: ExprId) -> Option<super::place::Place> {
        let effects = self.effects(analysis.callee(call)?);
        if ![word::FLAG_STORE, word::FLAG_CANCEL, word::FLAG_UPDATE].iter().any(|word| effects.has(*word)) {
            return None;
        }
        self.place(analysis, analysis.receiver(self.program, call)?)
    }

    /// The call whose short span is that place.
    pub fn call_at(&self, loc: Loc) -> Option<(BodyId, ExprId)> {
        let body = self.body_at(loc)?;
        let analysis = self.analysis(body.id);
        let call = (0..body.ir.exprs.len() as u32).map(ExprId).find(|expr| {
            matches!(analysis.expr(*expr), Expr::Call { .. } | Expr::MethodCall(_))
                && analysis.call_span(*expr) == loc.span
        })?;
        Some((body.id, call))
    }

    /// The type that a field is declared with.
    pub fn field_type(&self, field: FieldRef) -> Option<&Ty> {
        self.program.field_types(field.adt, field.variant).get(field.index as usize)
    }

    /// How a value of a type carries handles.
    pub fn handle_shape(&self, ty: &Ty) -> HandleShape {
        let is_handle = |ty: &Ty| self.roles().handle(ty).is_some();
        let lang = &self.program.lang;
        match ty.adt() {
            _ if is_handle(ty) => HandleShape::Plain,
            Some(adt) if ty.args().first().is_some_and(is_handle) && Some(adt) == lang.option => HandleShape::Optional,
            Some(adt) if ty.args().first().is_some_and(is_handle) && Some(adt) == lang.vec => HandleShape::Many,
            _ => HandleShape::Other,
        }
    }

    /// Whether users of the crate can reach a field, and may join what it holds.
    pub fn is_open_field(&self, field: FieldRef) -> bool {
        use crate::syntax::ir::Visibility::Public;
        let Some(declared) = self.field(field) else { return true };
        let item = self.program.item(field.adt);
        let in_enum = matches!(item.kind, ItemKind::Enum(_));
        let api = self.program.krate(field.adt).is_some_and(|krate| krate.is_public_api);
        api && item.vis == Public && (in_enum || declared.vis == Public)
    }
}

/// How many calls deep a function is looked into for the thread that it starts.
const CALLED_DEPTH: u32 = 3;

/// The jumps that are looked for from one handle; generated code can have thousands.
const MAX_EXITS: usize = 32;

/// Whether a jump to `next` ends the life of the value: only scopes end between the two.
fn ends_in(flow: &Flow, track: &Track, next: NodeId, drops: &BitSet) -> bool {
    let mut seen = BitSet::new(flow.len());
    let mut open = vec![next];
    while let Some(node) = open.pop() {
        if drops.contains(node.index()) {
            return true;
        }
        let is_scope_end = matches!(flow.action(node), Action::DropLocal(_) | Action::DropTemp(_) | Action::Join);
        if !is_scope_end || !track.is_live(node) || seen.contains(node.index()) {
            continue;
        }
        seen.insert(node.index());
        open.extend(flow.successors(node).iter().map(|(_, next)| *next));
    }
    false
}
