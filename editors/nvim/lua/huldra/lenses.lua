--- Lenses: shown, kept fresh, and run. Neovim 0.12 does the first two by itself.
local M = {}

local server = require("huldra.server")
local PAUSE_MS = 250

local timers = {}

--- Whether Neovim keeps lenses fresh by itself.
---@return boolean
local function keeps_itself()
  return vim.lsp.codelens.enable ~= nil
end

--- Ask for the lenses of a buffer anew.
---@param bufnr integer
function M.refresh(bufnr)
  if keeps_itself() or not vim.api.nvim_buf_is_loaded(bufnr) or #server.clients(bufnr) == 0 then
    return
  end
  if server.has("0.10") then
    vim.lsp.codelens.refresh({ bufnr = bufnr })
  else
    vim.api.nvim_buf_call(bufnr, vim.lsp.codelens.refresh)
  end
end

--- Ask for the lenses of every buffer anew, once for many calls.
function M.refresh_all()
  for _, client in ipairs(server.clients()) do
    for bufnr in pairs(client.attached_buffers or {}) do
      M.refresh(bufnr)
    end
  end
  if vim.tbl_isempty((server.clients()[1] or {}).attached_buffers or {}) then
    for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
      M.refresh(bufnr)
    end
  end
end

local function refresh_later(bufnr)
  if timers[bufnr] then
    timers[bufnr]:stop()
  end
  timers[bufnr] = vim.defer_fn(function()
    timers[bufnr] = nil
    M.refresh(bufnr)
  end, PAUSE_MS)
end

--- Show the lenses of a buffer, and keep them fresh.
---@param bufnr integer
function M.attach(bufnr)
  if keeps_itself() then
    vim.lsp.codelens.enable(true, { bufnr = bufnr })
    return
  end
  local group = vim.api.nvim_create_augroup("huldra_lenses_" .. bufnr, { clear = true })
  vim.api.nvim_create_autocmd({ "BufEnter", "InsertLeave", "TextChanged", "BufWritePost" }, {
    group = group,
    buffer = bufnr,
    callback = function()
      refresh_later(bufnr)
    end,
  })
  refresh_later(bufnr)
end

return M
