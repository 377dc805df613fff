--- `:checkhealth huldra`: what is there, what is not, and what this Neovim leaves out.
local M = {}

local server = require("huldra.server")

-- Their names before 0.10, and their place before 0.8.
local old = vim.health or require("health")
local report = {}
for _, kind in ipairs({ "start", "ok", "warn", "error", "info" }) do
  report[kind] = old[kind] or old["report_" .. kind]
end

local function program()
  local cmd = server.config().cmd
  if vim.fn.executable(cmd[1]) == 0 then
    report.error(
      cmd[1] .. " cannot be run",
      { "pip install huldra-lab", "or say where it is: setup { cmd = { … } }" }
    )
    return
  end
  local words = vim.list_extend({}, cmd)
  if words[#words] == "lsp" then
    words[#words] = "--version"
  end
  report.ok(vim.trim(vim.fn.system(words)) .. ": " .. table.concat(cmd, " "))
end

local function neovim()
  if server.has("0.12") then
    report.ok("Neovim 0.12 or newer: lenses above the lines, kept fresh by Neovim")
  elseif server.has("0.11") then
    report.ok("Neovim 0.11: lenses behind the lines, kept fresh by this plugin")
  elseif server.has("0.8") then
    report.info("Neovim 0.8 to 0.10: started by setup(); lenses behind the lines; no type hierarchy")
  else
    report.warn("Neovim 0.7: started by setup(); pages are named, not opened; no inlay hints, no type hierarchy")
  end
end

local function clients()
  local found = server.clients()
  if #found == 0 then
    report.warn("no server is running", { "open a Python file of a project after vim.lsp.enable('huldra') or setup()" })
  end
  for _, client in ipairs(found) do
    local root = client.config.root_dir or (client.root_dir or "no root")
    local count = vim.tbl_count(client.attached_buffers or {})
    report.ok("serves " .. root .. (count > 0 and (", " .. count .. " buffers") or ""))
  end
end

--- Called by Neovim.
function M.check()
  report.start("huldra")
  program()
  neovim()
  clients()
end

return M
