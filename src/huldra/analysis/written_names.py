"""What files set elsewhere as they are imported, by what names their content: kept, since a new commit changes few.

Whoever follows code asks which files may set a name: all files of a state are looked through for a few of them.
"""

from collections.abc import Callable
from contextlib import suppress

import msgspec

from huldra.analysis.disk_cache import Cache
from huldra.facts.scan import written_at_import
from huldra.sources.code_files import FilesThen
from huldra.sources.documents import Document

_KIND = "written"
_NOTHING = frozenset[str]()
_decoder = msgspec.msgpack.Decoder(dict[str, frozenset[str]])


class WrittenNames:
    """Tells what contents set elsewhere. Used by one thread at a time.

    Args:
        cache: Where that is kept.
        key: Gives what tells this program from others, when it is first asked.
    """

    def __init__(self, cache: Cache, key: Callable[[], bytes]) -> None:
        self._cache = cache
        self._key = key
        self._kept: dict[str, frozenset[str]] | None = None
        self._asked: dict[str, frozenset[str]] = {}
        self._is_new = False

    def of(self, files: FilesThen, name: str) -> frozenset[str]:
        """Effect: read the file, if need be. Return the names that it sets; none where it cannot be read."""
        content = files.files[name]
        found = self._asked.get(content)
        if found is None:
            found = self._known().get(content)
            if found is None:
                reading = files.read(name)
                if not isinstance(reading, Document):
                    return _NOTHING  # it may be there the next time
                found = written_at_import(reading.text)
                self._is_new = True
            self._asked[content] = found
        return found

    def save(self) -> None:
        """Effect: keep what was asked for, if some of it was new; the cache writes it down."""
        self._kept = None
        if self._is_new:
            self._is_new = False
            self._cache.put(_KIND, self._key(), msgspec.msgpack.encode(self._asked))

    def _known(self) -> dict[str, frozenset[str]]:
        if self._kept is None:
            self._kept = {}
            data = self._cache.get(_KIND, self._key())
            if data is not None:
                with suppress(msgspec.DecodeError):  # somebody else's, or damaged
                    self._kept = _decoder.decode(data)
        return self._kept
