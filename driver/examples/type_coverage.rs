//! How much the inference knows of real code, and what keeps it from knowing more.
//!
//! ```text
//! cargo run --release --example type_coverage -- [--top N] [--mentioning a,b] [--sites N] [--cause TEXT] FOLDER OF A PACKAGE...
//! ```
//! Counts the receivers of method calls, the locals and the results of calls whose type is known, known in part
//! (`Vec<_>`), or not known, and ranks the causes: the expressions that are not known although all they are made of is.
//! `--mentioning` looks only into bodies that mention one of the identifiers, `--sites` shows so many places of each cause,
//! `--cause` shows only the causes that contain a text. `--line src/lib.rs:7` shows the types of one line
//! instead, `--dump` those of every expression with its place, to be compared with what
//! `RUSTC_BOOTSTRAP=1 cargo rustc --lib -- -Zunpretty=thir-tree` says.

use anyhow::{Context as _, bail};
use cargo_thread_lint::load::{Loaded, Loader, pool};
use cargo_thread_lint::manifest::{PackageSelection, Reader, select};
use cargo_thread_lint::plan::{Plan, TargetSelection};
use cargo_thread_lint::progress::Progress;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use thread_lints::model::{BodyRef, Def, DefId, Inference, Namespace, Program, Ty, ValueRef};
use thread_lints::source::Name;
use thread_lints::syntax::ir::{Expr, ExprData, ExprId, ItemKind, LoopKind, Pat, PathRef, Stmt};
use thread_lints::{Settings, libraries};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

struct Options {
    top: usize,
    sites: usize,
    mentioning: Vec<Name>,
    cause: Option<String>,
    line: Option<(String, u32)>,
    dump: bool,
    folders: Vec<PathBuf>,
}

/// Known, known in part, not known.
#[derive(Clone, Copy, Default)]
struct Tally([usize; 3]);

#[derive(Default)]
struct Coverage {
    receivers: Tally,
    locals: Tally,
    calls: Tally,
    /// How often, and where.
    causes: BTreeMap<String, (usize, Vec<String>)>,
}

fn main() -> anyhow::Result<()> {
    let options = options()?;
    let pool = pool(0)?;
    let parts: Vec<anyhow::Result<Coverage>> =
        pool.install(|| options.folders.par_iter().map(|folder| measure(folder, &options)).collect());
    let mut total = Coverage::default();
    for part in parts {
        total.add(part?);
    }
    if options.line.is_none() && !options.dump {
        total.print(&options);
    }
    Ok(())
}

fn options() -> anyhow::Result<Options> {
    let mut options = Options {
        top: 60,
        sites: 0,
        mentioning: Vec::new(),
        cause: None,
        line: None,
        dump: false,
        folders: Vec::new(),
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().context("a value is missing");
        match argument.as_str() {
            "--top" => options.top = value()?.parse()?,
            "--sites" => options.sites = value()?.parse()?,
            "--mentioning" => options.mentioning = value()?.split(',').map(Name::of).collect(),
            "--dump" => options.dump = true,
            "--line" => {
                let text = value()?;
                let (file, line) = text.rsplit_once(':').context("not a file and a line")?;
                options.line = Some((file.to_owned(), line.parse()?));
            }
            "--cause" => options.cause = Some(value()?),
            flag if flag.starts_with('-') => bail!("unknown flag `{flag}`"),
            folder => options.folders.push(PathBuf::from(folder)),
        }
    }
    Ok(options)
}

fn measure(folder: &Path, options: &Options) -> anyhow::Result<Coverage> {
    let folder = folder.canonicalize().with_context(|| folder.display().to_string())?;
    let loaded = load(&folder)?;
    let libraries = libraries(&loaded.workspace, &Settings::default());
    let program = Program::link(&loaded.workspace, &libraries, false);
    let mut coverage = Coverage::default();
    imports(&program, &mut coverage);
    for body in program.user_bodies() {
        let is_wanted = options.mentioning.is_empty() || options.mentioning.iter().any(|name| body.mentions(*name));
        let is_selected = program.krate(body.owner).is_some_and(|krate| krate.selected);
        if is_wanted && is_selected {
            let body = body.read();
            let types = program.infer(body);
            if options.dump {
                dump(&program, body, &types);
            }
            if let Some((file, line)) = &options.line {
                show_line(&program, body, &types, file, *line);
            }
            Survey { program: &program, body, types: &types, options, coverage: &mut coverage }.run();
        }
    }
    Ok(coverage)
}

/// The types of the expressions of a body that start on one line, the inner ones first.
fn show_line(program: &Program<'_>, body: BodyRef<'_>, types: &Inference, path: &str, line: u32) {
    let Some(file) = program.source(body.file).filter(|file| file.path.ends_with(path)) else { return };
    for (index, data) in body.ir.exprs.iter().enumerate() {
        if file.lines.line_of(data.span.start) + 1 == line {
            let text = file.text_of(data.span).split_whitespace().collect::<Vec<_>>().join(" ");
            let short: String = text.chars().take(70).collect();
            let id = ExprId(index as u32);
            let method =
                types.methods.get(&id).map_or_else(String::new, |(def, _)| format!("  [{}]", program.path_text(*def)));
            println!("{short:70}  {}{method}", program.show(types.ty(id)));
        }
    }
}

/// The place and type of every expression of a body: lines and columns as the compiler counts them.
fn dump(program: &Program<'_>, body: BodyRef<'_>, types: &Inference) {
    let Some(file) = program.source(body.file) else { return };
    let mut text = String::new();
    for (index, data) in body.ir.exprs.iter().enumerate() {
        let [start, end] = [data.span.start, data.span.end].map(|offset| {
            let place = file.lines.line_column(&file.text, offset);
            format!("{}:{}", place.line, place.column)
        });
        let id = ExprId(index as u32);
        let kind = format!("{:?}", data.kind);
        let kind = kind.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let ty = program.show(types.ty(id));
        let _ = writeln!(text, "{}:{start}: {end}\t{kind}\t{}\t{ty}", file.path, data.in_macro);
    }
    print!("{text}");
}

/// Imports from libraries that the catalogue knows, of items that it does not.
fn imports(program: &Program<'_>, coverage: &mut Coverage) {
    for def in program.user_defs() {
        let ItemKind::Use(entries) = &program.item(def).kind else { continue };
        let module = program.def(def).module;
        for entry in entries {
            let names: Vec<Name> = entry.path.iter().map(|(name, _)| *name).collect();
            let resolve = |names: &[Name]| {
                let spaces = [Namespace::Types, Namespace::Values, Namespace::Macros];
                let mut all = spaces.iter().map(|space| program.resolve_path(module, names, entry.global, *space).0);
                all.find(|found| !matches!(found, Def::None | Def::Unknown))
            };
            let from_library = matches!(names.split_last(), Some((_, prefix)) if !prefix.is_empty())
                && matches!(resolve(&names[..1]), Some(Def::Module(root)) if program.is_library_module(root));
            if from_library && resolve(&names).is_none() {
                let path: Vec<&str> = names.iter().map(|name| program.name_text(def, *name)).collect();
                coverage.causes.entry(format!("import {}", path.join("::"))).or_default().0 += 1;
            }
        }
    }
}

fn load(folder: &Path) -> anyhow::Result<Loaded> {
    let mut reader = Reader::default();
    let mut plan = Plan::default();
    let selected = select(&mut reader, &folder.join("Cargo.toml"), &PackageSelection::default())?;
    plan.add_packages(&mut reader, &selected, &TargetSelection::default())?;
    Ok(Loader::new(&Progress::silent()).load(&plan, &selected.root))
}

/// A reference to something unknown tells no more than nothing.
fn is_unknown(ty: &Ty) -> bool {
    ty.peel_refs().is_unknown()
}

impl Tally {
    fn count(&mut self, ty: &Ty) {
        let slot = if is_unknown(ty) { 2 } else { usize::from(ty.any(&mut Ty::is_unknown)) };
        self.0[slot] += 1;
    }

    fn add(&mut self, other: Tally) {
        for (own, other) in self.0.iter_mut().zip(other.0) {
            *own += other;
        }
    }

    fn print(self, what: &str) {
        let [known, partly, unknown] = self.0;
        let total = (known + partly + unknown).max(1) as f64 / 100.0;
        let share = |count: usize| count as f64 / total;
        println!(
            "{what:10} {known:>8} known {:5.1} %  {partly:>8} in part {:5.1} %  {unknown:>8} unknown {:5.1} %",
            share(known),
            share(partly),
            share(unknown)
        );
    }
}

impl Coverage {
    fn add(&mut self, other: Coverage) {
        self.receivers.add(other.receivers);
        self.locals.add(other.locals);
        self.calls.add(other.calls);
        for (cause, (count, sites)) in other.causes {
            let own = self.causes.entry(cause).or_default();
            own.0 += count;
            own.1.extend(sites);
        }
    }

    fn print(&self, options: &Options) {
        self.receivers.print("receivers");
        self.locals.print("locals");
        self.calls.print("calls");
        let mut ranked: Vec<_> = self.causes.iter().collect();
        ranked.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
        let shown = |cause: &str| options.cause.as_ref().is_none_or(|text| cause.contains(text.as_str()));
        for (cause, (count, sites)) in ranked.into_iter().filter(|(cause, _)| shown(cause)).take(options.top) {
            println!("{count:>7}  {cause}");
            for site in sites.iter().take(options.sites) {
                println!("             {site}");
            }
        }
    }
}

/// One body.
struct Survey<'s, 'p> {
    program: &'p Program<'p>,
    body: BodyRef<'p>,
    types: &'s Inference,
    options: &'s Options,
    coverage: &'s mut Coverage,
}

impl Survey<'_, '_> {
    fn run(&mut self) {
        for ty in &self.types.locals {
            self.coverage.locals.count(ty);
        }
        for index in 0..self.body.ir.exprs.len() as u32 {
            let id = ExprId(index);
            match &self.body.expr(id).kind {
                Expr::MethodCall(call) => {
                    self.coverage.receivers.count(self.types.ty(call.receiver));
                    self.coverage.calls.count(self.types.ty(id));
                }
                Expr::Call { .. } => self.coverage.calls.count(self.types.ty(id)),
                _ => {}
            }
            let ty = self.types.ty(id);
            if is_unknown(ty) {
                if let Some(cause) = self.cause(id) {
                    self.note(cause, id);
                }
            } else if ty.any(&mut Ty::is_unknown)
                && let Some(cause) = self.cause_of_hole(id)
            {
                let cause = format!("hole: {cause} gives {}", self.program.show(ty));
                self.note(cause, id);
            }
            self.parameters(id);
            self.patterns(id);
        }
    }

    fn note(&mut self, cause: String, id: ExprId) {
        let own = self.coverage.causes.entry(cause).or_default();
        own.0 += 1;
        if own.1.len() < self.options.sites
            && let Some(file) = self.program.source(self.body.file)
        {
            let span = self.body.expr(id).span;
            let line = file.lines.line_of(span.start);
            own.1.push(format!("{}:{}: {}", file.path, line + 1, file.lines.line_text(&file.text, line).trim()));
        }
    }

    fn is_known(&self, id: ExprId) -> bool {
        !is_unknown(self.types.ty(id))
    }

    fn is_whole(&self, id: ExprId) -> bool {
        !self.types.ty(id).any(&mut Ty::is_unknown)
    }

    /// Why an expression is not known, unless one of its parts is to blame.
    fn cause(&self, id: ExprId) -> Option<String> {
        match &self.body.expr(id).kind {
            Expr::MethodCall(call) => {
                let receiver = self.types.ty(call.receiver);
                let method = self.text(call.method);
                if is_unknown(receiver) {
                    return None;
                }
                let head = self.head(receiver);
                Some(match self.types.methods.get(&id) {
                    Some((function, _)) => format!("result of {} on {head}", self.program.path_text(*function)),
                    None => format!("method {head}.{method}"),
                })
            }
            Expr::Call { callee, .. } => match (&self.body.expr(*callee).kind, self.types.values.get(callee)) {
                (_, Some(value)) => Some(format!("result of {}", self.value(*value))),
                (Expr::Path(path), None) => Some(format!("call {}", self.path(path))),
                _ if self.is_known(*callee) => Some(format!("call of {}", self.head(self.types.ty(*callee)))),
                _ => None,
            },
            Expr::Path(path) => match self.types.values.get(&id) {
                Some(value) => self.is_value(id).then(|| format!("value of {}", self.value(*value))),
                None => self.is_value(id).then(|| format!("path {}", self.path(path))),
            },
            Expr::Field { base, name, .. } => {
                let base = self.types.ty(*base);
                if is_unknown(base) {
                    return None;
                }
                Some(match self.types.fields.get(&id) {
                    Some((field, _)) => {
                        match self.program.field_types(field.adt, field.variant).get(field.index as usize) {
                            Some(Ty::Unknown) | None => "field declared with an unknown type".to_owned(),
                            Some(ty) => format!("field declared as {}", self.program.show(ty)),
                        }
                    }
                    None => format!("field {}.{}", self.head(base), self.text(*name)),
                })
            }
            Expr::Index { base, .. } => {
                self.is_known(*base).then(|| format!("index of {}", self.head(self.types.ty(*base))))
            }
            Expr::Deref(inner) => {
                self.is_known(*inner).then(|| format!("deref of {}", self.head(self.types.ty(*inner))))
            }
            Expr::Try(inner) => self.is_known(*inner).then(|| format!("? on {}", self.head(self.types.ty(*inner)))),
            Expr::Await(inner) => {
                self.is_known(*inner).then(|| format!(".await of {}", self.head(self.types.ty(*inner))))
            }
            Expr::Binary { lhs, rhs, .. } => (self.is_known(*lhs) && self.is_known(*rhs)).then(|| {
                format!("operator on {} and {}", self.head(self.types.ty(*lhs)), self.head(self.types.ty(*rhs)))
            }),
            Expr::Macro(call) => Some(format!("macro {}!", self.path(&call.path))),
            Expr::Struct(literal) => Some(format!("literal {}", self.path(&literal.path))),
            Expr::Cast { .. } => Some("cast".to_owned()),
            _ => None,
        }
    }

    /// Why part of a type is open: at a call, the only place where it can arise.
    fn cause_of_hole(&self, id: ExprId) -> Option<String> {
        match &self.body.expr(id).kind {
            Expr::MethodCall(call) => {
                let (function, _) = self.types.methods.get(&id)?;
                (self.is_whole(call.receiver) && call.args.iter().all(|arg| self.is_whole(*arg))).then(|| {
                    format!("{} on {}", self.program.path_text(*function), self.head(self.types.ty(call.receiver)))
                })
            }
            Expr::Call { callee, args } => {
                let value = self.types.values.get(callee)?;
                args.iter().all(|arg| self.is_whole(*arg)).then(|| self.value(*value))
            }
            _ => None,
        }
    }

    /// The parameters of closures.
    fn parameters(&mut self, id: ExprId) {
        let Expr::Closure(closure) = &self.body.expr(id).kind else { return };
        for (pat, _) in &closure.params {
            if let Pat::Bind { local, .. } = &self.body.pat(*pat).kind
                && is_unknown(self.types.local(*local))
            {
                let cause = format!("closure parameter, {}", self.user_of(id));
                self.note(cause, id);
            }
        }
    }

    /// The call that a closure is passed to.
    fn user_of(&self, closure: ExprId) -> String {
        for index in closure.0 + 1..self.body.ir.exprs.len() as u32 {
            let id = ExprId(index);
            match &self.body.expr(id).kind {
                Expr::MethodCall(call) if call.args.contains(&closure) => {
                    let receiver = self.types.ty(call.receiver);
                    return match self.types.methods.get(&id) {
                        Some((function, _)) => {
                            format!(
                                "passed to {} on {}",
                                self.program.path_text(*function),
                                self.program.show(receiver)
                            )
                        }
                        None if is_unknown(receiver) => "passed to a method of something unknown".to_owned(),
                        None => format!("passed to method {}.{}", self.head(receiver), self.text(call.method)),
                    };
                }
                Expr::Call { callee, args } if args.contains(&closure) => {
                    return match (self.types.values.get(callee), &self.body.expr(*callee).kind) {
                        (Some(value), _) => format!("passed to {}", self.value(*value)),
                        (None, Expr::Path(path)) => format!("passed to unknown {}", self.path(path)),
                        _ => "passed to a call".to_owned(),
                    };
                }
                _ => {}
            }
        }
        "in no call".to_owned()
    }

    /// Patterns of `for`, `let` and `match` whose locals are not known although the value is.
    fn patterns(&mut self, id: ExprId) {
        let (body, types) = (self.body, self.types);
        let unknown = |pat| matches!(&body.pat(pat).kind, Pat::Bind { local, .. } if is_unknown(types.local(*local)));
        match &self.body.expr(id).kind {
            Expr::Loop(data) => {
                if let LoopKind::For { pat, iter } = data.kind
                    && unknown(pat)
                    && self.is_known(iter)
                {
                    let cause = format!("for over {}", self.program.show(self.types.ty(iter)));
                    self.note(cause, iter);
                }
            }
            Expr::Block(block) => {
                for stmt in &block.stmts {
                    if let Stmt::Let { pat, init: None, .. } = stmt
                        && unknown(*pat)
                    {
                        self.note("let without value".to_owned(), id);
                    }
                }
            }
            _ => {}
        }
    }

    /// Not the callee of a call.
    fn is_value(&self, id: ExprId) -> bool {
        let is_callee = |data: &ExprData| matches!(data.kind, Expr::Call { callee, .. } if callee == id);
        !self.body.ir.exprs.iter().skip(id.index()).any(is_callee)
    }

    fn value(&self, value: ValueRef) -> String {
        match value {
            ValueRef::Function(def) | ValueRef::Const(def) | ValueRef::Static(def) => self.of_user(def),
            ValueRef::Constructor(def, _) => format!("constructor {}", self.of_user(def)),
        }
    }

    /// An item of the user's is as good as another.
    fn of_user(&self, def: DefId) -> String {
        if !self.program.is_user(def) {
            return self.program.path_text(def);
        }
        let result = match &self.program.item(def).kind {
            ItemKind::Function(_) => self.program.signature(def).map(|signature| signature.ret.clone()),
            _ => None,
        };
        let kind = result.map_or_else(String::new, |ret| format!(" -> {}", self.head(&ret)));
        format!("(user){kind}")
    }

    /// The head of a type; the user's own types and parameters are all one.
    fn head(&self, ty: &Ty) -> String {
        let ty = ty.peel_refs();
        match ty {
            Ty::Adt(def, _) if self.program.is_user(*def) => "(user type)".to_owned(),
            Ty::Adt(def, _) => self.program.name(*def).to_owned(),
            Ty::Param(..) => "(parameter)".to_owned(),
            Ty::Tuple(_) => "(tuple)".to_owned(),
            Ty::Closure(..) => "(closure)".to_owned(),
            Ty::FnDef(_) => "(function)".to_owned(),
            Ty::Dyn(bounds) | Ty::Opaque(bounds) => {
                let mut text = if matches!(ty, Ty::Dyn(_)) { "dyn" } else { "impl" }.to_owned();
                for bound in bounds.iter().take(1) {
                    let name = self.program.name(bound.trait_def);
                    let _ =
                        write!(text, " {}", if self.program.is_user(bound.trait_def) { "(user trait)" } else { name });
                }
                text
            }
            Ty::Slice(_) | Ty::Array(_) => "[_]".to_owned(),
            _ => self.program.show(ty).to_string(),
        }
    }

    fn path(&self, path: &PathRef) -> String {
        let names: Vec<&str> = path.segments.iter().map(|segment| self.text(segment.name)).collect();
        let qself = if path.qself.is_some() { "<_>::" } else { "" };
        format!("{qself}{}", names.join("::"))
    }

    fn text(&self, name: Name) -> &str {
        self.program.name_text(self.body.owner, name)
    }
}
