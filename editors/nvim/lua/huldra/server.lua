--- The server: how it is started, and how it is asked. The differences between Neovim's versions live here.
local M = {}

local MARKERS = { "pyproject.toml", "huldra.toml", ".git" }

---@class huldra.Options
---@field cmd? string[] the server; default { "huldra", "lsp" }
---@field python? string the Python that makes experiments; default the project's own
---@field lenses? boolean show lenses; default true
---@field settings? table more initialization options, `inlayHints` say

---@type huldra.Options
M.options = {}

--- Whether this Neovim is at least of a version, "0.11" say.
---@param version string
---@return boolean
function M.has(version)
  return vim.fn.has("nvim-" .. version) == 1
end

local function capabilities()
  local found = vim.lsp.protocol.make_client_capabilities()
  -- The server then says when verdicts have changed: Neovim before 0.12 has no request for new lenses.
  found.experimental = vim.tbl_extend("force", found.experimental or {}, { huldraStatus = true })
  return found
end

--- What `vim.lsp.config` and its forerunners take.
---@return table
function M.config()
  local options = M.options
  return {
    name = "huldra",
    cmd = options.cmd or { "huldra", "lsp" },
    filetypes = { "python" },
    root_markers = MARKERS,
    capabilities = capabilities(),
    init_options = vim.tbl_extend("force", { python = options.python }, options.settings or {}),
    handlers = {
      ["huldra/statusChanged"] = function()
        require("huldra.lenses").refresh_all()
      end,
    },
    on_attach = function(_, bufnr)
      if options.lenses ~= false then
        require("huldra.lenses").attach(bufnr)
      end
    end,
  }
end

--- The running clients, those of a buffer only if one is given.
---@param bufnr? integer
---@return table[]
function M.clients(bufnr)
  local get = vim.lsp.get_clients or vim.lsp.get_active_clients
  local found = {}
  for _, client in ipairs(get()) do
    local is_here = bufnr == nil or vim.lsp.buf_is_attached(bufnr, client.id)
    if client.name == "huldra" and is_here then
      table.insert(found, client)
    end
  end
  return found
end

--- The client of a buffer, else the only one there is.
---@param bufnr? integer
---@return table?
function M.client(bufnr)
  local here = M.clients(bufnr or vim.api.nvim_get_current_buf())
  if here[1] then
    return here[1]
  end
  local all = M.clients()
  return #all == 1 and all[1] or nil
end

--- Ask the server; what it answers, or nothing after an error that was told, goes to `take`.
---@param client table
---@param method string
---@param params table
---@param take fun(answer: any)
function M.ask(client, method, params, take)
  local function handler(fault, answer)
    if fault then
      vim.notify("huldra: " .. (fault.message or vim.inspect(fault)), vim.log.levels.WARN)
    else
      take(answer)
    end
  end
  if M.has("0.11") then
    client:request(method, params, handler)
  else
    client.request(method, params, handler)
  end
end

--- Have a command of the server executed.
---@param client table
---@param command string
---@param argument? table
---@param take? fun(answer: table)
function M.execute(client, command, argument, take)
  local params = { command = command, arguments = argument and { argument } or {} }
  M.ask(client, "workspace/executeCommand", params, function(answer)
    if type(answer) ~= "table" then
      return
    end
    if answer.done == false and type(answer.message) == "string" then
      vim.notify("huldra: " .. answer.message)
    end
    if take then
      take(answer)
    end
  end)
end

-- By root: Neovim 0.7 does not list a client before it is initialized.
local started = {}

-- Neovim 0.7 has no vim.fs.
local function root_of(file)
  local directory = vim.fn.fnamemodify(file, ":p:h")
  while true do
    for _, marker in ipairs(MARKERS) do
      if vim.fn.empty(vim.fn.glob(directory .. "/" .. marker)) == 0 then
        return directory
      end
    end
    local parent = vim.fn.fnamemodify(directory, ":h")
    if parent == directory then
      return vim.fn.fnamemodify(file, ":p:h")
    end
    directory = parent
  end
end

--- Start the server for a buffer, or attach it to the one of its project; for Neovim without `vim.lsp.enable`.
---@param bufnr integer
function M.start(bufnr)
  local file = vim.api.nvim_buf_get_name(bufnr)
  if file == "" then
    return
  end
  local config = vim.tbl_extend("force", M.config(), { root_dir = root_of(file) })
  config.workspace_folders = { { uri = vim.uri_from_fname(config.root_dir), name = config.root_dir } }
  if vim.lsp.start then
    vim.lsp.start(config, { bufnr = bufnr })
    return
  end
  local id = started[config.root_dir]
  if not id then
    local on_exit = function()
      started[config.root_dir] = nil
    end
    id = vim.lsp.start_client(vim.tbl_extend("force", config, { on_exit = on_exit }))
    started[config.root_dir] = id
  end
  if id and not vim.lsp.buf_is_attached(bufnr, id) then
    vim.lsp.buf_attach_client(bufnr, id)
  end
end

return M
