//! What is collected while one body is lowered: arenas, the scopes of its locals, its closures and its loops.
//!
//! Invariants: a name means the innermost binding before it; an id that its parent must have before it exists (a closure's
//! in its locals, a loop's in its jumps) is a placeholder until the parent is added.

use super::super::ir::{Body, Cfg, Expr, ExprData, ExprId, Local, LocalId, LocalItemId, PatData, PatId};
use crate::source::{Name, Span};

/// Ids of closures that are not added yet count down from here.
const PENDING: u32 = u32::MAX;

#[derive(Default)]
pub(super) struct BodyBuilder {
    /// The function, constant or static; `None` outside of bodies.
    pub(super) owner: Option<LocalItemId>,
    pub(super) exprs: Vec<ExprData>,
    pub(super) pats: Vec<PatData>,
    pub(super) locals: Vec<Local>,
    pub(super) self_local: Option<LocalId>,
    pub(super) params: Vec<PatId>,
    pub(super) mentions: Vec<Name>,
    cfgs: Vec<(ExprId, ExprId, Cfg)>,
    /// How many closures each local is declared in.
    local_depths: Vec<u32>,
    scope: Vec<(Name, LocalId)>,
    /// Where the pattern being lowered starts in `scope`.
    pattern_start: usize,
    closures: Vec<ClosureScope>,
    closures_seen: u32,
    loops: Vec<LoopScope>,
    /// Jumps whose loop is not added yet, by the loop's serial number.
    jumps: Vec<(u32, ExprId)>,
    loops_seen: u32,
}

struct ClosureScope {
    placeholder: ExprId,
    captures: Vec<LocalId>,
    first_local: usize,
    /// The loops outside, which no jump inside can reach.
    outer_loops: Vec<LoopScope>,
}

struct LoopScope {
    serial: u32,
    label: Option<Name>,
    is_block: bool,
}

impl BodyBuilder {
    /// The finished body; the builder is empty again.
    pub(super) fn finish(&mut self, owner: LocalItemId, root: ExprId) -> Body {
        self.mentions.sort_unstable();
        self.mentions.dedup();
        let body = Body {
            owner,
            // Draining gives vectors of the right size and leaves the room for the next body.
            exprs: self.exprs.drain(..).collect(),
            pats: self.pats.drain(..).collect(),
            locals: self.locals.drain(..).collect(),
            self_local: self.self_local.take(),
            params: self.params.drain(..).collect(),
            root,
            cfgs: self.cfgs.drain(..).collect(),
            mentions: self.mentions.as_slice().into(),
        };
        self.clear();
        body
    }

    /// Forgets everything but the room.
    pub(super) fn clear(&mut self) {
        self.owner = None;
        self.exprs.clear();
        self.pats.clear();
        self.locals.clear();
        self.self_local = None;
        self.params.clear();
        self.cfgs.clear();
        self.mentions.clear();
        self.local_depths.clear();
        self.scope.clear();
        self.pattern_start = 0;
        self.closures.clear();
        self.closures_seen = 0;
        self.loops.clear();
        self.jumps.clear();
        self.loops_seen = 0;
    }

    /// The next expression's id.
    pub(super) fn next_expr(&self) -> ExprId {
        ExprId(self.exprs.len() as u32)
    }

    /// Remembers that the expressions from `first` on are there only where a predicate holds.
    pub(super) fn note_cfg(&mut self, first: ExprId, cfg: Cfg) {
        self.cfgs.push((first, self.next_expr(), cfg));
    }

    /// Marks where a scope starts, for [`BodyBuilder::leave`].
    pub(super) fn enter(&self) -> usize {
        self.scope.len()
    }

    /// Forgets the bindings since `mark`.
    pub(super) fn leave(&mut self, mark: usize) {
        self.scope.truncate(mark);
    }

    /// Starts a pattern: its alternatives share their locals.
    pub(super) fn start_pattern(&mut self) {
        self.pattern_start = self.scope.len();
    }

    /// Binds a name; one that the same pattern bound already is the same local.
    pub(super) fn bind(&mut self, name: Name, span: Span, mutable: bool, by_ref: bool) -> LocalId {
        let so_far = self.scope.get(self.pattern_start..).unwrap_or_default();
        if let Some((_, local)) = so_far.iter().find(|(bound, _)| *bound == name) {
            return *local;
        }
        let id = LocalId(self.locals.len() as u32);
        let closure = self.closures.last().map(|scope| scope.placeholder);
        self.locals.push(Local { name, span, mutable, by_ref, closure, ty: None });
        self.local_depths.push(self.closures.len() as u32);
        self.scope.push((name, id));
        id
    }

    /// The local that a name means here, captured by the closures between its declaration and here.
    pub(super) fn resolve(&mut self, name: Name) -> Option<LocalId> {
        let (_, local) = self.scope.iter().rev().find(|(bound, _)| *bound == name)?;
        let declared_in = self.local_depths.get(local.index()).map_or(0, |depth| *depth as usize);
        for closure in self.closures.get_mut(declared_in..).unwrap_or_default() {
            if !closure.captures.contains(local) {
                closure.captures.push(*local);
            }
        }
        Some(*local)
    }

    pub(super) fn enter_closure(&mut self) {
        let placeholder = ExprId(PENDING - self.closures_seen);
        self.closures_seen += 1;
        let outer_loops = std::mem::take(&mut self.loops);
        let first_local = self.locals.len();
        self.closures.push(ClosureScope { placeholder, captures: Vec::new(), first_local, outer_loops });
    }

    /// Ends the innermost closure, which will be the next expression; gives its captures.
    pub(super) fn leave_closure(&mut self) -> Box<[LocalId]> {
        let Some(closure) = self.closures.pop() else { return Box::default() };
        let id = ExprId(self.exprs.len() as u32);
        for local in self.locals.iter_mut().skip(closure.first_local) {
            if local.closure == Some(closure.placeholder) {
                local.closure = Some(id);
            }
        }
        self.loops = closure.outer_loops;
        closure.captures.into_boxed_slice()
    }

    /// Enters a loop, or a labelled block.
    pub(super) fn enter_loop(&mut self, label: Option<Name>, is_block: bool) {
        self.loops.push(LoopScope { serial: self.loops_seen, label, is_block });
        self.loops_seen += 1;
    }

    /// Ends the innermost loop, which will be the next expression: the jumps to it learn its id.
    pub(super) fn leave_loop(&mut self) {
        let Some(scope) = self.loops.pop() else { return };
        let id = ExprId(self.exprs.len() as u32);
        while let Some((serial, jump)) = self.jumps.last()
            && *serial >= scope.serial
        {
            // A greater serial is a loop inside that was left already, and with it its jumps.
            if let Some(ExprData { kind: Expr::Break { target, .. } | Expr::Continue { target }, .. }) =
                self.exprs.get_mut(jump.index())
            {
                *target = Some(id);
            }
            self.jumps.pop();
        }
    }

    /// The loop that a jump goes to, by its serial number.
    pub(super) fn find_loop(&self, label: Option<Name>) -> Option<u32> {
        let found = self.loops.iter().rev().find(|scope| match label {
            Some(label) => scope.label == Some(label),
            None => !scope.is_block,
        });
        found.map(|scope| scope.serial)
    }

    /// Remembers that `jump` waits for its loop's id.
    pub(super) fn add_jump(&mut self, serial: u32, jump: ExprId) {
        // Kept by serial number, so that a loop finds its jumps at the end.
        let place = self.jumps.partition_point(|(other, _)| *other <= serial);
        self.jumps.insert(place, (serial, jump));
    }
}
