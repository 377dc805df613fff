"""What was worked out of configs and pieces of work, for as long as each round asks for it.

All of it follows from the very objects that it is asked for by; who begins an evaluation anew begins this anew, too.
"""

import operator
from collections.abc import Container, Iterable
from typing import Generic, TypeVar

from msgspec import Struct

from huldra.experiments.evaluate.outcome import Outcome
from huldra.experiments.findings import Loading
from huldra.experiments.frozen import PartialConfig
from huldra.experiments.model import ClassDependency, Dependency, Experiment, SiteReference
from huldra.experiments.sweeps import varying_fields
from huldra.formats.config_values import ConfigValue, direct_dependencies
from huldra.formats.identity import IdentityTypeError, IdentityValueError, identity_hash
from huldra.project.places import Place

_Of = TypeVar("_Of")
_Answer = TypeVar("_Answer")


class AnswersOf(Generic[_Of, _Answer]):
    """Answers by the very object that they are about; those that nobody has asked for are forgotten."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[_Of, _Answer]] = {}
        self._used: dict[int, tuple[_Of, _Answer]] = {}

    def get(self, about: _Of) -> _Answer | None:
        """Return what is known of an object."""
        found = self._known.get(id(about))
        if found is None:
            return None
        self._used[id(about)] = found
        return found[1]

    def put(self, about: _Of, answer: _Answer) -> None:
        """Effect: keep what is known of an object; it is kept, too, so that its id stays its own."""
        self._known[id(about)] = self._used[id(about)] = (about, answer)

    def forget_unused(self) -> None:
        """Effect: forget what has not been asked for since this was last called."""
        self._known, self._used = self._used, {}


class Followed(Struct, frozen=True):
    """Where a method of a config leads, as its piece of work found it.

    `owner` is the config's identity; `is_known` says whether all that it leads to has one.
    """

    owner: str | PartialConfig | None
    classes: tuple[ClassDependency, ...]
    edges: tuple[Dependency, ...]
    loadings: tuple[Loading, ...]
    is_known: bool


class Hashed(Struct, frozen=True):
    """A config, its hash, and `class/hash`."""

    config: ConfigValue
    digest: str
    key: str


class Made(Struct, frozen=True):
    """An experiment, and what it was made of; `sites` and `edges` as they were found."""

    config: ConfigValue
    sites: list[SiteReference]
    edges: list[Dependency]
    root: str
    experiment: Experiment


class Identities:
    """The hash of each config that was asked for, or why it has none; a config is hashed once."""

    def __init__(self) -> None:
        self._held: dict[int, tuple[ConfigValue, tuple[tuple[str, ConfigValue], ...]]] = {}
        self._known: dict[tuple[int, bool], tuple[ConfigValue, Hashed | IdentityTypeError | IdentityValueError]] = {}
        self._varying: dict[Place, tuple[list[ConfigValue], tuple[str, ...]]] = {}
        self.in_fields: AnswersOf[ConfigValue, dict[Dependency, None]] = AnswersOf()
        """The experiments that a config holds, where all of them have a hash."""
        self.followed: AnswersOf[Outcome, Followed] = AnswersOf()
        self.made: dict[str, Made] = {}
        """The experiments of the last round, by key."""

    def of(self, config: ConfigValue, *, with_dependencies: bool) -> Hashed | IdentityTypeError | IdentityValueError:
        """Return the hash of a config, or the error that computing it raises."""
        key = (id(config), with_dependencies)
        known = self._known.get(key)
        if known is None:
            # The config is kept with the answer, so that its id stays its own.
            known = self._known[key] = (config, _hashed(config, with_dependencies=with_dependencies))
        return known[1]

    def held_by(self, config: ConfigValue) -> tuple[tuple[str, ConfigValue], ...]:
        """Return the experiments that a config holds, each with the path of its field."""
        held = self._held.get(id(config))
        if held is None:
            held = self._held[id(config)] = (config, tuple(direct_dependencies(config)))
        return held[1]

    def varying(self, place: Place, configs: list[ConfigValue]) -> tuple[str, ...]:
        """Return the fields in which the configs that a place builds differ; worked out once for the very same ones."""
        known = self._varying.get(place)
        if known is None or len(known[0]) != len(configs) or not all(map(operator.is_, known[0], configs)):
            known = self._varying[place] = (configs, varying_fields(configs))
        return known[1]

    def keep(self, configs: Iterable[ConfigValue], places: Container[Place]) -> None:
        """Effect: forget all other configs, what all other places build, and what has not been asked for."""
        kept = {id(config) for config in configs}
        self._known = {key: known for key, known in self._known.items() if key[0] in kept}
        self._held = {key: held for key, held in self._held.items() if key in kept}
        self._varying = {place: known for place, known in self._varying.items() if place in places}
        self.in_fields.forget_unused()
        self.followed.forget_unused()


def _hashed(config: ConfigValue, *, with_dependencies: bool) -> Hashed | IdentityTypeError | IdentityValueError:
    try:
        digest = identity_hash(config, with_dependencies=with_dependencies)
    except (IdentityTypeError, IdentityValueError) as error:
        return error
    return Hashed(config, digest, f"{config.class_name}/{digest}")
