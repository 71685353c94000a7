//! The one object that a rule is given.

use super::effects::Effects;
use super::learned::{BodyNotes, Learned};
use super::roles::Roles;
use super::spawns::Spawns;
use crate::model::{BodyHead, BodyId, BodyRef, BodyTree, DefId, Exports, FieldRef, Inference, Program, Ty, ValueRef};
use crate::settings::Settings;
use crate::source::{FileId, Loc, Name, Span};
use crate::syntax::ir::{Expr, ExprId, Field, ItemKind, Literal, LocalId, Pat, PatId, Stmt};
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// What a rule sees: the program, the settings, and facts on demand.
pub struct Context<'a> {
    /// The program.
    pub program: &'a Program<'a>,
    /// The settings.
    pub settings: &'a Settings,
    cancelled: Option<&'a AtomicBool>,
    /// What was learned of bodies before.
    known: Vec<Option<BodyNotes>>,
    analyses: Vec<OnceLock<Box<Analysis<'a>>>>,
    spawns: OnceLock<Spawns>,
    pub(super) flows: Vec<OnceLock<Arc<super::flows::BodyFlows>>>,
    pub(super) guards: OnceLock<super::guards::Guards>,
    pub(super) threads: OnceLock<Vec<super::threads::Thread>>,
    pub(super) field_fates: FieldFates,
    pub(super) known_field_uses: super::field_uses::KnownFieldUses,
    pub(super) known_stop_calls: super::stop_signals::KnownStopCalls,
    pub(super) known_deliveries: super::deliveries::KnownDeliveries,
    pub(super) known_calls: super::callers::KnownCalls,
    pub(super) other_names: super::callers::OtherNames,
    library_defs: OnceLock<Vec<DefId>>,
    pub(super) name_index: OnceLock<super::name_index::NameIndex>,
    pub(super) known_executions: super::blocked::KnownExecutions,
    pub(super) ownership: OnceLock<super::ownership::Ownership>,
    pub(super) rings: OnceLock<Vec<super::links::ClosedRing>>,
    pub(super) nonblocking: OnceLock<FxHashSet<super::place::Place>>,
    pub(super) lock_facts: super::held::LockFacts,
    pub(super) condvars: OnceLock<super::condvars::Condvars>,
    pub(super) busy_waits: OnceLock<Vec<super::polling::BusyWait>>,
    pub(super) exports: OnceLock<Exports>,
}

pub(super) type FieldFates = std::sync::Mutex<rustc_hash::FxHashMap<FieldRef, Arc<super::fate::Fate>>>;

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Context({:?})", self.program)
    }
}

/// What a context panics with when it gives up.
#[derive(Debug)]
pub struct Cancelled;

/// What is known of one body.
#[derive(Debug)]
pub struct Analysis<'a> {
    /// The body.
    pub body: BodyRef<'a>,
    /// Its types.
    pub types: Arc<Inference>,
    /// Its parent links.
    pub tree: Arc<BodyTree>,
    calls: Arc<[(ExprId, DefId)]>,
}

impl<'a> Context<'a> {
    /// A context over a linked program.
    pub fn new(program: &'a Program<'a>, settings: &'a Settings) -> Context<'a> {
        Context {
            program,
            settings,
            cancelled: None,
            known: Vec::new(),
            analyses: std::iter::repeat_with(OnceLock::new).take(program.body_count()).collect(),
            spawns: OnceLock::new(),
            flows: std::iter::repeat_with(OnceLock::new).take(program.body_count()).collect(),
            guards: OnceLock::new(),
            threads: OnceLock::new(),
            field_fates: FieldFates::default(),
            known_field_uses: super::field_uses::KnownFieldUses::default(),
            known_stop_calls: super::stop_signals::KnownStopCalls::default(),
            known_deliveries: super::deliveries::KnownDeliveries::default(),
            known_calls: super::callers::KnownCalls::default(),
            other_names: super::callers::OtherNames::new(),
            library_defs: OnceLock::new(),
            name_index: OnceLock::new(),
            known_executions: super::blocked::KnownExecutions::default(),
            ownership: OnceLock::new(),
            rings: OnceLock::new(),
            nonblocking: OnceLock::new(),
            lock_facts: super::held::LockFacts::new(program.body_count()),
            condvars: OnceLock::new(),
            busy_waits: OnceLock::new(),
            exports: OnceLock::new(),
        }
    }

    /// A context that gives up, by a panic with [`Cancelled`], soon after `cancelled` is set.
    pub fn until(self, cancelled: &'a AtomicBool) -> Context<'a> {
        Context { cancelled: Some(cancelled), ..self }
    }

    /// A context over a program with the items and bodies of the one that `learned` is from, of which `holds` says where it still holds: for the
    /// file of a body, and the body's place in it.
    pub fn knowing(self, learned: Learned, holds: impl Fn(FileId, usize) -> bool) -> Context<'a> {
        let known = learned.holding(self.program, holds);
        for (slot, notes) in self.flows.iter().zip(&known) {
            if let Some(flows) = notes.as_ref().and_then(|notes| notes.flows.clone()) {
                let _ = slot.set(flows);
            }
        }
        Context { known, ..self }
    }

    /// What is known of a body.
    pub fn analysis(&self, body: BodyId) -> &Analysis<'a> {
        let make = || {
            self.give_up_if_cancelled();
            let program: &'a Program<'a> = self.program;
            let ir = program.body(body);
            if let Some(BodyNotes { types, tree, calls, .. }) = self.known.get(body.index()).cloned().flatten() {
                return Box::new(Analysis { body: ir, types, tree, calls });
            }
            let types = program.infer(ir);
            let exprs = (0..ir.ir.exprs.len() as u32).map(ExprId);
            let calls = exprs.filter_map(|expr| Some((expr, types.callee(ir, expr)?))).collect();
            Box::new(Analysis { body: ir, types: Arc::new(types), tree: Arc::new(BodyTree::build(ir)), calls })
        };
        match self.analyses.get(body.index()) {
            Some(slot) => slot.get_or_init(make),
            // Every `BodyId` comes from this program.
            None => unreachable!("a body of another program"),
        }
    }

    /// Whether nobody waits for an answer any more.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.is_some_and(|cancelled| cancelled.load(Ordering::Relaxed))
    }

    /// Panics with [`Cancelled`] if nobody waits for an answer any more.
    pub fn give_up_if_cancelled(&self) {
        if self.is_cancelled() {
            // No hook is run: nothing is wrong.
            std::panic::resume_unwind(Box::new(Cancelled));
        }
    }

    /// Establishes, on all threads of the pool, what most rules ask for first. A rule that waits for a fact holds a thread of
    /// the pool, so a fact that many wait for is no place to start from.
    pub fn prepare(&self) {
        self.spawns();
        self.guards();
        self.threads();
        // Made on several threads: a rule that asked first could be given another rule's work while it waits, which asks too.
        self.held();
        self.condvars();
        self.busy_waits();
    }

    /// Analyses, on all threads of the pool, the bodies that may call a function of one of the names.
    pub(super) fn warm(&self, names: &[Name]) {
        let heads: Vec<BodyHead<'a>> = self.heads_with(names, true).collect();
        self.analyse(&heads);
    }

    /// Gives the memory back, on all threads of the pool: there is much of it, in small pieces.
    pub fn dispose(self) {
        let Context { analyses, flows, .. } = self;
        rayon::join(|| analyses.into_par_iter().for_each(drop), || flows.into_par_iter().for_each(drop));
    }

    /// What may hold of the next program.
    pub fn into_learned(self) -> Learned {
        let Context { mut known, analyses, flows, .. } = self;
        known.resize_with(analyses.len(), || None);
        let slots = known.into_iter().zip(analyses).zip(flows);
        slots
            .map(|((known, analysis), flows)| {
                let flows = flows.into_inner();
                match analysis.into_inner() {
                    Some(analysis) => {
                        let Analysis { types, tree, calls, .. } = *analysis;
                        Some(BodyNotes { types, tree, calls, flows })
                    }
                    None => known,
                }
            })
            .collect()
    }

    /// Analyses bodies on all threads of the pool.
    pub(super) fn analyse(&self, bodies: &[BodyHead<'a>]) {
        bodies.par_iter().for_each(|body| {
            self.analysis(body.id);
        });
    }

    /// The functions of the user whose declared result is by value of a type that is wanted.
    pub(super) fn functions_returning(&self, wanted: impl Fn(&Ty) -> bool + Sync) -> FxHashSet<DefId> {
        self.those_returning(self.program.user_defs(), wanted)
    }

    /// As [`Context::functions_returning`], of some functions.
    pub(super) fn those_returning(
        &self,
        functions: impl Iterator<Item = DefId>,
        wanted: impl Fn(&Ty) -> bool + Sync,
    ) -> FxHashSet<DefId> {
        let defs: Vec<DefId> = functions.collect();
        let returns = |def: &DefId| {
            self.program.signature(*def).is_some_and(|signature| match &signature.ret {
                Ty::Ref(..) | Ty::Prim(_) | Ty::Never => false,
                ret => wanted(ret),
            })
        };
        defs.into_par_iter().filter(returns).collect()
    }

    /// Whether a file that could not be read, or only in part, has a text in it: what it does with the thing of that name is
    /// not known.
    pub fn is_mentioned_unread(&self, text: &str) -> bool {
        let unread = self.program.workspace.files.iter().filter_map(|file| Some((file, file.problem.as_ref()?)));
        let name = Name::of(text);
        unread.into_iter().any(|(file, problem)| problem.mentions(&file.text, text))
            || self.heads_with(&[name], false).any(BodyHead::is_unread)
    }

    /// Questions about types.
    pub fn roles(&self) -> Roles<'a, 'a> {
        Roles::new(self.program)
    }

    /// What the catalogue says of a function.
    pub fn effects(&self, def: DefId) -> Effects<'a> {
        Effects::of(self.program, def)
    }

    /// What the catalogue says something of, in order.
    pub(super) fn library_defs(&self) -> &[DefId] {
        self.library_defs.get_or_init(|| self.program.defs().filter(|def| !self.effects(*def).is_empty()).collect())
    }

    /// The names of the catalogue's functions and types of which it says something, in order.
    pub(super) fn library_names(&self, says: impl Fn(Effects<'a>) -> bool) -> Vec<Name> {
        let said = self.library_defs().iter().filter(|def| says(self.effects(**def)));
        let mut names: Vec<Name> = said.map(|def| self.program.item(*def).name).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Where threads are started.
    pub fn spawns(&self) -> &Spawns {
        self.spawns.get_or_init(|| Spawns::collect(self))
    }

    /// A field's declaration.
    pub fn field(&self, field: FieldRef) -> Option<&'a Field> {
        let program: &'a Program<'a> = self.program;
        match &program.item(field.adt).kind {
            ItemKind::Struct(data) => data.fields.get(field.index as usize),
            ItemKind::Enum(data) => data.variants.get(field.variant as usize)?.fields.get(field.index as usize),
            _ => None,
        }
    }

    /// A field of a struct (variant 0) or variant by name.
    pub fn field_named(&self, adt: DefId, variant: u32, name: Name) -> Option<FieldRef> {
        let fields = match &self.program.item(adt).kind {
            ItemKind::Struct(data) => &data.fields,
            ItemKind::Enum(data) => &data.variants.get(variant as usize)?.fields,
            _ => return None,
        };
        let index = fields.iter().position(|field| field.name == name)?;
        Some(FieldRef { adt, variant, index: index as u32 })
    }

    /// Where a field is declared.
    pub fn field_loc(&self, field: FieldRef) -> Option<Loc> {
        Some(Loc::new(self.program.file(field.adt), self.field(field)?.span))
    }

    /// The name of a variant.
    pub fn variant_name(&self, adt: DefId, variant: u32) -> Option<Name> {
        match &self.program.item(adt).kind {
            ItemKind::Enum(data) => data.variants.get(variant as usize).map(|variant| variant.name),
            _ => None,
        }
    }

    /// The variant of an enum by its name.
    pub fn variant_named(&self, adt: DefId, name: Name) -> Option<u32> {
        match &self.program.item(adt).kind {
            ItemKind::Enum(data) => {
                data.variants.iter().position(|variant| variant.name == name).map(|index| index as u32)
            }
            _ => None,
        }
    }

    /// `Message::Stop` for messages.
    pub fn variant_text(&self, adt: DefId, variant: u32) -> String {
        let name = self.variant_name(adt, variant).map_or("_", |name| self.program.name_text(adt, name));
        format!("{}::{name}", self.program.name(adt))
    }

    /// `function`, or `Type::method`, for messages.
    pub fn function_text(&self, function: DefId) -> String {
        match self.owner_of(function) {
            Some(owner) => format!("{}::{}", self.program.name(owner), self.program.name(function)),
            None => self.program.name(function).to_owned(),
        }
    }

    /// `Type::field` for messages; a tuple struct's is its index.
    pub fn field_text(&self, field: FieldRef) -> String {
        let name = self.field(field).map_or("_", |data| self.program.name_text(field.adt, data.name));
        match &self.program.item(field.adt).kind {
            ItemKind::Enum(data) => {
                let variant = data.variants.get(field.variant as usize).map(|variant| variant.name);
                let variant = variant.map_or("_", |variant| self.program.name_text(field.adt, variant));
                format!("{}::{variant}.{name}", self.program.name(field.adt))
            }
            _ => format!("{}::{name}", self.program.name(field.adt)),
        }
    }
}

impl BodyRef<'_> {
    /// Whether the body may mention an identifier: where it says no, it does not.
    pub fn mentions(self, name: Name) -> bool {
        self.ir.mentions.binary_search(&name).is_ok()
    }
}

impl<'a> Analysis<'a> {
    /// The function that a call or method call names.
    pub fn callee(&self, expr: ExprId) -> Option<DefId> {
        self.types.callee(self.body, expr)
    }

    /// The calls whose function is known, in order.
    pub fn calls(&self) -> impl Iterator<Item = (ExprId, DefId)> + '_ {
        self.calls.iter().copied()
    }

    /// An expression.
    pub fn expr(&self, expr: ExprId) -> &'a Expr {
        &self.body.expr(expr).kind
    }

    /// `true` or `false`, where an expression is one of them.
    pub fn literal_bool(&self, expr: ExprId) -> Option<bool> {
        match self.expr(expr) {
            Expr::Literal(Literal::Bool(value)) => Some(*value),
            _ => None,
        }
    }

    /// The arguments of a call, without a method's receiver.
    pub fn args(&self, call: ExprId) -> &'a [ExprId] {
        match self.expr(call) {
            Expr::Call { args, .. } => args,
            Expr::MethodCall(call) => &call.args,
            _ => &[],
        }
    }

    /// The receiver of a method call; the first argument of a call by path of a function that has `self`.
    pub fn receiver(&self, program: &Program<'_>, call: ExprId) -> Option<ExprId> {
        match self.expr(call) {
            Expr::MethodCall(call) => Some(call.receiver),
            Expr::Call { args, .. } => {
                let has_self = program.function(self.callee(call)?)?.self_param.is_some();
                args.first().copied().filter(|_| has_self)
            }
            _ => None,
        }
    }

    /// The short span that stands for a call: its path, or the method's name.
    pub fn call_span(&self, call: ExprId) -> Span {
        match self.expr(call) {
            Expr::Call { callee, .. } => self.body.expr(*callee).span,
            Expr::MethodCall(call) => call.method_span,
            Expr::Loop(data) => data.keyword,
            _ => self.body.expr(call).span,
        }
    }

    /// Where that is.
    pub fn call_loc(&self, call: ExprId) -> Loc {
        self.body.loc(self.call_span(call))
    }

    /// The expression behind references, parentheses and blocks without statements.
    pub fn peel(&self, expr: ExprId) -> ExprId {
        let mut at = expr;
        loop {
            match self.expr(at) {
                Expr::Ref { expr, .. } => at = *expr,
                Expr::Block(block) if block.stmts.is_empty() && !block.labelled => match block.tail {
                    Some(tail) => at = tail,
                    None => return at,
                },
                _ => return at,
            }
        }
    }

    /// The value that a path names.
    pub fn value(&self, expr: ExprId) -> Option<ValueRef> {
        self.types.values.get(&expr).copied()
    }

    /// The initialiser of a local that is bound by a plain `let` and never assigned again.
    pub fn initializer(&self, local: LocalId) -> Option<ExprId> {
        let init = self.declared_as(local);
        let reassigned = self
            .tree
            .uses(local)
            .iter()
            .any(|used| matches!(self.tree.parent(*used), crate::model::Parent::AssignTarget(_)));
        init.filter(|_| !reassigned)
    }

    /// The initialiser of the `let` that binds a local by a plain name, whatever it is assigned later.
    pub fn declared_as(&self, local: LocalId) -> Option<ExprId> {
        let crate::model::PatParent::Let(block, index) = self.tree.pat_parent(self.tree.binding(local)?) else {
            return None;
        };
        let Expr::Block(block) = self.expr(block) else { return None };
        match block.stmts.get(index as usize)? {
            Stmt::Let { init, .. } => *init,
            Stmt::Expr { .. } => None,
        }
    }

    /// The expression that the pattern around a local takes its value from: what a `let` or `if let` binds, what a `match` or
    /// `for` looks at.
    pub fn bound_from(&self, local: LocalId) -> Option<ExprId> {
        use crate::model::PatParent;
        let mut pat = self.tree.binding(local)?;
        loop {
            match self.tree.pat_parent(pat) {
                PatParent::Pat(outer) => pat = outer,
                PatParent::Let(block, index) => {
                    let Expr::Block(block) = self.expr(block) else { return None };
                    let Stmt::Let { init, .. } = block.stmts.get(index as usize)? else { return None };
                    return *init;
                }
                PatParent::LetExpr(up) => {
                    let Expr::Let { expr, .. } = self.expr(up) else { return None };
                    return Some(*expr);
                }
                PatParent::Arm(up, _) => {
                    let Expr::Match { scrutinee, .. } = self.expr(up) else { return None };
                    return Some(*scrutinee);
                }
                PatParent::For(up) => {
                    let Expr::Loop(data) = self.expr(up) else { return None };
                    return match data.kind {
                        crate::syntax::ir::LoopKind::For { iter, .. } => Some(iter),
                        _ => None,
                    };
                }
                PatParent::Param(_) | PatParent::ClosureParam(..) => return None,
            }
        }
    }

    /// The element of a tuple literal that a `let` takes apart again: `y` for `b` in `let (a, b) = (x, y);`.
    pub fn tuple_element(&self, pat: PatId) -> Option<ExprId> {
        use crate::model::PatParent;
        let PatParent::Pat(tuple) = self.tree.pat_parent(pat) else { return None };
        let Pat::Tuple(pats) = &self.body.pat(tuple).kind else { return None };
        let PatParent::Let(block, index) = self.tree.pat_parent(tuple) else { return None };
        let Expr::Block(block) = self.expr(block) else { return None };
        let Stmt::Let { init: Some(init), .. } = block.stmts.get(index as usize)? else { return None };
        let Expr::Tuple(parts) = self.expr(*init) else { return None };
        let plain = pats.iter().all(|pat| !matches!(self.body.pat(*pat).kind, Pat::Rest));
        let index = pats.iter().position(|own| *own == pat).filter(|_| plain)?;
        parts.get(index).copied()
    }

    /// An expression and all that stands inside it, closures too, the last first.
    pub fn parts(&self, expr: ExprId) -> impl Iterator<Item = ExprId> + '_ {
        // What stands inside was lowered just before it, so it ends where something outside begins.
        let area = self.body.expr(expr).span;
        (0..=expr.0).rev().map(ExprId).take_while(move |part| area.contains(self.body.expr(*part).span))
    }

    /// The statement around an expression.
    pub fn statement(&self, expr: ExprId) -> Span {
        let mut at = expr;
        loop {
            match self.tree.parent(at) {
                crate::model::Parent::Stmt(block, index) | crate::model::Parent::LetInit(block, index) => {
                    let Expr::Block(block) = self.expr(block) else { break };
                    return match block.stmts.get(index as usize) {
                        Some(Stmt::Let { span, .. } | Stmt::Expr { span, .. }) => *span,
                        None => self.body.expr(at).span,
                    };
                }
                crate::model::Parent::BlockTail(_) | crate::model::Parent::Root => break,
                parent => match parent.expr() {
                    Some(up) => at = up,
                    None => break,
                },
            }
        }
        self.body.expr(at).span
    }
}
