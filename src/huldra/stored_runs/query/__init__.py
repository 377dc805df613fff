"""The language in which runs are asked for: text in, a typed tree out, and what it says of a row. No disk, no code."""
