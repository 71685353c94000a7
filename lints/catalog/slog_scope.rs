//! slog-scope.

pub struct Logger;
// The global logger is gone when it is dropped.
#[effect(scope_guard)]
pub struct GlobalLoggerGuard;
impl GlobalLoggerGuard {
    #[effect(forgets)]
    pub fn cancel_reset(self) {}
}
pub fn set_global_logger<L>(l: L) -> GlobalLoggerGuard {}
