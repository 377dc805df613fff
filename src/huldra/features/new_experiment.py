"""For a new experiment: the fields of its class, what runs hold in them, and what new code would build."""

import difflib
from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

from huldra.experiments.frozen import Doubt
from huldra.features.picture import ClassRow, FieldRow
from huldra.features.project_view import ProjectView
from huldra.features.short_names import NoSuch, no_such
from huldra.features.verdict_counts import MISSING
from huldra.plans.config_source import value_source
from huldra.plans.new_code import NewCode, Wish
from huldra.plans.values_in_code import NotWritable
from huldra.project.modules import ModuleTable
from huldra.stored_runs.model import StoredRun

_MOST_HELD = 20
NOTHING: Mapping[str, str] = {}
"""No values."""
_SERIOUS = frozenset({"error", "warning"})


class FormField(Struct, frozen=True):
    """A field to be filled in; values are Python, as `new_code` takes them. `held` are those of runs, with counts."""

    name: str
    annotation: str
    is_required: bool
    default: str | None
    held: tuple[tuple[str, int], ...]


class Form(Struct, frozen=True):
    """What a new experiment of a class can be made of; `home` is the file that builds most of them."""

    class_name: str
    home: str
    fields: tuple[FormField, ...]


class Preview(Struct, frozen=True):
    """What new code would build: experiments by `class/hash` with their verdicts, and what is wrong with it."""

    experiments: tuple[tuple[str, str], ...]
    problems: tuple[str, ...]


def class_of_word(view: ProjectView, word: str) -> ClassRow | NoSuch:
    """Return the class that a word means: its name, or an ending of it that no other has."""
    fitting = [row for name, row in view.classes.items() if f".{name}".endswith(f".{word}")]
    exact = view.classes.get(word)
    if exact is not None or len(fitting) == 1:
        return exact or fitting[0]
    if fitting:
        return NoSuch("experiment class", word, tuple(sorted(row.name for row in fitting)), is_ambiguous=True)
    return no_such("experiment class", word, view.classes)


def wish_for(row: ClassRow, values: Mapping[str, str], name: str | None = None) -> Wish | NotWritable:
    """Return the wish for an experiment, or what the class has against it."""
    if row.is_abstract:
        return NotWritable(f"{row.name} is abstract: no experiment can be built of it")
    known = {field.name: field for field in row.fields}
    for given in values:
        if given not in known:
            near = difflib.get_close_matches(given, known, 1)
            hint = f"; did you mean {near[0]}?" if near else f"; it has {', '.join(known) or 'no fields'}"
            return NotWritable(f"{row.name} has no field {given}{hint}")
    missing = [field.name for field in row.fields if field.is_required and field.name not in values]
    if missing:
        return NotWritable(f"{row.name} needs a value for {', '.join(missing)}")
    # In the order of the class, however they were given.
    ordered = {field: values[field] for field in known if field in values}
    return Wish(row.name, ordered, name)


def form_for(view: ProjectView, row: ClassRow) -> Form:
    """Return what a new experiment of a class can be made of."""
    return Form(row.name, home_of(view, row), tuple(_field(view, row, field) for field in row.fields))


def home_of(view: ProjectView, row: ClassRow) -> str:
    """Return the file that builds most experiments of a class; the class's own where none does."""
    files = [site.place.file for e in view.experiments_of.get(row.name, ()) for site in e.experiment.sites]
    counts = Counter(file for file in files if file.endswith(".py"))
    return min(counts, key=lambda file: (-counts[file], file), default=row.place.file)


def values_of(view: ProjectView, row: ClassRow, key: str) -> Mapping[str, str]:
    """Return what an experiment or run has other than the defaults of a class: Python by field, to begin from."""
    known, run = view.experiments.get(key), view.runs.get(key)
    stored = run.run.config if run is not None and isinstance(run.run, StoredRun) else None
    config = known.experiment.config if known is not None else stored
    if config is None:
        return NOTHING
    modules = view.snapshot.project.modules
    fields = {field.name: field for field in row.fields}
    sources = {name: value_source(value, modules) for name, value in config.fields if name in fields}
    return {
        name: source
        for name, source in sources.items()
        if source is not None and source != _default_source(fields[name], modules)
    }


def preview_of(after: ProjectView, code: NewCode, class_name: str) -> Preview:
    """Return what new code builds.

    Args:
        after: The project with the code in it.
        code: Where it stands.
        class_name: What it is meant to build.
    """
    lines = range(code.first_line, code.last_line + 1)
    keys: dict[str, None] = {}
    problems: list[str] = []
    for site in after.sites.get(code.file, ()):
        if after.shown(site.place).line in lines:
            keys |= {r.experiment.key: None for r in site.experiments if r.experiment.config.class_name == class_name}
            problems += [f"{d.field}: {d.cause.reason}" for row in site.dynamic for d in row.site.doubts]
    for problem in after.problems_in.get(code.file, ()):
        if after.shown(problem.place).line in lines and problem.severity in _SERIOUS:
            problems.append(f"{problem.code} {problem.shown(after.shown)}")
    verdicts = after.snapshot.verdicts
    sweeps = [row.sweep for row in after.picture.sweeps if row.sweep.place.file == code.file]
    ordered = [
        key for sweep in sweeps if after.shown(sweep.place).line in lines for key in sweep.members if key in keys
    ]
    rows = tuple((key, verdicts.get(key, MISSING)) for key in dict.fromkeys((*ordered, *keys)))
    return Preview(rows, tuple(dict.fromkeys(problems)))


def _field(view: ProjectView, row: ClassRow, field: FieldRow) -> FormField:
    modules = view.snapshot.project.modules
    counts: Counter[str] = Counter()
    for run in view.runs_of.get(row.name, ()):
        config = run.run.config if isinstance(run.run, StoredRun) else None
        values = [value for name, value in (() if config is None else config.fields) if name == field.name]
        counts.update(source for value in values if (source := value_source(value, modules)) is not None)
    held = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST_HELD]
    return FormField(field.name, field.annotation, field.is_required, _default_source(field, modules), tuple(held))


def _default_source(field: FieldRow, modules: ModuleTable) -> str | None:
    return None if field.is_required or isinstance(field.default, Doubt) else value_source(field.default, modules)
