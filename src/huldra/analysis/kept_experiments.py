"""What code builds, kept on disk by the files that were asked for while it was found out. Knows no file by itself."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import blake2b
from typing import Literal

import msgspec

from huldra.analysis.disk_cache import Cache
from huldra.experiments.encoding import (
    DamagedExperimentsError,
    NotEncodableError,
    decode_experiments,
    encode_experiments,
)
from huldra.experiments.model import Experiments
from huldra.sources.disk_state import program_version

_KIND = "experiments"
_KEY_BYTES = 20

Place = Literal["tree", "before", "after"]
_PLACES: tuple[Place, ...] = ("tree", "before", "after")


class _Entry(msgspec.Struct, frozen=True, array_like=True):
    """`key` stands for all that is no file's content, `contents` are those of the files that were asked for."""

    key: bytes
    contents: dict[str, str]
    experiments: bytes


_entries = msgspec.msgpack.Decoder(_Entry)


class KeptExperiments:
    """Gives the experiments of a state of the code, found out only if they are not at hand.

    Args:
        cache: Where they are kept: the last ones of each of our places.
        place: Which of them is ours. What stands in the others is used too: what was staged is committed next.
        follows_from: All that they follow from besides our program and the contents of files.
        contents: What stands for the content of each file.
        asked_for: Gives the files whose facts have been asked for.
        is_intact: Tells whether every file that was read had the content that `contents` says.
    """

    def __init__(
        self,
        cache: Cache,
        place: Place,
        follows_from: object,
        contents: Mapping[str, str],
        asked_for: Callable[[], tuple[str, ...]],
        is_intact: Callable[[], bool],
    ) -> None:
        self._cache = cache
        self._place = place.encode()
        self._key = _key(follows_from)
        self._contents = contents
        self._asked_for = asked_for
        self._is_intact = is_intact

    def __call__(self, compute: Callable[[], Experiments]) -> Experiments:
        """Return what `compute` would give."""
        kept = self._kept()
        if kept is not None:
            return kept
        experiments = compute()
        if self._key is not None and self._is_intact():
            with suppress(NotEncodableError):
                contents = {name: self._contents[name] for name in self._asked_for()}
                entry = _Entry(self._key, contents, encode_experiments(experiments))
                self._cache.put(_KIND, self._place, msgspec.msgpack.encode(entry))
        return experiments

    def _kept(self) -> Experiments | None:
        if self._key is None or not self._is_intact():
            return None
        for place in _PLACES:
            kept = self._cache.get(_KIND, place.encode())
            with suppress(msgspec.DecodeError, DamagedExperimentsError):
                entry = None if kept is None else _entries.decode(kept)
                if entry is not None and self._is_ours(entry):
                    return decode_experiments(entry.experiments)
        return None

    def _is_ours(self, entry: _Entry) -> bool:
        return entry.key == self._key and all(
            self._contents.get(name) == content for name, content in entry.contents.items()
        )


def _key(follows_from: object) -> bytes | None:
    """Return what stands for all that is no file's content; None where our own program cannot be told from another."""
    try:
        parts = (follows_from, program_version())
    except OSError:
        return None
    return blake2b(repr(parts).encode(errors="surrogatepass"), digest_size=_KEY_BYTES).digest()
