"""The names that can lead to an experiment, where they are known from an evaluation of the whole that is over."""

from collections.abc import Hashable, Iterable

from huldra.experiments.evaluate.mentioned import WITHOUT_NAMES
from huldra.experiments.evaluate.mentions import BuildingNames, FileMentions, Mentions
from huldra.experiments.trace import Trace
from huldra.experiments.values import FunctionObject, Scope
from huldra.project.link import Project


class KnownNames(BuildingNames):
    """What an evaluation of the whole has told of names, for an evaluation of a part.

    `supports` says of containers of the modules that were run what in them leads to an experiment.
    """

    def __init__(
        self, trace: Trace, at_first: frozenset[str], seeds: frozenset[str], mentions: Mentions | None = None
    ) -> None:
        super().__init__((), seeds, mentions or Mentions())
        self._trace = trace
        self.seeds = seeds
        self.at_first = at_first
        self.at_last = trace.building
        self.mentioned_in_functions = trace.mentioned
        self.defined = trace.defined
        self.supports: frozenset[Hashable] = frozenset()

    def again(self, mentions: Mentions) -> "KnownNames":
        """Return the same names for another state, in which other containers may hold something."""
        return KnownNames(self._trace, self.at_first, self.seeds, mentions)

    def look_into(self, modules: Iterable[Scope]) -> None:
        """Effect: take in what in containers of these modules leads to an experiment; which names do is known."""
        # Those that the text tells need no support.
        held = (each for each in self._mentions.containers(modules) if each[0] not in self.at_first)
        self.supports = frozenset((name, self._support(value)) for name, values in held for value in values)

    def hold(self, holders: frozenset[str]) -> None:
        """Effect: none; the names are those of the whole."""

    def _support(self, value: object) -> frozenset[str] | None:
        if not isinstance(value, FunctionObject) or value.scope.parent is not None:
            return None
        return self._mentions.of_definition(value.definition) & self.at_last


def seeds_of(project: Project) -> frozenset[str]:
    """Return the names that lead to an experiment because they are those of classes."""
    wanted = (info for info in project.classes.values() if info.dialect is not None or info.is_collection)
    seeds = frozenset(info.definition.name for info in wanted)
    return seeds | WITHOUT_NAMES if seeds else seeds


def says_alike(old: FileMentions, new: FileMentions, trace: Trace) -> bool:
    """Whether two states of a file say the same of which names can lead to an experiment, and of which are mentioned.

    Names lead to one that mention one that does. So if each name of the file mentions the same of these as before, the
    least set of them is the same.
    """
    if any(_leading(old, name, trace) != _leading(new, name, trace) for name in {**old.by_name, **new.by_name}):
        return False
    added = new.by_name.keys() - trace.defined
    changed = (old.in_functions - new.in_functions) | (new.in_functions - old.in_functions - trace.mentioned)
    return added.isdisjoint(trace.mentioned | new.in_functions) and changed.isdisjoint({*trace.defined, *added})


def _leading(mentions: FileMentions, name: str, trace: Trace) -> frozenset[str]:
    return mentions.by_name.get(name, frozenset[str]()) & trace.building
