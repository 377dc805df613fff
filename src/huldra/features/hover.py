"""What a hover says of what stands at a point, as Markdown: pure text, from a state and an explanation of one run."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from huldra.comparison.model import ComparedRun
from huldra.experiments.frozen import Doubt
from huldra.features.dependents import runs_by_definition, total_seconds, with_downstream
from huldra.features.explanation import Explanation
from huldra.features.picture import DynamicRow, FieldRow
from huldra.features.project_view import ProjectView, SiteHere
from huldra.features.run_words import counts_words, run_words, verdict_words
from huldra.features.short_names import short_key
from huldra.features.snippet import config_snippet, recorded_snippet
from huldra.features.standing import ClassThere, FieldThere, FunctionThere, HashThere, SiteThere, Standing
from huldra.features.sweep_table import sweep_table
from huldra.features.time_words import cost_words
from huldra.features.value_text import value_text
from huldra.features.verdict_counts import MISSING, ordered_counts
from huldra.formats.config_values import ConfigValue
from huldra.formats.layout import directory_at
from huldra.project.places import Place
from huldra.stored_runs.model import StoredRun

_MOST_FIELDS = 30
_MOST_MEMBERS = 12
_MOST_VALUES = 8
_MOST_DIFF_LINES = 16
_SHORT_COMMIT = 9
_TIMES = "\N{MULTIPLICATION SIGN}"


def hovered_run(view: ProjectView, standing: Standing) -> ComparedRun | None:
    """Return the one run that a hover would explain; None where there is none, or nothing to explain."""
    match standing:
        case SiteThere(site=SiteHere(experiments=(row,))):
            run = view.runs.get(row.experiment.key)
        case HashThere(keys=(key,)):
            run = view.runs.get(key)
        case _:
            return None
    return run if run is not None and run.reasons else None


def hover_text(view: ProjectView, standing: Standing, now: datetime, explanation: Explanation | None = None) -> str:
    """Return what a hover says, as Markdown; empty where huldra has nothing to add.

    Args:
        view: The state.
        standing: What the pointer is at.
        now: The present, aware.
        explanation: Why the run has its verdict, if it was asked for.
    """
    match standing:
        case SiteThere(site=site):
            parts = _site(view, site, now, explanation)
        case HashThere(keys=keys):
            parts = (part for key in keys for part in _experiment(view, key, now, explanation))
        case FieldThere(class_name=class_name, field=field):
            parts = _field(view, class_name, field)
        case ClassThere(class_name=class_name):
            parts = _class(view, class_name)
        case FunctionThere(name=name):
            parts = _function(view, name)
    return "\n\n".join(part for part in parts if part)


def _site(view: ProjectView, site: SiteHere, now: datetime, explanation: Explanation | None) -> Iterator[str]:
    if len(site.experiments) == 1:
        yield from _experiment(view, site.experiments[0].experiment.key, now, explanation)
    elif site.experiments:
        counts = ordered_counts(row.verdict for row in site.experiments)
        yield f"**{len(site.experiments)} experiments**: {counts_words(counts)}"
        yield _members(view, site)
        if len(site.experiments) > _MOST_MEMBERS:
            yield f"… and {len(site.experiments) - _MOST_MEMBERS} more"
    for row in site.dynamic:
        yield from _dynamic(view, row)


def _members(view: ProjectView, site: SiteHere) -> str:
    """The members of a sweep by what they differ in; of what is none, as they are built."""
    sweep = next((row for row in view.picture.sweeps if row.sweep.place == site.place), None)
    if sweep is None or not sweep.sweep.fields:
        shown = site.experiments[:_MOST_MEMBERS]
        return "\n".join(f"- `{value_text(row.experiment.config)}` {verdict_words(row.verdict)}" for row in shown)
    # In the order in which the code builds them, so that a long sweep shows its beginning.
    table = sweep_table(sweep, {row.experiment.key: row for row in site.experiments})
    rows = (
        " | ".join(
            (*(_cell(value) if value else "" for value in row.values), verdict_words(row.verdict), _hash(row.key))
        )
        for row in table.rows[:_MOST_MEMBERS]
    )
    columns = (*table.columns, "verdict", "hash")
    return "\n".join((f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}", *(f"| {row} |" for row in rows)))


def _hash(key: str) -> str:
    return f"`{key.rpartition('/')[2][:8]}`"


def _experiment(view: ProjectView, key: str, now: datetime, explanation: Explanation | None) -> Iterator[str]:
    run, row = view.runs.get(key), view.experiments.get(key)
    class_name, _, digest = key.rpartition("/")
    verdict = run.verdict if run is not None else row.verdict if row is not None else MISSING
    yield f"**{view.names.get(class_name, class_name)}** · {run_words(verdict, run, now)}"
    if explanation is not None:
        yield from _why(view, explanation)
    elif run is not None:
        yield "\n".join(f"- {reason.message}{_at(view, reason.place)}" for reason in run.reasons)
    stored = run.run if run is not None else None
    config = row.experiment.config if row is not None else stored.config if isinstance(stored, StoredRun) else None
    if config is not None:
        yield _config_table(config)
    path = stored.path if stored is not None else row.experiment.path if row is not None else ""
    directory = directory_at(view.workspace.store.path, path)
    where = f"[{path}](<{directory.as_uri()}>)" if stored is not None else f"`{path}`"
    yield f"`{digest}` in {where}"
    others = [other for other in view.snapshot.comparison.with_key(key) if other is not run]
    yield "\n".join(f"- also in `{other.run.path}`: {verdict_words(other.verdict)}" for other in others)
    yield _made(stored)
    yield _dependencies(view, key)
    if config is not None:
        project, call = view.snapshot.project, ".load_or_create()"
        snippet = (
            config_snippet(config, project.modules, call=call)
            if row is not None
            else recorded_snippet(config, project, view.snapshot.experiments, call=call)
        )
        doubt = f"\n\n({snippet.doubt})" if snippet.doubt is not None else ""
        yield f"```python\n{snippet.text.strip()}\n```{doubt}"


def _why(view: ProjectView, explanation: Explanation) -> Iterator[str]:
    for cause in explanation.causes:
        way = "".join(f" ← {short_key(key, view.names)}" for key in cause.way)
        by = ""
        if cause.last_change.commit is not None:
            commit = cause.last_change.commit
            by = f"; {commit.id[:_SHORT_COMMIT]} {commit.author}: {commit.subject}"
        elif cause.last_change.is_uncommitted:
            by = "; not committed"
        yield f"- {cause.reason.message}{way}{_at(view, cause.reason.place)}{by}"
        lines = [line for line in cause.diff if not line.startswith(("---", "+++", "@@"))]
        if lines:
            shown = [*lines[:_MOST_DIFF_LINES], *(["…"] if len(lines) > _MOST_DIFF_LINES else [])]
            yield "```diff\n{}\n```".format("\n".join(shown))


def _at(view: ProjectView, place: Place | None) -> str:
    return "" if place is None else f" (`{place.file}:{view.shown(place).line}`)"


def _config_table(config: ConfigValue) -> str:
    if not config.fields:
        return ""
    rows = [f"| {name} | {_cell(value_text(value))} |" for name, value in config.fields[:_MOST_FIELDS]]
    more = [f"| … | {len(config.fields) - _MOST_FIELDS} more |"] if len(config.fields) > _MOST_FIELDS else []
    return "\n".join(("| field | value |", "|---|---|", *rows, *more))


def _cell(text: str) -> str:
    escaped = text.replace("|", "\\|").replace("`", "'")
    return f"`{escaped}`"


def _made(stored: object) -> str:
    if not isinstance(stored, StoredRun) or stored.provenance is None or stored.provenance.commit is None:
        return ""
    dirty = ", with uncommitted changes" if stored.provenance.is_dirty else ""
    return f"made at commit `{stored.provenance.commit[:_SHORT_COMMIT]}`{dirty}"


def _dependencies(view: ProjectView, key: str) -> str:
    row, run = view.experiments.get(key), view.runs.get(key)
    keys = dict.fromkeys(
        (
            *((dependency.key for dependency in row.experiment.dependencies) if row is not None else ()),
            *((held for held, _ in run.dependencies) if run is not None else ()),
        )
    )
    verdicts = view.snapshot.verdicts
    words = [f"{short_key(held, view.names)} {verdict_words(verdicts.get(held, MISSING))}" for held in keys]
    return f"depends on {', '.join(words)}" if words else ""


def _dynamic(view: ProjectView, row: DynamicRow) -> Iterator[str]:
    yield f"**{view.names.get(row.site.class_name, row.site.class_name)}** · known only when the code runs"
    lines = [f"- `{name}` = `{value_text(value)}`" for name, value in row.site.known]
    lines += [f"- `{doubt.field}`: {_doubt(view, doubt)}" for doubt in row.site.doubts]
    yield "\n".join(lines)
    if row.matches:
        yield f"stored runs that fit: {', '.join(short_key(key, view.names) for key in row.matches[:_MOST_MEMBERS])}"


def _doubt(view: ProjectView, doubt: Doubt) -> str:
    return f"{doubt.cause.reason}{_at(view, doubt.cause.place)}"


def _class(view: ProjectView, name: str) -> Iterator[str]:
    row = view.classes.get(name)
    if row is None:
        return
    runs = view.runs_of.get(name, ())
    missing = [e for e in view.experiments_of.get(name, ()) if e.verdict == MISSING]
    counts = ordered_counts((*(run.verdict for run in runs), *(MISSING for _ in missing)))
    kind = "abstract experiment class" if row.is_abstract else "experiment class"
    yield f"**{name}** · {kind}{f' · {counts_words(counts)}' if counts else ''}"
    above = [view.names.get(ancestor, ancestor) for ancestor in row.ancestors]
    below = [view.names[other.name] for other in view.picture.classes if name in other.ancestors]
    yield f"{view.names[name]} ← {' ← '.join(above)}" if above else ""
    yield f"subclasses: {', '.join(below)}" if below else ""
    rows = [f"| {field.name} | {_cell(field.annotation)} | {_default(field)} |" for field in row.fields]
    yield "\n".join(("| field | type | default |", "|---|---|---|", *rows)) if rows else ""
    spent = total_seconds((run.key for run in runs), view.runs)
    yield f"{len(runs)} stored {'run' if len(runs) == 1 else 'runs'}, {cost_words(spent)} of compute" if runs else ""


def _default(field: FieldRow) -> str:
    if field.is_required:
        return "required"
    return field.default.cause.reason if isinstance(field.default, Doubt) else _cell(value_text(field.default))


def _field(view: ProjectView, class_name: str, name: str) -> Iterator[str]:
    """The values that stored runs hold, most frequent first."""
    below = {class_name, *(row.name for row in view.picture.classes if class_name in row.ancestors)}
    counts = Counter(
        value_text(value)
        for owner in sorted(below)
        for run in view.runs_of.get(owner, ())
        if isinstance(run.run, StoredRun) and run.run.config is not None
        for field, value in run.run.config.fields
        if field == name
    )
    row = view.classes.get(class_name)
    declared = next((field for field in row.fields if field.name == name), None) if row is not None else None
    if declared is None:
        return
    default = "required" if declared.is_required else f"default {_default(declared)}"
    hidden = ", not part of the hash" if declared.is_private else ""
    yield f"**{view.names.get(class_name, class_name)}.{name}** · {default}{hidden}"
    total = sum(counts.values())
    if not total:
        yield "no stored run holds a value"
        return
    values = [
        f"`{text}` {_TIMES}{count}" for text, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    more = f", and {len(values) - _MOST_VALUES} more values" if len(values) > _MOST_VALUES else ""
    yield f"in {total} stored {'run' if total == 1 else 'runs'}: {', '.join(values[:_MOST_VALUES])}{more}"


def _function(view: ProjectView, name: str) -> Iterator[str]:
    direct = runs_by_definition(view.snapshot).get(name, ())
    if not direct:
        return
    affected = with_downstream(direct, view.picture.runs)
    counts = ordered_counts(view.runs[key].verdict for key in affected if key in view.runs)
    spent = total_seconds(affected, view.runs)
    further = f", {len(affected) - len(direct)} of them through others" if len(affected) > len(direct) else ""
    plural = "run depends" if len(affected) == 1 else "runs depend"
    yield f"{len(affected)} stored {plural} on this{further} ({cost_words(spent)}): {counts_words(counts)}"
