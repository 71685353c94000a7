//! sentry.

// Events are sent as long as it lives.
#[effect(scope_guard)]
pub struct ClientInitGuard;
impl ClientInitGuard {
    pub fn is_enabled(&self) -> bool {}
}
pub fn init<C>(opts: C) -> ClientInitGuard {}
