//! The processes that a process has started, and those that they have started.
//!
//! Known on Linux alone; elsewhere they end by themselves, when they next write to a pipe that nobody reads any more.

#[cfg(target_os = "linux")]
pub(super) use linux::{kill, of};

#[cfg(target_os = "linux")]
mod linux {
    use rustix::process::{Pid, Signal, kill_process};

    /// All processes that descend from one, as far as they can be seen.
    pub(in super::super) fn of(root: u32) -> Vec<i32> {
        let Ok(entries) = std::fs::read_dir("/proc") else {
            return Vec::new();
        };
        let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok());
        let parents: Vec<(i32, i32)> = pids.filter_map(|pid| Some((pid, parent_of(pid)?))).collect();
        let mut found: Vec<i32> = i32::try_from(root).into_iter().collect();
        let mut next = 0;
        while let Some(parent) = found.get(next).copied() {
            found.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(pid, _)| *pid));
            next += 1;
        }
        found.into_iter().skip(1).collect()
    }

    /// Ends them at once.
    pub(in super::super) fn kill(pids: &[i32]) {
        for pid in pids.iter().filter_map(|pid| Pid::from_raw(*pid)) {
            // One that has ended is what is wanted.
            let _ = kill_process(pid, Signal::KILL);
        }
    }

    fn parent_of(pid: i32) -> Option<i32> {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // `pid (name) state parent`, where the name may hold anything.
        let (_, after_name) = stat.rsplit_once(')')?;
        after_name.split_ascii_whitespace().nth(1)?.parse().ok()
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn children_and_their_children() {
            let mut shell = std::process::Command::new("sh");
            let mut child = shell.args(["-c", "(sleep 60; true) & wait"]).spawn().unwrap();
            let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
            let mut found = of(child.id());
            while found.len() < 2 {
                assert!(std::time::Instant::now() < deadline, "{found:?}");
                std::thread::sleep(std::time::Duration::from_millis(10));
                found = of(child.id());
            }
            assert!(of(std::process::id()).contains(&found[1]));
            kill(&found);
            // Without its children the shell has nothing to wait for.
            assert!(child.wait().unwrap().code().is_some());
        }
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn of(_: u32) -> Vec<i32> {
    Vec::new()
}

#[cfg(not(target_os = "linux"))]
pub(super) fn kill(_: &[i32]) {}
