//! What a thread does last that somebody else can wait for, and who waits for it: a condition variable that it notifies, a
//! flag or count that it changes, a message that it sends.
//!
//! A wait that only says "the thread is up" is none: only what stands at the very end of the thread's code counts, followed
//! into the functions of the user's that it ends with. A wait of the thread's own code is none either.

use super::awaited::{Completion, Patience};
use super::context::{Analysis, Context};
use super::effects::word;
use super::place::Place;
use super::shares::{fields_filled, other_ends};
use crate::model::{BodyId, DefId, FieldRef, Ty};
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId, ItemKind, LocalId, LoopKind, Pat, Stmt};
use rustc_hash::{FxHashMap, FxHashSet};

/// How many calls deep the end of a thread, and the code that it runs, is followed.
const DEPTH: u32 = 3;

/// What a thread can do at its end for others to see.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Act {
    /// It wakes waiters of a condition variable.
    Notifies,
    /// It sets a flag or changes a count.
    Changes,
    /// It sends a message.
    Sends,
}

/// The places that the parameters of a called function stand for.
type Params = FxHashMap<LocalId, Place>;

impl Context<'_> {
    /// Who waits for the last thing that the thread of a spawn does, if somebody does.
    pub(super) fn last_act_awaited(&self, body: BodyId, call: ExprId, patience: Patience) -> Option<Completion> {
        let spawn = self.spawns().at(body, call)?;
        let (code, root) = spawn.entry.code(self)?;
        let acts = self.last_acts(self.analysis(code), &Params::default(), root, DEPTH);
        if acts.is_empty() {
            return None;
        }
        let started = (body, self.analysis(body).body.expr(call).span.end);
        let mut thread = ThreadCode { root: (code, root), started, functions: FxHashSet::default() };
        self.collect_called(code, root, DEPTH, &mut thread.functions);
        acts.into_iter().find_map(|(act, place)| {
            let places = self.seen_as(body, call, act, place);
            self.waiter(act, &places, &thread, patience)
        })
    }

    /// The acts at the end of an expression, on every way to it; a wake-up counts that depends on a condition.
    fn last_acts(&self, analysis: &Analysis<'_>, params: &Params, expr: ExprId, depth: u32) -> Vec<(Act, Place)> {
        let go = |inner: ExprId| self.last_acts(analysis, params, inner, depth);
        match analysis.expr(expr) {
            Expr::Block(block) => {
                let statements = block.stmts.iter().map(|stmt| match stmt {
                    Stmt::Let { init, .. } => *init,
                    Stmt::Expr { expr, .. } => Some(*expr),
                });
                let mut acts = Vec::new();
                for part in statements.chain([block.tail]).flatten().collect::<Vec<_>>().into_iter().rev() {
                    let own = go(part);
                    let is_aside = self.is_aside(analysis, part);
                    let ends = own.is_empty() && !is_aside;
                    acts.extend(own);
                    if ends {
                        break;
                    }
                }
                acts
            }
            Expr::If { cond, then, els } => {
                let mut acts = go(*cond);
                let then = go(*then);
                match els {
                    Some(els) => acts.extend(in_both(then, &go(*els))),
                    None => acts.extend(then.into_iter().filter(|(act, _)| *act == Act::Notifies)),
                }
                acts
            }
            Expr::Match { scrutinee, arms } => {
                let mut acts = go(*scrutinee);
                let mut branches = arms.iter().map(|arm| go(arm.body));
                let first = branches.next().unwrap_or_default();
                acts.extend(branches.fold(first, |all, next| in_both(all, &next)));
                acts
            }
            Expr::Let { expr, .. }
            | Expr::Try(expr)
            | Expr::Not(expr)
            | Expr::Ref { expr, .. }
            | Expr::Return(Some(expr)) => go(*expr),
            Expr::Assign { value, .. } => go(*value),
            Expr::Call { args, .. } => {
                let mut acts: Vec<(Act, Place)> = args.iter().flat_map(|arg| go(*arg)).collect();
                acts.extend(self.acts_of_call(analysis, params, expr, depth));
                acts
            }
            Expr::MethodCall(call) => {
                let mut acts = go(call.receiver);
                acts.extend(call.args.iter().flat_map(|arg| go(*arg)));
                acts.extend(self.acts_of_call(analysis, params, expr, depth));
                acts
            }
            _ => Vec::new(),
        }
    }

    /// Whether a statement at the end of a thread changes nothing for those who wait: a log line, an assignment, the end of a
    /// guard.
    fn is_aside(&self, analysis: &Analysis<'_>, expr: ExprId) -> bool {
        match analysis.expr(expr) {
            Expr::Macro(_) | Expr::Assign { .. } => true,
            Expr::Call { .. } => analysis.callee(expr).is_some_and(|callee| self.effects(callee).has(word::DROPS)),
            _ => false,
        }
    }

    fn acts_of_call(&self, analysis: &Analysis<'_>, params: &Params, call: ExprId, depth: u32) -> Vec<(Act, Place)> {
        let Some(callee) = analysis.callee(call) else { return Vec::new() };
        if self.program.is_user(callee) {
            let body = self.program.body_of(callee).filter(|_| depth > 0);
            let Some(inner) = body.map(|body| self.analysis(body)) else { return Vec::new() };
            let given = self.given(analysis, params, call, callee, inner);
            return self.last_acts(inner, &given, inner.body.ir.root, depth - 1);
        }
        let effects = self.effects(callee);
        let act = if effects.has(word::NOTIFIES) {
            Act::Notifies
        } else if effects.has(word::FLAG_STORE) || effects.has(word::FLAG_UPDATE) || effects.has(word::FLAG_CANCEL) {
            Act::Changes
        } else if effects.has(word::SENDS) {
            Act::Sends
        } else {
            return Vec::new();
        };
        let object = analysis.receiver(self.program, call).or_else(|| analysis.args(call).first().copied());
        let place = object.and_then(|object| self.place_given(analysis, params, object));
        place.into_iter().map(|place| (act, place)).collect()
    }

    /// The places that a call gives to the parameters of its function.
    fn given(
        &self,
        analysis: &Analysis<'_>,
        params: &Params,
        call: ExprId,
        callee: DefId,
        inner: &Analysis<'_>,
    ) -> Params {
        let mut given = Params::default();
        let by_path = matches!(analysis.expr(call), Expr::Call { .. });
        let has_self = self.program.function(callee).is_some_and(|function| function.self_param.is_some());
        if let (Some(own), Some(receiver)) = (inner.body.ir.self_local, analysis.receiver(self.program, call))
            && let Some(place) = self.place_given(analysis, params, receiver)
        {
            given.insert(own, place);
        }
        let args = analysis.args(call).iter().skip(usize::from(by_path && has_self));
        for (pat, arg) in inner.body.ir.params.iter().zip(args) {
            if let Pat::Bind { local, .. } = inner.body.pat(*pat).kind
                && let Some(place) = self.place_given(analysis, params, *arg)
            {
                given.insert(local, place);
            }
        }
        given
    }

    fn place_given(&self, analysis: &Analysis<'_>, params: &Params, expr: ExprId) -> Option<Place> {
        let place = self.object(analysis, expr)?;
        match place {
            Place::Local(_, local) => Some(params.get(&local).copied().unwrap_or(place)),
            _ => Some(place),
        }
    }

    /// How those outside of the thread see a place of its own: the fields that the starting function fills with it, for a
    /// sender the other end.
    fn seen_as(&self, body: BodyId, spawn: ExprId, act: Act, place: Place) -> Vec<Place> {
        let analysis = self.analysis(body);
        let local = match place {
            Place::Local(own, local) if own == body => local,
            Place::Local(..) => return Vec::new(),
            // uvth's workers send on a field of their own; `ThreadPool` receives from the other end.
            Place::Field(field) if act == Act::Sends => {
                let sent = self.field_type(field).and_then(|ty| self.message(ty));
                return sent.map_or(Vec::new(), |sent| self.receivers_of(&sent));
            }
            Place::Field(_) | Place::Static(_) => return vec![place],
        };
        let ends = match act {
            Act::Sends => other_ends(analysis, local),
            Act::Notifies | Act::Changes => vec![local],
        };
        let fields = ends.iter().flat_map(|end| fields_filled(self, analysis, *end, spawn)).map(Place::Field);
        let mut places: Vec<Place> = fields.collect();
        // What the starting function itself receives is looked for there, after the spawn.
        if act != Act::Sends {
            places.push(place);
        }
        places
    }

    /// The fields that hold a receiver of messages of a type.
    fn receivers_of(&self, message: &Ty) -> Vec<Place> {
        let structs =
            self.program.user_defs().filter(|def| matches!(self.program.item(*def).kind, ItemKind::Struct(_)));
        let fields = structs.flat_map(|adt| {
            let types = self.program.field_types(adt, 0).iter().enumerate();
            let receives = types.filter(|(_, ty)| {
                self.roles().says(&self.roles().pointee(ty), word::RECEIVER)
                    && self.message(ty).as_ref() == Some(message)
            });
            receives.map(|(index, _)| FieldRef { adt, variant: 0, index: index as u32 }).collect::<Vec<_>>()
        });
        fields.map(Place::Field).collect()
    }

    /// Somebody outside of the thread's code who waits for an act on one of the places.
    fn waiter(&self, act: Act, places: &[Place], thread: &ThreadCode, patience: Patience) -> Option<Completion> {
        let fields = |place: &Place| match place {
            Place::Field(field) => self.field(*field).map(|data| data.name),
            Place::Static(def) => Some(self.program.item(*def).name),
            Place::Local(..) => None,
        };
        let mut names: Vec<Name> = places.iter().filter_map(fields).collect();
        names.sort_unstable();
        names.dedup();
        let local = places.iter().find_map(|place| match place {
            Place::Local(body, _) => Some(*body),
            _ => None,
        });
        let named = self.heads_with(&names, false).map(|body| body.id);
        local.into_iter().chain(named).find_map(|body| {
            if thread.functions.contains(&body) {
                return None;
            }
            let analysis = self.analysis(body);
            (0..analysis.body.ir.exprs.len() as u32).map(ExprId).find_map(|expr| {
                let waits = self.waits_for(analysis, expr, act, places, patience)
                    && !(body == thread.root.0 && analysis.tree.is_inside(expr, thread.root.1))
                    // log4rs's roller waits for the thread of the roll before, and nobody for the last one.
                    && !(body == thread.started.0 && analysis.body.expr(expr).span.end <= thread.started.1);
                waits.then(|| Completion::Signal(analysis.call_loc(expr)))
            })
        })
    }

    fn waits_for(&self, analysis: &Analysis<'_>, expr: ExprId, act: Act, places: &[Place], patience: Patience) -> bool {
        let on = |object: Option<ExprId>| {
            object.and_then(|object| self.object(analysis, object)).is_some_and(|place| places.contains(&place))
        };
        if let Expr::Loop(data) = analysis.expr(expr) {
            let LoopKind::While(cond) = data.kind else { return false };
            let tests = || {
                analysis.parts(cond).any(|part| {
                    let loads = analysis.callee(part).is_some_and(|callee| self.effects(callee).has(word::FLAG_LOAD));
                    loads && on(analysis.receiver(self.program, part))
                })
            };
            return act == Act::Changes && self.only_waits(analysis, data.body) && tests();
        }
        let Some(callee) = analysis.callee(expr) else { return false };
        let effects = self.effects(callee);
        match act {
            Act::Notifies => {
                let object = analysis.receiver(self.program, expr).or_else(|| analysis.args(expr).first().copied());
                patience.accepts(effects, word::WAITS) && on(object)
            }
            Act::Sends => {
                patience.accepts(effects, word::RECEIVES)
                    && !effects.has(word::EACH_STEP)
                    && on(analysis.receiver(self.program, expr))
            }
            Act::Changes => false,
        }
    }

    /// Whether the body of a loop does nothing but let time go by.
    pub(super) fn only_waits(&self, analysis: &Analysis<'_>, body: ExprId) -> bool {
        analysis.parts(body).all(|part| match analysis.callee(part) {
            Some(callee) => {
                let effects = self.effects(callee);
                !self.program.is_user(callee) && !effects.has(word::RECEIVES) && !effects.has(word::SENDS)
            }
            None => !matches!(analysis.expr(part), Expr::Loop(_) | Expr::Await(_)),
        })
    }

    /// The bodies that code calls.
    pub(super) fn collect_called(&self, body: BodyId, root: ExprId, depth: u32, found: &mut FxHashSet<BodyId>) {
        let analysis = self.analysis(body);
        for part in analysis.parts(root) {
            if let Some(callee) = analysis.callee(part).filter(|callee| self.program.is_user(*callee))
                && let Some(inner) = self.program.body_of(callee)
                && found.insert(inner)
                && depth > 0
            {
                self.collect_called(inner, self.program.body(inner).ir.root, depth - 1, found);
            }
        }
    }
}

/// The code that runs on a thread.
struct ThreadCode {
    root: (BodyId, ExprId),
    /// The body that starts it, and the byte where the call that does so ends.
    started: (BodyId, u32),
    functions: FxHashSet<BodyId>,
}

fn in_both(left: Vec<(Act, Place)>, right: &[(Act, Place)]) -> Vec<(Act, Place)> {
    left.into_iter().filter(|act| right.contains(act)).collect()
}
