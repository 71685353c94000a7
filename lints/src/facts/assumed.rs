//! What must be so where a guard is held: the answers without which the function would not have come to the lock.
//!
//! `if self.shared { self.table.lock() }` and, in a function that is called under it, `if !self.shared { self.table.lock() }`
//! never meet. Asked are fields and statics that are truths by themselves, or flags; that something changes them between is
//! not looked for, so an answer only ever rules out.

use super::context::{Analysis, Context};
use super::effects::word;
use super::given::{Answers, Given};
use super::guards::Guard;
use super::lock_path::{LockPath, PathRoot};
use super::reach::Reached;
use crate::model::flow::{Action, EdgeKind, FlowRoot};
use crate::syntax::ir::{Expr, ExprId, Pat};

/// More questions than this are not looked at in one function.
const MAX_QUESTIONS: usize = 16;

impl Context<'_> {
    /// The answers that every way to a guard has given.
    pub(super) fn answers_before(&self, guard: &Guard) -> Answers {
        let (analysis, flow) = (self.analysis(guard.body), self.guard_flow(guard));
        let mut answers = Answers::new();
        let Some(start) = flow.node(guard.call) else { return answers };
        let questions = flow.nodes().filter_map(|(node, action)| {
            let Action::Branch(branch) = action else { return None };
            Some((node, self.question(analysis, branch)?))
        });
        for (node, (path, is_so)) in questions.take(MAX_QUESTIONS) {
            for (edge, truth) in [(EdgeKind::True, is_so), (EdgeKind::False, !is_so)] {
                let without = flow.reach(flow.entry(), |from, kind, _| from != node || kind != edge);
                if !without.contains(start.index()) {
                    answers.push((path.clone(), Given::Bool(truth)));
                }
            }
        }
        answers
    }

    /// Whether the answers rule out what happens at an expression of a body.
    pub(super) fn is_answered_otherwise(
        &self,
        analysis: &Analysis<'_>,
        answers: &Answers,
        at: ExprId,
        reached: &Reached,
    ) -> bool {
        let root = self.flow_root(analysis.body.id, at);
        if !self.ways_while(analysis.body.id, root, answers.clone()).lead_to(analysis.body.id, at) {
            return true;
        }
        let mut answers = answers.clone();
        for (index, step) in reached.chain.iter().enumerate() {
            let Some(body) = self.program.body_of(step.function) else { return false };
            answers = self.handed_down(&answers, self.analysis(step.body), step.call, self.analysis(body));
            if answers.is_empty() {
                return false;
            }
            let (home, at) = match reached.chain.get(index + 1) {
                Some(next) => (next.body, next.call),
                None => reached.act.site(self),
            };
            if !self.ways_while(body, FlowRoot::Body, answers.clone()).lead_to(home, at) {
                return true;
            }
        }
        false
    }

    /// What a function that is called knows of its own `self`, its parameters and the statics.
    fn handed_down(&self, answers: &Answers, analysis: &Analysis<'_>, call: ExprId, callee: &Analysis<'_>) -> Answers {
        let pats = callee.body.ir.params.iter().filter_map(|pat| match callee.body.pat(*pat).kind {
            Pat::Bind { local, sub: None } => Some(local),
            _ => None,
        });
        let locals = callee.body.ir.self_local.into_iter().chain(pats);
        let given = locals.filter_map(|local| {
            let operand = self.operand_of(analysis, call, callee, local)?;
            Some((PathRoot::Local(callee.body.id, local), self.lock_path(analysis, operand)?))
        });
        let mut down: Answers = answers.iter().filter(|(path, _)| path.is_static()).cloned().collect();
        for (root, operand) in given {
            let inside = answers.iter().filter_map(|(path, answer)| Some((path.seen_from(&operand, root)?, *answer)));
            down.extend(inside);
        }
        down
    }

    /// The field that a condition asks for, and whether it asks that it is set.
    fn question(&self, analysis: &Analysis<'_>, condition: ExprId) -> Option<(LockPath, bool)> {
        match analysis.expr(condition) {
            Expr::Not(inner) => self.question(analysis, *inner).map(|(path, is_so)| (path, !is_so)),
            Expr::Field { .. } => self.lock_path(analysis, condition).map(|path| (path, true)),
            Expr::MethodCall(call) => {
                let callee = analysis.callee(condition)?;
                let asks = self.effects(callee).has(word::FLAG_LOAD);
                asks.then(|| self.lock_path(analysis, call.receiver))?.map(|path| (path, true))
            }
            _ => None,
        }
    }
}
