"""What can be asked of the engine in a case: one table, kind to answer. The only test code of cases that calls it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from huldra.analysis.host import open_workspace, take_snapshot
from huldra.experiments.discover import discover_experiments
from huldra.experiments.model import DynamicSite, Experiment, Experiments
from huldra.experiments.sweeps import CLASS_FIELD
from huldra.facts.collect import collect_facts
from huldra.features.actions import actions_at
from huldra.features.hover import hover_text
from huldra.features.lenses import file_lenses
from huldra.features.navigation import definitions_of, references_of
from huldra.features.project_view import ProjectView
from huldra.features.renaming import broken_by_rename, renamed_field
from huldra.features.standing import standing_at
from huldra.features.symbols import file_symbols
from huldra.formats.config_values import (
    BytesValue,
    ConfigValue,
    DictValue,
    EnumValue,
    ListValue,
    MissingValue,
    ModelValue,
    PathValue,
    SetValue,
    TimeValue,
    TupleValue,
    UnhashableValue,
    Value,
)
from huldra.plans.values_in_code import NotWritable
from huldra.project.hierarchy import experiment_classes
from huldra.project.link import Project, link_problems, link_project
from huldra.project.modules import build_module_table
from huldra.project.places import Place
from tests.harness.case_files import Case, Marker

NOTHING = "nothing"
DYNAMIC = "HUL504"
"""Says of each dynamic site again what `unknown` markers ask for: checked in the cases that name it."""
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
T = TypeVar("T")


class Analysis:
    """The engine's view of a case."""

    def __init__(self, case: Case) -> None:
        self.case = case

    @cached_property
    def project(self) -> Project:
        """The linked project."""
        files = {name: text for name, text in self.case.files.items() if name.endswith(".py")}
        facts = {name: collect_facts(text) for name, text in files.items()}
        roots = ["src", ""] if any(name.startswith("src/") for name in files) else [""]
        return link_project(build_module_table(files, roots), facts, tuple(sorted(files)))

    @cached_property
    def found(self) -> Experiments:
        """Its experiments."""
        return discover_experiments(self.project)

    @cached_property
    def view(self) -> ProjectView:
        """What an editor shows of it, without a store."""
        return self.view_of(self.case.files)

    def view_of(self, files: Mapping[str, str]) -> ProjectView:
        """What an editor shows of files, without a store."""
        with TemporaryDirectory() as directory:
            for name, text in files.items():
                path = Path(directory) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            (Path(directory) / "pyproject.toml").touch()
            workspace = open_workspace(Path(directory), stores=(Path(directory) / "store",))
            view = ProjectView(workspace, take_snapshot(workspace))
            view.prepare()
            return view

    def place_of(self, marker: Marker) -> tuple[str, int, int]:
        """The file, line and column of a marker's subject in the project."""
        part = next(part for part in self.case.parts if part.name == marker.part)
        return part.name, marker.target - part.offset, marker.column

    def line(self, place: Place) -> int:
        """The line of the case file at which a place begins."""
        return self.case.line_in_case(place.file, place.line)


@dataclass(frozen=True, slots=True)
class Built:
    """What one place builds: the experiment, where, and whether under a condition."""

    experiment: Experiment
    place: Place
    is_conditional: bool


def _built(analysis: Analysis, marker: Marker) -> list[Built]:
    """Return what is built at a marker's line: at its subject if that is called there, else by the outermost call."""
    sites = [
        Built(experiment, site.place, site.is_conditional)
        for experiment in analysis.found.by_key.values()
        for site in experiment.sites
        if analysis.line(site.place) == marker.target
    ]
    return _chosen(sites, marker, lambda site: site.place)


def _dynamic(analysis: Analysis, marker: Marker, *, is_subject: bool = True) -> list[DynamicSite]:
    sites = [site for site in analysis.found.dynamic if analysis.line(site.place) == marker.target]
    return _chosen(sites, marker, lambda site: site.place) if is_subject else sites


def _chosen(sites: list[T], marker: Marker, place_of: Callable[[T], Place]) -> list[T]:
    exact = [site for site in sites if place_of(site).column == marker.column]
    if exact:
        return exact
    after = [site for site in sites if place_of(site).column > marker.column] or sites
    first = min((place_of(site).column for site in after), default=0)
    return [site for site in after if place_of(site).column == first]


def render(value: Value) -> str:
    """Return a value as a case writes it: public fields by name, everything else as Python shows it."""
    match value:
        case ConfigValue():
            shown = sorted((name, render(item)) for name, item in value.fields if not name.startswith("_"))
            return f"{value.class_name.rpartition('.')[2]}{{{', '.join(f'{n}: {text}' for n, text in shown)}}}"
        case ModelValue(class_name=name, items=items):
            return f"{name.rpartition('.')[2]}{{{', '.join(f'{n}: {render(item)}' for n, item in sorted(items))}}}"
        case EnumValue(class_name=name, member=member):
            return f"{name.rpartition('.')[2]}.{member}"
        case PathValue(text):
            return f"Path({text!r})"
        case ListValue(items):
            return f"[{', '.join(render(item) for item in items)}]"
        case TupleValue(items):
            return f"({', '.join(render(item) for item in items)}{',' if len(items) == 1 else ''})"
        case SetValue(items=items):
            return f"set({', '.join(sorted(render(item) for item in items))})"
        case DictValue(items):
            return f"{{{', '.join(f'{render(key)}: {render(item)}' for key, item in items)}}}"
        case BytesValue(data):
            return repr(data)
        case TimeValue(moment):
            return moment.isoformat()
        case MissingValue():
            return "MISSING"
        case UnhashableValue(type_name):
            return f"<{type_name}>"
        case _:
            return repr(value)


def _config(analysis: Analysis, marker: Marker) -> str:
    texts = {_public(built.experiment.config) for built in _built(analysis, marker)}
    return "; ".join(sorted(texts)) or NOTHING


def _public(config: ConfigValue) -> str:
    return render(config).partition("{")[1] + render(config).partition("{")[2]


def _configs(analysis: Analysis, marker: Marker) -> str:
    texts = sorted({_public(built.experiment.config) for built in _built(analysis, marker)})
    return str(len(texts)) if marker.expected.isdigit() or len(texts) > 12 else "; ".join(texts) or "0"


def _hash(analysis: Analysis, marker: Marker) -> str:
    return "; ".join(sorted({built.experiment.digest for built in _built(analysis, marker)})) or NOTHING


def _class_at(analysis: Analysis, marker: Marker) -> str:
    """Return the name of the class that a marker's subject is, where its line defines or names it."""
    for info in analysis.project.classes.values():
        if info.definition.name == marker.subject and analysis.line(info.name_place) == marker.target:
            return info.name
    raise AssertionError(f"no class {marker.subject} is defined at line {marker.target}")


def _mro(analysis: Analysis, marker: Marker) -> str:
    info = analysis.project.classes[_class_at(analysis, marker)]
    if info.order_error is not None:
        return f"none: {info.order_error}"
    return ", ".join(info.order)


def _fields(analysis: Analysis, marker: Marker) -> str:
    """Return field names in order; a star stands for `required`, a question mark for `under a condition`."""
    table = analysis.project.tables.table(_class_at(analysis, marker))
    flags = {(True, True): "*", (True, False): "*?", (False, True): "", (False, False): "?"}
    return ", ".join(f"{f.name}{flags[f.is_required, f.is_certain]}" for f in table.values()) or NOTHING


def _unknown(analysis: Analysis, marker: Marker) -> str:
    """Return why the subject (a field) is not known; without a subject each field with its reason."""
    doubts = [doubt for site in _dynamic(analysis, marker, is_subject=False) for doubt in site.doubts]
    if marker.subject:
        reasons = dict.fromkeys(d.cause.reason for d in doubts if d.field.split(".")[0].split("[")[0] == marker.subject)
        return "; ".join(reasons) or NOTHING
    return "; ".join(dict.fromkeys(f"{doubt.field}: {doubt.cause.reason}" for doubt in doubts)) or NOTHING


def _conditional(analysis: Analysis, marker: Marker) -> str:
    flags = {built.is_conditional for built in _built(analysis, marker)}
    flags |= {site.is_conditional for site in _dynamic(analysis, marker)}
    return {(): NOTHING, (False,): "no", (True,): "yes"}.get(tuple(flags), "both")


def _edges(analysis: Analysis, marker: Marker) -> str:
    texts = {
        f"{dependency.via}: {_dependency(analysis, dependency.key)}"
        for built in _built(analysis, marker)
        for dependency in built.experiment.dependencies
    }
    return "; ".join(sorted(texts)) or NOTHING


def _dependency(analysis: Analysis, key: str) -> str:
    experiment = analysis.found.by_key.get(key)
    return key.partition("/")[0] if experiment is None else render(experiment.config)


def _sweep(analysis: Analysis, marker: Marker) -> str:
    """Return the members in order by what varies in them, and what else the place builds: `lr: 0.1, 0.2; 1 dynamic`."""
    found = [sweep for sweep in analysis.found.sweeps if analysis.line(sweep.place) == marker.target]
    parts: list[str] = []
    for sweep in _chosen(found, marker, lambda sweep: sweep.place):
        configs = [analysis.found.by_key[key].config for key in sweep.members]
        parts += [f"{field}: {', '.join(_at(config, field) for config in configs)}" for field in sweep.fields]
        parts += [f"{sweep.dynamic} dynamic"] if sweep.dynamic else []
    return "; ".join(parts) or NOTHING


def _at(config: ConfigValue, path: str) -> str:
    name, _, rest = path.partition(".")
    if name == CLASS_FIELD:
        return config.class_name.rpartition(".")[2]
    value = config.get(name)
    return _at(value, rest) if rest and isinstance(value, ConfigValue) else render(value)


def _lens(analysis: Analysis, marker: Marker) -> str:
    file, line, _ = analysis.place_of(marker)
    return (
        " | ".join(lens.title for lens in file_lenses(analysis.view, file, NOON) if lens.place.line == line) or NOTHING
    )


def _action(analysis: Analysis, marker: Marker) -> str:
    file, line, column = analysis.place_of(marker)
    standing = standing_at(analysis.view, file, line, column)
    found = actions_at(analysis.view, file, line, line, NOON, standing)
    return " | ".join(action.title for action in found) or NOTHING


def _hover(analysis: Analysis, marker: Marker) -> str:
    """Return the first line of what the subject's hover says."""
    standing = standing_at(analysis.view, *analysis.place_of(marker))
    text = "" if standing is None else hover_text(analysis.view, standing, NOON)
    return text.partition("\n")[0] or NOTHING


def _rename(analysis: Analysis, marker: Marker) -> str:
    """Return the lines at which the subject would be renamed, or why it is not."""
    plan = renamed_field(analysis.view, standing_at(analysis.view, *analysis.place_of(marker)), "renamed")
    if isinstance(plan, NotWritable):
        return plan.message
    fault = broken_by_rename(analysis.view, analysis.view_of({**analysis.case.files, **plan.after}), plan)
    if fault is not None:
        return fault.message
    places = (f"{file}:{edit.place.line}" for file, edits in sorted(plan.edits.items()) for edit in edits)
    return " ".join(places)


def _symbol(analysis: Analysis, marker: Marker) -> str:
    file, line, _ = analysis.place_of(marker)
    found = [symbol for symbol in file_symbols(analysis.view, file) if symbol.place.line == line]
    return " | ".join(symbol.name for symbol in found) or NOTHING


def _definition(analysis: Analysis, marker: Marker) -> str:
    standing = standing_at(analysis.view, *analysis.place_of(marker))
    found = () if standing is None else definitions_of(analysis.view, standing)
    return "; ".join(f"{place.file}:{place.line}" for place in found) or NOTHING


def _references(analysis: Analysis, marker: Marker) -> str:
    standing = standing_at(analysis.view, *analysis.place_of(marker))
    found = () if standing is None else references_of(analysis.view, standing)
    return "; ".join(f"{place.file}:{place.line}" for place in found) or NOTHING


ASKED: Mapping[str, Callable[[Analysis, Marker], str]] = {
    "config": _config,
    "configs": _configs,
    "hash": _hash,
    "mro": _mro,
    "fields": _fields,
    "unknown": _unknown,
    "conditional": _conditional,
    "edges": _edges,
    "lens": _lens,
    "action": _action,
    "hover": _hover,
    "rename": _rename,
    "symbol": _symbol,
    "definition": _definition,
    "references": _references,
    "sweep": _sweep,
}
"""Checked where asked."""


def _problems(analysis: Analysis) -> list[tuple[int, str]]:
    problems = {*link_problems(analysis.project), *analysis.found.problems}
    if not any(marker.expected.startswith(DYNAMIC) for marker in analysis.case.markers if marker.kind == "problem"):
        problems = {problem for problem in problems if problem.code != DYNAMIC}
    return [(analysis.line(problem.place), f"{problem.code} {problem.message}") for problem in sorted(problems)]


def _classes(analysis: Analysis) -> list[tuple[int, str]]:
    return [(analysis.line(info.name_place), info.name) for info in experiment_classes(analysis.project.classes)]


def _experiments(analysis: Analysis) -> list[tuple[int, str]]:
    sites = {(analysis.line(s.place), e.key) for e in analysis.found.by_key.values() for s in e.sites}
    return [(line, key.partition("/")[0]) for line, key in sorted(sites)]


COMPLETE: Mapping[str, Callable[[Analysis], list[tuple[int, str]]]] = {
    "problem": _problems,
    "class": _classes,
    "experiment": _experiments,
}
"""Checked both ways: what is reported without a marker fails. `experiment` only in files that use it."""

WHERE_USED = frozenset({"experiment"})
KINDS = frozenset(ASKED) | frozenset(COMPLETE)


def fits(kind: str, expected: str, answer: str) -> bool:
    """Whether an answer is what a marker expects: reasons by their beginning, problems by code and some words."""
    if kind == "unknown":
        return bool(expected) and answer.startswith(expected)
    if kind == "problem":
        code, _, words = expected.partition(" ")
        return answer.split(" ", maxsplit=1)[0] == code and words in answer
    return expected == answer
