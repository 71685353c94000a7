//! Whether two writes put one value into two places: a name in the one map and in the other, an object in a list and its
//! key in an index.
//!
//! The value has to go in as it is, copied, in a part or wrapped up. What functions of the user's make of it is a value
//! of its own, and so is what they merely need to work: persy's `append(&record, allocator)` and `free(page, allocator)`
//! are no halves of anything. A function that is given the state counts for the writes in it that take in what it is
//! passed.

use super::context::{Analysis, Context};
use super::guards::param_index;
use super::origins::origin;
use super::writes::{State, Write, WriteKind};
use crate::model::{DefId, FieldRef, Ty};
use crate::syntax::ir::{Expr, ExprId, LocalId};

/// How many functions deep the writes behind a call are looked for.
const CALL_DEPTH: u32 = 2;
/// How many locals a value is followed through.
const MAX_LOCALS: usize = 24;

/// One value that goes into one place.
struct Entered {
    place: Option<FieldRef>,
    removes: bool,
    values: Vec<LocalId>,
}

impl Context<'_> {
    /// Whether two writes put one value into two places, or take it out of both.
    pub(super) fn are_of_one_value(&self, analysis: &Analysis<'_>, state: &State, first: &Write, last: &Write) -> bool {
        let firsts = self.entered(analysis, state, first, CALL_DEPTH);
        let lasts = self.entered(analysis, state, last, CALL_DEPTH);
        let is_tool = |local: &LocalId| {
            let is_state = analysis.tree.uses(*local).first();
            matches!(analysis.types.local(*local), Ty::Ref(true, _))
                || analysis.body.ir.self_local == Some(*local)
                || is_state.is_some_and(|used| self.leads_into(analysis, state, *used).is_some())
        };
        firsts.iter().any(|one| {
            let mut others = lasts.iter().filter(|other| other.place != one.place && other.removes == one.removes);
            others.any(|other| one.values.iter().any(|local| other.values.contains(local) && !is_tool(local)))
        })
    }

    /// What a write puts in and where; what it takes out by its name.
    fn entered(&self, analysis: &Analysis<'_>, state: &State, write: &Write, depth: u32) -> Vec<Entered> {
        let values = match (write.kind, analysis.expr(write.expr)) {
            (WriteKind::Call(callee), _) => return self.entered_inside(analysis, state, write, callee, depth),
            (WriteKind::Count | WriteKind::Clear, _) => return Vec::new(),
            (WriteKind::Assign, Expr::Assign { value, .. }) => self.whole_values(analysis, &[*value]),
            _ => self.whole_values(analysis, analysis.args(write.expr)),
        };
        let target = match analysis.expr(write.expr) {
            Expr::Assign { target, .. } => Some(*target),
            Expr::MethodCall(call) => Some(call.receiver),
            _ => None,
        };
        let place = target.and_then(|target| field_of(analysis, target)).or(write.field);
        vec![Entered { place, removes: write.kind == WriteKind::Take, values }]
    }

    /// What a function of the user's does with what it is passed.
    fn entered_inside(
        &self,
        analysis: &Analysis<'_>,
        state: &State,
        write: &Write,
        callee: DefId,
        depth: u32,
    ) -> Vec<Entered> {
        let inner = || {
            let (param, _) = self.given_state(analysis, state, write.expr, callee).next()?;
            let inner = self.analysis(self.program.body_of(callee)?);
            Some((inner, State::of_param(inner, param)?))
        };
        let Some((inner, inner_state)) = inner().filter(|_| depth > 0) else { return Vec::new() };
        let by_path = matches!(analysis.expr(write.expr), Expr::Call { .. });
        let has_self = inner.body.ir.self_local.is_some();
        let shift = usize::from(by_path && has_self);
        let passed = |local: LocalId| -> Vec<LocalId> {
            let arg = param_index(inner, local).and_then(|index| analysis.args(write.expr).get(index as usize + shift));
            arg.map(|arg| self.whole_values(analysis, &[*arg])).unwrap_or_default()
        };
        let mut found = Vec::new();
        for own in self.writes(inner, &inner_state) {
            for entered in self.entered(inner, &inner_state, &own, depth - 1) {
                let values: Vec<LocalId> = entered.values.into_iter().flat_map(passed).collect();
                if !values.is_empty() {
                    found.push(Entered { place: entered.place.or(write.field), values, ..entered });
                }
            }
        }
        found
    }

    /// The locals that go into a value as they are, copied, in a part or wrapped up.
    fn whole_values(&self, analysis: &Analysis<'_>, exprs: &[ExprId]) -> Vec<LocalId> {
        let mut found: Vec<LocalId> = Vec::new();
        let mut open = exprs.to_vec();
        while let Some(expr) = open.pop() {
            match analysis.expr(expr) {
                Expr::Local(local) if !found.contains(local) && found.len() < MAX_LOCALS => {
                    found.push(*local);
                    open.extend(origin(analysis, *local));
                    open.extend(super::origins::put_into(self, analysis, *local));
                }
                Expr::Field { base: inner, .. }
                | Expr::Index { base: inner, .. }
                | Expr::Deref(inner)
                | Expr::Ref { expr: inner, .. }
                | Expr::Cast { expr: inner, .. } => open.push(*inner),
                Expr::Call { args, .. } if self.wraps(analysis, expr) => open.extend(args.iter().copied()),
                // `name.clone()`, `record.id()`
                Expr::MethodCall(call) if call.args.is_empty() => open.push(call.receiver),
                Expr::Struct(data) => open.extend(data.fields.iter().map(|(_, _, value)| *value)),
                Expr::Tuple(parts) | Expr::Array(parts) => open.extend(parts.iter().copied()),
                Expr::Macro(call) => open.extend(call.args.iter().copied()),
                Expr::Block(block) => open.extend(block.tail),
                _ => {}
            }
        }
        found
    }

    /// Whether a call makes a value of its arguments: a constructor, a function of a library, or one that makes the type it
    /// belongs to.
    fn wraps(&self, analysis: &Analysis<'_>, call: ExprId) -> bool {
        let Some(callee) = analysis.callee(call).filter(|callee| self.program.is_user(*callee)) else { return true };
        let made = self.program.signature(callee).and_then(|signature| signature.ret.adt());
        let of_type = self.program.def(callee).parent.and_then(|block| self.program.impl_header(block)?.self_ty.adt());
        made.is_some() && made == of_type
    }
}

/// The innermost field that a place is, or is an element of.
pub(super) fn field_of(analysis: &Analysis<'_>, place: ExprId) -> Option<FieldRef> {
    let mut at = place;
    loop {
        at = match analysis.expr(at) {
            Expr::Field { .. } => return analysis.types.fields.get(&at).map(|(field, _)| *field),
            Expr::Index { base: inner, .. } | Expr::Deref(inner) | Expr::Try(inner) | Expr::Ref { expr: inner, .. } => {
                *inner
            }
            Expr::MethodCall(call) => call.receiver,
            _ => return None,
        };
    }
}
