//! Flags of cargo: those that only a build has a use for, and all of them written down again for a cargo that runs beside us.

use super::Tool;
use crate::cli::Common;
use std::ffi::OsString;
use std::path::PathBuf;

/// Flags that front ends pass to every command of cargo.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "For cargo: what `--also` runs is given them, and nothing else is built")]
pub(crate) struct BuildFlags {
    /// All features; our own lints read the code under every `cfg`
    #[arg(long)]
    all_features: bool,
    /// These features
    #[arg(short = 'F', long, value_name = "FEATURES")]
    features: Vec<String>,
    /// Not the default features
    #[arg(long)]
    no_default_features: bool,
    /// With the release profile
    #[arg(short, long)]
    release: bool,
    /// With this profile
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// For this platform
    #[arg(long, value_name = "TRIPLE")]
    target: Vec<String>,
    /// Where to build
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) target_dir: Option<PathBuf>,
    /// `Cargo.lock` has to be up to date
    #[arg(long)]
    locked: bool,
    /// Without the network, which our own lints never use
    #[arg(long)]
    offline: bool,
    /// Both
    #[arg(long)]
    frozen: bool,
    /// Go on after a crate that does not build; our own lints always do
    #[arg(long)]
    keep_going: bool,
    /// Leave out what the packages depend on, as our own lints always do
    #[arg(long)]
    no_deps: bool,
    /// Build with a Rust that is too old for the packages
    #[arg(long)]
    ignore_rust_version: bool,
    /// Report what a later Rust will refuse
    #[arg(long)]
    future_incompat_report: bool,
    /// A value of cargo's configuration, or a file with some
    #[arg(long, value_name = "KEY=VALUE")]
    config: Vec<String>,
    /// An unstable flag
    #[arg(short = 'Z', value_name = "FLAG")]
    unstable: Vec<String>,
}

/// The same packages, targets and ways to build, as arguments of cargo.
pub(super) fn for_cargo(common: &Common, tool: Tool) -> Vec<OsString> {
    let build = &common.build;
    let mut out = Written::default();
    for (is_set, flag) in [
        (common.quiet, "--quiet"),
        (common.workspace, "--workspace"),
        (common.lib, "--lib"),
        (common.bins, "--bins"),
        (common.tests, "--tests"),
        (common.examples, "--examples"),
        (common.benches, "--benches"),
        (common.all_targets, "--all-targets"),
        (build.all_features, "--all-features"),
        (build.no_default_features, "--no-default-features"),
        (build.release, "--release"),
        (build.locked, "--locked"),
        (build.offline, "--offline"),
        (build.frozen, "--frozen"),
        (build.keep_going, "--keep-going"),
        // A flag of Clippy's own.
        (build.no_deps && tool == Tool::Clippy, "--no-deps"),
        (build.ignore_rust_version, "--ignore-rust-version"),
        (build.future_incompat_report, "--future-incompat-report"),
        (common.timings, "--timings"),
    ] {
        out.flag(flag, is_set);
    }
    (0..common.verbose).for_each(|_| out.flag("--verbose", true));
    out.values("--package", &common.packages);
    out.values("--exclude", &common.exclude);
    out.values("--bin", &common.bin);
    out.values("--test", &common.test);
    out.values("--example", &common.example);
    out.values("--bench", &common.bench);
    out.values("--features", &build.features);
    out.values("--profile", &build.profile);
    out.values("--target", &build.target);
    out.values("--target-dir", &build.target_dir);
    out.values("--config", &build.config);
    out.values("-Z", &build.unstable);
    out.values("--jobs", common.jobs.filter(|jobs| *jobs > 0).map(|jobs| jobs.to_string()));
    // Cargo wants the file where we take its folder too.
    let manifest = common.manifest_path.as_ref();
    out.values(
        "--manifest-path",
        manifest.map(|path| if path.is_dir() { path.join("Cargo.toml") } else { path.clone() }),
    );
    out.arguments
}

#[derive(Default)]
struct Written {
    arguments: Vec<OsString>,
}

impl Written {
    fn flag(&mut self, flag: &str, is_set: bool) {
        self.arguments.extend(is_set.then(|| OsString::from(flag)));
    }

    /// The flag before each of its values.
    fn values(&mut self, flag: &str, values: impl IntoIterator<Item: Into<OsString>>) {
        for value in values {
            self.arguments.extend([OsString::from(flag), value.into()]);
        }
    }
}
