"""The engine's prediction for a program against its runs: each way in which they can disagree, by name."""

import ast
import hashlib
import json
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from unittest.mock import patch

from huldra.experiments.discover import discover_experiments
from huldra.experiments.evaluate import project_order
from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.evaluate.outcome import key_of
from huldra.experiments.evaluate.rounds import Round
from huldra.experiments.frozen import Doubt
from huldra.experiments.model import Dependency, DynamicSite, Experiment, Experiments
from huldra.experiments.values import AbstractValue, FunctionObject
from huldra.facts.collect import collect_facts
from huldra.formats.identity import canonical_json
from huldra.project.link import Project, link_project
from huldra.project.modules import build_module_table
from huldra.project.places import Place
from tests.agreement.conditions import ASKED_AGAIN, ENDED_BEFORE, MAY_RAISE, OF_CONFIGS, Conditions, is_joined
from tests.agreement.programs import Program
from tests.agreement.running import Run


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What kind, which class or place, and the details to look at."""

    kind: str
    what: str
    details: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The disagreements; whether every site was exact; how many experiments were predicted."""

    disagreements: tuple[Disagreement, ...]
    is_exact: bool
    predicted: int


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the engine makes of a program; and with what functions build that something outside may call."""

    called: Experiments
    offered: Experiments


Offer = tuple[FunctionObject, AbstractValue]
"""A function, and what it is a method of."""
DELIBERATE = (
    "is changed after it was built",
    "is changed while it is read",
    "reads what the loop changes",
    "the order of a set, which differs from process to process",
    "a datetime without a zone",
    "computing it stops",
    "the repr of a path, which depends on the platform",
    "a pattern or a text that may take long",
    "does not import",
    "which is run twice",
    "a thread changes it",
    "its attributes were read as a dict",
    ENDED_BEFORE,
    ASKED_AGAIN,
    MAY_RAISE,
    "a generator changes it when it is left",
    "so it depends on what has run before",
    "a generator that may be read at another time",
)
"""Doubts that the engine has on purpose.

The hash is that of the moment when a result is asked for; elements of iterators are taken at once; what another
process, one that imports less, or another platform would do is not what this one does. What cannot be computed has no
identity either. A condition that is not known is taken for another each time. How many workers have begun when one of
them raises is a matter of luck, and when a generator is left depends on who holds it.
"""
AFTER_RAISING = "the code raises"
"""What follows where the engine has said that Python raises, and Python does: it is not run."""
AFTER_A_LIMIT = "after-a-limit"
"""What follows where the engine has said that it goes no further (HUL003): nothing is promised of that."""
_OF_PATHS = ("depends on whether an exception is raised", "depends on a condition")
"""Doubts that say of two paths that they differ; why it is not known which of them is taken is said of their place."""
_METHOD_INDENT = 4
_PROMISED = frozenset({"certain-but-not-built", "false-alarm"})


def link(files: Mapping[str, str]) -> Project:
    """Return a program as a linked project."""
    facts = {name: collect_facts(text) for name, text in files.items()}
    return link_project(build_module_table(files, [""]), facts, tuple(sorted(files)))


def predict(files: Mapping[str, str]) -> Prediction:
    """Return what the engine makes of a program, nothing of it being run."""
    return evaluate(link(files))


def evaluate(project: Project) -> Prediction:
    """Return the experiments of a project. Functions that nobody calls are left out: of them a run can say nothing.

    But for those that are given to something outside that may call them, with what is not known, or not at all.
    """
    run_uncalled = project_order._run_uncalled
    offered: list[Offer] = []

    def note_offered(_machine: Machine, work: Round, functions: Iterable[Offer]) -> None:
        offered.extend(pair for pair in functions if key_of(pair[0]) in work.offered)

    def run_offered(machine: Machine, work: Round, functions: Iterable[Offer]) -> None:
        run_uncalled(machine, work, [pair for pair in functions if key_of(pair[0]) in work.offered])

    ignored = {"_run_unread_generators": _do_nothing}
    with patch.multiple(project_order, _run_uncalled=note_offered, **ignored):
        called = discover_experiments(project)
    if not offered:
        return Prediction(called, called)
    with patch.multiple(project_order, _run_uncalled=run_offered, **ignored):
        return Prediction(called, discover_experiments(project))


def _do_nothing(*_arguments: object) -> None:
    return


FAULTS = frozenset({"HUL103", "HUL104", "HUL106", "HUL107", "HUL108"})
"""Problems that say that Python raises where they stand."""


def compare(program: Program, prediction: Prediction, runs: Sequence[Run]) -> Comparison:
    """Return the disagreements between a prediction and the runs for all outcomes of what is not known.

    Nothing is promised of what functions build that are only offered; but it is nothing that has not been foreseen.
    """
    found, offered = prediction.called, prediction.offered
    # What methods and defaults build is that of each config that has it; nobody says that there is one.
    at_work = {k: tuple(s for s in e.sites if s.kind not in OF_CONFIGS) for k, e in found.by_key.items()}
    reached = {key: sites for key, sites in at_work.items() if sites}
    dynamic = offered.dynamic
    problems: list[Disagreement] = []
    for one in runs:
        problems.extend(_of_one_run(program, one, set(offered.by_key), dynamic))
        if not program.unknowns and one.error is None:
            problems.extend(_edges(one, found.by_key, [site for site in dynamic if site.kind == "dependency"]))
        if one.error is None:
            certain = {k for k, sites in reached.items() if not all(s.is_conditional for s in sites)}
            missing = sorted(certain - set(one.built))
            problems.extend(Disagreement("certain-but-not-built", k, _at(reached[k])) for k in missing)
    everything = {key for one in runs for key in one.built}
    if program.explores_all and all(one.error is None for one in runs):
        never = _never(program, reached, everything.union(*(one.built_at_exit for one in runs)))
        problems.extend(Disagreement("never-built", key, _at(reached[key])) for key in sorted(never))
    if not program.unknowns:
        # A method of a class that nothing builds is followed on an instance that is not known.
        has_raised = any(one.error is not None for one in runs)
        sites = [site for site in dynamic if site.kind != "dependency"]
        needless = _needless(program, sites, (*DELIBERATE, AFTER_RAISING) if has_raised else DELIBERATE)
        problems.extend(
            Disagreement("needless-doubt", site.class_name, f"{_at([site])}: {site.doubts[:2]}") for site in needless
        )
    if not program.unknowns and all(one.error is None and not one.raised_in_methods for one in runs):
        alarms = (p for p in found.problems if p.code in FAULTS and "needs itself" not in p.message)
        alarms = (p for p in alarms if not _is_in_create(program.files[p.place.file], p.place.line))
        defaulted = {name for one in runs for name in one.defaulted}
        alarms = (p for p in alarms if not _is_unasked_default(program.files, p.place, everything, defaulted))
        problems.extend(Disagreement("false-alarm", p.code, f"{_at([p])}: {p.message}") for p in alarms)
    if any(problem.code == "HUL003" for problem in found.problems):
        problems = [one if one.kind in _PROMISED else replace(one, kind=AFTER_A_LIMIT) for one in problems]
    return Comparison(tuple(dict.fromkeys(problems)), not dynamic, len(found.by_key))


def _never(program: Program, said: Iterable[str], built: Container[str]) -> list[str]:
    """What may be built, as it is said, and never is; but for what is under conditions that are doubts on purpose."""
    never = [key for key in said if key not in built]
    if not never:
        return []
    conditions = _conditions(program)

    def is_meant(reason: str) -> bool:
        return is_joined(reason) or any(why in reason for why in DELIBERATE)

    def is_deliberate(key: str) -> bool:
        found = conditions.of(key)
        return bool(found) and all(any(map(is_meant, each)) for each in found)

    return [key for key in never if not is_deliberate(key)]


def _conditions(program: Program) -> Conditions:
    conditions = Conditions()
    with conditions.watching():
        evaluate(link(program.files))
    return conditions


def _of_one_run(program: Program, run: Run, exact: set[str], dynamic: Iterable[DynamicSite]) -> Iterable[Disagreement]:
    """What was built and is neither predicted nor could be a config of a dynamic site.

    Where a module ends with what it certainly raises, the engine goes on for those who read the rest of it: what the
    methods of configs build is then that of the module as it is at its end, and not as it was where Python left it.
    """
    is_ended: bool | None = None
    for key, text in sorted(run.built.items()):
        # What the `_create` of a config builds that is not known is not known either.
        if key in exact or not any(maker == "" or maker in exact for maker in run.makers[key]):
            continue
        fields = json.loads(text)
        rivals = [site for site in dynamic if site.class_name == key.partition("/")[0]]
        if run.error is not None and "" not in run.makers[key]:
            is_ended = _is_ended(program, run.error) if is_ended is None else is_ended
            if is_ended:
                continue
        if not rivals:
            yield Disagreement("built-but-not-predicted", key, text)
        elif not any(_fits(site, fields) for site in rivals):
            yield Disagreement("known-field-differs", key, f"{text} at {_at(rivals)}: {[s.known for s in rivals]}")


def _is_ended(program: Program, error: str) -> bool:
    return error.partition(":")[0] in _conditions(program).ended_by


def _edges(run: Run, found: Mapping[str, Experiment], unsure: Sequence[DynamicSite]) -> Iterable[Disagreement]:
    """What `_create` is said to build, against what it has built; what that holds in its fields is built with it."""
    for key in sorted(found.keys() & run.built.keys()):
        edges = [edge for edge in found[key].dependencies if "_create" in edge.via.name]
        said = {edge.key for edge in edges}
        made = {child for child, makers in run.makers.items() if key in makers}
        held = {key}
        waiting = list(made & found.keys())
        for child in made - found.keys():
            if _is_covered(run, child, unsure):
                held.update(_held_in(json.loads(run.built[child])))
        while waiting:
            inner = {edge.key for edge in found[waiting.pop()].dependencies if "_create" not in edge.via.name} - held
            held |= inner
            waiting += inner & found.keys()
        inner_edges = (edge for one in (held | made) & found.keys() for edge in found[one].dependencies)
        private = {edge.key.partition("/")[0] for edge in inner_edges if _is_private(edge)}
        promised = {edge.key for edge in edges if edge.key not in made and _is_promised(edge, found.get(edge.key))}
        yield from (Disagreement("edge-not-made", f"{key} -> {child}") for child in sorted(promised))
        missed = {child for child in made & found.keys() if not _is_covered(run, child, unsure)} - said - held
        missed = {child for child in missed if child.partition("/")[0] not in private}
        # What a default builds and nobody holds is an edge of no config: it is not told whose default it was.
        missed = {child for child in missed if any(site.kind != "default" for site in found[child].sites)}
        yield from (Disagreement("edge-not-said", f"{key} -> {child}") for child in sorted(missed))


def _is_private(edge: Dependency) -> bool:
    """Whether its field is no part of the identity: another config of the same hash may hold another experiment."""
    return edge.via.name.startswith("field _")


def _held_in(value: object) -> Iterator[str]:
    """Yield the keys of the configs that a config holds, or what is in it, by its canonical text."""
    match value:
        case dict():
            items: Mapping[str, object] = value
            for item in items.values():
                yield from _held_in(item)
            if "__class__" in items:
                text = json.dumps(items, sort_keys=True, separators=(",", ":"))
                yield f"{items['__class__']}/{hashlib.blake2s(text.encode(), digest_size=10).hexdigest()}"
        case list():
            elements: Sequence[object] = value
            for item in elements:
                yield from _held_in(item)
        case _:
            return


def _is_in_create(text: str, line: int) -> bool:
    """Whether a line is one of a `_create`, which nothing runs where nothing builds its class."""
    before = text.splitlines()[:line]
    opened = (one for one in reversed(before) if one.strip() and len(one) - len(one.lstrip()) <= _METHOD_INDENT)
    return next(opened, "").strip().startswith("def _create")


def _is_unasked_default(
    files: Mapping[str, str], place: Place, built: Iterable[str], defaulted: Container[str]
) -> bool:
    """Whether a place is in the body of a class that nothing builds, or the default of a field that is always given.

    They cannot be had all the same: the `_create` of a class that nothing builds may be what asks for them. Where the
    default of a field raises, there is no config that has it.
    """
    nodes = [node for text in files.values() for node in ast.walk(ast.parse(text))]
    classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
    own = [node for node in ast.walk(ast.parse(files[place.file])) if isinstance(node, ast.ClassDef)]
    heirs = {node.name for node in own if _is_within(place, node)}
    fields = [node for cls in own for node in cls.body if isinstance(node, ast.AnnAssign) and _is_within(place, node)]
    more = heirs
    while more:
        more = {c.name for c in classes if not heirs.isdisjoint(ast.unparse(base) for base in c.bases)} - heirs
        heirs |= more
    if heirs and heirs.isdisjoint(key.partition("/")[0].rpartition(".")[2] for key in built):
        return True
    names = [ast.unparse(field.target).removeprefix("X_") for field in fields]
    return bool(names) and not any(f"{heir}.{name}" in defaulted for heir in heirs for name in names)


def _is_within(place: Place, node: ast.stmt) -> bool:
    return node.lineno <= place.line <= (node.end_lineno or place.line)


def _is_promised(edge: Dependency, experiment: Experiment | None) -> bool:
    """Whether what an edge says is certain to be built by some method, or is loaded without being built.

    Where the place of the edge builds it, other methods that do so say nothing of this one.
    """
    built = [] if experiment is None else [site for site in experiment.sites if site.kind == "dependency"]
    here = [site for site in built if site.place == edge.via.place]
    return not built or not all(site.is_conditional for site in here or built)


def _is_covered(run: Run, key: str, sites: Iterable[DynamicSite]) -> bool:
    fields = json.loads(run.built[key])
    return any(site.class_name == key.partition("/")[0] and _fits(site, fields) for site in sites)


def _needless(program: Program, sites: Iterable[DynamicSite], reasons: Sequence[str]) -> list[DynamicSite]:
    """The sites of which nothing says why they cannot be known that is a reason on purpose."""

    def is_meant(reason: str) -> bool:
        return any(one in reason for one in reasons)

    left = [site for site in sites if not any(is_meant(doubt.cause.reason) for doubt in site.doubts)]
    if not any(why in doubt.cause.reason for site in left for doubt in site.doubts for why in _OF_PATHS):
        return left
    conditions = _conditions(program)

    def follows(doubt: Doubt) -> bool:
        is_of_paths = any(why in doubt.cause.reason for why in _OF_PATHS)
        return is_of_paths and any(map(is_meant, conditions.at(doubt.cause.place)))

    return [site for site in left if not any(map(follows, site.doubts))]


def _fits(site: DynamicSite, fields: Mapping[str, object]) -> bool:
    return all(name.startswith("_") or json.loads(canonical_json(value)) == fields[name] for name, value in site.known)


def _at(sites: Iterable[object]) -> str:
    places = (getattr(site, "place") for site in sites)  # noqa: B009
    return ", ".join(f"{place.file}:{place.line}:{place.column}" for place in places)
