//! Whether two places of a body can be in one build.

use super::program::BodyRef;
use crate::syntax::ir::{Cfg, ExprId};

/// More flags than this are not tried out.
const MAX_FLAGS: usize = 8;

impl BodyRef<'_> {
    /// Whether no build has both expressions: what `#[cfg]` says of the statements around one rules out the other.
    pub fn are_exclusive(self, one: ExprId, other: ExprId) -> bool {
        if self.ir.cfgs.is_empty() {
            return false;
        }
        let holds = |expr: ExprId| {
            self.ir.cfgs.iter().filter(move |(first, end, _)| *first <= expr && expr < *end).map(|(_, _, cfg)| cfg)
        };
        contradict(&holds(one).chain(holds(other)).collect::<Vec<_>>())
    }
}

/// Whether predicates can never hold together.
pub(super) fn contradict(cfgs: &[&Cfg]) -> bool {
    let mut flags: Vec<Flag<'_>> = Vec::new();
    cfgs.iter().for_each(|cfg| collect(cfg, &mut flags));
    if cfgs.len() < 2 || flags.len() > MAX_FLAGS {
        return false;
    }
    let is_possible = |set: &u32| !flags.iter().enumerate().any(|(index, flag)| excluded(&flags, index, flag, *set));
    !(0..1_u32 << flags.len()).filter(is_possible).any(|set| cfgs.iter().all(|cfg| holds(cfg, &flags, set)))
}

/// A flag by its key, and its value where it has one.
type Flag<'c> = (&'c str, Option<&'c str>);

fn flag_of(cfg: &Cfg) -> Option<Flag<'_>> {
    match cfg {
        Cfg::Flag(name) => Some((name, None)),
        Cfg::KeyValue(key, value) => Some((key, Some(value))),
        _ => None,
    }
}

fn collect<'c>(cfg: &'c Cfg, flags: &mut Vec<Flag<'c>>) {
    match cfg {
        Cfg::All(parts) | Cfg::Any(parts) => parts.iter().for_each(|part| collect(part, flags)),
        Cfg::Not(part) => collect(part, flags),
        Cfg::Flag(_) | Cfg::KeyValue(..) => {
            if let Some(flag) = flag_of(cfg).filter(|flag| !flags.contains(flag)) {
                flags.push(flag);
            }
        }
    }
}

/// Whether a flag cannot be set beside others of a set: a build has one platform.
fn excluded(flags: &[Flag<'_>], index: usize, flag: &Flag<'_>, set: u32) -> bool {
    let is_set = |index: usize| set & (1 << index) != 0;
    if !is_set(index) {
        return false;
    }
    flags.iter().enumerate().filter(|(other, _)| *other != index && is_set(*other)).any(|(_, other)| {
        let is_key = flag.0 == other.0 && flag.0.starts_with("target_") && flag.0 != "target_feature";
        let families = (family(flag), family(other));
        is_key || matches!(families, (Some(one), Some(two)) if one != two)
    })
}

fn family<'c>(flag: &Flag<'c>) -> Option<&'c str> {
    match *flag {
        ("unix", None) => Some("unix"),
        ("windows", None) => Some("windows"),
        ("target_family", family) => family,
        _ => None,
    }
}

fn holds(cfg: &Cfg, flags: &[Flag<'_>], set: u32) -> bool {
    match cfg {
        Cfg::All(parts) => parts.iter().all(|part| holds(part, flags, set)),
        Cfg::Any(parts) => parts.iter().any(|part| holds(part, flags, set)),
        Cfg::Not(part) => !holds(part, flags, set),
        Cfg::Flag(_) | Cfg::KeyValue(..) => {
            let index = flag_of(cfg).and_then(|flag| flags.iter().position(|own| *own == flag));
            index.is_some_and(|index| set & (1 << index) != 0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flag(name: &str) -> Cfg {
        Cfg::Flag(name.into())
    }

    fn not(cfg: Cfg) -> Cfg {
        Cfg::Not(Box::new(cfg))
    }

    fn os(name: &str) -> Cfg {
        Cfg::KeyValue("target_os".into(), name.into())
    }

    #[test]
    fn what_contradicts() {
        let feature = Cfg::KeyValue("feature".into(), "fast".into());
        assert!(contradict(&[&feature, &not(feature.clone())]));
        assert!(contradict(&[&flag("unix"), &flag("windows")]));
        assert!(contradict(&[&os("linux"), &os("macos")]));
        assert!(contradict(&[&Cfg::Any(vec![os("linux"), os("macos")]), &not(os("linux")), &not(os("macos"))]));
        assert!(!contradict(&[&Cfg::Any(vec![os("linux"), os("macos")]), &not(os("linux"))]));
        assert!(!contradict(&[&feature, &flag("unix")]));
        assert!(!contradict(&[&flag("unix"), &os("linux")]));
        assert!(!contradict(&[&feature]));
    }
}
