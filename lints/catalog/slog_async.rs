//! slog-async: a drain with a thread that is stopped and joined by its owner.

#[effect(stop_guard)]
pub struct Async;
impl Async {
    pub fn new<D>(drain: D) -> AsyncBuilder<D> {}
    pub fn default<D>(drain: D) -> Async {}
}
pub struct AsyncBuilder<D>(D);
impl<D> AsyncBuilder<D> {
    pub fn chan_size(self, s: usize) -> AsyncBuilder<D> {}
    pub fn thread_name(self, name: String) -> AsyncBuilder<D> {}
    pub fn overflow_strategy(self, overflow_strategy: OverflowStrategy) -> AsyncBuilder<D> {}
    pub fn build(self) -> Async {}
    pub fn build_no_guard(self) -> Async {}
    pub fn build_with_guard(self) -> (Async, AsyncGuard) {}
}
pub enum OverflowStrategy {
    DropAndReport,
    Drop,
    Block,
}
#[effect(scope_guard, stop_guard)]
pub struct AsyncGuard;
