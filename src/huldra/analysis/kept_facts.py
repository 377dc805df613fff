"""Facts on disk, by the content of what they were read from: a text that was parsed once is not parsed again.

What is damaged, missing or of another version counts as never kept. Knows no files and no times.
"""

import hashlib
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

import msgspec

from huldra.analysis.disk_cache import Cache
from huldra.facts import collect
from huldra.facts.collect import collect_facts, collect_piece
from huldra.facts.encoding import FACTS_VERSION, DamagedFactsError, decode_piece, encode_facts
from huldra.facts.statements import FileFacts, Piece, PieceFacts
from huldra.sources.installed_version import installed_version

_PIECE = "piece"
_LAYOUT = "layout"
_KEY_BYTES = 20
_layouts = msgspec.msgpack.Decoder(tuple[tuple[int, int, bytes], ...])


class KeptFacts:
    """Facts of pieces by their text, and the pieces of files by the text of the whole. `save` writes them down."""

    def __init__(self, disk: Cache) -> None:
        self.cache = disk
        self._files: dict[bytes, bytes] = {}
        self._pieces: dict[bytes, bytes] = {}

    def look_up(self, texts: Iterable[str]) -> None:
        """Effect: read what is kept of files all at once, before they are asked for one by one."""
        keys = [key for key in map(_key, texts) if key not in self._files]
        found = self.cache.get_all(_LAYOUT, keys)
        self._files |= found
        pieces: dict[bytes, None] = {}
        for kept in found.values():
            with suppress(msgspec.DecodeError):
                pieces |= dict.fromkeys(key for _, _, key in _layouts.decode(kept))
        self._pieces |= self.cache.get_all(_PIECE, [key for key in pieces if key not in self._pieces])

    def piece(self, text: str, collected: Callable[[str], PieceFacts]) -> PieceFacts:
        """Return the facts of a piece, collected only if they are not at hand."""
        key = _key(text)
        found = self._kept_piece(key)
        if found is not None:
            return found
        facts = collected(text)
        # A problem may come from how much stack was left, which another process has not to inherit.
        if facts.problem is None:
            self.cache.put(_PIECE, key, encode_facts(facts))
        return facts

    def file(self, text: str, piece_facts: Callable[[str], PieceFacts]) -> FileFacts:
        """Return the facts of a file, split into pieces only if they are not at hand.

        Args:
            text: The whole file.
            piece_facts: Gives the facts of a piece that is not at hand; it asks `piece`.
        """
        file_key = _key(text)
        found = self._kept_file(file_key)
        if found is not None:
            return found
        keys: list[bytes] = []

        def recorded(piece: str) -> PieceFacts:
            keys.append(_key(piece))
            return piece_facts(piece)

        facts = collect_facts(text, recorded)
        if facts.problem is None:
            layout = tuple(
                (piece.first_line, piece.line_count, key) for piece, key in zip(facts.pieces, keys, strict=True)
            )
            self.cache.put(_LAYOUT, file_key, msgspec.msgpack.encode(layout))
        return facts

    def text(self, text: str) -> FileFacts:
        """Return what a text says that no file need hold; only its pieces are kept."""
        return collect_facts(text, lambda piece: self.piece(piece, collect_piece))

    def knows(self, text: str) -> bool:
        """Whether the pieces of a file are at hand."""
        key = _key(text)
        return key in self._files or self.cache.get(_LAYOUT, key) is not None

    def file_key(self, text: str) -> bytes:
        """Return the name under which a file's pieces are kept."""
        return _key(text)

    def file_of_key(self, key: bytes) -> FileFacts | None:
        """Return the facts of the file whose pieces are kept under a name; None if they are not."""
        return self._kept_file(key)

    def close(self) -> None:
        """Effect: let go of the file in which facts are kept."""
        self.cache.close()

    def save(self) -> None:
        """Effect: write down what was collected."""
        self.cache.save()

    def _kept_piece(self, key: bytes) -> PieceFacts | None:
        kept = self.cache.get(_PIECE, key)
        if kept is not None:
            with suppress(DamagedFactsError):
                return decode_piece(kept)
        return None

    def _kept_file(self, key: bytes) -> FileFacts | None:
        kept = self._files.get(key) or self.cache.get(_LAYOUT, key)
        if kept is None:
            return None
        with suppress(msgspec.DecodeError, DamagedFactsError, KeyError):
            layout = _layouts.decode(kept)
            known: Mapping[bytes, bytes] = self._pieces
            if not all(key in known for _, _, key in layout):
                known = self.cache.get_all(_PIECE, [key for _, _, key in layout])
            return FileFacts(tuple(Piece(first, count, decode_piece(known[key])) for first, count, key in layout))
        return None


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=_KEY_BYTES, key=_versions()).digest()


@cache
def _versions() -> bytes:
    """Return all that facts depend on besides text: our reader, the parser, and Python, whose letters vary.

    The reader's own files count too: whoever works on it must not be answered with what it said before.
    """
    folder = Path(collect.__file__).parent
    reader = sorted(
        (path.name, found.st_size, found.st_mtime_ns) for path in folder.glob("*.py") if (found := path.stat())
    )
    parts = (str(FACTS_VERSION), repr(reader), _parser_version(), sys.version)
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=32).digest()


def _parser_version() -> str:
    found = installed_version("libcst")
    if found is not None:
        return found
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415  # slow, and seldom asked for

    try:
        return version("libcst")
    except PackageNotFoundError:
        return os.urandom(16).hex()  # not known, so nothing that was kept can be trusted
