"""What sites have in common: the experiment that each builds, or the doubts that keep it from being one."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from types import MappingProxyType

from msgspec.structs import replace

from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.evaluate.recorded import Site
from huldra.experiments.findings import report_dynamic, report_unhashable
from huldra.experiments.freeze import freeze_now
from huldra.experiments.frozen import Doubt, PartialConfig, doubt_of
from huldra.experiments.identities import Hashed, Identities, Made
from huldra.experiments.model import Dependency, DynamicSite, Experiment, SiteReference, Sweep, Via
from huldra.experiments.sameness import says_the_same
from huldra.experiments.values import ConfigObject
from huldra.formats.config_values import ConfigValue, EnumValue, PathValue, Scalar
from huldra.formats.layout import root_name, run_path
from huldra.project.link import Project
from huldra.project.places import Place, place_order


class Gathered:
    """What has been found so far; one entry for each identity, and one dynamic site for each place and its doubts."""

    def __init__(self, project: Project, machine: Machine, identities: Identities) -> None:
        self._project = project
        self._machine = machine
        self._identities = identities
        self._roots: dict[str, str] = {}
        self._sites: dict[str, list[SiteReference]] = {}
        self._configs: dict[str, Hashed] = {}
        self._others: dict[str, list[ConfigValue]] = {}
        """More configs with the hash of one: what their private fields hold may differ."""
        self._keys: dict[int, tuple[ConfigValue, str | None]] = {}
        self._edges: dict[str, list[Dependency]] = {}
        self._in_fields: dict[str, dict[Dependency, None]] = {}
        self._at: dict[Place, dict[str, SiteReference]] = {}
        self.followed = identities.followed
        self.dynamic: dict[tuple[Place, str, tuple[Doubt, ...]], DynamicSite] = {}

    def identify(
        self, config: ConfigObject, place: Place, arguments: Mapping[str, Place] = MappingProxyType({})
    ) -> str | PartialConfig | None:
        """Return `class/hash` of a config, what is known of it, or None, and a problem, where it cannot be hashed."""
        frozen = freeze_now(self._machine, config, place)
        return frozen if isinstance(frozen, PartialConfig) else self._key(frozen, place, arguments)

    def identify_site(self, site: Site) -> str | PartialConfig | None:
        """Return the same of a site: what its config was when it was built, unless it has changed since."""
        frozen = site.frozen
        if len(site.config.doubts) == site.doubts:
            kept = self._keys.get(id(frozen))
            if kept is not None:
                return kept[1]
            return frozen if isinstance(frozen, PartialConfig) else self._key(frozen, site.place, site.arguments)
        late = tuple(doubt_of("*", doubt) for doubt in dict.fromkeys(site.config.doubts[site.doubts :]))
        if late and isinstance(frozen, ConfigValue):
            plain = tuple((name, v) for name, v in frozen.fields if isinstance(v, Scalar | EnumValue | PathValue))
            frozen = PartialConfig(frozen.class_name, plain, late)
        return frozen if isinstance(frozen, PartialConfig) else self._key(frozen, site.place, site.arguments)

    def add(self, site: Site) -> str | PartialConfig | None:
        """Take one site in; return what `identify` says of it."""
        frozen = self.identify_site(site)
        if isinstance(frozen, PartialConfig):
            dynamic = DynamicSite(
                frozen.class_name, site.place, site.kind, site.is_conditional, frozen.known, frozen.doubts
            )
            place_and_doubts = (site.place, frozen.class_name, frozen.doubts)
            kept = self.dynamic.get(place_and_doubts)
            self.dynamic[place_and_doubts] = dynamic if kept is None else _what_both_say(kept, dynamic)
            report_dynamic(self._machine, dynamic, site.arguments)
        elif frozen is not None:
            reference = site.reference
            sites = self._sites.get(frozen)
            if sites is None:
                self._sites[frozen] = [reference]
            else:
                sites.append(reference)
            here = self._at.get(reference.place)
            if here is None:
                here = self._at[reference.place] = {}
            if not reference.is_conditional or frozen not in here:
                here[frozen] = reference
        return frozen

    def add_edge(self, owner: str, dependency: Dependency) -> None:
        """Note that an experiment has a dependency that is in no field of it."""
        if dependency.key != owner:
            self._edges.setdefault(owner, []).append(dependency)

    def config(self, key: str) -> ConfigValue:
        """Return the config of a key that `identify` has given."""
        return self._configs[key].config

    def held_by(self, key: str) -> frozenset[str]:
        """Return the experiments that an experiment holds in its own fields."""
        return frozenset(dependency.key for dependency in self._fields(key))

    def _key(
        self, config: ConfigValue, place: Place, arguments: Mapping[str, Place] = MappingProxyType({})
    ) -> str | None:
        """Return `class/hash`; None, and a problem, for a config that cannot be hashed."""
        kept = self._keys.get(id(config))
        if kept is not None:
            return kept[1]
        key: str | None = None
        info = self._project.classes[config.class_name]
        with_dependencies = info.dialect is not None and info.dialect.hash_has_dependencies
        hashed = self._identities.of(config, with_dependencies=with_dependencies)
        if isinstance(hashed, Hashed):
            key = hashed.key
            first = self._configs.setdefault(key, hashed).config
            if first is not config and any(name.startswith("_") for name, _ in config.fields):
                self._others.setdefault(key, []).append(config)
                self._in_fields.pop(key, None)
        else:
            report_unhashable(self._machine, config, str(hashed), place, arguments)
        self._keys[id(config)] = (config, key)
        return key

    def experiments(self) -> Mapping[str, Experiment]:
        """Return the experiments by key, sorted; the very object of the last round for what is as it was."""
        before, made = self._identities.made, dict[str, Made]()
        for key in sorted(self._sites):
            config, sites, edges = self._configs[key].config, self._sites[key], self._edges.get(key, [])
            root, known = self._root(config.class_name), before.get(key)
            is_same = known is not None and known.config is config and known.root == root
            # What it holds that has no hash is a problem of each round.
            is_same = is_same and self._identities.in_fields.get(config) is not None and key not in self._others
            if known is None or not is_same or known.sites != sites or known.edges != edges:
                experiment = self._experiment(key, root)
                # Equal things are one thing, so that whoever goes on from here knows them for the same.
                experiment = (
                    known.experiment
                    if known is not None and says_the_same(known.experiment, experiment)
                    else experiment
                )
                known = Made(config, sites, edges, root, experiment)
            made[key] = known
        self._identities.made = made
        return {key: each.experiment for key, each in made.items()}

    def places(self) -> Container[Place]:
        """Return the places that build experiments."""
        return self._at.keys()

    def hashed(self) -> Iterable[ConfigValue]:
        """Return the configs whose hash has been asked for."""
        return (config for config, _ in self._keys.values())

    def sweeps(self, dropped: Mapping[Place, int]) -> tuple[Sweep, ...]:
        """Return the places that build more than one experiment, sorted.

        Args:
            dropped: How many more a place builds past the limit.
        """
        dynamic = Counter(place for place, _, _ in self.dynamic)
        return tuple(
            Sweep(
                place=place,
                kind=next(iter(members.values())).kind,
                is_conditional=all(reference.is_conditional for reference in members.values()),
                members=tuple(members),
                fields=self._identities.varying(place, [self._configs[key].config for key in members]),
                dynamic=dynamic[place],
                dropped=dropped.get(place, 0),
            )
            for place, members in sorted(self._at.items(), key=lambda item: place_order(item[0]))
            if len(members) > 1
        )

    def _experiment(self, key: str, root: str) -> Experiment:
        hashed = self._configs[key]
        config = hashed.config
        return Experiment(
            key=key,
            config=config,
            digest=hashed.digest,
            path=run_path(root, config.class_name, hashed.digest),
            sites=_without_conditional_twins(self._sites[key]),
            dependencies=tuple(self._fields(key) | dict.fromkeys(self._edges.get(key, ()))),
        )

    def _root(self, class_name: str) -> str:
        """Return the folder of the store in which new runs of a class lie."""
        root = self._roots.get(class_name)
        if root is None:
            info = self._project.classes[class_name]
            if info.dialect is None:
                raise AssertionError("only experiment classes have sites")
            controlled = self._project.tables.is_version_controlled(class_name)
            root = self._roots[class_name] = root_name(info.dialect, version_controlled=controlled)
        return root

    def _fields(self, key: str) -> dict[Dependency, None]:
        found = self._in_fields.get(key)
        if found is None:
            found = self._in_fields[key] = self._dependencies_in_fields(key)
        return found

    def _dependencies_in_fields(self, key: str) -> dict[Dependency, None]:
        """Return the edges through fields, private ones included, of all configs that a key has been given to."""
        found = dict(self._held_in(self._configs[key].config))
        for other in self._others.get(key, ()):
            found |= self._held_in(other)
        return found

    def _held_in(self, config: ConfigValue) -> dict[Dependency, None]:
        place = self._project.classes[config.class_name].name_place
        known = self._identities.in_fields.get(config)
        if known is None:
            found = [(path, self._key(inner, place)) for path, inner in self._identities.held_by(config)]
            known = {Dependency(inner, Via(f"field {path}")): None for path, inner in found if inner is not None}
            if len(known) == len(found):  # one that has no hash is a problem each time
                self._identities.in_fields.put(config, known)
        return known


def _what_both_say(first: DynamicSite, second: DynamicSite) -> DynamicSite:
    """Return one site for two at one place, such as two calls of a helper: with what is known of both."""
    others = dict(second.known)
    # 1, True and 1.0 are equal, and are three values.
    known = tuple((name, value) for name, value in first.known if name in others and repr(others[name]) == repr(value))
    return replace(first, known=known, is_conditional=first.is_conditional and second.is_conditional)


def _without_conditional_twins(sites: Sequence[SiteReference]) -> tuple[SiteReference, ...]:
    """One site built both ways is built in any case."""
    if len(sites) == 1:
        return tuple(sites)
    certain = {(site.place, site.kind) for site in sites if not site.is_conditional}
    each = dict.fromkeys(sites)
    kept = (site for site in each if not site.is_conditional or (site.place, site.kind) not in certain)
    return tuple(sorted(kept))
