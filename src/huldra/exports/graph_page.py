"""The graph as a page: one file that needs nothing else, drawn in the browser by Graphviz in WebAssembly.

The page's parts lie in `page/`: its script knows no more than the data below, so that an editor's view can use it too.
"""

import html
import json
import re
import secrets
from collections.abc import Mapping
from importlib.resources import files

from huldra.exports.graph_words import graph_names
from huldra.features.dependency_graph import DependencyGraph, GraphNode
from huldra.features.picture import Picture
from huldra.formats.json_values import JsonValue

_PARTS = files("huldra.exports").joinpath("page")
_EXPORTS = re.compile(r"export\s*\{(?P<names>[^{}]*)\};?\s*$")
_GRAPHVIZ_CLASS = re.compile(r"(?P<own>[\w$]+) as Graphviz\b")


def graph_page(title: str, picture: Picture, classes: DependencyGraph, experiments: DependencyGraph) -> str:
    """Return the page, as text.

    Args:
        title: What stands above the graph.
        picture: Where the classes' bases are read.
        classes: The graph of the classes that are to be shown.
        experiments: The graph of their experiments and runs.
    """
    library, class_name = _graphviz()
    script = _part("graph.js").replace("export async function", "async function").replace("export function", "function")
    level = "experiments" if experiments.focus and any("/" in key for key in experiments.focus) else "classes"
    # A `<` inside a script could end it, or begin a comment, whatever stands in the code or the store.
    data = json.dumps(graph_data(level, picture, classes, experiments), sort_keys=True).replace("<", "\\u003c")
    values = {
        "NONCE": secrets.token_urlsafe(16),
        "TITLE": html.escape(title),
        "STYLE": _part("graph.css"),
        "DATA": data,
        "GRAPHVIZ": library,
        "SCRIPT": script,
        "CLASS": class_name,
    }
    return re.sub("@([A-Z]+)@", lambda found: values[found[1]], _part("graph.html"))


def graph_data(
    level: str, picture: Picture, classes: DependencyGraph, experiments: DependencyGraph
) -> Mapping[str, JsonValue]:
    """Return what the script of the page draws."""
    index = {node.key: number for number, node in enumerate(experiments.nodes)}
    edges: list[JsonValue] = [
        [index[edge.start], index[edge.end], via, edge.source] for edge in experiments.edges for via in edge.via
    ]
    class_edges: list[JsonValue] = [
        [edge.start, edge.end, via, edge.source] for edge in classes.edges for via in edge.via
    ]
    nodes: list[JsonValue] = [
        {"key": node.key, "class": node.key.rpartition("/")[0], **_common(node)} for node in experiments.nodes
    ]
    return {
        "level": level,
        "focus": list(experiments.focus) if level == "experiments" else list(classes.focus),
        "classes": _classes(picture, classes, experiments),
        "classEdges": class_edges,
        "nodes": nodes,
        "edges": edges,
    }


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
