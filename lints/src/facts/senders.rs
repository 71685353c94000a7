//! Who keeps a channel open, and who says goodbye on it: whether the disconnect that a loop waits for can ever come.
//!
//! A thread keeps its own channel open where a sender lives in its code, in what its closure captures, or beside the
//! receiver in its struct, and never goes anywhere from there. That is proved, from the `let (sender, receiver) = channel()`
//! on; that a sender *may* be there is enough to conclude nothing.

use super::context::{Analysis, Context};
use super::effects::word;
use super::entry::Entry;
use super::exec::{Execution, StepKind};
use super::place::Place;
use super::threads::Thread;
use crate::model::{BodyId, DefId, FieldRef, Parent, Ty};
use crate::source::Loc;
use crate::syntax::ir::{Expr, ExprId, ItemKind, LocalId, Pat, PatId, Stmt};

/// How many calls a sender is followed into.
const CALL_DEPTH: u32 = 2;
/// How many helpers deep a `Drop` is read.
const DROP_DEPTH: u32 = 2;

/// A sender that a thread keeps of a channel it receives from.
#[derive(Clone, Debug)]
pub struct OwnSender {
    /// The receiver.
    pub receiver: Place,
    /// What the sender is called, or what holds it.
    pub name: String,
    /// The name is that of something that holds the sender.
    pub is_inside: bool,
    /// Where it is declared.
    pub loc: Loc,
    /// Nobody ever sends with it, and there is no other: no message comes either.
    pub is_silent: bool,
}

/// A channel that a body makes: `let (sender, receiver) = channel();`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Channel {
    /// The block that it stands in.
    pub(super) block: ExprId,
    pub(super) sender: LocalId,
    pub(super) receiver: LocalId,
}

impl Context<'_> {
    /// The receivers whose sender lives in the thread's own code or captures, and is never given away.
    pub(super) fn own_senders(&self, entry: Entry) -> Vec<OwnSender> {
        let Some((body, root)) = entry.code(self) else { return Vec::new() };
        let analysis = self.analysis(body);
        let mut own = Vec::new();
        for channel in self.channels(analysis) {
            let is_inside = analysis.tree.is_inside(channel.block, root);
            let kept = match is_inside {
                true => self.keeps(analysis, channel.sender, root, CALL_DEPTH).then_some(channel.sender),
                false => self.captured_sender(analysis, entry, channel, root),
            };
            let Some(kept) = kept else { continue };
            own.push(OwnSender {
                receiver: Place::Local(body, channel.receiver),
                name: self.program.name_text(analysis.body.owner, analysis.body.local(kept).name).to_owned(),
                loc: analysis.body.loc(analysis.body.local(kept).span),
                is_inside: false,
                is_silent: self.never_sends(analysis, channel.sender),
            });
        }
        own
    }

    /// A sender of a channel, or a clone of it, that a `move` closure takes along with the receiver and then keeps.
    fn captured_sender(
        &self,
        analysis: &Analysis<'_>,
        entry: Entry,
        channel: Channel,
        root: ExprId,
    ) -> Option<LocalId> {
        let Entry::Closure(body, closure) = entry else { return None };
        let Expr::Closure(data) = analysis.expr(closure) else { return None };
        if !data.is_move || !data.captures.contains(&channel.receiver) {
            return None;
        }
        let sender = Place::Local(body, channel.sender);
        data.captures.iter().copied().find(|local| {
            let mut uses = analysis.tree.uses(*local).iter().filter(|used| analysis.tree.is_inside(**used, root));
            let is_same = uses.next().is_some_and(|used| self.place(analysis, *used) == Some(sender));
            is_same && self.keeps(analysis, *local, root, CALL_DEPTH)
        })
    }

    /// The channels of the execution's loops whose sender lives in a field beside the receiver's.
    pub(super) fn kept_beside(&self, execution: &Execution) -> Vec<OwnSender> {
        let mut seen: Vec<FieldRef> = Vec::new();
        for step in execution.loops.iter().flat_map(|(_, facts)| &facts.steps) {
            let receives = matches!(step.kind, StepKind::Receive | StepKind::ReceiveTimed | StepKind::ReceiveTry);
            if let (true, Some(Place::Field(field))) = (receives, step.place)
                && !seen.contains(&field)
            {
                seen.push(field);
            }
        }
        seen.into_iter().filter_map(|field| self.beside(field)).collect()
    }

    /// The sender's field where every literal of the struct puts both ends of one channel into it, and the sender never
    /// leaves it.
    fn beside(&self, receiver: FieldRef) -> Option<OwnSender> {
        if !matches!(self.program.item(receiver.adt).kind, ItemKind::Struct(_)) {
            return None;
        }
        let types = self.program.field_types(receiver.adt, 0);
        let sender = types.iter().position(|ty| self.roles().says(ty, word::SENDER))?;
        let sender = FieldRef { index: sender as u32, ..receiver };
        let (sender_data, receiver_data) = (self.field(sender)?, self.field(receiver)?);
        if self.is_mentioned_unread(self.program.name(receiver.adt)) {
            return None;
        }
        let mut made = false;
        for body in self.bodies_mentioning(&[sender_data.name]) {
            let analysis = self.analysis(body.id);
            for (literal, target) in &analysis.types.literals {
                if *target != (receiver.adt, 0) {
                    continue;
                }
                let Expr::Struct(data) = analysis.expr(*literal) else { return None };
                let value = |name| data.fields.iter().find(|(own, _, _)| *own == name).map(|(_, _, value)| *value);
                let end = |name| match self.place(analysis, value(name)?)? {
                    Place::Local(_, local) => Some(local),
                    _ => None,
                };
                let (sender, receiver) = (end(sender_data.name)?, end(receiver_data.name)?);
                self.channels(analysis).find(|own| own.sender == sender && own.receiver == receiver)?;
                made = true;
            }
            if !self.stays_in_field(analysis, sender) {
                return None;
            }
        }
        made.then(|| OwnSender {
            receiver: Place::Field(receiver),
            name: self.field_text(sender),
            loc: self.field_loc(sender).unwrap_or_else(|| self.program.name_loc(sender.adt)),
            is_inside: false,
            is_silent: false,
        })
    }

    /// Whether a body only borrows what is in a field.
    fn stays_in_field(&self, analysis: &Analysis<'_>, field: FieldRef) -> bool {
        let moved_out = analysis.types.pat_fields.iter().any(|(pat, own)| {
            let by_ref = match &analysis.body.pat(*pat).kind {
                Pat::Bind { local, .. } => matches!(analysis.types.local(*local), Ty::Ref(false, _)),
                Pat::Wild => true,
                _ => false,
            };
            *own == field && !by_ref
        });
        let borrowed = analysis
            .types
            .fields
            .iter()
            .filter(|(_, (own, _))| *own == field)
            .all(|(expr, _)| self.is_borrowed(analysis, *expr));
        !moved_out && borrowed
    }

    /// The channels that a body makes.
    pub(super) fn channels<'n>(&'n self, analysis: &'n Analysis<'_>) -> impl Iterator<Item = Channel> + 'n {
        let blocks = analysis.body.ir.exprs.iter().enumerate().filter_map(|(index, data)| match &data.kind {
            Expr::Block(block) => Some((ExprId(index as u32), block)),
            _ => None,
        });
        blocks.flat_map(|(id, block)| block.stmts.iter().map(move |stmt| (id, stmt))).filter_map(|(block, stmt)| {
            let Stmt::Let { pat, init: Some(init), .. } = stmt else { return None };
            let made_by = analysis.callee(*init)?;
            let Pat::Tuple(pats) = &analysis.body.pat(*pat).kind else { return None };
            let [sender, receiver] = &**pats else { return None };
            let (sender, receiver) = (bound(analysis, *sender)?, bound(analysis, *receiver)?);
            self.effects(made_by).has(word::CHANNEL).then_some(Channel { block, sender, receiver })
        })
    }

    /// Whether a sender stays alive as long as the code at `root` runs: it is declared there or captured, and only borrowed.
    fn keeps(&self, analysis: &Analysis<'_>, sender: LocalId, root: ExprId, depth: u32) -> bool {
        let home = match analysis.body.expr(root).span.contains(analysis.body.local(sender).span) {
            true => analysis.body.local(sender).closure,
            false => analysis.tree.enclosing_closure(analysis.body, root),
        };
        let mut uses = analysis.tree.uses(sender).iter().filter(|used| analysis.tree.is_inside(**used, root));
        uses.all(|used| {
            // What another closure takes along lives as long as that closure.
            analysis.tree.enclosing_closure(analysis.body, *used) == home
                && (self.is_borrowed(analysis, *used)
                    || (depth > 0 && self.is_handed_to_keeper(analysis, *used, root, depth)))
        })
    }

    /// Whether nobody sends with a sender, clones it or lends it.
    fn never_sends(&self, analysis: &Analysis<'_>, sender: LocalId) -> bool {
        analysis.tree.uses(sender).iter().all(|used| match analysis.tree.parent(*used) {
            Parent::LetInit(block, index) => match let_pattern(analysis, block, index) {
                Some(Pat::Bind { local, .. }) => self.never_sends(analysis, *local),
                pat => matches!(pat, Some(Pat::Wild)),
            },
            _ => false,
        })
    }

    /// Whether a use only borrows.
    pub(super) fn is_borrowed(&self, analysis: &Analysis<'_>, used: ExprId) -> bool {
        match analysis.tree.parent(used) {
            Parent::Receiver(call) => analysis.callee(call).is_some_and(|callee| {
                let by_ref = self.program.signature(callee).and_then(|signature| signature.self_ty.clone());
                matches!(by_ref, Some(Ty::Ref(..)))
            }),
            Parent::RefOperand(up) => matches!(analysis.expr(up), Expr::Ref { mutable: false, .. }),
            _ => false,
        }
    }

    /// `run(sender, receiver)`, where the function keeps the sender as long as it runs; `let _sender = sender;`.
    fn is_handed_to_keeper(&self, analysis: &Analysis<'_>, used: ExprId, root: ExprId, depth: u32) -> bool {
        if let Parent::LetInit(block, index) = analysis.tree.parent(used) {
            return match let_pattern(analysis, block, index) {
                Some(Pat::Bind { local, .. }) => self.keeps(analysis, *local, root, depth - 1),
                // It moves nothing.
                pat => matches!(pat, Some(Pat::Wild)),
            };
        }
        let Parent::Arg(call, index) = analysis.tree.parent(used) else { return false };
        let Some(callee) = analysis.callee(call).filter(|callee| self.program.is_user(*callee)) else { return false };
        let Some(body) = self.program.body_of(callee) else { return false };
        let inner = self.analysis(body);
        let shift = u32::from(matches!(analysis.expr(call), Expr::Call { .. }) && inner.body.ir.self_local.is_some());
        let pat = index.checked_sub(shift).and_then(|index| inner.body.ir.params.get(index as usize));
        let local = pat.and_then(|pat| bound(inner, *pat));
        let is_async = self.program.function(callee).is_none_or(|function| function.is_async);
        !is_async && local.is_some_and(|local| self.keeps(inner, local, inner.body.ir.root, depth - 1))
    }

    /// Whether something on the receiver's own side may hold a sender of its channel, or somebody holds one for good: then a
    /// disconnect may never come, and nothing is concluded from one.
    pub fn may_be_self_connected(&self, thread: &Thread, receiver: Place) -> bool {
        if thread.world.connected.contains(&receiver) {
            return true;
        }
        match receiver {
            Place::Field(field) => self.has_sibling_sender(field),
            Place::Static(_) => true,
            Place::Local(body, local) => {
                let analysis = self.analysis(body);
                let message = self.message(&analysis.types.local(local).clone());
                self.captures_sender(thread.spawn.entry, message.as_ref(), receiver)
                    || self.is_timer(analysis, local)
                    || self.gives_sender_inside(thread, analysis, local)
                    || self.is_kept_for_good(analysis, local)
            }
        }
    }

    /// Whether a receiver is a clock (`tick`, `after`, `never`): it has no sender to lose.
    fn is_timer(&self, analysis: &Analysis<'_>, receiver: LocalId) -> bool {
        let made_by = analysis.initializer(receiver).and_then(|init| analysis.callee(init));
        made_by.is_some_and(|callee| self.effects(callee).with(word::CHANNEL, "timer"))
    }

    /// Whether the thread's own code gives the sender of a receiver to something: a watcher that lives as long as the loop.
    fn gives_sender_inside(&self, thread: &Thread, analysis: &Analysis<'_>, receiver: LocalId) -> bool {
        let Some((body, root)) = thread.spawn.entry.code(self) else { return true };
        let sender = self.channels(analysis).find(|own| own.receiver == receiver).map(|own| own.sender);
        let inside = |used: &ExprId| analysis.body.id == body && analysis.tree.is_inside(*used, root);
        sender.is_some_and(|sender| analysis.tree.uses(sender).iter().any(inside))
    }

    /// Whether the sender of a receiver goes into a static, or is forgotten.
    fn is_kept_for_good(&self, analysis: &Analysis<'_>, receiver: LocalId) -> bool {
        let Some(channel) = self.channels(analysis).find(|own| own.receiver == receiver) else { return false };
        let is_static = |expr: ExprId| matches!(self.place(analysis, expr), Some(Place::Static(_)));
        analysis.tree.uses(channel.sender).iter().any(|used| {
            let mut at = *used;
            for _ in 0..4 {
                at = match analysis.tree.parent(at) {
                    // `SENDER.set(sender)`, `Some(sender)`, `Mutex::new(sender)`
                    Parent::Arg(call, _) => {
                        let effects = analysis.callee(call).map(|callee| self.effects(callee));
                        if effects.is_some_and(|effects| effects.has(word::FORGETS)) {
                            return true;
                        }
                        match analysis.expr(call) {
                            Expr::MethodCall(method) => return is_static(method.receiver),
                            _ => call,
                        }
                    }
                    Parent::AssignValue(assign) => match analysis.expr(assign) {
                        Expr::Assign { target, .. } => return is_static(*target),
                        _ => return false,
                    },
                    Parent::Receiver(call) => call,
                    _ => return false,
                };
            }
            false
        })
    }

    /// Whether every sender of a channel that an object keeps has told the loop to stop before it is gone: a `Drop` sends on
    /// it. The disconnect alone then never comes.
    pub fn says_goodbye(&self, receiver: Place) -> bool {
        let ty = self.place_type(receiver);
        let Some(message) = ty.and_then(|ty| self.message(&ty)) else { return false };
        let senders = self.sender_fields(receiver);
        // Messages of a type of the crate's own go over one channel, nearly always.
        let is_own = message.adt().is_some_and(|adt| self.program.is_user(adt));
        self.program.user_defs().any(|def| {
            let ItemKind::Struct(data) = &self.program.item(def).kind else { return false };
            let types = self.program.field_types(def, 0);
            let holds = (0..data.fields.len() as u32).any(|index| {
                let own = FieldRef { adt: def, variant: 0, index };
                // The field itself, or one of what it holds.
                let is_inside = |ty: &Ty| senders.iter().any(|sender| ty.adt() == Some(sender.adt));
                let holds_it =
                    || types.get(index as usize).is_some_and(|ty| self.roles().owns(ty, &mut { is_inside }, true, 4));
                let fed = is_own || senders.contains(&own) || holds_it();
                fed && types.get(index as usize).is_some_and(|ty| self.owns_sender(ty, Some(&message)))
            });
            holds && self.program.drop_function(def).is_some_and(|drop| self.sends(drop, &message, DROP_DEPTH))
        })
    }

    /// The type of a local or field.
    pub(super) fn place_type(&self, place: Place) -> Option<Ty> {
        match place {
            Place::Field(field) => self.field_type(field).cloned(),
            Place::Local(body, local) => Some(self.analysis(body).types.local(local).clone()),
            Place::Static(_) => None,
        }
    }

    /// The sender of a receiver that lives in a function to its end: a local that is only borrowed.
    pub(super) fn local_sender(&self, receiver: Place, function: DefId) -> Option<Place> {
        let Place::Local(body, receiver) = receiver else { return None };
        let analysis = self.analysis(body);
        let receiver = self.wrapped(analysis, receiver);
        let channel = self.channels(analysis).find(|own| own.receiver == receiver)?;
        let stays = analysis.tree.uses(channel.sender).iter().all(|used| self.is_borrowed(analysis, *used));
        let is_here = analysis.body.owner == function && analysis.body.local(channel.sender).closure.is_none();
        (is_here && stays).then_some(Place::Local(body, channel.sender))
    }

    /// The fields that the sender of a receiver goes into, where the channel is made.
    pub(super) fn sender_fields(&self, receiver: Place) -> Vec<FieldRef> {
        let mut fields = Vec::new();
        for (body, receiver) in self.receiver_locals(receiver) {
            let analysis = self.analysis(body);
            let Some(channel) = self.channels(analysis).find(|own| own.receiver == receiver) else { continue };
            fields.extend(self.fields_filled_with(analysis, channel.sender));
        }
        fields.sort_unstable();
        fields.dedup();
        fields
    }

    /// The locals that a receiver was made as.
    fn receiver_locals(&self, receiver: Place) -> Vec<(BodyId, LocalId)> {
        let field = match receiver {
            Place::Local(body, local) => return vec![(body, self.wrapped(self.analysis(body), local))],
            Place::Field(field) => field,
            Place::Static(_) => return Vec::new(),
        };
        let Some(name) = self.field(field).map(|data| data.name) else { return Vec::new() };
        let mut locals = Vec::new();
        for body in self.bodies_mentioning(&[name]) {
            let analysis = self.analysis(body.id);
            for (literal, target) in &analysis.types.literals {
                let Expr::Struct(data) = analysis.expr(*literal) else { continue };
                if *target == (field.adt, field.variant)
                    && let Some((_, _, value)) = data.fields.iter().find(|(own, _, _)| *own == name)
                    && let Some(Place::Local(body, local)) = self.place(analysis, *value)
                {
                    locals.push((body, self.wrapped(self.analysis(body), local)));
                }
            }
        }
        locals
    }

    /// The receiver that a local holds: `let shared = Arc::new(Mutex::new(receiver));`.
    fn wrapped(&self, analysis: &Analysis<'_>, local: LocalId) -> LocalId {
        let mut at = local;
        for _ in 0..4 {
            let Some(mut made) = analysis.initializer(at) else { break };
            while let (Expr::Call { .. }, [inner]) = (analysis.expr(made), analysis.args(made))
                && self.message(analysis.types.ty(*inner)).is_some()
                && analysis.callee(made).is_some_and(|callee| !self.program.is_user(callee))
            {
                made = *inner;
            }
            let Expr::Local(inner) = analysis.expr(made) else { break };
            at = *inner;
        }
        at
    }

    /// Whether a function, or one of the object's own that it calls, sends a message of a type.
    fn sends(&self, function: DefId, message: &Ty, depth: u32) -> bool {
        let Some(body) = self.program.body_of(function) else { return false };
        let analysis = self.analysis(body);
        (0..analysis.body.ir.exprs.len() as u32).map(ExprId).any(|call| {
            let Some(callee) = analysis.callee(call) else { return false };
            if self.program.is_user(callee) {
                return depth > 0 && self.sends(callee, message, depth - 1);
            }
            let receiver = analysis.receiver(self.program, call);
            self.effects(callee).has(word::SENDS)
                && receiver.is_some_and(|receiver| self.message(analysis.types.ty(receiver)).as_ref() == Some(message))
        })
    }

    /// The message type of a channel's end, behind pointers and locks.
    pub(super) fn message(&self, ty: &Ty) -> Option<Ty> {
        let roles = self.roles();
        let mut message = None;
        let mut find = |ty: &Ty| {
            let is_end = roles.says(ty, word::SENDER) || roles.says(ty, word::RECEIVER);
            if is_end {
                message = ty.args().first().cloned();
            }
            is_end
        };
        roles.owns(&roles.pointee(ty), &mut find, false, 6);
        message
    }

    fn has_sibling_sender(&self, field: FieldRef) -> bool {
        let ItemKind::Struct(_) = &self.program.item(field.adt).kind else { return true };
        let types = self.program.field_types(field.adt, 0);
        let message = types.get(field.index as usize).and_then(|ty| self.message(ty));
        types.iter().enumerate().any(|(index, ty)| {
            let sender = FieldRef { index: index as u32, ..field };
            self.owns_sender(ty, message.as_ref()) && !self.are_of_other_channels(sender, field)
        })
    }

    fn captures_sender(&self, entry: Entry, message: Option<&Ty>, receiver: Place) -> bool {
        match entry {
            Entry::Closure(body, expr) => {
                let analysis = self.analysis(body);
                let captures = match analysis.expr(expr) {
                    Expr::Closure(closure) => &closure.captures,
                    Expr::Async { captures, .. } => captures,
                    _ => return true,
                };
                captures.iter().any(|local| {
                    self.owns_sender(analysis.types.local(*local), message)
                        && !self.is_of_other_channel(analysis, *local, receiver)
                })
            }
            Entry::Function(def) => self
                .program
                .signature(def)
                .is_none_or(|signature| signature.params.iter().any(|ty| self.owns_sender(ty, message))),
            Entry::Param(..) | Entry::Unknown => true,
        }
    }

    /// Whether a value of a type holds a sender of such messages.
    pub(super) fn owns_sender(&self, ty: &Ty, message: Option<&Ty>) -> bool {
        let roles = self.roles();
        let same =
            |ty: &Ty| roles.says(ty, word::SENDER) && (message.is_none() || self.message(ty).as_ref() == message);
        roles.owns(&roles.pointee(ty), &mut { same }, true, 4)
    }
}

/// The pattern of a `let` by its place in its block.
fn let_pattern<'n>(analysis: &'n Analysis<'_>, block: ExprId, index: u32) -> Option<&'n Pat> {
    let Expr::Block(block) = analysis.expr(block) else { return None };
    match block.stmts.get(index as usize)? {
        Stmt::Let { pat, .. } => Some(&analysis.body.pat(*pat).kind),
        Stmt::Expr { .. } => None,
    }
}

fn bound(analysis: &Analysis<'_>, pat: PatId) -> Option<LocalId> {
    match &analysis.body.pat(pat).kind {
        Pat::Bind { local, .. } => Some(*local),
        _ => None,
    }
}
