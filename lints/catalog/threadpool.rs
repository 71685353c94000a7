//! threadpool.

pub struct ThreadPool;
impl ThreadPool {
    #[effect(panics)]
    pub fn new(num_threads: usize) -> ThreadPool {}
    #[effect(panics)]
    pub fn with_name(name: String, num_threads: usize) -> ThreadPool {}
    #[effect(panics)]
    pub fn new_with_name(name: String, num_threads: usize) -> ThreadPool {}
    #[effect(spawns(0, pool))]
    pub fn execute<F: FnOnce()>(&self, job: F) {}
    pub fn queued_count(&self) -> usize {}
    pub fn active_count(&self) -> usize {}
    pub fn max_count(&self) -> usize {}
    pub fn panic_count(&self) -> usize {}
    #[effect(panics)]
    pub fn set_num_threads(&mut self, num_threads: usize) {}
    #[effect(panics)]
    pub fn set_threads(&mut self, num_threads: usize) {}
    // Waits for the queue to run dry; the workers stay.
    #[effect(blocks(barrier), completes)]
    pub fn join(&self) {}
}
impl Clone for ThreadPool {
    #[effect(aliases)]
    fn clone(&self) -> Self {}
}
pub struct Builder;
impl Builder {
    pub fn new() -> Builder {}
    pub fn num_threads(self, num_threads: usize) -> Builder {}
    pub fn thread_name(self, name: String) -> Builder {}
    pub fn thread_stack_size(self, size: usize) -> Builder {}
    pub fn build(self) -> ThreadPool {}
}
