-- For Neovim 0.11 and newer: `vim.lsp.enable("huldra")` is all it takes.
return require("huldra.server").config()
