"""What code builds, kept on disk by the files that were asked for while it was found out. Knows no file by itself."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Literal

import msgspec

from huldra.analysis.disk_cache import Cache
from huldra.analysis.kept import LazyFacts
from huldra.experiments.encoding import (
    DamagedExperimentsError,
    NotEncodableError,
    decode_experiments,
    encode_experiments,
)
from huldra.experiments.model import Discovered, Experiments
from huldra.experiments.trace import Trace
from huldra.sources.disk_state import program_version

_KIND = "experiments"
_KEY_BYTES = 20
_MOST_EDITED = 50
"""With more edited files than that, one of them will count."""

Place = Literal["tree", "before", "after"]
_PLACES: tuple[Place, ...] = ("tree", "before", "after")


class _Entry(msgspec.Struct, frozen=True, array_like=True):
    """`key` stands for all that is no file's content, `contents` are those of the files that were asked for.

    `texts` names the text of each, by which its facts are kept.
    """

    key: bytes
    contents: dict[str, str]
    texts: dict[str, bytes]
    trace: Trace
    experiments: bytes


_entries = msgspec.msgpack.Decoder(_Entry)


@dataclass(frozen=True, slots=True)
class LookedAtFiles:
    """What was looked at to find experiments, and in which files."""

    trace: Trace
    files: frozenset[str]


class KeptExperiments:
    """Gives the experiments of a state of the code, found out only if they are not at hand.

    Args:
        cache: Where they are kept: the last ones of each of our places.
        place: Which of them is ours. What stands in the others is used too: what was staged is committed next.
        follows_from: All that they follow from besides our program and the contents of files.
        contents: What stands for the content of each file.
        facts: The facts of files, which know what has been asked for.
        is_intact: Tells whether every file that was read had the content that `contents` says.
    """

    def __init__(
        self,
        cache: Cache,
        place: Place,
        follows_from: object,
        contents: Mapping[str, str],
        facts: LazyFacts,
        is_intact: Callable[[], bool],
    ) -> None:
        self._cache = cache
        self._place = place.encode()
        self._key = _key(follows_from)
        self._contents = contents
        self._facts = facts
        self._is_intact = is_intact
        self.looked_at: LookedAtFiles | None = None
        """Known once the experiments are."""

    def __call__(self, discover: Callable[[], Discovered]) -> Experiments:
        """Return what `discover` would give."""
        kept = self._kept()
        if kept is not None:
            return kept
        found = discover()
        self.looked_at = LookedAtFiles(found.trace, frozenset(self._facts.asked_for()))
        if self._key is not None and self._is_intact():
            with suppress(NotEncodableError):
                names = self._facts.asked_for()
                texts = {name: key for name in names if (key := self._facts.key(name)) is not None}
                contents = {name: self._contents[name] for name in names}
                entry = _Entry(self._key, contents, texts, found.trace, encode_experiments(found.experiments))
                self._cache.put(_KIND, self._place, msgspec.msgpack.encode(entry))
        return found.experiments

    def _kept(self) -> Experiments | None:
        if self._key is None or not self._is_intact():
            return None
        edited: list[_Entry] = []
        for place in _PLACES:
            kept = self._cache.get(_KIND, place.encode())
            with suppress(msgspec.DecodeError, DamagedExperimentsError):
                entry = None if kept is None else _entries.decode(kept)
                if entry is not None and entry.key == self._key:
                    if not self._edited(entry):
                        return self._of_entry(entry)
                    edited.append(entry)
        for entry in edited:
            with suppress(DamagedExperimentsError):
                if self._is_unaffected(entry):
                    return self._of_entry(entry)
        return None

    def _of_entry(self, entry: _Entry) -> Experiments:
        found = _decoded(entry.experiments)
        self.looked_at = LookedAtFiles(entry.trace, frozenset(entry.contents))
        return found

    def _edited(self, entry: _Entry) -> list[str]:
        return [name for name, content in entry.contents.items() if self._contents.get(name) != content]

    def _is_unaffected(self, entry: _Entry) -> bool:
        """Whether the files that have been edited since are not, where it counts for what was found."""
        names = self._edited(entry)
        if len(names) > _MOST_EDITED:
            return False
        from huldra.experiments.unaffected import is_unaffected  # noqa: PLC0415  # only needed after an edit

        for name in names:
            key = entry.texts.get(name)
            before = None if key is None else self._facts.of_key(key)
            after = self._facts.get(name)
            if before is None or after is None or not is_unaffected(entry.trace, name, before, after):
                return False
        return True


@lru_cache(maxsize=1)
def _decoded(data: bytes) -> Experiments:
    """Two states that are compared mostly build the same; being the very same object, they cost what one does."""
    return decode_experiments(data)


def _key(follows_from: object) -> bytes | None:
    """Return what stands for all that is no file's content; None where our own program cannot be told from another."""
    try:
        parts = (follows_from, program_version())
    except OSError:
        return None
    return blake2b(repr(parts).encode(errors="surrogatepass"), digest_size=_KEY_BYTES).digest()
