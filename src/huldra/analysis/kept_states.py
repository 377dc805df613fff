"""States of the code whose answers are kept on disk: a revision is only read when it is asked something new."""

from collections.abc import Callable, Mapping
from contextlib import suppress

import msgspec

from huldra.analysis.disk_cache import DiskCache
from huldra.fingerprints.data_files import NO_DATA_FILES, DataFiles
from huldra.fingerprints.holdings import Holdings
from huldra.fingerprints.model import Closure
from huldra.fingerprints.states import CodeState, closure_key

_CLOSURES = "closure"
_DEFAULTS = "defaults"
_TOP_LEVEL = "top-level"
# Somebody else's file, or an older one: computed as if there were none.
_DAMAGED = (msgspec.DecodeError, msgspec.ValidationError)


class KeptState:
    """A state of the code that is only built when its answers are not at hand.

    Args:
        identity: Equal for equal code, import roots and settings.
        doubts: Why this may not be all of the code that ran.
        ignored_calls: Patterns of calls whose arguments do not count.
        cache: Where answers are kept.
        compute: Builds the state.
    """

    def __init__(
        self,
        identity: str,
        doubts: tuple[str, ...],
        ignored_calls: tuple[str, ...],
        cache: DiskCache,
        compute: Callable[[], CodeState],
    ) -> None:
        self._identity = identity
        self._doubts = doubts
        self._ignored = ignored_calls
        self._cache = cache
        self._compute = compute
        self._state: CodeState | None = None
        self._closures: dict[str, Closure | None] = {}
        self._defaults: dict[str, Mapping[str, str]] = {}
        self._top_level: frozenset[str] | None = None

    @property
    def identity(self) -> str:
        """Equal for equal code of which equally much is known."""
        return self._identity if not self._doubts else f"{self._identity} {self._doubts!r}"

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why this may not be all of the code that ran."""
        return self._doubts

    @property
    def data(self) -> DataFiles:
        """The files that are no code, of which nothing is known."""
        return NO_DATA_FILES

    @property
    def top_level(self) -> frozenset[str]:
        """The names of the modules and packages that stand in no package."""
        if self._top_level is None:
            self._top_level = self._found_top_level()
        return self._top_level

    def _found_top_level(self) -> frozenset[str]:
        key = bytes.fromhex(closure_key(self._identity, "", (), Holdings(), ()))
        kept = self._cache.get(_TOP_LEVEL, key)
        if kept is not None:
            with suppress(*_DAMAGED):
                return msgspec.msgpack.decode(kept, type=frozenset[str])
        found = self._computed().top_level
        self._cache.put(_TOP_LEVEL, key, msgspec.msgpack.encode(sorted(found)))
        return found

    def closure(self, class_name: str, methods: tuple[str, ...], holdings: Holdings) -> Closure | None:
        """Return what methods of a class reach; None when this state has no such class."""
        key = closure_key(self._identity, class_name, methods, holdings, self._ignored)
        if key not in self._closures:
            self._closures[key] = self._found(key, class_name, methods, holdings)
        return self._closures[key]

    def _found(self, key: str, class_name: str, methods: tuple[str, ...], holdings: Holdings) -> Closure | None:
        kept = self._cache.get(_CLOSURES, bytes.fromhex(key))
        if kept is not None:
            with suppress(*_DAMAGED):
                return msgspec.msgpack.decode(kept, type=Closure | None)
        closure = self._computed().closure(class_name, methods, holdings)
        self._cache.put(_CLOSURES, bytes.fromhex(key), msgspec.msgpack.encode(closure))
        return closure

    def defaults(self, class_name: str) -> Mapping[str, str]:
        """Return the literal defaults of a class's fields by name."""
        if class_name not in self._defaults:
            self._defaults[class_name] = self._found_defaults(class_name)
        return self._defaults[class_name]

    def _found_defaults(self, class_name: str) -> Mapping[str, str]:
        key = bytes.fromhex(closure_key(self._identity, class_name, (), Holdings(), ()))
        kept = self._cache.get(_DEFAULTS, key)
        if kept is not None:
            with suppress(*_DAMAGED):
                return msgspec.msgpack.decode(kept, type=dict[str, str])
        found = self._computed().defaults(class_name)
        self._cache.put(_DEFAULTS, key, msgspec.msgpack.encode(dict(found)))
        return found

    def _computed(self) -> CodeState:
        if self._state is None:
            self._state = self._compute()
        return self._state
