//! duct.

use std::io;
use std::process::Output;
use std::time::{Duration, Instant};

pub fn cmd<T, U>(program: T, args: U) -> Expression {}
pub struct Expression;
impl Expression {
    #[effect(blocks(child))]
    pub fn run(&self) -> io::Result<Output> {}
    #[effect(blocks(child))]
    pub fn read(&self) -> io::Result<String> {}
    pub fn start(&self) -> io::Result<Handle> {}
    pub fn reader(&self) -> io::Result<ReaderHandle> {}
    pub fn pipe(&self, right: Expression) -> Expression {}
    pub fn dir<P>(&self, path: P) -> Expression {}
    pub fn env<T, U>(&self, name: T, val: U) -> Expression {}
    pub fn env_remove<T>(&self, name: T) -> Expression {}
    pub fn unchecked(&self) -> Expression {}
    pub fn stdin_bytes<T>(&self, bytes: T) -> Expression {}
    pub fn stdin_null(&self) -> Expression {}
    pub fn stdout_capture(&self) -> Expression {}
    pub fn stdout_null(&self) -> Expression {}
    pub fn stderr_capture(&self) -> Expression {}
    pub fn stderr_null(&self) -> Expression {}
    pub fn stderr_to_stdout(&self) -> Expression {}
}
impl Clone for Expression {
    fn clone(&self) -> Self {}
}
pub struct Handle;
impl Handle {
    #[effect(blocks(child))]
    pub fn wait(&self) -> io::Result<&Output> {}
    #[effect(blocks(child), timed)]
    pub fn wait_timeout(&self, timeout: Duration) -> io::Result<Option<&Output>> {}
    #[effect(blocks(child), timed)]
    pub fn wait_deadline(&self, deadline: Instant) -> io::Result<Option<&Output>> {}
    pub fn try_wait(&self) -> io::Result<Option<&Output>> {}
    #[effect(blocks(child))]
    pub fn into_output(self) -> io::Result<Output> {}
    #[effect(wakes)]
    pub fn kill(&self) -> io::Result<()> {}
    pub fn pids(&self) -> Vec<u32> {}
}
pub struct ReaderHandle;
impl ReaderHandle {
    pub fn try_wait(&self) -> io::Result<Option<&Output>> {}
    #[effect(wakes)]
    pub fn kill(&self) -> io::Result<()> {}
}
impl io::Read for ReaderHandle {
    #[effect(blocks(child))]
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {}
}
