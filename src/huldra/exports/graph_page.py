"""The graph as a page: one file that needs nothing else, drawn in the browser by Graphviz in WebAssembly.

The page's parts lie in `page/`: its script knows no more than the data below, so that an editor's view can use it too.
"""

import html
import json
import re
import secrets
from collections.abc import Mapping
from importlib.resources import files

from huldra.analysis.snapshot import Snapshot
from huldra.exports.graph_words import graph_names
from huldra.exports.harmless_text import CONTROLS
from huldra.features.dependency_graph import DependencyGraph, Focus, GraphNode, dependency_graph
from huldra.features.picture import Picture
from huldra.features.short_names import NoSuch
from huldra.formats.json_values import JsonValue

_PARTS = files("huldra.exports").joinpath("page")
_EXPORTS = re.compile(r"export\s*\{(?P<names>[^{}]*)\};?\s*$")
_GRAPHVIZ_CLASS = re.compile(r"(?P<own>[\w$]+) as Graphviz\b")


def graph_page(title: str, data: Mapping[str, JsonValue]) -> str:
    """Return the page, as text.

    Args:
        title: What stands above the graph.
        data: What it draws, from `graph_data`.
    """
    library, class_name = _graphviz()
    script = _part("graph.js").replace("export async function", "async function").replace("export function", "function")
    values = {
        "NONCE": secrets.token_urlsafe(16),
        "TITLE": html.escape(title.translate(CONTROLS)),
        "STYLE": _part("graph.css"),
        # A `<` inside a script could end it, or begin a comment, whatever stands in the code or the store.
        "DATA": json.dumps(data, sort_keys=True).replace("<", "\\u003c"),
        "GRAPHVIZ": library,
        "SCRIPT": script,
        "START": f'showGraph(JSON.parse(document.getElementById("data").textContent), {class_name});',
    }
    return re.sub("@([A-Z]+)@", lambda found: values[found[1]], _part("graph.html"))


def graph_data(
    snapshot: Snapshot, picture: Picture, focus: Focus | None = None, depth: int | None = None
) -> Mapping[str, JsonValue] | NoSuch:
    """Return what the script of the page draws: classes and experiments, of which it begins with what suits the focus.

    Args:
        snapshot: The state.
        picture: What is said of it.
        focus: A class, an experiment or runs, as for `dependency_graph`.
        depth: How many steps from it.
    """
    classes = dependency_graph(snapshot, picture, "classes", focus, depth)
    if isinstance(classes, NoSuch):
        return classes
    experiments = dependency_graph(snapshot, picture, "experiments", focus, depth)
    if isinstance(experiments, NoSuch):
        return experiments
    nodes: list[JsonValue] = [
        {"key": node.key, "class": node.key.rpartition("/")[0], **_common(node)} for node in experiments.nodes
    ]
    is_of_one = any("/" in key for key in experiments.focus)
    return {
        "level": "experiments" if is_of_one else "classes",
        "focus": list(experiments.focus if is_of_one else classes.focus),
        "classes": _classes(picture, classes, experiments),
        **_edges(classes, experiments),
        "nodes": nodes,
    }


def _edges(classes: DependencyGraph, experiments: DependencyGraph) -> dict[str, JsonValue]:
    index = {node.key: number for number, node in enumerate(experiments.nodes)}
    edges: list[JsonValue] = [
        [index[edge.start], index[edge.end], via, edge.source] for edge in experiments.edges for via in edge.via
    ]
    class_edges: list[JsonValue] = [
        [edge.start, edge.end, via, edge.source] for edge in classes.edges for via in edge.via
    ]
    return {"edges": edges, "classEdges": class_edges}


def _classes(picture: Picture, classes: DependencyGraph, experiments: DependencyGraph) -> list[JsonValue]:
    names = graph_names(classes)
    bases = {row.name: row.bases for row in picture.classes}
    counts: dict[str, int] = {}
    for node in experiments.nodes:
        name = node.key.rpartition("/")[0]
        counts[name] = counts.get(name, 0) + 1
    return [
        {
            "name": node.key,
            "short": names[node.key],
            "module": node.key.rpartition(".")[0],
            "bases": [base for base in bases.get(node.key, ()) if base in names],
            "family": _family(node.key, bases),
            "count": counts.get(node.key, 0),
            **_common(node),
        }
        for node in classes.nodes
    ]


def _family(name: str, bases: Mapping[str, tuple[str, ...]]) -> str:
    """Return the topmost class of the project that a class derives from, by its first bases."""
    seen: list[str] = []
    while name not in seen:
        seen.append(name)
        name = next((base for base in bases.get(name, ()) if base in bases), name)
    return name


def _common(node: GraphNode) -> dict[str, JsonValue]:
    return {
        "counts": dict(node.counts),
        "source": node.source,
        "file": None if node.place is None else node.place.file,
        "line": None if node.place is None else node.place.line,
    }


def _graphviz() -> tuple[str, str]:
    """Return the library without its exports, and the name that its class has inside."""
    text = _part("graphviz.js").rstrip()
    exports = _EXPORTS.search(text)
    own = None if exports is None else _GRAPHVIZ_CLASS.search(exports["names"])
    if exports is None or own is None:
        raise AssertionError("page/graphviz.js does not export Graphviz")
    return text[: exports.start()], own["own"]


def _part(name: str) -> str:
    return _PARTS.joinpath(name).read_text(encoding="utf-8")
