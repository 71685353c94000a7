//! futures-cpupool.

pub struct CpuPool;
impl CpuPool {
    #[effect(panics)]
    pub fn new(size: usize) -> CpuPool {}
    pub fn new_num_cpus() -> CpuPool {}
    #[effect(spawns(0, pool))]
    pub fn spawn<F>(&self, f: F) -> CpuFuture {}
    #[effect(spawns(0, pool))]
    pub fn spawn_fn<F: FnOnce() -> R, R>(&self, f: F) -> CpuFuture {}
}
impl Clone for CpuPool {
    #[effect(aliases)]
    fn clone(&self) -> Self {}
}
pub struct CpuFuture;
impl CpuFuture {
    pub fn forget(self) {}
}
pub struct Builder;
impl Builder {
    pub fn new() -> Builder {}
    pub fn pool_size(&mut self, size: usize) -> &mut Builder {}
    pub fn name_prefix<S>(&mut self, name_prefix: S) -> &mut Builder {}
    pub fn create(&mut self) -> CpuPool {}
}
