"""A table of small answers, kept under one key of a cache: to read all of them costs less than to ask for some.

Each follows from what it is asked by, and from what `name` tells. Deleting it loses nothing but time.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from typing import Generic, TypeVar

import msgspec

from huldra.analysis.disk_cache import Cache

_MOST = 200_000
"""With more than that the older half is let go."""
_Value = TypeVar("_Value")


class KeptTable(Generic[_Value]):
    """Answers by text. Nothing is read before it is asked. Used by one thread at a time.

    Args:
        cache: Where the table is kept.
        kind: What it is of.
        decoder: Reads it.
        name: Gives its key in the cache, when it is first needed.
    """

    def __init__(
        self, cache: Cache, kind: str, decoder: msgspec.msgpack.Decoder[dict[str, _Value]], name: Callable[[], bytes]
    ) -> None:
        self._cache = cache
        self._kind = kind
        self._decoder = decoder
        self._name = name
        self._is_new = False

    @cached_property
    def known(self) -> dict[str, _Value]:
        """All that was put in, by whatever process: the oldest first."""
        data = self._cache.get(self._kind, self._name())
        with suppress(msgspec.DecodeError):  # somebody else's, or damaged
            return {} if data is None else self._decoder.decode(data)
        return {}

    def get(self, key: str) -> _Value | None:
        """Effect: read the table, if need be. Return what was put under a key."""
        return self.known.get(key)

    def put(self, key: str, value: _Value) -> None:
        """Take in an answer."""
        self.known[key] = value
        self._is_new = True

    def save(self) -> None:
        """Hand the table to the cache, which writes it down, if something in it is new."""
        if not self._is_new:
            return
        self._is_new = False
        if len(self.known) > _MOST:
            for key in list(self.known)[: _MOST // 2]:
                del self.known[key]
        self._cache.put(self._kind, self._name(), msgspec.msgpack.encode(self.known))
