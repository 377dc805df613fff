"""The door to code: settings, which files there are, their text, and what is cached of them."""
