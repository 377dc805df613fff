"""One command of the terminal a module."""
