//! Every OS thread that the program starts, executed once in the world as it is.

use super::context::Context;
use super::exec::{Execution, World};
use super::senders::OwnSender;
use super::spawns::{Spawn, SpawnKind};
use rayon::prelude::*;

/// A thread with what executing it showed.
#[derive(Clone, Debug)]
pub struct Thread {
    /// Where it starts.
    pub spawn: Spawn,
    /// The assumptions that hold of it: channels whose sender it keeps itself.
    pub world: World,
    /// The sender that keeps each of those channels open.
    pub own_senders: Vec<OwnSender>,
    /// The loops it reaches.
    pub execution: Execution,
}

impl Context<'_> {
    /// The OS threads, scoped ones too, whose code is known, in the order of their spawns.
    pub fn threads(&self) -> &[Thread] {
        self.threads.get_or_init(|| {
            let spawns: Vec<&Spawn> = self
                .spawns()
                .all
                .iter()
                .filter(|spawn| matches!(spawn.kind, SpawnKind::Thread | SpawnKind::Scoped))
                .filter(|spawn| spawn.entry.code(self).is_some())
                .collect();
            spawns.par_iter().map(|spawn| self.thread(**spawn)).collect()
        })
    }

    fn thread(&self, spawn: Spawn) -> Thread {
        let mut own_senders = self.own_senders(spawn.entry);
        let mut world = world_of(&own_senders);
        let mut execution = self.execute(spawn.entry, &world);
        // Which channels the loops receive from is known only now.
        let mut kept = self.kept_beside(&execution);
        kept.extend(self.kept_inside(spawn.entry, &execution));
        kept.retain(|own| !world.connected.contains(&own.receiver));
        if !kept.is_empty() {
            own_senders.extend(kept);
            world = world_of(&own_senders);
            execution = self.execute(spawn.entry, &world);
        }
        Thread { spawn, world, own_senders, execution }
    }
}

fn world_of(own_senders: &[OwnSender]) -> World {
    World {
        connected: own_senders.iter().map(|own| own.receiver).collect(),
        silent: own_senders.iter().filter(|own| own.is_silent).map(|own| own.receiver).collect(),
        ..World::default()
    }
}
