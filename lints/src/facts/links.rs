//! Rings of objects that the code closes: a strong pointer to an object is put where the object itself leads to.
//!
//! A ring is found by instance, in one body together with the functions it calls (see [`super::objects`]), inside a ring of
//! types (see [`super::ownership`]). It is no finding where anything anywhere lets go of one of its fields, where the
//! stores exclude each other, or where it hangs on a static, which lives for ever anyway.

use super::context::{Analysis, Context};
use super::objects::{Heap, Heaps, Hop, Object, Root, Store, is_assigned};
use super::ownership::{Owns, Ring};
use crate::model::{BodyHead, BodyId, BodyRef, DefId, FieldRef, Parent, Ty};
use crate::source::Loc;
use crate::syntax::ir::{Expr, ExprId, ItemKind, Visibility};
use crate::workspace::TargetKind;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

const MAX_HOPS: usize = 6;
const MAX_STEPS: u32 = 4_000;
const MAX_OPEN: usize = 2_000;

/// A field on a ring of objects.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// The field, and what it owns of the ring.
    pub owns: Owns,
    /// Where it is filled, if that is seen: the assignment, call or literal, and the value.
    pub store: Option<(Loc, Loc)>,
    /// It is filled with a new pointer, not with one that moves on.
    pub is_clone: bool,
    /// It is filled in a struct literal or constructor.
    pub in_literal: bool,
    /// What the pointer is a clone of, where that is written beside it, and whether that is a reference already.
    pub cloned: Option<(Loc, bool)>,
}

/// A ring of objects that some code closes.
#[derive(Clone, Debug)]
pub struct ClosedRing {
    /// The fields, from the one that had better be weak on round the ring.
    pub links: Vec<Link>,
    /// The body that closes it; for a ring that only may be closed, the one that fills its closing field.
    pub body: BodyId,
    /// How well it is established.
    pub proof: Proof,
}

/// How well it is established that a ring of objects comes about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Proof {
    /// One run of one body closes it, and nothing stands against it: each local on the way is one object, each field is
    /// changed by this crate alone.
    Closed,
    /// One body closes it, but a local on the way is assigned again, or a field is public.
    Perhaps,
    /// The types allow it, each field is filled somewhere, and nothing ever empties one.
    Types,
}

impl ClosedRing {
    /// The field that had better be weak.
    pub fn closing(&self) -> Option<&Link> {
        self.links.first()
    }
}

impl Context<'_> {
    /// The rings of objects that the program closes, each closing field once, in order.
    pub fn closed_rings(&self) -> &[ClosedRing] {
        self.rings.get_or_init(|| collect(self).0)
    }

    /// The rings that the program may close: those among [`Context::closed_rings`] that something speaks against, and those
    /// that the types allow.
    pub fn possible_rings(&self) -> Vec<ClosedRing> {
        let (mut found, fills) = collect(self);
        for ring in self.ownership().rings() {
            let known = found.iter().any(|closed| closed.links.iter().any(|link| ring.has_field(link.owns.field)));
            if !known {
                found.extend(possible(self, ring, &fills));
            }
        }
        found.retain(|ring| ring.proof != Proof::Closed);
        found.sort_by_key(|ring| ring.closing().map(|link| link.owns.field));
        found
    }

    /// Whether code outside the user's crates can change a field.
    pub fn is_public_field(&self, field: FieldRef) -> bool {
        let is_public = |visibility| visibility == Visibility::Public;
        let is_struct = matches!(self.program.item(field.adt).kind, ItemKind::Struct(_));
        let in_library = self.program.krate(field.adt).is_some_and(|krate| krate.kind == TargetKind::Lib);
        in_library
            && is_struct
            && is_public(self.program.item(field.adt).vis)
            && self.field(field).is_some_and(|field| is_public(field.vis))
    }
}

/// The rings that some body closes, each once; with where each field is filled.
fn collect(cx: &Context<'_>) -> (Vec<ClosedRing>, Fills) {
    let rings = cx.ownership().rings();
    let mut found: Vec<ClosedRing> = Vec::new();
    let mut fills: Fills = FxHashMap::default();
    if rings.is_empty() {
        return (found, fills);
    }
    let mut heaps = Heaps::new(cx);
    let fields: Vec<FieldRef> = rings.iter().flat_map(|ring| &ring.edges).map(|owns| owns.field).collect();
    for body in open_bodies(cx, &fields, &mut heaps) {
        let heap = heaps.heap(body.id);
        let analysis = cx.analysis(body.id);
        for (index, store) in heap.stores.iter().enumerate() {
            if let Some(field) = store.field {
                note_fill(&mut fills, analysis, field, store);
            }
            for ring in rings {
                if store.field.is_some_and(|field| !ring.has_field(field)) {
                    continue;
                }
                let mut search = Search { cx, heap: &heap, analysis, ring, used: vec![index], steps: 0 };
                let Some(mut round) = search.way(&store.target, &store.owner, &mut Vec::new()) else { continue };
                round.extend(passed(store, index));
                found.extend(closed(&search, &round));
            }
        }
    }
    (keep_one_each(found), fills)
}

/// Where a field is filled; of several places one that stores a clone.
type Fills = FxHashMap<FieldRef, Fill>;

#[derive(Clone, Copy)]
struct Fill {
    body: BodyId,
    at: Loc,
    value: Loc,
    is_clone: bool,
    cloned: Option<(Loc, bool)>,
}

fn note_fill(fills: &mut Fills, analysis: &Analysis<'_>, field: FieldRef, store: &Store) {
    let at = analysis.call_loc(store.expr);
    let fill = Fill { body: analysis.body.id, at, value: store.value, is_clone: store.is_clone, cloned: store.cloned };
    match fills.get_mut(&field) {
        Some(known) if store.is_clone && !known.is_clone => *known = fill,
        Some(_) => {}
        None => {
            fills.insert(field, fill);
        }
    }
}

/// The bodies that can fill one of the fields, and those that call them; the heaps are told.
pub(super) fn open_bodies<'a>(cx: &Context<'a>, fields: &[FieldRef], heaps: &mut Heaps<'_, 'a>) -> Vec<BodyRef<'a>> {
    let mut bodies = cx.bodies_filling(fields);
    heaps.open = bodies.iter().map(|body| body.id).collect();
    let mut fresh = bodies.clone();
    for _ in 0..2 {
        fresh.par_iter().for_each(|body| {
            cx.analysis(body.id);
        });
        let summarised = fresh.iter().filter(|body| heaps.has_summary(**body)).map(|body| body.owner).collect();
        fresh = callers(cx, summarised, &heaps.open);
        if fresh.is_empty() || bodies.len() > MAX_OPEN {
            break;
        }
        heaps.open.extend(fresh.iter().map(|body| body.id));
        heaps.forget();
        bodies.extend(fresh.iter().copied());
    }
    bodies.sort_by_key(|body| body.id);
    bodies
}

/// The bodies that may call one of the functions, apart from those that are open.
fn callers<'a>(cx: &Context<'a>, functions: Vec<DefId>, open: &FxHashSet<BodyId>) -> Vec<BodyRef<'a>> {
    let heads = functions.into_iter().flat_map(|function| cx.heads_calling(function));
    let mut heads: Vec<BodyHead<'a>> = heads.filter(|head| !open.contains(&head.id)).collect();
    heads.sort_by_key(|head| head.id);
    heads.dedup_by_key(|head| head.id);
    heads.into_iter().map(BodyHead::read).collect()
}

struct Search<'s, 'a> {
    cx: &'s Context<'a>,
    heap: &'s Heap,
    analysis: &'s Analysis<'a>,
    ring: &'s Ring,
    used: Vec<usize>,
    steps: u32,
}

/// A step of a way from one object to another: a field, filled by a store of the body or before.
type Passed = (FieldRef, Option<usize>);

/// What a store leads along: the field that it fills, and those inside the value.
fn passed(store: &Store, index: usize) -> impl Iterator<Item = Passed> + '_ {
    let inside = store.parts.iter().map(|field| (*field, None));
    store.field.map(|field| (field, Some(index))).into_iter().chain(inside)
}

impl Search<'_, '_> {
    /// A way from an object to another along what it owns.
    fn way(&mut self, from: &Object, to: &Object, path: &mut Vec<Passed>) -> Option<Vec<Passed>> {
        self.steps += 1;
        if self.steps > MAX_STEPS || self.used.len() > MAX_HOPS {
            return None;
        }
        if let Some(hops) = from.way_to(to)
            && let Some(mut rest) = self.owned(hops)
        {
            let mut whole = path.clone();
            whole.append(&mut rest);
            return Some(whole);
        }
        for (index, store) in self.heap.stores.iter().enumerate() {
            if self.used.contains(&index) || store.field.is_some_and(|field| !self.ring.has_field(field)) {
                continue;
            }
            let Some(mut rest) = from.way_to(&store.owner).and_then(|hops| self.owned(hops)) else { continue };
            if self.used.iter().any(|other| self.exclude_each_other(*other, index)) {
                continue;
            }
            let before = path.len();
            path.append(&mut rest);
            path.extend(passed(store, index));
            self.used.push(index);
            if let Some(found) = self.way(&store.target, to, path) {
                return Some(found);
            }
            self.used.pop();
            path.truncate(before);
        }
        None
    }

    /// The fields among the hops, where each of them owns what it leads to.
    fn owned(&self, hops: &[Hop]) -> Option<Vec<Passed>> {
        let mut fields = Vec::new();
        for hop in hops {
            if let Hop::Field(field) = hop {
                if !self.ring.has_field(*field) {
                    return None;
                }
                fields.push((*field, None));
            }
        }
        Some(fields)
    }

    /// Whether no run of the body does both: they stand in two branches, or one of them ends its branch.
    fn exclude_each_other(&self, one: usize, other: usize) -> bool {
        let (Some(one), Some(other)) = (self.heap.stores.get(one), self.heap.stores.get(other)) else { return false };
        // Two stores of one call are told apart where they happen.
        if one.expr == other.expr && one.source.0 == other.source.0 {
            let inner = self.cx.analysis(one.source.0);
            return are_apart(inner, one.source.1, other.source.1);
        }
        are_apart(self.analysis, one.expr, other.expr)
    }
}

/// Whether two expressions stand in branches that exclude each other.
fn are_apart(analysis: &Analysis<'_>, one: ExprId, other: ExprId) -> bool {
    let above = |expr: ExprId| -> FxHashSet<ExprId> { analysis.tree.ancestors(expr).chain([expr]).collect() };
    leaves(analysis, one, &above(other)) || leaves(analysis, other, &above(one))
}

/// Whether, on the way up to what is `above` the other too, a branch is left that the other is not in.
fn leaves(analysis: &Analysis<'_>, expr: ExprId, above: &FxHashSet<ExprId>) -> bool {
    let mut at = expr;
    while !above.contains(&at) {
        let parent = analysis.tree.parent(at);
        let Some(up) = parent.expr() else { return false };
        if matches!(parent, Parent::Branch(..) | Parent::ArmBody(..) | Parent::LetElse(..)) {
            let ends = *analysis.types.ty(at) == Ty::Never;
            if ends || (above.contains(&up) && is_in_another_branch(analysis, up, at, above)) {
                return true;
            }
        }
        at = up;
    }
    false
}

fn is_in_another_branch(analysis: &Analysis<'_>, fork: ExprId, own: ExprId, above: &FxHashSet<ExprId>) -> bool {
    let branches: Vec<ExprId> = match analysis.expr(fork) {
        Expr::If { then, els, .. } => [Some(*then), *els].into_iter().flatten().collect(),
        Expr::Match { arms, .. } => arms.iter().map(|arm| arm.body).collect(),
        Expr::Select(arms) => arms.iter().map(|arm| arm.body).collect(),
        _ => return false,
    };
    branches.iter().any(|branch| *branch != own && above.contains(branch))
}

/// The ring of a way round, if it can leak.
fn closed(search: &Search<'_, '_>, round: &[Passed]) -> Option<ClosedRing> {
    let Search { cx, heap, analysis, ring, .. } = *search;
    let mut links = Vec::new();
    for (at, (field, store)) in round.iter().enumerate() {
        let next = round.get((at + 1) % round.len()).map(|(field, _)| field.adt);
        let edges = || ring.edges.iter().filter(|owns| owns.field == *field);
        let owns = edges().find(|owns| Some(owns.target) == next).or_else(|| edges().next())?;
        let store = store.and_then(|index| heap.stores.get(index));
        links.push(Link {
            owns: *owns,
            store: store.map(|store| (analysis.call_loc(store.expr), store.value)),
            is_clone: store.is_some_and(|store| store.is_clone),
            in_literal: store
                .is_some_and(|store| matches!(store.owner.root, Root::New(..)) && store.owner.path.is_empty()),
            cloned: store.and_then(|store| store.cloned),
        });
    }
    let can_leak = links.iter().any(|link| link.owns.strong.is_some()) && links.iter().any(|link| link.owns.interior);
    let roots: Vec<Root> = search
        .used
        .iter()
        .filter_map(|index| heap.stores.get(*index))
        .flat_map(|store| [store.owner.root, store.target.root])
        .collect();
    if !can_leak || roots.iter().any(|root| matches!(root, Root::Static(_))) {
        return None;
    }
    if links.iter().any(|link| cx.is_cut(link.owns.field, &ring.types)) {
        return None;
    }
    let is_steady = |root: &Root| match root {
        Root::Local(local) => !is_assigned(analysis, *local),
        _ => true,
    };
    let sure = roots.iter().all(is_steady) && !links.iter().any(|link| cx.is_public_field(link.owns.field));
    let closing = (0..links.len()).max_by_key(|at| links.get(*at).map(weight))?;
    links.rotate_left(closing);
    let proof = if sure { Proof::Closed } else { Proof::Perhaps };
    Some(ClosedRing { links, body: analysis.body.id, proof })
}

/// How likely a field is the way back rather than the way in: it is filled here, holds one, with a clone, from birth on.
fn weight(link: &Link) -> (bool, bool, bool, bool) {
    (link.store.is_some(), !link.owns.many, link.is_clone, link.in_literal)
}

/// Of several places that close one ring the first that is best established.
fn keep_one_each(mut found: Vec<ClosedRing>) -> Vec<ClosedRing> {
    found.sort_by_key(|ring| (ring.proof, ring.body));
    let mut seen: FxHashSet<Vec<FieldRef>> = FxHashSet::default();
    let mut closing: FxHashSet<FieldRef> = FxHashSet::default();
    found.retain(|ring| {
        let mut fields: Vec<FieldRef> = ring.links.iter().map(|link| link.owns.field).collect();
        fields.sort_unstable();
        seen.insert(fields) && ring.closing().is_some_and(|link| closing.insert(link.owns.field))
    });
    found.sort_by_key(|ring| ring.closing().map(|link| link.owns.field));
    found
}

/// A ring that the types allow and that no store speaks against: its way back is filled with a clone of a pointer that is
/// already there, the way in is filled too, and no field on it is ever emptied.
fn possible(cx: &Context<'_>, ring: &Ring, fills: &Fills) -> Option<ClosedRing> {
    let mut cut: FxHashMap<FieldRef, bool> = FxHashMap::default();
    let mut stays = |owns: &Owns| {
        fills.contains_key(&owns.field) && !*cut.entry(owns.field).or_insert_with(|| cx.is_cut(owns.field, &ring.types))
    };
    let edges: Vec<Owns> = ring.edges.iter().filter(|owns| stays(owns)).copied().collect();
    let way_back =
        |owns: &&Owns| owns.strong.is_some() && !owns.many && fills.get(&owns.field).is_some_and(|fill| fill.is_clone);
    edges.iter().filter(way_back).find_map(|back| {
        let round = shortest_round(&edges, *back)?;
        let can_leak = round.iter().any(|owns| owns.interior);
        // A tree or a list: one type, and nothing that tells the way up from the way down.
        let one_type = round.iter().all(|owns| owns.field.adt == back.field.adt);
        let tells = !one_type || round.iter().any(|owns| owns.many);
        if !can_leak || !tells || round.len() < 2 {
            return None;
        }
        let body = fills.get(&back.field)?.body;
        let links = round
            .iter()
            .map(|owns| {
                let fill = fills.get(&owns.field);
                Link {
                    owns: *owns,
                    store: fill.map(|fill| (fill.at, fill.value)),
                    is_clone: fill.is_some_and(|fill| fill.is_clone),
                    in_literal: false,
                    cloned: fill.and_then(|fill| fill.cloned),
                }
            })
            .collect();
        Some(ClosedRing { links, body, proof: Proof::Types })
    })
}

/// The shortest way round that begins with a field and takes at least one other.
fn shortest_round(edges: &[Owns], back: Owns) -> Option<Vec<Owns>> {
    let mut ways: Vec<Vec<Owns>> = vec![vec![back]];
    let mut seen: FxHashSet<FieldRef> = FxHashSet::from_iter([back.field]);
    for _ in 0..MAX_HOPS {
        let mut longer = Vec::new();
        for way in &ways {
            let end = way.last()?.target;
            if way.len() > 1 && end == back.field.adt {
                return Some(way.clone());
            }
            for owns in edges.iter().filter(|owns| owns.field.adt == end) {
                if seen.insert(owns.field) {
                    let mut way = way.clone();
                    way.push(*owns);
                    longer.push(way);
                }
            }
        }
        ways = longer;
    }
    None
}
