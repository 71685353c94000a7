//! num_cpus.

#[effect(cpu_count)]
pub fn get() -> usize {}
#[effect(cpu_count)]
pub fn get_physical() -> usize {}
