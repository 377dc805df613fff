"""Does what a plan says: processes, worktrees, what is set aside. Decides nothing about experiments."""
