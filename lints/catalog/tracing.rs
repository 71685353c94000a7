//! tracing.

pub struct Span;
impl Span {
    pub fn none() -> Span {}
    pub fn current() -> Span {}
    pub fn enter(&self) -> span::Entered {}
    pub fn entered(self) -> span::EnteredSpan {}
    pub fn in_scope<F: FnOnce() -> T, T>(&self, f: F) -> T {}
    pub fn or_current(self) -> Span {}
}
impl Clone for Span {
    #[effect(aliases)]
    fn clone(&self) -> Self {}
}
#[effect(is_macro)]
pub fn span() -> Span {}
#[effect(is_macro)]
pub fn trace_span() -> Span {}
#[effect(is_macro)]
pub fn debug_span() -> Span {}
#[effect(is_macro)]
pub fn info_span() -> Span {}
#[effect(is_macro)]
pub fn warn_span() -> Span {}
#[effect(is_macro)]
pub fn error_span() -> Span {}

pub mod span {
    pub use super::Span;

    // The span is left when they are dropped.
    #[effect(scope_guard)]
    pub struct Entered;
    #[effect(scope_guard)]
    pub struct EnteredSpan;
    impl EnteredSpan {
        pub fn exit(self) -> Span {}
    }
}

pub mod subscriber {
    pub use super::dispatcher::DefaultGuard;

    pub fn set_default<S>(subscriber: S) -> DefaultGuard {}
}

pub mod dispatcher {
    // The old default is back when it is dropped.
    #[effect(scope_guard)]
    pub struct DefaultGuard;
}
