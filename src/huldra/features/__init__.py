"""One question each, answered in plain data from a snapshot."""
