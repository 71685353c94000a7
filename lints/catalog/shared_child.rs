//! shared_child: a child process that several threads can wait for.

use std::io;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

pub struct SharedChild;
impl SharedChild {
    pub fn spawn(command: &mut Command) -> io::Result<SharedChild> {}
    pub fn new(child: Child) -> io::Result<SharedChild> {}
    pub fn id(&self) -> u32 {}
    #[effect(blocks(child))]
    pub fn wait(&self) -> io::Result<ExitStatus> {}
    #[effect(blocks(child), timed)]
    pub fn wait_timeout(&self, timeout: Duration) -> io::Result<Option<ExitStatus>> {}
    #[effect(blocks(child), timed)]
    pub fn wait_deadline(&self, deadline: Instant) -> io::Result<Option<ExitStatus>> {}
    pub fn try_wait(&self) -> io::Result<Option<ExitStatus>> {}
    #[effect(wakes)]
    pub fn kill(&self) -> io::Result<()> {}
    pub fn into_inner(self) -> Child {}
}
