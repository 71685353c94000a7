//! Which of the user's types own which, field by field, and which of them can own themselves.
//!
//! The graph is read from declared field types alone: through `Box`, `Option`, collections, tuples, aliases, locks and the
//! user's own generic types, to the structs and enums of the user's; a `dyn` trait of the user's leads to its implementors.
//! A weak pointer, a reference, a raw pointer, a handle, a channel's end, a closure and a generic payload lead nowhere. A
//! group of types that own each other in a ring is a [`Ring`] where at least one of its fields is a strong pointer and one
//! can be set after the value is shared: no other ring of types can be closed at run time.

use super::context::Context;
use super::effects::{Effects, word};
use crate::model::{Bound, DefId, FieldRef, Program, Ty};
use crate::syntax::ir::ItemKind;
use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use rustc_hash::FxHashMap;

const DEPTH: u32 = 12;

/// A field through which a struct or enum of the user's owns another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Owns {
    /// The field.
    pub field: FieldRef,
    /// What it owns.
    pub target: DefId,
    /// The strong pointer on the way (`Arc`, `Rc`).
    pub strong: Option<DefId>,
    /// The field can change through a shared reference to what lies on the way.
    pub interior: bool,
    /// It holds any number.
    pub many: bool,
    /// It leads through a `dyn` trait of the user's: the target is one implementor of perhaps several.
    pub through_dyn: bool,
}

/// Types that own each other in a ring.
#[derive(Clone, Debug)]
pub struct Ring {
    /// The types, in order of declaration.
    pub types: Vec<DefId>,
    /// The fields between them, in order.
    pub edges: Vec<Owns>,
}

/// The type graph.
#[derive(Debug, Default)]
pub struct Ownership {
    edges: FxHashMap<FieldRef, Vec<Owns>>,
    rings: Vec<Ring>,
}

impl Ownership {
    pub(super) fn collect(cx: &Context<'_>) -> Ownership {
        let program = cx.program;
        let mut all: Vec<Owns> = Vec::new();
        let adts = program
            .user_defs()
            .filter(|def| matches!(program.item(*def).kind, ItemKind::Struct(_) | ItemKind::Enum(_)));
        for adt in adts {
            for variant in 0..cx.roles().variant_count(adt) {
                for (index, ty) in program.field_types(adt, variant).iter().enumerate() {
                    let field = FieldRef { adt, variant, index: index as u32 };
                    let mut reader = Reader { program, field, only: None, found: Vec::new() };
                    reader.read(ty, Way::default(), DEPTH);
                    reader.found.sort_unstable();
                    reader.found.dedup_by_key(|owns| (owns.target, owns.strong.is_some(), owns.interior));
                    all.append(&mut reader.found);
                }
            }
        }
        let rings = rings(&all);
        let mut edges: FxHashMap<FieldRef, Vec<Owns>> = FxHashMap::default();
        for owns in all {
            edges.entry(owns.field).or_default().push(owns);
        }
        Ownership { edges, rings }
    }

    /// The rings, in order of their first type.
    pub fn rings(&self) -> &[Ring] {
        &self.rings
    }

    /// What a field owns.
    pub fn of_field(&self, field: FieldRef) -> &[Owns] {
        self.edges.get(&field).map_or(&[], |edges| edges)
    }
}

impl Ring {
    /// Whether a field is part of it.
    pub fn has_field(&self, field: FieldRef) -> bool {
        self.edges.iter().any(|owns| owns.field == field)
    }
}

/// What lay between the field and the type that is looked at.
#[derive(Clone, Copy, Default)]
struct Way {
    strong: Option<DefId>,
    interior: bool,
    many: bool,
    through_dyn: bool,
}

struct Reader<'p, 'w> {
    program: &'p Program<'w>,
    field: FieldRef,
    /// Inside a generic type of the user's: the types that it was given. What it owns otherwise is its own affair.
    only: Option<Vec<DefId>>,
    found: Vec<Owns>,
}

impl Reader<'_, '_> {
    fn read(&mut self, ty: &Ty, way: Way, depth: u32) {
        if depth == 0 {
            return;
        }
        match ty {
            Ty::Adt(def, args) if self.program.is_user(*def) => {
                self.add(*def, way);
                if !args.is_empty() {
                    self.payload(*def, args, way, depth - 1);
                }
            }
            Ty::Adt(def, args) => {
                let effects = Effects::of(self.program, *def);
                if is_opaque(effects) {
                    return;
                }
                let way = Way {
                    strong: way.strong.or(effects.has(word::STRONG).then_some(*def)),
                    interior: way.interior || effects.has(word::INTERIOR),
                    many: way.many || effects.has(word::COLLECTION),
                    ..way
                };
                for arg in args.iter() {
                    self.read(arg, way, depth - 1);
                }
            }
            Ty::Tuple(parts) => parts.iter().for_each(|part| self.read(part, way, depth - 1)),
            Ty::Array(inner) | Ty::Slice(inner) => self.read(inner, Way { many: true, ..way }, depth - 1),
            Ty::Dyn(bounds) => self.implementors(bounds, way),
            _ => {}
        }
    }

    fn add(&mut self, target: DefId, way: Way) {
        if self.only.as_ref().is_some_and(|only| !only.contains(&target)) {
            return;
        }
        let Way { strong, interior, many, through_dyn } = way;
        self.found.push(Owns { field: self.field, target, strong, interior, many, through_dyn });
    }

    /// What a generic type of the user's owns of the types that it is given: `Slot<Conn>` with `value: Mutex<T>`.
    fn payload(&mut self, def: DefId, args: &[Ty], way: Way, depth: u32) {
        let given = self.given(args);
        if given.is_empty() {
            return;
        }
        let outer = self.only.replace(given);
        self.read_payload(def, args, way, depth);
        self.only = outer;
    }

    /// The types of the user's that generic arguments mention.
    fn given(&self, args: &[Ty]) -> Vec<DefId> {
        let mut given = Vec::new();
        for arg in args {
            arg.any(&mut |ty| {
                match ty {
                    Ty::Adt(def, _) if self.program.is_user(*def) => given.push(*def),
                    Ty::Dyn(bounds) => given.extend(self.implementors_of(bounds)),
                    _ => {}
                }
                false
            });
        }
        if let Some(only) = &self.only {
            given.retain(|def| only.contains(def));
        }
        given
    }

    fn read_payload(&mut self, def: DefId, args: &[Ty], way: Way, depth: u32) {
        let variants = match &self.program.item(def).kind {
            ItemKind::Enum(data) => data.variants.len() as u32,
            _ => 1,
        };
        for variant in 0..variants {
            for ty in self.program.field_types(def, variant) {
                let mentions = ty.any(&mut |ty| matches!(ty, Ty::Param(owner, _) if *owner == def));
                if !mentions {
                    continue;
                }
                let ty = ty.map(&mut |ty| match ty {
                    Ty::Param(owner, index) if *owner == def => args.get(*index as usize).cloned(),
                    _ => None,
                });
                self.read(&ty, way, depth.min(4));
            }
        }
    }

    fn implementors(&mut self, bounds: &[Bound], way: Way) {
        let way = Way { through_dyn: true, ..way };
        for target in self.implementors_of(bounds) {
            self.add(target, way);
        }
    }

    fn implementors_of(&self, bounds: &[Bound]) -> Vec<DefId> {
        match bounds.first() {
            Some(bound) if self.program.is_user(bound.trait_def) => self.program.implementing_types(bound.trait_def),
            _ => Vec::new(),
        }
    }
}

/// Types of the catalogue that are not asked what they own: they own nothing of it, own it weakly, or only until
/// somebody at the other end takes it.
pub(super) fn is_opaque(effects: Effects<'_>) -> bool {
    [
        word::WEAK,
        word::NO_OWN,
        word::SENDER,
        word::RECEIVER,
        word::HANDLE,
        word::HANDLE_SET,
        word::GUARD,
        word::THREAD_LOCAL,
    ]
    .into_iter()
    .any(|word| effects.has(word))
}

fn rings(edges: &[Owns]) -> Vec<Ring> {
    let mut graph: DiGraph<DefId, ()> = DiGraph::new();
    let mut nodes: FxHashMap<DefId, NodeIndex> = FxHashMap::default();
    for owns in edges {
        let from = *nodes.entry(owns.field.adt).or_insert_with(|| graph.add_node(owns.field.adt));
        let to = *nodes.entry(owns.target).or_insert_with(|| graph.add_node(owns.target));
        graph.update_edge(from, to, ());
    }
    let mut rings: Vec<Ring> = tarjan_scc(&graph)
        .into_iter()
        .map(|component| {
            let mut types: Vec<DefId> = component.iter().filter_map(|node| graph.node_weight(*node).copied()).collect();
            types.sort_unstable();
            types
        })
        .filter_map(|types| ring(types, edges))
        .collect();
    rings.sort_by(|a, b| a.types.cmp(&b.types));
    rings
}

fn ring(types: Vec<DefId>, edges: &[Owns]) -> Option<Ring> {
    let inside = |def: &DefId| types.binary_search(def).is_ok();
    let edges: Vec<Owns> =
        edges.iter().filter(|owns| inside(&owns.field.adt) && inside(&owns.target)).copied().collect();
    let can_close = edges.iter().any(|owns| owns.strong.is_some()) && edges.iter().any(|owns| owns.interior);
    can_close.then_some(Ring { types, edges })
}

impl Context<'_> {
    /// Which of the user's types own which.
    pub fn ownership(&self) -> &Ownership {
        self.ownership.get_or_init(|| Ownership::collect(self))
    }
}
