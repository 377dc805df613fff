#!/bin/sh
# Installs with apt-get what the tests of Neovim and Emacs need and this machine has not: Debian's Neovim (0.7 in Debian 12,
# the oldest that the client works in), Emacs with eglot, luacheck.
set -eu
missing=""
command -v nvim >/dev/null || missing="$missing neovim"
command -v luacheck >/dev/null || missing="$missing lua-check"
command -v emacs >/dev/null || missing="$missing emacs-nox"
[ -d /usr/share/emacs/site-lisp/elpa ] && ls /usr/share/emacs/site-lisp/elpa | grep -q eglot ||
  emacs --batch -Q --eval "(require 'eglot)" 2>/dev/null || missing="$missing elpa-eglot"
[ -z "$missing" ] && exit 0
command -v apt-get >/dev/null || { echo "install$missing first: there is no apt-get here" >&2; exit 1; }
apt-get update -qq || true
# shellcheck disable=SC2086 # a list of packages
apt-get install -y -qq --no-install-recommends $missing
