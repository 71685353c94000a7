//! tracing-appender.

pub fn non_blocking<T>(writer: T) -> (non_blocking::NonBlocking, non_blocking::WorkerGuard) {}

pub mod non_blocking {
    pub struct NonBlocking;
    impl NonBlocking {
        pub fn new<T>(writer: T) -> (NonBlocking, WorkerGuard) {}
    }
    // Flushes, and stops the writing thread, when it is dropped.
    #[effect(scope_guard)]
    pub struct WorkerGuard;
    pub struct NonBlockingBuilder;
    impl NonBlockingBuilder {
        pub fn buffered_lines_limit(self, limit: usize) -> NonBlockingBuilder {}
        pub fn lossy(self, is_lossy: bool) -> NonBlockingBuilder {}
        pub fn finish<T>(self, writer: T) -> (NonBlocking, WorkerGuard) {}
    }
    impl Default for NonBlockingBuilder {
        fn default() -> NonBlockingBuilder {}
    }
}
