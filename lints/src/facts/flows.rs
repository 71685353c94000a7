//! The control-flow graphs of bodies and of the closures in them, built when they are asked for.

use super::context::Context;
use crate::model::BodyId;
use crate::model::flow::{BodyView, Flow, FlowRoot};
use crate::syntax::ir::{Expr, ExprId};
use std::sync::{Arc, OnceLock};

/// The graphs of one body: its own, and one a closure or `async` block.
#[derive(Debug)]
pub(super) struct BodyFlows {
    own: OnceLock<Box<Flow>>,
    closures: Vec<(ExprId, OnceLock<Box<Flow>>)>,
}

impl Context<'_> {
    /// A body with all that is known of it, as the model's analyses want it.
    pub fn view(&self, body: BodyId) -> BodyView<'_> {
        let analysis = self.analysis(body);
        BodyView { program: self.program, body: analysis.body, types: &analysis.types, tree: &analysis.tree }
    }

    /// The graph of a body, or of a closure or `async` block in it.
    pub fn flow(&self, body: BodyId, root: FlowRoot) -> &Flow {
        let flows = self.body_flows(body);
        let slot = match root {
            FlowRoot::Body => &flows.own,
            FlowRoot::Closure(expr) => {
                flows.closures.iter().find(|(own, _)| *own == expr).map_or(&flows.own, |(_, slot)| slot)
            }
        };
        slot.get_or_init(|| Box::new(Flow::build(self.view(body), root)))
    }

    /// What the graph of an expression is the graph of: the innermost closure or `async` block around it, or the body.
    pub fn flow_root(&self, body: BodyId, expr: ExprId) -> FlowRoot {
        let analysis = self.analysis(body);
        analysis.tree.enclosing_closure(analysis.body, expr).map_or(FlowRoot::Body, FlowRoot::Closure)
    }

    fn body_flows(&self, body: BodyId) -> &BodyFlows {
        match self.flows.get(body.index()) {
            Some(slot) => slot.get_or_init(|| Arc::new(self.empty_flows(body))),
            // Every `BodyId` comes from this program.
            None => unreachable!("a body of another program"),
        }
    }

    fn empty_flows(&self, body: BodyId) -> BodyFlows {
        let exprs = self.program.body(body).ir.exprs.iter().enumerate();
        let closures = exprs.filter(|(_, data)| matches!(data.kind, Expr::Closure(_) | Expr::Async { .. }));
        BodyFlows {
            own: OnceLock::new(),
            closures: closures.map(|(index, _)| (ExprId(index as u32), OnceLock::new())).collect(),
        }
    }
}
