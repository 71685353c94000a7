//! scheduled-thread-pool.

use std::time::Duration;

pub struct ScheduledThreadPool;
impl ScheduledThreadPool {
    #[effect(panics)]
    pub fn new(num_threads: usize) -> ScheduledThreadPool {}
    #[effect(panics)]
    pub fn with_name(thread_name: &str, num_threads: usize) -> ScheduledThreadPool {}
    #[effect(spawns(0, pool))]
    pub fn execute<F: FnOnce()>(&self, job: F) -> JobHandle {}
    #[effect(spawns(1, pool))]
    pub fn execute_after<F: FnOnce()>(&self, delay: Duration, job: F) -> JobHandle {}
    #[effect(spawns(2, pool))]
    pub fn execute_at_fixed_rate<F: FnMut()>(&self, initial_delay: Duration, rate: Duration, f: F) -> JobHandle {}
    #[effect(spawns(1, pool))]
    pub fn execute_at_dynamic_rate<F: FnMut() -> Option<Duration>>(&self, initial_delay: Duration, f: F) -> JobHandle {}
    #[effect(spawns(2, pool))]
    pub fn execute_with_fixed_delay<F: FnMut()>(&self, initial_delay: Duration, delay: Duration, f: F) -> JobHandle {}
    #[effect(spawns(1, pool))]
    pub fn execute_with_dynamic_delay<F: FnMut() -> Option<Duration>>(
        &self,
        initial_delay: Duration,
        f: F,
    ) -> JobHandle {
    }
}
pub struct JobHandle;
impl JobHandle {
    pub fn cancel(&self) {}
}
