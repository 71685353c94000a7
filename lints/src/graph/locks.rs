//! The locks that are taken while others are held.

use super::build::{Builder, function_name};
use super::{Detail, EdgeKind, Node, NodeKind};
use crate::facts::{LockNode, OrderEdge, PathRoot, PathStep, Place};
use crate::model::DefId;

/// Adds them, in the order in which they are taken, and marks the ways round.
pub(super) fn add(builder: &mut Builder<'_, '_>) {
    let order = builder.cx.lock_order();
    let in_circle: Vec<&LockNode> = order.cycles.iter().flat_map(|cycle| &cycle.edges).map(|edge| &edge.from).collect();
    // A parameter or a part of a pattern is a name for a lock that others know by another.
    let is_lock = |node: &LockNode| match node {
        LockNode::Place(Place::Local(body, local)) => {
            in_circle.contains(&node) || builder.cx.analysis(*body).declared_as(*local).is_some()
        }
        LockNode::Object(path) => path.is_static() || in_circle.contains(&node),
        LockNode::Place(_) | LockNode::Part(_) => true,
    };
    let edges: Vec<&OrderEdge<'_>> =
        order.pairs.iter().flatten().filter(|edge| is_lock(&edge.from) && is_lock(&edge.to)).collect();
    for edge in edges {
        let Some(ends) = ends(builder, edge) else { continue };
        let (body, expr) = edge
            .held
            .reached
            .chain
            .first()
            .map_or_else(|| edge.held.reached.act.site(builder.cx), |step| (step.body, step.call));
        let mut place = builder.place_in(body, expr);
        let mut threads = builder.thread_names(body, expr);
        threads.retain(|name| *name != place.text);
        if !threads.is_empty() {
            place.text = format!("{}, on {}", place.text, threads.join(", "));
        }
        builder.edge(EdgeKind::LockedUnder, ends, place);
    }
    for edge in order.cycles.iter().flat_map(|cycle| &cycle.edges) {
        if let Some((from, to)) = ends(builder, edge) {
            builder.close(EdgeKind::LockedUnder, from, to);
        }
    }
}

/// The nodes of the lock that is held and of the one that is taken; `None` where nobody asks for the code.
fn ends(builder: &mut Builder<'_, '_>, edge: &OrderEdge<'_>) -> Option<(usize, usize)> {
    let owner = builder.cx.program.body(edge.held.body).owner;
    if !builder.is_asked_for(owner) {
        return None;
    }
    Some((lock(builder, &edge.from, owner)?, lock(builder, &edge.to, owner)?))
}

fn lock(builder: &mut Builder<'_, '_>, lock: &LockNode, owner: DefId) -> Option<usize> {
    let cx = builder.cx;
    let place = match lock {
        LockNode::Place(place) => *place,
        LockNode::Object(path) => match path.root {
            PathRoot::Local(body, local) => Place::Local(body, local),
            PathRoot::Static(def) => Place::Static(def),
        },
        LockNode::Part(steps) => steps.iter().rev().find_map(|step| match step {
            PathStep::Field(field) => Some(Place::Field(*field)),
            PathStep::Element(_) => None,
        })?,
    };
    let (home, details) = match place {
        Place::Field(field) => (field.adt, Vec::new()),
        Place::Static(def) => (def, Vec::new()),
        Place::Local(body, _) => {
            let function = function_name(cx, cx.program.body(body).owner);
            (owner, vec![Detail { text: format!("local of {function}"), loc: None }])
        }
    };
    let node = Node {
        kind: NodeKind::Lock,
        name: cx.lock_node_text(lock),
        details,
        loc: cx.place_loc(place)?,
        krate: String::new(),
        many: false,
    };
    Some(builder.node(builder.in_crate(home, node)))
}
