"""What files set elsewhere as they are imported, by what names their content: kept, since a new commit changes few.

Whoever follows code asks which files may set a name: all files of a state are looked through for a few of them.
"""

from collections.abc import Callable

import msgspec

from huldra.analysis.disk_cache import Cache
from huldra.analysis.kept_table import KeptTable
from huldra.facts.scan import written_at_import
from huldra.sources.code_files import FilesThen, at_hand
from huldra.sources.documents import Document

_KIND = "written"
_decoder = msgspec.msgpack.Decoder(dict[str, frozenset[str]])


class WrittenNames:
    """Tells what contents set elsewhere. Used by one thread at a time.

    Args:
        cache: Where that is kept.
        key: Gives what tells this program from others, when it is first asked.
    """

    def __init__(self, cache: Cache, key: Callable[[], bytes]) -> None:
        self._table = KeptTable(cache, _KIND, _decoder, key)
        self._telling: dict[str, frozenset[str]] = {}
        self._looked_at = 0

    def by_name(self, files: FilesThen) -> dict[str, list[str]]:
        """Effect: read files of which it is not known. Return by each name the files that set it."""
        listed, known = at_hand(files.files), self._table.known
        for file, content in [item for item in listed.items() if item[1] not in known]:
            reading = files.read(file)
            if isinstance(reading, Document):  # else it may be there the next time
                self._table.put(content, written_at_import(reading.text))
        # Nearly all set nothing, and there are as many as there are files, in each of very many states.
        if self._looked_at != len(known):
            self._telling = {content: names for content, names in known.items() if names}
            self._looked_at = len(known)
        telling = self._telling
        found: dict[str, list[str]] = {}
        for file, content in [item for item in listed.items() if item[1] in telling]:
            for name in telling[content]:
                found.setdefault(name, []).append(file)
        return found

    def save(self) -> None:
        """Effect: keep what was asked for, if some of it was new; the cache writes it down."""
        self._table.save()
