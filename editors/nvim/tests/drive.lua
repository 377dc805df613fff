-- Drives this Neovim over a project and writes what it sees to stdout, in sections. Run by test_neovim.py.
local project, python = vim.env.HULDRA_PROJECT, vim.env.HULDRA_PYTHON
local plugin = vim.env.HULDRA_PLUGIN
vim.opt.runtimepath:prepend(plugin)
vim.cmd("runtime plugin/huldra.lua")
vim.cmd("filetype on")
vim.o.swapfile = false
vim.o.hidden = true

local asked, notes = {}, {}
local answer = nil
vim.ui.select = function(items, options, choose)
  local titles = {}
  for _, item in ipairs(items) do
    table.insert(titles, (options.format_item or tostring)(item))
  end
  table.insert(asked, { prompt = options.prompt, titles = titles })
  for index, title in ipairs(titles) do
    if answer and title:find(answer, 1, true) then
      choose(items[index], index)
      return
    end
  end
  choose(nil, nil)
end
vim.notify = function(message)
  table.insert(notes, message)
end
-- A question of the server: before 0.12 Neovim asks on the command line, which a test cannot answer.
vim.lsp.handlers["window/showMessageRequest"] = function(_, params)
  local titles = {}
  for _, action in ipairs(params.actions) do
    table.insert(titles, action.title)
  end
  table.insert(asked, { prompt = params.message, titles = titles })
  for _, action in ipairs(params.actions) do
    if answer and action.title:find(answer, 1, true) then
      return action
    end
  end
  return vim.NIL
end
vim.lsp.handlers["window/showMessage"] = function(_, params)
  table.insert(notes, params.message)
  return vim.NIL
end

local function say(title, lines)
  io.stdout:write("== " .. title .. "\n")
  for _, line in ipairs(lines) do
    io.stdout:write(line .. "\n")
  end
end

local function wait(what, is_there, patience)
  if not vim.wait(patience or 60000, is_there, 50) then
    io.stdout:write("!! waited in vain for " .. what .. "\n" .. table.concat(notes, "\n") .. "\n")
    vim.cmd("cquit 1")
  end
end

local server = require("huldra.server")
local commands = require("huldra.commands")
local function request(method, params)
  local found, is_done = nil, false
  server.ask(server.client(), method, params, function(result)
    found, is_done = result, true
  end)
  wait(method, function()
    return is_done
  end)
  return found
end
local function settle()
  wait("rest", function()
    return not request("huldra/status", {}).busy
  end)
end

local options = { cmd = { python, "-m", "huldra", "lsp" }, python = python }
if server.has("0.11") then
  server.options = options
  vim.lsp.enable("huldra")
else
  require("huldra").setup(options)
end
vim.cmd("edit " .. project .. "/toytext/experiments.py")
vim.bo.filetype = "python"
wait("a client", function()
  return server.client() ~= nil
end)
settle()

local bufnr = vim.api.nvim_get_current_buf()
local function lenses()
  -- As Neovim itself holds them where it can be asked, else as it would ask for them.
  local found = {}
  for _, lens in ipairs(request("textDocument/codeLens", { textDocument = { uri = vim.uri_from_bufnr(bufnr) } })) do
    table.insert(found, string.format("%d %s", lens.range.start.line + 1, lens.command.title))
  end
  return found
end
say("lenses", lenses())

-- What is on the screen.
if vim.lsp.codelens.get and not server.has("0.12") then
  wait("lenses on the screen", function()
    return #vim.lsp.codelens.get(bufnr) > 0
  end)
  say("held by Neovim", { tostring(#vim.lsp.codelens.get(bufnr)) })
elseif vim.lsp.codelens.is_enabled then
  say("held by Neovim", { "enabled " .. tostring(vim.lsp.codelens.is_enabled({ bufnr = bufnr })) })
end

vim.api.nvim_win_set_cursor(0, { 23, 12 })
local hover = request("textDocument/hover", {
  textDocument = { uri = vim.uri_from_bufnr(bufnr) },
  position = { line = 22, character = 12 },
})
say("hover", vim.split(hover.contents.value, "\n"))

local here = { line = 22, character = 0 }
local actions = request("textDocument/codeAction", {
  textDocument = { uri = vim.uri_from_bufnr(bufnr) },
  range = { start = here, ["end"] = here },
  context = { diagnostics = {} },
})
local titles = {}
for _, action in ipairs(actions) do
  table.insert(titles, action.title)
end
say("actions", titles)

say("completion", {
  table.concat(vim.fn.getcompletion("Huldra ", "cmdline"), " "),
  table.concat(commands.complete("s", "Huldra s"), " "),
})

notes, asked, answer = {}, {}, "≠ Averaged 1843"
vim.cmd("Huldra runs averaged stale")
wait("a choice", function()
  return #asked > 0
end)
say("picker", vim.list_extend({ asked[1].prompt }, asked[1].titles))
vim.wait(300, function()
  return vim.api.nvim_win_get_cursor(0)[1] ~= 23
end)
say("gone to", { vim.fn.expand("%:t") .. ":" .. vim.api.nvim_win_get_cursor(0)[1] })

notes, asked = {}, {}
vim.cmd("edit " .. project .. "/toytext/experiments.py")
vim.api.nvim_win_set_cursor(0, { 11, 0 })
vim.cmd("Huldra snippet")
wait("a snippet", function()
  return vim.fn.getreg('"'):find("Clean", 1, true) ~= nil
end)
say("snippet", vim.split(vim.fn.getreg('"'), "\n"))

-- A change that might be accepted, and is not.
vim.cmd("edit " .. project .. "/toytext/experiments.py")
vim.api.nvim_win_set_cursor(0, { 23, 0 })
notes, asked, answer = {}, {}, nil
vim.cmd("Huldra accept")
wait("a question", function()
  return #asked > 0 and #notes > 0
end)
say("accept", { asked[1].prompt, table.concat(asked[1].titles, " | "), notes[#notes] })

-- A rerun: its lens is chosen and the question refused first, then it is wanted.
vim.api.nvim_win_set_cursor(0, { 33, 8 })
notes, asked, answer = {}, {}, "Rerun"
if vim.lsp.codelens.get and not server.has("0.12") then
  -- While lenses are asked for anew, Neovim has none that could be run.
  wait("a lens that can be run", function()
    return #vim.tbl_filter(function(lens)
      return lens.range.start.line == 32 and lens.command ~= nil
    end, vim.lsp.codelens.get(bufnr)) > 1
  end)
end
vim.lsp.codelens.run()
wait("a question", function()
  return #asked > 1
end)
say("lens", asked[1].titles)
say("question", { asked[2].prompt, table.concat(asked[2].titles, " | ") })
notes, asked, answer = {}, {}, "Run 1"
vim.cmd("Huldra rerun")
wait("the run to be current", function()
  settle()
  for _, lens in ipairs(lenses()) do
    if lens:find("^33 ✓ current") then
      return true
    end
  end
  return false
end, 90000)
say(
  "after the rerun",
  vim.tbl_filter(function(lens)
    return lens:find("^33 ") ~= nil
  end, lenses())
)

-- A new experiment, written into the buffer.
notes, asked, answer = {}, {}, "Write it"
vim.cmd("Huldra new LogReg data=train_ids lr=0.1, 0.7")
wait("new code", function()
  return table.concat(vim.api.nvim_buf_get_lines(bufnr, 0, -1, false), "\n"):find("log_reg_sweep", 1, true) ~= nil
end)
say("new", vim.split(asked[1].prompt, "\n"))
say("written", vim.api.nvim_buf_get_lines(bufnr, 52, -1, false))
vim.wait(3000, function()
  return vim.api.nvim_win_get_cursor(0)[1] == 55
end)
vim.cmd("undo")

notes = {}
vim.cmd("Huldra nonsense")
say("a wrong word", notes)

vim.cmd("checkhealth huldra")
local health = vim.tbl_filter(function(line)
  return line ~= "" and not line:find("^[=~]+")
end, vim.api.nvim_buf_get_lines(0, 0, -1, false))
say("health", health)
for _, client in ipairs(server.clients()) do
  if server.has("0.11") then
    client:stop()
  else
    client.stop()
  end
end
vim.wait(3000, function()
  return #server.clients() == 0
end)
vim.cmd("qall!")
