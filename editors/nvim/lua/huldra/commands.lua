--- `:Huldra`: the server's commands by name, about what stands at the cursor or what is chosen from a list.
local M = {}

local picker = require("huldra.picker")
local server = require("huldra.server")

--- Each word with the server's command. They take what the cursor stands on; with a text, what that fits.
local ABOUT = {
  rerun = "huldra.rerun",
  missing = "huldra.runMissing",
  cancel = "huldra.cancel",
  accept = "huldra.accept",
  why = "huldra.why",
  show = "huldra.showRun",
  log = "huldra.showLog",
  snippet = "huldra.copySnippet",
  dag = "huldra.showDag",
}

local function connected(act)
  local client = server.client()
  if client then
    act(client)
  else
    vim.notify("huldra: no server is running here; :checkhealth huldra says why", vim.log.levels.WARN)
  end
end

local function after(command)
  return function(answer)
    if command == "huldra.copySnippet" and answer.done and answer.text then
      vim.fn.setreg('"', answer.text)
      pcall(vim.fn.setreg, "+", answer.text)
      vim.notify("huldra: copied")
    elseif answer.pid then
      vim.notify("huldra: process " .. answer.pid .. ", log " .. vim.uri_to_fname(answer.log))
    end
  end
end

--- The arguments that the lenses' commands and actions have at the cursor's line.
local function arguments_here(client, command, take)
  local bufnr = vim.api.nvim_get_current_buf()
  local line = vim.api.nvim_win_get_cursor(0)[1] - 1
  local here = { line = line, character = 0 }
  local params = {
    textDocument = { uri = vim.uri_from_bufnr(bufnr) },
    range = { start = here, ["end"] = here },
    context = { diagnostics = {} },
  }
  server.ask(client, "textDocument/codeAction", params, function(actions)
    local found = {}
    for _, action in ipairs(actions or {}) do
      if type(action.command) == "table" and action.command.command == command then
        table.insert(found, { title = action.title, argument = action.command.arguments[1] })
      end
    end
    take(found)
  end)
end

local function about(word, text)
  local command = ABOUT[word]
  connected(function(client)
    local function picked()
      picker.pick(client, text, word .. " which experiment?", function(row)
        server.execute(client, command, picker.argument(row), after(command))
      end)
    end
    if text ~= "" then
      picked()
      return
    end
    arguments_here(client, command, function(found)
      if #found == 0 then
        picked()
      elseif #found == 1 then
        server.execute(client, command, found[1].argument, after(command))
      else
        local options = {
          prompt = word .. ":",
          format_item = function(item)
            return item.title
          end,
        }
        vim.ui.select(found, options, function(item)
          if item then
            server.execute(client, command, item.argument, after(command))
          end
        end)
      end
    end)
  end)
end

local function runs(text)
  connected(function(client)
    picker.pick(client, text, "Experiments", function(row)
      if not picker.go(row) then
        server.execute(client, "huldra.showRun", picker.argument(row))
      end
    end)
  end)
end

--- `field=value field=value` as a table; what stands in brackets or quotes begins no field.
---@param text string
---@return table<string, string>
function M.values(text)
  local found, name, from, depth, quote = {}, nil, 1, 0, nil
  local function finish(till)
    if name then
      found[name] = vim.trim(text:sub(from, till))
    end
  end
  for at = 1, #text do
    local char = text:sub(at, at)
    if quote then
      quote = char ~= quote and quote or nil
    elseif char == "'" or char == '"' then
      quote = char
    elseif char:match("[%(%[{]") then
      depth = depth + 1
    elseif char:match("[%)%]}]") then
      depth = depth - 1
    elseif depth == 0 and (at == 1 or text:sub(at - 1, at - 1):match("%s")) then
      local field = text:match("^([%a_][%w_]*)=[^=]", at)
      if field then
        finish(at - 1)
        name, from = field, at + #field + 1
      end
    end
  end
  finish(#text)
  return found
end

--- `CLASS field=value …`: shown with what it builds, then written by the editor.
local function new(text)
  local class, rest = text:match("^(%S+)%s*(.*)$")
  if not class then
    vim.notify("huldra: say :Huldra new CLASS field=value …")
    return
  end
  local values = M.values(rest)
  if vim.tbl_isempty(values) then
    values = vim.empty_dict()
  end
  connected(function(client)
    local uri = vim.uri_from_bufnr(0)
    local order = { uri = uri, class = class, values = values, into = uri }
    server.ask(client, "huldra/preview", order, function(preview)
      if preview.code == "" then
        vim.notify("huldra: " .. table.concat(preview.problems, "; "), vim.log.levels.WARN)
        return
      end
      local verdicts = {}
      for _, row in ipairs(preview.experiments) do
        table.insert(verdicts, row.hash:sub(1, 8) .. " " .. row.verdict)
      end
      local prompt = preview.code .. "\nbuilds " .. table.concat(verdicts, ", ")
      vim.ui.select({ "Cancel", "Write it" }, { prompt = prompt }, function(choice)
        if choice == "Write it" then
          server.execute(client, "huldra.new", order)
        end
      end)
    end)
  end)
end

local OTHERS = {
  runs = runs,
  new = new,
  refresh = function()
    connected(function(client)
      server.execute(client, "huldra.refresh")
    end)
  end,
  status = function()
    connected(function(client)
      server.execute(client, "huldra.showStatus")
    end)
  end,
}

--- The words that `:Huldra` takes, sorted.
---@return string[]
function M.words()
  local found = vim.tbl_extend("error", ABOUT, OTHERS)
  local words = vim.tbl_keys(found)
  table.sort(words)
  return words
end

--- Do what `:Huldra WORD …` says.
---@param line string
function M.run(line)
  local word, text = line:match("^%s*(%S*)%s*(.-)%s*$")
  if ABOUT[word] then
    about(word, text)
  elseif OTHERS[word] then
    OTHERS[word](text)
  else
    vim.notify("huldra: say one of " .. table.concat(M.words(), ", "))
  end
end

--- Complete the first word.
---@param lead string
---@param line string
---@return string[]
function M.complete(lead, line)
  if line:match("^%s*%S+%s+%S+%s") then
    return {}
  end
  return vim.tbl_filter(function(word)
    return vim.startswith(word, lead)
  end, M.words())
end

return M
