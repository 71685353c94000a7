//! scoped_threadpool.

pub struct Pool;
impl Pool {
    #[effect(panics)]
    pub fn new(n: u32) -> Pool {}
    #[effect(scope(0))]
    pub fn scoped<F: FnOnce(&Scope) -> R, R>(&mut self, f: F) -> R {}
    pub fn thread_count(&self) -> u32 {}
}
#[effect(no_own)]
pub struct Scope;
impl Scope {
    #[effect(spawns(0, pool), tracked)]
    pub fn execute<F: FnOnce()>(&self, f: F) {}
    #[effect(blocks(barrier), completes)]
    pub fn join_all(&self) {}
}
