"""The terminal: arguments, words and colours. Decides nothing."""
