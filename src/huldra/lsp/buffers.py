"""What the editor holds: the text of open documents, and the edits that led there. Changed by one thread only."""

import threading
from collections.abc import Mapping, Sequence
from itertools import count

from lsprotocol import types
from msgspec import Struct

from huldra.analysis.alignment import Alignment, Edit, replacement
from huldra.facts.collect import normal_text
from huldra.lsp.positions import Encoding, Lines

_MOST_EDITS = 1000
_serials = count(1)


class Buffer(Struct, frozen=True):
    """A document as it was at one moment. `serial` grows with every edit of any document."""

    uri: str
    version: int
    text: str
    serial: int


class Buffers:
    """The open documents. The editor's thread changes them, any thread may look."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._buffers: dict[str, Buffer] = {}
        self._edits: dict[str, list[tuple[int, Edit]]] = {}
        self._known_since: dict[str, int] = {}
        self._lines: dict[str, Lines] = {}
        self.encoding: Encoding = "utf-16"

    def get(self, uri: str) -> Buffer | None:
        """Return an open document."""
        return self._buffers.get(uri)

    def all(self) -> Mapping[str, Buffer]:
        """Return the open documents as they are now."""
        with self._lock:
            return dict(self._buffers)

    def lines(self, uri: str) -> Lines | None:
        """Return the lines of an open document."""
        buffer = self._buffers.get(uri)
        if buffer is not None and uri not in self._lines:
            self._lines[uri] = Lines(buffer.text, self.encoding)
        return self._lines.get(uri)

    def open(self, uri: str, version: int, text: str) -> None:
        """Effect: take a document in, afresh."""
        serial = next(_serials)
        self._put(Buffer(uri, version, text, serial))
        self._edits[uri], self._known_since[uri] = [], serial

    def close(self, uri: str) -> None:
        """Effect: let a document go."""
        with self._lock:
            self._buffers.pop(uri, None)
        self._edits.pop(uri, None)
        self._lines.pop(uri, None)

    def change(self, uri: str, version: int, changes: Sequence[types.TextDocumentContentChangeEvent]) -> bool:
        """Effect: apply changes. Return whether the document is open."""
        for change in changes:
            buffer, lines = self._buffers.get(uri), self.lines(uri)
            if buffer is None or lines is None:
                return False
            text, edits = _changed(buffer.text, lines, change, self.encoding)
            serial = next(_serials)
            log = self._edits[uri]
            log.extend((serial, edit) for edit in edits)
            if len(log) > _MOST_EDITS:
                self._known_since[uri] = log[-_MOST_EDITS - 1][0]
                del log[:-_MOST_EDITS]
            self._put(Buffer(uri, version, text, serial))
        return uri in self._buffers

    def since(self, old: Buffer) -> Alignment:
        """Return how a document as it was leads to what it is now."""
        now = self._buffers.get(old.uri)
        if now is None or now.serial == old.serial:
            return Alignment()
        if old.serial < self._known_since[old.uri]:
            return Alignment(replacement(normal_text(old.text), normal_text(now.text)))
        return Alignment(tuple(edit for serial, edit in self._edits[old.uri] if serial > old.serial))

    def _put(self, buffer: Buffer) -> None:
        with self._lock:
            self._buffers[buffer.uri] = buffer
        self._lines.pop(buffer.uri, None)


def _changed(
    text: str, lines: Lines, change: types.TextDocumentContentChangeEvent, encoding: Encoding
) -> tuple[str, tuple[Edit, ...]]:
    """Return the text after a change, and the same change as edits."""
    if not isinstance(change, types.TextDocumentContentChangePartial):
        return change.text, replacement(normal_text(text), normal_text(change.text))
    start, end = sorted((lines.offset(change.range.start), lines.offset(change.range.end)))
    new = text[:start] + change.text + text[end:]
    if "\r" in text or "\r" in change.text or "\ufeff" in text[:1] + new[:1]:
        # A line end that is cut in half or put together changes lines outside the range.
        return new, replacement(normal_text(text), normal_text(new))
    after = Lines(new, encoding)
    return new, (Edit(lines.point_at(start), lines.point_at(end), after.point_at(start + len(change.text))),)
