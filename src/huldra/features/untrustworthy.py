"""What makes a result untrustworthy: readings of the environment, the clock and chance that `_create` reaches.

Found in the closures of the experiment classes, by the names of what lies outside the project; opt-in.
"""

from collections.abc import Iterator

from huldra.analysis.snapshot import Snapshot
from huldra.comparison.code_reasons import place_of
from huldra.features.findings import Finding
from huldra.fingerprints.holdings import Holdings
from huldra.fingerprints.model import Closure, Definition
from huldra.formats.names import short_name
from huldra.project.hierarchy import experiment_classes, missing_methods

READS_ENVIRONMENT, UNSEEDED_RANDOM, WALL_CLOCK = "HUL401", "HUL402", "HUL404"
_ENVIRONMENT = ("os.environ", "os.environb", "os.getenv", "os.getenvb", "sys.argv", "os.getcwd", "pathlib.Path.cwd")
_CLOCK = (
    *("time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.ctime", "time.strftime"),
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"),
)
_NO_SEED = ("os.urandom", "uuid.uuid1", "uuid.uuid4", "secrets", "random.SystemRandom")
_MODULES = {"random": "random.seed", "numpy.random": "numpy.random.seed"}
"""Modules whose functions share one state, and what seeds it."""
_HARMLESS = frozenset(
    {
        *("seed", "getstate", "setstate", "get_state", "set_state", "Random", "RandomState", "Generator"),
        *("default_rng", "SeedSequence", "PCG64", "MT19937", "Philox", "SFC64"),
    }
)
"""What draws nothing from that state; whether a generator of one's own is seeded is for its arguments to say."""


def untrustworthy(snapshot: Snapshot) -> tuple[Finding, ...]:
    """Return one finding for each definition and what it reads, whatever number of classes reach it."""
    found: dict[tuple[str, str, str], tuple[Definition, list[str]]] = {}
    for name, closure in _closures(snapshot):
        seeds = {target for definition in closure.definitions for target in _outside(definition)}
        for definition in closure.definitions:
            for target in _outside(definition):
                code = _code_of(target, seeds)
                if code is not None:
                    classes = found.setdefault((code, definition.name, target), (definition, []))[1]
                    classes.append(name)
    return tuple(sorted(_finding(code, target, *hit) for (code, _, target), hit in found.items()))


def _closures(snapshot: Snapshot) -> Iterator[tuple[str, Closure]]:
    project = snapshot.project
    for info in experiment_classes(project.classes):
        if info.dialect is not None and not missing_methods(info.name, project.tables, project.symbols):
            closure = snapshot.code.closure(info.name, (info.dialect.create_method,), Holdings())
            if closure is not None:
                yield info.name, closure


def _outside(definition: Definition) -> dict[str, None]:
    return dict.fromkeys(found.target for found in definition.references if isinstance(found.target, str))


def _code_of(target: str, seeds: set[str]) -> str | None:
    if _is_below(target, _ENVIRONMENT):
        return READS_ENVIRONMENT
    if _is_below(target, _CLOCK):
        return WALL_CLOCK
    if _is_below(target, _NO_SEED):
        return UNSEEDED_RANDOM
    module, _, name = target.rpartition(".")
    draws = module in _MODULES and name not in _HARMLESS and _MODULES[module] not in seeds
    return UNSEEDED_RANDOM if draws else None


def _is_below(target: str, names: tuple[str, ...]) -> bool:
    return any(target == name or target.startswith(f"{name}.") for name in names)


def _finding(code: str, target: str, definition: Definition, classes: list[str]) -> Finding:
    unique = sorted(set(classes))
    others = f" and {len(unique) - 1} more" if len(unique) > 1 else ""
    cause = (
        f"{definition.name} reads {target}, reached from {short_name(unique[0])}{others}: its config does not say it"
    )
    return Finding(place_of(definition), code, "warning", cause, f"{definition.name} {target}")
