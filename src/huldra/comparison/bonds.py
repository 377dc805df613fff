"""Which runs must be judged again when another one comes, goes or changes. Knows no verdict."""

from collections.abc import Iterable, Mapping

from huldra.project.reachable import reachable


class Bonds:
    """What runs were found to depend on. Only ever grows: a bond too many costs a judgement, one too few a wrong one.

    Used by one thread at a time.
    """

    def __init__(self) -> None:
        self._dependents: dict[str, set[str]] = {}
        self._waiting: dict[str, set[str]] = {}
        self._holders: dict[str, set[str]] = {}
        self._classes: set[str] = set()

    def bind(self, key: str, upstream: str) -> None:
        """Effect: note that a run was made from another one, both as `class/hash`."""
        self._dependents.setdefault(upstream, set()).add(key)

    def wait(self, key: str, class_name: str) -> None:
        """Effect: note that a run holds a config of a class for which no run was found."""
        self._waiting.setdefault(class_name, set()).add(key)

    def hold(self, class_name: str, held: Iterable[str]) -> None:
        """Effect: note that runs of a class were judged, and that their configs hold such of other classes."""
        self._classes.add(class_name)
        for name in held:
            self._classes.add(name)
            self._holders.setdefault(name, set()).add(class_name)

    def classes(self) -> frozenset[str]:
        """Return all classes that runs are of, or that their configs hold."""
        return frozenset(self._classes)

    def with_holders(self, classes: Iterable[str]) -> set[str]:
        """Return classes, and those whose runs' configs hold such at any depth."""
        names = set(classes)
        return names.union(*(self._holders.get(name, ()) for name in names))

    def waiting_for(self, class_name: str) -> Iterable[str]:
        """Return the runs that hold a config of a class for which no run was found."""
        return self._waiting.get(class_name, ())

    def with_dependents(self, keys: Iterable[str]) -> set[str]:
        """Return runs and all that depend on them, at any depth."""
        return with_holders(keys, self._dependents)


def with_holders(keys: Iterable[str], holders: Mapping[str, Iterable[str]]) -> set[str]:
    """Return keys and all that hold them, at any depth; `holders` are those that hold a key themselves."""
    return reachable(keys, lambda key: holders.get(key, ()))
