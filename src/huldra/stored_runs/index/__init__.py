"""A cache of what the runs of a store say, brought up to date by what changed. Never the truth: the store is."""
