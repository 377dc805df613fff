"""The language server: renders states of a project for editors. Holds no analysis of its own."""
