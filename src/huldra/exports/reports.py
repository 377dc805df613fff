"""Runs and experiments as Markdown pages, for editors that show no views of ours. Pure text from a state."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from huldra.features.dependency_graph import DependencyGraph
from huldra.features.explanation import Explanation
from huldra.features.hover import hover_text
from huldra.features.project_view import ProjectView
from huldra.features.run_words import run_words
from huldra.features.short_names import SHORT_HASH, short_key
from huldra.features.standing import ClassThere, HashThere
from huldra.features.value_text import value_text
from huldra.features.verdict_counts import MISSING
from huldra.project.places import Place, start_of_file
from huldra.stored_runs.model import StoredRun

_LONGEST_CELL = 80


def experiment_report(view: ProjectView, key: str, now: datetime, explanation: Explanation | None) -> str:
    """Return the page of one experiment (`class/hash`): run, reasons, config, sites."""
    digest = key.rpartition("/")[2]
    words = hover_text(view, HashThere(digest, (key,), start_of_file("")), now, explanation)
    row, run = view.experiments.get(key), view.runs.get(key)
    sites = [] if row is None else [f"- `{_where(view, site.place)}`" for site in row.experiment.sites]
    notes = [] if run is None else [f"- {note.code}: {note.shown(view.shown)}" for note in run.notes]
    parts = [
        f"# {short_key(key, view.names)}",
        words,
        "\n".join(("built at", "", *sites)) if sites else "no code builds it",
        "\n".join(("notes", "", *notes)) if notes else "",
    ]
    return _page(parts)


def class_report(view: ProjectView, name: str, now: datetime) -> str:
    """Return the page of a class: fields, hierarchy, and every experiment and run of it."""
    words = hover_text(view, ClassThere(name, start_of_file("")), now)
    rows = (row.experiment.key for row in view.experiments_of.get(name, ()))
    keys = dict.fromkeys((*(run.key for run in view.runs_of.get(name, ())), *rows))
    return _page([f"# {view.names.get(name, name)}", words, selection_table(view, keys, now)])


def selection_report(view: ProjectView, title: str, keys: Iterable[str], now: datetime) -> str:
    """Return a page of some experiments, one a row."""
    return _page([f"# {title}", selection_table(view, keys, now)])


def dynamic_report(view: ProjectView, class_name: str, file: str) -> str:
    """Return a page of the places of a file whose configs are known only when they run, and why."""
    found: list[str] = []
    for row in view.picture.dynamic:
        if row.site.class_name == class_name and row.site.place.file == file:
            doubts = [f"- `{doubt.field}`: {doubt.cause.reason}" for doubt in row.site.doubts]
            known = [f"- `{name}` = `{value_text(value)}`" for name, value in row.site.known]
            fits = [f"- fits {short_key(key, view.names)}" for key in row.matches]
            found.append("\n".join((f"## {_where(view, row.site.place)}", "", *known, *doubts, *fits)))
    return _page([f"# {view.names.get(class_name, class_name)}: known only when the code runs", *found])


def graph_report(title: str, graph: DependencyGraph, drawing: str) -> str:
    """Return a page that draws a graph.

    Args:
        title: The page's title.
        graph: What is drawn.
        drawing: It as Mermaid.
    """
    rows = [
        f"- {node.key}: {', '.join(f'{count} {verdict}' for verdict, count in node.counts)}" for node in graph.nodes
    ]
    return _page([f"# {title}", f"```mermaid\n{drawing.strip()}\n```", "\n".join(rows)])


def selection_table(view: ProjectView, keys: Iterable[str], now: datetime) -> str:
    """Return experiments as a Markdown table."""
    rows = list(_rows(view, keys, now))
    return "\n".join(("| experiment | verdict | config | why |", "|---|---|---|---|", *rows)) if rows else ""


def _rows(view: ProjectView, keys: Iterable[str], now: datetime) -> Iterator[str]:
    for key in keys:
        row, run = view.experiments.get(key), view.runs.get(key)
        verdict = run.verdict if run is not None else row.verdict if row is not None else MISSING
        stored = run.run if run is not None and isinstance(run.run, StoredRun) else None
        config = row.experiment.config if row is not None else None if stored is None else stored.config
        shown = "" if config is None else value_text(config, _LONGEST_CELL)
        why = run.reasons[0].message if run is not None and run.reasons else ""
        class_name, _, digest = key.rpartition("/")
        name = f"{view.names.get(class_name, class_name)} `{digest[:SHORT_HASH]}`"
        cells = (name, run_words(verdict, run, now), f"`{shown}`" if shown else "", why)
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _where(view: ProjectView, place: Place) -> str:
    return f"{place.file}:{view.shown(place).line}"


def _page(parts: Iterable[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"
