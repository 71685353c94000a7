//! The edits that end a guard earlier: what is looked at is taken, or copied, out of the lock in a statement of its own.

use crate::diagnostic::Edit;
use crate::facts::{Analysis, Context, Guard, word};
use crate::model::{Parent, Ty};
use crate::rules::edits::{free_name, is_cloned, is_copied, is_free, is_shadowed, starts_line};
use crate::rules::text::indentation;
use crate::source::{Loc, Span};
use crate::syntax::ir::{Expr, ExprId, LocalId, LoopKind, Pat, PatId};

/// How deep types are looked into.
const TYPE_DEPTH: u32 = 6;
/// The names for what is taken out of a lock.
const NAMES: [&str; 4] = ["found", "value", "taken", "current"];

/// The edits that take what is looked at out of the lock in a statement of its own. `None` where it borrows from the guard.
pub(super) fn hoist(cx: &Context<'_>, analysis: &Analysis<'_>, scrutinee: ExprId) -> Option<Vec<Edit>> {
    let span = analysis.body.expr(scrutinee).span;
    if !is_free(cx, analysis, scrutinee, span) {
        return None;
    }
    let loc = analysis.body.loc(span);
    let text = cx.program.text(loc);
    let ty = analysis.types.ty(scrutinee);
    match analysis.tree.parent(scrutinee) {
        Parent::Scrutinee(_) | Parent::LetOperand(_) => {}
        Parent::ForIter(round) => return hoist_iterator(cx, analysis, round, scrutinee),
        _ => return None,
    }
    // `&self.sink.lock().unwrap().current`
    if let Expr::Ref { mutable: false, expr: place } = analysis.expr(scrutinee) {
        let ty = analysis.types.ty(*place);
        let copy = copy_of(cx, analysis, *place).filter(|_| is_cheap(cx, ty, TYPE_DEPTH))?;
        return hoisted(cx, analysis, scrutinee, (&copy, "&"));
    }
    if let Some(edits) = hoist_element(cx, analysis, scrutinee, &|ty| is_cheap(cx, ty, TYPE_DEPTH)) {
        return Some(edits);
    }
    // `match *guard` looks at a place, and only what is copied can be taken out of it.
    let is_place = matches!(analysis.expr(scrutinee), Expr::Deref(_) | Expr::Field { .. } | Expr::Index { .. });
    let is_taken = if is_place { is_copied(cx, ty) } else { is_owned(cx, ty, TYPE_DEPTH) };
    // The pattern would borrow from the place to change it.
    if !is_taken || is_place && binds_mutably(analysis, scrutinee) {
        return None;
    }
    hoisted(cx, analysis, scrutinee, (text, ""))
}

/// `self.by_name.lock().unwrap().get(name)` gives a reference to an element: a copy of the element is looked at instead.
fn hoist_element(
    cx: &Context<'_>,
    analysis: &Analysis<'_>,
    scrutinee: ExprId,
    may_copy: &dyn Fn(&Ty) -> bool,
) -> Option<Vec<Edit>> {
    let ty = analysis.types.ty(scrutinee);
    let Some(Ty::Ref(false, element)) = ty.args().first().filter(|_| ty.adt() == cx.program.lang.option) else {
        return None;
    };
    let loc = analysis.body.expr_loc(scrutinee);
    let is_call = matches!(analysis.expr(scrutinee), Expr::MethodCall(_));
    if !is_call || !may_copy(element) || ty.adt().is_none() || takes_reference_apart(analysis, scrutinee) {
        return None;
    }
    let copy = format!("{}.cloned()", cx.program.text(loc));
    hoisted(cx, analysis, scrutinee, (&copy, "&"))
}

/// Whether a pattern on what is looked at has a `&` in it.
fn takes_reference_apart(analysis: &Analysis<'_>, scrutinee: ExprId) -> bool {
    let has_ref = |pat: PatId| {
        let area = analysis.body.pat(pat).span;
        analysis.body.ir.pats.iter().any(|inner| matches!(inner.kind, Pat::Ref(_)) && area.contains(inner.span))
    };
    match analysis.tree.parent(scrutinee) {
        Parent::Scrutinee(up) => match analysis.expr(up) {
            Expr::Match { arms, .. } => arms.iter().any(|arm| has_ref(arm.pat)),
            _ => true,
        },
        Parent::LetOperand(test) => match analysis.expr(test) {
            Expr::Let { pat, .. } => has_ref(*pat),
            _ => true,
        },
        _ => true,
    }
}

/// `let found = ..;` before the statement, or as a block in the place of what is looked at where that is asked more than once or
/// after something else.
fn hoisted(
    cx: &Context<'_>,
    analysis: &Analysis<'_>,
    scrutinee: ExprId,
    (value, prefix): (&str, &str),
) -> Option<Vec<Edit>> {
    let loc = analysis.body.expr_loc(scrutinee);
    let name = free_name(analysis, &NAMES);
    match statement_of(cx, analysis, scrutinee) {
        Some(start) => {
            let indent = indentation(cx, Loc::new(loc.file, Span::new(start, start)));
            let edits = vec![
                Edit::insert(loc.file, start, format!("let {name} = {value};\n{indent}")),
                Edit::replace(loc, format!("{prefix}{name}")),
            ];
            Some(edits)
        }
        // A reference into the block's own local would not outlive it.
        None if prefix.is_empty() => Some(vec![Edit::replace(loc, format!("{{ let {name} = {value}; {name} }}"))]),
        None => None,
    }
}

/// Where the statement starts that begins with what is looked at: nothing is evaluated before it.
fn statement_of(cx: &Context<'_>, analysis: &Analysis<'_>, scrutinee: ExprId) -> Option<u32> {
    let mut outer = match analysis.tree.parent(scrutinee) {
        Parent::Scrutinee(outer) | Parent::ForIter(outer) => outer,
        Parent::LetOperand(test) => match analysis.tree.parent(test) {
            Parent::Cond(outer) if matches!(analysis.expr(outer), Expr::If { .. }) => outer,
            _ => return None,
        },
        _ => return None,
    };
    let start = loop {
        match analysis.tree.parent(outer) {
            Parent::Stmt(..) | Parent::LetInit(..) => break analysis.statement(outer).start,
            Parent::BlockTail(_) => break analysis.body.expr(outer).span.start,
            Parent::ReturnValue(up) | Parent::TryOperand(up) => outer = up,
            _ => return None,
        }
    };
    starts_line(cx, analysis.body.file, start).then_some(start)
}

/// `for job in queue.lock().unwrap().drain(..)`: the elements are collected first.
fn hoist_iterator(cx: &Context<'_>, analysis: &Analysis<'_>, round: ExprId, iterator: ExprId) -> Option<Vec<Edit>> {
    let Expr::Loop(data) = analysis.expr(round) else { return None };
    let LoopKind::For { pat, .. } = data.kind else { return None };
    let is_call = matches!(analysis.expr(iterator), Expr::MethodCall(_));
    let locals = bound_locals(analysis, pat)?;
    let is_taken =
        !locals.is_empty() && locals.iter().all(|local| is_owned(cx, analysis.types.local(*local), TYPE_DEPTH));
    if data.label.is_some() || !is_call || !is_taken {
        return None;
    }
    // What is given by value is a collection of its own.
    let gives_collection = cx.roles().says(analysis.types.ty(iterator), word::COLLECTION);
    let text = cx.program.text(analysis.body.expr_loc(iterator));
    let value = if gives_collection { text.to_owned() } else { format!("{text}.collect::<Vec<_>>()") };
    statement_of(cx, analysis, iterator)?;
    hoisted(cx, analysis, iterator, (&value, ""))
}

/// The locals of a pattern that takes its value apart by names alone.
fn bound_locals(analysis: &Analysis<'_>, pat: PatId) -> Option<Vec<LocalId>> {
    match &analysis.body.pat(pat).kind {
        Pat::Bind { local, sub: None } => Some(vec![*local]),
        Pat::Wild => Some(Vec::new()),
        Pat::Tuple(pats) => {
            let parts: Option<Vec<Vec<LocalId>>> = pats.iter().map(|pat| bound_locals(analysis, *pat)).collect();
            Some(parts?.concat())
        }
        _ => None,
    }
}

/// Whether an arm or condition binds a part of the place itself to change it.
fn binds_mutably(analysis: &Analysis<'_>, scrutinee: ExprId) -> bool {
    let count = analysis.body.ir.locals.len() as u32;
    (0..count).map(LocalId).any(|local| {
        let declared = analysis.body.local(local);
        // `ref mut x`
        declared.by_ref && analysis.bound_from(local) == Some(scrutinee)
    })
}

/// The copy of what a place holds: `X.lock().unwrap().clone()` for `*X.lock().unwrap()`.
fn copy_of(cx: &Context<'_>, analysis: &Analysis<'_>, place: ExprId) -> Option<String> {
    let text = |expr: ExprId| cx.program.text(analysis.body.expr_loc(expr));
    match analysis.expr(place) {
        Expr::Deref(guard) if cx.roles().is_guard(analysis.types.ty(*guard)) => {
            Some(format!("{}.clone()", text(*guard)))
        }
        Expr::Field { .. } => Some(format!("{}.clone()", text(place))),
        _ => None,
    }
}

/// Whether a copy of a value is as good as the value to look at, and costs next to nothing: a number, a pointer that counts.
fn is_cheap(cx: &Context<'_>, ty: &Ty, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    match ty {
        Ty::Tuple(parts) => parts.iter().all(|part| is_cheap(cx, part, depth)),
        Ty::Adt(def, args) if Some(*def) == cx.program.lang.option => args.iter().all(|arg| is_cheap(cx, arg, depth)),
        Ty::Adt(def, _) => {
            Some(*def) == cx.program.lang.string || cx.roles().says(ty, word::STRONG) || is_copied(cx, ty)
        }
        _ => is_copied(cx, ty),
    }
}

/// Whether a value of a type certainly borrows from nothing that is locked here.
fn is_owned(cx: &Context<'_>, ty: &Ty, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    match ty {
        Ty::Prim(_) => ty.is_scalar(),
        // A parameter stands for a type that lives longer than the call.
        Ty::Fn(_) | Ty::Param(..) => true,
        Ty::Tuple(parts) => parts.iter().all(|part| is_owned(cx, part, depth)),
        Ty::Array(inner) => is_owned(cx, inner, depth),
        Ty::Adt(def, args) => {
            let lang = &cx.program.lang;
            let says = |word| cx.roles().says(ty, word);
            let is_box = Some(*def) == lang.boxed || says(word::STRONG);
            let holds =
                |arg: &Ty| is_owned(cx, arg, depth) || is_box && matches!(arg, Ty::Dyn(_) | Ty::Prim(_) | Ty::Slice(_));
            let words =
                [word::COLLECTION, word::STRONG, word::WEAK, word::HANDLE, word::SENDER, word::RECEIVER, word::MOMENT];
            let is_plain = [lang.option, lang.result, lang.vec, lang.string, lang.boxed].contains(&Some(*def))
                || words.into_iter().any(says) && !cx.roles().carries_guard(ty);
            let is_value = |field: &Ty| is_owned(cx, field, depth);
            let is_own = || {
                cx.program.is_user(*def)
                    && (0..cx.roles().variant_count(*def))
                        .all(|variant| cx.program.field_types(*def, variant).iter().all(is_value))
            };
            // The hasher of a map says nothing of its elements.
            (is_plain && args.iter().take(2).all(holds)) || (args.iter().all(is_value) && is_own())
        }
        _ => false,
    }
}

/// `drop(guard);` before the statement in which something happens under it, where nothing needs the guard or borrows from it
/// after that.
pub(super) fn drop_before(cx: &Context<'_>, guard: &Guard, at: ExprId) -> Option<Edit> {
    let analysis = cx.analysis(guard.body);
    let [local] = &*guard.track.holders else { return None };
    let declared = analysis.body.local(*local);
    let span = statement_around(analysis, at)?;
    let outside = |other: ExprId| !analysis.body.expr(other).span.contains(declared.span);
    // Dropped in a loop or closure, it would be gone the second time.
    let again = analysis.tree.ancestors(at).take_while(|up| outside(*up));
    let is_again =
        again.into_iter().any(|up| matches!(analysis.expr(up), Expr::Loop(_) | Expr::Closure(_) | Expr::Async { .. }));
    let is_needed = analysis.tree.uses(*local).iter().any(|used| analysis.body.expr(*used).span.end > span.start);
    if is_again || is_needed || declared.by_ref || is_borrowed(cx, analysis, *local) || analysis.body.expr(at).in_macro
    {
        return None;
    }
    // Moved on some way before, it is not there to be dropped.
    let is_kept = |used: &ExprId| {
        matches!(
            analysis.tree.parent(*used),
            Parent::Receiver(_)
                | Parent::DerefOperand(_)
                | Parent::FieldBase(_)
                | Parent::IndexBase(_)
                | Parent::RefOperand(_)
                | Parent::MacroArg(..)
        )
    };
    let is_guard = cx.roles().is_guard(analysis.types.local(*local))
        && analysis.tree.uses(*local).iter().all(is_kept)
        && !is_shadowed(analysis, *local, span.start);
    let file = analysis.body.file;
    if !is_guard || !starts_line(cx, file, span.start) {
        return None;
    }
    let name = cx.program.name_text(analysis.body.owner, declared.name);
    let indent = indentation(cx, Loc::new(file, span));
    Some(Edit::insert(file, span.start, format!("drop({name});\n{indent}")))
}

/// The statement, or the value of a block, that an expression stands in.
fn statement_around(analysis: &Analysis<'_>, expr: ExprId) -> Option<Span> {
    let mut at = expr;
    loop {
        match analysis.tree.parent(at) {
            Parent::Stmt(..) | Parent::LetInit(..) => return Some(analysis.statement(at)),
            Parent::BlockTail(_) => return Some(analysis.body.expr(at).span),
            Parent::ClosureBody(_) | Parent::ArmBody(..) | Parent::ArmGuard(..) => return None,
            parent => at = parent.expr()?,
        }
    }
}

/// Whether a local may hold a reference into what the guard protects.
fn is_borrowed(cx: &Context<'_>, analysis: &Analysis<'_>, guard: LocalId) -> bool {
    let count = analysis.body.ir.locals.len() as u32;
    let uses = analysis.tree.uses(guard);
    (0..count).map(LocalId).filter(|local| *local != guard).any(|local| {
        let from = analysis.bound_from(local);
        let mentions = from.is_some_and(|from| uses.iter().any(|used| analysis.tree.is_inside(*used, from)));
        mentions && !is_owned(cx, analysis.types.local(local), TYPE_DEPTH)
    })
}

/// What holds the first guard of a statement, taken out of the statement: `let found = *self.total.lock().unwrap() + 1;` for
/// `*self.total.lock().unwrap() = *self.total.lock().unwrap() + 1;`. `None` where something may be evaluated before it.
pub(super) fn hoist_operand(cx: &Context<'_>, guard: &Guard, at: ExprId) -> Option<Vec<Edit>> {
    let analysis = cx.analysis(guard.body);
    let mut top = guard.start;
    let whole = loop {
        let up = analysis.tree.parent(top).expr()?;
        if analysis.tree.is_inside(at, up) {
            break up;
        }
        top = up;
    };
    let is_first = match (analysis.tree.parent(top), analysis.expr(whole)) {
        (Parent::Operand(_), Expr::Binary { lhs, .. }) => *lhs == top,
        (Parent::AssignValue(_), _) | (Parent::Element(_, 0), _) => true,
        (Parent::Arg(_, 0), Expr::Call { callee, .. }) => matches!(analysis.expr(*callee), Expr::Path(_)),
        _ => false,
    };
    let is_whole = matches!(analysis.tree.parent(whole), Parent::Stmt(..) | Parent::LetInit(..) | Parent::BlockTail(_));
    let ty = analysis.types.ty(top);
    let is_place = matches!(analysis.expr(top), Expr::Deref(_) | Expr::Field { .. } | Expr::Index { .. });
    let is_taken = if is_place { is_copied(cx, ty) } else { is_owned(cx, ty, TYPE_DEPTH) };
    let loc = analysis.body.expr_loc(top);
    let start = statement_around(analysis, whole)?.start;
    if !is_first || !is_whole || !is_taken || !is_free(cx, analysis, top, loc.span) || !starts_line(cx, loc.file, start)
    {
        return None;
    }
    let name = free_name(analysis, &NAMES);
    let indent = indentation(cx, Loc::new(loc.file, Span::new(start, start)));
    let value = cx.program.text(loc);
    Some(vec![Edit::insert(loc.file, start, format!("let {name} = {value};\n{indent}")), Edit::replace(loc, name)])
}

/// The edits that copy what a lock guards before it is gone through, so that the lock is free again: `let callbacks =
/// self.callbacks.lock().unwrap().clone();`. `None` where the copy is not certain to compile, or the guard is used for more than
/// reading.
pub(super) fn snapshot(cx: &Context<'_>, guard: &Guard) -> Option<Vec<Edit>> {
    let is_whole = guard.protected().is_some_and(|guarded| is_cloned(cx, guarded, TYPE_DEPTH));
    let analysis = cx.analysis(guard.body);
    let is_guard = |expr: ExprId| cx.roles().is_guard(analysis.types.ty(expr));
    // The expression whose value is the guard itself, after `unwrap` and the like.
    let mut value = guard.start;
    loop {
        match analysis.tree.parent(value) {
            Parent::Receiver(up) | Parent::TryOperand(up) if !is_guard(value) => value = up,
            _ => break,
        }
    }
    if !is_guard(value) || !is_free(cx, analysis, value, analysis.body.expr(value).span) {
        return None;
    }
    let loc = analysis.body.expr_loc(value);
    let text = cx.program.text(loc);
    match analysis.tree.parent(value) {
        Parent::LetInit(block, index) => {
            let Expr::Block(data) = analysis.expr(block) else { return None };
            let crate::syntax::ir::Stmt::Let { pat, ty: None, els: None, .. } = data.stmts.get(index as usize)? else {
                return None;
            };
            let Pat::Bind { local, sub: None } = analysis.body.pat(*pat).kind else { return None };
            let declared = analysis.body.local(local);
            if declared.by_ref || declared.mutable {
                return None;
            }
            if !is_whole {
                return snapshot_of_field(cx, analysis, (local, declared.span), loc);
            }
            let mut edits = vec![Edit::insert(loc.file, loc.span.end, ".clone()")];
            for used in analysis.tree.uses(local) {
                edits.extend(read_use(cx, analysis, *used)?);
            }
            Some(edits)
        }
        _ => {
            let (whole, scrutinee) = read_part(cx, analysis, value, is_whole)?;
            // One element is enough where only that is looked at.
            let is_cloned = |ty: &Ty| is_cloned(cx, ty, TYPE_DEPTH);
            if let Some(edits) = hoist_element(cx, analysis, scrutinee, &is_cloned) {
                return Some(edits);
            }
            let start = statement_of(cx, analysis, scrutinee)?;
            let name = free_name(analysis, &["snapshot", "copied", "callbacks"]);
            let indent = indentation(cx, Loc::new(loc.file, Span::new(start, start)));
            let text = match analysis.expr(whole) {
                Expr::Field { .. } => cx.program.text(analysis.body.expr_loc(whole)),
                _ => text,
            };
            Some(vec![
                Edit::insert(loc.file, start, format!("let {name} = {text}.clone();\n{indent}")),
                Edit::replace(analysis.body.expr_loc(whole), name),
            ])
        }
    }
}

/// The copy of the one field that is used of what a guard protects: `let listeners = self.state.lock().unwrap().listeners.clone();`
fn snapshot_of_field(
    cx: &Context<'_>,
    analysis: &Analysis<'_>,
    (local, declared): (LocalId, Span),
    value: Loc,
) -> Option<Vec<Edit>> {
    let [used] = analysis.tree.uses(local) else { return None };
    let Parent::FieldBase(field) = analysis.tree.parent(*used) else { return None };
    let Expr::Field { name_span, .. } = analysis.expr(field) else { return None };
    let (field_loc, name) = (analysis.body.expr_loc(field), cx.program.text(analysis.body.loc(*name_span)));
    let is_name = name.starts_with(|first: char| first.is_alphabetic());
    let reads_only = matches!(read_use(cx, analysis, field), Some(None));
    if !is_cloned(cx, analysis.types.ty(field), TYPE_DEPTH)
        || !reads_only
        || analysis.body.expr(field).in_macro
        || !is_name
    {
        return None;
    }
    let is_taken =
        analysis.body.ir.locals.iter().any(|own| cx.program.name_text(analysis.body.owner, own.name) == name);
    let new = if is_taken { free_name(analysis, &["snapshot", "copied", "callbacks"]) } else { name.to_owned() };
    Some(vec![
        Edit::replace(analysis.body.loc(declared), new.clone()),
        Edit::insert(value.file, value.span.end, format!(".{name}.clone()")),
        Edit::replace(field_loc, new),
    ])
}

/// What has to be changed at a use of a guard that is a copy of the value now; `None` where the use does more than read.
fn read_use(cx: &Context<'_>, analysis: &Analysis<'_>, used: ExprId) -> Option<Option<Edit>> {
    match analysis.tree.parent(used) {
        Parent::Receiver(call) => reads(cx, analysis, call).then_some(None),
        Parent::FieldBase(_) => Some(None),
        Parent::RefOperand(up) => matches!(analysis.expr(up), Expr::Ref { mutable: false, .. }).then_some(None),
        // `&*handlers`
        Parent::DerefOperand(deref) => match analysis.tree.parent(deref) {
            Parent::RefOperand(up) if matches!(analysis.expr(up), Expr::Ref { mutable: false, .. }) => {
                let star = analysis.body.expr(deref).span;
                let own = analysis.body.expr(used).span;
                Some(Some(Edit::replace(analysis.body.loc(Span::new(star.start, own.start)), "")))
            }
            _ => None,
        },
        Parent::Arg(call, _) => {
            analysis.callee(call).is_some_and(|callee| cx.effects(callee).has(word::DROPS)).then_some(None)
        }
        _ => None,
    }
}

/// Whether a method only looks at its receiver.
fn reads(cx: &Context<'_>, analysis: &Analysis<'_>, call: ExprId) -> bool {
    let signature = analysis.callee(call).and_then(|callee| cx.program.signature(callee));
    signature.is_some_and(|signature| matches!(signature.self_ty, Some(Ty::Ref(false, _))))
}

/// The part of what is looked at that the copy stands for, and all that is looked at: `*X.lock()` in `&*X.lock()`, `X.lock()` in
/// `X.lock().iter()`, `X.lock().listeners` in `&X.lock().listeners`.
fn read_part(cx: &Context<'_>, analysis: &Analysis<'_>, value: ExprId, is_whole: bool) -> Option<(ExprId, ExprId)> {
    let mut whole = value;
    if let Parent::FieldBase(field) = analysis.tree.parent(value)
        && is_cloned(cx, analysis.types.ty(field), TYPE_DEPTH)
    {
        whole = field;
    } else if !is_whole {
        return None;
    } else if let Parent::DerefOperand(deref) = analysis.tree.parent(value) {
        whole = deref;
    }
    let mut at = match analysis.tree.parent(whole) {
        Parent::RefOperand(up) if whole != value => {
            matches!(analysis.expr(up), Expr::Ref { mutable: false, .. }).then_some(up)?
        }
        Parent::Receiver(call) if reads(cx, analysis, call) => call,
        _ => return None,
    };
    loop {
        match analysis.tree.parent(at) {
            Parent::Scrutinee(_) | Parent::LetOperand(_) | Parent::ForIter(_) => return Some((whole, at)),
            // `.iter().enumerate()`
            Parent::Receiver(up) => at = up,
            _ => return None,
        }
    }
}
