"""A field that gets another name: the edits, a proof that the code builds the same, and what stored runs suffer."""

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from huldra.features.dependents import total_seconds
from huldra.features.durations import duration_text
from huldra.features.project_view import ProjectView
from huldra.features.standing import FieldThere, Standing
from huldra.formats.config_values import (
    ConfigValue,
    DictValue,
    ListValue,
    ModelValue,
    SetValue,
    TupleValue,
    Value,
    child_values,
)
from huldra.plans.rename_field import RenamePlan, plan_rename
from huldra.plans.values_in_code import NotWritable
from huldra.stored_runs.model import StoredRun


class Effect(Struct, frozen=True):
    """What a rename does to stored runs: how many hold the field (`class/hash`), and in words."""

    keys: tuple[str, ...]
    words: str


def renamed_field(view: ProjectView, standing: Standing | None, new: str) -> RenamePlan | NotWritable:
    """Return the edits that rename what stands at a point, or why there are none."""
    if not isinstance(standing, FieldThere) or view.snapshot.project.experiment(standing.class_name) is None:
        return NotWritable("only fields of experiment classes are renamed here")
    return plan_rename(view.snapshot, standing.class_name, standing.field, new)


def broken_by_rename(before: ProjectView, after: ProjectView, plan: RenamePlan) -> NotWritable | None:
    """Return why a rename would change more than a name; None if it does not.

    Args:
        before: The code as it is.
        after: The code with the edits.
        plan: The rename.
    """
    known = Counter((p.place.file, before.shown(p.place).line, p.code) for p in before.picture.problems)
    for problem in after.picture.problems:
        place = after.shown(problem.place)
        where = (place.file, place.line, problem.code)
        known[where] -= 1
        if known[where] < 0 and problem.severity in {"error", "warning"}:
            words = problem.shown(after.shown)
            return NotWritable(f"nothing was renamed, since {place.file}:{place.line} would say: {words}")
    built = Counter(_built(after, None))
    for (config, file, line), count in Counter(_built(before, plan)).items():
        if built[config, file, line] != count:
            return NotWritable(f"nothing was renamed, since {file}:{line} would not build what it builds now")
    return None


def effect_of_rename(view: ProjectView, plan: RenamePlan) -> Effect:
    """Return what a rename does to stored runs."""
    keys = tuple(
        run.key
        for run in view.picture.runs
        if isinstance(run.run, StoredRun) and run.run.config is not None and _holds(run.run.config, plan)
    )
    count = len(keys)
    if plan.old.startswith("_") and plan.new.startswith("_"):
        return Effect(keys, f"{plan.old} is no part of the hash: stored runs stay as they are")
    if not count:
        return Effect(keys, f"no stored run holds {plan.old}")
    seconds = total_seconds(keys, view.runs)
    spent = f" ({duration_text(seconds)})" if seconds else ""
    runs, their = (
        ("1 stored run holds", "its hash changes")
        if count == 1
        else (f"{count} stored runs hold", "their hashes change")
    )
    return Effect(keys, f"{runs} {plan.old}{spent}: {their}, so the code will not find what they made")


def _built(view: ProjectView, plan: RenamePlan | None) -> Iterator[tuple[str, str, int]]:
    """What each place builds, written down; under a plan as it will be called."""
    for row in view.picture.experiments:
        config = row.experiment.config if plan is None else _renamed_config(row.experiment.config, plan)
        yield from ((repr(config), site.place.file, view.shown(site.place).line) for site in row.experiment.sites)
    for row in view.picture.dynamic:
        yield row.site.class_name, row.site.place.file, view.shown(row.site.place).line


def _renamed_config(config: ConfigValue, plan: RenamePlan) -> ConfigValue:
    is_family = config.class_name in plan.family
    fields = tuple(
        (plan.new if is_family and name == plan.old else name, _renamed(value, plan)) for name, value in config.fields
    )
    return replace(config, fields=fields)


def _renamed(value: Value, plan: RenamePlan) -> Value:
    match value:
        case ConfigValue():
            return _renamed_config(value, plan)
        case ModelValue(items=items):
            return replace(value, items=tuple((name, _renamed(item, plan)) for name, item in items))
        case ListValue(items) | TupleValue(items):
            return replace(value, items=tuple(_renamed(item, plan) for item in items))
        case SetValue(items=items):
            return replace(value, items=tuple(_renamed(item, plan) for item in items))
        case DictValue(items):
            return replace(value, items=tuple((_renamed(key, plan), _renamed(item, plan)) for key, item in items))
        case _:
            return value


def _holds(value: Value, plan: RenamePlan) -> bool:
    is_family = isinstance(value, ConfigValue) and value.class_name in plan.family
    children = tuple(child_values(value))
    if is_family and any(name == plan.old for name, _ in children):
        return True
    return any(_holds(child, plan) for _, child in children)
