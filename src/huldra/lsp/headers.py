"""Where messages come from: headers as pygls knows them, however their names are spelled. Imports nothing of ours."""

import io
import re

_LENGTH = re.compile(rb"\s*content-length\s*:\s*(\d+)\s*", re.IGNORECASE)


class HeaderReader(io.BufferedReader):
    """A stream whose lines are headers; what lies between them is read by its length, as it is."""

    def readline(self, size: int | None = -1, /) -> bytes:
        """Return the next header."""
        line = super().readline(size)
        length = _LENGTH.fullmatch(line)
        return line if length is None else b"Content-Length: %s\r\n" % length[1]
