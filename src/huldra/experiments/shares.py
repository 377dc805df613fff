"""Puts what some modules find now in the place of what they found before, in what a whole project finds."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from huldra.experiments.frozen import Doubt
from huldra.experiments.model import ClassDependency, DynamicSite, Experiment, Experiments, SiteReference, Sweep
from huldra.experiments.sameness import says_the_same
from huldra.formats.config_values import Value
from huldra.project.hierarchy import experiment_classes
from huldra.project.link import Project
from huldra.project.places import place_order
from huldra.project.problems import Problem, problem_order

_Item = TypeVar("_Item", bound=Hashable)


class Shares(Struct, frozen=True):
    """What a whole project found in a state, and what some modules of it did.

    What stands in their files is found by them alone, for whoever finds it looks into them; what stands elsewhere may
    be found by others, too.
    """

    whole: Experiments
    modules: frozenset[str]
    files: frozenset[str]
    before: Experiments

    def is_here(self, item: DynamicSite | Problem | Sweep) -> bool:
        """Whether something stands in a file of theirs."""
        return item.place.file in self.files

    def is_class(self, project: Project, name: str) -> bool:
        """Whether a class is one of theirs."""
        info = project.classes.get(name)
        return info is not None and info.module in self.modules


def are_of_whole(shares: Shares, project: Project) -> bool:
    """Return whether by themselves the modules found, of what is theirs, what the whole found of it in that state."""
    whole, before, files, is_here = shares.whole, shares.before, shares.files, shares.is_here
    edges = (
        [edge for edge in found.class_dependencies if shares.is_class(project, edge.source)]
        for found in (whole, before)
    )
    return (
        _own_sites(whole, files) == _own_sites(before, files)
        and _own(whole.dynamic, is_here) == _own(before.dynamic, is_here)
        and _own(whole.problems, is_here) == _own(before.problems, is_here)
        and _own(whole.sweeps, is_here) == _own(before.sweeps, is_here)
        and next(edges) == next(edges)
    )


def exchanged(shares: Shares, project: Project, now: Experiments) -> Experiments | None:
    """Return what the whole finds in another state, in which the modules find this; the very same if nothing differs.

    None where others may find something of what differs, too. `are_of_whole` must hold.
    """
    whole, before, is_here = shares.whole, shares.before, shares.is_here
    by_key = _by_key(shares, now)
    dynamic = _parts(whole.dynamic, before.dynamic, now.dynamic, is_here, _dynamic_order)
    problems = _parts(whole.problems, before.problems, now.problems, is_here, problem_order)
    sweeps = _parts(whole.sweeps, before.sweeps, now.sweeps, is_here, _sweep_order)
    edges = _parts(
        whole.class_dependencies,
        before.class_dependencies,
        now.class_dependencies,
        lambda edge: shares.is_class(project, edge.source),
        _edge_order,
    )
    if by_key is None or dynamic is None or problems is None or sweeps is None or edges is None:
        return None
    if _are_alike(before, now):
        return whole
    defaults = _defaults(shares, project, now)
    return None if defaults is None else Experiments(by_key, dynamic, problems, defaults, edges, sweeps)


def _are_alike(before: Experiments, now: Experiments) -> bool:
    return before is now or (
        before == now
        and all(says_the_same(found, before.by_key[key]) for key, found in now.by_key.items())
        and all(says_the_same(value, before.defaults[name]) for name, value in now.defaults.items())
        and says_the_same(before.dynamic, now.dynamic)
    )


def _defaults(shares: Shares, project: Project, now: Experiments) -> Mapping[tuple[str, str], Value | Doubt] | None:
    classes = {name for name, _ in shares.whole.defaults} | {name for name, _ in now.defaults}
    if any(project.experiment(name) is None for name in classes):
        return None
    theirs = {name for name in classes if shares.is_class(project, name)}
    own = {name: value for name, value in now.defaults.items() if name[0] in theirs}
    if list(own) == [name for name in shares.whole.defaults if name[0] in theirs]:  # so that all stand where they stood
        return {**shares.whole.defaults, **own}
    found = {**own, **{name: value for name, value in shares.whole.defaults.items() if name[0] not in theirs}}
    in_order = {info.name: number for number, info in enumerate(experiment_classes(project.classes))}
    return {name: found[name] for name in sorted(found, key=lambda name: in_order[name[0]])}


def _by_key(shares: Shares, now: Experiments) -> Mapping[str, Experiment] | None:
    found = dict(shares.whole.by_key)
    before, files = shares.before.by_key, shares.files
    for key in {**before, **now.by_key}:
        old, new = before.get(key), now.by_key.get(key)
        if says_the_same(old, new):
            continue
        if found.get(key) == old and _stands_in(old, files) and _stands_in(new, files):
            # Nobody else builds what is built at places that only these modules lead to.
            if new is None:
                del found[key]
            else:
                found[key] = new
            continue
        moved = _moved(found.get(key), old, new, files)
        if moved is None:
            return None
        found[key] = moved
    return {key: found[key] for key in sorted(found)}


def _own_sites(experiments: Experiments, files: frozenset[str]) -> dict[str, frozenset[SiteReference]]:
    found = {key: _sites(experiment, files, are_in=True) for key, experiment in experiments.by_key.items()}
    return {key: sites for key, sites in found.items() if sites}


def _stands_in(experiment: Experiment | None, files: frozenset[str]) -> bool:
    return experiment is None or all(site.place.file in files for site in experiment.sites)


def _moved(
    whole: Experiment | None, before: Experiment | None, now: Experiment | None, files: frozenset[str]
) -> Experiment | None:
    """Return an experiment that others build, too, where it is built as it was, but at other lines; None if not."""
    if whole is None or before is None or now is None:
        return None
    if not says_the_same(replace(now, sites=before.sites), before):
        return None
    theirs = _sites(before, files, are_in=True)
    moved = _sites(now, files, are_in=True)
    is_same = _sites(before, files, are_in=False) == _sites(now, files, are_in=False)
    is_same = is_same and _kinds(theirs) == _kinds(moved) and theirs <= frozenset(whole.sites)
    return replace(whole, sites=tuple(sorted((frozenset(whole.sites) - theirs) | moved))) if is_same else None


def _sites(experiment: Experiment, files: frozenset[str], *, are_in: bool) -> frozenset[SiteReference]:
    return frozenset(site for site in experiment.sites if (site.place.file in files) is are_in)


def _kinds(sites: Iterable[SiteReference]) -> list[tuple[str, bool]]:
    return sorted((site.kind, site.is_conditional) for site in sites)


def _parts(
    whole: Collection[_Item],
    before: Collection[_Item],
    now: Collection[_Item],
    is_own: Callable[[_Item], bool],
    order: Callable[[_Item], tuple[object, ...]],
) -> tuple[_Item, ...] | None:
    """Return the items of a whole with those that are theirs exchanged; None where others differ, too."""
    others_before, others_now = (
        frozenset((item, repr(item)) for item in items if not is_own(item)) for items in (before, now)
    )
    if others_before != others_now:
        return None
    return tuple(sorted((*(item for item in whole if not is_own(item)), *_own(now, is_own)), key=order))


def _own(items: Iterable[_Item], is_own: Callable[[_Item], bool]) -> tuple[_Item, ...]:
    return tuple(item for item in items if is_own(item))


def _dynamic_order(site: DynamicSite) -> tuple[object, ...]:
    return place_order(site.place), site.class_name


def _sweep_order(sweep: Sweep) -> tuple[object, ...]:
    return place_order(sweep.place)


def _edge_order(edge: ClassDependency) -> tuple[object, ...]:
    via = edge.via
    return edge.source, edge.target, via.name, via.place is not None, () if via.place is None else via.place
