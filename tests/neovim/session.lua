-- A session of Neovim with the language server: run by `tests/tests/editor_neovim.rs` with SERVER, ROOT and FILE set.
-- It prints what it sees, one line each, and leaves with an error where something does not come.

local patience = 60000

local function say(...)
  io.stdout:write(string.format(...) .. "\n")
end

local function fail(...)
  say("FAILED " .. string.format(...))
  vim.cmd("cquit 1")
end

-- What a person would choose from the menu, by a part of its title.
local wanted
vim.ui.select = function(items, options, choose)
  for index, item in ipairs(items) do
    local title = options.format_item(item)
    if title:find(wanted, 1, true) then
      say("choose %s", title)
      return choose(item, index)
    end
  end
  for _, item in ipairs(items) do
    say("offered %s", options.format_item(item))
  end
  fail("no `%s` in the menu", wanted)
end

vim.cmd("edit " .. vim.fn.fnameescape(vim.env.FILE))
vim.bo.filetype = "rust"
local buffer = vim.api.nvim_get_current_buf()
local client = vim.lsp.start_client({
  name = "thread-lint",
  cmd = { vim.env.SERVER, "lsp" },
  root_dir = vim.env.ROOT,
})
vim.lsp.buf_attach_client(buffer, client)

local function wait_for(count, what)
  local function there()
    return #vim.diagnostic.get(buffer) == count
  end
  if not vim.wait(patience, there, 10) then
    fail("%d diagnostics %s, not %d", #vim.diagnostic.get(buffer), what, count)
  end
  say("%s: %d", what, count)
  for _, found in ipairs(vim.diagnostic.get(buffer)) do
    local sent = found.user_data.lsp
    local headline = vim.split(found.message, "\n")[1]
    say("  %d:%d %s [%s] %s", found.lnum + 1, found.col + 1, found.source, sent.code, headline)
    for _, related in ipairs(sent.relatedInformation or {}) do
      say("    line %d: %s", related.location.range.start.line + 1, related.message)
    end
  end
end

-- Chooses from the code actions at the first place of a text.
local function act(text, title)
  vim.fn.cursor(1, 1)
  if vim.fn.search(text) == 0 then
    fail("no `%s` in the buffer", text)
  end
  wanted = title
  local tick = vim.api.nvim_buf_get_changedtick(buffer)
  vim.lsp.buf.code_action()
  if not vim.wait(patience, function() return vim.api.nvim_buf_get_changedtick(buffer) ~= tick end, 10) then
    fail("`%s` changes nothing", title)
  end
end

say("%s", vim.split(vim.fn.execute("version"), "\n")[2])
wait_for(2, "opened")
act("while", "spin")
wait_for(1, "after the quick fix")
-- Typed, not saved.
local lines = { "// 𝕏", "pub fn more(flag: &AtomicBool) {", "    while !flag.load(Ordering::Acquire) {}", "}" }
vim.api.nvim_buf_set_lines(buffer, -1, -1, false, lines)
wait_for(2, "after typing")
act("std::thread", "allow `dropped_join_handles` here")
wait_for(1, "after the suppression")
act("flag.load(Ordering::Acquire) {}", "all certain fixes")
wait_for(0, "after all certain fixes")
vim.fn.search("allow(dropped", "e")
local answers = vim.lsp.buf_request_sync(buffer, "textDocument/hover", vim.lsp.util.make_position_params(), patience)
say("hover: %s", vim.split(answers[client].result.contents.value, "\n")[1])
vim.cmd("silent write")
for number, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
  say("%2d | %s", number, line)
end
vim.lsp.stop_client(client)
say("done")
vim.cmd("qall!")
