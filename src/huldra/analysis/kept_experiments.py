"""What code builds, kept on disk by the files that were asked for while it was found out. Knows no file by itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from typing import Literal

import msgspec
from msgspec import Struct

from huldra.analysis.disk_cache import Cache
from huldra.analysis.found_again import FindAgain
from huldra.analysis.kept import LazyFacts
from huldra.experiments.encoding import (
    DamagedExperimentsError,
    NotEncodableError,
    decode_experiments,
    encode_experiments,
)
from huldra.experiments.evaluate.limits import Limits
from huldra.experiments.model import Discovered, Experiments
from huldra.experiments.separable import Separable
from huldra.experiments.trace import Trace
from huldra.facts.statements import FileFacts
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
    separable: Separable | None
    experiments: bytes


_decoder = msgspec.msgpack.Decoder(_Entry)


def inputs_of(
    names: bytes,
    relevant: Sequence[str],
    roots: Sequence[str],
    bases: Sequence[str],
    limits: Limits,
    manifests: Mapping[str, str],
) -> tuple[object, ...]:
    """Return all that the experiments of a state follow from besides our program and the contents of files.

    Args:
        names: What is equal for the same files and modules.
        relevant: The files that can see an experiment class.
        roots: From where imports begin.
        bases: Classes outside the project that count as experiment base classes.
        limits: How far to go.
        manifests: The texts of manifests.
    """
    return names, tuple(relevant), tuple(roots), tuple(bases), limits, sorted(manifests.items())


class LookedAtFiles(Struct, frozen=True):
    """What was looked at to find experiments, and in which files; also those that anything wrong is found in or by."""

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
        again: Finds them by those of an earlier state, if it can. Where what is wrong with the code may follow from
            other files than in that state, it asks for them.
        ask: Asks for all files that what is wrong with the code follows from, so that they are known to count.
    """

    def __init__(
        self,
        cache: Cache,
        place: Place,
        follows_from: object,
        contents: Mapping[str, str],
        facts: LazyFacts,
        is_intact: Callable[[], bool],
        again: FindAgain = lambda _, __: None,
        ask: Callable[[], object] = lambda: None,
    ) -> None:
        self._cache = cache
        self._place = place.encode()
        self._key = _key(follows_from)
        self._contents = contents
        self._facts = facts
        self._is_intact = is_intact
        self._again = again
        self._ask = ask
        self.discovered: Discovered | None = None
        """All that was found; known once the experiments are."""
        self.looked_at: LookedAtFiles | None = None
        """Known once the experiments are."""

    def __call__(self, discover: Callable[[], Discovered]) -> Experiments:
        """Return what `discover` would give."""
        entries = tuple(self._entries())
        for entry in entries:
            with suppress(DamagedExperimentsError):
                if self._still_holds(entry):
                    return self._of_entry(entry)
        # Where the nearest state does not tell, those further off hardly will.
        for entry in sorted(entries, key=lambda entry: len(self._edited(entry)))[:1]:
            with suppress(DamagedExperimentsError):
                found = self._found_again(entry)
                if found is not None:
                    self._keep(found, entry)
                    return found.experiments
        self._ask()
        found = discover()
        self._keep(found, None)
        return found.experiments

    def _keep(self, found: Discovered, before: _Entry | None) -> None:
        """Effect: write experiments down; those that were found by an entry follow from its files, too."""
        asked_for = self._facts.asked_for()
        names = dict.fromkeys((*asked_for, *(() if before is None else before.contents)))
        self.discovered = found
        self.looked_at = LookedAtFiles(found.trace, frozenset(names))
        contents = {} if self._key is None else {name: self._contents[name] for name in names}
        if self._key is not None and self._is_intact():
            with suppress(NotEncodableError):
                texts = {name: key for name in asked_for if (key := self._facts.key(name)) is not None}
                if before is not None:
                    texts = {**{n: t for n, t in before.texts.items() if n not in texts}, **texts}
                is_same = before is not None and found.experiments is _decoded(before.experiments)
                data = before.experiments if before is not None and is_same else encode_experiments(found.experiments)
                entry = _Entry(self._key, contents, texts, found.trace, found.separable, data)
                self._cache.put(_KIND, self._place, msgspec.msgpack.encode(entry))

    def _entries(self) -> Iterator[_Entry]:
        """Yield what is kept of other states that follow from the same, ours first."""
        if self._key is None or not self._is_intact():
            return
        for place in _PLACES:
            kept = self._cache.get(_KIND, place.encode())
            with suppress(msgspec.DecodeError):
                entry = None if kept is None else _entry(kept)
                if entry is not None and entry.key == self._key:
                    yield entry

    def _of_entry(self, entry: _Entry) -> Experiments:
        found = _decoded(entry.experiments)
        self.looked_at = LookedAtFiles(entry.trace, frozenset(entry.contents))
        self.discovered = Discovered(found, entry.trace, entry.separable)
        return found

    def _edited(self, entry: _Entry) -> list[str]:
        return [name for name, content in entry.contents.items() if self._contents.get(name) != content]

    def _still_holds(self, entry: _Entry) -> bool:
        """Whether no file has been edited since, or not where it counts for what was found."""
        names = self._edited(entry)
        if not names:
            return True
        then = self._facts_then(entry, names)
        if then is None:
            return False
        from huldra.experiments.unaffected import is_unaffected  # noqa: PLC0415  # only needed after an edit

        return all(is_unaffected(entry.trace, name, then[name], self._facts[name]) for name in names)

    def _found_again(self, entry: _Entry) -> Discovered | None:
        """Return what is found by evaluating only what depends on the files that have been edited since."""
        then = None if entry.separable is None else self._facts_then(entry, self._edited(entry))
        if then is None:
            return None
        return self._again(Discovered(_decoded(entry.experiments), entry.trace, entry.separable), then)

    def _facts_then(self, entry: _Entry, names: list[str]) -> dict[str, FileFacts] | None:
        """Return the facts that files had; None if some are not kept, are not there now, or if these are too many."""
        if len(names) > _MOST_EDITED:
            return None
        found: dict[str, FileFacts] = {}
        for name in names:
            key = entry.texts.get(name)
            before = None if key is None else self._facts.of_key(key)
            if before is None or self._facts.get(name) is None:
                return None
            found[name] = before
        return found


@lru_cache(maxsize=len(_PLACES))
def _entry(data: bytes) -> _Entry:
    """Two states that are compared look at the same entries."""
    return _decoder.decode(data)


@lru_cache(maxsize=1)
def _decoded(data: bytes) -> Experiments:
    """Two states that are compared mostly build the same; being the very same object, they cost what one does."""
    return decode_experiments(data)


def let_go_of_entries() -> None:
    """Effect: hold no entry any longer: who goes on from a state does not look at what is kept again."""
    _entry.cache_clear()
    _decoded.cache_clear()


def _key(follows_from: object) -> bytes | None:
    """Return what stands for all that is no file's content; None where our own program cannot be told from another."""
    try:
        parts = (follows_from, program_version())
    except OSError:
        return None
    return blake2b(repr(parts).encode(errors="surrogatepass"), digest_size=_KEY_BYTES).digest()
