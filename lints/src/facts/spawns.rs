//! Every place that starts a thread, and every place that gets a handle.

use super::context::{Analysis, Context};
use super::effects::{Effects, word};
use super::entry::Entry;
use super::roles::HandleKind;
use crate::model::{BodyId, DefId, Ty};
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId, ItemKind};
use rustc_hash::{FxHashMap, FxHashSet};

const WRAPPER_ROUNDS: usize = 4;

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
            let mut found: FxHashMap<DefId, (usize, SpawnKind)> = FxHashMap::default();
            for body in cx.bodies_mentioning(&names) {
                let analysis = cx.analysis(body.id);
                for index in 0..body.ir.exprs.len() as u32 {
                    let call = ExprId(index);
                    let Some(callee) = analysis.callee(call) else { continue };
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

    fn find_handles(&mut self, cx: &Context<'_>) {
        let mut direct: Vec<(BodyId, ExprId)> = Vec::new();
        for spawn in &self.all {
            let analysis = cx.analysis(spawn.body);
            if spawn.direct && cx.roles().carries_handle(analysis.types.ty(spawn.call)) {
                direct.push((spawn.body, spawn.call));
            }
        }
        self.handles.extend(direct.iter().map(|(body, call)| HandleSite { body: *body, call: *call, wrapper: None }));
        let wrappers = handle_functions(cx);
        let mut names: Vec<Name> = wrappers.iter().map(|def| cx.program.item(*def).name).collect();
        names.sort_unstable();
        names.dedup();
        if names.is_empty() {
            return;
        }
        let makes: FxHashSet<DefId> = wrappers.iter().copied().filter(|def| returns_new_handle(cx, *def)).collect();
        for body in cx.bodies_mentioning(&names) {
            let analysis = cx.analysis(body.id);
            for index in 0..body.ir.exprs.len() as u32 {
                let call = ExprId(index);
                if !matches!(body.expr(call).kind, Expr::Call { .. } | Expr::MethodCall(_)) {
                    continue;
                }
                let Some(callee) = analysis.callee(call) else { continue };
                if makes.contains(&callee) && cx.roles().carries_handle(analysis.types.ty(call)) {
                    self.handles.push(HandleSite { body: body.id, call, wrapper: Some(callee) });
                }
            }
        }
        self.handles.sort_by_key(|site| (site.body, site.call));
        self.handles.dedup_by_key(|site| (site.body, site.call));
        for site in &self.handles {
            let owner = cx.program.body(site.body).owner;
            if makes.contains(&owner) {
                self.makers.entry(owner).or_insert((site.body, site.call));
            }
        }
    }
}

/// The functions of the catalogue that start something: which argument, and what.
fn catalogue_spawners(cx: &Context<'_>) -> FxHashMap<DefId, (usize, SpawnKind)> {
    let program = cx.program;
    let mut spawners = FxHashMap::default();
    for def in program.defs().filter(|def| !program.is_user(*def)) {
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

/// The functions of the user whose declared result carries a thread's handle by value.
fn handle_functions(cx: &Context<'_>) -> Vec<DefId> {
    let program = cx.program;
    program
        .user_defs()
        .filter(|def| matches!(program.item(*def).kind, ItemKind::Function(_)))
        .filter(|def| {
            program.signature(*def).is_some_and(|signature| match &signature.ret {
                Ty::Ref(..) | Ty::Prim(_) | Ty::Never => false,
                ret => cx.roles().carries_handle(ret),
            })
        })
        .collect()
}

/// Whether a function that returns a handle makes it: it does not just hand out one that its arguments held.
fn returns_new_handle(cx: &Context<'_>, def: DefId) -> bool {
    let Some(signature) = cx.program.signature(def) else { return false };
    let holds = |ty: &Ty| {
        let ty = cx.roles().pointee(ty);
        cx.roles().holds_handle(&ty)
    };
    !signature.self_ty.iter().chain(&signature.params).any(holds)
}

impl Context<'_> {
    /// The kind of handle that a value of a type carries, behind references.
    pub fn handle_kind(&self, ty: &Ty) -> Option<HandleKind> {
        self.roles().handle(ty.peel_refs())
    }
}
