"""What files set elsewhere as they are imported, by what names their content: kept, since a new commit changes few.

Whoever follows code asks which files may set a name: all files of a state are looked through for a few of them.
"""

from collections.abc import Callable
from functools import cached_property

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

    @cached_property
    def _telling(self) -> dict[str, frozenset[str]]:
        """The contents that set something: few, where each of very many states has as many contents as files."""
        return {content: names for content, names in self._table.known.items() if names}

    def by_name(self, files: FilesThen) -> dict[str, list[str]]:
        """Effect: read files of which it is not known. Return by each name the files that set it."""
        listed, known, telling = at_hand(files.files), self._table.known, self._telling
        for file, content in [item for item in listed.items() if item[1] not in known]:
            reading = files.read(file)
            if isinstance(reading, Document):  # else it may be there the next time
                names = written_at_import(reading.text)
                self._table.put(content, names)
                if names:
                    telling[content] = names
        found: dict[str, list[str]] = {}
        for file, content in [item for item in listed.items() if item[1] in telling]:
            for name in telling[content]:
                found.setdefault(name, []).append(file)
        return found

    def save(self) -> None:
        """Effect: keep what was asked for, if some of it was new; the cache writes it down."""
        self._table.save()
