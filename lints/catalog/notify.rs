//! notify: watchers have a thread that ends when they are dropped.

use std::path::Path;
use std::time::Duration;

pub use self::event::{Event, EventKind};

pub type Result<T> = std::result::Result<T, Error>;
#[effect(input_error)]
pub struct Error;
pub trait EventHandler {
    fn handle_event(&mut self, event: Result<Event>) {}
}
impl<F: FnMut(Result<Event>)> EventHandler for F {
    fn handle_event(&mut self, event: Result<Event>) {}
}
pub enum RecursiveMode {
    Recursive,
    NonRecursive,
}
pub trait Watcher {
    fn watch(&mut self, path: &Path, recursive_mode: RecursiveMode) -> Result<()> {}
    fn unwatch(&mut self, path: &Path) -> Result<()> {}
}
#[effect(stores(0))]
pub fn recommended_watcher<F>(event_handler: F) -> Result<RecommendedWatcher> {}

#[effect(stop_guard)]
pub struct INotifyWatcher;
impl INotifyWatcher {
    #[effect(stores(0))]
    pub fn new<F>(event_handler: F, config: Config) -> Result<INotifyWatcher> {}
}
impl Watcher for INotifyWatcher {}
pub type RecommendedWatcher = INotifyWatcher;
#[effect(stop_guard)]
pub struct PollWatcher;
impl PollWatcher {
    #[effect(stores(0))]
    pub fn new<F>(event_handler: F, config: Config) -> Result<PollWatcher> {}
    pub fn poll(&self) -> Result<()> {}
}
impl Watcher for PollWatcher {}
pub struct NullWatcher;
impl Watcher for NullWatcher {}
pub struct Config;
impl Config {
    pub fn with_poll_interval(self, dur: Duration) -> Config {}
    pub fn with_compare_contents(self, compare_contents: bool) -> Config {}
}
impl Default for Config {
    fn default() -> Config {}
}
pub mod event {
    use std::path::PathBuf;

    pub struct Event {
        pub kind: EventKind,
        pub paths: Vec<PathBuf>,
    }
    pub struct EventKind;
    impl EventKind {
        pub fn is_access(&self) -> bool {}
        pub fn is_create(&self) -> bool {}
        pub fn is_modify(&self) -> bool {}
        pub fn is_remove(&self) -> bool {}
    }
}
