"""What would be done, as data: nothing here starts, writes or asks anything."""
