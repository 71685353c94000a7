//! tracing-appender: a writer with a thread; its guard flushes and joins when dropped.

use std::io::Write;

// A function and a module have this name.
pub fn non_blocking<T: Write>(writer: T) -> (self::non_blocking::NonBlocking, self::non_blocking::WorkerGuard) {}

pub mod non_blocking {
    use std::io::{self, Write};

    pub struct NonBlocking;
    impl NonBlocking {
        pub fn new<T: Write>(writer: T) -> (NonBlocking, WorkerGuard) {}
    }
    impl Clone for NonBlocking {
        #[effect(aliases)]
        fn clone(&self) -> Self {}
    }
    impl Write for NonBlocking {
        fn write(&mut self, buf: &[u8]) -> io::Result<usize> {}
        fn flush(&mut self) -> io::Result<()> {}
    }
    #[effect(scope_guard, stop_guard)]
    pub struct WorkerGuard;
    pub struct NonBlockingBuilder;
    impl NonBlockingBuilder {
        pub fn buffered_lines_limit(self, buffered_lines_limit: usize) -> NonBlockingBuilder {}
        pub fn lossy(self, is_lossy: bool) -> NonBlockingBuilder {}
        pub fn thread_name(self, name: &str) -> NonBlockingBuilder {}
        pub fn finish<T: Write>(self, writer: T) -> (NonBlocking, WorkerGuard) {}
    }
    impl Default for NonBlockingBuilder {
        fn default() -> NonBlockingBuilder {}
    }
}
pub mod rolling {
    use std::io::{self, Write};

    pub struct RollingFileAppender;
    impl Write for RollingFileAppender {
        #[effect(blocks(io))]
        fn write(&mut self, buf: &[u8]) -> io::Result<usize> {}
        #[effect(blocks(io))]
        fn flush(&mut self) -> io::Result<()> {}
    }
    pub fn minutely<P, N>(directory: P, file_name_prefix: N) -> RollingFileAppender {}
    pub fn hourly<P, N>(directory: P, file_name_prefix: N) -> RollingFileAppender {}
    pub fn daily<P, N>(directory: P, file_name_prefix: N) -> RollingFileAppender {}
    pub fn never<P, N>(directory: P, file_name: N) -> RollingFileAppender {}
}
