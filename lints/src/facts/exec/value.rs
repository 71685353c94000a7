//! The values that the execution knows: small, finite, and joined where ways come together.

use crate::model::{BodyId, DefId, FieldRef};
use crate::syntax::ir::LocalId;
use rustc_hash::FxHashMap;

/// How many alternatives a value may have before it is anything.
const MAX_ALTERNATIVES: usize = 5;
/// How deep payloads are known: `Ok(Err(..))`.
const MAX_DEPTH: u32 = 3;

/// A value, as far as it is known.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Value {
    /// Nothing is known.
    Any,
    /// A `bool`.
    Bool(bool),
    /// `Ok` or `Some` of this.
    Good(Box<Value>),
    /// `Err` of this.
    Err(Box<Value>),
    /// `None`
    None,
    /// A variant of another enum.
    Variant(DefId, u32),
    /// A collection or iterator without elements.
    Empty,
    /// A tuple.
    Tuple(Vec<Value>),
    /// One of these: two or more, in order, none of them `Any` or `OneOf`.
    OneOf(Vec<Value>),
}

impl Value {
    /// `Ok` or `Some` of something.
    pub(super) fn good() -> Value {
        Value::Good(Box::new(Value::Any))
    }

    /// `Err` of something.
    pub(super) fn error() -> Value {
        Value::Err(Box::new(Value::Any))
    }

    /// `Ok` or `Some` of this.
    pub(super) fn good_of(payload: Value) -> Value {
        Value::Good(Box::new(payload.within(MAX_DEPTH)))
    }

    /// `Err` of this.
    pub(super) fn error_of(payload: Value) -> Value {
        Value::Err(Box::new(payload.within(MAX_DEPTH)))
    }

    /// A tuple of these.
    pub(super) fn tuple(parts: Vec<Value>) -> Value {
        match parts.iter().all(|part| *part == Value::Any) {
            true => Value::Any,
            false => Value::Tuple(parts.into_iter().map(|part| part.within(MAX_DEPTH)).collect()),
        }
    }

    fn within(self, depth: u32) -> Value {
        match self {
            Value::Good(_) | Value::Err(_) | Value::Tuple(_) | Value::OneOf(_) if depth == 0 => Value::Any,
            Value::Good(inner) => Value::Good(Box::new(inner.within(depth - 1))),
            Value::Err(inner) => Value::Err(Box::new(inner.within(depth - 1))),
            Value::Tuple(parts) => Value::Tuple(parts.into_iter().map(|part| part.within(depth - 1)).collect()),
            Value::OneOf(each) => {
                each.into_iter().map(|value| value.within(depth)).fold(None, either).unwrap_or(Value::Any)
            }
            known => known,
        }
    }

    /// What it can be, one by one.
    pub(super) fn alternatives(&self) -> &[Value] {
        match self {
            Value::OneOf(each) => each,
            _ => std::slice::from_ref(self),
        }
    }

    /// The one or the other.
    pub(super) fn or(self, other: Value) -> Value {
        if self == other {
            return self;
        }
        if self == Value::Any || other == Value::Any {
            return Value::Any;
        }
        let mut each = self.alternatives().to_vec();
        for value in other.alternatives() {
            add(&mut each, value);
        }
        each.sort_unstable();
        let is_any = |value: &Value| *value == Value::Any;
        let both = |flag: bool| each.contains(&Value::Bool(flag));
        match &each[..] {
            [only] => only.clone(),
            _ if each.len() > MAX_ALTERNATIVES || each.iter().any(is_any) || (both(true) && both(false)) => Value::Any,
            _ => Value::OneOf(each),
        }
    }

    /// Those alternatives that are wanted; `Any` where there is none, since nobody asks then.
    pub(super) fn only(&self, wanted: impl Fn(&Value) -> bool) -> Value {
        self.alternatives().iter().filter(|value| wanted(value)).cloned().fold(None, either).unwrap_or(Value::Any)
    }

    /// What each alternative becomes, together.
    pub(super) fn each(&self, change: impl FnMut(&Value) -> Value) -> Value {
        self.alternatives().iter().map(change).fold(None, either).unwrap_or(Value::Any)
    }

    /// What all alternatives answer, if they agree.
    pub(super) fn agree(&self, question: impl Fn(&Value) -> Option<bool>) -> Option<bool> {
        let mut answers = self.alternatives().iter().map(question);
        let first = answers.next()??;
        answers.all(|answer| answer == Some(first)).then_some(first)
    }

    /// What is inside `Ok`, `Some` or `Err`.
    pub(super) fn payload(&self) -> Value {
        self.each(|value| match value {
            Value::Good(inner) | Value::Err(inner) => (**inner).clone(),
            _ => Value::Any,
        })
    }

    /// Whether it is `Ok` or `Some`, rather than `Err` or `None`.
    pub(super) fn is_good(&self) -> Option<bool> {
        self.agree(|value| match value {
            Value::Good(_) => Some(true),
            Value::Err(_) | Value::None => Some(false),
            _ => None,
        })
    }

    /// Whether two values are equal. `is_unit` says of a variant that it has no payload.
    pub(super) fn equals(&self, other: &Value, is_unit: &dyn Fn(DefId, u32) -> bool) -> Option<bool> {
        self.agree(|left| other.agree(|right| equal(left, right, is_unit)))
    }
}

fn equal(left: &Value, right: &Value, is_unit: &dyn Fn(DefId, u32) -> bool) -> Option<bool> {
    match (left, right) {
        (Value::Bool(a), Value::Bool(b)) => Some(a == b),
        (Value::Variant(a, x), Value::Variant(b, y)) if a == b => match x == y {
            true => is_unit(*a, *x).then_some(true),
            false => Some(false),
        },
        (Value::None, Value::None) => Some(true),
        (Value::Good(a), Value::Good(b)) | (Value::Err(a), Value::Err(b)) => a.equals(b, is_unit),
        (Value::Good(_), Value::Err(_) | Value::None) | (Value::Err(_) | Value::None, Value::Good(_)) => Some(false),
        _ => None,
    }
}

/// Adds an alternative; payloads of the same kind come together.
fn add(each: &mut Vec<Value>, value: &Value) {
    for own in each.iter_mut() {
        let joined = match (&*own, value) {
            (own, value) if own == value => return,
            (Value::Good(a), Value::Good(b)) => Value::Good(Box::new((**a).clone().or((**b).clone()))),
            (Value::Err(a), Value::Err(b)) => Value::Err(Box::new((**a).clone().or((**b).clone()))),
            (Value::Tuple(a), Value::Tuple(b)) if a.len() == b.len() => {
                Value::Tuple(a.iter().zip(b).map(|(a, b)| a.clone().or(b.clone())).collect())
            }
            _ => continue,
        };
        *own = joined;
        return;
    }
    each.push(value.clone());
}

fn either(before: Option<Value>, value: Value) -> Option<Value> {
    Some(match before {
        Some(before) => before.or(value),
        None => value,
    })
}

/// What a value is known of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Var {
    /// A local.
    Local(BodyId, LocalId),
    /// A field of the object that the thread owns.
    Field(FieldRef),
    /// All such fields: something unknown may have written to them.
    Fields,
}

/// What is known at one point. A local that is not in it is anything; for fields see [`super::fields`].
pub(super) type Env = FxHashMap<Var, Value>;

/// What is known where two ways come together; `None` is a way that is not taken.
pub(super) fn join(left: Option<Env>, right: Option<Env>) -> Option<Env> {
    match (left, right) {
        (None, other) | (other, None) => other,
        (Some(mut left), Some(mut right)) => {
            left.retain(|var, value| {
                *value = std::mem::replace(value, Value::Any).or(right.remove(var).unwrap_or(Value::Any));
                *value != Value::Any || !matches!(var, Var::Local(..))
            });
            // A field that only the other way has written to.
            right.retain(|var, _| !matches!(var, Var::Local(..)));
            left.extend(right.into_keys().map(|var| (var, Value::Any)));
            Some(left)
        }
    }
}

/// The value of a branch that was taken, or of both.
pub(super) fn merge(left_reached: bool, left: Value, right_reached: bool, right: Value) -> Value {
    match (left_reached, right_reached) {
        (true, false) => left,
        (false, true) => right,
        _ => left.or(right),
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, join, merge};

    #[test]
    fn joining_is_symmetric_and_bounded() {
        let all = [Value::Bool(true), Value::good(), Value::error(), Value::None, Value::Empty, Value::Any];
        for left in &all {
            for right in &all {
                assert_eq!(left.clone().or(right.clone()), right.clone().or(left.clone()));
            }
        }
        let mut deep = Value::None;
        for _ in 0..20 {
            deep = Value::error_of(deep).or(Value::None);
        }
        assert_eq!(deep.clone().or(deep.clone()), deep);
    }

    #[test]
    fn payloads_come_together() {
        let none = Value::error_of(Value::None);
        let flag = Value::error_of(Value::Bool(true));
        assert_eq!(none.clone().or(flag).payload(), Value::None.or(Value::Bool(true)));
        assert_eq!(none.is_good(), Some(false));
        assert_eq!(none.or(Value::good()).is_good(), None);
    }

    #[test]
    fn a_way_that_is_not_taken_tells_nothing() {
        assert_eq!(merge(false, Value::None, true, Value::good()), Value::good());
        assert_eq!(join(None, None), None);
    }
}
