"""State and change: the host holds the inputs, a snapshot answers from one state of them."""
