//! Macro calls.

use super::value::Value;
use super::{Exec, ExitKind, SignKind};
use crate::facts::context::Analysis;
use crate::model::Ty;
use crate::source::Name;
use crate::syntax::ir::{ExprId, ItemKind, MacroCall};

const VEC: Name = Name::of("vec");
/// `anyhow`'s, `eyre`'s and `error_chain`'s way to return an error.
const BAIL: Name = Name::of("bail");
const ENSURE: Name = Name::of("ensure");
const READY: Name = Name::of("ready");
/// Standard macros that panic on a condition.
const MAY_PANIC: [Name; 3] = [Name::of("assert"), Name::of("assert_eq"), Name::of("assert_ne")];
/// The author's word that nothing comes here: no way out of anything.
const UNREACHABLE: Name = Name::of("unreachable");

/// Standard macros that no caller counts on to end its loop.
const NOT_MEANT: [Name; 2] = [Name::of("todo"), Name::of("unimplemented")];
/// Standard macros that only look.
const INERT: [Name; 8] = [
    Name::of("matches"),
    Name::of("format"),
    Name::of("format_args"),
    Name::of("vec"),
    Name::of("cfg"),
    Name::of("debug_assert"),
    Name::of("debug_assert_eq"),
    Name::of("debug_assert_ne"),
];

/// Whether a macro does nothing that matters: it tests, formats or matches.
fn is_inert(is_user: bool, call: &MacroCall) -> bool {
    let name = call.path.last();
    !is_user && call.parsed && (INERT.contains(&name) || MAY_PANIC.contains(&name) || name == UNREACHABLE)
}

impl<'a> Exec<'_, 'a> {
    pub(super) fn macro_call(&mut self, analysis: &Analysis<'a>, expr: ExprId, call: &MacroCall) -> Value {
        let body = analysis.body.id;
        let loc = analysis.body.loc(call.path.span);
        let user = analysis.types.macros.get(&expr);
        if let (Some(pat), [operand, guards @ ..], None) = (call.pat, &*call.args, user) {
            return self.matches(analysis, *operand, pat, guards);
        }
        self.eval_all(body, &call.args);
        let defined = user.and_then(|def| match &self.cx.program.item(*def).kind {
            ItemKind::MacroRules(rules) => Some(rules.tokens.exits),
            _ => None,
        });
        let exits = defined.unwrap_or_default();
        let own = call.tokens.exits;
        let name = call.path.last();
        if self.idle.is_some() && self.reached() && !is_inert(user.is_some(), call) {
            return self.pauses();
        }
        if user.is_none() && name == UNREACHABLE {
            self.state = None;
            return Value::Any;
        }
        if exits.panics || own.panics || MAY_PANIC.contains(&name) {
            self.may_panic(analysis, None, loc);
        }
        if user.is_none() && name == BAIL {
            self.return_with(Value::error(), ExitKind::Try, loc);
            return Value::Any;
        }
        if user.is_none() && name == ENSURE {
            self.may_leave(Value::error(), false, true, loc);
            return Value::Any;
        }
        // A macro of another crate that could not be read may do anything here.
        let unread = user.is_none() && !call.parsed;
        if unread {
            self.sign(SignKind::Unknown, analysis, expr, None);
            self.forget_fields();
        }
        let returns = exits.returns || exits.tries || own.returns || own.tries || unread || name == READY;
        let breaks = exits.breaks || own.breaks || unread;
        self.may_leave(Value::Any, breaks, returns, loc);
        if *analysis.types.ty(expr) == Ty::Never && NOT_MEANT.contains(&name) {
            self.may_panic(analysis, None, loc);
            self.state = None;
        } else if *analysis.types.ty(expr) == Ty::Never {
            self.diverge(ExitKind::Panic, loc);
        }
        if name == VEC && call.args.is_empty() && call.parsed {
            return Value::Empty;
        }
        Value::Any
    }

    /// `matches!(e, p if g)`
    fn matches(
        &mut self,
        analysis: &Analysis<'a>,
        operand: ExprId,
        pat: crate::syntax::ir::PatId,
        guards: &[ExprId],
    ) -> Value {
        let body = analysis.body.id;
        let value = self.eval(body, operand);
        let fits = self.fits(analysis, pat, &value);
        let fitting = self.narrowed(analysis, pat, &value);
        self.bind(analysis, pat, &fitting);
        self.eval_all(body, guards);
        match fits {
            Some(true) if guards.is_empty() => Value::Bool(true),
            Some(false) => Value::Bool(false),
            _ => Value::Any,
        }
    }
}
