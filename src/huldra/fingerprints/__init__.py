"""What a definition means and what it reaches: forms that layout and names do not touch, and closures over them."""
