//! Patterns: what fits, what is bound, and what a value must have been where one did not fit.

use super::Exec;
use super::idle::Asked;
use super::value::{Env, Value, Var, join};
use crate::facts::context::Analysis;
use crate::syntax::ir::{Arm, Expr, ExprId, Literal, Pat, PatId};

impl<'a> Exec<'_, 'a> {
    /// The states in which a pattern fits a value and does not. In both, what the operand's local was is known better.
    pub(super) fn pattern_condition(
        &mut self,
        analysis: &Analysis<'a>,
        operand: ExprId,
        pat: PatId,
        value: &Value,
    ) -> (Option<Env>, Option<Env>) {
        let fits = self.fits(analysis, pat, value);
        let kept = self.state.clone();
        if fits != Some(true) {
            let left = self.left_over(analysis, pat, value);
            self.learn(analysis, operand, value, left);
        }
        let no = std::mem::replace(&mut self.state, kept).filter(|_| fits != Some(true));
        if fits == Some(false) {
            self.state = None;
        }
        let fitting = self.narrowed(analysis, pat, value);
        self.learn(analysis, operand, value, fitting.clone());
        self.bind(analysis, pat, &fitting);
        (self.state.take(), no)
    }

    /// A local that was matched is known to be one of fewer values.
    fn learn(&mut self, analysis: &Analysis<'a>, operand: ExprId, before: &Value, now: Value) {
        if let Expr::Local(local) = analysis.expr(analysis.peel(operand))
            && now != Value::Any
            && now != *before
            && self.read(Var::Local(analysis.body.id, *local)) == *before
        {
            self.write(analysis.body.id, *local, now);
        }
    }

    pub(super) fn arms(
        &mut self,
        analysis: &Analysis<'a>,
        scrutinee: ExprId,
        value: Value,
        arms: &[Arm],
        asked: Asked,
    ) -> Value {
        let body = analysis.body.id;
        let mut fork = self.fork(asked, matches!(value, Value::Any | Value::OneOf(_)));
        let mut value = value;
        let mut waiting = self.state.take();
        let mut after: Option<Env> = None;
        let mut result: Option<Value> = None;
        for arm in arms {
            if waiting.is_none() {
                break;
            }
            let fits = self.fits(analysis, arm.pat, &value);
            if fits == Some(false) || self.is_spurious(analysis, scrutinee, arm.pat) {
                continue;
            }
            self.state = waiting.clone();
            self.gives_answer(analysis, arm.pat, asked);
            let fitting = self.narrowed(analysis, arm.pat, &value);
            self.learn(analysis, scrutinee, &value, fitting.clone());
            self.bind(analysis, arm.pat, &fitting);
            let mut falls = fits != Some(true);
            let mut refused = None;
            if let Some(guard) = arm.guard {
                let (yes, no) = self.condition(body, guard);
                self.state = yes;
                refused = no;
                falls |= refused.is_some();
            }
            let arm_value = self.eval(body, arm.body);
            self.came_back(&mut fork, analysis, arm.body);
            if self.reached() {
                result = Some(match result {
                    Some(known) => known.or(arm_value),
                    None => arm_value,
                });
            }
            after = join(after, self.state.take());
            if arm.guard.is_none() {
                value = self.left_over(analysis, arm.pat, &value);
            }
            waiting = match (falls, fits == Some(true)) {
                (true, true) => refused,
                (true, false) => waiting,
                (false, _) => None,
            };
        }
        self.state = after.filter(|_| !fork.is_stuck);
        result.unwrap_or(Value::Any)
    }

    /// What a value can still be where a pattern fits.
    pub(super) fn narrowed(&self, analysis: &Analysis<'a>, pat: PatId, value: &Value) -> Value {
        match value {
            Value::OneOf(_) => value.only(|one| self.fits(analysis, pat, one) != Some(false)),
            known => known.clone(),
        }
    }

    /// What a value can still be where a pattern does not fit.
    fn left_over(&self, analysis: &Analysis<'a>, pat: PatId, value: &Value) -> Value {
        match value {
            Value::OneOf(_) => value.only(|one| self.fits(analysis, pat, one) != Some(true)),
            known => known.clone(),
        }
    }

    /// Whether a value fits a pattern, if that is known.
    pub(super) fn fits(&self, analysis: &Analysis<'a>, pat: PatId, value: &Value) -> Option<bool> {
        match &analysis.body.pat(pat).kind {
            Pat::Wild | Pat::Rest => Some(true),
            Pat::Bind { sub: None, .. } => Some(true),
            Pat::Bind { sub: Some(sub), .. } => self.fits(analysis, *sub, value),
            Pat::Ref(inner) => self.fits(analysis, *inner, value),
            Pat::Or(pats) => value.agree(|value| {
                let each: Vec<Option<bool>> = pats.iter().map(|pat| self.fits(analysis, *pat, value)).collect();
                if each.contains(&Some(true)) {
                    return Some(true);
                }
                each.iter().all(|fits| *fits == Some(false)).then_some(false)
            }),
            Pat::Tuple(_) | Pat::Slice(_) if self.has_refused_part(analysis, pat) => Some(false),
            Pat::Tuple(pats) => match value {
                Value::Tuple(parts) if parts.len() == pats.len() => {
                    let each: Vec<Option<bool>> =
                        pats.iter().zip(parts).map(|(pat, part)| self.fits(analysis, *pat, part)).collect();
                    if each.contains(&Some(false)) {
                        return Some(false);
                    }
                    each.iter().all(|fits| *fits == Some(true)).then_some(true)
                }
                _ => {
                    let all = pats.iter().all(|pat| self.fits(analysis, *pat, &Value::Any) == Some(true));
                    all.then_some(true)
                }
            },
            Pat::Literal(Literal::Bool(wanted)) => value.agree(|value| match value {
                Value::Bool(value) => Some(value == wanted),
                _ => None,
            }),
            Pat::Path(_) | Pat::TupleStruct { .. } | Pat::Struct { .. } => {
                if self.has_refused_part(analysis, pat) {
                    return Some(false);
                }
                let variant = *analysis.types.pat_variants.get(&pat)?;
                if self.refuse(variant, analysis.body.loc(analysis.body.pat(pat).span)) {
                    return Some(false);
                }
                value.agree(|value| self.fits_variant(analysis, pat, value))
            }
            Pat::Slice(_) | Pat::Literal(_) | Pat::Opaque => None,
        }
    }

    /// Whether a pattern inside asks for a variant that no value ever has: `Ok(Message::Stop)`.
    fn has_refused_part(&self, analysis: &Analysis<'a>, pat: PatId) -> bool {
        if self.world.unbuilt.is_empty() {
            return false;
        }
        // Of a value of which nothing is known, only a refusal is certain.
        let is_refused = |part: &PatId| self.fits(analysis, *part, &Value::Any) == Some(false);
        match &analysis.body.pat(pat).kind {
            Pat::TupleStruct { pats, .. } | Pat::Tuple(pats) | Pat::Slice(pats) => pats.iter().any(is_refused),
            Pat::Struct { fields, .. } => fields.iter().any(|(_, pat)| is_refused(pat)),
            _ => false,
        }
    }

    fn fits_variant(&self, analysis: &Analysis<'a>, pat: PatId, value: &Value) -> Option<bool> {
        let (def, variant) = *analysis.types.pat_variants.get(&pat)?;
        if let Value::Variant(own, index) = value {
            return match (*own == def, *index == variant) {
                (true, true) => self.takes_anything(analysis, pat).then_some(true),
                (true, false) => Some(false),
                _ => None,
            };
        }
        match (value, self.constructed(def, variant, &Value::Any)) {
            (Value::Good(payload), Value::Good(_)) | (Value::Err(payload), Value::Err(_)) => {
                self.fits_payload(analysis, pat, payload)
            }
            (Value::Good(_), Value::Err(_) | Value::None) => Some(false),
            (Value::Err(_) | Value::None, Value::Good(_)) => Some(false),
            (Value::None, Value::None) => Some(true),
            _ => None,
        }
    }

    /// Whether a payload fits the pattern inside `Ok(..)`, `Some(..)` or `Err(..)`.
    fn fits_payload(&self, analysis: &Analysis<'a>, pat: PatId, payload: &Value) -> Option<bool> {
        match &analysis.body.pat(pat).kind {
            Pat::TupleStruct { pats, .. } => match &**pats {
                [only] => self.fits(analysis, *only, payload),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether the patterns inside a variant's fit every payload.
    fn takes_anything(&self, analysis: &Analysis<'a>, pat: PatId) -> bool {
        let all = |pat: &PatId| self.fits(analysis, *pat, &Value::Any) == Some(true);
        match &analysis.body.pat(pat).kind {
            Pat::Path(_) => true,
            Pat::TupleStruct { pats, .. } => pats.iter().all(all),
            Pat::Struct { fields, .. } => fields.iter().all(|(_, pat)| all(pat)),
            _ => false,
        }
    }

    pub(super) fn bind(&mut self, analysis: &Analysis<'a>, pat: PatId, value: &Value) {
        let body = analysis.body.id;
        match &analysis.body.pat(pat).kind {
            Pat::Bind { local, sub } => {
                self.write(body, *local, value.clone());
                if let Some(sub) = sub {
                    self.bind(analysis, *sub, value);
                }
            }
            Pat::TupleStruct { pats, .. } => {
                let payload = value.payload();
                for pat in pats {
                    self.bind(analysis, *pat, &payload);
                }
            }
            Pat::Tuple(pats) => {
                for (index, pat) in pats.iter().enumerate() {
                    let part = match value {
                        Value::Tuple(parts) if parts.len() == pats.len() => parts.get(index).cloned(),
                        _ => None,
                    };
                    self.bind(analysis, *pat, &part.unwrap_or(Value::Any));
                }
            }
            Pat::Slice(pats) | Pat::Or(pats) => {
                for pat in pats {
                    self.bind(analysis, *pat, &Value::Any);
                }
            }
            Pat::Struct { fields, .. } => {
                for (_, pat) in fields {
                    self.bind(analysis, *pat, &Value::Any);
                }
            }
            Pat::Ref(inner) => self.bind(analysis, *inner, value),
            Pat::Wild | Pat::Rest | Pat::Path(_) | Pat::Literal(_) | Pat::Opaque => {}
        }
    }
}
