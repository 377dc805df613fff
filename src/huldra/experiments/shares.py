"""Puts what some modules find now in the place of what they found before, in what a whole project finds."""

from collections.abc import Callable, Collection, Hashable, Iterable
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from huldra.experiments.model import ClassDependency, DynamicSite, Experiment, Experiments, SiteReference, Sweep
from huldra.experiments.sameness import says_the_same
from huldra.project.hierarchy import experiment_classes
from huldra.project.link import Project
from huldra.project.places import place_order
from huldra.project.problems import problem_order

_Item = TypeVar("_Item", bound=Hashable)


class Shares(Struct, frozen=True):
    """What some modules of a project find: before, and now.

    What stands in their files is found by them alone, for whoever finds it looks into them; what stands elsewhere may
    be found by others, too.
    """

    project: Project
    modules: frozenset[str]
    files: frozenset[str]
    before: Experiments
    now: Experiments


def exchanged(whole: Experiments, shares: Shares) -> Experiments | None:
    """Return what the whole finds now, the very same where nothing differs.

    None where others may find something of what differs, too, or where by themselves they find something else.
    """
    before, now, files, classes = shares.before, shares.now, shares.files, shares.project.classes
    by_key = _by_key(whole, shares)
    dynamic = _parts(whole.dynamic, before.dynamic, now.dynamic, lambda site: site.place.file in files, _dynamic_order)
    problems = _parts(whole.problems, before.problems, now.problems, lambda p: p.place.file in files, problem_order)
    sweeps = _parts(whole.sweeps, before.sweeps, now.sweeps, lambda sweep: sweep.place.file in files, _sweep_order)
    edges = _parts(
        whole.class_dependencies,
        before.class_dependencies,
        now.class_dependencies,
        lambda edge: edge.source in classes and classes[edge.source].module in shares.modules,
        _edge_order,
    )
    if by_key is None or dynamic is None or problems is None or sweeps is None or edges is None:
        return None
    if _are_alike(before, now):
        return whole
    own = {name: value for name, value in now.defaults.items() if _is_own(name[0], shares)}
    others = {name: value for name, value in whole.defaults.items() if not _is_own(name[0], shares)}
    found = {**own, **others}
    in_order = {info.name: number for number, info in enumerate(experiment_classes(classes))}
    if any(name not in in_order for name, _ in found):
        return None
    defaults = {name: found[name] for name in sorted(found, key=lambda name: in_order[name[0]])}
    return Experiments(by_key, dynamic, problems, defaults, edges, sweeps)


def _are_alike(before: Experiments, now: Experiments) -> bool:
    maps = ((before.by_key, now.by_key), (before.defaults, now.defaults))
    return before is now or (
        before == now
        and all(says_the_same(value, then.get(key)) for after, then in maps for key, value in after.items())
        and says_the_same(before.dynamic, now.dynamic)
    )


def _is_own(class_name: str, shares: Shares) -> bool:
    info = shares.project.classes.get(class_name)
    return info is not None and info.module in shares.modules


def _by_key(whole: Experiments, shares: Shares) -> dict[str, Experiment] | None:
    own = (_own_sites(experiments, shares.files) for experiments in (whole, shares.before))
    if next(own) != next(own):
        return None
    found = dict(whole.by_key)
    for key in {**shares.before.by_key, **shares.now.by_key}:
        old, new = shares.before.by_key.get(key), shares.now.by_key.get(key)
        if says_the_same(old, new):
            continue
        if found.get(key) == old and _stands_in(old, shares.files) and _stands_in(new, shares.files):
            # Nobody else builds what is built at places that only these modules lead to.
            if new is None:
                del found[key]
            else:
                found[key] = new
            continue
        moved = _moved(found.get(key), old, new, shares.files)
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
    theirs = _own(whole, is_own)
    if others_before != others_now or theirs != _own(before, is_own):
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
