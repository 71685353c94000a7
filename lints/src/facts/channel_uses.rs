//! Who sends on a channel and who takes from it: the uses of both of its ends, wherever they were brought to.

use super::channels::{Channel, ChannelEnd};
use super::context::{Analysis, Context};
use super::effects::word;
use super::field_uses::FieldUse;
use crate::model::{BodyId, FieldRef, Parent, Ty};
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId, LocalId, Pat, PatId};

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

impl Context<'_> {
    /// Where messages are sent on a channel.
    pub fn sending_uses(&self, channel: &Channel) -> EndUses {
        self.uses_of_end(&self.sending_end(channel), word::SENDER, word::SENDS)
    }

    /// Where messages are taken from a channel.
    pub fn receiving_uses(&self, channel: &Channel) -> EndUses {
        self.uses_of_end(&self.receiving_end(channel), word::RECEIVER, word::RECEIVES)
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
        let Ty::Adt(def, args) = ty else { return None };
        let args: Vec<String> = args.iter().filter_map(|arg| self.type_text(arg, depth)).collect();
        let name = self.program.name(*def);
        Some(if args.is_empty() { name.to_owned() } else { format!("{name}<{}>", args.join(", ")) })
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

    fn uses_of_end(&self, end: &ChannelEnd, role: Name, wanted: Name) -> EndUses {
        let mut found = EndUses { escapes: end.escapes, ..EndUses::default() };
        for (body, local) in &end.locals {
            self.uses_of_local(self.analysis(*body), *local, wanted, &mut found);
        }
        found.fields = end.fields.iter().map(|(field, _, _)| *field).collect();
        found.fields.sort_unstable();
        found.fields.dedup();
        found.fields.retain(|field| self.keeps_end(*field, role));
        for field in found.fields.clone() {
            let Some(name) = self.field(field).map(|data| data.name) else { continue };
            for (body, used) in self.field_uses(name).of(field) {
                let analysis = self.analysis(*body);
                match used {
                    FieldUse::Expr(expr) => found.uses.extend(self.used_at(analysis, *expr, wanted)),
                    FieldUse::Pat(pat) => {
                        if let Some(local) = bound_in(analysis, *pat) {
                            self.uses_of_local(analysis, local, wanted, &mut found);
                        }
                    }
                }
            }
        }
        found.uses.sort_unstable();
        found.uses.dedup();
        found.held.sort_unstable();
        found.held.dedup();
        found
    }

    fn keeps_end(&self, field: FieldRef, role: Name) -> bool {
        let types = self.program.field_types(field.adt, field.variant);
        let is_end = |ty: &Ty| {
            let roles = self.roles();
            roles.owns(&roles.pointee(ty), &mut |part| roles.says(part, role), false, TYPE_DEPTH)
        };
        types.get(field.index as usize).is_none_or(is_end)
    }

    fn uses_of_local(&self, analysis: &Analysis<'_>, local: LocalId, wanted: Name, found: &mut EndUses) {
        let uses = analysis.tree.uses(local);
        found.held.extend(uses.first().map(|used| (analysis.body.id, *used)));
        found.uses.extend(uses.iter().filter_map(|used| self.used_at(analysis, *used, wanted)));
    }

    /// The call that sends or takes with an end that stands here, behind references, clones and guards.
    fn used_at(&self, analysis: &Analysis<'_>, expr: ExprId, wanted: Name) -> Option<(BodyId, ExprId)> {
        let mut at = expr;
        for _ in 0..STEPS {
            at = match analysis.tree.parent(at) {
                Parent::Receiver(call) => match analysis.callee(call).map(|callee| self.effects(callee)) {
                    Some(effects) if effects.has(wanted) => return Some((analysis.body.id, call)),
                    _ => call,
                },
                Parent::ForIter(up) | Parent::SelectOperand(up, _) => return Some((analysis.body.id, up)),
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
