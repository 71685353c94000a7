//! tracing: spans and subscribers that hold until their guard is dropped.

pub use self::dispatcher::Dispatch;
pub use self::instrument::Instrument;
pub use self::span::Span;

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
    use std::ops::Deref;

    pub struct Span;
    impl Span {
        pub fn current() -> Span {}
        pub fn none() -> Span {}
        pub fn enter(&self) -> Entered {}
        pub fn entered(self) -> EnteredSpan {}
        #[effect(runs(0))]
        pub fn in_scope<F: FnOnce() -> T, T>(&self, f: F) -> T {}
        pub fn is_disabled(&self) -> bool {}
        pub fn or_current(self) -> Span {}
    }
    impl Clone for Span {
        #[effect(aliases)]
        fn clone(&self) -> Self {}
    }
    #[effect(scope_guard)]
    pub struct Entered;
    #[effect(scope_guard)]
    pub struct EnteredSpan;
    impl EnteredSpan {
        pub fn exit(self) -> Span {}
    }
    impl Deref for EnteredSpan {
        type Target = Span;
    }
}
pub mod subscriber {
    pub use crate::dispatcher::DefaultGuard;

    pub fn set_default<S>(subscriber: S) -> DefaultGuard {}
    pub fn set_global_default<S>(subscriber: S) -> Result<(), SetGlobalDefaultError> {}
    #[effect(runs(1))]
    pub fn with_default<T, S, F: FnOnce() -> T>(subscriber: S, f: F) -> T {}
    pub struct SetGlobalDefaultError;
}
pub mod dispatcher {
    pub struct Dispatch;
    impl Dispatch {
        pub fn new<S>(subscriber: S) -> Dispatch {}
        pub fn none() -> Dispatch {}
    }
    impl Clone for Dispatch {
        #[effect(aliases)]
        fn clone(&self) -> Self {}
    }
    #[effect(scope_guard)]
    pub struct DefaultGuard;
    pub fn set_default(dispatcher: &Dispatch) -> DefaultGuard {}
    #[effect(runs(1))]
    pub fn with_default<T, F: FnOnce() -> T>(dispatcher: &Dispatch, f: F) -> T {}
    #[effect(runs(0))]
    pub fn get_default<T, F: FnMut(&Dispatch) -> T>(f: F) -> T {}
}
pub mod instrument {
    use crate::Span;
    use std::future::Future;

    pub trait Instrument {
        #[effect(aliases)]
        fn instrument(self, span: Span) -> Self {}
        #[effect(aliases)]
        fn in_current_span(self) -> Self {}
    }
    impl<T: Future> Instrument for T {}
}
