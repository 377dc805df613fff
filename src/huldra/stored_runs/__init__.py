"""The door to results: finds and reads the runs of a store. Never writes to it."""
