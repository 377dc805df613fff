"""Problems of experiments as such: what has no hash, what cannot be known, what is built twice or never, what loops."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from huldra.experiments.evaluate.limits import Limits
from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.model import DynamicSite
from huldra.formats.config_values import ConfigValue, direct_dependencies
from huldra.formats.identity import IdentityTypeError, IdentityValueError, identity_hash
from huldra.formats.names import short_name
from huldra.project.places import LINE, Place
from huldra.project.problems import Problem

_WHOLE = "*"


class Loading(Struct, frozen=True):
    """One experiment's `_create` certainly asks for another's result."""

    source: str
    target: str
    place: Place


def report_unhashable(
    machine: Machine, config: ConfigValue, reason: str, place: Place, arguments: Mapping[str, Place]
) -> None:
    """Effect: report a config without a hash at the argument that keeps it from having one.

    Where that is inside an experiment that it holds, the place that builds that one has the problem already.
    """
    for name, value in config.fields:
        alone = ConfigValue(config.class_name, ((name, value),), config.is_experiment)
        if _has_hash(alone):
            continue
        inner = [value] if isinstance(value, ConfigValue) and value.is_experiment else []
        inner += [found for _, found in direct_dependencies(value)]
        if all(map(_has_hash, inner)):
            message = f"{short_name(config.class_name)} cannot be hashed: {reason}"
            machine.report("HUL105", "error", message, arguments.get(name, place))
        return


def _has_hash(config: ConfigValue) -> bool:
    try:
        identity_hash(config)
    except (IdentityTypeError, IdentityValueError):
        return False
    return True


def report_dynamic(machine: Machine, site: DynamicSite, arguments: Mapping[str, Place]) -> None:
    """Effect: report a site whose config cannot be known, at each argument that is the reason."""
    reasons: dict[Place, dict[tuple[str, Place | None], None]] = {}
    for doubt in site.doubts:
        field = doubt.field.partition(".")[0].partition("[")[0]
        where = "" if doubt.cause.place is None else f", {doubt.cause.place.file}:{LINE}"
        shown = "" if doubt.field == _WHOLE else f"{doubt.field}: "
        found = reasons.setdefault(arguments.get(field, site.place), {})
        found[f"{shown}{doubt.cause.reason}{where}", doubt.cause.place] = None
    for place, found in reasons.items():
        texts = [text for text, _ in found]
        message = f"{short_name(site.class_name)} is known only when the code runs ({'; '.join(texts)})"
        machine.report("HUL504", "hint", message, place, tuple(named for _, named in found if named is not None))


def report_duplicates(machine: Machine, groups: Iterable[tuple[tuple[str | None, ...], tuple[Place, ...]]]) -> None:
    """Effect: report experiments that stand more than once in one list.

    Args:
        machine: The evaluation.
        groups: For each list the keys of its elements, None for what is no known experiment, and their places.
    """
    for keys, places in groups:
        seen: dict[str, Place] = {}
        repeated: dict[Place, tuple[int, Place]] = {}
        for key, place in zip(keys, places, strict=True):
            if key is None:
                continue
            if key in seen:
                repeated[place] = repeated.get(place, (0, place))[0] + 1, seen[key]
            else:
                seen[key] = place
        for place, (count, first) in repeated.items():
            if place == first:
                known = sum(key is not None for key in keys)
                message = f"{count} of the {known} experiments of this list are the same as earlier ones"
            else:
                message = f"the same experiment stands at line {LINE} of this list already"
            machine.report("HUL501", "warning", message, place, () if place == first else (first,))


def report_empty_sweeps(machine: Machine, turns_at: Mapping[Place, int]) -> None:
    """Effect: report loops that would build experiments, and never have anything to run over."""
    for place, turns in turns_at.items():
        if turns == 0:
            machine.report("HUL503", "warning", "this loop builds experiments, but it has nothing to run over", place)


def report_cycles(machine: Machine, loadings: Iterable[Loading]) -> None:
    """Effect: report experiments that cannot be computed because computing them asks for their own result."""
    targets: dict[str, dict[str, Place]] = {}
    for loading in loadings:
        targets.setdefault(loading.source, {}).setdefault(loading.target, loading.place)
    for source, found in targets.items():
        for target, place in found.items():
            path = _path(targets, target, source)
            if path is not None:
                chain = " needs ".join(short_name(key.rpartition("/")[0]) for key in (source, *path))
                machine.report("HUL108", "error", f"this result needs itself: {chain}", place)


def _path(targets: Mapping[str, Mapping[str, Place]], start: str, end: str) -> tuple[str, ...] | None:
    """Return the shortest way from one key to another, both included."""
    before: dict[str, str | None] = {start: None}
    queue = [start]
    for key in queue:
        if key == end:
            path = [key]
            while (previous := before[path[-1]]) is not None:
                path.append(previous)
            return tuple(reversed(path))
        for following in targets.get(key, {}):
            if following not in before:
                before[following] = key
                queue.append(following)
    return None


def once_a_file(problems: Iterable[Problem], limits: Limits) -> Iterator[Problem]:
    """Yield problems; what had few steps for a reason that others share is said once, and of how many.

    Past the total that is once a file; once in all of modules that see no experiment: what of them an experiment needs
    is said where it is built.
    """
    cut: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        if problem.code == "HUL003" and problem.text.endswith(limits.past_total):
            cut.setdefault((problem.place.file, "of this file"), []).append(problem)
        elif problem.code == "HUL003" and problem.text.endswith(limits.past_aside):
            cut.setdefault(("", "of such modules"), []).append(problem)
        else:
            yield problem
    for (_, whose), found in cut.items():
        first = min(found)
        places = len({problem.place for problem in found})
        more = "" if places == 1 else f"; {places - 1} more {whose} are not followed to their end"
        yield replace(first, text=f"{first.text}{more}")


def report_dropped(machine: Machine, dropped: Mapping[Place, int]) -> None:
    """Effect: report the places that build more configs than are followed."""
    for place, count in dropped.items():
        limit = machine.limits.configs_per_site
        message = f"more than {limit} configs are built here: {count} more are not followed"
        machine.report("HUL003", "warning", message, place)
