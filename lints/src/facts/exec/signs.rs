//! What the executed code does that another thread may notice: flags set, messages sent, waiters woken, things let go of.
//!
//! A waiting thread can be woken by more than what is meant for it, so everything that is not known is a sign too.

use super::Exec;
use crate::facts::context::{Analysis, Context};
use crate::facts::effects::word;
use crate::facts::place::Place;
use crate::model::{BodyId, DefId, Ty};
use crate::source::Loc;
use crate::syntax::ir::{Expr, ExprId};

/// How deep a type is looked into for what its drop may wake.
const TYPE_DEPTH: u32 = 6;
/// How many places a route has.
const MAX_ROUTE: usize = 8;

/// Something that other threads may notice.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Sign {
    /// What it is.
    pub kind: SignKind,
    /// What it is done to, and through what that is reached: the object itself first.
    pub route: Vec<Place>,
    /// The body.
    pub body: BodyId,
    /// The call or assignment.
    pub at: ExprId,
    /// The calls that lead to it, for one that wakes waiters.
    pub chain: Vec<Loc>,
}

/// What is done.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SignKind {
    /// A flag is set: to this value, where it is a literal.
    Store(Option<bool>),
    /// A message is sent.
    Send,
    /// Waiters of a condition variable are woken.
    Notify,
    /// A waiter of another kind is woken: an unpark, a connection, a socket closed, a child killed.
    Wake,
    /// Something is dropped, taken out of its place or overwritten, and others may notice.
    LetGo,
    /// A thread is waited for.
    Join,
    /// A call that is not followed.
    Unknown,
}

impl<'a> Exec<'_, 'a> {
    pub(super) fn sign(&mut self, kind: SignKind, analysis: &Analysis<'a>, at: ExprId, on: Option<ExprId>) {
        if !self.reached() || self.idle.is_some() {
            return;
        }
        let route = on.map_or_else(Vec::new, |on| self.route(analysis, on));
        let chain = if kind == SignKind::Notify { self.chain.clone() } else { Vec::new() };
        let sign = Sign { kind, route, body: analysis.body.id, at, chain };
        if self.signs_seen.insert(sign.clone()) {
            self.signs.push(sign);
        }
    }

    /// The places that an expression is reached through, from the object itself outwards, also out of inlined functions.
    pub(super) fn route(&self, analysis: &Analysis<'a>, expr: ExprId) -> Vec<Place> {
        let mut route: Vec<Place> = Vec::new();
        for place in self.cx.trail(analysis, expr) {
            match self.origins.get(&place) {
                Some(origin) => route.extend(origin),
                None => route.push(place),
            }
            if route.len() >= MAX_ROUTE {
                break;
            }
        }
        route.truncate(MAX_ROUTE);
        route.dedup();
        route
    }

    /// The signs of a library's function.
    pub(super) fn library_signs(
        &mut self,
        analysis: &Analysis<'a>,
        call: ExprId,
        def: DefId,
        receiver: Option<ExprId>,
        args: &[ExprId],
    ) {
        let effects = self.cx.effects(def);
        if effects.is_empty() {
            return;
        }
        let on = |word| {
            let index = effects.get(word).and_then(|_| effects.index(word));
            index.and_then(|index| args.get(index).copied()).or(receiver).or(args.first().copied())
        };
        let plain = [
            (word::SENDS, SignKind::Send),
            (word::NOTIFIES, SignKind::Notify),
            (word::WAKES, SignKind::Wake),
            (word::CONNECTS, SignKind::Wake),
            (word::SETS_TIMEOUT, SignKind::Wake),
            (word::JOINS, SignKind::Join),
            (word::COMPLETES, SignKind::Unknown),
        ];
        for (word, kind) in plain {
            if effects.has(word) {
                self.sign(kind, analysis, call, on(word));
            }
        }
        if effects.has(word::FLAG_CANCEL) {
            self.sign(SignKind::Store(Some(true)), analysis, call, receiver);
        } else if effects.has(word::FLAG_STORE) || effects.has(word::FLAG_UPDATE) {
            let value = args.first().and_then(|arg| analysis.literal_bool(*arg));
            self.sign(SignKind::Store(value), analysis, call, receiver);
        }
        for word in [word::DROPS, word::TAKES, word::CLEARS, word::DETACHES] {
            if effects.has(word)
                && let Some(on) = on(word)
                && self.cx.may_be_noticed(analysis.types.ty(on))
            {
                self.sign(SignKind::LetGo, analysis, call, Some(on));
            }
        }
    }

    /// The sign of an assignment: a `bool` under a lock is set, a sender is overwritten.
    pub(super) fn assignment_sign(&mut self, analysis: &Analysis<'a>, assign: ExprId, target: ExprId, value: ExprId) {
        let ty = analysis.types.ty(target);
        if *ty == Ty::BOOL {
            if !matches!(analysis.expr(target), Expr::Local(_)) {
                self.sign(SignKind::Store(analysis.literal_bool(value)), analysis, assign, Some(target));
            }
        } else if self.cx.may_be_noticed(ty) {
            self.sign(SignKind::LetGo, analysis, assign, Some(target));
        }
    }
}

impl Context<'_> {
    /// Whether another thread may notice that a value of a type is dropped: a channel's end, a socket, something with a
    /// `Drop`, or of an unknown type.
    pub(super) fn may_be_noticed(&self, ty: &Ty) -> bool {
        self.noticed(ty, TYPE_DEPTH)
    }

    fn noticed(&self, ty: &Ty, depth: u32) -> bool {
        if depth == 0 {
            return true;
        }
        match ty {
            Ty::Adt(def, args) => {
                let roles = self.roles();
                if roles.handle(ty).is_some() || roles.is_guard(ty) || roles.says(ty, word::FLAG) {
                    return false;
                }
                if self.program.is_user(*def) {
                    let fields =
                        (0..roles.variant_count(*def)).flat_map(|variant| self.program.field_types(*def, variant));
                    return self.program.drop_function(*def).is_some()
                        || fields.into_iter().any(|field| self.noticed(field, depth - 1));
                }
                let plain =
                    [word::COLLECTION, word::LOCK, word::STRONG, word::WEAK, word::MOMENT, word::TEXT, word::CONDVAR];
                let wraps = plain.iter().any(|word| roles.says(ty, *word))
                    || [self.program.lang.option, self.program.lang.result, self.program.lang.boxed]
                        .contains(&Some(*def));
                !wraps || args.iter().any(|arg| self.noticed(arg, depth - 1))
            }
            Ty::Tuple(parts) => parts.iter().any(|part| self.noticed(part, depth - 1)),
            Ty::Array(inner) | Ty::Slice(inner) => self.noticed(inner, depth - 1),
            // A mutable reference leads to what is taken out of it.
            Ty::Ref(true, inner) => self.noticed(inner, depth - 1),
            Ty::Ref(..) | Ty::Prim(_) | Ty::Never => false,
            _ => true,
        }
    }
}
