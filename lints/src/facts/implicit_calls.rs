//! Functions of the user's that run without being named: `Display::fmt` of what a macro writes, `PartialEq::eq` of what is
//! compared.

use super::context::{Analysis, Context};
use crate::model::{DefId, Ty};
use crate::source::{Loc, Name, Span};
use crate::syntax::ir::{BinaryOp, Expr, ExprId, MacroCall};
use smallvec::SmallVec;

const FMT: Name = Name::of("fmt");
const EQ: Name = Name::of("eq");
const TO_STRING: Name = Name::of("to_string");
/// The macros of std, log and tracing that write their arguments down.
const WRITING: [Name; 18] = [
    Name::of("print"),
    Name::of("println"),
    Name::of("eprint"),
    Name::of("eprintln"),
    Name::of("format"),
    Name::of("format_args"),
    Name::of("write"),
    Name::of("writeln"),
    Name::of("panic"),
    Name::of("unreachable"),
    Name::of("todo"),
    Name::of("trace"),
    Name::of("debug"),
    Name::of("info"),
    Name::of("warn"),
    Name::of("error"),
    Name::of("log"),
    Name::of("bail"),
];

/// A value, and the function that is run on it.
pub(super) type ImplicitCalls = SmallVec<[(ExprId, DefId); 1]>;

impl Context<'_> {
    /// The functions of the user's that an expression runs on values of the user's types, with the values that are `self`.
    pub(super) fn implicit_calls(&self, analysis: &Analysis<'_>, expr: ExprId) -> ImplicitCalls {
        let mut calls = ImplicitCalls::new();
        let lang = &self.program.lang;
        match analysis.expr(expr) {
            Expr::Macro(call) if call.parsed && WRITING.contains(&call.path.last()) => {
                let written = self.written_by(analysis, expr, call);
                let run = |(arg, by): (ExprId, DefId)| Some((arg, self.run_on(analysis, arg, by, FMT)?));
                calls.extend(written.into_iter().filter_map(run));
            }
            Expr::MethodCall(call) if call.method == TO_STRING && call.args.is_empty() => {
                let is_user = analysis.callee(expr).is_some_and(|callee| self.program.is_user(callee));
                let written = lang.display.filter(|_| !is_user);
                let run = written.and_then(|display| self.run_on(analysis, call.receiver, display, FMT));
                calls.extend(run.map(|function| (call.receiver, function)));
            }
            Expr::Binary { op: BinaryOp::Compare, lhs, rhs } => {
                let run = lang.partial_eq.and_then(|equal| self.run_on(analysis, *lhs, equal, EQ));
                if let Some(function) = run.filter(|_| self.is_equality(analysis, *lhs, *rhs)) {
                    calls.push((*lhs, function));
                }
            }
            _ => {}
        }
        calls
    }

    /// What a macro writes, each with the trait by which it does; nothing where the holes of the text cannot be told apart.
    fn written_by(&self, analysis: &Analysis<'_>, expr: ExprId, call: &MacroCall) -> SmallVec<[(ExprId, DefId); 2]> {
        let none = SmallVec::new();
        let (Some(display), Some(debug)) = (self.program.lang.display, self.program.lang.debug) else { return none };
        if call.args.is_empty() {
            return none;
        }
        let text = self.program.text(analysis.body.expr_loc(expr)).replace("{{", "");
        let holes = text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(hole, _)| hole));
        let holes: SmallVec<[&str; 4]> = holes.collect();
        let by = |hole: &str| if hole.ends_with('?') { debug } else { display };
        let Some(first) = holes.first() else { return none };
        if holes.iter().all(|hole| by(hole) == by(first)) {
            return call.args.iter().map(|arg| (*arg, by(first))).collect();
        }
        // `{} {:?}`: the last arguments, in order.
        let is_plain =
            holes.iter().all(|hole| (hole.is_empty() || hole.starts_with(':')) && !hole.contains(['$', '*']));
        let Some(skipped) = call.args.len().checked_sub(holes.len()).filter(|_| is_plain) else { return none };
        call.args.iter().skip(skipped).zip(&holes).map(|(arg, hole)| (*arg, by(hole))).collect()
    }

    /// The function of the user's by which the type of a value implements a function of a trait.
    fn run_on(&self, analysis: &Analysis<'_>, value: ExprId, trait_def: DefId, function: Name) -> Option<DefId> {
        let Ty::Adt(adt, _) = self.roles().pointee(analysis.types.ty(value)) else { return None };
        if !self.program.is_user(adt) {
            return None;
        }
        let block = self.program.impl_for(Some(trait_def), adt)?;
        self.program.impl_function(block, function).filter(|function| self.program.body_of(*function).is_some())
    }

    /// Whether what stands between two operands is `==` or `!=`.
    fn is_equality(&self, analysis: &Analysis<'_>, lhs: ExprId, rhs: ExprId) -> bool {
        let (left, right) = (analysis.body.expr_loc(lhs), analysis.body.expr_loc(rhs));
        if left.span.end > right.span.start {
            return false;
        }
        let between = self.program.text(Loc::new(left.file, Span::new(left.span.end, right.span.start)));
        between.contains("==") || between.contains("!=")
    }
}
