--- huldra in Neovim. From 0.11 on `vim.lsp.enable("huldra")` is enough; `setup` works everywhere, from 0.7.
local M = {}

local server = require("huldra.server")

--- Take options in, and have the server started for Python files.
---@param options? huldra.Options
function M.setup(options)
  server.options = options or {}
  if vim.lsp.config and vim.lsp.enable then
    vim.lsp.config("huldra", server.config())
    vim.lsp.enable("huldra")
    return
  end
  local group = vim.api.nvim_create_augroup("huldra", { clear = true })
  vim.api.nvim_create_autocmd("FileType", {
    group = group,
    pattern = "python",
    callback = function(event)
      server.start(event.buf or vim.api.nvim_get_current_buf())
    end,
  })
  for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(bufnr) and vim.api.nvim_buf_get_option(bufnr, "filetype") == "python" then
      server.start(bufnr)
    end
  end
end

return M
