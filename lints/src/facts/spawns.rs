//! Every place that starts a thread, and every place that gets a handle.

use super::context::{Analysis, Context};
use super::effects::{Effects, word};
use super::entry::Entry;
use super::roles::HandleKind;
use crate::model::{BodyId, DefId, Ty};
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId};
use rustc_hash::{FxHashMap, FxHashSet};

const WRAPPER_ROUNDS: usize = 4;
/// How many functions deep a handle is returned.
const MAKER_ROUNDS: usize = 6;

/// What a spawner starts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SpawnKind {
    /// An OS thread that may outlive the caller.
    Thread,
    /// An OS thread that its scope joins.
    Scoped,
    /// A task of an async runtime.
    Task,
    /// A job of a pool.
    Pool,
}

/// A call that starts a thread.
#[derive(Clone, Copy, Debug)]
pub struct Spawn {
    /// The body it stands in.
    pub body: BodyId,
    /// The call.
    pub call: ExprId,
    /// What it starts.
    pub kind: SpawnKind,
    /// What runs.
    pub entry: Entry,
    /// The call is to the catalogue's spawner; otherwise to a function of the user's that hands its argument on.
    pub direct: bool,
}

/// An expression whose value carries the handle of a thread that nobody had a handle of before.
#[derive(Clone, Copy, Debug)]
pub struct HandleSite {
    /// The body it stands in.
    pub body: BodyId,
    /// The call.
    pub call: ExprId,
    /// The function of the user's that gave the handle; `None` for a spawner of the catalogue.
    pub wrapper: Option<DefId>,
}

/// The spawns of a program.
#[derive(Debug, Default)]
pub struct Spawns {
    /// Every spawn in order of body and expression.
    pub all: Vec<Spawn>,
    /// Every place that gets a new handle, in order.
    pub handles: Vec<HandleSite>,
    /// Functions of the user that return a new handle, with a call inside that gets it.
    pub makers: FxHashMap<DefId, (BodyId, ExprId)>,
}

impl Spawns {
    pub(super) fn collect(cx: &Context<'_>) -> Spawns {
        let mut spawns = Spawns::default();
        spawns.find_spawns(cx);
        spawns.find_handles(cx);
        spawns
    }

    fn find_spawns(&mut self, cx: &Context<'_>) {
        let mut spawners = catalogue_spawners(cx);
        let mut seen: FxHashSet<(BodyId, ExprId)> = FxHashSet::default();
        for _ in 0..WRAPPER_ROUNDS {
            let mut names: Vec<Name> = spawners.keys().map(|def| cx.program.item(*def).name).collect();
            names.sort_unstable();
            names.dedup();
            cx.warm(&names);
            let mut found: FxHashMap<DefId, (usize, SpawnKind)> = FxHashMap::default();
            for body in cx.bodies_calling(&names) {
                let analysis = cx.analysis(body.id);
                for (call, callee) in analysis.calls() {
                    let Some((arg, kind)) = spawners.get(&callee).copied() else { continue };
                    let Some(entry) = spawned(cx, analysis, call, arg) else { continue };
                    if let Entry::Param(owner, index) = entry
                        && !spawners.contains_key(&owner)
                    {
                        found.insert(owner, (index as usize, kind));
                    }
                    if seen.insert((body.id, call)) {
                        let direct = !cx.program.is_user(callee);
                        self.all.push(Spawn { body: body.id, call, kind, entry, direct });
                    }
                }
            }
            if found.is_empty() {
                break;
            }
            spawners.extend(found);
        }
        self.all.sort_by_key(|spawn| (spawn.body, spawn.call));
    }

    /// The spawn at a call.
    pub fn at(&self, body: BodyId, call: ExprId) -> Option<&Spawn> {
        let index = self.all.binary_search_by_key(&(body, call), |spawn| (spawn.body, spawn.call)).ok()?;
        self.all.get(index)
    }

    /// The spawn behind a place that gets a handle: its own, or that of the function that gave the handle.
    pub fn behind(&self, site: HandleSite) -> Option<&Spawn> {
        let mut site = (site.body, site.call, site.wrapper);
        for _ in 0..WRAPPER_ROUNDS {
            if let Some(spawn) = self.at(site.0, site.1) {
                return Some(spawn);
            }
            let (body, call) = *self.makers.get(&site.2?)?;
            let index = self.handles.binary_search_by_key(&(body, call), |own| (own.body, own.call)).ok()?;
            site = (body, call, self.handles.get(index)?.wrapper);
        }
        None
    }

    /// Direct spawns first; then, round by round, the calls of functions that turn out to return a new handle.
    fn find_handles(&mut self, cx: &Context<'_>) {
        let direct = self.all.iter().filter(|spawn| {
            let analysis = cx.analysis(spawn.body);
            spawn.direct && cx.roles().carries_handle(analysis.types.ty(spawn.call))
        });
        let mut fresh: Vec<HandleSite> =
            direct.map(|spawn| HandleSite { body: spawn.body, call: spawn.call, wrapper: None }).collect();
        if fresh.is_empty() {
            return;
        }
        let may_return = cx.functions_returning(|ret| cx.roles().carries_handle(ret));
        for _ in 0..MAKER_ROUNDS {
            let mut makers: Vec<DefId> = Vec::new();
            for site in &fresh {
                let owner = cx.program.body(site.body).owner;
                if may_return.contains(&owner)
                    && !self.makers.contains_key(&owner)
                    && cx.fate(site.body, site.call).is_returned_by(owner)
                {
                    self.makers.insert(owner, (site.body, site.call));
                    makers.push(owner);
                    // `spawner.spawn(..)` on a trait object or a generic parameter gives what its implementors give.
                    if let Some(declared) = cx.program.declared_by_trait(owner)
                        && cx.program.is_user(declared)
                        && !self.makers.contains_key(&declared)
                    {
                        self.makers.insert(declared, (site.body, site.call));
                        makers.push(declared);
                    }
                }
            }
            self.handles.append(&mut fresh);
            if makers.is_empty() {
                break;
            }
            fresh = calls_of(cx, &makers);
        }
        self.handles.append(&mut fresh);
        self.handles.sort_by_key(|site| (site.body, site.call));
        self.handles.dedup_by_key(|site| (site.body, site.call));
    }
}

/// The calls of functions that make handles.
fn calls_of(cx: &Context<'_>, makers: &[DefId]) -> Vec<HandleSite> {
    let bodies = cx.heads_calling_any(makers);
    cx.analyse(&bodies);
    let mut sites = Vec::new();
    for body in bodies {
        let analysis = cx.analysis(body.id);
        for (call, callee) in analysis.calls() {
            if makers.contains(&callee) && cx.roles().carries_handle(analysis.types.ty(call)) {
                sites.push(HandleSite { body: body.id, call, wrapper: Some(callee) });
            }
        }
    }
    sites
}

/// The functions of the catalogue that start something: which argument, and what.
fn catalogue_spawners(cx: &Context<'_>) -> FxHashMap<DefId, (usize, SpawnKind)> {
    let program = cx.program;
    let mut spawners = FxHashMap::default();
    for def in cx.library_defs().iter().copied() {
        let effects = Effects::of(program, def);
        let Some(index) = effects.index(word::SPAWNS) else { continue };
        let kind = if effects.with(word::SPAWNS, "scoped") {
            SpawnKind::Scoped
        } else if effects.with(word::SPAWNS, "task") {
            SpawnKind::Task
        } else if effects.with(word::SPAWNS, "pool") {
            SpawnKind::Pool
        } else {
            SpawnKind::Thread
        };
        spawners.insert(def, (index, kind));
    }
    spawners
}

/// What a spawner's argument runs; `None` where the call has no such argument.
fn spawned(cx: &Context<'_>, analysis: &Analysis<'_>, call: ExprId, arg: usize) -> Option<Entry> {
    let args = analysis.args(call);
    // By path, a method's arguments start with `self`.
    let by_path = matches!(analysis.expr(call), Expr::Call { .. });
    let shift = usize::from(by_path && analysis.receiver(cx.program, call).is_some());
    let arg = args.get(arg + shift)?;
    Some(Entry::of(cx, analysis, *arg))
}

impl Context<'_> {
    /// The spawns of a body.
    pub(super) fn spawns_in(&self, body: BodyId) -> impl Iterator<Item = &Spawn> + '_ {
        let all = &self.spawns().all;
        let first = all.partition_point(|spawn| spawn.body < body);
        all.iter().skip(first).take_while(move |spawn| spawn.body == body)
    }

    /// The kind of handle that a value of a type carries, behind references.
    pub fn handle_kind(&self, ty: &Ty) -> Option<HandleKind> {
        self.roles().handle(ty.peel_refs())
    }
}
