"""What the code builds, as plain data: experiments with their sites, and sites whose config cannot be known."""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from huldra.experiments.evaluate.recorded import SiteKind, SiteReference
from huldra.experiments.frozen import Doubt
from huldra.experiments.separable import Separable
from huldra.experiments.trace import Trace
from huldra.formats.config_values import ConfigValue, Value
from huldra.project.places import Place, Shown
from huldra.project.problems import Problem


class Via(Struct, frozen=True, order=True, array_like=True):
    """What leads from an experiment to another: a field, or a method and where in it that is said."""

    name: str
    place: Place | None = None

    def __str__(self) -> str:
        """In words: `field model`, `method _create, line 12`."""
        return self.shown(lambda place: place)

    def shown(self, where: Shown) -> str:
        """Return it in words, by the lines that their reader counts."""
        return self.name if self.place is None else f"{self.name}, line {where(self.place).line}"


class Dependency(Struct, frozen=True, array_like=True):
    """An edge to another experiment: its key, and what leads to it.

    `is_asked_for`: computing the result certainly asks for that of the other one.
    """

    key: str
    via: Via
    is_asked_for: bool = False


class ClassDependency(Struct, frozen=True, order=True, array_like=True):
    """A method of a class builds or loads experiments of another; known also where their configs are not."""

    source: str
    target: str
    via: Via


class Experiment(Struct, frozen=True, array_like=True):
    """An experiment as code builds it.

    `key` is `class/hash`, `path` where its run lies below the store.
    """

    key: str
    config: ConfigValue
    digest: str
    path: str
    sites: tuple[SiteReference, ...]
    dependencies: tuple[Dependency, ...]


class DynamicSite(Struct, frozen=True, array_like=True):
    """A place that builds experiments whose configs cannot be known without running; what is known is kept."""

    class_name: str
    place: Place
    kind: SiteKind
    is_conditional: bool
    known: tuple[tuple[str, Value], ...]
    doubts: tuple[Doubt, ...]


class Sweep(Struct, frozen=True, array_like=True):
    """A place that builds several experiments.

    Attributes:
        place: Where that is.
        kind: What the site is.
        is_conditional: Whether every member is built under a condition that is not known.
        members: The keys, in the order in which they are built, each once.
        fields: The fields in which the members differ, `model.depth` for one of a nested config.
        dynamic: How many more configs the place builds that cannot be known.
        dropped: How many more it builds past the limit.
    """

    place: Place
    kind: SiteKind
    is_conditional: bool
    members: tuple[str, ...]
    fields: tuple[str, ...]
    dynamic: int
    dropped: int


class ManifestEntry(Struct, frozen=True, array_like=True):
    """An entry of a manifest; `key` is None where its config cannot be built or known."""

    place: Place
    name: str | None
    tags: tuple[str, ...]
    class_name: str | None
    key: str | None


class Experiments(Struct, frozen=True, array_like=True):
    """All that a project's code builds. Sorted, so that equal code gives equal data."""

    by_key: Mapping[str, Experiment]
    dynamic: tuple[DynamicSite, ...]
    problems: tuple[Problem, ...]
    defaults: Mapping[tuple[str, str], Value | Doubt]
    """What each field's default is worth, by class and field; a Doubt where that is not known."""
    class_dependencies: tuple[ClassDependency, ...] = ()
    """What methods of classes build and load; what fields may hold is said by their annotations."""
    sweeps: tuple[Sweep, ...] = ()
    """The places that build more than one."""
    manifest: tuple[ManifestEntry, ...] = ()
    """The entries of all manifests, in order."""


def with_alternatives(known: Mapping[str, Experiment], assumed: Mapping[str, Experiment]) -> Mapping[str, Experiment]:
    """Return experiments with those that are built under an assumption, whose sites are conditional."""
    found = dict(known)
    for key, experiment in assumed.items():
        own = known[key].sites if key in known else ()
        places = {site.place for site in own}
        more = tuple(replace(site, is_conditional=True) for site in experiment.sites if site.place not in places)
        if more:
            sites = tuple(sorted((*own, *more), key=lambda site: (site.place, site.kind)))
            found[key] = replace(known.get(key, experiment), sites=sites)
    return dict(sorted(found.items()))


class Discovered(Struct, frozen=True):
    """The experiments of a state of the code, and what finding them looked at."""

    experiments: Experiments
    trace: Trace
    separable: Separable | None = None
    """What a part of it can be found again by; None where it cannot."""
