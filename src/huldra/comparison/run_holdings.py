"""What a run's config holds, in the form that closures ask for: by class, so that a list of a thousand costs as one."""

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from huldra.fingerprints.holdings import ROOT_LABEL, Holdings
from huldra.formats.config_values import ConfigValue, Value, child_values, is_flat


class HeldConfigs(Struct, frozen=True):
    """The configs inside a config. A label is the class that was recorded.

    Attributes:
        held: Triples as in `Holdings`.
        samples: One config of each label.
    """

    held: frozenset[tuple[str, str, str]]
    samples: Mapping[str, ConfigValue]

    def then(self, code: frozenset[str] = frozenset()) -> Holdings:
        """Return them with the classes that were recorded, and texts that name code."""
        return Holdings(self.held, {label: label for label in self.samples}, code)

    def now(self, heir: Callable[[ConfigValue], str | None], code: frozenset[str] = frozenset()) -> Holdings:
        """Return them with the classes that stand for these today; what has no heir is left out."""
        heirs = {label: heir(config) for label, config in self.samples.items()}
        return Holdings(self.held, {label: name for label, name in heirs.items() if name is not None}, code)


HOLDS_NOTHING = HeldConfigs(frozenset(), {})


def held_configs(config: ConfigValue) -> HeldConfigs:
    """Return what a config holds, at any depth."""
    if is_flat(config):
        return HOLDS_NOTHING
    triples: set[tuple[str, str, str]] = set()
    samples: dict[str, ConfigValue] = {}
    queue: list[tuple[str, ConfigValue]] = [(ROOT_LABEL, config)]
    while queue:
        label, owner = queue.pop()
        for name, value in owner.fields:
            for held in _nearest_configs(value):
                triples.add((label, name, held.class_name))
                samples.setdefault(held.class_name, held)
                queue.append((held.class_name, held))
    return HeldConfigs(frozenset(triples), samples)


def _nearest_configs(value: Value) -> Iterator[ConfigValue]:
    if isinstance(value, ConfigValue):
        yield value
        return
    for _, child in child_values(value):
        yield from _nearest_configs(child)
