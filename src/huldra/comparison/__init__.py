"""What the code builds against what the store holds: verdicts and their reasons."""
