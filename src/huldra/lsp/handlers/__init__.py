"""One request a file: convert, ask a feature, convert."""
