"""Reads case files, asks the engine what they ask, and runs them with real Python."""
