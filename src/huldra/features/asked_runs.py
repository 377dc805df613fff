"""The runs that answer a query about a project, and what may stand next in a half-written one."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from huldra.analysis.host import Workspace
from huldra.analysis.keeping_verdicts import ancestors_of
from huldra.analysis.surroundings import directory_sizes, tags_of_commits
from huldra.comparison.model import ComparedRun
from huldra.features.run_rows import DirectoryRow, RunRow, Surroundings, select_runs
from huldra.formats.config_documents import CLASS_MARKER
from huldra.formats.json_values import JsonValue
from huldra.formats.names import short_name
from huldra.project.link import Project
from huldra.sources.root import shown_path
from huldra.stored_runs.index.entries import Place
from huldra.stored_runs.model import StoredRun
from huldra.stored_runs.query.completion import Known, Suggestion, complete_query
from huldra.stored_runs.query.evaluate import matches
from huldra.stored_runs.query.expressions import ConfigField, QueryFault
from huldra.stored_runs.query.parse import parse_query
from huldra.stored_runs.query.planning import plan_query
from huldra.stored_runs.query.words import split_words

_LOOKED_INTO_OF_A_CLASS = 20
"""The latest runs of a class by path have the fields that others have too."""
_MOST_VALUES = 30
_DEEPEST = 4


def asked_runs(
    workspace: Workspace, project: Project, runs: Iterable[ComparedRun], query: str
) -> tuple[RunRow[ComparedRun], ...] | QueryFault:
    """Return the runs that answer a query now, in their order.

    Effect: looks at files' sizes and git's tags, if the query or what is shown of the rows asks for them.
    """
    store, root = workspace.store.path, workspace.root.path
    around = Surroundings(directory_sizes(store), tags_of_commits(root), shown_path(store, root))
    return select_runs(runs, query, datetime.now(UTC), ancestors_of(project), around)


def query_suggestions(runs: Sequence[StoredRun], text: str, cursor: int) -> tuple[Suggestion, ...]:
    """Return what may stand at the cursor of a query about these runs: fields, operators, values that they have.

    Args:
        runs: All runs of the store; of each class a few are looked into.
        text: The query as far as it is written.
        cursor: How many of its characters stand before the cursor.
    """
    chosen: dict[str, list[StoredRun]] = {}
    for run in runs:
        members = chosen.setdefault(run.class_name, [])
        if len(members) < _LOOKED_INTO_OF_A_CLASS:
            members.append(run)
    looked_into = [run for members in chosen.values() for run in members]
    values: dict[str, Counter[str]] = {}
    for run in _not_ruled_out(looked_into, text[:cursor]) or looked_into:
        for name, value in _known(run):
            values.setdefault(name, Counter())[value] += 1
    places = [name for name in values if name.startswith("config.")]
    classes = [*dict.fromkeys(short_name(name) for name in chosen), *chosen]
    common = {name: [value for value, _ in found.most_common(_MOST_VALUES)] for name, found in values.items()}
    return complete_query(text, cursor, Known(places, {**common, "class": classes}))


def _not_ruled_out(runs: Sequence[StoredRun], before: str) -> Sequence[StoredRun]:
    """Return the runs of classes that what is written rules out by no `and`; all where that cannot be told."""
    words = split_words(before)
    if isinstance(words, QueryFault):
        return runs
    joints = [word for word in words if word.is_keyword("and", "or")]
    if not joints or joints[-1].is_keyword("or"):
        return runs
    head = [word for word in words if word.end <= joints[-1].start]
    marks = Counter(word.text for word in head if word.kind == "mark")
    open_ones = marks["("] - marks[")"]
    if open_ones and any(word.is_keyword("not") for word in head):
        return runs
    condition = parse_query(before[: joints[-1].start] + ")" * open_ones, datetime.now(UTC))
    # Which classes inherit from one, only the code says.
    if isinstance(condition, QueryFault) or any(word.text == "<:" for word in head):
        return runs
    of_directory = plan_query(condition).of_directory
    return [run for run in runs if matches(of_directory, DirectoryRow(_place(run)))]


def _place(run: StoredRun) -> Place:
    return Place(run.path, run.root, run.version_controlled, run.class_name, run.store)


def _known(run: StoredRun) -> Iterator[tuple[str, str]]:
    yield from _places(run.config_document, ())
    if run.store:
        yield "store", run.store
    made = run.provenance
    if made is not None:
        found = {"user": made.user, "host": made.host, "branch": made.branch, "commit": made.commit}
        yield from ((name, value) for name, value in found.items() if value)
    if run.attempt is not None:
        yield "backend", run.attempt.backend


def _places(value: JsonValue, steps: tuple[str | int, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and len(steps) < _DEEPEST:
        for name, inner in value.items():
            yield from _places(inner, (*steps, name))
    elif isinstance(value, str | int | float) and steps and steps != (CLASS_MARKER,):
        text = str(value).lower() if isinstance(value, bool) else str(value)
        yield ConfigField(steps).name, text
    elif value is None and steps:
        yield ConfigField(steps).name, "null"
