//! The level flags after `--`: Clippy's `-A -W -D -F lint|group`.

use crate::nearest::nearest;
use thread_lints::lint::{Level, Lint};

/// Names that stand for several lints whatever the lints are.
pub(crate) const GENERAL_GROUPS: [&str; 5] = ["all", "default", "nursery", "pedantic", "warnings"];

/// Reads the flags in order. `lints` are the known ones.
pub(crate) fn parse(flags: &[String], lints: &[&Lint]) -> Result<Vec<(String, Level)>, String> {
    let mut levels = Vec::new();
    let mut rest = flags.iter();
    while let Some(flag) = rest.next() {
        let Some((level, attached)) = level_of(flag) else {
            return Err(format!(
                "unexpected `{flag}` after `--`: only `-A`, `-W`, `-D` and `-F` with a lint or group stand there"
            ));
        };
        let names = match attached {
            Some(names) => names,
            None => {
                rest.next().map(String::as_str).ok_or_else(|| format!("`{flag}` wants the name of a lint or group"))?
            }
        };
        for name in names.split(',') {
            levels.push((known_name(name, lints)?, level));
        }
    }
    Ok(levels)
}

/// The lint that a name means, with `thread_lint::` in front or dashes in it, or the nearest one's name.
pub(crate) fn find_lint<'l>(name: &str, lints: &[&'l Lint]) -> Result<&'l Lint, Option<String>> {
    let plain = plain_name(name);
    lints
        .iter()
        .find(|lint| lint.name == plain)
        .copied()
        .ok_or_else(|| nearest(&plain, lints.iter().map(|lint| lint.name)).map(str::to_owned))
}

fn level_of(flag: &str) -> Option<(Level, Option<&str>)> {
    let long = |name: &str, level: Level| {
        let rest = flag.strip_prefix("--")?.strip_prefix(name)?;
        match rest.strip_prefix('=') {
            Some(attached) => Some((level, Some(attached))),
            None => rest.is_empty().then_some((level, None)),
        }
    };
    let short = |letter: char, level: Level| {
        let rest = flag.strip_prefix('-')?.strip_prefix(letter)?;
        Some((level, Some(rest.strip_prefix('=').unwrap_or(rest)).filter(|rest| !rest.is_empty())))
    };
    long("allow", Level::Allow)
        .or_else(|| long("warn", Level::Warn))
        .or_else(|| long("deny", Level::Deny))
        .or_else(|| long("forbid", Level::Forbid))
        .or_else(|| short('A', Level::Allow))
        .or_else(|| short('W', Level::Warn))
        .or_else(|| short('D', Level::Deny))
        .or_else(|| short('F', Level::Forbid))
}

fn plain_name(name: &str) -> String {
    let plain = name.trim().replace('-', "_");
    plain.strip_prefix("thread_lint::").unwrap_or(&plain).to_owned()
}

/// The lint or group that a name means.
pub(crate) fn known_name(name: &str, lints: &[&Lint]) -> Result<String, String> {
    let plain = plain_name(name);
    let known = || {
        let lint_names = lints.iter().map(|lint| lint.name);
        lint_names.chain(lints.iter().flat_map(|lint| lint.groups())).chain(GENERAL_GROUPS)
    };
    if known().any(|known| known == plain) {
        return Ok(plain);
    }
    let mut message = format!("unknown lint or group `{}`", name.trim());
    match nearest(&plain, known()) {
        Some(meant) => message.push_str(&format!("; did you mean `{meant}`?")),
        None => message.push_str("; `cargo thread-lint --list` shows all"),
    }
    Err(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(flags: &[&str]) -> Result<Vec<(String, Level)>, String> {
        let flags: Vec<String> = flags.iter().map(|flag| (*flag).to_owned()).collect();
        parse(&flags, &[])
    }

    #[test]
    fn every_spelling() {
        let all = String::from("all");
        for (flags, level) in [
            (vec!["-A", "all"], Level::Allow),
            (vec!["-Wall"], Level::Warn),
            (vec!["--deny", "all"], Level::Deny),
            (vec!["--forbid=all"], Level::Forbid),
            (vec!["-D", "thread_lint::all"], Level::Deny),
            (vec!["-D", "thread-lint::all"], Level::Deny),
        ] {
            assert_eq!(read(&flags), Ok(vec![(all.clone(), level)]), "{flags:?}");
        }
        assert_eq!(
            read(&["-D", "warnings", "-A", "all"]),
            Ok(vec![(String::from("warnings"), Level::Deny), (all, Level::Allow)])
        );
    }

    #[test]
    fn mistakes() {
        assert!(read(&["-D"]).unwrap_err().contains("wants the name"));
        assert!(read(&["-D", "pedantik"]).unwrap_err().contains("did you mean `pedantic`"));
        assert!(read(&["--fix"]).unwrap_err().contains("unexpected `--fix`"));
    }
}
