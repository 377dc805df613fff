"""What a command that only shows something gives: a page of Markdown, or Python. For editors and terminal."""

from datetime import datetime

from msgspec import Struct

from huldra.exports.mermaid import mermaid_text
from huldra.exports.reports import class_report, dynamic_report, experiment_report, graph_report, selection_report
from huldra.features.dependency_graph import dependency_graph
from huldra.features.explanation import Explanation, explain
from huldra.features.project_view import ProjectView
from huldra.features.short_names import SHORT_HASH, NoSuch, short_key
from huldra.features.snippet import config_snippet, recorded_snippet
from huldra.features.targets import Outdated, Target, choose_target
from huldra.stored_runs.model import StoredRun

SHOWING = ("huldra.showRun", "huldra.why", "huldra.copySnippet", "huldra.showDag")
"""The commands that show something and do nothing else."""


class Shown(Struct, frozen=True):
    """A text with the name of a file that it may be kept in. `reasons` are the codes of an explanation."""

    name: str
    text: str
    verdict: str | None = None
    reasons: tuple[str, ...] = ()


def shown_by(view: ProjectView, command: str, target: Target, file: str, now: datetime) -> Shown | Outdated:
    """Return what a command shows, or why nothing.

    Effect: may ask git for what changed a definition.

    Args:
        view: The state.
        command: One of SHOWING.
        target: What it is about; a graph may be about nothing in particular.
        file: The file that was looked at, root-relative.
        now: The present, aware.
    """
    if command == "huldra.showDag":
        return _graph(view, target)
    chosen = choose_target(view, target)
    if isinstance(chosen, Outdated):
        return chosen
    if command == "huldra.copySnippet":
        return _snippet(view, target)
    if target.key is not None:
        return _experiment(view, target.key, command, now)
    name = view.names.get(target.class_name, target.class_name)
    if target.selector == "dynamic":
        return Shown(f"dynamic-{name}.md", dynamic_report(view, target.class_name, file))
    if target.selector.startswith("sweep"):
        digest = target.selector.rpartition(" ")[2][:SHORT_HASH]
        return Shown(f"sweep-{digest}.md", selection_report(view, chosen.word, chosen.keys, now))
    return Shown(f"class-{name}.md", class_report(view, target.class_name, now))


def _experiment(view: ProjectView, key: str, command: str, now: datetime) -> Shown | Outdated:
    run = view.runs.get(key)
    explanation: Explanation | None = None
    if run is not None:
        explanation = explain(run, view.runs, view.snapshot.inputs.evidence)
    elif command == "huldra.why":
        return Outdated(f"{short_key(key, view.names)} was never run")
    kind = "why" if command == "huldra.why" else "run"
    codes = () if explanation is None else tuple(cause.reason.code for cause in explanation.causes)
    text = experiment_report(view, key, now, explanation)
    return Shown(f"{kind}-{_short(key)}.md", text, None if run is None else run.verdict, codes)


def _snippet(view: ProjectView, target: Target) -> Shown | Outdated:
    key = target.key or ""
    row, run = view.experiments.get(key), view.runs.get(key)
    stored = run.run.config if run is not None and isinstance(run.run, StoredRun) else None
    project, call = view.snapshot.project, ".load_or_create()"
    if row is not None:
        snippet = config_snippet(row.experiment.config, project.modules, call=call)
    elif stored is not None:
        snippet = recorded_snippet(stored, project, view.snapshot.experiments, call=call)
    else:
        return Outdated("there is no single config to write down")
    doubt = f"# {snippet.doubt}\n" if snippet.doubt is not None else ""
    return Shown(f"snippet-{_short(key)}.py", f"{doubt}{snippet.text}")


def _graph(view: ProjectView, target: Target) -> Shown | Outdated:
    focus = target.key or target.class_name or None
    graph = dependency_graph(view.snapshot, view.picture, None, focus)
    if isinstance(graph, NoSuch):
        return Outdated(graph.message)
    title = "Classes" if focus is None else f"What {focus} hangs together with"
    name = "dag.md" if focus is None else f"dag-{_short(focus)}.md"
    return Shown(name, graph_report(title, graph, mermaid_text(graph)))


def _short(key: str) -> str:
    return key.rpartition("/")[2][:SHORT_HASH]
