--- Lists of experiments to choose from, through `vim.ui.select`.
local M = {}

local server = require("huldra.server")

local SIGNS = {
  current = "✓",
  stale = "≠",
  missing = "○",
  orphan = "∅",
  unverifiable = "?",
  running = "▶",
  queued = "▷",
  incomplete = "…",
}

---@class huldra.Row
---@field root string URI of its project
---@field class string
---@field hash string
---@field verdict string
---@field config table<string, string>
---@field sites table[]

--- One row in words: `≠ Train 1a2b3c4d  stale  lr=0.1, seed=0`.
---@param row huldra.Row
---@return string
function M.words(row)
  local fields = {}
  for name, value in pairs(row.config) do
    table.insert(fields, name .. "=" .. value)
  end
  table.sort(fields)
  local short = row.class:match("[^.]+$")
  return string.format(
    "%s %s %s  %s  %s",
    SIGNS[row.verdict] or "✗",
    short,
    row.hash:sub(1, 8),
    row.verdict,
    table.concat(fields, ", ")
  )
end

--- Whether every word of a text occurs in a row.
---@param row huldra.Row
---@param text string
---@return boolean
function M.fits(row, text)
  local where = (row.class .. " " .. M.words(row)):lower()
  for word in text:lower():gmatch("%S+") do
    if not where:find(word, 1, true) then
      return false
    end
  end
  return true
end

--- Fetch the experiments and runs that a text fits.
---@param client table
---@param text string
---@param take fun(rows: huldra.Row[])
function M.rows(client, text, take)
  server.ask(client, "huldra/runs", {}, function(answer)
    local found = {}
    for _, project in ipairs(answer.projects) do
      for _, row in ipairs(project.runs) do
        row.root = project.root
        if M.fits(row, text) then
          table.insert(found, row)
        end
      end
    end
    take(found)
  end)
end

--- Have one chosen; a single one need not be.
---@param client table
---@param text string
---@param prompt string
---@param take fun(row: huldra.Row)
function M.pick(client, text, prompt, take)
  M.rows(client, text, function(rows)
    if #rows == 0 then
      vim.notify("huldra: no experiment fits " .. vim.inspect(text))
    elseif #rows == 1 then
      take(rows[1])
    else
      vim.ui.select(rows, { prompt = prompt, format_item = M.words, kind = "huldra" }, function(row)
        if row then
          take(row)
        end
      end)
    end
  end)
end

--- Go to the code that builds a row; false for one that no code builds.
---@param row huldra.Row
---@return boolean
function M.go(row)
  local site = row.sites[1]
  if not site then
    return false
  end
  vim.cmd("edit " .. vim.fn.fnameescape(vim.uri_to_fname(row.root) .. "/" .. site.file))
  pcall(vim.api.nvim_win_set_cursor, 0, { site.line, site.column - 1 })
  return true
end

--- The argument object of a command about a row.
---@param row huldra.Row
---@return table
function M.argument(row)
  return { uri = row.root, class = row.class, hash = row.hash, selector = "experiment" }
end

return M
