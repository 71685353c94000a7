//! Which folder cargo builds a workspace into, by cargo's own rules, without asking cargo.

use crate::paths;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What decides where cargo builds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'p> {
    /// `--target-dir`
    pub(super) asked: Option<&'p Path>,
    pub(super) workspace_root: &'p Path,
    pub(super) working_dir: &'p Path,
}

/// The target folder: the flag's, the environment's, the configuration's, else `target` in the workspace.
pub(super) fn target_dir(place: Place<'_>, variable: impl Fn(&str) -> Option<OsString>) -> PathBuf {
    let from_working_dir = |path: &Path| paths::absolute(place.working_dir, path);
    if let Some(asked) = place.asked {
        return from_working_dir(asked);
    }
    for name in ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR"] {
        if let Some(value) = variable(name).filter(|value| !value.is_empty()) {
            return from_working_dir(Path::new(&value));
        }
    }
    let above = place.working_dir.ancestors().map(|folder| folder.join(".cargo"));
    let home = variable("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".cargo")))
        .map(|home| from_working_dir(&home));
    let configured = above.chain(home).find_map(|folder| configured(&folder));
    configured.unwrap_or_else(|| place.workspace_root.join("target"))
}

/// What the configuration in a `.cargo` folder says. What cargo would refuse is not there to us.
fn configured(folder: &Path) -> Option<PathBuf> {
    let text = ["config", "config.toml"].iter().find_map(|name| std::fs::read_to_string(folder.join(name)).ok())?;
    if !text.contains("target-dir") {
        return None;
    }
    let table: toml::Table = text.parse().ok()?;
    let value = table.get("build")?.get("target-dir")?.as_str()?;
    // Relative to the folder that `.cargo` lies in.
    Some(paths::absolute(folder.parent()?, Path::new(value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_nearest_word_wins() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let inner = root.join("a/b");
        fs::create_dir_all(inner.join(".cargo")).unwrap();
        fs::create_dir_all(root.join(".cargo")).unwrap();
        let home = root.join("home");
        fs::create_dir_all(&home).unwrap();
        let found = |asked: Option<&str>, variables: &[(&str, &str)]| {
            let place = Place { asked: asked.map(Path::new), workspace_root: &root, working_dir: &inner };
            let variable = |name: &str| match name {
                "CARGO_HOME" => Some(home.clone().into_os_string()),
                _ => variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value)),
            };
            target_dir(place, variable)
        };
        assert_eq!(found(None, &[]), root.join("target"));
        fs::write(home.join("config.toml"), "[build]\ntarget-dir = 'from-home'\n").unwrap();
        assert_eq!(found(None, &[]), root.join("from-home"));
        fs::write(root.join(".cargo/config.toml"), "build.target-dir = '/abs'\n").unwrap();
        assert_eq!(found(None, &[]), Path::new("/abs"));
        fs::write(inner.join(".cargo/config.toml"), "[build]\ntarget-dir = '../near'\n").unwrap();
        assert_eq!(found(None, &[]), root.join("a/near"));
        fs::write(inner.join(".cargo/config.toml"), "[build]\ntarget-dir = \n").unwrap();
        assert_eq!(found(None, &[]), Path::new("/abs"));
        let build = ("CARGO_BUILD_TARGET_DIR", "/build");
        assert_eq!(found(None, &[build]), Path::new("/build"));
        assert_eq!(found(None, &[build, ("CARGO_TARGET_DIR", "t")]), inner.join("t"));
        assert_eq!(found(None, &[build, ("CARGO_TARGET_DIR", "")]), Path::new("/build"));
        assert_eq!(found(Some("../flag"), &[build]), root.join("a/flag"));
    }
}
