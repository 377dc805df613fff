-- The command. The server is started by `vim.lsp.enable("huldra")` or `require("huldra").setup()`, not by this.
if vim.g.loaded_huldra then
  return
end
vim.g.loaded_huldra = true

vim.api.nvim_create_user_command("Huldra", function(given)
  require("huldra.commands").run(given.args)
end, {
  nargs = "*",
  desc = "experiments: rerun, why, show, runs, new and others",
  complete = function(lead, line)
    return require("huldra.commands").complete(lead, line)
  end,
})
