"""Everything that one file says by itself, as plain data. Pure: text in, data out; the only reader of LibCST."""
