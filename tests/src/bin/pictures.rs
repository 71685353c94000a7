//! Makes the README's pictures from what the tool really prints, in a terminal and in an editor:
//!
//! ```sh
//! cargo run -p thread-lint-tests --bin pictures
//! ```
//!
//! Writes `editors/pictures/terminal.svg` and `editors/pictures/neovim.svg`. The second needs Neovim and tmux.

use anstyle_svg::{Term, WIN10_CONSOLE};
use std::path::Path;
use std::process::{Command, ExitCode, Output};
use std::time::{Duration, Instant};
use thread_lint_tests::{binary, package, root};

/// What is looked at.
const SOURCE: &str = r#"use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};

pub struct Flusher {
    lines: Option<Sender<String>>,
    worker: Option<JoinHandle<()>>,
}

impl Flusher {
    pub fn start() -> Flusher {
        let (lines, queue) = mpsc::channel();
        let worker = thread::spawn(move || write_all(queue));
        Flusher { lines: Some(lines), worker: Some(worker) }
    }

    pub fn log(&self, line: String) {
        if let Some(lines) = &self.lines {
            let _ = lines.send(line);
        }
    }
}

impl Drop for Flusher {
    fn drop(&mut self) {
        self.lines.take();
    }
}

fn write_all(queue: Receiver<String>) {
    for line in queue {
        println!("{line}");
    }
}
"#;

/// Columns and rows of the editor's terminal.
const SIZE: (&str, &str) = ("112", "34");

/// The most that an editor may take to start and to show a finding.
const PATIENCE: Duration = Duration::from_secs(60);

/// An editor with nothing but the language server.
const INIT: &str = r#"
vim.o.number = true
vim.o.signcolumn = 'yes'
vim.o.swapfile = false
vim.o.laststatus = 0
vim.diagnostic.config({ virtual_text = false, signs = true, underline = true })
vim.api.nvim_create_autocmd('FileType', { pattern = 'rust', callback = function(event)
  local client = vim.lsp.start_client({
    name = 'thread-lint', cmd = { vim.env.THREAD_LINT, 'lsp' }, root_dir = vim.fn.getcwd(),
  })
  vim.lsp.buf_attach_client(event.buf, client)
end })
vim.api.nvim_create_autocmd('DiagnosticChanged', { callback = function()
  local found = vim.diagnostic.get(0)
  if #found > 0 then
    vim.api.nvim_win_set_cursor(0, { found[1].lnum + 1, found[1].col })
    -- What moves the cursor closes the window.
    vim.defer_fn(function() vim.diagnostic.open_float(nil, { scope = 'line', border = 'rounded', max_width = 92 }) end, 200)
  end
end })
vim.cmd([[
  filetype on
  syntax on
  set background=dark
  highlight NormalFloat ctermfg=252 ctermbg=236
  highlight FloatBorder ctermfg=244 ctermbg=236
  highlight LineNr ctermfg=244 ctermbg=NONE
  highlight SignColumn ctermbg=NONE
  highlight DiagnosticWarn ctermfg=179
  highlight DiagnosticFloatingWarn ctermfg=179 ctermbg=236
]])
"#;

fn main() -> ExitCode {
    match draw() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn draw() -> anyhow::Result<()> {
    let folder = package::package(&[("src/lib.rs", SOURCE)]);
    let pictures = root().join("editors/pictures");
    std::fs::create_dir_all(&pictures)?;
    let said = binary::command(folder.path()).args(["--color", "always", "--quiet"]).output()?;
    save(&pictures.join("terminal.svg"), &format!("$ cargo thread-lint\n{}", String::from_utf8(said.stdout)?))?;
    save(&pictures.join("neovim.svg"), &in_neovim(folder.path())?)
}

fn save(path: &Path, screen: &str) -> anyhow::Result<()> {
    std::fs::write(path, Term::new().palette(WIN10_CONSOLE).render_svg(screen))?;
    println!("wrote {}", path.display());
    Ok(())
}

/// What Neovim shows once the finding is there.
fn in_neovim(folder: &Path) -> anyhow::Result<String> {
    let init = tempfile::Builder::new().suffix(".lua").tempfile()?;
    std::fs::write(init.path(), INIT)?;
    let session = format!("thread-lint-{}", std::process::id());
    let editor = format!("nvim --clean -u '{}' -n src/lib.rs", init.path().display());
    let (columns, rows) = SIZE;
    let tool = format!("THREAD_LINT={}", binary::path().display());
    tmux(
        &session,
        &["new-session", "-d", "-x", columns, "-y", rows, "-e", &tool, "-c", &folder.to_string_lossy(), &editor],
    )?;
    let began = Instant::now();
    let screen = loop {
        std::thread::sleep(Duration::from_millis(200));
        let screen = String::from_utf8(tmux(&session, &["capture-pane", "-e", "-p"])?.stdout)?;
        // The float is drawn whole once its lower edge is there.
        if screen.contains('╯') {
            break screen;
        }
        anyhow::ensure!(began.elapsed() < PATIENCE, "no finding is shown:\n{screen}");
    };
    tmux(&session, &["kill-server"])?;
    Ok(screen)
}

/// A command to a tmux of our own.
fn tmux(session: &str, arguments: &[&str]) -> anyhow::Result<Output> {
    let output = Command::new("tmux").args(["-L", session, "-f", "/dev/null"]).args(arguments).output()?;
    anyhow::ensure!(output.status.success(), "tmux: {}", String::from_utf8_lossy(&output.stderr));
    Ok(output)
}
