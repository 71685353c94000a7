//! wait-timeout.

use std::io;
use std::process::{Child, ExitStatus};
use std::time::Duration;

pub trait ChildExt {
    fn wait_timeout(&mut self, dur: Duration) -> io::Result<Option<ExitStatus>> {}
    fn wait_timeout_ms(&mut self, ms: u32) -> io::Result<Option<ExitStatus>> {}
}
impl ChildExt for Child {
    #[effect(blocks(child), timed)]
    fn wait_timeout(&mut self, dur: Duration) -> io::Result<Option<ExitStatus>> {}
    #[effect(blocks(child), timed)]
    fn wait_timeout_ms(&mut self, ms: u32) -> io::Result<Option<ExitStatus>> {}
}
