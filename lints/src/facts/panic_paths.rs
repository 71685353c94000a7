//! The way from a call to a panic: in the function that it runs, or in one that this calls in its turn.
//!
//! What a function may panic of is asked once, whoever calls it. Only what outsiders cause counts (see [`super::panics`]), and
//! a check of what a caller passes only where the documentation says so: deeper down it is the program's own logic.

use super::context::{Analysis, Context};
use super::effects::word;
use super::panics::{PanicCause, PanicSite};
use super::writes::State;
use crate::model::{BodyId, DefId};
use crate::syntax::ir::ExprId;
use rustc_hash::FxHashMap;

/// How many functions deep a panic is looked for.
const DEPTH: u32 = 3;
/// Longer functions are not looked into.
const MAX_EXPRS: usize = 2_000;

/// One call on the way to a panic.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PanicStep {
    /// The body that calls.
    pub body: BodyId,
    /// The call.
    pub call: ExprId,
    /// The function that runs.
    pub callee: DefId,
}

/// A panic with the calls that lead to it, the outermost first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PanicPath {
    /// The calls.
    pub steps: Vec<PanicStep>,
    /// The panic.
    pub site: PanicSite,
}

/// Looks for panics in functions, and remembers what was found.
#[derive(Debug)]
pub struct PanicSearch<'c, 'a> {
    cx: &'c Context<'a>,
    known: FxHashMap<(DefId, u32), Option<PanicPath>>,
}

impl<'c, 'a> PanicSearch<'c, 'a> {
    /// A search that knows nothing yet.
    pub fn new(cx: &'c Context<'a>) -> PanicSearch<'c, 'a> {
        PanicSearch { cx, known: FxHashMap::default() }
    }

    /// The first panic in the function that a call runs, or in what that calls. Of a trait's method the implementations in
    /// the crate are looked at.
    pub fn in_callee(&mut self, analysis: &Analysis<'a>, call: ExprId, held: Option<&State>) -> Option<PanicPath> {
        let given: Vec<Option<u32>> = held.map(|held| self.cx.given_any(analysis, held, call)).unwrap_or_default();
        for callee in self.candidates(analysis, call) {
            let step = PanicStep { body: analysis.body.id, call, callee };
            let own =
                self.called_argument(analysis, step, &given).or_else(|| self.own_panic(callee, step.body, &given));
            if let Some(site) = own.filter(|site| self.is_reached(analysis, call, site)) {
                return Some(PanicPath { steps: vec![step], site });
            }
            if let Some(path) = self.below(callee, DEPTH - 1).filter(|path| self.is_reached(analysis, call, &path.site))
            {
                let steps = std::iter::once(step).chain(path.steps).collect();
                return Some(PanicPath { steps, site: path.site });
            }
        }
        None
    }

    fn candidates(&self, analysis: &Analysis<'_>, call: ExprId) -> Vec<DefId> {
        let program = self.cx.program;
        let Some(callee) = analysis.callee(call).filter(|callee| program.is_user(*callee)) else { return Vec::new() };
        let candidates = match program.body_of(callee) {
            Some(_) => vec![callee],
            None => program.implementors(callee),
        };
        candidates.into_iter().filter(|def| program.is_analysed(*def)).collect()
    }

    /// A callback that the callee is handed and calls.
    fn called_argument(&self, analysis: &Analysis<'_>, step: PanicStep, given: &[Option<u32>]) -> Option<PanicSite> {
        let body = self.cx.program.body_of(step.callee)?;
        let inner = self.cx.analysis(body);
        self.exprs_run(inner).find_map(|expr| {
            let param = self.cx.called_param(inner, expr)?;
            let foreign =
                !self.cx.is_given_on(inner, expr, given) && self.cx.is_foreign_argument(analysis, step.call, param);
            foreign.then_some(PanicSite { body, expr, cause: PanicCause::Callback })
        })
    }

    /// The first panic in a function's own body that counts for its callers.
    fn own_panic(&self, function: DefId, caller: BodyId, given: &[Option<u32>]) -> Option<PanicSite> {
        let cx = self.cx;
        let body = cx.program.body_of(function)?;
        let inner = cx.analysis(body);
        let caller = cx.program.body(caller).owner;
        let documented = || cx.documents_panics(function) || cx.documents_panics(caller);
        self.exprs_run(inner).find_map(|expr| {
            if cx.called_param(inner, expr).is_some() {
                return None;
            }
            let site = cx.panic_at(inner, expr, None)?;
            let counts = match site.cause {
                PanicCause::Explicit => documented() && cx.condition_depends_on_params(inner, expr),
                PanicCause::Assert => documented(),
                PanicCause::Callback => !cx.is_given_on(inner, expr, given),
                PanicCause::Argument => false,
                PanicCause::Failure | PanicCause::Text | PanicCause::Spawn => true,
            };
            counts.then_some(site)
        })
    }

    /// The nearest panic in what a function calls.
    fn below(&mut self, function: DefId, depth: u32) -> Option<PanicPath> {
        if depth == 0 {
            return None;
        }
        if let Some(known) = self.known.get(&(function, depth)) {
            return known.clone();
        }
        // A function that calls itself has nothing new to say.
        self.known.insert((function, depth), None);
        let found = self.look_below(function, depth);
        self.known.insert((function, depth), found.clone());
        found
    }

    fn look_below(&mut self, function: DefId, depth: u32) -> Option<PanicPath> {
        let body = self.cx.program.body_of(function)?;
        let inner = self.cx.analysis(body);
        let calls: Vec<ExprId> = self.exprs_run(inner).collect();
        let mut deeper = None;
        for call in calls {
            for callee in self.candidates(inner, call) {
                let step = PanicStep { body, call, callee };
                let own = self.own_panic(callee, body, &[]).filter(|site| is_grave(site.cause));
                if let Some(site) = own.filter(|site| self.is_reached(inner, call, site)) {
                    return Some(PanicPath { steps: vec![step], site });
                }
                if deeper.is_none()
                    && let Some(path) = self.below(callee, depth - 1)
                    && self.is_reached(inner, call, &path.site)
                {
                    let steps = std::iter::once(step).chain(path.steps).collect();
                    deeper = Some(PanicPath { steps, site: path.site });
                }
            }
        }
        deeper
    }

    /// Whether a panic on a text that is given can happen here: not where the caller hands over constants only.
    fn is_reached(&self, analysis: &Analysis<'_>, call: ExprId, site: &PanicSite) -> bool {
        site.cause != PanicCause::Text || analysis.args(call).iter().any(|arg| !self.cx.is_constant(analysis, *arg))
    }

    /// The expressions that run when a function is called: those of closures too that a call runs before it returns.
    fn exprs_run<'i>(&self, analysis: &'i Analysis<'_>) -> impl Iterator<Item = ExprId> + use<'i, 'c, 'a> {
        let cx = self.cx;
        let count = Some(analysis.body.ir.exprs.len()).filter(|count| *count <= MAX_EXPRS).unwrap_or(0);
        (0..count as u32).map(ExprId).filter(move |expr| cx.runs_at_once(analysis, *expr))
    }
}

/// Whether a panic of this kind is worth a look more than one function deep.
fn is_grave(cause: PanicCause) -> bool {
    matches!(cause, PanicCause::Failure | PanicCause::Callback)
}

impl Context<'_> {
    /// Whether an expression runs with the body it stands in: outside closures, or in one that a call of the catalogue runs
    /// before it returns.
    fn runs_at_once(&self, analysis: &Analysis<'_>, expr: ExprId) -> bool {
        let mut at = expr;
        while let Some(closure) = analysis.tree.enclosing_closure(analysis.body, at) {
            let crate::model::Parent::Arg(call, _) = analysis.tree.parent(closure) else { return false };
            let Some(callee) = analysis.callee(call).filter(|callee| !self.program.is_user(*callee)) else {
                return false;
            };
            // What runs once has mostly run before.
            let receiver = analysis.receiver(self.program, call);
            let is_once = |receiver| self.roles().says(&self.roles().pointee(analysis.types.ty(receiver)), word::ONCE);
            if receiver.is_some_and(is_once) || !self.closures_run_by(analysis, call, callee).contains(&closure) {
                return false;
            }
            at = closure;
        }
        true
    }
}
