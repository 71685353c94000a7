//! Who sends on a channel and who takes from it: the uses of both of its ends, wherever they were brought to.

use super::channels::{Channel, ChannelEnd};
use super::context::{Analysis, Context};
use super::effects::word;
use super::field_uses::FieldUse;
use super::roles::may_be_one;
use crate::model::{BodyId, FieldRef, Parent, Prim, Ty};
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId, LocalId, LoopKind, Pat, PatId, SelectOp, Stmt};

/// How far an end is from the call that uses it: `self.jobs.lock().unwrap().recv()`.
const STEPS: u32 = 10;
/// How deep inside a type its arguments are named.
const TYPE_DEPTH: u32 = 3;

/// What is done with one end of a channel.
#[derive(Clone, Debug, Default)]
pub struct EndUses {
    /// Where messages are sent or taken, in order.
    pub uses: Vec<(BodyId, ExprId)>,
    /// Where the end is only held, in order: a first use of each name that it goes by.
    pub held: Vec<(BodyId, ExprId)>,
    /// The fields that keep the end itself, in order; not those that keep what keeps it.
    pub fields: Vec<FieldRef>,
    /// It goes where it cannot be followed.
    pub escapes: bool,
}

/// Which end is looked for, and what is done with it.
struct Wanted {
    role: Name,
    does: Name,
    ty: Ty,
}

impl Context<'_> {
    /// Where messages are sent on a channel.
    pub fn sending_uses(&self, channel: &Channel) -> EndUses {
        let wanted = Wanted { role: word::SENDER, does: word::SENDS, ty: self.end_type(channel, channel.sender) };
        self.uses_of_end(&self.sending_end(channel), &wanted)
    }

    /// Where messages are taken from a channel.
    pub fn receiving_uses(&self, channel: &Channel) -> EndUses {
        let wanted =
            Wanted { role: word::RECEIVER, does: word::RECEIVES, ty: self.end_type(channel, channel.receiver) };
        self.uses_of_end(&self.receiving_end(channel), &wanted)
    }

    fn end_type(&self, channel: &Channel, end: LocalId) -> Ty {
        self.analysis(channel.body).types.local(end).clone()
    }

    /// What a channel carries, where its sender's type says so: `Job`.
    pub fn message_text(&self, channel: &Channel) -> Option<String> {
        match self.analysis(channel.body).types.local(channel.sender) {
            Ty::Adt(_, args) => self.type_text(args.first()?, TYPE_DEPTH),
            _ => None,
        }
    }

    fn type_text(&self, ty: &Ty, depth: u32) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        match ty {
            Ty::Adt(def, args) => {
                let name = self.program.name(*def);
                let args: Option<Vec<String>> = args.iter().map(|arg| self.type_text(arg, depth)).collect();
                let args = args.filter(|args| !args.is_empty());
                Some(args.map_or_else(|| name.to_owned(), |args| format!("{name}<{}>", args.join(", "))))
            }
            Ty::Tuple(parts) if parts.is_empty() => Some("()".to_owned()),
            Ty::Prim(Prim::Bool) => Some("bool".to_owned()),
            _ => None,
        }
    }

    /// The call that makes it, as it is written: `mpsc::sync_channel`.
    pub fn maker_text(&self, channel: &Channel) -> String {
        let analysis = self.analysis(channel.body);
        let name = match analysis.expr(channel.call) {
            Expr::Call { callee, .. } => analysis.body.expr_loc(*callee),
            _ => analysis.call_loc(channel.call),
        };
        let text: String = self.program.text(name).split_whitespace().collect();
        // `mpsc::channel::<Job>`
        text.split("::<").next().unwrap_or_default().to_owned()
    }

    fn uses_of_end(&self, end: &ChannelEnd, wanted: &Wanted) -> EndUses {
        let mut found = EndUses { escapes: end.escapes, ..EndUses::default() };
        for (body, local) in &end.locals {
            self.uses_of_local(self.analysis(*body), *local, wanted, &mut found);
        }
        found.fields = end.fields.iter().map(|(field, _, _)| *field).collect();
        found.fields.sort_unstable();
        found.fields.dedup();
        found.fields.retain(|field| self.keeps_end(*field, wanted));
        for field in found.fields.clone() {
            let Some(name) = self.field(field).map(|data| data.name) else { continue };
            for (body, used) in self.field_uses(name).of(field) {
                let analysis = self.analysis(*body);
                let taken = match used {
                    FieldUse::Expr(expr) => {
                        found.uses.extend(self.used_at(analysis, *expr, wanted));
                        named_by(analysis, *expr)
                    }
                    FieldUse::Pat(pat) => vec![*pat],
                };
                for local in taken.into_iter().filter_map(|pat| bound_in(analysis, pat)) {
                    self.uses_of_local(analysis, local, wanted, &mut found);
                }
            }
        }
        found.uses.sort_unstable();
        found.uses.dedup();
        found.held.sort_unstable();
        found.held.dedup();
        found
    }

    /// Whether a field keeps the end itself, and none of another channel.
    fn keeps_end(&self, field: FieldRef, wanted: &Wanted) -> bool {
        let types = self.program.field_types(field.adt, field.variant);
        types.get(field.index as usize).is_none_or(|ty| self.ends_in(ty, wanted) == Some(true))
    }

    /// Whether the ends of channels in a type may be of this one; `None` where there are none.
    fn ends_in(&self, ty: &Ty, wanted: &Wanted) -> Option<bool> {
        let roles = self.roles();
        let mut fits = None;
        let mut look = |part: &Ty| {
            if roles.says(part, wanted.role) {
                fits = Some(fits == Some(true) || may_be_one(part, &wanted.ty));
            }
            false
        };
        roles.owns(&roles.pointee(ty), &mut look, false, TYPE_DEPTH);
        fits
    }

    fn uses_of_local(&self, analysis: &Analysis<'_>, local: LocalId, wanted: &Wanted, found: &mut EndUses) {
        // A message with a sender in it is sent through another one.
        if self.ends_in(analysis.types.local(local), wanted) == Some(false) {
            return;
        }
        let uses = analysis.tree.uses(local);
        found.held.extend(uses.first().map(|used| (analysis.body.id, *used)));
        found.uses.extend(uses.iter().filter_map(|used| self.used_at(analysis, *used, wanted)));
    }

    /// The call that sends or takes with an end that stands here, behind references, clones and guards.
    fn used_at(&self, analysis: &Analysis<'_>, expr: ExprId, wanted: &Wanted) -> Option<(BodyId, ExprId)> {
        let mut at = expr;
        for _ in 0..STEPS {
            at = match analysis.tree.parent(at) {
                Parent::Receiver(call) => match analysis.callee(call).map(|callee| self.effects(callee)) {
                    Some(effects) if effects.has(wanted.does) => return Some((analysis.body.id, call)),
                    _ => call,
                },
                Parent::ForIter(up) => {
                    // Not a list of receivers.
                    let is_end = self.roles().says(&self.roles().pointee(analysis.types.ty(at)), wanted.role);
                    let takes = wanted.does == word::RECEIVES && (is_end || at != expr);
                    return takes.then_some((analysis.body.id, up));
                }
                Parent::SelectOperand(up, index) => {
                    let Expr::Select(arms) = analysis.expr(up) else { return None };
                    let sends = matches!(arms.get(index as usize)?.op, SelectOp::Send(..));
                    return (sends == (wanted.does == word::SENDS)).then_some((analysis.body.id, up));
                }
                Parent::RefOperand(up)
                | Parent::DerefOperand(up)
                | Parent::FieldBase(up)
                | Parent::IndexBase(up)
                | Parent::TryOperand(up)
                | Parent::AwaitOperand(up)
                | Parent::BlockTail(up) => up,
                _ => return None,
            };
        }
        None
    }
}

/// The patterns that give a name to what stands here, behind references and accesses: `if let Some(jobs) = &self.jobs`.
fn named_by(analysis: &Analysis<'_>, expr: ExprId) -> Vec<PatId> {
    let mut at = expr;
    for _ in 0..STEPS {
        at = match analysis.tree.parent(at) {
            Parent::LetInit(block, index) => {
                let Expr::Block(block) = analysis.expr(block) else { return Vec::new() };
                return match block.stmts.get(index as usize) {
                    Some(Stmt::Let { pat, .. }) => vec![*pat],
                    _ => Vec::new(),
                };
            }
            Parent::LetOperand(up) => {
                let Expr::Let { pat, .. } = analysis.expr(up) else { return Vec::new() };
                return vec![*pat];
            }
            Parent::Scrutinee(up) => {
                let Expr::Match { arms, .. } = analysis.expr(up) else { return Vec::new() };
                return arms.iter().map(|arm| arm.pat).collect();
            }
            Parent::ForIter(up) => {
                let Expr::Loop(data) = analysis.expr(up) else { return Vec::new() };
                let LoopKind::For { pat, .. } = data.kind else { return Vec::new() };
                return vec![pat];
            }
            Parent::Receiver(up)
            | Parent::RefOperand(up)
            | Parent::DerefOperand(up)
            | Parent::IndexBase(up)
            | Parent::TryOperand(up) => up,
            _ => return Vec::new(),
        };
    }
    Vec::new()
}

/// The local that a pattern binds as a whole, `Some(local)` included.
fn bound_in(analysis: &Analysis<'_>, pat: PatId) -> Option<LocalId> {
    let mut at = pat;
    for _ in 0..STEPS {
        at = match &analysis.body.pat(at).kind {
            Pat::Bind { local, .. } => return Some(*local),
            Pat::TupleStruct { pats, .. } | Pat::Tuple(pats) => match &**pats {
                [only] => *only,
                _ => return None,
            },
            Pat::Ref(inner) => *inner,
            _ => return None,
        };
    }
    None
}
