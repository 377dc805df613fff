"""The facts of all files, linked: modules, names, classes and their hierarchy. Knows no values."""
